"""Spans: half-open ranges of code points in ``article.text``, the only coordinate system.

A sentence is one span, or several if link text, a picture or an invisible character tears it.
`quote` gives the text of spans, with white space collapsed; `locate` is its inverse.
"""

from collections.abc import Iterable
from typing import NamedTuple

from summarizer._text import collapse_whitespace


class Span(NamedTuple):
    """A half-open range ``[start, end)`` of code points in ``article.text``."""

    start: int
    end: int


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
    offsets = _offsets(text, spans)
    parts: list[Span] = []
    for offset in offsets[start:end]:
        if parts and offset == parts[-1].end:
            parts[-1] = Span(parts[-1].start, offset + 1)
        else:
            parts.append(Span(offset, offset + 1))
    return _close_gaps(text, parts, spans)


def _offsets(text: str, spans: tuple[Span, ...]) -> list[int]:
    """Return the offset in ``text`` of every character of ``quote(text, spans)``."""
    offsets: list[int] = []
    after_space = True  # also at the beginning: more white space adds nothing
    for start, end in spans:
        for offset in range(start, end):
            is_space = text[offset].isspace()
            if not (is_space and after_space):
                offsets.append(offset)
            after_space = is_space
    return offsets


def _close_gaps(text: str, parts: list[Span], spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Join parts that are separated only by white space within one span."""
    joined: list[Span] = []
    for part in parts:
        if (
            joined
            and text[joined[-1].end : part.start].isspace()
            and any(start <= joined[-1].start and part.end <= end for start, end in spans)
        ):
            joined[-1] = Span(joined[-1].start, part.end)
        else:
            joined.append(part)
    return tuple(joined)
