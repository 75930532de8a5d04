"""The Reading: an article as a person reads it, in numbered sentences."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from summarizer.spans import Span

if TYPE_CHECKING:
    from summarizer.article.article import Article

SentenceKind = Literal["title", "caption", "prose"]


class Sentence(NamedTuple):
    """One sentence of the article."""

    number: int
    """Its place in the article, from 1."""
    text: str
    """Its words: ``quote(article.text, spans)``."""
    spans: tuple[Span, ...]
    """Where it lies in ``article.text``: one span, or several where it is torn."""
    kind: SentenceKind
    """Whether it is the title, the caption of a picture, or neither."""
    paragraph: int
    """The paragraph it stands in, from 0."""

    def __repr__(self) -> str:
        """Its place, not its words: these are nobody's business but the reader's."""
        return f"Sentence(number={self.number}, kind={self.kind!r}, characters={len(self.text)})"


class Cut(NamedTuple):
    """A stretch of the article that is no part of what a person reads."""

    span: Span
    reason: str
    """The name of the rule that cut it, as in ``docs/reading.md``: ``"newsletter"``, …"""


@dataclass(frozen=True, slots=True)
class Reading:
    """An article, its sentences in order, and what was left out."""

    article: "Article"
    sentences: tuple[Sentence, ...]
    cuts: tuple[Cut, ...]

    def sentence(self, number: int) -> Sentence:
        """The sentence with this number.

        Raises:
            IndexError: there is no such sentence.
        """
        if number < 1:
            raise IndexError(number)
        return self.sentences[number - 1]
