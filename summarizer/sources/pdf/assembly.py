"""Make the text of an article from the pages of a PDF, with its cuts and the place of each line."""

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from summarizer.article import Cut
from summarizer.sources.pdf.anchors import Run
from summarizer.sources.pdf.extraction import RIGHT_TO_LEFT, Line, Page
from summarizer.sources.pdf.furniture import (
    ends_sentence,
    find_pitch,
    find_text_size,
    separate_furniture,
    split_footnotes,
)
from summarizer.sources.pdf.layout import Column, has_space, order_lines
from summarizer.sources.pdf.paragraphs import Block, Words, build_blocks
from summarizer.spans import Span

_RAISED = re.compile(r"(?<=[^\W\d_][^\W\d_]|.[.,;:!?)\]”’»\"'])[¹²³⁰⁴-⁹]+(?![^\W_])")
_SUPERSCRIPT = re.compile("[¹²³⁰⁴-⁹]")
_UNIT = re.compile(r"(?:\b(?:[kcdmµ]?m|ft|mi|in|yd|s|[^\W\d_])|\b10)$")  # m², 10⁶, x²
_EXPONENT = re.compile("[23²³]|[⁰-⁹]+|\\d+")
_MAX_TITLE = 200  # characters
_MAX_BEFORE_TITLE = 600  # characters
_SAMPLE = 20  # lines of a page


class Extraction(NamedTuple):
    """The text of a PDF."""

    text: str
    runs: tuple[Run, ...]
    cuts: tuple[Cut, ...]
    title: str | None
    """The largest type at the top of the first page."""


def assemble(pages: list[Page], language: str | None) -> Extraction:
    """Make the text of ``pages``: paragraphs, separated by blank lines. The file may declare its ``language``."""
    pages = [_mirror(page) if _is_right_to_left(page) else page for page in pages]
    text_size = find_text_size(pages)
    columns: list[Column] = []
    cuts: dict[int, list[tuple[list[Line], str]]] = {}  # by the number of the column that they precede
    is_continued = False
    for page, furniture in zip(pages, separate_furniture(pages, text_size), strict=True):
        texts, notes = split_footnotes(order_lines(furniture.rest), text_size, is_continued=is_continued)
        is_continued = bool(notes) and not ends_sentence(notes[-1][-1].text)
        head = _as_rows(furniture.head)
        if columns:
            cuts.setdefault(len(columns), []).extend(head)
            head = []
        columns += texts
        after = cuts.setdefault(len(columns), [])
        after += head  # of the first page: the text begins with its title
        after += [(note, "footnote") for note in notes]
        after += _as_rows((line, "margin") for line in page.turned)
        after += _as_rows(furniture.foot)
    pitch = find_pitch(columns)
    blocks = build_blocks(columns, text_size, pitch) if columns else []
    return _Writer(Words(columns, language)).write(blocks, cuts, text_size)


def _is_right_to_left(page: Page) -> bool:
    lines = page.lines[:_SAMPLE]
    return 2 * sum(RIGHT_TO_LEFT.search(line.text) is not None for line in lines) > len(lines)


def _mirror(page: Page) -> Page:
    """Return a page in Arabic or Hebrew as if its lines began at the left."""
    lines = [line._replace(left=page.width - line.right, right=page.width - line.left) for line in page.lines]
    return page._replace(lines=lines)


def _as_rows(lines: Iterable[tuple[Line, str]]) -> list[tuple[list[Line], str]]:
    return [([line], reason) for line, reason in lines]


class _Writer:
    """Writes blocks into one text, and records where each line stands."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._parts: list[str] = []
        self._length = 0
        self._runs: list[Run] = []
        self._cuts: list[Cut] = []

    def write(
        self,
        blocks: list[Block],
        cuts: dict[int, list[tuple[list[Line], str]]],
        text_size: float,
    ) -> Extraction:
        """Write all blocks, and what is cut before the next block that begins after it."""
        pending = sorted(cuts)
        title, title_size = None, 1.15 * text_size
        for block in blocks:
            while pending and pending[0] <= block.column:
                self._write_cuts(cuts[pending.pop(0)])
            text = self._write_rows(block.rows)
            first = block.rows[0].parts[0]
            if (
                first.page == 0
                and self._length < _MAX_BEFORE_TITLE
                and block.size > title_size
                and 3 < len(text) <= _MAX_TITLE
                and any(map(str.isalpha, text))
            ):
                title, title_size = text, block.size * 1.02
        for number in pending:
            self._write_cuts(cuts[number])
        return Extraction("".join(self._parts), tuple(self._runs), tuple(self._cuts), title)

    def _write_cuts(self, cuts: list[tuple[list[Line], str]]) -> None:
        for rows, reason in cuts:
            kept = len(self._cuts)
            text = self._write_rows(rows)
            self._cuts[kept:] = [Cut(Span(self._length - len(text), self._length), reason)]

    def _write_rows(self, rows: list[Line]) -> str:
        """Write a block, and return its text."""
        if self._length:
            self._add("\n\n")
        start, part = self._length, len(self._parts)
        join, before = self._words.join, None
        for row in rows:
            if before and (joint := join(before, row)):
                self._parts.append(joint)
                self._length += len(joint)
            before = row
            if not row.pieces:  # nearly always
                self._write_piece(row)
                continue
            self._write_piece(row.pieces[0])
            for previous, piece in pairwise(row.pieces):
                if has_space(previous, piece):
                    self._add(" ")
                self._write_piece(piece)
        if rows[-1].is_divided:
            self._add("-")
        text = "".join(self._parts[part:])
        if not text.isascii() and _SUPERSCRIPT.search(text):
            for mark in _RAISED.finditer(text):
                self._cut_mark(text, *mark.span(), start)
        return text

    def _write_piece(self, piece: Line) -> None:
        text, page, offset, _, _, _, _, _, _, marks, _ = piece
        start = self._length
        self._length = end = start + len(text)
        self._parts.append(text)
        self._runs.append(tuple.__new__(Run, (start, end, page, offset)))  # in half the time
        for first, last in marks:
            before = piece.text[:first] or "".join(self._parts[-4:-1])
            self._cut_mark(
                before + piece.text[first:last], len(before), len(before) + last - first, start + first - len(before)
            )

    def _cut_mark(self, text: str, first: int, last: int, start: int) -> None:
        """Cut a footnote mark, a range of ``text``, unless it belongs to a unit or a number."""
        if not (_EXPONENT.fullmatch(text, first, last) and _UNIT.search(text[max(0, first - 12) : first])):
            self._cuts.append(Cut(Span(start + first, start + last), "footnote-mark"))

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
