"""Join the rows of all columns and pages to paragraphs and headings, and the words that are divided between rows.

A soft hyphen, which only divides a word, and a real one, as in "long-term", look alike. The form that stands
elsewhere in the text decides.
"""

import re
from collections import Counter
from itertools import chain, islice, pairwise
from statistics import median_low
from typing import NamedTuple

from summarizer._patterns import compile_lazily
from summarizer.article import guess_language
from summarizer.sources.pdf.extraction import Line
from summarizer.sources.pdf.furniture import ends_sentence
from summarizer.sources.pdf.layout import Column

_INDENT = 0.6  # times the size of the type
_MAX_DISTANCE = 1.22  # times the usual distance of lines; more is a gap between paragraphs
_MIN_DISTANCES = 5
_SAMPLE = 24  # rows
_SAME_SIZE = 0.07
_HEADING = 1.15  # times the size of the text
_MIN_INDENTED = 3  # paragraphs, before indentation counts as the sign of a new paragraph in this file
_MAX_FLOATS = 5  # captions and boxes between the parts of a paragraph
_LEADER, _LEADER_ENDS = compile_lazily(r"(?:\. ?){4,}\d*$"), frozenset("0123456789.")  # of a table of contents
_BULLET = compile_lazily(r"[•▪‣◦●■□–—*·]\s|\(?(?:\d{1,2}|[a-z])[.)]\s")


_PUNCTUATION = ".,;:!?…()[]{}“”„‘’‚'«»‹›\"–—/*"
_LAST = compile_lazily(r"[^\W_]+(?:[-‐'’][^\W_]+)*$")
_FIRST = compile_lazily(r"[^\W_]+(?:['’][^\W_]+)*")
_UNSPACED = compile_lazily("[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]")  # Chinese and Japanese
_ADDRESS = compile_lazily(r".*(?:https?:|www\.|@)")
# Prefixes that mostly keep their hyphen, and words before the second half of a pair ("short- and long-term").
_KEEPING = frozenset("self ex quasi pseudo well cross anti pro non vice so".split())
_KEPT_AFTER = frozenset("term based related scale level income friendly minded owned backed oriented elect".split())
_LINKING = frozenset("and by for of the to".split())
_SHARING = frozenset("and or und oder bzw et ou y e o och og en of to bis".split())
# First parts of words that are one word, although both parts are words.
_CLOSED = frozenset(
    "after any back by down every fore hand head here in inter life more never not on out over some sub super there"
    " through to trans under up what when where who with work".split()
)
_MIN_PART = 3  # letters
_LANGUAGE_SAMPLE = 200  # rows
_SEPARATING = frozenset("en fr es it pt".split())  # languages that put a space or a hyphen between parts of compounds
_AFTER_LETTER = frozenset(".)")  # of an item of a list
_MAYBE_ENDS = frozenset(".!?…。！？)]”’»\"'0123456789")


class Block(NamedTuple):
    """The rows of a paragraph, a heading or a caption."""

    rows: list[Line]
    is_full: bool
    """True if the last row fills its column."""
    is_indented: bool
    """True if the first row is indented."""
    column: int
    """The number of the column in which it begins."""

    @property
    def size(self) -> float:
        """The size of the type, in points."""
        return self.rows[-1].size


def build_blocks(columns: list[Column], text_size: float, pitch: float) -> list[Block]:
    """Divide columns into blocks, and join the paragraphs that go on in the next column or page.

    Args:
        columns: The columns of all pages, in reading order.
        text_size: The size of the text, in points.
        pitch: The usual distance of lines, as a multiple of their size.
    """
    by_column = [_split_column(column, number, text_size, pitch) for number, column in enumerate(columns)]
    indented = sum(block.is_indented for blocks in by_column for block in blocks[1:])
    blocks: list[Block] = []
    for found in by_column:
        first, *others = found
        if blocks and _goes_on(blocks[-1], first, text_size, uses_indents=indented >= _MIN_INDENTED):
            blocks[-1] = _merge(blocks[-1], first)
        else:
            blocks.append(first)
        blocks += others
    return _join_around_floats(blocks, text_size)


def _split_column(column: Column, number: int, text_size: float, pitch: float) -> list[Block]:
    left_edge, right_edge = _find_edges(column)
    distance = _find_distance(column, text_size) or pitch * text_size
    group = [column[0]]
    groups = [group]
    for before, row in pairwise(column):
        before_text, _, _, before_left, before_low, before_right, _, before_size, is_divided, _, _ = before
        text, _, _, left, low, _, _, size, _, _, _ = row
        if (
            -0.01 < size - before_size < 0.01
            and -0.5 * size < left - before_left < 0.5 * size
            and before_low - low < 1.1 * distance
            and before_text[-1] not in _MAYBE_ENDS
            and (
                is_divided
                or before_right > right_edge - 0.5 * size
                or (text[0].islower() and text[1:2] not in _AFTER_LETTER)
            )
        ):  # nearly always
            group.append(row)
            continue
        usual = distance if size <= _HEADING * text_size else pitch * size
        if _continues(before, row, right_edge, usual, text_size):
            group.append(row)
        else:
            group = [row]
            groups.append(group)
    return [
        Block(
            rows,
            is_full=rows[-1].right > right_edge - 2 * rows[-1].size or rows[-1].is_divided,
            is_indented=rows[0].left - left_edge > _INDENT * rows[0].size,
            column=number,
        )
        for rows in groups
    ]


def _find_edges(column: Column) -> tuple[float, float]:
    """Return the left edge at which most rows begin, and the right edge that nearly all of them keep."""
    lefts = Counter([round(row.left) for row in column])
    count = max(lefts.values())
    left = min(left for left, times in lefts.items() if times == count)
    rights = sorted(row.right for row in column)
    return left, rights[-1 - len(rights) // 12]


def _find_distance(column: Column, text_size: float) -> float | None:
    """Return the usual distance between lines of text, in points, or None if there are too few."""
    low, high = text_size * (1 - _SAME_SIZE), text_size * (1 + _SAME_SIZE)
    rows = column[:_SAMPLE]
    distances = [before.bottom - row.bottom for before, row in pairwise(rows) if low < row.size < high]
    return median_low(distances) if len(distances) >= _MIN_DISTANCES else None


def _continues(before: Line, row: Line, right_edge: float, usual: float, text_size: float) -> bool:
    """Return whether ``row`` continues the block of the row ``before`` in the same column."""
    if abs(before.size - row.size) > _SAME_SIZE * max(before.size, row.size):
        return False
    if before.bottom - row.bottom > _MAX_DISTANCE * usual:
        return False
    if before.is_divided:
        return True
    if before.text[-1] in _LEADER_ENDS and _LEADER.search(before.text, max(0, len(before.text) - 20)):
        return False
    text = row.text
    is_end = ends_sentence(before.text)
    shift = row.left - before.left
    if _BULLET.match(text) and (is_end or _fits(before, row, right_edge)):
        return False
    if row.size > _HEADING * text_size:
        return True
    is_centered = abs(before.left + before.right - row.left - row.right) < 0.5 * row.size
    if shift > _INDENT * row.size and not is_centered and not _BULLET.match(before.text):
        return text[0].islower() and not is_end
    if _fits(before, row, right_edge):
        return text[0].islower() and not is_end
    return True


def _fits(before: Line, row: Line, right_edge: float) -> bool:
    """Return whether the first word of ``row`` had room in the row before: then the break was on purpose."""
    text = row.text
    first = text.split(maxsplit=1)[0]
    width = (row.right - row.left) / max(1, len(text))
    return before.right + (len(first) + 1) * width * 1.15 + 0.3 * row.size < right_edge


def _goes_on(before: Block, block: Block, text_size: float, *, uses_indents: bool) -> bool:
    """Return whether ``block`` at the top of a column continues the last block of the column before."""
    if abs(before.size - block.size) > _SAME_SIZE * before.size or before.size > _HEADING * text_size:
        return False
    last, first = before.rows[-1], block.rows[0]
    if last.is_divided:
        return True
    if _BULLET.match(first.text):
        return False
    if ends_sentence(last.text):
        return uses_indents and before.is_full and not block.is_indented and len(before.rows) > 1
    if first.text[0].islower():
        return True
    return before.is_full and len(before.rows) > 1 and not (uses_indents and block.is_indented)


def _merge(before: Block, block: Block) -> Block:
    return before._replace(rows=[*before.rows, *block.rows], is_full=block.is_full)


def _join_around_floats(blocks: list[Block], text_size: float) -> list[Block]:
    """Join a paragraph that goes on after a figure, a caption or a box; what is between follows it."""
    index = 0
    while index < len(blocks):
        if rest := _find_rest(blocks, index, text_size):
            blocks[index : rest + 1] = [_merge(blocks[index], blocks[rest]), *blocks[index + 1 : rest]]
        else:
            index += 1
    return blocks


def _find_rest(blocks: list[Block], index: int, text_size: float) -> int | None:
    block = blocks[index]
    if block.is_full and _is_text(block, text_size) and not ends_sentence(block.rows[-1].text):
        for at, other in enumerate(blocks[index + 1 : index + 1 + _MAX_FLOATS], index + 1):
            if _is_text(other, text_size) and other.rows[0].text[0].islower():
                return at
            if other.size > _HEADING * text_size:
                break
    return None


def _is_text(block: Block, text_size: float) -> bool:
    return abs(block.size - text_size) <= _SAME_SIZE * text_size


class Words:
    """The words of a text, and how it writes compounds."""

    def __init__(self, columns: list[Column], language: str | None) -> None:
        """Take the ``columns`` of the text in reading order, and its declared language."""
        self._columns, self._language = columns, language
        self._counts: Counter[str] | None = None  # counted when the first word is divided

    def join(self, before: Line, row: Line) -> str:
        """Return what is between two rows of a paragraph: a space, a hyphen or nothing."""
        if before.is_divided:
            return self._join_divided(before.text, row.text)
        last = before.text[-1]
        if last != "/" and last < "–":  # nearly always
            return " "
        if _UNSPACED.match(last) and _UNSPACED.match(row.text):
            return ""
        if last == "–" and before.text[-2:-1].isdigit() and row.text[0].isdigit():
            return ""
        return "" if last in "—/" and before.text[-2:-1].isalnum() else " "

    def _join_divided(self, before: str, after: str) -> str:
        """Return what is between the line ``before`` a hyphen and the line ``after`` it."""
        left, right = before.rpartition(" ")[2], after.partition(" ")[0]
        if not (left.isalpha() and right.isalpha()):
            if _ADDRESS.match(left):
                return "-"
            last, first = _LAST.search(left), _FIRST.match(after)
            if not last or not first:
                return "-"
            left, right = last[0], first[0]
        if right in _SHARING:
            return "- "
        closed = self._count(left + right)
        open_ = self._count(f"{left}-{right}")
        if closed != open_:
            return "" if closed > open_ else "-"
        return "-" if self._keeps_hyphen(left, right) else ""

    def _count(self, word: str) -> int:
        """Return how often the text has a word that is not divided."""
        if self._counts is None:
            rows = chain.from_iterable(self._columns)
            text = "".join([f"{row.text}-\ufffe" if row.is_divided else f"{row.text} " for row in rows])
            self._counts = Counter()
            for token, count in Counter(text.casefold().replace("‐", "-").split()).items():
                self._counts[token.strip(_PUNCTUATION)] += count
        return self._counts[word.casefold().replace("‐", "-")]

    def _keeps_hyphen(self, left: str, right: str) -> bool:
        start = re.split("[-‐]", left)[-1]
        if right[0].isupper() or not (start + right).isalpha():
            return not start.isupper() or not right.isupper()  # a word in capitals is divided like others
        word = start.casefold()
        if len(start) == 1 or (start.isupper() and not right.isupper()) or word in _KEEPING:
            return True
        if (len(start) > _MIN_PART and right in _KEPT_AFTER) or (word in {"re", "pre"} and right[0] == "e"):
            return True
        if left != start and word in _LINKING:  # state-of-the-art
            return True
        if word in _CLOSED or min(len(start), len(right)) < _MIN_PART:
            return False
        return self._count(start) > 0 and self._count(right) > 0 and not self._writes_compounds()

    def _writes_compounds(self) -> bool:
        """Return whether the language writes compounds as one word, like the German "Wasserpreise"."""
        if not self._language:
            rows = islice(chain.from_iterable(self._columns), _LANGUAGE_SAMPLE)
            self._language = guess_language(" ".join(row.text for row in rows))
        return self._language.partition("-")[0].lower() not in _SEPARATING
