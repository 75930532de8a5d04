"""The lines of a text that are not blank."""

from collections.abc import Iterator
from typing import NamedTuple

from summarizer.article.reading import SentenceKind

_WINDOW = 100_000  # characters: the lines of a whole text at once would be a second copy of it


class Line(NamedTuple):
    """A line without the white space around it: the range ``[start, end)`` of the text."""

    start: int
    end: int
    words: str
    """What a person sees of it: the range itself, but for invisible characters."""
    apart: bool
    """Whether a blank line, the beginning of the text, or something that was cut comes before it."""
    kind: SentenceKind = "prose"
    """How it is to be read."""


def lines(text: str) -> Iterator[Line]:
    """The lines of ``text`` that hold more than white space, in order.

    A line ends wherever ``str.splitlines`` ends one.
    """
    offset, apart = 0, True
    for line in _with_ends(text):
        if words := line.strip():
            start = offset + line.index(words[0])
            yield Line(start, start + len(words), words, apart)
            apart = False
        else:
            apart = True
        offset += len(line)


def _with_ends(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = text.find("\n", start + _WINDOW) + 1 or len(text)  # never between "\r" and "\n"
        yield from text[start:end].splitlines(keepends=True)
        start = end
