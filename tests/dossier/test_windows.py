"""Windows of time, and who quotes whom."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer import Dossier
from summarizer.dossier import Statement, make_windows
from summarizer.errors import ConfigurationError

from .briefs import make_brief


def told(*days: str | None) -> list[Statement]:
    return [Statement(number, "a", "x", "agrees", day, number, None) for number, day in enumerate(days)]


@pytest.mark.parametrize(
    ("size", "first", "last"),
    [
        ("day", "2026-05-14", "2026-05-14"),
        ("week", "2026-05-11", "2026-05-17"),
        ("month", "2026-05-01", "2026-05-31"),
        ("quarter", "2026-04-01", "2026-06-30"),
        ("year", "2026-01-01", "2026-12-31"),
    ],
)
def test_windows_are_those_of_the_calendar(size, first, last) -> None:
    (window,) = make_windows(told("2026-05-14T09:00:00Z"), size)
    assert (str(window.first), str(window.last)) == (first, last)


def test_months_without_statements_are_windows_too() -> None:
    windows = make_windows(told("2025-11-30", "2026-02-01"))
    assert [len(window.statements) for window in windows] == [1, 0, 0, 1]


def test_windows_slide_by_days() -> None:
    windows = make_windows(told("2026-01-01", "2026-01-05", "2026-01-12"), "week", step=3)
    assert [(str(each.first), len(each.statements)) for each in windows] == [
        ("2026-01-01", 2),
        ("2026-01-04", 1),
        ("2026-01-07", 1),
    ]


def test_statements_without_a_full_date_are_in_no_window() -> None:
    assert make_windows(told(None, "2026", "2026-03")) == []


def test_counts_are_by_actor_issue_and_stance() -> None:
    (window,) = make_windows(told("2026-01-01", "2026-01-02"))
    assert window.counts == {("a", "x", "agrees"): 2}


@settings(max_examples=40)
@given(
    st.lists(st.dates(date(1999, 1, 1), date(2003, 12, 31)), min_size=1, max_size=8),
    st.sampled_from(["week", "month", "quarter", "year"]),
)
def test_each_statement_is_in_one_window_and_windows_touch(days, size) -> None:
    windows = make_windows(told(*map(str, days)), size)
    assert sum(len(window.statements) for window in windows) == len(days)
    assert all(one.last + timedelta(days=1) == two.first for one, two in pairwise(windows))


def test_a_size_that_makes_too_many_windows_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"from 1500-01-01 to 2026-01-01 need more than 100,000 windows"):
        make_windows(told("1500-01-01", "2026-01-01"), "day")
    with pytest.raises(ConfigurationError, match="size must be one of day, week, month, quarter, year"):
        make_windows([], "hour")  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="step must be 1 day or more"):
        make_windows([], "day", step=0)


def test_the_last_day_of_the_calendar_has_a_window() -> None:
    assert [str(each.last) for each in make_windows(told("9999-12-30"), "year")] == ["9999-12-31"]


def test_outlets_are_counted_by_the_actors_they_quote() -> None:
    hill, reed = ("Jane Hill", "", "unclear", "The toll is right."), ("Tom Reed", "", "unclear", "It is wrong.")
    dossier = Dossier(
        [
            make_brief("2026-01-05", [hill, reed, ("Jane Hill", "", "unclear", "It is fair.")]),
            make_brief("2026-01-06", [hill], site="The Herald"),
            make_brief("2026-01-07", [("Jane Hill", "", "unclear", "It must come.")]),
        ]
    )
    assert [(each.outlet, each.actor, each.statements, each.articles) for each in dossier.outlets()] == [
        ("The Courier", "jane-hill", 3, 2),
        ("The Courier", "tom-reed", 1, 1),
        ("The Herald", "jane-hill", 1, 1),
    ]
