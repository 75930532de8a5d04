"""A paragraph as one string, without what tears it, and the way back to the article's text."""

from bisect import bisect_left, bisect_right
from itertools import accumulate

from summarizer.spans import Span


class View:
    """The parts of a text that make one paragraph, joined; ``text`` is the string."""

    def __init__(self, text: str, pieces: tuple[Span, ...], gaps: list[Span]) -> None:
        """``pieces``, and the ``gaps`` in them to be left out, are ranges of ``text``, in order."""
        self._parts = without(pieces, gaps) if gaps else pieces
        slices = [text[start:end] for start, end in self._parts]
        self.text = "".join(slices)
        self._ends = list(accumulate(map(len, slices)))

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """Where the range ``[start, end)`` of the view, which must not be empty, lies in the article."""
        first, last = bisect_right(self._ends, start), bisect_left(self._ends, end)
        found = list(self._parts[first : last + 1])  # the same objects: a sentence may be of thousands
        found[-1] = Span(found[-1].start, found[-1].end - self._ends[last] + end)
        found[0] = Span(self._parts[first].end - self._ends[first] + start, found[0].end)
        return tuple(found)


def without(pieces: tuple[Span, ...], gaps: list[Span]) -> tuple[Span, ...]:
    """The parts of ``pieces`` that no gap covers; every gap lies in a piece."""
    parts = []
    for piece in pieces:
        start = piece.start
        first = bisect_left(gaps, (piece.start,))
        for gap in gaps[first : bisect_left(gaps, (piece.end,), first)]:
            if gap.start > start:
                parts.append(Span(start, gap.start))
            start = gap.end
        if start < piece.end:
            parts.append(Span(start, piece.end))
    return tuple(parts)
