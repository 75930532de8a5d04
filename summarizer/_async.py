"""Run coroutines from synchronous code, and CPU-bound work without blocking the event loop.

An `EventLoopThread` works where ``asyncio.run`` does not: in a notebook, in a web handler, in several threads at once.
"""

import asyncio
import atexit
import contextlib
import contextvars
import os
import threading
import weakref
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, ParamSpec, Protocol, TypeVar, TypeVarTuple, Unpack

from summarizer.errors import ConfigurationError

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
P = ParamSpec("P")

INTERRUPT_TIMEOUT = 1.0
"""Seconds that an interrupt waits for the coroutine that it cancels."""
MAX_THREADS = 2
"""Threads that an event loop uses at once for CPU-bound work: the interpreter runs one of them at a time anyway."""
IDLE_TIMEOUT = 2.0
"""Seconds without a call after which the thread of a `CallQueue` ends."""

_thread = threading.local()


class _Resettable(Protocol):
    def reset_after_fork(self) -> None: ...


_resettable: weakref.WeakSet[_Resettable] = weakref.WeakSet()
_queues: "weakref.WeakSet[CallQueue]" = weakref.WeakSet()


def call_after_fork(resettable: _Resettable) -> None:
    """Call ``reset_after_fork`` of an object in a forked process: threads are missing there, and locks may be held."""
    _resettable.add(resettable)


def _reset_after_fork() -> None:
    for resettable in list(_resettable):
        resettable.reset_after_fork()


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(after_in_child=_reset_after_fork)


def on_loop_thread() -> bool:
    """Return whether this is the thread of an `EventLoopThread`, that is, inside a synchronous call."""
    return getattr(_thread, "is_loop_thread", False)


class EventLoopThread:
    """An event loop in a daemon thread, started at the first use and stopped by `close`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._stop: weakref.finalize[Any, Any] | None = None
        call_after_fork(self)

    def reset_after_fork(self) -> None:
        """Forget the loop of the parent process."""
        if self._stop is not None:
            self._stop.detach()
        self._lock = threading.Lock()
        self._loop = self._thread = self._stop = None

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run ``coroutine`` in the loop and return its result.

        An interrupt (Ctrl-C) cancels it and waits at most `INTERRUPT_TIMEOUT` seconds for its end.

        Raises:
            ConfigurationError: The loop's own thread calls this and would wait for itself, or the loop was closed.
        """
        if self._thread is threading.current_thread():
            coroutine.close()
            message = "A synchronous call was made inside another one (in an on_event callback?) and would wait for it."
            raise ConfigurationError(message, hint="Make it from another thread, or after the first call.")
        result: Future[T] | None = None
        try:
            result = self._submit(coroutine)
            return result.result()
        except CancelledError as error:
            raise ConfigurationError("The summarizer was closed during a call.") from error
        except BaseException:  # an interrupt, or the coroutine's own exception
            if result is None or not result.done():
                wait([self._submit(_cancel(coroutine))], INTERRUPT_TIMEOUT)
            raise

    def call(self, function: Callable[[Unpack[Ts]], object], *args: *Ts) -> None:
        """Schedule a function in the loop without waiting for it."""
        with self._lock:
            self._ensure_started().call_soon_threadsafe(function, *args)

    def close(self) -> None:
        """Cancel the loop's tasks and stop its thread. A later `run` starts another loop."""
        with self._lock:
            if self._stop is not None:
                self._stop()
            self._loop = self._thread = self._stop = None

    @property
    def is_running(self) -> bool:
        """Return whether the loop runs; false while the interpreter shuts down."""
        return self._loop is not None and not self._loop.is_closed()

    def _submit(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        with self._lock:  # the loop must not be closed between its start and this call
            return asyncio.run_coroutine_threadsafe(coroutine, self._ensure_started())

    def _ensure_started(self) -> asyncio.AbstractEventLoop:
        if self._loop is None or self._loop.is_closed():
            started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()
            self._thread = threading.Thread(target=asyncio.run, args=(_serve(started),), name="summarizer", daemon=True)
            self._thread.start()
            self._loop, stopped = started.result()
            self._stop = weakref.finalize(self, _stop_loop, self._loop, stopped, self._thread)
        return self._loop


class _Resolver(ThreadPoolExecutor):
    """Looks up host names. Its shutdown waits for no lookup, since one may hang."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002  # of the base class
        super().shutdown(wait=False, cancel_futures=True)


async def _serve(started: "Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]]") -> None:
    """Keep the event loop running until the event that ``started`` receives is set."""
    _thread.is_loop_thread = True
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    loop.set_default_executor(_Resolver(thread_name_prefix="summarizer resolver"))
    started.set_result((loop, stopped))
    await stopped.wait()


async def _cancel(coroutine: Coroutine[Any, Any, Any]) -> None:
    """Cancel the task of a coroutine and wait for its end."""
    tasks = [task for task in asyncio.all_tasks() if task.get_coro() is coroutine]
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)
    else:  # the interrupt came before its start
        coroutine.close()


def _stop_loop(loop: asyncio.AbstractEventLoop, stopped: asyncio.Event, thread: threading.Thread) -> None:
    with contextlib.suppress(RuntimeError):  # an exception such as SystemExit has closed the loop
        loop.call_soon_threadsafe(stopped.set)
    if thread is not threading.current_thread():  # the garbage collector may call this in any thread
        thread.join()


@dataclass(frozen=True, slots=True)
class _LoopLocks:
    """The locks of one event loop."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    threads: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MAX_THREADS))


def _loop_locks() -> _LoopLocks:
    """Return the locks of the running event loop. Those of an earlier loop of this thread are dropped."""
    loop = asyncio.get_running_loop()
    if getattr(_thread, "loop", None) is not loop:
        _thread.loop, _thread.locks = loop, _LoopLocks()
    locks: _LoopLocks = _thread.locks
    return locks


@contextlib.asynccontextmanager
async def fair_turn() -> AsyncIterator[None]:
    """Wait for a turn to do CPU-bound work in the event loop. Other tasks run between two turns.

    Otherwise, when many replies arrive together, all would be processed before the next request is sent, and the
    server would be idle meanwhile.
    """
    loop, turn = asyncio.get_running_loop(), _loop_locks().turn
    await turn.acquire()
    try:
        yield
    finally:
        loop.call_soon(turn.release)  # after the other tasks have run


async def run_fair(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Call ``function`` in a `fair_turn`."""
    async with fair_turn():
        return function(*args, **kwargs)


async def run_in_thread(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a CPU-bound ``function`` in a daemon thread, which runs to its end even after a cancellation."""
    async with _loop_locks().threads:
        return await run_blocking(function, *args, **kwargs)


async def run_blocking(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a ``function`` that waits, for a file or a server, in a daemon thread of its own.

    The end of a loop or of the program does not wait for it, unlike for threads of asyncio's executors.
    """
    context = contextvars.copy_context()
    result: Future[T] = Future()
    result.set_running_or_notify_cancel()  # so that a cancellation does not touch it

    def run() -> None:
        try:
            result.set_result(context.run(function, *args, **kwargs))
        except BaseException as error:  # the caller handles it
            result.set_exception(error)

    threading.Thread(target=run, name="summarizer worker", daemon=True).start()
    return await asyncio.wrap_future(result)


class CallQueue:
    """Makes calls in the order of their submission, in a daemon thread that runs while there are calls.

    A call is made even if its caller was cancelled meanwhile, and the program's end waits for it.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self.reset_after_fork()
        call_after_fork(self)
        _queues.add(self)

    def reset_after_fork(self) -> None:
        """Forget the thread of the parent process, which makes the calls that were submitted there."""
        self._lock = threading.Lock()
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._is_closing = False

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "asyncio.Future[T]":
        """Submit a call, and return the future of its result in the running event loop."""
        loop = asyncio.get_running_loop()
        result: asyncio.Future[T] = loop.create_future()

        def call() -> None:
            value, error = None, None
            try:
                value = function(*args, **kwargs)
            except BaseException as raised:  # the caller handles it
                error = raised
            with contextlib.suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(_deliver, result, value, error)

        with self._lock:
            self._calls.put(call)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()
        return result

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Submit a call and return its result."""
        return await self.submit(function, *args, **kwargs)

    def close(self) -> None:
        """Wait until all submitted calls are made, and end the thread. A later call starts another."""
        with self._lock:
            thread = self._thread
            if thread is not None and not self._is_closing:
                self._is_closing = True
                self._calls.put(None)
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _work(self) -> None:
        while True:
            try:
                call = self._calls.get(timeout=IDLE_TIMEOUT)
            except Empty:
                call = None
            if call is not None:
                call()
                continue
            with self._lock:
                if self._calls.empty():
                    self._thread, self._is_closing = None, False
                    return
                if self._is_closing:  # after the calls that came meanwhile
                    self._calls.put(None)


def _deliver(future: "asyncio.Future[Any]", value: object, error: BaseException | None) -> None:
    if future.done():  # it was cancelled
        return
    if error is None:
        future.set_result(value)
    else:
        future.set_exception(error)


@atexit.register
def _finish_calls() -> None:
    for queue in list(_queues):
        queue.close()
