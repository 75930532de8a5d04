"""The analysis: the order of the rules, and from their drafts to Attributions."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from summarizer._types import Speech
from summarizer.article import Reading
from summarizer.attribution.according import according, according_to
from summarizer.attribution.attribution import Attribution, Entity
from summarizer.attribution.cast import Entities, assemble
from summarizer.attribution.certainty import certainty
from summarizer.attribution.clauses import clause
from summarizer.attribution.labels import label
from summarizer.attribution.lexicon import Cue
from summarizer.attribution.negation import negation
from summarizer.attribution.nominal import nominal
from summarizer.attribution.paragraphs import each_once, orphans
from summarizer.attribution.passages import Range, passages
from summarizer.attribution.passives import asked, by_agent, impression, told
from summarizer.attribution.resolve import resolve
from summarizer.attribution.scene import Draft, Scene, scenes
from summarizer.attribution.tags import tag
from summarizer.attribution.transcripts import is_own, transcript
from summarizer.spans import Span


def find_attributions(reading: Reading) -> tuple[tuple[Attribution, ...], Entities]:
    """Return the attributions of an article in the order of the text, and its entities."""
    paragraphs = passages(reading)
    stage = scenes(paragraphs)
    found = drafts(stage)
    entities = assemble(reading, paragraphs)
    holders = resolve(reading, stage, found, entities)
    attributed = (_attribution(reading, stage, draft, who) for draft, who in zip(found, holders, strict=True))
    return tuple(attributed), entities


def drafts(stage: Sequence[Scene]) -> list[Draft]:
    """What the rules find, in the order of the contents."""
    found: list[Draft] = []
    script = transcript(stage)
    for scene in stage:
        if scene.index in script:
            found += _spoken(stage, scene, script[scene.index])
            continue
        labelled = label(scene)
        here = _outer([*([labelled] if labelled else []), *_drafts(stage, scene)], scene)
        if here:
            last = max(range(len(here)), key=lambda each: here[each].content[-1])
            here[last] = orphans(stage, here[last])
        found += here
    found = each_once(found)
    return sorted(found, key=lambda draft: draft.content[0])


def _spoken(stage: Sequence[Scene], scene: Scene, turn: Draft | None) -> list[Draft]:
    """A paragraph of a transcript: it is its speaker's, and what it reports of others is found in it."""
    others = [draft for draft in _drafts(stage, scene) if not is_own(scene, draft)]
    return _outer([turn, *others] if turn else others, scene)


_NESTED = frozenset({"object", "preposition", "infinitive", "impression", "by-agent", "bare clause", "noun"})
"""The rules that are trusted in the narration, but not within what somebody is said to say."""


def _outer(found: Sequence[Draft], scene: Scene) -> list[Draft]:
    """The drafts without doubtful ones whose cue lies within the content of another."""
    depth = [0] * (len(scene.passage.words) + 1)
    for draft in found:
        if draft.rule == "by-agent":
            continue  # what it is said of is named, and can be a claim: "his claim that … was rejected by"
        for index, (start, end) in draft.content:
            if index == scene.index:
                depth[start] += 1
                depth[end] -= 1
    inside = list(accumulate(depth))
    return [draft for draft in found if draft.rule not in _NESTED or not inside[draft.cue[0][0]]]


def _drafts(stage: Sequence[Scene], scene: Scene) -> Iterator[Draft]:
    tags = {draft.cue[0][0]: draft for draft in _tags(stage, scene)}
    edges = sorted(_edge(draft) for draft in tags.values())
    known: Range | None = None
    sentence = (-1, -1)
    for word, cue in scene.cues:
        here = scene.sentence(word)
        if here != sentence:
            sentence, known = here, None
        draft = tags.get(word)
        if draft is None:
            edge = bisect_right(edges, word)
            stop = min(edges[edge], here[1]) if edge < len(edges) else here[1]
            draft = _leading(scene, word, cue, stop, known)
        if draft is not None:
            known = draft.source[0] if draft.source and draft.rule not in _NO_SUBJECT else known
            if word not in tags:
                yield draft
    yield from tags.values()


_NO_SUBJECT = frozenset({"by-agent", "asked", "noun"})
"""Rules whose source is not the subject of what follows in the sentence."""


def _leading(scene: Scene, word: int, cue: Cue, stop: int, known: Range | None) -> Draft | None:
    """What the rules for cues before their content find, and those for passives."""
    floor = scene.sentence(word)[0]
    return (
        asked(scene, word, cue, floor, stop)
        or told(scene, word, cue, floor, stop)
        or by_agent(scene, word, cue, floor, stop)
        or impression(scene, word, cue, floor, stop)
        or clause(scene, word, cue, stop, known)
        or nominal(scene, word, cue, floor, stop)
    )


def _edge(draft: Draft) -> int:
    """Where a tag begins."""
    return min(part[0] for part in draft.source + draft.cue)


def _tags(stage: Sequence[Scene], scene: Scene) -> Iterator[Draft]:
    floor = 0
    words = set(according(scene))
    cues = dict(scene.cues)
    for word in sorted(words | set(cues)):
        draft = according_to(scene, word, floor) if word in words else tag(stage, scene, word, cues[word], floor)
        if draft is not None:
            floor = max(part[1] for part in draft.source + draft.cue)
            yield draft


def _attribution(reading: Reading, stage: Sequence[Scene], draft: Draft, holders: tuple[Entity, ...]) -> Attribution:
    text = reading.article.text
    passage = stage[draft.passage].passage

    def spans(parts: Iterable[Range]) -> tuple[Span, ...]:
        return tuple(span for part in parts for span in passage.spans(text, part))

    content = tuple(span for index, part in draft.content for span in stage[index].passage.spans(text, part))
    denied, unsaid = negation(stage, draft)
    numbers = sorted({n for index, part in draft.content for n in stage[index].passage.numbers(part)})
    return Attribution(
        source=spans(draft.source),
        cue=spans(draft.cue),
        content=content,
        sentences=tuple(numbers),
        holders=holders,
        speech=_speech(stage, draft),
        certainty=certainty(stage, draft),
        act=draft.sense.act,
        polarity=draft.sense.polarity,
        rule=draft.rule,
        denied=denied,
        unsaid=unsaid,
    )


def _speech(stage: Sequence[Scene], draft: Draft) -> Speech:
    """Whether all the words of the content stand within quotation marks, some, or none; a transcript needs no marks."""
    if draft.rule == "speaker label":
        return "direct"
    quoted, plain = False, False
    for index, (start, end) in draft.content:
        within = stage[index].within[start:end]
        if max(within) < 0:
            plain = True
            continue
        quoted = True
        words = stage[index].passage.words[start:end]
        plain = plain or any(inside < 0 and word[0].isalnum() for inside, word in zip(within, words, strict=True))
    if not quoted:
        return "indirect"
    return "mixed" if plain else "direct"
