"""Choose what a short view shows: the most important positions and questions that fit into its words."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from summarizer._text import normalized_words
from summarizer.article import ArticleInfo

_SHARE = 0.375  # of the article's words; views stay below 40 %
_FREE_WORDS = 300  # of an article whose view has no limit of words
_CHARACTERS_OF_WORD = 6.0  # if an older brief does not know the words
_MAX_POSITIONS = 15
_MAX_QUESTIONS = 3
_SHARE_OF_QUESTIONS = 0.15  # of the words of a short view
_WORDS_OF_POSITION, _WORDS_OF_ISSUE = 2, 8  # list signs and headings of sides
_MAX_MINOR_WORD = 3  # letters
_MIN_CONTENT_WORDS, _SIMILAR = 3, 0.75  # of two texts that say the same


@dataclass(frozen=True, slots=True)
class Candidate:
    """A position that a short view may show."""

    key: str
    text: str
    words: int
    """The words of the position itself."""
    who: tuple[str, ...]
    introductions: Mapping[str, int]
    """The words that introduce each holder, once."""
    issue: str | None
    issue_words: int
    """The words of the issue's heading, once."""


def word_budget(article: ArticleInfo) -> float:
    """Return the number of words of a short view; there is no limit for short articles and unknown ones."""
    words = article.words or article.characters / _CHARACTERS_OF_WORD
    return words * _SHARE if words > _FREE_WORDS else math.inf


def count_questions(words: Sequence[int], budget: float) -> int:
    """Return how many questions of these lengths to show: at least one, and a small part of ``budget`` words."""
    if math.isinf(budget):
        return len(words)
    count = min(len(words), 1)
    while count < min(len(words), _MAX_QUESTIONS) and sum(words[: count + 1]) <= budget * _SHARE_OF_QUESTIONS:
        count += 1
    return count


def choose_positions(ranked: Iterable[Candidate], budget: float) -> frozenset[str]:
    """Return the keys of the most important positions that fit into ``budget`` words; at least one.

    What a holder has said already in similar words is left out.
    """
    chosen: list[Candidate] = []
    introduced: set[str] = set()
    issues: set[str | None] = set()
    said: list[tuple[frozenset[str], frozenset[str]]] = []
    cheapest: Candidate | None = None
    for candidate in ranked:
        who, content = frozenset(candidate.who), _content_words(candidate.text)
        if budget < math.inf and any(who & others and _is_similar(content, words) for others, words in said):
            continue
        cost = candidate.words + _WORDS_OF_POSITION
        cost += sum(words for holder, words in candidate.introductions.items() if holder not in introduced)
        cost += candidate.issue_words + _WORDS_OF_ISSUE if candidate.issue not in issues else 0
        if cost > budget:
            cheapest = min(filter(None, (cheapest, candidate)), key=lambda each: each.words)
            continue
        budget -= cost
        chosen.append(candidate)
        introduced.update(candidate.introductions)
        issues.add(candidate.issue)
        said.append((who, content))
        if len(chosen) == _MAX_POSITIONS:
            break
    return frozenset(each.key for each in chosen or filter(None, [cheapest]))


def _content_words(text: str) -> frozenset[str]:
    """Return the words of a text that have more than three letters."""
    return frozenset(word for word in normalized_words(text) if len(word) > _MAX_MINOR_WORD)


def _is_similar(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether two texts share most words of the shorter one."""
    least = min(len(one), len(other))
    return least >= _MIN_CONTENT_WORDS and len(one & other) >= _SIMILAR * least
