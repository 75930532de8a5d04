"""Estimates of costs, compared with recordings."""

import json
from pathlib import Path

import pytest
from vcr.cassette import Cassette

from summarizer import Estimate, Summarizer
from summarizer.estimate import Cost
from summarizer.testing import CallbackModel
from tests.recorded.conftest import Briefs

pytestmark = [pytest.mark.slow, pytest.mark.vcr]

SHORT = ("ukraine-nato-offer", "reservoir-brief", "kommunalstrom", "leaflet-dispute", "tram-opinion")
LONG = ("harbour-interview", "water-debate")


@pytest.fixture
def first(vcr: Cassette) -> Cost:
    """Return the recorded cost without repairs, as the server counted it."""
    usages = [
        json.loads(response["body"]["string"])["usage"]
        for request, response in vcr.data
        if len(json.loads(request.body)["messages"]) == 2  # a repair has more
    ]
    prompt, completion = (sum(usage[name] for usage in usages) for name in ("prompt_tokens", "completion_tokens"))
    return Cost(calls=len(usages), prompt=prompt, completion=completion)


def estimate(article: Path) -> Estimate:
    with Summarizer(model=CallbackModel(lambda _: "")) as summarizer:
        return summarizer.estimate(article)


@pytest.mark.parametrize("name", [*SHORT, *LONG])
def test_calls_are_recorded_and_prompts_within_an_eighth(first: Cost, seeds: Path, name: str) -> None:
    told = estimate(seeds / f"{name}.txt").unrepaired
    assert told.calls == first.calls
    assert told.prompt == pytest.approx(first.prompt, rel=1 / 8)  # the server counts four bytes as a token


@pytest.mark.parametrize("name", SHORT)
def test_likely_replies_about_short_articles_are_within_a_fifth(first: Cost, seeds: Path, name: str) -> None:
    told = estimate(seeds / f"{name}.txt").unrepaired
    assert told.completion == pytest.approx(first.completion, rel=0.2)


@pytest.mark.parametrize("name", LONG)
def test_likely_replies_about_an_interview_and_a_debate_are_within_a_quarter(
    first: Cost, seeds: Path, name: str
) -> None:
    told = estimate(seeds / f"{name}.txt").unrepaired
    assert told.completion == pytest.approx(first.completion, rel=1 / 4)


@pytest.mark.vcr(*(f"{name}.yaml" for name in (*SHORT, *LONG)))
def test_estimate_without_repairs_is_within_a_tenth_of_all_recordings(first: Cost, seeds: Path) -> None:
    told = sum((estimate(seeds / f"{name}.txt") for name in (*SHORT, *LONG)), Estimate()).unrepaired
    assert told.calls == first.calls
    assert told.prompt == pytest.approx(first.prompt, rel=0.1)
    assert told.completion == pytest.approx(first.completion, rel=0.1)


@pytest.mark.parametrize("name", [*SHORT, *LONG])
def test_every_recording_lies_within_the_estimated_range(briefs: Briefs, seeds: Path, name: str) -> None:
    made, told = briefs(name).provenance, estimate(seeds / f"{name}.txt")
    assert told.low.calls <= made.calls <= told.at_most.calls
    total = made.usage.prompt + made.usage.completion
    assert told.low.prompt + told.low.completion < total < told.at_most.prompt + told.at_most.completion
