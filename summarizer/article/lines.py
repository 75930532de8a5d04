"""The lines of a text that are not blank."""

import re
from collections.abc import Iterator
from typing import NamedTuple

# Whatever str.splitlines() ends a line at.
_LINE = re.compile("[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")


class Line(NamedTuple):
    """A line without the white space around it: the range ``[start, end)`` of the text."""

    start: int
    end: int
    after_blank: bool
    """Whether a blank line, or the beginning of the text, comes before it."""


def lines(text: str) -> Iterator[Line]:
    """The lines of ``text`` that hold more than white space, in order."""
    previous = None
    for match in _LINE.finditer(text):
        line = match.group()
        if not (words := line.strip()):
            continue
        start = match.start() + len(line) - len(line.lstrip())
        yield Line(start, start + len(words), previous is None or _blank_within(text[previous:start]))
        previous = start + len(words)


def _blank_within(gap: str) -> bool:
    """Whether the white space between two lines holds a blank line."""
    return len(gap) > 1 and len(gap.rstrip(" \t\u00a0").splitlines()) > 1
