"""Quotations: what stands between quotation marks, and which paragraphs it runs over."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from summarizer.attribution.passages import Passage

_PAIRS = {"“": '”"', "«": "»", "„": '“”"', "``": "''", '"': '"”', "''": "''", "‘": "’'", "'": "'’"}
_MARKS = frozenset(_PAIRS) | frozenset("”»’")
_SINGLE = "‘’'"


class Quotation(NamedTuple):
    """A stretch of one paragraph in quotation marks."""

    start: int
    """Its first word in the passage: the opening mark."""
    end: int
    """One past its last word: past the closing mark, where there is one."""
    closed: bool
    """Whether a closing mark ends it; without one it runs to the end of the paragraph."""
    continues: bool
    """Whether it goes on from the paragraph before, which left it open."""

    @property
    def words(self) -> int:
        """How many words and marks stand within the quotation marks."""
        return self.end - self.start - 1 - self.closed


def quotations(passages: Sequence[Passage]) -> list[tuple[Quotation, ...]]:
    """The quotations of each passage, in order. Those within a quotation belong to it."""
    found: list[tuple[Quotation, ...]] = []
    open_before = False
    for passage in passages:
        here = tuple(_scan(passage, open_before))
        found.append(here)
        open_before = bool(here) and not here[-1].closed and passage.kind == "prose"
    return found


def _scan(passage: Passage, open_before: bool) -> Iterator[Quotation]:
    if _MARKS.isdisjoint(passage.words):
        return
    marks = [i for i, word in enumerate(passage.words) if word in _MARKS]
    last_close = max((i for i in marks if passage.words[i] in "’'" and not _opens(passage, i)), default=-1)
    start = -1
    for number, i in enumerate(marks):
        mark = passage.words[i]
        if start < 0:
            if mark in _PAIRS and _opens(passage, i) and (mark not in _SINGLE or i < last_close):
                start = i
        elif mark in _PAIRS[passage.words[start]]:
            if i > start + 1 and (mark in "”»" or (_closes(passage, i) and not _is_possessive(passage, marks, number))):
                yield Quotation(start, i + 1, True, open_before and start == 0)
                start = -1
            elif mark in _PAIRS and _opens(passage, i) and passage.words[start] not in _SINGLE:
                yield Quotation(start, i, False, open_before and start == 0)
                start = i
        elif mark == "“" == passage.words[start] and _closes(passage, i):
            yield Quotation(start, i + 1, True, open_before and start == 0)  # a mark the wrong way round
            start = -1
    if start >= 0 and passage.words[start] not in _SINGLE and start + 1 < len(passage.words):
        yield Quotation(start, len(passage.words), False, open_before and start == 0)


def _opens(passage: Passage, i: int) -> bool:
    """Whether a mark has white space or a bracket before it, and a word right after it."""
    text, start, end = passage.text, passage.starts[i], passage.end(i)
    before_free = start == 0 or not (text[start - 1].isalnum() or text[start - 1] in ".,!?…%")
    if passage.words[i] in "“«„" and end < len(text):
        return before_free  # a splitter can leave it at the end of the sentence before
    return before_free and end < len(text) and not text[end].isspace()


def _closes(passage: Passage, i: int) -> bool:
    """Whether a mark follows on a word, or white space or a mark follows on it."""
    text, start, end = passage.text, passage.starts[i], passage.end(i)
    return not text[start - 1].isspace() or end == len(text) or not text[end].isalnum()


def _is_possessive(passage: Passage, marks: Sequence[int], number: int) -> bool:
    """Whether a single mark ends a plural, not the quotation: "‘The drivers’ union is wrong,’ she said"."""
    i, text = marks[number], passage.text
    if passage.words[i] not in "’'" or not passage.lower[i - 1].endswith("s") or number + 1 == len(marks):
        return False
    following = marks[number + 1]
    goes_on = text[passage.end(i) : passage.end(i) + 2].strip().islower()
    return goes_on and passage.words[following] in "’'" and passage.words[following - 1] in (",", ".", "?", "!")
