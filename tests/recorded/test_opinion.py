"""An opinion piece: its author argues, concedes, and reports her opponents' views."""

import pytest

from summarizer import Brief
from tests.recorded.conftest import about, cited, names, on, stances

ARTICLE = "tram-opinion"
pytestmark = pytest.mark.vcr

QUILL = "Hester Quill"
PLAN = "torn up and replaced by an urban boulevard"
BUSES = "Buses would do the job"
COST = "The cost of relaying"
DANGEROUS = "dangerous for cyclists"
TOLL = "acceptable price for having the tram"
FILLING = "rubber filling"
FOR_CYCLISTS = "for the sake of the cyclists"
SENTIMENT = "a matter of sentiment"


def test_author_is_a_holder_with_the_name_of_the_byline(brief: Brief) -> None:
    assert [holder.name for holder in brief.holders if holder.kind == "author"] == [QUILL]


def test_positions_of_others_are_reported_by_the_author(brief: Brief) -> None:
    others = [position for position in brief.positions if QUILL not in names(brief, position)]
    assert {brief.holder(position.reported_by or "").name for position in others} == {QUILL}


def test_most_positions_are_the_authors(brief: Brief) -> None:
    assert len(brief.positions_of(QUILL)) > len(brief.positions) / 2


def test_author_rejects_the_plan_and_the_city_supports_it(brief: Brief) -> None:
    assert stances(brief, PLAN, QUILL) == {"disagrees"}
    assert stances(brief, PLAN, "city of Averdine") == {"agrees"}


@pytest.mark.parametrize(("issue", "sentence"), [(BUSES, 13), (COST, 19), (FOR_CYCLISTS, 32), (SENTIMENT, 37)])
def test_claims_of_opponents_are_not_the_authors(brief: Brief, issue: str, sentence: int) -> None:
    others = [each for each in about(brief, issue) if each.reported_by]
    assert {each.stance for each in others} == {"agrees"}
    assert sentence in [number for each in others for number in cited(each)]
    hers = stances(brief, issue, QUILL)
    assert "disagrees" in hers
    assert "agrees" not in hers


def test_author_concedes_that_the_rails_are_dangerous(brief: Brief) -> None:
    (position,) = on(brief, QUILL, 25)
    assert (position.stance, position in about(brief, DANGEROUS)) == ("agrees", True)


def test_author_retracts_that_the_injured_are_a_toll(brief: Brief) -> None:
    (position,) = on(brief, QUILL, 27)
    assert (position.stance, position in about(brief, TOLL)) == ("disagrees", True)


def test_conceded_figure_is_a_mixed_stance_on_the_cost_argument(brief: Brief) -> None:
    (position,) = on(brief, QUILL, 20)
    assert (position.stance, position in about(brief, COST)) == ("mixed", True)


def test_author_demands_the_filling_unconditionally(brief: Brief) -> None:
    said = on(brief, QUILL, 30)
    assert {position.stance for position in said} == {"agrees"}
    assert all(position in about(brief, FILLING) for position in said)


@pytest.mark.parametrize(
    ("sentence", "certainty"),
    [
        (7, "hedged"),  # I think
        (10, "conditional"),  # put the same people into cars
        (32, "hedged"),  # as far as I can discover
        (46, "speculated"),  # I have always supposed
    ],
)
def test_hedges_of_the_author_are_kept(brief: Brief, sentence: int, certainty: str) -> None:
    (position,) = on(brief, QUILL, sentence)
    assert position.certainty == certainty


def test_place_for_the_passengers_is_an_open_question(brief: Brief) -> None:
    (question,) = [each for each in brief.open_questions if each.origin == "asked"]
    assert [evidence.sentence for evidence in question.evidence] == [49, 50]
    assert [brief.holder(holder).name for holder in question.raised_by] == [QUILL]
