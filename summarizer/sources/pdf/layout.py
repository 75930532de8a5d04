"""Put the lines of a page in reading order.

Lines that stand one below the other are a stack. A gutter is a vertical strip that few stacks cross, with columns on
both sides. Lines that cross it, such as a heading over two columns, divide the page into bands. In a band, one column
is read after the other. The order in which the file draws the lines is kept if it follows the columns: it knows more
about boxes and figures.
"""

import math
from bisect import bisect_left
from itertools import accumulate, chain, groupby, pairwise
from operator import attrgetter, itemgetter
from statistics import median_low

from summarizer._patterns import compile_lazily
from summarizer.sources.pdf.extraction import Line

_SHIFT = 3  # times the size: lines of a stack begin no farther apart
_NARROW = 0.7  # of the width of a stack: two lines so narrow begin a new one
_MAX_GROWING = 8  # stacks
_MIN_GUTTER = 5.0  # points
_MIN_COLUMN_LINES = 3
_MIN_COLUMN_WIDTH = 70.0  # points: narrower "columns" are figures of a table, bullets, or page numbers
_MIN_FILLED = 0.5  # share of the longest line of a column that a usual line fills; less is a table
_MIN_CROSSING = 12.0  # points that a line reaches into both columns if it crosses the gutter
_MAX_RUNS = 30
_TITLE = 1.4  # times the size of a box: a larger line before it belongs to the text
_MAX_INITIAL = 2  # characters: a letter after a quotation mark
_INITIAL_SIZE = 1.8  # times the size of the line
_MARK_SIZE = 0.8  # of the size of the row; a footnote mark is not larger
_MARK = compile_lazily(r"\[?\d{1,3}\]?(?:[,–-]\d{1,3})*|[*†‡§]{1,3}")
_MAX_COLUMNS = 6


Column = list[Line]
"""Lines of print of a column, or across columns, from top to bottom."""


class _Stack:
    """Lines of similar width that were drawn one below the other."""

    __slots__ = ("bottom", "left", "lines", "next", "right", "top")

    def __init__(self, line: Line) -> None:
        self.lines = [line]
        self.next = self
        """The stack that was drawn on after this one: columns that are drawn row by row take turns."""
        self.left, self.bottom, self.right, self.top = line.left, line.bottom, line.right, line.top

    def can_take(self, line: Line) -> bool:
        """Return whether a line continues the stack."""
        _, _, _, left, bottom, right, top, size, _, _, _ = line
        if not (bottom < self.bottom < top + size and right < self.right + size):
            return False
        if not -_SHIFT * size < left - self.left < _SHIFT * size:
            return False
        least = self.left + _NARROW * (self.right - self.left)
        return right > least or self.lines[-1].right > least or len(self.lines) == 1


def order_lines(lines: list[Line]) -> list[Column]:
    """Return the lines of a page in reading order; lines of print that were drawn in pieces are joined."""
    least = _INITIAL_SIZE * median_low([line.size for line in lines]) if lines else 0
    for initial in [line for line in lines if line.size > least and len(line.text) <= _MAX_INITIAL]:
        lines = _join_initial(initial, lines)
    return _order(_stack(lines), _MAX_COLUMNS)


def _join_initial(initial: Line, lines: list[Line]) -> list[Line]:
    """Join a large initial, which is as high as several lines, with the first line beside it."""
    for line in lines:
        is_beside = 0 < line.left - initial.left < 2 * initial.size
        if is_beside and initial.text[-1].isalpha() and initial.bottom + line.size < line.bottom < initial.top:
            joined = line._replace(text=initial.text + line.text, pieces=(initial._replace(right=line.left), line))
            return [joined if other is line else other for other in lines if other is not initial]
    return lines


def _stack(lines: list[Line]) -> list[_Stack]:
    """Group lines to stacks. Columns that were drawn row by row become stacks, too."""
    stacks: list[_Stack] = []
    growing: list[_Stack] = []
    last: _Stack | None = None
    for line in lines:
        if last and last.can_take(line):
            stack = last
        elif last and last.next.can_take(line):
            stack = last.next
        else:
            found = next((stack for stack in growing if stack.can_take(line)), None)
            if not found:
                growing = [one for one in growing[-_MAX_GROWING:] if one.right < line.left or line.right < one.left]
                found = _Stack(line)
                growing.append(found)
                stacks.append(found)
            stack = found
        if stack.lines[-1] is not line:
            stack.lines.append(line)
            stack.bottom = line.bottom
            stack.right = line.right if line.right > stack.right else stack.right
        if last and stack is not last:
            last.next = stack
        last = stack
    return stacks


def has_space(before: Line, piece: Line) -> bool:
    """Return whether a gap separates two pieces of a row."""
    return piece.left - before.right > 0.12 * max(before.size, piece.size)


def _order(stacks: list[_Stack], columns: int) -> list[Column]:
    gutter = _find_gutter(stacks) if columns > 1 and len(stacks) > 1 else None
    if gutter is None:
        if stacks and _ends_with_short_column(stacks):
            return [*_order(stacks[:-1], columns), stacks[-1].lines]
        if all(stack.top <= before.bottom for before, stack in pairwise(stacks)):
            return [[line for stack in stacks for line in stack.lines]] if stacks else []
        lines = sorted(chain.from_iterable(stack.lines for stack in stacks), key=attrgetter("offset"))
        return [_to_rows(column) for column in _separate_boxes(lines)]
    sides = [_side(stack, gutter) for stack in stacks]
    if _follows_columns(stacks, sides):
        groups = groupby(zip(stacks, sides, strict=True), key=itemgetter(1))
        runs = [[stack for stack, _ in group] for _, group in groups]
    elif 0 in sides:
        runs = [_stack(band) for band in _divide_into_bands(stacks, sides)]
    else:
        runs = [[stack for stack, its_side in zip(stacks, sides, strict=True) if its_side == side] for side in (-1, 1)]
    return [column for run in runs for column in _order(run, columns - 1)]


def _ends_with_short_column(stacks: list[_Stack]) -> bool:
    """Return whether the stack that was drawn last begins a further column: right of all others and higher."""
    *others, last = stacks
    is_higher = len(others) > 0 and last.bottom > others[-1].lines[-1].top
    return is_higher and all(stack.right + _MIN_GUTTER < last.left or stack.bottom >= last.top for stack in others)


def _separate_boxes(lines: list[Line]) -> list[list[Line]]:
    """Separate boxes beside the text, which were drawn in one piece; they follow the text."""
    runs = [lines[:1]]
    for before, line in pairwise(lines):
        is_apart = line.left > before.right or line.right < before.left
        is_title = before.size > _TITLE * line.size
        if is_title or ((is_apart or line.bottom > before.top) and not _are_beside(before, line)):
            runs.append([])
        runs[-1].append(line)
    if not 1 < len(runs) <= _MAX_RUNS:
        return [lines]
    boxes = [run for run in runs if _MIN_COLUMN_LINES <= len(run) < len(lines) / 2 and _is_box(run, lines)]
    if not boxes:
        return [lines]
    inside = {id(line) for box in boxes for line in box}
    rest = [line for line in lines if id(line) not in inside]
    return [rest, *boxes] if rest else boxes


def _is_box(run: list[Line], lines: list[Line]) -> bool:
    """Return whether several lines are beside a run of lines, and none over or under its width at its height."""
    left, right = min(line.left for line in run), max(line.right for line in run)
    bottom, top = min(line.bottom for line in run), max(line.top for line in run)
    own = set(map(id, run))
    beside = [line for line in lines if bottom < line.bottom and line.top < top and id(line) not in own]
    return len(beside) > 1 and all(line.right < left or line.left > right for line in beside)


def _find_gutter(stacks: list[_Stack]) -> float | None:
    """Return the middle of the strip that best divides ``stacks`` into two columns, or None."""
    low, high = min([stack.left for stack in stacks]), max([stack.right for stack in stacks])
    count, half = sum([len(stack.lines) for stack in stacks]), (high - low) / 2
    wide = sum([len(stack.lines) for stack in stacks if stack.right - stack.left > half])
    if count < 2 * _MIN_COLUMN_LINES or wide > 0.9 * count:  # nearly always, in a column
        return None
    starts = sorted([(stack.left, len(stack.lines)) for stack in stacks])
    ends = sorted([(stack.right, len(stack.lines)) for stack in stacks])
    started = [0, *accumulate(lines for _, lines in starts)]
    best, gutter = -math.inf, 0.0
    for (end, _), before in zip(ends, accumulate(lines for _, lines in ends), strict=True):
        if not low + _MIN_COLUMN_WIDTH <= end <= high - _MIN_COLUMN_WIDTH:
            continue
        # Lines that end before the strip, and lines that begin after it; the others cross it.
        at = bisect_left(starts, (end + _MIN_GUTTER, 0))
        after = count - started[at]
        fewer = before if before < after else after
        if fewer >= _MIN_COLUMN_LINES and (score := fewer - 0.5 * (count - before - after)) > best:
            best, gutter = score, (end + starts[at][0]) / 2
    return gutter if best > -math.inf and _are_columns(stacks, gutter) else None


def _side(stack: _Stack, gutter: float) -> int:
    """Return -1 for the left column, 1 for the right one, and 0 for lines across both."""
    if stack.left < gutter - _MIN_CROSSING and stack.right > gutter + _MIN_CROSSING:
        return 0
    return -1 if stack.left + stack.right < 2 * gutter else 1


def _are_columns(stacks: list[_Stack], gutter: float) -> bool:
    """Return whether the lines beside the gutter are text next to text, not a table or a list."""
    sides: dict[int, list[Line]] = {-1: [], 0: [], 1: []}
    for stack in stacks:
        sides[_side(stack, gutter)] += stack.lines
    left, right = sides[-1], sides[1]
    if min(len(left), len(right)) < _MIN_COLUMN_LINES:
        return False
    top = min(max(line.top for line in left), max(line.top for line in right))
    bottom = max(min(line.bottom for line in left), min(line.bottom for line in right))
    for side in (left, right):
        widths = [line.right - line.left for line in side if line.bottom >= bottom - 1 and line.top <= top + 1]
        if len(widths) < _MIN_COLUMN_LINES:
            return False
        if median_low(widths) < max(_MIN_COLUMN_WIDTH, _MIN_FILLED * max(widths)):
            return False
    return True


def _follows_columns(stacks: list[_Stack], sides: list[int]) -> bool:
    """Return whether the drawing order goes down each column, and does not jump between columns at each stack."""
    lowest: dict[int, float] = {}
    rightmost: dict[int, float] = {}
    previous = None
    for stack, side in zip(stacks, sides, strict=True):
        first, last = stack.lines[0], stack.lines[-1]
        middle = (first.top + first.bottom) / 2
        if stack.left > rightmost.get(side, stack.left):  # a further column
            del lowest[side]
        if middle > lowest.get(side, middle) + 0.6 * first.size:
            return False
        lowest[side] = min((last.top + last.bottom) / 2, lowest.get(side, middle))
        rightmost[side] = max(stack.right, rightmost.get(side, stack.right))
        if previous == 1 and side == -1:
            return False
        previous = side
    return True


def _divide_into_bands(stacks: list[_Stack], sides: list[int]) -> list[list[Line]]:
    """Divide the page at the lines that cross the gutter; in each band, the left column comes first."""
    lines = [(line, side) for stack, side in zip(stacks, sides, strict=True) for line in stack.lines]
    lines.sort(key=lambda item: -(item[0].top + item[0].bottom))
    bands: list[list[Line]] = []
    for is_across, group in groupby(lines, key=lambda item: item[1] == 0):
        found = list(group)
        bands += [[line for line, side in found if side == wanted] for wanted in ((0,) if is_across else (-1, 1))]
    return [band for band in bands if band]


def _to_rows(lines: list[Line]) -> Column:
    """Group the lines of a column to rows, from top to bottom."""
    if any(
        line.bottom > before.bottom
        and line.bottom + line.top > before.bottom + before.top
        and not _are_beside(before, line)
        for before, line in pairwise(lines)
    ):
        lines = sorted(lines, key=lambda line: -(line.bottom + line.top))
    rows = [lines[:1]]
    for before, line in pairwise(lines):
        if _are_beside(before, line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [row[0] if len(row) == 1 else _join_row(row) for row in rows]


def _are_beside(one: Line, other: Line) -> bool:
    """Return whether two lines are parts of one line of print."""
    overlap = min(one.top, other.top) - max(one.bottom, other.bottom)
    smaller = min(one.top - one.bottom, other.top - other.bottom)
    is_level = overlap > 0.5 * smaller
    shared = min(one.right, other.right) - max(one.left, other.left)
    return is_level and shared < 0.3 * min(one.right - one.left, other.right - other.left) + 1


def _join_row(pieces: list[Line]) -> Line:
    pieces.sort(key=lambda piece: piece.left)
    main = max(pieces, key=lambda piece: len(piece.text))
    text = pieces[0].text
    for before, piece in pairwise(pieces):
        text += f" {piece.text}" if has_space(before, piece) else piece.text
    return main._replace(
        text=text,
        left=pieces[0].left,
        right=max(piece.right for piece in pieces),
        is_divided=pieces[-1].is_divided,
        marks=(),
        pieces=tuple(_as_mark(piece, main) for piece in pieces),
    )


def _as_mark(piece: Line, main: Line) -> Line:
    """Mark a piece that is only a raised figure or sign."""
    is_raised = piece.size <= _MARK_SIZE * main.size and piece.bottom > main.bottom + 0.1 * main.size
    if is_raised and not piece.marks and _MARK.fullmatch(piece.text):
        return piece._replace(marks=((0, len(piece.text)),))
    return piece
