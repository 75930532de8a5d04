"""From lines to paragraphs: a line break inside a sentence is a wrap or a tear, any other ends a paragraph.

A *wrap* is a break that a narrow column forced: the next line's first word would not have fitted.
A *tear* is a break, blank lines included, that a page's markup left inside a sentence, mostly around
a link: the line before does not end as a sentence does, and the next one goes on in the middle.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

from summarizer.article.lines import Line, lines
from summarizer.article.reading import SentenceKind
from summarizer.spans import Span

_NARROWEST_COLUMN = 30  # characters; narrower "columns" are lists of words
_WIDEST_COLUMN = 120  # characters; wider lines are paragraphs, not wrapped ones
_MOST_TEARS = 20  # links in one sentence; what goes on for longer is a list or a poem
_TERMINAL = frozenset(".!?…:;。！？：；؟۔।")
_CLOSING = "”\"’'»)]›*"
# What a line can begin with only in mid-sentence: a mark that no letter follows, as in ".NET" or "’90s".
_CONTINUING = re.compile(r"[.,;:!?)\]”’»%、。，](?![\w.…:)])")
_OPENING = frozenset("([“‘«$£€")
# Words that a sentence goes on after, whatever the next begins with …
_CONNECTING = frozenset(("a", "an", "the", "and", "or", "nor", "but", "than", "which", "whose", "its", "their", "our"))
# … and those that a heading can end with, too ("Where they come from"): only after a longer line.
_OFTEN_CONNECTING = frozenset(
    ("of", "to", "in", "on", "at", "by", "for", "from", "with", "that", "who", "as", "his", "her", "my", "your")
)
_LONGEST_HEADING = 60  # characters
_CAMEL = re.compile(r"[^\W\d_]*[a-z][A-Z]")  # iPhone, eBay: lower case, and yet a beginning
# Chinese and Japanese, which put no spaces between words.
_UNSPACED = re.compile("[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]")

_Join = Literal["same", "close", "spaced", "doubtful"]
"""How a line goes on with the one before: as one piece of text with it, as a piece that follows at
once, or as one after a space; a doubtful one only where the sentence comes to an end."""


class Paragraph(NamedTuple):
    """Consecutive sentences: the pieces of the text they lie in, and what they are."""

    pieces: tuple[Span, ...]
    """In order. A piece that is torn from the next ends with the one space between them, or with
    none where a mark follows at once."""
    kind: SentenceKind


_Piece = tuple[int, int, _Join | None]
"""A range ``[start, end)`` of the text, and how it goes on with the piece before it."""


def paragraphs(found: Iterable[Line], width: int = 0) -> Iterator[Paragraph]:
    """Join the lines ``found`` to paragraphs; ``width`` is the column that their text is wrapped at, or 0.

    Only lines of one kind make a paragraph.
    """
    pieces: list[_Piece] = []
    before: Line | None = None
    doubtful = 0
    for line in found:
        start, end, _, _, kind = line
        join = _join(before, line, width) if before and before.kind == kind else None
        if join == "same":
            pieces[-1] = (pieces[-1][0], end, pieces[-1][2])
        else:
            doubtful += join == "doubtful"
            if before and (join is None or doubtful > _MOST_TEARS):
                yield from _finished(pieces, before)
                pieces, doubtful = [], 0
            pieces.append((start, end, join))
        before = line
    if before:
        yield from _finished(pieces, before)


def column(text: str) -> int:
    """The width that ``text`` is wrapped at, in characters; 0 where it is not wrapped."""
    width = 0
    for start, end, words, *_ in lines(text):
        if end - start > width and (" " in words or not words.isascii()):  # a long address says nothing
            width = end - start
            if width > _WIDEST_COLUMN:
                return 0
    breaks = forced = 0
    for before, line in pairwise(lines(text)):
        if not line.apart:
            breaks += 1
            forced += _does_not_fit(before.end - before.start, line.words, width)
    return width if width >= _NARROWEST_COLUMN and 2 * forced > breaks else 0


def _does_not_fit(length: int, words: str, width: int) -> bool:
    """Whether the first of ``words`` would have passed the width after a line of that length."""
    first = words[: width + 1].split(maxsplit=1)[0]
    return length + 1 + len(first) > width


def _join(before: Line, line: Line, width: int) -> _Join | None:
    """How ``line`` goes on with the block ``before`` it, or none where a paragraph ends between them."""
    last = before.words[-1]
    if width and not line.apart and _does_not_fit(before.end - before.start, line.words, width):
        return "close" if _UNSPACED.match(last) and _UNSPACED.match(line.words) else "same"
    if last in _TERMINAL:  # nearly always
        return None
    first = line.words[0]
    if first.isupper():
        return "spaced" if leads_on(before.words) else None
    if first.islower():
        if _ends(before.words) or _CAMEL.match(line.words):
            return None
        if not line.apart:
            return "same"
        return "close" if last in _OPENING else "doubtful"
    return "close" if _CONTINUING.match(line.words) and not _ends(before.words) else None


def _ends(words: str) -> bool:
    """Whether a line ends as a sentence does, or in a way that says nothing."""
    ending = words[-8:].rstrip(_CLOSING)
    return not ending or ending[-1] in _TERMINAL


def leads_on(words: str) -> bool:
    """Whether the last word of a line wants another one."""
    last = words[-12:].rsplit(maxsplit=1)[-1]
    return last in _CONNECTING or (len(words) > _LONGEST_HEADING and last in _OFTEN_CONNECTING)


def _finished(pieces: list[_Piece], last: Line) -> Iterable[Paragraph]:
    """The paragraph that ``pieces`` are, or several, where what looked torn does not come to an end."""
    if len(pieces) == 1:  # nearly always
        start, end, _ = pieces[0]
        return (Paragraph((Span(start, end),), last.kind),)
    return _torn(pieces, last)


def _torn(pieces: list[_Piece], last: Line) -> Iterator[Paragraph]:
    whole = _ends(last.words)
    spans: list[Span] = []
    for start, end, join in pieces:
        if spans and join == "doubtful" and not whole:
            yield Paragraph(tuple(spans), last.kind)
            spans = []
        elif spans and join != "close":
            spans[-1] = Span(spans[-1].start, spans[-1].end + 1)
        spans.append(Span(start, end))
    yield Paragraph(tuple(spans), last.kind)
