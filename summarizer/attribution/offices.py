"""Offices: which one person "the minister", "the leader of the opposition" or "the member for Leeds" means."""

from collections import defaultdict
from collections.abc import Iterator

from summarizer.attribution.attribution import Entity
from summarizer.attribution.cast import Entities
from summarizer.attribution.grammar import DETERMINERS, PREPOSITIONS, word_set
from summarizer.attribution.namebook import namebook
from summarizer.attribution.names import bare
from summarizer.attribution.passages import Passage, Range
from summarizer.attribution.scene import Scene

_LONGEST = 7
"""In words: how long the name of an office can be."""
_APART = word_set("former vice deputy acting ex then shadow")
"""What makes another office of one: "the president" is not the vice president."""
_MEMBERS = word_set(
    "member deputy gentleman lady senator representative congressman congresswoman lawmaker mp delegate"
)
_REPRESENT = word_set("represents represented sits sat member")
_CHAIR = word_set("chairs chaired")
_CHAIRS = ("chairman", "chairwoman", "chair")
_NEAR = 6
"""How many words after "represents" the place is looked for in."""


class Offices:
    """Who holds which office, as far as the article has told by the place where somebody is called by it."""

    def __init__(self, cast: Entities) -> None:
        self._cast = cast
        self._held: dict[str, list[tuple[Entity, frozenset[str]]]] = defaultdict(list)
        for entity in cast.members:
            if entity.kind == "person" and entity.role:
                self._hold(entity, f"{entity.role} {entity.affiliation or ''}")
        self._chairs: set[str] = set()
        self._seats: dict[int, dict[str, Entity]] = defaultdict(dict)
        self._meant: dict[str, Entity] = {}
        self._known: dict[tuple[str, frozenset[str]], list[tuple[int, Entity]]] = {}

    def _hold(self, entity: Entity, role: str) -> None:
        words = frozenset(map(bare, role.split()))
        for word in words:
            self._held[word].append((entity, words))

    def holder(self, index: int, passage: Passage, words: Range, at: int) -> Entity | None:
        """The one person introduced before the offset ``at`` whose office a phrase names; none where it is not one.

        A phrase that meant somebody goes on meaning that person when another office shares its words.
        """
        start, end = words
        if passage.lower[start] != "the" or end - start < 2:
            return None
        head = next((word for word in range(start + 1, end) if passage.lower[word] in PREPOSITIONS), end) - 1
        if passage.lower[head] in _MEMBERS and head + 1 < end:
            return self._member(index, (head + 1, end))
        noun = bare(passage.words[head])
        if end - start > _LONGEST or (noun not in namebook().titles and noun not in _CHAIRS):
            return None
        phrase = passage.quote(words).lower()
        said = frozenset(bare(word) for word in passage.words[start + 1 : end]) - DETERMINERS
        held = [who for since, who in self._earliest(noun, said) if since < at]
        if len(held) == 1:
            self._meant[phrase] = held[0]
        return self._meant.get(phrase) if held else None

    def _earliest(self, noun: str, said: frozenset[str]) -> list[tuple[int, Entity]]:
        """The first two who hold an office of these words, each with the offset of the first mention."""
        if (noun, said) not in self._known:
            fitting = {
                entity.name: (entity.mentions[0].start if entity.mentions else 0, entity)
                for entity, role in self._held.get(noun, ())
                if said <= role and role & _APART <= said
            }
            self._known[noun, said] = sorted(fitting.values(), key=lambda each: each[0])[:2]
        return self._known[noun, said]

    def _member(self, index: int, words: Range) -> Entity | None:
        """The member for the place that is named within some words of a passage."""
        places = [each.entity for each in self._cast.mentions[index] if words[0] <= each.words[0] < words[1]]
        members = self._seats.get(places[0], {}) if places else {}
        return next(iter(members.values())) if len(members) == 1 else None

    def learn(self, scene: Scene, word: int, subject: Entity | None) -> None:
        """Read "represents Leeds", "sits for Leeds", "is the member for Leeds", "chairs the committee" at a word.

        It is said of the last person before it in the sentence where a "who" or a comma refers to that one,
        else of the ``subject``.
        """
        passage, mentions = scene.passage, self._cast.mentions[scene.index]
        start = passage.sentence_range(word)[0]
        before = [each for each in mentions if start <= each.words[0] < word and self._is_person(each.entity)]
        close = any(passage.lower[each] in ("who", ",") for each in range(max(start, word - 3), word))
        who = self._cast.members[before[-1 if close else 0].entity] if before else subject
        if who is None:
            return
        if passage.lower[word] in _CHAIR:
            if who.name not in self._chairs:
                self._chairs.add(who.name)
                self._known.clear()
                for office in _CHAIRS:
                    self._hold(who, office)
            return
        place = next((each.entity for each in mentions if word < each.words[0] <= word + _NEAR), None)
        if place is not None and not self._is_person(place):
            self._seats[place][who.name] = who

    def _is_person(self, index: int) -> bool:
        return self._cast.members[index].kind == "person"


def told(scene: Scene) -> Iterator[int]:
    """The words of a passage at which `Offices.learn` has something to read."""
    lower = scene.passage.lower
    if _TELLS.isdisjoint(lower):
        return
    for word, each in enumerate(lower):
        if each not in _TELLS or scene.within[word] >= 0:
            continue
        following = lower[word + 1] if word + 1 < len(lower) else ""
        if each in ("sits", "sat"):
            yield from (word,) if following == "for" else ()
        elif each != "member" or (
            following == "for" and word > 1 and lower[word - 1] == "the" and lower[word - 2] in ("is", "was", ",")
        ):
            yield word


_TELLS = _REPRESENT | _CHAIR
