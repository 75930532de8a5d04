"""Split a text into lines, and join the lines that belong to one paragraph.

A line break ends a paragraph unless it is a *wrap* or a *tear*. A wrap is a break that a narrow
column forced: the first word of the next line would not have fitted. A tear is a break, blank lines
included, that the markup of a page left inside a sentence, mostly around a link.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Literal, NamedTuple

from summarizer._patterns import compile_lazily
from summarizer.spans import Span

SentenceKind = Literal["title", "caption", "prose"]
"""The part of the article that a sentence stands in."""
LineRole = Literal["title", "kicker", "byline", "date"]
"""The role of a line of the front matter."""

_MIN_COLUMN = 30  # characters; narrower "columns" are lists of words
_MAX_COLUMN = 120  # characters; longer lines are paragraphs, not wrapped lines
_MAX_KEPT = 50_000  # characters of a text whose lines are kept
_MAX_TEARS = 20  # in one sentence; a longer series is a list or a poem
_TERMINAL = frozenset(".!?…:;。！？：；؟۔।")
_CLOSING = "”\"’'»)]›*"
# A mark that begins a line only in mid-sentence. No letter follows, as in ".NET" or "’90s".
_CONTINUING = compile_lazily(r"[.,;:!?)\]”’»%、。，](?![\w.…:)])")
_OPENING = frozenset("([“‘«$£€")
# Words after which a sentence always continues …
_CONNECTING = frozenset(("a", "an", "the", "and", "or", "nor", "but", "than", "which", "whose", "its", "their", "our"))
# … and words that can also end a heading ("Where they come from"): they count only in longer lines.
_OFTEN_CONNECTING = frozenset(
    ("of", "to", "in", "on", "at", "by", "for", "from", "with", "that", "who", "as", "his", "her", "my", "your")
)
_MAX_HEADING = 60  # characters
_CAMEL = compile_lazily(r"[^\W\d_]*[a-z][A-Z]")  # iPhone, eBay: a small letter that can begin a sentence
# Chinese and Japanese, which put no spaces between words.
_UNSPACED = compile_lazily("[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]")


class Line(NamedTuple):
    """A line without the white space around it: the range ``[start, end)`` of the text."""

    start: int
    end: int
    text: str
    """The visible characters of the range."""
    starts_block: bool
    """True after a blank line, after a cut, and at the beginning of the text."""
    kind: SentenceKind = "prose"


class ParagraphSpans(NamedTuple):
    """Consecutive sentences of one kind."""

    spans: tuple[Span, ...]
    """The parts of the text, in order. Parts of a torn sentence include the one space between them."""
    kind: SentenceKind


_Join = Literal["same", "close", "spaced", "doubtful"]
"""The way in which a line continues the line before.

``same``: within one span. ``close``: as a new span. ``spaced``: as a new span after a space.
``doubtful``: like ``spaced``, but only if the sentence comes to an end.
"""
_Piece = tuple[int, int, _Join | None]  # a range [start, end) of the text, and how it continues the piece before


def split_lines(text: str) -> Iterator[Line]:
    """Yield the lines of ``text`` that are not blank; lines end where ``str.splitlines`` ends them."""
    return iter(_split_kept(text)) if len(text) <= _MAX_KEPT else split_lazily(text)


@lru_cache(maxsize=4)
def _split_kept(text: str) -> tuple[Line, ...]:
    """Split a short text, which the steps of reading ask for several times."""
    return tuple(split_lazily(text))


def split_lazily(text: str) -> Iterator[Line]:
    """Yield the lines like `split_lines`, and keep none: for a few lines of a text."""
    offset, starts_block = 0, True
    for line in text.splitlines(keepends=True):
        if stripped := line.strip():
            start = offset + line.index(stripped[0])
            yield Line(start, start + len(stripped), stripped, starts_block)
            starts_block = False
        else:
            starts_block = True
        offset += len(line)


def wrap_width(text: str) -> int:
    """Return the column at which ``text`` is wrapped, in characters, or 0."""
    width = 0
    for line in map(str.strip, text.splitlines()):
        if len(line) > width and (" " in line or not line.isascii()):  # a long URL says nothing
            width = len(line)
            if width > _MAX_COLUMN:
                return 0
    if width < _MIN_COLUMN:
        return 0
    breaks = forced = 0
    for before, following in pairwise(map(str.strip, text.splitlines())):
        if before and following:
            breaks += 1
            forced += _exceeds(len(before), following, width)
    return width if 2 * forced > breaks else 0


def join_lines(lines: Iterable[Line], width: int = 0) -> Iterator[ParagraphSpans]:
    """Join lines to paragraphs of one kind; ``width`` is the column at which the text is wrapped, or 0."""
    pieces: list[_Piece] = []
    before: Line | None = None
    doubtful = 0
    for line in lines:
        start, end, _, _, kind = line
        join = _join(before, line, width) if before and before.kind == kind else None
        if join == "same":
            pieces[-1] = (pieces[-1][0], end, pieces[-1][2])
        else:
            doubtful += join == "doubtful"
            if before and (join is None or doubtful > _MAX_TEARS):
                yield from _as_paragraphs(pieces, before)
                pieces, doubtful = [], 0
            pieces.append((start, end, join))
        before = line
    if before:
        yield from _as_paragraphs(pieces, before)


def _exceeds(length: int, following: str, width: int) -> bool:
    """Return whether a line of that length plus the first word of ``following`` is wider than ``width``."""
    first = following[: width + 1].split(maxsplit=1)[0]
    return length + 1 + len(first) > width


def _join(before: Line, line: Line, width: int) -> _Join | None:
    """Decide how ``line`` continues the line ``before``; None if a paragraph ends between them."""
    last = before.text[-1]
    if width and not line.starts_block and _exceeds(before.end - before.start, line.text, width):
        return "close" if _UNSPACED.match(last) and _UNSPACED.match(line.text) else "same"
    if last in _TERMINAL:  # nearly always
        return None
    first = line.text[0]
    if first.isupper():
        return "spaced" if is_unfinished(before.text) else None
    if first.islower():
        if _may_end_sentence(before.text) or _CAMEL.match(line.text):
            return None
        if not line.starts_block:
            return "same"
        return "close" if last in _OPENING else "doubtful"
    return "close" if _CONTINUING.match(line.text) and not _may_end_sentence(before.text) else None


def _may_end_sentence(line: str) -> bool:
    """Return whether a line ends like a sentence, or only with closing marks."""
    ending = line[-8:].rstrip(_CLOSING)
    return not ending or ending[-1] in _TERMINAL


def is_unfinished(line: str) -> bool:
    """Return whether the last word of a line needs another word after it."""
    last = line[-12:].rsplit(maxsplit=1)[-1]
    return last in _CONNECTING or (len(line) > _MAX_HEADING and last in _OFTEN_CONNECTING)


def _as_paragraphs(pieces: list[_Piece], last: Line) -> Iterator[ParagraphSpans]:
    """Make one paragraph of ``pieces``, or several if a doubtful tear does not come to an end."""
    if len(pieces) == 1:  # nearly always
        yield ParagraphSpans((Span(*pieces[0][:2]),), last.kind)
        return
    comes_to_end = _may_end_sentence(last.text)
    spans: list[Span] = []
    for start, end, join in pieces:
        if spans and join == "doubtful" and not comes_to_end:
            yield ParagraphSpans(tuple(spans), last.kind)
            spans = []
        elif spans and join != "close":
            spans[-1] = Span(spans[-1].start, spans[-1].end + 1)
        spans.append(Span(start, end))
    yield ParagraphSpans(tuple(spans), last.kind)


_RUN_IN = compile_lazily(
    r"(?:^|(?<=[.?!…”\"’)] ))(?P<label>Q(?:uestion)?|A(?:nswer)?|F(?:rage)?|Antwort|R(?:éponse)?)"
    r"\s?[:.] (?=\S)"
)
"""A label of a question or an answer within a line."""
_RUN_IN_SIGN = compile_lazily(r"\? (?:A|R|Antwort)(?:nswer|éponse)?\s?[:.] ")
_QUESTION_LABELS = ("Q", "F")


def split_run_in(text: str, paragraphs: Iterable[ParagraphSpans]) -> Iterator[ParagraphSpans]:
    """Split paragraphs that run questions and answers together: "Q: Is it safe? A: Yes. Q: …"."""
    has_labels = _RUN_IN_SIGN.search(text) is not None
    for paragraph in paragraphs:
        (start, end), *others = paragraph.spans
        line = text[start:end] if has_labels and not others and paragraph.kind == "prose" else ""
        marks = list(_RUN_IN.finditer(line)) if _RUN_IN_SIGN.search(line) else []
        asks = [mark["label"].startswith(_QUESTION_LABELS) for mark in marks]
        places = [mark.start() for mark in marks]
        pairs = [line[one:other].rstrip("”\"’') ")[-1:] for one, other in pairwise(places)]
        is_turns = True in asks and all(one != other for one, other in pairwise(asks)) and len(asks) > 1
        if not is_turns or not all(last == "?" for last, ask in zip(pairs, asks, strict=False) if ask):
            yield paragraph
            continue
        for first, last in pairwise([*sorted({0, *places}), len(line)]):
            yield ParagraphSpans((Span(start + first, start + len(line[:last].rstrip())),), "prose")


class JoinedText:
    """A paragraph as one string, with the way back to the text of the article."""

    def __init__(self, text: str, spans: tuple[Span, ...], hidden: list[Span]) -> None:
        """Join ``spans`` of ``text``, leaving out the ``hidden`` ranges in them; both are in order."""
        self._parts = _subtract(spans, hidden) if hidden else spans
        slices = [text[start:end] for start, end in self._parts]
        self.text = "".join(slices)
        self._ends = list(accumulate(map(len, slices)))

    def to_spans(self, start: int, end: int) -> tuple[Span, ...]:
        """Map the non-empty range ``[start, end)`` of the string to spans of the article."""
        first, last = bisect_right(self._ends, start), bisect_left(self._ends, end)
        spans = list(self._parts[first : last + 1])  # reuses the Span objects: a sentence may have thousands
        spans[-1] = Span(spans[-1].start, spans[-1].end - self._ends[last] + end)
        spans[0] = Span(self._parts[first].end - self._ends[first] + start, spans[0].end)
        return tuple(spans)


def spans_within(spans: list[Span], start: int, end: int) -> list[Span]:
    """Return the sorted ``spans`` that start in the range ``[start, end)``."""
    first = bisect_left(spans, (start,))
    return spans[first : bisect_left(spans, (end,), first)] if first < len(spans) and spans[first].start < end else []


def _subtract(spans: tuple[Span, ...], hidden: list[Span]) -> tuple[Span, ...]:
    """Remove the ``hidden`` ranges, each of which lies in one of ``spans``."""
    parts: list[Span] = []
    for start, end in spans:
        gaps = spans_within(hidden, start, end)
        starts, ends = [start, *(gap.end for gap in gaps)], [*(gap.start for gap in gaps), end]
        parts += [Span(*kept) for kept in zip(starts, ends, strict=True) if kept[0] < kept[1]]
    return tuple(parts)
