"""Tags: a speaker and a cue after or inside the content. ``"…," she said. "…"``; ``…, said Mr Hill``."""

from collections.abc import Sequence

from summarizer.attribution.extents import content_end, has_verb, tag_end, trim_end
from summarizer.attribution.grammar import (
    AUXILIARIES,
    CLOSING,
    COORDINATORS,
    MODALS,
    OBJECT_PRONOUNS,
    PREPOSITIONS,
    STOPS,
    VERBS,
    word_set,
)  # fmt: skip
from summarizer.attribution.hearers import begins_hearer, hearer_end
from summarizer.attribution.lexicon import Cue
from summarizer.attribution.paragraphs import carried, continued
from summarizer.attribution.passages import Range
from summarizer.attribution.phrases import phrase_after
from summarizer.attribution.readings import agrees
from summarizer.attribution.scene import Draft, Scene
from summarizer.attribution.subjects import subject_before


def tag(scenes: Sequence[Scene], scene: Scene, word: int, cue: Cue, floor: int) -> Draft | None:
    """The attribution whose cue is at ``word``, where it is a tag after or inside its content.

    Nothing before ``floor`` is taken: there the tag before ends.
    """
    if "tag" not in cue.frames or not cue.forms & {"past", "s", "base"}:
        return None
    start, stop = scene.sentence(word)
    start = max(start, floor)
    found = (
        _subject_first(scene, word, cue, start, stop)
        or _verb_first(scene, word, start, stop)
        or _opening_subject(scene, word, start, stop)
    )
    if found is None or not agrees(scene, word, cue, found[0]):
        return None
    source, begin, end = found
    if begin == start:
        start = max(scene.sentence(start - 1)[0], floor)
    inside = end < stop and scene.passage.lower[end] == ","
    left = _left(scene, start, begin, inside)
    if left is None:
        return None
    quoted = scene.quotation_at(left[1] - 1) is not None
    if not quoted and not cue.frames & _UNQUOTED:
        return None
    content = [*carried(scenes, scene, left), (scene.index, left), *_right(scenes, scene, end, stop, quoted)]
    rule = "quotation before tag" if quoted else "clause before tag"
    return Draft(scene.index, (source,), ((word, word + 1),), tuple(content), cue.sense("tag"), rule)


_UNQUOTED = frozenset({"clause", "aside"})
"""The frames of cues that can be a tag to a clause without quotation marks."""
_TOLD = frozenset({"aside", "hearer"})
"""The frames of "told": in a tag, who was told can follow."""


def _subject_first(scene: Scene, word: int, cue: Cue, floor: int, stop: int) -> tuple[Range, int, int] | None:
    """``…, Mr Hill said``: the source, where the tag begins and where it ends."""
    source, _ = subject_before(scene.passage, word, floor)
    if source is None or source[0] <= floor or not _after_pause(scene, source[0]):
        return None
    told = cue.frames >= _TOLD and word + 1 < stop and begins_hearer(scene, word + 1)
    hearer = hearer_end(scene, word + 1, stop) if told else word + 1
    end = tag_end(scene, hearer, stop)
    if told and "that" in scene.passage.lower[hearer:end]:
        end = -1
    if _after_quotation(scene, source[0]):
        return (source, source[0], end if end >= 0 else word + 1) if _is_spoken(scene, source[0]) else None
    return None if end < 0 or _leads_on(scene, end) else (source, source[0], end)


_NO_INVERSION = OBJECT_PRONOUNS | {"he", "it"}
"""What does not follow a verb as its subject: "said he", but "told me"."""


def _opening_subject(scene: Scene, word: int, start: int, stop: int) -> tuple[Range, int, int] | None:
    """``“Is it?” Mr Hill said.``, where the quotation ends a sentence, and the tag is one of its own."""
    source, _ = subject_before(scene.passage, word, start)
    if source is None or source[0] != start or not _after_quotation(scene, start) or not _is_spoken(scene, start):
        return None
    end = tag_end(scene, word + 1, stop)
    return None if end < 0 or _leads_on(scene, end) else (source, start, end)


def _verb_first(scene: Scene, word: int, floor: int, stop: int) -> tuple[Range, int, int] | None:
    """``…, said Mr Hill``."""
    if word <= floor or word + 1 >= stop or not _after_pause(scene, word):
        return None
    source = phrase_after(scene.passage, word + 1, stop)
    if source is None or (source[1] - source[0] == 1 and scene.passage.lower[source[0]] in _NO_INVERSION):
        return None
    end = tag_end(scene, source[1], stop)
    if _after_quotation(scene, word):
        return (source, word, end if end >= 0 else source[1]) if _is_spoken(scene, word, True) else None
    if end < 0 or _leads_on(scene, end) or _has_subject(scene, word, floor):
        return None
    return source, word, end


def _has_subject(scene: Scene, word: int, floor: int) -> bool:
    """Whether a subject with an apposition stands before a cue: "Mr Hill, a judge, told the court"."""
    subject, _ = subject_before(scene.passage, word, floor)
    if subject is None:
        return False
    return not any(scene.passage.lower[each] in _VERBS for each in range(subject[1], word)) and (
        not any(scene.passage.lower[each] in _VERBS for each in range(floor, word - 1))
    )


_VERBS = MODALS | AUXILIARIES | VERBS


def _leads_on(scene: Scene, end: int) -> bool:
    """Whether a quotation or a colon after the tag shows that the content follows, not precedes."""
    lower = scene.passage.lower
    if end >= len(lower):
        return False
    if lower[end] == ":" or scene.quotation_from(end) is not None:
        return True
    return lower[end] == "," and scene.quotation_from(end + 1) is not None


def _is_spoken(scene: Scene, end: int, inverted: bool = False) -> bool:
    """Whether the quotation that ends before ``end`` reads like speech, not like a title or a scare quote.

    ``inverted``: a verb follows on it, and then who says it.
    """
    quotation = scene.quotation_at(end - 1)
    if quotation is None:
        return False
    if quotation.words >= 6:
        return True
    passage = scene.passage
    finished = passage.lower[quotation.end - 2] in (",", "?", "!", "—", "–", "-", "…", "...", ".")
    apart = passage.begins_sentence(quotation.start) or passage.lower[quotation.start - 1] in (",", ":")
    return finished and (apart or inverted or quotation.words > 3)


def _after_pause(scene: Scene, word: int) -> bool:
    return scene.passage.lower[word - 1] in (",", "—", "–", "--") or _after_quotation(scene, word)


def _after_quotation(scene: Scene, word: int) -> bool:
    before = scene.quotation_at(word - 1)
    return before is not None and before.end == word and before.closed


def _left(scene: Scene, start: int, begin: int, inside: bool) -> Range | None:
    """The content before a tag that begins at ``begin``; ``inside``: whether it goes on after the tag."""
    passage = scene.passage
    end = begin if _after_quotation(scene, begin) else trim_end(scene, start, begin)
    quotation = scene.quotation_at(end - 1)
    if quotation and quotation.end == end:
        first = max(passage.sentence_range(quotation.start)[0], start)
        if first >= quotation.start or _led_in(scene, first, quotation.start):
            first = quotation.start
        return first, end
    start = max(start, passage.dateline)
    while start < end and (passage.lower[start] in COORDINATORS or passage.lower[start] in (",", *STOPS)):
        start += 1
    if _is_fronted(scene, start, end, inside):
        return None
    return (start, end) if end - start > (0 if inside else 3) else None


def _is_fronted(scene: Scene, start: int, end: int, inside: bool) -> bool:
    """Whether all that stands before a tag is an adjunct of it: "When he came, she said …"; "Riding, she said, …"."""
    lower = scene.passage.lower
    participle = lower[start].endswith("ing") and lower[start] not in PREPOSITIONS
    if not (participle or lower[start] in (_SUBORDINATE if inside else _FRONTED)):
        return False
    if inside:
        return True
    pause = next((word for word in range(start, end) if lower[word] == ","), end)
    return not has_verb(scene, pause + 1, end)


_SUBORDINATE = word_set("after before when while as since although though until asked speaking")
_FRONTED = word_set("after before when while as since although though until despite during asked speaking with by")
"""Words that begin a clause before a leading tag: "When he came, she said …"."""


def _led_in(scene: Scene, start: int, quotation: int) -> bool:
    """Whether the words before a quotation only lead up to it: "In a speech he was blunt: “…”"."""
    return scene.passage.lower[quotation - 1] in (":", ",") and quotation - start > 1


def _right(scenes: Sequence[Scene], scene: Scene, end: int, stop: int, quoted: bool) -> list[tuple[int, Range]]:
    """What goes on after the tag: the rest of the sentence, or a second quotation."""
    lower = scene.passage.lower
    following = end + 1
    if quoted:
        pause = end < len(lower) and lower[end] in (",", "—", "–", ":", "--", *STOPS)
        quotation = scene.quotation_from(following if pause else -1) or scene.quotation_from(stop)
        if quotation is None or _has_own_tag(scene, quotation.end):
            return []
        return [(scene.index, (quotation.start, quotation.end)), *continued(scenes, scene, quotation.end)]
    if following < stop and lower[end] == ",":
        if lower[following].endswith("ing"):
            return []
        last = content_end(scene, following, True, stop)
        if last - following > 2:
            return [(scene.index, (following, last))]
    return []


def _has_own_tag(scene: Scene, end: int) -> bool:
    lower = scene.passage.lower
    return scene.quotation_at(end - 1) is not None and lower[end - 1] in CLOSING and lower[end - 2] == ","
