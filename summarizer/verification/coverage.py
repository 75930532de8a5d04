"""Measure the coverage of an article by a brief, and find instructions to a language model.

An injected sentence is real text and passes all checks of quotations, so it is reported, not cut.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from itertools import accumulate

from summarizer._files import read_toml
from summarizer.article import Reading
from summarizer.attribution import MIN_CONFIDENCE, Analysis, Attribution
from summarizer.brief import Coverage, FailedChunk, UncitedStatement
from summarizer.spans import Span, quote
from summarizer.verification.findings import Findings

_RELATIVE_PRONOUNS = frozenset({"who", "which", "that"})


@cache
def _instructions() -> re.Pattern[str]:
    data = read_toml(__file__, "instructions.toml")
    parts: dict[str, str] = {}
    for name, pattern in data["parts"].items():
        parts[name] = pattern % parts
    any_of = {place: f"(?:{'|'.join(patterns)})" % parts for place, patterns in data["instructions"].items()}
    return re.compile(
        rf"{parts['first']}{any_of['imperative']}|^\W*{any_of['sentence_start']}"
        rf"|\b{any_of['word_start']}|{any_of['anywhere']}",
        re.IGNORECASE,
    )


def measure_coverage(
    reading: Reading, analysis: Analysis, findings: Findings, *, chunks: int, failed: Iterable[FailedChunk] = ()
) -> Coverage:
    """Return the share of attributed statements that merged findings cite, and list the others.

    ``chunks`` is the number of chunks with findings; ``failed`` has those without.
    """
    cited = {item.sentence for claim in findings.claims for item in claim.evidence}
    uncited = [statement for statement in analysis.statements if not cited.intersection(statement.sentences)]
    return Coverage(
        sentences=len(reading.sentences),
        chunks=chunks,
        failed=tuple(failed),
        statements=len(analysis.statements),
        cited=len(analysis.statements) - len(uncited),
        uncited=tuple(
            UncitedStatement(
                sentences=statement.sentences,
                spans=statement.content,
                source=_source(reading, statement),
                quote=" ".join(quote(reading.article.text, [span]) for span in statement.content),
            )
            for statement in uncited
        ),
        quotations=len(analysis.quotations),
        unattributed=_count_unattributed(analysis),
        doubtful=len(analysis.doubtful),
        without_position=_count_without_position(reading, findings),
        warnings=reading.article.warnings,
        suspicious=tuple(sentence.number for sentence in reading.sentences if looks_like_instruction(sentence.text)),
    )


def _count_unattributed(analysis: Analysis) -> int:
    """Count the quotations that share no word with what a holder surely says or leaves unsaid."""
    sure = (found for found in analysis.attributions if found.holders and found.confidence >= MIN_CONFIDENCE)
    contents = sorted(span for found in sure for span in found.content)
    starts = [span.start for span in contents]
    ends = list(accumulate((span.end for span in contents), max))  # of all contents up to each

    def has_speaker(span: Span) -> bool:
        before = bisect_left(starts, span.end)
        return before > 0 and ends[before - 1] > span.start

    return sum(not any(map(has_speaker, spans)) for spans in analysis.quotations)


def _count_without_position(reading: Reading, findings: Findings) -> int:
    """Count the sentences of prose that no position and no open question cites."""
    cited = {item.sentence for claim in findings.claims for item in claim.evidence}
    return sum(sentence.kind == "prose" and sentence.number not in cited for sentence in reading.sentences)


def looks_like_instruction(text: str) -> bool:
    """Return whether a sentence seems to address a language model."""
    return _instructions().search(text) is not None


def _source(reading: Reading, statement: Attribution) -> str | None:
    """Return the words that name the source; for a relative pronoun, the names of the holders."""
    words = quote(reading.article.text, statement.source)
    if words in _RELATIVE_PRONOUNS:
        return " and ".join(holder.name for holder in statement.holders)
    return words or None
