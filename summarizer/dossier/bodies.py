"""Link bodies, groups and documents: long and short forms, acronyms, words in another order."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from summarizer._text import normalized_words
from summarizer.dossier.clusters import Cluster, Linking, Texts
from summarizer.dossier.mentions import (
    COMPANIES,
    DEFINITE,
    GENERIC_BODIES,
    LANDS,
    LEGAL_FORMS,
    LEVELS_OF_BODIES,
    MADE_OF_MEMBERS,
    OF_MEMBERS,
    PARTS_OF_BODIES,
    SMALL_WORDS,
    SYNONYMS,
    TAILS_OF_BODIES,
    Mention,
    Words,
    are_covered,
    are_kin,
    fold_spelling,
    is_acronym,
    phantom,
    singular,
)

_MAX_LONGER = 50  # bodies that a short form is compared with


_COOPERATIVE = re.compile(r"\bco-?op(?:erative)?\b", re.IGNORECASE)


@lru_cache(maxsize=100_000)
def body_words(name: str) -> Words:
    """Return the words of a body's name that say something: "trust", "moor" of "the Moor Trust Ltd", in their order."""
    words = [SYNONYMS.get(word, word) for word in normalized_words(_COOPERATIVE.sub("cooperative", name))]
    for part in PARTS_OF_BODIES:
        if len(words) > len(part) and tuple(words[-len(part) :]) == part:
            words = words[: -len(part)]
    kept = [singular(word) for word in words if word not in SMALL_WORDS and word not in DEFINITE]
    while len(kept) > 1 and kept[-1] in LEGAL_FORMS:
        kept.pop()
    return tuple(kept) or tuple(words)


def initials(name: str, aliases: Iterable[str] = ()) -> set[str]:
    """Return the acronyms for a name: its initials, with and without those of small words, and those in aliases."""
    words = [word for word in normalized_words(re.sub("[’']s\\b", "", name)) if word != "the"]
    found = {"".join(word[0] for word in letters) for letters in (words, [w for w in words if w not in SMALL_WORDS])}
    first = {word[0] for word in words}
    found = found if len(words) > 1 else {_letters(name)} if is_acronym(name) else set()
    return found | {_letters(alias) for alias in aliases if is_acronym(alias) and alias[0].lower() in first}


@lru_cache(maxsize=100_000)
def _bag(name: str) -> frozenset[str]:
    """Return the words of a body's name in one spelling, without their order."""
    return frozenset(map(fold_spelling, body_words(name)))


_FOLDED_GENERIC, _FOLDED_TAILS = (frozenset(map(fold_spelling, words)) for words in (GENERIC_BODIES, TAILS_OF_BODIES))
_LANDS = frozenset(map(fold_spelling, LANDS))
_NO_STATES = _FOLDED_GENERIC.union(map(fold_spelling, LEVELS_OF_BODIES))


def _begins(full: str, name: str) -> bool:
    words = body_words(name)
    return body_words(full)[: len(words)] == words


@lru_cache(maxsize=100_000)
def _noun(name: str) -> str:
    """Return the word that names the kind of a body: "university" of "University of Leeds"."""
    words = normalized_words(name)
    end = next((place for place, word in enumerate(words) if place and word in ("of", "for")), len(words))
    kept = [singular(SYNONYMS.get(word, word)) for word in words[:end]]
    while len(kept) > 1 and kept[-1] in LEGAL_FORMS:
        kept.pop()
    return kept[-1] if kept else ""


@lru_cache(maxsize=100_000)
def _members(name: str) -> Words:
    """Return the words for those of whom a body is made: "bishops" of "Council of Bishops of Kell"."""
    words = normalized_words(name.removeprefix("the ").removeprefix("The "))
    if "of" not in words[1:-1] or words[words.index("of") - 1] not in MADE_OF_MEMBERS:
        return ()
    start = words.index("of") + 1
    end = words.index("of", start) if "of" in words[start:] else len(words)
    return body_words(" ".join(words[start:end])) if words[end - 1].endswith("s") else ()


class Bodies:
    """The bodies that are known, by their words and their acronyms."""

    def __init__(self) -> None:
        self._by_bag: dict[frozenset[str], Cluster] = {}
        self._by_word: defaultdict[str, dict[frozenset[str], str]] = defaultdict(dict)
        self._by_acronym: defaultdict[str, dict[Cluster, None]] = defaultdict(dict)
        self._words: defaultdict[Cluster, dict[Words, None]] = defaultdict(dict)
        self.companies: dict[Cluster, None] = {}
        self.states: dict[str, Cluster] = {}
        self._by_start: defaultdict[str, dict[Cluster, None]] = defaultdict(dict)

    def add(self, cluster: Cluster, mention: Mention) -> None:
        """Make a name of a body known, and the acronyms that the article gives or that its initials form."""
        words = body_words(mention.name)
        bag = _bag(mention.name)
        self._by_bag.setdefault(bag, cluster)
        self._words[cluster][words] = None
        self._by_start[words[0]][cluster] = None
        self._by_start[mention.words[0]][cluster] = None
        for word in bag:
            self._by_word[word].setdefault(bag, mention.name)
        for acronym in initials(mention.name, mention.aliases):
            self._by_acronym[acronym][cluster] = None
        for alias in mention.aliases:
            if is_acronym(alias) and alias[0].lower() in {word[0] for word in words}:
                letters = tuple(normalized_words(alias))
                self._words[cluster][letters] = None
                self._by_start[letters[0]][cluster] = None
        raw = normalized_words(mention.name)
        if raw and (raw[-1] in LEGAL_FORMS or (len(words) > 1 and words[-1] in TAILS_OF_BODIES and "for" not in raw)):
            self.companies[cluster] = None

    def equal(self, name: str) -> Cluster | None:
        """Return the body with the same words in its name."""
        return self._by_bag.get(_bag(name))

    def with_acronym(self, name: str) -> list[Cluster]:
        """Return the bodies for which an acronym may stand."""
        return list(self._by_acronym.get(_letters(name), ()))

    def longer(self, name: str) -> list[Cluster]:
        """Return the bodies of whose name this one is a short form."""
        bag, noun = _bag(name), _noun(name)
        rarest = min(sorted(bag), key=lambda word: len(self._by_word.get(word, ())))
        found: dict[Cluster, None] = {}
        for other, full in list(self._by_word.get(rarest, {}).items())[:_MAX_LONGER]:
            tails = _FOLDED_GENERIC if "saint" in bag else _FOLDED_TAILS
            is_begin = len(bag) > 1 and self._by_bag[other] in self.companies and _begins(full, name)
            is_union = " of " in full and body_words(full)[-1] in OF_MEMBERS.difference(body_words(name))
            is_kind = (_noun(full) == noun and not is_union) or body_words(name) == _members(full)
            if bag < other and (is_kind or other - bag <= tails or is_begin):
                found[self._by_bag[other]] = None
        return list(found)

    def expand(self, words: Iterable[str]) -> set[str]:
        """Return words, with those of the bodies whose acronyms stand among them."""
        found = set(words)
        for word in tuple(found):
            for cluster in self._by_acronym.get(word, ()) if len(word) > 1 else ():
                found.update(*self._words[cluster])
        return found

    def named(self, clusters: Collection[Cluster], article: int, texts: Texts) -> list[Cluster]:
        """Return those whose full name or acronym an article has."""
        if len(clusters) > _MAX_LONGER:
            here = {cluster for word in texts.words(article) for cluster in self._by_start.get(word, ())}
            clusters = [cluster for cluster in clusters if cluster in here] if len(here) > _MAX_LONGER else here
        return [
            cluster
            for cluster in clusters
            if any(texts.has(article, words) for words in (*cluster.body_names, *self._short_forms(cluster)))
        ]

    def find_named(self, clusters: Iterable[Cluster], article: int, texts: Texts) -> list[Cluster]:
        """Return those of whose names an article has a telling word: "Kell" for Kell Council."""
        words = texts.words(article)
        return [
            cluster
            for cluster in clusters
            if any(word in words for name in self._words[cluster] for word in name if word not in GENERIC_BODIES)
        ]

    def _short_forms(self, cluster: Cluster) -> Iterable[Words]:
        """Yield acronyms, and names without words like "Energy", but not "trust" alone."""
        for words in self._words[cluster]:
            short = words
            while len(short) > 1 and short[-1] in TAILS_OF_BODIES | LEGAL_FORMS:
                short = short[:-1]
            if len(short) == 1 and short[0] not in GENERIC_BODIES:
                yield short


def link_bodies(linking: Linking, mentions: Sequence[Mention], texts: Texts) -> Bodies:
    """Link organisations and governments, those with the longest names first."""
    bodies = Bodies()
    acronyms = [
        mention for mention in mentions if is_acronym(mention.name) and (len(mention.words) == 1 or "." in mention.name)
    ]
    short = {mention.id for mention in acronyms}
    by_bag: defaultdict[frozenset[str], list[Mention]] = defaultdict(list)
    for mention in sorted(mentions, key=lambda each: (each.date, *each.age)):
        if mention.id not in short:
            by_bag[_bag(mention.name)].append(mention)
    general: list[Mention] = []
    _link_states(linking, bodies, by_bag)
    for bag in sorted(by_bag, key=lambda each: (-len(each), sorted(each))):
        part = by_bag[bag]
        longer = bodies.longer(part[0].name)
        if bag <= _FOLDED_GENERIC or part[0].words[-1] in COMPANIES:
            general += part
        elif len(longer) == 1:
            _join_all(linking, bodies, longer[0], part, "The name is a short form of one body's.")
        elif longer:
            for mention in part:
                named = bodies.named(longer, mention.article, texts)
                _join_or_doubt(
                    linking, mention, named, longer, "The name is short for the body that the article names."
                )
        else:
            body = _find_members(part[0], bodies) or linking.create()
            _join_all(linking, bodies, body, part, "The names have the same words.")
    for mention in acronyms:
        found = bodies.with_acronym(mention.name)
        found = bodies.named(found, mention.article, texts) if len(found) > 1 else found
        if len(found) == 1 and linking.allows(found[0], [mention]):
            linking.join(found[0], mention, "It is the acronym of one body.")
            continue
        equal = bodies.equal(mention.name)
        _join_all(linking, bodies, equal or linking.create(), [mention], "The names are equal.")
    for mention in general:
        if mention.id > 0:
            _link_general(linking, mention, bodies, texts)
    return bodies


def _link_states(linking: Linking, bodies: Bodies, by_bag: dict[frozenset[str], list[Mention]]) -> None:
    """Take states and their governments out of the bodies: "Norvia", "the Norvian government"."""
    alone = {word for bag in by_bag if len(bag) == 1 for word in bag - _NO_STATES}
    governments: defaultdict[frozenset[str], list[frozenset[str]]] = defaultdict(list)
    for bag in by_bag:
        if "government" in bag and len(bag - _LANDS) == 2:
            governments[bag - _LANDS].append(bag)
    governed = {word for bag in governments for word in bag - _NO_STATES}
    for word in sorted(governed):
        kin = sorted((other for other in alone | governed if are_kin(word, other)), key=lambda each: (len(each), each))
        cluster = bodies.states.get(kin[0]) or bodies.states.setdefault(kin[0], linking.create())
        bags = governments[frozenset({word, "government"})]
        for bag in (*bags, *(frozenset({other}) for other in kin if other in alone)):
            _join_all(linking, bodies, cluster, by_bag.pop(bag, ()), "They are a state and its government.")


def name_beside(mentions: Collection[Mention], texts: Texts) -> list[Mention]:
    """Return bodies that are named beside holders: affiliations, and long forms of acronyms that texts define."""
    acronyms = [each.name for each in mentions if each.form == "body" and is_acronym(each.name)]
    affiliations = dict.fromkeys(
        each.affiliation for each in mentions if each.affiliation and each.form in ("full name", "surname")
    )
    names: dict[str, Words] = {name: () for name in affiliations if len(body_words(name)) > 1 and name[-1].isalpha()}
    for acronym in dict.fromkeys(acronyms):
        if defined := texts.define(acronym):
            names[defined] = (*names.get(defined, ()), acronym)
    described = (each.words for each in mentions if each.form == "body" and each.name.removeprefix("The ").islower())
    full = [each.words for each in mentions if each.form == "body" and not each.name.removeprefix("The ").islower()]
    ends = {words[start:] for words in full for start in range(1, len(words) - 1)}
    for words in dict.fromkeys(described):
        if len(words) > 1 and words[-1] in GENERIC_BODIES and words not in ends and (found := texts.long_form(words)):
            names.setdefault(found, ())
    return [phantom(number, name, aliases) for number, (name, aliases) in enumerate(names.items(), 1)]


def _join_all(linking: Linking, bodies: Bodies, cluster: Cluster, mentions: Iterable[Mention], reason: str) -> None:
    for mention in mentions:
        target = cluster if linking.allows(cluster, [mention]) else linking.create()
        linking.join(target, mention, reason)
        if target is cluster:
            bodies.add(cluster, mention)


def _link_general(linking: Linking, mention: Mention, bodies: Bodies, texts: Texts) -> None:
    """Link a name like "the trust" to the body that the article names, or to the only one."""
    longer = bodies.longer(mention.name)
    candidates: Collection[Cluster] = longer or (bodies.companies if mention.words[-1] in COMPANIES else ())
    named = bodies.named(candidates, mention.article, texts)
    if not named and not mention.name.lower().startswith(("a ", "an ")):
        named = list(candidates) if len(candidates) == 1 else bodies.find_named(longer, mention.article, texts)
    states = {state: cluster for state, cluster in bodies.states.items() if cluster in longer}
    if len(states) > 1 and len(named) != 1:
        home = texts.home(mention.article, states)
        named = [states[home]] if home else []
    _join_or_doubt(linking, mention, named, longer, "The article or the dossier has one such body.")


def _join_or_doubt(
    linking: Linking, mention: Mention, named: Sequence[Cluster], candidates: Iterable[Cluster], reason: str
) -> None:
    if len(named) == 1 and linking.allows(named[0], [mention]):
        linking.join(named[0], mention, reason)
        return
    linking.create([mention])
    linking.doubt(mention, [*(named or candidates)], "Several bodies may be meant.")


def link_described(linking: Linking, bodies: Bodies, texts: Texts) -> None:
    """Link a description such as "the teachers' union" to the body that a person's role names as one."""
    told: defaultdict[str, dict[Cluster, set[str]]] = defaultdict(dict)
    for person in linking.clusters:
        affiliations = {each.affiliation for each in person.mentions if each.affiliation} if person.names else set()
        found = {body for name in affiliations if (body := bodies.equal(name))}
        for body in found if len(found) == 1 else ():
            for noun in person.context & GENERIC_BODIES:
                told[noun].setdefault(body, set()).update(person.context)
    for cluster in [each for each in linking.clusters if each.body_names and each.articles]:
        names = {mention.name for mention in cluster.mentions}
        noun = _noun(cluster.first.name)
        if noun not in told or not all(name[0].isalpha() and name[1:].islower() for name in names):
            continue
        words = _bag(cluster.first.name) - {noun}
        candidates = [body for body, context in told[noun].items() if are_covered(words, map(fold_spelling, context))]
        if len(candidates) > 1:
            candidates = bodies.named(candidates, cluster.first.article, texts)
        if len(candidates) == 1 and candidates[0] is not cluster and linking.allows(candidates[0], cluster.mentions):
            for mention in cluster.mentions:
                linking.join(candidates[0], mention, "A role tells that the body is one of this kind.")
            del linking.clusters[cluster]


def link_groups(linking: Linking, mentions: Iterable[Mention], bodies: Bodies) -> None:
    """Link groups and documents with equal names, and those with the name of a body."""
    known: dict[tuple[str, Words], Cluster] = {}
    for mention in sorted(mentions, key=lambda each: is_acronym(each.name)):
        short = bodies.with_acronym(mention.name) if is_acronym(mention.name) else ()
        key = mention.form, (_letters(mention.name),) if is_acronym(mention.name) else mention.words
        cluster = bodies.equal(mention.name) or _find_members(mention, bodies) or known.get(key)
        cluster = cluster or (short[0] if len(short) == 1 else None)
        if cluster and linking.allows(cluster, [mention]):
            linking.join(cluster, mention, "The names are equal, or one is short for the other.")
            continue
        cluster = known.setdefault(key, linking.create([mention]))
        for acronym in initials(mention.name, mention.aliases) if mention.name[0].isupper() else ():
            if len(acronym) > 2:
                known.setdefault((mention.form, (acronym,)), cluster)


def _find_members(mention: Mention, bodies: Bodies) -> Cluster | None:
    """Return the only body whose members a group is: "the fishers of Kell" for the Kell Fishers' Association."""
    if mention.form == "document" or not mention.name.startswith(("the ", "The ")):
        return None
    is_certain = re.search("s of .*[A-Z]" if mention.form == "body" else " .*[A-Z]", mention.name)
    found = {bodies.equal(f"{mention.name} {noun}") for noun in OF_MEMBERS if is_certain} - {None}
    found |= set(bodies.longer(mention.name)) if mention.words[-1].endswith("s") else set()
    return found.pop() if len(found) == 1 else None


def _letters(acronym: str) -> str:
    letters = acronym.removeprefix("the ").removeprefix("The ").replace(".", "")
    return (letters[:-1] if letters.endswith("s") and letters[:-1].isupper() else letters).lower()
