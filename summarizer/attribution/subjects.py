"""Subjects of sentences apart from reported speech: whom a later pronoun can mean."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Literal, NamedTuple

from summarizer.attribution.entities import Entities, Entity, Mention
from summarizer.attribution.lexicon import (
    DOCUMENTS,
    GIVEN_NAMES,
    PREPOSITIONS,
    TITLES,
    WORDS,
    Sex,
    classify_noun,
    is_person_noun,
    word_set,
)
from summarizer.attribution.name_kinds import FEMALE_PRONOUNS, MALE_PRONOUNS
from summarizer.attribution.names import lookup_form
from summarizer.attribution.tokens import Paragraph, Place, Range

PLURAL_PRONOUNS = word_set("they their them they're they've they'd they'll")
PRONOUNS = MALE_PRONOUNS | FEMALE_PRONOUNS | PLURAL_PRONOUNS | word_set("it its it's")
_MAX_SUBJECT_DISTANCE = 20  # in tokens, from the beginning of a sentence


_ASKED = frozenset({"asked", "pressed", "questioned"})
_SUBJECT_WORDS = frozenset({"he", "she", "the"})  # the first words of subjects without a name


class Subject(NamedTuple):
    """The subject of a sentence."""

    place: Place
    kind: Literal["name", "pronoun", "office", "document"]
    end: int
    entity: Entity | None = None
    """The entity of a name."""

    @property
    def is_person(self) -> bool:
        """Return whether it is a person."""
        return self.kind in ("pronoun", "office") or (self.entity is not None and self.entity.kind == "person")


def find_subjects(paragraph: Paragraph, entities: Entities) -> list[Subject]:
    """Return the sentence subjects that are a name, a pronoun, an office or a document, in order."""
    subjects: list[Subject] = []
    mentions = entities.mentions[paragraph.index]
    if not mentions and _SUBJECT_WORDS.isdisjoint(paragraph.lower):
        return subjects
    first_mention = 0
    ends = (*paragraph.first_words[1:], len(paragraph.tokens))
    for first, end in zip(paragraph.first_words, ends, strict=True):
        quotation = paragraph.quotation_at(first)
        start = quotation.end if quotation else first
        if start >= end:
            continue
        while first_mention < len(mentions) and mentions[first_mention].words[0] < start:
            first_mention += 1
        stop = min(end, start + _MAX_SUBJECT_DISTANCE + 1)
        here = list(_sentence_subjects(paragraph, entities, mentions[first_mention : first_mention + 4], start, stop))
        if quotation and paragraph.tokens[start].cue is not None:
            here = []  # "…,” said Hill, who met Day"
        is_asked = paragraph.lower[start] in _ASKED
        if is_asked or not any(subject.is_person for subject in here):
            here += _introduced_person(paragraph, entities, mentions[first_mention:], end, is_asked=is_asked)
        subjects += here
    return sorted(subjects, key=lambda subject: subject.place)


def _introduced_person(
    paragraph: Paragraph, entities: Entities, mentions: Iterable[Mention], stop: int, *, is_asked: bool
) -> list[Subject]:  # fmt: skip
    """Return the first person of a sentence without one as subject: "It fell to Ms Hill".

    If the sentence begins with a question, it is the first after it: "Asked whether Mr Day had paid, Ms Hill shrugged".
    """
    for (start, end), index in takewhile(lambda mention: mention.words[0] < stop, mentions):
        entity, following = entities[index], paragraph.tokens[min(end, stop - 1)]
        first, *others = map(lookup_form, entity.name.split())
        is_full = others != [] and (first in GIVEN_NAMES or classify_noun(others[-1]) == "unknown")
        is_sure = entity.kind == "person" and (is_full or entities.sexes[index] != "")
        if is_asked:
            is_verb = following.is_verb or following.cue is not None or following.lower.endswith("ed")
            is_sure = entity.kind == "person" and is_verb and paragraph.lower[start - 1] == ","
        if is_sure and paragraph.quotation_of[start] is None and not paragraph.tokens[end - 1].owns:
            return [Subject((paragraph.index, start), "name", end, entity)]
    return []


def _sentence_subjects(
    paragraph: Paragraph, entities: Entities, mentions: Sequence[Mention], start: int, stop: int
) -> Iterator[Subject]:
    """Yield the subject of the sentence from ``start`` on, and a pronoun in an adjunct before it."""
    tokens = paragraph.tokens
    named = {mention.words[0]: mention for mention in mentions if mention.words[0] < stop}
    is_after_verb = False
    is_fronted = tokens[start].is_preposition or tokens[start].is_subordinator
    for word in range(start, stop):
        if paragraph.quotation_of[word] is not None:
            return
        token = tokens[word]
        lower = token.lower
        if lower == ",":
            is_after_verb = False
        elif is_after_verb:
            continue
        elif lower in ("he", "she"):
            yield Subject((paragraph.index, word), "pronoun", word + 1)
            if not is_fronted:
                return
            is_after_verb = True
        elif word in named and not (word > start and tokens[word - 1].is_preposition):
            mention = named[word]
            end = mention.words[1]
            if not tokens[end - 1].owns and tokens[max(word - 1, start)].lower != "to":
                yield Subject((paragraph.index, word), "name", end, entities[mention.entity])
                return
        elif lower == "the" and not (word > start and tokens[word - 1].is_preposition):
            if subject := _definite_subject(paragraph, entities, named, (word, stop), is_first=word == start):
                yield subject
                return
        elif token.is_verb or (
            token.cue and (token.cue.forms & {"past", "s"} or ("base" in token.cue.forms and not token.cue.nouns))
        ):
            is_after_verb = True


def _definite_subject(
    paragraph: Paragraph, entities: Entities, named: Mapping[int, Mention], words: Range, *, is_first: bool
) -> Subject | None:
    """Return the subject at a "the": a name set off after an office ("the mayor, Ellen Park,"), else the phrase."""
    word, stop = words
    lower, place = paragraph.lower, (paragraph.index, word)
    end = _office_end(paragraph, word, stop)
    if end:
        mention = named.get(end + 1) if lower[end : end + 1] == (",",) else None
        if mention and lower[mention.words[1] : mention.words[1] + 1] == (",",):
            return Subject(place, "name", mention.words[1], entities[mention.entity])
        return Subject(place, "office", end)
    end = _document_end(paragraph, word, stop) if is_first else 0
    return Subject(place, "document", end) if end else None


def _document_end(paragraph: Paragraph, start: int, stop: int) -> int:
    """Return where "the leaflet" ends, or 0 if no document is named."""
    for word in range(start + 1, min(start + 4, stop)):
        token = paragraph.tokens[word]
        if lookup_form(token.lower) in DOCUMENTS:
            return word + 1
        if token.is_preposition or token.is_verb:
            return 0
    return 0


def _office_end(paragraph: Paragraph, start: int, stop: int) -> int:
    """Return where "the minister" or "the leader of the opposition" ends, or 0 if no office is named."""
    tokens = paragraph.tokens
    for word in range(start + 1, min(start + 5, stop)):
        is_before_name = word + 1 < stop and tokens[word + 1].is_capitalised
        if lookup_form(tokens[word].lower) in TITLES and not is_before_name:
            end = word + 1
            if end + 1 < stop and tokens[end].lower in ("of", "for"):
                end += 2
                while end < stop and (tokens[end - 1].is_determiner or tokens[end].is_capitalised):
                    end += 1
            return end
        if not tokens[word].lower.isalpha() or tokens[word].is_verb:
            return 0
    return 0


def find_items(paragraphs: Sequence[Paragraph]) -> dict[int, int]:
    """Return the first paragraph of each paragraph's item in a round-up; one with a pronoun at first continues it."""
    items: dict[int, int] = {}
    first = 0
    for paragraph in paragraphs:
        is_continued = paragraph.tokens and (paragraph.lower[0] in PRONOUNS or paragraph.quotation_from(0) is not None)
        first = first if is_continued else paragraph.index
        items[paragraph.index] = first
    return items


class Salient(NamedTuple):
    """An entity that a pronoun can mean, from a place in the article on."""

    place: Place
    entity: Entity
    sex: Sex


def fits_pronoun(salient: Salient, pronoun: str) -> bool:
    """Return whether a pronoun can mean an entity, by kind, number and sex."""
    entity, kind = salient.entity, salient.entity.kind
    if entity.name.lower() in WORDS["places"]:
        return False
    if pronoun in MALE_PRONOUNS or pronoun in FEMALE_PRONOUNS:
        if kind != "unnamed":
            return kind == "person" and salient.sex != ("f" if pronoun in MALE_PRONOUNS else "m")
        words = [lookup_form(word) for word in entity.name.split()]
        noun = [words[0], *takewhile(lambda word: word not in PREPOSITIONS, words[1:])][-1]
        if noun.endswith("man"):
            return noun.endswith("woman") == (pronoun in FEMALE_PRONOUNS)
        return is_person_noun(noun)
    if pronoun in PLURAL_PRONOUNS:
        is_plural = kind == "unnamed" and entity.name.lower().startswith(("people ", "those ", "critics", "friends"))
        return is_plural or kind in ("group", "organisation")
    return kind in ("organisation", "government", "document")
