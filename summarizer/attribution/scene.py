"""What the rules look at and what they hand back: a Scene of one passage, and a Draft found in it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from summarizer.attribution.lexicon import Cue, Sense, lexicon
from summarizer.attribution.passages import Passage, Range
from summarizer.attribution.quotations import Quotation, quotations


@dataclass(frozen=True, slots=True)
class Draft:
    """An attribution in words of its passage, before names are resolved."""

    passage: int
    source: tuple[Range, ...]
    cue: tuple[Range, ...]
    content: tuple[tuple[int, Range], ...]
    """Each piece with the index of its passage: a quotation can run over several."""
    sense: Sense
    rule: str


@dataclass(frozen=True, slots=True)
class Scene:
    """One passage, its quotations and its cues."""

    index: int
    passage: Passage
    quotations: tuple[Quotation, ...]
    within: tuple[int, ...]
    """For each word, the index of the quotation that holds it, or -1."""
    cues: tuple[tuple[int, Cue], ...]
    """The words outside quotations that are forms of a cue, with what the lexicon says of them."""

    def quotation_at(self, word: int) -> Quotation | None:
        """The quotation that holds a word."""
        if not self.quotations or not 0 <= word < len(self.within) or self.within[word] < 0:
            return None
        return self.quotations[self.within[word]]

    def quotation_from(self, word: int) -> Quotation | None:
        """The quotation that begins at a word."""
        if not self.quotations:
            return None
        quotation = self.quotation_at(word)
        return quotation if quotation and quotation.start == word else None

    def sentence(self, word: int) -> Range:
        """The sentence around a word, as far as no quotation tears it: see `Passage.sentence_range`."""
        start, end = self.passage.sentence_range(word)
        if not self.quotations:
            return start, end
        for _ in range(_MOST_JOINED):
            quotation = self.quotation_at(start)
            if quotation is None or quotation.start >= start:
                break
            start = self.passage.sentence_range(quotation.start)[0]
        for _ in range(_MOST_JOINED):
            quotation = self.quotation_at(end - 1)
            if quotation is None or quotation.end <= end:
                break
            end = self.passage.sentence_range(quotation.end - 1)[1]
        return start, end


_MOST_JOINED = 4
"""How many quotations can join sentences to one; more are no prose, and would cost time."""
_MOST_CUES = 40
"""How many cues are looked at in one sentence; likewise."""


def scenes(passages: Sequence[Passage]) -> list[Scene]:
    """Every passage as a Scene, in order."""
    cues = lexicon()
    return [
        _scene(index, passage, found, cues)
        for index, (passage, found) in enumerate(zip(passages, quotations(passages), strict=True))
    ]


def _scene(index: int, passage: Passage, found: tuple[Quotation, ...], lexicon: Mapping[str, Cue]) -> Scene:
    within = [-1] * len(passage.words)
    for number, quotation in enumerate(found):
        within[quotation.start : quotation.end] = [number] * (quotation.end - quotation.start)
    found_cues = [
        (word, lexicon[lower])
        for word, lower in enumerate(passage.lower)
        if lower in lexicon and within[word] < 0 and not _is_named(passage, word)
    ]
    if len(found_cues) > _MOST_CUES:
        found_cues = _capped(passage, found_cues)
    return Scene(index, passage, found, tuple(within), tuple(found_cues))


def _is_named(passage: Passage, word: int) -> bool:
    """Whether a capital within a sentence shows that a word is part of a name: "the United States"."""
    return passage.words[word][0].isupper() and not passage.begins_sentence(word) and not passage.is_headline


def _capped(passage: Passage, cues: list[tuple[int, Cue]]) -> list[tuple[int, Cue]]:
    """The first cues of every sentence."""
    counted: Counter[int] = Counter()
    kept = []
    for word, cue in cues:
        sentence = passage.sentence_range(word)[0]
        counted[sentence] += 1
        if counted[sentence] <= _MOST_CUES:
            kept.append((word, cue))
    return kept
