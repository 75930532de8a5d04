"""Group the statements of one dispute by what they speak of.

The texts of the articles tell which words name a matter. Those of the main matter stand in most articles. Those of a
side matter are repeated where they stand: content words come in bursts, others do not (Church and Gale, 1995). Each
other frequent word goes with the matter near which it stands most often, and weighs less. A statement belongs to the
side matter whose words weigh most in it, else to the main matter.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import chain, combinations, product
from math import log, sqrt
from typing import NamedTuple

from summarizer.dossier.wording import Content, is_actor_word, read_content, read_replacements


class Passage(NamedTuple):
    """A sentence of an article."""

    terms: Mapping[str, int]
    text: str


Passages = Mapping[int, Sequence[Passage]]
"""The sentences of each article."""

_BURST = 1.4  # occurrences of a core word in each article that has it
_NEAR = 0.4  # cosine of the places of two core words, from which on they are of one matter
_ROUNDING = 1e-9
_BESIDE = 0.5  # weight of the sentences before and after one with a term
_AS_IS = "@as_is"
"""What is to stay as it is: whoever wants that is against the main matter, which is a change."""
_LEAST = 0.4  # weight of the words of a group in a text, from which on it may be about it
_MIN_WITH = 3  # statements with a term
_MIN_HEADLINES = 2  # with a term of which few statements speak
_MIN_STATEMENTS, _MIN_ARTICLES, _MIN_HOLDERS = 4, 3, 3  # of a side matter
_MIN_TOGETHER = 2  # statements that orient a term that is not the group's
_MIN_MAIN = 2  # articles
_MIN_ALTERNATIVES = 3  # articles for one of two matters and against the other
_OF_MAIN = 0.6  # confidence that a statement is about the main matter: its words are the most frequent
_BY_SENTENCE, _BY_ARTICLE = 0.8, 0.6
"""Factors of the confidence, where only the cited sentences or the whole article tell the matter of a statement."""
_WORD_WEIGHT = 0.7  # of a word that stands for no matter in the word list


@dataclass(frozen=True)
class Unit:
    """A statement or proposition to be grouped."""

    article: int
    holder: str
    content: Content
    text: str
    is_sided: bool = False
    """Whether its brief says that it takes a side of an issue."""
    cited: Mapping[str, int] = field(default_factory=dict)
    """The terms of the sentences that it cites, if it is a part of these and so may not name its matter itself."""
    headline: Mapping[str, int] = field(default_factory=dict)
    """The terms of the headline of its article, in the same case."""

    def known_terms(self) -> set[str]:
        """Return the terms of the statement and of the sentences that it cites."""
        return self.content.terms.keys() | self.cited.keys()


@dataclass(eq=False)
class Group:
    """The terms of a matter, and how each is oriented: 1 like its first term, -1 against it."""

    core: frozenset[str]
    terms: Mapping[str, float]
    """With their weights: the core, and words that go with it."""
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


class Terms:
    """How often the terms of a dispute stand in its articles, and how near to each other."""

    def __init__(self, passages: Passages) -> None:
        self.articles: Counter[str] = Counter()
        self._counts: defaultdict[str, int] = defaultdict(int)
        self._sentences: defaultdict[str, list[int]] = defaultdict(list)
        """The sentences with a term, numbered through, with two numbers between articles."""
        number = 0
        for sentences in passages.values():
            self.articles.update(set().union(*(sentence.terms for sentence in sentences)))
            number += 2
            for terms, _ in sentences:
                number += 1
                for term, count in terms.items():
                    self._counts[term] += count
                    self._sentences[term].append(number)
        self._known: dict[tuple[str, str], float] = {}
        """The nearness of pairs that were compared."""
        self._places: dict[str, tuple[dict[int, float], float]] = {}

    def _read_places(self, term: str) -> tuple[dict[int, float], float]:
        """Return the sentences that have a term, and those beside them, with weights, and the length of this vector."""
        if term not in self._places:
            places = dict.fromkeys(numbers := self._sentences.get(term, ()), 1.0)
            for number in numbers:
                places.setdefault(number - 1, _BESIDE)
                places.setdefault(number + 1, _BESIDE)
            self._places[term] = places, sqrt(sum(value**2 for value in places.values()))
        return self._places[term]

    def burst(self, term: str) -> float:
        """Return how often a term stands in each article that has it, on average."""
        return self._counts[term] / self.articles[term] if term in self._counts else 0

    def nearest(self, terms: Iterable[str], others: Iterable[str] = ()) -> Iterator[tuple[str, Mapping[str, float]]]:
        """Yield each term with the nearness of those of the others, or else of the earlier terms, that are near it."""
        at: defaultdict[int, list[str]] = defaultdict(list)
        known = list(others)
        for other in known:
            for place, value in self._read_places(other)[0].items():
                at[place] += [other] * int(value / _BESIDE)
        for term in terms:
            places, length = self._read_places(term)
            doubled = [(place, int(value / _BESIDE)) for place, value in places.items()]
            lists = [at[place] for place, times in doubled if place in at for _ in range(times)]
            common = Counter(chain.from_iterable(lists))  # counted, which is quicker than adding weights
            yield term, {other: _BESIDE**2 * n / (length * self._places[other][1]) for other, n in common.items()}
            for place, times in () if known else doubled:
                at[place] += [term] * times

    def nearness(self, one: str, other: str) -> float:
        """Return the cosine of the places of two terms: 0 to 1."""
        if (one, other) not in self._known:
            (ours, length), (theirs, other_length) = self._read_places(one), self._read_places(other)
            common = sum([ours[place] * theirs[place] for place in ours.keys() & theirs.keys()])
            self._known[one, other] = common / (length * other_length) if common else 0
        return self._known[one, other]


class Grouping:
    """The groups of the statements of a dispute."""

    def __init__(self, units: Sequence[Unit], passages: Passages | None = None) -> None:
        self._units = units
        by_article: defaultdict[int, list[Passage]] = defaultdict(list)
        self._with: defaultdict[str, set[int]] = defaultdict(set)
        """The numbers of the statements that have a term."""
        self._below: defaultdict[str, set[int]] = defaultdict(set)
        """The numbers of the statements of articles whose headline has a term."""
        for number, unit in enumerate(units):
            by_article[unit.article].append(Passage(unit.content.terms, unit.text))
            for term in unit.known_terms():
                self._with[term].add(number)
            for term in unit.headline:
                self._below[term].add(number)
        headlines = {unit.article: unit.headline for unit in units}
        self._headlines = Counter(term for headline in headlines.values() for term in headline)
        self._has_texts = bool(passages)
        self.passages: Passages = passages or by_article
        self._terms = Terms(self.passages)
        self.groups = self._with_satellites(self._cores())
        self._settle()
        while faint := [group for group in self.groups[:-1] if not self._is_disputed(group)]:
            self.groups = self._with_satellites([group.core for group in self.groups if group not in faint])
            self._settle()
        while pair := self._find_alternatives():
            others = [group.core for group in self.groups if group not in pair]
            self.groups = self._with_satellites([pair[0].core | pair[1].core, *others])
            self._settle()
        members = self._members[self.groups[-1]]
        if len({each.article for each in members}) < _MIN_MAIN or len({each.holder for each in members}) < 2:
            self.groups[-1] = Group(frozenset(), {}, is_main=True)
            self._settle()

    def _count(self, term: str) -> int:
        """Return the number of statements that have a term."""
        return len(self._with.get(term, ()))

    def _is_of_matter(self, term: str) -> bool:
        return term[0] != "=" and term != _AS_IS and not is_actor_word(term)

    def _main_core(self) -> frozenset[str]:
        """Return the terms before the widest gap in the numbers of articles that have them."""
        counts = self._terms.articles
        ranked = sorted((term for term in self._with if self._is_of_matter(term)), key=lambda t: (-counts[t], t))
        if not ranked:
            return frozenset()
        many = [term for term in ranked if 2 * counts[term] >= counts[ranked[0]]]
        following = [*(counts[term] for term in many[1:]), counts[ranked[0]] / 2]
        gaps = [counts[term] - after for term, after in zip(many, following, strict=True)]
        return frozenset(many[: gaps.index(max(gaps)) + 1])

    def _may_be_core(self, term: str) -> bool:
        """Return whether enough statements have a term, or headlines have it and it comes in bursts."""
        return self._count(term) >= _MIN_WITH or self._is_in_headlines({term})

    def _is_in_headlines(self, core: Collection[str]) -> bool:
        return any(self._headlines[term] >= _MIN_HEADLINES and self._terms.burst(term) >= _BURST for term in core)

    def _cores(self) -> list[frozenset[str]]:
        """Return the words of each matter, those of the main one last: bursts, joined by average linkage."""
        main = self._main_core()
        cores = [
            frozenset({term})
            for term in sorted(self._with)
            if term not in main and self._is_of_matter(term) and self._may_be_core(term)
        ]
        cores += [main] if main else []
        cores = self._join_near(cores)
        topical = sorted((core for core in cores if main.isdisjoint(core) and self._is_topical(core)), key=sorted)
        return [*topical, next((core for core in cores if main & core), main)]

    def _join_near(self, cores: Sequence[frozenset[str]]) -> list[frozenset[str]]:
        """Join the two nearest cores until no two are near."""
        live = dict(enumerate(cores))  # a joined core gets the next lower number, and so comes first
        number_of = {term: number for number, core in live.items() for term in core}
        near: dict[str, list[str]] = {term: [] for term in number_of}
        queue: list[tuple[float, int, int]] = []
        singles = {term: number for term, number in number_of.items() if len(live[number]) == 1}
        for term, others in self._terms.nearest(number_of):
            for each, value in others.items():
                if value >= _NEAR - _ROUNDING:
                    near[term].append(each)
                    near[each].append(term)
                if value >= _NEAR and term in singles and each in singles:
                    queue.append((-value, min(singles[term], singles[each]), max(singles[term], singles[each])))
        large = [number for number, core in live.items() if len(core) > 1]
        pairs = {(min(one, other), max(one, other)) for one in large for other in live if one != other}
        scored = ((-self._linkage(live[one], live[other]), one, other) for one, other in pairs)
        queue += [each for each in scored if -each[0] >= _NEAR]
        heapify(queue)
        while queue:
            _, one, other = heappop(queue)
            if one in live and other in live:
                first = min(live) - 1
                joined = live.pop(one) | live.pop(other)
                number_of |= dict.fromkeys(joined, first)
                # An average that is near has a pair that is near.
                for number in {number_of[term] for mine in joined for term in near[mine]} - {first}:
                    if (nearness := self._linkage(joined, live[number])) >= _NEAR:
                        heappush(queue, (-nearness, first, number))
                live[first] = joined
        return [live[number] for number in sorted(live)]

    def _is_topical(self, core: frozenset[str]) -> bool:
        """Return whether enough statements have words of a core, or a headline with them, and one comes in bursts."""
        if self._has_texts and max(map(self._terms.burst, core)) < _BURST:
            return False
        found = set().union(*(self._with.get(term, ()) for term in core))
        if self._is_in_headlines(core):
            found.update(*(self._below.get(term, ()) for term in core))
        return self._is_large([self._units[number] for number in found])

    @staticmethod
    def _is_large(units: Sequence[Unit]) -> bool:
        return (
            len(units) >= _MIN_STATEMENTS
            and len({unit.article for unit in units}) >= _MIN_ARTICLES
            and len({unit.holder for unit in units}) >= _MIN_HOLDERS
        )

    def _linkage(self, one: Collection[str], other: Collection[str]) -> float:
        values = [self._terms.nearness(mine, yours) for mine in one for yours in other]
        return sum(values) / len(values)

    def _with_satellites(self, cores: Sequence[frozenset[str]]) -> list[Group]:
        """Return groups, the main one last: each frequent word goes with the core that it is nearest to."""
        terms: list[dict[str, float]] = [{term: self._weight(term) for term in sorted(core)} for core in cores]
        core_of = {term: place for place, core in enumerate(cores) for term in core}
        others = (
            term
            for term in sorted(self._with)
            if term not in core_of and self._is_of_matter(term) and self._count(term) >= _MIN_WITH
        )
        for term, near in self._terms.nearest(others, core_of):
            by_core = [0.0] * len(cores)
            for each, value in near.items():
                by_core[core_of[each]] = max(by_core[core_of[each]], value)
            *_, second, best = sorted([0.0, *by_core])
            if best > second:
                terms[by_core.index(best)][term] = self._weight(term) * (best - second)
        return [
            Group(core, own, is_main=place == len(cores) - 1)
            for place, (core, own) in enumerate(zip(cores, terms, strict=True))
        ]

    def _settle(self) -> None:
        """Assign the statements to the groups, and orient the terms of each."""
        self._of = {term: group for group in reversed(self.groups) for term in group.terms}
        self._members: defaultdict[Group, list[Unit]] = defaultdict(list)
        self._focuses: dict[int, Group | None] = {}
        """The groups of whole articles, as far as they were asked for."""
        for unit in self._units:
            if group := self.place(unit)[0]:
                self._members[group].append(unit)
        for group in self.groups:
            group.orientation = orient(group, self._members[group])

    def _is_disputed(self, group: Group) -> bool:
        """Return whether enough statements are about a group, by several holders, and some take sides."""
        members = self._members[group]
        sided = [unit for unit in members if unit.is_sided or unit.content.general or any(unit.content.signs.values())]
        return self._is_large(members) and len({unit.holder for unit in sided}) > 1

    def _find_alternatives(self) -> tuple[Group, Group] | None:
        """Return two side groups that are alternatives: whoever wants the one does not want the other."""
        numbers = {term: number for number, group in enumerate(self.groups[:-1]) for term in group.core}
        common: list[tuple[int, str, set[tuple[int, int]]]] = []  # the sentences with words of several groups
        for article, sentences in self.passages.items():
            for terms, text in sentences:
                if pairs := set(combinations(sorted({numbers[term] for term in terms if term in numbers}), 2)):
                    common.append((article, text, pairs))
        counts = Counter(pair for _, pair in {(article, pair) for article, _, pairs in common for pair in pairs})
        alike: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
        against: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
        for article, text, pairs in common:
            if max(map(counts.__getitem__, pairs)) >= _MIN_ALTERNATIVES:
                signs = [
                    (numbers[term], sign) for term, sign in read_content(text).signs.items() if sign and term in numbers
                ]
                for (one, sign), (other, another) in combinations(sorted(signs), 2):
                    (alike if sign * another > 0 else against)[one, other].add(article)
                for old, new in read_replacements(text):
                    for pair in product(old & numbers.keys(), new & numbers.keys()):
                        one, other = sorted(numbers[term] for term in pair)
                        against[one, other].add(article)
        for (one, other), found in sorted(against.items()):
            if one != other and len(found) >= max(_MIN_ALTERNATIVES, 2 * len(alike[one, other])):
                return self.groups[one], self.groups[other]
        return None

    def find(self, content: Content) -> tuple[Group | None, float]:
        """Return the group of a text, if any, and how much more it weighs than the next: 0 to 1."""
        main = self.groups[-1]
        weights: defaultdict[Group, float] = defaultdict(float)
        sided: set[Group] = set()
        firm: set[Group] = set()
        for term, count in content.terms.items():
            if group := self._of.get(term):
                weights[group] += group.terms[term] * (1 + 0.3 * (count - 1))
                if term in group.core:
                    firm.add(group)
                if content.signs.get(term) and not is_actor_word(term):
                    sided.add(group)
        if content.signs.get(_AS_IS):
            sided.add(main)
        scores = {group: score for group, score in weights.items() if score >= _LEAST}
        sides = {group: score for group, score in scores.items() if group is not main}
        if main in scores and (not firm - {main} or sided == {main}):
            best = max(sides.values(), default=0)
            if not best or sided == {main} or scores[main] >= best:
                return main, _OF_MAIN
        if not sides:
            return None, 0
        best_group, *others = sorted(sides.items(), key=lambda item: (item[0] not in firm, -item[1]))
        return best_group[0], best_group[1] / (best_group[1] + (others[0][1] if others else 0))

    def place(self, unit: Unit) -> tuple[Group | None, float]:
        """Return the group of a statement: by its own words, by its sentences, or that of its article."""
        group, confidence = self.find(unit.content)
        if group is None:
            group, confidence = self.find(_unsided(unit.cited))
            confidence *= _BY_SENTENCE
        if group is None and unit.headline:
            if unit.article not in self._focuses:
                self._focuses[unit.article] = self._focus(unit.article)
            group, confidence = self._focuses[unit.article], _BY_ARTICLE
        return group, confidence

    def _focus(self, article: int) -> Group | None:
        """Return the group of an article's headline, if it is that of at least half of its sentences with one."""
        found = [self.find(_unsided(each.terms))[0] for each in self.passages.get(article, ())]
        named = Counter(filter(None, found[1:]))
        return found[0] if found and found[0] and 2 * named[found[0]] >= named.total() > 0 else None

    def _weight(self, term: str) -> float:
        factor = 1 if term[0] == "@" else _WORD_WEIGHT
        return factor * log(1 + len(self._units) / self._count(term)) if self._count(term) else 0


def _unsided(terms: Mapping[str, int]) -> Content:
    return Content(Counter(terms), {}, 0)


def orient(group: Group, members: Sequence[Unit]) -> dict[str, int]:
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
