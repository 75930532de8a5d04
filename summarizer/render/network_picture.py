"""A picture of who stands with whom: a force-directed layout of actors, drawn as SVG."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer._text import one_line, shorten
from summarizer.dossier import Dossier, last_stances

MAX_NODES = 60
_WIDTH, _HEIGHT = 960, 640
_ROUNDS = 220
_PULL = 0.06  # to the middle, in each round
_LABEL = 22  # characters
_CHARACTER, _LINE = 6.3, 15.0  # width and height of a label's letters
_MIN_RADIUS, _MAX_RADIUS = 5.0, 15.0


@dataclass(frozen=True, slots=True)
class Node:
    """An actor in the picture."""

    id: str
    x: float
    y: float
    radius: float
    name: str
    label: str
    """The name, shortened."""
    anchor: str
    """The side of the label: "start" is to the right of the node."""
    statements: int


@dataclass(frozen=True, slots=True)
class Edge:
    """Agreement or conflict of two actors, by their stances on common issues."""

    actors: tuple[str, str]
    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    is_conflict: bool
    label: str


@dataclass(frozen=True, slots=True)
class NetworkPicture:
    """Nodes and edges with their places in a picture of this size."""

    width: int
    height: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    omitted: int
    """Connected actors without room."""
    polarisation: str
    """How well two camps explain who agrees with whom: "0.84 of 1"."""


def draw_network(dossier: Dossier) -> NetworkPicture | None:
    """Return the picture of the actors who agree or disagree with others, or None if there are fewer than two."""
    last = last_stances(dossier.statements)
    congruence = dossier.network("actors", "congruence", statements=last)
    conflict = dossier.network("actors", "conflict", statements=last)
    weights = {
        (one, other): (int(congruence.value(one, other)), int(conflict.value(one, other)))
        for one, other in sorted({*congruence.ties, *conflict.ties})
    }
    counts: Counter[str] = Counter()
    for pair, weight in weights.items():
        counts.update(dict.fromkeys(pair, sum(weight)))
    actors = [actor for actor, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    shown = actors[:MAX_NODES]
    if len(shown) < 2:
        return None
    index = {actor: number for number, actor in enumerate(shown)}
    pairs = [
        (index[one], index[other], agrees, differs)
        for (one, other), (agrees, differs) in weights.items()
        if one in index and other in index
    ]
    labels = [shorten(dossier.actors[actor].name, _LABEL) for actor in shown]
    places = _separate(_lay_out(len(shown), pairs), [_CHARACTER * len(label) for label in labels])
    most = max(dossier.actors[actor].statements for actor in shown)
    heaviest = max(agrees + differs for *_, agrees, differs in pairs)
    names = [one_line(dossier.actors[actor].name) for actor in shown]
    own = [each for each in last if each.actor in index]  # of many more it would take minutes
    return NetworkPicture(
        width=_WIDTH,
        height=_HEIGHT,
        nodes=tuple(
            Node(
                id=actor,
                x=round(x, 1),
                y=round(y, 1),
                radius=round(_radius(dossier.actors[actor].statements, most), 1),
                name=names[number],
                label=labels[number],
                anchor="start" if x < _WIDTH / 2 else "end",
                statements=dossier.actors[actor].statements,
            )
            for number, (actor, (x, y)) in enumerate(zip(shown, places, strict=True))
        ),
        edges=tuple(
            Edge(
                actors=(shown[one], shown[other]),
                x1=round(places[one][0], 1),
                y1=round(places[one][1], 1),
                x2=round(places[other][0], 1),
                y2=round(places[other][1], 1),
                width=round(0.8 + 3 * (agrees + differs) / heaviest, 1),
                is_conflict=differs > agrees,
                label=f"{names[one]} and {names[other]}: {agrees} × agreement, {differs} × conflict",
            )
            for one, other, agrees, differs in pairs
            if agrees != differs
        ),
        omitted=len(actors) - len(shown),
        polarisation=f"{dossier.polarisation(statements=own).value:.2f} of 1",
    )


def _radius(statements: int, most: int) -> float:
    return _MIN_RADIUS + (_MAX_RADIUS - _MIN_RADIUS) * math.sqrt(statements / most)


def _lay_out(count: int, pairs: Sequence[tuple[int, int, int, int]]) -> list[tuple[float, float]]:
    """Return places by the method of Fruchterman and Reingold (1991), from a circle, so that runs are equal.

    Agreement attracts; conflict repels, as far as nodes repel each other anyway.
    """
    radius = 0.35 * min(_WIDTH, _HEIGHT)
    xs = [_WIDTH / 2 + 1.4 * radius * math.cos(2 * math.pi * number / count) for number in range(count)]
    ys = [_HEIGHT / 2 + radius * math.sin(2 * math.pi * number / count) for number in range(count)]
    ideal = 0.75 * math.sqrt(_WIDTH * _HEIGHT / count)
    strength = {(one, other): agrees - differs for one, other, agrees, differs in pairs}
    heaviest = max(1, *(abs(value) for value in strength.values())) if strength else 1
    for step in range(_ROUNDS):
        limit = 0.1 * _WIDTH * (1 - step / _ROUNDS) + 0.5
        moves_x, moves_y = [0.0] * count, [0.0] * count
        for one in range(count):
            for other in range(one + 1, count):
                dx, dy = xs[one] - xs[other], ys[one] - ys[other]
                distance = max(math.hypot(dx, dy), 0.01)
                tie = strength.get((one, other), strength.get((other, one), 0)) / heaviest
                force = ideal * ideal / distance - max(tie, 0) ** 0.5 * distance * distance / ideal
                force += max(-tie, 0) ** 0.5 * ideal * ideal / distance
                moves_x[one] += dx / distance * force
                moves_y[one] += dy / distance * force
                moves_x[other] -= dx / distance * force
                moves_y[other] -= dy / distance * force
        for number in range(count):
            length = max(math.hypot(moves_x[number], moves_y[number]), 0.01)
            xs[number] += moves_x[number] / length * min(length, limit)
            ys[number] += moves_y[number] / length * min(length, limit)
            xs[number] -= _PULL * (xs[number] - _WIDTH / 2)  # keeps actors without ties near the others
            ys[number] -= _PULL * (ys[number] - _HEIGHT / 2)
    xs, ys = _turn(xs, ys)
    return list(zip(_stretch(xs, 120, _WIDTH - 120), _stretch(ys, 24, _HEIGHT - 24), strict=True))


def _turn(xs: list[float], ys: list[float]) -> tuple[list[float], list[float]]:
    """Turn the places so that their main axis is level: camps stand left and right."""
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    dx, dy = [x - middle_x for x in xs], [y - middle_y for y in ys]
    spread = sum(x * x for x in dx) - sum(y * y for y in dy)
    angle = 0.5 * math.atan2(2 * sum(x * y for x, y in zip(dx, dy, strict=True)), spread)
    cos, sin = math.cos(angle), math.sin(angle)
    turned = [(x * cos + y * sin, y * cos - x * sin) for x, y in zip(dx, dy, strict=True)]
    return [x for x, _ in turned], [y for _, y in turned]


def _stretch(values: list[float], low: float, high: float) -> list[float]:
    least, most = min(values), max(values)
    if most - least < 1:
        return [(low + high) / 2] * len(values)
    return [low + (high - low) * (value - least) / (most - least) for value in values]


def _separate(places: list[tuple[float, float]], widths: Sequence[float]) -> list[tuple[float, float]]:
    """Move nodes up or down until no label covers another or another's node."""
    order = sorted(range(len(places)), key=lambda number: places[number][1])
    moved = list(places)
    for _ in range(40):
        is_free = True
        for position, one in enumerate(order):
            for other in order[position + 1 :]:
                overlap = _LINE - abs(moved[one][1] - moved[other][1])
                if overlap > 0 and _cover(moved[one][0], widths[one], moved[other][0], widths[other]):
                    is_free = False
                    push = overlap / 2 + 0.1
                    up, down = (one, other) if moved[one][1] <= moved[other][1] else (other, one)
                    moved[up] = moved[up][0], moved[up][1] - push
                    moved[down] = moved[down][0], moved[down][1] + push
        if is_free:
            break
    least, most = min(y for _, y in moved), max(y for _, y in moved)
    if least < _LINE or most > _HEIGHT - _LINE:
        ys = _stretch([y for _, y in moved], _LINE, _HEIGHT - _LINE)
        moved = [(x, y) for (x, _), y in zip(moved, ys, strict=True)]
    return moved


def _cover(x: float, width: float, other_x: float, other_width: float) -> bool:
    """Return whether two nodes with their labels overlap in width; labels point to the middle."""

    def span(at: float, length: float) -> tuple[float, float]:
        length += 2 * _MAX_RADIUS
        return (at - _MAX_RADIUS, at + length) if at < _WIDTH / 2 else (at - length, at + _MAX_RADIUS)

    (start, end), (other_start, other_end) = span(x, width), span(other_x, other_width)
    return start < other_end and other_start < end
