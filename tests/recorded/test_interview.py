"""An interview: one speaker, who also relays what others say."""

import pytest

from summarizer import Brief
from tests.recorded.conftest import about, cited, on, stances

ARTICLE = "harbour-interview"
pytestmark = pytest.mark.vcr


def test_most_positions_of_an_interview_are_the_speakers(brief: Brief) -> None:
    assert len(brief.positions_of("Halvane")) > len(brief.positions) / 2


def test_relayed_positions_belong_to_the_opponents(brief: Brief) -> None:
    relayed = [position for position in brief.positions if position.reported_by]
    assert relayed
    for position in relayed:
        assert position.reported_by not in position.holders


def test_quotation_of_the_chair_in_an_answer_is_his_and_relayed_by_the_speaker(brief: Brief) -> None:
    (position,) = on(brief, "Aldaug", 69)
    assert "until the photograph is taken" in position.statement
    assert brief.holder(position.reported_by or "").name == "Dorrit Halvane"


def test_speaker_finds_the_compensation_too_low_for_some_only(brief: Brief) -> None:
    assert stances(brief, "compensation for the people", "Aldaug") == {"agrees"}
    said = about(brief, "compensation for the people", "Halvane")
    assert [(each.stance, each.certainty) for each in said if 65 not in cited(each)] == [
        ("disagrees", "asserted"),  # nobody is meant to live on it
        ("mixed", "asserted"),  # too low for the small boats
    ]
    (wish,) = [each for each in said if 65 in cited(each)]
    assert (wish.stance, wish.certainty) == ("mixed", "conditional")


def test_claim_that_the_speaker_rejects_belongs_to_the_campaign(brief: Brief) -> None:
    (claim,) = [each for each in on(brief, "Keep the Bay", 99) if "nothing is saved at all" in each.statement]
    (answer,) = on(brief, "Halvane", 100)
    assert (claim.stance, answer.stance, claim.issue == answer.issue) == ("disagrees", "agrees", True)


def test_figure_from_a_sentence_before_adds_that_sentence_as_evidence(brief: Brief) -> None:
    (position,) = on(brief, "Halvane", 108)
    assert "90 centimetres" in position.statement
    assert cited(position) == [7, 105, 107, 108]  # the reply lacks 105; it cites 7, which names her, for all answers
