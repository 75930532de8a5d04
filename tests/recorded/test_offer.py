"""A news report: experts comment on an offer."""

import pytest

from summarizer import Brief
from tests.recorded.conftest import names, on

ARTICLE = "ukraine-nato-offer"
pytestmark = pytest.mark.vcr


def test_logan_says_that_the_offer_does_not_move_the_needle(brief: Brief) -> None:
    (position, *_) = on(brief, "Logan", 8)
    assert position.speech == "direct"
    assert position.checks.speaker == "confirmed"


def test_logan_and_michta_take_one_position_together(brief: Brief) -> None:
    (position,) = on(brief, "Michta", 10)
    assert names(brief, position) == ["Justin Logan", "Andrew Michta"]


def test_michta_calls_the_admittance_a_non_issue(brief: Brief) -> None:
    (position,) = on(brief, "Michta", 11)
    assert "non-issue" in position.evidence[0].quote


def test_bruen_only_speculates_about_the_patrols(brief: Brief) -> None:
    (position,) = [each for each in on(brief, "Bruen", 18) if "patrol" in each.statement]
    assert position.certainty == "speculated"


def test_logan_and_bruen_disagree_on_one_issue(brief: Brief) -> None:
    stances = {
        (position.issue, holder): position.stance
        for position in brief.positions
        for holder in ("Logan", "Bruen")
        if position in brief.positions_of(holder) and position.issue
    }
    opposed = [
        issue.proposition
        for issue in brief.issues
        if {stances.get((issue.id, "Logan")), stances.get((issue.id, "Bruen"))} == {"agrees", "disagrees"}
    ]
    assert opposed


def test_question_of_bruen_is_open(brief: Brief) -> None:
    (question,) = brief.open_questions
    assert question.origin == "asked"
    assert [brief.holder(name).name for name in question.raised_by] == ["Brett Bruen"]
    assert [evidence.sentence for evidence in question.evidence] == [17]


def test_roles_and_affiliations_come_from_the_article(brief: Brief) -> None:
    logan = next(holder for holder in brief.holders if holder.name == "Justin Logan")
    assert (logan.role, logan.affiliation) == ("director of defence and foreign policy studies", "Cato Institute")
