"""The account a brief gives of itself: what was read, what was left out, what made it."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from summarizer._types import PromptId
from summarizer.brief.claims import Record
from summarizer.spans import Span
from summarizer.usage import Usage

Count = Annotated[int, Field(ge=0)]


class FailedChunk(Record):
    """A chunk that gave nothing."""

    first_sentence: Annotated[int, Field(ge=1)]
    last_sentence: Annotated[int, Field(ge=1)]
    error: str
    """What happened, in a sentence."""


class UncitedStatement(Record):
    """A statement that the article attributes to somebody and that no position cites."""

    sentences: tuple[int, ...]
    spans: tuple[Span, ...]
    """Where its content lies."""
    source: str | None
    """Who says it, in the article's words."""
    quote: str = ""
    """What is said: the words at ``spans``, each run of white space one space."""


class Coverage(Record):
    """How much of the article the brief rests on."""

    sentences: Count
    """Sentences read."""
    chunks: Count
    """Chunks that gave findings."""
    failed: tuple[FailedChunk, ...] = ()
    statements: Count = 0
    """Statements that the analysis of reported speech finds attributed to somebody."""
    cited: Count = 0
    """Those of them that a position or an open question cites."""
    uncited: tuple[UncitedStatement, ...] = ()
    suspicious: tuple[int, ...] = ()
    """Numbers of sentences that look like instructions to a model."""


class Provenance(Record):
    """What made the brief, with what, at what cost."""

    engine: Literal["builtin", "model"]
    model: str | None = None
    """The model's name, as its server gives it."""
    output: str | None = None
    """The form in which the server was asked to answer: json_schema, json_object, or text."""
    prompts: tuple[PromptId, ...] = ()
    library: str
    """This library's version."""
    ruler: str
    """The encoding that tokens are counted in."""
    calls: Count = 0
    """Requests that were answered."""
    retries: Count = 0
    """Attempts that failed and were made again."""
    repairs: Count = 0
    """Requests that asked for a better reply."""
    splits: Count = 0
    """Chunks that were cut in two, because they or their replies were too long for the model."""
    usage: Usage = Usage()
    """Tokens, those of failed attempts included."""
    waited: Annotated[float, Field(ge=0)] = 0.0
    """Seconds that requests waited between attempts, all of them added up."""
    seconds: Annotated[float, Field(ge=0)]
    """From the article to the brief."""
    made: datetime
    """When, in UTC."""
    notes: tuple[str, ...] = ()
    """What a reader should know of how it was made, each a sentence."""
