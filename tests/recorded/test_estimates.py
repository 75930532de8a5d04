"""Estimates of costs, compared with recordings."""

import json
from pathlib import Path

import pytest
from vcr.cassette import Cassette

from summarizer import Estimate, Summarizer
from summarizer.testing import CallbackModel
from tests.recorded.conftest import Briefs

pytestmark = pytest.mark.vcr

UNREPAIRED = ("ukraine-nato-offer", "reservoir-brief", "kommunalstrom", "tram-opinion")
REPAIRED = ("harbour-interview", "leaflet-dispute", "water-debate")


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
def test_estimate_without_repairs_is_within_a_fifth_of_all_recordings(vcr: Cassette, seeds: Path) -> None:
    names = (*UNREPAIRED, *REPAIRED)
    told = sum((estimate(seeds / f"{name}.txt") for name in names), Estimate()).unrepaired
    made = [
        json.loads(response["body"]["string"])["usage"]
        for request, response in vcr.data
        if len(json.loads(request.body)["messages"]) == 2  # a repair has more
    ]
    assert len(made) == told.calls
    assert told.prompt == pytest.approx(sum(usage["prompt_tokens"] for usage in made), rel=0.2)
    assert told.completion == pytest.approx(sum(usage["completion_tokens"] for usage in made), rel=0.2)


@pytest.mark.parametrize("name", [*UNREPAIRED, *REPAIRED])
def test_every_recording_lies_within_the_estimated_range(briefs: Briefs, seeds: Path, name: str) -> None:
    made, told = briefs(name).provenance, estimate(seeds / f"{name}.txt")
    assert told.low.calls <= made.calls <= told.at_most.calls
    total = made.usage.prompt + made.usage.completion
    assert told.low.prompt + told.low.completion < total < told.at_most.prompt + told.at_most.completion
