"""Measure the coverage of an article by a brief.

An instruction to a model is real text and passes all checks of quotations, so it is reported, not cut.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import accumulate
from typing import TypeVar

from summarizer.article import Reading
from summarizer.attribution import MIN_CONFIDENCE, Analysis, Attribution
from summarizer.brief import Coverage, FailedChunk, Gist, OpenQuestion, Position, UncitedStatement
from summarizer.spans import Span, quote
from summarizer.verification.findings import Findings
from summarizer.verification.instructions import find_instructions

_Citing = TypeVar("_Citing", Position, OpenQuestion, Gist)
_RELATIVE_PRONOUNS = frozenset({"who", "which", "that"})


def measure_coverage(
    reading: Reading,
    analysis: Analysis,
    findings: Findings,
    *,
    chunks: int,
    failed: Iterable[FailedChunk] = (),
    suspicious: Collection[int] | None = None,
) -> Coverage:
    """Return the share of attributed statements that merged findings cite, and list the others.

    ``chunks`` is the number of chunks with findings; ``failed`` has those without. ``suspicious`` has the numbers of
    sentences that look like instructions, if they are known.
    """
    failed = tuple(failed)
    cited = {item.sentence for claim in findings.claims for item in claim.evidence}
    uncited = [statement for statement in analysis.statements if not cited.intersection(statement.sentences)]
    return Coverage(
        sentences=len(reading.sentences),
        chunks=chunks,
        failed=failed,
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
        without_position=_count_without_position(reading, findings, failed),
        warnings=reading.article.warnings,
        suspicious=find_instructions(reading.sentences) if suspicious is None else tuple(sorted(suspicious)),
    )


def mark_suspicious(findings: Findings, suspicious: Collection[int]) -> Findings:
    """Return the findings with the evidence marked that looks like an instruction to a model."""
    if not suspicious:
        return findings

    def marked(claim: _Citing) -> _Citing:
        evidence = (item.model_copy(update={"suspicious": item.sentence in suspicious}) for item in claim.evidence)
        return claim.model_copy(update={"evidence": tuple(evidence)})

    return replace(
        findings,
        positions=tuple(map(marked, findings.positions)),
        open_questions=tuple(map(marked, findings.open_questions)),
        gist=marked(findings.gist) if findings.gist else None,
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


def _count_without_position(reading: Reading, findings: Findings, failed: Iterable[FailedChunk]) -> int:
    """Count the sentences of prose that no position and no open question cites, without those that failed."""
    left_out = {item.sentence for claim in findings.claims for item in claim.evidence}
    left_out.update(*(range(chunk.first_sentence, chunk.last_sentence + 1) for chunk in failed))
    return sum(sentence.kind == "prose" and sentence.number not in left_out for sentence in reading.sentences)


def _source(reading: Reading, statement: Attribution) -> str | None:
    """Return the words that name the source; for a relative pronoun, the names of the holders."""
    words = quote(reading.article.text, statement.source)
    if words in _RELATIVE_PRONOUNS:
        return " and ".join(holder.name for holder in statement.holders)
    return words or None
