"""Certainty: how sure the holder is, by the cue, and by the words of the content where the cue says nothing."""

from collections.abc import Sequence

from summarizer._types import Certainty
from summarizer.attribution.grammar import word_set
from summarizer.attribution.scene import Draft, Scene

_HEDGES = word_set("may might could perhaps possibly probably likely unlikely seems seem appears appear apparently")
_CONDITIONS = word_set("if unless")
_READ = 40
"""How many words of the content are read."""


def certainty(stage: Sequence[Scene], draft: Draft) -> Certainty:
    """The cue's certainty; of a plain "said", conditional after "if", hedged where the content hedges."""
    if draft.sense.certainty != "asserted" or draft.rule == "asked":
        return draft.sense.certainty
    index, (start, end) = draft.content[0]
    read = range(start, min(end, start + _READ))
    passage = stage[index].passage
    words = [passage.lower[word] for word in read if passage.words[word] != "May"]
    if any(word in _CONDITIONS for word in words[1:]):
        return "conditional"
    return "hedged" if any(word in _HEDGES for word in words) else "asserted"
