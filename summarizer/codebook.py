"""Codebooks: the issues and holders that somebody codes articles against, from a YAML or JSON file."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from summarizer._text import normalize
from summarizer.brief import HolderKind, Issue, IssueKind, publish_schema
from summarizer.errors import ConfigurationError

_ID = r"^\w[\w.-]{0,63}$"
_OWN_ID = re.compile(r"[IHPQ]\d+")
"""Ids that the library assigns."""
_TOPIC = re.compile(r"(?:(?:the|an?|der|die|das|le|la|les) )?[a-zà-ÿ-]+[.!?]?", re.IGNORECASE)
"""A single noun, as a proposition without a verb."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Id = Annotated[
    Text,
    Field(
        json_schema_extra={"pattern": _ID},
        description="Up to 64 letters, digits, dots, hyphens and underscores; not like I1 or H1.",
    ),
]
Aliases = Annotated[tuple[Text, ...], Field(description="Other wordings; other forms of a name.")]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _drop_empty_fields(cls, data: Any) -> Any:
        """Read a field that is left empty, such as ``aliases:``, as one that is not there."""
        if not isinstance(data, Mapping):
            return data
        return {key: value for key, value in data.items() if value is not None or key not in cls.model_fields}


class CodebookIssue(_Entry):
    """A given issue."""

    id: Id
    proposition: Annotated[Text, Field(description="A neutral statement that one can agree or disagree with.")]
    kind: IssueKind = "policy"
    aliases: Aliases = ()
    notes: Annotated[str, Field(description="What belongs to the issue and what does not; models read it.")] = ""

    @property
    def issue(self) -> Issue:
        """The issue as briefs have it."""
        return Issue(id=self.id, proposition=self.proposition, kind=self.kind, given=True)


class CodebookHolder(_Entry):
    """A given holder."""

    id: Id
    name: Annotated[Text, Field(description="The name that briefs show.")]
    kind: Annotated[HolderKind | None, Field(description="The kind that briefs show; by default the engine's.")] = None
    aliases: Aliases = ()


class Codebook(_Entry):
    """The issues and holders to code against. Briefs keep their ids.

    `load_codebook` reads one from a file.

    Examples:
        >>> from summarizer import Codebook, summarize
        >>> issue = {"id": "toll", "proposition": "The bridge should have a toll."}
        >>> codebook = Codebook.model_validate({"issues": [issue]})
        >>> brief = summarize("The bridge should have a toll, said Anna Berg.", model="builtin", issues=codebook)
        >>> [position.issue for position in brief.positions]
        ['toll']
    """

    model_config = ConfigDict(title="Codebook")

    issues: tuple[CodebookIssue, ...] = ()
    holders: tuple[CodebookHolder, ...] = ()
    closed: Annotated[bool, Field(description="Whether positions may bear on no other issues.")] = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        for location, message in self._find_faults():
            raise PydanticCustomError("fault", "{message}", {"message": message, "path": location})
        return self

    def _find_faults(self) -> Iterator[tuple[tuple[int | str, ...], str]]:
        if self.closed and not self.issues:
            yield ("closed",), "there are no issues"
        ids: set[str] = set()
        names: dict[str, str] = {}
        entries: Mapping[str, Sequence[CodebookIssue | CodebookHolder]] = {
            "issues": self.issues,
            "holders": self.holders,
        }
        placed = [(kind, number, entry) for kind, listed in entries.items() for number, entry in enumerate(listed)]
        for kind, number, entry in placed:
            if not re.fullmatch(_ID, entry.id):
                yield (kind, number, "id"), "use up to 64 letters, digits, dots, hyphens and underscores"
            if _OWN_ID.fullmatch(entry.id):
                yield (kind, number, "id"), f"the id “{entry.id}” looks like one that the library assigns"
            if entry.id in ids:
                yield (kind, number, "id"), f"the id “{entry.id}” is used twice"
            ids.add(entry.id)
            for field, at, words in _wordings(entry):
                if "\0" in words:
                    yield (kind, number, field, *at), "has a NUL character"
                if field == "notes":
                    continue
                if not (plain := normalize(words)):
                    yield (kind, number, field, *at), f"“{words}” has no word"
                other = names.setdefault(f"{kind} {plain}", entry.id)
                if other != entry.id:
                    yield (kind, number, field, *at), f"“{words}” also means “{other}”"
                if field == "proposition" and _TOPIC.fullmatch(words):
                    yield (kind, number, field), f"“{words}” is a topic; write a statement to agree or disagree with"

    @cached_property
    def given_issues(self) -> Mapping[str, Issue]:
        """The issues as briefs have them, by id."""
        return {entry.id: entry.issue for entry in self.issues}

    @cached_property
    def _issue_ids(self) -> Mapping[str, str]:
        ids: defaultdict[str, set[str]] = defaultdict(set)
        for entry in self.issues:
            for words in (entry.id, entry.proposition, *entry.aliases):
                ids[normalize(words)].add(entry.id)
        return {words: next(iter(found)) for words, found in ids.items() if len(found) == 1}

    def find_issue(self, wording: str) -> str | None:
        """Return the id of the issue with this proposition, alias or id, in any case and punctuation.

        Examples:
            >>> from summarizer import Codebook
            >>> issue = {"id": "toll", "proposition": "The bridge should have a toll."}
            >>> Codebook.model_validate({"issues": [issue]}).find_issue("the bridge should have a toll")
            'toll'
        """
        return self._issue_ids.get(normalize(wording))

    def __bool__(self) -> bool:
        return bool(self.issues or self.holders)

    @property
    def sha256(self) -> str:
        """The hash of its content, in hexadecimal."""
        return sha256(self.model_dump_json().encode()).hexdigest()


NO_CODEBOOK = Codebook()
"""The codebook that gives nothing."""


def _wordings(entry: CodebookIssue | CodebookHolder) -> Iterator[tuple[str, tuple[int, ...], str]]:
    """Yield the field, the index in it, and the text of each wording or name, and of the notes."""
    field = "proposition" if isinstance(entry, CodebookIssue) else "name"
    yield field, (), getattr(entry, field)
    yield from (("aliases", (number,), alias) for number, alias in enumerate(entry.aliases))
    yield "notes", (), getattr(entry, "notes", "")


def load_codebook(path: str | Path) -> Codebook:
    """Read a codebook from a YAML or JSON file.

    Args:
        path: The path of the file.

    Raises:
        ConfigurationError: The file cannot be read, or is not a codebook. The message names the line.

    Examples:
        >>> from pathlib import Path
        >>> from summarizer import load_codebook
        >>> _ = Path("toll.yaml").write_text("issues: [{id: toll, proposition: The bridge should have a toll.}]")
        >>> load_codebook("toll.yaml").issues[0].proposition
        'The bridge should have a toll.'
    """
    from summarizer._records import RecordFile  # PyYAML takes long to import

    file = RecordFile.read(Path(path))
    codebook = file.parse(Codebook)
    if not codebook:
        raise file.error("there are no issues and no holders")
    return codebook


def as_codebook(issues: Codebook | str | Path | None) -> Codebook:
    """Return the codebook that an option names; `NO_CODEBOOK` for None.

    Raises:
        ConfigurationError: The option is neither a codebook nor a path, or the file is not a codebook.
    """
    if isinstance(issues, str | Path):
        return load_codebook(issues)
    if issues is None:
        return NO_CODEBOOK
    if not isinstance(issues, Codebook):
        raise ConfigurationError(
            f"issues cannot be a {type(issues).__name__}.", hint="Use the path of a codebook, or a Codebook."
        )
    return issues


def codebook_schema() -> dict[str, Any]:
    """Return the JSON Schema of a codebook, as published in docs/codebook.schema.json."""
    return publish_schema(Codebook.model_json_schema())
