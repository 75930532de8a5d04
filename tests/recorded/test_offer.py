"""A news report: experts comment on an offer."""

import pytest

from summarizer import Brief
from tests.recorded.conftest import about, names, on, stances

ARTICLE = "ukraine-nato-offer"
pytestmark = pytest.mark.vcr

SIGNIFICANT = "forgo joining NATO is significant"


def test_logan_says_that_the_offer_does_not_move_the_needle(brief: Brief) -> None:
    (position, *_) = on(brief, "Logan", 8)
    assert position.speech == "direct"
    assert position.checks.speaker == "confirmed"


@pytest.mark.parametrize("words", ["course of peace talks", "has not been realistic in a long time"])
def test_logan_and_michta_take_two_positions_together(brief: Brief, words: str) -> None:
    (position,) = [each for each in on(brief, "Michta", 10) if words in each.statement]
    assert names(brief, position) == ["Justin Logan", "Andrew Michta"]
    assert position.stance == "disagrees"


def test_michta_calls_the_admittance_a_non_issue(brief: Brief) -> None:
    (position,) = on(brief, "Michta", 11)
    assert "non-issue" in position.evidence[0].quote


def test_bruen_only_speculates_about_the_patrols(brief: Brief) -> None:
    (position,) = [each for each in on(brief, "Bruen", 18) if "patrol" in each.statement]
    assert position.certainty == "speculated"


@pytest.mark.parametrize(("who", "stance"), [("Logan", "disagrees"), ("Michta", "disagrees"), ("Bruen", "agrees")])
def test_experts_disagree_on_whether_the_offer_is_significant(brief: Brief, who: str, stance: str) -> None:
    assert stances(brief, SIGNIFICANT, who) == {stance}


def test_zelensky_offers_and_defends_but_takes_no_side_on_the_significance(brief: Brief) -> None:
    offer, defence = brief.positions_of("Zelensky")
    assert offer.evidence[-1].sentence == 6
    assert "compromise from Ukraine" in defence.statement
    assert defence in about(brief, SIGNIFICANT)
    assert defence.stance == "unclear"


def test_more_military_aid_is_conditional_on_an_offensive(brief: Brief) -> None:
    (position,) = on(brief, "Bruen", 19)
    assert position.certainty == "conditional"


def test_question_of_bruen_is_open(brief: Brief) -> None:
    (question,) = brief.open_questions
    assert question.origin == "asked"
    assert [brief.holder(name).name for name in question.raised_by] == ["Brett Bruen"]
    assert [evidence.sentence for evidence in question.evidence] == [16, 17]  # the reply cites 17; 16 names the speaker


def test_roles_and_affiliations_come_from_the_article(brief: Brief) -> None:
    logan = next(holder for holder in brief.holders if holder.name == "Justin Logan")
    assert (logan.role, logan.affiliation) == ("director of defence and foreign policy studies", "Cato Institute")
