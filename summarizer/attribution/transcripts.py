"""Transcripts and interviews: paragraphs that begin with their speaker, and are that speaker's own words.

``HOST: Welcome.``, ``Anna Berg: It must go.``; ``Q:`` and ``A:``, where the one who answers is named
before the first question.
"""

from collections import Counter
from collections.abc import Sequence

from summarizer.attribution.cast import Entities
from summarizer.attribution.extents import trim_end
from summarizer.attribution.grammar import word_set
from summarizer.attribution.labels import LABELLED, NO_SPEAKERS, label_end
from summarizer.attribution.namebook import namebook
from summarizer.attribution.names import bare
from summarizer.attribution.passages import Range
from summarizer.attribution.scene import Draft, Scene

ASKS = word_set("q question")
ANSWERS = word_set("a answer")
_FEWEST = 3
"""How many labels make a transcript, where other paragraphs stand between them."""
_SPARSEST = 6
"""One paragraph in so many, between the first label and the last, has a label."""
_FIRST_PERSON = word_set("i we i'm i've i'd i'll we're we've we'd we'll my our")

Labels = dict[int, Range]
"""For each passage that begins with a speaker, the words of the label."""


def transcript(stage: Sequence[Scene]) -> dict[int, Draft | None]:
    """The passages that belong to a speaker, each with its attribution; with none where it is a question's."""
    labels = _labels(stage)
    found: dict[int, Draft | None] = {}
    speaker = -1
    for scene in stage[min(labels, default=len(stage)) :]:
        if scene.index in labels:
            speaker = scene.index
            start = labels[speaker][1] + 1
        elif _is_spoken(scene):
            start = 0
        else:
            continue
        found[scene.index] = _turn(stage, scene, speaker, labels[speaker], start)
    return found


def _turn(stage: Sequence[Scene], scene: Scene, speaker: int, label: Range, start: int) -> Draft | None:
    """The attribution of a paragraph, from ``start`` on, to the label of this or an earlier passage."""
    end = trim_end(scene, start, len(scene.passage.words))
    if start >= end or _key(stage[speaker], label) in ASKS:
        return None
    colon, content = (label[1], label[1] + 1), (scene.index, (start, end))
    return Draft(speaker, (label,), (colon,), (content,), LABELLED, "speaker label")


def _labels(stage: Sequence[Scene]) -> Labels:
    """The labels of a transcript; none where the text is no transcript."""
    every = {scene.index: (0, end) for scene in stage if (end := label_end(scene)) > 0}
    keys = {index: _key(stage[index], label) for index, label in every.items()}
    counted = Counter(keys.values())
    interview = all(sum(counted[key] for key in side) > 1 for side in (ASKS, ANSWERS))
    sure = [
        index
        for index, label in every.items()
        if (
            interview
            if keys[index] in ASKS | ANSWERS
            else counted[keys[index]] > 1 or _is_capitals(stage[index], label)
        )
    ]
    if len({keys[index] for index in sure}) < 2 or (len(sure) < _FEWEST and len(sure) < len(stage)):
        return {}
    first, last = sure[0], sure[-1]
    return {i: label for i, label in every.items() if i >= first} if len(sure) * _SPARSEST > last - first else {}


def _is_capitals(scene: Scene, label: Range) -> bool:
    return label[1] + len(scene.passage.words[0]) > 2 and scene.passage.quote(label).isupper()


def _key(scene: Scene, label: Range) -> str:
    return " ".join(scene.passage.lower[slice(*label)])


def _is_spoken(scene: Scene) -> bool:
    """Whether a paragraph without a label can go on with what a speaker says: no "[Laughter]", no "READ MORE: …"."""
    passage = scene.passage
    if passage.kind != "prose" or not any(word[0].isalnum() for word in passage.words):
        return False
    if passage.lower[0] in NO_SPEAKERS and ":" in passage.lower[:4]:
        return False
    return not passage.is_aside


def is_own(scene: Scene, draft: Draft) -> bool:
    """Whether a cue within a speaker's words is the speaker's: "I think that …" adds nothing to them."""
    if not draft.source:
        return False
    start, end = draft.source[0]
    return end - start == 1 and scene.passage.lower[start] in _FIRST_PERSON


def interviewee(stage: Sequence[Scene], cast: Entities) -> int | None:
    """The index in the cast of who answers: the person most named before the first question, if it is clear."""
    first = next((scene.index for scene in stage if (end := label_end(scene)) > 0 and _key(scene, (0, end)) in ASKS), 0)
    counted = Counter(
        mention.entity for here in cast.mentions[:first] for mention in here if _is_person(cast, mention.entity)
    )
    ranked = counted.most_common(2)
    if len(ranked) == 1 or (len(ranked) == 2 and ranked[0][1] > ranked[1][1]):
        return ranked[0][0]
    return None


def _is_person(cast: Entities, index: int) -> bool:
    """Whether a name is surely a person's: by its title, its role, or its two words with a given name first."""
    entity = cast.members[index]
    if entity.kind != "person":
        return False
    titles = namebook().titles
    titled = any(bare(form.split()[0]) in titles for form in entity.aliases if form.split()[1:])
    return titled or bool(entity.role) or len(entity.name.split()) > 1
