"""Group vectors many times, and keep what most of these groupings agree on.

Each grouping is a spherical k-means of a part of the vectors, from other beginnings. One grouping of short texts is
little better than chance; what does not depend on the part and the beginning is (Monti et al., 2003).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain, combinations, repeat
from math import sqrt
from operator import attrgetter, getitem, itemgetter, mul
from random import Random
from typing import NamedTuple

Vector = Mapping[str, float]
"""The weights of terms, of length 1."""

_RUNS = 30
_SHARE = 0.8  # of the vectors are in each grouping
_STEPS = 10  # of a grouping, at most
_STARTS = 10  # runs
_AGREEMENT = attrgetter("agreement")
_ONE = 0.3  # share of the runs in which the vectors of two groups are together, if these are one

_Row = Sequence[float]
"""The weights of a center by the numbers of terms, and a zero at the end."""


class _Point(NamedTuple):
    """A vector with its values, and a function that returns the weights of its terms in a row."""

    vector: Vector
    values: _Row
    read: Callable[[_Row], _Row]

    def cosine(self, row: _Row) -> float:
        """Return the cosine with a center, without a loop in Python: most of the time goes here."""
        return float(sum(map(mul, self.values, self.read(row))))

    def nearest(self, centers: Sequence[_Row]) -> int:
        """Return the number of the center with the highest cosine."""
        return _nearest([list(map(self.cosine, centers))])[0]


def _point(numbers: Mapping[str, int], vector: Vector) -> _Point:
    """Return a vector as a point; terms that no center has do not count."""
    known = {numbers[term]: value for term, value in vector.items() if term in numbers}
    last = len(numbers)  # twice, since with one index there would be no tuple
    return _Point(vector, tuple(known.values()), itemgetter(*known, last, last))


class _Together:
    """The groups of the vectors, and how often each is with those of each group by its labels in the runs."""

    def __init__(self, labels: Sequence[Sequence[int]], groups: Sequence[int], count: int) -> None:
        self.labels, self.count = labels, count
        self.tables = [[[0] * count for _ in range(count)] for _ in labels[0]]
        """For each run, how many vectors of each of its groups are in each of the groups here."""
        for own, group in zip(labels, groups, strict=True):
            for table, label in zip(self.tables, own, strict=True):
                table[label][group] += 1
        self.sizes = list(map(sum, zip(*self.tables[0], strict=True)))
        self._most = [len(self.tables) * (size + 1) for size in self.sizes]

    def shares_of(self, labels: Sequence[int]) -> list[float]:
        """Return with which share of each group a vector is together in a run, on average."""
        found = map(sum, zip(*map(getitem, self.tables, labels), strict=True))
        return [total / most for total, most in zip(found, self._most, strict=True)]

    @cached_property
    def shares(self) -> list[list[float]]:
        """The shares of all vectors."""
        return list(map(self.shares_of, self.labels))

    @property
    def agreement(self) -> float:
        """How well vectors agree with their nearest groups, in all."""
        return sum(map(max, self.shares))

    def moved(self) -> "_Together":
        """Move each vector to the group that it is mostly with, until none moves."""
        found = self
        for _ in range(_STEPS):
            before, found = found, _Together(self.labels, _nearest(found.shares), self.count)
            if found.tables == before.tables:
                return before
        return found

    def find_one(self) -> tuple[int, int] | None:
        """Return the two groups whose vectors are together in most runs, if that is often."""
        pairs = combinations((each for each, size in enumerate(self.sizes) if size), 2)
        together = {
            (one, other): sum(row[one] * row[other] for table in self.tables for row in table)
            / (len(self.tables) * self.sizes[one] * self.sizes[other])
            for one, other in pairs
        }
        best = max(together, key=together.__getitem__, default=None)
        return best if best and together[best] >= _ONE else None


class Agreement:
    """The groups on which many groupings of vectors agree.

    Args:
        vectors: At least as many as groups.
        count: The number of groups.
    """

    def __init__(self, vectors: Sequence[Vector], count: int) -> None:
        self._numbers = {term: at for at, term in enumerate(dict.fromkeys(chain.from_iterable(vectors)))}
        points = [_point(self._numbers, vector) for vector in vectors]
        random = Random(0)  # the same groups each time
        size = max(count, round(_SHARE * len(vectors)))
        self._runs: list[Sequence[_Row]] = []
        labels: list[list[int]] = [[] for _ in points]
        for _ in range(_RUNS):
            chosen = random.sample(range(len(points)), size)
            centers, found = _group(self._numbers, [points[each] for each in chosen], count, random)
            known = dict(zip(chosen, found, strict=True))  # the others are not labelled yet
            for number, point in enumerate(points):
                labels[number].append(known[number] if number in known else point.nearest(centers))
            self._runs.append(centers)
        self._together = _settle(labels, count)
        self.found = list(map(_surest, self._together.shares))
        """What `find` returns for each of the vectors."""

    def find(self, vector: Vector) -> tuple[int, float]:
        """Return the group of a vector, and its lead over the next group: 0 to 1."""
        nearest = _point(self._numbers, vector).nearest
        return _surest(self._together.shares_of(list(map(nearest, self._runs))))


def _surest(shares: Sequence[float]) -> tuple[int, float]:
    *_, second, first = sorted([0.0, *shares])
    return shares.index(first), first - second


def _settle(labels: Sequence[Sequence[int]], count: int) -> _Together:
    """Start from the runs that agree most with all, move vectors to where they mostly are, and keep the best."""
    starts = sorted((_Together(labels, run, count) for run in zip(*labels, strict=True)), key=_AGREEMENT, reverse=True)
    best = max((each.moved() for each in starts[:_STARTS]), key=_AGREEMENT)
    groups = _nearest(best.shares)
    while pair := best.find_one():
        groups = [pair[0] if group == pair[1] else group for group in groups]
        best = _Together(labels, groups, count)
    return best


def scaled(vector: Mapping[str, float], length: float = 1.0) -> dict[str, float]:
    """Return a vector with another length; an empty one for one without length."""
    own = sqrt(sum(value**2 for value in vector.values()))
    return {term: length * value / own for term, value in vector.items()} if own else {}


def _nearest(rows: Iterable[Sequence[float]]) -> list[int]:
    """Return the number of the largest value in each row."""
    return [each.index(max(each)) for each in rows]


def _group(
    numbers: Mapping[str, int], points: Sequence[_Point], count: int, random: Random
) -> tuple[Sequence[_Row], list[int]]:
    """Return centers of points (at first some that are far from each other, by k-means++), and the nearest of each."""
    nearest, centers = [0.0] * len(points), list[_Row]()
    for _ in range(count):
        distances = [max(1 - cosine, 0.0) ** 2 for cosine in nearest]
        (last,) = random.choices(points, distances) if any(distances) else random.choices(points)
        common = [
            [value * each.vector[term] for term, value in last.vector.items() if term in each.vector] for each in points
        ]
        nearest = list(map(max, nearest, map(sum, common)))
        centers.append(_center(numbers, [last.vector]))
    cosines = [[each.cosine(center) for each in points] for center in centers]
    labels = list[int]()
    for _ in range(_STEPS):
        before, labels = labels, _nearest(zip(*cosines, strict=True))
        if labels == before:
            break
        changed = {each for pair in zip(before, labels, strict=False) if pair[0] != pair[1] for each in pair}
        for number in changed or range(count):  # all at first
            members = (each.vector for each, label in zip(points, labels, strict=True) if label == number)
            centers[number] = _center(numbers, members)
            cosines[number] = [each.cosine(centers[number]) for each in points]
    return centers, _nearest(zip(*cosines, strict=True))


def _center(numbers: Mapping[str, int], vectors: Iterable[Vector]) -> _Row:
    """Return the mean direction of vectors."""
    total: defaultdict[str, float] = defaultdict(float)
    for term, value in chain.from_iterable(vector.items() for vector in vectors):
        total[term] += value
    return [*map(scaled(total).get, numbers, repeat(0.0)), 0.0]
