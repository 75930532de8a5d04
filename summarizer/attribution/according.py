"""``according to X``, ``in a new poll``: the source after the cue, the content around both."""

from summarizer.attribution.extents import content_end, trim_end
from summarizer.attribution.grammar import COORDINATORS, word_set
from summarizer.attribution.lexicon import Sense
from summarizer.attribution.phrases import phrase_after
from summarizer.attribution.scene import Draft, Scene

_SENSE = Sense("according", "said", "asserted", None, frozenset(), frozenset())


_POLLS = word_set("poll polls survey surveys polling")


def according(scene: Scene) -> list[int]:
    """The words of a passage at which "according to", or "in a poll", begins."""
    lower = scene.passage.lower
    if "according" not in lower and _POLLS.isdisjoint(lower):
        return []
    return [word for word, each in enumerate(lower) if each in ("according", "in") and _opens(scene, word)]


def _opens(scene: Scene, word: int) -> bool:
    """Whether "according to", or "in a poll", begins at ``word``."""
    lower = scene.passage.lower
    if scene.within[word] >= 0 or word + 2 >= len(lower):
        return False
    if lower[word] == "according":
        return lower[word + 1] == "to"
    return lower[word] == "in" and not _POLLS.isdisjoint(lower[word + 2 : word + 8])


def according_to(scene: Scene, word: int, floor: int) -> Draft | None:
    """The attribution of an "according to" or an "in a poll" at ``word``."""
    lower = scene.passage.lower
    start, stop = scene.sentence(word)
    poll = lower[word] == "in"
    first = word + (1 if poll else 2)
    source = phrase_after(scene.passage, first, stop) if first < stop else None
    if (
        source is not None
        and poll
        and (_POLLS.isdisjoint(lower[source[0] : source[1]]) or not _counts(scene, start, stop))
    ):
        return None
    if source is None:
        return None
    start = max(start, floor)
    while start < word and lower[start] in COORDINATORS:
        start += 1
    before = (start, trim_end(scene, start, word))
    pause = _pause(scene, source[1], stop) if before[1] - before[0] < 3 or _interrupts(scene, word) else source[1]
    following = pause + 1
    after = (following, content_end(scene, following, True, stop)) if _goes_on(scene, pause, stop) else (0, 0)
    if word - start <= 2:
        before = (0, 0)
    pieces = [piece for piece in (before, after) if piece[1] - piece[0] > 1]
    if not pieces:
        return None
    content = tuple((scene.index, piece) for piece in pieces)
    return Draft(scene.index, (source,), ((word, first),), content, _SENSE, "according to")


def _counts(scene: Scene, start: int, stop: int) -> bool:
    """Whether a sentence gives figures, or says who leads."""
    return any(word[0].isdigit() or word in _LEADS for word in scene.passage.lower[start:stop])


_LEADS = word_set("percent lead leads leading led ahead trails trailing points most majority")


def _interrupts(scene: Scene, word: int) -> bool:
    """Whether a pause before an "according to" sets it off from its content: "The tax, according to …, is high"."""
    return word > 0 and scene.passage.lower[word - 1] in (",", "—", "–")


def _pause(scene: Scene, word: int, stop: int) -> int:
    """The first comma from ``word`` on: what describes a source can lie between."""
    lower = scene.passage.lower
    return next((each for each in range(word, min(stop, word + _DESCRIBED)) if lower[each] == ","), word)


_DESCRIBED = 14
"""In words: how long what describes a source can be."""


def _goes_on(scene: Scene, word: int, stop: int) -> bool:
    lower = scene.passage.lower
    return word + 2 < stop and lower[word] == "," and lower[word + 1] not in ("including", "which", "who")
