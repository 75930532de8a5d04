"""Rules for a cue before its content: ``said that …``, ``vowed to …``, ``accused Y of …``, ``X's claim …``."""

from typing import NamedTuple

from summarizer.attribution.lexicon import MARKS, PREPOSITIONS, WORDS, Cue, word_set
from summarizer.attribution.noun_phrases import MAX_PHRASE, phrase_after, phrase_before
from summarizer.attribution.rules.base import Context, Match
from summarizer.attribution.speakers import can_speak
from summarizer.attribution.tokens import Paragraph, Range
from summarizer.attribution.verb_phrases import (
    addressee_end,
    begins_addressee,
    begins_verb,
    content_end,
    has_verb,
    skip_adjuncts,
    trim_end,
)


class _Verb(NamedTuple):
    """A cue used as a verb, its source, and where its content must end."""

    cue: Cue
    source: Range
    stop: int


class _Clause(NamedTuple):
    """The place after a cue at which a clause can begin."""

    verb: _Verb
    after: int
    """Past the adjuncts of the cue."""
    begin: int
    """Past a colon as well."""
    stop: int
    preposition: str
    """The "out" of "pointed out"."""


def match_addressee(context: Context) -> Match | None:
    """Match ``told reporters that …``."""
    verb, paragraph = context.once(_find_verb), context.paragraph
    if verb is None:
        return None
    if not (begins_addressee(paragraph, context.word + 1) or _has_late_that(paragraph, context.word + 1, verb.stop)):
        return None
    addressee = addressee_end(paragraph, context.word + 1, verb.stop)
    begin = _skip_colon(paragraph, skip_adjuncts(paragraph, addressee, verb.stop), verb.stop)
    if begin >= verb.stop or (paragraph.tokens[begin].is_mark and not paragraph.quotation_from(begin)):
        return None
    return _match(context, verb, begin, stop=verb.stop, frame="addressee")


_MAX_ADDRESSEE = 10  # in tokens: an addressee that only the "that" after it shows: "told public radio that"


def _has_late_that(paragraph: Paragraph, start: int, stop: int) -> bool:
    limit = min(stop, start + _MAX_ADDRESSEE)
    that = paragraph.find(("that", ",", ":", "to", "and"), start, limit)
    return start < that < limit and paragraph.lower[that] == "that" and not paragraph.tokens[start].is_preposition


def match_quotation_after_cue(context: Context) -> Match | None:
    """Match ``said: “…”`` and ``what she calls “…”``."""
    verb, paragraph = context.once(_find_verb), context.paragraph
    quotation = paragraph.quotation_from(context.word + 1) if verb and "object" in verb.cue.frames else None
    if verb and quotation and paragraph.lower[verb.source[0] - 1 : verb.source[0]] == ("what",):
        return context.match(verb.source, [(quotation.start, min(quotation.end, verb.stop))], verb.cue.sense("object"))
    clause = context.once(_find_clause)
    if clause is None or not context.paragraph.quotation_from(clause.begin):
        return None
    return _match(context, clause.verb, clause.begin, stop=clause.stop, frame="clause")


def match_clause_after_cue(context: Context) -> Match | None:
    """Match ``said that …`` and ``asked whether …``."""
    clause, paragraph = context.once(_find_clause), context.paragraph
    if clause is None:
        return None
    first = paragraph.tokens[clause.begin]
    asks = first.is_question_word and not clause.verb.cue.frames.isdisjoint({"clause", "that"})
    if not (first.lower == "that" or asks or paragraph.lower[clause.after] == ":"):
        return None
    return _match(context, clause.verb, clause.begin, stop=clause.stop, frame="that", preposition=clause.preposition)


def match_bare_clause(context: Context) -> Match | None:
    """Match ``said the plan was dead``."""
    clause, paragraph = context.once(_find_clause), context.paragraph
    if clause is None:
        return None
    cue, first = clause.verb.cue, paragraph.tokens[clause.after]
    if first.is_mark or first.lower in ("to", "or", "nor") or paragraph.lower[context.word + 1] in cue.prepositions:
        return None
    if cue.lemma != "say" and not has_verb(paragraph, clause.after, clause.stop):
        return None
    return _match(context, clause.verb, clause.after, stop=clause.stop, frame="clause")


def match_infinitive(context: Context) -> Match | None:
    """Match ``vowed to …``."""
    verb, begin = context.once(_find_verb), context.word + 1
    if verb is None or context.paragraph.lower[begin] != "to":
        return None
    end = content_end(context.paragraph, begin, verb.stop, is_clause=False)
    return context.match(verb.source, [(begin, end)], verb.cue.sense("to")) if begin < end else None


def match_preposition(context: Context) -> Match | None:
    """Match ``called for …`` and ``warned against …``."""
    verb = context.once(_find_verb)
    preposition = verb.cue.preposition_at(context.paragraph.lower, context.word + 1) if verb else ""
    if verb is None or not preposition:
        return None
    begin = context.word + 2 + preposition.count(" ")
    return _match(context, verb, begin, preposition=preposition) if begin < verb.stop else None


def match_object(context: Context) -> Match | None:
    """Match ``praised the plan`` and ``called it a farce``."""
    verb, begin = context.once(_find_verb), context.word + 1
    if verb is None:
        return None
    first = context.paragraph.tokens[begin]
    if verb.cue.forms >= {"base", "past"} and (first.is_be or first.is_modal):  # "the forecast was"
        return None
    is_no_object = first.lower in _NO_OBJECTS and not context.paragraph.quotation_from(begin)
    return None if is_no_object else _match(context, verb, begin, frame="object")


_NO_OBJECTS = MARKS | PREPOSITIONS - {"as"} | {"to"}  # words that begin no object


def _match(
    context: Context, verb: _Verb, begin: int, *, stop: int = 0, frame: str = "", preposition: str = ""
) -> Match | None:
    """Return the match with the clause from ``begin`` to at most ``stop``, without a stop with the phrase."""
    paragraph = context.paragraph
    end = content_end(paragraph, begin, stop, is_clause=True) if stop else _phrase_end(context, verb, begin)
    end = _departure(paragraph, begin, end) if stop else end
    if begin >= end:
        return None
    sense = verb.cue.sense(frame, preposition)
    return context.match(verb.source, [(begin, end)], sense, begin if preposition else None)


def _departure(paragraph: Paragraph, begin: int, end: int) -> int:
    """Return where the speaker's next act begins, or ``end``: "said the tram was late and went home"."""
    lower = paragraph.lower
    places = (word for word in range(begin + 3, end - 2) if lower[word] == "and")
    act = next((word for word in places if " ".join(lower[word + 1 : word + 3]) in WORDS["departures"]), end)
    begin += lower[begin] == "that"
    if act == end or not (paragraph.tokens[begin].is_determiner or lower[begin] in ("it", "there")):
        return end
    subject = phrase_after(paragraph, begin, act)  # a person or a team can go home itself
    return end if subject and can_speak(paragraph, subject, is_sure=False) else trim_end(paragraph, begin, act)


_NO_SOURCES = word_set("having being there quite")
_HEARING = word_set("hear heard hears hearing")


def _find_verb(context: Context) -> _Verb | None:
    """Return the cue as a verb with a source, if a content can follow it."""
    cue, (use, source), word = context.cue, context.verb, context.word
    if use in ("", "passive") or source is None:
        return None
    paragraph, lower = context.paragraph, context.paragraph.lower
    first = lower[source[0]]
    if source[1] - source[0] == 1 and first in _NO_SOURCES:
        return None
    if first == "it" and lower[source[0] - 1] in _HEARING:  # "I have heard it said that"
        return None
    stop = _relative_end(paragraph, source, word, context.stop)
    if word + 1 >= stop:
        return None
    is_stranded = lower[word + 1] in cue.prepositions and lower[word + 2 : word + 3] == (":",) and word + 2 < stop
    if is_stranded and paragraph.quotation_from(word + 3) is None:
        return None  # "all they argue about: the bridge, the road"
    return _Verb(cue, source, stop)


_RELATIVE_WORDS = word_set("who which whom whose where")


def _relative_end(paragraph: Paragraph, source: Range, word: int, stop: int) -> int:
    """Return where a relative clause ends, or ``stop``: "Mr Hill, who said it was late, left" ends at "left"."""
    lower = paragraph.lower
    relative = source[0] if lower[source[0]] in _RELATIVE_WORDS else source[0] - 1
    if relative < 1 or lower[relative] not in _RELATIVE_WORDS or lower[relative - 1] not in (",", "—", "–"):
        return stop
    pause, has_seen_verb = lower[relative - 1], lower[word + 1 : word + 2] != ("that",)
    for place in range(word + 2, min(stop, word + MAX_PHRASE) - 1):
        is_pause = lower[place] == pause and paragraph.quotation_of[place] is None
        if has_seen_verb and is_pause and begins_verb(paragraph, place + 1, stop):
            return place
        has_seen_verb = has_seen_verb or begins_verb(paragraph, place, stop)
    return stop


CLAUSE_FRAMES = frozenset({"clause", "that", "tag"})
"""The frames in which "that", a question word or a quotation can follow."""


def _find_clause(context: Context) -> _Clause | None:
    verb = context.once(_find_verb)
    if verb is None or verb.cue.frames.isdisjoint(CLAUSE_FRAMES):
        return None
    paragraph, first = context.paragraph, context.word + 1
    out = verb.cue.preposition_at(paragraph.lower, first)  # of "pointed out that", "made it clear that"
    if out != "out" and " " not in out:
        out = ""
    after = skip_adjuncts(paragraph, first + len(out.split()), verb.stop)
    stop = _fronted_end(paragraph, context.sentence[0], context.word, verb.stop)
    begin = _skip_colon(paragraph, after, stop)
    return _Clause(verb, after, begin, stop, out) if begin < stop else None


def _fronted_end(paragraph: Paragraph, start: int, word: int, stop: int) -> int:
    """Return where a fronted clause ends: "While he says it is dead, she stays" ends at the comma."""
    lower = paragraph.lower
    start += lower[start] in ("so", "and", "but", "yet")
    if lower[start] not in WORDS["fronting"] or "," in lower[start:word]:
        return stop
    search = range(word + 2, stop)
    return next((place for place in search if lower[place] == "," and paragraph.quotation_of[place] is None), stop)


def _skip_colon(paragraph: Paragraph, word: int, stop: int) -> int:
    if word + 1 >= stop:
        return word
    mark = paragraph.lower[word]
    return word + 1 if mark == ":" or (mark == "," and paragraph.quotation_from(word + 1)) else word


_SAYING = frozenset({"tag", "clause"})


def _phrase_end(context: Context, verb: _Verb, begin: int) -> int:
    """Return where an object ends: in "those who love the tram have …", before the verb of "those"."""
    paragraph = context.paragraph
    end = content_end(paragraph, begin, verb.stop, is_clause=False)
    is_described = verb.source[1] == context.word and "ing" in verb.cue.forms  # "a group backing the plan is"
    if not is_described and paragraph.lower[verb.source[0]] not in ("who", "that"):
        return end
    for word in range(begin + 1, end):
        token, before = paragraph.tokens[word], paragraph.tokens[word - 1]
        if token.is_subordinator or token.is_relative or paragraph.quotation_of[word] is not None:
            break
        if token.is_finite_helper and not before.is_pronoun and before.lower != "to":
            return trim_end(paragraph, begin, word)
        if before.is_capitalised and token.cue and "past" in token.cue.forms and token.cue.frames >= _SAYING:
            return trim_end(paragraph, begin, word)
    return trim_end(paragraph, begin, end)


# Nouns that attribute: "Mr Hill's claim that …", "her criticism of …", "the claim by Mr Hill that …".

_MAX_OWNER_DISTANCE = 5


def match_noun(context: Context) -> Match | None:
    """Match a noun for a statement, a feeling or an intention that has an owner."""
    cue, paragraph, word = context.cue, context.paragraph, context.word
    if word + 2 >= context.stop:
        return None
    source, begin = _find_owner(paragraph, word, context.start, context.stop)
    if source is None or begin >= context.stop:
        return None
    sense, first = cue.nouns[0], paragraph.lower[begin]
    is_clause = first == "that" or (first == "to" and "to" in sense.frames)
    if not is_clause and not (begin == word + 1 and first in sense.prepositions):
        return None
    start = begin if is_clause else begin + 1
    end = content_end(paragraph, start, context.stop, is_clause=is_clause)
    if not is_clause:  # the content ends before the verb whose subject the noun is
        is_end = (token.is_verb or token.lower in (",", "(", "—") for token in paragraph.tokens[start + 1 : end])
        end = next((place for place, ends in enumerate(is_end, start + 1) if ends), end)
    if end <= start:
        return None
    if is_clause and min(source[0], word - 1) <= context.sentence[0]:
        end = _subject_clause_end(paragraph, start, end)
    return context.match(source, [(start, end)], sense, word + 1 if is_clause else start)


def _find_owner(paragraph: Paragraph, word: int, floor: int, stop: int) -> tuple[Range | None, int]:
    """Return the owner of a noun's statement, and the beginning of its content."""
    lower = paragraph.lower
    source, begin = _owner_before(paragraph, word, floor), word + 1
    if source is None:
        has_owner = lower[begin] == "by" or (lower[begin] == "of" and paragraph.tokens[begin + 1].is_capitalised)
        source = phrase_after(paragraph, begin + 1, stop) if has_owner else None
        begin = source[1] if source else stop
    if begin + 1 < stop and lower[begin] in ("is", "was") and lower[begin + 1] == "that":
        begin += 1
    return source, begin


def _owner_before(paragraph: Paragraph, word: int, floor: int) -> Range | None:
    """Return the owner before a noun: "Mr Hill's", "the party's", "her"; with adjectives between."""
    for owner in range(word - 1, max(floor, word - _MAX_OWNER_DISTANCE) - 1, -1):
        token = paragraph.tokens[owner]
        if token.is_possessive and token.lower != "whose":
            return owner, owner + 1
        if token.owns and token.lower not in WORDS["contracted_is"]:
            return phrase_before(paragraph, owner + 1, floor)
        if not token.lower.isalpha() or token.is_adverb or (token.is_verb and not token.is_helper):
            return None
    return None


def _subject_clause_end(paragraph: Paragraph, start: int, end: int) -> int:
    """Return where a clause ends that is a subject: "the claim that it is safe" before "was rejected"."""
    has_verb_before = False
    for word in range(start + 1, end):
        token, before = paragraph.tokens[word], paragraph.tokens[word - 1]
        is_turn = token.is_subordinator or token.is_relative or token.is_mark or token.lower in ("and", "but", "or")
        if word > start + 1 and is_turn:
            return end
        if token.is_finite_helper:
            is_part = before.is_finite_helper or before.is_pronoun or before.is_adverb or before.lower in ("to", "not")
            if has_verb_before and not is_part:
                return word
            has_verb_before = True
    return end
