"""Descriptions: whom "the minister", "the member for Leeds", "the network" or "the 54-year-old" means."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import chain, compress, islice, pairwise

from summarizer.attribution.entities import Entities, Entity
from summarizer.attribution.lexicon import (
    DETERMINERS,
    DOCUMENTS,
    GOVERNMENTS,
    NATIONALITIES,
    ORGANISATIONS,
    TITLES,
    WORDS,
    classify_noun,
    is_person_noun,
    word_set,
)
from summarizer.attribution.name_kinds import MAX_MENTIONS_READ
from summarizer.attribution.names import lookup_form
from summarizer.attribution.speakers import find_head
from summarizer.attribution.tokens import Paragraph, Place, Range

_MAX_OFFICE = 7  # in tokens


class Offices:
    """The holders of offices, as far as the article has introduced them."""

    def __init__(self, entities: Entities) -> None:
        self._holders: dict[str, list[tuple[Entity, frozenset[str]]]] = defaultdict(list)
        for entity in entities:
            if entity.kind == "person" and entity.role:
                role = frozenset(map(lookup_form, f"{entity.role} {entity.affiliation or ''}".split()))
                role = role.union(*(_TITLE_NOUNS.get(word, ()) for word in role))
                for word in role:
                    self._holders[word].append((entity, role))
        self._meant: dict[str, Entity] = {}
        self._known: dict[tuple[str, frozenset[str]], list[tuple[int, Entity]]] = {}

    def find_holder(self, paragraph: Paragraph, words: Range, offset: int) -> Entity | None:
        """Return the one person introduced before ``offset`` whose office a phrase names.

        A resolved phrase keeps its meaning when another office shares its words.
        """
        start, end = words
        is_definite = paragraph.lower[start] == "the"
        if end - start < 1 + is_definite or not (is_definite or lookup_form(paragraph.lower[start]) in TITLES):
            return None
        noun = lookup_form(paragraph.tokens[find_head(paragraph, words)].text)
        if end - start > _MAX_OFFICE or noun not in TITLES:
            return None
        phrase = paragraph.quote(words).lower()
        words_read = paragraph.tokens[start + is_definite : end]
        title = frozenset(lookup_form(token.text) for token in words_read) - DETERMINERS
        holders = [entity for since, entity in self._first_holders(noun, title) if since < offset]
        if len(holders) == 1:
            self._meant[phrase] = holders[0]
        return self._meant.get(phrase) if holders else None

    def _first_holders(self, noun: str, title: frozenset[str]) -> list[tuple[int, Entity]]:
        """Return the first two holders of an office, each with the offset of the first mention."""
        if (noun, title) not in self._known:
            holders = self._holders.get(noun, ())
            holders = [holder for holder in holders if holder[1] == title] or holders  # not a bank's president
            fitting = {
                entity.name: (entity.mentions[0].start if entity.mentions else 0, entity)
                for entity, role in holders
                if title <= role and role & WORDS["office_modifiers"] <= title
            }
            self._known[noun, title] = sorted(fitting.values(), key=lambda holder: holder[0])[:2]
        return self._known[noun, title]


_DEFINITE = word_set("the this that")
_TITLE_NOUNS = {
    "sen": ("senator",), "rep": ("congressman", "congresswoman"), "gov": ("governor",), "pres": ("president",),
    "dr": ("doctor",), "prof": ("professor",), "gen": ("general",), "sgt": ("sergeant",),
}  # fmt: skip
_BODY_NOUNS = [WORDS[row] for row in ("broadcasters", "publications", "companies")]
_ANY_BODY = WORDS["organisations_of_any_kind"]
_PUBLIC_BODIES = (WORDS["own_names"] | WORDS["public_bodies"]) - WORDS["companies"]
"""Words in the names of bodies that are no companies."""
_OWN_NOUNS = WORDS["own_names"] | WORDS["last_of_body"]
"""Nouns that mean only a body with this word in its name: "the dairy" for Delmore Dairy."""
_MAX_MENTIONS = 40  # how many names of a paragraph are compared
_PLACES = GOVERNMENTS | NATIONALITIES
_PARTIES = word_set("republican democratic democrat conservative labour")
_PARTY_NAMES = {"gop": "republican"}
_PLACE_WORDS = frozenset(chain.from_iterable(map(str.split, WORDS["places"] | NATIONALITIES))) - _PARTIES
_OF_EITHER_SEX = word_set("spokesman chairman")
_MAX_PARAGRAPHS = 3  # from "a new poll" to the same with its name
_MIN_ACRONYM, _MAX_ACRONYM = 3, 5  # in letters
_SAME_DOCUMENTS = [
    word_set("survey poll"), word_set("ad advert advertisement commercial spot video clip"),
    word_set("lawsuit suit complaint"), word_set("report study"), word_set("statement release"), word_set("tweet post"),
]  # fmt: skip
_PARTY_NOUNS = word_set("republican democrat conservative")
_MAX_KNOWN = 6  # people in the same office
_ALL = 1_000_000  # more than the tokens of a paragraph
_MAX_APPOSITION = 8  # in tokens: the description of a body before or after its name


class Descriptions:
    """The descriptions by which an article calls the people and bodies that it has named."""

    def __init__(self, paragraphs: Sequence[Paragraph], entities: Entities) -> None:
        self._described: dict[str, dict[int, Place]] = defaultdict(dict)
        """By noun: the entities that it describes, each with the first place where the article does so."""
        self._seats: dict[int, set[str]] = defaultdict(set)
        """The words of the place beside a person: "vermont" of "Sen. Tom Hill of Vermont", "i-vt." of "(I-Vt.)"."""
        read = [0] * len(entities.members)
        for paragraph, mentions in zip(paragraphs, entities.mentions, strict=True):
            for words, index in mentions:
                read[index] += 1
                if read[index] <= MAX_MENTIONS_READ:
                    entity = entities.members[index]
                    if entity.kind == "person" and (seat := _read_seat(paragraph.lower[words[1] : words[1] + 3])):
                        self._seats[index].update(seat)
                    nouns = _find_descriptions(paragraph, words, entity)
                    for noun in chain(_own_nouns(entity), nouns) if read[index] == 1 else nouns:
                        self._described[noun].setdefault(index, (paragraph.index, words[0]))
        self._paragraphs, self._entities = paragraphs, entities
        self._sexes = {entity.name: sex for entity, sex in zip(entities, entities.sexes, strict=True)}
        self._introduced: dict[str, dict[str, Entity]] = defaultdict(dict)
        self._introduced_at: dict[str, int] = {}
        self.same: dict[str, Entity] = {}
        """The documents that are the same as others, by name."""
        self._meant: dict[frozenset[str], Entity] = {}
        """People by the names and the noun of a description: "the Leeds senator"."""

    def describe(self, noun: str, entity: Entity, place: Place) -> None:
        """Record that a noun describes a named entity: "her lawyer, Tom Day," is later "the lawyer"."""
        for index in self._entities.find_all(entity.name)[:1]:
            self._described[noun].setdefault(index, place)

    def introduce(self, noun: str, entity: Entity, index: int) -> None:
        """Record a source without a name in a paragraph: "a police officer" is later "the officer".

        After "a new poll", the next one is the same: "a poll by Gale University".
        """
        if entity.name.lower() in self.same:
            return
        for name, earlier in list(self._introduced[noun].items()) if entity.kind == "document" else ():
            if name != entity.name.lower() and self._is_same_document(earlier, entity, index):
                self.same[name] = entity
                del self._introduced[noun][name]
        self._introduced_at[entity.name.lower()] = index
        self._introduced[noun].pop(entity.name.lower(), None)
        self._introduced[noun][entity.name.lower()] = entity

    def _is_same_document(self, earlier: Entity, later: Entity, index: int) -> bool:
        """Return whether an unnamed document is the next named one: "a new poll" is "a poll by Gale University"."""
        words = frozenset(map(lookup_form, later.name.split()))
        is_near = index - self._introduced_at[earlier.name.lower()] <= _MAX_PARAGRAPHS
        introducing = WORDS["introducing"]
        is_new = introducing.union(DOCUMENTS).issuperset(map(lookup_form, earlier.name.split()))
        is_other = not WORDS["of_another"].isdisjoint(words - introducing) or any(word[0].isdigit() for word in words)
        is_one = earlier.kind == "document" and not earlier.name.endswith("s")
        return is_one and is_near and is_new and not is_other

    def find(self, paragraph: Paragraph, words: Range, salient: Sequence[tuple[Place, Entity]]) -> Entity | None:
        """Return the one entity that a definite phrase describes.

        Args:
            paragraph: The paragraph of the phrase.
            words: The phrase, without appositions.
            salient: The speakers and subjects shortly before it, the last first.
        """
        start, head = words[0], find_head(paragraph, words)
        noun = noun_of(paragraph, words)
        kind = "body" if noun in _OWN_NOUNS else classify_noun(lookup_form(paragraph.tokens[head].text))
        owner = next((word for word in range(start, head) if paragraph.tokens[word].owns), None)
        if paragraph.lower[start] not in _DEFINITE and owner is None:
            return None
        owned_by = "" if owner is None else " ".join(map(lookup_form, paragraph.lower[start : owner + 1]))
        if owner is not None and not (kind == "body" and owned_by in _PLACES):
            return None  # "Mr Hill's company" is one of several
        place = (paragraph.index, start)
        capitals = [
            token.text for token in paragraph.tokens[start + 1 : words[1]] if token.is_capitalised and not token.is_day
        ]
        named, modifiers = _read_names(capitals), paragraph.lower[start:head]
        if not WORDS["of_another"].isdisjoint([token.text for token in paragraph.tokens[start:head]]):
            return self._find_introduced(noun, named, place[0], modifiers)
        if kind == "body":
            return self._find_body(noun, place, salient, named)
        words_meant = frozenset([noun, *map(lookup_form, capitals)])
        if meant := self._meant.get(words_meant):
            return meant
        if named and WORDS["places"].issuperset({" ".join(map(lookup_form, capitals))}):
            described = self._described.get(noun, {}).items()
            seated = [index for index, since in described if since < place and named <= self._seats[index]]
            if len(seated) == 1:
                return self._entities[seated[0]]
        return self._find_by_person(paragraph, (start, head), capitals, salient)

    def _find_by_person(
        self, paragraph: Paragraph, words: Range, capitals: Sequence[str], salient: Sequence[tuple[Place, Entity]]
    ) -> Entity | None:
        """Return the one person whom a phrase up to its head describes; ``capitals`` are its names."""
        (start, head), place, named = words, (paragraph.index, words[0]), _read_names(capitals)
        noun = noun_of(paragraph, (start, head + 1))
        modifiers = WORDS["office_modifiers"].intersection(paragraph.lower[start:head])
        words_meant = frozenset([noun, *map(lookup_form, capitals)])
        age = lookup_form(paragraph.lower[head]) if noun == "year-old" else noun
        known = [entity for entity in self._find_known(age, place) if entity.kind == "person"]
        fitting = [
            entity for entity in known
            if _fits(entity, noun, named, modifiers) and not self._is_other(entity, noun, named, modifiers)
        ]  # fmt: skip
        exact = [entity for entity in fitting if named and named <= _words_of_role(entity)]
        known, fitting = (exact, exact) if len(exact) == 1 else (known, fitting)  # "the Ohio senator" of several
        if fitting and len(known) > 1:
            return None
        if fitting and self._has_names(fitting[0], noun, named):
            return fitting[0]
        if introduced := self._find_introduced(noun, named, place[0], paragraph.lower[start:head]):
            return introduced
        is_person = noun in WORDS["later_nouns"] or ("former" in modifiers and noun in TITLES)
        if noun in self._introduced or not ((is_person and classify_noun(noun) == "person") or noun in NATIONALITIES):
            return None
        is_other = [entity not in fitting and noun not in _PARTY_NOUNS for entity in known]
        others = frozenset([entity.name for entity in compress(known, is_other)])
        person = self._find_in_focus(paragraph, start, noun, salient, others)
        if not (person or known):
            person = self._find_person(paragraph, start, noun, salient, is_named=bool(named))
        acronyms = [name for name in capitals if len(name) >= _MIN_ACRONYM and name.isupper()]
        is_of_body = person is not None and not _read_names(acronyms) - WORDS["no_acronyms"] <= _words_of_role(person)
        is_fitting = not is_of_body and fitting[:1] in ([], [person])  # "the FSA director" is of the FSA
        if person is None or not is_fitting or self._is_other(person, noun, named, modifiers):
            return None
        if named - {noun}:
            self._meant[words_meant] = person
        return person

    def _words_given(self, person: Entity) -> frozenset[str]:
        """Return the words of somebody's role, affiliation and place in lower case."""
        places = (self._seats.get(index, ()) for index in self._entities.find_all(person.name)[:1])
        return _words_of_role(person).union(*places)

    def _has_names(self, person: Entity, noun: str, named: Set[str]) -> bool:
        """Return whether the article gives somebody the names of a description: the state, the body, the party."""
        given = self._words_given(person)
        left = named - {noun} - given
        if given & named - {noun} and given.isdisjoint(_PARTIES):
            left -= _PARTIES  # "the Senate Democratic leader" is the Senate minority leader
        return not left or all(any(_shortens(seat, word) for seat in given if "-" in seat) for word in left)

    def _is_other(self, person: Entity, noun: str, named: Set[str], modifiers: Set[str]) -> bool:
        """Return whether a description contradicts what the article says of somebody: sex, party, place or office."""
        sex = "f" if noun.endswith("woman") or noun in WORDS["women"] else "m" if noun.endswith("man") else ""
        is_other_sex = sex and noun not in _OF_EITHER_SEX and self._sexes.get(person.name, "") not in ("", sex)
        if is_other_sex or _is_past_office(person, noun, modifiers):
            return True
        role, left = self._words_given(person), named - {noun}
        if not left or self._has_names(person, noun, named):
            return False
        if left & _PARTIES - role and role & _PARTIES - left:
            return True
        if not left.isdisjoint(ORGANISATIONS) or (left & _PLACE_WORDS and role & _PLACE_WORDS):
            return True
        others = (self._entities[index] for index in self._described.get(noun, ()))
        return any(other is not person and self._has_names(other, noun, named) for other in others)

    def _find_in_focus(
        self, paragraph: Paragraph, word: int, noun: str, salient: Sequence[tuple[Place, Entity]], others: Set[str]
    ) -> Entity | None:
        """Return the person whom the sentence before is about, if it names nobody else as important.

        Nobody whom the sentence of the description names is meant, and none of ``others``.
        """
        index, (start, end) = paragraph.index, paragraph.sentence(word)
        if start:
            last, since = index, paragraph.sentence(start - 1)[0]
        else:
            last, since = index - 1, 0
        here = {entity.name for _, entity in self._people(index, (start, end))}
        before = [each for each in salient if (last, since) <= each[0] < (index, start)]
        subjects = {entity.name: entity for place, entity in before if not self._is_governed(place)}
        named = list(self._people(last, (since, start or _ALL)))
        is_subject = [
            not (self._is_governed((last, words[0])) or self._paragraphs[last].tokens[words[1] - 1].owns)
            for words, _ in named
        ]
        people = subjects | {entity.name: entity for _, entity in compress(named, is_subject)}
        people = {
            name: entity for name, entity in people.items()
            if entity.kind == "person" and name not in here | others and not _has_other_role(entity, noun)
        }  # fmt: skip
        leading = [entity for name, entity in people.items() if name in subjects]
        if not leading and start and here:
            left = {entity.name: entity for _, entity in named if entity.name not in here}
            return next(iter(left.values())) if len(left) == 1 and others.isdisjoint(left) else None
        if len(leading) != 1:
            return None
        rivals = (len(entity.mentions) for entity in people.values() if entity is not leading[0])
        is_introduced = start > 0 and paragraph.quotation_at(start) is not None  # "Hill objected. “…,” the mayor said"
        return leading[0] if is_introduced or len(leading[0].mentions) > max(rivals, default=0) else None

    def _is_governed(self, place: Place) -> bool:
        """Return whether a name follows a preposition, and is not a subject."""
        index, word = place
        before = self._paragraphs[index].tokens[word - 1] if word else None
        return before is not None and (before.is_preposition or before.lower == "to")

    def _people(self, index: int, words: Range) -> Iterator[tuple[Range, Entity]]:
        """Yield the people whom a paragraph names in a range, outside quotations; at most the last few."""
        mentions = self._entities.mentions[index] if index >= 0 else ()
        last = bisect_left(mentions, ((words[1], 0), 0))
        for whole, number in mentions[max(0, last - _MAX_MENTIONS) : last]:
            is_quoted = self._paragraphs[index].quotation_at(whole[0]) is not None
            if whole[0] >= words[0] and self._entities[number].kind == "person" and not is_quoted:
                yield whole, self._entities[number]

    def _find_person(
        self, paragraph: Paragraph, word: int, noun: str, salient: Iterable[tuple[Place, Entity]], *, is_named: bool
    ) -> Entity | None:
        """Return the person whom the sentences before are about: the only one, or named much more than the others."""
        sentence = paragraph.index, paragraph.sentence_range(word)[0]
        people = {
            entity.name: entity for place, entity in salient
            if place < sentence and entity.kind == "person" and not (is_named and self._is_governed(place))
        }  # fmt: skip
        subjects = frozenset(people)
        here = set[str]()
        for index in range(max(0, paragraph.index - 1), paragraph.index + 1):
            for mention in self._entities.mentions[index][-_MAX_MENTIONS:]:
                entity, place = self._entities[mention.entity], (index, mention.words[0])
                if entity.kind == "person" and place < sentence:
                    people[entity.name] = entity
                elif entity.kind == "person" and place < (paragraph.index, word):
                    here.add(entity.name)
        after = (word, paragraph.sentence(word)[1])
        if not people or paragraph.lower[word - 1] == "and" or any(
            entity.name in people for _, entity in self._people(paragraph.index, after)
        ):  # fmt: skip
            return None
        first, *others = sorted(people.values(), key=lambda entity: -len(entity.mentions))[:2]
        if _has_other_role(first, noun):
            return None
        is_clear = (first.name in subjects or not is_named) and here <= {first.name}
        is_clear = is_clear and all(len(first.mentions) >= 2 * len(other.mentions) for other in others)
        return first if is_clear else None

    def _find_synonyms(self, noun: str, index: int) -> dict[str, Entity]:
        """Return the documents introduced shortly before under another noun: "the clip" for "a web video"."""
        rows = [row for row in _SAME_DOCUMENTS if noun in row]
        first = index - _MAX_PARAGRAPHS
        return {
            name: entity for row in rows for other in sorted(row) for name, entity in self._introduced[other].items()
            if self._introduced_at[name] >= first
        }  # fmt: skip

    def _find_introduced(self, noun: str, named: Set[str], index: int, modifiers: Iterable[str] = ()) -> Entity | None:
        """Return the only source without a name that a noun has introduced, if its words include all of a phrase."""
        introduced = self._introduced.get(noun, {}) or self._find_synonyms(noun, index)
        is_known = len(introduced) == 1 or (introduced and noun.startswith("spokes"))
        entity = next(reversed(introduced.values())) if is_known else None
        if entity is None or _is_other_office(entity, modifiers):
            return None
        words = [lookup_form(word) for word in entity.name.split()]
        initials = "".join(word[0] for word in words)  # "the FSA report" is "a report from the Food Safety Agency"
        return entity if all(1 < len(w) <= _MAX_ACRONYM and w in initials for w in named - {*words}) else None

    def _find_known(self, noun: str, place: Place) -> list[Entity]:
        """Return the first entities that a noun describes before a place."""
        described = islice(self._described.get(noun, {}).items(), _MAX_KNOWN)
        return [self._entities[index] for index, since in described if since < place]

    def _find_body(
        self, noun: str, place: Place, salient: Iterable[tuple[Place, Entity]], named: frozenset[str]
    ) -> Entity | None:
        nouns = frozenset().union({noun}, *(row for row in _BODY_NOUNS if noun in row))
        if len(nouns) == 1 and noun not in _ANY_BODY | _OWN_NOUNS:
            return self._find_introduced(noun, named, place[0])
        for fitting in ({noun}, nouns):
            known = {entity.name: entity for each in sorted(fitting) for entity in self._find_known(each, place)}
            if known:
                body = next(iter(known.values()))
                return body if len(known) == 1 and named <= {*map(lookup_form, body.name.split())} else None
            if noun in self._introduced:
                return self._find_introduced(noun, named, place[0])
        bodies = [entity for _, entity in salient if entity.kind == "organisation"]
        if noun in WORDS["publications"]:
            nouns |= WORDS["papers"]
            bodies.sort(key=lambda body: lookup_form(body.name.split()[-1]) not in WORDS["papers"])
        fitting_body = next((body for body in bodies if not _is_other_body(body, noun, nouns)), None)
        has_names = fitting_body and named - _PLACES <= {*map(lookup_form, fitting_body.name.split())}
        return fitting_body if has_names else None


def _words_of_role(person: Entity) -> frozenset[str]:
    """Return the words of somebody's role and affiliation in lower case."""
    return _read_names([word.strip(",") for word in f"{person.role or ''} {person.affiliation or ''}".split()])


def _read_seat(following: Sequence[str]) -> list[str]:
    """Return the words for a place after a name: "of Vermont", "(I-Vt.)"."""
    if following[:1] in (("of",), ("from",)):
        return [lookup_form(word) for word in following[1:]]
    return [word for word in following if word[1:2] == "-" and len(word) > 2]


def _shortens(seat: str, place: str) -> bool:
    """Return whether letters after a party mean a place: "r-fla." for Florida, "i-vt." for Vermont."""
    letters = iter(place)
    short = seat.partition("-")[2].rstrip(".")
    return place[0] == short[:1] and all(letter in letters for letter in short)


def _read_names(words: Iterable[str]) -> frozenset[str]:
    """Return words in lower case, with one name for each party."""
    return frozenset([_PARTY_NAMES.get(form, form) for form in map(lookup_form, words)])


def _is_past_office(person: Entity, noun: str, modifiers: Set[str]) -> bool:
    """Return whether somebody's only office is past: "the governor" is not a former governor."""
    role = (person.role or "").lower()
    is_former = role.startswith(("former ", "ex-")) and " and " not in role
    return is_former and "former" not in modifiers and noun in TITLES and noun in _own_nouns(person)


def _fits(person: Entity, noun: str, named: Set[str], modifiers: Set[str]) -> bool:
    """Return whether somebody can be meant by the modifiers of a description: "the former Russian president"."""
    role = _words_of_role(person)
    words = named if noun in _PARTY_NOUNS and named - {noun} else named & _PLACES - _PARTIES
    return words | modifiers <= role  # "the Ohio Republican" is not any Republican


def _is_other_office(source: Entity, modifiers: Iterable[str]) -> bool:
    """Return whether a source without a name holds another office: "the prime minister", "the finance minister"."""
    ours, theirs = (
        WORDS["portfolios"].intersection(modifiers),
        WORDS["portfolios"].intersection(source.name.lower().split()),
    )
    return bool(ours and theirs) and not (ours <= theirs or theirs <= ours)


def _has_other_role(person: Entity, noun: str) -> bool:
    """Return whether somebody has an occupation that a noun does not describe: a spokesman is no "senator"."""
    role = {lookup_form(word.strip(",")) for word in (person.role or "").split()}
    is_other_office = noun not in WORDS["later_nouns"] and not role.isdisjoint(TITLES)
    return noun not in role and (is_other_office or not WORDS["occupations"].isdisjoint(role))


def _is_other_body(body: Entity, noun: str, nouns: frozenset[str]) -> bool:
    """Return whether the name of a body says that it is something else: "the airline" is not the Harbour Trust."""
    words = [lookup_form(word) for word in body.name.split()]
    any_body = ORGANISATIONS if noun in _ANY_BODY else ORGANISATIONS - _PUBLIC_BODIES
    nouns |= any_body.intersection(words) if not nouns.isdisjoint(_ANY_BODY) else frozenset()
    is_place = words[0] in WORDS["first_of_place"] or words[-1] in WORDS["places"]
    classes = {word: classify_noun(word) for word in words if word not in nouns}
    is_of_people = any(is_person_noun(word.removesuffix("s")) for word in words if word.endswith("s"))
    others = ("body",) if is_of_people else ("body", "person")
    return is_place or any(kind in others for kind in classes.values())  # "the union" is the United Nurses


def noun_of(paragraph: Paragraph, words: Range) -> str:
    """Return the head noun of a phrase in lower case; any age is "year-old"."""
    noun = lookup_form(paragraph.tokens[find_head(paragraph, words)].text)
    return "year-old" if noun.endswith("year-old") else noun


def _own_nouns(entity: Entity) -> Iterator[str]:
    """Yield the nouns in the role or the name of an entity that describe it."""
    if entity.kind != "person":
        yield from (noun for noun in map(lookup_form, entity.name.split()) if classify_noun(noun) == "body")
        return
    words = (entity.role or "").split()
    for word, after in pairwise([*words, ""]):
        form = lookup_form(word.strip(","))
        if form in NATIONALITIES and after[:1].isupper():
            continue  # "Republican National Committee chairman"
        yield from _TITLE_NOUNS.get(form, (form,) if classify_noun(form) == "person" else ())


def _find_descriptions(paragraph: Paragraph, words: Range, entity: Entity) -> Iterator[str]:
    """Yield the nouns that describe a named entity beside one of its mentions."""
    (start, end), lower = words, paragraph.lower
    if entity.kind == "person":
        if lower[end : end + 1] == (",",) and "".join(lower[end + 1 : end + 2]).isdigit():
            yield f"{lower[end + 1]}-year-old"
        if start and is_person_noun(lower[start - 1]) and paragraph.quotation_of[start] is None:
            yield lower[start - 1]  # "casino owner Sam Hill"
        return
    if entity.name.lower() in WORDS["places"]:
        return  # "In Ohio, a Gale newspaper said"
    nouns = []
    after = end + (lower[end : end + 1] == (")",))
    if lower[after : after + 1] == (",",) and after + 2 < len(lower):
        after += 1
        if paragraph.tokens[after].is_determiner or paragraph.tokens[after].owns:
            nouns.append(noun_of(paragraph, (after, min(after + _MAX_APPOSITION, paragraph.sentence_range(end)[1]))))
    before = start - (start > 0 and lower[start - 1] == ",")
    if before and not paragraph.tokens[before - 1].owns:
        nouns.append(lookup_form(lower[before - 1]))  # "the broadcaster RT", "Russia's main network, RT"
    yield from (noun for noun in nouns if noun in _OWN_NOUNS or classify_noun(noun) == "body")
