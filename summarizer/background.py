"""An event loop on a thread of its own: what lets synchronous calls run the asynchronous ones.

It works where ``asyncio.run`` does not: in a notebook, in a web handler, in several threads at once.
"""

import asyncio
import threading
import weakref
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, ThreadPoolExecutor
from typing import Any, TypeVar, TypeVarTuple, Unpack

from summarizer.errors import ConfigurationError

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

_thread = threading.local()


def in_background() -> bool:
    """Whether this runs on the thread of a `BackgroundLoop`: that is, for a synchronous call."""
    return getattr(_thread, "serves", False)


class BackgroundLoop:
    """One event loop, started at the first use on a daemon thread, ended by `close`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._end: weakref.finalize[Any, Any] | None = None

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run ``coroutine`` on the loop and wait for what it returns or raises.

        An interrupt (Ctrl-C) while waiting cancels it.

        Raises:
            ConfigurationError: this is the loop's own thread, which would wait for itself; or the loop
                was closed meanwhile.
        """
        with self._lock:  # so that no loop is closed between its start and its first work
            loop = self._started()
            if self._thread is threading.current_thread():
                coroutine.close()
                raise ConfigurationError(
                    "A synchronous call was made from within another (an on_event callback?), and would wait for it.",
                    hint="Make it from another thread, or after the first.",
                )
            future = asyncio.run_coroutine_threadsafe(coroutine, loop)
        try:
            return future.result()
        except CancelledError as error:
            raise ConfigurationError("The summarizer was closed while it was reading.") from error
        except BaseException:
            future.cancel()
            raise

    def call(self, function: Callable[[Unpack[Ts]], object], *values: *Ts) -> None:
        """Have the loop call ``function`` soon, and do not wait for it."""
        with self._lock:
            self._started().call_soon_threadsafe(function, *values)

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
