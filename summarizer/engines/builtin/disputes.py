"""A thing in dispute: its proposition, and how the target of a valuation relates to it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from summarizer._patterns import compile_lazily
from summarizer.article import Reading
from summarizer.attribution import Analysis, Attribution
from summarizer.brief import IssueKind
from summarizer.engines.builtin.deduplication import content_words
from summarizer.engines.builtin.lexicon import any_of, read_patterns, word_set
from summarizer.engines.builtin.phrases import (
    CHANGE_NOUNS,
    CHANGES,
    DETERMINERS,
    VERBS,
    Words,
    read_noun_phrase,
    stem,
    stems_of,
)
from summarizer.engines.builtin.stances import SIDES, Sign
from summarizer.engines.builtin.statements import as_sentence
from summarizer.spans import quote

_MAX_WORDS = 16  # of a proposition
_SYNONYMS = dict(pair.split(":") for pair in sorted(word_set("synonyms")))
PLANS = frozenset(map(stem, word_set("plan_words")))
LEGAL_PLANS = frozenset(map(stem, word_set("legal_plans")))
"""Words for a plan that mean it only if the article uses them of it: "the bill"."""
_DECISIONS = frozenset(map(stem, word_set("decisions"))) & {"rul", "decision", "verdict", "judgment"}
_ADJECTIVES = word_set("plan_adjectives") | DETERMINERS
_OPPONENTS = word_set("opponents") | word_set("objections")
_NO_NOUNS = word_set("after_noun") | word_set("no_adjectives") | {"back", "open", "up", "down", "out"}
_BESIDE = frozenset("to of for on with against and".split())
_OTHERS = frozenset("every any earlier another other previous similar".split())
_ELSEWHERE = frozenset("for with in at than from by as who which after before during since despite amid".split())
_NUMBER = compile_lazily(r"\d+(?:[.,]\d+)*")
_PATTERNS = read_patterns("disputes")
_FINITE = compile_lazily(_PATTERNS["finite"])
_NO_END = compile_lazily(any_of("no_end_of_topic"), re.IGNORECASE)


@lru_cache(maxsize=10_000)
def topic_of(word: str) -> str:
    """Return the stem by which a noun is known: one for "rise" and "increase"."""
    own = stem(word)
    return _SYNONYMS.get(own, own)


def is_clean(proposition: str) -> bool:
    """Return whether a proposition is one whole sentence with one finite verb, without quotation marks."""
    if re.search(r"\b(?:some|any)\b|^(?:\w+ )?(?:such|many|several) ", proposition):
        return False
    is_whole = len(proposition.split()) <= _MAX_WORDS and not _NO_END.search(proposition)
    return is_whole and len(_FINITE.findall(proposition)) == 1 and not re.search(r"[“”\"«»:;?!()]", proposition)


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement of fact that people dispute."""

    subject: frozenset[str]
    words: frozenset[str]
    has_effect: bool
    """Whether it says that something changes or does not change: its weight is in dispute."""


@dataclass(slots=True)
class Dispute:
    """What is in dispute, with the words that name it."""

    proposition: str
    kind: IssueKind
    noun: str
    """The topic in dispute, or of the object of a proposed action."""
    change: int = 1
    """1 if the noun is to be or to stay, -1 if it is to end, 0 if something else is to happen to it."""
    verb: str = ""
    """The proposed action, if there is one."""
    known: frozenset[str] = frozenset()
    """The stems of the words that headline, lead and proposition use."""
    rank: int = 0
    claim: Claim | None = None
    is_prominent: bool = True
    """Whether headline or lead names it."""
    is_pending: bool = False
    """Whether "the plan" means it."""
    decision: int = 1
    """-1 if "the decision" is the contrary: "the decision not to close", "rejected a tower"."""
    is_answered: bool = False
    """Whether it is a question that is put to somebody."""
    is_matter: bool = False
    """Whether single statements name it, with their sides."""
    given: str = ""
    """Its id in the codebook."""

    def replace(self, other: "Dispute", factor: int) -> None:
        """Take over what is known of another dispute: the same, or, if ``factor`` is -1, its contrary."""
        self.known |= other.known
        self.rank = max(self.rank, other.rank)
        self.is_pending, other.is_pending = self.is_pending or other.is_pending, False
        self.decision = other.decision * factor

    def relation(self, sign: Sign) -> int:
        """Return 1 if a valuation is of the proposal, -1 if of the contrary, 0 if of another thing."""
        words, factor, change, has_verb = sign.words, 1, sign.change, False
        numbers, own_numbers = map(set, map(_NUMBER.findall, (words.between(sign.start, sign.stop), self.proposition)))
        if numbers and own_numbers and numbers.isdisjoint(own_numbers):
            return 0  # "to $12" is not "to $15"
        for at in range(sign.start, sign.stop):
            word, is_common = (
                words.lower[at],
                words.raw[at].islower() or (at == sign.start and words.lower[at] in VERBS),
            )
            own = topic_of(word)
            if own == self.noun and self._is_meant(words, at, sign.start, sign.stop):
                return factor * self._weigh(change, has_verb, sign)
            if self.verb and not change and is_common and (own == topic_of(self.verb) or self._is_change_noun(word)):
                if self._is_alone(words.lower[at + 1 : sign.stop]) and not self._has_other_noun(words, at, sign.start):
                    return factor
                has_verb = has_verb or own == topic_of(self.verb)
            if word in CHANGES and is_common:
                change = (change or 1) * CHANGES[word]
            elif is_common and (word in SIDES or word in _OPPONENTS or word in ("against", "without", "not", "no")):
                factor *= SIDES.get(word, -1)
            elif self.verb and VERBS.get(word) == self.verb:
                has_verb = True
            elif (word in _ELSEWHERE or (word == "on" and not self.verb)) and at > sign.start:
                return 0
            elif word == "that" and at > sign.start and _FINITE.match(" ".join(words.lower[at + 1 : at + 2])):
                return 0  # "every amendment that would weaken the bill"
        return 0

    def _weigh(self, change: int, has_verb: bool, sign: Sign) -> int:
        if self.change == 0:
            return int(has_verb or (bool(self.verb) and sign.verb == self.verb))
        if sign.verb and sign.verb != self.verb:
            return 0
        return (change or 1) * self.change  # those who are for a thing are against its end

    def _is_meant(self, words: Words, at: int, start: int, stop: int) -> bool:
        """Return whether a noun means this thing, by the words beside it: not "the tourist levy"."""
        before, after = words.lower[at - 1] if at > start else "", words.lower[at + 1 : min(stop, at + 6)]
        if not _OTHERS.isdisjoint(words.lower[max(start, at - 4) : at]):
            return False
        if words.lower[at].endswith("ing") and after[:1] and after[0] in DETERMINERS:
            return False  # "increasing the number"
        if before in ("a", "an") and after[:1] in (["that"], ["which"]):
            return False
        if after[:1] and words.raw[at + 1].islower() and after[0] not in _NO_NOUNS and not self.verb:
            return False  # "the levy debate"
        is_noun = bool(before) and before[0].isalnum() and words.raw[at - 1].islower() and before not in _ADJECTIVES
        is_noun = is_noun and not (before in CHANGES or before in SIDES or before in _BESIDE)
        if is_noun and not before.endswith(("ly", "ing", "ed")) and stem(before) not in self.known:
            return False
        prepositions = ("of", "on", "to", "for") if self.noun in PLANS else ("of", "on")
        return not (after[1:] and after[0] in prepositions) or not self.known.isdisjoint(map(stem, after[1:]))

    def _has_other_noun(self, words: Words, at: int, start: int) -> bool:
        """Return whether an action is another thing's: "pay raises", if the toll should be raised."""
        before = words.lower[at - 1] if at > start else "the"
        is_common = before in _ADJECTIVES or before in SIDES or before in CHANGES or before in _BESIDE
        return (
            before.isalpha()
            and not is_common
            and stem(before) not in stems_of(self.proposition)
            and before[-2:] not in ("ly", "ng")
        )

    def _is_change_noun(self, word: str) -> bool:
        return self.change != 0 and word in CHANGE_NOUNS and CHANGES[word] == self.change

    def _is_alone(self, following: list[str]) -> bool:
        """Return whether "the closure" or "closing it" has no other object."""
        if not following or following[0] in ("it", "them", "in", "at", "by", "would", "for"):
            return True
        is_other = following[0] in DETERMINERS and self.noun not in map(stem, following)
        return is_other and not self.known.isdisjoint(map(stem, following[1:4]))

    def is_named(self, stems: frozenset[str]) -> bool:
        """Return whether words with these stems name it."""
        if self.claim:
            return len(stems & self.claim.subject) > 1 or len(stems & self.claim.words) > 2
        return self.noun in stems

    def is_called(self, word: str) -> bool:
        """Return whether "the scheme" or "the closure" can mean it."""
        own = topic_of(word)
        if self.noun in _DECISIONS and own not in _DECISIONS:
            return False  # "the law" that a ruling ends
        is_plan = own in PLANS and (own in self.known or own not in LEGAL_PLANS)
        return is_plan or own == topic_of(self.verb) or self._is_change_noun(word)


_NEGATION = compile_lazily(_PATTERNS["negation"])
_HEDGES = compile_lazily(_PATTERNS["hedges"])
_SHORT_FORM = compile_lazily(r"\b(wo|ca)(?:n[’']t)|\bcannot\b")
_MIN_SHARED, _MAX_CLAIM = 3, 25  # words of the headline, and of a claim
_SHARE, _SHARE_OF_ALL = 0.5, 0.8  # of the words of a headline that reports a claim, and of another
_TRIAL = compile_lazily(r"\b(?:jury|jurors|[Cc]rown [Cc]ourt|on trial|[Tt]rial of|[Tt]rial opens|tribunal)\b")
_FIRST_SENTENCES = 3


def without_negation(words: str) -> tuple[str, bool]:
    """Return a clause without "not" after its verb, and whether it had one."""
    plain, contracted = _SHORT_FORM.subn(lambda match: "will" if match[1] == "wo" else "can", words)
    plain, negated = _NEGATION.subn(r"\1", plain)
    return plain, bool(contracted + negated)


def find_claim(reading: Reading, analysis: Analysis, statements: Iterable[Attribution]) -> Dispute | None:
    """Return the statement that the headline makes, as somebody in the article puts it."""
    title = [sentence.number for sentence in reading.sentences if sentence.kind == "title"]
    claims = [found.content for found in analysis.attributions_in(title) if found.rule.headline_claim]
    headline = [quote(reading.article.text, spans) for spans in claims] or [
        reading.sentence(number).text for number in title
    ]
    wanted = {stem(word) for text in headline for word in content_words(text)}
    for found in statements if len(wanted) >= _MIN_SHARED else ():
        words = quote(reading.article.text, found.content)
        own = frozenset(map(stem, content_words(words)))
        shared = len(own & wanted)
        is_clause = found.rule.needs_cue != "always" and not found.denied and found.act != "asked"
        if not is_clause or shared < max(_MIN_SHARED, (_SHARE if claims else _SHARE_OF_ALL) * len(wanted)):
            continue
        if len(words.split()) > _MAX_CLAIM or re.search(r"[“”\"?:;]", words):
            continue
        proposition = as_sentence(_HEDGES.sub("", without_negation(words)[0]))
        subject = re.search(rf"{_FINITE.pattern}|probably|cannot|\b(?:wo|ca)n[’']t", words)
        if not subject or not subject.start():
            return None
        has_effect = bool(re.search(rf"\b{any_of('effects')}(?:s|ed|ing|e[sd])?\b", words))
        claim = Claim(frozenset(map(stem, content_words(words[: subject.start()]))), own, has_effect)
        kind: IssueKind = "forecast" if re.search(rf"\b{any_of('forecast')}\b", words) else "fact"
        return Dispute(proposition, kind, "", known=own, claim=claim, is_pending=True)
    return None


def find_charge(reading: Reading, statements: Iterable[Attribution]) -> tuple[Dispute, str] | None:
    """Return the charge of a court report and the accused: "Ann Hill is guilty of fraud"."""
    is_trial = any(_TRIAL.search(sentence.text) for sentence in reading.sentences[:_FIRST_SENTENCES])
    for found in statements if is_trial or reading.form == "court-report" else ():
        words = Words(quote(reading.article.text, found.content))
        phrase = read_noun_phrase(words, 0, len(words.raw)) if found.act == "denied" else None
        if phrase and len(found.holders) == 1 and words.lower[0] not in DETERMINERS and words.raw[0].islower():
            name = found.holders[0].name
            proposition = as_sentence(f"{name} is guilty of {words.between(0, phrase.end)}")
            if is_clean(proposition):
                return Dispute(proposition, "fact", stem(words.raw[phrase.head]), is_pending=True), name
    return None


def names_other_proposal(text: str, disputes: Sequence[Dispute]) -> bool:
    """Return whether a text names a proposal that is not in dispute: "a plan to drain the lake"."""
    nouns = {dispute.noun for dispute in disputes}
    return any(nouns.isdisjoint(map(topic_of, match[1].split())) for match in _OTHER_PROPOSAL.finditer(text))


_OTHER_PROPOSAL = compile_lazily(rf"\b{any_of('plans_to')} to ([^.,;:()“”\"‘«»—–?!]+)", re.IGNORECASE)
