"""How much may be asked in a minute, as servers limit it: requests, and tokens."""

import threading

from summarizer.models import pacing

BYTES_A_TOKEN = 4
"""UTF-8 bytes that a token is taken for until the server has counted: news of Western languages has 4 to 5."""


class Rate:
    """So much a minute and no more, evenly spread; for all event loops and threads.

    Whatever is taken goes out at once if all before it is paid off at this rate; so no minute has more than
    the limit and one request.
    """

    def __init__(self, per_minute: float) -> None:
        self._each = 60 / per_minute
        self._paid_off = float("-inf")
        self._lock = threading.Lock()

    def take(self, amount: float) -> float:
        """Take so much; the seconds to wait for it. A negative amount gives back what was not used."""
        with self._lock:
            now = pacing.now()
            due = max(self._paid_off, now)
            self._paid_off = due + amount * self._each
            return due - now


class Rates:
    """The rates of one model; None is no limit."""

    def __init__(self, requests_per_minute: float | None = None, tokens_per_minute: float | None = None) -> None:
        self._requests = None if requests_per_minute is None else Rate(requests_per_minute)
        self._tokens = None if tokens_per_minute is None else Rate(tokens_per_minute)

    async def passed(self, tokens: float) -> float:
        """Wait until a request of about so many ``tokens`` may go out; the seconds that this took."""
        waits = [self._requests.take(1) if self._requests else 0.0, self._tokens.take(tokens) if self._tokens else 0.0]
        if (wait := max(waits)) > 0:
            await pacing.pause(wait)
        return wait

    def settle(self, guessed: float, used: int) -> None:
        """Put what a request has used, sent and received, in the place of what was guessed for it."""
        if self._tokens:
            self._tokens.take(used - guessed)
