"""Many sources, one outcome each: the schedule carried out, with and without ``await``."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Generator, Iterable
from dataclasses import dataclass
from typing import Any

from summarizer.background import EventLoopThread
from summarizer.batch.crew import Crew, Work
from summarizer.batch.outcome import Outcome
from summarizer.batch.schedule import Schedule


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
