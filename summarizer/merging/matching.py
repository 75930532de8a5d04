"""Compare names and wordings: do two names mean one holder, and are two wordings similar?"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from itertools import product, starmap

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily
from summarizer._text import fold_transliteration, normalized_words
from summarizer.attribution import GIVEN_NAMES, are_apart, fields_of
from summarizer.brief import Holder
from summarizer.codebook import CodebookHolder

Words = tuple[str, ...]

_LISTS = read_toml(__file__, "words.toml")
_TITLES, _OFFICES, _HONOURS, _AFTER_OFFICE, _NEGATIONS = (
    frozenset(_LISTS[name].split()) for name in ("titles", "offices", "honours", "after_office", "negations")
)
_TELLING = frozenset(_LISTS["telling"].split())
_PEOPLE = frozenset({"person", "author"})
_FULL = 2  # words of a name
_SPOUSES = frozenset({"wife", "husband", "widow", "widower", "lady"})
_OF_OFFICE = (_OFFICES | _TITLES) - _TELLING
_RUN_TOGETHER = compile_lazily(r"\b[A-Z]{2,3}\b(?= +\w*[a-z])")  # JD Vance: J. D. Vance

_DOUBLE_SURNAME = compile_lazily(r"(?<!\S)([A-ZÀ-Ž]\w{3,})[-‑][A-ZÀ-Ž]\w{3,}$")


def has_enough_in_common(
    common: int, one: int, other: int, *, share: float, min_count: int = 0, of_shorter: bool = False
) -> bool:
    """Return whether two wordings are similar: enough words are common, in number and as a share of all words.

    ``one`` and ``other`` are the numbers of their words. With ``of_shorter``, the share is of the shorter one's words.
    """
    compared = min(one, other) if of_shorter else one + other - common
    return common >= max(min_count, share * compared)


def negations_and_numbers(words: Iterable[str]) -> frozenset[str]:
    """Return the words that must be equal in two wordings of one claim; ``words`` are normalized."""
    return frozenset(word for word in words if word in _NEGATIONS or any(map(str.isdigit, word)))


_ARTICLES = frozenset("the der die das dem".split())


def plain_words(text: str) -> Words:
    """Return normalized words, without a leading article and with one spelling of transliterated endings."""
    words = normalized_words(text)
    return tuple(fold_transliteration(word) for word in words[len(words) > 1 and words[0] in _ARTICLES :])


def name_words(name: str) -> Words:
    """Return the plain words of a person's name, without office, titles and honours."""
    double = _DOUBLE_SURNAME.search(name)
    if double and double[1].lower() not in GIVEN_NAMES:  # "Mr Berg" is not Ann Feld-Berg
        name = f"{name[: double.end(1)]}{name[double.end(1) + 1 :]}"
    words = plain_words(_RUN_TOGETHER.sub(lambda found: " ".join(found[0]), name))
    office = max((place for place, word in enumerate(words[:-1]) if word in _OFFICES), default=-1)
    start = office + 1
    while start < len(words) - 1 and words[start] in _TITLES:
        start += 1
    if start and words[start] not in _AFTER_OFFICE:
        words = words[start:]
    while len(words) > 1 and words[-1] in _HONOURS:
        words = words[:-1]
    return words


def cluster_names(holders: Sequence[Holder]) -> Mapping[str, Hashable]:
    """Return a cluster key for the id of each named holder; holders with one key are the same.

    Two holders are the same in these cases:

    - Their names have the same words.
    - One name is a surname, alone or after a title, or a forename, and only the other holder has it.
    - One name leaves out forenames of the other, or has initials for them.
    - One name is an office that only the other holder has as role.

    "Mr Hill" and "Mrs Hill", of whom no full name is known, are two. "Mr Paul" does not match the forename Paul.
    Two unnamed holders ("an official") are never the same, nor are a mayor and a plumber of one full name.
    The order of the holders does not matter.
    """
    named = [holder for holder in holders if holder.name]
    clustering = _Clustering(named, {holder.id: plain_words(holder.role) for holder in holders if holder.role})
    return {holder.id: clustering.make_key(holder) for holder in named}


class _Clustering:
    """What the names and roles of some holders tell about who is who."""

    def __init__(self, named: Sequence[Holder], roles: Mapping[str, Words]) -> None:
        offices = set(roles.values())
        self._names = names = {holder.id: plain_words(holder.name or "") for holder in named}
        people = {holder.id for holder in named if holder.kind in _PEOPLE and names[holder.id] not in offices}
        self._people = people
        self._apart_in_brief = {holder.id for holder in named if holder.id in people and _is_told_apart(holder)}
        words = names | {each.id: name_words(each.name or "") for each in named if each.id in people}
        self._words = words
        full = {words[person] for person in people - self._apart_in_brief if len(words[person]) > 1}
        self._full_names = FullNames(full)
        fullest = self._full_names.fullest
        self._titles: defaultdict[Words, set[str]] = defaultdict(set)
        self._office_holders: defaultdict[Words, set[Words]] = defaultdict(set)
        for person in people:
            if names[person] != words[person]:
                self._titles[words[person]].add(names[person][0])
            if person in roles and words[person] in full:
                self._office_holders[roles[person]].add(fullest[words[person]])
        work: defaultdict[Words, set[frozenset[str]]] = defaultdict(set)
        for holder in named:
            if holder.id in people and words[holder.id] in full and (fields := fields_of(holder.role or "")):
                work[fullest[words[holder.id]]].add(fields)
        self._namesakes = {
            own: min(found, key=sorted) for own, found in work.items() if any(starmap(are_apart, product(found, found)))
        }
        """The full names of several people, each with the work of those whose role tells none."""
        self._spouses = {fullest.get(words[one], words[one]) for one in people if _SPOUSES & set(roles.get(one, ()))}

    def make_key(self, holder: Holder) -> Hashable:
        """Return what is equal for two holders that are the same."""
        own, name = self._words[holder.id], self._names[holder.id]
        if holder.kind == "unnamed":
            return holder.id
        if holder.id in self._apart_in_brief:
            return name
        person = self._find_person(holder, own)
        in_office = self._office_holders.get(name, set())
        if person is None and len(in_office) == 1:
            person = next(iter(in_office))
        titles = self._titles.get(own, set())
        if person is None and holder.id in self._people and len(own) == 1 and len(_TELLING & titles) > 1:
            return name
        meant = person or self._full_names.fullest.get(own, own)
        return (meant, fields_of(holder.role or "") or self._namesakes[meant]) if meant in self._namesakes else meant

    def _find_person(self, holder: Holder, own: Words) -> Words | None:
        """Return the full name of a person with a single name; "President Hill" is not his wife, Ann Hill."""
        if holder.id not in self._people or len(own) != 1:
            return None
        person = self._full_names.find(holder.aliases, own[0], forenames=own not in self._titles)
        has_office = any(_OF_OFFICE & set(plain_words(form)[:-1]) for form in (holder.name or "", *holder.aliases))
        return None if person in self._spouses and has_office else person


def _is_told_apart(holder: Holder) -> bool:
    """Return whether a surname in a brief is not that of another holder: "Berg (Apothekerin)", "Berg (Frau)"."""
    surname, _, told = (holder.name or "").removesuffix(")").partition(" (")
    return " " not in surname and bool(told) and (told == holder.role or told.lower() in _TITLES)


def match_given(holders: Sequence[Holder], given: Sequence[CodebookHolder]) -> Mapping[str, str]:
    """Return, by id, the given holder of each holder with one of the given names or aliases.

    Names are compared as in `cluster_names`. A name that may mean several given holders matches none. A person with
    another full name is not the given one for "the mayor", even if the article calls both so.
    """
    forms = [(entry, form) for entry in given for form in (entry.name, *entry.aliases)]
    ids = {plain_words(form): entry.id for entry, form in forms}
    known = [
        Holder(id=f"{number} of {entry.id}", name=form, kind=entry.kind or "person")
        for number, (entry, form) in enumerate(forms)
    ]
    clusters = cluster_names([*holders, *known])
    meant: defaultdict[Hashable, set[str]] = defaultdict(set)
    for holder, (entry, _) in zip(known, forms, strict=True):
        meant[clusters[holder.id]].add(entry.id)

    def find(holder: Holder) -> str | None:
        if found := ids.get(plain_words(holder.name or "")):
            return found
        is_called_so = holder.kind in _PEOPLE and (holder.name or "")[:1].isupper()  # not "the head of the council"
        own = name_words(holder.name or "") if is_called_so else ()
        called = meant.get(clusters.get(holder.id)) or {
            ids[words]
            for words in map(plain_words, holder.aliases)
            if words in ids and (len(own) < _FULL or not {*own}.isdisjoint(words))
        }
        return next(iter(called)) if len(called) == 1 else None

    return {holder.id: found for holder in holders if (found := find(holder))}


class FullNames:
    """The full names of people, searchable by a part of a name."""

    def __init__(self, full: Collection[Words]) -> None:
        self._cut: defaultdict[tuple[str, str], list[Words]] = defaultdict(list)  # by surname and first letter
        self._endings: defaultdict[Words, list[Words]] = defaultdict(list)
        for words in sorted(full):
            self._cut[words[-1], words[0][0]].append(words)
            for start in range(1, len(words) - 1):
                self._endings[words[start:]].append(words)
        self.fullest = {words: self._find_fullest(words) for words in full}
        """From each full name to its fullest form."""
        self._surnames: defaultdict[str, set[Words]] = defaultdict(set)
        self._first: defaultdict[str, set[Words]] = defaultdict(set)
        for words, fullest in self.fullest.items():
            self._surnames[words[-1]].add(fullest)
            self._first[words[0]].add(fullest)

    def find(self, aliases: Iterable[str], word: str, *, forenames: bool) -> Words | None:
        """Return the only person a word can mean: by an alias, a surname, or, with ``forenames``, a forename."""
        called = {self.fullest[alias] for name in aliases if (alias := name_words(name)) in self.fullest}
        surname, first = self._surnames.get(word, set()), self._first.get(word, set())
        for meant in (called & surname, surname, called & first, first if forenames and not surname else set()):
            if len(meant) == 1:
                return next(iter(meant))
        return None

    def _longer(self, words: Words) -> set[Words]:
        """Return the names that ``words`` shortens by initials or by leaving out forenames."""
        cut = {other for other in self._cut[words[-1], words[0][0]] if _shortens(words, other)}
        return cut.union(self._endings.get(words, ()))

    def _find_fullest(self, words: Words) -> Words:
        """Return the only name that ``words`` shortens, else ``words``."""
        longer = self._longer(words)
        top = [other for other in longer if not longer & self._longer(other)]
        return top[0] if len(top) == 1 else words


def _shortens(short: Words, long: Words) -> bool:
    """Return whether ``short`` is ``long`` without some forenames but the first, or with initials."""
    if short[-1] != long[-1] or sum(map(len, short)) >= sum(map(len, long)):
        return False
    names = iter(long[:-1])
    first, *rest = short[:-1]
    return _same_forename(first, next(names)) and all(
        any(_same_forename(name, other) for other in names) for name in rest
    )


def _same_forename(short: str, long: str) -> bool:
    return short == long or (len(short) == 1 and long.startswith(short))
