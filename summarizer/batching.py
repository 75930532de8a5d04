"""Many sources, one outcome each: the schedule carried out, with and without ``await``."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, Callable, Generator, Iterable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from summarizer._async import EventLoopThread
from summarizer.article import Article
from summarizer.errors import ConfigurationError, IncompleteBrief, StoreError, SummarizerError
from summarizer.outcome import Outcome
from summarizer.pipeline import Keeping, Made
from summarizer.sources import load_article
from summarizer.store import RunState
from summarizer.usage import Usage


def outcomes(
    sources: Iterable[Any], work: Work, background: EventLoopThread, *, concurrency: int, ordered: bool
) -> Generator[Outcome, None, None]:
    """The outcomes of ``sources``, which are pulled in the caller's thread while ``work`` is done in the background.

    While one is pulled, no outcome can be handed out. What pulling a source raises is raised when all outcomes of
    those before it were handed out.
    """
    schedule = Schedule(concurrency, ordered)
    left = iter(sources)
    fault: Exception | None = None
    crew = Crew(work, concurrency)
    try:
        while not schedule.over:
            if schedule.wants_source:
                try:
                    source = next(left)
                except StopIteration:
                    schedule.no_more()
                except Exception as error:  # it is the caller's own
                    fault = error
                    schedule.no_more()
                else:
                    background.call(crew.start, schedule.take(), source)
            if crew.has_news or not (schedule.wants_source or schedule.over):
                report = background.run(crew.report())
                schedule.note(report.outcomes, report.aside)
                if schedule.stopped:
                    schedule.note(background.run(crew.end()), aside=0)
                yield from schedule.ready()
    finally:
        if background.running:  # else all was given up with it; and as the program ends, no loop can be started
            background.run(crew.end())
    if fault:
        raise fault


async def aoutcomes(
    sources: Iterable[Any] | AsyncIterable[Any], work: Work, *, concurrency: int, ordered: bool
) -> AsyncGenerator[Outcome, None]:
    """The same in the running event loop; a source that is slow to come holds no outcome up."""
    schedule = Schedule(concurrency, ordered)
    left = aiter(sources) if isinstance(sources, AsyncIterable) else _each(sources)
    fault: Exception | None = None
    crew = Crew(work, concurrency)
    report = asyncio.ensure_future(crew.report())
    pull: asyncio.Future[Any] | None = None
    try:
        while not schedule.over:
            if pull is None and schedule.wants_source:
                pull = asyncio.ensure_future(_pulled(left))
            await asyncio.wait([report, pull] if pull else [report], return_when=asyncio.FIRST_COMPLETED)
            if pull and pull.done():
                match pull.result():
                    case _Ended(error):
                        fault = error
                        schedule.no_more()
                    case source:
                        crew.start(schedule.take(), source)
                pull = None
            if report.done():
                schedule.note(report.result().outcomes, report.result().aside)
                if schedule.stopped:
                    schedule.note(await crew.end(), aside=0)
                else:
                    report = asyncio.ensure_future(crew.report())
                for outcome in schedule.ready():
                    yield outcome
    finally:
        for waiting in filter(None, (report, pull)):
            waiting.cancel()
        await crew.end()
    if fault:
        raise fault


@dataclass(frozen=True, slots=True)
class _Ended:
    """That there are no more sources, and why if it is a fault."""

    fault: Exception | None = None


async def _pulled(sources: AsyncIterator[Any]) -> object:
    """The next source, or `_Ended`."""
    try:
        return await anext(sources)
    except StopAsyncIteration:
        return _Ended()
    except Exception as error:  # it is the caller's own
        return _Ended(error)


async def _each(sources: Iterable[Any]) -> AsyncIterator[Any]:
    for source in sources:
        yield source


ROOM = 32
"""How many times ``concurrency`` sources may be taken on before the outcome of the earliest is handed out."""


@dataclass
class Schedule:
    """The course of a batch, for who carries it out.

    Args:
        concurrency: sources at work at once.
        ordered: whether outcomes are handed out in the order of the sources, or as they come.
    """

    concurrency: int
    ordered: bool
    aside: int = 0
    """Sources that were taken on and wait for somebody else, so that another can be worked on meanwhile."""
    _taken: int = 0
    _done: int = 0
    _given: int = 0
    _all_taken: bool = False
    _fatal: Outcome | None = None
    _held: dict[int, Outcome] = field(default_factory=dict)

    @property
    def wants_source(self) -> bool:
        """Whether there is room for another source."""
        if self._all_taken:
            return False
        at_work = self._taken - self._done - self.aside
        return at_work < self.concurrency and self._taken - self._given < ROOM * self.concurrency

    @property
    def stopped(self) -> bool:
        """Whether a fatal fault has ended it: nothing that is at work needs to go on."""
        return self._fatal is not None

    @property
    def over(self) -> bool:
        """Whether every outcome was handed out."""
        return self._all_taken and self._given == self._taken

    def take(self) -> int:
        """Count one more source; its index."""
        self._taken += 1
        return self._taken - 1

    def no_more(self) -> None:
        """Note that there are no more sources."""
        self._all_taken = True

    def note(self, outcomes: Iterable[Outcome], aside: int) -> None:
        """Note what is done, and how many sources wait for somebody else."""
        self.aside = aside
        for outcome in outcomes:
            self._done += 1
            if not outcome.fatal:
                self._held[outcome.index] = outcome
            elif not self._fatal:
                self._fatal = outcome

    def ready(self) -> list[Outcome]:
        """The outcomes that can be handed out now; after a fatal fault, all that there are, and it last."""
        if self._fatal:
            ready = [*(self._held[index] for index in sorted(self._held)), self._fatal]
            self._held.clear()
            self._all_taken, self._given = True, self._taken
            return ready
        ready = []
        for index in sorted(self._held):
            if self.ordered and index != self._given:
                break
            ready.append(self._held.pop(index))
            self._given += 1
        return ready


Work = Callable[[int, Any], Awaitable[Outcome | None]]
"""What is done with a source, by its index; None: not now, somebody else is at it."""

AGAIN = 0.25
"""Seconds after which a source that somebody else was at is looked at again."""


@dataclass(frozen=True, slots=True)
class Report:
    """What has changed since the last one."""

    outcomes: list[Outcome]
    aside: int
    """Sources that wait for somebody else."""


class Crew:
    """At most ``concurrency`` sources at work at once; it lives with the event loop that it is first used in."""

    def __init__(self, work: Work, concurrency: int) -> None:
        self._work = work
        self._places = asyncio.Semaphore(concurrency)
        self._tasks: set[asyncio.Task[None]] = set()
        self._done: list[Outcome] = []
        self._aside = 0
        self._changed = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self, index: int, source: Any) -> None:
        """Take a source on."""
        loop = asyncio.get_running_loop()
        self._loop = self._loop or loop
        if loop is self._loop:  # else `report` tells
            task = loop.create_task(self._do(index, source))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    @property
    def has_news(self) -> bool:
        """Whether a report would come at once; it may be asked from any thread."""
        return self._changed.is_set()

    async def report(self) -> Report:
        """Wait until something is done or put aside.

        Raises:
            ConfigurationError: the loop that it lived in is closed.
        """
        if self._loop not in (None, asyncio.get_running_loop()):
            raise ConfigurationError("The summarizer was closed while it was reading.")
        await self._changed.wait()
        self._changed.clear()
        outcomes, self._done = self._done, []
        return Report(outcomes, self._aside)

    async def end(self) -> list[Outcome]:
        """Give up what is under way, and wait until it has let go; what came to its end meanwhile."""
        tasks = [task for task in self._tasks if not task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return self._done

    async def _do(self, index: int, source: Any) -> None:
        while True:
            async with self._places:
                outcome = await self._work(index, source)
            if outcome:
                break
            self._aside += 1
            self._changed.set()
            try:
                await asyncio.sleep(AGAIN)
            finally:
                self._aside -= 1
        self._done.append(outcome)
        self._changed.set()


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
