"""Introductions: sources without a name whose name comes after them.

"Two security experts" of the first paragraph are two people named below it; "a Leeds judge" is Judge Ann Hill.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import pairwise, takewhile

from summarizer._files import read_toml
from summarizer.attribution.entities import Entities, Entity, Mention
from summarizer.attribution.lexicon import (
    DOCUMENTS,
    GIVEN_NAMES,
    NATIONALITIES,
    ORGANISATIONS,
    TITLES,
    WORDS,
    classify_noun,
    is_person_noun,
    word_set,
)
from summarizer.attribution.names import lookup_form
from summarizer.attribution.noun_phrases import GOVERNING
from summarizer.attribution.tokens import Paragraph, Place, Range

_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5}
_ROLE_ROWS = (WORDS["experts"], WORDS["doctors"], WORDS["lawyers"])
_LEADING = word_set("director head")  # roles of experts only where something is studied
_CONTRASTS = ("Not everyone", "Not all", "Others ", "Other ", "But ", "However,", "By contrast")
"""Beginnings of a paragraph about people of another opinion."""


def name_counted(
    text: str, paragraphs: Sequence[Paragraph], places: Sequence[Place], holders: Sequence[tuple[Entity, ...]]
) -> list[tuple[Entity, ...]]:
    """Return the holders of statements, with the people named later in the place of "two security experts".

    They are exactly as many, in roles that fit. If more fit, a contrast must come before the others.
    """
    spoken = sorted(zip(places, holders, strict=True), key=lambda each: each[0])
    counted = next((each for each in spoken if len(each[1]) == 1 and _read_count(each[1][0])[0]), None)
    if counted is None:
        return list(holders)
    (index, word), (group,) = counted
    count, row = _read_count(group)
    start = next((span.start for span in paragraphs[index].spans(text, (word, word + 1))), len(text))
    people: dict[str, tuple[Place, Entity]] = {}
    for place, entities in spoken:
        for entity in entities:
            if entity.kind == "person" and entity.mentions and entity.mentions[0].start > start:
                people.setdefault(entity.name, (place, entity))
    introduced = list(people.values())
    fitting = [number for number, (_, person) in enumerate(introduced) if _has_role(person, row)]
    if len(fitting) < count:
        return list(holders)
    meant = tuple(introduced[number][1] for number in fitting[:count])
    if len(fitting) > count:
        last, other = introduced[fitting[count - 1]][0], introduced[fitting[count]][0]
        if not any(each.text.startswith(_CONTRASTS) for each in paragraphs[last[0] + 1 : other[0] + 1]):
            return list(holders)
    return [meant if entities == (group,) else entities for entities in holders]


def _read_count(group: Entity) -> tuple[int, frozenset[str]]:
    """Return how many people a description counts, or 0, and the words of roles that fit its noun."""
    first, *others = group.name.lower().split() or [""]
    if group.kind != "group" or first not in _COUNTS:
        return 0, frozenset()
    words = [lookup_form(word) for word in takewhile(lambda word: word not in GOVERNING, others)]
    noun = words[-1].removesuffix("s") if words and words[-1].endswith("s") else ""
    is_known = is_person_noun(noun) and not {"other", "more"} & set(words)
    return _COUNTS[first] if is_known else 0, next((row for row in _ROLE_ROWS if noun in row), frozenset({noun}))


def _has_role(person: Entity, row: frozenset[str]) -> bool:
    role = {lookup_form(word.strip(",")) for word in (person.role or "").split()}
    around = role.union(map(lookup_form, (person.affiliation or "").split()))
    return bool(role & row - _LEADING) or bool(role & row and around & WORDS["of_research"])


_MAX_LEAD = 2  # in paragraphs of prose: where somebody is described before the name
_MAX_DISTANCE = 4  # in paragraphs: from the description to the name
_LISTS = read_toml(__file__, "languages/en/work.toml")
_SAME_ROLES, _SAME_SOURCES = (list(map(word_set, _LISTS[name])) for name in ("same_roles", "same_sources"))
_NO_INTRODUCTIONS = WORDS["unnamed"] | word_set("aide woman man voter")
_MINISTERS = word_set("minister secretary")


def name_described(
    paragraphs: Sequence[Paragraph], entities: Entities, places: Sequence[Place], holders: Sequence[tuple[Entity, ...]]
) -> dict[str, Entity]:
    """Return the people whom the title or the lead only describes, by description.

    Such a person is named within the next paragraphs, as the only one in the same role, or without a role as the next
    one who speaks: "The mayor is against it. “No,” Ann Day said."
    """
    spoken = sorted(zip(places, holders, strict=True), key=lambda each: each[0])
    prose = [paragraph.index for paragraph in paragraphs if paragraph.kind != "title"][:_MAX_LEAD]
    last = prose[-1] if prose else -1
    found: dict[str, Entity] = {}
    for place, held in zip(places, holders, strict=True):
        for entity in held if place[0] <= last else ():
            noun = _described_role(entity)
            if noun and entity.name.lower() not in found:
                people = list(_find_in_role(entities, noun, place[0], max(place[0], prose[0]) + _MAX_DISTANCE))
                words = {lookup_form(word) for word in entity.name.split()} - {"a", "an", "the"}
                is_one = len(people) == 1 and _has_same_body(entity, people[0])
                is_one = is_one and (not noun.startswith("spokes") or _shares_name(entity, people[0]))
                if is_one and _fits(words, _role_words(people[0]), noun):
                    found[entity.name.lower()] = people[0]
                is_definite = not people and entity.name.lower().startswith(("the ", "its "))
                if person := find_next(paragraphs, entities, place, spoken) if is_definite else None:
                    found[entity.name.lower()] = person
    return found


def find_next(
    paragraphs: Sequence[Paragraph], entities: Entities, place: Place, spoken: Iterable[tuple[Place, Sequence[Entity]]]
) -> Entity | None:
    """Return the first person named in the text if he or she speaks next, without a role."""
    speaker, held = next((each for each in spoken if each[0] > place and each[1]), (place, ()))
    named = (
        ((index, mention.words[0]), entities[mention.entity])
        for index, here in enumerate(entities.mentions)
        for mention in here
        if paragraphs[index].kind != "title" and entities[mention.entity].kind == "person"
    )
    first, person = next(named, (place, None))
    if person is None or first <= place or tuple(held) != (person,) or person.role or person.affiliation:
        return None
    between = paragraphs[place[0] + 1 : speaker[0]]
    return person if " " in person.name and not any(paragraph.text for paragraph in between) else None


_LAWYERS = ("the", "their", "his", "her")


def join_sources(holders: Iterable[Sequence[Entity]], same: Mapping[str, Entity]) -> dict[str, Entity]:
    """Return the bare sources that mean the only other one with their noun, by lower-case name.

    "The researchers" are the authors of the report, and "the campaign" is the only one named. Those that are the
    ``same`` as others do not count.
    """
    sources = {each.name.lower(): each for held in holders for each in held if each.kind != "person" and not each.role}
    words = {name: name.split() for name in sources if name not in same}
    found: dict[str, Entity] = {}
    for row in _SAME_SOURCES:
        nouns = {name: [*takewhile(lambda word: word not in GOVERNING, each)][-1:] for name, each in words.items()}
        fitting = [name for name, noun in nouns.items() if noun and lookup_form(noun[0]) in row]
        opening = _LAWYERS if "lawyers" in row else ("the",)
        bare = [name for name in fitting if words[name][0] in opening and len(words[name]) < 3 + ("narrator" in row)]
        others = [name for name in fitting if name not in bare]
        found |= {name: sources[others[0]] for name in bare if len(others) == 1}
    return found


def as_form(name: str) -> str:
    """Return a description as it stands within a sentence: "the mayor"."""
    return name[0].lower() + name[1:] if name.startswith(("The ", "His ", "Her ", "Their ")) else name


def _described_role(entity: Entity) -> str:
    """Return the role by which somebody unnamed is described, or "": "judge" for "a Leeds judge"."""
    words = [lookup_form(word) for word in entity.name.split()]
    if entity.kind != "unnamed" or entity.role or not WORDS["other_people"].isdisjoint(words):
        return ""
    phrase = [*takewhile(lambda word: word not in GOVERNING, words)]
    noun = phrase[-1] if phrase else ""
    if entity.name.split()[len(phrase) :][:1] and entity.name.split()[len(phrase)][0].isupper():
        return ""  # "Health minister Per Olsen"
    return noun if is_person_noun(noun) and noun not in _NO_INTRODUCTIONS else ""


def _find_in_role(entities: Entities, noun: str, first: int, last: int) -> Iterator[Entity]:
    """Yield the people first named in a range of paragraphs whose role has a noun."""
    found = list(_find_with_role(entities, frozenset({noun}), first, last))
    row = next((row for row in _SAME_ROLES if noun in row), None)
    yield from found or (_find_with_role(entities, row, first, last) if row else ())


def _find_with_role(entities: Entities, nouns: frozenset[str], first: int, last: int) -> Iterator[Entity]:
    seen: set[int] = set()
    for index in range(min(last + 1, len(entities.mentions))):
        for mention in entities.mentions[index]:
            entity = entities[mention.entity]
            is_new = mention.entity not in seen and index >= first
            seen.add(mention.entity)
            if is_new and entity.kind == "person" and not nouns.isdisjoint(_role_words(entity)):
                yield entity


def _fits(words: Set[str], role: Set[str], noun: str) -> bool:
    """Return whether two offices can be the same: "the minister" can be the trade minister, but no former one."""
    is_same = noun not in _MINISTERS or words <= role or role <= words
    return is_same and ("former" in words) == ("former" in role)


def _has_same_body(described: Entity, person: Entity) -> bool:
    """Return whether the places and bodies of a description can be somebody's: "the FSA director", "a Leeds judge"."""
    around = f"{person.role or ''} {person.affiliation or ''}".split()
    given = {lookup_form(word.strip(",")) for word in around}
    named = [word for word in around if word[0].isupper() and lookup_form(word.strip(",")) not in TITLES]
    initials = "".join(word[0].lower() for word in named)
    words = [word for word in described.name.split() if word[0].isupper() and lookup_form(word) not in TITLES]
    left = [word for word in words if lookup_form(word) not in given and word.lower() not in (initials, "a", "the")]
    left = [word for word in left if word != described.name.split()[0] or lookup_form(word) in NATIONALITIES]
    is_body = any(word.isupper() or lookup_form(word) in NATIONALITIES | ORGANISATIONS for word in left)
    is_other_place = not WORDS["places"].isdisjoint(map(str.lower, left)) and not WORDS["places"].isdisjoint(given)
    return not (is_body or is_other_place)


def _shares_name(described: Entity, person: Entity) -> bool:
    """Return whether a description and somebody's role name the same body: "a Treasury spokesman"."""
    given = f"{person.role or ''} {person.affiliation or ''}".split()
    return any(word in given for word in described.name.split()[1:] if word[0].isupper())


def _role_words(person: Entity) -> frozenset[str]:
    return frozenset([lookup_form(word.strip(",")) for word in (person.role or "").split()])


def find_title_names(paragraphs: Sequence[Paragraph]) -> dict[str, str]:
    """Return the people whom the title names by given name and surname, by surname in lower case."""
    names = {}
    for paragraph in paragraphs:
        tokens = paragraph.tokens if paragraph.kind == "title" else ()
        before = ["", *(token.text for token in tokens)]
        for preposition, (one, other) in zip(before, pairwise(tokens), strict=False):
            is_given = one.lower in GIVEN_NAMES or (preposition == "with" and one.text.isalpha())
            if is_given and one.is_capitalised and other.text.isalpha() and other.is_capitalised:
                names[other.lower] = f"{one.text} {other.text}"
    return names


def find_interviewee(
    paragraphs: Sequence[Paragraph], entities: Entities, first_turn: int, title_names: Mapping[str, str], author: str
) -> Entity | None:
    """Return the one person whom the title names, else the person named most before the first question.

    If nobody is named there, a note at the end may name the one. The author, whose name can be in the standfirst, is
    not the one.
    """
    if len(title_names) == 1:
        (name,) = title_names.values()
        return entities.find(name) or Entity(name, "person")

    def count(indexes: Iterable[int]) -> Counter[int]:
        return Counter(
            mention.entity
            for index in indexes
            for mention in entities.mentions[index]
            if is_surely_person(entities[mention.entity]) and entities[mention.entity].name.casefold() not in author
            and paragraphs[index].lower[mention.words[0] - 1] != "by"
        )  # fmt: skip

    first = min(first_turn, len(paragraphs))
    counted = count(range(first)) or count(range(max(first, len(paragraphs) - 1), len(paragraphs)))
    in_title = {word for paragraph in paragraphs[:first_turn] if paragraph.kind == "title" for word in paragraph.lower}
    named = [entity for entity in counted if lookup_form(entities[entity].name.split()[-1]) in in_title]
    if len(named) == 1:
        return entities[named[0]]
    ranked = counted.most_common(2)
    is_clear = len({count for _, count in ranked}) == len(ranked) > 0
    return entities[ranked[0][0]] if is_clear else None


_OWNERS = word_set("his her")
_TO_OWNERS = word_set("of to for")


def find_owner(paragraph: Paragraph, words: Range, mentions: Sequence[Mention]) -> tuple[Mention | Range | str, str]:
    """Return who owns the source that a phrase names, as a name, a description or a pronoun, and its noun.

    The phrase is like "Ms Hill's campaign", "her campaign", "the Hill campaign", "Hill aides" or "aides to Ms Hill".
    The owner is "" if there is none.
    """
    (start, end), lower = words, paragraph.lower
    noun = lower[end - 1]
    first = start + (lower[start] in (("the", "a", "an") if noun in DOCUMENTS else ("the",)) and end - start > 1)
    mention = next((each for each in mentions if first <= each.words[0] < end), None)
    if mention is not None and mention.words[1] == end and mention.words[0] == first + 2:
        return (mention, lower[first]) if lower[first + 1] in _TO_OWNERS else ("", "")
    last = mention.words[1] if mention is not None and mention.words[0] == first else first
    owns = last > first and (paragraph.tokens[last - 1].owns or lower[last] == "'")
    if last == first and lower[start] in _OWNERS:
        mention, last = None, start + 1
    last += lower[last : last + 1] == ("'",)
    if lower[start] == "the" and paragraph.tokens[end - 2].owns and mention is None:
        return (start, end - 1), noun  # "the senator's campaign"
    if not set(lower[last : end - 1]) <= WORDS["before_campaign"] or last >= end:
        return "", ""
    if last > first and mention is not None:
        is_many = noun in DOCUMENTS or classify_noun(noun) == "body" or noun.endswith("s")
        return (mention, noun) if owns or is_many else ("", "")
    return (lower[start], noun) if lower[start] in _OWNERS and end - start > 1 else ("", "")


def is_surely_person(entity: Entity) -> bool:
    """Return whether a title, a role or a second word shows that a name is a person's."""
    has_title = any(lookup_form(form.split()[0]) in TITLES for form in entity.aliases if form.split()[1:])
    return entity.kind == "person" and (has_title or bool(entity.role) or len(entity.name.split()) > 1)
