"""An interview: one speaker, who also relays what others say."""

import pytest

from summarizer import Brief
from tests.recorded.conftest import cited, on

ARTICLE = "harbour-interview"
pytestmark = pytest.mark.vcr


def test_an_interview_is_mostly_its_one_speaker(brief: Brief) -> None:
    assert len(brief.positions_of("Halvane")) > len(brief.positions) / 2


def test_what_the_speaker_relays_is_the_opponents_own(brief: Brief) -> None:
    relayed = [position for position in brief.positions if position.reported_by]
    assert relayed
    for position in relayed:
        assert position.reported_by not in position.holders


def test_a_figure_of_the_sentence_before_brings_that_sentence_along(brief: Brief) -> None:
    (position,) = [each for each in on(brief, "Halvane", 117) if "2015" in each.statement]
    assert cited(position) == [116, 117]
