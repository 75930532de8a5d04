"""The checks of time, and that no other test measures time."""

import re
from pathlib import Path

import pytest

from tests import timing

ROOT = Path(__file__).parent.parent
DURATION = re.compile(r"(monotonic|perf_counter|process_time|thread_time)(_ns)?\(\) - [a-z]")


def test_quadratic_growth_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "_measure", lambda function: function())
    timing.assert_linear(lambda size: lambda: 2.0 * size, 10)
    with pytest.raises(AssertionError, match=r"8 times the input takes 64\.0 times as long"):
        timing.assert_linear(lambda size: lambda: size**2, 10)


def test_quadratic_growth_behind_a_cache_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    known: set[int] = set()

    def work(size: int) -> float:
        is_known = size in known
        known.add(size)
        return 0.0 if is_known else size**2

    monkeypatch.setattr(timing, "_measure", lambda function: function())
    with pytest.raises(AssertionError, match=r"64\.0 times as long"):
        timing.assert_linear(lambda size: lambda: work(size), 10)


@pytest.mark.parametrize("place", ["tests", "examples"])
def test_only_the_checks_of_time_measure_a_duration(place: str) -> None:
    measuring = {path.name for path in (ROOT / place).rglob("*.py") if DURATION.search(path.read_text("utf-8"))}
    assert measuring == ({"timing.py"} if place == "tests" else set())
