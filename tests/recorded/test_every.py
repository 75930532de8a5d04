"""Properties of every brief by a model."""

from pathlib import Path

import pytest

from summarizer import Brief
from summarizer.article import Article
from summarizer.spans import quote
from tests.recorded.conftest import Briefs

pytestmark = pytest.mark.vcr

NAMES = (
    "ukraine-nato-offer",
    "harbour-interview",
    "reservoir-brief",
    "water-debate",
    "kommunalstrom",
    "leaflet-dispute",
    "tram-opinion",
)


@pytest.mark.parametrize("name", NAMES)
def test_quotations_are_slices_of_the_article(briefs: Briefs, seeds: Path, name: str) -> None:
    text = Article.from_file(seeds / f"{name}.txt").text
    brief = briefs(name)
    claims = [position.evidence for position in brief.positions] + [item.evidence for item in brief.open_questions]
    for evidence in (item for items in claims for item in items):
        assert evidence.quote == quote(text, evidence.spans)
        assert all(phrase.text == quote(text, phrase.spans) for phrase in evidence.phrases)


@pytest.mark.parametrize("name", NAMES)
def test_brief_round_trips_through_json(briefs: Briefs, name: str) -> None:
    assert Brief.model_validate_json(briefs(name).model_dump_json()) == briefs(name)


@pytest.mark.parametrize("name", NAMES)
def test_provenance_names_model_prompts_and_usage(briefs: Briefs, name: str) -> None:
    made = briefs(name).provenance
    assert (made.engine, made.model, made.output) == ("model", "recorded-model", "json_schema")
    assert made.usage.prompt > 1_000
    assert {prompt.name for prompt in made.prompts} == {"extract", "context", "repair", "group", "gist"}


@pytest.mark.parametrize(
    ("name", "calls", "repairs"),
    [
        ("ukraine-nato-offer", 1, 0),
        ("harbour-interview", 1, 0),
        ("reservoir-brief", 1, 0),
        ("water-debate", 6, 1),
        ("kommunalstrom", 1, 0),
        ("leaflet-dispute", 1, 0),
        ("tram-opinion", 1, 0),
    ],
)
def test_errors_are_repaired_and_nothing_is_rejected(briefs: Briefs, name: str, calls: int, repairs: int) -> None:
    made = briefs(name).provenance
    assert (made.calls, made.repairs, briefs(name).rejected) == (calls, repairs, ())


@pytest.mark.parametrize("name", NAMES)
def test_names_of_holders_are_unique(briefs: Briefs, name: str) -> None:
    named = [holder.name for holder in briefs(name).holders if holder.name and holder.kind != "unnamed"]
    assert len(named) == len(set(named))
