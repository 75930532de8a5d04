"""Issues and positions brought together as a grouping says: what is kept takes over the evidence of the rest."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from summarizer.brief import Evidence, OpenQuestion, Position
from summarizer.merging.merge import CONTRARY, ClaimT, numbered
from summarizer.merging.wire import GroupingReply
from summarizer.verification import Findings


def regrouped(findings: Findings, groupings: Iterable[GroupingReply]) -> Findings:
    """``findings`` with each group of issues as one issue, and each group of positions as one position.

    A stance to an issue that says the contrary of the one that is kept is turned round. Positions that then
    are on two issues, or agree and disagree with one, stay two, whatever a grouping says. Ids are numbered anew;
    no evidence is lost or added.
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
    same = _of_one_mind(same, moved)
    return numbered(
        replace(
            findings,
            issues=tuple(issue for issue in findings.issues if issue.id not in issues),
            positions=_joined(moved, same),
            open_questions=_joined(_raised_by_all(findings.open_questions, same), same),
        )
    )


def _moved(position: Position, issues: Mapping[str, str], contrary: set[str]) -> Position:
    if position.issue is None or position.issue not in issues:
        return position
    stance = CONTRARY.get(position.stance, position.stance) if position.issue in contrary else position.stance
    return position.model_copy(update={"issue": issues[position.issue], "stance": stance})


def _of_one_mind(same: Mapping[str, str], positions: Iterable[Position]) -> dict[str, str]:
    """``same`` but for positions on another issue than the one they would be joined to, or contrary to it."""
    taken = {position.id: (position.issue, position.stance) for position in positions if position.issue}

    def joins(each: str, keep: str) -> bool:
        if each not in taken or keep not in taken:
            return True
        (issue, stance), (kept, other) = taken[each], taken[keep]
        return issue == kept and CONTRARY.get(stance) != other

    return {each: keep for each, keep in same.items() if joins(each, keep)}


def _raised_by_all(questions: Sequence[OpenQuestion], same: Mapping[str, str]) -> list[OpenQuestion]:
    """Each question with those who raise the ones that ask the same; it is asked if one of them is."""
    alike: defaultdict[str, list[OpenQuestion]] = defaultdict(list)
    for question in questions:
        alike[same.get(question.id, question.id)].append(question)

    def of_all(question: OpenQuestion) -> OpenQuestion:
        every = alike[question.id]
        if len(every) < 2:
            return question
        raised = dict.fromkeys(holder for each in every for holder in each.raised_by)
        asked = any(each.origin == "asked" for each in every)
        return question.model_copy(update={"raised_by": tuple(raised), "origin": "asked" if asked else "implied"})

    return [of_all(question) for question in questions]


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
