"""The parts of a brief: positions and their evidence, coverage, provenance.

All spans are half-open ranges of code points in the article's text. Ids are strings, unique within a brief.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from summarizer._types import Certainty, PromptId, Speech
from summarizer.spans import Span
from summarizer.usage import Usage

IssueKind = Literal["policy", "fact", "forecast", "evaluation"]
"""What an issue is about: what to do, what is, what will be, what something is worth."""
HolderKind = Literal["person", "organisation", "government", "group", "document", "author", "unnamed"]
"""What a holder is."""
Stance = Literal["agrees", "disagrees", "mixed", "neutral", "unclear"]
"""The attitude of a holder to an issue."""
OPPOSITE: Mapping[Stance, Stance] = {"agrees": "disagrees", "disagrees": "agrees"}
"""The stance on the contrary of a proposition; other stances stay."""
QuestionOrigin = Literal["asked", "implied"]
"""Whether somebody asks the question, or the article implies it."""

Id = Annotated[str, Field(min_length=1)]
Text = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=0)]
SentenceNumber = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(ge=0)]


def first_error(error: ValidationError) -> tuple[str, str]:
    """Return the field and the message of the first error of a validation."""
    first = error.errors(include_input=False, include_url=False)[0]
    return ".".join(map(str, first["loc"])), first["msg"]


class Record(BaseModel):
    """Base class of all public types: frozen, and open to the fields of newer versions, which it ignores."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Phrase(Record):
    """The most important words of a sentence: one contiguous phrase."""

    spans: tuple[Span, ...]
    """The ranges of its words, within the sentence."""
    text: Text
    """The words at ``spans``, with each run of white space collapsed to one space."""


class Evidence(Record):
    """One cited sentence."""

    sentence: SentenceNumber
    """The number of the sentence in the article, from 1."""
    spans: tuple[Span, ...]
    """The ranges of the sentence: one, or several where other text interrupts it."""
    quote: Text
    """The words at ``spans``, with each run of white space collapsed to one space; a slice of the article."""
    phrases: tuple[Phrase, ...] = ()
    """The most important words of the sentence, in order."""
    only_names_speaker: bool = False
    """Whether the sentence only tells who speaks: it names a holder, and the statement restates nothing of it."""
    suspicious: bool = False
    """Whether the sentence looks like an instruction to a model; see `Coverage.suspicious`."""
    link: str | None = None
    """An address that opens at the sentence; null if its place in the source is unknown."""


class Issue(Record):
    """A question on which people in the article take stances."""

    id: Id
    proposition: Text
    """A neutral statement that one can agree or disagree with."""
    kind: IssueKind
    given: bool = False
    """Whether it comes from the codebook; its id is the codebook's."""


class Holder(Record):
    """A person or body that holds positions."""

    id: Id
    name: str | None
    """The fullest form in the article; null for an unsigned author and for an unidentified source."""
    kind: HolderKind
    role: str | None = None
    """Office or profession, in the article's words."""
    affiliation: str | None = None
    """The organisation of the holder, in the article's words."""
    aliases: tuple[str, ...] = ()
    """Other forms of the name in the article."""
    mentions: tuple[Span, ...] = ()
    """The places where the article names the holder, in order."""
    given: bool = False
    """Whether it comes from the codebook; its id is the codebook's."""


class Checks(Record):
    """Results of the checks of a position against an independent analysis of the article.

    A check that a program registers adds a field with its own verdict.
    """

    model_config = ConfigDict(extra="allow")

    speaker: Literal["confirmed", "unconfirmed", "contradicted"] = "unconfirmed"
    """Whether the cited sentences are attributed to these holders, to another speaker, or to no one."""
    figures: Literal["none", "confirmed"] = "none"
    """Whether the statement has figures. Each figure occurs in the evidence, or in the article's title or date."""
    names: Literal["none", "confirmed", "unconfirmed"] = "none"
    """Whether the statement has names, and whether each of them occurs in the article."""
    support: Literal["unflagged", "doubtful", "supported", "partly", "unsupported"] = "unflagged"
    """Whether the evidence supports the statement: by rules (unflagged or doubtful), or by a model (``verify``)."""
    support_reason: str = ""
    """The difference between the statement and its evidence, in a sentence."""


class Position(Record):
    """A position that one or more holders take."""

    id: Id
    holders: Annotated[tuple[Id, ...], Field(min_length=1)]
    """Ids of the holders; several if the article attributes the position to them jointly."""
    reported_by: Id | None = None
    """The id of the holder who relays the position, if the article does not quote its holders directly."""
    statement: Text
    """One plain sentence in the third person that keeps the holder's hedges."""
    issue: Id | None = None
    stance: Stance = "unclear"
    """The stance on the proposition of the issue; ``unclear`` without an issue."""
    certainty: Certainty = "asserted"
    """The holder's certainty."""
    speech: Speech = "indirect"
    """The share of the evidence in quotation marks: all, none, or some."""
    evidence: Annotated[tuple[Evidence, ...], Field(min_length=1)]
    answers: Evidence | None = None
    """The question that the statement answers, in an interview."""
    posted: str | None = None
    """The time of its post in a live blog, as the article writes it: "14:32"."""
    checks: Checks = Checks()
    corrected: bool = False
    """Whether a reader corrected it. Views show the statement as it is, without the checks of the earlier one."""


class OpenQuestion(Record):
    """A question that the article leaves open."""

    id: Id
    question: Text
    origin: QuestionOrigin
    """Whether a sentence of the article asks it, directly or indirectly, or only implies it."""
    raised_by: tuple[Id, ...] = ()
    """Ids of the holders who raise it; empty if the article itself does."""
    evidence: Annotated[tuple[Evidence, ...], Field(min_length=1)]


class Gist(Record):
    """The article in one to three neutral sentences."""

    text: Text
    evidence: tuple[Evidence, ...] = ()


class Rejected(Record):
    """A part of the model's reply that failed verification."""

    what: Text
    """The kind of part: "position", "holder", "sentence number", …"""
    text: str
    """The model's words, shortened if they are long."""
    reason: Text


class FailedChunk(Record):
    """A chunk without findings, because its requests failed."""

    first_sentence: SentenceNumber
    last_sentence: SentenceNumber
    error: str
    """The failure, in a sentence."""


class UncitedStatement(Record):
    """An attributed statement in the article that no position cites."""

    sentences: tuple[int, ...]
    spans: tuple[Span, ...]
    """The ranges of the statement's content."""
    source: str | None
    """The speaker, in the article's words."""
    quote: str = ""
    """The words at ``spans``, with each run of white space collapsed to one space."""
    link: str | None = None
    """An address that opens at the statement; null if its place in the source is unknown."""


class Coverage(Record):
    """The share of the article that the brief covers."""

    sentences: Count
    """Sentences read."""
    chunks: Count
    """Chunks with findings."""
    failed: tuple[FailedChunk, ...] = ()
    statements: Count = 0
    """Statements that the analysis of reported speech attributes to a source."""
    cited: Count = 0
    """Attributed statements that a position or an open question cites."""
    uncited: tuple[UncitedStatement, ...] = ()
    quotations: Count = 0
    """Quotations in the prose of the article: of several words, or with a speaker."""
    unattributed: Count = 0
    """Quotations for which the analysis of reported speech finds no speaker."""
    doubtful: Count = 0
    """Attributions that are too uncertain to be anybody's position: their confidence is below one half."""
    without_position: Count = 0
    """Sentences of prose that no position and no open question cites."""
    warnings: tuple[str, ...] = ()
    """Doubts about the article as it was loaded, each a sentence: "The page shows only a part of the article." """
    suspicious: tuple[int, ...] = ()
    """Numbers of sentences that look like instructions to a model."""

    @property
    def failed_sentences(self) -> int:
        """The number of sentences in failed chunks."""
        return len({n for chunk in self.failed for n in range(chunk.first_sentence, chunk.last_sentence + 1)})


class Provenance(Record):
    """The engine that made the brief, its settings and its cost."""

    engine: Literal["builtin", "model"]
    model: str | None = None
    """The model's name, as its server reports it."""
    verified_by: str | None = None
    """The name of the model that checked the support of the statements; null if none did."""
    output: str | None = None
    """The output format that was requested: json_schema, json_object, or text."""
    prompts: tuple[PromptId, ...] = ()
    library: str
    """The version of this library."""
    ruler: str
    """The encoding that tokens are counted in."""
    calls: Count = 0
    """Answered requests."""
    retries: Count = 0
    """Failed attempts that were repeated."""
    repairs: Count = 0
    """Requests for a corrected reply."""
    splits: Count = 0
    """Chunks that were cut in two, because they or their replies were too long for the model."""
    usage: Usage = Usage()
    """Tokens, including those of failed attempts."""
    waited: Seconds = 0.0
    """Seconds of waiting between attempts, summed over all requests."""
    seconds: Seconds
    """Time from article to brief."""
    made: datetime
    """Date and time, in UTC."""
    notes: tuple[str, ...] = ()
    """Notes for the reader on how the brief was made, each a sentence."""
