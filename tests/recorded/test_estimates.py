"""Estimates of costs, compared with recordings."""

import json
from pathlib import Path

import pytest
from vcr.cassette import Cassette

from summarizer import Estimate, Summarizer
from summarizer.testing import CallbackModel
from tests.recorded.conftest import Briefs

pytestmark = pytest.mark.vcr

SHORT = ("ukraine-nato-offer", "reservoir-brief", "kommunalstrom", "tram-opinion")
UNREPAIRED = (*SHORT, "harbour-interview", "water-debate")
REPAIRED = ("leaflet-dispute",)


def estimate(article: Path) -> Estimate:
    with Summarizer(model=CallbackModel(lambda _: "")) as summarizer:
        return summarizer.estimate(article)


@pytest.mark.parametrize("name", UNREPAIRED)
def test_likely_calls_are_recorded_and_prompts_within_a_tenth(briefs: Briefs, seeds: Path, name: str) -> None:
    made, likely = briefs(name).provenance, estimate(seeds / f"{name}.txt").likely
    assert likely.calls == made.calls
    assert likely.prompt == pytest.approx(made.usage.prompt, rel=0.1)


@pytest.mark.parametrize("name", SHORT)
def test_likely_replies_about_short_articles_are_within_a_fifth(briefs: Briefs, seeds: Path, name: str) -> None:
    made, likely = briefs(name).provenance, estimate(seeds / f"{name}.txt").likely
    assert likely.completion == pytest.approx(made.usage.completion, rel=0.2)


@pytest.mark.parametrize("name", ["harbour-interview", "water-debate"])
def test_likely_replies_about_an_interview_and_a_debate_are_within_a_third(
    briefs: Briefs, seeds: Path, name: str
) -> None:
    made, likely = briefs(name).provenance, estimate(seeds / f"{name}.txt").likely
    assert likely.completion == pytest.approx(made.usage.completion, rel=1 / 3)


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
