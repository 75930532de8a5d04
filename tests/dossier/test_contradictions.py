"""Statements that cannot both hold."""

import pytest

from summarizer import Dossier

from .briefs import make_brief

TOLL = "A toll should be charged on the bridge."


def contradictions(*articles: list[tuple[str, str, str, str]]) -> list[tuple[str, tuple[str, str]]]:
    dossier = Dossier([make_brief(f"2026-{month:02}-01", held) for month, held in enumerate(articles, 1)])  # type: ignore[arg-type]
    return [(each.kind, each.actors) for each in dossier.contradictions]


def by_stances(stances: str) -> list[tuple[str, tuple[str, str]]]:
    sides = {"+": "agrees", "-": "disagrees"}
    return contradictions(*([("Jane Hill", TOLL, sides[side], f"Words {n}.")] for n, side in enumerate(stances)))


@pytest.mark.parametrize(("stances", "number"), [("++", 0), ("+-", 1), ("++-+", 1), ("++--", 0), ("++-+-+", 2)])
def test_opposite_stances_without_a_change_contradict(stances: str, number: int) -> None:
    assert by_stances(stances) == [("stance", ("jane-hill", "jane-hill"))] * number


def test_both_sides_of_one_sentence_do_not_contradict() -> None:
    words = "Jane Hill is for the toll, but not on Sundays."
    both: list[tuple[str, str, str, str]] = [("Jane Hill", TOLL, side, words) for side in ("agrees", "disagrees")]
    assert contradictions(both) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Repairing the old bridge will cost £640m.", "Repairing the old bridge will cost £1.1bn."),
        ("The toll would create 120 permanent jobs.", "The toll would create 30 permanent jobs at most."),
        ("Traffic on the bridge fell by 12 percent.", "Traffic on the bridge fell by 4%."),
    ],
)
def test_different_figures_for_one_thing_contradict(one: str, other: str) -> None:
    other_things = [("Ann Wood", "", "unclear", f"The ferry carried {n} sheep and {n} dogs.") for n in (7, 9)]
    first, second = ("Jane Hill", "", "unclear", one), ("Tom Reed", "", "unclear", other)
    assert contradictions([first, *other_things], [second]) == [("figure", ("jane-hill", "tom-reed"))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Repairing the bridge will cost £640m.", "Repairing the bridge will cost 640 million pounds."),
        ("Repairing the bridge will cost £640m.", "The school needs 40 new teachers."),
        ("The bridge was closed in 1994.", "The bridge was closed in 1996."),
        ("The 40-page report on the bridge is thin.", "The 60-page report on the bridge is thin."),
    ],
)
def test_equal_figures_years_and_other_things_do_not(one: str, other: str) -> None:
    first, second = ("Jane Hill", "", "unclear", one), ("Tom Reed", "", "unclear", other)
    assert contradictions([first], [second]) == []


def test_one_actor_may_correct_a_figure() -> None:
    told = [("Jane Hill", "", "unclear", f"Repairing the old bridge will cost £{n}m.") for n in (640, 700)]
    assert contradictions(told[:1], told[1:]) == []
