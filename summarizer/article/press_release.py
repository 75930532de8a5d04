"""Press releases: their marks, the lines that are not part of their text, and the body that issues them.

"FOR IMMEDIATE RELEASE", contacts, "###", notes to editors and "About …" are furniture. The headline, the date and the
statements between them are the release.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily
from summarizer.article.cleaning import fill_in
from summarizer.article.paragraphs import Line, split_lines

_PATTERNS = {
    name: compile_lazily(pattern, re.IGNORECASE)
    for name, pattern in fill_in(read_toml(__file__, "forms.toml")["release"]).items()
}
_FRONT_LINES = 12  # lines before the text of a release
_MARK_LINES = 6  # lines in which a release says what it is
_MAX_SIZE = 100_000  # characters of a release
_MAX_TAIL = 40  # lines after its text
_MIN_TAIL_MARKS = 2  # at the end of a release that does not say what it is
_MAX_LINE = 140  # characters of a line with contacts


class PressRelease(NamedTuple):
    """What the layout of a press release shows."""

    furniture: frozenset[int]
    """The offsets of the lines that are not part of its text."""
    issuer: str | None
    """The body of its "About …", of its announcement or of its letterhead."""


@lru_cache(maxsize=4)
def find_release(text: str) -> PressRelease | None:
    """Return the layout of a press release; None if the text is not one."""
    if len(text) > _MAX_SIZE:
        return None
    lines = list(split_lines(text))
    front = lines[:_MARK_LINES]
    is_marked = any(_is(line, "head") for line in front)
    tail = _find_tail(lines)
    marks = {name for line in lines[tail:] for name in ("end", "notes", "about", "contact") if _is(line, name)}
    if not is_marked and len(marks) < _MIN_TAIL_MARKS:
        return None
    issuers = [match["issuer"] for line in lines[tail:] if (match := _match(line, "about"))]
    letterhead = _find_letterhead(front)
    furniture = {line.start for line in lines[tail:]} | _find_head(lines[:_FRONT_LINES])
    furniture |= {line.start for line in letterhead}
    body = (line.text for line in lines[: min(tail, _FRONT_LINES)] if line.start not in furniture)
    issuers += [match["issuer"] for text in body if (match := _PATTERNS["announces"].match(text))]
    issuers += [line.text.title().replace(" Of ", " of ") for line in letterhead[:1]]
    return PressRelease(frozenset(furniture), next(iter(issuers), None))


def _find_letterhead(front: Sequence[Line]) -> Sequence[Line]:
    """Return the lines above the mark of a release, if each is a name, and a headline follows the mark."""
    mark = next((index for index, line in enumerate(front) if _is(line, "head")), 0)
    is_headed = any(line.text[-1] != "." and not _is(line, "contact") for line in front[mark + 1 :])
    return front[:mark] if is_headed and all(_is(line, "letterhead") for line in front[:mark]) else ()


def _find_head(lines: Sequence[Line]) -> set[int]:
    """Return the offsets of "FOR IMMEDIATE RELEASE" and of the contacts above the headline."""
    offsets = set()
    in_contact = False
    for line in lines:
        if line.starts_block:
            in_contact = False
        in_contact = in_contact or _is(line, "contact") or _is(line, "information")
        if in_contact or _is(line, "head") or _is(line, "address"):
            offsets.add(line.start)
    return offsets


def _find_tail(lines: Sequence[Line]) -> int:
    """Return the index of the first line after the text: "###", "Notes to editors", "About …" or contacts.

    Contacts can also be above the text, so the search begins below its first long line.
    """
    text = next((index for index, line in enumerate(lines) if len(line.text) > _MAX_LINE), 2)
    first = max(text + 1, len(lines) - _MAX_TAIL)
    return next((index for index in range(first, len(lines)) if _is(lines[index], "tail")), len(lines))


def _is(line: Line, name: str) -> bool:
    return _match(line, name) is not None


def _match(line: Line, name: str) -> re.Match[str] | None:
    text = line.text if name in ("about", "tail") else line.text[: _MAX_LINE + 1]
    return _PATTERNS[name].fullmatch(text.strip("*_ "))
