"""Text fragments: the part of an address that makes a browser scroll to words of a page and highlight them.

A fragment is ``:~:text=[prefix-,]start[,end][,-suffix]``. The rules are those of
https://wicg.github.io/scroll-to-text-fragment/:

- The first match in the page wins. Case, accents and the form of quotation marks do not count.
- A match of one part does not cross a block, a line break or a box such as a button.
- A match begins and ends at the boundaries of words, except next to a prefix or a suffix.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain
from typing import NamedTuple
from urllib.parse import quote

from summarizer._patterns import compile_lazily

_CHUNK = 256  # characters
_MAX_WORD = 100  # characters; a longer word is cut
_MAX_EXACT = 600  # characters in an address, about 400 of English text; longer texts are given by their two ends
_MAX_PART = 600  # characters of the page
_MAX_FRAGMENT = 4_000  # characters
_WIDTHS = (16, 40, 100, 250)  # of a part, tried in this order until its first match is the right one
_SPACELESS_WIDTH = 3  # a character of a script without spaces says as much as three letters

# Scripts without spaces between words: Thai, Lao, Burmese, Khmer, kana, ideographs.
_SPACELESS = compile_lazily(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_JOINS_LETTERS = frozenset("'’‘.·:․‧＇．：\u05f4\"")  # the rules WB6, WB7 and WB11 of Unicode's annex 29
_APOSTROPHES = frozenset("'’‘＇")
_JOINS_DIGITS = frozenset(",;'’.")
_ATTACHED = frozenset(("Mn", "Me", "Mc", "Cf"))  # categories that belong to the character before
_WHITE_SPACE = compile_lazily("[ \t\n\r\f]+")  # that HTML collapses; a no-break space stays
_SAME_LETTER = (
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe"}
    | dict.fromkeys("“”„‟«»″", '"')
    | dict.fromkeys("‘’‚‛‹›′", "'")
)


class Stretch(NamedTuple):
    """Characters of one text node, by their offsets in the text of the page."""

    start: int
    end: int
    node_start: int
    """The offset of the first character of the node."""


class FoldedText:
    """The text of a page without white space, case and accents, for searches.

    A search finds every match of a browser, and sometimes more.

    Args:
        text: The text of the page. A line break separates blocks.
        node_starts: The offsets of the text nodes that belong to the article, sorted.
    """

    def __init__(self, text: str, node_starts: Sequence[int] = ()) -> None:
        self.text = text
        self._node_starts = node_starts
        chunks = [_fold(text[start : start + _CHUNK]) for start in range(0, len(text), _CHUNK)]
        self._folded = "".join(chunks)
        self._starts = list(accumulate(map(len, chunks), initial=0))

    def is_first(self, start: int, end: int, after: int = 0) -> bool:
        """Return whether the words from ``start`` to ``end`` occur nowhere between ``after`` and ``start``."""
        first, last = self._position(start), self._position(end)
        return first < last and self._folded.find(self._folded[first:last], self._position(after), last) == first

    def is_in_article(self, part: "_Part") -> bool:
        """Return whether the article has a text node in the line that a part ends in."""
        line_start = self.text.rfind("\n", 0, part.end) + 1
        following = bisect_left(self._node_starts, line_start)
        return following < len(self._node_starts) and self._node_starts[following] < part.end

    def _position(self, offset: int) -> int:
        chunk, rest = divmod(offset, _CHUNK)
        return self._starts[chunk] + (len(_fold(self.text[offset - rest : offset])) if rest else 0)


class _Folding(dict[int, str]):
    """A table for `str.translate`, which grows with the characters that occur."""

    def __missing__(self, code: int) -> str:
        decomposed = unicodedata.normalize("NFKD", chr(code)).casefold()
        letters = (letter for letter in decomposed if unicodedata.category(letter) not in {"Mn", "Me", "Cf", "Cc"})
        self[code] = "".join(_fold_letter(letter) for letter in letters if not letter.isspace())
        return self[code]


def _fold_letter(letter: str) -> str:
    if "\u30a1" <= letter <= "\u30f6":  # katakana as hiragana
        return chr(ord(letter) - 0x60)
    return _SAME_LETTER.get(letter, letter)


_FOLDING = _Folding()


def _fold(text: str) -> str:
    return text.translate(_FOLDING)


def text_fragment(page: FoldedText, stretches: Iterable[Stretch]) -> str | None:
    """Return the fragment that highlights ``stretches`` and all between them, extended to whole words.

    If the same words are in the same context elsewhere, the browser may highlight those. None: there is no word,
    or the fragment would be too long.
    """
    text = page.text
    lines = [line for stretch in stretches for line in _lines(text, stretch)]
    if not lines:
        return None
    start, end = _word_start(text, lines[0].start), _word_end(text, lines[-1].end)
    words = _Words(text, start, end, min(lines[0].node_start, start))
    if len(lines) == 1:
        middle = (start + end) // 2
        is_short = end - start <= _MAX_EXACT and len(_encode(text[start:end])) <= _MAX_EXACT
        fragment = None if is_short else _range(page, words, [middle], [middle])
    else:
        first_end, last_start = text.find("\n", start, end), text.rfind("\n", start, end) + 1
        first_ends = max(lines[0].end, start + 1), first_end if first_end > 0 else lines[-1].start
        fragment = _range(page, words, first_ends, [lines[-1].start, last_start or lines[0].end])
    fragment = fragment or _exact(page, words)
    return fragment if len(fragment) <= _MAX_FRAGMENT else None


def _lines(text: str, stretch: Stretch) -> Iterator[Stretch]:
    """Split a stretch at line breaks; lines without a word are left out."""
    for match in re.finditer(r"\S[^\n]*", text[stretch.start : stretch.end]):
        if any(map(str.isalnum, match[0])):
            start = stretch.start + match.start()
            yield Stretch(start, start + len(match[0].rstrip()), stretch.node_start)


class _Part(NamedTuple):
    """One part of a fragment, by its offsets in the text of the page."""

    start: int
    end: int


class _Words(NamedTuple):
    """The words to highlight."""

    text: str
    """The text of the page."""
    start: int
    end: int
    node_start: int
    """The offset of the first character of their first node."""

    @property
    def starts_line(self) -> bool:
        """Return whether no words precede these in their line."""
        return not self.text[self.text.rfind("\n", 0, self.start) + 1 : self.start].strip()

    def prefixes(self) -> Iterator[_Part]:
        """Yield longer and longer prefixes: words of the same node, of the same line, or of the line before."""
        text, end = self.text, self.start
        line_start = text.rfind("\n", 0, end) + 1
        floors = [max(line_start, self.node_start), line_start]
        if self.starts_line:
            end = len(text[:end].rstrip())
            floors = [text.rfind("\n", 0, end) + 1]
        starts = dict.fromkeys(start for floor in floors for start in _starts(text, end, floor))
        return (_Part(start, end) for start in starts)

    def suffixes(self) -> Iterator[_Part]:
        """Yield longer and longer suffixes: words of the same line, or of the next line."""
        text = self.text
        start = self.end
        while start < len(text) and text[start].isspace():
            start += 1
        line_end = text.find("\n", start)
        return (_Part(start, end) for end in _ends(text, start, line_end if line_end >= 0 else len(text)))


def _exact(page: FoldedText, words: _Words) -> str:
    """Return the fragment with all words, and with as much context as makes it the first match."""
    prefix = next(words.prefixes(), None) if _splits_word(words.text, words.start) else None
    suffix = next(words.suffixes(), None) if _splits_word(words.text, words.end) else None

    def contexts() -> Iterator[tuple[_Part | None, _Part | None]]:
        yield prefix, suffix
        before = ((longer, suffix) for longer in words.prefixes())
        after = ((prefix, longer) for longer in words.suffixes())
        nearest = chain(after, before) if words.starts_line else chain(before, after)
        # Other parts of the page may be hidden, or change with the next advertisement.
        yield from sorted(nearest, key=lambda pair: not all(map(page.is_in_article, filter(None, pair))))
        *_, longest = (None, *words.prefixes())
        yield from ((longest, longer) for longer in words.suffixes())

    for before, after in contexts():
        if page.is_first(before.start if before else words.start, after.end if after else words.end):
            prefix, suffix = before, after
            break
    return _directive(words.text, prefix, _Part(words.start, words.end), None, suffix)


def _range(page: FoldedText, words: _Words, first_ends: Iterable[int], last_starts: Iterable[int]) -> str | None:
    """Return the fragment with the first and the last words, or None if all words are better.

    Args:
        page: The text of the page.
        words: The words to highlight.
        first_ends: The offsets up to which the first words may extend, in the order of preference.
        last_starts: The offsets from which the last words may start, in the order of preference.
    """
    text = words.text
    starts = [_Part(words.start, end) for limit in first_ends for end in _ends(text, words.start, limit)]
    ends = [_Part(start, words.end) for limit in last_starts for start in _starts(text, words.end, limit)]
    if not starts or not ends:
        return None
    prefix = next(words.prefixes(), None) if _splits_word(text, words.start) else None
    suffix = next(words.suffixes(), None) if _splits_word(text, words.end) else None

    def first_parts() -> Iterator[tuple[_Part | None, _Part]]:
        yield from ((prefix, start) for start in starts)
        yield from ((longer, start) for longer in words.prefixes() for start in (starts[0], starts[-1]))

    def last_parts() -> Iterator[tuple[_Part, _Part | None]]:
        yield from ((end, suffix) for end in ends)
        yield from ((end, longer) for longer in words.suffixes() for end in (ends[0], ends[-1]))

    unique_start = (parts for parts in first_parts() if page.is_first((parts[0] or parts[1]).start, parts[1].end))
    can_be_exact = words.end - words.start <= _MAX_PART and "\n" not in text[words.start : words.end]
    found = next(unique_start, None if can_be_exact else (prefix, starts[0]))
    if not found:
        return None
    prefix, start = found
    following = ((end, after) for end, after in last_parts() if end.start >= start.end)
    unique_end = (parts for parts in following if page.is_first(parts[0].start, (parts[1] or parts[0]).end, start.end))
    end, suffix = next(unique_end, (ends[0], suffix))
    return _directive(text, prefix, start, end, suffix) if start.end <= end.start else None


def _starts(text: str, end: int, floor: int) -> Iterator[int]:
    """Yield the starts of longer and longer parts that end at ``end``, down to ``floor``."""
    floor = max(floor, end - _MAX_PART)
    return _grow(text, (start for start in range(end - 1, floor - 1, -1) if _can_start(text, start, floor)), end)


def _ends(text: str, start: int, ceiling: int) -> Iterator[int]:
    """Yield the ends of longer and longer parts that start at ``start``, up to ``ceiling``."""
    ceiling = min(ceiling, start + _MAX_PART)
    return _grow(text, (end for end in range(start + 1, ceiling + 1) if _can_end(text, end, ceiling)), start)


def _grow(text: str, offsets: Iterable[int], fixed: int) -> Iterator[int]:
    """Yield the first offset that makes a part as wide as each of `_WIDTHS`, and else the last one."""
    widths = iter(_WIDTHS)
    wanted = next(widths)
    widest: int | None = None
    for offset in offsets:
        part = text[min(offset, fixed) : max(offset, fixed)]
        if not any(map(str.isalnum, part)):
            continue
        widest = offset
        if len(part) + (_SPACELESS_WIDTH - 1) * len(_SPACELESS.findall(part)) >= wanted:
            yield offset
            widest = None
            following = next(widths, None)
            if following is None:
                return
            wanted = following
    if widest is not None:
        yield widest


def _can_start(text: str, offset: int, floor: int) -> bool:
    """Return whether a part can start at ``offset``: after a space, and in scripts without spaces after a mark."""
    is_candidate = offset == floor or text[offset - 1].isspace() or _is_near_spaceless(text, offset)
    return is_candidate and not text[offset].isspace() and not _splits_word(text, offset)


def _can_end(text: str, offset: int, ceiling: int) -> bool:
    is_candidate = offset == ceiling or text[offset].isspace() or _is_near_spaceless(text, offset)
    return is_candidate and not text[offset - 1].isspace() and not _splits_word(text, offset)


def _is_near_spaceless(text: str, offset: int) -> bool:
    return _SPACELESS.search(text, max(offset - 2, 0), offset + 1) is not None


def _word_start(text: str, offset: int) -> int:
    """Return the start of the word around ``offset``."""
    floor = max(offset - _MAX_WORD, 0)
    while offset > floor and _is_within_word(text, offset):
        offset -= 1
    return offset


def _word_end(text: str, offset: int) -> int:
    ceiling = min(offset + _MAX_WORD, len(text))
    while offset < ceiling and _is_within_word(text, offset):
        offset += 1
    return offset


def _is_within_word(text: str, offset: int) -> bool:
    """Return whether ``offset`` is inside a word that is known to be one.

    It is not in a script without spaces, and at a point that may end a sentence: "it.Then".
    """
    if not _splits_word(text, offset):
        return False
    before, after = text[offset - 1], text[offset]
    if _is_letter(before) and _is_letter(after):
        return not (_SPACELESS.match(before) and _SPACELESS.match(after))
    if before == "\u200d":
        return True
    mark, around = (
        (after, text[offset - 1 : offset + 2]) if _is_letter(before) else (before, text[offset - 2 : offset + 1])
    )
    return mark in _APOSTROPHES or (around[:1].isdigit() and around[2:].isdigit())


def _splits_word(text: str, offset: int) -> bool:
    """Return whether ``offset`` is inside a word, or may be: words of scripts without spaces are unknown here."""
    if not 0 < offset < len(text):
        return False
    before, after = text[offset - 1], text[offset]
    if before.isspace() or after.isspace():
        return False
    if unicodedata.category(after) in _ATTACHED or before == "\u200d":
        return True
    if _is_letter(before) and _is_letter(after):
        return bool(_SPACELESS.match(before)) == bool(_SPACELESS.match(after))
    beyond_before, beyond_after = text[max(offset - 2, 0) : offset - 1], text[offset + 1 : offset + 2]
    return _joins(before, after, beyond_after) or _joins(beyond_before, before, after)


def _joins(before: str, mark: str, after: str) -> bool:
    """Return whether a mark between two characters makes one word of them: ``don't``, ``3.5``."""
    if mark in _JOINS_DIGITS and before.isdigit() and after.isdigit():
        return True
    return mark in _JOINS_LETTERS and bool(before and after) and _is_letter(before) and _is_letter(after)


def _is_letter(character: str) -> bool:
    return character.isalnum() or character == "_" or unicodedata.category(character) in _ATTACHED


def _directive(text: str, prefix: _Part | None, start: _Part, end: _Part | None, suffix: _Part | None) -> str:
    parts = [
        f"{_encode(text[slice(*prefix)])}-" if prefix else "",
        _encode(text[slice(*start)]),
        _encode(text[slice(*end)]) if end else "",
        f"-{_encode(text[slice(*suffix)])}" if suffix else "",
    ]
    return f":~:text={','.join(filter(None, parts))}"


def _encode(words: str) -> str:
    """Percent-encode words; a hyphen and a comma would separate the parts of a fragment."""
    words = _WHITE_SPACE.sub(" ", words).strip().replace("\u00ad", "")
    return quote(words, safe="", errors="replace").replace("-", "%2D")
