"""Subjects: the noun phrase that a finite verb belongs to, and where its verb group begins."""

from summarizer.attribution.grammar import AUXILIARIES, CONTRACTED, DETERMINERS, MODALS, is_adverb
from summarizer.attribution.passages import Passage, Range
from summarizer.attribution.phrases import REACH, is_name, opens_apposition, phrase_before


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
    return phrase_before(passage, group, floor), group


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
            if phrase is None:
                continue
            if opening == "(" or opens_apposition(passage, word + 1) or _bears_name(passage, phrase, word + 1, pause):
                return _coordinated(passage, phrase[0], floor), pause + (opening == "(")
            first = first or phrase
    return first


def _coordinated(passage: Passage, start: int, floor: int) -> int:
    """Where the subject begins: "Ms Hill, the mayor, and Mr Day, a judge," has two names with an apposition each."""
    if start - 3 < floor or passage.lower[start - 2 : start] != (",", "and"):
        return start
    first = _interrupted(passage, start - 2, floor)
    return first[0] if first is not None and first[1] == start - 2 else start


def _bears_name(passage: Passage, phrase: Range, start: int, end: int) -> bool:
    """Whether the words between two commas are the name of whom the phrase before them describes."""
    described = passage.lower[phrase[0]] in DETERMINERS and not is_name(passage, phrase[1] - 1)
    return described and all(is_name(passage, word) or passage.lower[word] == "." for word in range(start, end))
