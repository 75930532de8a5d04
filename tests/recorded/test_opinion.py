"""An opinion piece: its author argues, concedes, and reports her opponents' views."""

import pytest

from summarizer import Brief
from tests.recorded.conftest import about, cited, names, on, stances

ARTICLE = "tram-opinion"
pytestmark = pytest.mark.vcr

QUILL = "Hester Quill"
PLAN = "torn up and replaced by an urban boulevard"
BUSES = "Buses would do the job"
COST = "Money speaks against keeping the tram"
SENTIMENTAL = "defence of the tram is sentimental"
FOR_CYCLISTS = "Those who say that they want the line removed for the sake of the cyclists"


def test_author_is_a_holder_with_the_name_of_the_byline(brief: Brief) -> None:
    assert [holder.name for holder in brief.holders if holder.kind == "author"] == [QUILL]


def test_views_that_the_author_reports_are_held_by_others(brief: Brief) -> None:
    others = [(names(brief, each), cited(each)[-1]) for each in brief.positions if QUILL not in names(brief, each)]
    assert others == [
        (["acquaintances"], 5),  # who assumed that she would be pleased
        (["city of Averdine"], 5),
        (["Those who say that buses would do the job as well"], 13),
        ([FOR_CYCLISTS], 32),
    ]


def test_most_positions_are_the_authors(brief: Brief) -> None:
    assert len(brief.positions_of(QUILL)) > len(brief.positions) / 2


def test_author_rejects_the_plan_and_the_city_supports_it(brief: Brief) -> None:
    assert stances(brief, PLAN, QUILL) == {"disagrees"}
    assert stances(brief, PLAN, "city of Averdine") == {"agrees"}


@pytest.mark.parametrize(("issue", "sentence"), [(PLAN, 32), (BUSES, 13)])
def test_claims_of_opponents_are_not_the_authors(brief: Brief, issue: str, sentence: int) -> None:
    others = [each for each in about(brief, issue) if QUILL not in names(brief, each)]
    assert {each.stance for each in others} == {"agrees"}
    assert sentence in [number for each in others for number in cited(each)]
    assert stances(brief, issue, QUILL) == {"disagrees"}


@pytest.mark.parametrize(("issue", "sentence"), [(COST, 21), (SENTIMENTAL, 41)])
def test_author_denies_claims_that_she_hears_from_nobody_in_particular(brief: Brief, issue: str, sentence: int) -> None:
    (denial,) = [each for each in about(brief, issue) if each.stance == "disagrees"]
    assert names(brief, denial) == [QUILL]
    assert sentence in cited(denial)
    assert stances(brief, issue, QUILL) == {"disagrees"}


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        (20, "would cost 48 million crowns"),  # "That is correct."
        (25, "the rails are dangerous for cyclists"),
        (26, "61 people"),
    ],
)
def test_concessions_of_the_author_are_hers_and_no_side(brief: Brief, sentence: int, words: str) -> None:
    (position,) = [each for each in on(brief, QUILL, sentence) if words in each.statement]
    assert (position.stance, position.certainty) == ("unclear", "asserted")


def test_author_retracts_that_the_injured_are_a_toll(brief: Brief) -> None:
    (position,) = on(brief, QUILL, 27)
    assert position.statement.startswith("It was wrong")
    assert "Quill among them" in position.statement
    assert cited(position) == [26, 27]


def test_author_demands_the_filling_unconditionally(brief: Brief) -> None:
    (position,) = on(brief, QUILL, 30)
    assert "ought to be laid now, whatever becomes of the rest" in position.statement
    assert "rubber filling" in position.statement  # the sentence says "It"
    assert position.certainty == "asserted"


def test_author_is_not_pleased_as_her_acquaintances_assume(brief: Brief) -> None:
    (position,) = on(brief, QUILL, 6)
    assert "not pleased" in position.statement
    assert (position.stance, position in about(brief, PLAN)) == ("disagrees", True)


@pytest.mark.parametrize(
    ("sentence", "words", "certainty"),
    [
        (7, "thinks it the most foolish idea", "asserted"),
        (10, "would need a queue", "asserted"),
        (32, "as far as Quill can discover", "hedged"),
        (46, "has always supposed", "speculated"),
    ],
)
def test_hedges_of_the_author_are_kept(brief: Brief, sentence: int, words: str, certainty: str) -> None:
    (position,) = on(brief, QUILL, sentence)
    assert words in position.statement
    assert position.certainty == certainty


def test_place_for_the_passengers_is_an_open_question(brief: Brief) -> None:
    (question,) = [each for each in brief.open_questions if each.origin == "asked"]
    assert [evidence.sentence for evidence in question.evidence] == [49, 50]
    assert [brief.holder(holder).name for holder in question.raised_by] == [QUILL]
