"""What a brief claims: issues, holders, their positions, open questions, and the evidence of each.

All spans are half-open ranges of code points in the article's text; ids are strings, unique in a
brief, and everything refers to everything by id.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from summarizer._types import Certainty, Speech
from summarizer.spans import Span

IssueKind = Literal["policy", "fact", "forecast", "evaluation"]
HolderKind = Literal["person", "organisation", "government", "group", "document", "author", "unnamed"]
Stance = Literal["agrees", "disagrees", "mixed", "neutral", "unclear"]
QuestionOrigin = Literal["asked", "implied"]

Id = Annotated[str, Field(min_length=1)]
Text = Annotated[str, Field(min_length=1)]


class Record(BaseModel):
    """What all public types share: frozen, and without the unknown fields that a newer version may add."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)


class Phrase(Record):
    """Words of a sentence that matter most, one after the other."""

    spans: tuple[Span, ...]
    """Where they lie, within the sentence."""
    text: Text
    """The words at ``spans``, each run of white space one space."""


class Evidence(Record):
    """One cited sentence."""

    sentence: Annotated[int, Field(ge=1)]
    """Its number in the article, from 1."""
    spans: tuple[Span, ...]
    """Where it lies: one span, or several where it is torn."""
    quote: Text
    """The words at ``spans``, each run of white space one space; sliced out of the article."""
    phrases: tuple[Phrase, ...] = ()
    """The words within it that matter most, in order."""


class Issue(Record):
    """A matter on which the article's people take stances."""

    id: Id
    proposition: Text
    """A neutral statement that one can agree or disagree with."""
    kind: IssueKind


class Holder(Record):
    """Somebody who holds positions."""

    id: Id
    name: str | None
    """The fullest form in the article; none for its unsigned author, and for those of whom it says nothing."""
    kind: HolderKind
    role: str | None = None
    """Office or profession, in the article's words."""
    affiliation: str | None = None
    """The body it belongs to, in the article's words."""
    aliases: tuple[str, ...] = ()
    """Other forms in the article."""
    mentions: tuple[Span, ...] = ()
    """Where the article names it, in order."""


class Checks(Record):
    """How far an independent analysis of the article bears a position out."""

    speaker: Literal["confirmed", "unconfirmed", "contradicted"] = "unconfirmed"
    """Whether the cited sentences are attributed to these holders, to nobody, or to somebody else."""
    figures: Literal["none", "confirmed"] = "none"
    """Whether the statement has figures; each stands in its evidence, or in the article's title or date."""
    names: Literal["none", "confirmed", "unconfirmed"] = "none"
    """Whether the statement has names, and whether each stands in the article."""


class Position(Record):
    """What somebody holds."""

    id: Id
    holders: Annotated[tuple[Id, ...], Field(min_length=1)]
    """Ids of those who hold it: several where the article says it of them together."""
    reported_by: Id | None = None
    """The id of the holder who relays it, where those who hold it are not quoted themselves."""
    statement: Text
    """One plain sentence in the third person, with the holder's hedge."""
    issue: Id | None = None
    stance: Stance = "unclear"
    """The stance to the issue's proposition as it is worded; ``unclear`` where there is no issue."""
    certainty: Certainty = "asserted"
    """How sure the holder is."""
    speech: Speech = "indirect"
    """Whether the evidence quotes the holder's own words: all in quotation marks, none, or some."""
    evidence: Annotated[tuple[Evidence, ...], Field(min_length=1)]
    checks: Checks = Checks()


class OpenQuestion(Record):
    """A question that the article leaves open."""

    id: Id
    question: Text
    origin: QuestionOrigin
    """Asked, directly or not, in one of its sentences; or implied."""
    raised_by: tuple[Id, ...] = ()
    """Ids of the holders who raise it; empty where the article itself does."""
    evidence: Annotated[tuple[Evidence, ...], Field(min_length=1)]


class Gist(Record):
    """The article in one to three neutral sentences."""

    text: Text
    evidence: tuple[Evidence, ...] = ()


class Rejected(Record):
    """Something that the model said and that did not stand."""

    what: Text
    """What it was: "position", "holder", "phrase", …"""
    text: str
    """What the model said, shortened where it is long."""
    reason: Text
