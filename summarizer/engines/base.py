"""The interface of an engine: a reading goes in, merged findings come out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

from summarizer._types import PromptId
from summarizer.article import Reading
from summarizer.attribution import Analysis
from summarizer.brief import FailedChunk
from summarizer.errors import SummarizerError
from summarizer.models import Reply, Request, UsageTracker
from summarizer.usage import Usage
from summarizer.verification import Findings

EngineName = Literal["builtin", "model"]
EventKind = Literal["requested", "replied", "repairing", "split", "failed", "done", "verifying", "grouping", "gist"]


@dataclass(frozen=True, slots=True)
class Event:
    """A step in the work on one article: about one chunk, or about the article as a whole.

    Examples:
        >>> from summarizer import ScriptedModel, summarize
        >>> from summarizer.testing import reply_for
        >>> text = "“The bridge must go,” said Anna Berg."
        >>> brief = summarize(text, model=ScriptedModel(reply_for(text)), on_event=lambda event: print(event.kind))
        requested
        replied
        done
    """

    kind: EventKind
    """About a chunk: its first request was sent, a reply arrived, a repair was requested, it was split in two, it
    failed, it is done, its statements are being checked. About an article with several chunks: its issues are grouped,
    its gist is requested."""
    first_sentence: int
    last_sentence: int
    done: int
    """Number of chunks that are done or failed."""
    chunks: int
    """Number of chunks; a split adds one."""
    usage: Usage
    """Tokens used for the article so far."""


OnEvent = Callable[[Event], None]
"""A callback for events. It runs in the event loop's thread and must be quick."""


@dataclass(frozen=True, slots=True)
class ChunkFailure:
    """A chunk without findings, and the error that caused this."""

    first_sentence: int
    last_sentence: int
    error: SummarizerError

    def to_failed_chunk(self) -> FailedChunk:
        """Return the failure as the brief reports it."""
        return FailedChunk(first_sentence=self.first_sentence, last_sentence=self.last_sentence, error=str(self.error))


@dataclass(frozen=True, slots=True)
class EngineResult:
    """The result of an engine for one article."""

    findings: Findings
    """The findings of all chunks, merged."""
    chunks: int = 1
    """Number of chunks with findings. Those that failed are in ``failures``."""
    failures: tuple[ChunkFailure, ...] = ()
    notes: tuple[str, ...] = ()
    """Remarks for the reader of the brief; they become `Provenance.notes`."""
    transient_error: SummarizerError | None = None
    """The error that kept a model from merging the chunks, where a later run may succeed."""
    is_unchecked: bool = False
    """Whether the check of some statements failed where a later run may succeed. It costs no part of the brief."""
    prompts: tuple[PromptId, ...] = ()
    """The prompts that requests were made from."""
    verified_by: str | None = None
    """The model that gave verdicts on statements."""
    suspicious: frozenset[int] | None = None
    """The numbers of the sentences that look like instructions to a model; None if they are not known."""


@runtime_checkable
class ReplyCache(Protocol):
    """A cache of replies by request. Several event loops and threads may use it at once.

    Your own one can be shared by machines: ``Summarizer(replies=…)`` calls `for_model` first. A good key is
    `summarizer.store.request_key` of the model's identity and the request.
    """

    async def get(self, request: Request) -> Reply | None:
        """Return the cached reply to ``request``, if there is one."""

    async def put(self, request: Request, reply: Reply) -> None:
        """Save ``reply`` as soon as it arrives, even if the caller is cancelled: it is paid for."""

    async def discard(self, request: Request) -> None:
        """Remove an unusable reply, so that the request is sent again."""

    def for_model(self, identity: Mapping[str, Any]) -> "ReplyCache":
        """Return the cache of another model's replies."""


class Engine(Protocol):
    """Extracts findings from an article."""

    @property
    def name(self) -> EngineName:
        """The name that provenance gives."""

    @property
    def prompts(self) -> tuple[PromptId, ...]:
        """The prompts that requests are made from; empty without a model."""

    async def identity(self) -> Mapping[str, Any] | None:
        """Return JSON data that a store distinguishes engines by; None for the built-in rules.

        Raises:
            ModelError: The server must be queried and does not answer.
        """

    async def run(
        self,
        reading: Reading,
        analysis: Analysis,
        tracker: UsageTracker,
        *,
        cache: ReplyCache | None = None,
        on_event: OnEvent | None = None,
    ) -> EngineResult:
        """Return the findings of an article.

        Args:
            reading: The article's sentences.
            analysis: The article's attributions and entities.
            tracker: Counts requests and tokens; the engine adds to it.
            cache: Replies that are already paid for.
            on_event: Called for each event.

        Raises:
            ChunkError: A sentence is longer than a chunk may be.
        """

    async def aclose(self) -> None:
        """Release resources such as connections."""
