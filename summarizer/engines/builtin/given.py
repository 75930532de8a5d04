"""Match statements with the issues of a codebook by their words, and read the propositions of these issues."""

import re
from collections.abc import Container
from typing import NamedTuple

from summarizer._languages import frequent_words
from summarizer._patterns import compile_lazily
from summarizer._text import normalized_words
from summarizer.codebook import CodebookIssue
from summarizer.engines.builtin.deduplication import content_words
from summarizer.engines.builtin.disputes import Claim, Dispute, topic_of
from summarizer.engines.builtin.lexicon import read_patterns
from summarizer.engines.builtin.phrases import (
    CHANGES,
    DETERMINERS,
    VERBS,
    Words,
    read_action,
    read_noun_phrase,
    stem,
    stems_of,
)
from summarizer.merging import has_enough_in_common

_MIN_SHARED, _MIN_SHARE = 2, 0.5  # of the content words of a proposition
_SHARE_OF_CLAIM = 0.7  # of the words of the longer of a claim and its restatement
_MIN_OF_SAME, _SHARE_OF_SAME = 3, 0.8  # of the content words of the shorter of two claims
_CHANGES_ALONE = {
    **dict.fromkeys(("go", "end", "close", "stop"), -1),
    **dict.fromkeys(("stay", "remain", "survive", "continue", "keep", "run", "open"), 1),
}
"""What a verb without an object says of its subject: "the dam must go"."""
_PATTERNS = read_patterns("given")
_DEMAND = compile_lazily(_PATTERNS["demand"], re.IGNORECASE)
_APPROVAL = compile_lazily(_PATTERNS["approval"], re.IGNORECASE)
_EMPTY = DETERMINERS | frozenset(
    "all any each every few first many more most no now only some not never should must ought will would can could may "
    "might soon".split()
)
"""Words that do not tell issues apart."""
_HAS_VERB = compile_lazily(_PATTERNS["has_verb"])
"""What tells a statement from a topic: "the toll hurts shops", not "tolls for lorries"."""
_CHANGE_OF = compile_lazily(r"The (\w+) of (?:the )?(\w+) should go ahead\.")
_NEGATION = compile_lazily(r"\b(?:not|never|no|neither|nor)\b|n[’']t\b", re.IGNORECASE)


class GivenWords(NamedTuple):
    """The content words of a given issue, as topics."""

    proposition: frozenset[str]
    aliases: tuple[frozenset[str], ...]

    def match(self, topics: frozenset[str]) -> int:
        """Return how well a statement with these topics matches; 0 if it does not concern the issue.

        It has all words of an alias, or half of the words of the proposition, and at least two of them.
        """
        common, count = len(self.proposition & topics), len(self.proposition)
        is_near = common >= max(min(_MIN_SHARED, count), _MIN_SHARE * count)
        named = (len(alias) for alias in self.aliases if alias <= topics)
        return max(common * is_near, *named, 0)


def topics_of(text: str, language: str | None) -> frozenset[str]:
    """Return the topics of the content words of a text."""
    empty = frequent_words(language or "en") | _EMPTY
    return frozenset(topic_of(word) for word in content_words(text) if word not in empty)


def read_words(entry: CodebookIssue, noun: str, language: str | None) -> GivenWords:
    """Return the words of a given issue; its noun, if it is no other's, is like an alias."""
    aliases = (*(topics_of(alias, language) for alias in entry.aliases), frozenset({noun} - {""}))
    return GivenWords(topics_of(entry.proposition, language), tuple(filter(None, aliases)))


def read_issue(entry: CodebookIssue, topics: Container[str]) -> Dispute:
    """Return a given issue as a dispute.

    Its sides can be read if it demands, approves of or plainly states something, of a thing among the article's topics.
    """
    known = stems_of(" ".join((entry.proposition, *entry.aliases)))
    dispute = Dispute(entry.proposition, entry.kind, "", known=known, given=entry.id)
    if _NEGATION.search(entry.proposition):
        return dispute
    if match := _APPROVAL.match(entry.proposition):
        dispute.noun = _head(match["who"])
    elif match := _DEMAND.match(entry.proposition):
        _read_demand(dispute, match["who"], match["what"])
    elif _HAS_VERB.search(entry.proposition):
        own = frozenset(map(stem, content_words(entry.proposition)))
        dispute.claim = Claim(frozenset(), own, has_effect=False)
    if dispute.noun not in topics:
        dispute.noun = dispute.verb = ""
    return dispute


def _read_demand(dispute: Dispute, who: str, what: str) -> None:
    """Read what is to happen, and to what: "the library should be closed", "the council should close the library"."""
    words = Words(what)
    if words.lower[0] == "be":
        dispute.verb = next((VERBS[word] for word in words.lower[1:] if VERBS.get(word, "be") != "be"), "")
        dispute.noun, dispute.change = (_head(who), CHANGES.get(dispute.verb, 0)) if dispute.verb else ("", 0)
    elif action := read_action(words, 0, len(words.raw)):
        dispute.verb, dispute.noun, dispute.change = action.verb, action.noun, CHANGES.get(action.verb, 0)
    elif words.lower[0] in _CHANGES_ALONE:
        dispute.verb, dispute.noun, dispute.change = words.lower[0], _head(who), _CHANGES_ALONE[words.lower[0]]


def _head(who: str) -> str:
    words = Words(who)
    phrase = read_noun_phrase(words, 0, len(words.raw))
    return topic_of(words.raw[phrase.head]) if phrase else ""


def restates(text: str, proposition: str) -> bool:
    """Return whether an English statement and a proposition differ only by a few words that one of them adds."""
    empty = frequent_words("en") | _EMPTY
    both = [[stem(word) for word in normalized_words(each) if word not in empty] for each in (text, proposition)]
    shorter, longer = sorted(both, key=len)
    following = iter(longer)
    return len(shorter) >= _SHARE_OF_CLAIM * len(longer) and all(word in following for word in shorter)


def is_same(given: Dispute, other: Dispute) -> int:
    """Return 1 if another dispute is the same as a given issue, -1 if it is the contrary, else 0."""
    if given.claim or other.claim:
        ours, theirs = content_words(given.proposition), content_words(other.proposition)
        counts = len(ours & theirs), len(ours), len(theirs)
        if not has_enough_in_common(*counts, share=_SHARE_OF_SAME, min_count=_MIN_OF_SAME, of_shorter=True):
            return 0
        return 1 if bool(_NEGATION.search(given.proposition)) == bool(_NEGATION.search(other.proposition)) else -1
    if given.noun and (match := _CHANGE_OF.match(other.proposition)) and given.noun in map(topic_of, match[2].split()):
        return CHANGES.get(match[1], 0) * given.change
    if not given.noun or given.noun != other.noun:
        return 0
    return given.change * other.change or int(given.verb == other.verb)
