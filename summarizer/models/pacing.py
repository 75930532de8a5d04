"""When a request may go out: the clock, the waiting, the places there are, and the gate that holds all back."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import uniform

SPREAD = 0.5
"""Seconds over which those who waited for the same moment come back."""


def now() -> float:
    """Seconds on a clock that only goes forward; tests put their own in its place, together with `pause`."""
    return time.monotonic()


async def pause(seconds: float) -> None:
    """Wait; tests put something quicker in its place."""
    await asyncio.sleep(seconds)


class Gate:
    """Shut while a server wants no requests at all; for all event loops and threads."""

    def __init__(self) -> None:
        self._opens = float("-inf")
        self._lock = threading.Lock()

    def shut(self, seconds: float) -> None:
        """Let nobody through for so long, from now on; a shorter time does not shorten a longer one."""
        with self._lock:
            self._opens = max(self._opens, now() + seconds)

    async def passed(self) -> float:
        """Wait until the gate is open; the seconds that this took, zero where it was."""
        waited = 0.0
        while (left := self._opens - now()) > 0:  # it may be shut anew in the meantime
            wait = left + uniform(0, SPREAD)  # no secret
            await pause(wait)
            waited += wait
        return waited


class Slots:
    """Places for so many requests at once, of whatever event loop or thread; who waits longest is served first, but
    for those who had a place before: their time is running.

    What asyncio has for this belongs to one loop. A loop that is closed while its tasks hold or await a
    place takes none with it.
    """

    def __init__(self, places: int) -> None:
        self._free = places
        self._line: deque[asyncio.Future[None]] = deque()
        self._lock = threading.Lock()

    @asynccontextmanager
    async def one(self, *, again: bool = False) -> AsyncIterator[None]:
        """Wait for a place, and hold it; ``again`` is for a request that had one before."""
        await self._take(again)
        try:
            yield
        finally:
            self._give_back()

    async def _take(self, again: bool) -> None:
        with self._lock:
            if self._free:  # then nobody waits
                self._free -= 1
                return
            turn = asyncio.get_running_loop().create_future()
            (self._line.appendleft if again else self._line.append)(turn)
        try:
            await turn
        except BaseException:  # also when its loop is gone, and the coroutine with it
            with self._lock:
                given = turn not in self._line
                if not given:
                    self._line.remove(turn)
            if given:
                self._give_back()
            raise

    def _give_back(self) -> None:
        with self._lock:
            while self._line:
                turn = self._line.popleft()
                try:
                    turn.get_loop().call_soon_threadsafe(_let_in, turn)
                except RuntimeError:  # its loop was closed
                    continue
                return
            self._free += 1


def _let_in(turn: asyncio.Future[None]) -> None:
    if not turn.done():
        turn.set_result(None)
