"""Whether words that a model wrote stand in the article: names and phrases.

White space, case, accents, quotation marks and dashes never count; nor, in languages that inflect
names, do endings.
"""

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from summarizer._text import normalize
from summarizer.article import Reading, Sentence, looks_english
from summarizer.spans import Span, locate
from summarizer.verification.figures import missing_figures

_MARKS = str.maketrans("“”„‟«»″‘’‚‛‹›′`–—―‒‑−\u00a0", "\"\"\"\"\"\"\"''''''''------ ")
_CAPITALISED = re.compile(r"(?<![.!?“\"'’\w-])(?<!^)\b[A-Z][\w’'-]+")
_MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_NUMBERED = re.compile(rf"\b(?!{_MONTH})[A-Z][a-z]+ \d+\b(?![.,]\d)")
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")  # scripts without spaces between words
_STEM = 4  # letters of a word that never count as its ending
_ENDING = 3  # letters that an ending can have
_SPACED = re.compile("[^ ]+")
_BREAK = " | "  # between sentences: no name goes on over it


def _inflected(word: str) -> str:
    """A pattern of ``word`` with another ending."""
    return rf"{re.escape(word[: max(_STEM, len(word) - _ENDING)])}\w{{0,{2 * _ENDING}}}"


@dataclass(frozen=True)
class TextIndex:
    """The words of an article, made ready for looking things up in them."""

    reading: Reading

    @cached_property
    def _folded(self) -> str:
        article = self.reading.article
        texts = [article.title or "", article.author or "", *(sentence.text for sentence in self.reading.sentences)]
        return f" {_BREAK.join(map(normalize, texts))} "

    @cached_property
    def _places(self) -> Mapping[str, Sequence[int]]:
        """Where each word begins: to look through all of a long text for each name takes too long."""
        places: defaultdict[str, array[int]] = defaultdict(partial(array, "Q"))
        for found in _SPACED.finditer(self._folded):
            places[found[0]].append(found.start())
        return dict(places)

    @cached_property
    def _english(self) -> bool:
        return looks_english(self.reading)

    def hold(self, name: str) -> bool:
        """Whether ``name`` stands in the article, its words one after the other in one sentence."""
        wanted = normalize(name)
        if not wanted:
            return False
        if self._stands(wanted.split()) or (_UNSPACED.search(wanted) and wanted in self._folded):
            return True
        if self._english:
            return False
        inflected = " ".join(map(_inflected, wanted.split()))
        return re.search(rf"(?<= ){inflected}(?= )", self._folded) is not None

    def _stands(self, words: Sequence[str]) -> bool:
        """Whether these words stand one after the other: looked up at the places of the rarest of them."""
        rarest = min(range(len(words)), key=lambda index: len(self._places.get(words[index], ())))
        before = sum(len(word) + 1 for word in words[:rarest]) + 1
        wanted = f" {' '.join(words)} "
        return any(self._folded.startswith(wanted, place - before) for place in self._places.get(words[rarest], ()))

    def names_in(self, statement: str) -> list[str]:
        """The words of ``statement`` that are written as names are, the first word aside."""
        return _CAPITALISED.findall(statement)

    def hold_all(self, names: Iterable[str]) -> bool:
        """Whether each of ``names`` stands in the article, somewhere."""
        return all(set(normalize(name).split()) <= self._places.keys() or self.hold(name) for name in names)

    def missing_figures(self, statement: str, evidence: Iterable[Sentence]) -> list[str]:
        """The figures of ``statement`` that neither its evidence nor the article's title and date have.

        A figure in a name, such as "Line 6", is the article's wherever it has that name.
        """
        article = self.reading.article
        numbered = [name for name in _NUMBERED.findall(statement) if name in article.text]
        texts = [*(sentence.text for sentence in evidence), article.title or "", *numbered]
        return missing_figures(statement, texts, article.published)

    def phrase(self, phrase: str, sentence: Sentence) -> tuple[Span, ...]:
        """Where ``phrase`` stands in ``sentence``, as spans of the article; empty where it does not."""
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
