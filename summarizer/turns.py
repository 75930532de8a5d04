"""Work that takes the processor, beside an event loop: short work in turns, long work in a thread.

Between two turns whatever else is ready goes on. Of many replies that arrive together, all would otherwise be worked on
before the first new request goes out; the next replies would then arrive together again, and the server would have
nothing to do in between.
"""

import asyncio
import contextlib
import contextvars
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar, cast
from weakref import WeakKeyDictionary

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
