"""Nouns that attribute. ``Mr Hill's claim that …``, ``her criticism of …``, ``support for …``."""

from summarizer.attribution.extents import content_end
from summarizer.attribution.grammar import (
    AUXILIARIES,
    MARKS,
    MODALS,
    POSSESSIVES,
    PRONOUNS,
    RELATIVES,
    SUBORDINATORS,
    VERBS,
    is_adverb,
)  # fmt: skip
from summarizer.attribution.lexicon import Cue
from summarizer.attribution.lists import is_name
from summarizer.attribution.passages import Range
from summarizer.attribution.phrases import phrase_after, phrase_before
from summarizer.attribution.scene import Draft, Scene


def nominal(scene: Scene, word: int, cue: Cue, floor: int, stop: int) -> Draft | None:
    """The attribution of a noun at ``word`` that names a statement, a feeling or an intention."""
    if not cue.nouns or word + 2 >= stop:
        return None
    lower = scene.passage.lower
    found = _holder(scene, word, floor, stop)
    if found is None:
        return None
    source, begin = found
    sense = cue.nouns[0]
    clause = lower[begin] == "that" or (lower[begin] == "to" and "to" in sense.frames)
    if not (clause or (begin == word + 1 and lower[begin] in sense.prepositions)):
        return None
    start = begin if clause else begin + 1
    end = _end(scene, start, content_end(scene, start, clause, stop), clause)
    if end <= start:
        return None
    words = (word, word + 1 if clause else begin + 1)
    if clause and min(source[0], word - 1) <= scene.sentence(word)[0]:
        end = _subject_end(scene, start, end)
    return Draft(scene.index, (source,), (words,), ((scene.index, (start, end)),), sense, "noun")


def _holder(scene: Scene, word: int, floor: int, stop: int) -> tuple[Range, int] | None:
    """Whose statement a noun at ``word`` names, and where its content begins: "her claim that", "a claim by X that"."""
    lower = scene.passage.lower
    source, begin = _owner(scene, word, floor), word + 1
    if source is None:
        by = lower[word + 1] == "by" or (lower[word + 1] == "of" and is_name(scene.passage, word + 2))
        source = phrase_after(scene.passage, word + 2, stop) if by else None
        begin = source[1] if source else stop
    if begin + 1 < stop and lower[begin] in ("is", "was") and lower[begin + 1] == "that":
        begin += 1
    return None if source is None or begin >= stop else (source, begin)


def _subject_end(scene: Scene, start: int, end: int) -> int:
    """Where the clause of a noun ends that is a subject: "the claim that it is safe" before "was rejected"."""
    lower, verb = scene.passage.lower, False
    for word in range(start + 1, end):
        before = lower[word - 1]
        if word > start + 1 and lower[word] in _TURNS:
            return end
        if lower[word] in _FINITE:
            if verb and not (before in _FINITE or before in PRONOUNS or is_adverb(before) or before in _JOINS):
                return word
            verb = True
    return end


_FINITE = (AUXILIARIES | MODALS) - {"be", "been", "being", "am"}
_TURNS = SUBORDINATORS | RELATIVES | MARKS | {"and", "but", "or"}
_JOINS = frozenset({"to", "not"})


def _end(scene: Scene, start: int, end: int, clause: bool) -> int:
    """Where the noun's content ends: a noun phrase before the verb whose subject the noun is."""
    if clause:
        return end
    return next((word for word in range(start + 1, end) if scene.passage.lower[word] in _ENDS), end)


_ENDS = AUXILIARIES | MODALS | VERBS | {",", "(", "—"}
_OWNERS = POSSESSIVES - {"whose"}


def _owner(scene: Scene, word: int, floor: int) -> Range | None:
    """Whose statement it is: "Mr Hill's", "the party's", "her"; adjectives may stand between."""
    lower = scene.passage.lower
    for owner in range(word - 1, max(floor, word - 5) - 1, -1):
        if lower[owner] in _OWNERS:
            return owner, owner + 1
        if lower[owner].endswith("'s") and lower[owner] not in ("it's", "he's", "she's", "that's", "there's"):
            return phrase_before(scene.passage, owner + 1, floor)
        if not lower[owner].isalpha() or lower[owner] in VERBS or is_adverb(lower[owner]):
            return None
    return None
