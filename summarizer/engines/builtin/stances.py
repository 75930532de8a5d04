"""Read which side a statement takes, and of what: "opposes scrapping the tram", "the toll is a mistake"."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from typing import Literal, NamedTuple

from summarizer.article import Reading
from summarizer.attribution import Attribution
from summarizer.engines.builtin.lexicon import any_of, word_set
from summarizer.engines.builtin.open_questions import only_asks
from summarizer.engines.builtin.phrases import (
    CHANGES,
    IT,
    SIDES,
    Topic,
    Words,
    forms_of,
    read_topic,
    stem,
)
from summarizer.spans import quote

_FOR_ACTS = frozenset({"supported", "praised"})
_AGAINST_ACTS = frozenset({"opposed", "criticised"})
_REFUSING_ACTS = frozenset({"rejected", "refused", "denied"})
"""Acts whose holder is against the content unless they are negated."""
_WANTING_ACTS = frozenset({"demanded", "wanted", "intended", "promised", "offered"})
_MODAL = frozenset("should must ought shouldn't mustn't needs need has have".split())
_WITH_TO = frozenset("ought needs need has have".split())
_NEGATIONS = frozenset("not never n't cannot nor neither".split())
_FIRST, _THIRD = frozenset({"i", "we"}), frozenset({"he", "she", "they", "it"})
_AUXILIARY = word_set("before_verb")
_OWN_BODIES = word_set("own_bodies")
"""Bodies that mean the speaker's own in indirect speech: "said the party supported it"."""
_QUESTION_WORDS = frozenset("if whether how why when what who which unless until where".split())
_BREAKS = frozenset('.;:!?—–()“”"…,')
_GONE = {forms_of(verb)["past"] for verb in word_set("going")}
_STAYING, _GOING = word_set("staying"), word_set("going")
_BE = r"(?:is|are|was|were|be|been|seems?|looks?|remains?|amount(?:s|ed)? to|represent(?:s|ed)?|constitutes?)"
_PREDICATE_END = (
    r"(?=[^\w\s]|\s*$|\s+(?:for|to|that|and|but|in|when|because|at|as|of|on|from|by|if|or|with|than|now|about|after|not|"
    r"which|who|given|only|at|until|since|so|before|into|today)\b|\s+[“\"])"
)
"""What may follow a verdict, so that "a great nuisance" is not "great"."""
_VERDICT = re.compile(
    rf"(?:\b(?:would |will |could |may |might )?{_BE}|['’](?:s|re))(?P<no>n[’']t| not| never| hardly| no)?\s+"
    r"(?:\w+ly |an? |the |such |very |too |so |just |also |really |quite |indeed |still |both |simply |[“\"‘’'])*"
    rf"(?:(?P<good>{any_of('good')})|(?P<bad>{any_of('bad')})"
    rf"|(?P<weighty>{any_of('weighty')})|(?P<slight>{any_of('slight')}))\b{_PREDICATE_END}",
    re.IGNORECASE,
)
"""A verdict after a form of "be": "the toll would be a mistake"."""
_CONDUCT = re.compile(rf"\b(?:(?P<good>{any_of('good_verbs')})|(?P<bad>{any_of('bad_verbs')}))\b", re.IGNORECASE)
"""What a person or a plan does, as praise or blame: "the plan makes no sense"."""
_LABEL = re.compile(
    r"[\s,“\"‘]*(?:as |an? |the |such |very |too |so |just |also |\w+ly |[“\"‘’'])*"
    rf"(?:(?P<good>{any_of('good')})|(?P<bad>{any_of('bad')})"
    rf"|(?P<weighty>{any_of('weighty')})|(?P<slight>{any_of('slight')}))\b{_PREDICATE_END}",
    re.IGNORECASE,
)
"""A verdict after an object: "called the toll a mistake"."""
_LABELLING = re.compile(
    r"(?:call|describ|dubb?|brand|label|denounc|hail|slamm?|regard|see|saw|characteri[sz]|dismiss|blast|condemn|decri|"
    r"criticis|criticiz|consider|deem|lambast|prais|portray|attack)(?:s|ed|e|es|ing|d|led|ling|ied)?$",
    re.IGNORECASE,
)
_PHRASES = re.compile(
    rf"(?P<slight>{any_of('slight_phrases')})|(?P<weighty>{any_of('weighty_phrases')})", re.IGNORECASE
)
_COURTESY = re.compile(r"(?:congratulat|thank|credit|compliment)", re.IGNORECASE)
_CANNOT_AFFORD = re.compile(r"(?:cannot|can[’']t|can not|could not|couldn[’']t) afford\b", re.IGNORECASE)
_CLAUSE_STARTS = frozenset("and but because that which so as while since".split())
_PRAISE, _BLAME = word_set("praise"), word_set("blame")
_DOUBTFUL = frozenset("if whether no without neither nor despite than although though too for could might".split())
_MAX_LABEL = 8  # words of a label after an object
_MAX_WORDS_BEFORE_CUE = 6
_MAX_SUBJECT = 12  # words before a verdict
_NOT_REALLY = re.compile(rf"\b{any_of('mixed')}\b", re.IGNORECASE)
_NEUTRAL = re.compile(rf"\b{any_of('neutral')}\b", re.IGNORECASE)

Kind = Literal["side", "value", "weight", "tone"]


class Sign(NamedTuple):
    """One side that a statement takes."""

    topic: Topic
    value: int
    """1 is for the topic, -1 against it; what the topic's own words do is counted already."""
    kind: Kind
    """Whether the words take a side, value the topic, give it weight, or praise or blame beside its name."""


def find_signs(reading: Reading, found: Attribution) -> list[Sign]:
    """Return the sides that an attribution takes by its own words."""
    content = quote(reading.article.text, found.content)
    if only_asks(content) or found.unsaid or found.act == "asked":
        return []
    words = Words(content)
    cue = " ".join(quote(reading.article.text, [span]) for span in found.cue)
    value = _cue_value(found, cue)
    if value:
        signs = _read_object(words, found, cue, value)
        return [sign for sign in signs if not sign.topic.is_pronoun or _opens_sentence(reading, found)]
    if found.rule.content in ("object", "phrase", "infinitive"):
        return list(_read_label(words, cue))
    if found.denied:
        return []
    surnames = {stem(holder.name.split()[-1]) for holder in found.holders if holder.name.split()}
    is_direct = found.speech == "direct" or found.rule.is_turn
    subjects = _FIRST if is_direct else _FIRST | _THIRD | _OWN_BODIES
    return [
        *_read_sides(words, subjects, surnames),
        *_read_modals(words),
        *_read_verdicts(words),
        *_read_phrases(words),
        *_read_conduct(words),
    ]


def _opens_sentence(reading: Reading, found: Attribution) -> bool:
    """Return whether a cue stands near the start of its sentence, so that "it" means what stands before."""
    start = reading.sentence(found.sentences[0]).spans[0].start
    return len(reading.article.text[start : found.cue[0].start].split()) <= _MAX_WORDS_BEFORE_CUE


def _cue_value(found: Attribution, cue: str) -> int:
    """Return 1 if the cue is for its content, -1 if it is against it, 0 if it takes no side or is a clause's cue."""
    if found.rule.content not in ("object", "phrase", "infinitive") and not found.rule.keeps_cue:
        return 0
    last = cue.lower().split()[-1:]
    if found.act == "voted":
        return {"against": -1, "for": 1, "to": 1}.get("".join(last), 0) * (-1 if found.denied else 1)
    if _COURTESY.match(cue):
        return 0  # "congratulated her rival"
    if found.act in _FOR_ACTS or (found.act in _WANTING_ACTS and last != ["against"]):
        return -1 if found.denied else 1
    if found.act == "denied" and not cue.lower().endswith("out"):
        return 0  # "denied the words": an allegation, not a plan
    if found.act in _REFUSING_ACTS:
        return -1 if found.denied else 0
    if found.act == "accused":
        return 0 if found.denied else -1
    if found.act in _AGAINST_ACTS or (found.act in {"warned", "intended", "demanded"} and last == ["against"]):
        return 0 if found.denied else -1
    return 0


def _read_object(words: Words, found: Attribution, cue: str, value: int) -> Iterator[Sign]:
    if cue.lower().endswith(" as") or words.lower[:1] == ["as"]:
        return
    end = _clause_end(words, 0)
    is_infinitive = found.rule.content == "infinitive" or cue.lower().endswith(" to")
    topic = read_topic(words, 0, end, is_infinitive=is_infinitive)
    if topic is None:
        return
    wants = found.act in _WANTING_ACTS or found.act == "voted"
    if wants and topic.end + 1 < end and words.lower[topic.end] in ("to", "not"):  # "urged the council to close it"
        topic = read_topic(words, topic.end, end)
    elif wants and found.act != "voted" and topic.is_name:
        topic = None
    if topic is None or (found.act == "refused" and topic.head and not (topic.side < 0 or _has_side(words, end))):
        return
    yield Sign(topic, value * topic.side, "side")


def _has_side(words: Words, end: int) -> bool:
    return any(word in SIDES or word in CHANGES for word in words.lower[:end])


def _read_label(words: Words, cue: str) -> Iterator[Sign]:
    """Yield the verdict of "called the toll a mistake"."""
    if not _LABELLING.search(cue.split(maxsplit=1)[0] if cue else ""):
        return
    if "and" in words.lower:  # "called the price a joke and the merger a mistake"
        after = words.matches[words.lower.index("and")].end()
        yield from _read_label(Words(words.text[after:]), cue)
    for end in range(1, min(len(words.raw), _MAX_SUBJECT)):
        match = _LABEL.match(words.text, words.matches[end - 1].end())
        topic = read_topic(words, 0, end) if match else None
        if match and topic and topic.end == end:
            yield from _verdict(topic, match, negated=False)
            return
    topic = read_topic(words, 0, len(words.raw))
    if topic and (value := judge(words.lower[topic.end : topic.end + _MAX_LABEL])):
        yield Sign(topic, value * topic.side, "value")


def _verdict(topic: Topic, match: re.Match[str], *, negated: bool) -> Iterator[Sign]:
    kind: Kind = "value" if match["good"] or match["bad"] else "weight"
    is_good = bool(match["good"] or match["weighty"])
    if not negated:
        yield Sign(topic, (1 if is_good else -1) * topic.side, kind)
    elif is_good:
        yield Sign(topic, -topic.side, kind)


def _read_sides(words: Words, subjects: frozenset[str], surnames: set[str]) -> Iterator[Sign]:
    """Yield the sides of "I support the plan", "she was against closing it"."""
    for at, word in enumerate(words.lower):
        if word in ("vote", "voted", "voting") and words.lower[at + 1 : at + 2] in (["for"], ["against"]):
            yield from _read_vote(words, at, subjects, surnames)
            continue
        is_against = word in ("against", "opposed") and at > 0 and words.lower[at - 1] in _AUXILIARY
        if not is_against and (word not in SIDES or word in _NOUNS):
            continue
        subject, negated = _subject_before(words, at)
        if subject is None or not (words.lower[subject] in subjects or stem(words.raw[subject]) in surnames):
            continue
        start = subject
        while start and words.lower[start - 1] not in _BREAKS and words.lower[start - 1] not in ("and", "but", "that"):
            start -= 1
        if _QUESTION_WORDS.intersection(words.lower[start:subject]):
            continue
        topic = read_topic(words, at + is_against, _clause_end(words, at))
        side = -topic.side if topic and is_against else topic.side if topic else 0
        if topic and not topic.is_pronoun and not (negated and side < 0):  # "not against" is not for
            yield Sign(topic, -side if negated else side, "side")


def _read_vote(words: Words, at: int, subjects: Set[str], surnames: set[str]) -> Iterator[Sign]:
    subject, negated = _subject_before(words, at)
    if subject is not None and (words.lower[subject] in subjects or stem(words.raw[subject]) in surnames):
        topic = read_topic(words, at + 2, _clause_end(words, at))
        value = (-1 if negated else 1) * (1 if words.lower[at + 1] == "for" else -1)
        if topic and not topic.is_pronoun:
            yield Sign(topic, value * topic.side, "side")


_NO_ATTITUDES = {
    form for verb in word_set("no_attitudes") for name, form in forms_of(verb).items() if name in ("past", "ing")
}
_NOUNS = word_set("for_nouns") | word_set("against_nouns") | _NO_ATTITUDES


def _subject_before(words: Words, at: int) -> tuple[int | None, bool]:
    """Return the index of the word before a verb and its auxiliaries, and whether the verb is negated."""
    negated = False
    at -= 1
    while at >= 0 and (words.lower[at] in _AUXILIARY or words.lower[at].endswith(("n't", "ly"))):
        negated ^= words.lower[at] in _NEGATIONS or words.lower[at].endswith("n't")
        at -= 1
    return (at if at >= 0 else None), negated


def _read_modals(words: Words) -> Iterator[Sign]:
    """Yield the sides of "the dam must not be built" and "we should close the library"."""
    for match in _CANNOT_AFFORD.finditer(words.text):
        at = words.index_at(match.end())
        topic = read_topic(words, at, _clause_end(words, at))
        if topic and not topic.is_pronoun:
            yield Sign(topic, -topic.side, "side")
    for at, word in enumerate(words.lower):
        if word not in _MODAL:
            continue
        start = _clause_start(words, at)
        is_reported = start > 1 and words.lower[start - 1] == "that" and not _FIRST & {*words.lower[start - 4 : start]}
        if is_reported or _QUESTION_WORDS.intersection(words.lower[start:at]):
            continue
        value = -1 if word.endswith("n't") else 1
        verb = at + 1
        while verb < len(words.lower) and words.lower[verb] in ("not", "never", "also", "now", "still", "all"):
            value = -value if words.lower[verb] in _NEGATIONS else value
            verb += 1
        if word in _WITH_TO:
            if verb >= len(words.lower) or words.lower[verb] != "to":
                continue
            verb += 1
        if verb < len(words.lower):
            yield from _read_modal_verb(words, start, at, verb, value)


def _read_modal_verb(words: Words, start: int, modal: int, verb: int, value: int) -> Iterator[Sign]:
    word, end = words.lower[verb], _clause_end(words, verb)
    following = words.lower[verb + 1] if verb + 1 < end else "."
    is_alone = verb + 1 >= end or following in (
        "as",
        "in",
        "on",
        "at",
        "until",
        "for",
        "by",
        "before",
        "open",
        "where",
        "now",
    )
    if word == "be" and verb + 1 < end:
        if topic := read_topic(words, start, modal):
            change = CHANGES.get(following, 0)
            action = "" if change else stem(following)
            if topic.head and (change or following.endswith(("ed", "t", "n"))):
                yield Sign(
                    replace(topic, change=topic.change * (change or 1), action=action), value * topic.side, "side"
                )
    elif word == "have" and following in _GONE:
        if (topic := read_topic(words, start, modal)) and topic.head:
            yield Sign(replace(topic, change=-topic.change), value * topic.side, "side")
    elif word in _STAYING and following in CHANGES:
        if (topic := read_topic(words, start, modal)) and topic.head:
            yield Sign(replace(topic, change=topic.change * CHANGES[following]), value * topic.side, "side")
    elif (word in _STAYING or word in _GOING) and is_alone:
        if (topic := read_topic(words, start, modal)) and topic.head:
            yield Sign(
                replace(topic, change=topic.change * (1 if word in _STAYING else -1)), value * topic.side, "side"
            )
    elif topic := read_topic(words, verb, end, is_infinitive=True):
        yield Sign(topic, value * topic.side, "side")


def _read_verdicts(words: Words) -> Iterator[Sign]:
    """Yield the verdicts on a subject: "the toll would be a mistake", "it is wrong to close the library"."""
    for match in _VERDICT.finditer(words.text):
        at = words.index_at(match.start())
        start = max(_clause_start(words, at), at - _MAX_SUBJECT)
        negated = bool(match["no"])
        if words.lower[start] in _QUESTION_WORDS:
            continue
        if start == at and (words.lower[at] in ("it's", "that's") or (at and words.lower[at - 1] == "that")):
            yield from _extraposed_or(words, match, None, negated=negated)
            continue
        topic = read_topic(words, start, at)
        if topic is None or topic.end < at:
            continue
        if topic.is_pronoun:
            yield from _extraposed_or(words, match, topic, negated=negated)
        else:
            yield from _verdict(topic, match, negated=negated)


def _extraposed_or(words: Words, match: re.Match[str], topic: Topic | None, *, negated: bool) -> Iterator[Sign]:
    """Yield the verdict on what follows in "it is wrong to close the library", else on the pronoun."""
    after = words.index_at(match.end())
    if after < len(words.raw) and words.lower[after] in ("to", "that", "when", "how", "if"):
        if words.lower[after] != "to":
            return
        following = read_topic(words, after, _clause_end(words, after))
        is_verb = following is None or following.verb or following.action
        topic = following if is_verb else topic or IT  # "it was offensive to the club"
    else:
        topic = topic or IT
    if topic:
        yield from _verdict(topic, match, negated=negated)


def _read_phrases(words: Words) -> Iterator[Sign]:
    """Yield the verdicts of fixed phrases with a subject: "this doesn't move the needle"."""
    for match in _PHRASES.finditer(words.text):
        at = words.index_at(match.start())
        topic = read_topic(words, _clause_start(words, at), at)
        if topic and topic.end >= at:
            yield Sign(topic, (1 if match["weighty"] else -1) * topic.side, "weight")


def _read_conduct(words: Words) -> Iterator[Sign]:
    for match in _CONDUCT.finditer(words.text):
        at = words.index_at(match.start())
        start = _clause_start(words, at)
        while at > start and (words.lower[at - 1] in _AUXILIARY or words.lower[at - 1].endswith("ly")):
            if words.lower[at - 1] in _NEGATIONS:
                return
            at -= 1
        if at > start and words.lower[start] not in _QUESTION_WORDS:
            topic = read_topic(words, start, at)
            if topic and topic.end >= at:
                yield Sign(topic, (1 if match["good"] else -1) * topic.side, "value")


def _clause_start(words: Words, at: int) -> int:
    while at > 0 and words.lower[at - 1] not in _BREAKS and words.lower[at - 1] not in _CLAUSE_STARTS:
        at -= 1
    return at


def _clause_end(words: Words, at: int) -> int:
    while at < len(words.lower) and words.lower[at] not in _BREAKS - {"“", '"'}:
        at += 1
    return at


def judge(words: Sequence[str]) -> int:
    """Return 1 for words of praise, -1 for words of blame, 0 for both, neither, or a negation."""
    if any(word in _NEGATIONS or word in _DOUBTFUL or word.endswith("n't") for word in words):
        return 0
    return any(word in _PRAISE for word in words) - any(word in _BLAME for word in words)


def is_mixed(text: str) -> bool:
    """Return whether a statement that takes a side limits it: "in principle", "only if"."""
    return bool(_NOT_REALLY.search(text))


def is_neutral(text: str) -> bool:
    """Return whether a statement says that its holder takes no side."""
    return bool(_NEUTRAL.search(text))
