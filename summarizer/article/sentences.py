"""From paragraphs to sentences.

Boundaries are sentencex's. It is quadratic in runs of quotation marks, so that a long paragraph is
handed to it in windows; a sentence too long for any token budget is cut where it reads best.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate

from sentencex import get_sentence_boundaries

from summarizer.spans import Span

LONGEST_SENTENCE = 2_000
"""UTF-8 bytes; a longer sentence is cut, so that sentence numbers never hang on a token budget."""

_WINDOW = LONGEST_SENTENCE  # characters: what has no boundary within is too long a sentence anyway
_CLAUSE_MARK = re.compile(r"[;:,–—](?=\s)|[，；、：。]")


class View:
    """A paragraph as one string, without what tears it, and the way back to the article's text."""

    def __init__(self, text: str, pieces: tuple[Span, ...], gaps: list[Span]) -> None:
        """``pieces`` and ``gaps``, which are left out, are ranges of ``text``, each in order."""
        self._parts = _without(pieces, gaps) if gaps else pieces
        slices = [text[start:end] for start, end in self._parts]
        self.text = "".join(slices)
        self._ends = list(accumulate(map(len, slices)))

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """Where the range ``[start, end)`` of the view, which must not be empty, lies in the article."""
        if len(self._parts) == 1:
            shift = self._parts[0].start
            return (Span(shift + start, shift + end),)
        first, last = bisect_right(self._ends, start), bisect_left(self._ends, end)
        found = []
        for part, part_end in zip(self._parts[first : last + 1], self._ends[first : last + 1], strict=True):
            shift = part.end - part_end
            found.append(Span(max(part.start, shift + start), min(part.end, shift + end)))
        return tuple(found)


def _without(pieces: tuple[Span, ...], gaps: list[Span]) -> tuple[Span, ...]:
    """The parts of ``pieces`` that no gap covers."""
    parts = []
    for start, end in pieces:
        for gap in gaps[bisect_right(gaps, start, key=lambda gap: gap.end) :]:
            if gap.start >= end:
                break
            if gap.start > start:
                parts.append(Span(start, gap.start))
            start = min(gap.end, end)
        if start < end:
            parts.append(Span(start, end))
    return tuple(parts)


def sentence_ranges(view: str, language: str) -> Iterator[tuple[int, int]]:
    """The ranges of ``view`` that are sentences, in order, without the white space around them."""
    for start, end in _boundaries(view, language):
        sentence = view[start:end]
        if words := sentence.strip():
            start += len(sentence) - len(sentence.lstrip())
            yield start, start + len(words)


def _boundaries(view: str, language: str) -> Iterator[tuple[int, int]]:
    if len(view) <= LONGEST_SENTENCE // 4:  # nearly all paragraphs: one window, nothing too long
        for boundary in get_sentence_boundaries(language, view):
            yield boundary["start_index"], boundary["end_index"]
        return
    start = 0
    while start < len(view):
        window = view[start : start + _WINDOW]
        whole = start + _WINDOW >= len(view)
        ends = [boundary["end_index"] for boundary in get_sentence_boundaries(language, window)]
        if not whole and len(ends) > 1:
            ends.pop()  # it may go on beyond the window
        ends = [piece for first, last in zip([0, *ends], ends, strict=False) for piece in _cut(window, first, last)]
        if not whole and len(ends) > 1 and ends[-1] == len(window):
            ends.pop()
        for first, last in zip([0, *ends], ends, strict=False):
            yield start + first, start + last
        start += ends[-1]


def _cut(window: str, start: int, end: int) -> Iterator[int]:
    """The ends of the pieces, each at most ``LONGEST_SENTENCE`` long, that the range is cut into."""
    while 4 * (end - start) > LONGEST_SENTENCE and len(window[start:end].encode()) > LONGEST_SENTENCE:
        start += _best_cut(window[start:end])
        yield start
    yield end


def _best_cut(text: str) -> int:
    """The length of the longest beginning of ``text`` within the limit that ends where it reads best."""
    limit = len(text[:LONGEST_SENTENCE].encode()[:LONGEST_SENTENCE].decode(errors="ignore"))
    beginning = text[:limit]
    marks = [match.end() for match in _CLAUSE_MARK.finditer(beginning, limit // 2)]
    if marks:
        return marks[-1]
    space = max(beginning.rfind(" "), beginning.rfind("\n"), beginning.rfind("\t"))
    if space > 0:
        return space + 1
    import regex  # only here: for grapheme clusters, which the standard library does not know

    clusters = [match.end() for match in regex.finditer(r"\X", text[: limit + 64])]
    return max((end for end in clusters if end <= limit), default=limit)
