"""Tags: a speaker and a cue after or inside the content. ``"…," she said. "…"``; ``…, said Mr Hill``."""

from collections.abc import Sequence

from summarizer.attribution.extents import content_end, tag_end, trim_end
from summarizer.attribution.grammar import CLOSING, COORDINATORS, PRONOUNS, STOPS
from summarizer.attribution.lexicon import Cue
from summarizer.attribution.passages import Range
from summarizer.attribution.phrases import phrase_after, subject_before
from summarizer.attribution.scene import Draft, Scene


def tag(scenes: Sequence[Scene], scene: Scene, word: int, cue: Cue, floor: int) -> Draft | None:
    """The attribution whose cue is at ``word``, where it is a tag after or inside its content.

    Args:
        floor: the word before which nothing may be taken: the end of the tag before.
    """
    if "tag" not in cue.frames or not cue.forms & {"past", "s", "base"}:
        return None
    start, stop = scene.sentence(word)
    start = max(start, floor)
    found = _subject_first(scene, word, start, stop) or _verb_first(scene, word, start, stop)
    if found is None:
        return None
    source, begin, end = found
    left = _left(scene, start, begin)
    if left is None:
        return None
    quoted = scene.quotation_at(left[1] - 1) is not None
    content = [*_carried(scenes, scene, left), (scene.index, left), *_right(scenes, scene, end, stop, quoted)]
    cue_words = (word, word + 1)
    rule = "quotation before tag" if quoted else "clause before tag"
    return Draft(scene.index, (source,), (cue_words,), tuple(content), cue.sense("tag"), rule)


def _subject_first(scene: Scene, word: int, floor: int, stop: int) -> tuple[Range, int, int] | None:
    """``…, Mr Hill said``: the source, where the tag begins and where it ends."""
    source, _ = subject_before(scene.passage, word, floor)
    if source is None or source[0] <= floor or not _after_pause(scene, source[0]):
        return None
    end = tag_end(scene, word + 1, stop)
    if end < 0 and _after_quotation(scene, source[0]):
        end = stop
    return None if end < 0 else (source, source[0], end)


def _verb_first(scene: Scene, word: int, floor: int, stop: int) -> tuple[Range, int, int] | None:
    """``…, said Mr Hill``."""
    if word <= floor or word + 1 >= stop or not _after_pause(scene, word):
        return None
    source = phrase_after(scene.passage, word + 1, stop)
    if source is None or source[1] - source[0] == 1 and scene.passage.lower[source[0]] in ("he", "it"):
        return None
    end = tag_end(scene, source[1], stop)
    if end < 0:
        end = stop
    return source, word, end


def _after_pause(scene: Scene, word: int) -> bool:
    return scene.passage.lower[word - 1] in (",", "—", "–", "--") or _after_quotation(scene, word)


def _after_quotation(scene: Scene, word: int) -> bool:
    before = scene.quotation_at(word - 1)
    return before is not None and before.end == word and before.closed


def _left(scene: Scene, start: int, begin: int) -> Range | None:
    """The content before a tag that begins at ``begin``."""
    passage = scene.passage
    end = begin if _after_quotation(scene, begin) else trim_end(scene, start, begin)
    quotation = scene.quotation_at(end - 1)
    if quotation and quotation.end == end:
        if passage.lower[end - 2] not in (",", "!", "?", "—", "–", "-", "…", "...") and end == begin and (
            quotation.words < 3
        ):
            return None
        sentence = passage.sentence_range(quotation.start)[0]
        first = sentence if start <= sentence else start
        start = quotation.start if first >= quotation.start else first
    while start < end and passage.lower[start] in COORDINATORS | {","} | STOPS:
        start += 1
    if end - start < 2 and not quotation:
        return None
    return (start, end) if start < end else None


def _carried(scenes: Sequence[Scene], scene: Scene, left: Range) -> list[tuple[int, Range]]:
    """The paragraphs before that the quotation before the tag goes on from."""
    first = scene.quotation_from(left[0])
    pieces: list[tuple[int, Range]] = []
    index = scene.index
    while first is not None and first.continues and index:
        index -= 1
        first = scenes[index].quotations[-1]
        pieces.insert(0, (index, (first.start, first.end)))
        if first.start > 0:
            break
    return pieces


def _right(
    scenes: Sequence[Scene], scene: Scene, end: int, stop: int, quoted: bool
) -> list[tuple[int, Range]]:
    """What goes on after the tag: the rest of the sentence, or a second quotation."""
    lower = scene.passage.lower
    following = end + 1 if end < len(lower) and lower[end] not in CLOSING | {"“", "«"} else end
    if quotation := scene.quotation_from(following):
        if _has_own_tag(scene, quotation.end):
            return []
        return [(scene.index, (quotation.start, quotation.end)), *continued(scenes, scene, quotation.end)]
    if not quoted and end < stop and lower[end] == "," and following < stop:
        if lower[following] in COORDINATORS or lower[following].endswith("ing") or lower[following] in PRONOUNS:
            return []
        last = content_end(scene, following, True, stop)
        if last - following > 2:
            return [(scene.index, (following, last))]
    return []


def _has_own_tag(scene: Scene, end: int) -> bool:
    lower = scene.passage.lower
    return scene.quotation_at(end - 1) is not None and lower[end - 1] in CLOSING and lower[end - 2] == ","


def continued(scenes: Sequence[Scene], scene: Scene, end: int) -> list[tuple[int, Range]]:
    """The paragraphs that go on with a quotation left open at the end of this one."""
    pieces: list[tuple[int, Range]] = []
    index = scene.index
    if end < len(scene.passage.words) or scene.quotations[-1].closed:
        return []
    while index + 1 < len(scenes) and scenes[index + 1].quotations and scenes[index + 1].quotations[0].continues:
        index += 1
        first = scenes[index].quotations[0]
        pieces.append((index, (first.start, first.end)))
        if first.closed:
            break
    return pieces
