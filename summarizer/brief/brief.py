"""The Brief: what the library vouches for."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Literal, Self, TypeVar

from pydantic import ValidationError, model_validator

from summarizer.article import Article, ArticleInfo
from summarizer.brief.account import Coverage, Provenance
from summarizer.brief.claims import Gist, Holder, Issue, OpenQuestion, Position, Record, Rejected
from summarizer.brief.weight import weights
from summarizer.errors import BriefError

SCHEMA_VERSION: Literal[1] = 1
"""The version of the brief's JSON; older ones are still read."""

ItemT = TypeVar("ItemT", Issue, Holder)


class Brief(Record):
    """The positions that an article's people take, who holds them, and what stays open."""

    schema_version: Literal[1] = SCHEMA_VERSION
    article: ArticleInfo
    """The article, all of it but the text."""
    gist: Gist | None = None
    issues: tuple[Issue, ...] = ()
    holders: tuple[Holder, ...] = ()
    positions: tuple[Position, ...] = ()
    open_questions: tuple[OpenQuestion, ...] = ()
    coverage: Coverage
    rejected: tuple[Rejected, ...] = ()
    """What the model said that did not stand, with the reason."""
    provenance: Provenance

    @model_validator(mode="after")
    def _refers_to_what_is_there(self) -> Self:
        ids: Iterable[Iterable[str]] = (
            (issue.id for issue in self.issues),
            (holder.id for holder in self.holders),
            (position.id for position in self.positions),
            (question.id for question in self.open_questions),
        )
        every = [name for names in ids for name in names]
        if twice := [name for name, count in Counter(every).items() if count > 1]:
            raise ValueError(f"ids must be unique: {', '.join(twice)}")
        holders = {holder.id for holder in self.holders}
        issues = {issue.id for issue in self.issues}
        named = [name for position in self.positions for name in (*position.holders, position.reported_by) if name]
        named += [name for question in self.open_questions for name in question.raised_by]
        missing = [name for name in named if name not in holders]
        missing += [position.issue for position in self.positions if position.issue and position.issue not in issues]
        if missing:
            raise ValueError(f"no holder or issue has the id {', '.join(sorted(set(missing)))}")
        return self

    def holder(self, holder_id: str) -> Holder:
        """The holder with this id.

        Raises:
            KeyError: there is none.
        """
        return _with_id(self.holders, holder_id)

    def issue(self, issue_id: str) -> Issue:
        """The issue with this id.

        Raises:
            KeyError: there is none.
        """
        return _with_id(self.issues, issue_id)

    def positions_of(self, name: str) -> tuple[Position, ...]:
        """The positions of the holder called ``name``, in full, by surname, or by another of its aliases."""
        wanted = name.casefold()
        ids = {
            holder.id
            for holder in self.holders
            for form in (holder.name, *holder.aliases)
            if form and (form.casefold() == wanted or form.casefold().endswith(f" {wanted}"))
        }
        return tuple(position for position in self.positions if ids.intersection(position.holders))

    def top(self, limit: int | None = None) -> tuple[Position, ...]:
        """The positions that weigh most, heaviest first: ``limit`` of them at most, or all.

        What weighs: to stand near the lead, to be quoted directly, and to be of a holder who says much, whose
        second position counts half, the third a third, and so on. Of two that weigh the same the earlier is first.
        """
        weighed = weights(self.positions, self.holders, self.coverage.sentences)
        return tuple(sorted(self.positions, key=lambda position: -weighed[position.id])[:limit])

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a brief that was stored as JSON.

        Raises:
            BriefError: it is no brief; the message says where it goes wrong.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(map(str, first["loc"])) or "the top"
            raise BriefError(
                f"This is no brief that can be read: at {where}, {first['msg']}.",
                hint="A brief is what model_dump_json() gives, or summarizer brief with --format json.",
            ) from error

    def to_markdown(self, limit: int | None = None) -> str:
        """The brief as Markdown, with the ``limit`` positions that weigh most, or all."""
        from summarizer.render import to_markdown  # the one documented exception to the order of rooms

        return to_markdown(self, limit)

    def to_html(self, article: Article) -> str:
        """The brief beside ``article`` as one HTML document, which needs nothing but itself and runs anywhere.

        Raises:
            BriefError: the brief was made of another text, or quotes what does not stand where it says.
        """
        from summarizer.render import to_html

        return to_html(self, article)

    def _repr_html_(self) -> str:
        """What a notebook shows of the brief."""
        from summarizer.render import to_notebook

        return to_notebook(self)

    def _repr_markdown_(self) -> str:
        """What a notebook shows that shows no HTML."""
        return self.to_markdown()


def _with_id(items: Iterable[ItemT], wanted: str) -> ItemT:
    for item in items:
        if item.id == wanted:
            return item
    raise KeyError(wanted)


def brief_schema() -> dict[str, Any]:
    """The JSON Schema of a brief, as docs/brief.schema.json publishes it."""
    schema = Brief.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
