"""Noun phrases around a cue: where the words that name a source begin and end."""

from summarizer.attribution.grammar import (
    ADVERBS,
    AUXILIARIES,
    CONTRACTED,
    COORDINATORS,
    DAYS,
    DETERMINERS,
    MARKS,
    MODALS,
    PERIODS,
    PREPOSITIONS,
    PRONOUNS,
    QUESTIONS,
    SUBORDINATORS,
    TIMES,
    VERBS,
    is_adverb,
    word_set,
)  # fmt: skip
from summarizer.attribution.lexicon import lexicon
from summarizer.attribution.passages import Passage, Range

_REACH = 60
"""How many words a noun phrase can have with its appositions; keeps every search linear."""
_BOUNDARIES = MARKS | MODALS | AUXILIARIES | SUBORDINATORS | QUESTIONS | VERBS | {"that", "but", "yet", "not", "to"}
_BOUNDARIES = _BOUNDARIES - {"'", "-", "/", "’", "since", "before", "after"}


def is_name(passage: Passage, word: int) -> bool:
    """Whether a word is written like a name or a part of one."""
    first = passage.words[word][0]
    return first.isupper()


def phrase_before(passage: Passage, end: int, floor: int) -> Range | None:
    """The noun phrase that ends right before the word ``end``, not reaching back beyond ``floor``."""
    floor = max(floor, end - _REACH)
    start = end
    while start > floor and not _bounds(passage, start - 1, start, end):
        start -= 1
    start = _skip_lead(passage, start, end)
    return (start, end) if start < end else None


def _bounds(passage: Passage, word: int, after: int, end: int) -> bool:
    """Whether ``word`` ends the noun phrase that begins at ``after``, seen from its end."""
    lower = passage.lower[word]
    if lower in COORDINATORS:
        return not (lower == "and" and after < end and _joins(passage, word))
    if lower in PRONOUNS and lower != "one" and after < end:
        return True
    if lower in ("'", "’") and word and passage.lower[word - 1] in MARKS:
        return True  # it closes a quotation; after a word it is a possessive
    if lower in _BOUNDARIES:
        return lower != "." or not _after_initial(passage, word)
    cue = lexicon().get(lower)
    return cue is not None and "past" in cue.forms and not cue.nouns and after < end and _is_finite(passage, word)


def _after_initial(passage: Passage, word: int) -> bool:
    """Whether a full stop follows on an initial at the end of what a splitter took for a sentence."""
    return word > 0 and len(passage.words[word - 1]) == 1 and not passage.begins_sentence(word + 1)


def _is_finite(passage: Passage, word: int) -> bool:
    """Whether a past form is more likely the verb of a clause than an adjective in a noun phrase."""
    before = passage.lower[word - 1] if word else "."
    return before not in DETERMINERS and before not in PREPOSITIONS


def _joins(passage: Passage, conjunction: int) -> bool:
    """Whether an "and" joins two names or two plain plurals, not two clauses."""
    before, after = conjunction - 1, conjunction + 1
    if before < 0 or after >= len(passage.words):
        return False
    if is_name(passage, before) and is_name(passage, after):
        return True
    if passage.lower[after] in DETERMINERS:
        return is_name(passage, before)
    return passage.lower[before].endswith("s") and not is_name(passage, after)


def _skip_lead(passage: Passage, start: int, end: int) -> int:
    """Leave out adverbs, and a fronted "on Tuesday", before the noun phrase proper."""
    while start < end and (passage.lower[start] in COORDINATORS or _is_lead(passage.lower[start])):
        start += 1
    if start < end and passage.lower[start] in PREPOSITIONS:
        return _after_preposition(passage, start, end)
    return start


def _is_lead(word: str) -> bool:
    return word in ADVERBS - {"both", "all", "first", "even", "long"} or (word.endswith("ly") and len(word) > 6)


def _after_preposition(passage: Passage, start: int, end: int) -> int:
    """In "on Tuesday the mayor", where "the mayor" begins; ``end`` where there is no telling."""
    if passage.lower[end - 1] in PRONOUNS:
        return end - 1
    for word in range(end - 1, start + 1, -1):
        if passage.lower[word] in DETERMINERS and passage.lower[word - 1] not in PREPOSITIONS:
            return word
        if passage.lower[word - 1] in DAYS or passage.words[word - 1].isdigit():
            return word
    return end


def phrase_after(passage: Passage, start: int, ceiling: int) -> Range | None:
    """The noun phrase that begins at the word ``start``, with its appositions: "Mr Hill, a judge"."""
    ceiling = min(ceiling, start + _REACH)
    end = _simple_phrase(passage, start, ceiling)
    if end == start:
        return None
    if end < ceiling and passage.lower[end] == "(":
        close = _find(passage, ")", end, min(end + 8, ceiling))
        end = close + 1 if close >= 0 else end
    while end + 1 < ceiling and passage.lower[end] == "," and opens_apposition(passage, end + 1):
        following = _apposition_end(passage, end + 1, ceiling)
        if following <= end + 1 or _is_clause(passage, end + 1, following):
            break
        end = following
    return start, end


def _is_clause(passage: Passage, start: int, end: int) -> bool:
    """Whether what looks like an apposition goes on as a clause: "the mayor said, a man was hurt"."""
    if passage.lower[start] in QUESTIONS:
        return False
    for word in range(start + 1, end):
        if passage.lower[word] in QUESTIONS or passage.lower[word] == "that":
            return False
        if passage.lower[word] in AUXILIARIES or passage.lower[word] in MODALS or passage.lower[word] in VERBS:
            return True
    return False


def _simple_phrase(passage: Passage, start: int, ceiling: int) -> int:
    """Where the noun phrase at ``start`` ends, its appositions left out."""
    if start < ceiling and passage.lower[start] in PRONOUNS:
        return start + 1
    end = start
    while end < ceiling:
        lower = passage.lower[end]
        if lower in PREPOSITIONS and end + 1 < ceiling and _is_time(passage, end + 1):
            break
        if _is_time(passage, end) and end > start:
            break
        if lower == "." and end > start and _after_initial(passage, end):
            end += 1
            continue
        if lower in _BOUNDARIES or lower in ("as", "after", "during", "before"):
            break
        if lower in COORDINATORS and not (end > start and _joins(passage, end)):
            break
        if is_adverb(lower) and end > start:
            break
        end += 1
    return end


def _is_time(passage: Passage, word: int) -> bool:
    lower = passage.lower[word]
    if lower in DAYS and is_name(passage, word):
        return True
    return lower in PERIODS and word + 1 < len(passage.words) and passage.lower[word + 1] in TIMES


def _apposition_end(passage: Passage, start: int, ceiling: int) -> int:
    """Where an apposition or a relative clause ends: at the next pause."""
    for word in range(start, ceiling):
        if passage.lower[word] in MARKS - {"-", "'", "’", "/"} and passage.lower[word] not in ("(", ")"):
            return word
    return ceiling


_ROLE_STARTS = word_set(
    "a an the who whose which one director president chief head chairman chairwoman chair professor former "
    "senior now then spokesman spokeswoman spokesperson secretary minister leader founder editor co-founder "
    "author executive deputy vice managing manager member analyst fellow adviser advisor republican democrat "
    "himself herself his her their its both mayor governor senator ambassador lawyer attorney owner host "
    "formerly currently"
)


def opens_apposition(passage: Passage, word: int) -> bool:
    """Whether a word after a comma begins an apposition: "a judge", "who …", "director of", "43"."""
    lower = passage.lower[word]
    return lower in _ROLE_STARTS or lower.isdigit() or lower.startswith(("r-", "d-"))


def _find(passage: Passage, mark: str, start: int, end: int) -> int:
    for word in range(start, end):
        if passage.lower[word] == mark:
            return word
    return -1


def subject_before(passage: Passage, verb: int, floor: int) -> tuple[Range | None, int]:
    """The subject of a finite verb: the noun phrase before it, and where its verb group begins.

    The noun phrase is none where the verb has no subject of its own: "and said", ", saying".
    """
    floor = max(floor, verb - _REACH)
    group = verb
    while group > floor and _in_verb_group(passage, group - 1):
        group -= 1
        if passage.lower[group] in CONTRACTED:
            return (group, group + 1), group
    if group <= floor:
        return None, group
    before = passage.lower[group - 1]
    if before in (",", ")", "—", "–", "-", "--"):
        return _interrupted(passage, group - 1, floor), group
    if before in ("who", "which", "that", "what"):
        return (group - 1, group), group
    return phrase_before(passage, group, floor), group


def _in_verb_group(passage: Passage, word: int) -> bool:
    lower = passage.lower[word]
    return lower in AUXILIARIES or lower in MODALS or (is_adverb(lower) and not is_name(passage, word))


def _interrupted(passage: Passage, pause: int, floor: int) -> Range | None:
    """The subject before a comma: "Mr Hill, a judge, said", "Ms Day (R-Ohio) said"."""
    floor = max(floor, pause - _REACH)
    opening = "(" if passage.lower[pause] == ")" else passage.lower[pause]
    first: Range | None = None
    for word in range(pause - 1, floor, -1):
        if passage.lower[word] == opening:
            phrase = phrase_before(passage, word, floor)
            if phrase is None:
                continue
            if opening == "(" or opens_apposition(passage, word + 1) or _bears_name(passage, phrase, word + 1, pause):
                return phrase[0], pause + (opening == "(")
            first = first or phrase
    return first


def _bears_name(passage: Passage, phrase: Range, start: int, end: int) -> bool:
    """Whether the words between two commas are the name of whom the phrase before them describes."""
    described = passage.lower[phrase[0]] in DETERMINERS and not is_name(passage, phrase[1] - 1)
    return described and all(is_name(passage, word) or passage.lower[word] == "." for word in range(start, end))
