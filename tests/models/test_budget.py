"""Budgets, and the usage that counts towards them."""

import time
from typing import Any

import pytest

from summarizer.errors import ConfigurationError, ServerFailed
from summarizer.models import Budget, Reply, ScriptedModel, UsageTracker
from summarizer.usage import Usage

MODEL = ScriptedModel("", name="fake")


@pytest.mark.parametrize(
    "limits", [{"calls": 0}, {"tokens": -1}, {"seconds": 0.0}, {"calls": "3"}, {"tokens": float("nan")}, {"calls": 1.5}]
)
def test_limit_must_be_a_number_above_0(limits: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=f"{next(iter(limits))} cannot be .*a (whole )?number above 0"):
        Budget(**limits)


def test_replies_and_failures_are_added_up() -> None:
    tracker = UsageTracker()
    tracker.add(Reply("{}", usage=Usage(10, 0, 2), retries=1, waited=0.5, model="served", output="text"), MODEL)
    tracker.add_failed(ServerFailed("Broken.", usage=Usage(prompt=5), attempts=3, waited=2.0))
    tracker.add_usage(Usage(prompt=1))
    assert tracker.usage == Usage(16, 0, 2)
    assert (tracker.calls, tracker.retries, tracker.waited) == (1, 3, 2.5)
    assert (tracker.model, tracker.output) == ("served", "text")


def test_cached_replies_do_not_count_as_new_usage() -> None:
    tracker = UsageTracker()
    tracker.add(Reply("{}", usage=Usage(prompt=10)), MODEL)
    tracker.cached_usage += Usage(prompt=10)
    tracker.add(Reply("{}", usage=Usage(prompt=3)), MODEL)
    assert tracker.new_usage == Usage(prompt=3)
    assert tracker.model == "fake"


@pytest.mark.parametrize(
    ("budget", "limit"),
    [
        (Budget(), None),
        (Budget(calls=3), None),
        (Budget(calls=2), "2 calls"),
        (Budget(tokens=12), "12 tokens"),
        (Budget(tokens=13), None),
    ],
)
def test_exceeded_limit_is_named(budget: Budget, limit: str | None) -> None:
    tracker = UsageTracker(requests=2, usage=Usage(10, 0, 2))
    assert tracker.exceeded_limit(budget) == limit


def test_time_runs_from_the_first_request(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    tracker, budget = UsageTracker(), Budget(seconds=5)
    assert (tracker.seconds_left(budget), tracker.seconds_left(Budget())) == (5, None)
    tracker.start()
    clock[0] += 2
    tracker.start()
    assert tracker.seconds_left(budget) == 3
    clock[0] += 9
    assert tracker.exceeded_limit(budget) == "5 seconds"
