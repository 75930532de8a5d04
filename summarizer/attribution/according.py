"""``according to X``, ``in a new poll``: the source after the cue, the content around both."""

from summarizer.attribution.extents import content_end, trim_end
from summarizer.attribution.grammar import COORDINATORS, PAUSES, POSSESSIVES, word_set
from summarizer.attribution.lexicon import Sense
from summarizer.attribution.passages import Range
from summarizer.attribution.phrases import phrase_after
from summarizer.attribution.scene import Draft, Scene

_SENSE = Sense("according", "said", "asserted", None, frozenset(), frozenset())


_POLLS = word_set("poll polls survey surveys polling")


def according(scene: Scene) -> list[int]:
    """The words of a passage at which "according to", or "in a poll", begins."""
    lower = scene.passage.lower
    if "according" not in lower and _POLLS.isdisjoint(lower) and _VIEWS.isdisjoint(lower):
        return []
    return [word for word, each in enumerate(lower) if each in ("according", "in") and _opens(scene, word)]


_VIEWS = word_set("view opinion words judgment judgement telling estimation")
"""What somebody's is, where "in" before it attributes: "in Ms Hill's view", "in the words of Ms Hill"."""


def _opens(scene: Scene, word: int) -> bool:
    """Whether "according to", or "in a poll", begins at ``word``."""
    lower = scene.passage.lower
    if scene.within[word] >= 0 or word + 2 >= len(lower):
        return False
    if lower[word] == "according":
        return lower[word + 1] == "to"
    return lower[word] == "in" and not (
        _POLLS.isdisjoint(lower[word + 2 : word + 8]) and _VIEWS.isdisjoint(lower[word + 2 : word + 8])
    )


def according_to(scene: Scene, word: int, floor: int) -> Draft | None:
    """The attribution of an "according to" or an "in a poll" at ``word``."""
    lower = scene.passage.lower
    start, stop = scene.sentence(word)
    found = _source(scene, word, start, stop)
    if found is None:
        return None
    source, cue, end = found
    start = max(start, floor)
    while start < word and lower[start] in COORDINATORS:
        start += 1
    before = (start, trim_end(scene, start, word))
    pause = _pause(scene, end, stop) if before[1] - before[0] < 3 or _interrupts(scene, word) else end
    following = pause + (lower[pause : pause + 1] == (",",))
    after = (following, content_end(scene, following, True, stop)) if _goes_on(scene, pause, stop) else (0, 0)
    if word - start <= 2:
        before = (0, 0)
    pieces = [piece for piece in (before, after) if piece[1] - piece[0] > 1]
    if not pieces:
        return None
    content = tuple((scene.index, piece) for piece in pieces)
    return Draft(scene.index, (source,), cue, content, _SENSE, "according to")


def _source(scene: Scene, word: int, start: int, stop: int) -> tuple[Range, tuple[Range, ...], int] | None:
    """The source, the words of the cue, and where both end, of what begins at ``word``."""
    lower = scene.passage.lower
    first = word + (1 if lower[word] == "in" else 2)
    source = phrase_after(scene.passage, first, stop) if first < stop else None
    if source is None:
        return None
    if lower[word] == "according":
        return source, ((word, first),), source[1]
    if not _POLLS.isdisjoint(lower[slice(*source)]) and _counts(scene, start, stop):
        return source, ((word, first),), source[1]
    return _viewed(scene, word, source, stop) if word == start or lower[word - 1] in PAUSES else None


def _viewed(scene: Scene, word: int, phrase: Range, stop: int) -> tuple[Range, tuple[Range, ...], int] | None:
    """Whose view it is: of "the view of Ms Hill" and "Ms Hill's view", after an "in" at ``word``."""
    lower = scene.passage.lower
    view = next((each for each in range(*phrase) if lower[each] in _VIEWS), -1)
    if view < 0:
        return None
    if lower[view + 1 : view + 2] == ("of",) and view + 2 < stop:
        whose = phrase_after(scene.passage, view + 2, stop)
        return None if whose is None else (whose, ((word, view + 2),), whose[1])
    owned = lower[view - 1].endswith("'s") or lower[view - 1] in POSSESSIVES
    return ((phrase[0], view), ((word, word + 1), (view, view + 1)), view + 1) if owned else None


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
    pauses = (each for each in range(word, min(stop, word + _DESCRIBED)) if lower[each] == ",")
    return next((each for each in pauses if lower[each + 1 : each + 2] != ("and",)), word)


_DESCRIBED = 14
"""In words: how long what describes a source can be."""


def _goes_on(scene: Scene, word: int, stop: int) -> bool:
    lower = scene.passage.lower
    if word + 2 >= stop or lower[word + 1] in ("including", "which", "who"):
        return False
    return lower[word] == "," or scene.quotation_from(word) is not None or lower[word - 1] in _VIEWS
