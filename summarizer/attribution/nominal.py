"""Nouns that attribute. ``Mr Hill's claim that …``, ``her criticism of …``, ``support for …``."""

from summarizer.attribution.extents import content_end
from summarizer.attribution.grammar import AUXILIARIES, MODALS, POSSESSIVES, VERBS, is_adverb
from summarizer.attribution.lexicon import Cue
from summarizer.attribution.passages import Range
from summarizer.attribution.phrases import phrase_before
from summarizer.attribution.scene import Draft, Scene


def nominal(scene: Scene, word: int, cue: Cue, floor: int, stop: int) -> Draft | None:
    """The attribution of a noun at ``word`` that names a statement, a feeling or an intention."""
    if not cue.nouns or word + 2 >= stop:
        return None
    lower = scene.passage.lower
    begin, source = word + 1, _owner(scene, word, floor)
    if source is None:
        return None
    sense = cue.nouns[0]
    clause = lower[begin] == "that" or (lower[begin] == "to" and "to" in sense.frames)
    if not (clause or lower[begin] in sense.prepositions):
        return None
    start = begin if clause else begin + 1
    end = _end(scene, start, content_end(scene, start, clause, stop), clause)
    if end <= start:
        return None
    words = (word, word + 1 if clause else begin + 1)
    return Draft(scene.index, (source,), (words,), ((scene.index, (start, end)),), sense, "noun")


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
