"""One run over many sources: an outcome of each, and an account of all."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Generator, Iterable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from summarizer.article import Article
from summarizer.background import EventLoopThread
from summarizer.batch import Outcome, aoutcomes, outcomes
from summarizer.errors import IncompleteBrief, StoreError, SummarizerError
from summarizer.pipeline.keeping import Keeping
from summarizer.pipeline.stages import Made
from summarizer.sources.loading import load_article
from summarizer.store import RunState
from summarizer.usage import Usage


class Make(Protocol):
    """Makes the brief of an article, for a run."""

    def __call__(self, article: Article, *, run: int | None) -> Awaitable[Made | SummarizerError | None]:
        """The brief; an error that is to be told; None: not now, since another process, or another call, is at it."""


@dataclass
class Run:
    """Makes outcomes of sources. With a ``keeping``, what became of the run is noted in its store."""

    make: Make
    keeping: Keeping | None = None
    _number: int | None = None
    _begun: asyncio.Lock = field(default_factory=asyncio.Lock)
    _done: int = 0
    _failed: int = 0
    _usage: Usage = field(default_factory=Usage)
    _fatal: bool = False
    _state: RunState = "stopped"

    def outcomes(
        self, sources: Iterable[Any], background: EventLoopThread, *, concurrency: int, ordered: bool
    ) -> Generator[Outcome, None, None]:
        """The outcomes of ``sources``, pulled in the caller's thread, while the background does the work."""
        try:
            yield from outcomes(sources, self._outcome, background, concurrency=concurrency, ordered=ordered)
            self._state = "stopped" if self._fatal else "done"
        finally:
            self._end()

    async def aoutcomes(
        self, sources: Iterable[Any] | AsyncIterable[Any], *, concurrency: int, ordered: bool
    ) -> AsyncGenerator[Outcome, None]:
        """The outcomes of ``sources``, in the running event loop."""
        try:
            async with aclosing(aoutcomes(sources, self._outcome, concurrency=concurrency, ordered=ordered)) as each:
                async for outcome in each:
                    yield outcome
            self._state = "stopped" if self._fatal else "done"
        finally:
            self._end()

    async def _outcome(self, index: int, source: Any) -> Outcome | None:
        """What becomes of a source, whatever is raised; None: not now."""
        started = time.monotonic()
        try:
            await self._begin()
            made = await self.make(await load_article(source), run=self._number)
            if made is None:
                return None
            outcome = _outcome(index, source, made, stored=isinstance(made, SummarizerError))
        except Exception as error:  # one bad article never stops the rest
            outcome = _outcome(index, source, error)
        except asyncio.CancelledError as cancelled:
            if _is_cancelled():
                raise
            outcome = _outcome(index, source, _cancelled_from_within(cancelled))
        self._done += outcome.error is None
        self._failed += outcome.error is not None and not outcome.fatal
        self._usage += outcome.usage
        self._fatal |= outcome.fatal
        return replace(outcome, seconds=time.monotonic() - started)

    async def _begin(self) -> None:
        if self.keeping:
            async with self._begun:
                if self._number is None:
                    self._number = self.keeping.store.begin(await self.keeping.engine())

    def _end(self) -> None:
        if self.keeping and self._number is not None:
            with suppress(StoreError):  # the outcomes have told of it
                self.keeping.store.end(self._number, self._state, self._done, self._failed, self._usage)


def _is_cancelled() -> bool:
    """Whether somebody wants this to end; else a cancellation came out of the work itself."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _cancelled_from_within(cancelled: asyncio.CancelledError) -> SummarizerError:
    error = SummarizerError("The model, or something beneath it, cancelled the request by itself.")
    error.usage, error.__cause__ = getattr(cancelled, "usage", Usage()), cancelled
    return error


def _outcome(index: int, source: Any, made: Made | Exception, *, stored: bool = False) -> Outcome:
    if isinstance(made, Made):
        fatal = made.unsettled if made.unsettled and made.unsettled.fatal else None
        return Outcome(index, source, made.brief, made.error or fatal, usage=made.usage, stored=made.stored)
    brief = made.brief if isinstance(made, IncompleteBrief) else None
    return Outcome(index, source, brief, made, usage=getattr(made, "usage", Usage()), stored=stored)
