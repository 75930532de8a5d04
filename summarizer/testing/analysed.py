"""The library's own analysis of an article, written as a model's reply."""

from summarizer.brief import Evidence, Gist, Holder, Issue, OpenQuestion, Position
from summarizer.extraction import Ground, builtin_findings
from summarizer.extraction.wire import Extraction, WireGist, WireHolder, WireIssue, WirePosition, WireQuestion
from summarizer.testing.sound import made


def analysed(given: Ground) -> Extraction:
    """What the built-in engine finds in an article, as a reply; not all of it need stand."""
    findings = builtin_findings(given.reading, given.analysis)
    return Extraction(
        holders=tuple(filter(None, map(_holder, findings.holders))),
        issues=tuple(filter(None, map(_issue, findings.issues))),
        positions=tuple(filter(None, map(_position, findings.positions))),
        open_questions=tuple(filter(None, map(_question, findings.open_questions))),
        gist=_gist(findings.gist) if findings.gist else None,
    )


def _numbers(evidence: tuple[Evidence, ...]) -> tuple[int, ...]:
    return tuple(item.sentence for item in evidence)


def _gist(gist: Gist) -> WireGist | None:
    return made(WireGist, sentences=_numbers(gist.evidence), text=gist.text)


def _holder(holder: Holder) -> WireHolder | None:
    return made(
        WireHolder,
        id=holder.id,
        name=holder.name,
        kind=holder.kind,
        role=holder.role,
        affiliation=holder.affiliation,
    )


def _issue(issue: Issue) -> WireIssue | None:
    return made(WireIssue, id=issue.id, proposition=issue.proposition, kind=issue.kind)


def _position(position: Position) -> WirePosition | None:
    phrases = [phrase.text for item in position.evidence for phrase in item.phrases]
    return made(
        WirePosition,
        sentences=_numbers(position.evidence),
        phrase=phrases[0] if phrases else None,
        holders=position.holders,
        reported_by=None,
        statement=position.statement,
        issue=position.issue,
        stance=position.stance,
        certainty=position.certainty,
    )


def _question(question: OpenQuestion) -> WireQuestion | None:
    return made(
        WireQuestion,
        sentences=_numbers(question.evidence),
        question=question.question,
        origin=question.origin,
        raised_by=question.raised_by,
    )
