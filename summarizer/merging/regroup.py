"""Issues and positions brought together as a grouping says: what is kept takes over the evidence of the rest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from summarizer.brief import Evidence, OpenQuestion, Position, Stance
from summarizer.extraction import Findings
from summarizer.merging.merge import ClaimT, numbered
from summarizer.merging.wire import Grouping

_CONTRARY: Mapping[Stance, Stance] = {"agrees": "disagrees", "disagrees": "agrees"}


def regrouped(findings: Findings, groupings: Iterable[Grouping]) -> Findings:
    """``findings`` with each group of issues as one issue, and each group of positions as one position.

    A stance to an issue that says the contrary of the one that is kept is turned round. Ids are numbered
    anew; no evidence is lost or added.
    """
    issues: dict[str, str] = {}
    contrary: set[str] = set()
    same: dict[str, str] = {}
    for grouping in groupings:
        for group in grouping.issues:
            issues |= dict.fromkeys((*group.same, *group.opposite), group.keep)
            contrary.update(group.opposite)
        claims = (*grouping.positions, *grouping.open_questions)
        same |= {each: group.keep for group in claims for each in group.same}
    moved = [_moved(position, issues, contrary) for position in findings.positions]
    return numbered(
        replace(
            findings,
            issues=tuple(issue for issue in findings.issues if issue.id not in issues),
            positions=_joined(moved, same),
            open_questions=_joined([_raised_by_all(each, findings, same) for each in findings.open_questions], same),
        )
    )


def _moved(position: Position, issues: Mapping[str, str], contrary: set[str]) -> Position:
    if position.issue is None or position.issue not in issues:
        return position
    stance = _CONTRARY.get(position.stance, position.stance) if position.issue in contrary else position.stance
    return position.model_copy(update={"issue": issues[position.issue], "stance": stance})


def _raised_by_all(question: OpenQuestion, findings: Findings, same: Mapping[str, str]) -> OpenQuestion:
    """A question with those who raise the ones that ask the same; it is asked if one of them is."""
    every = [each for each in findings.open_questions if same.get(each.id, each.id) == question.id]
    if len(every) < 2:
        return question
    raised = dict.fromkeys(holder for each in every for holder in each.raised_by)
    asked = any(each.origin == "asked" for each in every)
    return question.model_copy(update={"raised_by": tuple(raised), "origin": "asked" if asked else "implied"})


def _joined(claims: Sequence[ClaimT], same: Mapping[str, str]) -> tuple[ClaimT, ...]:
    """The claims that are kept, in the order of the article, each with the evidence of all that say the same."""
    evidence: dict[str, dict[int, Evidence]] = {}
    for claim in sorted(claims, key=lambda each: each.id in same):  # its own first
        own = evidence.setdefault(same.get(claim.id, claim.id), {})
        for item in claim.evidence:
            own.setdefault(item.sentence, item)
    kept = [
        claim.model_copy(update={"evidence": tuple(evidence[claim.id][n] for n in sorted(evidence[claim.id]))})
        for claim in claims
        if claim.id not in same
    ]
    return tuple(sorted(kept, key=lambda claim: claim.evidence[0].sentence))
