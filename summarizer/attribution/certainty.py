"""Certainty and negation: how sure the holder is, and whether the content is denied or was not said.

``denied that …``, ``did not think that …``: the holder is against the content. ``did not say that …``,
``refused to say whether …``, ``nobody said``: the holder is neither for it nor against it.
"""

from collections.abc import Sequence
from itertools import pairwise
from operator import attrgetter

from summarizer._types import Certainty
from summarizer.attribution.lexicon import NEGATORS, WORDS, word_set
from summarizer.attribution.noun_phrases import MAX_PHRASE, subject_before
from summarizer.attribution.rules import Rule
from summarizer.attribution.rules.base import Match
from summarizer.attribution.tokens import Paragraph

_CONDITIONS = word_set("if unless")
_NO_CONDITIONS = word_set("as even")  # "as if it were an ad", "even if it rains"
_MAX_READ = 40  # in tokens: the part of the content that is read for hedges


def find_certainty(paragraphs: Sequence[Paragraph], rule: Rule, match: Match) -> Certainty:
    """Return the certainty of the cue; that of a plain cue is read off the content."""
    if match.sense.certainty != "asserted" or rule.content == "question":
        return match.sense.certainty
    index, (start, end) = match.content[0]
    end = min(end, start + _MAX_READ)
    words: Sequence[str] = paragraphs[index].lower[start:end]
    if "may" in words:
        words = [token.lower for token in paragraphs[index].tokens[start:end] if token.text != "May"]
    if any(word in _CONDITIONS and before not in _NO_CONDITIONS for before, word in pairwise(words)):
        return "conditional"
    return "asserted" if WORDS["hedges"].isdisjoint(words) else "hedged"


_MAX_GOVERNING = 6  # in tokens: how far from a cue the word that governs it can be
_may_negate = attrgetter("may_negate")  # faster than a loop over every token


def find_negation(
    paragraphs: Sequence[Paragraph], paragraph: Paragraph, rule: Rule, match: Match
) -> tuple[bool, bool]:  # fmt: skip
    """Return whether the holder denies the content, and whether the content is reported as not said."""
    sense = match.sense
    if sense.lemma in (":", "according"):
        return False, False
    own_denial = rule.own_words and sense.denies
    negated = _is_negated(paragraph, match)
    if _is_wanted(paragraph, match) or _is_nobody(paragraph, match):
        return False, True
    if sense.denies and rule.content == "infinitive" and _is_silence(paragraphs, match):
        return False, not negated
    if sense.denies and not own_denial:
        return not negated, negated
    if not negated or own_denial:
        return False, False
    return sense.neg_raising, not sense.neg_raising


_CONDITIONAL = word_set("if unless")


def _is_wanted(paragraph: Paragraph, match: Match) -> bool:
    """Return whether the source ought to say the content, or would on a condition: "Schools should decide when"."""
    if not match.source or match.source[0][1] > match.cue[0][0]:
        return False
    (start, end), word = match.source[0], match.cue[0][0]
    if start and paragraph.lower[start - 1] in _CONDITIONAL and paragraph.quotation_of[start] is None:
        return True
    between = range(end, min(word, end + _MAX_GOVERNING))
    obligations = (place for place in between if paragraph.lower[place] in WORDS["obligations"])
    return any(paragraph.lower[place + 1] != "have" for place in obligations)


def _is_negated(paragraph: Paragraph, match: Match) -> bool:
    """Return whether an odd number of negations applies to the cue."""
    word = match.cue[0][0]
    floor = paragraph.sentence_range(word)[0]
    if not any(map(_may_negate, paragraph.tokens[max(floor, word - MAX_PHRASE - _MAX_GOVERNING) : word])):
        return False  # nearly always
    subject, group = subject_before(paragraph, word, floor)
    count = sum(_negates(paragraph, place) for place in range(group, word))
    before = paragraph.lower[group - 1] if group > floor else ""
    if before in ("to", "or", "nor") or paragraph.lower[word].endswith("ing"):
        count += _count_governing(paragraph, group, floor)
    elif subject is not None and match.source and match.source[0][0] in range(*subject):
        count += _is_subject_negated(paragraph, subject[0], floor)
    return count % 2 == 1


def _negates(paragraph: Paragraph, word: int) -> bool:
    lower = paragraph.lower[word]
    if lower not in NEGATORS and not lower.endswith("n't"):
        return False
    following = paragraph.lower[word + 1] if word + 1 < len(paragraph.lower) else ""
    return following == "to" if lower == "yet" else following not in WORDS["focus_adverbs"]


def _count_governing(paragraph: Paragraph, word: int, floor: int) -> int:
    """Return the number of negations before ``word`` in its clause: "did not hesitate to" has two."""
    count = 0
    for place in range(word - 1, max(floor, word - _MAX_GOVERNING) - 1, -1):
        lower = paragraph.lower[place]
        if paragraph.tokens[place].is_mark or lower in ("and", "but", "that", "who", "which"):
            break
        count += lower in WORDS["withholding"] or _negates(paragraph, place)
        if lower == "neither":
            return 1  # its "nor"s add nothing to it
    return count


def _is_subject_negated(paragraph: Paragraph, subject: int, floor: int) -> bool:
    """Return whether the subject is negated: "Neither …", "Nor did she say", "At no point did he"."""
    if paragraph.lower[subject] == "neither":
        return True
    start = max(floor, subject - 5)
    is_inverted = paragraph.tokens[subject - 1].is_helper
    return is_inverted and any(_negates(paragraph, place) for place in range(start, subject))


def _is_nobody(paragraph: Paragraph, match: Match) -> bool:
    """Return whether "nobody", "no one" or "no official" speaks, or "nothing about" it is said."""
    begin, end = match.cue[-1]
    after = paragraph.lower[end : end + 2]
    if begin < end and after[:1] == ("nothing",) and after[1:] in (("about",), ("of",), ("on",), ("to",)):
        return True
    return bool(match.source) and paragraph.lower[match.source[0][0]] in WORDS["nobody"]


def _is_silence(paragraphs: Sequence[Paragraph], match: Match) -> bool:
    """Return whether the refused act is to speak: "refused to say whether …"."""
    index, (start, end) = match.content[0]
    paragraph = paragraphs[index]
    places = range(start + 1, min(end, start + 4))
    verb = next((place for place in places if not paragraph.lower[place].endswith("ly")), start)
    cue = paragraph.tokens[verb].cue
    if paragraph.lower[verb] in WORDS["speaking"]:
        return True
    return cue is not None and "base" in cue.forms and any(
        sense.act in ("said", "conceded", "confirmed") and "clause" in sense.frames for sense in cue.senses
    )  # fmt: skip
