"""Noun phrases around a cue: where the words that name a source begin and end."""

from summarizer.attribution.grammar import (
    ADVERBS,
    AUXILIARIES,
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
from summarizer.attribution.lists import is_name, list_end
from summarizer.attribution.passages import Passage, Range

REACH = 60
"""How many words a noun phrase can have with its appositions; keeps every search linear."""
_BOUNDARIES = MARKS | MODALS | AUXILIARIES | SUBORDINATORS | QUESTIONS | VERBS | {"that", "but", "yet", "not", "to"}
_BOUNDARIES = _BOUNDARIES - {"'", "-", "/", "’", "since", "before", "after"}
_PERSONAL = word_set("he she they we i")
"""Pronouns that are a noun phrase by themselves: in "a fact she mentioned", "a fact" is no part of it."""
_LEADS = ADVERBS - {"both", "all", "first", "even", "long"}
_PAUSES = MARKS - {"-", "'", "’", "/", "(", ")"}
_ALL_OR_NOTHING = word_set("everything anything something nothing")


def phrase_before(passage: Passage, end: int, floor: int) -> Range | None:
    """The noun phrase that ends right before the word ``end``, not reaching back beyond ``floor``."""
    floor = max(floor, end - REACH, passage.dateline)
    if end > floor and passage.lower[end - 1] in _PERSONAL:
        return end - 1, end
    start = end
    while start > floor and not _bounds(passage, start - 1, start, end):
        start -= 1
    if floor < start < end - 1 and passage.lower[start - 1] in MODALS and start - 1 > floor:
        start += _is_bare_verb(passage, start)
    start = _skip_lead(passage, start, end)
    if start - 2 >= floor and passage.lower[start - 1] == "and" and passage.lower[start - 2] in _PERSONAL:
        start -= 2  # "she and Mr Hill"
    return (start, end) if start < end else None


def _is_bare_verb(passage: Passage, word: int) -> bool:
    """Whether a word after "can" or "would" is its verb, no part of the noun phrase that follows."""
    lower = passage.lower[word]
    return not is_name(passage, word) and lower not in DETERMINERS and lower not in PRONOUNS


def _bounds(passage: Passage, word: int, after: int, end: int) -> bool:
    """Whether ``word`` ends the noun phrase that begins at ``after``, seen from its end."""
    lower = passage.lower[word]
    if lower in COORDINATORS:
        joins = (lower == "and" and _joins(passage, word)) or (lower == "nor" and _neither(passage, word))
        return after == end or not joins
    if lower in _ALL_OR_NOTHING and after < end and passage.lower[after] not in PREPOSITIONS:
        return True  # "everything people say"
    if lower in PRONOUNS and lower != "one" and after < end:
        return True
    if lower in ("'", "’") and word and passage.lower[word - 1] in MARKS:
        return True  # it closes a quotation; after a word it is a possessive
    if lower in _BOUNDARIES:
        return not (_after_initial(passage, word) if lower == "." else is_close_to(passage, word))
    cue = lexicon().get(lower)
    return cue is not None and "past" in cue.forms and not cue.nouns and after < end and _is_finite(passage, word)


_TO = word_set(
    "adviser advisers advisor advisors aide aides ambassador ambassadors assistant assistants attorney close "
    "consultant consultants counsel counsellor counselor deputy donor donors envoy heir lawyer opposed secretary "
    "successor"
)
"""What somebody can be to somebody: "an adviser to Mr Day", "a person close to the mayor"."""


def is_close_to(passage: Passage, word: int) -> bool:
    """Whether a "to" stands within a noun phrase: "aides to Ms Hill", not "told aides to leave"."""
    if passage.lower[word] != "to" or not 0 < word < len(passage.words) - 1 or passage.lower[word - 1] not in _TO:
        return False
    return is_name(passage, word + 1) or passage.lower[word + 1] in DETERMINERS


def _after_initial(passage: Passage, word: int) -> bool:
    """Whether a full stop follows on an initial at the end of what a splitter took for a sentence."""
    return word > 0 and len(passage.words[word - 1]) == 1 and not passage.begins_sentence(word + 1)


def _is_finite(passage: Passage, word: int) -> bool:
    """Whether a past form is more likely the verb of a clause than an adjective in a noun phrase."""
    before = passage.lower[word - 1] if word else "."
    return before not in DETERMINERS and before not in PREPOSITIONS


def _neither(passage: Passage, conjunction: int) -> bool:
    """Whether a "nor" joins two that a "neither" before it announces: "neither Ms Hill nor Mr Day"."""
    return "neither" in passage.lower[max(0, conjunction - 10) : conjunction]


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
    return word in _LEADS or (word.endswith("ly") and len(word) > 6)


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
    ceiling = min(ceiling, start + REACH)
    end = _simple_phrase(passage, start, ceiling)
    if end == start:
        return None
    named = is_name(passage, end - 1)
    end = _described(passage, end, ceiling)
    while named and (following := list_end(passage, end, ceiling)) > end:
        end = _described(passage, following, ceiling)
    return start, end


def _described(passage: Passage, end: int, ceiling: int) -> int:
    """Where what describes a noun phrase before ``end`` ends: brackets, appositions."""
    if end < ceiling and passage.lower[end] == "(":
        close = _find(passage, ")", end, min(end + 8, ceiling))
        end = close + 1 if close >= 0 else end
    while end + 1 < ceiling and passage.lower[end] == "," and opens_apposition(passage, end + 1):
        following = _apposition_end(passage, end + 1, ceiling)
        if following <= end + 1 or _is_clause(passage, end + 1, following):
            break
        end = following
    return end


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
    if start < ceiling and passage.lower[start] in PRONOUNS and not _counts(passage, start, ceiling):
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
        if is_close_to(passage, end) and end > start:
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


def _counts(passage: Passage, word: int, ceiling: int) -> bool:
    """Whether a "one" counts what follows: "one survivor"."""
    if passage.lower[word] != "one" or word + 1 >= ceiling or not passage.words[word + 1][0].isalpha():
        return False
    following = passage.lower[word + 1]
    return not (following in _BOUNDARIES or following in PREPOSITIONS or following in ("as", "after"))


def _is_time(passage: Passage, word: int) -> bool:
    lower = passage.lower[word]
    if lower in DAYS and is_name(passage, word):
        return True
    return lower in PERIODS and word + 1 < len(passage.words) and passage.lower[word + 1] in TIMES


def _apposition_end(passage: Passage, start: int, ceiling: int) -> int:
    """Where an apposition or a relative clause ends: at the next pause."""
    for word in range(start, ceiling):
        if passage.lower[word] in _PAUSES:
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
