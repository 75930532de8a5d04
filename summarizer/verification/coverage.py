"""How much of an article a brief rests on, and what it left out."""

from collections.abc import Iterable

from summarizer.article import Reading
from summarizer.attribution import Analysis, Attribution
from summarizer.brief import Coverage, FailedChunk, UncitedStatement
from summarizer.spans import quote
from summarizer.verification.findings import Findings
from summarizer.verification.instructions import looks_like_instruction

_RELATIVES = frozenset({"who", "which", "that"})


def coverage(
    reading: Reading, analysis: Analysis, findings: Findings, *, chunks: int, failed: Iterable[FailedChunk] = ()
) -> Coverage:
    """What the merged ``findings`` of ``chunks`` chunks cite, and which attributed statements they do not."""
    cited = {item.sentence for position in findings.positions for item in position.evidence}
    cited |= {item.sentence for question in findings.open_questions for item in question.evidence}
    missed = [found for found in analysis.statements if not cited.intersection(found.sentences)]
    return Coverage(
        sentences=len(reading.sentences),
        chunks=chunks,
        failed=tuple(failed),
        statements=len(analysis.statements),
        cited=len(analysis.statements) - len(missed),
        uncited=tuple(
            UncitedStatement(
                sentences=found.sentences,
                spans=found.content,
                source=_source(reading, found),
                quote=" ".join(quote(reading.article.text, [span]) for span in found.content),
            )
            for found in missed
        ),
        suspicious=tuple(sentence.number for sentence in reading.sentences if looks_like_instruction(sentence.text)),
    )


def _source(reading: Reading, found: Attribution) -> str | None:
    """The words that say whose it is; of a relative clause, whom its "who" means."""
    words = quote(reading.article.text, found.source)
    return " and ".join(holder.name for holder in found.holders) if words in _RELATIVES else words or None
