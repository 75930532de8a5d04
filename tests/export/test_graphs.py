"""Networks as GraphML, GEXF and DL, read back by networkx and by the rules of DL."""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from summarizer import Dossier
from summarizer.errors import ConfigurationError
from summarizer.export import NetworkOptions
from tests.export.conftest import BOARD, HILL, REED, TOLL, make_brief

networkx = pytest.importorskip("networkx")
TWO_MODE = NetworkOptions(mode="two-mode")
ISSUE = "issue:the-toll-should-stay"


def read_dl(path: Path) -> tuple[list[str], list[str], list[list[float]]]:
    """Return the labels of the rows and the columns, and the matrix."""
    text = path.read_text(encoding="utf-8")
    head, data = text.split("data:\n")
    assert "\nformat = fullmatrix\n" in head
    rows, _, columns = head.partition("column labels:")
    labels = [re.findall(r'"([^"]*)"', part) for part in (rows, columns or rows)]
    sizes = {name: int(number) for name, number in re.findall(r"(n[rc]?) = (\d+)", head)}
    assert [len(part) for part in labels] == [sizes.get("nr", sizes.get("n")), sizes.get("nc", sizes.get("n"))]
    return labels[0], labels[1], [[float(cell) for cell in line.split()] for line in data.splitlines()]


def read(path: Path) -> Any:
    return networkx.read_gexf(path) if path.suffix == ".gexf" else networkx.read_graphml(path)


def test_the_keys_of_graphml_are_plain(dossier: Dossier, tmp_path: Path) -> None:
    dossier.export(tmp_path / "out.graphml")
    root = ElementTree.parse(tmp_path / "out.graphml").getroot()
    names = {name for element in root.iter() for name in element.attrib}
    assert names == {"id", "for", "attr.name", "attr.type", "edgedefault", "key", "source", "target"}
    assert {element.tag.partition("}")[0] for element in root.iter()} == {"{http://graphml.graphdrawing.org/xmlns"}
    keys = {element.attrib["id"] for element in root.iter() if element.tag.endswith("}key")}
    assert {element.attrib["key"] for element in root.iter() if element.tag.endswith("}data")} <= keys


@pytest.mark.parametrize("name", ["out.graphml", "out.gexf"])
def test_actors_are_tied_by_equal_stances(dossier: Dossier, tmp_path: Path, name: str) -> None:
    export = dossier.export(tmp_path / name)
    graph = read(tmp_path / name)
    assert set(graph.nodes) == {"jane-hill", "tom-reed", "harbour-board"}
    hill = {"label": "Jane Hill", "mode": "actor", "kind": "person", "affiliation": "Harbour Board", "statements": 2}
    assert hill.items() <= graph.nodes["jane-hill"].items()
    edge = {"weight": 1.0, "congruence": 1.0, "conflict": 1.0}
    assert edge.items() <= graph.edges["jane-hill", "tom-reed"].items()
    assert export.notes == ("Left out of the network: 2 of 6 statements (1 mixed, 1 without an issue).",)


@pytest.mark.parametrize("tie", ["congruence", "conflict", "subtract"])
@pytest.mark.parametrize("normalise", ["none", "average", "jaccard", "cosine"])
def test_weights_are_those_of_the_dossier(dossier: Dossier, tmp_path: Path, tie: Any, normalise: Any) -> None:
    dossier.export(tmp_path / "out.graphml", network=NetworkOptions(tie=tie, normalise=normalise))
    expected = dossier.network("actors", tie, normalise=normalise)
    graph = read(tmp_path / "out.graphml")
    assert len(graph.edges) == len(expected.ties)
    for pair, value in expected.ties.items():
        assert graph.edges[pair]["weight"] == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize("name", ["out.graphml", "out.gexf"])
def test_a_two_mode_network_ties_actors_to_issues(dossier: Dossier, tmp_path: Path, name: str) -> None:
    dossier.export(tmp_path / name, network=TWO_MODE)
    graph = read(tmp_path / name)
    assert graph.nodes[ISSUE]["label"] == TOLL
    edges = {actor: (edge["weight"], edge["balance"]) for actor, edge in graph[ISSUE].items()}
    assert edges == {"jane-hill": (1, 1), "harbour-board": (1, 1), "tom-reed": (2, 0)}
    assert networkx.is_bipartite(graph)


def test_nodes_and_edges_of_gexf_have_days(dossier: Dossier, tmp_path: Path) -> None:
    dossier.export(tmp_path / "out.gexf")
    graph = read(tmp_path / "out.gexf")
    assert (graph.nodes["tom-reed"]["start"], graph.nodes["tom-reed"]["end"]) == ("2026-01-05", "2026-03-09")
    edge = graph.edges["jane-hill", "tom-reed"]  # tied once Reed agrees, too
    assert (edge["start"], edge["end"]) == ("2026-03-09", "2026-03-09")


def test_dl_has_the_full_matrix(dossier: Dossier, tmp_path: Path) -> None:
    dossier.export(tmp_path / "out.dl")
    names = ["Harbour Board", "Jane Hill", "Tom Reed"]
    assert read_dl(tmp_path / "out.dl") == (names, names, [[0, 1, 1], [1, 0, 1], [1, 1, 0]])
    dossier.export(tmp_path / "out.dl", network=TWO_MODE)
    assert read_dl(tmp_path / "out.dl") == (names, [TOLL], [[1], [1], [0]])


def test_people_count_as_their_bodies(dossier: Dossier, tmp_path: Path) -> None:
    export = dossier.export(tmp_path / "out.dl", network=NetworkOptions(mode="two-mode", organisations=True))
    assert read_dl(tmp_path / "out.dl")[0] == ["Harbour Board"]
    assert "3 of people without a body" in export.notes[0]


def test_bodies_that_are_no_actors_are_nodes(tmp_path: Path) -> None:
    people = [(f"{name} Ray", "person", f"{name}  &\x01 Sons") for name in ("Ann", "Bo")]
    dossier = Dossier([make_brief([(who, TOLL, "agrees", f"{who[0]} agrees.") for who in people])[0]])
    dossier.export(tmp_path / "out.graphml", network=NetworkOptions(organisations=True))
    graph = read(tmp_path / "out.graphml")
    assert sorted(data["label"] for _, data in graph.nodes(data=True)) == ["Ann &\ufffd Sons", "Bo &\ufffd Sons"]
    assert len(graph.edges) == 1


def test_labels_of_dl_differ_and_stand_in_quotation_marks(tmp_path: Path) -> None:
    lines = [((name, "person", None), TOLL, "agrees", f"{name} agrees.") for name in ("Ann “A” Lee", "Bo Ray")]
    dossier = Dossier([make_brief(lines)[0]])
    with dossier.store.database.transaction() as connection:
        connection.execute("""UPDATE actors SET name = 'Ann "A" Lee'""")
    dossier.export(tmp_path / "out.dl")
    assert read_dl(tmp_path / "out.dl")[0] == ["Ann 'A' Lee", "Ann 'A' Lee (2)"]


def test_awkward_names_give_well_formed_xml(tmp_path: Path) -> None:
    name = "<A> & \"B\" 'C'\x00\x1b\u202e ]]> \uffff"
    Dossier([make_brief([((name, "person", None), TOLL, "agrees", "Hill agrees.")])[0]]).export(tmp_path / "out.gexf")
    ((_, node),) = read(tmp_path / "out.gexf").nodes(data=True)
    assert node["label"].startswith("<A> & \"B\" 'C'")


@pytest.mark.parametrize("name", ["out.graphml", "out.gexf", "out.dl"])
@pytest.mark.parametrize("mode", ["one-mode", "two-mode"])
def test_a_dossier_without_statements_is_an_empty_network(empty: Dossier, tmp_path: Path, name: str, mode: Any) -> None:
    empty.export(tmp_path / name, network=NetworkOptions(mode=mode))
    if name.endswith(".dl"):
        assert read_dl(tmp_path / name) == ([], [], [])
    else:
        assert (len(read(tmp_path / name).nodes), len(read(tmp_path / name).edges)) == (0, 0)


def test_ties_are_options_of_one_mode_networks() -> None:
    with pytest.raises(ConfigurationError, match="Leave out tie"):
        NetworkOptions(mode="two-mode", tie="conflict")


def test_articles_without_a_date_make_ties_without_days(tmp_path: Path) -> None:
    lines = [(who, TOLL, "agrees", f"{who[0]} agrees.") for who in (HILL, REED, BOARD)]
    Dossier([make_brief(lines, date=None)[0]]).export(tmp_path / "out.gexf")
    graph = read(tmp_path / "out.gexf")
    assert len(graph.edges) == 3
    assert not any("start" in edge for *_, edge in graph.edges(data=True))
