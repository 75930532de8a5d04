"""The crew: sources at work side by side in one event loop."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from summarizer.batch.outcome import Outcome
from summarizer.errors import ConfigurationError

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
