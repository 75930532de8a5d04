"""An event loop on a thread of its own: what lets synchronous calls run the asynchronous ones.

It works where ``asyncio.run`` does not: in a notebook, in a web handler, in several threads at once.
"""

import asyncio
import threading
import weakref
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_thread = threading.local()


def in_background() -> bool:
    """Whether this runs on the thread of a `BackgroundLoop`: that is, for a synchronous call."""
    return getattr(_thread, "serves", False)


class BackgroundLoop:
    """One event loop, started at the first use on a daemon thread, ended by `close`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: weakref.finalize[Any, Any] | None = None

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run ``coroutine`` on the loop and wait for what it returns or raises.

        An interrupt (Ctrl-C) while waiting cancels it.
        """
        future = asyncio.run_coroutine_threadsafe(coroutine, self._started())
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def close(self) -> None:
        """End the loop and its thread; a later `run` starts another."""
        with self._lock:
            if self._end is not None:
                self._end()
            self._loop = self._end = None

    @property
    def running(self) -> bool:
        """Whether there is a loop at the moment."""
        return self._loop is not None

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                thread = threading.Thread(target=_serve, args=(self._loop,), name="summarizer", daemon=True)
                thread.start()
                self._end = weakref.finalize(self, _end, self._loop, thread)
            return self._loop


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    """The thread's work: run the loop until it is stopped, then put everything of it away."""
    _thread.serves = True
    try:
        loop.run_forever()
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


def _end(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
    loop.call_soon_threadsafe(loop.stop)
    if thread is not threading.current_thread():  # the garbage collector may run anywhere
        thread.join()
