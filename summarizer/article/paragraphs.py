"""From lines to paragraphs: a line break inside a sentence is a wrap or a tear, any other ends a paragraph.

A *wrap* is a break that a narrow column forced: the next line's first word would not have fitted.
A *tear* is a break, blank lines included, that a page's markup left inside a sentence, mostly around
a link: the line before does not end as a sentence does, and the next one goes on in the middle.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from summarizer.article.lines import Line
from summarizer.article.reading import SentenceKind
from summarizer.spans import Span

_WIDEST_COLUMN = 120  # characters; wider lines are paragraphs, not wrapped ones
_TERMINAL = frozenset(".!?…:;。！？：；؟")
_CLOSING = "”\"’'»)]›*"
_CONTINUING = frozenset(".,;:!?)]”’»…%、。，")  # what a line can begin with only in mid-sentence
_OPENING = frozenset("([“‘«$£€")
_CONNECTING = frozenset(
    "a an the of to in on at by for from with and or but that who which as than its his her their our my your".split()
)


class Block(NamedTuple):
    """A line that is to be read, and how."""

    line: Line
    kind: SentenceKind
    """Only lines of one kind make a paragraph."""


class Paragraph(NamedTuple):
    """Consecutive sentences: the pieces of the text they lie in, and what they are."""

    pieces: tuple[Span, ...]
    """In order. A piece that is torn from the next ends with the one space between them, or with
    none where a mark follows at once."""
    kind: SentenceKind


def paragraphs(text: str, blocks: Iterable[Block]) -> Iterator[Paragraph]:
    """Join the lines of ``blocks`` to paragraphs of ``text``."""
    blocks = list(blocks)
    width = _column(text, [block.line for block in blocks])
    pieces: list[Span] = []
    kind: SentenceKind = "prose"
    for block in blocks:
        line = block.line
        if pieces and block.kind == kind and _wrapped(text, pieces[-1], line, width):
            pieces[-1] = Span(pieces[-1].start, line.end)
        elif pieces and block.kind == kind and _torn(text, pieces[-1], line):
            space = text[line.start] not in _CONTINUING and text[pieces[-1].end - 1] not in _OPENING
            pieces[-1] = Span(pieces[-1].start, pieces[-1].end + space)
            pieces.append(Span(line.start, line.end))
        else:
            if pieces:
                yield Paragraph(tuple(pieces), kind)
            pieces, kind = [Span(line.start, line.end)], block.kind
    if pieces:
        yield Paragraph(tuple(pieces), kind)


def _column(text: str, every: list[Line]) -> int:
    """The width that the text is wrapped at, in characters; 0 where it is not wrapped."""
    width = max((line.end - line.start for line in every), default=0)
    if width > _WIDEST_COLUMN:
        return 0
    breaks = [(first, second) for first, second in pairwise(every) if not second.after_blank]
    forced = sum(_does_not_fit(text, first.start, first.end, second, width) for first, second in breaks)
    return width if 2 * forced > len(breaks) else 0


def _wrapped(text: str, before: Span, line: Line, width: int) -> bool:
    if not width or line.after_blank:
        return False
    start = max(text.rfind("\n", before.start, before.end) + 1, before.start)
    return _does_not_fit(text, start, before.end, line, width)


def _does_not_fit(text: str, start: int, end: int, line: Line, width: int) -> bool:
    """Whether the first word of ``line`` would have passed the width at the end of the line before."""
    word = text[line.start : min(line.end, line.start + width)].split(maxsplit=1)[0]
    return end - start + 1 + len(word) > width


def _torn(text: str, before: Span, line: Line) -> bool:
    first = text[line.start]
    if first.isupper():
        last_word = text[max(before.start, before.end - 12) : before.end].rsplit(maxsplit=1)[-1]
        return last_word in _CONNECTING
    if not (first.islower() or first in _CONTINUING):
        return False
    ending = text[max(before.start, before.end - 8) : before.end].rstrip(_CLOSING)
    return not ending or ending[-1] not in _TERMINAL
