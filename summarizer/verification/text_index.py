"""Find the names and phrases of a reply in the article.

White space, case, accents, quotation marks and dashes never count. In languages that inflect names, endings do not
count either.
"""

import re
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from summarizer._patterns import compile_lazily
from summarizer._text import normalize, normalized_words
from summarizer.article import Reading, Sentence
from summarizer.spans import Span, locate
from summarizer.verification.figures import missing_figures

_MARKS = str.maketrans("“”„‟«»″‘’‚‛‹›′`–—―‒‑−\u00a0", "\"\"\"\"\"\"\"''''''''------ ")
_MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_NUMBERED = compile_lazily(rf"\b(?!{_MONTH})[A-Z][a-z]+ \d+\b(?![.,]\d)")
UNSPACED = compile_lazily(
    "[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)  # scripts without spaces between words
_MIN_STEM = 4  # letters of a word that always count
_MAX_ENDING = 3  # letters
_WORD = compile_lazily("[^ ]+")
_QUOTATION = compile_lazily('“[^“”]*”|„[^„“”]*[“”]|«[^«»]*»|"[^"]*"')
_SPOKEN_WORD = compile_lazily(r"\w(?:[\w.,’'-]*\w)?")
_MIN_PHRASE_SCORE = 1.5  # two long words in common, or one and several short ones
_MISMATCH, _SHORT_MATCH = 0.5, 0.2
_BREAK = " | "  # between sentences: no name crosses it


@dataclass(frozen=True)
class TextIndex:
    """An index of the words of an article."""

    reading: Reading

    @cached_property
    def _normalized(self) -> str:
        article = self.reading.article
        texts = [article.title or "", article.author or "", *(sentence.text for sentence in self.reading.sentences)]
        return f" {_BREAK.join(map(normalize, texts))} "

    @cached_property
    def _places(self) -> Mapping[str, Sequence[int]]:
        """The offsets of each word. A scan of a long text for each name takes too long."""
        places: defaultdict[str, array[int]] = defaultdict(partial(array, "Q"))
        for match in _WORD.finditer(self._normalized):
            places[match[0]].append(match.start())
        return dict(places)

    def contains(self, name: str) -> bool:
        """Return whether the words of ``name`` follow each other in one sentence of the article."""
        wanted = normalize(name)
        if not wanted:
            return False
        if self._contains_words(wanted.split()) or (UNSPACED.search(wanted) and wanted in self._normalized):
            return True
        if self.reading.is_english:
            return False
        stems = [re.escape(word[: max(_MIN_STEM, len(word) - _MAX_ENDING)]) for word in wanted.split()]
        inflected = " ".join(rf"{stem}\w{{0,{2 * _MAX_ENDING}}}" for stem in stems)
        return re.search(rf"(?<= ){inflected}(?= )", self._normalized) is not None

    def _contains_words(self, words: Sequence[str]) -> bool:
        """Return whether words follow each other, searched at the offsets of the rarest of them."""
        rarest = min(range(len(words)), key=lambda index: len(self._places.get(words[index], ())))
        before = sum(len(word) + 1 for word in words[:rarest]) + 1
        wanted = f" {' '.join(words)} "
        return any(self._normalized.startswith(wanted, place - before) for place in self._places.get(words[rarest], ()))

    @cached_property
    def _sorted_words(self) -> Sequence[str]:
        return sorted(self._places)

    def has_prefix(self, prefix: str) -> bool:
        """Return whether a word of the article begins with ``prefix``."""
        place = bisect_left(self._sorted_words, prefix)
        return self._sorted_words[place : place + 1] != [] and self._sorted_words[place].startswith(prefix)

    def contains_all(self, names: Iterable[str]) -> bool:
        """Return whether the article contains all of ``names``."""
        return all(set(normalize(name).split()) <= self._places.keys() or self.contains(name) for name in names)

    def missing_figures(self, statement: str, evidence: Iterable[Sentence]) -> list[str]:
        """Return the figures of ``statement`` that are neither in its evidence nor in the title or date.

        A figure in a name, such as "Line 6", counts as present if the article has that name.
        """
        article = self.reading.article
        numbered = [name for name in _NUMBERED.findall(statement) if name in article.text]
        texts = [*(sentence.text for sentence in evidence), article.title or "", *numbered]
        return missing_figures(statement, texts, article.published)

    def locate_phrase(self, phrase: str, sentence: Sentence) -> tuple[Span, ...]:
        """Return the spans of ``phrase`` in ``sentence``; empty if the sentence does not contain it."""
        wanted = " ".join(phrase.translate(_MARKS).split()).strip('" .,;:')
        if not wanted:
            return ()
        text = sentence.text.translate(_MARKS)
        start = text.find(wanted)
        if start < 0 and len(text.lower()) == len(text):
            start = text.lower().find(wanted.lower())
        if start < 0:
            return ()
        return locate(self.reading.article.text, sentence.spans, start, start + len(wanted))

    @cached_property
    def _spoken(self) -> dict[int, list[tuple[int, int, list[str]]]]:
        return {}

    def _spoken_words(self, sentence: Sentence) -> list[tuple[int, int, list[str]]]:
        """Return the places of the words in a sentence, and their normalized parts: several statements may cite it."""
        if sentence.number not in self._spoken:
            places = (match.span() for match in _SPOKEN_WORD.finditer(sentence.text))
            words = [(start, end, normalized_words(sentence.text[start:end])) for start, end in places]
            self._spoken[sentence.number] = words
        return self._spoken[sentence.number]

    def find_phrase(self, statement: str, sentence: Sentence, contents: Iterable[Span] = ()) -> tuple[Span, ...]:
        """Return the spans of the words in ``sentence`` that ``statement`` restates; empty without any.

        The run of words with the most in common is found: a word of the statement counts for it, any other against it;
        words of fewer than four letters count little. A phrase has whole quotations.

        Args:
            statement: The statement of a position.
            sentence: One of its cited sentences.
            contents: The spans of what its holders say, as far as they are known; a phrase stays within one of them.
        """
        wanted = {_stem(word) for word in normalized_words(statement)}

        def weigh(word: str) -> float:
            is_shared, is_long = _stem(word) in wanted, len(word) >= _MIN_STEM or word.isdigit()
            return (1.0 if is_shared else -_MISMATCH) if is_long else (_SHORT_MATCH if is_shared else 0)

        regions = [region for span in contents if (region := _overlap(sentence, span))] or [(0, len(sentence.text))]
        best, phrase = _MIN_PHRASE_SCORE, (0, 0)
        for first, last in regions:
            score, begin = 0.0, first
            for start, end, words in self._spoken_words(sentence):
                if start < first or end > last:
                    continue
                if score <= 0:
                    score, begin = 0.0, start
                score += max(map(weigh, words), default=0)
                if score > best:
                    best, phrase = score, (begin, end)
        if not phrase[1]:
            return ()
        return locate(self.reading.article.text, sentence.spans, *_with_whole_quotations(sentence.text, *phrase))


def _with_whole_quotations(text: str, start: int, end: int) -> tuple[int, int]:
    """Extend a range over each quotation of which it has only the beginning or the end."""
    for quotation in _QUOTATION.finditer(text):
        first, last = quotation.span()
        if (first < start < last) != (first < end < last):
            start, end = min(start, first), max(end, last)
    return start, end


def _stem(word: str) -> str:
    return word[: max(_MIN_STEM, len(word) - _MAX_ENDING)]


def _overlap(sentence: Sentence, content: Span) -> tuple[int, int] | None:
    """Return the part of a sentence's text that a content covers; None if they are apart, or white space differs."""
    (span, *more) = sentence.spans
    if more or len(sentence.text) != span.end - span.start:
        return None
    first, last = max(content.start, span.start) - span.start, min(content.end, span.end) - span.start
    return (first, last) if first < last else None
