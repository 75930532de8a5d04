"""Spans: half-open ranges of code points in ``article.text``, the one coordinate system.

A sentence lies in the article as one span, or as several where link text, a photograph or an
invisible character tears it. Wherever that happens the rule is the same: its text is the joined
slices with every run of white space made one space. ``quote`` is that rule; ``locate`` is its
inverse for a part of the text.
"""

from collections.abc import Iterable
from typing import NamedTuple

from summarizer._text import collapse_whitespace


class Span(NamedTuple):
    """A half-open range ``[start, end)`` of code points in ``article.text``."""

    start: int
    end: int


def quote(text: str, spans: Iterable[Span]) -> str:
    """The words at ``spans`` of ``text``: the joined slices, each run of white space one space."""
    return collapse_whitespace("".join([text[start:end] for start, end in spans]))


def locate(text: str, spans: tuple[Span, ...], start: int, end: int) -> tuple[Span, ...]:
    """Where ``quote(text, spans)[start:end]`` lies in ``text``: the inverse of ``quote``.

    The slice must not begin or end with a space; then ``quote(text, locate(...))`` is the slice
    again.
    """
    if len(spans) == 1:  # nearly always, and without runs of white space: only a shift
        (only,) = spans
        if len(quote(text, spans)) == only.end - only.start:
            return (Span(only.start + start, only.start + end),)
    offsets = _offsets(text, spans)
    found: list[Span] = []
    for offset in offsets[start:end]:
        if found and offset == found[-1].end:
            found[-1] = Span(found[-1].start, offset + 1)
        else:
            found.append(Span(offset, offset + 1))
    return _close_gaps(text, found, spans)


def _offsets(text: str, spans: tuple[Span, ...]) -> list[int]:
    """For every character of ``quote(text, spans)``, its offset in ``text``."""
    offsets: list[int] = []
    spaced = True  # at the beginning, and after a space: further white space adds nothing
    for start, end in spans:
        for offset in range(start, end):
            blank = text[offset].isspace()
            if not (blank and spaced):
                offsets.append(offset)
            spaced = blank
    return offsets


def _close_gaps(text: str, parts: list[Span], spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Join parts that only white space of one and the same span keeps apart."""
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
