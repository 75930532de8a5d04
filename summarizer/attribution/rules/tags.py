"""Rules for a source after or inside its content: ``“…,” she said``; ``…, said Mr Hill``; ``according to …``."""

from collections.abc import Sequence
from typing import NamedTuple

from summarizer.attribution.lexicon import DASHES, PAUSES, WORDS, Sense, word_set
from summarizer.attribution.noun_phrases import phrase_after
from summarizer.attribution.quotation_marks import Quotation
from summarizer.attribution.rules.base import ANY_VERB, Context, Match
from summarizer.attribution.tokens import Paragraph, Piece, Range
from summarizer.attribution.verb_phrases import (
    addressee_end,
    agrees,
    begins_addressee,
    content_end,
    has_verb,
    tag_end,
    trim_end,
)

UNQUOTED = frozenset({"clause", "aside"})
"""The frames of cues that can be a tag to a clause without quotation marks."""
_ADDRESSED = frozenset({"aside", "addressee"})  # the frames of "told": in a tag, the addressee can follow


class _Tag(NamedTuple):
    """A speaker and a cue, and the content before them."""

    source: Range
    end: int
    before: Range
    is_quoted: bool


def match_quotation_before_tag(context: Context) -> Match | None:
    """Match ``“…,” said Ms Hill. “…”``, ``“Is it?” Ms Hill asked.`` and ``“…,” fumed Ms Hill.``."""
    tag = context.once(_find_tag)
    if tag is None or not tag.is_quoted:
        return None
    paragraphs, paragraph = context.paragraphs, context.paragraph
    content = [
        *previous_quotations(paragraphs, paragraph, tag.before),
        (paragraph.index, tag.before),
        *quotation_after_tag(context, tag.end),
    ]
    return Match((tag.source,), ((context.word, context.word + 1),), tuple(content), context.cue.sense("tag"))


def match_clause_before_tag(context: Context) -> Match | None:
    """Match ``The bridge is unsafe, Ms Hill said.`` and ``The bridge, she said, is unsafe.``."""
    tag = context.once(_find_tag)
    if tag is None or tag.is_quoted:
        return None
    return context.match(tag.source, [tag.before, *_clause_after_tag(context, tag.end)], context.cue.sense("tag"))


def _find_tag(context: Context) -> _Tag | None:
    cue, paragraph = context.cue, context.paragraph
    if "tag" not in cue.frames or not cue.forms & {"past", "s", "base"}:
        return None
    stop, start = context.sentence[1], context.start
    place = _subject_first(context) or _verb_first(context)
    if place is None or not agrees(paragraph, context.word, cue, place[0]):
        return None
    source, begin, end = place
    if begin == start:
        start = max(paragraph.sentence(start - 1)[0], context.floor)
    before = content_before(paragraph, start, begin, is_inside=end < stop and paragraph.lower[end] == ",")
    return None if before is None else _Tag(source, end, before, paragraph.quotation_at(before[1] - 1) is not None)


_Place = tuple[Range, int, int]  # the source of a tag, its first token and its end


def _subject_first(context: Context) -> _Place | None:
    """Find ``…, Mr Hill said`` and ``“Is it?” Mr Hill said.``, whose tag is a separate sentence."""
    paragraph, word, stop, cue = context.paragraph, context.word, context.sentence[1], context.cue
    source, _ = context.subject
    if source is None or not _follows_pause(paragraph, source[0]):
        return None
    begin = source[0]
    is_quoted = _follows_quotation(paragraph, begin)
    if is_quoted and not _is_spoken(paragraph, begin):
        return None
    has_addressee = cue.frames >= _ADDRESSED and word + 1 < stop and begins_addressee(paragraph, word + 1)
    after = addressee_end(paragraph, word + 1, stop) if has_addressee else word + 1
    if is_quoted and after < stop and paragraph.lower[after] in WORDS["verb_particles"]:
        after += 1  # "she shot back"
    end = tag_end(paragraph, after, stop)
    if begin == context.start:
        is_led_in = begin > 0 and _is_led_in(paragraph, begin - 1)
        is_tag = is_quoted and end >= 0 and not is_led_in and not _leads_to_content(paragraph, end)
        return (source, begin, end) if is_tag else None
    if has_addressee and "that" in paragraph.lower[after:end]:
        end = -1
    if is_quoted:
        return source, begin, end if end >= 0 else word + 1
    return None if end < 0 or _leads_to_content(paragraph, end) else (source, begin, end)


def _is_led_in(paragraph: Paragraph, word: int) -> bool:
    """Return whether a colon leads to the quotation that ends at ``word``, so that it has a speaker."""
    quotation = paragraph.quotation_at(word)
    return quotation is not None and quotation.start > 0 and paragraph.lower[quotation.start - 1] == ":"


def _verb_first(context: Context) -> _Place | None:
    """Find ``…, said Mr Hill``."""
    paragraph, word, stop, cue = context.paragraph, context.word, context.sentence[1], context.cue
    if word <= context.start or word + 1 >= stop or not _follows_pause(paragraph, word):
        return None
    first = _skip_particles(context)
    if paragraph.tokens[first].is_preposition:  # "said with a grin Ms Hill"
        name = (at for at in range(first, min(stop, first + _MAX_MANNER)) if paragraph.tokens[at].is_capitalised)
        first = next(name, first)
    source = phrase_after(paragraph, first, stop)
    if source is not None and cue.lemma == ANY_VERB:
        source = source[0], _name_end(paragraph, source)
    if source is None or (source[1] - source[0] == 1 and paragraph.lower[source[0]] in WORDS["no_inverted_subjects"]):
        return None
    end = tag_end(paragraph, source[1], stop)
    if _follows_quotation(paragraph, word):
        is_spoken = _is_spoken(paragraph, word, is_inverted=True)
        return (source, word, end if end >= 0 else source[1]) if is_spoken else None
    has_content_before = end >= 0 and not _leads_to_content(paragraph, end) and not _has_subject(context)
    return (source, word, end) if has_content_before else None


def _name_end(paragraph: Paragraph, source: Range) -> int:
    """Return where a name ends before words that are not known to continue it."""
    tokens, (start, end) = paragraph.tokens, source
    pause = paragraph.find((",", "("), start, end)
    last = max((word for word in range(start, pause) if tokens[word].is_capitalised), default=end - 1)
    if last + 1 >= pause or tokens[last + 1].is_preposition or tokens[last + 1].is_coordinator:
        return end
    return last + 1 if tokens[start].is_capitalised and tokens[last + 1].text.islower() else end


_MAX_PARTICLES = 2
_MAX_MANNER = 6  # in tokens: "with a grin" between a verb and the speaker


def _skip_particles(context: Context) -> int:
    """Return where the speaker begins after a verb: "shot back Ms Hill", "told reporters Ms Hill"."""
    first, stop = context.word + 1, context.sentence[1] - 1
    for word in range(first, min(stop, first + _MAX_PARTICLES)):
        token = context.paragraph.tokens[word]
        is_word = context.cue.lemma == ANY_VERB and not (token.is_determiner or token.is_capitalised or token.is_mark)
        if not (is_word or token.lower in ("back", "out", "up")):
            return word
    return min(stop, first + _MAX_PARTICLES)


def _has_subject(context: Context) -> bool:
    """Return whether a described subject precedes a cue: "Mr Hill, a judge, told the court"."""
    subject, _ = context.subject
    if subject is None:
        return False
    tokens, word = context.paragraph.tokens, context.word
    between = (*tokens[subject[1] : word], *tokens[context.start : word - 1])
    return not any(token.is_verb for token in between)


def _leads_to_content(paragraph: Paragraph, end: int) -> bool:
    """Return whether a quotation or a colon after the tag shows that the content follows it."""
    mark = paragraph.lower[end : end + 1]
    return mark == (":",) or paragraph.quotation_from(end + (mark == (",",))) is not None


ENDS_SPEECH = frozenset({",", "?", "!", "—", "–", "-", "…", "...", "."})
_MIN_SPOKEN = 6  # in tokens: a quotation of this length is speech in any context


def _is_spoken(paragraph: Paragraph, end: int, is_inverted: bool = False) -> bool:
    """Return whether the quotation before ``end`` is speech, not a title or a scare quote.

    ``is_inverted``: a verb follows it, and then the speaker.
    """
    quotation = paragraph.quotation_at(end - 1)
    if quotation is None or quotation.words >= _MIN_SPOKEN:
        return quotation is not None
    is_finished = paragraph.lower[paragraph.inner(quotation)[1] - 1] in ENDS_SPEECH
    if is_inverted and paragraph.begins_sentence(quotation.start):
        return True
    is_apart = paragraph.begins_sentence(quotation.start) or paragraph.lower[quotation.start - 1] in (",", ":")
    return is_finished and (is_apart or is_inverted or quotation.words > 3)


def _follows_pause(paragraph: Paragraph, word: int) -> bool:
    before = paragraph.lower[word - 1]
    return before == "," or before in DASHES or _follows_quotation(paragraph, word)


def _follows_quotation(paragraph: Paragraph, word: int) -> bool:
    before = paragraph.quotation_at(word - 1)
    return before is not None and before.end == word and before.closed


def content_before(paragraph: Paragraph, start: int, begin: int, is_inside: bool) -> Range | None:
    """Return the content before a tag at ``begin``; ``is_inside``: it resumes after the tag."""
    end = begin if _follows_quotation(paragraph, begin) else trim_end(paragraph, start, begin)
    quotation = paragraph.quotation_at(end - 1)
    if quotation and quotation.end == end:
        first = max(paragraph.sentence_range(quotation.start)[0], start)
        first += first < quotation.start and paragraph.tokens[first].is_stop
        is_led_in = paragraph.lower[quotation.start - 1] in (":", ",") and quotation.start - first > 1
        return (quotation.start if first >= quotation.start or is_led_in else first), end
    start = max(start, paragraph.dateline)
    tokens = paragraph.tokens
    while start < end and (tokens[start].is_coordinator or tokens[start].is_stop or tokens[start].lower == ","):
        start += 1
    if _is_adjunct(paragraph, start, end, is_inside):
        return None
    return (start, end) if end - start > (0 if is_inside else 3) else None


_FRONTED = WORDS["adjunct_openers"] | word_set("despite during with by")


def _is_adjunct(paragraph: Paragraph, start: int, end: int, is_inside: bool) -> bool:
    """Return whether the words before a tag are its adjunct: "When he came, she said"; "Riding, she said, …"."""
    first = paragraph.tokens[start]
    is_participle = first.lower.endswith("ing") and not first.is_preposition
    if not (is_participle or first.lower in (WORDS["adjunct_openers"] if is_inside else _FRONTED)):
        return False
    return is_inside or not has_verb(paragraph, paragraph.find((",",), start, end) + 1, end)


def _clause_after_tag(context: Context, end: int) -> list[Range]:
    """Return the rest of the sentence, if it continues the clause before the tag."""
    paragraph, stop, begin = context.paragraph, context.sentence[1], end + 1
    if begin >= stop or paragraph.lower[end] != "," or paragraph.lower[begin].endswith("ing"):
        return []
    last = content_end(paragraph, begin, stop, is_clause=True)
    return [(begin, last)] if last - begin > 2 else []


def quotation_after_tag(context: Context, end: int) -> list[Piece]:
    """Return the second quotation after a tag, with the paragraphs that it runs over."""
    paragraph, stop = context.paragraph, context.sentence[1]
    lower = paragraph.lower
    is_pause = end < len(lower) and (paragraph.tokens[end].is_stop or lower[end] in (",", ":") or lower[end] in DASHES)
    quotation = paragraph.quotation_from(end + 1 if is_pause else -1) or paragraph.quotation_from(stop)
    if quotation is None or (quotation.closed and lower[paragraph.inner(quotation)[1] - 1] == ","):
        return []  # it has its own tag
    return [(paragraph.index, quotation[:2]), *next_quotations(context.paragraphs, paragraph, quotation.end)]


# Quotations over paragraphs.


def previous_quotations(paragraphs: Sequence[Paragraph], paragraph: Paragraph, content: Range) -> list[Piece]:
    """Return the paragraphs before from which the quotation before a tag continues."""
    quotation: Quotation | None = paragraph.quotation_from(content[0])
    pieces: list[Piece] = []
    index = paragraph.index
    while quotation is not None and quotation.continues and index:
        index -= 1
        quotation = paragraphs[index].quotations[-1]
        pieces.insert(0, (index, quotation[:2]))
        if quotation.start > 0:
            break
    return pieces


def next_quotations(paragraphs: Sequence[Paragraph], paragraph: Paragraph, end: int) -> list[Piece]:
    """Return the paragraphs that continue a quotation left open at the end of this one."""
    pieces: list[Piece] = []
    if paragraph.quotations[-1].closed or not all(token.is_stop for token in paragraph.tokens[end:]):
        return []
    for following in paragraphs[paragraph.index + 1 :]:
        if not following.quotations or not following.quotations[0].continues:
            break
        pieces.append((following.index, following.quotations[0][:2]))
        if following.quotations[0].closed:
            break
    return pieces


# "according to X", "in a new poll", "in X's view": the source after the cue, the content around both.

_ACCORDING = Sense("according", "said")
_SOURCE_NOUNS = WORDS["polls"] | WORDS["view_nouns"]
_ATTRIBUTING = _SOURCE_NOUNS | {"according"}
_MAX_DESCRIPTION = 14  # in tokens: the description of a source


def find_according(paragraph: Paragraph) -> list[int]:
    """Return the tokens at which "according to", "in a poll" or "in X's view" begins."""
    lower = paragraph.lower
    if _ATTRIBUTING.isdisjoint(lower):
        return []
    places = [word for word in range(len(lower) - 2) if paragraph.quotation_of[word] is None]
    according = [word for word in places if lower[word : word + 2] == ("according", "to")]
    inner = (word for word in places if lower[word] == "in")
    return according + [word for word in inner if not _SOURCE_NOUNS.isdisjoint(lower[word + 2 : word + 8])]


def match_according_to(context: Context) -> Match | None:
    """Match ``according to …``, ``in a new poll, …``, ``in her view, …`` and ``in the words of …``."""
    paragraph, word, stop = context.paragraph, context.word, context.sentence[1]
    place = _find_source(context)
    if place is None:
        return None
    source, cue, end = place
    start = context.start
    while start < word and paragraph.tokens[start].is_coordinator:
        start += 1
    before = (start, trim_end(paragraph, start, word))
    is_inside = word > 0 and paragraph.lower[word - 1] in (",", "—", "–")
    pause, lower = end, paragraph.lower
    if before[1] - before[0] < 3 or is_inside:  # a description of the source can follow
        search = range(end, min(stop, end + _MAX_DESCRIPTION))
        pause = next((at for at in search if lower[at] == "," and lower[at + 1 : at + 2] != ("and",)), end)
    following = pause + (lower[pause : pause + 1] in ((",",), (":",)))
    pieces = [before] if word - start > 2 else []
    if pause + 2 < stop and lower[pause + 1] not in ("including", "which", "who") and (
        lower[pause] in (",", ":") or paragraph.quotation_from(pause) or lower[pause - 1] in WORDS["view_nouns"]
    ):  # fmt: skip
        pieces.append((following, content_end(paragraph, following, stop, is_clause=True)))
    content = tuple([(paragraph.index, piece) for piece in pieces if piece[1] - piece[0] > 1])
    return Match((source,), cue, content, _ACCORDING) if content else None


_Source = tuple[Range, tuple[Range, ...], int]  # a source, the tokens of its cue, and where both end


def _find_source(context: Context) -> _Source | None:
    paragraph, word, (start, stop) = context.paragraph, context.word, context.sentence
    lower = paragraph.lower
    first = word + (1 if lower[word] == "in" else 2)
    source = phrase_after(paragraph, first, stop) if first < stop else None
    if source is None:
        return None
    if lower[word] == "according":
        return source, ((word, first),), source[1]
    if not WORDS["polls"].isdisjoint(lower[slice(*source)]) and any(
        text[0].isdigit() or text in WORDS["poll_words"] for text in lower[start:stop]
    ):
        return source, ((word, first),), source[1]
    return _find_view(paragraph, word, source, stop) if word == start or lower[word - 1] in PAUSES else None


def _find_view(paragraph: Paragraph, word: int, phrase: Range, stop: int) -> _Source | None:
    """Return the owner of a view after an "in": "in the view of Ms Hill", "in Ms Hill's view"."""
    lower = paragraph.lower
    view = paragraph.find(WORDS["view_nouns"], *phrase)
    if view == phrase[1]:
        return None
    if lower[view + 1 : view + 2] == ("of",) and view + 2 < stop:
        owner = phrase_after(paragraph, view + 2, stop)
        return None if owner is None else (owner, ((word, view + 2),), owner[1])
    is_owned = paragraph.tokens[view - 1].owns or paragraph.tokens[view - 1].is_possessive
    return ((phrase[0], view), ((word, word + 1), (view, view + 1)), view + 1) if is_owned else None
