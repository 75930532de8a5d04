"""The digest as a language model's recorded replies make it; `pytest --cassettes=all` records them anew.

What is claimed here is what any good model finds in these articles. After recording anew, read the replies.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from newsdesk.digest import digest
from summarizer import Brief, Summarizer
from summarizer.testing import Cassette

ARTICLES = Path(__file__).parent.parent / "articles"


@pytest.mark.cassette("digest")
def test_the_digest_names_both_sides_of_both_matters() -> None:
    text = digest(ARTICLES, Summarizer())
    ferry, library = text.split("\n## ")[1:]
    assert all(name in ferry for name in ("Brandvold", "Quist", "Farr"))
    assert all(name in library for name in ("Ekdal", "Almgren"))
    assert "Not read" not in text


@pytest.fixture(scope="module")
def ferry(cassettes: Callable[[str], AbstractContextManager[Cassette]]) -> Brief:
    """The brief that several tests look at is made once."""
    with cassettes("ferry"), Summarizer() as summarizer:
        return summarizer.summarize(ARTICLES / "ferry.txt")


def test_council_and_residents_take_opposite_stances_on_one_issue(ferry: Brief) -> None:
    stances = {
        name: {(position.issue, position.stance) for position in ferry.positions_of(name) if position.issue}
        for name in ("Brandvold", "Quist")
    }
    opposite = {"agrees": "disagrees", "disagrees": "agrees"}
    assert any((issue, opposite.get(stance)) in stances["Quist"] for issue, stance in stances["Brandvold"])


def test_the_cost_of_a_winter_is_said_by_the_head_of_transport_alone(ferry: Brief) -> None:
    said = [position for position in ferry.positions if "1.3 million" in position.statement]
    assert said
    assert all(position in ferry.positions_of("Brandvold") for position in said)


def test_who_pays_for_the_causeway_stays_open(ferry: Brief) -> None:
    assert any("causeway" in question.question for question in ferry.open_questions)
