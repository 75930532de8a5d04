"""The Brief: the verified result of one article."""

import ast
import inspect
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, ValidationError, WithJsonSchema, model_validator

from summarizer._types import PromptId
from summarizer.article import Article, ArticleInfo
from summarizer.brief.ranking import rank_positions
from summarizer.brief.types import (
    Checks,
    Coverage,
    Evidence,
    Gist,
    Holder,
    Issue,
    OpenQuestion,
    Position,
    Provenance,
    Record,
    Rejected,
)
from summarizer.errors import BriefError, describe_fault
from summarizer.usage import Usage

ROW_FIELDS = (
    *("position", "holders", "role", "affiliation", "reported_by", "issue", "issue_id", "stance", "certainty"),
    *("speech", "statement", "quotation", "sentences", "suspicious"),
    *(f"check_{name}" for name in Checks.model_fields),
    *("title", "author", "published", "source", "link"),
)
"""The first keys of each of `Brief.rows`, in order."""

_REPR_TITLE = 60  # characters


def _major_version(version: Any) -> Any:
    """Reduce a version such as 1.2 or "1.2" to its major version."""
    try:
        return int(float(version))
    except (TypeError, ValueError, OverflowError):
        return version


SchemaVersion = Annotated[
    Literal[1],
    BeforeValidator(_major_version),
    WithJsonSchema({"type": "number", "minimum": 1, "exclusiveMaximum": 2, "title": "Schema Version"}),
]


class Brief(Record):
    """The positions taken in an article, their holders, and the questions that stay open.

    ``print(brief)`` shows the brief as the command does.

    Examples:
        >>> from summarizer import Brief, summarize
        >>> brief = summarize("“The bridge must go,” said Anna Berg.", model="builtin")
        >>> [(brief.holder(position.holders[0]).name, position.statement) for position in brief.positions]
        [('Anna Berg', 'The bridge must go.')]
        >>> Brief.model_validate_json(brief.model_dump_json()) == brief
        True
    """

    schema_version: SchemaVersion = 1  # new fields do not change it, because readers ignore unknown fields
    """The major version; a newer minor version is read as this one."""
    article: ArticleInfo
    """The article without its text."""
    gist: Gist | None = None
    issues: tuple[Issue, ...] = ()
    holders: tuple[Holder, ...] = ()
    positions: tuple[Position, ...] = ()
    open_questions: tuple[OpenQuestion, ...] = ()
    coverage: Coverage
    rejected: tuple[Rejected, ...] = ()
    """The parts of the model's reply that failed verification, with the reason."""
    provenance: Provenance

    @model_validator(mode="after")
    def _check_references(self) -> Self:
        items: tuple[Issue | Holder | Position | OpenQuestion, ...] = (
            *self.issues,
            *self.holders,
            *self.positions,
            *self.open_questions,
        )
        if repeated := [item_id for item_id, count in Counter(item.id for item in items).items() if count > 1]:
            raise ValueError(f"ids must be unique: {', '.join(repeated)}")
        holders = {holder.id for holder in self.holders}
        issues = {issue.id for issue in self.issues}
        referenced = [name for position in self.positions for name in (*position.holders, position.reported_by) if name]
        referenced += [name for question in self.open_questions for name in question.raised_by]
        missing = [name for name in referenced if name not in holders]
        missing += [position.issue for position in self.positions if position.issue and position.issue not in issues]
        if missing:
            raise ValueError(f"no holder or issue has the id {', '.join(sorted(set(missing)))}")
        return self

    def holder(self, holder_id: str) -> Holder:
        """Return the holder with this id, or raise KeyError.

        Examples:
            >>> from summarizer import summarize
            >>> brief = summarize("“The bridge must go,” said Anna Berg.", model="builtin")
            >>> [(brief.holder(position.holders[0]).name, position.statement) for position in brief.positions]
            [('Anna Berg', 'The bridge must go.')]
        """
        return {holder.id: holder for holder in self.holders}[holder_id]

    def issue(self, issue_id: str) -> Issue:
        """Return the issue with this id, or raise KeyError."""
        return {issue.id: issue for issue in self.issues}[issue_id]

    def positions_of(self, name: str) -> tuple[Position, ...]:
        """Return the positions of a holder, by full name, surname or alias in any case."""
        wanted = name.casefold()
        ids = {
            holder.id
            for holder in self.holders
            for form in (holder.name, *holder.aliases)
            if form and (form.casefold() == wanted or form.casefold().endswith(f" {wanted}"))
        }
        return tuple(position for position in self.positions if ids.intersection(position.holders))

    def top(self, limit: int | None = None) -> tuple[Position, ...]:
        """Return at most ``limit`` positions, most important first; see `rank_positions`."""
        return tuple(rank_positions(self)[:limit])

    def rows(self) -> list[dict[str, str | None]]:
        """Return one flat dictionary per position, for csv.DictWriter or a data frame.

        Every row has the keys `ROW_FIELDS`, then ``check_NAME`` for each check that a program added.
        Roles and affiliations are in the order of the holders. ``suspicious`` has the numbers of cited sentences that
        look like instructions to a model. ``link`` opens at the first cited sentence with a place.
        """
        added = dict.fromkeys(name for position in self.positions for name in position.checks.model_extra or ())
        return [
            dict(zip(ROW_FIELDS, self._row(position), strict=True))
            | {f"check_{name}": (position.checks.model_extra or {}).get(name) for name in added}
            for position in self.positions
        ]

    def _row(self, position: Position) -> Iterator[str | None]:
        holders = [self.holder(holder_id) for holder_id in position.holders]
        yield position.id
        for values in zip(*((_label(who), who.role, who.affiliation) for who in holders), strict=True):
            yield "; ".join(value or "" for value in values) if any(values) else None
        yield _label(self.holder(position.reported_by)) if position.reported_by else None
        yield self.issue(position.issue).proposition if position.issue else None
        yield from (position.issue, position.stance, position.certainty, position.speech, position.statement)
        yield join_quotes(position.evidence)
        yield ", ".join(str(number) for number in dict.fromkeys(item.sentence for item in position.evidence))
        yield ", ".join(str(item.sentence) for item in position.evidence if item.suspicious) or None
        yield from (getattr(position.checks, name) for name in Checks.model_fields)
        yield from (self.article.title, self.article.author, self.article.published, self.article.source)
        yield next((item.link for item in position.evidence if item.link), None)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a brief from JSON. Unknown fields of newer versions are ignored.

        Raises:
            BriefError: The JSON is not a valid brief; the message names the first faulty field.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            field, message = describe_fault(error)
            hint = "Write briefs with summarizer brief --format json. In Python, use model_dump_json()."
            if field == "schema_version":
                hint = "Another version wrote it: upgrade with pip install -U articlebrief, or make it anew."
            is_other = message.startswith("must")  # JSON, such as a list
            problem = f"it {message}" if is_other else f"it is not JSON: {message}" if text.strip() else "it is empty"
            problem = f"{field} {message}" if field else problem
            raise BriefError(f"The brief cannot be read: {problem}.", hint=hint) from error

    def render(
        self,
        format_name: str = "terminal",
        *,
        article: Article | None = None,
        limit: int | None = None,
        full: bool = False,
    ) -> str:
        """Render the brief in one of the formats of `summarizer.render.FORMATS`.

        Args:
            format_name: "terminal" (plain text), "markdown", "html", "json", or a format that you added.
            article: The article of the brief; "html" needs it.
            limit: The number of positions, most important first; 0 for all. By default as many as keep the view under
                40 % of the article's words.
            full: Whether to show everything: all positions with their whole sentences, and all of the coverage.

        Raises:
            BriefError: The format needs an article, or the article is not the one of this brief.
            ConfigurationError: No format has this name.
        """
        from summarizer.render import ViewOptions, render_brief  # the one documented exception to the layers

        return render_brief(self, format_name, article, ViewOptions(limit=limit, full=full))

    def to_markdown(self, limit: int | None = None, *, full: bool = False) -> str:
        """Render the brief as Markdown; see `render`."""
        return self.render("markdown", limit=limit, full=full)

    def to_html(self, article: Article) -> str:
        """Render the brief beside its article as a self-contained HTML document; see `render`."""
        return self.render("html", article=article)

    def __str__(self) -> str:
        """Return the terminal view without colour, with the most important positions."""
        return self.render().rstrip("\n")

    def __repr_args__(self) -> Iterator[tuple[str, Any]]:
        """Yield the title, shortened, and the number of items."""
        title = self.article.title or ""
        yield "title", title if len(title) <= _REPR_TITLE else title[: _REPR_TITLE - 1] + "…"
        for name in ("issues", "holders", "positions", "open_questions"):
            yield name, len(getattr(self, name))

    def _repr_html_(self) -> str:
        """Return the HTML that a notebook shows."""
        from summarizer.render import to_notebook

        return to_notebook(self)

    def _repr_markdown_(self) -> str:
        """Return the Markdown for notebooks without HTML."""
        return self.to_markdown()


def _label(holder: Holder) -> str:
    return holder.name or holder.kind


def join_quotes(evidence: tuple[Evidence, ...]) -> str:
    """Join quotations, with a mark of omission between sentences that are not consecutive."""
    joined = evidence[0].quote
    for previous, item in pairwise(evidence):
        joined += (" " if item.sentence == previous.sentence + 1 else " […] ") + item.quote
    return joined


def brief_schema() -> dict[str, Any]:
    """Return the JSON Schema of a brief, as published in docs/brief.schema.json."""
    schema = Brief.model_json_schema(mode="serialization")
    own = [each for each in Record.__subclasses__() if each.__module__.startswith("summarizer.brief.")]
    classes = {each.__name__: each for each in (*own, PromptId, Usage)}
    for name, definition in {Brief.__name__: schema, **schema["$defs"]}.items():
        for field, text in _attribute_docstrings(classes[name]).items() if name in classes else ():
            described = {**definition["properties"][field], "description": text}
            definition["properties"][field] = dict(sorted(described.items()))
    return publish_schema(schema)


def publish_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with its dialect, without the Python examples of docstrings."""
    for definition in (schema, *schema.get("$defs", {}).values()):
        if text := definition.get("description"):
            definition["description"] = text.partition("\n\nExamples:\n")[0]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _attribute_docstrings(cls: type) -> dict[str, str]:
    """Return the docstrings of fields. Pydantic's own option reads the sources at each import."""
    (definition,) = ast.parse(inspect.getsource(cls)).body
    assert isinstance(definition, ast.ClassDef)
    return {
        ast.unparse(field.target): inspect.cleandoc(ast.literal_eval(text.value))
        for field, text in pairwise(definition.body)
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr)
    }
