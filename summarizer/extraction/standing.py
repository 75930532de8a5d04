"""Whether words that a model wrote stand in the article: names, figures, phrases.

White space, case, accents, quotation marks and dashes never count; nor, in languages that inflect
names, do endings.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from summarizer.article import Reading, Sentence
from summarizer.spans import Span, locate

_MARKS = str.maketrans("“”„‟«»″‘’‚‛‹›′`–—―‒‑−\u00a0", "\"\"\"\"\"\"\"''''''''------ ")
_NOT_WORD = re.compile(r"[^\w]+|_+")
_POSSESSIVE = re.compile(r"['’]s\b")
_FIGURE = re.compile(r"\d+(?:[.,'’\u00a0\u202f ]\d+)*")
_GROUPED = re.compile(r"(\d{1,3})((?:[.,'’\u00a0\u202f ]\d{3})+)")
_CAPITALISED = re.compile(r"(?<![.!?“\"'’\w-])(?<!^)\b[A-Z][\w’'-]+")
_STEM = 4  # letters of a word that never count as its ending
_ENDING = 3  # letters that an ending can have
_TELLING = 40  # words of a text that tell its language

_NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
} | {word: str(10 * tens) for tens, word in enumerate("thirty forty fifty sixty seventy eighty ninety".split(), 3)}
_ENGLISH = frozenset("the of and to in a is that for on was said with as".split())


def folded(text: str) -> str:
    """The words of ``text``, without case, accents and marks, one space between them."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join([character for character in plain if not unicodedata.combining(character)])
    return " ".join(_NOT_WORD.sub(" ", _POSSESSIVE.sub("", plain)).split())


def figures(text: str) -> frozenset[str]:
    """The figures in ``text``, written one way: "1,200" and "1 200" are 1200, "4,5" is 4.5."""
    found = set()
    for match in _FIGURE.finditer(text):
        figure = match.group()
        if _GROUPED.fullmatch(figure):
            found.add(re.sub(r"\D", "", figure))
        else:
            found.update(part.replace(",", ".") for part in re.split(r"[ '’\u00a0\u202f]", figure))
    return frozenset(found)


@dataclass(frozen=True)
class Words:
    """The words of an article, made ready for looking things up in them."""

    reading: Reading

    @cached_property
    def _folded(self) -> str:
        article = self.reading.article
        given = f"{article.title or ''} | {article.author or ''} | "
        return f" {folded(given + ' '.join(sentence.text for sentence in self.reading.sentences))} "

    @cached_property
    def _all(self) -> frozenset[str]:
        return frozenset(self._folded.split())

    @cached_property
    def _inflected(self) -> bool:
        """Whether names may take endings: the article's language says so, or it does not look English."""
        if language := self.reading.article.language:
            return not language.lower().startswith("en")
        words = self._folded.split()[:2_000]
        return len(words) >= _TELLING and sum(word in _ENGLISH for word in words) < len(words) / 20

    def hold(self, name: str) -> bool:
        """Whether ``name`` stands in the article, its words one after the other."""
        wanted = folded(name)
        if not wanted:
            return False
        if f" {wanted} " in self._folded or (not wanted.isascii() and wanted in self._folded):
            return True
        if not self._inflected:
            return False
        stems = [
            rf"{re.escape(word[: max(_STEM, len(word) - _ENDING)])}\w{{0,{2 * _ENDING}}}" for word in wanted.split()
        ]
        return re.search(rf"(?<= ){' '.join(stems)}(?= )", self._folded) is not None

    def names_in(self, statement: str) -> list[str]:
        """The words of ``statement`` that are written as names are, the first word aside."""
        return _CAPITALISED.findall(statement)

    def hold_all(self, names: Iterable[str]) -> bool:
        """Whether each of ``names`` stands in the article, somewhere."""
        return all(set(folded(name).split()) <= self._all or self.hold(name) for name in names)

    def missing_figures(self, statement: str, evidence: Iterable[Sentence]) -> list[str]:
        """The figures of ``statement`` that neither its evidence nor the article's title and date have."""
        wanted = figures(statement)
        if not wanted:
            return []
        article = self.reading.article
        texts = [*(sentence.text for sentence in evidence), article.title or ""]
        have = set().union(*map(figures, texts), re.split(r"\D", article.published or ""))
        have |= {str(int(part)) for part in have if part.isdigit()}
        have |= {_NUMBER_WORDS[word] for text in texts for word in folded(text).split() if word in _NUMBER_WORDS}
        return sorted(wanted - have)

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
