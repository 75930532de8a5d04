"""An interview: one speaker, who also relays what others say."""

import pytest

from summarizer import Brief
from tests.recorded.conftest import cited, on

ARTICLE = "harbour-interview"
pytestmark = pytest.mark.vcr


def test_most_positions_of_an_interview_are_the_speakers(brief: Brief) -> None:
    assert len(brief.positions_of("Halvane")) > len(brief.positions) / 2


def test_relayed_positions_belong_to_the_opponents(brief: Brief) -> None:
    relayed = [position for position in brief.positions if position.reported_by]
    assert relayed
    for position in relayed:
        assert position.reported_by not in position.holders


def test_figure_from_the_sentence_before_adds_that_sentence_as_evidence(brief: Brief) -> None:
    (position,) = [each for each in on(brief, "Halvane", 107) if "90 centimetres" in each.statement]
    assert cited(position) == [105, 106, 107]  # the reply cites the last two
