"""Limits on the requests of one model: at once, in a minute, and pauses that a server asks for."""

import threading
from asyncio import sleep
from math import inf
from random import uniform
from time import monotonic

from summarizer.models.base import Request
from summarizer.models.concurrency import AdaptiveSlots

SPREAD = 0.5  # seconds over which requests resume after a pause
BYTES_PER_TOKEN = 4  # uTF-8 bytes counted as one token until the server reports the tokens of a request


def estimate_tokens(request: Request) -> float:
    """Return a rough count of the tokens of ``request``."""
    return sum(len(message.content.encode(errors="replace")) for message in request.messages) / BYTES_PER_TOKEN


class Pause:
    """A pause of all requests, across event loops and threads, while a server is overloaded."""

    def __init__(self) -> None:
        self._ends = float("-inf")
        self._lock = threading.Lock()

    def start(self, seconds: float) -> None:
        """Pause for ``seconds`` from now on; a longer pause is not shortened."""
        with self._lock:
            self._ends = max(self._ends, monotonic() + seconds)

    async def wait(self) -> float:
        """Wait for the end of the pause, and return the seconds waited."""
        waited = 0.0
        while (left := self._ends - monotonic()) > 0:  # the pause may be prolonged in the meantime
            seconds = left + uniform(0, SPREAD)  # not a secret
            await sleep(seconds)
            waited += seconds
        return waited


class RateLimiter:
    """A rate per minute (None: any), evenly spread, across event loops and threads.

    Any amount is admitted as soon as the amounts before it are paid off. A minute has at most the limit and
    one more request.
    """

    def __init__(self, per_minute: float | None) -> None:
        self._seconds_per_unit = 60 / (per_minute or inf)
        self._paid_off = float("-inf")
        self._lock = threading.Lock()

    def take(self, amount: float) -> float:
        """Take ``amount``, and return the seconds to wait for it. A negative amount is given back."""
        with self._lock:
            now = monotonic()
            due = max(self._paid_off, now)
            self._paid_off = due + amount * self._seconds_per_unit
            return due - now


class Throttle:
    """The limits of one model."""

    def __init__(
        self, slots: AdaptiveSlots, requests_per_minute: float | None = None, tokens_per_minute: float | None = None
    ) -> None:
        self.slots = slots
        self.pause = Pause()
        self._requests, self._tokens = RateLimiter(requests_per_minute), RateLimiter(tokens_per_minute)

    async def wait(self, tokens: float) -> float:
        """Wait until the holder of a slot may send a request, and return the seconds waited."""
        wait = max(self._requests.take(1), self._tokens.take(tokens))
        if wait > 0:
            await sleep(wait)
        return wait + await self.pause.wait()

    def settle(self, estimate: float, tokens: int) -> None:
        """Correct the estimate of a request by the ``tokens`` that it used; 0 if the server does not report them."""
        if tokens:
            self._tokens.take(tokens - estimate)
