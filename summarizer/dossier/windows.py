"""Windows of time: which statements fall in each day, week, month, quarter or year, and who quotes whom."""

import calendar
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal, get_args

from summarizer.article import outlet_of
from summarizer.brief import Record, Stance
from summarizer.dossier.types import Statement
from summarizer.errors import ConfigurationError

WindowSize = Literal["day", "week", "month", "quarter", "year"]

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_DAYS = {"day": 1, "week": 7}
_MAX_WINDOWS = 100_000


@dataclass(frozen=True)
class Window:
    """The statements of a stretch of time."""

    first: date
    """The first day."""
    last: date
    """The last day."""
    statements: tuple[Statement, ...]

    @cached_property
    def counts(self) -> Mapping[tuple[str, str | None, Stance], int]:
        """The numbers of statements by actor, issue and stance."""
        return Counter((each.actor, each.issue, each.stance) for each in self.statements)


class OutletCount(Record):
    """How often an outlet quotes an actor."""

    outlet: str
    actor: str
    statements: int
    articles: int


def make_windows(statements: Iterable[Statement], size: WindowSize = "month", step: int | None = None) -> list[Window]:
    """Return windows from the first to the last date, those without statements too.

    Args:
        statements: The statements; those without a full date are in no window.
        size: The length of a window. Weeks begin on Monday.
        step: Days from the start of a window to the start of the next, for windows that slide. The first one then
            starts at the first date. Without it, windows are those of the calendar.

    Raises:
        ConfigurationError: The size is unknown, the step is below 1, or there would be more than 100,000 windows.
    """
    if size not in get_args(WindowSize):
        raise ConfigurationError(f"size must be one of {', '.join(get_args(WindowSize))}, not {size!r}.")
    if step is not None and step < 1:
        raise ConfigurationError(f"step must be 1 day or more, not {step}.")
    dated = sorted(((day, each) for each in statements if (day := parse_day(each.date))), key=lambda pair: pair[0])
    if not dated:
        return []
    days = [day for day, _ in dated]
    each_day = step or _DAYS.get(size) or 28 * _MONTHS[size]
    if (days[-1] - days[0]).days / each_day > _MAX_WINDOWS:
        raise ConfigurationError(
            f"The statements from {days[0]} to {days[-1]} need more than {_MAX_WINDOWS:,} windows.",
            hint="Choose a longer size or step, or a shorter time with since and until.",
        )
    return [
        Window(first, last, tuple(each for _, each in dated[bisect_left(days, first) : bisect_right(days, last)]))
        for first, last in _periods(days, size, step)
    ]


def parse_day(published: str | None) -> date | None:
    """Return the day of a date in ISO 8601, or None for a year, a month, or no date."""
    try:
        return date.fromisoformat((published or "")[:10])
    except ValueError:
        return None


def _periods(days: Sequence[date], size: WindowSize, step: int | None) -> Iterator[tuple[date, date]]:
    """Yield the first and the last day of each window."""
    first = days[0] if step else _start(days[0], size)
    while first <= days[-1]:
        try:
            following = _add(first, size)
            yield first, following - timedelta(days=1)
            first = first + timedelta(days=step) if step else following
        except OverflowError:  # the year 9999
            yield first, date.max
            return
        if step and following > days[-1]:
            return


def _start(day: date, size: WindowSize) -> date:
    """Return the first day of the calendar's period that has a day."""
    if size == "week":
        return day - timedelta(days=day.weekday())
    if size == "day":
        return day
    months = _MONTHS[size]
    return day.replace(month=(day.month - 1) // months * months + 1, day=1)


def _add(day: date, size: WindowSize) -> date:
    """Return the day one window later; in a shorter month, its last day."""
    if size in _DAYS:
        return day + timedelta(days=_DAYS[size])
    years, month = divmod(day.month - 1 + _MONTHS[size], 12)
    year = day.year + years
    if year > date.max.year:
        raise OverflowError
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def count_outlets(statements: Iterable[Statement], copies: Mapping[int, Sequence[str]]) -> list[OutletCount]:
    """Return how often each outlet quotes each actor, most often first.

    Args:
        statements: The statements. Those of an article without an outlet count for none.
        copies: The outlets that printed copies of an article, by its id.
    """
    numbers: Counter[tuple[str, str]] = Counter()
    articles: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    for each in statements:
        outlets = [each.source, *(outlet_of(None, copy) for copy in copies.get(each.article, ()))]
        for outlet in dict.fromkeys(outlet for outlet in outlets if outlet):
            numbers[outlet, each.actor] += 1
            articles[outlet, each.actor].add(each.article)
    return [
        OutletCount(outlet=outlet, actor=actor, statements=number, articles=len(articles[outlet, actor]))
        for (outlet, actor), number in sorted(numbers.items(), key=lambda item: (-item[1], item[0]))
    ]
