"""When to send the same request again, and when not: deciding, apart from doing."""

import math
import time
from collections.abc import Awaitable, Callable
from datetime import UTC
from email.utils import parsedate_to_datetime
from random import uniform

import openai
import tenacity

from summarizer.models import pacing
from summarizer.models.no_answer import MOST_ATTEMPTS, kind_of, own_error
from summarizer.models.refusals import refusal

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


def retrying(
    is_last: Callable[[], bool],
    note: Callable[[BaseException, float], None] = lambda *_: None,
    *,
    settled: Callable[[BaseException], bool] = lambda _: False,
    time_left: Callable[[], float] = lambda: math.inf,
) -> tenacity.AsyncRetrying:
    """The policy as tenacity wants it.

    ``is_last`` says whether the attempt that has just failed was the last that may be made. ``note`` is
    given each error that another attempt follows, and the seconds until then. An error that is
    ``settled`` is not retried, nor one whose wait would outlast ``time_left``, in seconds.
    """

    def before_sleep(state: tenacity.RetryCallState) -> None:
        note(_error(state), state.upcoming_sleep)

    def again(state: tenacity.RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        return error is not None and worth_retrying(error, state.attempt_number) and not settled(error)

    return tenacity.AsyncRetrying(
        stop=_Stop(is_last, time_left),
        retry=again,
        wait=seconds_to_wait,
        before_sleep=before_sleep,
        sleep=_pause,
        reraise=True,
    )


class _Stop(tenacity.stop.stop_base):
    """Stops after the last attempt, or when the next wait would outlast the time that is left."""

    def __init__(self, is_last: Callable[[], bool], time_left: Callable[[], float]) -> None:
        self._is_last, self._time_left = is_last, time_left

    def __call__(self, state: tenacity.RetryCallState) -> bool:
        return self._is_last() or state.upcoming_sleep >= self._time_left()


def worth_retrying(error: BaseException, attempts: int = 1) -> bool:
    """Whether the same request, sent again within a minute, may succeed after so many ``attempts``."""
    if own_error(error) is not None:
        return False
    if isinstance(error, openai.APIConnectionError | TimeoutError):
        return attempts < MOST_ATTEMPTS.get(kind_of(error), attempts + 1)
    if not isinstance(error, openai.APIStatusError) or quota_used_up(error):
        return False
    if error.status_code not in RETRIED_STATUSES and error.status_code < 500:
        return False
    return (retry_after(error) or 0) <= LONGEST_HEEDED and not refusal(error).about_length


def asks_all_to_wait(error: BaseException) -> bool:
    """Whether ``error`` holds for other requests too: they would only be turned away as well."""
    if not isinstance(error, openai.APIStatusError) or quota_used_up(error):
        return False
    return error.status_code == 429 or retry_after(error) is not None


def seconds_to_wait(state: tenacity.RetryCallState) -> float:
    """What the server asks for, and a little more so that not all come back at once; else full jitter.

    A connection that cannot be made is tried again at once: somebody waits to hear that nothing runs there.
    """
    error = _error(state)
    if isinstance(error, openai.APIConnectionError) and kind_of(error) in MOST_ATTEMPTS:
        return SHORTEST_WAIT
    asked = retry_after(error)
    return _backoff(state) if asked is None else asked + uniform(0, pacing.SPREAD)  # no secret


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
    except (ValueError, OverflowError):
        return None
    if then.tzinfo is None:  # HTTP dates are in GMT, said or not
        then = then.replace(tzinfo=UTC)
    return max(0.0, then.timestamp() - now)


def _error(state: tenacity.RetryCallState) -> BaseException:
    error = state.outcome.exception() if state.outcome else None
    assert error is not None, "a wait follows an error"  # for the type checker
    return error


def _pause(seconds: float) -> Awaitable[None]:
    return pacing.pause(seconds)  # looked up at each call, so that a replaced `pause` is the one that runs
