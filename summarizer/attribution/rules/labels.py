"""Rules for labels and transcripts: a name, a colon, and the words of the speaker.

``Hill: Plan Is Dead`` in a headline; ``HILL: The plan is dead.``; ``Q:`` and ``A:`` in an interview, where the
person who answers is named before the first question.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from summarizer.attribution.lexicon import COMMON_VERBS, DAYS, WORDS, Sense, word_set
from summarizer.attribution.rules.base import Context, Match
from summarizer.attribution.tokens import Paragraph, Range
from summarizer.attribution.verb_phrases import trim_end

LABEL_SENSE = Sense(":", "said")
QUESTION_LABELS = word_set("q question")
ANSWER_LABELS = word_set("a answer")
_MAX_LABEL = 6
"""In tokens: the name of a speaker before a colon."""
_NO_SPEAKERS = DAYS | WORDS["no_speakers"]
"""Words before a colon that name no speaker: sections, and the headers of e-mail."""


def match_headline(context: Context) -> Match | None:
    """Match ``Hill: Bridge Is Unsafe`` in a headline."""
    paragraph = context.paragraph
    return context.once(_find_label) if paragraph.kind == "title" or paragraph.index == 0 else None


def match_label(context: Context) -> Match | None:
    """Match ``HILL: The bridge is unsafe.`` outside transcripts."""
    match, paragraph = context.once(_find_label), context.paragraph
    if match is None or not (paragraph.tokens[0].text.isupper() or paragraph.quotation_from(match.content[0][1][0])):
        return None
    return match


def _find_label(context: Context) -> Match | None:
    paragraph = context.paragraph
    colon = label_end(paragraph)
    if colon < 1 or colon + 3 > len(paragraph.tokens):
        return None
    end = trim_end(paragraph, colon + 1, len(paragraph.tokens))
    has_verb = paragraph.lower[0] in ("says", "said") and colon > 1  # "Says Mr Hill: …"
    source, cue = ((1, colon), (0, 1)) if has_verb else ((0, colon), (colon, colon + 1))
    return Match((source,), (cue,), ((paragraph.index, (colon + 1, end)),), LABEL_SENSE)


def label_end(paragraph: Paragraph) -> int:
    """Return the colon after the speaker at the beginning of a paragraph, or 0."""
    if ":" not in paragraph.lower[1 : _MAX_LABEL + 1]:
        return 0
    colon = paragraph.lower.index(":", 1)
    return colon if _is_speaker(paragraph, colon) else 0


def _is_speaker(paragraph: Paragraph, colon: int) -> bool:
    if paragraph.lower[0] in _NO_SPEAKERS or paragraph.quotation_of[0] is not None:
        return False
    return all(
        (token.is_capitalised or token.is_preposition or token.is_determiner)
        and not (token.is_mark or token.is_modal or token.lower in COMMON_VERBS)
        for token in paragraph.tokens[:colon]
    )


# Transcripts.

_MIN_LABELS = 3
"""Labels that make a transcript, if there are other paragraphs between them."""
_MAX_PARAGRAPHS_PER_LABEL = 6
"""Between the first label and the last."""
_FIRST_PERSON = word_set("i we i'm i've i'd i'll we're we've we'd we'll my our")


class Turn(NamedTuple):
    """A paragraph that belongs to a speaker of a transcript."""

    speaker: int
    """The paragraph with the label."""
    match: Match | None
    """None for questions, which have no holder."""


def find_turns(paragraphs: Sequence[Paragraph]) -> dict[int, Turn]:
    """Return the paragraphs that belong to a speaker, by index; empty if the text is no transcript."""
    labels = _find_labels(paragraphs)
    turns: dict[int, Turn] = {}
    speaker = -1
    for paragraph in paragraphs[min(labels, default=len(paragraphs)) :]:
        if paragraph.index in labels:
            speaker = paragraph.index
            start = labels[speaker][1] + 1
        elif _is_spoken(paragraph):
            start = 0
        else:
            continue
        turns[paragraph.index] = Turn(speaker, _match_turn(paragraphs[speaker], labels[speaker], paragraph, start))
    return turns


def _match_turn(speaker: Paragraph, label: Range, paragraph: Paragraph, start: int) -> Match | None:
    end = trim_end(paragraph, start, len(paragraph.tokens))
    if start >= end or _label_key(speaker, label) in QUESTION_LABELS:
        return None
    return Match((label,), ((label[1], label[1] + 1),), ((paragraph.index, (start, end)),), LABEL_SENSE)


def _find_labels(paragraphs: Sequence[Paragraph]) -> dict[int, Range]:
    labels = {paragraph.index: (0, end) for paragraph in paragraphs if (end := label_end(paragraph)) > 0}
    keys = {index: _label_key(paragraphs[index], label) for index, label in labels.items()}
    counted = Counter(keys.values())
    is_interview = all(sum(counted[key] for key in side) > 1 for side in (QUESTION_LABELS, ANSWER_LABELS))
    sure = []
    for index, key in keys.items():
        text = paragraphs[index].quote(labels[index])
        is_person = key not in QUESTION_LABELS | ANSWER_LABELS
        if (counted[key] > 1 or (len(text) > 1 and text.isupper())) if is_person else is_interview:
            sure.append(index)
    if len({keys[index] for index in sure}) < 2 or (len(sure) < _MIN_LABELS and len(sure) < len(paragraphs)):
        return {}
    first, last = sure[0], sure[-1]
    if len(sure) * _MAX_PARAGRAPHS_PER_LABEL <= last - first:
        return {}
    return {index: label for index, label in labels.items() if index >= first}


def _label_key(paragraph: Paragraph, label: Range) -> str:
    return " ".join(paragraph.lower[slice(*label)])


def _is_spoken(paragraph: Paragraph) -> bool:
    """Return whether a paragraph without a label can continue a turn: not "[Laughter]"."""
    has_words = any(token.text[0].isalnum() for token in paragraph.tokens)
    return paragraph.kind == "prose" and has_words and not paragraph.is_aside


def is_own_cue(paragraph: Paragraph, source: Sequence[Range]) -> bool:
    """Return whether a cue within a turn is the speaker's: "I think that …" adds nothing to the turn."""
    return bool(source) and source[0][1] - source[0][0] == 1 and paragraph.lower[source[0][0]] in _FIRST_PERSON
