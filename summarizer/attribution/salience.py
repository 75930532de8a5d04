"""Salience: who is in the reader's mind, since a sentence is about them; what pronouns look back on."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from summarizer.attribution.attribution import Entity
from summarizer.attribution.cast import Entities, Mention
from summarizer.attribution.grammar import (
    AUXILIARIES,
    DETERMINERS,
    MODALS,
    PREPOSITIONS,
    SUBORDINATORS,
    VERBS,
    word_set,
)  # fmt: skip
from summarizer.attribution.lexicon import Cue, lexicon
from summarizer.attribution.namebook import namebook
from summarizer.attribution.names import bare
from summarizer.attribution.offices import told
from summarizer.attribution.scene import Scene

_FAR = 20
"""How many words from the beginning of a sentence a subject is looked for in."""
_THIRD = word_set("he she")

Place = tuple[int, int]
"""A passage and a word in it."""


_PEOPLE = frozenset({"pronoun", "office"})
"""Kinds of subjects that are people."""


class Subject(NamedTuple):
    """The subject of a sentence, or a word that tells of an office."""

    place: Place
    kind: Literal["name", "pronoun", "office", "document", "told"]
    end: int
    """One past its last word."""
    entity: Entity | None
    """Of a name."""


def subjects_of(scene: Scene, cast: Entities) -> list[Subject]:
    """The subjects of the sentences of a passage that are a name, a pronoun or an office, in order."""
    found = [Subject((scene.index, word), "told", word + 1, None) for word in told(scene)]
    mentions = cast.mentions[scene.index]
    following = 0
    for number, first in enumerate(scene.passage.first_words):
        ends = scene.passage.first_words[number + 1 : number + 2]
        end = ends[0] if ends else len(scene.within)
        quotation = scene.quotation_at(first)
        start = quotation.end if quotation else first
        if start >= end:
            continue
        stop = min(end, start + _FAR + 1)
        while following < len(mentions) and mentions[following].words[0] < start:
            following += 1
        here = list(_subject(scene, cast, mentions[following : following + 4], start, stop))
        if not any(each.kind in _PEOPLE or (each.entity and each.entity.kind == "person") for each in here):
            here += _introduced(scene, cast, mentions[following:], end)
        found += here
    return sorted(found, key=lambda each: each.place)


def _introduced(scene: Scene, cast: Entities, mentions: Iterable[Mention], stop: int) -> list[Subject]:
    """The first person in a sentence that has none for its subject: "It fell to Ms Hill", "It was Ms Hill who"."""
    for mention in mentions:
        start, end = mention.words
        if start >= stop:
            break
        entity = cast.members[mention.entity]
        surely = entity.kind == "person" and (" " in entity.name or cast.sexes[mention.entity] != "")
        if surely and scene.within[start] < 0 and not scene.passage.lower[end - 1].endswith("'s"):
            return [Subject((scene.index, start), "name", end, entity)]
    return []


def _subject(scene: Scene, cast: Entities, mentions: tuple[Mention, ...], start: int, stop: int) -> Iterator[Subject]:
    """The subject of the sentence from ``start`` to ``stop``, if it is one of the three."""
    lower = scene.passage.lower
    named = {each.words[0]: each for each in mentions if each.words[0] < stop}
    word = start
    verb, fronted = False, lower[start] in PREPOSITIONS or lower[start] in SUBORDINATORS
    while word < stop and scene.within[word] < 0:
        each = lower[word]
        if each == ",":
            verb = False
        elif verb:
            pass
        elif each in _THIRD:
            yield Subject((scene.index, word), "pronoun", word + 1, None)
            if not fronted:
                return
            verb = True
        elif word in named and (word == start or lower[word - 1] not in PREPOSITIONS):
            mention = named[word]
            end = mention.words[1]
            if not lower[end - 1].endswith("'s") and lower[word - 1 if word > start else word] not in _BESIDES:
                yield Subject((scene.index, word), "name", end, cast.members[mention.entity])
                return
        elif each == "the" and (word == start or lower[word - 1] not in PREPOSITIONS):
            if named_so := _appositive(scene, named, word, stop):
                yield Subject((scene.index, word), "name", named_so.words[1], cast.members[named_so.entity])
                return
            end, document = _office(scene, word, stop), _document(scene, word, stop) if word == start else 0
            if end or document:
                yield Subject((scene.index, word), "office" if end else "document", end or document, None)
                return
        elif each in _FINITE or (each in lexicon() and _is_verb(lexicon()[each])):
            verb = True
        word += 1


def _appositive(scene: Scene, named: Mapping[int, Mention], word: int, stop: int) -> Mention | None:
    """The name set off after an office at ``word``: "the mayor, Ellen Park,"."""
    end, lower = _office(scene, word, stop), scene.passage.lower
    mention = named.get(end + 1) if end and lower[end : end + 1] == (",",) else None
    return mention if mention and lower[mention.words[1] : mention.words[1] + 1] == (",",) else None


def _is_verb(cue: Cue) -> bool:
    return bool(cue.forms & {"past", "s"}) or ("base" in cue.forms and not cue.nouns)


_FINITE = AUXILIARIES | MODALS | VERBS
_BESIDES = frozenset({"to"})


def _document(scene: Scene, start: int, stop: int) -> int:
    """Where "the leaflet" ends; 0 where no document is named."""
    lower = scene.passage.lower
    for word in range(start + 1, min(start + 4, stop)):
        if bare(lower[word]) in namebook().documents:
            return word + 1
        if lower[word] in PREPOSITIONS or lower[word] in _FINITE:
            return 0
    return 0


def _office(scene: Scene, start: int, stop: int) -> int:
    """Where "the minister", "the leader of the opposition" ends; 0 where no office is named."""
    lower = scene.passage.lower
    for word in range(start + 1, min(start + 5, stop)):
        if bare(lower[word]) in namebook().titles and not (
            word + 1 < stop and scene.passage.words[word + 1][0].isupper()
        ):
            end = word + 1
            if end + 1 < stop and lower[end] in ("of", "for"):
                end += 2
                while end < stop and (lower[end - 1] in DETERMINERS or scene.passage.words[end][0].isupper()):
                    end += 1
            return end
        if not lower[word].isalpha() or lower[word] in _FINITE:
            return 0
    return 0
