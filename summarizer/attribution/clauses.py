"""Clauses: a cue, and then its content. ``X said that …``, ``vowed to …``, ``accused Y of …``."""

from summarizer.attribution.extents import content_end, object_pronoun_or_phrase, skip_adjuncts, trim_end
from summarizer.attribution.grammar import (
    BE, COORDINATORS, DETERMINERS, MARKS, MODALS, OBJECT_PRONOUNS, PREPOSITIONS, PRONOUNS, QUESTIONS, STOPS,
    SUBORDINATORS, VERBS, is_adverb,
)  # fmt: skip
from summarizer.attribution.lexicon import Cue, lexicon
from summarizer.attribution.passages import Range
from summarizer.attribution.phrases import is_name, phrase_after, subject_before
from summarizer.attribution.scene import Draft, Scene


def clause(scene: Scene, word: int, cue: Cue, floor: int, stop: int, known: Range | None) -> Draft | None:
    """The attribution whose cue is at ``word``, where its content follows.

    Args:
        floor: the word before which no source is looked for.
        stop: the word at which the content ends at the latest.
        known: the source of the cue before in the same sentence: the subject of "and added".
    """
    start, _ = scene.sentence(word)
    found = _source(scene, word, cue, max(start, floor), known)
    if found is None:
        return None
    source, group = found
    target = _content(scene, word, cue, stop)
    if target is None:
        return None
    rule, begin, end, sense_frame, preposition = target
    if begin >= end:
        return None
    cue_end = word + 1
    words = ((word, cue_end),) if not preposition else ((word, begin),)
    content = [(scene.index, (begin, end))]
    return Draft(
        scene.index, (source,) if source else (), words, tuple(content), cue.sense(sense_frame, preposition), rule
    )


def _source(
    scene: Scene, word: int, cue: Cue, floor: int, known: Range | None
) -> tuple[Range | None, int] | None:
    """The source of a cue, and where its verb group begins; none where the word is no verb here."""
    passage = scene.passage
    source, group = subject_before(passage, word, floor)
    before = passage.lower[group - 1] if group > floor else ""
    finite = cue.forms & {"past", "s", "base", "adjective"}
    has_be = any(passage.lower[each] in BE for each in range(group, word)) or before in BE
    if "adjective" in cue.forms and not has_be:
        return None
    if "ing" in cue.forms and not finite:
        if has_be:
            return (source, group) if source else None
        return known or main_subject(scene, word), group
    if group < word and has_be and "adjective" not in cue.forms:
        return None  # passive: another rule
    if before == "to":
        return (known or main_subject(scene, word), group) if "base" in cue.forms else None
    if before in COORDINATORS:
        return (known or main_subject(scene, word), group)
    if before in DETERMINERS or before in PREPOSITIONS:
        return None
    return (source, group) if source else None


def main_subject(scene: Scene, word: int) -> Range | None:
    """The subject of the sentence: the first noun phrase before a verb."""
    passage = scene.passage
    start, _ = scene.sentence(word)
    lower = passage.lower
    while start < word and (lower[start] in MARKS or lower[start] in COORDINATORS):
        start += 1
    if start < word and (
        lower[start] in PREPOSITIONS or lower[start] in SUBORDINATORS or lower[start].endswith("ing") or is_adverb(lower[start])
    ):
        start = next((each + 1 for each in range(start, min(word, start + 40)) if lower[each] == ","), start + 1)
    end = start
    while end < min(word, start + 25) and not _is_verb(scene, end):
        end += 1
    phrase = phrase_after(passage, start, end) if start < end else None
    return phrase


def _is_verb(scene: Scene, word: int) -> bool:
    lower = scene.passage.lower[word]
    cue = lexicon().get(lower)
    if cue and cue.forms & {"past", "s"} and not cue.nouns:
        return True
    return lower in VERBS or lower in BE or lower in MODALS


def _content(scene: Scene, word: int, cue: Cue, stop: int) -> tuple[str, int, int, str, str] | None:
    """The rule, the range of the content, the frame and the preposition that the cue takes here."""
    lower = scene.passage.lower
    frames = cue.frames
    following = word + 1
    if following >= stop:
        return None
    after = skip_adjuncts(scene, following, stop) if frames & {"clause", "that", "tag"} else following
    if "hearer" in frames and object_pronoun_or_phrase(scene, following):
        hearer = _hearer_end(scene, following, stop)
        after = skip_adjuncts(scene, hearer, stop) if hearer < stop else hearer
        if after >= stop:
            return None
        begin = _past_colon(scene, after, stop)
        return "hearer", begin, content_end(scene, begin, True, stop), "hearer", ""
    begin = _past_colon(scene, after, stop)
    if frames & {"clause", "that", "tag"} and begin < stop:
        if scene.quotation_from(begin):
            return "quotation after cue", begin, content_end(scene, begin, True, stop), "clause", ""
        if lower[begin] == "that" or lower[begin] in QUESTIONS or lower[after] == ":":
            return "clause after cue", begin, content_end(scene, begin, True, stop), "that", ""
    if "to" in frames and lower[following] == "to":
        return "infinitive", following, content_end(scene, following, True, stop), "to", ""
    if lower[following] in cue.prepositions and following + 1 < stop:
        return "preposition", following + 1, content_end(scene, following + 1, False, stop), "", lower[following]
    if "clause" in frames and after < stop and lower[after] not in MARKS:
        return "bare clause", after, content_end(scene, after, True, stop), "clause", ""
    if "object" in frames and (lower[following] not in MARKS and lower[following] not in PREPOSITIONS - {"as"}):
        return "object", following, content_end(scene, following, False, stop), "object", ""
    return None


def _past_colon(scene: Scene, word: int, stop: int) -> int:
    """Past a colon or a comma before a quotation."""
    lower = scene.passage.lower
    if word + 1 < stop and lower[word] in (":", ",") and (lower[word] == ":" or scene.quotation_from(word + 1)):
        return word + 1
    return word


def _hearer_end(scene: Scene, word: int, stop: int) -> int:
    """Where the words for somebody told end: "the crowd in Ohio", "CNN's Jake Tapper", "them"."""
    passage = scene.passage
    if passage.lower[word] in OBJECT_PRONOUNS:
        return word + 1
    if is_name(passage, word):
        end = word
        while end < stop and is_name(passage, end):
            end += 1
        return end
    end = word + 1
    while end < stop and end < word + 6 and passage.lower[end] not in MARKS | PRONOUNS | DETERMINERS | {"that", "to"} and (
        passage.lower[end] not in QUESTIONS and passage.lower[end] not in PREPOSITIONS and not is_name(passage, end)
    ):
        end += 1
    return end
