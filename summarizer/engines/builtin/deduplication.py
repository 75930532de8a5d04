"""Group the attributions that make one position: in the same sentence, or repeated elsewhere."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from summarizer._patterns import compile_lazily
from summarizer._text import normalized_words
from summarizer.article import Reading
from summarizer.attribution import Attribution
from summarizer.engines.builtin.lexicon import word_set
from summarizer.merging import has_enough_in_common, negations_and_numbers
from summarizer.spans import quote

_MIN_SHARE = 0.7  # of the content words that two wordings of one statement share
_MIN_WORDS = 3  # content words that two wordings must share
_MAX_NESTED = 4  # statements of one holder that can lie within each other
_MAX_COMPARED = 20  # earlier groups with a common word
_STOP_WORDS = word_set("stop_words")
_QUOTED = compile_lazily(r"[“\"„«]([^“”\"„«»]+)[”\"“»]")


@dataclass(slots=True)
class StatementGroup:
    """Attributions of the same holders that make one position, in the article's order."""

    parts: list[Attribution]
    """Those in the same sentences."""
    repeats: list[Attribution] = field(default_factory=list)
    """Those that repeat the statement elsewhere."""

    @property
    def attributions(self) -> list[Attribution]:
        """All attributions."""
        return [*self.parts, *self.repeats]


class _Wording(NamedTuple):
    """A wording, prepared for comparison."""

    content: frozenset[str]
    """Content words."""
    decisive: frozenset[str]
    """Negations and numbers, which must be equal."""
    quotations: frozenset[str]


def group_statements(reading: Reading, attributions: Sequence[Attribution]) -> list[StatementGroup]:
    """Group attributions that a reader takes for one statement of the same holders.

    A group shares a sentence, or has similar words or the same quotation. Attributions that differ in a negation
    or a number are never grouped. No attribution is lost.
    """
    by_holders: dict[tuple[str, ...], list[StatementGroup]] = {}
    groups: list[StatementGroup] = []
    for attribution in sorted(attributions, key=lambda attribution: attribution.content):
        names = tuple(sorted(entity.name for entity in attribution.holders))
        own = by_holders.setdefault(names, [])
        sentences = set(attribution.sentences)
        if own and any(sentences.intersection(part.sentences) for part in own[-1].parts[-_MAX_NESTED:]):
            own[-1].parts.append(attribution)
            continue
        own.append(StatementGroup([attribution]))
        groups.append(own[-1])
    repeats = {id(group) for own in by_holders.values() for group in _join_repeats(reading, own)}
    return [group for group in groups if id(group) not in repeats]


def _join_repeats(reading: Reading, groups: list[StatementGroup]) -> Iterator[StatementGroup]:
    """Add each group that repeats an earlier one to that group, and yield it."""
    by_word: dict[str, list[tuple[StatementGroup, _Wording]]] = {}
    for group in groups:
        text = " ".join(quote(reading.article.text, part.statement_spans) for part in group.parts)
        wording = _analyse_wording(text, group.parts)
        candidates = {
            id(other): (other, words)
            for word in wording.content
            for other, words in by_word.get(word, [])[-_MAX_COMPARED:]
        }
        first = next((other for other, words in candidates.values() if _is_same(words, wording)), None)
        if first:
            first.repeats += group.parts
            yield group
            continue
        for word in wording.content:
            by_word.setdefault(word, []).append((group, wording))


def is_paraphrase(one: str, other: str) -> bool:
    """Return whether two wordings share most words, and all negations and numbers."""
    return _is_same(_analyse_wording(one), _analyse_wording(other))


def content_words(text: str) -> frozenset[str]:
    """Return the words of ``text`` without stop words."""
    return frozenset(word for word in normalized_words(text) if word not in _STOP_WORDS)


def _analyse_wording(text: str, parts: Iterable[Attribution] = ()) -> _Wording:
    quotations = (normalized_words(match.group(1)) for match in _QUOTED.finditer(text))
    return _Wording(
        content=content_words(text),
        decisive=negations_and_numbers(normalized_words(text)) | {f"denied {part.denied}" for part in parts},
        quotations=frozenset(" ".join(words) for words in quotations if len(words) >= _MIN_WORDS),
    )


def _is_same(one: _Wording, other: _Wording) -> bool:
    if one.decisive != other.decisive:
        return False
    counts = len(one.content & other.content), len(one.content), len(other.content)
    is_similar = has_enough_in_common(*counts, share=_MIN_SHARE, min_count=_MIN_WORDS)
    return is_similar or bool(one.quotations & other.quotations)
