"""The places of an article's text on the pages of its PDF."""

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from summarizer._text import collapse_whitespace
from summarizer.article import PagePlace, Place
from summarizer.sources.pdf.extraction import find_boxes
from summarizer.spans import Span


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
            ranges = [(run.offset, run.offset + run.end - run.start) for run in runs]
            places += [PagePlace(page + 1, *box) for box in find_boxes(self.data, page, ranges) if box]
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
        if boxes := [box for box in find_boxes(self.data, page, ranges, from_top=True) if box]:
            left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
            width, height = max(box[2] for box in boxes) - left, max(box[3] for box in boxes) - top
            value += f"&viewrect={left:.1f},{top:.1f},{width:.1f},{height:.1f}"
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
