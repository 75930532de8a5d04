"""Quotations, with the words that matter most told apart."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from summarizer.brief import Evidence, Phrase
from summarizer.render.words import piece, where


@dataclass(frozen=True, slots=True)
class Quotation:
    """The sentences that a claim rests on."""

    parts: tuple[tuple[str, bool], ...]
    """The words in order, in pieces; with each, whether it matters most."""
    numbers: tuple[int, ...]

    @classmethod
    def of(cls, evidence: Sequence[Evidence]) -> Self:
        """The quotation of ``evidence``, with a mark of omission where the article goes on in between."""
        parts: list[tuple[str, bool]] = []
        for last, item in zip((None, *evidence), evidence, strict=False):
            if last:
                parts.append((" " if item.sentence == last.sentence + 1 else " […] ", False))
            parts += [(words, lit) for text, lit in _lit(item) if (words := piece(text))]
        return cls(tuple(parts), tuple(item.sentence for item in evidence))

    @property
    def text(self) -> str:
        """The words, in one piece."""
        return "".join(words for words, _ in self.parts)

    @property
    def where(self) -> str:
        """The sentence numbers: "[8, 9]"."""
        return where(self.numbers)


def _lit(item: Evidence) -> Iterable[tuple[str, bool]]:
    """A sentence in pieces, with each whether it is one of the phrases."""
    at = 0
    for phrase in item.phrases:
        start = _place(item, phrase, at)
        if start is None:
            continue
        yield item.quote[at:start], False
        at = start + len(phrase.text)
        yield item.quote[start:at], True
    yield item.quote[at:], False


def _place(item: Evidence, phrase: Phrase, at: int) -> int | None:
    """Where the words of ``phrase`` stand, from ``at`` on; where they stand twice, nearest to its spans.

    The spans count runs of white space that the quotation has as one space, so they only choose.
    """
    found = re.compile(f"(?={re.escape(phrase.text)})").finditer(item.quote, at)
    places = [match.start() for match in found]
    first = phrase.spans[0].start if phrase.spans else 0
    wanted = sum(max(0, min(end, first) - start) for start, end in item.spans)
    return min(places, key=lambda place: abs(place - wanted), default=None)
