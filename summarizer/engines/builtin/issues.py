"""Find an article's issue, and the stances that its wording makes explicit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from summarizer._text import normalized_words
from summarizer.article import Reading
from summarizer.attribution import Analysis, Attribution
from summarizer.brief import Issue, IssueKind, Stance
from summarizer.engines.builtin.deduplication import StatementGroup, content_words, is_paraphrase
from summarizer.engines.builtin.lexicon import any_of, word_set
from summarizer.engines.builtin.open_questions import only_asks
from summarizer.engines.builtin.statements import as_sentence
from summarizer.spans import quote

_FORECAST = re.compile(rf"\b{any_of('forecast')}\b", re.IGNORECASE)
_POLICY = re.compile(rf"\b{any_of('policy')}\b", re.IGNORECASE)
_PROPOSAL = re.compile(
    rf"\b(?:{any_of('deciding')}\w{{0,4}}\b[^.,;:]{{0,40}}?\bwhether (to)|{any_of('plans_to')} (to)"
    rf"|{any_of('debates_about')} (on|over|about|for)(?= \w+ing\b)) ([^.,;:()“”\"‘«»—–?!]+)",
    re.IGNORECASE,
)
_HEADLINE_QUESTION = re.compile(r"([^?.!“”\"]+)\?")
"""A question or a proposal in a headline: "Raise the dam? Over my dead body"."""
_IMPERATIVE = re.compile(rf"{any_of('demands')} {any_of('demanded')}\b", re.IGNORECASE)
"""A headline that demands something: "Save the museum"."""
_REST = re.compile(rf"\s+{any_of('after_proposal')}\b.*$", re.IGNORECASE)
_NO_PROPOSAL = word_set("no_proposal")
_LEAD_SENTENCES = 3  # of prose that can name the issue
_MAX_WORDS = 14  # of a proposal
_EXPLICIT_ACTS = frozenset({"supported", "opposed", "rejected"})
_THE_PLAN = re.compile(rf"(?:the|this|that) {any_of('the_plan')}(?: (?:too|also|outright|altogether))?", re.IGNORECASE)
_ARTICLES = word_set("articles")


@dataclass(frozen=True, slots=True)
class IssueCandidate:
    """The issue of an article, and the proposal that it is about."""

    issue: Issue
    proposal: str | None = None
    """The words of the proposal ("raising Tarnmoor dam"); None if the issue is the headline's statement."""
    is_only: bool = False
    """Whether the article has no other proposal, so that "the plan" means this one."""


def find_issue(reading: Reading, analysis: Analysis) -> IssueCandidate | None:
    """Return the proposal in the headline or lead, else the statement of the headline.

    Return None for an article without a headline.
    """
    title = [sentence for sentence in reading.sentences if sentence.kind == "title"]
    headline = " ".join(sentence.text for sentence in title) or (reading.article.title or "").strip()
    if not headline:
        return None
    if proposed := _find_proposal(reading, headline):
        marker, words = proposed
        wording = as_sentence(f"to {words}" if marker == "to" else words)
        verbs = {_stem(other.split()[0]) for sentence in reading.sentences for _, other in _proposals(sentence.text)}
        is_only = verbs == {_stem(words.split()[0])}
        return IssueCandidate(Issue(id="I1", proposition=wording, kind="policy"), words, is_only)
    if question := _HEADLINE_QUESTION.match(headline):
        headline = question[1]
    if _IMPERATIVE.match(headline):
        return IssueCandidate(Issue(id="I1", proposition=as_sentence(headline), kind="policy"))
    claims = [
        claim for claim in analysis.attributions_in(sentence.number for sentence in title) if claim.rule.headline_claim
    ]
    words = quote(reading.article.text, claims[0].content) if claims else headline
    kind: IssueKind = "policy" if _POLICY.search(words) else "forecast" if _FORECAST.search(words) else "fact"
    return IssueCandidate(Issue(id="I1", proposition=as_sentence(words), kind=kind))


def find_stance(reading: Reading, group: StatementGroup, issue: IssueCandidate | None) -> Stance:
    """Return "agrees" or "disagrees" if the wording is explicit, else "unclear".

    A wording is explicit if it supports, opposes or rejects the proposal itself: "opposes raising the dam", or "the
    plan" if there is no other. A wording that equals the headline's statement agrees with it.
    """
    if issue is None or any(attribution.certainty != "asserted" for attribution in group.attributions):
        return "unclear"
    sides = {side for attribution in group.attributions if (side := _side(reading, attribution, issue))}
    return sides.pop() if len(sides) == 1 else "unclear"


def _side(reading: Reading, attribution: Attribution, issue: IssueCandidate) -> Stance | None:
    words = quote(reading.article.text, attribution.content)
    if only_asks(words):
        return None
    if issue.proposal is None:
        is_clause = attribution.rule.needs_cue != "always" and not attribution.denied and attribution.act == "said"
        return "agrees" if is_clause and is_paraphrase(words, issue.issue.proposition) else None
    if attribution.act not in _EXPLICIT_ACTS or attribution.polarity is None or not _is_proposal(words, issue):
        return None
    return "agrees" if attribution.polarity == "for" and not attribution.denied else "disagrees"


def _is_proposal(words: str, issue: IssueCandidate) -> bool:
    """Return whether an object is the proposal: only its words from the verb on, or "the plan"."""
    if issue.is_only and _THE_PLAN.fullmatch(words.strip(" .,;")):
        return True
    own = [word for word in normalized_words(words) if word not in _ARTICLES]
    proposed = normalized_words(issue.proposal or "")
    stems = {_stem(word) for word in proposed}
    return len(own) > 1 and _stem(own[0]) == _stem(proposed[0]) and all(_stem(word) in stems for word in own[1:])


def _find_proposal(reading: Reading, headline: str) -> tuple[str, str] | None:
    """Return the first proposal of the headline, or of the lead if it shares a content word with the headline."""
    lead = [sentence.text for sentence in reading.sentences if sentence.kind == "prose"][:_LEAD_SENTENCES]
    in_lead = (proposal for text in lead for proposal in _proposals(text))
    related = (proposal for proposal in in_lead if content_words(proposal[1]) & content_words(headline))
    return next(chain(_proposals(headline), related), None)


def _proposals(text: str) -> Iterator[tuple[str, str]]:
    """Yield the proposals in a text: "to" or a preposition, and the words from the verb on."""
    for match in _PROPOSAL.finditer(text):
        marker = next(filter(None, match.groups()[:3])).lower()
        words = _REST.sub("", match.group(4)).strip()
        if 1 < len(words.split()) <= _MAX_WORDS and words.split()[0].lower() not in _NO_PROPOSAL:
            yield marker, words


def _stem(word: str) -> str:
    """Return a word without endings, so that "raise" equals "raising" and "ferry" equals "ferries"."""
    (word,) = normalized_words(word)[:1] or [word]
    word = re.sub(r"(?<=.{3})(?:ing|ies|ed|es|s|e|y)$", "", word)
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word
