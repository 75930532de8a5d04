"""Find what is printed on a page but is not part of its text: running heads, page numbers, footnotes."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise, zip_longest
from operator import attrgetter
from statistics import median
from typing import NamedTuple

from summarizer._patterns import compile_lazily
from summarizer.sources.pdf.extraction import Line, Page
from summarizer.sources.pdf.layout import Column

_SAMPLE = 20  # pages or columns that are measured
_SAMPLE_LINES = 60  # of a page
_EDGE_ROWS = 3  # rows from the top and the bottom in which running heads and feet are searched
_SAME_PLACE = 4.0  # points
_MIN_GAP = 0.5  # times the size of a running head: its distance from the text
_REPEATED = 3  # pages
_DIGITS = compile_lazily(r"\d+")
_PAGE_NUMBER = compile_lazily(
    r"\W*(?:(?P<label>page|p\.|seite|s\.|página|pagina|pág\.|strona|sayfa)\s*)?#(?:\s*(?:/|of|von|de|di|sur|van|z)\s*#)?\W*",
    re.IGNORECASE,
)
_OUTER_NUMBER = compile_lazily(r"^\d{1,4}(?=\s)|(?<=\s)\d{1,4}$")
# What browsers print above and below a page: the date and the title, and the address.
_PRINTED = {
    "running-head": compile_lazily(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? \d{1,2}[:.]\d\d(?: ?[AP]M)?(?:\s|$)"),
    "running-foot": compile_lazily(r"(?:https?|file)://\S+(?:\s+\d+/\d+)?$"),
}
_ROMAN = compile_lazily(r"\W*[ivxl]{1,7}\W*", re.IGNORECASE)
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50}
_HEADING = 1.2  # times the size of the text: a larger line is a heading unless its words are always the same
_SMALL = 0.93  # times the size of the text: type of footnotes
_NOTE_START = compile_lazily(r"\[?(\d{1,3}|[*†‡§]{1,3})[\].)]?\s*(?=\S)")
_TERMINAL, _CLOSING = frozenset(".!?…。！？"), frozenset(")]”’»\"'0123456789")
_ENDS_SENTENCE = compile_lazily(r"[.!?…](?:[)\]”’»\"']+\d{0,3}|\d{1,3})$")


class _Margin(NamedTuple):
    """The rows nearest to the upper or lower edge of a page, from the edge inwards, and one more."""

    page: int
    name: str
    """``"running-head"`` or ``"running-foot"``."""
    rows: list[list[Line]]


class _Place(NamedTuple):
    """The place of a line near the upper or lower edge of a page."""

    line: Line
    page: int
    distance: float
    """The distance of its lower side from the edge, in points."""


class Furniture(NamedTuple):
    """The lines of a page that are not text, with their reasons, and the others."""

    head: list[tuple[Line, str]]
    foot: list[tuple[Line, str]]
    rest: list[Line]


def separate_furniture(pages: list[Page], text_size: float) -> list[Furniture]:
    """Separate running heads, running feet and page numbers from the text of all pages.

    They are at the same place on several pages, with the same words except for figures.
    """
    margins = [_find_margins(page, number) for number, page in enumerate(pages)]
    reasons: dict[int, str] = {}  # by the identity of a line
    with_words: dict[tuple[str, str], list[_Place]] = defaultdict(list)
    with_number: dict[tuple[str, int], list[_Place]] = defaultdict(list)
    for number, name, rows in chain.from_iterable(margins):
        for row in rows[:_EDGE_ROWS]:
            for line in row:
                distance = pages[number].height - line.bottom if name == "running-head" else line.bottom
                place = _Place(line, number, distance)
                with_words[name, _key(line.text)].append(place)
                if row is rows[0] and line.size <= _HEADING * text_size and (match := _OUTER_NUMBER.search(line.text)):
                    with_number[name, int(match[0]) - number].append(place)
        if rows and any(_PRINTED[name].match(line.text) for line in rows[0]):
            reasons |= {id(line): name for line in rows[0]}
    for (name, difference), places in with_number.items():  # it follows the number of the page
        for group in _same_place(places):
            if len(group) >= (2 if difference == 1 else _REPEATED):
                reasons |= {id(place.line): name for place in group}
    for (name, key), places in with_words.items():
        for group in _same_place(places):
            reasons |= _judge(group, key, name, len(pages), text_size)
    separated = []
    for page, (top, bottom) in zip(pages, margins, strict=True):
        head = _cut_rows(top, reasons)
        cut = {id(line) for line, _ in head}
        foot = [item for item in _cut_rows(bottom, reasons) if id(item[0]) not in cut]
        cut |= {id(line) for line, _ in foot}
        rest = [line for line in page.lines if id(line) not in cut] if cut else page.lines
        separated.append(Furniture(head, foot, rest))
    return separated


def _find_margins(page: Page, number: int) -> tuple[_Margin, _Margin]:
    lines = sorted(page.lines, key=attrgetter("bottom"))
    top, bottom = _outer_rows(reversed(lines)), _outer_rows(lines)
    return _Margin(number, "running-head", top), _Margin(number, "running-foot", bottom)


def _outer_rows(lines: Iterable[Line]) -> list[list[Line]]:
    rows: list[list[Line]] = []
    for line in lines:
        if rows and abs(line.bottom - rows[-1][-1].bottom) <= 0.5 * line.size:
            rows[-1].append(line)
        elif len(rows) > _EDGE_ROWS:
            break
        else:
            rows.append([line])
    return rows


def _key(text: str) -> str:
    """Return the words of a line, without its figures."""
    return "#" if _ROMAN.fullmatch(text) else _DIGITS.sub("#", text.casefold().replace("#", ""))


def _number(text: str) -> int:
    """Return the first number in a line."""
    if figures := _DIGITS.search(text):
        return int(figures[0][:6])
    values = [_ROMAN_DIGITS[letter] for letter in text.casefold() if letter in _ROMAN_DIGITS]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def _same_place(places: list[_Place]) -> Iterator[list[_Place]]:
    """Group lines with the same words by their distance from the place."""
    group: list[_Place] = []
    for place in sorted(places, key=attrgetter("distance")):
        if group and place.distance - group[0].distance > _SAME_PLACE:
            yield group
            group = []
        group.append(place)
    yield group


def _judge(group: list[_Place], key: str, name: str, pages: int, text_size: float) -> dict[int, str]:
    """Return the reasons for which lines with the same words at the same place are cut."""
    first = group[0]
    count = len({place.page for place in group})
    if match := _PAGE_NUMBER.fullmatch(key):
        numbers = [(place, _number(place.line.text) - place.page) for place in group]
        differences = Counter(difference for _, difference in numbers)
        return {
            id(place.line): "page-number"
            for place, difference in numbers
            if match["label"]
            or (place.line.size <= _HEADING * text_size and (differences[difference] > 1 or difference == 1))
        }
    if count < _REPEATED and (count < 2 or pages >= 2 * _REPEATED or first.line.size > 1.05 * text_size):
        return {}
    if first.line.size > _HEADING * text_size and len({place.line.text for place in group}) > 1:
        return {}  # "Chapter 1", "Chapter 2"
    return {id(place.line): name for place in group}


def _cut_rows(margin: _Margin, reasons: dict[int, str]) -> list[tuple[Line, str]]:
    """Return the lines to cut of a margin, up to the gap before the text, with reasons."""
    rows = margin.rows
    cut: list[Line] = []
    outer: list[Line] = []
    for row, inner in zip_longest(rows[:_EDGE_ROWS], rows[1 : _EDGE_ROWS + 1]):
        if not all(id(line) in reasons for line in row):
            break
        outer += row
        is_number = all(reasons[id(line)] == "page-number" for line in row)
        if is_number or not inner or _gap(row[0], inner[0]) > _MIN_GAP * row[0].size:
            cut = list(outer)
    return [(line, reasons[id(line)]) for line in cut]


def _gap(one: Line, other: Line) -> float:
    return max(one.bottom - other.top, other.bottom - one.top)


def find_text_size(pages: list[Page]) -> float:
    """Return the size of most characters, in points."""
    weights: Counter[float] = Counter()
    for page in pages[:: len(pages) // _SAMPLE + 1]:
        for line in page.lines[:: len(page.lines) // _SAMPLE_LINES + 1]:
            weights[round(line.size, 1)] += len(line.text)
    return weights.most_common(1)[0][0] if weights else 0.0


def split_footnotes(
    columns: list[Column], text_size: float, *, is_continued: bool
) -> tuple[list[Column], list[Column]]:
    """Separate the footnotes from the columns of a page; each footnote has rows of its own.

    A footnote is in smaller type at the foot of a column, and begins with a raised figure or one that
    refers to it in the text.

    Args:
        columns: The columns of the page.
        text_size: The size of the text, in points.
        is_continued: True if the last footnote of the page before does not end.
    """
    if not any(row.size <= _SMALL * text_size for column in columns for row in column[-1:]):
        return columns, []
    marks = {
        line.text[first:last].strip("[]")
        for column in columns
        for row in column
        for line in row.pieces or (row,)
        for first, last in line.marks
        if (first or line.left > row.left) and row.size > _SMALL * text_size
    }
    texts: list[Column] = []
    notes: list[Column] = []
    for column in columns:
        at = len(column)
        while at and column[at - 1].size <= _SMALL * text_size:
            at -= 1
        starts = [index for index in range(at, len(column)) if _starts_note(column[index], marks)]
        if at < len(column) and is_continued and at not in starts:
            starts.insert(0, at)
        first = starts[0] if starts else len(column)
        notes += [column[start:end] for start, end in pairwise([*starts, len(column)])]
        if first:
            texts.append(column[:first])
        is_continued = False
    return texts, notes


def _starts_note(row: Line, marks: set[str]) -> bool:
    """Return whether a row begins with the mark of a footnote: a raised one, or one of ``marks``."""
    first, *_ = row.pieces or (row,)
    is_raised = first.marks != () and first.marks[0][0] == 0
    return is_raised or ((match := _NOTE_START.match(row.text)) is not None and match[1] in marks)


def ends_sentence(text: str) -> bool:
    """Return whether a text ends with a full stop or a mark like it."""
    last = text[-1:]
    return last in _TERMINAL or (last in _CLOSING and _ENDS_SENTENCE.search(text[-6:]) is not None)


def find_pitch(columns: list[Column]) -> float:
    """Return the usual distance between lines of text, as a multiple of their size."""
    ratios = [
        (before.bottom - row.bottom) / row.size
        for column in columns[:: len(columns) // _SAMPLE + 1]
        for before, row in pairwise(column)
        if row.size and abs(before.size - row.size) < 0.05 * row.size
    ]
    return median(ratios) if ratios else 1.0
