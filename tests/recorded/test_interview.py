"""An interview: one speaker, who also relays what others say."""

import pytest

from summarizer import Brief
from tests.recorded.conftest import Briefs, cited, on


@pytest.fixture
def interview(briefs: Briefs) -> Brief:
    return briefs("harbour-interview")


def test_an_interview_is_mostly_its_one_speaker(interview: Brief) -> None:
    assert len(interview.positions_of("Halvane")) > len(interview.positions) / 2


def test_what_the_speaker_relays_is_the_opponents_own(interview: Brief) -> None:
    relayed = [position for position in interview.positions if position.reported_by]
    assert relayed
    for position in relayed:
        assert position.reported_by not in position.holders


def test_a_figure_of_the_sentence_before_brings_that_sentence_along(interview: Brief) -> None:
    (position,) = [each for each in on(interview, "Halvane", 117) if "2015" in each.statement]
    assert cited(position) == [116, 117]
