"""Entities: the people and bodies that an article names, and the offices that they hold."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from summarizer.article import Reading
from summarizer.attribution.lexicon import DETERMINERS, GIVEN_NAMES, PREPOSITIONS, TITLES, WORDS, Sex, word_set
from summarizer.attribution.names import (
    MAX_MENTIONS_READ,
    EntityKind,
    Name,
    find_joins,
    find_names,
    kind_of_name,
    lookup_form,
    sex_by_pronoun,
)
from summarizer.attribution.roles import Role, role_after, role_before
from summarizer.attribution.tokens import Paragraph, Range
from summarizer.spans import Span


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, a body or another source that an article attributes statements to, with all its mentions."""

    name: str
    """The fullest form in the article, without titles: "Justin Logan". For an unnamed source, its description
    ("two security experts")."""
    kind: EntityKind
    role: str | None = None
    """The office or profession, in the article's words: "director of defence studies"."""
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
        indexes = set(self._by_word.get(key[-1], ())) if key else set()
        for word in key[:-1]:
            indexes &= set(self._by_word.get(word, ()))
        sex = next((TITLES[word] for word in words if TITLES.get(word)), "")
        fitting = [index for index in sorted(indexes) if not sex or self.sexes[index] in ("", sex)]
        exact = [index for index in fitting if self.members[index].name.lower() == " ".join(key)]
        return tuple(exact if len(exact) == 1 and len(key) > 1 else fitting)


_Place = tuple[int, Name]
"""A name and the index of its paragraph."""


def find_entities(reading: Reading, paragraphs: Sequence[Paragraph]) -> Entities:
    """Return the people and bodies that an article names."""
    names = find_names(paragraphs, find_joins(reading.article.text))
    places = [(index, name) for index, here in enumerate(names) for name in here]
    clusters: dict[int, list[_Place]] = defaultdict(list)
    groups = _group_names(paragraphs, places)
    for place, group in zip(places, groups, strict=True):
        clusters[group].append(place)
    order = {group: number for number, group in enumerate(clusters)}
    mentions: list[list[Mention]] = [[] for _ in paragraphs]
    by_word: dict[str, dict[int, None]] = defaultdict(dict)
    for (index, name), group in zip(places, groups, strict=True):
        mentions[index].append(Mention(name.whole, order[group]))
        for word in name.key:
            by_word[word][order[group]] = None
    members, sexes = [], []
    for cluster in clusters.values():
        members.append(_make_entity(reading, paragraphs, cluster))
        sexes.append(_find_sex(paragraphs, cluster) if members[-1].kind == "person" else "")
    indexes = {word: tuple(here) for word, here in by_word.items()}
    return Entities(tuple(members), tuple(sexes), tuple(map(tuple, mentions)), indexes)


_MIN_VARIANT = 5
"""In letters: surnames that begin alike, after the same first name, are one name spelled in two ways."""


def _group_names(paragraphs: Sequence[Paragraph], places: Sequence[_Place]) -> list[int]:
    """Return for each name its group: the number of the first name that means the same entity."""
    full: dict[tuple[str, ...], int] = {}
    variants: dict[tuple[str, str], int] = {}
    full_names: dict[int, list[_Place]] = defaultdict(list)
    for number, (index, name) in enumerate(places):
        if len(name.key) < 2:
            continue
        variant = (name.key[0], name.key[-1][:_MIN_VARIANT])
        group = full.setdefault(name.key, variants.setdefault(variant, number))
        full_names[group].append((index, name))
    bearers: dict[str, dict[int, None]] = defaultdict(dict)
    named: dict[str, dict[int, None]] = defaultdict(dict)
    for key, group in full.items():
        bearers[key[-1]][group] = None
        if key[0] in GIVEN_NAMES:
            named[key[0]][group] = None
    for word, groups_named in named.items():
        if word not in bearers and len(groups_named) == 1:
            bearers[word] = groups_named  # "Anna", if the article has one
    sexes: dict[int, Sex] = {}
    sexed_surnames: set[str] = set()
    unknown: set[tuple[str, Sex]] = set()
    groups: list[int] = []
    single: dict[str, int] = {}
    latest: dict[str, int] = {}
    for number, (_, name) in enumerate(places):
        if len(name.key) > 1:
            groups.append(full[name.key])
            latest[name.key[-1]] = full[name.key]
            continue
        word = name.key[0]
        known = bearers.get(word, {})
        if name.sex:
            for group in known if word not in sexed_surnames else ():
                sexes.setdefault(group, _find_sex(paragraphs, full_names[group]))
            sexed_surnames.add(word)
        meant = None if (word, name.sex) in unknown else _find_bearer(name, known, latest.get(word), sexes, full_names)
        if meant is None:
            unknown.add((word, name.sex))
            groups.append(single.setdefault(word, number))
            continue
        groups.append(meant)
        if name.titled_sex and sexes.get(meant) != name.titled_sex:
            sexes[meant] = name.titled_sex
            unknown.clear()
    return groups


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
    is_sure = name.sex and (len(known) > 1 or any(other.titled_sex for _, other in full_names[next(iter(known))]))
    if not is_sure:  # a given name can mislead
        return latest if latest is not None and latest in known else next(iter(known))
    for sex in (name.sex, ""):
        if latest is not None and latest in known and sexes[latest] == sex:
            return latest
        first = next((group for group in known if sexes[group] == sex), None)
        if first is not None:
            return first
    return None


def _find_sex(paragraphs: Sequence[Paragraph], cluster: Sequence[_Place]) -> Sex:
    """Return the sex that titles tell, else the given name, else the pronouns after the name."""
    sexes = [name.titled_sex for _, name in cluster if name.titled_sex] or [name.sex for _, name in cluster if name.sex]
    if not sexes and len(cluster[0][1].key) > 1 and kind_of_name(cluster[0][1].key, ()) == "person":
        sexes = [sex for index, name in cluster[:MAX_MENTIONS_READ] if (sex := sex_by_pronoun(paragraphs[index], name))]
    if not sexes:
        return ""
    male = sexes.count("m") * 2
    return "m" if male > len(sexes) or (male == len(sexes) and sexes[0] == "m") else "f"


def _make_entity(reading: Reading, paragraphs: Sequence[Paragraph], cluster: Sequence[_Place]) -> Entity:
    index, fullest = cluster[0] if len(cluster) == 1 else _fullest_name(paragraphs, cluster)
    name = _without_possessive(paragraphs[index].quote(fullest.core))
    read = cluster[:MAX_MENTIONS_READ]
    kind = kind_of_name(fullest.key, [(paragraphs[place], mention) for place, mention in read])
    has_title = any(mention.titles for _, mention in read)
    if kind == "person" and name.isupper() and (has_title or fullest.key[0] in GIVEN_NAMES):
        name = name.title()
    role, affiliation = _find_role(paragraphs, cluster) if kind == "person" else (None, None)
    forms = dict.fromkeys(_without_possessive(paragraphs[place].quote(mention.whole)) for place, mention in cluster)
    spans = [span for place, mention in cluster for span in _name_spans(reading, paragraphs[place], mention.whole)]
    return Entity(name, kind, role, affiliation, tuple([form for form in forms if form != name]), tuple(spans))


def _fullest_name(paragraphs: Sequence[Paragraph], cluster: Sequence[_Place]) -> _Place:
    """Return the longest form, of several the most frequent, preferably not in capitals."""
    longest = max(len(name.key) for _, name in cluster)
    forms = [place for place in cluster if len(place[1].key) == longest]
    counted = Counter(name.key for _, name in forms)
    return max(forms, key=lambda form: (counted[form[1].key], not paragraphs[form[0]].quote(form[1].core).isupper()))


def _name_spans(reading: Reading, paragraph: Paragraph, words: Range) -> list[Span]:
    spans = list(paragraph.spans(reading.article.text, words))
    if spans and paragraph.tokens[words[1] - 1].owns:
        spans[-1] = Span(spans[-1].start, spans[-1].end - 2)
    return spans


def _without_possessive(name: str) -> str:
    return name[:-2] if name.endswith(("'s", "’s")) else name


def _find_role(paragraphs: Sequence[Paragraph], cluster: Sequence[_Place]) -> Role:
    """Return the first role in an apposition, else the longest before a name."""
    body: str | None = None
    for index, name in cluster:
        role, affiliation = role_after(paragraphs[index], name)
        if role:
            return role, affiliation or body
        body = body or affiliation
    roles = [role_before(paragraphs[index], name) for index, name in cluster]
    role, affiliation = max(roles, key=lambda role: len(role[0] or ""))
    return role, affiliation or body


# Offices: which person "the minister", "the leader of the opposition" or "the member for Leeds" means.

_MAX_OFFICE = 7
"""In tokens."""
_OFFICE_MODIFIERS = word_set("former vice deputy acting ex then shadow")
"""Words that make another office of one: "the president" is not the vice president."""
_CHAIR_VERBS = word_set("chairs chaired")
_OFFICE_CUES = _CHAIR_VERBS | word_set("represents represented sits sat member")
_CHAIR_NOUNS = ("chairman", "chairwoman", "chair")
_MAX_SEAT_DISTANCE = 6
"""In tokens: from "represents" to its place."""


class Offices:
    """The holders of offices, as far as the article has introduced them."""

    def __init__(self, entities: Entities) -> None:
        self._entities = entities
        self._holders: dict[str, list[tuple[Entity, frozenset[str]]]] = defaultdict(list)
        for entity in entities:
            if entity.kind == "person" and entity.role:
                self._add(entity, f"{entity.role} {entity.affiliation or ''}")
        self._chairs: set[str] = set()
        self._seats: dict[int, dict[str, Entity]] = defaultdict(dict)
        self._meant: dict[str, Entity] = {}
        self._known: dict[tuple[str, frozenset[str]], list[tuple[int, Entity]]] = {}

    def _add(self, entity: Entity, role: str) -> None:
        words = frozenset(map(lookup_form, role.split()))
        for word in words:
            self._holders[word].append((entity, words))

    def find_holder(self, paragraph: Paragraph, words: Range, offset: int) -> Entity | None:
        """Return the one person introduced before ``offset`` whose office a phrase names.

        A resolved phrase keeps its meaning when another office shares its words.
        """
        start, end = words
        if paragraph.lower[start] != "the" or end - start < 2:
            return None
        head = head_noun(paragraph, words)
        if paragraph.lower[head] in WORDS["members"] and head + 1 < end:
            return self._find_member(paragraph, (head + 1, end))
        noun = lookup_form(paragraph.tokens[head].text)
        if end - start > _MAX_OFFICE or (noun not in TITLES and noun not in _CHAIR_NOUNS):
            return None
        phrase = paragraph.quote(words).lower()
        title = frozenset(lookup_form(token.text) for token in paragraph.tokens[start + 1 : end]) - DETERMINERS
        holders = [entity for since, entity in self._first_holders(noun, title) if since < offset]
        if len(holders) == 1:
            self._meant[phrase] = holders[0]
        return self._meant.get(phrase) if holders else None

    def _first_holders(self, noun: str, title: frozenset[str]) -> list[tuple[int, Entity]]:
        """Return the first two holders of an office, each with the offset of the first mention."""
        if (noun, title) not in self._known:
            fitting = {
                entity.name: (entity.mentions[0].start if entity.mentions else 0, entity)
                for entity, role in self._holders.get(noun, ())
                if title <= role and role & _OFFICE_MODIFIERS <= title
            }
            self._known[noun, title] = sorted(fitting.values(), key=lambda holder: holder[0])[:2]
        return self._known[noun, title]

    def _find_member(self, paragraph: Paragraph, words: Range) -> Entity | None:
        mentions = self._entities.mentions[paragraph.index]
        places = [mention.entity for mention in mentions if words[0] <= mention.words[0] < words[1]]
        members = self._seats.get(places[0], {}) if places else {}
        return next(iter(members.values())) if len(members) == 1 else None

    def learn(self, paragraph: Paragraph, word: int, subject: Entity | None) -> None:
        """Record an office at "represents Leeds", "is the member for Leeds" or "chairs the committee".

        After a "who" or a comma its holder is the last person before it in the sentence, else the first, else
        the ``subject``.
        """
        mentions = self._entities.mentions[paragraph.index]
        start = paragraph.sentence_range(word)[0]
        before = [
            mention for mention in mentions if start <= mention.words[0] < word and self._is_person(mention.entity)
        ]
        is_close = any(text in ("who", ",") for text in paragraph.lower[max(start, word - 3) : word])
        holder = self._entities[before[-1 if is_close else 0].entity] if before else subject
        if holder is None:
            return
        if paragraph.lower[word] in _CHAIR_VERBS:
            if holder.name not in self._chairs:
                self._chairs.add(holder.name)
                self._known.clear()
                for office in _CHAIR_NOUNS:
                    self._add(holder, office)
            return
        end = word + _MAX_SEAT_DISTANCE
        place = next((mention.entity for mention in mentions if word < mention.words[0] <= end), None)
        if place is not None and not self._is_person(place):
            self._seats[place][holder.name] = holder

    def _is_person(self, index: int) -> bool:
        return self._entities[index].kind == "person"


def head_noun(paragraph: Paragraph, words: Range) -> int:
    """Return the last token of a phrase before its first preposition."""
    return paragraph.find(PREPOSITIONS, words[0] + 1, words[1]) - 1


def find_office_cues(paragraph: Paragraph) -> Iterator[int]:
    """Yield the tokens at which `Offices.learn` can record an office."""
    lower = paragraph.lower
    if _OFFICE_CUES.isdisjoint(lower):
        return
    for word, text in enumerate(lower):
        if text not in _OFFICE_CUES or paragraph.quotation_of[word] is not None:
            continue
        is_seat = lower[word + 1 : word + 2] == ("for",) and (
            text != "member" or (word > 1 and lower[word - 1] == "the" and lower[word - 2] in ("is", "was", ","))
        )
        if is_seat or text not in ("sits", "sat", "member"):
            yield word
