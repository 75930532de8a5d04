"""Many sources: bounded concurrency, one outcome each, in synchronous and asynchronous code."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, Callable, Generator, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from summarizer._async import EventLoopThread
from summarizer.errors import ConfigurationError, StoreError
from summarizer.outcome import Outcome
from summarizer.pipeline import Pipeline
from summarizer.selection import Selection
from summarizer.store import EngineKey, LeaseHeld, RunState
from summarizer.usage import Usage

WINDOW = 32
"""Started sources whose outcomes are not yet returned: at most this many times the concurrency."""
POLL_INTERVAL = 0.25
"""Seconds until an article that another process works on is tried again."""
_END = object()  # instead of a source after the last one


@dataclass
class Schedule:
    """Decides when to start a source and which outcomes to return. It does no work itself."""

    concurrency: int
    """Sources in progress at once."""
    ordered: bool
    """Whether outcomes are returned in the order of the sources, or as they are ready."""
    deferred: int = 0
    """Started sources that wait for another process; others may start meanwhile."""
    is_exhausted: bool = False
    """Whether there are no more sources."""
    fatal: Outcome | None = None
    """The error that has ended the batch, so that running work can be cancelled."""
    _started: int = 0
    _finished: int = 0
    _returned: int = 0
    _pending: dict[int, Outcome] = field(default_factory=dict)

    @property
    def wants_source(self) -> bool:
        """Return whether another source may start."""
        has_slot = self._started - self._finished - self.deferred < self.concurrency
        has_room = self._started - self._returned < WINDOW * self.concurrency
        return has_slot and has_room and not self.is_exhausted

    @property
    def is_done(self) -> bool:
        """Return whether all outcomes have been returned."""
        return self.is_exhausted and self._returned == self._started

    def start(self) -> int:
        """Count another source and return its index."""
        self._started += 1
        return self._started - 1

    def record(self, outcomes: Iterable[Outcome], deferred: int) -> None:
        """Record finished outcomes and the number of deferred sources."""
        self.deferred = deferred
        for outcome in outcomes:
            self._finished += 1
            if not outcome.fatal:
                self._pending[outcome.index] = outcome
            elif not self.fatal:
                self.fatal = outcome

    def pop_ready(self) -> list[Outcome]:
        """Return the outcomes that are due. After a fatal error these are all, with the fatal one last."""
        if self.fatal:
            ready = [*(self._pending[index] for index in sorted(self._pending)), self.fatal]
            self._pending.clear()
            self.is_exhausted, self._returned = True, self._started
            return ready
        ready = []
        for index in sorted(self._pending):
            if self.ordered and index != self._returned:
                break
            ready.append(self._pending.pop(index))
            self._returned += 1
        return ready


class WorkerPool:
    """Processes at most ``concurrency`` sources at once, in the event loop of the first use."""

    def __init__(self, process: Callable[[int, Any], Awaitable[Outcome]], concurrency: int) -> None:
        self._process = process
        self._slots = asyncio.Semaphore(concurrency)
        self._tasks: set[asyncio.Task[Outcome]] = set()
        self._finished: list[Outcome] = []
        self._deferred = 0
        self._error: BaseException | None = None
        self._changed = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def has_update(self) -> bool:
        """Return whether `wait` would return at once. Any thread may read this."""
        return self._changed.is_set()

    def start(self, index: int, source: Any) -> None:
        """Start to process a source."""
        loop = asyncio.get_running_loop()
        self._loop = self._loop or loop
        if loop is self._loop:  # otherwise `wait` raises
            task = loop.create_task(self._run(index, source))
            self._tasks.add(task)
            task.add_done_callback(self._record)

    def _record(self, task: asyncio.Task[Outcome]) -> None:
        """Record the outcome of a finished task, or the exception that it raised instead."""
        self._tasks.discard(task)
        if task.cancelled():
            return
        if error := task.exception():
            self._error = error
        else:
            self._finished.append(task.result())
        self._changed.set()

    async def wait(self) -> tuple[list[Outcome], int]:
        """Wait for a change; return the newly finished outcomes and the number of deferred sources."""
        if self._loop not in (None, asyncio.get_running_loop()):  # it was closed, and another was started
            raise ConfigurationError("The summarizer was closed during a call.")
        await self._changed.wait()
        self._changed.clear()
        if self._error:
            raise self._error
        finished, self._finished = self._finished, []
        return finished, self._deferred

    async def close(self) -> list[Outcome]:
        """Cancel running work, wait for its end, and return the outcomes that were finished meanwhile."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        return self._finished

    async def _run(self, index: int, source: Any) -> Outcome:
        while True:
            try:
                async with self._slots:
                    return await self._process(index, source)
            except LeaseHeld:
                self._deferred += 1
                self._changed.set()
                try:
                    await asyncio.sleep(POLL_INTERVAL)
                finally:
                    self._deferred -= 1


class Batch:
    """One pass over many sources. With a store, its start, end and usage are recorded there."""

    def __init__(
        self,
        pipeline: Pipeline,
        *,
        concurrency: int,
        ordered: bool,
        retry_failed: bool,
        selection: Selection | None = None,
    ) -> None:
        self._pipeline, self._retry_failed, self._selection = pipeline, retry_failed, selection
        self._schedule = Schedule(concurrency, ordered)
        self._pool = WorkerPool(self._process, concurrency)
        self._run_lock = asyncio.Lock()
        self._run_id: int | None = None
        self._source_error: Exception | None = None
        self._done = self._failed = 0
        self._usage = Usage()
        self._state: RunState = "stopped"

    def run(self, sources: Iterable[Any], loop_thread: EventLoopThread) -> Generator[Outcome, None, None]:
        """Yield the outcomes of ``sources``, which are pulled in the caller's thread.

        No outcome is yielded while a source is pulled. An exception of the sources is raised after the outcomes of
        the sources before it.
        """
        schedule, pool = self._schedule, self._pool
        iterator = iter(sources)
        try:
            while not schedule.is_done:
                if schedule.wants_source:
                    try:
                        source = next(iterator, _END)
                    except Exception as error:
                        self._source_error, source = error, _END
                    if source is _END:
                        schedule.is_exhausted = True
                    else:
                        loop_thread.call(pool.start, schedule.start(), source)
                if pool.has_update or not (schedule.wants_source or schedule.is_done):
                    yield from loop_thread.run(self._next_outcomes())
            self._complete()
        finally:
            if loop_thread.is_running:  # not after it was closed, nor while the interpreter shuts down
                loop_thread.run(self._close())
            else:
                self._record_end()

    async def arun(self, sources: Iterable[Any] | AsyncIterable[Any]) -> AsyncGenerator[Outcome, None]:
        """Yield the outcomes in the running event loop. A slow source delays no outcome."""
        schedule, pool = self._schedule, self._pool
        iterator = aiter(sources) if isinstance(sources, AsyncIterable) else _to_async(sources)
        next_source: asyncio.Future[Any] | None = None
        next_outcomes = asyncio.ensure_future(self._next_outcomes())
        try:
            while not schedule.is_done:
                if next_source is None and schedule.wants_source:
                    next_source = asyncio.ensure_future(self._pull(iterator))
                waiting = [next_outcomes, *([next_source] if next_source else [])]
                await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                if next_source and next_source.done():
                    if (source := next_source.result()) is _END:
                        schedule.is_exhausted = True
                    else:
                        pool.start(schedule.start(), source)
                    next_source = None
                if next_outcomes.done():
                    for outcome in next_outcomes.result():
                        yield outcome
                    next_outcomes = asyncio.ensure_future(self._next_outcomes())
            self._complete()
        finally:
            for future in filter(None, (next_outcomes, next_source)):
                future.cancel()
            await self._close()

    async def _next_outcomes(self) -> list[Outcome]:
        """Wait until work is finished or deferred, and return the outcomes that are due."""
        self._schedule.record(*await self._pool.wait())
        if self._schedule.fatal:
            self._schedule.record(await self._pool.close(), deferred=0)
        return self._schedule.pop_ready()

    async def _pull(self, iterator: AsyncIterator[Any]) -> Any:
        """Return the next source, or `_END` after the last one or an exception."""
        try:
            return await anext(iterator, _END)
        except Exception as error:
            self._source_error = error
            return _END

    def _complete(self) -> None:
        if self._source_error:
            raise self._source_error
        if not self._schedule.fatal:
            self._state = "done"

    async def _process(self, index: int, source: Any) -> Outcome:
        try:
            await self._ensure_recorded()
        except Exception as error:
            outcome = Outcome(index, source, error=error)
        else:
            outcome = await self._pipeline.run(
                source, index=index, run_id=self._run_id, retry_failed=self._retry_failed, selection=self._selection
            )
        self._done += outcome.status == "done"
        self._failed += outcome.error is not None and not outcome.fatal
        self._usage += outcome.usage
        return outcome

    async def _ensure_recorded(self) -> None:
        """Record the start of the batch in the store."""
        if self._pipeline.store is None or self._pipeline.store.is_read_only:
            return
        async with self._run_lock:
            if self._run_id is None:
                await self._pipeline.store.database.run(self._record_start, await self._pipeline.engine_key())

    async def _close(self) -> None:
        """Cancel running work and wait for its end."""
        await self._pool.close()
        if self._pipeline.store is not None:
            await self._pipeline.store.database.run(self._record_end)

    def _record_start(self, key: EngineKey) -> None:
        if self._pipeline.store is not None:
            self._run_id = self._pipeline.store.start_run(key)

    def _record_end(self) -> None:
        """Record the end of the batch in the store."""
        if self._pipeline.store is not None and self._run_id is not None:
            with suppress(StoreError):  # the outcomes have reported it
                self._pipeline.store.finish_run(self._run_id, self._state, self._done, self._failed, self._usage)


async def _to_async(sources: Iterable[Any]) -> AsyncIterator[Any]:
    for source in sources:
        yield source
