"""Read the lines of a PDF, with their boxes, from PDFium.

PDFium is not thread-safe: `open_pdf` holds a lock, and whatever PDFium opened is closed before it is released.
A call for each character would cost three times as much as the text itself. So a line has the boxes of its first
and last characters, and more only where they matter: at wide gaps and at raised figures.
"""

import ctypes
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from struct import Struct
from threading import Lock
from typing import Any, NamedTuple

from summarizer._lazy import import_extra
from summarizer.errors import ArticleError

_LOCK = Lock()
_BOX_FUNCTION = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_unpack_box = Struct("4f").unpack_from

_LINE = re.compile(r"[^\r\n\ufffe]+")  # PDFium puts U+FFFE in place of a hyphen and the line break after it
_GARBAGE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd]")
_PLAIN = bytes([9, 10, 13, *range(32, 127)])  # ASCII without the controls
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
# A number or a sign that may be a footnote mark; not after a space or an opening mark.
_MARK = re.compile(r"(?:[0-9]{1,3}(?:[,–-][0-9]{1,3})*\]?|\[[0-9]{1,3}\]|[*†‡§]{1,3})(?![\w%])")
_NOT_BEFORE_MARK = frozenset(" \xa0([-–/$€£#")

_HYPHENS = frozenset("-\xad‐")
_MAYBE_MARK = re.compile("[0-9*†‡§]")
_RAISED_SIZE = 0.8  # of the size of the line; a mark is not larger
_GAP = 0.9  # of the size of the line; a narrower gap is a space
_SAMPLE = 12  # wide lines of a page in which gutters are searched
_GUTTER = 4  # points between a place in a gutter and the column after it
_MIN_SHARING = 3  # lines of the sample
_MAX_CHARACTERS = 20_000_000
_PASSWORD_NEEDED, _UNKNOWN_ENCRYPTION = 4, 5  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY


class Line(NamedTuple):
    """A line, or a part of one before or after a wide gap, as it is read: turned if the text is turned."""

    text: str
    page: int
    """The index of the page, from 0."""
    offset: int
    """The offset of the first character in PDFium's text of the page."""
    left: float
    """In points, from the left edge of the page."""
    bottom: float
    """In points, from the bottom edge of the page."""
    right: float
    top: float
    size: float
    """The height of most characters, in points."""
    is_divided: bool = False
    """True if a hyphen stood at the end."""
    marks: tuple[tuple[int, int], ...] = ()
    """The ranges of ``text`` that are raised and small."""


class Page(NamedTuple):
    """The lines of a page in the order in which the file draws them."""

    width: float
    height: float
    lines: list[Line]
    turned: list[Line]
    """Lines in another direction than most, such as a watermark or a note along the margin."""
    characters: int
    garbage: int
    """The number of characters that no font explains."""
    has_pictures: bool
    """Counted only on pages without text."""


@contextmanager
def open_pdf(data: bytes, name: str) -> Iterator[Any]:
    """Open a PDF, alone: nothing else may call PDFium meanwhile.

    Raises:
        ArticleError: The file is encrypted or damaged.
    """
    pdfium = import_extra("pypdfium2", "pdf", "PDF files")
    with _LOCK:
        try:
            document = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            # The code of an earlier file can remain, so that it needs a confirmation.
            code = error.err_code if b"/Encrypt" in data else None
            if code == _PASSWORD_NEEDED:
                hint = "Save a copy without password."
                raise ArticleError(f"{name} is encrypted and needs a password.", hint=hint) from error
            if code == _UNKNOWN_ENCRYPTION:
                hint = "Save a copy without protection."
                raise ArticleError(f"{name} is encrypted in a way that is not supported.", hint=hint) from error
            hint = "Download or export it again, or repair it, for example with qpdf."
            raise ArticleError(f"{name} is a damaged PDF: its pages cannot be found.", hint=hint) from error
        try:
            yield document
        finally:
            document.close()


def read_page(document: Any, number: int) -> Page:
    """Read the page with the index ``number`` of an open PDF. A damaged page has no lines."""
    from pypdfium2 import PdfiumError

    try:
        page = document.get_page(number)
    except PdfiumError:
        return Page(0, 0, [], [], 0, 0, has_pictures=False)
    try:
        text_page = page.get_textpage()
        text = text_page.get_text_range()
        reader = _Reader(text_page, _visible_box(page), number, text)
        lines, turned = reader.read()
        garbage = reader.garbage + reader.count_unmapped()
        has_pictures = not lines and not turned and _has_pictures(page)
        return Page(reader.width, reader.height, lines, turned, len(text), garbage, has_pictures)
    except PdfiumError:
        return Page(0, 0, [], [], 0, 0, has_pictures=False)
    finally:
        page.close()


def read_pages(document: Any, name: str) -> list[Page]:
    """Read all pages of an open PDF."""
    pages: list[Page] = []
    characters = 0
    for number in range(len(document)):
        pages.append(read_page(document, number))
        characters += pages[-1].characters
        if characters > _MAX_CHARACTERS:
            hint = "Split it into its parts."
            raise ArticleError(f"{name} has more than {_MAX_CHARACTERS:,} characters.", hint=hint)
    return pages


def _visible_box(page: Any) -> tuple[float, float, float, float]:
    """Return the crop box of a page, or its media box if the crop box lies outside."""
    box: tuple[float, float, float, float] = page.get_bbox()
    return box if box[0] < box[2] and box[1] < box[3] else page.get_mediabox()


def find_boxes(
    data: bytes, page_number: int, ranges: list[tuple[int, int]], *, from_top: bool = False
) -> list[tuple[float, float, float, float] | None]:
    """Return the box of each of ``ranges`` of PDFium's text of a page, as the page is shown; None without a box.

    Args:
        data: The PDF.
        page_number: The index of the page, from 0.
        ranges: Start and end of parts of lines.
        from_top: Count from the top: a box is left, top, right, bottom instead of left, bottom, right, top.
    """
    with open_pdf(data, "The PDF") as document:
        page = document.get_page(page_number)
        text_page = page.get_textpage()
        bounds = _visible_box(page)
        turn = page.get_rotation() // 90
        boxes = CharacterBoxes(text_page, text_page.get_text_range())
        height = (bounds[3] - bounds[1]) if turn % 2 == 0 else (bounds[2] - bounds[0])
        found: list[tuple[float, float, float, float] | None] = []
        for start, end in ranges:
            parts = [turn_box(box, bounds, turn) for box in (boxes(start), boxes(end - 1)) if box[3] > box[1]]
            if not parts:
                found.append(None)
                continue
            left, low, right, high = (
                pick(values) for pick, values in zip((min, min, max, max), zip(*parts, strict=True), strict=True)
            )
            found.append((left, height - high, right, height - low) if from_top else (left, low, right, high))
        return found


def _has_pictures(page: Any) -> bool:
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    return next(iter(page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=4)), None) is not None


class CharacterBoxes:
    """The boxes of the characters of a page, by their offset in PDFium's text."""

    def __init__(self, text_page: Any, text: str) -> None:
        from pypdfium2 import raw

        length = len(text.encode("utf-16-le", "replace")) // 2
        # PDFium counts characters beyond the basic plane twice.
        self._doubled = [at for at, letter in enumerate(text) if letter > "\uffff"] if length != len(text) else []

        self.handle, self._raw = text_page.raw, raw
        # With plain addresses, a call takes half the time.
        self._measure = _BOX_FUNCTION(ctypes.cast(raw.FPDFText_GetLooseCharBox, ctypes.c_void_p).value or 0)
        self._buffer = (ctypes.c_float * 4)()
        self._page, self._target = ctypes.cast(self.handle, ctypes.c_void_p).value, ctypes.addressof(self._buffer)
        # PDFium counts characters that it leaves out of the text: rarely, there are any.
        self._is_shifted = raw.FPDFText_CountChars(self.handle) != length

    def __call__(self, offset: int) -> tuple[float, float, float, float]:
        """Return left, bottom, right and top in points of the page's own space; all 0 if the character has no box."""
        if self._doubled:
            offset += bisect_left(self._doubled, offset)
        if self._is_shifted:
            offset = self._raw.FPDFText_GetCharIndexFromTextIndex(self.handle, offset)
        if not self._measure(self._page, offset, self._target):
            return 0.0, 0.0, 0.0, 0.0
        left, top, right, bottom = _unpack_box(self._buffer)
        return left, bottom, right, top


class _Reader:
    """Reads the lines of one page."""

    def __init__(self, text_page: Any, bounds: tuple[float, float, float, float], number: int, text: str) -> None:
        self._boxes = CharacterBoxes(text_page, text)
        self._bounds, self._number, self._text = bounds, number, text
        self._turn, self._is_plain = 0, bounds[:2] == (0, 0)
        left, bottom, right, top = bounds
        self.width, self.height = right - left, top - bottom
        special = text.encode("utf-8", "replace").translate(None, _PLAIN).decode("utf-8", "replace")
        self.garbage = len(_GARBAGE.findall(special))

    def read(self) -> tuple[list[Line], list[Line]]:
        """Return the lines in the page's main direction, and the others."""
        lines, others = self._read_upright()
        if sum(len(text) for _, text, _, _ in others) > sum(len(line.text) for line in lines):
            return self._read_turned()
        turned = [line for start, text, first, last in others if (line := self._make_line(start, text, first, last))]
        return self._split_at_gutters(lines), turned

    def _read_upright(self) -> tuple[list[Line], list["_Measured"]]:
        """Return the upright lines, and the other lines with the boxes of their first and last characters."""
        lines: list[Line] = []
        others: list[_Measured] = []
        boxes, make_line = self._boxes, self._make_line
        for match in _LINE.finditer(self._text):
            start, shown = match.start(), match[0]
            text = shown.strip()
            if not text:
                continue
            if text[0] != shown[0]:
                start += len(shown) - len(shown.lstrip())
            first, last = boxes(start), boxes(start + len(text) - 1)
            if (
                (first[1] < last[3] and last[1] < first[3] and first[2] < last[0])
                or len(text) <= _SHORT
                or _direction(text, first, last) == 0
            ):  # nearly always
                if line := make_line(start, text, first, last):
                    lines.append(line)
            else:
                others.append((start, text, first, last))
        return lines, others

    def _read_turned(self) -> tuple[list[Line], list[Line]]:
        """Return the lines in the direction of most characters, and the others, after turning all of them."""
        upright, found = self._read_upright()
        weights: Counter[int] = Counter()
        for _, text, first, last in found:
            weights[_direction(text, first, last)] += len(text)
        del weights[_SLANTED]
        self._turn = max(weights, key=weights.__getitem__, default=0)
        if self._turn % 2:
            self.width, self.height = self.height, self.width
        self._is_plain = False
        found += [
            (line.offset, line.text, self._boxes(line.offset), self._boxes(line.offset + len(line.text) - 1))
            for line in upright
        ]
        lines: list[Line] = []
        turned: list[Line] = []
        for start, text, first, last in sorted(found):
            line = self._make_line(start, text, first, last)
            if line:
                is_main = len(text) <= _SHORT or _direction(text, first, last) == self._turn
                (lines if is_main else turned).append(line)
        return self._split_at_gutters(lines), turned

    def count_unmapped(self) -> int:
        """Estimate, from a sample, the number of characters that have no mapping to Unicode."""
        raw, length = self._boxes._raw, len(self._text)
        sample = range(0, length, length // 8 + 1)
        errors = sum(raw.FPDFText_HasUnicodeMapError(self._boxes.handle, index) == 1 for index in sample)
        return errors * length // len(sample) if 2 * errors > len(sample) else 0

    def _make_line(self, start: int, text: str, first: "_Box", last: "_Box") -> Line | None:
        """Make a line, or None if it lies outside the visible page."""
        if not self._is_plain:
            first, last = self._turned(first), self._turned(last)
        left, bottom, right, top = first
        last_left, last_bottom, last_right, last_top = last
        size, other = top - bottom, last_top - last_bottom
        left = last_left if last_left < left else left
        right = last_right if last_right > right else right
        if abs(size - other) > 0.1 * size:  # a raised figure or a large initial
            if len(text) > _SHORT:
                middle = self._turned(self._boxes(start + len(text) // 2))
                _, bottom, top = sorted((box[3] - box[1], box[1], box[3]) for box in (first, last, middle))[1]
            elif other > size:
                _, bottom, _, top = last
            size = top - bottom
        if not (left <= self.width + 1 and right >= -1 and bottom <= self.height + 1 and top >= -1):
            return None
        marks = self._find_marks(text, start, size, bottom) if _MAYBE_MARK.search(text) else ()
        end = start + len(text)
        is_divided = self._text[end : end + 1] == "\ufffe"
        if not is_divided and text[-1] in _HYPHENS and text[-2:-1].isalpha():
            text, is_divided = text[:-1], True
        if self.garbage and _GARBAGE.search(text):
            text = _GARBAGE.sub("\ufffd", text)
        return Line(text, self._number, start, left, bottom, right, top, size, is_divided, marks)

    def _find_marks(self, text: str, start: int, size: float, bottom: float) -> tuple[tuple[int, int], ...]:
        marks = []
        for match in _MARK.finditer(text):
            first, last = match.span()
            if first and text[first - 1] in _NOT_BEFORE_MARK:
                continue
            if not _is_raised(self._turned(self._boxes(start + last - 1)), size, bottom):
                continue
            while last - first > 1 and not _is_raised(self._turned(self._boxes(start + first)), size, bottom):
                first += 1
            marks.append((first, last))
        return tuple(marks)

    def _split_at_gutters(self, lines: list[Line]) -> list[Line]:
        """Split lines at gutters: PDFium makes one line of two columns that are drawn row by row.

        A gutter is a gap that several wide lines have in common: other gaps are spaces of justified text.
        """
        wide = [line for line in lines if 2 * (line.right - line.left) > self.width]
        few = wide[len(wide) // 3 :: len(wide) // 3 + 1]
        if not any(True for line in few for _ in self._gaps(line)):  # nearly always
            return lines
        sample = wide[:: len(wide) // _SAMPLE + 1]
        gutters = self._shared_gaps(sample, max(_MIN_SHARING, len(sample) // 3))
        split: list[Line] = []
        for line in lines:
            split += self._split(line, gutters) if any(line.left < x < line.right for x in gutters) else [line]
        return split

    def _shared_gaps(self, lines: list[Line], needed: int) -> list[float]:
        """Return places in gaps that at least ``needed`` of ``lines`` have in common."""
        gaps = [list(self._gaps(line)) for line in lines]
        ends = {round(right) for found in gaps for _, right, _, _ in found}  # lines end anywhere, but begin together
        return [
            end - _GUTTER for end in sorted(ends) if sum(_contain(found, end - _GUTTER) for found in gaps) >= needed
        ]

    def _gaps(self, line: Line) -> "Iterator[_Gap]":
        """Yield the wide gaps of a line."""
        for match in re.finditer(r"\s+", line.text):
            left = self._turned(self._boxes(line.offset + match.start() - 1))[2]
            right = self._turned(self._boxes(line.offset + match.end()))[0]
            if right - left > _GAP * line.size:
                yield left, right, *match.span()

    def _split(self, line: Line, gutters: list[float]) -> Iterator[Line]:
        spaces = [match.span() for match in re.finditer(r"\s+", line.text)]
        start, left = 0, line.left
        for x in gutters:
            # The space at the gutter: the first one with a character behind the gutter after it.
            at = bisect_right(spaces, x, key=lambda space: self._turned(self._boxes(line.offset + space[1]))[0])
            if at == len(spaces) or spaces[at][0] <= start:
                continue
            before, after = spaces[at]
            end = self._turned(self._boxes(line.offset + before - 1))[2]
            if end < x:
                yield _part(line, start, before, left, end)
                start, left = after, self._turned(self._boxes(line.offset + after))[0]
        yield _part(line, start, len(line.text), left, line.right)

    def _turned(self, box: "_Box") -> "_Box":
        return box if self._is_plain else turn_box(box, self._bounds, self._turn)


_Box = tuple[float, float, float, float]
_Gap = tuple[float, float, int, int]
"""Left and right edge of a gap, in points, and its range of the text of a line."""
_SHORT = 3  # characters: a line that short may be turned or not
_SLANTED = -1
_Measured = tuple[int, str, _Box, _Box]
"""Offset and text of a line, and the boxes of its first and last characters."""


def turn_box(box: _Box, bounds: _Box, turn: int) -> _Box:
    """Turn a box in the page's own space clockwise by quarter ``turn``s, and count from the corner of ``bounds``."""
    left, bottom, right, top = box
    low_x, low_y, high_x, high_y = bounds
    if turn == 0:
        return left - low_x, bottom - low_y, right - low_x, top - low_y
    if turn == 1:
        return bottom - low_y, high_x - right, top - low_y, high_x - left
    if turn == 2:
        return high_x - right, high_y - top, high_x - left, high_y - bottom
    return high_y - top, left - low_x, high_y - bottom, right - low_x


def _direction(text: str, first: _Box, last: _Box) -> int:
    """Return the clockwise quarter turns that make a line upright."""
    across, up = last[0] + last[2] - first[0] - first[2], last[1] + last[3] - first[1] - first[3]
    if 3 * abs(up) < abs(across):
        return 0 if across > 0 or _RIGHT_TO_LEFT.search(text) else 2
    if 3 * abs(across) < abs(up):
        return 1 if up > 0 else 3
    return _SLANTED


def _is_raised(box: _Box, size: float, bottom: float) -> bool:
    return 0 < box[3] - box[1] <= _RAISED_SIZE * size and box[1] > bottom + 0.1 * size


def _contain(gaps: list[_Gap], x: float) -> bool:
    return any(left < x < right for left, right, _, _ in gaps)


def _part(line: Line, start: int, end: int, left: float, right: float) -> Line:
    """Return a part of a line: a range of its text between two edges."""
    marks = tuple((first - start, last - start) for first, last in line.marks if start <= first and last <= end)
    text, is_divided = line.text[start:end], line.is_divided and end == len(line.text)
    if not is_divided and text[-1:] in _HYPHENS and text[-2:-1].isalpha():
        text, is_divided = text[:-1], True
    return line._replace(
        text=text,
        offset=line.offset + start,
        left=left,
        right=right,
        is_divided=is_divided,
        marks=marks,
    )
