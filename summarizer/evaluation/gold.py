"""Gold: what a reader found in an article, in the form of a reduced brief."""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from summarizer._records import RecordFile, dump_yaml
from summarizer._text import normalize, normalized_words
from summarizer.article import Article, guess_language, read
from summarizer.brief import Brief, Certainty, HolderKind, OpenQuestion, Position, Stance, publish_schema
from summarizer.errors import ArticleError, ConfigurationError, MissingExtra
from summarizer.fetching import Fetcher
from summarizer.sources import URL, is_address, load_article

SUFFIXES = frozenset({".yaml", ".yml", ".json"})

_LANGUAGES = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo
    es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg
    ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn
    no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw
    ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """.split()
)
"""The codes of ISO 639-1."""
_NAMED_KINDS = frozenset({"person", "organisation", "government"})
"""Kinds of holders whose names are not descriptions by the reader."""
_OTHERS = {
    frozenset({"gold_sha256", "measures"}): ("the report of an evaluation", "Move it, or read it with --against."),
    frozenset({"provenance", "coverage"}): ("a brief", "Make gold of it with summarizer evaluate --from."),
}
"""What else lies in folders, by keys that only it has, with what to do."""


def _check_text(text: str) -> str:
    if control := next((char for char in text if char < " " and not char.isspace()), ""):
        raise PydanticCustomError("text", "{message}", {"message": f"has the control character U+{ord(control):04X}"})
    return text


Text = Annotated[str, Field(min_length=1), AfterValidator(_check_text)]
Sentences = Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(min_length=1)]


class GoldRecord(BaseModel):
    """Base class of all parts of gold: frozen, and closed, so that a misspelt field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class GoldHolder(GoldRecord):
    """A person or body that holds positions."""

    id: Text
    name: Annotated[str, AfterValidator(_check_text)] | None = None
    """Null for an unsigned author."""
    kind: HolderKind = "person"
    aliases: tuple[Text, ...] = ()
    """Other names that mean the holder."""


class GoldIssue(GoldRecord):
    """A question on which positions take a stance. Equal ids and propositions in several files are one issue."""

    id: Text
    proposition: Text
    aliases: tuple[Text, ...] = ()
    """Other wordings."""


class GoldPosition(GoldRecord):
    """A position that a brief of the article should have."""

    holders: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Ids of holders."""
    sentences: Sentences
    """Numbers of the sentences that support it, as in a brief."""
    speaker_sentences: tuple[int, ...] = ()
    """Those that only introduce a speaker: it is not scored if only gold or only a brief cites one."""
    statement: Text
    issue: Text | None = None
    """The id of an issue."""
    stance: Stance | None = None
    """The stance on the issue. Null: it is not scored."""
    certainty: Certainty | None = None
    optional: bool = False
    """Finding it is not wrong, missing it is not wrong."""


class GoldQuestion(GoldRecord):
    """A question that the article leaves open."""

    question: Text
    sentences: Sentences
    optional: bool = False


class Gold(GoldRecord):
    """What a reader found in one article.

    Examples:
        >>> from summarizer import Gold
        >>> holders = [{"id": "H1", "name": "Anna Berg"}]
        >>> positions = [{"holders": ["H1"], "sentences": [1], "statement": "The bridge must go."}]
        >>> Gold(article="bridge.txt", holders=holders, positions=positions).positions[0].sentences
        (1,)
    """

    article: Text
    """A path from the gold file, or an address."""
    sha256: Annotated[str, StringConstraints(to_lower=True)] | None = None
    """The SHA-256 of the article's text. Another text is an error."""
    sentence_count: int | None = None
    """Sentences of the article. Another number is an error."""
    language: str | None = None
    """A code of ISO 639-1, such as "en" or "en-GB"."""
    holders: tuple[GoldHolder, ...] = ()
    issues: tuple[GoldIssue, ...] = ()
    positions: tuple[GoldPosition, ...] = ()
    questions: tuple[GoldQuestion, ...] = ()
    _file: RecordFile | None = PrivateAttr(None)

    @model_validator(mode="before")
    @classmethod
    def _refuse_others(cls, content: Any) -> Any:
        keys = set(content) if isinstance(content, dict) else set()
        for others, (name, advice) in _OTHERS.items():
            if others <= keys:
                raise _fault(f"it is {name}, not gold. {advice}")
        if keys and keys <= {"issues", "holders", "closed"}:
            raise _fault("it is a codebook, not gold. Move it, and pass it with --issues.")
        return content

    @model_validator(mode="after")
    def _check_references(self) -> Self:
        ids = {"holders": [holder.id for holder in self.holders], "issues": [issue.id for issue in self.issues]}
        for name, found in ids.items():
            for index, item_id in enumerate(found):
                if item_id in found[:index]:
                    raise _fault(f"the id {item_id} is used twice", name, index, "id")
        for index, position in enumerate(self.positions):
            if unknown := [holder for holder in position.holders if holder not in ids["holders"]]:
                raise _fault(f"no holder has the id {unknown[0]}", "positions", index, "holders")
            if position.issue and position.issue not in ids["issues"]:
                raise _fault(f"no issue has the id {position.issue}", "positions", index, "issue")
            if not position.issue and position.stance not in {None, "unclear"}:
                raise _fault("a stance needs an issue", "positions", index, "stance")
        return self

    @property
    def active_holders(self) -> tuple[GoldHolder, ...]:
        """Return the holders with positions."""
        active = {holder for position in self.positions for holder in position.holders}
        return tuple(holder for holder in self.holders if holder.id in active)

    @property
    def label(self) -> str:
        """Return the file of the gold, or its article if it has none."""
        return str(self._file.path) if self._file else self.article

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the content in hexadecimal; the place of the article does not matter."""
        return hashlib.sha256(self.model_dump_json(exclude={"article"}).encode()).hexdigest()

    async def load(self, fetcher: Fetcher | None = None, *, clean: bool = True) -> Article:
        """Load the article, and check that it is the one that the gold was made from.

        Args:
            fetcher: Fetches an address; by default a new `Fetcher`.
            clean: As in `Summarizer`; the numbers of sentences depend on it.

        Raises:
            ConfigurationError: The article cannot be read, its text or its sentences are others, it lacks the name of a
                holder, or the language is unknown. The message names the line.
            MissingExtra: The format of the article needs a package that is not installed.
        """
        if self.language and self.language.replace("_", "-").partition("-")[0].lower() not in _LANGUAGES:
            raise self._error(f"{self.language} is not a code of ISO 639-1, such as en or de", "language")
        folder = self._file.path.parent if self._file else Path()
        source = URL(self.article) if is_address(self.article) else folder / self.article
        try:
            article = await load_article(source, fetcher)
            if self.language:
                article = article.with_metadata(language=self.language)
            count = len(read(article, clean=clean).sentences)
        except MissingExtra:  # other articles can be read
            raise
        except ArticleError as error:
            raise self._error(str(error), "article") from error
        if self.sha256 and self.sha256 != article.sha256:
            raise self._error(f"the article's text has changed: its SHA-256 is {article.sha256}", "sha256")
        if self.sentence_count is not None and self.sentence_count != count:
            raise self._error(
                f"the article has {count} sentence{'s' * (count != 1)} now; check all numbers", "sentence_count"
            )
        for index, holder in enumerate(self.holders):
            if holder.kind in _NAMED_KINDS and not holder.name:
                raise self._error(f"a holder of the kind {holder.kind} needs a name", "holders", index)
        for name in self.names_not_in(article):
            index = next(index for index, holder in enumerate(self.holders) if holder.name == name)
            raise self._error(f"{name} is not in the article", "holders", index, "name")
        for name in ("positions", "questions"):
            for index, item in enumerate(getattr(self, name)):
                if (last := max(item.sentences)) > count:
                    message = f"there is no sentence {last}; the article has {count}"
                    raise self._error(message, name, index, "sentences")
        return article

    def names_not_in(self, article: Article) -> Iterator[str]:
        """Yield the names of persons, organisations and governments that an article does not have."""
        has_name = _name_finder(article)
        for holder in self.holders:
            if holder.kind in _NAMED_KINDS and holder.name and not any(map(has_name, (holder.name, *holder.aliases))):
                yield holder.name

    def to_yaml(self) -> str:
        """Return the content of a gold file, without the fields that have their default.

        Examples:
            >>> from summarizer import Gold
            >>> Gold(article="bridge.txt", language="en").to_yaml().strip()
            '{article: bridge.txt, language: en}'
        """
        content = self.model_dump(mode="json", exclude_defaults=True)
        return dump_yaml(content, width=1_000_000, default_flow_style=None)

    def _error(self, message: str, *field: str | int) -> ConfigurationError:
        return (self._file or RecordFile(Path(self.article), "")).error(message, *field)


def _fault(message: str, *path: str | int) -> PydanticCustomError:
    return PydanticCustomError("reference", "{message}", {"message": message, "path": path})


def _name_finder(article: Article) -> Callable[[str], bool]:
    """Return a function that tests whether an article has all words of a name; endings count only in English."""
    text = "\n".join(filter(None, (article.title, article.author, article.text)))
    words, is_english = f" {normalize(text)} ", guess_language(text) == "en"

    def has_name(name: str) -> bool:
        stems = [f"{word} " if is_english else word[: max(4, len(word) - 3)] for word in normalized_words(name)]
        return name in text or all(f" {stem}" in words for stem in stems)

    return has_name


def load_gold(source: str | Path) -> tuple[Gold, ...]:
    """Load a gold file, or all gold files of a folder and its subfolders in the order of their names.

    Raises:
        ConfigurationError: There is none, or one is invalid; the message names the file, the line and the field.
    """
    path = Path(source)
    files = sorted(file for file in path.rglob("*") if file.suffix.lower() in SUFFIXES) if path.is_dir() else [path]
    if not files:
        hint = f"Gold is YAML or JSON ({', '.join(sorted(SUFFIXES))})."
        raise ConfigurationError(f"{path} has no gold files.", hint=hint)
    return tuple(map(_load_file, files))


def _load_file(path: Path) -> Gold:
    file = RecordFile.read(path)
    gold = file.parse(Gold)
    gold._file = file
    return gold


def gold_from_brief(brief: Brief, article: str) -> Gold:
    """Return the content of a brief as gold; ``article`` is the path from the gold file, or the address."""

    def cited(item: Position | OpenQuestion) -> tuple[int, ...]:
        return tuple(each.sentence for each in item.evidence)

    return Gold(
        article=article,
        sha256=brief.article.sha256,
        sentence_count=brief.coverage.sentences,
        language=brief.article.language,
        holders=tuple(
            GoldHolder(id=each.id, name=each.name or each.role, kind=each.kind, aliases=each.aliases)
            for each in brief.holders
        ),
        issues=tuple(GoldIssue(id=each.id, proposition=each.proposition) for each in brief.issues),
        positions=tuple(
            GoldPosition(
                **each.model_dump(include={"holders", "statement", "issue", "certainty"}),
                stance=each.stance if each.issue else None,
                sentences=cited(each),
                speaker_sentences=tuple(item.sentence for item in each.evidence if item.only_names_speaker),
            )
            for each in brief.positions
        ),
        questions=tuple(GoldQuestion(question=each.question, sentences=cited(each)) for each in brief.open_questions),
    )


def path_of_article(brief: Brief, folder: Path, source: str = "") -> str:
    """Return the address of a brief's article, or its path from the folder of a gold file.

    Args:
        brief: The brief.
        folder: The folder of the gold file.
        source: The address or path of the article; by default the one in the brief.

    Raises:
        ConfigurationError: The source is neither an address nor a file that exists.
    """
    source = source or brief.article.source or ""
    if is_address(source):
        return source
    if not Path(source).is_file():
        hint = "Run the command in the folder where the brief was made; or name the article: --from … --article FILE."
        raise ConfigurationError(f"The article of the brief is not found: {source or 'it has no source'}.", hint=hint)
    try:
        return Path(os.path.relpath(Path(source).resolve(), folder.resolve())).as_posix()
    except ValueError:  # another drive of Windows
        return Path(source).resolve().as_posix()


def gold_schema() -> dict[str, Any]:
    """Return the JSON Schema of a gold file, as published in docs/gold.schema.json."""
    return publish_schema(Gold.model_json_schema())
