"""Group the statements of one dispute by what they speak of.

The texts of the articles tell which words name a matter. Those of the main matter stand in most articles. Those of a
side matter are repeated where they stand: content words come in bursts, others do not (Church and Gale, 1995). A text
belongs to the side matter whose words weigh most in it, else to the main matter.

In all but small disputes, what surrounds a statement also tells its matter: the cited sentence, those beside it and
the headline. Statements are grouped many times, and only those are placed that most groupings put together.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import chain, combinations, product
from math import log, sqrt
from operator import itemgetter
from typing import NamedTuple

from summarizer.dossier.agreement import Agreement, Vector, scaled
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
"""What should stay as it is. Those who want that are against the main matter, which is a change."""
_LEAST = 0.4  # weight of the words of a group in a text, from which on it may be about it
_MIN_WITH = 3  # statements with a term
_MIN_STATEMENTS, _MIN_ARTICLES, _MIN_HOLDERS = 4, 3, 3  # of a side matter
_MIN_TOGETHER = 2  # statements that orient a term that is not the group's
_MIN_MAIN = 2  # articles
_MIN_ALTERNATIVES = 3  # articles for one of two matters and against the other
_OF_MAIN = 0.6  # confidence that a statement is about the main matter: its words are the most frequent
_WORD_WEIGHT = 0.7  # of a word that stands for no matter in the word list
_MIN_UNITS, _MAX_UNITS = 30, 300  # statements that are grouped many times
_GROUPS = 7  # each time: most disputes have five to seven issues
_AGREED = 0.45  # how much more often a statement is with its group than with the next one, if it is to be placed
_HARDLY_AGREED = 0.2  # the same, if fewer than a quarter of the statements reach that
_NEIGHBOURS = 0.7  # weight of the sentences beside the cited one; statement, cited sentence and headline have 1
_BY_WORDS = 0.3  # square of the weight of the matter that the statement's words name
_OF_ONE_GROUP, _OF_MEMBERS = 0.5, 0.25  # shares: of a matter's statements that are in a group, and the reverse
_MAX_NAMING = 3  # words of a new matter


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
    """The terms of the headline of its article, in the same case: without capitals, which may be of a title's style."""

    def known_terms(self) -> set[str]:
        """Return the terms of the statement and of the sentences that it cites."""
        return self.content.terms.keys() | self.cited.keys()


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
        """Yield each term with its near terms and their nearness, among the others or the earlier terms."""
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
        for number, unit in enumerate(units):
            by_article[unit.article].append(Passage(unit.content.terms, unit.text))
            for term in unit.known_terms():
                self._with[term].add(number)
        self._has_texts = bool(passages)
        self._agreement: Agreement | None = None
        self._found: dict[int, tuple[int, float]] = {}  # by the ids of units, which are kept
        self.passages: Passages = passages or by_article
        self._terms = Terms(self.passages)
        self.groups = self._named(self._cores())
        self._settle()
        while faint := [group for group in self.groups[:-1] if not self._is_disputed(group)]:
            self.groups = self._named([group.terms for group in self.groups if group not in faint])
            self._settle()
        while pair := self._find_alternatives():
            others = [group.terms for group in self.groups if group not in pair]
            self.groups = self._named([{*pair[0].terms, *pair[1].terms}, *others])
            self._settle()
        members = self._members[self.groups[-1]]
        if len({each.article for each in members}) < _MIN_MAIN or len({each.holder for each in members}) < 2:
            self.groups[-1] = Group({}, is_main=True)
            self._settle()
        different = list({unit.text: unit for unit in reversed(units)}.values())[::-1]  # the first with each text
        if len(different) >= _MIN_UNITS:
            self._agree(different[:: 1 + len(different) // _MAX_UNITS])

    def _agree(self, units: Sequence[Unit]) -> None:
        """Group statements by their surroundings, and find the matter of each group: one of words, or a new one."""
        self._told, self._words = self._of.copy(), {group: f"#{number}" for number, group in enumerate(self.groups)}
        vectors = [self._vector(unit) for unit in units]
        self._agreement = Agreement(vectors, _GROUPS)
        found = self._agreement.found
        self._found = {id(unit): each for unit, each in zip(units, found, strict=True)}
        surest = sorted((agreed for _, agreed in found), reverse=True)
        self._least = max(_HARDLY_AGREED, min(_AGREED, surest[len(surest) // 4]))
        told = Counter((number, self._tell(unit.content)) for unit, (number, _) in zip(units, found, strict=True))
        in_all = Counter(group for _, group in told.elements())
        self._agreed: list[Group | None] = []
        for number in range(_GROUPS):
            places = [place for place, (each, _) in enumerate(found) if each == number]
            members = [units[place] for place in places]
            count, at = max((told[number, each], -place) for place, each in enumerate(self._words))
            group: Group | None = list(self._words)[-at]
            if count < max(1, _OF_ONE_GROUP * in_all[group], _OF_MEMBERS * len(members)):
                group = self._new_group(members, vectors, places)
            is_large = self._is_large([units[place] for place in places if found[place][1] >= self._least])
            self._agreed.append(group if is_large else None)
            if group and is_large:
                self._of |= dict.fromkeys(group.terms, group)
        for one in dict.fromkeys(filter(None, self._agreed)):
            self._members[one] = [unit for unit, (at, _) in zip(units, found, strict=True) if self._agreed[at] is one]
            one.orientation = orient(one, self._members[one])
        self.groups[:0] = dict.fromkeys(group for group in self._agreed if group and group not in self._words)

    def _new_group(self, members: Sequence[Unit], vectors: Sequence[Vector], places: Sequence[int]) -> Group | None:
        """Return the group of the words that most set some statements apart: a known one, a new one, or None."""
        weights: defaultdict[str, float] = defaultdict(float)
        for place, vector in enumerate(vectors):
            own = (place in places) - len(places) / len(vectors)
            for term, value in vector.items():
                weights[term] += own * value
        articles = {(term, unit.article) for unit in members for term in unit.known_terms()}
        counts = Counter(term for term, _ in articles)
        ranked = sorted((-weight, term) for term, weight in weights.items() if counts[term] > 1)
        if not ranked or ranked[0][0] >= 0:
            return None
        known = self._of.get(ranked[0][1])
        if known and not known.is_main:
            return known
        core = [term for weight, term in ranked[:_MAX_NAMING] if 2 * weight <= ranked[0][0]]
        return Group({term: self._weight(term) for term in core})

    def _tell(self, content: Content) -> Group | None:
        """Return the group of a text by words alone."""
        return self._find(content, self._told)[0]

    def _vector(self, unit: Unit) -> Vector:
        """Return the weights of the terms of a statement and of what surrounds it."""
        cited = unit.cited or unit.content.terms
        sentences = self.passages.get(unit.article, ())[1:]
        shared = [len(cited.keys() & sentence.terms.keys()) for sentence in sentences]
        beside: Counter[str] = Counter()
        if any(shared):
            at = shared.index(max(shared))
            for sentence in (*sentences[max(0, at - 1) : at], *sentences[at + 1 : at + 2]):
                beside.update(sentence.terms)
        total: defaultdict[str, float] = defaultdict(float)
        for terms, weight in ((unit.content.terms, 1.0), (cited, 1.0), (beside, _NEIGHBOURS), (unit.headline, 1.0)):
            own = {
                term: (1 + log(count)) * self._terms.burst(term) * log(1 + len(self.passages) / articles)
                for term, count in terms.items()
                if self._is_of_matter(term) and (articles := self._terms.articles[term]) > 1
            }
            for term, value in scaled(own, weight).items():
                total[term] += value
        told = self._tell(unit.content)
        return scaled(scaled(total) | ({self._words[told]: sqrt(_BY_WORDS)} if told else {}))

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

    def _cores(self) -> list[frozenset[str]]:
        """Return the words of each matter, those of the main one last: bursts, joined by average linkage."""
        main = self._main_core()
        cores = [
            frozenset({term})
            for term in sorted(self._with)
            if term not in main and self._is_of_matter(term) and self._count(term) >= _MIN_WITH
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
        """Return whether enough statements have words of a core, and one of these comes in bursts."""
        if self._has_texts and max(map(self._terms.burst, core)) < _BURST:
            return False
        found = set().union(*(self._with.get(term, ()) for term in core))
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

    def _named(self, cores: Sequence[Collection[str]]) -> list[Group]:
        """Return the groups with these words, the last of which is the main one."""
        last = len(cores) - 1
        return [
            Group({term: self._weight(term) for term in sorted(core)}, is_main=place == last)
            for place, core in enumerate(cores)
        ]

    def _settle(self) -> None:
        """Assign the statements to the groups, and orient the terms of each."""
        self._of = {term: group for group in reversed(self.groups) for term in group.terms}
        self._members: defaultdict[Group, list[Unit]] = defaultdict(list)
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
        """Return two side groups that are alternatives: those who want one do not want the other."""
        numbers = {term: number for number, group in enumerate(self.groups[:-1]) for term in group.terms}
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
        return self._find(content, self._of)

    def _find(self, content: Content, of: Mapping[str, Group]) -> tuple[Group | None, float]:
        """Return the group of a text by the groups of terms."""
        main = self.groups[-1]
        weights: defaultdict[Group, float] = defaultdict(float)
        sided: set[Group] = set()
        for term, count in content.terms.items():
            if group := of.get(term):
                weights[group] += group.terms[term] * (1 + 0.3 * (count - 1))
                if content.signs.get(term) and not is_actor_word(term):
                    sided.add(group)
        if content.signs.get(_AS_IS):
            sided.add(main)
        if weights[main] >= _LEAST and (len(weights) == 1 or sided == {main}):
            return main, _OF_MAIN
        scores = ((score, group) for group, score in weights.items() if group is not main and score >= _LEAST)
        ranked = sorted(scores, key=itemgetter(0), reverse=True)
        return (ranked[0][1], ranked[0][0] / sum(score for score, _ in ranked[:2])) if ranked else (None, 0)

    def place(self, unit: Unit) -> tuple[Group | None, float]:
        """Return the group of a statement: by many groupings, or in a small dispute by its own words."""
        if self._agreement is None:
            return self.find(unit.content)
        number, agreed = self._found.get(id(unit)) or self._agreement.find(self._vector(unit))
        return (self._agreed[number], agreed) if agreed >= self._least else (None, 0)

    def _weight(self, term: str) -> float:
        factor = 1 if term[0] == "@" else _WORD_WEIGHT
        return factor * log(1 + len(self._units) / self._count(term)) if self._count(term) else 0


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
