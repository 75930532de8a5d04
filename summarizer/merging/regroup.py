"""Issues and positions brought together as a grouping says: what is kept takes over the evidence of the rest."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from summarizer.brief import Evidence, Position, Stance
from summarizer.extraction import Findings
from summarizer.merging.merge import numbered
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
        same |= {each: group.keep for group in grouping.positions for each in group.same}
    moved = [_moved(position, issues, contrary) for position in findings.positions]
    return numbered(
        replace(
            findings,
            issues=tuple(issue for issue in findings.issues if issue.id not in issues),
            positions=tuple(_joined(moved, same)),
        )
    )


def _moved(position: Position, issues: Mapping[str, str], contrary: set[str]) -> Position:
    if position.issue is None or position.issue not in issues:
        return position
    stance = _CONTRARY.get(position.stance, position.stance) if position.issue in contrary else position.stance
    return position.model_copy(update={"issue": issues[position.issue], "stance": stance})


def _joined(positions: list[Position], same: Mapping[str, str]) -> Iterable[Position]:
    """The positions that are kept, in the order of the article, each with the evidence of all that say the same."""
    evidence: dict[str, dict[int, Evidence]] = {}
    for position in sorted(positions, key=lambda each: each.id in same):  # its own first
        own = evidence.setdefault(same.get(position.id, position.id), {})
        for item in position.evidence:
            own.setdefault(item.sentence, item)
    kept = [
        position.model_copy(update={"evidence": tuple(evidence[position.id][n] for n in sorted(evidence[position.id]))})
        for position in positions
        if position.id not in same
    ]
    return sorted(kept, key=lambda position: position.evidence[0].sentence)
