"""Choose what a short view shows: the most important positions and questions that fit into its words."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from summarizer.article import ArticleInfo
from summarizer.brief import Stance, content_words

_SHARE = 0.398  # of the article's words; views stay below 40 %
_FREE_WORDS = 300  # of an article whose view has no limit of words
_CHARACTERS_OF_WORD = 6.0  # if an older brief does not know the words
_MAX_POSITIONS = 15
_MIN_POSITIONS = 6  # that a view should show, and one for each 100 words of the article above 600
_MAX_QUESTIONS = 2
_SHARE_OF_QUESTIONS = 0.12  # of the words of a short view
_WORDS_OF_SIDE, _WORDS_OF_GROUP, _WORDS_OF_MARK = 1, 1, 3  # a heading; a bullet; a sign and its stance
_MIN_CONTENT_WORDS, _SIMILAR = 3, 0.75  # of two texts that say the same
_SIDES = ("agrees", "disagrees")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A position that a short view may show."""

    key: str
    text: str
    words: int
    """The words of the position itself."""
    who: tuple[str, ...]
    names: int
    """The words of the holders' names."""
    introductions: Mapping[str, int]
    """The words of role and affiliation of each holder, shown once."""
    issue: str | None
    issue_words: int
    """The words of the issue's heading, shown once."""
    stance: Stance | None
    is_clear: bool = True
    """Whether it can be understood without the sentences around it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The positions that a short view shows."""

    keys: frozenset[str]
    words_left: float
    missing: int
    """How many sides, holders with a stance, and positions do not fit; sides weigh the most."""


def word_budget(article: ArticleInfo) -> float:
    """Return the number of words of a short view; there is no limit for short articles and unknown ones."""
    words = article.words or article.characters / _CHARACTERS_OF_WORD
    return words * _SHARE if words > _FREE_WORDS else math.inf


def count_questions(words: Sequence[int], budget: float) -> int:
    """Return how many questions of these lengths fit into a small part of ``budget`` words."""
    shown = words if math.isinf(budget) else words[:_MAX_QUESTIONS]
    return sum(total <= budget * _SHARE_OF_QUESTIONS for total in accumulate(shown))


def choose_positions(ranked: Sequence[Candidate], budget: float, article_words: int, gist: str = "") -> Choice:
    """Choose the most important positions that fit into ``budget`` words; at least one.

    Both sides of an issue come first, then each holder with a stance, then each holder on each issue, then the others.
    What a holder has said already in similar words, what the gist says, and what is not clear alone is left out.
    """
    ranked = [candidate for candidate in ranked if candidate.is_clear] or ranked[:1]
    chosen = _Chosen(budget, content_words(gist))
    sides: dict[str, dict[Stance | None, Candidate]] = {}
    for candidate in ranked:
        if candidate.issue and candidate.stance in _SIDES:
            on_issue = sides.setdefault(candidate.issue, {})
            on_issue[candidate.stance] = min(
                on_issue.get(candidate.stance, candidate), candidate, key=lambda each: each.words
            )
    pairs = {issue: tuple(pair.values()) for issue, pair in sides.items() if len(pair) == len(_SIDES)}
    one_sided = {issue for issue, pair in pairs.items() if not chosen.add(*pair)}
    shown = [candidate for candidate in ranked if candidate.issue not in one_sided]
    held: dict[str, list[Candidate]] = {}
    for candidate in shown:
        for who in candidate.who if candidate.issue and candidate.stance and not chosen.is_said(candidate) else ():
            held.setdefault(who, []).append(candidate)
    for who, candidates in held.items():
        if who not in chosen.introduced:
            chosen.add(min(candidates, key=chosen.cost))
    for candidate in shown:
        if (candidate.issue, candidate.who) not in chosen.heard:
            chosen.add(candidate)
    for candidate in shown:
        chosen.add(candidate)
    keys = frozenset(each.key for each in chosen.candidates)
    if not keys:
        keys = frozenset(each.key for each in sorted(ranked, key=lambda each: each.words)[:1])
    target = min(len(ranked), max(_MIN_POSITIONS, min(article_words // 100, _MAX_POSITIONS)))
    missing = 100 * len(one_sided) + 10 * len(held.keys() - chosen.introduced) + max(0, target - len(keys))
    return Choice(keys, chosen.budget, missing)


class _Chosen:
    """Positions that fit together into a number of words."""

    def __init__(self, budget: float, gist: frozenset[str]) -> None:
        self._gist = gist
        self.budget = budget
        self.candidates: list[Candidate] = []
        self.introduced: set[str] = set()
        self.heard: set[tuple[str | None, tuple[str, ...]]] = set()
        self._groups: set[tuple[str | None, Stance | None, tuple[str, ...]]] = set()
        self._content: list[tuple[frozenset[str], frozenset[str]]] = []

    def add(self, *candidates: Candidate) -> bool:
        """Add all of ``candidates`` if they fit; return whether they are shown."""
        new = [candidate for candidate in candidates if candidate not in self.candidates]
        if self.budget < math.inf and len(candidates) == 1:
            new = [candidate for candidate in new if not self.is_said(candidate)]
        before = self.introduced.copy(), self.heard.copy(), self._groups.copy()
        cost = 0
        for candidate in new:
            cost += self.cost(candidate)
            self.introduced.update(candidate.who)
            self.heard.add((candidate.issue, candidate.who))
            self._groups.add((candidate.issue, candidate.stance, candidate.who))
        if cost > self.budget or len(self.candidates) + len(new) > _MAX_POSITIONS:
            self.introduced, self.heard, self._groups = before
            return False
        self.budget -= cost
        self.candidates += new
        self._content += [(frozenset(each.who), content_words(each.text)) for each in new]
        return True

    def cost(self, candidate: Candidate) -> int:
        """Return the words that a candidate adds, with headings, names and roles that are not shown yet."""
        issue, side = candidate.issue, (candidate.issue, candidate.stance, candidate.who)
        cost = candidate.words
        cost += sum(words for who, words in candidate.introductions.items() if who not in self.introduced)
        cost += 0 if any(issue == shown for shown, _ in self.heard) else candidate.issue_words
        has_mark = candidate.stance is not None and candidate.stance not in _SIDES
        cost += 0 if side in self._groups else candidate.names + _WORDS_OF_GROUP + _WORDS_OF_MARK * has_mark
        cost += 0 if any(side[:2] == shown[:2] for shown in self._groups) else _WORDS_OF_SIDE
        return cost

    def is_said(self, candidate: Candidate) -> bool:
        """Return whether the gist or a holder of the candidate in a chosen position says the same."""
        who, content = frozenset(candidate.who), content_words(candidate.text)
        if _is_similar(content, self._gist):
            return True
        return any(who & others and _is_similar(content, words) for others, words in self._content)


def _is_similar(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether two texts share most words of the shorter one."""
    least = min(len(one), len(other))
    return least >= _MIN_CONTENT_WORDS and len(one & other) >= _SIMILAR * least
