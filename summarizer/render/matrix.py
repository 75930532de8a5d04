"""The matrix of a page: holders by issues."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from summarizer.brief import Stance
from summarizer.render.text import plural
from summarizer.render.view_model import NO_STANCE, SIGNS, HolderView, PositionView, Section

_MAX_UPRIGHT = 5  # holders whose names have room to be written horizontally
_MAX_PORTRAIT = 24  # holders that fit on a printed page in portrait format
_LEGEND: tuple[tuple[Stance | None, str], ...] = (*SIGNS.items(), (None, NO_STANCE))


@dataclass(frozen=True, slots=True)
class Cell:
    """The positions of one holder on one issue."""

    first: str
    """The fragment of the first position."""
    holder: HolderView
    stances: tuple[tuple[Stance | None, str], ...]
    """The stances with their signs, in the order of the legend."""
    positions: int

    @property
    def label(self) -> str:
        """The cell in words."""
        stances = ", ".join(stance or "no stance" for stance, _ in self.stances)
        return f"{self.holder.label}: {stances}, {plural(self.positions, 'position')}"


@dataclass(frozen=True, slots=True)
class Matrix:
    """Issues as rows; holders as columns, those with the most positions first."""

    holders: tuple[HolderView, ...]
    rows: tuple[tuple[Section, tuple[Cell | None, ...]], ...]
    stances: tuple[tuple[Stance | None, str], ...]
    """The stances that occur, with their signs; empty if no position has a stance."""

    @property
    def is_narrow(self) -> bool:
        """Return whether there is room for horizontal names."""
        return len(self.holders) <= _MAX_UPRIGHT

    @property
    def is_wide(self) -> bool:
        """Return whether a printed page must be in landscape format."""
        return len(self.holders) > _MAX_PORTRAIT


def build_matrix(sections: Iterable[Section]) -> Matrix | None:
    """Return the matrix of ``sections``, or None if no position has an issue."""
    issues = [section for section in sections if section.key != "0"]
    if not issues:
        return None
    cells: defaultdict[tuple[str, str], list[PositionView]] = defaultdict(list)
    counts: Counter[HolderView] = Counter()
    for issue in issues:
        for position in issue.positions:
            counts.update(position.holders)
            for holder in position.holders:
                cells[issue.key, holder.key].append(position)
    holders = tuple(sorted(counts, key=lambda holder: (-counts[holder], int(holder.key))))
    rows = tuple((issue, tuple(_cell(holder, cells[issue.key, holder.key]) for holder in holders)) for issue in issues)
    positions = [position for issue in issues for position in issue.positions]
    return Matrix(holders, rows, _stances(positions) if any(position.stance for position in positions) else ())


def _cell(holder: HolderView, positions: Sequence[PositionView]) -> Cell | None:
    return Cell(positions[0].key, holder, _stances(positions), len(positions)) if positions else None


def _stances(positions: Iterable[PositionView]) -> tuple[tuple[Stance | None, str], ...]:
    """Return the stances of ``positions``, in the order of the legend."""
    stances = {position.stance for position in positions}
    return tuple((stance, sign) for stance, sign in _LEGEND if stance in stances)
