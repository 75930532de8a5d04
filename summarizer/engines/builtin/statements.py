"""Statements in the article's own words, made to stand alone: a sentence that shows whose it is."""

import re
from collections.abc import Iterable, Iterator

from summarizer.article import Reading
from summarizer.attribution import Attribution
from summarizer.engines.builtin.deduplication import Claim
from summarizer.spans import Span, quote

_OPENING, _CLOSING, _DOUBLE = '“"‘«„»”', '”"’»“«', '“”"«»„'
_SENTENCE_ENDS = ".!?…。！？؟।"
_TRIM = " ,;:—–-"
_NO_CLAUSE = re.compile(r"(?:how|whether|what|who|whom|why|when|where|which|if|to|for|of|about|not)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"[“\"„«‘]?(?:I|we|he|she|it|they|my|our|his|her|its|their)\b", re.IGNORECASE)
_AUXILIARIES = re.compile(
    r"(?:\b(?:will|would|can|could|may|might|must|should|has|have|had|is|are|was|were|does|do|did|not|never|also|been"
    r"|strongly|again|now|still|long|\w+n[’']t)\s+)+$",
    re.IGNORECASE,
)
_THAT_AGAIN = re.compile(r"\b(and|but) that (?=(?:the|an?|it|he|she|they|you|there|its|their|his|her|no|\w+ing)\b)")
"""The second "that" of "said that … and that …", which has lost its verb."""
_REACH = 40  # characters before a cue in which its auxiliaries stand
_BROKEN_OFF = re.compile(r"([,.!?…]?)[”\"»“] [“\"«„](\w)")
_CONJUNCTION = re.compile(r"(?:and|but|or|nor|which|who)\b")
_NO_PREDICATE = re.compile(r"\w+ing\b|to\b", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,]*(?:and|but|or|nor|while)?(?:\s+(?:then|also|that))?\s*", re.IGNORECASE)


def statement(reading: Reading, claim: Claim, names: str) -> str:
    """What a claim holds, as one sentence or a few; ``names`` are its holders, where it needs them to be clear.

    Words that need their cue ("opposes the plan", "asked whether …") take it along, with the holders' names
    before it; what opens with a pronoun is introduced by the names and a colon.
    """
    sentences = [_one(reading, group, names) for group in _groups(reading, claim.parts)]
    told = dict.fromkeys(
        sentence.removeprefix(f"{_capital(names)}: ") if number else sentence
        for number, sentence in enumerate(sentences)
    )
    return " ".join(map(_capital, told))


def as_sentence(words: str) -> str:
    """A clause as a sentence: a capital first, a mark last, quotation marks around the whole taken off."""
    inner = _THAT_AGAIN.sub(r"\1 ", words.strip(_TRIM).removeprefix("that "))
    if inner[:1] in _OPENING and inner[-1:] in _CLOSING and not any(mark in inner[1:-1] for mark in _DOUBLE):
        inner = inner[1:-1].strip(_TRIM)
    return _closed(inner) if inner else words  # nothing but marks are then what there is to say


def _one(reading: Reading, group: list[Attribution], names: str) -> str:
    first = group[0]
    if not _needs_cue(reading, first):
        words = as_sentence(_joined(reading, [found.statement_spans for found in group]))
        return _closed(f"{names}: {words}") if _PRONOUN.match(words) else words
    spans = sorted({span for found in group for span in (*found.cue, *found.statement_spans)})
    words = _joined(reading, [spans])
    auxiliaries = _auxiliaries(reading, spans[0].start)
    words = words.strip(_TRIM).rstrip(".")
    if quote(reading.article.text, first.source) == "I":
        return _closed(f"{names}: I {auxiliaries}{words}")
    plain = first.rule.cue_is_noun or _NO_PREDICATE.match(words) or _follows_to(reading, spans[0].start)
    return _closed(f"{names}: {words}" if plain and not auxiliaries else f"{names} {auxiliaries}{words}")


def _closed(words: str) -> str:
    """With a capital first and a mark last, within quotation marks or after them."""
    end = words.rstrip(_CLOSING)[-1:]
    return _capital(words) + ("" if not words or end in _SENTENCE_ENDS else ".")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _needs_cue(reading: Reading, found: Attribution) -> bool:
    if found.denied or found.rule.needs_cue == "always":
        return True
    return found.rule.needs_cue == "dependent clause" and bool(
        _NO_CLAUSE.match(quote(reading.article.text, found.content))
    )


def _auxiliaries(reading: Reading, start: int) -> str:
    """The "would" of "would oppose", with a space after it; or nothing."""
    found = _AUXILIARIES.search(reading.article.text[max(0, start - _REACH) : start])
    return " ".join(found.group().split()) + " " if found else ""


def _follows_to(reading: Reading, start: int) -> bool:
    return reading.article.text[max(0, start - 3) : start].strip().lower() == "to"


def _groups(reading: Reading, parts: list[Attribution]) -> Iterator[list[Attribution]]:
    """Attributions whose words overlap or follow each other with at most an "and" between them."""
    group: list[Attribution] = []
    for found in parts:
        if group and not _follows(reading, group[-1], found):
            yield group
            group = []
        group.append(found)
    if group:
        yield group


def _follows(reading: Reading, one: Attribution, other: Attribution) -> bool:
    ours, theirs = one.statement_spans, other.statement_spans
    if any(span.start < each.end and each.start < span.end for span in ours for each in theirs):
        return True
    end, start = max(span.end for span in ours), min(theirs).start
    return end <= start and bool(_BETWEEN.fullmatch(reading.article.text[end:start]))


def _joined(reading: Reading, pieces: Iterable[Iterable[Span]]) -> str:
    """The words at spans; what the article keeps apart is kept apart by a space, an "and" between them stays."""
    text, words, end = reading.article.text, "", -1
    for span in sorted({span for spans in pieces for span in spans}):
        start = max(span.start, end)
        if start >= span.end:
            continue
        between = text[end:start] if end >= 0 else ""
        piece = quote(text, [Span(start, span.end)])
        comma = ", " if words[-1:].isalnum() and _CONJUNCTION.match(piece) else " "
        words += (between if _BETWEEN.fullmatch(between) else comma) + piece
        end = span.end
    return _BROKEN_OFF.sub(_mended, " ".join(words.split()))


def _mended(marks: re.Match[str]) -> str:
    """What stands between two pieces of one quotation once its tag ("…," he said. "…") is out."""
    end, following = marks.groups()
    return f"{'.' if end in ('', ',') and following.isupper() else end or ','} {following}"
