"""Entities: the people and bodies that an article names, and the offices that they hold."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from summarizer._text import fold_transliteration
from summarizer.article import Reading
from summarizer.attribution.lexicon import (
    GIVEN_NAMES,
    GOVERNMENTS,
    NATIONALITIES,
    ORGANISATIONS,
    TITLES,
    WORDS,
    Sex,
    classify_noun,
)
from summarizer.attribution.name_kinds import MAX_MENTIONS_READ, find_sex, kind_of_name
from summarizer.attribution.name_words import drop_participles, find_joins
from summarizer.attribution.names import EntityKind, Name, find_names, lookup_form
from summarizer.attribution.namesakes import find_by_work, find_namesakes, find_variant, split_generations
from summarizer.attribution.roles import find_role
from summarizer.attribution.tokens import Paragraph, Range
from summarizer.spans import Span


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, a body or another source that an article attributes statements to, with all its mentions."""

    name: str
    """The fullest form in the article, without titles: "Justin Logan". For an unnamed source, its description
    ("two security experts"), without the name of a person in it ("critics" in "critics of Joan Pike")."""
    kind: EntityKind
    role: str | None = None
    """The office or profession, in the article's words: "director of defence studies". For an unnamed source that
    a person describes, its whole description: "critics of Joan Pike"."""
    affiliation: str | None = None
    """The body that it belongs to, in the article's words: "the Cato Institute"."""
    aliases: tuple[str, ...] = ()
    """The other forms in the article, in order of appearance: "Mr Logan"."""
    mentions: tuple[Span, ...] = ()
    """The places where it is named, in order, without pronouns."""


class Mention(NamedTuple):
    """One place in the article where an entity is named."""

    words: Range
    entity: int
    """The index of the entity."""


@dataclass(frozen=True, slots=True)
class Entities:
    """The people and bodies named in an article, in order of appearance."""

    members: tuple[Entity, ...]
    sexes: tuple[Sex, ...]
    """The sex of each entity; "" if the article does not tell."""
    mentions: tuple[tuple[Mention, ...], ...]
    """The mentions in each paragraph, in order."""
    _by_word: dict[str, tuple[int, ...]] = field(repr=False)

    def __iter__(self) -> Iterator[Entity]:
        return iter(self.members)

    def __getitem__(self, index: int) -> Entity:
        return self.members[index]

    def find(self, name: str) -> Entity | None:
        """Return the entity that a name such as "Mr Logan" means, or None if not exactly one fits."""
        fitting = self.find_all(name)
        return self.members[fitting[0]] if len(fitting) == 1 else None

    def find_all(self, name: str) -> tuple[int, ...]:
        """Return the indexes of the entities that a name can mean: they have its words, and its title fits."""
        words = [lookup_form(word) for word in name.replace(",", " ").split()]
        key = [word for word in words if word not in TITLES and word != "the"] or words
        indexes = set(self._by_word.get(fold_transliteration(key[-1]), ())) if key else set()
        for word in key[:-1]:
            indexes &= set(self._by_word.get(fold_transliteration(word), ()))
        sex = next((TITLES[word] for word in words if TITLES.get(word)), "")
        fitting = [index for index in sorted(indexes) if not sex or self.sexes[index] in ("", sex)]
        exact = [index for index in fitting if self.members[index].name.lower() == " ".join(key)]
        return tuple(exact if len(exact) == 1 and len(key) > 1 else fitting)


_Place = tuple[int, Name]
"""A name and the index of its paragraph."""


def find_entities(reading: Reading, paragraphs: Sequence[Paragraph]) -> Entities:
    """Return the people and bodies that an article names."""
    names = drop_participles(find_names(paragraphs, find_joins(reading.article.text)))
    acronyms: dict[str, tuple[str, ...]] = {}
    for paragraph, here in zip(paragraphs, names, strict=True):
        _read_acronyms(paragraph, here, acronyms)
    places = split_generations(paragraphs, [(index, name) for index, here in enumerate(names) for name in here])
    clusters: dict[int, list[_Place]] = defaultdict(list)
    groups = _NameGroups(paragraphs, places, acronyms).find()
    for place, group in zip(places, groups, strict=True):
        clusters[group].append(place)
    order = {group: number for number, group in enumerate(clusters)}
    mentions: dict[int, list[Mention]] = defaultdict(list)
    by_word: dict[str, list[int]] = defaultdict(list)
    for (index, name), group in zip(places, groups, strict=True):
        mentions[index].append(Mention(name.whole, order[group]))
    members, sexes = [], []
    namesakes: dict[str, int] = {}
    for number, cluster in enumerate(clusters.values()):
        for word in {fold_transliteration(word) for key in {name.key for _, name in cluster} for word in key}:
            by_word[word].append(number)
        members.append(_make_entity(reading, paragraphs, cluster))
        other = namesakes.setdefault(members[-1].name, len(members) - 1)
        if other < len(members) - 1:  # "Mr Hill" and "Mrs Hill"
            members[other], members[-1] = _keep_title(members[other]), _keep_title(members[-1])
        sexes.append(find_sex(paragraphs, cluster) if members[-1].kind == "person" else "")
    indexes = {word: tuple(here) for word, here in by_word.items()}
    places_named = tuple([tuple(mentions.get(index, ())) for index in range(len(paragraphs))])
    return Entities(tuple(members), tuple(sexes), places_named, indexes)


def _keep_title(person: Entity) -> Entity:
    """Return somebody of whom the article tells only a title and a surname under both."""
    name, words = next(iter(person.aliases), person.name), person.name.split()
    return replace(person, name=name, aliases=(person.name, *person.aliases[1:])) if len(words) == 1 else person


_MIN_ACRONYM = 2
"""In letters: of an acronym that no brackets explain."""
_MAX_ACRONYM = 8
_SMALL_WORDS = frozenset({"of", "for", "and", "the", "on", "in", "&", "de"})


def _read_acronyms(paragraph: Paragraph, names: list[Name], acronyms: dict[str, tuple[str, ...]]) -> None:
    """Add the acronyms in brackets after their long forms, "Russia Today (RT)", and make the long forms names."""
    explained: list[Name] = []
    for name in names:
        start, end = name.whole
        if start < 2 or paragraph.lower[start - 1] != "(" or paragraph.lower[end : end + 1] != (")",):
            continue
        word = paragraph.quote(name.whole)
        if not (word.isalpha() and word.isupper() and 1 < len(word) <= _MAX_ACRONYM):
            continue
        first = start - 1
        letters = list(word.lower())
        while first and letters and start - first <= 2 * _MAX_ACRONYM:
            lower = paragraph.lower[first - 1]
            if paragraph.tokens[first - 1].is_capitalised and lower[0] == letters[-1]:
                letters.pop()
            elif lower not in _SMALL_WORDS:
                break
            first -= 1
        whole = (first, start - 1)
        if letters or not paragraph.tokens[first].is_capitalised:
            continue
        key = tuple([lookup_form(lower) for lower in paragraph.lower[slice(*whole)]])
        if len(key) > 1:
            acronyms.setdefault(name.key[0], key)
            explained.append(Name(whole, whole, key, (), "", ""))
    if explained:
        covered = {word for name in explained for word in range(*name.whole)}
        kept = [name for name in names if covered.isdisjoint((name.whole[0], name.whole[1] - 1))]
        names[:] = sorted([*kept, *explained])


def _find_acronyms(full: Iterable[tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the long forms of a text by their initials; None of them is a person's."""
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for key in full:
        initials = "".join(word[0] for word in key if word not in _SMALL_WORDS)
        if len(initials) >= _MIN_ACRONYM and kind_of_name(key, ()) == "organisation":
            found[initials].append(key)
    return {initials: keys[0] for initials, keys in found.items() if len(keys) == 1}


class _NameGroups:
    """The names of an article by what they mean. The number of a group is that of its first name."""

    def __init__(
        self, paragraphs: Sequence[Paragraph], places: Sequence[_Place], acronyms: Mapping[str, tuple[str, ...]]
    ) -> None:
        """Group the names of several words; ``acronyms`` are those that the article explains in brackets."""
        self._paragraphs, self._places = paragraphs, places
        self._full: dict[tuple[str, ...], int] = {}
        self._full_names: dict[int, list[_Place]] = defaultdict(list)
        self._offices: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._apart, work = find_namesakes(paragraphs, places)
        variants: dict[tuple[str, str], int] = {}
        for number, (index, name) in enumerate(places):
            if len(name.key) < 2:
                continue
            group = self._full.setdefault(name.key, variants.setdefault(find_variant(name.key), number))
            group = self._apart.get(number, group)
            if found := _find_offices(name, paragraphs[index]) | work.get(number, set()):
                self._offices[fold_transliteration(name.key[-1])][group] |= found
            self._full_names[group].append((index, name))
        _join_shortened(self._full)
        self._bearers = _collect_bearers(self._full)
        for number, group in self._apart.items():
            self._bearers[fold_transliteration(places[number][1].key[-1])][group] = None
        self._acronyms = {**_find_acronyms(self._full), **acronyms}
        self._sexes: dict[int, Sex] = {}
        self._sexed_surnames: set[str] = set()
        self._unknown: set[tuple[str, Sex]] = set()
        self._single: dict[str, dict[str, int]] = defaultdict(dict)
        self._latest: dict[str, tuple[int, int]] = {}
        self._plain: dict[str, Counter[int]] = defaultdict(Counter)

    def find(self) -> list[int]:
        """Return the group of each name."""
        groups = []
        for number, (index, name) in enumerate(self._places):
            if len(name.key) > 1:
                groups.append(self._apart.get(number, self._full[name.key]))
                self._latest[fold_transliteration(name.key[-1])] = groups[-1], index
            elif name.key[0] in self._acronyms and self._paragraphs[index].tokens[name.core[0]].text.isupper():
                groups.append(self._full[self._acronyms[name.key[0]]])
            else:
                groups.append(self._group_of_word(number))
        return groups

    def _group_of_word(self, number: int) -> int:
        """Return the group of a name of one word: that of somebody with this surname, or of its own."""
        index, name = self._places[number]
        word = fold_transliteration(name.key[0])
        known = self._bearers.get(word, {})
        first = next(iter(known), -1)
        if len(known) == 1 and first > number and word not in GIVEN_NAMES and self._places[first][1].key[0] == word:
            known = {}  # a first word is a short form of a name only after it
        if name.sex:
            for group in known if word not in self._sexed_surnames else ():
                self._sexes.setdefault(group, find_sex(self._paragraphs, self._full_names[group]))
            self._sexed_surnames.add(word)
        last = self._latest.get(word, (None, 0))
        is_unknown = (word, name.sex) in self._unknown
        meant = None if is_unknown else _find_bearer(name, known, last[0], self._sexes, self._full_names)
        meant = _find_in_office(name, meant, known, self._offices[word], self._full_names)
        told = _MAX_BEARERS >= len(known) > 1 and find_by_work(self._paragraphs, (index, name), known, self._full_names)
        if told:
            meant = told[0]
        elif meant is not None and not name.titles:
            is_near = last == (meant, index)
            meant = _find_usual(meant, known, self._plain[word], self._offices[word], is_near=is_near)
        if meant is None:
            self._unknown.add((word, name.sex))
            return _find_lone(name, self._single[word], number)
        if name.titled_sex and self._sexes.get(meant) != name.titled_sex:
            self._sexes[meant] = name.titled_sex
            self._unknown.clear()
        return meant


_MIN_PLAIN = 3  # times as often as another


def _find_usual(
    meant: int, known: Mapping[int, None], counted: Counter[int], offices: Mapping[int, Set[str]], *, is_near: bool
) -> int:
    """Return and count the usual bearer of a surname alone, not the wife of one named before."""
    if 1 < len(known) <= _MAX_BEARERS:
        first, usual = next(iter(known)), max(counted, key=counted.__getitem__, default=meant)
        is_relative = _RELATIVE in offices.get(meant, ()) and _RELATIVE not in offices.get(first, ())
        if not is_near and counted[usual] >= _MIN_PLAIN * (counted[meant] + 1):
            meant = usual
        elif is_relative and first < meant:
            meant = first
    counted[meant] += 1
    return meant


_MAX_BEARERS = 20  # of one surname, whose offices are compared


def _find_offices(name: Name, paragraph: Paragraph | None = None) -> set[str]:
    """Return the titles of a name, in full, that are neutral or a relative's: "his wife, Ann Hill"."""
    titles = {_TITLES_IN_FULL.get(title, title) for title in name.titles} if not name.titled_sex else set[str]()
    if paragraph is not None:
        (start, end), lower = name.whole, paragraph.lower
        beside = lower[max(0, start - 2) : start] + (lower[end : end + 3] if lower[end : end + 1] == (",",) else ())
        titles |= set() if WORDS["relatives_of_people"].isdisjoint((*beside, *titles)) else {_RELATIVE}
    return titles


_TITLES_IN_FULL = {"sen": "senator", "gov": "governor", "rep": "representative", "pres": "president"}
_RELATIVE = "relative"


def _find_in_office(
    name: Name,
    meant: int | None,
    known: Mapping[int, None],
    offices: Mapping[int, Set[str]],
    full_names: Mapping[int, Sequence[_Place]],
) -> int | None:
    """Return the bearer of a surname in an office, else the one named most who has no other office.

    "President Hill" does not mean his wife, Ann Hill.
    """
    if meant is None or not name.titles or name.sex or len(known) > _MAX_BEARERS:
        return meant
    fitting = [group for group in known if not _find_offices(name).isdisjoint(offices.get(group, ()))]
    if len(known) == 1:
        return None if not fitting and _RELATIVE in offices.get(meant, ()) else meant
    left = fitting or [group for group in known if {_RELATIVE}.issuperset(offices.get(group, ()))]
    return max(left, key=lambda group: (len(full_names[group]), group == meant), default=meant)


def _find_lone(name: Name, alone: dict[str, int], number: int) -> int:
    """Return the group of a surname without a full name: "Mr Lowe" and "Dr Lowe" are two people."""
    if titled := name.titled_sex or ("d" if "dr" in name.titles else ""):
        return alone.setdefault(titled, alone.pop("", number))
    return next(reversed(alone.values())) if alone else alone.setdefault("", number)


def _join_shortened(full: dict[tuple[str, ...], int]) -> None:
    """Give a name without its first words the group of its one longer name: "Daily Post" for "Gale Daily Post"."""
    longer: dict[tuple[str, ...], dict[int, None]] = defaultdict(dict)
    for key, group in full.items():
        for start in range(1, len(key) - 1) if key[0] in GIVEN_NAMES or not ORGANISATIONS.isdisjoint(key) else ():
            if " ".join(key[start:]) not in WORDS["places"]:
                longer[key[start:]][group] = None
    for key in [key for key, groups in longer.items() if key in full and len(groups) == 1]:
        full[key] = next(iter(longer[key]))
    for key, group in full.items():
        short = key[: key.index("for")] if "for" in key[2:] and not ORGANISATIONS.isdisjoint(key) else ()
        if short in full:  # "the Hill Trust" for the Hill Trust for Rivers
            full[short] = full[key] = min(group, full[short])
        if key[:2] in _DEPARTMENTS and (inverted := (*key[2:], key[0])) in full:  # "the Labour Department"
            full[key] = full[inverted] = min(group, full[inverted])


_DEPARTMENTS = frozenset((noun, "of") for noun in ("department", "ministry", "bureau"))


def _collect_bearers(full: Mapping[tuple[str, ...], int]) -> dict[str, dict[int, None]]:
    """Return the groups that a surname can mean, and a first word that only one name has: "Anna", "the Guild"."""
    bearers: dict[str, dict[int, None]] = defaultdict(dict)
    named: dict[str, dict[int, None]] = defaultdict(dict)
    for key, group in sorted(full.items(), key=lambda item: item[0][0] in WORDS["first_of_body"]):
        shorter = bearers[fold_transliteration(key[-1])]
        is_other = key[0] in WORDS["first_of_body"] and bool(shorter)  # "Team Hill" is not Hill
        if not (is_other or _ends_with_place(key)):
            shorter[group] = None
        if len(key) == 3 and _is_double_surname(key):
            named[fold_transliteration(key[1])][group] = None
        if "of" in key[2:] and key[place := key.index("of") - 1] in ORGANISATIONS:
            named[key[place]][group] = None  # "the Federation" for the National Federation of Teachers
        if (key[0] in GIVEN_NAMES and key[0] not in WORDS["people"]) or _can_stand_alone(key):
            named[fold_transliteration(key[0])][group] = None
    for word, groups_named in named.items():
        if word not in bearers and len(groups_named) == 1:
            bearers[word] = groups_named
    return bearers


_PLACES = WORDS["places"] | GOVERNMENTS


def _ends_with_place(key: tuple[str, ...]) -> bool:
    """Return whether a last word is no short form of its name: "Korea" in "Bank of Korea"."""
    is_place = key[-1] in ("house", "news") or key[-1] in _PLACES or " ".join(key[1:]) in _PLACES
    is_country = key[0] in ("republic", "kingdom", "state", "government") and key[1] == "of"
    return is_place and not is_country and kind_of_name(key, ()) != "person"


def _is_double_surname(key: tuple[str, ...]) -> bool:
    """Return whether the second of three words can mean a person: "Ms Lopez" for Ana Lopez Roca."""
    is_name = len(key[1].rstrip(".")) > 1 and key[1] not in GIVEN_NAMES and classify_noun(key[2]) == "unknown"
    return is_name and kind_of_name(key, ()) == "person"


_NO_LONE_NAMES = NATIONALITIES | WORDS["nonspeakers"]


def _can_stand_alone(key: tuple[str, ...]) -> bool:
    """Return whether the first word of a name can mean it: "Xi" for Xi Jinping, "Guild" for Guild of Bakers."""
    if key[1] == "of":
        return key[0] not in TITLES
    is_word = any(classify_noun(word) in ("person", "body", "document") for word in key)
    is_word = is_word or not _NO_LONE_NAMES.isdisjoint(key)
    is_whole = key[1] in WORDS["last_of_body"] or kind_of_name(key, ()) == "person"
    is_short = len(key) == 2 or (len(key) == 3 and key[1] in WORDS["particles"])  # "Alwaleed Bin Talal"
    return is_short and not is_word and WORDS["places"].isdisjoint(key) and is_whole


def _find_bearer(
    name: Name,
    known: Mapping[int, None],
    latest: int | None,
    sexes: Mapping[int, Sex],
    full_names: Mapping[int, Sequence[_Place]],
) -> int | None:
    """Return the bearer of a surname that a name can mean: the latest that fits, else the first.

    A title means a bearer of its sex, or of unknown sex. There can be many bearers, so they are not collected.
    """
    if not known:
        return None
    is_sure = name.sex and (len(known) > 1 or any(other.sex for _, other in full_names[next(iter(known))]))
    if not is_sure:
        return latest if latest is not None and latest in known else next(iter(known))
    for sex in (name.sex, ""):
        if latest is not None and latest in known and sexes[latest] == sex:
            return latest
        first = next((group for group in known if sexes[group] == sex), None)
        if first is not None:
            return first
    return None


def _make_entity(reading: Reading, paragraphs: Sequence[Paragraph], cluster: Sequence[_Place]) -> Entity:
    index, fullest = cluster[0] if len(cluster) == 1 else _fullest_name(paragraphs, cluster)
    name = _without_possessive(paragraphs[index].quote(fullest.core))
    text, read = reading.article.text, cluster[:MAX_MENTIONS_READ]
    kind = kind_of_name(fullest.key, [(paragraphs[place], mention) for place, mention in read])
    if kind == "person" and _is_acronym(paragraphs, cluster, fullest):
        kind = "organisation"
    if kind == "person" and name.isupper() and (
        fullest.key[0] in GIVEN_NAMES or any(mention.titles for _, mention in read)
    ):  # fmt: skip
        name = name.title()
    role, affiliation = find_role(paragraphs, cluster) if kind == "person" else (None, None)
    forms: dict[str, None] = {}
    spans: list[Span] = []
    for place, mention in cluster:
        paragraph, words = paragraphs[place], mention.whole
        form = paragraph.quote(words)
        if paragraph.shift is None:
            spans += paragraph.spans(text, words)
        else:  # nearly always, and quicker
            start = paragraph.starts[words[0]] + paragraph.shift
            spans.append(Span(start, start + len(form)))
        if paragraph.tokens[words[1] - 1].owns:
            form = _without_possessive(form)
            spans[-1] = Span(spans[-1].start, spans[-1].end - 2)
        forms[form] = None
    return Entity(name, kind, role, affiliation, tuple([form for form in forms if form != name]), tuple(spans))


def _is_acronym(paragraphs: Sequence[Paragraph], cluster: Sequence[_Place], fullest: Name) -> bool:
    """Return whether a cluster has an acronym, explained or alone: "RT", "the GMB"; labels in capitals have none."""
    if len(fullest.key) > 1:
        return any(
            len(name.key) == 1 and name.key[0] != fullest.key[-1] and name.key[0] not in GIVEN_NAMES
            and paragraphs[place].quote(name.core).isupper()
            for place, name in cluster[:MAX_MENTIONS_READ]
        )  # fmt: skip
    if not 1 < len(fullest.key[0]) <= _MAX_ACRONYM - 2 or fullest.key[0] in GIVEN_NAMES or fullest.titles:
        return False
    return all(_stands_alone(paragraphs[place], name.core) for place, name in cluster[:MAX_MENTIONS_READ])


def _stands_alone(paragraph: Paragraph, words: Range) -> bool:
    """Return whether a word is in capitals beside others in small letters, and is not a label."""
    start, end = words
    beside = paragraph.tokens[max(0, start - 2) : start] + paragraph.tokens[end : end + 2]
    is_label = paragraph.lower[end : end + 1] == (":",)
    return paragraph.quote(words).isupper() and not is_label and any(token.text.islower() for token in beside)


def _fullest_name(paragraphs: Sequence[Paragraph], cluster: Sequence[_Place]) -> _Place:
    """Return the longest form, of several the most frequent, preferably not in capitals."""
    longest = max(len(name.key) for _, name in cluster)
    forms = [place for place in cluster if len(place[1].key) == longest]
    counted = Counter(name.key for _, name in forms)
    most = max(counted.values())
    frequent = [form for form in forms if counted[form[1].key] == most]
    return next((form for form in frequent if not paragraphs[form[0]].quote(form[1].core).isupper()), frequent[0])


def _without_possessive(name: str) -> str:
    return name[:-2] if name.endswith(("'s", "’s")) else name
