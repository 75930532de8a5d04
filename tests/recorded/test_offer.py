"""A news report: what experts say of an offer."""

import pytest

from summarizer import Brief
from tests.recorded.conftest import Briefs, names, on


@pytest.fixture
def offer(briefs: Briefs) -> Brief:
    return briefs("ukraine-nato-offer")


def test_logan_says_that_the_offer_does_not_move_the_needle(offer: Brief) -> None:
    (position, *_) = on(offer, "Logan", 8)
    assert position.speech == "direct"
    assert position.checks.speaker == "confirmed"


def test_logan_and_michta_take_one_position_together(offer: Brief) -> None:
    (position,) = on(offer, "Michta", 10)
    assert names(offer, position) == ["Justin Logan", "Andrew Michta"]


def test_michta_calls_the_admittance_a_non_issue(offer: Brief) -> None:
    (position,) = on(offer, "Michta", 11)
    assert "non-issue" in position.evidence[0].quote


def test_bruen_only_speculates_about_the_patrols(offer: Brief) -> None:
    (position,) = [each for each in on(offer, "Bruen", 18) if "patrol" in each.statement]
    assert position.certainty == "speculated"


def test_logan_and_bruen_disagree_on_one_issue(offer: Brief) -> None:
    stances = {
        (position.issue, holder): position.stance
        for position in offer.positions
        for holder in ("Logan", "Bruen")
        if position in offer.positions_of(holder) and position.issue
    }
    opposed = [
        issue.proposition
        for issue in offer.issues
        if {stances.get((issue.id, "Logan")), stances.get((issue.id, "Bruen"))} == {"agrees", "disagrees"}
    ]
    assert opposed


def test_the_question_that_bruen_asks_stays_open(offer: Brief) -> None:
    (question,) = offer.open_questions
    assert question.origin == "asked"
    assert [offer.holder(name).name for name in question.raised_by] == ["Brett Bruen"]
    assert [evidence.sentence for evidence in question.evidence] == [17]


def test_roles_and_affiliations_are_those_of_the_article(offer: Brief) -> None:
    logan = next(holder for holder in offer.holders if holder.name == "Justin Logan")
    assert (logan.role, logan.affiliation) == ("director of defence and foreign policy studies", "Cato Institute")
