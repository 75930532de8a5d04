"""From paragraphs to sentences.

Boundaries are sentencex's. It is quadratic in runs of quotation marks, so that a long paragraph is
handed to it in windows; a sentence too long for any token budget is cut where it reads best.
"""

import re
from collections.abc import Iterator
from itertools import accumulate, pairwise

from sentencex import get_sentence_boundaries, segment

LONGEST_SENTENCE = 2_000
"""UTF-8 bytes; a longer sentence is cut, so that sentence numbers never hang on a token budget."""

_SHORT = LONGEST_SENTENCE // 4  # characters: no paragraph up to this length holds too long a sentence
_CLUSTER = 64  # characters: hardly an emoji or accented letter is made of more
_WINDOW = LONGEST_SENTENCE + _CLUSTER  # characters: what has no boundary within is too long a sentence anyway
_WHITE_SPACE = re.compile(r"[^\S ]")
_QUOTES = re.compile("[\"'“”„‟‘’‚‛«»‹›「」『』]{16,}")
_CLAUSE_MARK = re.compile(r"[;:,–—](?=\s)|[，；、：。]")
_ABBREVIATED = (" Ms. ", " Mx. ", " Ft. ", " Govs. ", " Amb. ")  # where sentencex 1.0 ends some sentences


def sentences(view: str, language: str) -> Iterator[tuple[int, int, str]]:
    """The sentences of ``view``, in order: the range ``[start, end)`` of each, and its words, once spaced.

    No range begins or ends with white space.
    """
    printable = view.isprintable()  # so that a space is the only white space in it
    plain = printable and "  " not in view
    pieces = _split(view, language, printable) if len(view) <= _SHORT else _windows(view, language)
    start = 0
    for piece in pieces:
        if words := piece.strip():
            first = start if piece[0] == words[0] else start + piece.index(words[0])
            yield first, first + len(words), words if plain else " ".join(words.split())
        start += len(piece)


def _split(view: str, language: str, printable: bool) -> list[str]:
    """``view`` in pieces, each a sentence with the white space after it; they join back to it."""
    text = view if printable else _WHITE_SPACE.sub(" ", view)  # sentencex panics over "B\xa0."
    if len(text) > _SHORT:
        text = _QUOTES.sub(lambda run: "-" * len(run.group()), text)
    pieces: list[str] = segment(language, text)
    if "".join(pieces) != text:  # which sentencex does not promise
        pieces = [text[each["start_index"] : each["end_index"]] for each in get_sentence_boundaries(language, text)]
    if text is not view:
        ends = accumulate(map(len, pieces), initial=0)
        pieces = [view[start:end] for start, end in pairwise(ends)]
    return _mended(pieces) if len(pieces) > 1 else pieces


def _mended(pieces: list[str]) -> list[str]:
    """``pieces``, but for boundaries after an abbreviation."""
    mended: list[str] = []
    for piece in pieces:
        if mended and mended[-1].endswith(_ABBREVIATED):
            mended[-1] += piece
        else:
            mended.append(piece)
    return mended


def _windows(view: str, language: str) -> Iterator[str]:
    """The same for a long ``view``, no piece being longer than a sentence may be."""
    start = 0
    while start < len(view):
        window = view[start : start + _WINDOW]
        pieces = [part for piece in _split(window, language, window.isprintable()) for part in _cut(piece)]
        if start + len(window) < len(view):
            pieces.pop()  # it may go on beyond the window, which always holds more than one
        yield from pieces
        start += sum(map(len, pieces))


def _cut(piece: str) -> Iterator[str]:
    """The parts that ``piece`` is cut into, each at most ``LONGEST_SENTENCE`` long."""
    while 4 * len(piece) > LONGEST_SENTENCE and len(piece.encode()) > LONGEST_SENTENCE:
        length = _best_cut(piece)
        yield piece[:length]
        piece = piece[length:]
    yield piece


def _best_cut(text: str) -> int:
    """The length of the longest beginning of ``text`` within the limit that ends where it reads best."""
    limit = len(text[:LONGEST_SENTENCE].encode()[:LONGEST_SENTENCE].decode(errors="ignore"))
    beginning = text[:limit]
    marks = [match.end() for match in _CLAUSE_MARK.finditer(beginning, limit // 2)]
    if marks:
        return marks[-1]
    space = max(map(beginning.rfind, " \t\n\u00a0"))
    if space > 0:
        return space + 1
    if beginning.isascii():
        return limit
    import regex  # only here: for grapheme clusters, which the standard library does not know

    clusters = [match.end() for match in regex.finditer(r"\X", text[: limit + _CLUSTER])]
    return max((end for end in clusters if end <= limit), default=limit)
