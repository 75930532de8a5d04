"""The cast: the people and bodies that an article names, all the mentions of each taken together."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from summarizer.article import Reading
from summarizer.attribution.attribution import Entity
from summarizer.attribution.kinds import kind_of, sex_told
from summarizer.attribution.namebook import Sex, namebook
from summarizer.attribution.names import Name, bare, joined, names
from summarizer.attribution.passages import Passage, Range, passages
from summarizer.attribution.roles import role_after, role_before
from summarizer.spans import Span


class Mention(NamedTuple):
    """One place in the article where an entity is named."""

    passage: int
    words: Range
    entity: int
    """The index of the entity in the cast."""


@dataclass(frozen=True, slots=True)
class Entities:
    """The people and bodies named in an article."""

    members: tuple[Entity, ...]
    """In order of appearance."""
    sexes: tuple[Sex, ...]
    """Of each entity: "m", "f", or "" where nothing in the article tells."""
    mentions: tuple[tuple[Mention, ...], ...]
    """For each passage, in order."""
    _by_word: dict[str, tuple[int, ...]] = field(repr=False)

    def __iter__(self) -> Iterator[Entity]:
        return iter(self.members)

    def find(self, name: str) -> Entity | None:
        """The entity meant by a name such as "Mr Logan" or "Logan"; none where nobody or more than one fits."""
        fitting = self.fitting(name)
        return self.members[fitting[0]] if len(fitting) == 1 else None

    def fitting(self, name: str) -> tuple[int, ...]:
        """The indexes of all the entities that a name can mean: its words are among theirs, its title fits."""
        book = namebook()
        words = [bare(word) for word in name.replace(",", " ").split()]
        titles = [word for word in words if word in book.titles]
        key = [word for word in words if word not in book.titles and word != "the"] or words
        found = set(self._by_word.get(key[-1], ())) if key else set()
        for word in key[:-1]:
            found &= set(self._by_word.get(word, ()))
        sex = next((book.titles[title] for title in titles if book.titles[title]), "")
        fitting = [index for index in sorted(found) if not sex or self.sexes[index] in ("", sex)]
        exact = [index for index in fitting if self.members[index].name.lower() == " ".join(key)]
        return tuple(exact if len(exact) == 1 and len(key) > 1 else fitting)


def cast(reading: Reading) -> Entities:
    """The people and bodies that an article names, in order of appearance."""
    return assemble(reading, passages(reading))


def assemble(reading: Reading, paragraphs: Sequence[Passage]) -> Entities:
    """`cast`, of the passages of the reading."""
    found = names(paragraphs, joined(reading.article.text))
    every = [(index, name) for index, here in enumerate(found) for name in here]
    groups = _groups(paragraphs, every)
    members: dict[int, list[tuple[int, Name]]] = defaultdict(list)
    for (index, name), group in zip(every, groups, strict=True):
        members[group].append((index, name))
    order = {group: number for number, group in enumerate(members)}
    mentions: list[list[Mention]] = [[] for _ in paragraphs]
    for (index, name), group in zip(every, groups, strict=True):
        mentions[index].append(Mention(index, name.whole, order[group]))
    by_word: dict[str, dict[int, None]] = defaultdict(dict)
    for group, cluster in members.items():
        for _, name in cluster:
            for word in name.key:
                by_word[word][order[group]] = None
    entities = tuple(_actor(reading, paragraphs, cluster) for cluster in members.values())
    return Entities(
        entities,
        tuple(
            _sex(paragraphs, cluster) if entity.kind == "person" else ""
            for entity, cluster in zip(entities, members.values(), strict=True)
        ),
        tuple(map(tuple, mentions)),
        {word: tuple(indexes) for word, indexes in by_word.items()},
    )


def _groups(paragraphs: Sequence[Passage], every: Sequence[tuple[int, Name]]) -> list[int]:
    """For each name, the number of its group: of the first name that means the same entity."""
    full: dict[tuple[str, ...], int] = {}
    variants: dict[tuple[str, str], int] = {}
    fulls: dict[int, list[tuple[int, Name]]] = defaultdict(list)
    for number, (index, name) in enumerate(every):
        if len(name.key) < 2:
            continue
        variant = (name.key[0], name.key[-1][:5]) if len(name.key[-1]) > 5 else (name.key[0], name.key[-1])
        fulls[full.setdefault(name.key, variants.setdefault(variant, number))].append((index, name))
    surnames: dict[str, dict[int, None]] = defaultdict(dict)
    for key, group in full.items():
        surnames[key[-1]][group] = None
    sexes: dict[int, Sex] = {}
    weighed: set[str] = set()
    nobody: set[tuple[str, Sex]] = set()
    groups: list[int] = []
    single: dict[str, int] = {}
    latest: dict[str, int] = {}
    for number, (_, name) in enumerate(every):
        if len(name.key) > 1:
            groups.append(full[name.key])
            latest[name.key[-1]] = full[name.key]
            continue
        word = name.key[0]
        known = surnames.get(word, {})
        if name.sex:
            for group in known if word not in weighed else ():
                sexes.setdefault(group, _sex(paragraphs, fulls[group]))
            weighed.add(word)
        meant = None if (word, name.sex) in nobody else _meant(name, known, latest.get(word), sexes, fulls)
        if meant is None:
            nobody.add((word, name.sex))
            groups.append(single.setdefault(word, number))
            continue
        groups.append(meant)
        if name.titled_sex and sexes.get(meant) != name.titled_sex:
            sexes[meant] = name.titled_sex
            nobody.clear()
    return groups


def _meant(
    name: Name,
    known: Mapping[int, None],
    latest: int | None,
    sexes: Mapping[int, Sex],
    fulls: Mapping[int, Sequence[tuple[int, Name]]],
) -> int | None:
    """Of the groups with a surname, the latest that a title and that surname can mean, else the first; or none.

    They can mean who is of the title's sex, or of none known. No list is made of the groups, which can be many.
    """
    if not known:
        return None
    sure = name.sex and not (len(known) == 1 and not any(each.titled_sex for _, each in fulls[next(iter(known))]))
    if not sure:  # a given name can mislead
        return latest if latest is not None and latest in known else next(iter(known))
    for sex in (name.sex, ""):
        if latest is not None and latest in known and sexes[latest] == sex:
            return latest
        first = next((group for group in known if sexes[group] == sex), None)
        if first is not None:
            return first
    return None


_READ = 30
"""How many mentions of a name are read for what it is, and for the sex of its bearer."""


def _sex(paragraphs: Sequence[Passage], cluster: Sequence[tuple[int, Name]]) -> Sex:
    """What titles say, else the given name, else the pronouns in the sentences of the name."""
    said = [name.titled_sex for _, name in cluster if name.titled_sex] or [name.sex for _, name in cluster if name.sex]
    if not said and len(cluster[0][1].key) > 1 and kind_of(cluster[0][1].key, ()) == "person":
        said = [sex for at, name in cluster[:_READ] if (sex := sex_told(paragraphs[at], name))]
    if not said:
        return ""
    return "m" if said.count("m") * 2 > len(said) or (said.count("m") * 2 == len(said) and said[0] == "m") else "f"


def _actor(reading: Reading, paragraphs: Sequence[Passage], cluster: Sequence[tuple[int, Name]]) -> Entity:
    """One entity out of all its mentions."""
    index, fullest = cluster[0] if len(cluster) == 1 else _fullest(paragraphs, cluster)
    name = _plain(paragraphs[index].quote(fullest.core))
    kind = kind_of(fullest.key, [(paragraphs[at], each) for at, each in cluster[:_READ]])
    if kind == "person" and name.isupper() and _is_full(fullest):
        name = name.title()
    role, affiliation = _role(paragraphs, cluster) if kind == "person" else (None, None)
    forms = dict.fromkeys(_plain(paragraphs[at].quote(each.whole)) for at, each in cluster)
    spans = [span for at, each in cluster for span in _spans(reading, paragraphs[at], each.whole)]
    return Entity(name, kind, role, affiliation, tuple(form for form in forms if form != name), tuple(spans))


def _fullest(paragraphs: Sequence[Passage], cluster: Sequence[tuple[int, Name]]) -> tuple[int, Name]:
    """The longest form of a name; of several the most frequent, and rather one that is not in capitals."""
    longest = max(len(name.key) for _, name in cluster)
    forms = [each for each in cluster if len(each[1].key) == longest]
    spelled = Counter(name.key for _, name in forms)
    return max(forms, key=lambda each: (spelled[each[1].key], not _shouted(paragraphs, each)))


def _shouted(paragraphs: Sequence[Passage], name: tuple[int, Name]) -> bool:
    """Whether a name stands in capitals, as the label of a speaker does."""
    return paragraphs[name[0]].quote(name[1].core).isupper()


def _is_full(name: Name) -> bool:
    """Whether a name in capitals is surely a person's, no "ABCD"."""
    return name.key[0] in namebook().given


def _spans(reading: Reading, passage: Passage, words: Range) -> list[Span]:
    spans = list(passage.spans(reading.article.text, words))
    if spans and passage.lower[words[1] - 1].endswith("'s"):
        spans[-1] = Span(spans[-1].start, spans[-1].end - 2)
    return spans


def _plain(name: str) -> str:
    return name[:-2] if name.endswith(("'s", "’s")) else name


def _role(paragraphs: Sequence[Passage], cluster: Sequence[tuple[int, Name]]) -> tuple[str | None, str | None]:
    """The first role in an apposition, else the longest before a name, else none."""
    for index, name in cluster:
        role, affiliation = role_after(paragraphs[index], name)
        if role:
            return role, affiliation
    before = [role_before(paragraphs[index], name) for index, name in cluster]
    return max(before, key=lambda role: len(role[0] or ""))
