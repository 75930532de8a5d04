"""Parse the dates of web pages: ISO 8601 in its variants, and dates in words of many languages."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any

from summarizer._patterns import compile_lazily
from summarizer._text import normalize
from summarizer.sources.html.page import TABLES

_MAX_TEXT = 300  # characters in which a date is searched
_FIRST_YEAR = 1700
_ZONES: dict[str, str] = TABLES["zones"]
_WORDS = TABLES["dates"]
_MONTHS = {name: number for number in range(1, 13) for name in _WORDS[str(number)].split()}
_CHANGED = tuple(normalize(label) for label in _WORDS["changed"].split("\n") if label)

_MONTH = rf"(?P<name>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_DAY = r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|°|ª|\.)?"
_YEAR = r"(?P<year>\d{4})(?!\d)"
_ZONE = rf"(?P<zone>(?:GMT|UTC)?[+-]\d{{2}}(?::?\d{{2}})?(?!\d)|(?:{'|'.join(_ZONES)})\b)"
_TIME = (
    r"(?P<hour>\d{1,2})(?:\s?[:.hH]\s?(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?(?!\d)"
    r"(?:\s*(?P<half>[ap])\.?\s?m\b\.?)?|\s*(?P<only_half>[ap])\.?m\b\.?|\s?(?:Uhr|uur|h)\b)"
)
_AT = "|".join(_WORDS["at"].split())
_CLOCK = rf"{_TIME}(?:\s*(?:Uhr|uur|hs?)\b\.?)?(?:\s*\(?{_ZONE})?"
_AFTER = compile_lazily(rf"(?:T|[\s,|·•–—-]*(?:(?:{_AT})\s+)?){_CLOCK}", re.IGNORECASE)
_BEFORE = compile_lazily(
    rf"(?<![\d.:]){_CLOCK}\s*(?:[A-Z]{{2,4}}\b)?\s*[,|·•–—-]?\s*(?:on\s+|\w+day,?\s+)?$", re.IGNORECASE
)

_ISO = compile_lazily(
    r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})-(?P<day>\d{1,2})|(?P<month2>\d{2})(?P<day2>\d{2}))"
    r"(?:(?:[Tt]|\s+|,\s*|(?<=\d{8}))(?P<hour>\d{1,2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?P<fraction>[.,]\d+)?)?"
    rf"\s*(?:{_ZONE}|(?P<zulu>[Zz]))?)?(?![\d])"
)
_FORMS = tuple(
    compile_lazily(form, re.IGNORECASE)
    for form in (
        r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)",
        r"(?P<year>\d{4})\s?年\s?(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?日",
        r"(?P<year>\d{4})년\s?(?P<month>\d{1,2})월\s?(?P<day>\d{1,2})일",
        rf"{_DAY}[\s-]+(?:de |d['’])?{_MONTH},?[\s-]*(?:de |del )?{_YEAR}",
        rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}",
        rf"\b{_MONTH}\s+{_DAY}\s+{_CLOCK}\s+{_YEAR}",
        rf"(?P<year>\d{{4}})\.?\s+{_MONTH}\s+{_DAY}",
        r"(?<![\d.])(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4}|\d{2})(?![\d.]\d|\d)",
        r"(?<![\d/-])(?P<first>\d{1,2})([/-])(?P<other>\d{1,2})\2(?P<year>\d{4})(?!\d)",
    )
)
_STAMP = compile_lazily(r"\d{10}(?:\d{3})?")
_IN_ADDRESS = compile_lazily(
    r"/(?P<year>(?:19|20)\d{2})(?:/(?P<month>\d{1,2}|[a-z]{3})/(?P<day>\d{1,2})/"
    r"|-(?P<month2>\d{2})-(?P<day2>\d{2})(?=[-/]))"
)


def parse_date(value: object, *, day_first: bool = True) -> str | None:
    """Return a date, or a date and time, in ISO 8601; None without a possible one.

    Args:
        value: A string with a date, or seconds or milliseconds since 1970.
        day_first: Read 5/2/2025 as the fifth of February.
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 10**14:
        value = str(int(value))
    if not isinstance(value, str):
        return None
    text = value[:_MAX_TEXT].strip()
    if _STAMP.fullmatch(text):
        return _from_stamp(int(text[:10]))
    if match := _ISO.match(text):
        return _build(match.groupdict())
    for form in _FORMS:
        for match in form.finditer(text):
            groups = match.groupdict()
            clock = _AFTER.match(text, match.end()) or _BEFORE.search(text[: match.start()])
            if clock and not groups.get("hour"):
                groups.update(clock.groupdict())
            if found := _build(groups, day_first=day_first):
                return found
    return None


def date_in_address(url: str) -> str | None:
    """Return the date in an address such as ``https://example.org/2025/05/02/vote``."""
    match = _IN_ADDRESS.search(url)
    if not match:
        return None
    groups = match.groupdict()
    name = groups["month"] or ""
    if name.isalpha():
        groups.update(month=None, name=name)
    return _build(groups)


def is_change(text: str) -> bool:
    """Return whether a text is labelled as the date of a change: "Updated May 2, 2025"."""
    return normalize(text[:_MAX_TEXT]).startswith(_CHANGED)


def most_precise(dates: Iterable[str]) -> str | None:
    """Return the first date, or a later one that gives the time or the time zone of the same day."""
    best = None
    for found in dates:
        if best is None or (found.startswith(best[:10]) and _precision(found) > _precision(best)):
            best = found
    return best


def _precision(found: str) -> int:
    """Rank dates: the date alone, midnight without zone, the time, the time with its zone."""
    clock = found[10:]
    if not clock or clock in {"T00:00", "T00:00:00"}:
        return 1 if clock else 0
    return 3 if re.search(r"Z|[+-]\d\d:\d\d$", clock) else 2


def _from_stamp(seconds: int) -> str | None:
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat() if _is_possible(moment.date()) else None


def _build(groups: dict[str, Any], *, day_first: bool = True) -> str | None:
    try:
        year = int(groups["year"])
        if groups.get("first"):
            one, two = int(groups["first"]), int(groups["other"])
            day, month = (one, two) if two <= 12 and (day_first or one > 12) else (two, one)
        else:
            name = groups.get("name")
            month = _MONTHS[name.lower()] if name else int(groups.get("month") or groups.get("month2") or 0)
            day = int(groups.get("day") or groups.get("day2") or 0)
        found = date(year + 2000 if len(groups["year"]) == 2 else year, month, day)
    except (ValueError, KeyError):  # 31 February
        return None
    return f"{found.isoformat()}{_clock(groups)}" if _is_possible(found) else None


def _clock(groups: dict[str, Any]) -> str:
    """Return the time as ``T10:30:00+02:00``, without what is not given."""
    if not groups.get("hour"):
        return ""
    hour = int(groups["hour"])
    if half := groups.get("half") or groups.get("only_half"):
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    try:
        moment = time(hour, int(groups.get("minute") or 0), int(groups.get("second") or 0))
    except ValueError:  # 24:00, a leap second
        return ""
    written = moment.isoformat("seconds" if groups.get("second") else "minutes")
    fraction = (groups.get("fraction") or "").replace(",", ".").rstrip("0")[:7].rstrip(".")
    return f"T{written}{fraction}{_offset(groups.get('zone') or groups.get('zulu') or '')}"


def _offset(zone: str) -> str:
    zone = zone.upper()
    if zone == "Z":
        return "Z"
    if zone in _ZONES:
        return _ZONES[zone]
    digits = re.sub(r"\D", "", zone)
    if not digits or int(digits[:2]) > 14:
        return ""
    return f"{'-' if '-' in zone else '+'}{digits[:2]}:{digits[2:] or '00'}"


def _is_possible(found: date) -> bool:
    """Return whether an article may have a date; sites write 1970-01-01 if they know none."""
    return _FIRST_YEAR <= found.year <= datetime.now(UTC).year + 1 and found != date(1970, 1, 1)


def is_month(word: str) -> bool:
    """Return whether a word is the name of a month in one of the languages."""
    return word.lower().strip(".,") in _MONTHS
