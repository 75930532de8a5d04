"""The matter of an article as the built-in engine finds it, and the stances to it that the wording makes plain."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from summarizer._text import normalized_words
from summarizer.article import Reading
from summarizer.attribution import Analysis, Attribution
from summarizer.brief import Issue, IssueKind, Stance
from summarizer.engines.builtin.deduplication import Claim, alike, telling_words
from summarizer.engines.builtin.statements import as_sentence
from summarizer.spans import quote

_FORECAST = re.compile(r"\b(?:will|won[’']t|may|might|could|would|going to|likely|set to)\b", re.IGNORECASE)
_POLICY = re.compile(r"\b(?:should|must|ought to|needs? to|has to|have to)\b", re.IGNORECASE)
_PROPOSAL = re.compile(
    r"\b(?:(?:decid|vot|debat|rul|consider|choos|argu|quarrel|disagre|split|divid)\w{0,4}\b[^.,;:]{0,40}?\bwhether (to)"
    r"|(?:plans?|proposals?|bid|bill|motion|scheme|referendum|votes?|voted) (to)"
    r"|(?:decision|votes?|referendum|debate|dispute|row|quarrel|plans?|proposals?|ruling) (on|over|about|for)"
    r"(?= \w+ing\b)) ([^.,;:()“”\"‘«»—–?!]+)",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"([^?.!“”\"]+)\?")
"""What a headline asks, or proposes with a question mark: "Raise the dam? Over my dead body"."""
_IMPERATIVE = re.compile(
    r"(?:take|close|raise|build|ban|keep|stop|save|end|scrap|cut|sell|buy|open|move|leave|let|make|give|raze|restore|fund"
    r"|tax|free|drop|tear|put|bring|rebuild|widen|lower) (?:the|a|an|our|these|this|that|down|back|up)\b",
    re.IGNORECASE,
)
"""A headline that tells what to do: "Save the museum"."""
_AFTER_IT = re.compile(
    r"\s+(?:as|after|before|because|amid|despite|when|while|until|unless|if|since|although|but|though|says?|said|that"
    r"|which|who|has|have|had|is|are|was|were|will|would|(?-i:may)|might|could"
    r"|on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"|and (?:an?|the|has|have|is|was|will|said|he|she|it|they))\b.*$",
    re.IGNORECASE,
)
_NO_PROPOSAL = frozenset("thing nothing anything something king morning evening spring".split())
_LEAD = 3  # sentences of prose that can name the matter
_LONGEST = 14  # words of a proposal
_PLAIN_ACTS = frozenset({"supported", "opposed", "rejected"})
_IT = re.compile(
    r"(?:the|this|that) (?:plans?|proposals?|scheme|bill|project)(?: (?:too|also|outright|altogether))?", re.IGNORECASE
)
_ARTICLES = frozenset("the a an this that any all such".split())


@dataclass(frozen=True, slots=True)
class Matter:
    """An issue, and what tells whether somebody's words are about it."""

    issue: Issue
    proposal: str | None = None
    """What is proposed, from its verb on ("raising Tarnmoor dam"); None where the issue is a headline's statement."""
    only: bool = False
    """Whether it is the one proposal of the article, so that "the plan" means it."""


def matter(reading: Reading, analysis: Analysis) -> Matter | None:
    """What an article is about: what its headline or lead says is to be decided, else what its headline states.

    None where it has no headline.
    """
    title = [sentence for sentence in reading.sentences if sentence.kind == "title"]
    headline = " ".join(sentence.text for sentence in title) or (reading.article.title or "").strip()
    if not headline:
        return None
    if proposed := _proposed(reading, headline):
        marker, words = proposed
        wording = as_sentence(f"to {words}" if marker == "to" else words)
        heads = {_stem(found.split()[0]) for sentence in reading.sentences for _, found in _proposals(sentence.text)}
        return Matter(
            Issue(id="I1", proposition=wording, kind="policy"), words, only=heads == {_stem(words.split()[0])}
        )
    if asked := _QUESTION.match(headline):
        headline = asked[1]
    if _IMPERATIVE.match(headline):
        return Matter(Issue(id="I1", proposition=as_sentence(headline), kind="policy"))
    said = [
        found for found in analysis.attributions_in(sentence.number for sentence in title) if found.rule.headline_claim
    ]
    words = quote(reading.article.text, said[0].content) if said else headline
    kind: IssueKind = "policy" if _POLICY.search(words) else "forecast" if _FORECAST.search(words) else "fact"
    return Matter(Issue(id="I1", proposition=as_sentence(words), kind=kind))


def stance(reading: Reading, claim: Claim, matter: Matter | None) -> Stance:
    """Agrees or disagrees where the wording is plain, else unclear.

    It is plain where somebody supports, opposes or rejects the very thing that is proposed ("opposes raising
    the dam", or "the plan" where there is no other), and where somebody says what the headline states.
    """
    if matter is None or any(found.certainty != "asserted" for found in claim.every):
        return "unclear"
    given = {side for found in claim.every if (side := _side(reading, found, matter))}
    return given.pop() if len(given) == 1 else "unclear"


def _side(reading: Reading, found: Attribution, matter: Matter) -> Stance | None:
    words = quote(reading.article.text, found.content)
    if matter.proposal is None:
        said = found.rule.needs_cue != "always" and not found.denied
        return "agrees" if said and found.act == "said" and alike(words, matter.issue.proposition) else None
    if found.act not in _PLAIN_ACTS or found.polarity is None or not _means(words, matter):
        return None
    return "agrees" if found.polarity == "for" and not found.denied else "disagrees"


def _means(words: str, matter: Matter) -> bool:
    """Whether an object is the proposal: its verb and words of its own alone, or "the plan" where there is one."""
    if matter.only and _IT.fullmatch(words.strip(" .,;")):
        return True
    own = [word for word in normalized_words(words) if word not in _ARTICLES]
    proposed = normalized_words(matter.proposal or "")
    stems = {_stem(word) for word in proposed}
    return len(own) > 1 and _stem(own[0]) == _stem(proposed[0]) and all(_stem(word) in stems for word in own[1:])


def _proposed(reading: Reading, headline: str) -> tuple[str, str] | None:
    """The first proposal of the headline, else of the lead if it shares a telling word with the headline."""
    for found in _proposals(headline):
        return found
    lead = [sentence.text for sentence in reading.sentences if sentence.kind == "prose"][:_LEAD]
    for found in (each for text in lead for each in _proposals(text)):
        if telling_words(found[1]) & telling_words(headline):
            return found
    return None


def _proposals(text: str) -> Iterator[tuple[str, str]]:
    """What a text says is to be decided: "to" or a preposition, and the words from the verb on."""
    for match in _PROPOSAL.finditer(text):
        marker = next(filter(None, match.groups()[:3])).lower()
        words = _AFTER_IT.sub("", match.group(4)).strip()
        if 1 < len(words.split()) <= _LONGEST and words.split()[0].lower() not in _NO_PROPOSAL:
            yield marker, words


def _stem(word: str) -> str:
    """A word without the endings that tell "raise" from "raising" and "ferry" from "ferries"."""
    (word,) = normalized_words(word)[:1] or [word]
    for ending in ("ing", "ies", "ed", "es", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) > 2:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word
