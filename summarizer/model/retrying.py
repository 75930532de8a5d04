"""When to send the same request again, and when not: deciding, apart from doing."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from datetime import UTC
from email.utils import parsedate_to_datetime
from random import uniform

import openai
import tenacity

SHORTEST_WAIT, LONGEST_WAIT = 0.5, 20.0
"""Seconds between which the waits that no server sets are drawn."""
LONGEST_HEEDED = 60.0
"""Seconds that a server may ask to wait; beyond, the caller is told when to come back."""
LONGEST_SAID = 366 * 86_400.0
"""Seconds above which a Retry-After only says: not soon."""

RETRIED_STATUSES = frozenset({408, 409, 429})
"""The statuses below 500 that can heal by themselves."""
USED_UP = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
"""Codes of a 429 that no waiting heals."""

_backoff = tenacity.wait_random_exponential(multiplier=1, min=SHORTEST_WAIT, max=LONGEST_WAIT)


def retrying(attempts: int, note: Callable[[BaseException], None] = lambda _: None) -> tenacity.AsyncRetrying:
    """The policy as tenacity wants it; ``note`` is given each error that another attempt follows."""

    def before_sleep(state: tenacity.RetryCallState) -> None:
        note(_error(state))

    return tenacity.AsyncRetrying(
        stop=tenacity.stop_after_attempt(attempts),
        retry=tenacity.retry_if_exception(worth_retrying),
        wait=seconds_to_wait,
        before_sleep=before_sleep,
        sleep=_pause,
        reraise=True,
    )


def worth_retrying(error: BaseException) -> bool:
    """Whether the same request, sent again within a minute, may succeed."""
    if isinstance(error, openai.APIConnectionError | TimeoutError):
        return True
    if not isinstance(error, openai.APIStatusError) or quota_used_up(error):
        return False
    if error.status_code not in RETRIED_STATUSES and error.status_code < 500:
        return False
    return (retry_after(error) or 0) <= LONGEST_HEEDED


def seconds_to_wait(state: tenacity.RetryCallState) -> float:
    """What the server asks for, and a little more so that not all come back at once; else full jitter."""
    asked = retry_after(_error(state))
    return _backoff(state) if asked is None else asked + uniform(0, SHORTEST_WAIT)


def quota_used_up(error: openai.APIStatusError) -> bool:
    """Whether a 429 means that there is nothing left to spend."""
    return error.status_code == 429 and not USED_UP.isdisjoint({error.code, error.type})


def retry_after(error: BaseException, now: Callable[[], float] = time.time) -> float | None:
    """Seconds that the server asks to wait (retry-after-ms, or Retry-After as seconds or a date).

    None where it asks for nothing, or for something that is no time. At most `LONGEST_SAID`.
    """
    if not isinstance(error, openai.APIStatusError):
        return None
    headers = error.response.headers
    in_ms = _number(headers.get("retry-after-ms"))
    if in_ms is not None:
        return min(in_ms / 1000, LONGEST_SAID)
    said = headers.get("retry-after")
    seconds = _number(said)
    if seconds is None:
        seconds = _until(said, now())
    return None if seconds is None else min(seconds, LONGEST_SAID)


def _number(said: str | None) -> float | None:
    try:
        number = float(said or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _until(said: str | None, now: float) -> float | None:
    try:
        then = parsedate_to_datetime(said or "")
    except ValueError:
        return None
    if then.tzinfo is None:  # HTTP dates are in GMT, said or not
        then = then.replace(tzinfo=UTC)
    return max(0.0, then.timestamp() - now)


def _error(state: tenacity.RetryCallState) -> BaseException:
    error = state.outcome.exception() if state.outcome else None
    assert error is not None, "a wait follows an error"
    return error


async def pause(seconds: float) -> None:
    """Wait; tests put something quicker in its place."""
    await asyncio.sleep(seconds)


def _pause(seconds: float) -> Awaitable[None]:
    return pause(seconds)  # looked up at each call, so that a replaced `pause` is the one that runs
