"""Labels: a name, a colon, and what is said. ``Hill: Plan Is Dead`` in a headline; ``HILL: The plan is dead.``"""

from summarizer.attribution.extents import trim_end
from summarizer.attribution.grammar import DAYS, DETERMINERS, MARKS, MODALS, PREPOSITIONS, VERBS, word_set
from summarizer.attribution.lexicon import Sense
from summarizer.attribution.lists import is_name
from summarizer.attribution.scene import Draft, Scene

LABELLED = Sense(":", "said", "asserted", None, frozenset(), frozenset())
_LONGEST = 6
"""In words: how long the name of a speaker before a colon can be."""
NO_SPEAKERS = DAYS | word_set(
    "video watch update breaking exclusive opinion analysis photos listen photo topic more read related see note "
    "correction editor's source sources caption credit pros cons warning summary click follow "
    "from to subject date cc bcc sent reply-to re fw fwd"
)
"""What stands before a colon and names nobody who speaks: sections, and the headers of e-mail."""


def label(scene: Scene) -> Draft | None:
    """The attribution of a paragraph that begins with its speaker and a colon."""
    passage = scene.passage
    colon = label_end(scene)
    if colon < 1 or colon + 3 > len(passage.words):
        return None
    end = trim_end(scene, colon + 1, len(passage.words))
    if scene.passage.kind == "title" or scene.index == 0:
        rule = "headline"
    elif passage.words[0].isupper() or scene.quotation_from(colon + 1):
        rule = "speaker label"
    else:
        return None
    said = int(passage.lower[0] in ("says", "said") and colon > 1)  # "Says Mr Hill: …"
    cue = (0, 1) if said else (colon, colon + 1)
    return Draft(scene.index, ((said, colon),), (cue,), ((scene.index, (colon + 1, end)),), LABELLED, rule)


def label_end(scene: Scene) -> int:
    """Where the colon stands after the speaker that a paragraph begins with; 0 where it begins with none."""
    lower = scene.passage.lower
    if ":" not in lower[1 : _LONGEST + 1]:
        return 0
    colon = lower.index(":", 1)
    return colon if _is_speaker(scene, colon) else 0


def _is_speaker(scene: Scene, colon: int) -> bool:
    passage = scene.passage
    if passage.lower[0] in NO_SPEAKERS or scene.within[0] >= 0:
        return False
    return all(
        (is_name(passage, word) or passage.lower[word] in _SMALL) and passage.lower[word] not in _NO_LABELS
        for word in range(colon)
    )


_SMALL = PREPOSITIONS | DETERMINERS
_NO_LABELS = MARKS | MODALS | VERBS
