"""Hearers: who is told something, between a cue and its content. ``told the crowd in Leeds that …``"""

from summarizer.attribution.grammar import DETERMINERS, MARKS, OBJECT_PRONOUNS, PREPOSITIONS, PRONOUNS, QUESTIONS
from summarizer.attribution.lists import is_name
from summarizer.attribution.scene import Scene


def begins_hearer(scene: Scene, word: int) -> bool:
    """Whether somebody told can begin at ``word``: "them", "reporters", "the crowd", "CNN"."""
    lower = scene.passage.lower[word]
    return lower in OBJECT_PRONOUNS or lower in DETERMINERS or is_name(scene.passage, word) or lower.endswith("s")


def hearer_end(scene: Scene, word: int, stop: int) -> int:
    """Where the words for somebody told end: "the crowd in Ohio", "CNN's Jake Tapper", "them"."""
    passage = scene.passage
    if passage.lower[word] in OBJECT_PRONOUNS:
        return word + 1
    end = word + (passage.lower[word] in DETERMINERS)
    if end < stop and is_name(passage, end):
        while end < stop and (is_name(passage, end) or passage.lower[end] in ("of", "&", "/")):
            end += 1
        return end
    while end < min(stop, word + 6) and not _ends_hearer(scene, end):
        end += 1
    return end


def _ends_hearer(scene: Scene, word: int) -> bool:
    lower = scene.passage.lower[word]
    return (
        lower in MARKS or lower in PRONOUNS or lower in DETERMINERS or lower in QUESTIONS or lower in PREPOSITIONS
        or lower in ("that", "to") or is_name(scene.passage, word)
    )  # fmt: skip
