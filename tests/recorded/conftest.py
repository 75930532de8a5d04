"""Briefs from the recorded replies of a language model, and helpers to query them.

Several tests share a cassette: the first one plays it, and the others use its brief.
"""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from summarizer import Brief, OpenAIModel, Summarizer
from summarizer.brief import Position

Briefs = Callable[[str], Brief]


@pytest.fixture(scope="session")
def record_mode(request: pytest.FixtureRequest) -> str:
    """Return pytest-recording's mode; "rewrite" would delete a cassette before each test that shares it."""
    mode = request.config.getoption("--record-mode") or "none"
    if mode == "rewrite":
        raise pytest.UsageError("Several tests share a cassette. Delete it and use --record-mode=once -n 0.")
    return str(mode)


@pytest.fixture(scope="session")
def vcr_cassette_dir() -> str:
    return str(Path(__file__).parents[2] / "cassettes")


@pytest.fixture
def default_cassette_name(request: pytest.FixtureRequest) -> str:
    """Return the article of the test: its parameter ``name``, or the ``ARTICLE`` of its module."""
    parameters = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    return str(parameters.get("name") or getattr(request.module, "ARTICLE", request.node.name))


@pytest.fixture(scope="session")
def briefs(seeds: Path) -> Briefs:
    """Return a function that makes the brief of ``seeds/NAME.txt``, once."""

    @cache
    def make(name: str) -> Brief:
        model = OpenAIModel(os.environ["SUMMARIZER_MODEL"], timeout=3_000)
        with Summarizer(model=model) as summarizer:
            return summarizer.summarize(seeds / f"{name}.txt")

    return make


@pytest.fixture
def brief(vcr: object, briefs: Briefs, default_cassette_name: str) -> Brief:  # opens the cassette
    return briefs(default_cassette_name)


def on(brief: Brief, name: str, sentence: int) -> list[Position]:
    """Return the positions of a holder that cite a sentence."""
    return [position for position in brief.positions_of(name) if sentence in cited(position)]


def cited(position: Position) -> list[int]:
    """Return the numbers of the sentences that a position cites."""
    return [evidence.sentence for evidence in position.evidence]


def names(brief: Brief, position: Position) -> list[str | None]:
    """Return the names of the holders of a position."""
    return [brief.holder(holder).name for holder in position.holders]


def about(brief: Brief, words: str, name: str | None = None) -> list[Position]:
    """Return the positions (of one holder, or all) on the only issue whose proposition contains ``words``."""
    (issue,) = [issue for issue in brief.issues if words in issue.proposition]
    return [each for each in (brief.positions_of(name) if name else brief.positions) if each.issue == issue.id]


def stances(brief: Brief, words: str, name: str) -> set[str]:
    """Return the stances of a holder on the only issue whose proposition contains ``words``; "unclear" is none."""
    return {position.stance for position in about(brief, words, name)} - {"unclear"}
