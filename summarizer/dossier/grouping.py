"""Group the statements of one dispute by what they speak of.

Each dispute has a main matter, which most articles name, and side matters with words of their own. A statement belongs
to the side matter whose words weigh most in it, else to the main matter if it names that.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import log, sqrt

from summarizer.dossier.wording import Content, is_actor_word

_MAIN_SHARE = 0.12  # of the articles name a term of the main matter
_MANY = 100  # statements from which on a word that is in no list needs one more
_NEAR_MAIN, _NEAR = 0.3, 0.4  # cosines of the statements of two terms, from which on they are one matter
_MIN_STATEMENTS, _MIN_ARTICLES, _MIN_HOLDERS = 4, 3, 3
_MIN_COMMON, _MIN_COMMON_MAIN = 3, 5  # statements with both terms
_AS_IS = "@as_is"
"""What is to stay as it is: whoever wants that is against the main matter, which is a change."""
_MIN_TOGETHER = 2  # statements that orient a term that is not the group's
_MIN_MAIN = 2  # articles
_MIN_SIDED, _SIDED_SHARE = 2, 0.015  # statements that take a side, and as a share of all
_MIN_ALTERNATIVES = 3  # statements for one of two matters and against the other
_LARGE_SHARE = 0.06  # of all statements: a matter of this size is one, though its statements name the main matter too
_OF_MAIN = 0.6  # confidence that a statement is about the main matter: its words are the most frequent
_WORD_WEIGHT = 0.7  # of a word that stands for no matter in the word list


@dataclass(frozen=True)
class Unit:
    """A statement or proposition to be grouped."""

    article: int
    holder: str
    content: Content


@dataclass(eq=False)
class Group:
    """The terms of a matter, and how each is oriented: 1 like its first term, -1 against it."""

    terms: Mapping[str, float]
    """With their weights."""
    is_main: bool = False
    orientation: dict[str, int] = field(default_factory=dict)

    def side(self, content: Content) -> int:
        """Return the side that a text takes: positive, negative, or 0 for none or both."""
        named = {term: sign for term, sign in content.signs.items() if term != _AS_IS and not is_actor_word(term)}
        is_own = any(named.get(term) for term in self.terms)
        total = sum(self.orientation.get(term, 0) * sign for term, sign in named.items()) if is_own else 0
        if self.is_main and self.orientation:
            total -= content.signs.get(_AS_IS, 0)
        return (total > 0) - (total < 0)


class Grouping:
    """The groups of the statements of a dispute."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._units = units
        self._with: defaultdict[str, set[int]] = defaultdict(set)
        articles: defaultdict[str, set[int]] = defaultdict(set)
        holders: defaultdict[str, set[str]] = defaultdict(set)
        for number, unit in enumerate(units):
            for term in unit.content.terms:
                self._with[term].add(number)
                articles[term].add(unit.article)
                holders[term].add(unit.holder)
        self._articles, self._holders = articles, holders
        self.groups = [*self._side_groups(main := self._main_terms()), self._main_group(main)]
        self._settle()
        main_members = self._members[self.groups[-1]]
        if len({each.article for each in main_members}) < _MIN_MAIN or len({each.holder for each in main_members}) < 2:
            self.groups[-1] = self._main_group(())
            self._settle()
        while faint := [group for group in self.groups[:-1] if not self._is_disputed(group)]:
            self.groups = [group for group in self.groups if group not in faint]
            self._settle()
        while pair := self._find_alternatives():
            terms = {**pair[0].terms, **pair[1].terms}
            self.groups = [Group(terms), *(group for group in self.groups if group not in pair)]
            self._settle()

    def _settle(self) -> None:
        """Assign the statements to the groups, and orient the terms of each."""
        self._of = {term: group for group in reversed(self.groups) for term in group.terms}
        self._members: defaultdict[Group, list[Unit]] = defaultdict(list)
        for unit in self._units:
            if group := self.find(unit.content)[0]:
                self._members[group].append(unit)
        for group in self.groups:
            group.orientation = _orient(group, self._members[group])

    def _is_disputed(self, group: Group) -> bool:
        """Return whether enough statements are about a group, by several holders, and take sides."""
        members = self._members[group]
        sided = [unit for unit in members if any(unit.content.signs.get(term) for term in group.terms)]
        is_large = len(members) >= _MIN_STATEMENTS and len({unit.article for unit in members}) >= _MIN_ARTICLES
        return (
            is_large
            and len({unit.holder for unit in sided}) > 1
            and len(sided) >= max(_MIN_SIDED, round(_SIDED_SHARE * len(self._units)))
        )

    def _find_alternatives(self) -> tuple[Group, Group] | None:
        """Return two side groups that are alternatives: whoever wants the one does not want the other."""
        values: defaultdict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
        numbers = {term: number for number, group in enumerate(self.groups[:-1]) for term in group.terms}
        for unit in self._units:
            signs = [(numbers[term], sign) for term, sign in unit.content.signs.items() if sign and term in numbers]
            for (one, sign), (other, another) in combinations(sorted(signs), 2):
                if one != other:
                    values[one, other][sign * another < 0] += 1
        for (one, other), (alike, against) in sorted(values.items()):
            if against >= _MIN_ALTERNATIVES and against >= 2 * alike:
                return self.groups[one], self.groups[other]
        return None

    def find(self, content: Content) -> tuple[Group | None, float]:
        """Return the group of a text, if any, and how much more it weighs than the next: 0 to 1."""
        main = self.groups[-1]
        scores: defaultdict[Group, float] = defaultdict(float)
        sided: set[Group] = set()
        for term, count in content.terms.items():
            if group := self._of.get(term):
                scores[group] += group.terms[term] * (1 + 0.3 * (count - 1))
                if content.signs.get(term) and not is_actor_word(term):
                    sided.add(group)
        if content.signs.get(_AS_IS):
            sided.add(main)
        if main in scores and (len(scores) == 1 or sided == {main}):
            return main, _OF_MAIN
        scores.pop(main, None)
        if not scores:
            return None, 0
        best, *others = sorted(scores.items(), key=lambda item: -item[1])
        return best[0], best[1] / (best[1] + (others[0][1] if others else 0))

    def _main_terms(self) -> frozenset[str]:
        first = max(
            (term for term in self._with if term[0] != "="),
            key=lambda term: (len(self._articles[term]), term),
            default=None,
        )
        if first is None:
            return frozenset()
        least = max(_MIN_ARTICLES, _MAIN_SHARE * len({unit.article for unit in self._units}))
        main, queue = {first}, [first]
        while queue:
            one = queue.pop()
            near = {
                term
                for term, found in self._articles.items()
                if term not in main
                and term[0] != "="
                and len(found) >= least
                and self._cosine(one, term, _MIN_COMMON_MAIN) >= (_NEAR if term[0] == "@" else _NEAR_MAIN)
            }
            main |= near
            queue += sorted(near)
        return frozenset(main)

    def _cosine(self, one: str, other: str, least: int = _MIN_COMMON) -> float:
        ours, theirs = self._with[one], self._with[other]
        common = len(ours & theirs)
        return common / sqrt(len(ours) * len(theirs)) if common >= least else 0

    def _main_group(self, terms: Iterable[str]) -> Group:
        return Group({term: self._weight(term) for term in terms}, is_main=True)

    def _side_groups(self, main: frozenset[str]) -> list[Group]:
        names_main = set().union(*(self._with[term] for term in main))
        terms = [term for term in self._with if term not in main and self._is_frequent(term)]
        parents = {term: term for term in terms}

        def root(term: str) -> str:
            while parents[term] != term:
                term = parents[term]
            return term

        for one, other in self._pairs(set(terms)):
            if not (one[0] == other[0] == "@") and self._cosine(one, other) >= _NEAR:
                parents[root(one)] = root(other)
        joined: defaultdict[str, list[str]] = defaultdict(list)
        for term in terms:
            joined[root(term)].append(term)
        groups = []
        for together in joined.values():
            found = set().union(*(self._with[term] for term in together))
            alone = len(found - names_main)
            is_listed = any(term[0] == "@" for term in together)
            if alone < _MIN_STATEMENTS and len(found) < _LARGE_SHARE * len(self._units):
                continue
            if is_listed or 3 * alone >= len(found):
                groups.append(Group({term: self._weight(term) for term in together}))
        return sorted(groups, key=lambda group: sorted(group.terms))

    def _pairs(self, terms: set[str]) -> list[tuple[str, str]]:
        """Return the pairs of terms that enough statements have together."""
        together: Counter[tuple[str, str]] = Counter()
        for unit in self._units:
            together.update(combinations(sorted(terms.intersection(unit.content.terms)), 2))
        return sorted(pair for pair, count in together.items() if count >= _MIN_COMMON)

    def _is_frequent(self, term: str) -> bool:
        more = term[0] != "@" and len(self._units) > _MANY
        return (
            not is_actor_word(term)
            and term[0] != "="
            and term != _AS_IS
            and len(self._with[term]) >= _MIN_STATEMENTS + more
            and len(self._articles[term]) >= _MIN_ARTICLES + more
            and len(self._holders[term]) >= _MIN_HOLDERS
        )

    def _weight(self, term: str) -> float:
        factor = 1 if term[0] == "@" else _WORD_WEIGHT
        return factor * log(1 + len(self._units) / len(self._with[term]))


def _orient(group: Group, members: Sequence[Unit]) -> dict[str, int]:
    """Return the orientation of the terms of a group's statements: terms that go together are on one side."""
    together: Counter[tuple[str, str]] = Counter()
    counts: Counter[str] = Counter()
    for unit in members:
        signs = {term: (sign > 0) - (sign < 0) for term, sign in unit.content.signs.items() if sign}
        for one, sign in signs.items():
            counts[one] += 1 + (one in group.terms)
            for other, another in signs.items():
                if one != other:
                    together[one, other] += sign * another
    first = max((term for term in counts if term in group.terms), key=lambda term: (counts[term], term), default=None)
    if first is None:
        return {}
    found, queue = {first: 1}, [first]
    while queue:
        one = queue.pop(0)
        for term in sorted(counts):
            value = together[one, term]
            if term not in found and abs(value) >= (1 if term in group.terms else _MIN_TOGETHER):
                found[term] = found[one] * (1 if value > 0 else -1)
                queue.append(term)
    return found
