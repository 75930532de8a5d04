"""Put the lines of a page in reading order.

A gutter is a vertical strip that few lines cross, with columns on both sides. Lines that cross it, such as a heading
over two columns, divide the page into bands. In a band, one column is read after the other. The order in which the
file draws the lines is kept if it follows the columns: it knows more about boxes and figures.
"""

import math
import re
from itertools import accumulate, groupby, pairwise
from operator import itemgetter
from statistics import median_low
from typing import NamedTuple

from summarizer.sources.pdf.extraction import Line

_BIN = 3.0  # points
_MIN_GUTTER = 2  # bins
_MIN_COLUMN_LINES = 3
_MIN_COLUMN_WIDTH = 70.0  # points: narrower "columns" are figures of a table, bullets, or page numbers
_MIN_FILLED = 0.5  # share of the longest line of a column that a usual line fills; less is a table
_MIN_LINES_PER_CROSSING = 3  # in each column, for each line that crosses the gutter between them
_MIN_CROSSING = 12.0  # points that a line reaches into both columns if it crosses the gutter
_MAX_RUNS = 30
_MARK_SIZE = 0.8  # of the size of the row; a footnote mark is not larger
_MARK = re.compile(r"\[?\d{1,3}\]?(?:[,–-]\d{1,3})*|[*†‡§]{1,3}")
_MAX_BINS = 2_000
_MAX_COLUMNS = 6


class Row(NamedTuple):
    """The pieces of one line of print, from left to right."""

    pieces: tuple[Line, ...]
    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float


Column = list[Row]
"""Rows of a column, or across columns, from top to bottom."""


def order_lines(lines: list[Line]) -> list[Column]:
    """Return the lines of a page in reading order."""
    return [rows for column in _order(lines, _MAX_COLUMNS) if (rows := _to_rows(column))]


def _join(pieces: list[Line]) -> str:
    """Return the text of a row, with spaces where there are gaps between its pieces."""
    parts = [pieces[0].text]
    for before, piece in pairwise(pieces):
        parts += [" " if has_space(before, piece) else "", piece.text]
    return "".join(parts)


def has_space(before: Line, piece: Line) -> bool:
    """Return whether a gap separates two pieces of a row."""
    return piece.left - before.right > 0.12 * max(before.size, piece.size)


def _order(lines: list[Line], columns: int) -> list[list[Line]]:
    gutter = _find_gutter(lines) if columns > 1 and len(lines) >= 2 * _MIN_COLUMN_LINES else None
    if gutter is None:
        return _separate_boxes(lines)
    sides = [_side(line, gutter) for line in lines]
    if 0 in sides:
        _continue_across(lines, sides)
    if _follows_columns(lines, sides):
        runs = [[line for line, _ in run] for _, run in groupby(zip(lines, sides, strict=True), key=itemgetter(1))]
    else:
        runs = _bands(lines, sides)
    return [part for run in runs for part in _order(run, columns - 1)]


def _separate_boxes(lines: list[Line]) -> list[list[Line]]:
    """Separate boxes beside the text, which were drawn in one piece; they follow the text."""
    runs = [lines[:1]]
    for before, line in pairwise(lines):
        is_apart = line.left > before.right or line.right < before.left
        if (is_apart or line.bottom > before.top) and not _are_beside(before, line):
            runs.append([])
        runs[-1].append(line)
    if not 1 < len(runs) <= _MAX_RUNS:
        return [lines]
    boxes = [run for run in runs if _MIN_COLUMN_LINES <= len(run) < len(lines) / 2 and _is_box(run, lines)]
    if not boxes:
        return [lines]
    inside = {id(line) for box in boxes for line in box}
    return [[line for line in lines if id(line) not in inside], *boxes]


def _is_box(run: list[Line], lines: list[Line]) -> bool:
    """Return whether several lines stand beside a run of lines, and none over or under its width at its height."""
    left, right = min(line.left for line in run), max(line.right for line in run)
    bottom, top = min(line.bottom for line in run), max(line.top for line in run)
    own = set(map(id, run))
    beside = [line for line in lines if bottom < line.bottom and line.top < top and id(line) not in own]
    return len(beside) > 1 and all(line.right < left or line.left > right for line in beside)


def _find_gutter(lines: list[Line]) -> float | None:
    """Return the middle of the strip that best divides ``lines`` into two columns, or None."""
    low, high = min(line.left for line in lines), max(line.right for line in lines)
    size = min(int((high - low) / _BIN) + 2, _MAX_BINS)
    if size < 2 * _MIN_COLUMN_WIDTH / _BIN:
        return None
    count, half = len(lines), (high - low) / 2
    if sum(line.right - line.left > half for line in lines) > 0.9 * count:  # nearly always, in a column
        return None
    starts, ends = [0] * (size + 1), [0] * (size + 1)
    for line in lines:
        starts[min(int((line.left - low) / _BIN), size)] += 1
        ends[min(int((line.right - low) / _BIN) + 1, size)] += 1
    started, ended = list(accumulate(starts)), list(accumulate(ends))
    best, place = -math.inf, None
    margin = int(_MIN_COLUMN_WIDTH / _BIN)
    for at in range(margin, size - margin):
        # Lines that end before the strip, and lines that begin after it; the others cross it.
        before, after = ended[at], count - started[at + _MIN_GUTTER - 1]
        fewer = before if before < after else after
        if fewer >= _MIN_COLUMN_LINES and fewer - 0.5 * (count - before - after) > best:
            best, place = fewer - 0.5 * (count - before - after), at
    if place is None:
        return None
    end = place
    while end + 1 < size - margin and (ended[end + 1], started[end + _MIN_GUTTER]) == (
        ended[place],
        started[place + _MIN_GUTTER - 1],
    ):
        end += 1
    gutter = low + ((place + end + _MIN_GUTTER) / 2) * _BIN
    return gutter if _are_columns(lines, gutter) else None


def _side(line: Line, gutter: float) -> int:
    """Return -1 for the left column, 1 for the right one, and 0 for a line across both."""
    if line.left < gutter - _MIN_CROSSING and line.right > gutter + _MIN_CROSSING:
        return 0
    return -1 if line.left + line.right < 2 * gutter else 1


def _continue_across(lines: list[Line], sides: list[int]) -> None:
    """Count the short last line of a title or an abstract across the columns as a line across."""
    order = sorted(range(len(lines)), key=lambda index: -lines[index].top)
    for before, index, after in zip(order, order[1:], [*order[2:], order[-1]], strict=False):
        line, above = lines[index], lines[before]
        if sides[index] == -1 and sides[before] == 0:
            is_near = above.bottom - line.top < 0.5 * line.size and abs(above.size - line.size) < 0.05 * line.size
            if is_near and (sides[after] != 1 or lines[after].top < line.bottom + 0.3 * line.size):
                sides[index] = 0


def _are_columns(lines: list[Line], gutter: float) -> bool:
    """Return whether the lines beside the gutter are text next to text, not a table or a list."""
    sides: dict[int, list[Line]] = {-1: [], 0: [], 1: []}
    for line in lines:
        sides[_side(line, gutter)].append(line)
    left, right = sides[-1], sides[1]
    if min(len(left), len(right)) < _MIN_COLUMN_LINES:
        return False
    top = min(max(line.top for line in left), max(line.top for line in right))
    bottom = max(min(line.bottom for line in left), min(line.bottom for line in right))
    crossing = sum(bottom < line.bottom and line.top < top for line in sides[0])
    for side in (left, right):
        widths = [line.right - line.left for line in side if bottom - 1 <= line.bottom and line.top <= top + 1]
        if len(widths) < max(_MIN_COLUMN_LINES, _MIN_LINES_PER_CROSSING * crossing):
            return False
        if median_low(widths) < max(_MIN_COLUMN_WIDTH, _MIN_FILLED * max(widths)):
            return False
    return True


def _follows_columns(lines: list[Line], sides: list[int]) -> bool:
    """Return whether the drawing order goes down each column, and does not jump between columns at each line."""
    lowest: dict[int, float] = {}
    switches = groups = 0
    previous = None
    for line, side in zip(lines, sides, strict=True):
        middle = (line.top + line.bottom) / 2
        if middle > lowest.get(side, middle) + 0.6 * line.size:
            return False
        lowest[side] = min(middle, lowest.get(side, middle))
        if side != previous:
            if previous == 1 and side == -1:
                return False
            switches += previous is not None
            groups += side == 0
            previous = side
    return switches <= 2 * groups + 1


def _bands(lines: list[Line], sides: list[int]) -> list[list[Line]]:
    """Divide the page at the lines that cross the gutter; in each band, the left column comes first."""
    in_order = sorted(zip(lines, sides, strict=True), key=lambda item: -(item[0].top + item[0].bottom))
    bands: list[list[Line]] = []
    left: list[Line] = []
    right: list[Line] = []
    across: list[Line] = []
    for line, side in in_order:
        if side == 0:
            bands += [left, right]
            left, right = [], []
            across.append(line)
            continue
        if across:
            bands.append(across)
            across = []
        (left if side < 0 else right).append(line)
    return [band for band in (*bands, across, left, right) if band]


def _to_rows(lines: list[Line]) -> Column:
    """Group the lines of a column to rows, from top to bottom."""
    if any(
        line.bottom > before.bottom
        and line.bottom + line.top > before.bottom + before.top
        and not _are_beside(before, line)
        for before, line in pairwise(lines)
    ):
        lines = sorted(lines, key=lambda line: -(line.bottom + line.top))
    rows: Column = []
    pieces: list[Line] = []
    for line in lines:
        if pieces and line.top >= pieces[-1].bottom and _are_beside(pieces[-1], line):
            pieces.append(line)
            continue
        if len(pieces) > 1:
            rows[-1] = _join_row(pieces)
        pieces = [line]
        rows.append(Row((line,), line.text, line.left, line.bottom, line.right, line.top, line.size))
    if len(pieces) > 1:
        rows[-1] = _join_row(pieces)
    return rows


def _are_beside(one: Line, other: Line) -> bool:
    """Return whether two lines are parts of one line of print."""
    overlap = min(one.top, other.top) - max(one.bottom, other.bottom)
    smaller = min(one.top - one.bottom, other.top - other.bottom)
    is_level = overlap > 0.5 * smaller
    shared = min(one.right, other.right) - max(one.left, other.left)
    return is_level and shared < 0.3 * min(one.right - one.left, other.right - other.left) + 1


def _join_row(pieces: list[Line]) -> Row:
    pieces.sort(key=lambda piece: piece.left)
    main = max(pieces, key=lambda piece: len(piece.text))
    right = max(piece.right for piece in pieces)
    marked = tuple(_as_mark(piece, main) for piece in pieces)
    return Row(marked, _join(pieces), pieces[0].left, main.bottom, right, main.top, main.size)


def _as_mark(piece: Line, main: Line) -> Line:
    """Mark a piece that is only a raised figure or sign."""
    is_raised = piece.size <= _MARK_SIZE * main.size and piece.bottom > main.bottom + 0.1 * main.size
    if is_raised and not piece.marks and _MARK.fullmatch(piece.text):
        return piece._replace(marks=((0, len(piece.text)),))
    return piece
