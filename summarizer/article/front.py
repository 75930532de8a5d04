"""The front matter that a text plainly carries: headline, byline, date."""

import re
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from summarizer.article.boilerplate import boilerplate
from summarizer.article.invisible import visible
from summarizer.article.lines import Line, lines
from summarizer.spans import Span

_HEAD = 5_000  # characters in which front matter is looked for
_LINES = 8  # lines in which it is looked for
_LONGEST_TITLE = 200

_NAME = r"[^\W\d_][\w.'’\-]*(?: (?:[^\W\d_][\w.'’\-]*)){0,4}"
_BYLINE = re.compile(rf"(?:(?:Written|Story|Text|Reported) by|By|BY)[:\s]\s*(?P<author>{_NAME}(?:(?:, | and | & ){_NAME}){{0,5}})")
_LABEL = re.compile(r"(?i:(?:first )?(?:published|updated|posted|dated?|last updated|last modified)(?: on| at)?:?\s+)")
_CLOCK = re.compile(r"(?i:,?\s*(?:at\s+)?\d{1,2}[:.]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?\s*(?:[A-Z]{2,4})?)$")
_WEEKDAY = re.compile(r"(?i:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)")
_DATE_FORMATS = ("%Y-%m-%d", "%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y", "%Y/%m/%d", "%d.%m.%Y")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")


class FrontMatter(NamedTuple):
    """What the head of a text says of it."""

    title: str | None = None
    author: str | None = None
    published: str | None = None
    """A date in ISO 8601."""
    cuts: tuple[tuple[Span, str], ...] = ()
    """The byline and the date line, each with its name: they are no sentences."""


def front_matter(text: str) -> FrontMatter:
    """Read headline, byline and date off the first lines of ``text``."""
    head = text[:_HEAD]
    top = [line for line in islice(lines(head), _LINES) if not boilerplate(head[line.start : line.end])]
    title = _title(head, top)
    rest = top[1:] if title else top
    author = published = None
    cuts: list[tuple[Span, str]] = []
    for line in rest:
        found = _parts(head[line.start : line.end])
        if found is None:
            continue
        author, published = author or found[0], published or found[1]
        cuts.append((Span(line.start, line.end), "byline" if found[0] else "date"))
    name = " ".join(visible(head[title.start : title.end]).split()) if title else None
    return FrontMatter(name, author, published, tuple(cuts))


def _title(head: str, top: list[Line]) -> Line | None:
    """The first line, if it stands alone, is short, and does not end as a sentence does."""
    if len(top) < 2 or top[0].end - top[0].start > _LONGEST_TITLE:
        return None
    first, second = (head[line.start : line.end] for line in top[:2])
    if first[-1] in ".,;:…" or (first.isascii() and " " not in first) or _parts(first):
        return None
    if second[0].islower() or not second[0].isalnum() and second[0] in ".,;:!?)":
        return None  # a sentence torn over two lines
    apart = top[1].after_blank or _parts(second) or len(second) > _LONGEST_TITLE / 2
    return top[0] if apart else None


def _parts(line: str) -> tuple[str | None, str | None] | None:
    """Author and date of a line that holds nothing else, such as "By Ann Lee | May 2, 2025"."""
    if len(line) > 150:
        return None
    author = published = None
    for part in re.split(r"\s+[|•·–—]\s+", line):
        byline = _BYLINE.match(part)
        rest = part[byline.end() :].strip(" ,") if byline else part
        if byline and not _names_only(byline["author"]):
            return None
        author = author or (byline["author"] if byline else None)
        day = iso_date(rest)
        if not day and (not byline or rest[:1].islower() or rest.endswith((".", "!", "?"))):
            return None
        published = published or day
    return (author, published) if author or published else None


def _names_only(author: str) -> bool:
    """Whether every word of it is written as names are ("By Ann Lee", not "By all accounts")."""
    return all(word[0].isupper() or word in ("and", "de", "van", "von", "der", "bin", "al", "da", "di", "la")
               for word in re.findall(r"[^\W\d_][\w.'’\-]*", author))


def iso_date(line: str) -> str | None:
    """The date that ``line`` holds and nothing else, in ISO 8601; a label, weekday or clock time may stand by."""
    if not any(character.isdigit() for character in line) or len(line) > 80:
        return None
    bare = line.strip()
    for pattern in (_LABEL, _WEEKDAY):
        if match := pattern.match(bare):
            bare = bare[match.end() :]
    bare = re.sub(r"(?<=\d)T\d.*$", "", _CLOCK.sub("", bare))
    bare = " ".join(_ORDINAL.sub("", bare.replace(",", " ").replace("Sept ", "Sep ")).replace(". ", " ").split())
    for pattern_of_date in _DATE_FORMATS:
        try:
            return datetime.strptime(bare, pattern_of_date).date().isoformat()
        except ValueError:
            continue
    return None
