"""What the article does not support: names, addresses, gists, and issues that nobody takes a position on."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from summarizer._patterns import compile_lazily
from summarizer._text import shorten
from summarizer.verification.checks import GroundingContext
from summarizer.verification.findings import Findings, Problem
from summarizer.verification.names import missing_addresses
from summarizer.verification.wording import read_text

if TYPE_CHECKING:
    from summarizer.verification.wording import ComparedText

_MIN_RESTATED = 0.7  # the share of the content words of a sentence
_SENTENCE_END = compile_lazily(r"(?<=[.!?])\s+")
_UNTIL = compile_lazily(r"\b(?:until|before|bis|bevor|erst|avant|jusqu)\b")
_MAX_SHORT = 4  # content words


def settle(findings: Findings, context: GroundingContext) -> Findings:
    """Return the findings of a whole article without issues that no position is about, and without a false gist."""
    used = {position.issue for position in findings.positions}
    problems = [
        Problem("issue", issue.proposition, "no position is about it")
        for issue in findings.issues
        if issue.id not in used and not issue.given
    ]
    gist = findings.gist
    if gist and (reason := find_fault_of_gist(gist.text, [item.quote for item in gist.evidence], context)):
        problems.append(Problem("gist", gist.text, reason))
        gist = None
    issues = tuple(issue for issue in findings.issues if issue.id in used or issue.given)
    return replace(findings, issues=issues, gist=gist, problems=(*findings.problems, *problems))


def find_fault_of_gist(text: str, evidence: Sequence[str], context: GroundingContext) -> str:
    """Return why the article does not support a gist; empty if it may."""
    if fault := find_invention(text, context.texts, context):
        return fault
    if not context.shares_content(text):
        return "it has no word in common with the article"
    if sentence := find_reversal(text, evidence, context.reading.language):
        return f"the sentences cited say the contrary of “{shorten(sentence)}”"
    return ""


def find_invention(text: str, evidence: Sequence[str], context: GroundingContext) -> str:
    """Return which address is not in the evidence, or which name not in the article; empty without any."""
    if addresses := missing_addresses(text, evidence):
        return f"the address {shorten(addresses[0])} does not stand in the evidence"
    if names := context.names.invented(text):
        return f"the name {shorten(names[0])} does not stand in the article"
    return ""


def find_reversal(text: str, evidence: Sequence[str], language: str) -> str:
    """Return the sentence that negates a word that its evidence does not, or the other way round; empty without any.

    Only a sentence that restates most of one of the evidence counts, and a word that no evidence has both ways.
    """
    parts = [part for words in evidence for part in dict.fromkeys((words, *_SENTENCE_END.split(words)))]
    sources = [read for words in parts if (read := read_text(words, language))]
    for sentence in _SENTENCE_END.split(text) if sources else ():
        own = read_text(sentence, language)
        if own and _is_reversed(own, sources):
            return sentence
    return ""


def _is_reversed(own: "ComparedText", sources: Sequence["ComparedText"]) -> bool:
    near = [other for other in sources if _restates(own, other)]
    same = own.rules.kinds["negation"].same
    mine, theirs = _negated(own), [_negated(other) for other in near]
    negated = frozenset(chain.from_iterable(map(_directly_negated, [own, *near])))
    for word in own.stems & frozenset(chain.from_iterable(other.stems for other in near)):
        ways = {word in negated for other, negated in zip(near, theirs, strict=True) if word in other.stems}
        others = near if word in mine else [own]
        answers = {match[0] for other in others for match in same.finditer(other)}
        if ways == {word not in mine} and not answers - negated:
            return True
    return False


def _restates(own: "ComparedText", other: "ComparedText") -> bool:
    """Return whether a sentence has most of its words from another; of short ones, most of the other's words."""
    shared, count = len(own.stems & other.stems), len(own.stems)
    if shared >= max(1, _MIN_RESTATED * count):
        return True
    return count <= _MAX_SHORT and bool(shared) and shared >= _MIN_RESTATED * len(other.stems)


def _directly_negated(read: "ComparedText") -> frozenset[str]:
    """Return the words right after a negation: in "do not doubt", "doubt" answers no other negation."""
    if _UNTIL.search(read.plain):  # "did not oppose it until May"
        return frozenset()
    marks = read.rules.kinds["negation"].marks.finditer(read)
    return frozenset(chain.from_iterable(read.plain[mark.end() :].split(maxsplit=1)[:1] for mark in marks))


def _negated(read: "ComparedText") -> frozenset[str]:
    """Return the stems of the words that a text negates; all, if a negation is alone."""
    marks = read.rules.kinds["negation"].marks.finditer(read)
    return frozenset(chain.from_iterable(read.governed(mark) or read.stems for mark in marks))
