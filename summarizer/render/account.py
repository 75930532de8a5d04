"""What the views say of what a brief rests on, and of how it was made."""

from collections.abc import Iterator

from summarizer.brief import Coverage, Provenance
from summarizer.render.words import line, many, sentences

_LONGEST = 120  # characters of a statement that is not cited


def coverage_lines(coverage: Coverage, limit: int | None = None) -> Iterator[str]:
    """What was read, and what no position cites: ``limit`` statements of that at most, and how many more."""
    yield f"{many(coverage.sentences, 'sentence')} read{_in_chunks(coverage)}."
    if coverage.statements:
        yield f"{coverage.cited} of {many(coverage.statements, 'attributed statement')} cited."
    for statement in coverage.uncited[:limit]:
        source = line(statement.source or "") or "nobody named"
        said = f": {_quoted(line(statement.quote))}" if statement.quote else "."
        yield f"Not cited: {sentences(statement.sentences)}, attributed to {source}{said}"
    if hidden := len(coverage.uncited[limit:]) if limit else 0:
        yield f"And {hidden} more that {'is' if hidden == 1 else 'are'} not cited, listed in the JSON."
    for chunk in coverage.failed:
        yield f"Failed: {sentences((chunk.first_sentence, chunk.last_sentence), ' to ')}. {line(chunk.error)}"
    if coverage.suspicious:
        yield f"Looks like an instruction to a model: {sentences(coverage.suspicious)}."


def _quoted(words: str) -> str:
    """What is said, in quotation marks, shortened where it is long."""
    words = words if len(words) <= _LONGEST else words[: _LONGEST - 1].rsplit(" ", 1)[0] + " …"
    return words if words[0] in '“"„«' else f"“{words}”"


def _in_chunks(coverage: Coverage) -> str:
    chunks = coverage.chunks + len(coverage.failed)
    failed = f", of which {len(coverage.failed)} failed" if coverage.failed else ""
    return f" in {many(chunks, 'chunk')}{failed}" if chunks > 1 else ""


def made_lines(made: Provenance) -> Iterator[str]:
    """Which engine it was, at what cost, and what a reader should know of it."""
    engine = "the built-in engine" if made.engine == "builtin" else f"the model {line(made.model or '') or 'unknown'}"
    yield f"Made by {engine}, summarizer {line(made.library)}, in {made.seconds:.1f} s{_cost(made)}."
    yield from filter(None, map(line, made.notes))


def _cost(made: Provenance) -> str:
    if not made.calls:
        return ""
    repairs = f", {many(made.repairs, 'repair')}" if made.repairs else ""
    tokens = f"{made.usage.prompt:,} tokens sent, {made.usage.completion:,} received"
    return f" with {many(made.calls, 'call')} ({tokens}{repairs})"
