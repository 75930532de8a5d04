"""Test the digest with recorded replies; `pytest --record-mode=rewrite` records them again.

The assertions are what any good model finds in these articles. After recording, read the replies.
"""

from pathlib import Path

import pytest

from newsdesk.digest import digest
from summarizer import Brief, Summarizer

ARTICLES = Path(__file__).parent.parent / "articles"

pytestmark = pytest.mark.vcr


@pytest.mark.default_cassette("digest")
def test_digest_names_both_sides_of_both_disputes() -> None:
    text = digest(ARTICLES, Summarizer())
    ferry, library = text.split("\n## ")[1:]
    assert all(name in ferry for name in ("Brandvold", "Quist", "Farr"))
    assert all(name in library for name in ("Ekdal", "Almgren"))
    assert "Not read" not in text


@pytest.fixture
def ferry() -> Brief:
    with Summarizer() as summarizer:
        return summarizer.summarize(ARTICLES / "ferry.txt")


@pytest.mark.default_cassette("ferry")
def test_council_and_residents_take_opposite_stances_on_one_issue(ferry: Brief) -> None:
    stances = {
        name: {(position.issue, position.stance) for position in ferry.positions_of(name) if position.issue}
        for name in ("Brandvold", "Quist")
    }
    opposite = {"agrees": "disagrees", "disagrees": "agrees"}
    assert any((issue, opposite.get(stance)) in stances["Quist"] for issue, stance in stances["Brandvold"])


@pytest.mark.default_cassette("ferry")
def test_only_the_head_of_transport_states_the_cost_of_a_winter(ferry: Brief) -> None:
    costs = [position for position in ferry.positions if "1.3 million" in position.statement]
    assert costs
    assert all(position in ferry.positions_of("Brandvold") for position in costs)


@pytest.mark.default_cassette("ferry")
def test_funding_of_the_causeway_is_an_open_question(ferry: Brief) -> None:
    assert any("causeway" in question.question for question in ferry.open_questions)
