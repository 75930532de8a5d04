"""Group vectors many times, and keep what most of these groupings agree on.

Each grouping is a spherical k-means of a part of the vectors, from other beginnings. One grouping of short texts is
little better than chance; what does not depend on the part and the beginning is (Monti et al., 2003).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from heapq import nlargest
from itertools import chain, combinations
from math import sqrt
from random import Random
from typing import NamedTuple

Vector = Mapping[str, float]
"""The weights of terms, of length 1."""

_RUNS = 30
_SHARE = 0.8  # of the vectors are in each grouping
_STEPS = 10  # of a grouping, at most
_STARTS = 10  # runs
_ONE = 0.3  # share of the runs in which the vectors of two groups are together, if these are one

Tables = Sequence[Sequence[Sequence[int]]]
"""For each run, how many vectors of each of its groups are in each of the groups agreed on."""


class _Centers(NamedTuple):
    """The centers of the groups of one grouping: the weights of each term in all of them."""

    size: int
    weights: Mapping[str, Sequence[float]]

    def nearest(self, vector: Vector) -> int:
        """Return the number of the center with the highest cosine."""
        scores = [0.0] * self.size
        for term, value in vector.items():
            for number, weight in enumerate(self.weights.get(term, ())):
                scores[number] += value * weight
        return scores.index(max(scores))


class Agreement:
    """The groups on which many groupings of vectors agree.

    Args:
        vectors: At least as many as groups.
        count: The number of groups.
    """

    def __init__(self, vectors: Sequence[Vector], count: int) -> None:
        self._vectors, self._count = vectors, count
        random = Random(0)  # the same groups each time
        size = max(count, round(_SHARE * len(vectors)))
        self._runs = [_group(random.sample(vectors, size), count, random) for _ in range(_RUNS)]
        self._settle()

    @cached_property
    def _labels(self) -> list[list[int]]:
        """The group of each vector in each run."""
        return [self._label(vector) for vector in self._vectors]

    def _label(self, vector: Vector) -> list[int]:
        return [centers.nearest(vector) for centers in self._runs]

    def _tally(self, groups: Sequence[int]) -> Tables:
        """Return for each run how many vectors of each of its groups are in each of the given ones."""
        tables = [[[0] * self._count for _ in range(self._count)] for _ in self._runs]
        for labels, group in zip(self._labels, groups, strict=True):
            for table, label in zip(tables, labels, strict=True):
                table[label][group] += 1
        return tables

    def _shares(self, labels: Sequence[int], tables: Tables) -> list[float]:
        """Return with which share of each group a vector is together in a run, on average."""
        sizes = map(sum, zip(*tables[0], strict=True))
        found = map(sum, zip(*(table[label] for table, label in zip(tables, labels, strict=True)), strict=True))
        return [total / (len(tables) * (size + 1)) for total, size in zip(found, sizes, strict=True)]

    def _settle(self) -> None:
        """Start from the runs that agree most with all, move vectors to where they mostly are, and keep the best."""
        starts = [self._tally([labels[run] for labels in self._labels]) for run in range(len(self._runs))]
        self._tables = max(map(self._move, nlargest(_STARTS, starts, key=self._agreement)), key=self._agreement)
        groups = [each.index(max(each)) for each in (self._shares(labels, self._tables) for labels in self._labels)]
        while pair := self._find_one():
            groups = [pair[0] if group == pair[1] else group for group in groups]
            self._tables = self._tally(groups)

    def _find_one(self) -> tuple[int, int] | None:
        """Return the two groups whose vectors are together in most runs, if that is often."""
        sizes = list(map(sum, zip(*self._tables[0], strict=True)))
        pairs = [pair for pair in combinations(range(self._count), 2) if all(sizes[each] for each in pair)]
        together = {
            (one, other): sum(row[one] * row[other] for table in self._tables for row in table)
            / (len(self._tables) * sizes[one] * sizes[other])
            for one, other in pairs
        }
        best = max(together, key=together.__getitem__, default=None)
        return best if best and together[best] >= _ONE else None

    def _agreement(self, tables: Tables) -> float:
        """Return how well vectors agree with their nearest groups, in all."""
        return sum(max(self._shares(labels, tables)) for labels in self._labels)

    def _move(self, tables: Tables) -> Tables:
        """Move each vector to the group that it is mostly with, until none moves."""
        for _ in range(_STEPS):
            shares = [self._shares(labels, tables) for labels in self._labels]
            before, tables = tables, self._tally([each.index(max(each)) for each in shares])
            if tables == before:
                break
        return tables

    def find(self, vector: Vector) -> tuple[int, float]:
        """Return the group of a vector, and its lead over the next group: 0 to 1."""
        shares = self._shares(self._label(vector), self._tables)
        *_, second, first = sorted([0.0, *shares])
        return shares.index(first), first - second


def scaled(vector: Mapping[str, float], length: float = 1.0) -> dict[str, float]:
    """Return a vector with another length; an empty one for one without length."""
    own = sqrt(sum(value**2 for value in vector.values()))
    return {term: length * value / own for term, value in vector.items()} if own else {}


def _group(vectors: Sequence[Vector], count: int, random: Random) -> _Centers:
    """Group vectors around centers: at first vectors that are far from each other (k-means++)."""
    chosen: list[Vector] = []
    nearest = [0.0] * len(vectors)
    for _ in range(count):
        distances = [max(1 - cosine, 0.0) ** 2 for cosine in nearest]
        chosen += random.choices(vectors, distances) if any(distances) else random.choices(vectors)
        last = chosen[-1]
        nearest = [max(old, cosine(last, vector)) for old, vector in zip(nearest, vectors, strict=True)]
    centers, before = _center([[each] for each in chosen]), list[int]()
    for _ in range(_STEPS):
        labels = [centers.nearest(vector) for vector in vectors]
        if labels == before:
            break
        before = labels
        groups: list[list[Vector]] = [[] for _ in range(count)]
        for vector, label in zip(vectors, labels, strict=True):
            groups[label].append(vector)
        centers = _center(groups)
    return centers


def cosine(one: Vector, other: Vector) -> float:
    """Return the cosine of vectors of length 1."""
    return sum([value * other[term] for term, value in one.items() if term in other])


def _center(groups: Sequence[Sequence[Vector]]) -> _Centers:
    weights: defaultdict[str, list[float]] = defaultdict(lambda: [0.0] * len(groups))
    for number, group in enumerate(groups):
        total: defaultdict[str, float] = defaultdict(float)
        for term, value in chain.from_iterable(vector.items() for vector in group):
            total[term] += value
        for term, value in scaled(total).items():
            weights[term][number] = value
    return _Centers(len(groups), weights)
