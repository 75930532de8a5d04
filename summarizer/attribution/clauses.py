"""Clauses: a cue, and then its content. ``X said that …``, ``vowed to …``, ``accused Y of …``."""

from typing import NamedTuple

from summarizer.attribution.extents import begins_verb, content_end, has_verb, skip_adjuncts, trim_end
from summarizer.attribution.grammar import (
    AUXILIARIES,
    BE,
    MARKS,
    MODALS,
    PREPOSITIONS,
    PRONOUNS,
    QUESTIONS,
    RELATIVES,
    SUBORDINATORS,
    word_set,
)  # fmt: skip
from summarizer.attribution.hearers import begins_hearer, hearer_end
from summarizer.attribution.lexicon import Cue
from summarizer.attribution.passages import Range
from summarizer.attribution.phrases import REACH
from summarizer.attribution.readings import reading
from summarizer.attribution.scene import Draft, Scene

_CLAUSES = frozenset({"clause", "that", "tag"})
"""The frames in which "that", a question word or a quotation can follow."""


class _Target(NamedTuple):
    """A content found after a cue."""

    rule: str
    begin: int
    end: int
    frame: str = ""
    preposition: str = ""


def clause(scene: Scene, word: int, cue: Cue, stop: int, known: Range | None) -> Draft | None:
    """The attribution whose cue is at ``word``, where its content follows.

    The content ends at ``stop`` at the latest. ``known`` is the source of the cue before in the same
    sentence: the subject of "and added".
    """
    lower = scene.passage.lower
    start, _ = scene.sentence(word)
    stands, source, _ = reading(scene, word, cue, start, known)
    if stands in ("", "passive") or source is None or _is_hearsay(scene, source):
        return None
    target = _target(scene, word, cue, _relative_end(scene, source, word, stop))
    if target is None or target.begin >= target.end:
        return None
    sense = cue.sense(target.frame, target.preposition)
    if stands == "participle" and target.rule in _LOOSE and known is None and lower[word - 1] != ",":
        return None
    if target.rule in _LOOSE and not (stands in _PLAIN or sense.strong):
        return None
    words = (word, target.begin if target.preposition else word + 1)
    if target.rule in ("object", "preposition") and lower[source[0]] in ("who", "that"):
        target = target._replace(end=trim_end(scene, target.begin, _restricted_end(scene, target.begin, target.end)))
    content = ((scene.index, (target.begin, target.end)),)
    return Draft(scene.index, (source,), (words,), content, sense, target.rule)


def _relative_end(scene: Scene, source: Range, word: int, stop: int) -> int:
    """Where a content in a relative clause ends at the latest: "Mr Hill, who said it was late, left" ends at "left"."""
    lower = scene.passage.lower
    relative = source[0] if lower[source[0]] in _RELATIVE else source[0] - 1
    if relative < 1 or lower[relative] not in _RELATIVE or lower[relative - 1] not in (",", "—", "–"):
        return stop
    pause, stated = lower[relative - 1], lower[word + 1 : word + 2] != ("that",)
    for each in range(word + 2, min(stop, word + REACH) - 1):
        if stated and lower[each] == pause and scene.within[each] < 0 and begins_verb(scene, each + 1, stop):
            return each
        stated = stated or begins_verb(scene, each, stop)
    return stop


def _restricted_end(scene: Scene, start: int, end: int) -> int:
    """Where the object of "those who love the tram have long …" ends: before the verb that the "those" belong to."""
    lower = scene.passage.lower
    for word in range(start + 1, end):
        if lower[word] in SUBORDINATORS or lower[word] in RELATIVES or scene.within[word] >= 0:
            return end
        if lower[word] in _FINITE and lower[word - 1] not in PRONOUNS and lower[word - 1] != "to":
            return word
    return end


_FINITE = (AUXILIARIES | MODALS) - {"be", "been", "being"}


_RELATIVE = word_set("who which whom whose where")


def _is_hearsay(scene: Scene, source: Range) -> bool:
    """Whether the source is the "it" of "I have heard it said that", which is nobody, or no noun: "having"."""
    lower = scene.passage.lower
    if source[1] - source[0] == 1 and lower[source[0]] in _NO_SOURCES:
        return True
    return lower[source[0]] == "it" and lower[source[0] - 1] in ("hear", "heard", "hears", "hearing")


_NO_SOURCES = word_set("having being there quite")
_PLAIN = frozenset({"finite", "adjective"})
_LOOSE = frozenset({"object", "preposition", "infinitive"})
"""The rules that need more than an -ing form to find a statement: "in supporting the bill" is none."""


def _target(scene: Scene, word: int, cue: Cue, stop: int) -> _Target | None:
    """The content after the cue at ``word``, in the first frame that fits."""
    if word + 1 >= stop or _stranded(scene, word, cue, stop):
        return None
    return _told(scene, word, cue, stop) or _clause(scene, word, cue, stop) or _phrase(scene, word, cue, stop)


def _told(scene: Scene, word: int, cue: Cue, stop: int) -> _Target | None:
    """``told reporters that …``."""
    if "hearer" not in cue.frames or not begins_hearer(scene, word + 1):
        return None
    hearer = hearer_end(scene, word + 1, stop)
    begin = _past_colon(scene, skip_adjuncts(scene, hearer, stop), stop)
    if begin >= stop or (scene.passage.lower[begin] in MARKS and not scene.quotation_from(begin)):
        return None
    return _Target("hearer", begin, content_end(scene, begin, True, stop), "hearer")


def _clause(scene: Scene, word: int, cue: Cue, stop: int) -> _Target | None:
    """``said that …``, ``asked whether …``, ``said: “…”``, ``said the plan was dead``."""
    if not cue.frames & _CLAUSES:
        return None
    lower = scene.passage.lower
    first = word + 1
    out = "out" if lower[first] == "out" and "out" in cue.prepositions else ""
    first += bool(out)
    after = skip_adjuncts(scene, first, stop)
    stop = _fronted_end(scene, word, stop)
    begin = _past_colon(scene, after, stop)
    if begin >= stop:
        return None
    if scene.quotation_from(begin):
        return _Target("quotation after cue", begin, content_end(scene, begin, True, stop), "clause")
    asks = lower[begin] in QUESTIONS and not cue.frames.isdisjoint({"clause", "that"})
    if lower[begin] == "that" or asks or lower[after] == ":":
        return _Target("clause after cue", begin, content_end(scene, begin, True, stop), "that", out)
    if "clause" not in cue.frames or lower[after] in MARKS or lower[after] in ("to", "or", "nor"):
        return None
    if lower[word + 1] not in cue.prepositions and (cue.lemma == "say" or has_verb(scene, after, stop)):
        return _Target("bare clause", after, content_end(scene, after, True, stop), "clause")
    return None


def _fronted_end(scene: Scene, word: int, stop: int) -> int:
    """Where a content ends at the latest: "While he says it is dead, she goes on" ends at the comma."""
    lower = scene.passage.lower
    start = scene.sentence(word)[0]
    start += lower[start] in ("so", "and", "but", "yet")
    if lower[start] not in _FRONTED or "," in lower[start:word]:
        return stop
    return next((each for each in range(word + 2, stop) if lower[each] == "," and scene.within[each] < 0), stop)


_FRONTED = word_set("while although though after when as since if because before whereas once")


def _phrase(scene: Scene, word: int, cue: Cue, stop: int) -> _Target | None:
    """``vowed to …``, ``called for …``, ``praised …``."""
    lower = scene.passage.lower
    following = word + 1
    if "to" in cue.frames and lower[following] == "to":
        return _Target("infinitive", following, content_end(scene, following, True, stop), "to")
    if lower[following] in cue.prepositions and following + 1 < stop:
        begin = following + 1
        return _Target("preposition", begin, content_end(scene, begin, False, stop), "", lower[following])
    if cue.forms >= {"base", "past"} and (lower[following] in BE or lower[following] in MODALS):  # "the forecast was"
        return None
    if ("object" in cue.frames and lower[following] not in _NO_OBJECTS) or (
        "object" in cue.frames and scene.quotation_from(following)
    ):
        return _Target("object", following, content_end(scene, following, False, stop), "object")
    return None


_NO_OBJECTS = MARKS | PREPOSITIONS - {"as"} | {"to"}
"""Words that begin no object."""


def _stranded(scene: Scene, word: int, cue: Cue, stop: int) -> bool:
    """Whether the content of a preposition stands before its cue: "all they argue about: the bridge, the road"."""
    lower = scene.passage.lower
    if word + 2 >= stop or lower[word + 1] not in cue.prepositions or lower[word + 2] != ":":
        return False
    return scene.quotation_from(word + 3) is None


def _past_colon(scene: Scene, word: int, stop: int) -> int:
    """Past a colon or a comma before a quotation."""
    lower = scene.passage.lower
    if word + 1 < stop and (lower[word] == ":" or (lower[word] == "," and scene.quotation_from(word + 1))):
        return word + 1
    return word
