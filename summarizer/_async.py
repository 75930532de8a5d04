"""An event loop on a thread of its own: what lets synchronous calls run the asynchronous ones.

It works where ``asyncio.run`` does not: in a notebook, in a web handler, in several threads at once.
"""

import asyncio
import contextlib
import contextvars
import threading
import weakref
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Generic, ParamSpec, TypeVar, TypeVarTuple, Unpack, cast
from weakref import WeakKeyDictionary

from summarizer.errors import ConfigurationError
from summarizer.usage import Usage

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

LONGEST_END = 1.0
"""Seconds that an interrupt waits for what it ends."""

_thread = threading.local()


def on_loop_thread() -> bool:
    """Whether this runs on the thread of a `EventLoopThread`: that is, for a synchronous call."""
    return getattr(_thread, "serves", False)


class _Work(Generic[T]):
    """A coroutine on an event loop of another thread, for one that waits for its ``result``."""

    def __init__(self, coroutine: Coroutine[Any, Any, T]) -> None:
        self.result: Future[T] = Future()
        self._coroutine = coroutine
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[T] | None = None

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have it run on ``loop``."""
        self._loop = loop
        loop.call_soon_threadsafe(self._begin)

    def end(self, interrupt: BaseException) -> None:
        """Cancel it, wait shortly for its end, and let ``interrupt`` say in ``usage`` what was spent."""
        if self._loop is None:
            self._coroutine.close()
            return
        with contextlib.suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(self._cancel)
        with contextlib.suppress(TimeoutError):
            ended = self.result.exception(LONGEST_END)
            interrupt.usage = getattr(ended, "usage", Usage())  # type: ignore[attr-defined]

    def _begin(self) -> None:
        assert self._loop is not None, "begin() has set it"  # for the type checker
        self._task = self._loop.create_task(self._coroutine)
        self._task.add_done_callback(self._tell)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _tell(self, task: asyncio.Task[T]) -> None:
        try:
            self.result.set_result(task.result())
        except BaseException as error:  # it is the caller's, whatever it is
            self.result.set_exception(error)


class EventLoopThread:
    """One event loop, started at the first use on a daemon thread, ended by `close`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._end: weakref.finalize[Any, Any] | None = None

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run ``coroutine`` on the loop and wait for what it returns or raises.

        An interrupt (Ctrl-C) while waiting cancels it, waits `LONGEST_END` seconds at most until it has ended,
        and carries in ``usage`` what the cancellation does.

        Raises:
            ConfigurationError: this is the loop's own thread, which would wait for itself; or the loop
                was closed meanwhile.
        """
        work = _Work(coroutine)
        try:
            with self._lock:  # so that no loop is closed between its start and its first work
                loop = self._started()
                self._refuse_own_thread()
                work.begin(loop)
            return work.result.result()
        except asyncio.CancelledError as error:
            raise ConfigurationError("The summarizer was closed while it was reading.") from error
        except BaseException as interrupt:  # or what the work itself has raised
            if not work.result.done():
                work.end(interrupt)
            raise

    def call(self, function: Callable[[Unpack[Ts]], object], *values: *Ts) -> None:
        """Have the loop call ``function`` soon, and do not wait for it."""
        with self._lock:
            self._started().call_soon_threadsafe(function, *values)

    def _refuse_own_thread(self) -> None:
        if self._thread is threading.current_thread():
            raise ConfigurationError(
                "A synchronous call was made from within another (an on_event callback?), and would wait for it.",
                hint="Make it from another thread, or after the first.",
            )

    def close(self) -> None:
        """End the loop and its thread, and what is under way on it; a later `run` starts another."""
        with self._lock:
            if self._end is not None:
                self._end()
            self._loop = self._thread = self._end = None

    @property
    def running(self) -> bool:
        """Whether there is a loop at the moment; there is none any more while the interpreter shuts down."""
        return self._loop is not None and not self._loop.is_closed()

    def _started(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=_serve, args=(self._loop,), name="summarizer", daemon=True)
            self._thread.start()
            self._end = weakref.finalize(self, _end, self._loop, self._thread)
        return self._loop


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    """The thread's work: run the loop until it is stopped, then put everything of it away."""
    _thread.serves = True
    lookups = ThreadPoolExecutor(thread_name_prefix="summarizer looks up")  # names of hosts: one may hang
    loop.set_default_executor(lookups)
    try:
        loop.run_forever()
        if left := asyncio.all_tasks(loop):
            for task in left:
                task.cancel()
            loop.run_until_complete(asyncio.wait(left))
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        lookups.shutdown(wait=False, cancel_futures=True)
        loop.close()


def _end(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
    loop.call_soon_threadsafe(loop.stop)
    if thread is not threading.current_thread():  # the garbage collector may run anywhere
        thread.join()


_T = TypeVar("_T")
_P = ParamSpec("_P")

MOST_THREADS = 2
"""Threads at work at once for an event loop: the interpreter runs one of them at a time anyway."""


@dataclass(frozen=True, slots=True)
class _Turns:
    """What one event loop waits for."""

    short: asyncio.Lock = field(default_factory=asyncio.Lock)
    threads: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_THREADS))


_by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, _Turns] = WeakKeyDictionary()
_guard = threading.Lock()


async def run_fair(work: Callable[_P, _T], /, *args: _P.args, **options: _P.kwargs) -> _T:
    """What ``work`` gives, called in the running event loop when those who came before have had their turn."""
    loop = asyncio.get_running_loop()
    turn = _turns_of(loop).short
    await turn.acquire()
    try:
        return work(*args, **options)
    finally:
        loop.call_soon(turn.release)  # not before the others have gone on


async def run_in_thread(work: Callable[_P, _T], /, *args: _P.args, **options: _P.kwargs) -> _T:
    """What ``work`` gives, called in a thread that nobody waits for once this is cancelled: it goes on to its end.

    (The threads of asyncio and of its executors are waited for when a loop, or the program, ends.)
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_T] = loop.create_future()
    context = contextvars.copy_context()

    def tell(result: _T | None, error: BaseException | None) -> None:
        if done.cancelled():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(cast("_T", result))

    def run() -> None:
        result, failure = None, None
        try:
            result = context.run(work, *args, **options)
        except BaseException as error:  # it is the caller's, whatever it is
            failure = error
        with contextlib.suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(tell, result, failure)

    async with _turns_of(loop).threads:
        threading.Thread(target=run, name="summarizer at work", daemon=True).start()
        return await done


def _turns_of(loop: asyncio.AbstractEventLoop) -> _Turns:
    with _guard:
        turns = _by_loop.get(loop)
        if turns is None:
            for closed in [each for each in _by_loop if each.is_closed()]:
                del _by_loop[closed]  # a lock that was waited for holds on to its loop
            turns = _by_loop[loop] = _Turns()
    return turns
