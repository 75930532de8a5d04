"""Networks against matrices computed by hand, and the split into two camps."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer import Dossier
from summarizer.dossier import Statement, last_stances, measure_polarisation, one_mode_network, two_mode_network
from summarizer.errors import ConfigurationError, MissingExtra

from .briefs import make_brief

SIDES = {"+": "agrees", "-": "disagrees", "~": "mixed", "?": "unclear"}


def say(text: str) -> list[Statement]:
    """Return statements, each of an article of its own, such as "a+x": the actor a agrees on the issue x."""
    return [
        Statement(number, word[0], word[2], SIDES[word[1]], f"2026-01-{number:02}", number, "The Courier")  # type: ignore[arg-type]
        for number, word in enumerate(text.split(), 1)
    ]


# n(a, x) = 2 agreeing; n(a, y) = 1 agreeing; n(b, x) = 1 and 1; n(b, y) = 1 disagreeing; n(c, x) = 3 disagreeing
TOY = say("a+x a+x a+y b+x b-x b-y c-x c-x c-x")


@pytest.mark.parametrize(
    ("tie", "a_b", "a_c", "b_c"),
    [
        ("ignore", 2 * 2 + 1 * 1, 2 * 3, 2 * 3),
        ("congruence", 2 * 1, 0, 1 * 3),
        ("conflict", 2 * 1 + 1 * 1, 2 * 3, 1 * 3),
        ("subtract", 2 - 3, -6, 0),
    ],
)
def test_one_mode_ties_are_those_of_the_formulas(tie, a_b, a_c, b_c) -> None:
    assert one_mode_network(TOY, tie).matrix() == [[0, a_b, a_c], [a_b, 0, b_c], [a_c, b_c, 0]]


@pytest.mark.parametrize(
    ("normalise", "a_b", "a_c", "b_c"),
    [
        ("average", 3 / 3, 6 / 3, 3 / 3),
        ("jaccard", 3 / (2 * 1 + 1 + 1 + 1), 6 / (2 + 1 + 3), 3 / (1 + 1 * 3 + 1)),
        ("cosine", 3 / (3 * 3), 6 / (3 * 3), 3 / (3 * 3)),
    ],
)
def test_conflict_is_normalised_by_the_activity_of_both(normalise, a_b, a_c, b_c) -> None:
    network = one_mode_network(TOY, "conflict", normalise=normalise)
    assert [network.value("a", "b"), network.value("c", "a"), network.value("b", "c")] == pytest.approx([a_b, a_c, b_c])


@pytest.mark.parametrize(
    ("tie", "normalise", "matrix"),
    [
        ("ignore", "none", [[2, 1], [2, 1], [3, 0]]),
        ("combine", "none", [[1, 1], [3, 2], [2, 0]]),
        ("subtract", "none", [[2, 1], [0, -1], [-3, 0]]),
        ("subtract", "activity", [[2 / 3, 1 / 3], [0, -1 / 3], [-1, 0]]),
        ("subtract", "prominence", [[2 / 7, 1 / 2], [0, -1 / 2], [-3 / 7, 0]]),
    ],
)
def test_two_mode_ties_are_those_of_the_formulas(tie, normalise, matrix) -> None:
    network = two_mode_network(TOY, tie, normalise=normalise)
    assert (network.rows, network.columns) == (("a", "b", "c"), ("x", "y"))
    assert network.matrix() == [pytest.approx(row) for row in matrix]


def test_stances_without_a_place_are_left_out_and_counted() -> None:
    network = one_mode_network(say("a+x b+x b~x c?x c?y"))
    assert (network.rows, network.statements, network.left_out) == (("a", "b"), 2, {"mixed": 1, "unclear": 2})
    assert one_mode_network(say("a+x b+x c?x"), isolates=True).rows == ("a", "b", "c")
    assert two_mode_network(say("a+x c?y"), isolates=True).columns == ("x", "y")


@pytest.mark.parametrize(
    ("duplicates", "number"), [("include", 7), ("document", 6), ("week", 4), ("month", 4), ("year", 3), ("all", 2)]
)
def test_equal_statements_count_once_in_a_period(duplicates, number) -> None:
    days = ["2025-12-30", "2025-12-30", "2026-01-02", "2026-01-20", "2026-01-22", "2026-03-01", "2026-01-02"]
    stances = ["agrees"] * 6 + ["disagrees"]
    articles = [1, 1, 2, 3, 4, 5, 2]
    told = [
        Statement(number, "a", "x", stance, day, article, None)  # type: ignore[arg-type]
        for number, (day, stance, article) in enumerate(zip(days, stances, articles, strict=True))
    ]
    assert two_mode_network(told, "subtract", duplicates=duplicates).statements == number


def test_without_stances_equal_statements_are_those_on_one_issue() -> None:
    told = [Statement(1, "a", "x", "agrees", None, 1, None), Statement(2, "a", "x", "disagrees", None, 1, None)]
    assert two_mode_network(told, "ignore").value("a", "x") == 1
    assert two_mode_network(told, "combine").value("a", "x") == 3


statements = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("+-"), st.sampled_from("xyz")), max_size=28)


@settings(max_examples=30)
@given(statements)
def test_congruence_and_conflict_add_up_to_all_joint_statements(words) -> None:
    told = say(" ".join(map("".join, words)))
    all_ties, congruence, conflict, difference = (
        one_mode_network(told, tie, duplicates="include") for tie in ("ignore", "congruence", "conflict", "subtract")
    )
    for one, other in product(all_ties.rows, repeat=2):
        assert congruence.value(one, other) + conflict.value(one, other) == all_ties.value(one, other)
        assert congruence.value(one, other) - conflict.value(one, other) == difference.value(one, other)
        assert all_ties.value(one, other) == all_ties.value(other, one)


def test_two_camps_of_equal_size_are_fully_polarised() -> None:
    found = measure_polarisation(say("a+x b+x c-x d-x"))
    assert (found.value, found.explained, found.camps) == (1.0, 1.0, (("a", "b"), ("c", "d")))


@pytest.mark.parametrize(("text", "value"), [("", 0.0), ("a+x", 0.0), ("a+x b+x c+x", 0.0), ("a+x b-x", 1.0)])
def test_polarisation_needs_somebody_to_oppose(text, value) -> None:
    assert measure_polarisation(say(text)).value == value


def test_one_dissenter_polarises_less_than_two_camps() -> None:
    assert 0 < measure_polarisation(say("a+x b+x c+x d+x e+x f-x")).value < 0.7


@settings(max_examples=25)
@given(statements)
def test_the_best_split_is_no_worse_than_any_other(words) -> None:
    told = say(" ".join(map("".join, words)))
    found = measure_polarisation(told, normalise="none")
    congruence, conflict = (one_mode_network(told, tie) for tie in ("congruence", "conflict"))
    actors = sorted([*found.camps[0], *found.camps[1]])

    def explained(camp: dict[str, int]) -> float:
        within = sum(value for (one, other), value in congruence.ties.items() if camp[one] == camp[other])
        return within + sum(value for (one, other), value in conflict.ties.items() if camp[one] != camp[other])

    best = explained({actor: actor in found.camps[0] for actor in actors})
    for sides in product((0, 1), repeat=len(actors)):
        assert explained(dict(zip(actors, sides, strict=True))) <= best


def test_many_actors_are_split_by_search() -> None:
    told = [
        Statement(2 * number + turn, f"a{number:02}", issue, ("agrees", "disagrees")[number % 2], None, number, None)
        for number in range(40)
        for turn, issue in enumerate("xy")
    ]
    found = measure_polarisation(told)
    assert (found.is_exact, found.value) == (False, 1.0)
    assert sorted(map(len, found.camps)) == [20, 20]


def test_unknown_values_are_named_with_those_that_exist() -> None:
    with pytest.raises(ConfigurationError, match="tie must be one of ignore, congruence, conflict, subtract"):
        one_mode_network([], "combine")  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="duplicates must be one of"):
        two_mode_network([], duplicates="day")  # type: ignore[arg-type]


def test_people_count_as_the_body_they_speak_for_at_the_time() -> None:
    held = [
        ("Jane Hill", "The toll is right.", "agrees", "It is right."),
        ("Port Union", "The toll is right.", "agrees", "Yes."),
    ]
    later = [("Jane Hill", "The toll is right.", "disagrees", "It is wrong.")]
    kinds = {"Port Union": "organisation"}
    dossier = Dossier(
        [
            make_brief("2026-01-05", held, kinds=kinds, roles={"Jane Hill": ("member", "Port Union")}),
            make_brief("2026-03-05", later, roles={"Jane Hill": ("adviser", "Harbour Board")}),
        ]
    )
    network = dossier.network("issues", "combine", organisations=True)
    assert dict(zip(network.rows, network.matrix(), strict=True)) == {
        "Harbour Board": [2],
        "port-union": [1],
    }


@pytest.mark.parametrize("is_actor", [False, True])
@pytest.mark.parametrize(
    ("one", "other"), [("Green Party", "the Green Party"), ("The Green Party", "green party"), ("die Grünen", "Grünen")]
)
def test_a_body_is_one_node_in_all_forms_of_its_name(one: str, other: str, is_actor: bool) -> None:
    held = [(name, "The toll is right.", "agrees", f"{name} agrees.") for name in ("Ann Day", "Bo Fox")]
    own = [
        ("Green Party", "The toll is right.", "agrees", "It agrees."),
        ("Grünen", "The toll is right.", "agrees", "Ja."),
    ]
    roles = {"Ann Day": (None, one), "Bo Fox": (None, other)}
    kinds = {name: "organisation" for name, *_ in own}
    dossier = Dossier([make_brief("2026-01-05", held + own * is_actor, roles=roles, kinds=kinds)])
    network = dossier.network("issues", "combine", organisations=True)
    assert len(network.rows) == (2 if is_actor else 1)


def test_networks_become_graphs_of_networkx() -> None:
    pytest.importorskip("networkx")
    graph = one_mode_network(TOY, "subtract").to_networkx()
    assert graph.edges["a", "b"]["weight"] == -1
    two_mode = two_mode_network(TOY).to_networkx()
    assert two_mode.nodes["issue", "x"] == {"mode": "issue", "bipartite": 1}
    assert two_mode.edges[("actor", "a"), ("issue", "x")]["weight"] == 2


def test_without_networkx_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "networkx", None)
    with pytest.raises(MissingExtra) as raised:
        one_mode_network(TOY).to_networkx()
    assert "articlebrief[networks]" in str(raised.value.hint)


def test_an_issue_with_the_id_of_an_actor_makes_no_network_of_actors() -> None:
    network = two_mode_network(say("x+y x+x y+y"), "ignore")
    assert network.rows == network.columns
    assert network.matrix() == [[1, 1], [0, 1]]


def test_who_changed_sides_counts_on_the_last_one() -> None:
    kept = last_stances(say("a+x a+x b+x c-x a-x a?x"))
    assert [f"{each.actor} {each.stance}" for each in kept] == ["b agrees", "c disagrees", "a disagrees", "a unclear"]
    assert sorted(map(sorted, measure_polarisation(kept).camps)) == [["a", "c"], ["b"]]
