"""Match statements to given issues: by words, and by embeddings where there are some.

A common word counts by its rarity in the articles, and less if several issues have it. The other statements of the same
article and of the same group have a vote. What leads by too little matches nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from math import log, sqrt
from operator import mul
from typing import NamedTuple

from summarizer.dossier.grouping import Group, Passages, Unit, orient
from summarizer.dossier.wording import read_content, read_terms

_CITED, _HEADLINE = 0.5, 0.3
"""Weights of the cited sentences and of the headline; that of the statement is 1."""
_MOST_SAID, _MOST_WORDED = 1.5, 2
"""The most that a repeated word weighs in a statement, and in the wordings of an issue."""
_ARTICLE, _GROUP = 0.3, 0.6
"""Weights of the other statements of the article and of the group."""
_BESIDE_VECTORS = 0.7  # weight of the words if there are embeddings
_LEAD = 0.4  # over the second issue, from which on a statement matches the first
_MIN_WORDS = 2  # of an issue, in one sentence of an article
_KNOWN = 0.6  # share of the words of an issue that the articles have
_PER_ARTICLE = 10  # articles, by the square of the number of those that speak of an issue
_NEAR = 0.8  # sum of the two cosines of a statement that weighs as much
_MAX_CENTRED = 2000  # statements whose mean vector shows what all share


class Said(NamedTuple):
    """A statement to be matched."""

    unit: Unit
    group: Group | None
    context: str = ""
    """The headline and the cited sentences, for embeddings."""


class IssueMatch(NamedTuple):
    """An issue that a statement matches."""

    issue: str
    side: int
    """The side that the statement takes of its proposition, by words: 1, -1 or 0."""
    lead: float
    """Over the second issue: at most 1."""


FindVector = Callable[[str], Sequence[float] | None]
"""Return the embedding of a text, if there is one."""


class IssueMatcher:
    """Matches the statements of a dispute to issues.

    Args:
        wordings: The proposition of each issue, and its other wordings.
        sample: Statements of the dispute; they tell which issues it has, and vote.
        passages: Sentences of its articles; they tell how rare words are.
        find_vector: Embeds texts; None for words alone.
    """

    def __init__(
        self,
        wordings: Mapping[str, Sequence[str]],
        sample: Sequence[Said],
        passages: Passages,
        find_vector: FindVector | None = None,
    ) -> None:
        self._issues = list(wordings)
        terms = [Counter[str]() for _ in self._issues]
        for counts, texts in zip(terms, wordings.values(), strict=True):
            for text in texts:
                counts.update(read_terms(text))
        self._postings = _weigh(terms, passages)
        self._find_vector = find_vector
        self._mean: list[float] = []
        self._vectors: list[list[list[float]]] = []
        """The centred vectors of each issue's wordings."""
        if find_vector and sample:
            some = sample[:: 1 + len(sample) // _MAX_CENTRED]
            rows = [vector for said in some for text in (said.unit.text, said.context) if (vector := find_vector(text))]
            self._mean = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
            self._vectors = [list(self._read_vectors(texts)) for texts in wordings.values()]
        self._own: dict[int, list[float]] = {}
        """The scores of the sample without other evidence, by the ids of the units."""
        self._votes: defaultdict[Hashable, list[float]] = defaultdict(lambda: [0.0] * len(self._issues))
        self._voters: Counter[Hashable] = Counter()
        articles = [_find_articles(counts.keys(), passages) for counts in terms]
        for said in sample:
            near = self._compare(said)
            own = self._own[id(said.unit)] = self._score(said.unit, near)
            for voter in _voters_of(said):
                self._votes[voter] = [sum(pair) for pair in zip(self._votes[voter], own, strict=True)]
                self._voters[voter] += 1
            for number, value in enumerate(near):
                if value >= _NEAR:
                    articles[number].add(said.unit.article)
        self._are_disputed = [_PER_ARTICLE * len(each) ** 2 >= len(passages) for each in articles]

        members: defaultdict[int, list[Unit]] = defaultdict(list)
        for said in sample:
            if found := self._find(said):
                members[found[0]].append(said.unit)
        self._groups = [
            _orient(counts.keys(), members[number], next(iter(texts)))
            for number, (counts, texts) in enumerate(zip(terms, wordings.values(), strict=True))
        ]
        """The words of each issue with their sides, and the side of its proposition."""

    def match(self, said: Said) -> IssueMatch | None:
        """Return the issue of the dispute that a statement matches, if one leads by enough."""
        if (found := self._find(said)) is None:
            return None
        number, lead = found
        group, side = self._groups[number]
        return IssueMatch(self._issues[number], side * group.side(said.unit.content), min(1.0, lead))

    def _find(self, said: Said) -> tuple[int, float] | None:
        """Return the number of the issue that a statement matches, and its lead."""
        counted = self._own.get(id(said.unit))
        own = counted or self._score(said.unit, self._compare(said))
        scores = own.copy()
        for voter, weight in zip(_voters_of(said), (_ARTICLE, _GROUP), strict=False):
            others = self._voters[voter] - bool(counted)
            if others > 0:
                for number, votes in enumerate(self._votes[voter]):
                    scores[number] += weight * (votes - (own[number] if counted else 0)) / others
        *_, second, first = sorted([0.0, 0.0, *scores])
        number = scores.index(first) if first else 0
        if first - second < _LEAD or not self._are_disputed[number]:
            return None
        return number, first - second

    def _score(self, unit: Unit, near: Sequence[float]) -> list[float]:
        """Return how near a statement is to each issue by itself."""
        weights: defaultdict[str, float] = defaultdict(float)
        for terms, weight in ((unit.content.terms, 1.0), (unit.cited, _CITED), (unit.headline, _HEADLINE)):
            for term in terms.keys() & self._postings.keys():
                weights[term] += weight * terms[term]
        scores = list(near)
        factor = _BESIDE_VECTORS if self._vectors else 1.0
        for term, weight in sorted(weights.items()):
            for number, value in self._postings[term]:
                scores[number] += factor * value * min(weight, _MOST_SAID)
        return scores

    def _compare(self, said: Said) -> list[float]:
        """Return the sums of the cosines of a statement and its context with the nearest wording of each issue."""
        if not self._find_vector or not self._vectors:
            return [0.0] * len(self._issues)
        vectors = list(self._read_vectors((said.unit.text, said.context)))
        both = [sum(values) for values in zip(*vectors, strict=True)]
        return [max((sum(map(mul, both, each)) for each in wordings), default=0) for wordings in self._vectors]

    def _read_vectors(self, texts: Iterable[str]) -> Iterator[list[float]]:
        """Yield the vectors of texts less the mean of all, with length 1: a dispute's texts are close together."""
        for vector in filter(None, map(self._find_vector, texts)) if self._find_vector and self._mean else ():
            shifted = [value - mean for value, mean in zip(vector, self._mean, strict=True)]
            length = sqrt(sum(map(mul, shifted, shifted))) or 1.0
            yield [value / length for value in shifted]


def _orient(terms: Collection[str], members: Sequence[Unit], proposition: str) -> tuple[Group, int]:
    """Return the words of an issue with the sides that its statements take, and the side of its proposition."""
    group = Group(dict.fromkeys(terms, 1.0))
    group.orientation = orient(group, members)
    return group, group.side(read_content(proposition))


def _find_articles(terms: Set[str], passages: Passages) -> set[int]:
    """Return the articles that have enough words of an issue in one sentence."""
    known = terms & set[str]().union(*(each.terms for sentences in passages.values() for each in sentences))
    least = min(_MIN_WORDS, len(terms)) if len(known) >= _KNOWN * len(terms) else 0
    return {
        article
        for article, sentences in passages.items()
        if least and any(len(terms & each.terms.keys()) >= least for each in sentences)
    }


def _voters_of(said: Said) -> list[Hashable]:
    """Return the article of a statement and its group, if any."""
    return [said.unit.article, *([said.group] if said.group else [])]


def _weigh(terms: Sequence[Counter[str]], passages: Passages) -> dict[str, list[tuple[int, float]]]:
    """Return the issues with each term, and its weight in them: their lengths are 1."""
    issues = Counter(term for counts in terms for term in counts)
    sentences: Counter[str] = Counter()
    total = 1
    for each in passages.values():
        total += len(each)
        for sentence in each:
            sentences.update(sentence.terms.keys() & issues.keys())
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, counts in enumerate(terms):
        weights = {
            term: min(count, _MOST_WORDED)
            * log((1 + total) / (1 + sentences[term]))
            * log(1 + len(terms) / issues[term])
            / (log(1 + total) * log(1 + len(terms)))
            for term, count in counts.items()
        }
        length = sqrt(sum(value * value for value in weights.values()))
        for term, value in weights.items():
            postings[term].append((number, value / length))
    return dict(postings)
