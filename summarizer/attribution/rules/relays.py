"""Rules for relayed statements: the person quoted holds them, and the body that quotes reports them.

``The paper quoted Ms Hill as saying …``; ``Ms Hill was quoted by Tass as saying …``; ``Ms Hill told the BBC …``
"""

from collections.abc import Sequence

from summarizer.attribution.lexicon import MARKS, WORDS, Cue
from summarizer.attribution.noun_phrases import phrase_after
from summarizer.attribution.rules.base import Candidate, Context, Match
from summarizer.attribution.rules.tags import content_before, previous_quotations, quotation_after_tag
from summarizer.attribution.tokens import Paragraph, Piece, Range
from summarizer.attribution.verb_phrases import addressee_end, content_end

MEDIA = WORDS["media"]
"""Words in the names of bodies that report what others say."""
_QUOTING = frozenset({"quote", "cite", "report", "record"})
_MAX_RELAY = 20  # in tokens: from "quoted" to "as saying"
_MAX_REPORTER = 16  # in tokens: from a cue to the body that reports
_MAX_BODY = 5  # in tokens: the name of a body that reports


def can_relay(cue: Cue) -> bool:
    """Return whether a cue is a verb of quoting, or can be passive."""
    return cue.lemma in _QUOTING or "participle" in cue.forms


def match_relay(context: Context) -> Match | None:
    """Match ``the paper quoted Ms Hill as saying …`` and ``Ms Hill is said to have told …``."""
    if context.cue.lemma in _QUOTING and (found := _match_quoting(context)):
        return found
    if "participle" not in context.cue.forms or context.subject[0] is None or not context.is_passive:
        return None
    return _match_reported(context) or _match_agent(context)


def _match_quoting(context: Context) -> Match | None:
    paragraph, word, stop = context.paragraph, context.word, context.sentence[1]
    lower, subject = paragraph.lower, context.subject[0]
    limit = min(stop - 1, word + _MAX_RELAY)
    marks = (at for at in range(word + 1, limit) if lower[at] == "as" and lower[at + 1] in WORDS["saying_after_as"])
    mark = next(marks, -1)
    if mark < 0 or subject is None or paragraph.quotation_of[mark]:
        return None
    if context.is_passive:
        source: Range | None = subject
        has_agent = lower[word + 1] == "by"
        reporter = phrase_after(paragraph, word + 2, mark) if has_agent and word + 2 < mark else None
    else:
        source, reporter = (word + 1, mark - (lower[mark - 1] == ",")), subject
    if source is None or source[0] >= source[1] or lower[source[0]] in MARKS or paragraph.quotation_of[source[0]]:
        return None
    begin = mark + 2
    if context.is_passive and reporter is None and lower[begin : begin + 1] == ("by",):
        reporter = phrase_after(paragraph, begin + 1, stop) if begin + 1 < stop else None
        begin = begin if reporter is None else reporter[1]
    content = _find_content(context, subject[0], begin)
    cue = (word, word + 1), (mark, mark + 2)
    return Match((source,), cue, content, context.cue.sense(), reporter=reporter) if content else None


def _find_content(context: Context, tag: int, begin: int) -> tuple[Piece, ...]:
    """Return the content after "as saying", else that before the tag that begins at ``tag``."""
    paragraph, stop = context.paragraph, context.sentence[1]
    index, lower = paragraph.index, paragraph.lower
    if begin < stop and not paragraph.tokens[begin].is_stop:
        begin += lower[begin] in (":", ",")
        end = content_end(paragraph, begin, stop, is_clause=True)
        if end - begin > 1:
            return ((index, (begin, end)),)
    before = content_before(paragraph, context.start, tag, is_inside=False) if tag > context.start else None
    if before is None:
        return ()
    previous = previous_quotations(context.paragraphs, paragraph, before)
    return (*previous, (index, before), *quotation_after_tag(context, begin))


def _match_reported(context: Context) -> Match | None:
    """Match ``Ms Hill is reported to have said that …``."""
    paragraph, word, stop = context.paragraph, context.word, context.stop
    has_to = paragraph.lower[word + 1 : word + 3] == ("to", "have")
    if context.cue.lemma not in WORDS["relaying_passives"] or not has_to or word + 5 > stop:
        return None
    cue = paragraph.tokens[word + 3].cue
    if cue is None or "participle" not in cue.forms or "tag" not in cue.frames:
        return None
    begin = word + 4
    if "addressee" in cue.frames and paragraph.lower[begin] != "that":
        begin = addressee_end(paragraph, begin, stop)
    end = content_end(paragraph, begin, stop, is_clause=True)
    source = context.subject[0]
    return context.match(source, [(begin, end)], cue.sense("clause"), word + 4) if end - begin > 1 else None


def _match_agent(context: Context) -> Match | None:
    """Match ``it was argued by Ms Hill that …``."""
    paragraph, word, stop = context.paragraph, context.word, context.stop
    subject = context.subject[0]
    if subject is None or paragraph.lower[subject[0]] != "it" or paragraph.lower[word + 1 : word + 2] != ("by",):
        return None
    source = phrase_after(paragraph, word + 2, stop) if word + 2 < stop else None
    if source is None or paragraph.lower[source[1] : source[1] + 1] != ("that",):
        return None
    end = content_end(paragraph, source[1], stop, is_clause=True)
    return context.match(source, [(source[1], end)], context.cue.sense("clause")) if end - source[1] > 1 else None


def add_reporters(paragraphs: Sequence[Paragraph], candidates: Sequence[Candidate]) -> list[Candidate]:
    """Add who reports a statement: "told the BBC", "Reuters reported that Ms Hill had said"."""
    places = {candidate.paragraph for candidate in candidates}
    with_media = {index for index in places if not MEDIA.isdisjoint(paragraphs[index].lower)}
    contents = {
        (candidate.paragraph, start): candidate.match.source[0]
        for candidate in candidates
        if candidate.paragraph in with_media
        and (start := _find_relayed_content(paragraphs[candidate.paragraph], candidate.match)) is not None
    }
    found = []
    for candidate in candidates:
        if candidate.paragraph not in with_media:
            found.append(candidate)
            continue
        match, reporter = _find_cited(paragraphs[candidate.paragraph], candidate.match), None
        if match.source:
            reporter = contents.get((candidate.paragraph, match.source[0][0]))
            reporter = reporter or _find_reporter(paragraphs[candidate.paragraph], match)
        found.append(candidate._replace(match=match._replace(reporter=reporter) if reporter else match))
    return found


def _find_reporter(paragraph: Paragraph, match: Match) -> Range | None:
    """Return the body that reports a statement: "told the BBC", "said, as quoted by Tass"."""
    if match.reporter is not None or not match.source:
        return match.reporter
    word, lower = match.cue[-1][1], paragraph.lower
    word = max([word, *(end for _, end in match.source if end > word)])
    start, stop = paragraph.sentence_range(word - 1)
    if MEDIA.isdisjoint(lower[start:stop]):
        return None
    start = max(start, match.cue[0][0] - _MAX_REPORTER)
    for at in (*range(word, min(stop, word + _MAX_REPORTER) - 1), *range(start + 1, match.cue[0][0] - 1)):
        if paragraph.quotation_of[at] is not None:
            continue
        before = lower[at - 1]
        is_told = at == match.cue[-1][1] and before in ("told", "tells", "telling")
        is_relayed = lower[at] in ("to", "with", "by") and (
            before in WORDS["relayed_by"] or (lower[at] == "to" and word <= at <= word + 1)
        )
        if not (is_told or is_relayed):
            continue
        first = at + (not is_told)
        reporter = (first, addressee_end(paragraph, first, stop))
        if reporter[0] < reporter[1] and not MEDIA.isdisjoint(lower[slice(*reporter)]):
            return reporter
    return None


def _find_cited(paragraph: Paragraph, match: Match) -> Match:
    """Return a match with the person cited as its source: "the agency said, citing Ms Hill"."""
    end = max(end for _, end in (*match.source, *match.cue))
    if not match.source or paragraph.lower[end : end + 2] != (",", "citing") or match.source[0][1] > end:
        return match
    if MEDIA.isdisjoint(paragraph.lower[slice(*match.source[0])]):
        return match
    source = phrase_after(paragraph, end + 2, paragraph.sentence_range(end)[1])
    return match if source is None else match._replace(source=(source,), reporter=match.source[0])


def _find_relayed_content(paragraph: Paragraph, match: Match) -> int | None:
    """Return where the content begins if a body of the media reports it: "Reuters reported that …"."""
    index, (start, end) = match.content[0]
    if not match.source or index != paragraph.index or start < match.cue[-1][1]:
        return None
    is_reported = match.sense.lemma in ("report", "say", "write") and paragraph.lower[match.source[0][1] - 1] in MEDIA
    if not is_reported or match.source[0][1] - match.source[0][0] > _MAX_BODY:
        return None
    return start + (paragraph.lower[start] == "that" and start + 1 < end)
