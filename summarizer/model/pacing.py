"""Time between requests: the clock, the waiting, and the gate that holds back all when a server asks one to wait."""

import asyncio
import time
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
    """Shut while a server wants no requests at all; belongs to one event loop."""

    def __init__(self) -> None:
        self._opens = float("-inf")

    def shut(self, seconds: float) -> None:
        """Let nobody through for so long, from now on; a shorter time does not shorten a longer one."""
        self._opens = max(self._opens, now() + seconds)

    async def passed(self) -> float:
        """Wait until the gate is open; the seconds that this took, zero where it was."""
        waited = 0.0
        while (left := self._opens - now()) > 0:  # it may be shut anew in the meantime
            wait = left + uniform(0, SPREAD)  # no secret
            await pause(wait)
            waited += wait
        return waited
