"""Quotations that run over paragraphs: what a tag has before its own paragraph, and after it."""

from collections.abc import Sequence
from dataclasses import replace

from summarizer.attribution.grammar import STOPS
from summarizer.attribution.passages import Range
from summarizer.attribution.quotations import Quotation
from summarizer.attribution.scene import Draft, Scene


def carried(scenes: Sequence[Scene], scene: Scene, left: Range) -> list[tuple[int, Range]]:
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


def continued(scenes: Sequence[Scene], scene: Scene, end: int) -> list[tuple[int, Range]]:
    """The paragraphs that go on with a quotation left open at the end of this one."""
    pieces: list[tuple[int, Range]] = []
    index = scene.index
    if not scene.quotations or scene.quotations[-1].closed or not STOPS.issuperset(scene.passage.lower[end:]):
        return []
    while index + 1 < len(scenes) and scenes[index + 1].quotations and scenes[index + 1].quotations[0].continues:
        index += 1
        first = scenes[index].quotations[0]
        pieces.append((index, (first.start, first.end)))
        if first.closed:
            break
    return pieces


def orphans(scenes: Sequence[Scene], draft: Draft) -> Draft:
    """The draft with the paragraphs after it that are one quotation, without a speaker of their own."""
    index, last = draft.content[-1]
    if not scenes[index].quotation_at(last[1] - 1):
        return draft
    pieces: list[tuple[int, Range]] = []
    while index + 1 < len(scenes) and (quotation := _whole(scenes[index + 1])):
        index += 1
        pieces.append((index, (quotation.start, quotation.end)))
    return replace(draft, content=(*draft.content, *pieces)) if pieces else draft


def _whole(scene: Scene) -> Quotation | None:
    """The quotation that is all of a paragraph."""
    if len(scene.quotations) != 1 or scene.cues or scene.passage.kind != "prose":
        return None
    only = scene.quotations[0]
    return (
        only
        if only.start == 0 and only.end >= len(scene.passage.words) - 1 and (only.continues or only.words > 4)
        else None
    )


def each_once(found: Sequence[Draft]) -> list[Draft]:
    """The drafts without the paragraphs that a later tag has for its own, since a quotation runs on to it."""
    taken = {piece for draft in found for piece in draft.content[:-1] if piece[0] < draft.passage}
    if not taken:
        return list(found)
    own = [
        tuple(piece for piece in draft.content if piece[0] <= draft.passage or piece not in taken) for draft in found
    ]
    return [
        draft if left in ((), draft.content) else replace(draft, content=left)
        for draft, left in zip(found, own, strict=True)
    ]
