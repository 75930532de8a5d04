"""The library's own analysis of an article, written as a model's reply."""

from summarizer.brief import Evidence, Gist, Holder, Issue, OpenQuestion, Position
from summarizer.engines.builtin import builtin_findings
from summarizer.testing.sound import made
from summarizer.verification import GroundingContext
from summarizer.verification.reply_types import (
    ExtractionReply,
    GistReply,
    HolderReply,
    IssueReply,
    PositionReply,
    QuestionReply,
)


def analysed(given: GroundingContext) -> ExtractionReply:
    """What the built-in engine finds in an article, as a reply; not all of it need stand."""
    findings = builtin_findings(given.reading, given.analysis)
    return ExtractionReply(
        holders=tuple(filter(None, map(_holder, findings.holders))),
        issues=tuple(filter(None, map(_issue, findings.issues))),
        positions=tuple(filter(None, map(_position, findings.positions))),
        open_questions=tuple(filter(None, map(_question, findings.open_questions))),
        gist=_gist(findings.gist) if findings.gist else None,
    )


def _numbers(evidence: tuple[Evidence, ...]) -> tuple[int, ...]:
    return tuple(item.sentence for item in evidence)


def _gist(gist: Gist) -> GistReply | None:
    return made(GistReply, sentences=_numbers(gist.evidence), text=gist.text)


def _holder(holder: Holder) -> HolderReply | None:
    return made(
        HolderReply,
        id=holder.id,
        name=holder.name,
        kind=holder.kind,
        role=holder.role,
        affiliation=holder.affiliation,
    )


def _issue(issue: Issue) -> IssueReply | None:
    return made(IssueReply, id=issue.id, proposition=issue.proposition, kind=issue.kind)


def _position(position: Position) -> PositionReply | None:
    phrases = [phrase.text for item in position.evidence for phrase in item.phrases]
    return made(
        PositionReply,
        sentences=_numbers(position.evidence),
        phrase=phrases[0] if phrases else None,
        holders=position.holders,
        reported_by=None,
        statement=position.statement,
        issue=position.issue,
        stance=position.stance,
        certainty=position.certainty,
    )


def _question(question: OpenQuestion) -> QuestionReply | None:
    return made(
        QuestionReply,
        sentences=_numbers(question.evidence),
        question=question.question,
        origin=question.origin,
        raised_by=question.raised_by,
    )
