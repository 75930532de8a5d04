"""Contraries never stand on one side, and paraphrases are joined: see opposites.yaml."""

from itertools import combinations
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Dossier
from summarizer.dossier.comparing import compare, compare_sides, have_common_theme
from summarizer.dossier.opposites import find_difference
from summarizer.errors import ConfigurationError
from tests.dossier.briefs import make_brief

TABLE: dict[str, list[list[str]]] = yaml.safe_load(
    (Path(__file__).parent / "opposites.yaml").read_text(encoding="utf-8")
)
SUBJECTS = st.sampled_from("school council mayor bridge toll tower rules pupils fee Norton meadow".split())
WORDS = st.text("abdeiklmnoprstu", min_size=4, max_size=9)  # mostly words of no list
MODALS = st.sampled_from(["should", "must", "should be", "must be"])
OPPOSITES = st.sampled_from(
    [
        "open closed",
        "public private",
        "cheaper dearer",
        "higher lower",
        "allowed forbidden",
        "strict lax",
        "fair unfair",
    ]
).map(str.split)


def read_verdicts(one: str, other: str) -> set[str]:
    """Return what is found of two propositions in both orders, when they are linked and when groups are joined."""
    return {compare(one, other)[0], compare(other, one)[0], compare_sides(one, other), compare_sides(other, one)}


def make_dossier(*propositions: str) -> Dossier:
    """Return a dossier of a brief for each proposition, with which another person agrees."""
    return Dossier(
        make_brief(f"2026-01-{day:02}", [(f"{name} Hill", words, "agrees", f"{name} Hill said so ({day}).")])
        for day, (name, words) in enumerate(zip(("Ann", "Bea", "Cora"), propositions, strict=False), 1)
    )


@pytest.mark.parametrize(("one", "other"), TABLE["contrary"])
def test_contraries_are_never_the_same(one: str, other: str) -> None:
    assert "same" not in read_verdicts(one, other)


@pytest.mark.parametrize(("one", "other"), TABLE["foreign"])
def test_contraries_of_other_languages_are_never_the_same(one: str, other: str) -> None:
    assert "same" not in read_verdicts(one, other)


@pytest.mark.parametrize(("one", "other"), TABLE["same"])
def test_paraphrases_are_the_same(one: str, other: str) -> None:
    assert {compare(one, other)[0], compare(other, one)[0]} == {"same"}


@pytest.mark.parametrize(("one", "other"), TABLE["unlike"])
def test_other_predicates_and_owners_leave_doubt(one: str, other: str) -> None:
    assert read_verdicts(one, other) <= {"unsure", "different"}


def test_most_contraries_turn() -> None:
    turned = [pair for pair in TABLE["contrary"] if compare(*pair)[0] == "contrary"]
    assert len(turned) >= 0.65 * len(TABLE["contrary"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The school should close.", "The school must stay open."),
        ("The school should be closed.", "The school should be kept open."),
        ("The hospital should be public.", "The hospital should be private."),
        ("Sunday shopping should be allowed.", "Sunday shopping should be forbidden."),
        ("The fee should be higher.", "The fee should be lower."),
        ("The council should accept the offer.", "The council should refuse the offer."),
        ("The university should be lenient.", "The university should be harsh."),
    ],
)
def test_who_agrees_with_contraries_takes_two_sides(one: str, other: str) -> None:
    dossier = make_dossier(one, other)
    issues, stances = len(dossier.issues), {each.stance for each in dossier.statements}
    assert issues == 2 or stances == {"agrees", "disagrees"}


@given(SUBJECTS, MODALS, WORDS)
def test_a_negation_never_leaves_the_side(subject: str, modal: str, word: str) -> None:
    first, *rest = modal.split()
    negated = " ".join([first, "not", *rest])
    assert "same" not in read_verdicts(f"The {subject} {modal} {word}.", f"The {subject} {negated} {word}.")


@given(SUBJECTS, st.sampled_from(["should be", "must be", "is", "is too"]), OPPOSITES)
def test_known_opposites_turn_whatever_the_theme(subject: str, modal: str, pair: list[str]) -> None:
    one, other = (f"The {subject} {modal} {word}." for word in pair)
    assert compare(one, other)[0] == compare(other, one)[0] == "contrary"


@given(SUBJECTS, MODALS, WORDS, WORDS)
def test_two_unknown_predicates_are_not_the_same(subject: str, modal: str, one: str, other: str) -> None:
    difference = find_difference(f"The {subject} {modal} {one}.", f"The {subject} {modal} {other}.")
    if difference.is_unlike:
        assert "same" not in read_verdicts(f"The {subject} {modal} {one}.", f"The {subject} {modal} {other}.")


@given(SUBJECTS, MODALS, WORDS, WORDS)
def test_a_difference_has_no_order(subject: str, modal: str, one: str, other: str) -> None:
    pair = f"The {subject} {modal} {one}.", f"The {subject} {modal} not {other}."
    assert find_difference(*pair) == find_difference(*reversed(pair))


def test_propositions_without_a_common_theme_are_no_contraries() -> None:
    assert not have_common_theme(["The bridge should be built."], ["The toll is right."])
    assert have_common_theme(["Lawmakers should vote the bill down."], ["The bill should be passed."])


UNLIKE = ("Cats are nice.", "Trains are slow.", "Soup is hot.")


def decide(dossier: Dossier, one: int, other: int, verdict: str) -> None:
    dossier.decide(UNLIKE[one], UNLIKE[other], verdict, kind="issue")  # type: ignore[arg-type]


def test_decisions_that_leave_no_side_are_refused_with_the_reason() -> None:
    dossier = make_dossier(*UNLIKE)
    decide(dossier, 0, 1, "contrary")
    decide(dossier, 1, 2, "contrary")
    with pytest.raises(ConfigurationError, match=r"cannot be contrary: .* on one side \(decision 1; decision 2\)"):
        decide(dossier, 0, 2, "contrary")
    decide(dossier, 0, 2, "same")
    (issue,) = dossier.issues.values()
    assert [each.proposition for each in issue.wordings if each.contrary] == [UNLIKE[1]]


def test_a_changed_mind_on_one_pair_is_not_refused() -> None:
    dossier = make_dossier(*UNLIKE)
    decide(dossier, 0, 1, "contrary")
    decide(dossier, 1, 2, "contrary")
    decide(dossier, 0, 1, "same")
    decide(dossier, 0, 2, "contrary")


def test_an_undone_decision_leaves_room() -> None:
    dossier = make_dossier(*UNLIKE)
    decide(dossier, 0, 1, "contrary")
    decide(dossier, 1, 2, "contrary")
    dossier.undo(2)
    decide(dossier, 0, 2, "contrary")


def test_a_file_of_decisions_that_leave_no_side_is_refused_as_a_whole(tmp_path: Path) -> None:
    dossier, path = make_dossier(*UNLIKE), tmp_path / "decisions.yaml"
    pairs = [list(pair) for pair in combinations(UNLIKE, 2)]
    path.write_text(yaml.safe_dump({"issues": {"contrary": pairs}}), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="cannot be contrary"):
        dossier.apply_decisions(path)
    assert list(dossier.decisions.by_people("issue")) == []
