"""Extents: where the content of a cue ends, and where what stands around a cue goes on."""

from summarizer.attribution.grammar import (
    AUXILIARIES,
    BE,
    COORDINATORS,
    DAYS,
    DETERMINERS,
    MODALS,
    PREPOSITIONS,
    PRONOUNS,
    STOPS,
    TIMES,
    VERBS,
    is_adverb,
    word_set,
)  # fmt: skip
from summarizer.attribution.lexicon import lexicon
from summarizer.attribution.lists import is_name
from summarizer.attribution.quotations import Quotation
from summarizer.attribution.scene import Scene
from summarizer.attribution.subjects import subject_before

_NEW_CLAUSE = word_set("but which who whom where while though although he she they it i we even then so whereas")
"""After a comma, what ends the object of a cue."""
_OCCASIONS = word_set(
    "interview interviews statement statements speech speeches email emails e-mail tweet letter memo remarks "
    "debate rally press conference op-ed essay blog article appearance interview address video report filing ad "
    "ads"
)


def content_end(scene: Scene, start: int, clause: bool, stop: int) -> int:
    """Where the content that begins at ``start`` ends, at ``stop`` at the latest.

    A ``clause`` goes on further than a noun phrase does.
    """
    lower = scene.passage.lower
    word = start
    while word < stop:
        quotation = scene.quotation_from(word)
        if quotation and word + 1 < quotation.end:
            word = min(quotation.end, stop)
            if word < stop and _closes_statement(scene, start, quotation, word):
                return word
            continue
        if lower[word] == ";" or (word > start and _ends(scene, word, clause, stop)):
            return word
        word += 1
    return trim_end(scene, start, stop)


def _closes_statement(scene: Scene, start: int, quotation: Quotation, word: int) -> bool:
    """Whether nothing after a quotation belongs to the content that it ends: "said, “Go,” but stayed"."""
    last = scene.passage.lower[quotation.end - 2]
    if last in STOPS:
        return is_name(scene.passage, word) or (scene.quotation_from(word) is None and quotation.start == start)
    if last == "," and _participle(scene, word):
        return True
    return last == "," and quotation.start == start and scene.passage.lower[word] in (*COORDINATORS, "which", "who")


def trim_end(scene: Scene, start: int, end: int) -> int:
    """``end`` without the stop and the pauses before it."""
    lower = scene.passage.lower
    while end > start and (lower[end - 1] in STOPS or lower[end - 1] in (",", ":", ";", "—", "–", "-", "--")):
        end -= 1
    return end


def _ends(scene: Scene, word: int, clause: bool, stop: int) -> bool:
    """Whether the content ends before ``word``."""
    lower = scene.passage.lower
    if word + 1 >= stop:
        return False
    if lower[word] in (",", "—", "–", "--", "-"):
        following = lower[word + 1]
        if following in COORDINATORS and word + 2 < stop:
            if following == "but" and not clause:
                return True
            return _new_statement(scene, word + 2, clause, stop)
        if lower[word] == "," and (_participle(scene, word + 1) or following == "according"):
            return True
        return not clause and (following in _NEW_CLAUSE or (following in PRONOUNS))
    if lower[word] in COORDINATORS:
        return _new_statement(scene, word + 1, clause, stop)
    return not clause and (_occasion(scene, word, stop) or (lower[word] == "so" and lower[word + 1] == "that"))


def _participle(scene: Scene, word: int) -> bool:
    lower = scene.passage.lower
    if is_adverb(lower[word]) and word + 1 < len(lower):
        word += 1
    cue = lexicon().get(lower[word])
    return cue is not None and "ing" in cue.forms


def _new_statement(scene: Scene, word: int, clause: bool, stop: int) -> bool:
    """Whether another verb with the same subject, or another speaker with a cue, begins at ``word``."""
    lower = scene.passage.lower
    while word + 1 < stop and is_adverb(lower[word]):
        word += 1
    cue = lexicon().get(lower[word])
    if cue and cue.forms & {"past", "s"} and not (cue.nouns and clause):
        return True
    if not clause:
        return lower[word] in VERBS or lower[word] in MODALS or lower[word] in PRONOUNS or lower[word] in BE
    if lower[word] in PRONOUNS or is_name(scene.passage, word):
        for later in range(word + 1, min(word + 5, stop)):
            following = lexicon().get(lower[later])
            if following and "tag" in following.frames and following.forms & {"past", "s", "base"}:
                return not following.nouns
    return lower[word - 2] == "," and _new_speaker(scene, word, stop)


def _new_speaker(scene: Scene, word: int, stop: int) -> bool:
    """Whether somebody with an apposition begins at ``word`` and says something: ", and Ms Hill, a judge, said"."""
    for later in range(word + 2, min(word + _LONGEST_SPEAKER, stop)):
        following = lexicon().get(scene.passage.lower[later])
        if following and "tag" in following.frames and "past" in following.forms:
            subject, _ = subject_before(scene.passage, later, word)
            return subject is not None and subject[0] == word
    return False


_LONGEST_SPEAKER = 20
"""In words, the apposition included."""


def _occasion(scene: Scene, word: int, stop: int) -> bool:
    """Whether "in an interview", "on Tuesday", "during …" begins at ``word``: not the content's."""
    lower = scene.passage.lower
    if lower[word] == "during":
        return True
    if lower[word] not in ("in", "on", "at"):
        return False
    if lower[word + 1] in DAYS:
        return True
    return lower[word + 1] in DETERMINERS and any(each in _OCCASIONS for each in lower[word + 2 : min(word + 5, stop)])


_SKIPPED = word_set("in on at during after before from to about of via through with for as by")


def skip_adjuncts(scene: Scene, word: int, stop: int) -> int:
    """Past what can stand between a cue and its content: "on Tuesday", "in a statement", "to CNN"."""
    lower = scene.passage.lower
    while word < stop:
        if is_adverb(lower[word]) or lower[word] in DAYS or (lower[word] in TIMES and lower[word - 1] in DAYS):
            word += 1
        elif lower[word] in ("last", "this", "earlier", "late") and word + 1 < stop and lower[word + 1] in TIMES:
            word += 2
        elif lower[word] in _SKIPPED and (end := _adjunct_end(scene, word, stop)) > word:
            word = end
        else:
            break
    return word


def _adjunct_end(scene: Scene, start: int, stop: int) -> int:
    """Where the adjunct that begins with a preposition ends; ``start`` where it seems to be none."""
    lower = scene.passage.lower
    for word in range(start + 1, min(start + 14, stop)):
        if lower[word] in ("that", ":") or scene.quotation_from(word):
            return word
        if lower[word] in PRONOUNS and word > start + 1:
            return word
        if lower[word] in (",", ".", "?", "!", "—", "–"):
            return word
    return start


def tag_end(scene: Scene, word: int, stop: int) -> int:
    """Past what can follow on a cue in a tag, up to the pause or stop that ends it; -1 where it is no tag."""
    lower = scene.passage.lower
    for each in range(word, min(word + 30, stop)):
        if lower[each] in (",", ";", ".", "?", "!", "—", "–", ":", "--") or scene.quotation_from(each):
            return each
        if each == word and not (is_adverb(lower[each]) or lower[each] in DAYS or _may_trail(lower[each])):
            return -1
        if lower[each] in ("that", "he", "she", "they", "it") and each == word:
            return -1
    return stop if word + 30 > stop else -1


def _may_trail(word: str) -> bool:
    return word in _SKIPPED or word in _TRAILING


_TRAILING = word_set("last this earlier late when while referring and but (")


def _is_past(scene: Scene, word: int, stop: int) -> bool:
    """Whether a word in -ed that is in no list is a verb, by the words around it: "the nominee garnered more"."""
    lower = scene.passage.lower
    if not lower[word].endswith("ed") or word + 1 >= stop or is_name(scene.passage, word):
        return False
    before, after = lower[word - 1], lower[word + 1]
    adjective = before in DETERMINERS or before in PREPOSITIONS or before in COORDINATORS or is_adverb(before)
    return not adjective and (after in DETERMINERS or after in PREPOSITIONS - {"by"} or after in ("to", "that"))


def begins_verb(scene: Scene, word: int, stop: int) -> bool:
    """Whether a finite verb stands at ``word``, adverbs before it left out: what is there has its subject earlier."""
    lower = scene.passage.lower
    while word + 1 < stop and is_adverb(lower[word]):
        word += 1
    cue = lexicon().get(lower[word])
    if lower[word] in AUXILIARIES or lower[word] in MODALS or lower[word] in VERBS:
        return True
    return lower[word].endswith("ed") or (cue is not None and bool(cue.forms & {"past", "s"}) and not cue.nouns)


def has_verb(scene: Scene, start: int, stop: int) -> bool:
    """Whether a finite verb shows that a clause begins at ``start``, not a noun phrase alone."""
    lower = scene.passage.lower
    for word in range(start + 1, min(start + 16, stop)):
        if lower[word] in MODALS or lower[word] in AUXILIARIES or lower[word] in VERBS:
            return True
        cue = lexicon().get(lower[word])
        if cue and cue.forms & {"past", "s"} and not cue.nouns:
            return True
        if lower[word] in (",", ";", "—"):
            return False
        if _is_past(scene, word, stop):
            return True
    return lower[start] in PRONOUNS
