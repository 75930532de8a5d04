"""Checks of time that hold on a slow or busy machine: growth, an early end, and waiting for a condition."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

HOLD = 300.0
"""Seconds for which a test holds up what nobody should wait for, and the longest wait for what should happen."""
_EARLY = 60.0
_FACTOR = 8


def assert_linear(prepare: Callable[[int], Callable[[], object]], small: int) -> None:
    """Compare the processor time for an input with the time for one that is eight times as large.

    Linear time is eight times as long, quadratic time sixty-four times. The limit lies between them. Every try has
    another size, since a cache could answer for a text that it knows. Times are for `small`, in proportion.

    Args:
        prepare: Returns the function to measure for an input of a given size.
        small: The smaller size.
    """
    prepare(small)()  # imports and patterns are prepared by the first call
    short = long = float("inf")
    step = max(1, small // 32)
    for size in range(small + step, small + 13 * step, 2 * step):
        for other in (size, size + step):
            short = min(short, _measure(prepare(other)) * small / other)
        long = min(long, _measure(prepare(_FACTOR * size)) * small / size)
        if long < 3 * _FACTOR * max(short, 0.002):
            return
    raise AssertionError(f"{_FACTOR} times the input takes {long / short:.1f} times as long: {long:.2f} s")


def _measure(function: Callable[[], object]) -> float:
    started = time.process_time()
    function()
    return time.process_time() - started


@contextmanager
def ends_early() -> Iterator[None]:
    """Check that the block does not wait for something that takes `HOLD` seconds."""
    started = time.monotonic()
    yield
    assert time.monotonic() - started < _EARLY


def wait_until(is_true: Callable[[], object], interval: float = 0.01) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + HOLD
    while not is_true():
        assert time.monotonic() < end, "the condition did not come true"
        time.sleep(interval)


def clock_ahead(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], object]:
    """Return a function that moves the clock of the running event loop ahead by some seconds, from any thread."""
    loop, ahead = asyncio.get_running_loop(), [0.0]
    really = loop.time
    monkeypatch.setattr(loop, "time", lambda: really() + sum(ahead))
    return lambda seconds: loop.call_soon_threadsafe(ahead.append, seconds)


async def await_until(is_true: Callable[[], object]) -> None:
    """Let other tasks run until a condition holds."""
    async with asyncio.timeout(HOLD):
        while not is_true():
            await asyncio.sleep(0.01)
