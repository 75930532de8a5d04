"""Read the lines of a PDF, with their boxes, from PDFium.

PDFium is not thread-safe: `open_pdf` holds a lock, and whatever PDFium opened is closed before it is released.
The boxes of all characters would cost three times as much as the text itself. So a line has the boxes of its first
and last characters, and more only where they matter: at wide gaps and at raised figures.
"""

import ctypes
import re
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import repeat
from threading import Lock
from typing import Any, NamedTuple

from summarizer._lazy import import_extra
from summarizer._patterns import compile_lazily
from summarizer.errors import ArticleError

Box = tuple[float, float, float, float]
"""Left, bottom, right and top, in points."""
_Candidate = tuple[int, int, float, float]

_LOCK = Lock()
_new = tuple.__new__  # makes a Line in half the time
_BOX_FUNCTION = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)

_DIVIDED = "\ufffe"  # PDFium puts it in place of a hyphen and the line break after it
_HYPHENS = frozenset("-\xad‐")
_GARBAGE = compile_lazily(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd]")
_PLAIN = bytes([9, 10, 13, *range(32, 127)])  # ASCII without the controls
RIGHT_TO_LEFT = compile_lazily(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
# A number or a sign that may be a footnote mark; not after a space or an opening mark.
_MARK = compile_lazily(
    r"[0-9\[*†‡§](?<![ \xa0(\[/$€£#–-].)(?:(?<=[0-9])[0-9]{0,2}(?:[,–-][0-9]{1,3})*\]?|(?<=\[)[0-9]{1,3}\]"
    r"|(?<=[*†‡§])[*†‡§]{0,2})(?![\w%])"
)
_RAISED_SIZE = 0.8  # of the size of the line; a mark is not larger
_GAP = 0.9  # of the size of the line; a narrower gap is a space
_SAMPLE = 7  # wide lines of a page in which gutters are searched
_GUTTER = 4  # points between a place in a gutter and the column after it
_MIN_SHARING = 3  # lines of the sample
_SHORT = 3  # characters: a line that short may be turned or not
_SLANTED = -1
_ERRORS = {  # by FPDF_ERR_PASSWORD and FPDF_ERR_SECURITY
    4: ("encrypted and needs a password.", "Save a copy without password."),
    5: ("encrypted in a way that is not supported.", "Save a copy without protection."),
}
_DAMAGED = ("a damaged PDF: its pages cannot be found.", "Download or export it again, or repair it with qpdf.")


class Line(NamedTuple):
    """A line, or a part of one beside a wide gap. Rotated text is turned upright."""

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
    pieces: "tuple[Line, ...]" = ()
    """The parts of a line of print that was drawn in several, from left to right."""


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
            message, hint = _ERRORS.get(error.err_code if b"/Encrypt" in data else 0, _DAMAGED)
            raise ArticleError(f"{name} is {message}", hint=hint) from error
        try:
            yield document
        finally:
            document.close()


def read_page(document: Any, number: int) -> Page:
    """Read the page with the index ``number`` of an open PDF. A damaged page has neither lines nor a width."""
    from pypdfium2 import PdfiumError, raw

    try:
        with closing(document.get_page(number)) as page:
            text_page = page.get_textpage()
            text = text_page.get_text_range()
            reader = _Reader(text_page, _visible_box(page), number, text)
            lines, turned = reader.read()
            garbage = reader.garbage + reader.count_unmapped()
            is_empty = not lines and not turned
            has_pictures = is_empty and any(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4))
            return Page(reader.width, reader.height, lines, turned, len(text), garbage, has_pictures)
    except PdfiumError:
        return Page(0, 0, [], [], 0, 0, has_pictures=False)


def _visible_box(page: Any) -> Box:
    """Return the crop box of a page, or its media box if the crop box lies outside."""
    box: Box = page.get_bbox()
    return box if box[0] < box[2] and box[1] < box[3] else page.get_mediabox()


def find_boxes(data: bytes, number: int, ranges: list[tuple[int, int]]) -> tuple[list[Box], float]:
    """Return the boxes of ``ranges`` of PDFium's text of a page, and the height of the page.

    Args:
        data: The PDF.
        number: The index of the page, from 0.
        ranges: Start and end of parts of lines.
    """
    with open_pdf(data, "The PDF") as document:
        page = document.get_page(number)
        text_page = page.get_textpage()
        bounds = _visible_box(page)
        turn = page.get_rotation() // 90
        boxes = CharacterBoxes(text_page, text_page.get_text_range())
        found: list[Box] = []
        for start, end in ranges:
            parts = [turn_box(box, bounds, turn) for box in (boxes(start), boxes(end - 1)) if box[3] > box[1]]
            if parts:
                left, bottom, right, top = zip(*parts, strict=True)
                found.append((min(left), min(bottom), max(right), max(top)))
        return found, (bounds[3] - bounds[1]) if turn % 2 == 0 else (bounds[2] - bounds[0])


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
        self._page = ctypes.cast(self.handle, ctypes.c_void_p).value
        self._buffer = array("f", bytes(16))
        self._target, _ = self._buffer.buffer_info()
        # PDFium counts characters that it leaves out of the text: rarely, there are any.
        self._is_shifted = raw.FPDFText_CountChars(self.handle) != length

    def measure(self, offsets: list[int]) -> "array[float]":
        """Return left, top, right and bottom of each character, in points of the page's own space; or four times 0."""
        if self._doubled:
            offsets = [offset + bisect_left(self._doubled, offset) for offset in offsets]
        if self._is_shifted:
            offsets = [self._raw.FPDFText_GetCharIndexFromTextIndex(self.handle, offset) for offset in offsets]
        values = array("f", bytes(16 * len(offsets)))
        start, _ = values.buffer_info()
        deque(map(self._measure, repeat(self._page), offsets, range(start, start + 16 * len(offsets), 16)), maxlen=0)
        return values

    def __call__(self, offset: int) -> Box:
        """Return left, bottom, right and top of one character, which is faster for few."""
        if self._doubled or self._is_shifted:
            left, top, right, bottom = self.measure([offset])
        elif self._measure(self._page, offset, self._target):
            left, top, right, bottom = self._buffer
        else:
            return 0.0, 0.0, 0.0, 0.0
        return left, bottom, right, top


class _Reader:
    """Reads the lines of one page."""

    def __init__(self, text_page: Any, bounds: Box, number: int, text: str) -> None:
        self._boxes = CharacterBoxes(text_page, text)
        self._bounds, self._number, self._text = bounds, number, text
        self._turn, self._is_plain = 0, bounds[:2] == (0, 0)
        left, bottom, right, top = bounds
        self.width, self.height = right - left, top - bottom
        special = text.encode("utf-8", "replace").translate(None, _PLAIN).decode("utf-8", "replace")
        self.garbage = len(_GARBAGE.findall(special))

    def read(self) -> tuple[list[Line], list[Line]]:
        """Return the lines in the page's main direction, and the others."""
        found = self._find_lines()
        lines, others, weights = self._make_lines(found)
        if sum(weights.values()) > sum(len(line.text) for line in lines):
            del weights[_SLANTED]
            self._turn = max(weights, key=weights.__getitem__, default=0)
            if self._turn % 2:
                self.width, self.height = self.height, self.width
            self._is_plain = False
            lines, others, _ = self._make_lines(found)
        return self._split_at_gutters(lines), others

    def _find_lines(self) -> list[tuple[int, str]]:
        """Return the offset and the text of each line, without the white space around it."""
        start, found = 0, []
        for part in self._text.replace("\r", "\n").replace(_DIVIDED, "\n").split("\n"):
            if part and (shown := part.strip()):
                found.append((start if part[0] == shown[0] else start + part.index(shown[0]), shown))
            start += len(part) + 1
        return found

    def _make_lines(self, found: list[tuple[int, str]]) -> tuple[list[Line], list[Line], Counter[int]]:
        """Return the upright lines, the others, and the number of characters of these in each direction.

        Lines outside the visible page are left out.
        """
        values = self._measure([at for start, text in found for at in (start, start + len(text) - 1)])
        candidates = self._find_candidates([start for start, _ in found])
        lines: list[Line] = []
        others: list[Line] = []
        weights: Counter[int] = Counter()
        page_text, number, width, height = self._text, self._number, self.width + 1, self.height + 1
        for item in zip(found, *(values[index::8] for index in range(8)), strict=True):
            (start, text), left, top, right, bottom, last_left, last_top, last_right, last_bottom = item
            target = lines
            if not (bottom < last_top and last_bottom < top and right < last_left) and len(text) > _SHORT:  # rarely
                direction = _direction(text, (left, bottom, right, top), (last_left, last_bottom, last_right, last_top))
                if direction:
                    weights[direction] += len(text)
                    target = others
            size = top - bottom
            other = last_top - last_bottom
            if not -0.1 * size <= size - other <= 0.1 * size:  # a raised figure or a large initial
                if len(text) > _SHORT:
                    _, middle_bottom, _, middle_top = self._box(start + len(text) // 2)
                    sides = (bottom, top), (last_bottom, last_top), (middle_bottom, middle_top)
                    bottom, top = sorted(sides, key=lambda side: side[1] - side[0])[1]
                elif other > size:
                    bottom, top = last_bottom, last_top
                size = top - bottom
            left = last_left if last_left < left else left
            right = last_right if last_right > right else right
            if not (left <= width and right >= -1 and bottom <= height and top >= -1):
                continue
            marks = self._find_marks(candidates[start], start, size, bottom) if start in candidates else ()
            end = start + len(text)
            is_divided = page_text.startswith(_DIVIDED, end)
            if not is_divided and text[-1] in _HYPHENS and text[-2:-1].isalnum():
                text, is_divided = text[:-1], True
            if self.garbage:
                text = _GARBAGE.sub("\ufffd", text)
            target.append(_new(Line, (text, number, start, left, bottom, right, top, size, is_divided, marks, ())))
        return lines, others, weights

    def _measure(self, offsets: list[int]) -> "array[float]":
        """Return left, top, right and bottom of characters, as the page is shown."""
        values = self._boxes.measure(offsets)
        if not self._is_plain:
            sides = zip(values[::4], values[3::4], values[2::4], values[1::4], strict=True)
            boxes = (turn_box(box, self._bounds, self._turn) for box in sides)
            values = array("f", [side for left, bottom, right, top in boxes for side in (left, top, right, bottom)])
        return values

    def _find_candidates(self, starts: list[int]) -> dict[int, list[_Candidate]]:
        """Return what may be footnote marks, by the start of their line: their ranges, and top and bottom."""
        found = [match.span() for match in _MARK.finditer(self._text)]
        candidates: dict[int, list[_Candidate]] = defaultdict(list)
        if found:
            values = self._measure([end - 1 for _, end in found])
            for (first, end), top, bottom in zip(found, values[1::4], values[3::4], strict=True):
                if at := bisect_right(starts, first):
                    candidates[starts[at - 1]].append((first, end, top, bottom))
        return candidates

    def _find_marks(
        self, candidates: list[_Candidate], start: int, size: float, bottom: float
    ) -> tuple[tuple[int, int], ...]:
        """Return the ranges of a line that are raised and small."""
        marks = []
        for candidate in candidates:
            first, end, its_top, its_bottom = candidate
            is_raised = _is_raised(its_bottom, its_top, size, bottom)
            while is_raised and end - first > 1:  # perhaps only the last figures
                _, its_bottom, _, its_top = self._box(first)
                if _is_raised(its_bottom, its_top, size, bottom):
                    break
                first += 1
            if is_raised:
                marks.append((first - start, end - start))
        return tuple(marks)

    def count_unmapped(self) -> int:
        """Estimate, from a sample, the number of characters that have no mapping to Unicode."""
        raw, length = self._boxes._raw, len(self._text)
        sample = range(0, length, length // 8 + 1)
        errors = sum(raw.FPDFText_HasUnicodeMapError(self._boxes.handle, index) == 1 for index in sample)
        return errors * length // len(sample) if 2 * errors > len(sample) else 0

    def _split_at_gutters(self, lines: list[Line]) -> list[Line]:
        """Split lines at gutters: PDFium makes one line of two columns that are drawn row by row.

        A gutter is a gap that several wide lines have in common: other gaps are spaces of justified text.
        """
        wide = [line for line in lines if 2 * (line.right - line.left) > self.width]
        few = wide[len(wide) // 3 :: len(wide) // 3 + 1]
        if len(wide) < _MIN_SHARING or not any(map(self._find_gaps, few)):  # nearly always
            return lines
        sample = [self._find_gaps(line) for line in wide[:: len(wide) // _SAMPLE + 1]]
        needed = max(_MIN_SHARING, len(sample) // 3)
        # Lines end anywhere, but begin together.
        places = sorted({round(right) - _GUTTER for gaps in sample for _, right in gaps})
        gutters = [x for x in places if sum(any(left < x < right for left, right in gaps) for gaps in sample) >= needed]
        return self._split(lines, gutters) if gutters else lines

    def _find_gaps(self, line: Line) -> list[tuple[float, float]]:
        """Return the left and right edges of the wide gaps of a line."""
        gaps = [match.span() for match in re.finditer(r"\s+", line.text)]
        values = self._measure([line.offset + at for start, end in gaps for at in (start - 1, end)])
        least = _GAP * line.size
        return [(left, right) for left, right in zip(values[2::8], values[4::8], strict=True) if right - left > least]

    def _split(self, lines: list[Line], gutters: list[int]) -> list[Line]:
        """Split lines at the gutters that they cross."""
        split: list[Line] = []
        for line in lines:
            start, left = 0, line.left
            for x in gutters:
                cut = self._find_cut(line, start, left, x) if left < x < line.right else None
                if cut and not line.text[start : cut[0]].isspace():
                    split.append(_part(line, start, cut[0], left, cut[1]))
                    start, left = cut[0] + 1, cut[2]
                    while line.text[start] == " ":
                        start += 1
            split.append(_part(line, start, len(line.text), left, line.right) if start else line)
        return split

    def _find_cut(self, line: Line, start: int, left: float, x: float) -> tuple[int, float, float] | None:
        """Return the space at the gutter ``x``, and the edges of the text on its two sides.

        Search from where the gutter would be if all characters of the line after ``start`` had the same width.
        """
        text, step, box = line.text, 0, self._boxes if self._is_plain else self._box
        share = start + int((len(text) - start) * (x - left) / (line.right - left))
        at = text.rfind(" ", start + 1, share + 3)
        if at < 0:
            at = text.find(" ", max(share, start + 1))
        while at > 0:
            end, next_left = box(line.offset + at - 1)[2], box(line.offset + at + 1)[0]
            if end < x < next_left:
                return at, end, next_left
            if step == 0:
                step = 1 if next_left <= x else -1
            at = text.find(" ", at + 1) if step > 0 else text.rfind(" ", start + 1, at)
        return None

    def _box(self, offset: int) -> Box:
        """Return the box of a character, as the page is shown."""
        box = self._boxes(offset)
        return box if self._is_plain else turn_box(box, self._bounds, self._turn)


def _part(line: Line, start: int, end: int, left: float, right: float) -> Line:
    """Return a part of a line: a range of its text between two edges."""
    text, page, offset, _, bottom, _, top, size, is_divided, marks, _ = line
    is_divided = is_divided and end == len(text)
    text = text[start:end].rstrip()
    if not is_divided and text[-1] in _HYPHENS and text[-2:-1].isalnum():
        text, is_divided = text[:-1], True
    if marks:
        marks = tuple((first - start, last - start) for first, last in marks if start <= first and last <= end)
    return _new(Line, (text, page, offset + start, left, bottom, right, top, size, is_divided, marks, ()))


def turn_box(box: Box, bounds: Box, turn: int) -> Box:
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


def _direction(text: str, first: Box, last: Box) -> int:
    """Return the clockwise quarter turns that make a line upright."""
    across, up = last[0] + last[2] - first[0] - first[2], last[1] + last[3] - first[1] - first[3]
    if 3 * abs(up) < abs(across):
        return 0 if across > 0 or RIGHT_TO_LEFT.search(text) else 2
    if 3 * abs(across) < abs(up):
        return 1 if up > 0 else 3
    return _SLANTED


def _is_raised(its_bottom: float, its_top: float, size: float, bottom: float) -> bool:
    return 0 < its_top - its_bottom <= _RAISED_SIZE * size and its_bottom > bottom + 0.1 * size
