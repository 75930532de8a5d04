"""The front matter that a text plainly carries: headline, byline, date."""

import re
from collections.abc import Iterator
from itertools import islice, zip_longest
from typing import Literal, NamedTuple

from summarizer._text import collapse_whitespace, strip_invisible
from summarizer.article.boilerplate import boilerplate
from summarizer.article.dates import iso_date
from summarizer.article.lines import Line, lines
from summarizer.article.paragraphs import leads_on

_HEAD = 5_000  # characters in which front matter is looked for
_LINES = 8  # lines in which it is looked for
_LONGEST_TITLE = 200  # characters
_LONGEST_BYLINE = 150

_WORD = r"[^\W\d_][\w.'’\-]*"
_NAME = rf"{_WORD}(?: (?!and\b){_WORD}){{0,4}}"
_BYLINE = re.compile(
    rf"(?:(?:Written|Story|Text|Reported) by|By|BY)[:\s]\s*(?P<author>{_NAME}(?:(?:, | and | & ){_NAME}){{0,5}})"
)
_PLACE = re.compile(r"\s+in [A-Z][\w.’'\-]*(?:,? [A-Z][\w.’'\-]*){0,3}$")
_AFTER_BYLINE = re.compile(r"(?:\([A-Z][\w ./]{1,40}\)|@\w+|[0-9]{1,2} min(?:ute)? read)?")
_PARTICLES = frozenset(("and", "de", "van", "von", "der", "den", "bin", "al", "da", "di", "la", "le", "du", "dos"))
_ONE_WORD = frozenset(("reuters", "afp", "ap", "bloomberg", "staff"))  # any other single word is no byline
_NO_NAMES = re.compile(  # as in "By Any Means", "By Popular Demand": headings
    "(?:the|an?|all|any|some|no|new|christmas|easter|god|popular|design|land|sea|air|far|now|then|default|law|accident|chance|night|day|hand"
    "|monday|tuesday|wednesday|thursday|friday|saturday|sunday)",
    re.IGNORECASE,
)
_ROLE = re.compile(r"(?:, (?:\w+ ){0,3}(?:Writer|Reporter|Correspondent|Editor|Columnist|Chief|Staff|News|Press))+$")

_LOWER_ROLE = re.compile(r", (?:[\w'’\-]+ ){0,3}(?:correspondent|reporter|editor|columnist|writer)$")

Landmark = Literal["title", "byline", "date"]


class FrontMatter(NamedTuple):
    """What the head of a text says of it."""

    title: str | None
    author: str | None
    published: str | None
    """A date in ISO 8601."""
    marks: dict[int, Landmark]
    """Where in the text these lines begin."""


class _Facts(NamedTuple):
    author: str | None
    published: str | None
    sure: bool
    """Whether the line can be nothing else, wherever it stands."""


def front_matter(text: str) -> FrontMatter:
    """Read headline, byline and date off the first lines of ``text``."""
    title = author = published = None
    marks: dict[int, Landmark] = {}
    in_front = True  # nothing but front matter came directly before
    top = list(islice((line for line in _head(text) if not boilerplate(line.words)), _LINES))
    for line, following in zip_longest(top, top[1:]):
        facts = _facts(line.words)
        if facts and (in_front or facts.sure):
            author, published = author or facts.author, published or facts.published
            marks[line.start] = "byline" if facts.author else "date"
            in_front = True
        elif in_front and not title and following and _is_title(line.words, following):
            title = collapse_whitespace(line.words)
            marks[line.start] = "title"
        else:
            in_front = False
    return FrontMatter(title, author, published, marks)


def landmarks(text: str, title: str | None) -> dict[int, Landmark]:
    """Where the byline and the date line of ``text`` begin, and the line that is its ``title``."""
    marks: dict[int, Landmark] = {s: mark for s, mark in front_matter(text).marks.items() if mark != "title"}
    for line in _head(text):
        if title and collapse_whitespace(line.words) == title:
            marks[line.start] = "title"
            break
    return marks


def _head(text: str) -> Iterator[Line]:
    """The first lines of ``text``, without invisible characters."""
    for line in lines(text[:_HEAD]):
        if words := strip_invisible(line.words).strip():
            yield line._replace(words=words)


def _is_title(words: str, following: Line) -> bool:
    """Whether a line stands alone, is short, and does not end as a sentence does."""
    if len(words) > _LONGEST_TITLE or words[-1] in ".,;:…" or (words.isascii() and " " not in words):
        return False
    second = following.words
    if leads_on(words) or second[0].islower() or second[0] in ".,;:!?)":
        return False  # a sentence torn over two lines
    return following.apart or len(second) > _LONGEST_TITLE / 2 or _facts(second) is not None


def _facts(line: str) -> _Facts | None:
    """Author and date of a line that holds nothing else, such as "By Ann Lee | May 2, 2025"."""
    if len(line) > _LONGEST_BYLINE:
        return None
    author = published = None
    sure = False
    for part in re.split(r"\s+[|•·–—]\s+", line):
        bare = _LOWER_ROLE.sub("", _PLACE.sub("", part))
        byline = _BYLINE.match(bare)
        rest = bare[byline.end() :].strip(" ,") if byline else part
        day, labelled = iso_date(rest) or (None, False)
        if byline and not _are_names(byline["author"]):
            return None
        if not day and not (byline and _AFTER_BYLINE.fullmatch(rest)):
            return None
        author = author or (_ROLE.sub("", byline["author"]) if byline else None)
        published = published or day
        sure = sure or byline is not None or labelled
    return _Facts(author, published, sure)


def _are_names(author: str) -> bool:
    """Whether it is written as names are: "Ann Lee and Bo de Vries", not "all accounts"."""
    words = re.findall(_WORD, author)
    if _NO_NAMES.fullmatch(words[0]) or (len(words) == 1 and words[0].lower() not in _ONE_WORD):
        return False
    return all(word[0].isupper() or word in _PARTICLES for word in words)
