"""The lines of a view on coverage and provenance."""

from collections.abc import Iterator

from summarizer._text import one_line
from summarizer.brief import Brief, Coverage, Provenance, UncitedStatement
from summarizer.render.text import plural, sentences

_MAX_STATEMENT = 120  # characters of an uncited statement


def coverage_lines(brief: Brief, *, full: bool) -> Iterator[str]:
    """Yield notes on the coverage: short ones, or ``full`` ones that list what is not cited or was rejected."""
    coverage, by_model = brief.coverage, brief.provenance.engine == "model"
    carry = "carries" if coverage.without_position == 1 else "carry"
    rest = f"; {coverage.without_position} {carry} no position" if coverage.without_position else ""
    counts = [f"{plural(coverage.sentences, 'sentence')} read{_chunk_count(coverage)}{rest}."]
    if coverage.unattributed:
        verb = "has" if coverage.unattributed == 1 else "have"
        counts.append(f"{coverage.unattributed} of {plural(coverage.quotations, 'quotation')} {verb} no speaker here.")
    if coverage.doubtful:
        counts.append(f"{plural(coverage.doubtful, 'attribution')} too doubtful to show.")
    yield " ".join(counts)
    if coverage.statements and (by_model or full):
        yield f"{coverage.cited} of {plural(coverage.statements, 'attributed statement')} cited."
    if full:
        yield from map(uncited_line, coverage.uncited)
    elif brief.rejected:
        yield f"{plural(len(brief.rejected), 'claim')} of the model rejected."
    for chunk in coverage.failed:
        yield f"Failed: {sentences((chunk.first_sentence, chunk.last_sentence), ' to ')}. {one_line(chunk.error)}"
    if coverage.suspicious:
        yield f"Looks like an instruction to a model: {sentences(coverage.suspicious)}."


def uncited_line(statement: UncitedStatement) -> str:
    """Return the note on an uncited statement."""
    words = one_line(statement.quote)
    quote = f": {_quote_statement(words)}" if words else "."
    return f"Not cited: {sentences(statement.sentences)}, attributed to {source_name(statement)}{quote}"


def source_name(statement: UncitedStatement) -> str:
    """Return the speaker of a statement."""
    return one_line(statement.source or "") or "an unnamed source"


def _chunk_count(coverage: Coverage) -> str:
    chunks = coverage.chunks + len(coverage.failed)
    failed = f", of which {len(coverage.failed)} failed" if coverage.failed else ""
    return f" in {plural(chunks, 'chunk')}{failed}" if chunks > 1 else ""


def _quote_statement(words: str) -> str:
    """Put a statement in quotation marks, and shorten a long one."""
    words = words if len(words) <= _MAX_STATEMENT else words[: _MAX_STATEMENT - 1].rsplit(" ", 1)[0] + " …"
    return words if words[0] in '“"„«' else f"“{words}”"


def provenance_lines(provenance: Provenance, *, full: bool) -> Iterator[str]:
    """Yield the engine and its cost, then the notes for the reader; the time is left out unless ``full``."""
    engine = f"the model {one_line(provenance.model or '') or 'unknown'}"
    if provenance.engine == "builtin":
        engine = "the built-in engine"
    library, cost = one_line(provenance.library), _cost(provenance)
    seconds = f", in {provenance.seconds:.1f} s" if full else ""
    yield f"Made by {engine}, summarizer {library}{seconds}{cost}."
    yield from filter(None, map(one_line, provenance.notes))


def _cost(provenance: Provenance) -> str:
    if not provenance.calls:
        return ""
    repairs = f", {plural(provenance.repairs, 'repair')}" if provenance.repairs else ""
    tokens = f"{provenance.usage.prompt:,} tokens sent, {provenance.usage.completion:,} received"
    return f" with {plural(provenance.calls, 'call')} ({tokens}{repairs})"
