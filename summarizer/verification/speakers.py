"""Who really says it: positions held against the analysis of the article's reported speech."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Literal

from summarizer.attribution import Analysis, Attribution, Entity
from summarizer.brief import Speech
from summarizer.spans import quote

_MIN_WORDS = 3

Verdict = Literal["confirmed", "unconfirmed", "contradicted"]


def check_speaker(
    analysis: Analysis, names: Iterable[str], sentences: Iterable[int], relayed_by: str | None = None
) -> Verdict:
    """Check whether ``sentences`` are attributed to one of ``names``.

    The verdict is "contradicted" only if every sentence is direct speech of other persons, each named right
    beside it, and none of them is ``relayed_by``. A pronoun as source leaves it open.
    """
    sentences = list(sentences)
    if analysis.attributions_by(names, sentences):
        return "confirmed"
    if relayed_by and analysis.attributions_by([relayed_by], sentences):
        return "unconfirmed"
    others = analysis.attributions_in(sentences)
    all_quoted = {number for found in others for number in found.sentences} >= set(sentences)
    text = analysis.reading.article.text
    surely = others and all_quoted and all(is_decisive(text, found) for found in others)
    return "contradicted" if surely else "unconfirmed"


def is_decisive(text: str, found: Attribution) -> bool:
    """Return whether an attribution is sure enough to contradict a position.

    It must be direct speech of several words, found by its tag or label. Its holders must be named right beside
    it, without another name or an "and" around theirs: others may then say it too.
    """
    sure = found.speech == "direct" and found.rule.decides and bool(found.holders)
    if not sure or not all(_is_named(who, found) for who in found.holders):
        return False
    return len(quote(text, found.content).split()) >= _MIN_WORDS and not _has_company(text, found)


_BEFORE = re.compile(r"(?:\band|&)\s*$")
_AFTER = re.compile(
    r"\s*(?:\([^()\n]{0,40}\)\s*)?"  # a party
    r"(?:,[^,.!?“”\"«»\n]{0,60})?"  # what describes the holder
    r"(?:,?\s*(?:\band|&)\s+(?:[a-z]+\s){0,3}[A-Z]|,\s+(?!\w+day\b)[A-Z])"
)
_REACH = 5  # characters before a source


def _has_company(text: str, found: Attribution) -> bool:
    """Whether somebody else may be named beside the only holder, whom the analysis did not tell apart."""
    if found.rule.is_turn:
        return False
    first, last = found.source[0], found.source[-1]
    alone = len(found.holders) == 1
    listed = alone and re.search(r"\band\b|&", quote(text, found.source))
    before = _BEFORE.search(text[max(0, first.start - _REACH) : first.start])
    return bool(listed or before or _AFTER.match(text, last.end))


def _is_named(who: Entity, found: Attribution) -> bool:
    """Whether the words that say who speaks are a name of the person, not a pronoun."""
    named = any(
        mention.start < source.end and source.start < mention.end for mention in who.mentions for source in found.source
    )
    return who.kind == "person" and named


def speech_of(attributions: Iterable[Attribution], quotes: Iterable[str]) -> Speech:
    """Whether evidence gives a holder's own words: by its attributions, else by its quotation marks."""
    kinds = Counter(found.speech for found in attributions)
    if kinds:
        return next(iter(kinds)) if len(kinds) == 1 else "mixed"
    return "mixed" if any(mark in quote for quote in quotes for mark in '“”"«»„') else "indirect"
