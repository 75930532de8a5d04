"""Labels: a name, a colon, and what is said. ``Hill: Plan Is Dead`` in a headline; ``Q:`` in an interview."""

from summarizer.attribution.extents import trim_end
from summarizer.attribution.grammar import DETERMINERS, MARKS, MODALS, PREPOSITIONS, VERBS, word_set
from summarizer.attribution.lexicon import Sense
from summarizer.attribution.phrases import is_name
from summarizer.attribution.scene import Draft, Scene

_SENSE = Sense(":", "said", "asserted", None, frozenset(), frozenset())
_LONGEST = 6
"""In words: how long the name of a speaker before a colon can be."""
_NO_SPEAKERS = word_set("video watch update breaking exclusive opinion analysis photos listen photo topic more")


def label(scene: Scene) -> Draft | None:
    """The attribution of a paragraph that begins with its speaker and a colon."""
    passage = scene.passage
    colon = next((word for word in range(min(_LONGEST + 1, len(passage.words))) if passage.lower[word] == ":"), -1)
    if colon < 1 or colon + 3 > len(passage.words) or not _is_speaker(scene, colon):
        return None
    end = trim_end(scene, colon + 1, len(passage.words))
    if scene.passage.kind == "title" or scene.index == 0:
        rule = "headline"
    elif passage.words[0].isupper() or scene.quotation_from(colon + 1):
        rule = "speaker label"
    else:
        return None
    return Draft(scene.index, ((0, colon),), ((colon, colon + 1),), ((scene.index, (colon + 1, end)),), _SENSE, rule)


def _is_speaker(scene: Scene, colon: int) -> bool:
    passage = scene.passage
    if passage.lower[0] in _NO_SPEAKERS or scene.within[0] >= 0:
        return False
    return all(
        is_name(passage, word) or passage.lower[word] in PREPOSITIONS | DETERMINERS for word in range(colon)
    ) and not any(passage.lower[word] in MARKS | MODALS | VERBS for word in range(colon))
