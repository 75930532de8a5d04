"""The analysis of one article: its attributions, its entities, and look-ups in them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from summarizer.article import Article, Reading, read
from summarizer.attribution.attribute import find_attributions
from summarizer.attribution.attribution import Attribution, Entity
from summarizer.attribution.cast import Entities
from summarizer.spans import quote


@dataclass(frozen=True)
class Analysis:
    """The reported speech of one article."""

    reading: Reading
    attributions: tuple[Attribution, ...]
    """In the order of the text."""
    entities: Entities
    """The people and bodies that the article names."""

    @cached_property
    def statements(self) -> tuple[Attribution, ...]:
        """The attributions that state a position: in prose, by somebody, not within another attribution."""
        inner = _nested(self.attributions)
        return tuple(
            attribution
            for index, attribution in enumerate(self.attributions)
            if index not in inner and _is_statement(self.reading, attribution)
        )

    @cached_property
    def _by_sentence(self) -> dict[int, list[int]]:
        """The indexes of the attributions of each sentence; attributions themselves are slow to hash."""
        indexes: dict[int, list[int]] = {}
        for index, attribution in enumerate(self.attributions):
            for number in attribution.sentences:
                indexes.setdefault(number, []).append(index)
        return indexes

    def attributions_in(self, sentences: Iterable[int]) -> list[Attribution]:
        """Return the attributions whose content touches these sentences."""
        indexes = dict.fromkeys(index for number in sentences for index in self._by_sentence.get(number, ()))
        return [self.attributions[index] for index in indexes]

    def attributions_by(self, names: Iterable[str], sentences: Iterable[int]) -> list[Attribution]:
        """Return the attributions in these sentences that one of ``names`` holds or denies."""
        known = [(name, self.entities.find(name)) for name in names]
        return [
            attribution
            for attribution in self.attributions_in(sentences)
            if not attribution.unsaid
            and any(_is_same(name, entity, holder) for name, entity in known for holder in attribution.holders)
        ]


def analyse(reading: Reading) -> Analysis:
    """Find the attributions and the entities of an article."""
    return Analysis(reading, *find_attributions(reading))


def attributions(article: Article) -> list[Attribution]:
    """Return the attributions of an article, in the order of the text."""
    return list(analyse(read(article)).attributions)


def _is_same(name: str, entity: Entity | None, holder: Entity) -> bool:
    if entity is not None:
        return entity.name == holder.name
    return name.casefold() in (form.casefold() for form in (holder.name, *holder.aliases))


_NO_STATEMENT = re.compile(
    r"(?:to (?:comment|respond|reply|elaborate|speak|say|answer|be (?:named|identified|interviewed))"
    r"|(?:to )?an interview)\b"
)
_MIN_WORDS = 3
"""Of a statement; "he praised Smith" states nothing."""
_NOBODY = frozenset({"everyone", "everybody", "anyone", "anybody", "no one", "nobody", "none"})


def _is_statement(reading: Reading, attribution: Attribution) -> bool:
    text = reading.article.text
    words = [word for span in attribution.statement_spans for word in quote(text, [span]).split()]
    if attribution.unsaid:
        return False
    prose = all(reading.sentence(number).kind == "prose" for number in attribution.sentences)
    if _NO_STATEMENT.match(quote(text, attribution.content)):
        return False
    somebody = any(holder.name.casefold() not in _NOBODY for holder in attribution.holders)
    return prose and somebody and len(words) >= _MIN_WORDS


def _nested(attributions: Sequence[Attribution]) -> set[int]:
    """Return the indexes of the attributions whose cue lies within the content of another."""
    inner: set[int] = set()
    outer: list[Attribution] = []
    by_place = sorted(enumerate(attributions), key=lambda item: (item[1].content[0].start, -item[1].content[-1].end))
    for index, attribution in by_place:
        start = attribution.content[0].start
        outer = [other for other in outer if other.content[-1].end > start]
        if any(
            span.start <= mark.start < span.end for other in outer for span in other.content for mark in attribution.cue
        ):
            inner.add(index)
        outer.append(attribution)
    return inner
