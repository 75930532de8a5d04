"""Negation: whether a holder is said to deny a content, or not to have said it.

``denied that …``, ``did not think that …``: the holder is against it. ``did not say that …``,
``refused to say whether …``, ``nobody said``: nobody is said to be for it or against it.
"""

from collections.abc import Sequence

from summarizer.attribution.grammar import AUXILIARIES, MARKS, MODALS, word_set
from summarizer.attribution.lexicon import Sense, lexicon
from summarizer.attribution.passages import Passage
from summarizer.attribution.scene import Draft, Scene
from summarizer.attribution.subjects import subject_before

_NEGATORS = word_set("not never cannot neither nor hardly scarcely yet nobody nothing nowhere no")
_ONLY = word_set("only just merely simply solely")
"""What takes the force off a "not" before it: "not only said"."""
_WITHHOLDING = word_set(
    "refuse refuses refused refusing refusal decline declines declined declining fail fails failed failing deny denies "
    "denied denying avoid avoids avoided avoiding without instead rather short unwilling unable reluctant hesitant "
    "hesitate hesitates hesitated forget forgot forgets stop stops stopped afraid"
)
"""What can govern the cue, and says that it was not done: "refused to say", "without saying"."""
_BACK = 6
"""How many words before a cue are read for what governs it."""
_NOBODY = word_set("nobody none no few hardly scarcely")
"""Words that begin a source that is nobody, or hardly anybody."""
_OWN_WORDS = frozenset({"quotation before tag", "quotation after cue", "clause before tag"})
_SPEAKS = word_set(
    "say comment answer respond reply elaborate discuss speak talk disclose reveal specify confirm explain"
)


def negation(stage: Sequence[Scene], draft: Draft) -> tuple[bool, bool]:
    """Whether the holder is said to deny the content, and whether it is said not to have been said."""
    if draft.sense.lemma in (":", "according"):
        return False, False
    passage = stage[draft.passage].passage
    word = draft.cue[0][0]
    own = draft.rule in _OWN_WORDS and draft.sense.denies
    negated = _is_negated(passage, word, draft)
    if _says_nobody(passage, draft):
        return False, True
    if draft.sense.denies and draft.rule == "infinitive" and _is_silence(stage, draft):
        return False, not negated
    if draft.sense.denies and not own:
        return not negated, negated
    if not negated or own:
        return False, False
    return draft.sense.raises, not draft.sense.raises


def _is_negated(passage: Passage, word: int, draft: Draft) -> bool:
    """Whether an odd number of negations bear on the cue at ``word``."""
    floor = passage.sentence_range(word)[0]
    subject, group = subject_before(passage, word, floor)
    count = sum(_negates(passage, each) for each in range(group, word))
    before = passage.lower[group - 1] if group > floor else ""
    if before in ("to", "or", "nor") or passage.lower[word].endswith("ing"):
        count += _governing(passage, group, floor)
    elif subject is not None and draft.source and draft.source[0][0] in range(*subject):
        count += _heads(passage, subject[0], floor)
    return count % 2 == 1


def _negates(passage: Passage, word: int) -> bool:
    lower = passage.lower[word]
    following = passage.lower[word + 1] if word + 1 < len(passage.lower) else ""
    if lower == "yet":
        return following == "to"
    return (lower in _NEGATORS or lower.endswith("n't")) and following not in _ONLY


def _governing(passage: Passage, word: int, floor: int) -> int:
    """How many negations stand before ``word`` in its clause: "did not hesitate to" is two."""
    count = 0
    for each in range(word - 1, max(floor, word - _BACK) - 1, -1):
        lower = passage.lower[each]
        if lower in MARKS or lower in ("and", "but", "that", "who", "which"):
            break
        count += lower in _WITHHOLDING or _negates(passage, each)
        if lower == "neither":
            return 1  # and its "nor"s say no more than it
    return count


def _heads(passage: Passage, subject: int, floor: int) -> bool:
    """Whether a negation stands before or at the subject: "Neither …", "Nor did she say", "At no point did he"."""
    if passage.lower[subject] == "neither":
        return True
    before = passage.lower[max(floor, subject - 5) : subject]
    if not before:
        return False
    if before[-1] == "neither":
        return True
    return (before[-1] in AUXILIARIES or before[-1] in MODALS) and any(
        _negates(passage, each) for each in range(subject - len(before), subject)
    )


def _says_nobody(passage: Passage, draft: Draft) -> bool:
    """Whether it is "nobody", "no one", "no official" who speaks, or "nothing about" it that is said."""
    begin, end = draft.cue[-1]
    after = passage.lower[end : end + 2]
    if begin < end and after[:1] == ("nothing",) and after[1:] in (("about",), ("of",), ("on",), ("to",)):
        return True
    return bool(draft.source) and passage.lower[draft.source[0][0]] in _NOBODY


def _is_silence(stage: Sequence[Scene], draft: Draft) -> bool:
    """Whether what is refused is to speak: "refused to say whether …"."""
    index, (start, end) = draft.content[0]
    lower = stage[index].passage.lower
    verb = next((word for word in range(start + 1, min(end, start + 4)) if not lower[word].endswith("ly")), start)
    cue = lexicon().get(lower[verb])
    return lower[verb] in _SPEAKS or (cue is not None and "base" in cue.forms and bool(_spoken(cue.senses)))


def _spoken(senses: Sequence[Sense]) -> list[Sense]:
    return [sense for sense in senses if sense.act in ("said", "conceded", "confirmed") and "clause" in sense.frames]
