"""A check that time grows in proportion to the input, steady on a busy machine."""

from collections.abc import Callable

FACTOR = 8


def assert_linear(seconds: Callable[[int], float], small: int) -> None:
    """Compare the time for an input with the time for one that is eight times as large.

    Linear time is eight times as long, quadratic time sixty-four times. The limit lies between them.

    Args:
        seconds: Returns the processor time in seconds for an input of a given size.
        small: The smaller size.
    """
    seconds(small)  # imports, caches and patterns are prepared by the first call
    ratio = 0.0
    for _ in range(3):
        ratio = seconds(FACTOR * small) / max(seconds(small), 0.01)
        if ratio < 3 * FACTOR:
            return
    raise AssertionError(f"{FACTOR} times the input takes {ratio:.1f} times as long")
