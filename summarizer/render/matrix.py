"""Who stands where: holders by issues."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from summarizer.brief import Stance
from summarizer.render.cards import NO_STANCE, Card, Group, Who
from summarizer.render.outline import SIGNS
from summarizer.render.words import many

_UPRIGHT = 5
_PORTRAIT = 24
_ORDER: tuple[tuple[Stance | None, str], ...] = (*SIGNS.items(), (None, NO_STANCE))


@dataclass(frozen=True, slots=True)
class Cell:
    """What one holder says on one issue."""

    first: str
    """The fragment of the first of the positions."""
    who: Who
    issue: Group
    stances: tuple[tuple[Stance | None, str], ...]
    """Each stance once, with its sign, in the order of the legend."""
    positions: int

    @property
    def spoken(self) -> str:
        """The cell in words."""
        stances = ", ".join(stance or "no stance" for stance, _ in self.stances)
        return f"{self.who.label}: {stances}, {many(self.positions, 'position')}"


@dataclass(frozen=True, slots=True)
class Matrix:
    """Issues down, holders across, those who say most first."""

    holders: tuple[Who, ...]
    rows: tuple[tuple[Group, tuple[Cell | None, ...]], ...]
    stances: tuple[tuple[Stance | None, str], ...]
    """The stances that occur, each with its sign; none where nobody takes any."""

    @property
    def few(self) -> bool:
        """Whether the names have room to stand upright."""
        return len(self.holders) <= _UPRIGHT

    @property
    def wide(self) -> bool:
        """Whether a printed page must be turned to hold it."""
        return len(self.holders) > _PORTRAIT


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
    cards = [card for group in issues for card in group.cards]
    return _taken(cards) if any(card.stance for card in cards) else ()


def _taken(cards: Iterable[Card]) -> tuple[tuple[Stance | None, str], ...]:
    """The stances of ``cards``, in the order of the legend."""
    taken = {card.stance for card in cards}
    return tuple((stance, sign) for stance, sign in _ORDER if stance in taken)


def _cell(cells: dict[tuple[str, str], list[Card]], issue: Group, who: Who) -> Cell | None:
    cards = cells.get((issue.key, who.key))
    return Cell(cards[0].key, who, issue, _taken(cards), len(cards)) if cards else None
