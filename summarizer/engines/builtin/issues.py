"""Find what is in dispute in an article, as neutral propositions."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import NamedTuple

from summarizer._text import normalized_words
from summarizer.article import Reading
from summarizer.attribution import Analysis, Attribution
from summarizer.brief import IssueKind
from summarizer.engines.builtin.deduplication import content_words
from summarizer.engines.builtin.lexicon import any_of, word_set
from summarizer.engines.builtin.phrases import (
    CHANGES,
    IT,
    Topic,
    Words,
    forms_of,
    read_topic,
    stem,
)
from summarizer.engines.builtin.stances import Sign
from summarizer.engines.builtin.statements import as_sentence
from summarizer.spans import quote

MAX_ISSUES = 4
_MAX_CANDIDATES = 30
_MIN_TIMES = 2  # sentences that name a thing in dispute
_MIN_ALONE = 4  # sentences, if one holder only takes a side of it
_PROPOSAL = re.compile(
    rf"\b(?:{any_of('deciding')}\w{{0,4}}\b[^.,;:]{{0,40}}?\bwhether (to)|{any_of('plans_to')} (to)"
    rf"|{any_of('debates_about')} (on|over|about|for)(?= \w+ing\b)) ([^.,;:()“”\"‘«»—–?!]+)",
    re.IGNORECASE,
)
_HEADLINE_DEMAND = re.compile(rf"({any_of('demands')} {any_of('demanded')}\b[^?.!,;:“”\"—–]*)", re.IGNORECASE)
"""A headline that demands something: "Save the museum", "Raise the dam? Over my dead body"."""
_REST = re.compile(rf"\s+{any_of('after_proposal')}\b.*$", re.IGNORECASE)
_NO_PROPOSAL = word_set("no_proposal")
_LEAD_SENTENCES = 3  # of prose
_MAX_WORDS = 14  # of a proposal, and of the noun phrase of a proposition
MIN_RANK = 3  # of a dispute that is no proposal of the headline
REACH = 3  # sentences back to which "it" and "the plan" refer
_LEGAL_PLANS = word_set("legal_plans")
NO_TOPICS = frozenset(map(stem, word_set("no_topics")))
_GO_AHEAD = frozenset(map(stem, word_set("plans_that_go_ahead")))
_NOT_PASSIVE, _GOING = word_set("not_passive"), word_set("going")
_GERUNDS = {
    forms_of(verb)["ing"]: verb
    for kind in ("making_verbs", "ending_verbs", "not_passive", "other_actions")
    for verb in word_set(kind)
}
_ADJUNCT = re.compile(r"^(.+?)( (?:by|from|to|until|within|before|after|with|into|out of|at) .+| on \w+days?)$")
_OWN_WORDS = re.compile(
    r"(?:his|her|its|their|my|our|your|this|that|these|those|another|any|such|some|more|no)\b", re.IGNORECASE
)
_PLURAL = re.compile(r"(?<![suiS’'])(?<!States)(?<!Nations)(?<!Texas)(?<!Netherlands)(?<!Wales)s$")
_MISSES_ARTICLE = re.compile(r"[a-z]+$")


@dataclass(slots=True)
class Dispute:
    """What is in dispute, with the statements that take a side of it."""

    topic: Topic
    proposition: str
    kind: IssueKind
    is_pending: bool
    """Whether the headline or the lead names it as a proposal."""
    rank: int = 0
    claim: "Claim | None" = None
    source: str = ""
    """The text that names it as a proposal."""

    def is_called(self, words: str) -> bool:
        """Return whether "the bill" can mean this proposal, since the text about it says so; "the plan" always can."""
        return not any(word in _LEGAL_PLANS and word not in self.source for word in words.lower().split())

    @property
    def stems(self) -> frozenset[str]:
        """The stems of the words that name it."""
        return self.claim.words if self.claim else self.topic.stems

    def is_named(self, stems: Set[str]) -> bool:
        """Return whether words with these stems name it."""
        if self.claim:
            return len(stems & self.claim.subject) > 1 or len(stems & self.claim.words) > 2
        return self.topic.head in stems

    def side_of(self, sign: Sign) -> int:
        """Return 1 if a sign agrees with the proposition, -1 if it disagrees, 0 if it is about something else."""
        topic, own = sign.topic, self.topic
        if not topic.head or topic.head != own.head or (sign.kind == "weight" and self.kind != "evaluation"):
            return 0
        if own.is_name and not (topic.stems <= own.stems or own.stems <= topic.stems):
            return 0  # another person of the same surname
        if topic.action != own.action and (own.action or topic.action):
            return 0
        return sign.value * topic.change * own.change

    def side_of_reference(self, sign: Sign) -> int:
        """Return the same for a topic without a noun: "the plan", "the closure", "it"."""
        topic = sign.topic
        if self.topic.is_name:
            return 0  # a person or a body is no plan
        if topic.action and topic.action != self.topic.action:
            return 0
        if topic.is_plan or topic.is_pronoun:
            return sign.value * topic.change
        return sign.value * topic.change * self.topic.change


class Claim(NamedTuple):
    """A statement of fact that people dispute."""

    subject: frozenset[str]
    words: frozenset[str]
    is_negated: bool
    """Whether the article states it with a negation, which the proposition leaves out."""
    has_effect: bool
    """Whether it says that something changes or does not change: its weight is in dispute."""


_NEGATION = re.compile(
    r"\b(will|would|can|could|may|might|must|should|do|does|did|is|are|was|were|has|have|had)(?:n[’']t| not)\b"
)
_HEDGES = re.compile(
    r"\b(?:probably|likely|never|not|significantly|perhaps|possibly|certainly|really|also|anyway|already) "
)
_SHORT_FORMS = {"won’t": "will", "won't": "will", "can’t": "can", "can't": "can", "cannot": "can"}
_SUBJECT_END = re.compile(
    r"\b(?:will|would|can|cannot|could|may|might|must|should|is|are|was|were|has|have|had|probably|won[’']t|do|does|did)\b"
)


def find_disputes(
    reading: Reading, analysis: Analysis, signs: Mapping[int, Sequence[tuple[Attribution, Sign]]]
) -> list[Dispute]:
    """Return what may be in dispute, the most prominent first.

    ``signs`` has the sides that the statements of each position take.
    """
    title = [sentence for sentence in reading.sentences if sentence.kind == "title"]
    lead = [sentence for sentence in reading.sentences if sentence.kind == "prose"][:_LEAD_SENTENCES]
    headline = " ".join(sentence.text for sentence in title) or (reading.article.title or "")
    pending = list(_pending(headline, [sentence.text for sentence in lead]))
    disputes: dict[tuple[str, str], Dispute] = {}
    source = " ".join((headline, *(sentence.text for sentence in lead))).lower()
    for topic, rest in pending:
        is_new = (topic.head, topic.action) in disputes or topic.head not in {head for head, _ in disputes}
        if topic.head and is_new and (words := _action(topic, rest)):  # the lead's wording is better
            disputes[topic.head, topic.action] = Dispute(topic, words, "policy", True, 3, source=source)
    in_title = {stem(word) for word in normalized_words(headline)}
    in_lead = {stem(word) for sentence in lead for word in normalized_words(sentence.text)}
    found: dict[tuple[str, str], list[tuple[Attribution, Sign]]] = defaultdict(list)
    for pairs in signs.values():
        for attribution, sign in pairs:
            if sign.topic.head and (sign.kind == "side" or not sign.topic.is_pronoun):
                found[sign.topic.head, sign.topic.action].append((attribution, sign))
    times = Counter(stem(word) for each in reading.sentences for word in {*normalized_words(each.text)})
    pending_heads = {head for head, _ in disputes}
    for key, pairs in found.items():
        if key[0] in pending_heads:
            continue
        if not any(sign.topic.is_name for _, sign in pairs) and times[key[0]] < _MIN_TIMES:
            continue
        if made := _make(analysis, headline, [sign.topic for _, sign in pairs]):
            made.rank = 3 * (key[0] in in_title) + (key[0] in in_lead)
            disputes[key] = made
    for key, dispute in disputes.items():
        pairs = found[key]
        holders = {holder.name for attribution, _ in pairs for holder in attribution.holders}
        sides = {dispute.side_of(sign) for _, sign in pairs} - {0}
        if dispute.topic.action and not dispute.is_pending:
            dispute.rank -= 2  # "to improve accuracy": said in passing
        if (
            dispute.kind == "evaluation"
            and not dispute.topic.is_name
            and len(holders) < 2
            and times[key[0]] < _MIN_ALONE
        ):
            dispute.rank -= 3
        dispute.rank += 2 * len(holders) + 2 * (len(sides) == 2)
    ranked = sorted(disputes.values(), key=lambda dispute: (not dispute.is_pending, -dispute.rank))
    return ranked[:_MAX_CANDIDATES]


def _pending(headline: str, lead: list[str]) -> Iterator[tuple[Topic, str]]:
    """Yield the proposals of the headline, then those of the lead that share a word with it."""
    for text in (headline, *lead):
        for marker, words in proposals(text):
            if text == headline or not headline or content_words(words) & content_words(headline):
                tokens = Words(words)
                topic = read_topic(tokens, 0, len(tokens.raw), is_infinitive=marker == "to")
                if topic and topic.verb:
                    after = words.partition(topic.noun)[2]
                    match = _ADJUNCT.match(f"x{after}")
                    yield topic, match[2] if match and match[1] == "x" else ""


def proposals(text: str) -> Iterator[tuple[str, str]]:
    """Yield the proposals in a text: "to" or a preposition, and the words from the verb on."""
    if demand := _HEADLINE_DEMAND.match(text):
        yield "to", demand[1][:1].lower() + demand[1][1:].strip()
    for match in _PROPOSAL.finditer(text):
        marker = next(filter(None, match.groups()[:3])).lower()
        words = _REST.sub("", match.group(4)).strip()
        if 1 < len(words.split()) <= _MAX_WORDS and words.split()[0].lower() not in _NO_PROPOSAL:
            yield marker, words


def _action(topic: Topic, rest: str) -> str | None:
    """Return the proposition that something should be done: "The dam should be raised by six metres."."""
    verb, _, particle = topic.verb.partition(" ")
    rest = f" {particle}{rest}" if particle else rest
    base = _GERUNDS.get(verb, "" if verb.endswith("ing") else verb)
    noun = _with_article(topic, topic.noun)
    if noun is None or (_MISSES_ARTICLE.fullmatch(topic.noun) and not _PLURAL.search(topic.noun)):
        return None  # "to compete hard"
    if base in _NOT_PASSIVE:
        return as_sentence(f"it is right to {topic.verb} {topic.noun}{rest}")
    if base in _GOING:
        return as_sentence(f"{noun} should {base}{rest}")
    participle = forms_of(base)["past"] if base else f"{verb[:-3]}ed"
    return as_sentence(f"{noun} should be {participle}{rest}")


def _make(analysis: Analysis, headline: str, topics: Sequence[Topic]) -> Dispute | None:
    """Return the dispute about topics with one noun; None if it is too general or has no wording of its own."""
    if topics[0].head in NO_TOPICS or len(topics[0].head) < 3 or not topics[0].head.isalpha():
        return None
    usable = [topic for topic in topics if not _OWN_WORDS.match(topic.words) and len(topic.words.split()) <= _MAX_WORDS]
    if not usable:
        return None
    with_verb = [topic for topic in usable if topic.verb]
    usable = with_verb if len(with_verb) * 2 > len(usable) else [topic for topic in usable if not topic.verb]
    best = max(usable, key=lambda topic: len(topic.words))
    if not best.verb and not best.is_name and (titled := _find_topic(headline, best.head)):
        best = replace(titled, is_name=False)
    if best.action and not best.verb:
        return None
    if best.verb:
        words = _action(best, "")
        return Dispute(best, words, "policy", is_pending=False) if words else None
    is_person = best.is_name and best.words == best.noun and not best.is_plan
    entity = analysis.entities.find(best.noun) if is_person else None
    if is_person and not entity:
        return None
    if best.change < 0 and not any(word in CHANGES for word in best.words.lower().split()):
        return None  # the words "ban on" are not among those shown
    words = entity.name if entity else _with_article(best, best.words)
    if not words or '"' in words:
        return None
    if best.is_plan or best.words != best.noun or best.head in _GO_AHEAD:
        return Dispute(best, as_sentence(f"{words} should go ahead"), "policy", is_pending=False)
    verb = (
        "deserve"
        if _PLURAL.search(words.split(" of ")[0].split(" for ")[0]) and not (entity and entity.kind == "person")
        else "deserves"
    )
    return Dispute(best, as_sentence(f"{words} {verb} support"), "evaluation", is_pending=False)


def _find_topic(headline: str, head: str) -> Topic | None:
    """Return the noun phrase with this noun in a headline: "A toll for the Long Bridge"."""
    words = Words(headline)
    for at, word in enumerate(words.lower):
        if word in ("a", "an", "the") and (topic := read_topic(words, at, len(words.raw))) and topic.head == head:
            return topic
    return None


def _with_article(topic: Topic, words: str) -> str | None:
    """Return a noun phrase with the article that a headline leaves out; None for "his plan"."""
    if _OWN_WORDS.match(words):
        return None
    first = words.split(maxsplit=1)[0]
    if (
        first.lower() in {"a", "an", "the", "every", "all", "each", "any", "some"}
        or not _MISSES_ARTICLE.match(first)
        or _PLURAL.search(words.rsplit(maxsplit=1)[-1])
    ):
        return words
    return f"the {words}" if topic.head in _GO_AHEAD or topic.verb else words


def find_claim(reading: Reading, analysis: Analysis, statements: Sequence[tuple[int, Attribution]]) -> Dispute | None:
    """Return the statement that the headline makes, as somebody in the article puts it."""
    title = [sentence.number for sentence in reading.sentences if sentence.kind == "title"]
    claims = [found.content for found in analysis.attributions_in(title) if found.rule.headline_claim]
    headline = [quote(reading.article.text, spans) for spans in claims] or [
        reading.sentence(number).text for number in title
    ]
    wanted = {stem(word) for text in headline for word in content_words(text)}
    for _, found in statements:
        words = quote(reading.article.text, found.content)
        own = {stem(word) for word in content_words(words)}
        is_clause = found.rule.needs_cue != "always" and not found.denied and found.act != "asked"
        if not is_clause or len(own & wanted) * 2 < len(wanted) or len(own & wanted) < 3 or len(words.split()) > 25:
            continue
        if any(mark in words for mark in '“”"?:;'):
            continue
        return _make_claim(words)
    return None


def _make_claim(words: str) -> Dispute | None:
    plain = words
    for short, full in _SHORT_FORMS.items():
        plain = re.sub(rf"\b{short}\b", full, plain)
    is_negated = plain != words or bool(_NEGATION.search(words)) or " not " in words or " never " in words
    plain = _HEDGES.sub("", _NEGATION.sub(r"\1", plain))
    subject = _SUBJECT_END.search(words)
    if not subject or not subject.start():
        return None
    effects = re.search(rf"\b{any_of('effects')}(?:s|ed|ing|e[sd])?\b", words)
    stems = frozenset(map(stem, content_words(words)))
    claim = Claim(frozenset(map(stem, content_words(words[: subject.start()]))), stems, is_negated, bool(effects))
    kind: IssueKind = "forecast" if re.search(rf"\b{any_of('forecast')}\b", words) else "fact"
    return Dispute(IT, as_sentence(plain), kind, is_pending=False, claim=claim)
