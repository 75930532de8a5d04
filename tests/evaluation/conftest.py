"""Helpers that write gold in short."""

from collections.abc import Sequence
from typing import Any

from summarizer.evaluation import Gold, GoldHolder, GoldIssue, GoldPosition, GoldQuestion


def position(holder: str, *sentences: int, statement: str = "Claim.", **fields: Any) -> GoldPosition:
    """Return a position; ``holder`` is the names of its holders, which also are their ids."""
    return GoldPosition(holders=tuple(holder.split(" and ")), sentences=sentences, statement=statement, **fields)


def gold(*positions: GoldPosition, questions: Sequence[GoldQuestion] = (), **holders: dict[str, Any]) -> Gold:
    """Return gold with these positions; ``holders`` has the fields of holders that are not plain people."""
    names = dict.fromkeys(name for each in positions for name in each.holders)
    issues = sorted({each.issue for each in positions if each.issue})
    return Gold(
        article="a.txt",
        holders=tuple(GoldHolder(**({"id": name, "name": name} | holders.get(name, {}))) for name in names),
        issues=tuple(GoldIssue(id=issue, proposition=issue) for issue in issues),
        positions=positions,
        questions=tuple(questions),
    )
