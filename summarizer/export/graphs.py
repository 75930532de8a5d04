"""Write the network of a dossier as GraphML, GEXF or DL."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

from summarizer._text import DistinctNames
from summarizer.dossier import (
    Dossier,
    Network,
    Statement,
    one_mode_network,
    parse_day,
    replace_people,
    two_mode_network,
)
from summarizer.export.cells import clean_line
from summarizer.export.formats import NetworkOptions
from summarizer.export.tables import Selection, Summary, group_statements
from summarizer.export.tabular import open_text

_Value = str | float
_Days = tuple[str, str]
"""The first and the last day."""
_SIDES = "agrees", "disagrees"
_ANSWERING = {
    (tie, stance): [other for other in _SIDES if tie == "subtract" or (other == stance) == (tie == "congruence")]
    for tie in ("congruence", "conflict", "subtract")
    for stance in _SIDES
}
"""The stances of another actor that make a tie with a stance."""
_ISSUE = "issue:"
"""What the ids of issues begin with, since an actor may have the id of an issue."""
_NODE_VALUES = {
    **dict.fromkeys(("mode", "kind", "role", "affiliation", "names"), "string"),
    **dict.fromkeys(("statements", "articles"), "int"),
    **dict.fromkeys(("first", "last"), "string"),
}
"""The types of the values of nodes, in GraphML."""
_EDGE_VALUES = {
    "one-mode": dict.fromkeys(("congruence", "conflict"), "double") | dict.fromkeys(("first", "last"), "string"),
    "two-mode": {"balance": "double"} | dict.fromkeys(("first", "last"), "string"),
}
"""The types of the values of edges, by the mode of the network."""


@dataclass(frozen=True, slots=True)
class _Node:
    id: str
    label: str
    values: Mapping[str, _Value | None]
    days: _Days | None


@dataclass(frozen=True, slots=True)
class _Edge:
    source: str
    target: str
    weight: float
    values: Mapping[str, float]
    days: _Days | None


@dataclass(frozen=True, slots=True)
class _Graph:
    rows: Sequence[_Node]
    """The actors."""
    columns: Sequence[_Node]
    """The issues, in a two-mode network."""
    edges: Iterable[_Edge]
    """To be iterated once."""
    notes: Sequence[str]

    @property
    def nodes(self) -> Sequence[_Node]:
        return [*self.rows, *self.columns]


def write_graphml(selection: Selection, file: BinaryIO, options: NetworkOptions) -> Sequence[str]:
    """Write GraphML with plain keys, as Gephi, networkx and igraph read it. Return what it leaves out."""
    graph = _build_graph(selection, options)
    kinds = {"node": {"label": "string"} | _NODE_VALUES, "edge": {"weight": "double"} | _EDGE_VALUES[options.mode]}
    with open_text(file) as text:
        text.write('<?xml version="1.0" encoding="utf-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
        for target, values in kinds.items():
            for name, kind in values.items():
                key = {"id": f"{target}-{name}", "for": target, "attr.name": name, "attr.type": kind}
                text.write(f"<key{_attributes(key)}/>\n")
        text.write('<graph id="dossier" edgedefault="undirected">\n')
        for node in graph.nodes:
            data = _data("node", {"label": node.label, **node.values, **_day_values(node.days)})
            text.write(f"<node{_attributes({'id': node.id})}>{data}</node>\n")
        for number, edge in enumerate(graph.edges):
            ends = {"id": f"e{number}", "source": edge.source, "target": edge.target}
            data = _data("edge", {"weight": edge.weight, **edge.values, **_day_values(edge.days)})
            text.write(f"<edge{_attributes(ends)}>{data}</edge>\n")
        text.write("</graph>\n</graphml>\n")
    return graph.notes


def write_gexf(selection: Selection, file: BinaryIO, options: NetworkOptions) -> Sequence[str]:
    """Write GEXF, where nodes and edges last from their first statement to the last. Return what it leaves out."""
    graph = _build_graph(selection, options)
    head = {"mode": "dynamic", "defaultedgetype": "undirected", "timeformat": "date"}
    with open_text(file) as text:
        text.write(
            '<?xml version="1.0" encoding="utf-8"?>\n<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n'
        )
        text.write(f"<graph{_attributes(head)}>\n")
        for target, values in (("node", _NODE_VALUES), ("edge", _EDGE_VALUES[options.mode])):
            text.write(f'<attributes class="{target}" mode="static">\n')
            for name, kind in values.items():
                key = {"id": f"{target}-{name}", "title": name, "type": kind.replace("int", "integer")}
                text.write(f"<attribute{_attributes(key)}/>\n")
            text.write("</attributes>\n")
        text.write("<nodes>\n")
        for node in graph.nodes:
            data = _attribute_values("node", {**node.values, **_day_values(node.days)})
            text.write(f"<node{_attributes({'id': node.id, 'label': node.label, **_spell(node.days)})}>{data}</node>\n")
        text.write("</nodes>\n<edges>\n")
        for number, edge in enumerate(graph.edges):
            ends = {"id": str(number), "source": edge.source, "target": edge.target, "weight": _text(edge.weight)}
            data = _attribute_values("edge", {**edge.values, **_day_values(edge.days)})
            text.write(f"<edge{_attributes({**ends, **_spell(edge.days)})}>{data}</edge>\n")
        text.write("</edges>\n</graph>\n</gexf>\n")
    return graph.notes


def write_dl(selection: Selection, file: BinaryIO, options: NetworkOptions) -> Sequence[str]:
    """Write the full matrix in the data language (DL) of UCINET. Return what it leaves out.

    The matrix of a two-mode network has agreeing minus disagreeing statements.
    """
    graph = _build_graph(selection, options)
    weights: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for edge in graph.edges:
        weight = edge.values.get("balance", edge.weight)
        weights[edge.source][edge.target] = weights[edge.target][edge.source] = weight
    with open_text(file) as text:
        if options.mode == "one-mode":
            columns = graph.rows
            text.write(f"dl n = {len(columns)}\nformat = fullmatrix\nlabels:\n{_labels(columns)}data:\n")
        else:
            columns = graph.columns
            text.write(f"dl nr = {len(graph.rows)} nc = {len(columns)}\nformat = fullmatrix\n")
            text.write(f"row labels:\n{_labels(graph.rows)}column labels:\n{_labels(columns)}data:\n")
        for row in graph.rows:
            text.write(" ".join(_number(weights[row.id].get(column.id, 0)) for column in columns) + "\n")
    return graph.notes


def _build_graph(selection: Selection, options: NetworkOptions) -> _Graph:
    dossier = selection.dossier
    statements: Sequence[Statement] = selection.statements
    if options.organisations:
        bodies = replace_people(statements, dossier.actors)
        statements = [replace(each, actor=clean_line(each.actor)) for each in bodies]  # some are names in an article
    issues: Sequence[str] = ()
    if options.mode == "one-mode":
        network = one_mode_network(statements, "congruence", normalise=options.normalise)
        edges = _one_mode_edges(network, statements, options)
    else:
        network = two_mode_network(statements, "ignore")
        edges, issues = _two_mode_edges(network, statements), network.columns
    notes = _notes(network, len(selection.statements), len(statements), sum(not each.issue for each in statements))
    return _Graph(
        rows=_actor_nodes(dossier, network.rows, statements),
        columns=_issue_nodes(dossier, issues, statements),
        edges=edges,
        notes=notes,
    )


def _one_mode_edges(congruence: Network, statements: Sequence[Statement], options: NetworkOptions) -> Iterator[_Edge]:
    conflict = one_mode_network(statements, "conflict", normalise=options.normalise)
    spans = _spans(statements)
    for pair in chain(congruence.ties, (pair for pair in conflict.ties if pair not in congruence.ties)):
        values = {"congruence": congruence.ties.get(pair, 0.0), "conflict": conflict.ties.get(pair, 0.0)}
        weight = values["congruence"] - values["conflict"] if options.tie == "subtract" else values[options.tie]
        if weight:
            one, other = (spans[actor] for actor in pair)
            shared = [
                (days, other[issue, position])
                for (issue, stance), days in one.items()
                for position in _ANSWERING[options.tie, stance]
                if (issue, position) in other
            ]
            starts, ends = [max(a[0], b[0]) for a, b in shared], [max(a[1], b[1]) for a, b in shared]
            yield _Edge(*pair, weight, values, (min(starts), max(ends)) if shared else None)


def _two_mode_edges(counts: Network, statements: Sequence[Statement]) -> Iterator[_Edge]:
    balance = two_mode_network(statements, "subtract")
    spans = _spans(statements)
    for (actor, issue), weight in counts.ties.items():
        days = [spans[actor][issue, stance] for stance in _SIDES if (issue, stance) in spans[actor]]
        lasting = (min(first for first, _ in days), max(last for _, last in days)) if days else None
        yield _Edge(actor, f"{_ISSUE}{issue}", weight, {"balance": balance.value(actor, issue)}, lasting)


def _spans(statements: Iterable[Statement]) -> Mapping[str, Mapping[tuple[str, str], _Days]]:
    """Return the first and the last day of each actor's stance on an issue, by issue and stance."""
    found: defaultdict[str, dict[tuple[str, str], _Days]] = defaultdict(dict)
    for each in statements:
        if each.issue and each.stance in _SIDES and (day := _day(each.date)):
            first, last = found[each.actor].get((each.issue, each.stance), (day, day))
            found[each.actor][each.issue, each.stance] = min(first, day), max(last, day)
    return found


def _actor_nodes(dossier: Dossier, keys: Iterable[str], statements: Sequence[Statement]) -> list[_Node]:
    by_actor = group_statements(statements, "actor")
    nodes = []
    for key in keys:
        counts, days = _read_summary(by_actor[key])
        actor = dossier.actors.get(key)  # an affiliation need not be an actor itself
        role = actor.roles[-1] if actor and actor.roles else None
        values: dict[str, _Value | None] = {
            "mode": "actor",
            "kind": actor.kind if actor else "organisation",
            "role": role.role if role else None,
            "affiliation": role.affiliation if role else None,
            "names": "; ".join(actor.names) if actor else None,
            **counts,
        }
        nodes.append(_Node(key, clean_line(actor.name if actor else key), values, days))
    return nodes


def _issue_nodes(dossier: Dossier, keys: Iterable[str], statements: Sequence[Statement]) -> list[_Node]:
    by_issue = group_statements(statements, "issue")
    summaries = {key: _read_summary(by_issue[key]) for key in keys}
    return [
        _Node(f"{_ISSUE}{key}", clean_line(dossier.issues[key].proposition), {"mode": "issue", **counts}, days)
        for key, (counts, days) in summaries.items()
    ]


def _read_summary(statements: Sequence[Statement]) -> tuple[dict[str, _Value], _Days | None]:
    """Return the numbers of statements and of articles as values of a node, and its days."""
    count, articles, first, last = Summary.of(statements)
    days = (first.isoformat(), last.isoformat()) if first and last else None
    return {"statements": count, "articles": articles}, days


def _notes(network: Network, selected: int, counted: int, without_issue: int) -> list[str]:
    left_out = Counter(network.left_out) + Counter({"without an issue": without_issue})
    left_out += Counter({"of people without a body": selected - counted})
    if not left_out:
        return []
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in left_out.most_common())
    return [f"Left out of the network: {left_out.total():,} of {selected:,} statements ({kinds})."]


def _day(published: str | None) -> str | None:
    day = parse_day(published)
    return day.isoformat() if day else None


def _day_values(days: _Days | None) -> dict[str, str]:
    return {"first": days[0], "last": days[1]} if days else {}


def _spell(days: _Days | None) -> dict[str, str]:
    return {"start": days[0], "end": days[1]} if days else {}


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.6f}"


def _labels(nodes: Iterable[_Node]) -> str:
    """Return one label a line, in quotation marks; no two are equal."""
    names = DistinctNames(fold=str.casefold)
    return "".join('"{}"\n'.format(names.make(node.label.replace('"', "'"))) for node in nodes)


def _attributes(values: Mapping[str, str]) -> str:
    """Return the attributes of an XML element, each after a space."""
    return "".join(f" {name}={quoteattr(value)}" for name, value in values.items())


def _data(target: str, values: Mapping[str, _Value | None]) -> str:
    """Return the values of a node or an edge in GraphML."""
    shown = [(name, _text(value)) for name, value in values.items() if value not in (None, "")]
    return "".join(f'<data key="{target}-{name}">{escape(text)}</data>' for name, text in shown)


def _attribute_values(target: str, values: Mapping[str, _Value | None]) -> str:
    """Return the values of a node or an edge in GEXF."""
    shown = [(name, _text(value)) for name, value in values.items() if value not in (None, "")]
    joined = "".join(f'<attvalue for="{target}-{name}" value={quoteattr(text)}/>' for name, text in shown)
    return f"<attvalues>{joined}</attvalues>"


def _text(value: _Value | None) -> str:
    return clean_line(value) if isinstance(value, str) else f"{value or 0:.15g}"
