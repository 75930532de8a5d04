"""Passives and impressions: a content whose holder stands after "by", or is not named at all.

``was asked by reporters about …``, ``a plan endorsed by the union``, ``is expected to …``, ``seems to …``
"""

from summarizer.attribution.extents import content_end, has_verb, trim_end
from summarizer.attribution.grammar import (
    BE,
    COORDINATORS,
    DETERMINERS,
    MARKS,
    PREPOSITIONS,
    PRONOUNS,
    QUESTIONS,
    RELATIVES,
    SUBORDINATORS,
    is_adverb,
)  # fmt: skip
from summarizer.attribution.lexicon import Cue
from summarizer.attribution.lists import is_name
from summarizer.attribution.passages import Passage, Range
from summarizer.attribution.phrases import phrase_after, phrase_before
from summarizer.attribution.scene import Draft, Scene
from summarizer.attribution.subjects import subject_before


def asked(scene: Scene, word: int, cue: Cue, floor: int, stop: int) -> Draft | None:
    """``when asked by CNN about the plan, …``: what is asked follows, and who asks only after "by"."""
    if cue.lemma not in ("ask", "press", "question", "quiz") or "participle" not in cue.forms:
        return None
    subject, group = subject_before(scene.passage, word, floor)
    lower = scene.passage.lower
    before = lower[group - 1] if group > floor else "."
    passive = any(lower[each] in BE for each in range(group, word))
    if not passive and before not in MARKS and before not in SUBORDINATORS and before not in COORDINATORS:
        return None
    if subject is not None and subject[1] == group - 1 and before == ",":
        return None  # "Mr Hill, a judge, asked"
    begin = word + 1
    source: tuple[Range, ...] = ()
    if begin + 1 < stop and lower[begin] == "by":
        agent = phrase_after(scene.passage, begin + 1, stop)
        if agent:
            begin = next((each for each in range(agent[0], agent[1]) if _asks(lower[each])), agent[1])
            source = ((agent[0], begin),)
    begin = next((each for each in range(begin, min(begin + 8, stop)) if _asks(lower[each])), stop)
    end = min(content_end(scene, begin, False, stop), _pause(scene, begin, stop))
    if end - begin < 2:
        return None
    return Draft(scene.index, source, ((word, word + 1),), ((scene.index, (begin, end)),), cue.sense(), "asked")


def _asks(word: str) -> bool:
    return word in QUESTIONS or word in ("about", "to")


def _pause(scene: Scene, start: int, stop: int) -> int:
    return next((word for word in range(start, stop) if scene.passage.lower[word] == ","), stop)


def impression(scene: Scene, word: int, cue: Cue, floor: int, stop: int) -> Draft | None:
    """``Mr Hill seems to …``, ``is expected to …``: the content surrounds the cue, and nobody is named."""
    lower = scene.passage.lower
    if word + 2 >= stop or not ("seem" in cue.frames or "participle" in cue.forms):
        return None
    subject, group = subject_before(scene.passage, word, floor)
    if subject is None:
        return None
    if "seem" in cue.frames:
        fits = lower[word + 1] not in _NO_IMPRESSIONS
    else:
        passive = any(lower[each] in BE for each in range(group, word))
        impersonal = lower[subject[0]] in ("it", "it's") and _opens_clause(scene, word + 1, stop)
        fits = passive and (impersonal or (cue.lemma in _EXPECTED and lower[word + 1] == "to"))
    if not fits:
        return None
    end = content_end(scene, word + 1, True, stop)
    pieces = [(word + 1, end)] if lower[subject[0]] in ("it", "it's", "there") else [subject, (word + 1, end)]
    content = tuple((scene.index, piece) for piece in pieces if piece[0] < piece[1])
    return Draft(scene.index, (), ((word, word + 1),), content, cue.sense("seem"), "impression")


_NO_IMPRESSIONS = PREPOSITIONS - {"like", "as"} | MARKS
_EXPECTED = frozenset({"expect", "say", "believe", "think", "report", "allege"})
"""What is said of somebody in the passive, by nobody in particular: "is said to be rich"."""


def _is_figure(passage: Passage, words: Range) -> bool:
    """Whether it is a number: "voted by 212 to 94"."""
    return words[1] - words[0] == 1 and passage.lower[words[0]][0].isdigit()


def _agent(scene: Scene, word: int, cue: Cue, stop: int) -> int:
    """Where the "by" stands: after the participle, or after what it is called, or accused of; -1 where none does."""
    lower = scene.passage.lower
    if word + 1 < stop and lower[word + 1] == "by":
        return word + 1
    complement = word + 1 < stop and (lower[word + 1] in _COMPLEMENTS or scene.quotation_from(word + 1))
    strong = any(sense.strong and "object" in sense.frames for sense in cue.senses)
    if not complement or not strong or lower[word - 1] not in BE:
        return -1
    within = range(word + 2, min(stop, word + _FAR))
    return next((each for each in within if lower[each] == "by" and scene.within[each] < 0), -1)


_COMPLEMENTS = frozenset({"as", "of", "for", "a", "an"})
_FAR = 12
"""In words: how far from a participle its "by" can stand."""


def told(scene: Scene, word: int, cue: Cue, floor: int, stop: int) -> Draft | None:
    """``was told (by the mayor) that …``, ``were urged to …``: who says it follows after "by", or is not named."""
    lower = scene.passage.lower
    heard = "hearer" in cue.frames and cue.sense("hearer").act == "said"
    if "participle" not in cue.forms or not (heard or cue.lemma in _URGED):
        return None
    _, group = subject_before(scene.passage, word, floor)
    if not any(lower[each] in BE for each in range(group, word)):
        return None
    begin = word + 1
    source: tuple[Range, ...] = ()
    if begin + 1 < stop and lower[begin] == "by":
        agent = phrase_after(scene.passage, begin + 1, stop)
        if agent is None:
            return None
        source, begin = (agent,), agent[1]
    if begin + 1 >= stop or not (
        _opens_told(lower[begin], lower[begin + 1]) or (heard and not source and _opens_clause(scene, begin, stop))
    ):
        return None
    content = (scene.index, (begin, content_end(scene, begin, True, stop)))
    return Draft(scene.index, source, ((word, word + 1),), (content,), cue.sense("hearer"), "told")


_URGED = frozenset({"warn", "urge", "order", "instruct", "advise", "caution", "encourage"})


def _opens_told(first: str, second: str) -> bool:
    return first in ("that", "to") or (first == "not" and second == "to") or first in QUESTIONS


def _opens_clause(scene: Scene, start: int, stop: int) -> bool:
    """Whether a clause begins at ``start``, with "that" or bare: "is believed the mayor knew"."""
    lower = scene.passage.lower
    if lower[start] == "that":
        return True
    opens = lower[start] in DETERMINERS or lower[start] in PRONOUNS or is_name(scene.passage, start)
    ends = next((word for word in range(start, stop) if lower[word] in _TURNS), stop)
    return opens and has_verb(scene, start, ends)


_TURNS = RELATIVES | MARKS


def by_agent(scene: Scene, word: int, cue: Cue, floor: int, stop: int) -> Draft | None:
    """``was criticised by the union``, ``a plan backed by the mayor``: the content before, the source after."""
    passage = scene.passage
    agent = _agent(scene, word, cue, stop)
    if agent < 0 or agent + 1 >= stop or "participle" not in cue.forms:
        return None
    source = phrase_after(passage, agent + 1, stop)
    group = word
    while group > floor and (
        passage.lower[group - 1] in BE
        or is_adverb(passage.lower[group - 1])
        or (passage.lower[group - 1] in ("has", "have", "had"))
    ):
        group -= 1
    end = trim_end(scene, floor, group)
    if end > floor and passage.lower[end - 1] in RELATIVES:
        end = trim_end(scene, floor, end - 1)
    content: Range | None = phrase_before(passage, end, floor)
    if source is None or content is None or passage.lower[source[0]].endswith("ing") or _is_figure(passage, source):
        return None
    if content[0] > floor and passage.lower[content[0] - 1] in BE:
        content = (floor, content[1])  # "the claim that it is safe was rejected by"
    pieces = tuple((scene.index, piece) for piece in (content, (word + 1, agent)) if piece[0] < piece[1])
    return Draft(scene.index, (source,), ((word, word + 1),), pieces, cue.sense("object"), "by-agent")
