"""Find the matters that single statements take a side on: a person, a demand, a measure, a denied claim."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from summarizer._patterns import compile_lazily
from summarizer.article import Reading
from summarizer.attribution import Attribution
from summarizer.engines.builtin.deduplication import content_words
from summarizer.engines.builtin.disputes import Dispute, is_clean, topic_of
from summarizer.engines.builtin.glosses import gloss_of
from summarizer.engines.builtin.issues import TEMPLATES
from summarizer.engines.builtin.lexicon import any_of, read_patterns, word_set
from summarizer.engines.builtin.phrases import (
    CHANGE_NOUNS,
    CHANGES,
    VERBS,
    Words,
    read_action,
    read_noun_phrase,
    stem,
    stems_of,
    write_noun_phrase,
)
from summarizer.engines.builtin.ratings import GENERIC, HYPOTHETICAL, LOOSE, Matter, RatingReader, is_object
from summarizer.engines.builtin.statements import as_sentence

_MAX_MATTERS = 12  # with most statements
_MAX_PARTS = 20  # of a group
_MIN_WORDS = 3  # content words of a claim
_MAX_BEFORE = 25  # characters before a verb
_VALUES = {"supported": 1, "opposed": -1, "demanded": 1, "wanted": 1, "promised": 1, "intended": 1}
_DEMANDED = word_set("nouns_demanded")
_SUPPORTABLE = word_set("plan_words") | word_set("nouns_going_ahead") | word_set("nouns_enacted")
_NAME = compile_lazily(r"(?:the )?(?:[A-Z][\w’'.-]+(?: (?:of|the|for|and|de|van))* ?)+$")
_PATTERNS = read_patterns("matters")
_CLAUSE = _PATTERNS["clause"]
_DENIABLE = compile_lazily(rf"(?:the |any |all )?{any_of('claim_nouns')}(?: (?:from|by|of) [^,;:.]{{1,50}}?)? that ")
_MODAL = compile_lazily(_PATTERNS["modal"])
_DEMAND = compile_lazily(_PATTERNS["demand"])
_NOT, _TIME = r"(?: not| never|n[’']t)", r"[Ii]t(?: is| was|[’']s) (?:high |about |past )?time"
_WISH = compile_lazily(
    r"(?:^|(?<=[.;!?] )|(?<=[“\"‘]))(?:[Aa]nd |[Bb]ut |[Ss]o |that )?(?:"
    rf"(?:[Tt]here (?:should|must|ought to|needs? to|ha[sd] to)(?P<no>{_NOT})? be"
    r"|[Tt]here(?: is|[’']s) (?:an? )?(?:\w+ )?need for"
    rf"|(?P<needed>(?:[Ww]e|(?:[Tt]he|[Oo]ur|[Tt]his) \w+)(?: \w+ly)? needs?|{_TIME} for)) (?P<thing>an? {_CLAUSE})"
    rf"|(?:[Ww]e (?:should|must|ought to|need to)(?P<never>{_NOT})?|{_TIME}(?: for us)? to|[Ll]et us|[Ll]et[’']s)"
    rf" (?P<what>{_CLAUSE}))(?P<end>.?)"
)
"""What is wished in words of one's own: "There should be a dam", "We need a dam", "It is time to close the mine"."""
_NO_MODAL = compile_lazily(rf"(?:{any_of('expectations')})\b")
_NO_SUBJECT = compile_lazily(rf"\b(?:{'|'.join(word_set('no_subjects'))}|for|[a-z]+ed$|ago$)\b", re.IGNORECASE)
_CONDITION = compile_lazily(_PATTERNS["condition"])
_OPENER = compile_lazily(r"(?:that|who|which|to|\w+ing)\b")
"""A word that continues a noun phrase: "a law that bans cars"."""
_PLACE = compile_lazily(_PATTERNS["place"])
_REST = compile_lazily(rf"\s+{any_of('after_demand')}\b.*$")
_MISPLACED = compile_lazily(any_of("misplaced"))
"""An action without its end, or with two complements, of which one would be in a wrong place."""


def find_matters(
    reading: Reading, ratings: RatingReader, groups: Sequence[Sequence[Attribution]]
) -> list[tuple[Dispute, dict[int, set[int]]]]:
    """Return disputes that no headline needs to name, each with the sides by the number of the statement."""
    found: dict[str, list[tuple[int, Matter]]] = defaultdict(list)
    for number, parts in enumerate(groups):
        for part in parts:
            for matter in _read(part, reading, ratings):
                found[matter.key].append((number, matter))
    disputes = [_as_dispute(key, matters, ratings.prominent) for key, matters in found.items()]
    return sorted((each for each in disputes if each[1]), key=lambda each: -len(each[1]))[:_MAX_MATTERS]


def is_nested(part: Attribution, others: Sequence[Attribution]) -> bool:
    """Return whether the cue is in the content of another attribution: "criticised voters for not backing …"."""
    if not part.cue or len(others) > _MAX_PARTS:
        return False
    start, end = part.cue[0].start, part.cue[-1].end
    spans = (span for other in others if other is not part for span in other.content)
    return any(span.start <= start and end <= span.end for span in spans)


def _as_dispute(
    key: str, matters: Sequence[tuple[int, Matter]], prominent: frozenset[str]
) -> tuple[Dispute, dict[int, set[int]]]:
    """Return a dispute and its sides by the number of the statement."""
    first, sides = matters[0][1], defaultdict[int, set[int]](set)
    if not first.is_rating:
        known = prominent | stems_of(key)
        dispute = Dispute(key, first.kind, first.noun, first.change, first.verb, known, is_matter=True)
    else:
        if not (_NAME.match(key) or key.rsplit(maxsplit=1)[-1] in _SUPPORTABLE):
            return Dispute(key, "evaluation", "", is_matter=True), {}  # "the prediction of looming problems"
        dispute = Dispute(f"{key[0].upper()}{key[1:]} deserves support.", "evaluation", "", is_matter=True)
    for number, matter in matters:
        sides[number].add(matter.value)
    return dispute, sides


def _read(part: Attribution, reading: Reading, ratings: RatingReader) -> Iterator[Matter]:
    text, content, cue = reading.article.text, gloss_of(reading, part.content), gloss_of(reading, part.cue).lower()
    if part.unsaid or not part.holders or (part.act == "asked" and part.rule.content != "object"):
        return
    if part.act == "asked":
        is_open = (match := _DEMAND.match(content)) and content[0].islower()  # not "asked Ann Hill to send a letter"
        yield from _as_demand(match, 1) if match and is_open else ()
    elif found := list(ratings.read(part)):
        yield from found
    elif claim := _read_denial(part, content):
        yield claim
    elif not is_object(part):
        for match in () if part.denied else _MODAL.finditer(content):
            yield from _as_demand(match, 1)  # "the bank should cut its rates"
        for match in () if part.denied else _WISH.finditer(content):
            yield from _read_own_wish(match, ratings.prominent)
    elif not (part.cue and HYPOTHETICAL.search(text, max(0, part.cue[0].start - _MAX_BEFORE), part.cue[0].start)):
        yield from _read_object(part, content, cue)


def _read_denial(part: Attribution, content: str) -> Matter | None:
    """Return the claim that somebody denies: "denied that …", "rejected the idea that …"."""
    match, holder = _DENIABLE.match(content), part.holders[0]
    if not part.denied or not (match or not is_object(part)):
        return None
    claim = (content[match.end() :] if match else content.removeprefix("that ")).strip(" .,;!")
    is_alone = len(part.holders) == 1 and holder.kind == "person" and part.speech != "direct"
    if is_alone and (pronoun := re.match(r"(?:he|she) ", claim)):
        claim = holder.name + claim[pronoun.end() - 1 :]
    sentence = as_sentence(claim)
    is_whole = is_clean(sentence) and not LOOSE.search(sentence) and len(content_words(sentence)) >= _MIN_WORDS
    return Matter(sentence, -1, kind="fact") if is_whole else None


def _as_demand(match: re.Match[str], value: int) -> Iterator[Matter]:
    """Yield "The bank should cut rates" for "urged the bank to cut rates"."""
    who, what = match["who"].strip(), _REST.sub("", match["what"]).strip()
    is_cut = re.match(r",\d|[?“\"‘…]| [-–—]", match.string[match.end("what") :]) or not what[:1].islower()
    if is_cut or _NO_MODAL.match(what) or _CONDITION.search(match["what"]) or _NO_SUBJECT.search(who):
        return
    words = Words(who)
    phrase = read_noun_phrase(words, 0, len(words.raw))
    if phrase is None or phrase.end != len(words.raw):
        return
    subject = write_noun_phrase(words, phrase, keeps_article=True) if who[0].islower() else who
    sentence = as_sentence(f"{subject} should {what}") if subject else ""
    if is_clean(sentence) and not LOOSE.search(sentence) and len(content_words(what)) > 1:
        yield Matter(sentence, -value if match["no"] else value)


def _read_object(part: Attribution, content: str, cue: str) -> Iterator[Matter]:
    """Yield the measure that is supported, opposed or demanded."""
    value, words = _VALUES.get(part.act, 0), Words(content)
    if part.denied:
        value = -max(value, 0)
    if not value or not words.raw or (part.act == "opposed" and part.rule.content == "infinitive"):
        return
    is_gerund = words.lower[0] in VERBS and words.lower[0].endswith("ing")
    if part.rule.content == "infinitive" or words.lower[0] == "to" or is_gerund:
        yield from _as_action(words, int(words.lower[0] == "to"), value)
        return
    is_thing = cue.endswith(" for") or cue.startswith("propos") or part.act in ("supported", "opposed")
    is_actor = part.act in ("demanded", "wanted") and (not is_thing or words.raw[0][0].isupper())
    if is_actor and (match := _DEMAND.match(content)):
        yield from _as_demand(match, value)
    elif words.lower[0] in ("a", "an") and (is_thing or not _DEMANDED.isdisjoint(words.lower)):
        yield from _as_wish(words, value)


def _as_action(words: Words, at: int, value: int) -> Iterator[Matter]:
    """Yield "The levy should be raised" for "raise the levy"."""
    action = read_action(words, at, len(words.raw)) if at < len(words.raw) and words.lower[at] in VERBS else None
    sentence = as_sentence(action.proposition) if action else ""
    is_whole = is_clean(sentence) and not LOOSE.search(sentence) and not _MISPLACED.search(sentence)
    if action and is_whole and len(content_words(sentence)) > 1:
        yield Matter(sentence, value, noun=action.noun, verb=action.verb, change=CHANGES.get(action.verb, 0))


def _read_own_wish(match: re.Match[str], prominent: frozenset[str]) -> Iterator[Matter]:
    """Yield the wishes in the holder's own words: "There should be a dam", "It is time to close the mine"."""
    is_cut = re.match(r",\d|[?“\"‘…]| [-–—]", match.string[match.end() - len(match["end"]) :])
    value = -1 if match["no"] or match["never"] else 1
    if is_cut or _CONDITION.search(match["thing"] or match["what"]):
        return
    words = Words(_REST.sub("", match["thing"] or match["what"]))
    phrase = read_noun_phrase(words, 0, len(words.raw)) if match["needed"] else None
    head = words.lower[phrase.head] if phrase else ""
    if head and head not in _DEMANDED and head not in TEMPLATES and stem(head) not in prominent:
        return  # "we need a rest"
    yield from _as_wish(words, value) if match["thing"] else _as_action(words, 0, value)


def _as_wish(words: Words, value: int) -> Iterator[Matter]:
    """Yield "There should be a ban on cars" for "a ban on cars"; "a deal" alone is too short."""
    phrase = read_noun_phrase(words, 0, len(words.raw))
    if phrase is None:
        return
    place = _PLACE.match(words.between(phrase.end, len(words.raw)))
    thing = f"{words.between(0, phrase.end)} {place.group() if place else ''}".rstrip()
    sentence = f"There should be {thing}."
    head = words.lower[phrase.head]
    if (
        not thing.endswith(("akin", "similar", "able", "ing", *"0123456789"))
        and (len(content_words(thing)) > 1 or ((head in _DEMANDED or head in TEMPLATES) and head not in CHANGE_NOUNS))
        and not _OPENER.match(words.between(phrase.end, len(words.raw)))
        and is_clean(sentence)
        and not LOOSE.search(thing)
        and stem(head) not in GENERIC
    ):
        yield Matter(sentence, value, noun=topic_of(head))
