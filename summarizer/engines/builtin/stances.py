"""Read what a statement values, and how: "opposes scrapping the tram", "the toll is a mistake"."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from summarizer._patterns import compile_lazily
from summarizer.article import Reading
from summarizer.attribution import Attribution
from summarizer.engines.builtin.glosses import gloss, gloss_of, has_gloss
from summarizer.engines.builtin.lexicon import any_of, read_patterns, word_set
from summarizer.engines.builtin.open_questions import only_asks
from summarizer.engines.builtin.phrases import CHANGES, VERBS, Words, all_forms, lower_case
from summarizer.spans import quote

_STAYING, _GOING = map(word_set, ("staying", "going"))
_FOR_ACTS = frozenset({"supported", "praised"})
_AGAINST_ACTS = frozenset({"opposed", "criticised", "accused"})
_REFUSING_ACTS = frozenset({"rejected", "refused"})
_WANTING_ACTS = frozenset({"demanded", "wanted", "intended", "promised", "offered"})
_NEGATIONS = frozenset("not never n't cannot nor neither no hardly".split())
_QUESTION_WORDS = frozenset("if whether how why when what who unless until where".split())
_BREAKS = frozenset('.;:!?—–()“”"…,')
_CLAUSE_ENDS = _BREAKS - {"“", '"'} | {"but", "because"}
_CLAUSE_STARTS = frozenset("and but because that which so as while since though although".split())
SIDES = {
    **dict.fromkeys(all_forms("for_verbs") | word_set("for_nouns"), 1),
    **dict.fromkeys(all_forms("against_verbs") | word_set("against_nouns"), -1),
}
"""Words that take a side: 1 is for, -1 against what follows."""
_PATTERNS = read_patterns("stances")
_FILLERS = _PATTERNS["fillers"]
"""What may follow a verdict, so that "a great nuisance" is not "great"."""
_VALUES = _PATTERNS["values"]
_VERDICT = compile_lazily(_PATTERNS["verdict"])
_LABEL = compile_lazily(rf"[\s,“\"‘]*(?:as |to be )?{_FILLERS}{_VALUES}")
_ALONE = compile_lazily(rf"[“\"‘\s]*{_FILLERS}{_VALUES}(?=[^\w\s]|$)")
"""A whole quotation that is a verdict: "“A disgrace,” she said"."""
_CONDUCT = compile_lazily(_PATTERNS["conduct"])
"""What a plan does: "would destroy our trade", "makes no sense"."""
_ATTITUDE = compile_lazily(_PATTERNS["attitude"], re.IGNORECASE)
_WEIGHT = compile_lazily(_PATTERNS["weight"])
_LABELLING = compile_lazily(_PATTERNS["labelling"], re.IGNORECASE)
_OWN_SIDE = compile_lazily(_PATTERNS["own_side"])
_MODAL = compile_lazily(_PATTERNS["modal"])
_CANNOT_AFFORD = compile_lazily(r"(?:cannot|can[’']t|can not|could not|couldn[’']t) afford\b")
_NO_NEED = compile_lazily(r"\bno (?:need|reason|case|justification|appetite|point) (?:for|in|to)\b")
_MIXED = compile_lazily(rf"\b{any_of('mixed')}\b")
_UNSURE = compile_lazily(rf"\b(?:{any_of('unsure')})\b|n[’']t\b|\?|[^\W\d_][”\"»] (?:is|was|are|were|means?)\b")
_SURE_NOT = compile_lazily(_PATTERNS["sure_not"])
_UNSURE_CUE = compile_lazily(r"\b(?:used to|once|formerly|previously|no longer|never|not|would|may|might|could|if)\b")
_RELATIVE = compile_lazily(r"[^,] (?:who|which|that) [^,;]*$")
_PASSING = compile_lazily(r"(?:support|back|favou?r|oppos)ing")
_PROGRESSIVE = compile_lazily(r"\b(?:am|is|are|was|were|be|been)\b|[’'](?:m|s|re)\b")
_ONCE = compile_lazily(r"\b(?:had|once|formerly|previously|originally)\b")
_PAST = compile_lazily(_PATTERNS["past"])
_UNASSERTED = compile_lazily(_PATTERNS["unasserted"], re.IGNORECASE)
_JEST, _FORGED = (compile_lazily(_PATTERNS[name], re.IGNORECASE) for name in ("jest", "forged"))
_OLD = compile_lazily(_PATTERNS["old"])
_NOT_THINKING = compile_lazily(_PATTERNS["not_thinking"], re.IGNORECASE)
_SENTENCE_END = compile_lazily(r"(?<=[.!?;])[”\"’»]? ")
_NEUTRAL = compile_lazily(rf"\b{any_of('neutral')}\b")
_ACTS = all_forms("no_attitudes")
_NO_ATTITUDES = _ACTS | word_set("for_nouns") | word_set("against_nouns")
_MAX_SUBJECT = 14
_MAX_BEFORE_CUE = 20  # characters
_OBJECTS = word_set("determiners") | word_set("object_pronouns")


class Sign(NamedTuple):
    """One valuation in a statement."""

    value: int
    """1 is for the target, -1 against it."""
    words: Words
    start: int
    stop: int
    """The tokens of the target; none if the words leave it out."""
    is_weight: bool = False
    """Whether the words say only that it matters, or does not."""
    change: int = 0
    """1 if the target is to be or to stay, -1 if it is to end: "must stay", "should be scrapped"."""
    verb: str = ""
    """Another verb whose object or subject the target is: "raise"."""
    is_explicit: bool = False
    """Whether a verb or noun takes the side."""


def find_signs(reading: Reading, found: Attribution) -> list[Sign]:
    """Return the valuations in an attribution."""
    content = gloss_of(reading, found.content)
    cue = " ".join(gloss_of(reading, [span]) for span in found.cue)
    is_challenge = cue.lower().startswith("challeng") and found.rule.content == "object" and " to " not in content
    is_old = is_old_or_forged(_gloss_sentence(reading, found), reading.article.published)
    if only_asks(content) or found.unsaid or is_old or (found.act == "asked" and not is_challenge):
        return []
    words = Words(content)
    if is_challenge:
        return [Sign(-1, words, 0, _clause_end(words, 0), is_explicit=True)]
    is_wish = has_gloss(reading) and found.speech != "direct" and found.act in _WANTING_ACTS
    is_object = is_wish or found.rule.content in ("object", "phrase", "infinitive")
    has_label = found.act not in _REFUSING_ACTS or " as " in words.plain  # not: rejects a “fair” offer
    if is_object and has_label and (signs := list(_read_label(words, cue))):
        is_explicit = found.act in _FOR_ACTS | _AGAINST_ACTS
        return [sign._replace(is_explicit=is_explicit) for sign in signs]
    if match := _NO_NEED.search(words.plain):
        at = _index_at(words, match.end())
        return [Sign(-1, words, at, _clause_end(words, at), is_explicit=True)]
    if value := _cue_value(found, cue, is_object=is_object):
        return list(_read_object(words, found, cue, value))
    if is_object or found.denied:
        has_side = any(word in SIDES and word in _NO_ATTITUDES for word in words.lower[:3])
        return [Sign(1, words, 0, _clause_end(words, 0), is_explicit=True)] if has_side and not found.denied else []
    words = Words(asserted(content))
    return [*_read_own_sides(words, found), *_read_modals(words)]


def find_verdicts(reading: Reading, found: Attribution) -> list[Sign]:
    """Return the verdicts in an attribution: "the toll is a mistake", "it would cost jobs"."""
    content = gloss_of(reading, found.content)
    is_clause = found.rule.content not in ("object", "phrase", "infinitive") and not found.rule.keeps_cue
    is_doubted = found.act == "doubted"
    is_old = is_old_or_forged(_gloss_sentence(reading, found), reading.article.published)
    is_said = not is_old and (is_doubted or (is_clause and not found.denied))
    if not is_said or only_asks(content) or found.unsaid or found.act == "asked":
        return []
    words = Words(asserted(content))
    signs = read_verdicts(words)
    if not signs and (match := _ALONE.match(words.plain)) and len(content) - match.end() < len(match.group()):
        signs.append(_sign_of(match, words, 0, 0))
    return [sign._replace(value=-sign.value) for sign in signs] if is_doubted else signs


def _gloss_sentence(reading: Reading, found: Attribution) -> str:
    return gloss(reading.sentence(found.sentences[0]).text, reading.language).text


def asserted(text: str) -> str:
    """Return an English text without the sentences that its speaker does not assert, and without jest."""
    ends = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    kept = (text[a:b] for a, b in pairwise(ends) if not _UNASSERTED.search(text[a:b]))
    return "" if _JEST.search(text) else "".join(kept)


def is_old_or_forged(sentence: str, published: str | None) -> bool:
    """Return whether an English sentence tells what somebody said in another year than the article, or never."""
    old = _OLD.search(sentence)
    year = old and (old["year"] or old["first"])
    return bool(_FORGED.search(sentence) or (old and not (year and (published or "").startswith(year))))


def read_verdicts(words: Words) -> list[Sign]:
    """Return the verdicts in a text: "the toll is a mistake", "it would cost jobs"."""
    return [*_read_verdicts(words), *_read_conduct(words)]


def read_labels(text: str) -> list[Sign]:
    """Return the verdict of what follows "called": "the toll a mistake"."""
    return list(_read_label(Words(text), "called"))


def _cue_value(found: Attribution, cue: str, *, is_object: bool) -> int:
    """Return 1 for a cue in favour of its content, -1 for one against it, else 0."""
    last = cue.lower().split()[-1:]
    if not is_object and not found.rule.keeps_cue:
        return 0
    if is_object and found.act in ("believed", "doubted") and (match := _ATTITUDE.search(cue)):
        return -1 if match["against"] else 1
    if found.act == "voted":
        return {"against": -1, "for": 1, "to": 1}.get("".join(last), int(found.rule.content == "infinitive"))
    if re.match(r"congratulat|thank|credit|compliment|decid|consider|debat", cue, re.IGNORECASE):
        return 0
    if found.act in _FOR_ACTS or (found.act in _WANTING_ACTS and last != ["against"]):
        return -1 if found.denied else 1
    if found.act in _REFUSING_ACTS or cue.lower().startswith(("ruled out", "rules out", "ruling out")):
        return -1
    if found.act in _AGAINST_ACTS or (found.act in {"warned", "intended", "demanded"} and last == ["against"]):
        return 0 if found.denied else -1
    return 0


def _read_object(words: Words, found: Attribution, cue: str, value: int) -> Iterator[Sign]:
    stop = _clause_end(words, 0)
    has_to, follows_to = words.lower[:1] == ["to"], cue.lower().endswith(" to")
    is_bare = found.rule.content == "clause" and words.lower[:1] != [] and words.lower[0] in VERBS
    if found.rule.content == "infinitive" or is_bare or has_to or (follows_to and _OBJECTS.isdisjoint(words.lower[:1])):
        yield from _read_verb(words, int(has_to), stop, value)
        return
    if found.act in _WANTING_ACTS and "to" in words.lower[1:stop]:  # "urged lawmakers to pass the bill"
        at = words.lower.index("to", 1)
        after = words.lower[at + 1 : at + 3]
        if after[:1] == ["be"]:  # "wants the statue to be removed"
            yield from _with_participle(words, 0, at, after[1:], value)
        elif at + 1 < stop:
            yield from _read_verb(words, at + 1, stop, -value if words.lower[at - 1] == "not" else value)
        return
    participles = (at for at in range(1, stop) if words.lower[at] in VERBS and words.lower[at][-1] in "dtn")
    if found.act in _WANTING_ACTS and (at := next(participles, 0)):  # "wants it delayed"
        yield from _with_participle(words, 0, at, words.lower[at : at + 1], value)
        return
    yield Sign(value, words, 0, stop, is_explicit=True)


def _with_participle(words: Words, start: int, stop: int, after: list[str], value: int) -> Iterator[Sign]:
    word = after[0] if after else ""
    change = CHANGES.get(word, 0)
    if change or SIDES.get(word):
        yield Sign(value * (change or SIDES[word]), words, start, stop, is_explicit=True, change=change and 1)
    elif word in VERBS:
        yield Sign(value, words, start, stop, verb=VERBS[word], is_explicit=True)


def _read_verb(words: Words, at: int, stop: int, value: int) -> Iterator[Sign]:
    """Yield the side of a demand that begins with an infinitive: "to close the library", "refuse the offer"."""
    while at < stop and (words.lower[at] in _NEGATIONS or words.lower[at].endswith("ly")):
        value, at = (-value if words.lower[at] in _NEGATIONS else value), at + 1
    word = words.lower[at] if at < stop else ""
    if word in SIDES or word in CHANGES:
        value *= SIDES.get(word, CHANGES.get(word, 0))
        yield Sign(value, words, at + 1, stop, is_explicit=True, change=int(word in CHANGES))
    elif word in ("go", "come", "be", "vote") and words.lower[at + 1 : at + 2] in (["ahead"], ["against"], ["for"]):
        yield Sign(-value if words.lower[at + 1] == "against" else value, words, at + 2, stop, is_explicit=True)
    elif word in VERBS:
        yield Sign(value, words, at + 1, stop, verb=VERBS[word], is_explicit=True)


def _read_label(words: Words, cue: str) -> Iterator[Sign]:
    """Yield the verdict of "called the toll a mistake"."""
    if not _LABELLING.search(cue.split(maxsplit=1)[0] if cue else ""):
        return
    start, latest = 0, None
    for end in range(1, min(len(words.raw), _MAX_SUBJECT)):
        match = _LABEL.match(words.plain, words.matches[end - 1].end())
        if latest and words.lower[end - 1] in _OBJECTS:
            continue
        if latest and match is None:
            break
        if match:
            latest, stop = match, end
    if latest:
        yield _sign_of(latest, words, start, stop)
        rest = words.text[latest.end() :]
        if and_ := re.match(r"[^,.;]{0,40}?\band ", rest):
            yield from _read_label(Words(rest[and_.end() :]), cue)


def _sign_of(match: re.Match[str], words: Words, start: int, stop: int, *, is_negated: bool = False) -> Sign:
    value = 1 if match["good"] else -1
    return Sign(-value if is_negated else value, words, start, stop, bool(_WEIGHT.search(match.group())))


def _read_own_sides(words: Words, found: Attribution) -> Iterator[Sign]:
    """Yield the sides of "I support the plan", "she was against closing it"."""
    is_direct = found.speech == "direct" or found.rule.is_turn
    for match in _OWN_SIDE.finditer(words.plain):
        if is_direct and match["who"].lower() not in ("i", "we"):
            continue
        before = words.lower[: _index_at(words, match.start())]
        if _QUESTION_WORDS.intersection(before[-3:]) or _NEGATIONS.intersection(before[-4:]):
            continue
        if _ONCE.search(match["between"]):
            continue  # "he had backed the plan"
        verb = (match["verb"] or "").lower()
        value = -1 if match["against"] else 1 if match["for"] else 0
        if match["for"] == "for" and not re.search(
            r"\b(?:am|is|are|was|were|[’']m|[’']re|votes?|voting)$", match.group()[: -len("for ")].rstrip()
        ):
            continue
        if verb in SIDES and verb not in _ACTS:  # "I support" has no noun
            value = SIDES[verb]
        is_negated = bool(re.search(r"not|never|n[’']t|cannot|no longer", match["between"]))
        at = _index_at(words, match.end())
        if value and not (is_negated and value < 0):
            yield Sign(-value if is_negated else value, words, at, _clause_end(words, at), is_explicit=True)


def _read_modals(words: Words) -> Iterator[Sign]:
    """Yield the sides of "the dam must not be built" and "we should close the library"."""
    for match in _CANNOT_AFFORD.finditer(words.plain):
        at = _index_at(words, match.end())
        stop = _clause_end(words, at)
        is_thing = not any(word in CHANGES for word in words.lower[at:stop])
        yield Sign(-1, words, at, stop, change=int(is_thing), is_explicit=True)
    for match in _MODAL.finditer(words.plain):
        at = _index_at(words, match.start())
        start = _clause_start(words, at)
        verb_at = _index_at(words, match.start("verb"))
        verb, after = words.lower[verb_at], words.lower[verb_at + 1 : verb_at + 2]
        if _QUESTION_WORDS.intersection(words.lower[start:at]):
            continue
        value = -1 if match["no"] else 1
        if thought := _NOT_THINKING.search(words.plain, 0, match.start()):
            value, start = -value, max(start, _index_at(words, thought.start("rest")))
        stop = _clause_end(words, verb_at)
        if verb in ("be", "have") and after and not (verb == "have" and after == ["been"]):
            is_gone = verb == "have" and after[0] in ("closed", "gone", "ended", "stopped")
            if verb == "be" or is_gone:
                yield from _with_participle(words, start, at, after, value)
        elif verb == "have":
            yield from _with_participle(words, start, at, words.lower[verb_at + 2 : verb_at + 3], value)
        elif verb == "come" and _clause_end(words, verb_at) - verb_at < 3 and after != ["back"]:
            yield Sign(value, words, start, at, change=1, is_explicit=True)  # "the ban must come soon"
        elif verb in _STAYING or (verb in _GOING and (not after or after[0] not in _OBJECTS)):
            change = 1 if verb in _STAYING or after == ["ahead"] else -1
            yield Sign(value * change, words, start, at, change=1, is_explicit=True)
        else:
            yield from _read_verb(words, verb_at, stop, value)


def _read_verdicts(words: Words) -> Iterator[Sign]:
    """Yield the verdicts on a subject: "the toll would be a mistake", "it is wrong to close the library"."""
    for match in _VERDICT.finditer(words.plain):
        at = _index_at(words, match.start())
        start = max(_clause_start(words, at), at - _MAX_SUBJECT)
        is_negated = bool(match["no"]) or bool(_NEGATIONS.intersection(words.lower[start : start + 1]))
        if thought := _NOT_THINKING.search(words.plain, 0, match.start()):
            if is_negated:
                continue
            is_negated, start = True, max(start, _index_at(words, thought.start("rest")))
        if _QUESTION_WORDS.intersection(words.lower[start : start + 1]) or (is_negated and match["bad"]):
            continue
        after = _index_at(words, match.end())
        is_dummy = words.lower[start:at] in ([], ["it"])
        is_not = words.lower[after : after + 1] == ["not"]  # "it is wrong not to close the library"
        after += is_not
        if is_dummy and words.lower[after : after + 1] == ["to"]:  # "it is wrong to close the library"
            value = 1 if (is_negated or bool(match["bad"])) == is_not else -1
            yield from _read_verb(words, after + 1, _clause_end(words, after), value)
        elif not (is_dummy and words.lower[after : after + 1] in (["that"], ["when"], ["how"], ["if"])):
            yield _sign_of(match, words, start, max(at, start + 1), is_negated=is_negated)


def _read_conduct(words: Words) -> Iterator[Sign]:
    for match in _CONDUCT.finditer(words.plain):
        at = _index_at(words, match.start())
        start = max(_clause_start(words, at), at - _MAX_SUBJECT)
        is_asked = not _QUESTION_WORDS.isdisjoint(words.lower[start : start + 1])
        is_asked = is_asked or bool(_NOT_THINKING.search(words.plain, 0, match.start()))
        if start < at and _NEGATIONS.isdisjoint(words.lower[start:at]) and not is_asked:
            yield _sign_of(match, words, start, at)


def _index_at(words: Words, offset: int) -> int:
    """Return the index of the first token that ends after an offset of the text."""
    return bisect_right(words.matches, offset, key=re.Match.end)


def _clause_start(words: Words, at: int) -> int:
    while at > 0 and words.lower[at - 1] not in _BREAKS and words.lower[at - 1] not in _CLAUSE_STARTS:
        at -= 1
    return at


def _clause_end(words: Words, at: int) -> int:
    while at < len(words.lower) and words.lower[at] not in _CLAUSE_ENDS:
        at += 1
    return at


def is_mixed(text: str) -> bool:
    """Return whether a statement that takes a side limits it: "in principle", "only if"."""
    return bool(_MIXED.search(lower_case(text)))


def is_neutral(text: str) -> bool:
    """Return whether a statement says that its holder takes no side."""
    return bool(_NEUTRAL.search(lower_case(text)))


def is_plain(text: str, at: int, proposition: str = "") -> bool:
    """Return whether the sentence at an offset asserts or denies something, without a doubt, condition or other voice.

    One "not" after an auxiliary, limits such as "only if", and words that the proposition has too are plain.
    """
    ends = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    last = bisect_right(ends, at, hi=len(ends) - 1)
    sentence = _MIXED.sub("", _SURE_NOT.sub("", lower_case(text[ends[last - 1] : ends[last]]), count=1))
    return {match.group() for match in _UNSURE.finditer(sentence)} <= set(re.findall(r"[\w’']+", proposition.lower()))


def is_own_side(reading: Reading, found: Attribution) -> bool:
    """Return whether an attribution tells the holder's own side of today, not one in passing or of the past."""
    if not found.cue or not found.source or not reading.is_english:
        return True
    text, sentence = reading.article.text, reading.sentence(found.sentences[0]).text
    source, cue = quote(text, found.source).lower(), quote(text, found.cue).lower()
    gap = text[found.source[-1].end : found.cue[0].start]
    if _RELATIVE.search(gap) or (source == "who" and len(gap) > _MAX_BEFORE_CUE):
        return False  # "leaders who get votes and have backed Ann Hill"
    if found.rule.cue_is_noun:
        return source not in ("his", "her", "their", "its")  # whose own side is told of somebody else
    if _PASSING.fullmatch(cue) and not _PROGRESSIVE.search(gap):
        return False  # "an adviser of a group supporting Ann Hill"
    return not (cue.endswith("ed") and _PAST.search(sentence))


def has_plain_cue(reading: Reading, found: Attribution) -> bool:
    """Return whether the cue reports what somebody says now: not "used to think"."""
    if not found.cue:
        return True
    first = found.cue[0].start
    ends = [span.end for span in found.content if span.end <= first]
    start = max(first - _MAX_BEFORE_CUE, reading.sentence(found.sentences[0]).spans[0].start, *ends)
    return not _UNSURE_CUE.search(lower_case(reading.article.text[start : found.cue[-1].end]))
