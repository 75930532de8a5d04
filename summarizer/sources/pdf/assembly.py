"""Make an article's text from the pages of a PDF, with cuts and the places of lines."""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any, NamedTuple

from summarizer._patterns import compile_lazily
from summarizer._text import collapse_whitespace
from summarizer.article import Cut, PagePlace, Place
from summarizer.sources.pdf.extraction import RIGHT_TO_LEFT, Line, Page, find_boxes
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

_RAISED = compile_lazily(r"(?<=[^\W\d_][^\W\d_]|.[.,;:!?)\]”’»\"'])[¹²³⁰⁴-⁹]+(?![^\W_])")
_SUPERSCRIPT = compile_lazily("[¹²³⁰⁴-⁹]")
_UNIT = compile_lazily(r"(?:\b(?:[kcdmµ]?m|ft|mi|in|yd|s|[^\W\d_])|\b10)$")  # m², 10⁶, x²
_EXPONENT = compile_lazily("[23²³]|[⁰-⁹]+|\\d+")
_MAX_TITLE = 200  # characters
_MAX_BEFORE_TITLE = 600  # characters
_SAMPLE = 20  # lines of a page


class Run(NamedTuple):
    """Characters of the article that stand one for one in PDFium's text of a page."""

    start: int
    """The offset of the first character in the article's text."""
    end: int
    """The offset after the last character in the article's text."""
    page: int
    """The index of the page, from 0."""
    offset: int
    """The offset of the first character in PDFium's text of the page."""


@dataclass(frozen=True, slots=True)
class PDFAnchors:
    """The places of an article's text in its PDF. Boxes are measured when they are asked for."""

    runs: tuple[Run, ...]
    """One for each line, sorted and not overlapping."""
    text: str = field(repr=False)
    """The article's text."""
    data: bytes = field(repr=False)
    """The PDF."""

    def places(self, span: Span) -> tuple[Place, ...]:
        """Return a box for each line in ``span``, as the page is shown; empty if it has none."""
        places: list[Place] = []
        for page, runs in groupby(self._runs_in(span), key=attrgetter("page")):
            boxes, _ = find_boxes(self.data, page, [(run.offset, run.offset + run.end - run.start) for run in runs])
            places += [PagePlace(page + 1, *box) for box in boxes]
        return tuple(places)

    def selector(self, span: Span) -> dict[str, Any] | None:
        """Return a FragmentSelector of the page on which ``span`` begins; None without a place.

        A TextQuoteSelector refines it. The rectangle (RFC 3778) is left, top, width and height in points, from the
        top left corner of the page.
        """
        runs = self._runs_in(span)
        if not runs:
            return None
        page = runs[0].page
        ranges = [(run.offset, run.offset + run.end - run.start) for run in runs if run.page == page]
        value = f"page={page + 1}"
        boxes, height = find_boxes(self.data, page, ranges)
        if boxes:
            left, bottom, right, top = zip(*boxes, strict=True)
            x, y = min(left), height - max(top)
            value += f"&viewrect={x:.1f},{y:.1f},{max(right) - x:.1f},{max(top) - min(bottom):.1f}"
        return {
            "type": "FragmentSelector",
            "conformsTo": "http://tools.ietf.org/rfc/rfc3778",
            "value": value,
            "refinedBy": {"type": "TextQuoteSelector", "exact": collapse_whitespace(self.text[span.start : span.end])},
        }

    def fragment(self, span: Span) -> str | None:
        """Return the fragment that opens the page on which ``span`` begins: ``"page=3"``; None without a place."""
        runs = self._runs_in(span)
        return f"page={runs[0].page + 1}" if runs else None

    def _runs_in(self, span: Span) -> list[Run]:
        """Return the runs in ``span``, clipped."""
        first = bisect_right(self.runs, span.start, key=attrgetter("end"))
        clipped: list[Run] = []
        for run in self.runs[first : bisect_right(self.runs, span.end - 1, lo=first, key=attrgetter("start"))]:
            start, end = max(run.start, span.start), min(run.end, span.end)
            if start < end:
                clipped.append(Run(start, end, run.page, run.offset + start - run.start))
        return clipped


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
    cuts: dict[int, list[tuple[list[Line], str]]] = defaultdict(list)  # by the number of the column that they precede
    is_continued = False
    for page, furniture in zip(pages, separate_furniture(pages, text_size), strict=True):
        texts, notes = split_footnotes(order_lines(furniture.rest), text_size, is_continued=is_continued)
        is_continued = bool(notes) and not ends_sentence(notes[-1][-1].text)
        head, foot = ([([line], reason) for line, reason in side] for side in (furniture.head, furniture.foot))
        if columns:
            cuts[len(columns)] += head
            head = []  # on the first page it follows: the text begins with its title
        columns += texts
        notes_and_margin = [(note, "footnote") for note in notes] + [([line], "margin") for line in page.turned]
        cuts[len(columns)] += head + notes_and_margin + foot
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


class _Writer:
    """Writes blocks into one text, and records where each line stands."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._parts: list[str] = []
        self._length = 0
        self._runs: list[Run] = []
        self._cuts: list[Cut] = []

    def write(self, blocks: list[Block], cuts: dict[int, list[tuple[list[Line], str]]], text_size: float) -> Extraction:
        """Write all blocks, and what is cut before the next block that begins after it."""
        pending = sorted(cuts)
        title, title_size = None, 1.15 * text_size
        for block in blocks:
            while pending and pending[0] <= block.column:
                self._write_cuts(cuts[pending.pop(0)])
            text = self._write_rows(block.rows)
            first = block.rows[0]
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
            kept, text = len(self._cuts), self._write_rows(rows)
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
