"""Who stands where: holders by issues."""

from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.brief import Stance
from summarizer.render.cards import NO_STANCE, Card, Group, Who
from summarizer.render.outline import SIGNS
from summarizer.render.words import many


@dataclass(frozen=True, slots=True)
class Cell:
    """What one holder says on one issue."""

    first: str
    """The fragment of the first of the positions."""
    who: Who
    issue: Group
    stances: tuple[tuple[Stance | None, str], ...]
    """Each stance once, with its sign, in the order of the positions."""
    positions: int

    @property
    def spoken(self) -> str:
        """The cell in words."""
        stances = ", ".join(stance or "no stance" for stance, _ in self.stances)
        return f"{self.who.name}: {stances}, {many(self.positions, 'position')}"


@dataclass(frozen=True, slots=True)
class Matrix:
    """Issues down, holders across, those who say most first."""

    holders: tuple[Who, ...]
    rows: tuple[tuple[Group, tuple[Cell | None, ...]], ...]
    stances: tuple[tuple[Stance | None, str], ...]
    """The stances that occur, each with its sign; none where nobody takes any."""


def matrix(groups: Sequence[Group]) -> Matrix | None:
    """The matrix of ``groups``, or none where no position has an issue."""
    issues = [group for group in groups if group.key != "0"]
    cells: dict[tuple[str, str], list[Card]] = {}
    people: dict[str, Who] = {}
    for group in issues:
        for card in group.cards:
            for who in card.holders:
                people[who.key] = who
                cells.setdefault((group.key, who.key), []).append(card)
    if not cells:
        return None
    counts = {key: sum(len(cards) for (_, who), cards in cells.items() if who == key) for key in people}
    holders = tuple(sorted(people.values(), key=lambda who: (-counts[who.key], int(who.key))))
    rows = tuple((group, tuple(_cell(cells, group, who) for who in holders)) for group in issues)
    return Matrix(holders, rows, _stances(issues))


def _stances(issues: Sequence[Group]) -> tuple[tuple[Stance | None, str], ...]:
    taken = {card.stance for group in issues for card in group.cards}
    if taken == {None}:
        return ()
    known = tuple((stance, sign) for stance, sign in SIGNS.items() if stance in taken)
    return (*known, (None, NO_STANCE)) if None in taken else known


def _cell(cells: dict[tuple[str, str], list[Card]], issue: Group, who: Who) -> Cell | None:
    cards = cells.get((issue.key, who.key))
    if not cards:
        return None
    stances = tuple(dict.fromkeys((card.stance, card.sign) for card in cards))
    return Cell(cards[0].key, who, issue, stances, len(cards))
