"""Lines that hold a date and nothing else."""

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY, _YEAR, _NUMBER = r"(?P<day>[0-9]{1,2})", r"(?P<year>[0-9]{4})", r"(?P<month>[0-9]{1,2})"
_NTH = r"(?:st|nd|rd|th)?"

_LABEL = r"(?P<label>(?:first )?(?:published|updated|posted|date|last updated|last modified)(?: on| at)?:?\s+)?"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_TIME = r"[0-9]{1,2}(?:[:.][0-9]{2}){0,2}(?:\.[0-9]+)?\s*(?:[ap]\.?m\b\.?)?"
_ZONE = r"(?:\s?(?:[+-][0-9]{2}:?[0-9]{2}|\(?[a-z]{1,5}\)?))?"
_CLOCK = rf"(?:at\s+)?{_TIME}{_ZONE}"

# Of figures alone only forms that mean one day everywhere: 05/02/2025 is another day in London than in Boston.
_FORMS = tuple(
    re.compile(rf"{_LABEL}(?:{_CLOCK},?\s+)??{_WEEKDAY}{form}(?:(?:,?\s+|t){_CLOCK})?", re.IGNORECASE)
    for form in (
        rf"{_YEAR}-{_NUMBER}-{_DAY}",
        rf"{_YEAR}/{_NUMBER}/{_DAY}",
        rf"{_DAY}\.\s?{_NUMBER}\.\s?{_YEAR}",
        rf"{_MONTH} {_DAY}{_NTH},? {_YEAR}",
        rf"{_DAY}{_NTH} {_MONTH},? {_YEAR}",
    )
)
_LONGEST = 80  # characters


def iso_date(line: str) -> tuple[str, bool] | None:
    """The date that ``line`` holds and nothing else, in ISO 8601, and whether a label such as "Published" says so.

    A weekday and a clock time may stand by. Month names are English.
    """
    if len(line) > _LONGEST or not any(character in "0123456789" for character in line):
        return None
    for form in _FORMS:
        if match := form.fullmatch(line.strip()):
            month = match["month"][:3].lower()
            number = _MONTHS.index(month) + 1 if month in _MONTHS else int(month)
            try:
                day = date(int(match["year"]), number, int(match["day"]))
            except ValueError:  # the 31st of February
                return None
            return day.isoformat(), match["label"] is not None
    return None
