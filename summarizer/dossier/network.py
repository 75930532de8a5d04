"""Networks of actors and issues, by the formulas of Discourse Network Analyzer 3; docs/networks.md has them.

n(a, c, k) is the number of statements of the actor a on the issue c with the stance k, which is agrees or disagrees.
Other stances have no place in these formulas: they are left out and counted.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal, get_args

from summarizer._lazy import import_extra
from summarizer.brief import Stance
from summarizer.dossier.types import PEOPLE, TURNED, Actor, Statement
from summarizer.dossier.windows import parse_day
from summarizer.errors import ConfigurationError
from summarizer.merging import plain_words

if TYPE_CHECKING:
    import networkx

OneModeTie = Literal["ignore", "congruence", "conflict", "subtract"]
TwoModeTie = Literal["ignore", "combine", "subtract"]
OneModeScale = Literal["none", "average", "jaccard", "cosine"]
TwoModeScale = Literal["none", "activity", "prominence"]
NetworkMode = Literal["actors", "issues"]
Duplicates = Literal["include", "document", "week", "month", "year", "all"]

SIDES = "agrees", "disagrees"

_Counts = Mapping[str, tuple[int, int]]
"""The numbers of statements of an actor that agree and that disagree, by issue."""


@dataclass(frozen=True, slots=True)
class Network:
    """A network of actors and issues (two-mode), or of actors (one-mode)."""

    rows: tuple[str, ...]
    """The ids of the actors."""
    columns: tuple[str, ...]
    """The ids of the issues, or again of the actors."""
    ties: Mapping[tuple[str, str], float]
    """The values that are not 0, by row and column; in a one-mode network each pair once, in the order of the rows."""
    statements: int
    """Statements counted, without duplicates."""
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Statements on an issue without a place in the network, by stance: mixed, neutral, unclear."""

    @property
    def is_one_mode(self) -> bool:
        """Return whether rows and columns are the same actors."""
        return self.rows is self.columns  # an issue may have the id of an actor

    def value(self, row: str, column: str) -> float:
        """Return the value of a tie, 0 if there is none."""
        found = self.ties.get((row, column))
        if found is None and self.is_one_mode:
            found = self.ties.get((column, row))
        return found or 0.0

    def matrix(self) -> list[list[float]]:
        """Return all values, row by row."""
        return [[self.value(row, column) for column in self.columns] for row in self.rows]

    def to_networkx(self) -> "networkx.Graph[Any]":
        """Return a graph of networkx; an edge's weight is the value of the tie, a node's ``mode`` actor or issue.

        In a two-mode network the nodes are pairs of mode and id, since an issue may have the id of an actor.

        Raises:
            MissingExtra: networkx is not installed.
        """
        graph: networkx.Graph[Any] = import_extra("networkx", "networks", "Graphs of a network").Graph()
        if self.is_one_mode:
            graph.add_nodes_from(self.rows, mode="actor")
            graph.add_weighted_edges_from((row, column, value) for (row, column), value in self.ties.items())
            return graph
        graph.add_nodes_from((("actor", row) for row in self.rows), mode="actor", bipartite=0)
        graph.add_nodes_from((("issue", column) for column in self.columns), mode="issue", bipartite=1)
        graph.add_weighted_edges_from(
            (("actor", row), ("issue", column), value) for (row, column), value in self.ties.items()
        )
        return graph


def make_network(
    statements: Iterable[Statement],
    mode: NetworkMode,
    tie: str,
    *,
    normalise: str = "none",
    duplicates: Duplicates = "document",
    isolates: bool = False,
) -> Network:
    """Return a network of actors, or of actors and issues; see `one_mode_network` and `two_mode_network`."""
    _check("mode", mode, NetworkMode)
    make: Any = one_mode_network if mode == "actors" else two_mode_network
    network: Network = make(statements, tie, normalise=normalise, duplicates=duplicates, isolates=isolates)
    return network


def replace_people(statements: Iterable[Statement], actors: Mapping[str, Actor]) -> Iterator[Statement]:
    """Yield statements with the body that a person speaks for; people without one are left out.

    The body is an actor, if one has its name, and otherwise the first form of the name itself.
    """
    bodies = find_bodies(actors.values())
    for each in statements:
        actor = actors[each.actor]
        if actor.kind not in PEOPLE:
            yield each
        elif name := affiliation_at(actor, each.date):
            yield replace(each, actor=bodies.setdefault(plain_words(name), name))


def find_bodies(actors: Iterable[Actor]) -> dict[tuple[str, ...], str]:
    """Return the ids of the actors that are bodies, by the words of all their names. The first of equal ones counts."""
    return {
        plain_words(name): actor.id
        for actor in reversed(list(actors))
        if actor.kind not in PEOPLE
        for name in (*actor.names, actor.name)
    }


def affiliation_at(actor: Actor, day: str | None) -> str | None:
    """Return the affiliation of an actor on a day: the last one until then, else the first one after."""
    known = sorted((role for role in actor.roles if role.affiliation), key=lambda role: role.first or "")
    before = [role for role in known if (role.first or "") <= (day or "9999")]
    return (before[-1] if before else known[0]).affiliation if known else None


def two_mode_network(
    statements: Iterable[Statement],
    tie: TwoModeTie = "subtract",
    *,
    normalise: TwoModeScale = "none",
    duplicates: Duplicates = "document",
    isolates: bool = False,
) -> Network:
    """Return the network of actors and issues.

    Args:
        statements: The statements.
        tie: The value of a tie: the number of statements (ignore); 1 for agreeing, 2 for disagreeing, 3 for both
            (combine); agreeing minus disagreeing ones (subtract).
        normalise: Divide by the number of statements of the actor (activity) or on the issue (prominence).
        duplicates: Count equal statements once in a document, week, month or year, or in all; or each time (include).
        isolates: Whether actors and issues without a tie are in the network.

    Raises:
        ConfigurationError: An argument has an unknown value.
    """
    _check("tie", tie, TwoModeTie)
    _check("normalise", normalise, TwoModeScale)
    counted = _Counted(statements, duplicates, by_stance=tie != "ignore")
    activity = {actor: sum(map(sum, issues.values())) for actor, issues in counted.by_actor.items()}
    prominence: Counter[str] = Counter()
    for issues in counted.by_actor.values():
        prominence.update({issue: sum(counts) for issue, counts in issues.items()})
    ties = {}
    for actor, issues in counted.by_actor.items():
        for issue, (agreeing, disagreeing) in issues.items():
            match tie:
                case "ignore":
                    value = agreeing + disagreeing
                case "combine":
                    value = (agreeing > 0) + 2 * (disagreeing > 0)
                case "subtract":
                    value = agreeing - disagreeing
            divisor = {"none": 1, "activity": activity[actor], "prominence": prominence[issue]}[normalise]
            if value:
                ties[actor, issue] = value / divisor
    rows = counted.actors if isolates else tuple(counted.by_actor)
    columns = counted.issues if isolates else tuple(issue for issue in counted.issues if prominence[issue])
    return Network(rows, columns, ties, counted.total, counted.left_out)


def one_mode_network(
    statements: Iterable[Statement],
    tie: OneModeTie = "congruence",
    *,
    normalise: OneModeScale = "none",
    duplicates: Duplicates = "document",
    isolates: bool = False,
) -> Network:
    """Return the network of actors who speak about the same issues.

    Args:
        statements: The statements.
        tie: The value of a tie, summed over issues: statements of one times statements of the other (ignore), of equal
            stance (congruence), of opposite stance (conflict), or congruence minus conflict (subtract).
        normalise: Divide by the mean number of statements of both (average), by all issues and stances of both
            (jaccard), or by the product of their numbers of statements (cosine).
        duplicates: As in `two_mode_network`.
        isolates: Whether actors without a statement that counts are in the network.

    Raises:
        ConfigurationError: An argument has an unknown value.
    """
    _check("tie", tie, OneModeTie)
    _check("normalise", normalise, OneModeScale)
    counted = _Counted(statements, duplicates, by_stance=tie != "ignore")
    ties = {}
    for one, other in counted.pairs():
        first, second = counted.by_actor[one], counted.by_actor[other]
        if value := _one_mode_value(first, second, tie):
            ties[one, other] = value / _divisor(first, second, normalise)
    actors = counted.actors if isolates else tuple(counted.by_actor)
    return Network(actors, actors, ties, counted.total, counted.left_out)


def _one_mode_value(first: _Counts, second: _Counts, tie: OneModeTie) -> int:
    value = 0
    for issue in first.keys() & second.keys():
        (agree, disagree), (other_agree, other_disagree) = first[issue], second[issue]
        congruence = agree * other_agree + disagree * other_disagree
        conflict = agree * other_disagree + disagree * other_agree
        value += {
            "ignore": congruence + conflict,
            "congruence": congruence,
            "conflict": conflict,
            "subtract": congruence - conflict,
        }[tie]
    return value


def _divisor(first: _Counts, second: _Counts, normalise: OneModeScale) -> float:
    """Return what the ties of two actors are divided by; it is above 0 if they have a tie."""
    if normalise == "none":
        return 1
    if normalise == "jaccard":
        return sum(_jaccard_divisor(first, second))
    activity, other_activity = (sum(map(sum, counts.values())) for counts in (first, second))
    return (activity + other_activity) / 2 if normalise == "average" else activity * other_activity


def _jaccard_divisor(first: _Counts, second: _Counts) -> Iterator[int]:
    """Yield the parts of m10 + m01 + m11: where only one has statements their number, otherwise the product."""
    for issue in first.keys() | second.keys():
        for one, other in zip(first.get(issue, (0, 0)), second.get(issue, (0, 0)), strict=True):
            yield one * other if one and other else one + other


class _Counted:
    """Statements by actor, issue and stance, without duplicates."""

    def __init__(self, statements: Iterable[Statement], duplicates: Duplicates, *, by_stance: bool) -> None:
        _check("duplicates", duplicates, Duplicates)
        found: defaultdict[str, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
        left_out: Counter[str] = Counter()
        actors: dict[str, None] = {}
        issues: dict[str, None] = {}
        seen: set[object] = set()
        for each in statements:
            if each.issue is None:
                continue
            actors[each.actor] = issues[each.issue] = None
            if each.stance not in SIDES:
                left_out[each.stance] += 1
                continue
            if duplicates != "include":
                stance = each.stance if by_stance else None
                key = each.actor, each.issue, stance, _period(each, duplicates)
                if key in seen:
                    continue
                seen.add(key)
            found[each.actor][each.issue][SIDES.index(each.stance)] += 1
        self.actors, self.issues, self.left_out = tuple(sorted(actors)), tuple(sorted(issues)), dict(left_out)
        self.by_actor: dict[str, dict[str, tuple[int, int]]] = {
            actor: {issue: (counts[0], counts[1]) for issue, counts in found[actor].items()} for actor in sorted(found)
        }
        self.total = sum(sum(counts) for issues in self.by_actor.values() for counts in issues.values())

    def pairs(self) -> list[tuple[str, str]]:
        """Return the pairs of actors who speak about one issue, each in alphabetical order."""
        speakers: defaultdict[str, list[str]] = defaultdict(list)
        for actor, issues in self.by_actor.items():
            for issue in issues:
                speakers[issue].append(actor)
        return sorted({pair for actors in speakers.values() for pair in combinations(actors, 2)})


def _period(statement: Statement, duplicates: Duplicates) -> object:
    """Return the document or the calendar period of a statement; without a full date, its document."""
    if duplicates == "all":
        return None
    day = parse_day(statement.date)
    if day is None:
        return statement.article
    match duplicates:
        case "week":
            return day.isocalendar()[:2]
        case "month":
            return day.year, day.month
        case "year":
            return day.year
        case _:
            return statement.article


def _check(name: str, value: str, allowed: Any) -> None:
    if value not in get_args(allowed):
        raise ConfigurationError(f"{name} must be one of {', '.join(get_args(allowed))}, not {value!r}.")


@dataclass(frozen=True, slots=True)
class Polarisation:
    """The best split of actors into two camps."""

    value: float
    """From 0, where nobody opposes anybody, to 1, for two equal camps that agree within and oppose each other."""
    explained: float
    """The share of all congruence and conflict that the split explains: congruence within, conflict between camps."""
    camps: tuple[tuple[str, ...], tuple[str, ...]]
    """The ids of the actors of both camps, the larger one first. Actors without ties are in none."""
    is_exact: bool
    """Whether all splits were compared, which is done for up to 16 actors."""


_MAX_EXACT = 16
_STARTS = 24
_EQUAL = 1e-9


def last_stances(statements: Sequence[Statement]) -> Sequence[Statement]:
    """Return the statements without those on the side of an issue that their actor left; undated ones come first."""
    last: dict[tuple[str, str | None], Stance] = {}
    for each in sorted(statements, key=lambda each: each.date or ""):
        if each.stance in TURNED:
            last[each.actor, each.issue] = each.stance
    return [each for each in statements if each.stance not in TURNED or last[each.actor, each.issue] == each.stance]


def measure_polarisation(
    statements: Iterable[Statement], *, normalise: OneModeScale = "average", duplicates: Duplicates = "document"
) -> Polarisation:
    """Split the actors into two camps, so that congruence within and conflict between camps is largest.

    Args:
        statements: The statements.
        normalise: As in `one_mode_network`. With "none", actors who speak often count more.
        duplicates: As in `two_mode_network`.
    """
    statements = tuple(statements)
    congruence = one_mode_network(statements, "congruence", normalise=normalise, duplicates=duplicates)
    conflict = one_mode_network(statements, "conflict", normalise=normalise, duplicates=duplicates)
    tied = {actor for network in (congruence, conflict) for pair in network.ties for actor in pair}
    actors = [actor for actor in congruence.rows if actor in tied]
    # To maximise congruence within plus conflict between camps is to maximise conflict minus congruence between them.
    index = {actor: number for number, actor in enumerate(actors)}
    weights: list[dict[int, float]] = [{} for _ in actors]
    for network, sign in ((congruence, -1), (conflict, 1)):
        for (one, other), value in network.ties.items():
            for first, second in ((index[one], index[other]), (index[other], index[one])):
                weights[first][second] = weights[first].get(second, 0.0) + sign * value
    is_exact = len(actors) <= _MAX_EXACT
    sides = _best_split(weights) if is_exact else _good_split(weights)
    camps = [tuple(actor for actor, side in zip(actors, sides, strict=True) if side == camp) for camp in (0, 1)]
    camps.sort(key=lambda camp: (-len(camp), camp))
    camp = dict(zip(actors, sides, strict=True))
    total, between, within = 0.0, 0.0, 0.0  # of both; conflict minus congruence between camps; conflict within
    for network, sign in ((congruence, -1), (conflict, 1)):
        for (one, other), value in network.ties.items():
            total += value
            if camp[one] != camp[other]:
                between += sign * value
            elif sign == 1:
                within += value
    if not total:
        return Polarisation(0.0, 0.0, (camps[0], camps[1]), is_exact)
    count = len(actors)
    equal_camps = (count * count // 4) / (count * (count - 1) / 2)  # share of pairs across two equal camps
    value = min(1.0, max(0.0, (between - within) / total / equal_camps))
    explained = (sum(congruence.ties.values()) + between) / total
    return Polarisation(round(value, 6), round(explained, 6), (camps[0], camps[1]), is_exact)


def _best_split(weights: Sequence[Mapping[int, float]]) -> list[int]:
    """Return the split with the largest sum of weights between both sides, by comparing all of them."""
    count = len(weights)
    sides, best, value, best_value = [0] * count, [0] * count, 0.0, 0.0
    for number in range(1, 2 ** max(count - 1, 0)):
        moved = (number & -number).bit_length() - 1  # in this order (Gray code), each split moves one actor
        value += _gain(weights, sides, moved)
        sides[moved] = 1 - sides[moved]
        if value > best_value + _EQUAL:
            best_value, best = value, list(sides)
    return best


def _good_split(weights: Sequence[Mapping[int, float]]) -> list[int]:
    """Return a split that no move of one actor improves: the best of the searches from the most active actors."""
    count = len(weights)
    active = sorted(range(count), key=lambda actor: (-sum(map(abs, weights[actor].values())), actor))
    best, best_value = [0] * count, 0.0
    for start in active[:_STARTS]:
        sides = [int(weights[start].get(other, 0.0) > 0) for other in range(count)]
        gains = [_gain(weights, sides, actor) for actor in range(count)]
        while (gain := max(gains)) > _EQUAL:
            moved = gains.index(gain)
            sides[moved] = 1 - sides[moved]
            gains[moved] = -gain
            for other, weight in weights[moved].items():
                gains[other] += -2 * weight if sides[moved] != sides[other] else 2 * weight
        value = sum(
            weight for one in range(count) for other, weight in weights[one].items() if sides[one] != sides[other]
        )
        if value > best_value + _EQUAL:
            best_value, best = value, sides
    return best


def _gain(weights: Sequence[Mapping[int, float]], sides: Sequence[int], actor: int) -> float:
    """Return how much the sum of the weights between both sides grows if an actor changes sides."""
    side = sides[actor]
    return sum(weight if sides[other] == side else -weight for other, weight in weights[actor].items())
