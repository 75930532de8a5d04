"""Spans: half-open ranges of code points in ``article.text``, the only coordinate system.

A sentence is one span, or several if link text, a picture or an invisible character tears it.
`quote` gives the text of spans, with white space collapsed; `locate` is its inverse.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby, product
from operator import itemgetter
from typing import NamedTuple

from summarizer._text import collapse_whitespace


class Span(NamedTuple):
    """A half-open range ``[start, end)`` of code points in ``article.text``.

    Examples:
        >>> from summarizer import Span
        >>> start, end = Span(4, 10)
        >>> "The bridge must go."[start:end]
        'bridge'
    """

    start: int
    end: int


def overlap(ours: Iterable[Span], theirs: Iterable[Span]) -> bool:
    """Return whether a span of ``ours`` and one of ``theirs`` have a character in common."""
    return any(one.start < other.end and other.start < one.end for one, other in product(ours, theirs))


def hull(spans: Sequence[Span]) -> Span:
    """Return the range from the first span's start to the last one's end."""
    return Span(spans[0].start, spans[-1].end)


def clip(spans: Iterable[Span], to: Span) -> list[Span]:
    """Return the parts of spans within a range."""
    return [Span(max(start, to.start), min(end, to.end)) for start, end in spans if start < to.end and end > to.start]


def quote(text: str, spans: Iterable[Span]) -> str:
    """Join the slices of ``text`` at ``spans``, with each run of white space as one space."""
    return collapse_whitespace("".join([text[start:end] for start, end in spans]))


def locate(text: str, spans: tuple[Span, ...], start: int, end: int) -> tuple[Span, ...]:
    """Find ``quote(text, spans)[start:end]`` in ``text``: the inverse of `quote`.

    The slice must not begin or end with a space. Then ``quote(text, locate(...))`` is the slice.
    """
    if len(spans) == 1:  # nearly always; without runs of white space it is only a shift
        (only,) = spans
        if len(quote(text, spans)) == only.end - only.start:
            return (Span(only.start + start, only.start + end),)
    parts: list[Span] = []
    for _, group in groupby(_offsets(text, spans)[start:end], key=itemgetter(0)):
        offsets = [offset for _, offset in group]
        parts.append(Span(offsets[0], offsets[-1] + 1))
    return tuple(parts)


def _offsets(text: str, spans: tuple[Span, ...]) -> list[tuple[int, int]]:
    """Return the span and the offset in ``text`` of every character of ``quote(text, spans)``."""
    offsets: list[tuple[int, int]] = []
    after_space = True  # also at the beginning: more white space adds nothing
    for index, span in enumerate(spans):
        for offset in range(*span):
            is_space = text[offset].isspace()
            if not (is_space and after_space):
                offsets.append((index, offset))
            after_space = is_space
    return offsets
