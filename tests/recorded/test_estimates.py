"""Estimates of costs, compared with recordings."""

from pathlib import Path

import pytest

from summarizer import Estimate, Summarizer
from summarizer.testing import CallbackModel
from tests.recorded.conftest import Briefs

pytestmark = pytest.mark.vcr

UNREPAIRED = ("ukraine-nato-offer", "harbour-interview", "reservoir-brief", "kommunalstrom", "tram-opinion")
REPAIRED = ("leaflet-dispute", "water-debate")


def estimate(article: Path) -> Estimate:
    with Summarizer(model=CallbackModel(lambda _: "")) as summarizer:
        return summarizer.estimate(article)


@pytest.mark.parametrize("name", UNREPAIRED)
def test_likely_estimate_is_within_a_fifth_of_the_recording(briefs: Briefs, seeds: Path, name: str) -> None:
    made, likely = briefs(name).provenance, estimate(seeds / f"{name}.txt").likely
    assert likely.calls == made.calls
    assert likely.prompt == pytest.approx(made.usage.prompt, rel=0.2)
    assert likely.completion == pytest.approx(made.usage.completion, rel=0.2)


@pytest.mark.vcr(*(f"{name}.yaml" for name in (*UNREPAIRED, *REPAIRED)))
def test_likely_estimate_of_all_recordings_is_within_a_fifth(briefs: Briefs, seeds: Path) -> None:
    names = (*UNREPAIRED, *REPAIRED)
    likely = sum((estimate(seeds / f"{name}.txt") for name in names), Estimate()).likely
    made = [briefs(name).provenance for name in names]
    assert likely.prompt == pytest.approx(sum(each.usage.prompt for each in made), rel=0.2)
    assert likely.completion == pytest.approx(sum(each.usage.completion for each in made), rel=0.2)


@pytest.mark.parametrize("name", [*UNREPAIRED, *REPAIRED])
def test_every_recording_lies_within_the_estimated_range(briefs: Briefs, seeds: Path, name: str) -> None:
    made, told = briefs(name).provenance, estimate(seeds / f"{name}.txt")
    assert told.low.calls <= made.calls <= told.at_most.calls
    total = made.usage.prompt + made.usage.completion
    assert told.low.prompt + told.low.completion < total < told.at_most.prompt + told.at_most.completion
