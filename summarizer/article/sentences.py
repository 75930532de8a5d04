"""Split a text into lines, paragraphs and sentences.

A line break ends a paragraph unless it is a *wrap* or a *tear*. A wrap is a break that a narrow
column forced: the first word of the next line would not have fitted. A tear is a break, blank lines
included, that the markup of a page left inside a sentence, mostly around a link.

sentencex finds the boundaries of sentences. It is quadratic in runs of quotation marks, so long paragraphs are
split in windows. A sentence that is too long for any token budget is cut where it reads best.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise, zip_longest
from typing import Literal, NamedTuple

from sentencex import get_sentence_boundaries, segment

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily
from summarizer.spans import Span

SentenceKind = Literal["title", "caption", "prose"]
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
_Piece = tuple[int, int, _Join | None]
"""A range ``[start, end)`` of the text, and how it continues the piece before."""


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


MAX_SENTENCE_BYTES = 2_000
"""UTF-8 bytes. Longer sentences are cut, so that sentence numbers never depend on a token budget."""

_SHORT = MAX_SENTENCE_BYTES // 4  # characters; no shorter paragraph contains a sentence over the limit
_CLUSTER = 64  # characters of the longest emoji or accented letter
_WINDOW = MAX_SENTENCE_BYTES + _CLUSTER  # characters; a piece without a boundary within is over the limit
_MAX_ABBREVIATION = 12  # characters
_ONE_SENTENCE = compile_lazily(r"[A-Za-z0-9$“‘*•–-][A-Za-z0-9,;:$%&*#/“”‘’•–— -]{0,250}[A-Za-z0-9,;:%*”’.!?]")
"""Most short lines: no mark within them can end a sentence."""
_WHITE_SPACE = compile_lazily(r"[^\S ]")
_QUOTES = compile_lazily("[\"'“”„‟‘’‚‛«»‹›「」『』]{16,}")
_OPENING_MARK = compile_lazily(r"""(?<=\s)(?:[“«„]\s*|["']|``)\Z|(?<=[.!?…])“\Z""")
_OPENING_MARKS = frozenset("“«„\"'`")
_CLAUSE_MARK = compile_lazily(r"[;:,–—](?=\s)|[，；、：。]")

_WORDS = {name: words.split() for name, words in read_toml(__file__, "sentences.toml").items()}
_TITLES = frozenset(_WORDS["titles"])
_COMPLETE, _AMBIGUOUS, _LETTERED = map(frozenset, (_WORDS["complete"], _WORDS["ambiguous"], _WORDS["lettered"]))
_AFTER_TIME = frozenset(_WORDS["after_time"])
_NAME = rf"(?!(?:{'|'.join(_WORDS['continuing'] + _WORDS['after_time'])})\b)[A-Z][\w’'-]+"
_VERBS = "|".join(_WORDS["verbs"])
_PARTIES = ("D-", "R-", "I-")  # "Rep. Ann Day, D-N.Y.", which sentencex splits after "D-N."
_CAPITAL = compile_lazily('[“"‘«]?[A-Z]')
_SUBJECT = compile_lazily(
    rf"[“\"‘«][A-Z]|(?:He|She|They|It|We|I|The) |{_NAME}(?: [A-Z][\w’'-]+){{0,3}} (?:{_VERBS})\b"
    rf"|{_NAME} [A-Z][\w’'-]+, (?:the|an?|who|her|his|\d+|[a-z]+ (?:of|at|for|in)) "
)
"""The beginning of a sentence: a quotation, or a subject with its verb or a description."""


def split_sentences(paragraph: str, language: str) -> Iterator[tuple[int, int, str]]:
    """Yield the range ``[start, end)`` of each sentence, and its words with single spaces.

    No range begins or ends with white space.
    """
    if "  " not in paragraph and _ONE_SENTENCE.fullmatch(paragraph):
        yield 0, len(paragraph), paragraph
        return
    printable = paragraph.isprintable()  # then the space is the only white space
    plain = printable and "  " not in paragraph
    pieces = _split(paragraph, language, printable) if len(paragraph) <= _SHORT else _windows(paragraph, language)
    start = 0
    for piece in pieces:
        if words := piece.strip():
            first = start if piece[0] == words[0] else start + piece.index(words[0])
            yield first, first + len(words), words if plain else " ".join(words.split())
        start += len(piece)


def _split(paragraph: str, language: str, printable: bool) -> list[str]:
    """Split into sentences with the white space after them; joined they are ``paragraph``."""
    text = paragraph if printable else _WHITE_SPACE.sub(" ", paragraph)  # sentencex panics over "B\xa0."
    if len(text) > _SHORT:
        text = _QUOTES.sub(lambda run: "-" * len(run.group()), text)
    pieces: list[str] = segment(language, text)
    if "".join(pieces) != text:  # sentencex does not guarantee this
        pieces = [text[found["start_index"] : found["end_index"]] for found in get_sentence_boundaries(language, text)]
    if text is not paragraph:
        ends = accumulate(map(len, pieces), initial=0)
        pieces = [paragraph[start:end] for start, end in pairwise(ends)]
    if len(pieces) > 1 and any(piece.rstrip()[-1:] in _OPENING_MARKS for piece in pieces[:-1]):
        pieces = list(_move_marks(pieces))
    is_certain = len(pieces) == 1 and ". " not in paragraph
    return pieces if is_certain or language != "en" else list(_correct_english(pieces))


def _move_marks(pieces: list[str]) -> Iterator[str]:
    """Move the opening quotation marks that sentencex leaves at the end of the sentence before."""
    start = ""
    for piece, following in pairwise([*pieces, ""]):
        text, start = start + piece, ""
        end = len(text.rstrip()) if following else 0
        opening = _OPENING_MARK.search(text, max(0, end - 2)) if text[end - 1 : end] in _OPENING_MARKS else None
        if opening and not (opening.group() == "“" and "„" in text):  # a German mark that closes
            text, start = text[: opening.start()], text[opening.start() :]
        if text:
            yield text


def _correct_english(pieces: Sequence[str]) -> Iterator[str]:
    """Join pieces after a title or time, and split them after words that sentencex takes for abbreviations."""
    before = ""
    for piece, following in zip_longest(pieces, pieces[1:], fillvalue=""):
        joined = before + piece
        if (piece.endswith(". ") and _continues(piece, following)) or piece[-4:-2] in _PARTIES:
            before = joined
            continue
        start, end = 0, joined.find(". ") + 2
        while 2 <= end < len(joined):
            if _ends_sentence(joined, end) and not _is_quoted(joined, end):
                yield joined[start:end]
                start = end
            end = joined.find(". ", end) + 2
        yield joined[start:]
        before = ""
    if before:
        yield before


def _continues(piece: str, following: str) -> bool:
    """Return whether a sentence continues after a piece: "Cllr. Ann Holt", "6 a.m. Monday"."""
    word = _last_word(piece, len(piece) - 2)
    return word in _TITLES or (word in ("a.m", "p.m") and following.partition(" ")[0].rstrip(",.") in _AFTER_TIME)


def _last_word(text: str, end: int) -> str:
    return text[text.rfind(" ", max(0, end - _MAX_ABBREVIATION), end) + 1 : end].lstrip("(“\"‘'")


def _ends_sentence(text: str, end: int) -> bool:
    """Return whether a sentence ends at the full stop and space before ``end``, which sentencex passed over."""
    if not _CAPITAL.match(text, end):
        return False
    word = _last_word(text, end - 2)
    if word in _COMPLETE:
        return True
    if len(word) == 1 < end - 3 and _last_word(text, end - 4).lower() in _LETTERED:
        return True
    return word in _AMBIGUOUS and _SUBJECT.match(text, end) is not None


def _is_quoted(piece: str, end: int) -> bool:
    """Return whether the beginning of a piece, up to ``end``, leaves a quotation open."""
    return piece.count("“", 0, end) > piece.count("”", 0, end) or bool(piece.count('"', 0, end) % 2)


def _windows(paragraph: str, language: str) -> Iterator[str]:
    """Split a long paragraph; no piece is longer than ``MAX_SENTENCE_BYTES``."""
    start = 0
    while start < len(paragraph):
        window = paragraph[start : start + _WINDOW]
        pieces = [part for piece in _split(window, language, window.isprintable()) for part in _cut(piece)]
        if start + len(window) < len(paragraph):
            pieces.pop()  # may continue beyond the window, which always contains more than one
        yield from pieces
        start += sum(map(len, pieces))


def _cut(piece: str) -> Iterator[str]:
    """Cut ``piece`` into parts of at most ``MAX_SENTENCE_BYTES``."""
    while 4 * len(piece) > MAX_SENTENCE_BYTES and len(piece.encode()) > MAX_SENTENCE_BYTES:
        length = _best_cut(piece)
        yield piece[:length]
        piece = piece[length:]
    yield piece


def _best_cut(text: str) -> int:
    """Return the length of the part before the best place to cut, within the limit."""
    limit = len(text[:MAX_SENTENCE_BYTES].encode()[:MAX_SENTENCE_BYTES].decode(errors="ignore"))
    beginning = text[:limit]
    marks = [match.end() for match in _CLAUSE_MARK.finditer(beginning, limit // 2)]
    if marks:
        return marks[-1]
    space = max(map(beginning.rfind, " \t\n\u00a0"))
    if space > 0:
        return space + 1
    if beginning.isascii():
        return limit
    import regex  # slow to import, rarely needed: the standard library has no grapheme clusters

    clusters = [match.end() for match in regex.finditer(r"\X", text[: limit + _CLUSTER])]
    return max((end for end in clusters if end <= limit), default=limit)
