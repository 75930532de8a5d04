"""Group vectors many times, and keep what most of these groupings agree on.

Each grouping is a spherical k-means of a part of the vectors, from other beginnings. One grouping of short texts is
little better than chance; what does not depend on the part and the beginning is (Monti et al., 2003).
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from math import sqrt
from operator import attrgetter
from random import Random

import numpy as np
from numpy.typing import NDArray

Vector = Mapping[str, float]
"""The weights of terms, of length 1."""

_Floats = NDArray[np.float64]
_Integers = NDArray[np.int64]

_RUNS = 30
_SHARE = 0.8  # of the vectors are in each grouping
_STEPS = 10  # of a grouping, at most
_STARTS = 10  # runs
_ONE = 0.3  # share of the runs in which the vectors of two groups are together, if these are one
_DIGITS = 9  # of values that are compared
_TINY = 1e-300  # instead of no length


class _Rows:
    """Sparse rows: the numbers of their terms and the values, one row after another.

    Args:
        numbers: Of the terms; terms without a number are left out.
        vectors: The rows.
    """

    def __init__(self, numbers: Mapping[str, int], vectors: Sequence[Vector]) -> None:
        known = [{numbers[term]: value for term, value in each.items() if term in numbers} for each in vectors]
        ended = [{**row, len(numbers): 0.0} for row in known]  # a row without terms could not be summed
        lengths = np.array(list(map(len, ended)))
        self.count, self.width = len(ended), len(numbers) + 1
        self._starts, self._row = lengths.cumsum() - lengths, np.repeat(np.arange(self.count), lengths)
        self._terms = np.array(list(chain.from_iterable(ended)), np.int64)
        self._values = np.array([value for row in ended for value in row.values()], np.float64)

    def cosines(self, centers: _Floats) -> _Floats:
        """Return the cosine of each row with each center: rows × centers."""
        return _floats(np.add.reduceat(self._values[:, None] * centers[self._terms], self._starts))

    def cosines_with(self, row: int) -> _Floats:
        """Return the cosine of each row with one of them."""
        center, own = np.zeros((self.width, 1)), self._row == row
        center[self._terms[own], 0] = self._values[own]
        return self.cosines(center)[:, 0]

    def centers(self, labels: _Integers, count: int) -> _Floats:
        """Return the mean directions of groups of rows in each run: terms × (runs × groups).

        Args:
            labels: The group of each row in each run, −1 for none: rows × runs.
            count: The number of groups of a run.
        """
        columns = np.where(labels < 0, labels, labels + np.arange(labels.shape[1]) * count)[self._row]
        is_in, size = columns >= 0, labels.shape[1] * count
        places = (self._terms[:, None] * size + columns)[is_in]
        weights = np.broadcast_to(self._values[:, None], columns.shape)[is_in]
        sums = np.bincount(places, weights, self.width * size).reshape(self.width, size)
        return _floats(sums / np.maximum(np.sqrt((sums**2).sum(axis=0)), _TINY))


class _Together:
    """The groups of the vectors, and how often each is with those of each group by its labels in the runs.

    Args:
        labels: The group of each vector in each run: vectors × runs.
        groups: The group of each vector.
        count: The number of groups.
    """

    def __init__(self, labels: _Integers, groups: _Integers, count: int) -> None:
        self.labels, self.groups, self.count = labels, groups, count
        runs = np.arange(labels.shape[1])
        places = (runs * count + labels) * count + groups[:, None]
        tables = np.bincount(places.ravel(), minlength=len(runs) * count * count)
        self.tables = tables.reshape(len(runs), count, count)
        """For each run, how many vectors of each of its groups are in each of the groups here."""
        self.sizes = np.bincount(groups, minlength=count)

    def shares_of(self, labels: _Integers) -> _Floats:
        """Return with which share of each group vectors are together in a run, on average: vectors × groups."""
        runs = np.arange(labels.shape[1])
        found = self.tables[runs, labels].sum(axis=1)
        return _floats(found / (len(runs) * (self.sizes + 1)))

    @cached_property
    def shares(self) -> _Floats:
        """Return the shares of all vectors."""
        return self.shares_of(self.labels)

    @property
    def agreement(self) -> float:
        """Return the shares of all vectors in their nearest groups, added up."""
        return float(self.shares.max(axis=1).sum())

    def moved(self) -> "_Together":
        """Move each vector to the group that it is mostly with, until none moves."""
        found = self
        for _ in range(_STEPS):
            before, found = found, _Together(self.labels, _nearest(found.shares), self.count)
            if np.array_equal(found.groups, before.groups):
                return before
        return found

    def find_one(self) -> tuple[int, int] | None:
        """Return the two groups whose vectors are together in most runs, if that is often."""
        pairs = np.einsum("rla,rlb->ab", self.tables, self.tables)
        most = len(self.tables) * np.outer(self.sizes, self.sizes)
        together = np.triu(pairs / np.where(most > 0, most, 1), 1)
        one, other = divmod(int(_nearest(together.ravel())), self.count)
        return (one, other) if together[one, other] >= _ONE else None


class Agreement:
    """The groups on which many groupings of vectors agree.

    Args:
        vectors: At least as many as groups.
        count: The number of groups.
    """

    def __init__(self, vectors: Sequence[Vector], count: int) -> None:
        self._numbers = {term: at for at, term in enumerate(dict.fromkeys(chain.from_iterable(vectors)))}
        self._count = count
        rows = _Rows(self._numbers, vectors)
        self._centers = _group(rows, count)
        self._together = _settle(self._label(rows), count)
        self.found = list(map(_surest, self._together.shares))
        """What `find` returns for each of the vectors."""

    def find(self, vector: Vector) -> tuple[int, float]:
        """Return the group of a vector, and its lead over the next group: 0 to 1."""
        (shares,) = self._together.shares_of(self._label(_Rows(self._numbers, [vector])))
        return _surest(shares)

    def _label(self, rows: _Rows) -> _Integers:
        """Return the nearest group of each row in each run: rows × runs."""
        return _nearest(rows.cosines(self._centers).reshape(rows.count, _RUNS, self._count))


def _group(rows: _Rows, count: int) -> _Floats:
    """Return the centers of a k-means of a part of the rows in each run: terms × (runs × groups)."""
    random = Random(0)  # the same groups each time
    part = np.zeros((rows.count, _RUNS), bool)
    labels = np.full((rows.count, _RUNS), -1)
    for run in range(_RUNS):
        chosen = random.sample(range(rows.count), max(count, round(_SHARE * rows.count)))
        part[chosen, run] = True
        for group, row in enumerate(_choose_far(rows, chosen, count, random)):
            labels[row, run] = group
    centers = rows.centers(labels, count)
    for _ in range(_STEPS):
        nearest = _nearest(rows.cosines(centers).reshape(rows.count, _RUNS, count))
        before, labels = labels, np.where(part, nearest, -1)
        if np.array_equal(before, labels):
            break
        centers = rows.centers(labels, count)
    return centers


def _choose_far(rows: _Rows, chosen: Sequence[int], count: int, random: Random) -> Iterator[int]:
    """Yield rows among the chosen ones that are far from each other (k-means++)."""
    nearest = np.zeros(len(chosen))
    for _ in range(count):
        distances = np.maximum(1 - nearest, 0.0) ** 2
        (row,) = random.choices(chosen, distances.tolist() if distances.any() else None)
        yield row
        nearest = np.maximum(nearest, rows.cosines_with(row)[chosen])


def _settle(labels: _Integers, count: int) -> _Together:
    """Start from the runs that agree most with all, move vectors to where they mostly are, and keep the best."""
    starts = [_Together(labels, run, count) for run in labels.T]
    starts.sort(key=attrgetter("agreement"), reverse=True)
    best = max((each.moved() for each in starts[:_STARTS]), key=attrgetter("agreement"))
    groups = _nearest(best.shares)
    while pair := best.find_one():
        groups = np.where(groups == pair[1], pair[0], groups)
        best = _Together(labels, groups, count)
    return best


def _nearest(cosines: _Floats) -> _Integers:
    """Return the first number of the largest value along the last axis, whatever the rounding of a machine."""
    return np.asarray(cosines.round(_DIGITS).argmax(axis=-1), np.int64)


def _surest(shares: _Floats) -> tuple[int, float]:
    *_, second, first = sorted([0.0, *shares.tolist()])
    return int(_nearest(shares)), first - second


def _floats(values: object) -> _Floats:
    return np.asarray(values, np.float64)


def scaled(vector: Mapping[str, float], length: float = 1.0) -> dict[str, float]:
    """Return a vector with another length; an empty one for one without length."""
    own = sqrt(sum(value**2 for value in vector.values()))
    return {term: length * value / own for term, value in vector.items()} if own else {}
