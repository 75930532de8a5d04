"""Turns: work that is done in an event loop piece by piece, and whatever else is ready goes on between two pieces.

Of many replies that arrive together, all would otherwise be worked on before the first new request goes out; the
next replies would then arrive together again, and the server would have nothing to do in between.
"""

import asyncio
import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar
from weakref import WeakKeyDictionary

_T = TypeVar("_T")
_P = ParamSpec("_P")

_by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()
_guard = threading.Lock()


async def in_turn(work: Callable[_P, _T], /, *args: _P.args, **options: _P.kwargs) -> _T:
    """What ``work`` gives, called in the running event loop when those who came before have had their turn."""
    loop = asyncio.get_running_loop()
    turn = _turn_of(loop)
    await turn.acquire()
    try:
        return work(*args, **options)
    finally:
        loop.call_soon(turn.release)  # not before the others have gone on


def _turn_of(loop: asyncio.AbstractEventLoop) -> asyncio.Lock:
    with _guard:
        turn = _by_loop.get(loop)
        if turn is None:
            for closed in [each for each in _by_loop if each.is_closed()]:
                del _by_loop[closed]  # a lock that was waited for holds on to its loop
            turn = _by_loop[loop] = asyncio.Lock()
    return turn
