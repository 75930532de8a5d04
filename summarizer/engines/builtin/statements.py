"""Build statements that stand alone from the words of the article."""

import re
from collections.abc import Iterable

from summarizer.article import Reading
from summarizer.attribution import Attribution
from summarizer.engines.builtin.deduplication import StatementGroup
from summarizer.engines.builtin.lexicon import any_of
from summarizer.spans import Span, overlap, quote

_OPENING, _CLOSING, _DOUBLE = '“"‘«„»”', '”"’»“«', '“”"«»„'
_SENTENCE_ENDS = ".!?…。！？؟।"
_TRIM = " ,;:—–-"
_NO_CLAUSE = re.compile(rf"{any_of('no_clause')}\b", re.IGNORECASE)
_PRONOUN = re.compile(rf"[“\"„«‘]?{any_of('pronouns')}\b", re.IGNORECASE)
_AUXILIARIES = re.compile(rf"(?:\b{any_of('auxiliaries')}\s+)+$", re.IGNORECASE)
_THAT_AGAIN = re.compile(rf"\b(and|but) that (?={any_of('after_second_that')}\b)")
"""The second "that" of "said that … and that …", whose verb is not part of the statement."""
_LENGTH_BEFORE_CUE = 40  # characters that are searched for auxiliaries
_INTERRUPTED = re.compile(r"([,.!?…]?)[”\"»“] [“\"«„](\w)")
_CONJUNCTION = re.compile(r"(?:and|but|or|nor|which|who)\b")
_NO_PREDICATE = re.compile(r"\w+ing\b|to\b", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,]*(?:and|but|or|nor|while)?(?:\s+(?:then|also|that))?\s*", re.IGNORECASE)


def build_statement(reading: Reading, group: StatementGroup, names: str) -> str:
    """Return the statement of a group in one or more sentences.

    Words that need their cue ("opposes the plan", "asked whether …") are preceded by cue and names. Words that
    begin with a pronoun are preceded by the names and a colon.
    """
    sentences = [_build_sentence(reading, run, names) for run in _adjacent_runs(reading, group.parts)]
    unique = dict.fromkeys(
        sentence.removeprefix(f"{_capitalize(names)}: ") if number else sentence
        for number, sentence in enumerate(sentences)
    )
    return " ".join(map(_capitalize, unique))


def as_sentence(words: str) -> str:
    """Return a clause as a sentence: capitalized, with an end mark, without enclosing quotation marks."""
    inner = _THAT_AGAIN.sub(r"\1 ", words.strip(_TRIM).removeprefix("that "))
    if inner[:1] in _OPENING and inner[-1:] in _CLOSING and not any(mark in inner[1:-1] for mark in _DOUBLE):
        inner = inner[1:-1].strip(_TRIM)
    return _close(inner) if inner else words  # the words are punctuation only


def _build_sentence(reading: Reading, group: list[Attribution], names: str) -> str:
    first = group[0]
    if not _needs_cue(reading, first):
        words = as_sentence(_join_spans(reading, [part.statement_spans for part in group]))
        return _close(f"{names}: {words}") if _PRONOUN.match(words) else words
    spans = sorted({span for part in group for span in (*part.cue, *part.statement_spans)})
    words = _join_spans(reading, [spans])
    auxiliaries = _auxiliaries(reading, spans[0].start)
    words = words.strip(_TRIM).rstrip(".")
    if quote(reading.article.text, first.source) == "I":
        return _close(f"{names}: I {auxiliaries}{words}")
    before = reading.article.text[max(0, spans[0].start - 3) : spans[0].start]
    plain = first.rule.cue_is_noun or _NO_PREDICATE.match(words) or before.strip().lower() == "to"
    return _close(f"{names}: {words}" if plain and not auxiliaries else f"{names} {auxiliaries}{words}")


def _close(words: str) -> str:
    """Capitalize words and add an end mark, unless they have one before closing quotation marks."""
    end = words.rstrip(_CLOSING)[-1:]
    return _capitalize(words) + ("" if not words or end in _SENTENCE_ENDS else ".")


def _capitalize(words: str) -> str:
    return words[:1].upper() + words[1:]


def _needs_cue(reading: Reading, part: Attribution) -> bool:
    if part.rule.needs_cue == "dependent clause" and _NO_CLAUSE.match(quote(reading.article.text, part.content)):
        return True
    return part.denied or part.rule.needs_cue == "always"


def _auxiliaries(reading: Reading, start: int) -> str:
    """Return the "would" of "would oppose" and a space, or an empty string."""
    match = _AUXILIARIES.search(reading.article.text[max(0, start - _LENGTH_BEFORE_CUE) : start])
    return " ".join(match.group().split()) + " " if match else ""


def _adjacent_runs(reading: Reading, parts: list[Attribution]) -> list[list[Attribution]]:
    """Return runs of attributions that overlap, or have at most an "and" between them."""
    runs: list[list[Attribution]] = []
    for part in parts:
        if runs and _is_adjacent(reading, runs[-1][-1], part):
            runs[-1].append(part)
        else:
            runs.append([part])
    return runs


def _is_adjacent(reading: Reading, one: Attribution, other: Attribution) -> bool:
    ours, theirs = one.statement_spans, other.statement_spans
    if overlap(ours, theirs):
        return True
    end, start = max(span.end for span in ours), min(theirs).start
    return end <= start and bool(_BETWEEN.fullmatch(reading.article.text[end:start]))


def _join_spans(reading: Reading, pieces: Iterable[Iterable[Span]]) -> str:
    """Return the words at spans, with a space or the article's "and" between separate spans."""
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
    return _INTERRUPTED.sub(_join_quotations, " ".join(words.split()))


def _join_quotations(marks: re.Match[str]) -> str:
    """Return the punctuation between two parts of one quotation whose tag ("…," he said. "…") is left out."""
    end, following = marks.groups()
    return f"{'.' if end in ('', ',') and following.isupper() else end or ','} {following}"
