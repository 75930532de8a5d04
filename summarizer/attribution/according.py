"""``according to X``: the source after the cue, the content around both."""

from summarizer.attribution.extents import content_end, trim_end
from summarizer.attribution.grammar import COORDINATORS, STOPS
from summarizer.attribution.lexicon import Sense
from summarizer.attribution.phrases import phrase_after
from summarizer.attribution.scene import Draft, Scene

_SENSE = Sense("according", "said", "asserted", None, frozenset(), frozenset())


def according_to(scene: Scene, word: int, floor: int) -> Draft | None:
    """The attribution of an "according to" at ``word``."""
    lower = scene.passage.lower
    start, stop = scene.sentence(word)
    if word + 2 >= stop or lower[word + 1] != "to":
        return None
    source = phrase_after(scene.passage, word + 2, stop)
    if source is None:
        return None
    start = max(start, floor)
    while start < word and lower[start] in COORDINATORS:
        start += 1
    before = (start, trim_end(scene, start, word))
    following = source[1] + 1
    after = (following, content_end(scene, following, True, stop)) if _goes_on(scene, source[1], stop) else (0, 0)
    if word - start <= 2:
        before = (0, 0)
    pieces = [piece for piece in (before, after) if piece[1] - piece[0] > 1]
    if not pieces:
        return None
    content = tuple((scene.index, piece) for piece in pieces)
    return Draft(scene.index, (source,), ((word, word + 2),), content, _SENSE, "according to")


def _goes_on(scene: Scene, word: int, stop: int) -> bool:
    return word + 2 < stop and scene.passage.lower[word] == ","
