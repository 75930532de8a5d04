"""The analysis: the order of the rules, and from their drafts to Attributions."""

from collections.abc import Iterable, Iterator, Sequence

from summarizer.article import Article, Reading, read
from summarizer.attribution.according import according_to
from summarizer.attribution.attribution import Actor, Attribution, Speech
from summarizer.attribution.cast import assemble
from summarizer.attribution.clauses import clause
from summarizer.attribution.passages import Range, passages
from summarizer.attribution.resolve import resolve
from summarizer.attribution.scene import Draft, Scene, scenes
from summarizer.attribution.tags import tag
from summarizer.spans import Span


def attributions(article: Article) -> list[Attribution]:
    """Who is said to say what in an article, in the order of the text."""
    return list(attribute(read(article)))


def attribute(reading: Reading) -> tuple[Attribution, ...]:
    """Who is said to say what in an article as read, in the order of the text."""
    paragraphs = passages(reading)
    stage = scenes(paragraphs)
    found = drafts(stage)
    holders = resolve(reading, stage, found, assemble(reading, paragraphs))
    return tuple(
        _attribution(reading, stage, draft, actors) for draft, actors in zip(found, holders, strict=True)
    )


def drafts(stage: Sequence[Scene]) -> list[Draft]:
    """What the rules find, in the order of the cues."""
    found: list[Draft] = []
    for scene in stage:
        found += _drafts(stage, scene)
    return found


def _drafts(stage: Sequence[Scene], scene: Scene) -> Iterator[Draft]:
    tags = list(_tags(stage, scene))
    yield from tags
    taken = {draft.cue[0][0] for draft in tags}
    edges = sorted(_edge(draft) for draft in tags)
    known: Range | None = None
    sentence = (-1, -1)
    for word, cue in scene.cues:
        if word in taken:
            continue
        here = scene.sentence(word)
        if here != sentence:
            sentence, known = here, None
        stop = next((edge for edge in edges if word < edge < here[1]), here[1])
        draft = clause(scene, word, cue, here[0], stop, known)
        if draft is not None:
            known = draft.source[0] if draft.source else known
            yield draft


def _edge(draft: Draft) -> int:
    """Where a tag begins."""
    return min(part[0] for part in draft.source + draft.cue)


def _tags(stage: Sequence[Scene], scene: Scene) -> Iterator[Draft]:
    floor = 0
    words = {word for word, lower in enumerate(scene.passage.lower) if lower == "according"}
    words = {word for word in words if scene.within[word] < 0}
    cues = dict(scene.cues)
    for word in sorted(words | set(cues)):
        draft = according_to(scene, word, floor) if word in words else tag(stage, scene, word, cues[word], floor)
        if draft is not None:
            floor = max(part[1] for part in draft.source + draft.cue)
            yield draft


def _attribution(reading: Reading, stage: Sequence[Scene], draft: Draft, holders: tuple[Actor, ...]) -> Attribution:
    text = reading.article.text
    passage = stage[draft.passage].passage

    def spans(parts: Iterable[Range]) -> tuple[Span, ...]:
        return tuple(span for part in parts for span in passage.spans(text, part))

    content = tuple(
        span for index, part in draft.content for span in stage[index].passage.spans(text, part)
    )
    numbers = sorted({n for index, part in draft.content for n in stage[index].passage.numbers(part)})
    return Attribution(
        source=spans(draft.source),
        cue=spans(draft.cue),
        content=content,
        sentences=tuple(numbers),
        holders=holders,
        speech=_speech(stage, draft),
        certainty=draft.sense.certainty,
        act=draft.sense.act,
        polarity=draft.sense.polarity,
        rule=draft.rule,
    )


def _speech(stage: Sequence[Scene], draft: Draft) -> Speech:
    quoted = [
        stage[index].within[word] >= 0
        for index, (start, end) in draft.content
        for word in range(start, end)
        if stage[index].passage.words[word][0].isalnum()
    ]
    if quoted and all(quoted):
        return "direct"
    return "mixed" if any(quoted) else "indirect"
