"""Rules for labels and transcripts: the name of a speaker, and the words of the speaker.

``Hill: Plan Is Dead`` in a headline; ``HILL: The plan is dead.``; the turns of a transcript; ``Q:`` and ``A:``, or
paragraphs that ask and paragraphs that answer, in an interview.
"""

import re
from bisect import bisect_left
from collections.abc import Container, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from summarizer._patterns import compile_lazily
from summarizer.article import SpeakerLabel, find_asking, find_interviewers, find_labels, parse_label
from summarizer.attribution.lexicon import COMMON_VERBS, GIVEN_NAMES, GOVERNMENTS, WORDS, Sense
from summarizer.attribution.rules.base import Context, Match
from summarizer.attribution.tokens import Paragraph, Range
from summarizer.attribution.verb_phrases import trim_end

LABEL_SENSE = Sense(":", "said")
QUESTION_SENSE = Sense(":", "asked")
"""Of an interviewer's turn, which asks."""
_MAX_LABEL = 6  # in tokens: the name of a speaker in a headline
_NO_LABELS = WORDS["connectives"] | {"or", "and", "but", "then"}


def match_headline(context: Context) -> Match | None:
    """Match ``Hill: Bridge Is Unsafe`` in a headline."""
    paragraph = context.paragraph
    return context.once(_find_label) if paragraph.kind == "title" or paragraph.index == 0 else None


def match_label(context: Context) -> Match | None:
    """Match ``HILL: The bridge is unsafe.`` outside transcripts, if Hill is known, or a quotation follows."""
    match, paragraph = context.once(_find_label), context.paragraph
    if match is None or paragraph.quotation_from(match.content[0][1][0]):
        return match
    label = parse_label(paragraph.text)
    is_speaker = label is not None and label.is_marked and _is_person(context.paragraphs, paragraph, label)
    return match if is_speaker else None


def _find_label(context: Context) -> Match | None:
    paragraph = context.paragraph
    label = parse_label(paragraph.text)
    if label is None or paragraph.quotation_of[0] is not None or label.kind in ("question", "answer"):
        return None
    source, mark, start = _label_tokens(paragraph, label)
    if start + 2 > len(paragraph.tokens) or source[1] - source[0] > _MAX_LABEL:
        return None
    if any(token.is_modal or token.lower in COMMON_VERBS for token in paragraph.tokens[slice(*source)]):
        return None
    if any(token.cue and not token.cue.nouns for token in paragraph.tokens[source[1] : mark]):
        return None  # "Ann Hill, adding: “…”"
    if source[1] - source[0] == 1 and paragraph.lower[source[0]] in _NO_LABELS and paragraph.lower[source[1]] == ",":
        return None  # "Or, as Ann Hill put it: “…”"
    end = trim_end(paragraph, start, len(paragraph.tokens))
    cue = (mark, mark + 1)
    if paragraph.lower[source[0]] in ("says", "said") and source[1] - source[0] > 1:  # "Says Mr Hill: …"
        source, cue = (source[0] + 1, source[1]), (source[0], source[0] + 1)
    return Match((source,), (cue,), ((paragraph.index, (start, end)),), LABEL_SENSE)


_PLACE_PREPOSITIONS = frozenset("in at from near the".split())
_ELSEWHERE = 60  # paragraphs around a label in which its name is searched


def _is_person(paragraphs: Sequence[Paragraph], paragraph: Paragraph, label: SpeakerLabel) -> bool:
    """Return whether a lone label is a person's: a title, a given name, a role, or a name used elsewhere."""
    words = label.name.casefold().split()
    if label.kind == "role" or words[0] in GIVEN_NAMES or not label.name.isupper():
        return True
    surname = words[-1]
    if surname in GOVERNMENTS:
        return False
    near = paragraphs[max(0, paragraph.index - _ELSEWHERE) : paragraph.index + _ELSEWHERE]
    before = {
        other.lower[place - 1] if place else ""
        for other in near
        if other is not paragraph and surname in other.lower
        for place, token in enumerate(other.tokens)
        if token.lower == surname and token.is_capitalised
    }
    return bool(before) and _PLACE_PREPOSITIONS.isdisjoint(before)


# Transcripts.

_MAX_PARAGRAPHS_PER_QUESTION = 8


class Turn(NamedTuple):
    """A paragraph that belongs to a speaker of a transcript."""

    speaker: int
    """The paragraph with the label, or with the question if there is no label."""
    match: Match | None
    """None for questions, which have no holder."""
    question: int | None = None
    """The number of the sentence that this turn answers."""
    asks: bool = False
    """Whether an interviewer asks here."""
    start: int = 0
    """The first token of the speaker's words, after an \"and\"."""


def find_turns(
    paragraphs: Sequence[Paragraph], *, is_interview: bool = False, emphasised: Container[int] = ()
) -> dict[int, Turn]:
    """Return the paragraphs that belong to a speaker, by index; empty if the text is not a transcript.

    Args:
        paragraphs: All paragraphs of the article.
        is_interview: Whether paragraphs that ask and paragraphs that answer need no labels.
        emphasised: The indexes of the paragraphs in bold type or italics.
    """
    lines = [paragraph.text if paragraph.kind == "prose" else "" for paragraph in paragraphs]
    labels = find_labels(lines)
    if labels and (not is_interview or any(label.kind != "question" for label in labels.values())):
        turns = dict(_labelled_turns(paragraphs, labels, find_interviewers(lines, labels)))
    elif is_interview:
        turns = dict(_unlabelled_turns(paragraphs, find_asking(lines, emphasised)))
    else:
        return dict(_letters(paragraphs))
    places = sorted(labels)
    longest = max((later - earlier for earlier, later in pairwise(places)), default=0)
    tail = [index for index in turns if places and index > places[-1]]
    if len(tail) > max(_MAX_TAIL, 2 * longest) and not any(_OWN_WORDS.search(paragraphs[at].text) for at in tail):
        for index in tail:  # the article goes on after the transcript that it quotes
            del turns[index]
    last = len(paragraphs) - 1
    if last in turns and last not in labels and _NOTE.match(paragraphs[last].text):
        del turns[last]
    return turns


_MAX_TAIL = 3  # in paragraphs
_OWN_WORDS = compile_lazily(r"\b(?:I|[Ww]e|my|our)\b")
_SALUTATION = compile_lazily(r"(?:Sir|SIR|Madam|(?:Dear|To the) (?:Sir|Madam|[Ee]ditor)\b.{0,12}?)(?: ?[,:]| [–—-]) ")
_LETTERS_PAGE = compile_lazily(
    r"(?:(?:your|readers['’]?) )?letters?(?: to the editor)?(?:$| ?[:|–—])|.*\bletters to the editor\b", re.IGNORECASE
)
_MAX_LETTER = 12  # in paragraphs
_MAX_SIGNER = 6  # in tokens
_MAX_SIGNATURE = 14  # in tokens, with a place


def _letters(paragraphs: Sequence[Paragraph]) -> Iterator[tuple[int, Turn]]:
    """Yield the paragraphs of letters to the editor, each up to the line with the name of the signer.

    A letter begins with "Sir, …"; below the heading of a page of letters, with any sentence.
    """
    is_page = any(_LETTERS_PAGE.match(paragraph.text) for paragraph in paragraphs[:3])
    body: list[tuple[Paragraph, int]] = []
    is_open = is_page
    for paragraph in paragraphs:
        salutation = _SALUTATION.match(paragraph.text) if paragraph.text[:1] in ("S", "M", "D", "T") else None
        if salutation or len(body) > _MAX_LETTER:
            body, is_open = [], is_page or salutation is not None
        is_next = bool(body) and body[-1][0].index == paragraph.index - 1
        if is_next and not salutation and (signer := _signer_end(paragraph)):
            for each, start in body:
                content = (start, trim_end(each, start, len(each.tokens)))
                mark = len(paragraph.tokens) - 1
                match = Match(((0, signer),), ((mark, mark + 1),), ((each.index, content),), LABEL_SENSE)
                yield each.index, Turn(paragraph.index, match, start=start)
            body, is_open = [], is_page
        elif is_open and (not is_page or paragraph.text.rstrip("”\"’')]")[-1:] in (".", "!", "?")):
            is_item = paragraph.text.startswith("• ")
            body.append((paragraph, bisect_left(paragraph.starts, salutation.end()) if salutation else int(is_item)))


def _signer_end(paragraph: Paragraph) -> int:
    """Return the token after the name of a signer, or 0: "Ann Hill", "Ann Hill, 14 Mill Lane, Marlow"."""
    tokens = paragraph.tokens
    end = paragraph.find((",", "("), 0, len(tokens))
    if not 1 < end <= _MAX_SIGNER or len(tokens) > _MAX_SIGNATURE or not tokens[0].is_capitalised or tokens[-1].is_stop:
        return 0
    return end if not any(token.is_verb or token.is_modal for token in tokens[:end]) else 0


def _labelled_turns(
    paragraphs: Sequence[Paragraph], labels: Mapping[int, SpeakerLabel], interviewers: frozenset[str]
) -> Iterator[tuple[int, Turn]]:
    speaker, question, pending = -1, None, None
    named = {label.name: index for index, label in labels.items() if label.name in paragraphs[index].text}
    for paragraph in paragraphs[min(labels) :]:
        if paragraph.index in labels:
            is_other = speaker < 0 or labels[speaker].key != labels[paragraph.index].key
            question = pending if pending and is_other else question
            own = labels[paragraph.index]
            start = _label_tokens(paragraph, own)[2]
            first = start + (start < len(paragraph.tokens) and paragraph.tokens[start].is_coordinator)
            is_short = paragraph.text[own.start : own.end] != own.name  # initials
            speaker, pending = named.get(own.name, paragraph.index) if is_short else paragraph.index, None
        elif _is_spoken(paragraph):
            start = first = 0
        else:
            continue
        label = labels[speaker]
        is_interviewer = label.key in interviewers
        pending = _find_question(paragraph)
        if is_interviewer:
            question = pending or paragraph.sentences[-1].number
        match = _match_turn(paragraphs[speaker], label, paragraph, start, asks=is_interviewer)
        yield paragraph.index, Turn(speaker, match, None if is_interviewer else question, is_interviewer, first)


def _find_question(paragraph: Paragraph) -> int | None:
    """Return the number of the last sentence that asks, if it is among the last two of its paragraph."""
    asking = [sentence for sentence in paragraph.sentences[-2:] if sentence.text.rstrip("”\"’'*_)] ").endswith("?")]
    return asking[-1].number if asking else None


def _match_turn(
    speaker: Paragraph, label: SpeakerLabel, paragraph: Paragraph, start: int, *, asks: bool
) -> Match | None:
    end = trim_end(paragraph, start, len(paragraph.tokens))
    if start >= end or label.kind == "question":
        return None
    source, mark, _ = _label_tokens(speaker, label)
    sense = QUESTION_SENSE if asks else LABEL_SENSE
    return Match((source,), ((mark, mark + 1),), ((paragraph.index, (start, end)),), sense)


def _label_tokens(paragraph: Paragraph, label: SpeakerLabel) -> tuple[Range, int, int]:
    """Return the tokens of the speaker, the token of the mark, and the first token of the speaker's words."""
    first, end, mark, content = (
        bisect_left(paragraph.starts, offset) for offset in (label.start, label.end, label.mark, label.content)
    )
    return (first, max(end, first + 1)), min(mark, len(paragraph.tokens) - 1), content


def _unlabelled_turns(paragraphs: Sequence[Paragraph], asking: Sequence[int]) -> Iterator[tuple[int, Turn]]:
    """Yield the turns of an interview in which a paragraph asks and the following ones answer."""
    if not asking or len(asking) * _MAX_PARAGRAPHS_PER_QUESTION <= asking[-1] - asking[0]:
        return
    question = None
    for paragraph in paragraphs[asking[0] :]:
        if paragraph.index in asking:
            asked = paragraph
            question = _find_question(paragraph) or paragraph.sentences[-1].number
            yield paragraph.index, Turn(paragraph.index, None, asks=True)
        elif _is_spoken(paragraph):
            last = len(asked.tokens) - 1
            content = (0, trim_end(paragraph, 0, len(paragraph.tokens)))
            match = Match((), ((last, last + 1),), ((paragraph.index, content),), LABEL_SENSE)
            yield paragraph.index, Turn(asked.index, match, question)


_REMARK = compile_lazily(
    r"(?:Hon(?:ourable|\.)? (?:members?|senators?)|Interruption|Laughter|Applause|Cross-?talk|Interjections?)\b.{0,40}$"
    r"|This (?:interview|conversation|transcript) (?:has been|was)\b|end(?: \d.{0,30})?$",
    re.IGNORECASE,
)
"""A paragraph of the stenographer or the editors."""
_NOTE = compile_lazily(
    r"(?!(?:I|We|He|She|They|It|You)\b)(?:(?!\b(?:I|we|my|our)\b)[^.?!]){3,90}"
    r"\b(?:was interviewed|answered our questions|(?:spoke|was speaking|talked|was talking) (?:to|with) (?:the )?[A-Z])"
    r"|(?:The )?[Ii]nterview(?: was)?[^.?!]{0,20} by\b"
)
"""A note below an interview that says who spoke to whom."""


def _is_spoken(paragraph: Paragraph) -> bool:
    """Return whether a paragraph without a label can continue a turn: not "[Laughter]"."""
    has_words = any(token.text[0].isalnum() for token in paragraph.tokens)
    return paragraph.kind == "prose" and has_words and not paragraph.is_aside and not _REMARK.match(paragraph.text)


def is_own_cue(paragraph: Paragraph, source: Sequence[Range]) -> bool:
    """Return whether a cue within a turn is the speaker's: "I think that …" adds nothing to the turn."""
    return bool(source) and source[0][1] - source[0][0] == 1 and paragraph.lower[source[0][0]] in WORDS["first_person"]
