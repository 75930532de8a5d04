"""Quotations: where they begin and end, whatever the marks, and with a mark missing."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from summarizer.attribution.tokens import Paragraph, Token


class Quotation(NamedTuple):
    """A stretch of one paragraph in quotation marks."""

    start: int
    """The opening mark."""
    end: int
    """One past the closing mark, or past the last token of the paragraph."""
    closed: bool
    """A closing mark ends it; without one it runs to the end of the paragraph."""
    continues: bool
    """It continues the quotation that the paragraph before left open."""

    @property
    def words(self) -> int:
        """Return the number of tokens between the marks."""
        return self.end - self.start - 1 - self.closed


_PAIRS = {
    "“": '”"', "«": "»", "„": '“”"', "``": "''", '"': '"”', "''": "''", "‘": "’'", "'": "'’", "‹": "›", "‚": "‘’",
    "「": "」", "『": "』", "»": "«", "”": "”“",
}  # fmt: skip
_QUOTATION_MARKS = frozenset(_PAIRS) | frozenset("’›」』")
_SINGLE_MARKS = "‘’'‚"
_SURE_CLOSING = "”»›」』"
_REVERSED = "»”"  # marks that open only where they touch the word after them: »so« in German, ”so” in Swedish
_STRAIGHT = frozenset({'"', "''"})
_CLOSING = frozenset("”\"'’»")


def find_quotations(paragraph: "Paragraph", is_open: bool) -> tuple[Quotation, ...]:
    """Return the quotations of a paragraph in order; those within another belong to it.

    Args:
        paragraph: The paragraph.
        is_open: The paragraph before left a quotation open.
    """
    return () if _QUOTATION_MARKS.isdisjoint(paragraph.lower) else tuple(_Scanner(paragraph, is_open).scan())


class _Scanner:
    """Find the quotations of a paragraph in order; those within another belong to it."""

    def __init__(self, paragraph: "Paragraph", is_open: bool) -> None:
        self._paragraph = paragraph
        self._is_open = is_open
        self._words = words = [token.text for token in paragraph.tokens]
        self._marks = [
            place for place, word in enumerate(words) if word in _QUOTATION_MARKS and paragraph.tokens[place].is_mark
        ]
        single = (place for place in self._marks if words[place] in "’'‘" and not _opens(paragraph, place))
        self._last_single = max(single, default=-1)
        self._inner: list[str] = []
        """The opening marks of quotations in the one that is open."""
        self._searched = 0
        """No missing end is before this token."""

    def scan(self) -> Iterator[Quotation]:
        """Yield the quotations."""
        words, paragraph = self._words, self._paragraph
        start, end = -1, 0
        for number, place in enumerate(self._marks):
            mark = words[place]
            if place < end:
                continue
            if start < 0:
                if self._begins(number):
                    start, self._inner = place, []
                elif number == 0 and self._lacks_opening(place):
                    yield self._make(0, place + 1)
            elif place == start + 1 and mark == words[start]:
                continue  # ""doubled""
            elif self._ends(start, number):
                end = place + 1
                while (
                    end in self._marks[number + 1 : number + 3]
                    and words[end] in _CLOSING
                    and not _opens(paragraph, end)
                ):
                    end += 1
                yield self._make(start, end)
                start = -1
            elif mark == words[start] and mark not in _SINGLE_MARKS and self._restarts(number):
                end = self._missing_end(start, place)
                if mark in _STRAIGHT or end > 0:
                    yield self._make(start, end or place, end > 0)
                    start, self._inner = place, []
            else:
                self._mark_inner(place)
        if start >= 0 and words[start] not in _SINGLE_MARKS and start + 1 < len(words):
            end = self._missing_end(start, len(words))
            yield self._make(start, end or len(words), end > 0)

    def _restarts(self, number: int) -> bool:
        """Return whether a mark opens a new quotation, since the one before it was never closed."""
        mark = self._words[self._marks[number]]
        return mark in _PAIRS and _opens(self._paragraph, self._marks[number]) and not self._is_nested(number)

    def _mark_inner(self, place: int) -> None:
        """Note a mark that opens or closes a quotation within the one that is open."""
        mark = self._words[place]
        if mark in '“"' and _opens(self._paragraph, place):
            self._inner.append(mark)
        elif self._inner and mark in _PAIRS[self._inner[-1]]:
            self._inner.pop()

    def _make(self, start: int, end: int, closed: bool = True) -> Quotation:
        return Quotation(start, end, closed, self._is_open and start == 0)

    def _begins(self, number: int) -> bool:
        place, paragraph = self._marks[number], self._paragraph
        mark = self._words[place]
        if mark in _STRAIGHT and self._is_spaced(place):
            following = self._marks[number + 1 : number + 2]
            return bool(following) and self._words[following[0]] == mark and not _opens(paragraph, following[0])
        if mark in _REVERSED and not (place + 1 < len(paragraph.tokens) and _touches_next(paragraph, place)):
            return False
        return mark in _PAIRS and _opens(paragraph, place) and (mark not in _SINGLE_MARKS or place < self._last_single)

    def _is_spaced(self, place: int) -> bool:
        """Return whether a mark has white space on both sides, or begins the paragraph before white space."""
        text, start, end = self._paragraph.text, self._paragraph.starts[place], self._paragraph.end(place)
        return (start == 0 or text[start - 1] == " ") and text[end : end + 1] == " "

    def _ends(self, start: int, number: int) -> bool:
        """Return whether a mark ends the quotation that is open."""
        place, paragraph, words = self._marks[number], self._paragraph, self._words
        mark = words[place]
        inner = self._inner[-1] if self._inner else ""
        if inner and mark in _PAIRS[inner] and not (mark in _SURE_CLOSING and inner in _STRAIGHT):
            return False
        if mark not in _PAIRS[words[start]]:
            is_reversed = mark == "“" == words[start] and _closes(paragraph, place)  # a mark the wrong way round
            return is_reversed and place > start + 1
        if mark == '"' != words[start] and words[place - 1][-1].isdigit():
            return False  # inches
        closes = _closes(paragraph, place) and not _is_possessive(paragraph, self._marks, number)
        return place > start + 1 and (mark in _SURE_CLOSING or closes)

    def _is_nested(self, number: int) -> bool:
        """Return whether a straight mark opens a quotation in another: the next two marks close."""
        following = self._marks[number + 1 : number + 3]
        before = self._words[self._marks[number] - 1]
        return len(following) == 2 and before.isalpha() and not any(_opens(self._paragraph, at) for at in following)

    def _lacks_opening(self, place: int) -> bool:
        """Return whether the first mark closes a quotation without an opening mark."""
        paragraph, mark = self._paragraph, self._words[place]
        if mark not in '”"»' or not place or not _touches_next(paragraph, place - 1):
            return False
        ends_speech = self._words[place - 1] in (",", "?", "!", ".", "…")
        return ends_speech and (self._is_open or _begins_tag(paragraph, place + 1))

    def _missing_end(self, start: int, stop: int) -> int:
        """Return where a quotation without a closing mark ends: before ", said Ms Hill."; else 0."""
        begin, self._searched = max(start + 2, self._searched), stop - 2
        for place in range(begin, stop - 2):
            if self._words[place] in (",", "?", "!") and _begins_tag(self._paragraph, place + 1, needs_end=True):
                return place + 1
        return 0


_MAX_SPEAKER = 6  # in tokens: a name before or after the cue of a tag


def _begins_tag(paragraph: "Paragraph", word: int, *, needs_end: bool = False) -> bool:
    """Return whether a cue with a name or a pronoun is at ``word``; ``needs_end``: with a pause after them."""
    tokens, stop = paragraph.tokens, min(len(paragraph.tokens), word + _MAX_SPEAKER + 1)
    if word >= stop:
        return False
    if _is_tag_cue(tokens[word]):
        begin = end = word + 1
        while end < stop and (tokens[end].is_capitalised or (end == begin and tokens[end].is_determiner)):
            end += 1
        end += end == begin < stop and tokens[end].lower in ("he", "she", "they")
        return end > begin and (not needs_end or end >= len(tokens) or tokens[end].lower in (".", ","))
    end = word
    while end < stop and (tokens[end].is_capitalised or (end == word and tokens[end].is_pronoun)):
        end += 1
    if not word < end < stop or not _is_tag_cue(tokens[end]):
        return False
    return not needs_end or end + 1 >= len(tokens) or tokens[end + 1].lower == "."


def _is_tag_cue(token: "Token") -> bool:
    cue = token.cue
    return cue is not None and "tag" in cue.frames and not cue.nouns and not cue.forms.isdisjoint(("past", "s"))


def _touches_next(paragraph: "Paragraph", word: int) -> bool:
    return word + 1 < len(paragraph.tokens) and paragraph.end(word) == paragraph.starts[word + 1]


def _opens(paragraph: "Paragraph", place: int) -> bool:
    """Return whether a mark follows white space or a bracket, and touches the word after it."""
    text, start, end = paragraph.text, paragraph.starts[place], paragraph.end(place)
    before_free = start == 0 or not (text[start - 1].isalnum() or text[start - 1] in ".,!?…%")
    if paragraph.tokens[place].text in "“«„‹" and end < len(text):
        return before_free  # a splitter can leave it at the end of the sentence before
    return before_free and end < len(text) and not text[end].isspace()


def _closes(paragraph: "Paragraph", place: int) -> bool:
    """Return whether a mark touches the word before it, or white space or a mark follows it."""
    text, start, end = paragraph.text, paragraph.starts[place], paragraph.end(place)
    return not text[start - 1].isspace() or end == len(text) or not text[end].isalnum()


def _is_possessive(paragraph: "Paragraph", marks: Sequence[int], number: int) -> bool:
    """Return whether a single mark ends a plural, not the quotation: "‘The drivers’ union is wrong,’ she said"."""
    place, text = marks[number], paragraph.text
    if paragraph.lower[place] != "'" or not paragraph.lower[place - 1].endswith("s") or number + 1 == len(marks):
        return False
    following = marks[number + 1]
    continues = text[paragraph.end(place) : paragraph.end(place) + 2].strip().islower()
    return continues and paragraph.lower[following] == "'" and paragraph.lower[following - 1] in (",", ".", "?", "!")
