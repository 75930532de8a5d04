"""Who really says it: positions held against the analysis of the article's reported speech."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from summarizer.article import Reading
from summarizer.attribution import Actor, Attribution, Cast, analysed
from summarizer.brief import Speech
from summarizer.spans import Span, quote

_CUE_TELLS = frozenset({"object", "preposition", "infinitive"})  # rules of summarizer.attribution
_FURTHEST_NEGATION = 40  # characters between a source and its cue
_SAYS_NOTHING = re.compile(
    r"(?:to (?:comment|respond|reply|elaborate|speak|say|answer|be (?:named|identified|interviewed))"
    r"|(?:to )?an interview)\b"
)
_DECIDE = frozenset({"quotation before tag", "quotation after cue", "speaker label"})  # likewise
_FEWEST_WORDS = 3  # of a statement worth a line; in "he praised Smith" nobody says anything
_NOBODY = frozenset({"everyone", "everybody", "anyone", "anybody", "no one", "nobody", "none"})

Verdict = Literal["confirmed", "unconfirmed", "contradicted"]


@dataclass(frozen=True)
class Analysis:
    """An article's reported speech: who is said to say what, and everybody named in it."""

    text: str = field(repr=False)
    """The article's."""
    attributions: tuple[Attribution, ...]
    statements: tuple[Attribution, ...]
    """Those that tell of a position: somebody says something, in the article's own prose, and nobody
    else is said to have said that he does."""
    cast: Cast

    @classmethod
    def of_reading(cls, reading: Reading) -> "Analysis":
        """Analyse an article as read."""
        found, actors = analysed(reading)
        inner = _nested(found)
        statements = tuple(
            each for index, each in enumerate(found) if index not in inner and _is_statement(reading, each)
        )
        return cls(reading.article.text, found, statements, actors)

    def within(self, sentences: Iterable[int]) -> list[Attribution]:
        """The attributions whose content lies, in part at least, in these sentences."""
        indexes = dict.fromkeys(index for number in sentences for index in self._by_sentence.get(number, ()))
        return [self.attributions[index] for index in indexes]

    @cached_property
    def _by_sentence(self) -> dict[int, list[int]]:
        """For each sentence, the indexes of its attributions (which are slow to hash)."""
        indexes: dict[int, list[int]] = {}
        for index, found in enumerate(self.attributions):
            for number in found.sentences:
                indexes.setdefault(number, []).append(index)
        return indexes

    def of(self, names: Iterable[str], sentences: Iterable[int]) -> list[Attribution]:
        """Those within ``sentences`` that one of ``names`` is said to have said, and not only not to have said."""
        actors = [(name, self.cast.find(name)) for name in names]
        return [
            found
            for found in self.within(sentences)
            if not found.unsaid
            and any(_same(name, actor, holder) for name, actor in actors for holder in found.holders)
        ]

    def verdict(self, names: Iterable[str], sentences: Iterable[int], relayed_by: str | None = None) -> Verdict:
        """Whether ``sentences`` are attributed to one of ``names``.

        Contradicted only where each of them is direct speech of other persons, named right beside it, and
        none of them the one who is said to relay it; a "he said", and whatever else the analysis finds, or
        does not find, leaves it open.
        """
        sentences = list(sentences)
        if self.of(names, sentences):
            return "confirmed"
        if relayed_by and self.of([relayed_by], sentences):
            return "unconfirmed"
        others = self.within(sentences)
        all_quoted = {number for found in others for number in found.sentences} >= set(sentences)
        surely = others and all_quoted and all(decides(self.text, found) for found in others)
        return "contradicted" if surely else "unconfirmed"


def held(found: Attribution) -> tuple[Span, ...]:
    """The words that give what is held: the content, and the cue where it says half of it ("opposed the plan").

    Of a denial, also what stands before the cue, which may be the "did not" of "did not think".
    """
    if not found.denied and found.rule not in _CUE_TELLS:
        return found.content
    cue = list(found.cue)
    said_by = found.source[-1].end if found.source else cue[0].start
    if found.denied and 0 <= cue[0].start - said_by <= _FURTHEST_NEGATION:
        cue[0] = Span(said_by, cue[0].end)
    return tuple(sorted({*cue, *found.content}))


def _is_statement(reading: Reading, found: Attribution) -> bool:
    words = [word for span in held(found) for word in quote(reading.article.text, [span]).split()]
    if found.unsaid:
        return False
    prose = all(reading.sentence(number).kind == "prose" for number in found.sentences)
    if _SAYS_NOTHING.match(quote(reading.article.text, found.content)):
        return False
    somebody = any(holder.name.casefold() not in _NOBODY for holder in found.holders)
    return prose and somebody and len(words) >= _FEWEST_WORDS


def _nested(attributions: Sequence[Attribution]) -> set[int]:
    """The indexes of those whose cue lies within what somebody else says."""
    inner: set[int] = set()
    outer: list[Attribution] = []
    by_place = sorted(enumerate(attributions), key=lambda each: (each[1].content[0].start, -each[1].content[-1].end))
    for index, found in by_place:
        outer = [each for each in outer if each.content[-1].end > found.content[0].start]
        if any(span.start <= mark.start < span.end for each in outer for span in each.content for mark in found.cue):
            inner.add(index)
        outer.append(found)
    return inner


def _same(name: str, actor: Actor | None, holder: Actor) -> bool:
    if actor is not None:
        return actor.name == holder.name
    return name.casefold() in (form.casefold() for form in (holder.name, *holder.aliases))


def decides(text: str, found: Attribution) -> bool:
    """Whether an attribution in an article's text is sure enough to contradict.

    It is direct speech of some words, found by its tag or label, of persons who are named right beside it, and
    nobody else is: a name, or an "and", before or after theirs may mean that others say it too.
    """
    sure = found.speech == "direct" and found.rule in _DECIDE and bool(found.holders)
    if not sure or not all(_is_named(who, found) for who in found.holders):
        return False
    return len(quote(text, found.content).split()) >= _FEWEST_WORDS and not _has_company(text, found)


_BEFORE = re.compile(r"(?:\band|&)\s*$")
_AFTER = re.compile(
    r"\s*(?:\([^()\n]{0,40}\)\s*)?"  # a party
    r"(?:,[^,.!?“”\"«»\n]{0,60})?"  # what describes the holder
    r"(?:,?\s*(?:\band|&)\s+(?:[a-z]+\s){0,3}[A-Z]|,\s+(?!\w+day\b)[A-Z])"
)
_REACH = 5  # characters before a source


def _has_company(text: str, found: Attribution) -> bool:
    """Whether somebody else may be named beside the only holder, whom the analysis did not tell apart."""
    if found.rule == "speaker label":
        return False
    first, last = found.source[0], found.source[-1]
    alone = len(found.holders) == 1
    listed = alone and re.search(r"\band\b|&", quote(text, found.source))
    before = _BEFORE.search(text[max(0, first.start - _REACH) : first.start])
    return bool(listed or before or _AFTER.match(text, last.end))


def _is_named(who: Actor, found: Attribution) -> bool:
    """Whether the words that say who speaks are a name of the person, not a pronoun."""
    named = any(
        mention.start < source.end and source.start < mention.end for mention in who.mentions for source in found.source
    )
    return who.kind == "person" and named


def speech_of(attributions: Iterable[Attribution], quotes: Iterable[str]) -> Speech:
    """Whether evidence gives a holder's own words: by its attributions, else by its quotation marks."""
    kinds = Counter(found.speech for found in attributions)
    if kinds:
        return next(iter(kinds)) if len(kinds) == 1 else "mixed"
    return "mixed" if any(mark in quote for quote in quotes for mark in '“”"«»„') else "indirect"
