"""Which of the names that chunks use for their holders are one holder's."""

import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence

from summarizer._text import normalized_words
from summarizer.brief import Holder

Words = tuple[str, ...]

_TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady president minister chancellor king queen prince princess "
    "senator sen representative rep governor gov general gen colonel col captain capt judge justice mayor councillor "
    "cllr rev reverend bishop archbishop cardinal pope rabbi imam sheikh sergeant sgt lieutenant lt major admiral "
    "commander inspector superintendent detective constable secretary ambassador congressman congresswoman deputy "
    "chairman chairwoman chief spokesman spokeswoman herr frau monsieur madame mme señor señora".split()
)
_OFFICES = frozenset("minister president chancellor secretary senator professor spokesman spokeswoman".split())
_HONOURS = frozenset("mp mep mla msp md phd qc kc obe cbe mbe esq".split())
_OF = frozenset({"of", "for", "and", "to"})  # "Minister for Health" has no name in it
_PEOPLE = frozenset({"person", "author"})
_RUN_TOGETHER = re.compile(r"\b[A-Z]{2,3}\b(?= +\w*[a-z])")  # JD Vance: J. D. Vance
_TRANSLITERATED = re.compile(r"(?:iy|ij|yi|yy|ii|yj)$")  # Zelenskiy, Zelenskij, Zelenskyy: Zelensky


def plain_words(text: str) -> Words:
    """The words of a text without case, accents, a "the" before them and what transliterations differ in."""
    words = normalized_words(text)
    return tuple(_TRANSLITERATED.sub("y", word) for word in words[len(words) > 1 and words[0] == "the" :])


def name_words(name: str) -> Words:
    """The same of a person's name, without the office and titles before it and the honours after it."""
    words = plain_words(_RUN_TOGETHER.sub(lambda found: " ".join(found[0]), name))
    office = max((place for place, word in enumerate(words[:-1]) if word in _OFFICES), default=-1)
    start = office + 1
    while start < len(words) - 1 and words[start] in _TITLES:
        start += 1
    if start and words[start] not in _OF:
        words = words[start:]
    while len(words) > 1 and words[-1] in _HONOURS:
        words = words[:-1]
    return words


def homes(holders: Sequence[Holder]) -> Mapping[str, Hashable]:
    """For each named holder's id, what tells its bearer apart: the same for holders that are one.

    Two are one when their names have the same words; when one is a surname, alone or after a title, or a
    given name alone, and means the other and no third; when they differ in given names left out or cut to
    initials; or when one is an office that the other alone has as role. "Mr Paul" is nobody whose given
    name is Paul. Two who are not named ("an official") are two, however they are called. The order of the
    holders does not matter.
    """
    roles = {holder.id: plain_words(holder.role) for holder in holders if holder.role}
    known = set(roles.values())
    people = {each.id for each in holders if each.name and each.kind in _PEOPLE and plain_words(each.name) not in known}
    named = {
        each.id: name_words(each.name) if each.id in people else plain_words(each.name) for each in holders if each.name
    }
    full = {named[each] for each in people if len(named[each]) > 1}
    titled = {
        named[each.id] for each in holders if each.id in people and plain_words(each.name or "") != named[each.id]
    }
    people_named = _People(full)
    offices: defaultdict[Words, set[Words]] = defaultdict(set)
    for each, role in roles.items():
        if each in people and named[each] in full:
            offices[role].add(people_named.whole[named[each]])

    def home(holder: Holder) -> Hashable:
        words = named[holder.id]
        if holder.kind == "unnamed":
            return holder.id
        single = holder.id in people and len(words) == 1
        bearers = people_named.bearers(holder.aliases, words[0], given=words not in titled) if single else None
        if bearers is None and len(held := offices.get(plain_words(holder.name or ""), set())) == 1:
            bearers = next(iter(held))
        return bearers or people_named.whole.get(words, words)

    return {holder.id: home(holder) for holder in holders if holder.name}


class _People:
    """The full names of people, and who is meant by a part of one."""

    def __init__(self, full: Collection[Words]) -> None:
        self._cut: defaultdict[tuple[str, str], list[Words]] = defaultdict(list)  # by surname and first letter
        self._endings: defaultdict[Words, list[Words]] = defaultdict(list)
        for words in sorted(full):
            self._cut[words[-1], words[0][0]].append(words)
            for start in range(1, len(words) - 1):
                self._endings[words[start:]].append(words)
        self.whole = {words: self._fullest(words) for words in full}
        """For each full name the fullest form of it."""
        self._surnames: defaultdict[str, set[Words]] = defaultdict(set)
        self._first: defaultdict[str, set[Words]] = defaultdict(set)
        for words, fullest in self.whole.items():
            self._surnames[words[-1]].add(fullest)
            self._first[words[0]].add(fullest)

    def bearers(self, aliases: Iterable[str], word: str, *, given: bool) -> Words | None:
        """The one person whom a word means: by what the article calls so, as a surname and, if ``given``, otherwise."""
        called = {self.whole[alias] for each in aliases if (alias := name_words(each)) in self.whole}
        surname, first = self._surnames.get(word, set()), self._first.get(word, set())
        for meant in (called & surname, surname, called & first, first if given and not surname else set()):
            if len(meant) == 1:
                return next(iter(meant))
        return None

    def _longer(self, words: Words) -> set[Words]:
        """The names of which ``words`` is a shorter form: initials, or given names left out."""
        cut = {other for other in self._cut[words[-1], words[0][0]] if _shortens(words, other)}
        return cut.union(self._endings.get(words, ()))

    def _fullest(self, words: Words) -> Words:
        """The one name of which ``words`` is a shorter form, else ``words``."""
        longer = self._longer(words)
        top = [other for other in longer if not longer & self._longer(other)]
        return top[0] if len(top) == 1 else words


def _shortens(short: Words, long: Words) -> bool:
    """Whether ``short`` is ``long`` with given names left out, but not the first, or cut to initials."""
    if short[-1] != long[-1] or sum(map(len, short)) >= sum(map(len, long)):
        return False
    given = iter(long[:-1])
    first, *rest = short[:-1]
    return _same_given(first, next(given)) and all(any(_same_given(name, other) for other in given) for name in rest)


def _same_given(short: str, long: str) -> bool:
    return short == long or (len(short) == 1 and long.startswith(short))
