"""A short news report without a quotation mark."""

import pytest

from summarizer import Brief

ARTICLE = "reservoir-brief"
pytestmark = pytest.mark.vcr


def test_growers_and_chair_take_opposite_stances_on_the_dam(brief: Brief) -> None:
    stances = {
        name: {position.stance for position in brief.positions_of(name) if position.issue == "I1"}
        for name in ("Quillow", "Upland Growers Union")
    }
    assert stances == {"Quillow": {"agrees"}, "Upland Growers Union": {"disagrees"}}


def test_speech_without_quotation_marks_is_indirect(brief: Brief) -> None:
    assert {position.speech for position in brief.positions} == {"indirect"}


def test_company_that_declines_to_comment_takes_no_position(brief: Brief) -> None:
    assert brief.positions_of("Vellwater") == ()


def test_payment_is_an_open_question(brief: Brief) -> None:
    assert any(question.evidence[0].sentence == 8 for question in brief.open_questions)
