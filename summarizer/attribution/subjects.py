"""Subjects: the noun phrase that a finite verb belongs to, and where its verb group begins."""

from summarizer.attribution.grammar import AUXILIARIES, CONTRACTED, DETERMINERS, MARKS, MODALS, is_adverb
from summarizer.attribution.lists import is_name
from summarizer.attribution.passages import Passage, Range
from summarizer.attribution.phrases import REACH, opens_apposition, phrase_before


def subject_before(passage: Passage, verb: int, floor: int) -> tuple[Range | None, int]:
    """The subject of a finite verb: the noun phrase before it, and where its verb group begins.

    The noun phrase is none where the verb has no subject of its own: "and said", ", saying".
    """
    floor = max(floor, verb - REACH)
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
    phrase = phrase_before(passage, group, floor)
    return phrase and (_coordinated(passage, phrase, floor), group), group


def _in_verb_group(passage: Passage, word: int) -> bool:
    lower = passage.lower[word]
    if lower == "neither":
        return word > 0 and (passage.lower[word - 1] in AUXILIARIES or passage.lower[word - 1] in MODALS)
    return lower in AUXILIARIES or lower in MODALS or (is_adverb(lower) and not is_name(passage, word))


def _interrupted(passage: Passage, pause: int, floor: int) -> Range | None:
    """The subject before a comma: "Mr Hill, a judge, said", "Ms Day (R-Ohio) said"."""
    floor = max(floor, pause - REACH)
    opening = "(" if passage.lower[pause] == ")" else passage.lower[pause]
    first: Range | None = None
    for word in range(pause - 1, floor, -1):
        if passage.lower[word] == opening:
            phrase = phrase_before(passage, word, floor)
            if phrase is None or passage.lower[phrase[0]].isdigit():
                continue  # "Ms Hill, 45, a lawyer"
            if opening == "(" or opens_apposition(passage, word + 1) or _bears_name(passage, phrase, word + 1, pause):
                return _coordinated(passage, phrase, floor), pause + (opening == "(")
            first = first or phrase
    return first


def _coordinated(passage: Passage, phrase: Range, floor: int) -> int:
    """Where the subject begins that ``phrase`` ends: a list of names, and what describes each, can stand before."""
    start, lower = phrase[0], passage.lower
    if start - 3 >= floor and lower[start - 2 : start] == (",", "and"):
        described = _interrupted(passage, start - 2, floor)  # "Ms Hill, the mayor, and Mr Day"
        if described is not None and described[1] == start - 2:
            return described[0]
    if not is_name(passage, phrase[1] - 1) or not ("and" in lower[start : phrase[1]] or lower[start - 1] == "and"):
        return start
    while start - 2 >= floor and (before := _listed(passage, start, floor)) is not None:
        start = before
    return start


def _listed(passage: Passage, start: int, floor: int) -> int | None:
    """Where the name before a "," or an "and" begins that stands before a name at ``start``; none where none does."""
    end, lower = start, passage.lower
    while end > floor and start - end < 2 and lower[end - 1] in (",", "and"):
        end -= 1
    if end > floor and end < start and lower[end - 1] == ")":
        end = next((word for word in range(end - 2, max(floor, end - _BRACKETED), -1) if lower[word] == "("), end)
    phrase = phrase_before(passage, end, floor) if floor < end < start else None
    if phrase is None or not is_name(passage, phrase[1] - 1) or not is_name(passage, phrase[0]):
        return None
    opens = phrase[0] == floor or lower[phrase[0] - 1] in MARKS or passage.begins_sentence(phrase[0])
    return phrase[0] if opens else None


_BRACKETED = 6
"""In words: how long brackets after a name can be."""


def _bears_name(passage: Passage, phrase: Range, start: int, end: int) -> bool:
    """Whether the words between two commas are the name of whom the phrase before them describes."""
    described = passage.lower[phrase[0]] in DETERMINERS and not is_name(passage, phrase[1] - 1)
    return described and all(is_name(passage, word) or passage.lower[word] == "." for word in range(start, end))
