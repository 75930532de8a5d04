"""Readings of a cue: whether a word is a verb here, in which form, and whose.

English forms are ambiguous ("attacks", "support", "asked"), and no tagger is at hand: the words
around decide, and where they do not, the form counts as no verb.
"""

from collections.abc import Sequence
from typing import Literal

from summarizer.attribution.grammar import (
    BE,
    COORDINATORS,
    DETERMINERS,
    MARKS,
    MODALS,
    OBJECT_PRONOUNS,
    PREPOSITIONS,
    SUBORDINATORS,
    VERBS,
    is_adverb,
    word_set,
)  # fmt: skip
from summarizer.attribution.lexicon import Cue, lexicon
from summarizer.attribution.lists import is_name
from summarizer.attribution.namebook import namebook
from summarizer.attribution.passages import Range
from summarizer.attribution.phrases import phrase_after
from summarizer.attribution.scene import Scene
from summarizer.attribution.subjects import subject_before

Reading = Literal["finite", "helped", "participle", "infinitive", "passive", "adjective", ""]
"""How a cue stands: "said", "may say", "saying", "to say", "was told", "is sure", and not as a verb."""

_PARTICIPIAL = word_set("by in for after before while when without from despite with")
_COPULAS = word_set("remain remains remained became seemed seems felt feels grew")
"""What an adjective stands after, besides the forms of "be"."""
_DO = word_set("do does did don't doesn't didn't")
_INVERTED = MODALS | _DO
_PLURAL = word_set(
    "they we i you who which that some many others most people both all half percent police those these data media "
    "women men"
)
_SINGULAR = word_set("he she it who which that")
_NOUN_TOO = word_set(
    "state rate rank issue contest comment order press post back support attack report voice challenge address "
    "weigh list term label brand schedule project plan aim place deal poll vote debate note detail release "
    "score hit fire rap pan knock hammer fault second direct stress document reference signal view figure "
    "reason want guarantee promise pledge threat offer request demand honor honour credit boo cheer love hope "
    "fear worry doubt"
)
"""Verbs whose s-form is as likely the plural of a noun."""


def reading(scene: Scene, word: int, cue: Cue, floor: int, known: Range | None) -> tuple[Reading, Range | None, int]:
    """How the cue at ``word`` stands, its source where it has one, and where its verb group begins.

    No source is looked for before ``floor``; ``known`` is the source of the cue before in the same
    sentence: the subject of "and added".
    """
    passage = scene.passage
    source, group = subject_before(passage, word, floor)
    before = passage.lower[group - 1] if group > floor else ""
    has_be = any(passage.lower[each] in BE for each in range(group, word))
    if "adjective" in cue.forms:
        has_be = has_be or (before in _COPULAS)
        if before in _COPULAS:
            source, _ = subject_before(passage, group - 1, floor)
        to = passage.lower[word + 1 : word + 2] == ("to",)
        if has_be or to or "past" not in cue.forms:  # "is opposed to it", "those opposed to it", but "opposed it"
            return ("adjective" if has_be and source else ""), source, group
    if "ing" in cue.forms and not cue.forms & {"past", "s", "base"}:
        if has_be:
            return ("finite" if source else ""), source, group
        if before in DETERMINERS or (before in PREPOSITIONS and before not in _PARTICIPIAL):
            return "", None, group
        return "participle", known or main_subject(scene, word), group
    if has_be:
        return ("passive" if "participle" in cue.forms else ""), source, group
    if before == "to" and "base" in cue.forms:
        return "infinitive", known or main_subject(scene, word), group
    if before in DETERMINERS and not _is_no_one(passage.lower, group) and not _stands_alone(scene, group, cue):
        return "", None, group
    if before in PREPOSITIONS or before == "to":
        return "", None, group
    if not agrees(scene, word, cue, source):
        return "", None, group
    if before in COORDINATORS:
        return "finite", known or main_subject(scene, word), group
    modal = any(passage.lower[each] in MODALS for each in range(group, word))
    return ("helped" if modal else "finite") if source else "", source, group


def _is_no_one(lower: Sequence[str], end: int) -> bool:
    return end > 1 and lower[end - 1] == "one" and lower[end - 2] in ("no", "every", "any", "some")


_ALONE = word_set("another some many most both several few those these others")


def _stands_alone(scene: Scene, end: int, cue: Cue) -> bool:
    """Whether a determiner is the whole of a subject: "Another said", "some say"; not "some claims"."""
    lower = scene.passage.lower
    if cue.nouns or cue.lemma in _NOUN_TOO or not cue.forms & {"past", "base"}:
        return False
    before = lower[end - 2] if end > 1 else "."
    opens = scene.passage.begins_sentence(end - 1) or before in MARKS or before in COORDINATORS or before == "that"
    return lower[end - 1] in _ALONE and opens


def _helped(scene: Scene, group: int, word: int) -> bool:
    return any(scene.passage.lower[each] in MODALS or scene.passage.lower[each] in _DO for each in range(group, word))


def _inverted(scene: Scene, subject: int) -> bool:
    """Whether the auxiliary stands before the subject: "nor did the mayor say"."""
    lower = scene.passage.lower
    return subject > 1 and lower[subject - 2] in ("nor", "neither", "never") and lower[subject - 1] in _INVERTED


def agrees(scene: Scene, word: int, cue: Cue, source: Range | None) -> bool:
    """Whether a finite form and the noun phrase by it can be a verb and its subject."""
    if "past" in cue.forms:
        return True
    passage = scene.passage
    _, group = subject_before(passage, word, max(0, word - 6))
    helped = _helped(scene, group, word) or (source is not None and _inverted(scene, source[0]))
    if source is None:
        return helped or not cue.nouns
    last = next((each for each in range(source[0] + 1, source[1]) if passage.lower[each] == ","), source[1]) - 1
    head = passage.lower[last]
    if "base" in cue.forms:
        plural = _is_plural(head) or _is_plural(passage.lower[_noun(scene, source)])
        return helped or plural or "and" in passage.lower[source[0] : source[1]]
    if cue.nouns or cue.lemma in _NOUN_TOO:
        following = passage.lower[word + 1 : word + 2]
        if head in _SINGULAR or is_name(passage, last):
            return True
        shown = _OBJECTS if cue.nouns else _OBJECTS | {"that", "to"}
        return passage.lower[source[0]] in DETERMINERS and not shown.isdisjoint(following)
    return not head.endswith("s") or is_name(passage, last)


_OBJECTS = DETERMINERS | OBJECT_PRONOUNS
"""What shows, after "the party fears", that it is a verb."""


def _is_plural(head: str) -> bool:
    return head in _PLURAL or (head.endswith("s") and not head.endswith(("'s", "ss")))


def _noun(scene: Scene, source: Range) -> int:
    """The last word before what describes it: "people" in "people familiar with it", "people who know it"."""
    lower = scene.passage.lower
    start, end = source
    stop = next((word for word in range(start + 1, end) if lower[word] in _DESCRIBING), end)
    return stop - 1


_DESCRIBING = PREPOSITIONS | {"who", "which", "that", "familiar", "close"}


def main_subject(scene: Scene, word: int) -> Range | None:
    """The subject of the sentence: the first noun phrase before a verb."""
    passage = scene.passage
    start, _ = scene.sentence(word)
    lower = passage.lower
    while start < word and (lower[start] in MARKS or lower[start] in COORDINATORS):
        start += 1
    if start < word and _opens_adjunct(lower[start]):
        start = next((each + 1 for each in range(start, min(word, start + 40)) if lower[each] == ","), -1 - start)
        start = start if start >= 0 else _unpaused(scene, -1 - start, word)
    end = start
    while end < min(word, start + 25) and not _is_verb(scene, end):
        end += 1
    return phrase_after(passage, start, end) if start < end else None


def _unpaused(scene: Scene, start: int, end: int) -> int:
    """Where the subject begins after an adjunct without a comma: "In the end the minister", "At last she"."""
    lower = scene.passage.lower
    for word in range(start + 2, min(end, start + 8)):
        before = lower[word - 1]
        if lower[word] in _SUBJECTS and before not in PREPOSITIONS and before not in DETERMINERS:
            return word
    return start + 1


_SUBJECTS = word_set("he she they we i the")


def _opens_adjunct(word: str) -> bool:
    return word in PREPOSITIONS or word in SUBORDINATORS or word.endswith("ing") or is_adverb(word)


def _is_verb(scene: Scene, word: int) -> bool:
    lower = scene.passage.lower[word]
    cue = lexicon().get(lower)
    if cue and cue.forms & {"past", "s"} and not cue.nouns:
        return True
    if lower in VERBS or lower in BE or lower in MODALS:
        return True
    if not lower.endswith("ed") or not word or is_name(scene.passage, word):
        return False
    return is_name(scene.passage, word - 1) or scene.passage.lower[word - 1] in namebook().titles
