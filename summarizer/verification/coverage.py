"""The findings of an engine, and their coverage of the article; instructions to a language model in it.

An injected sentence is real text and passes all checks of quotations, so it is reported, not cut.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily
from summarizer._text import shorten
from summarizer.article import Reading
from summarizer.attribution import MIN_CONFIDENCE, Analysis, Attribution
from summarizer.brief import (
    Coverage,
    FailedChunk,
    Gist,
    Holder,
    Issue,
    OpenQuestion,
    Position,
    Rejected,
    UncitedStatement,
)
from summarizer.spans import Span, quote


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of a reply that does not agree with the article or the schema."""

    what: str
    """The kind of part: "position", "holder", "phrase", …"""
    text: str
    """The part as the model wrote it."""
    reason: str
    """A clause that a person, or the model, can act on."""
    is_warning: bool = False
    """Whether the part is doubtful, not wrong: it is repaired if possible, and otherwise kept and flagged."""

    def __str__(self) -> str:
        return f"{self.what} {shorten(self.text)!r}: {self.reason}"

    def to_rejected(self) -> Rejected:
        """Return the problem as the brief reports it."""
        return Rejected(what=self.what, text=shorten(self.text), reason=self.reason)


@dataclass(frozen=True, slots=True)
class Findings:
    """The claims found in one chunk, or in all of an article. Ids are unique, and all references resolve."""

    holders: tuple[Holder, ...] = ()
    issues: tuple[Issue, ...] = ()
    positions: tuple[Position, ...] = ()
    open_questions: tuple[OpenQuestion, ...] = ()
    gist: Gist | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def claims(self) -> tuple[Position | OpenQuestion, ...]:
        """The positions and open questions."""
        return self.positions + self.open_questions


_RELATIVE_PRONOUNS = frozenset({"who", "which", "that"})


_DATA = read_toml(__file__, "instructions.toml")
_PARTS: dict[str, str] = {}
for _name, _pattern in _DATA["parts"].items():
    _PARTS[_name] = _pattern % _PARTS
_ANY_OF = {place: f"(?:{'|'.join(patterns)})" % _PARTS for place, patterns in _DATA["instructions"].items()}
_INSTRUCTION = compile_lazily(
    rf"{_PARTS['first']}{_ANY_OF['imperative']}|^\W*{_ANY_OF['sentence_start']}"
    rf"|\b{_ANY_OF['word_start']}|{_ANY_OF['anywhere']}",
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
    return _INSTRUCTION.search(text) is not None


def _source(reading: Reading, statement: Attribution) -> str | None:
    """Return the words that name the source; for a relative pronoun, the names of the holders."""
    words = quote(reading.article.text, statement.source)
    if words in _RELATIVE_PRONOUNS:
        return " and ".join(holder.name for holder in statement.holders)
    return words or None
