"""Briefs coded against given issues: an opinion piece with an open codebook, a report with a closed one."""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from summarizer import Brief, OpenAIModel, Summarizer, load_codebook

FOLDER = Path(__file__).parent / "codebooks"
NAMES = ("tram-opinion", "reservoir-brief")
pytestmark = pytest.mark.vcr


@pytest.fixture(scope="module")
def coded(seeds: Path) -> Callable[[str], Brief]:
    """Return a function that makes the brief of ``seeds/NAME.txt`` with the codebook of this name, once."""

    @cache
    def make(name: str) -> Brief:
        model = OpenAIModel(os.environ["SUMMARIZER_MODEL"], timeout=3_000)
        with Summarizer(model=model, issues=FOLDER / f"{name}.yaml") as summarizer:
            return summarizer.summarize(seeds / f"{name}.txt")

    return make


@pytest.fixture
def default_cassette_name(request: pytest.FixtureRequest) -> str:
    return f"{request.node.callspec.params['name']}-codebook"


@pytest.fixture
def brief(vcr: object, coded: Callable[[str], Brief], name: str) -> Brief:  # opens the cassette
    return coded(name)


def stances(brief: Brief, holder: str, issue: str) -> set[str]:
    """Return the stances of a holder on an issue, both by their ids."""
    return {each.stance for each in brief.positions if holder in each.holders and each.issue == issue}


@pytest.mark.parametrize("name", NAMES)
def test_given_issues_keep_their_ids_and_propositions(brief: Brief, name: str) -> None:
    given = {entry.id: entry.proposition for entry in load_codebook(FOLDER / f"{name}.yaml").issues}
    found = {issue.id: issue.proposition for issue in brief.issues if issue.given}
    assert found
    assert found.items() <= given.items()


@pytest.mark.parametrize("name", ["reservoir-brief"])
def test_closed_codebook_allows_no_other_issues(brief: Brief) -> None:
    assert all(issue.given for issue in brief.issues)
    assert {row["issue_id"] for row in brief.rows()} <= {"dam", "pipes", "fill", "payers", None}


@pytest.mark.parametrize("name", ["tram-opinion"])
def test_issue_that_the_article_does_not_touch_has_no_positions(brief: Brief) -> None:
    assert [each for each in brief.positions if each.issue == "fares"] == []


@pytest.mark.parametrize(
    ("name", "holder", "issue", "stance"),
    [
        ("tram-opinion", "quill", "line", "disagrees"),
        ("tram-opinion", "quill", "buses", "disagrees"),
        ("tram-opinion", "quill", "rails", "agrees"),
        ("tram-opinion", "city", "line", "agrees"),
    ],
)
def test_given_holders_take_stances_under_their_ids(brief: Brief, holder: str, issue: str, stance: str) -> None:
    assert stances(brief, holder, issue) == {stance}


@pytest.mark.parametrize("name", ["reservoir-brief"])
def test_given_issues_separate_the_sides(brief: Brief) -> None:
    (union,) = [holder.id for holder in brief.holders if holder.name == "Upland Growers Union"]
    (chair,) = [holder.id for holder in brief.holders if holder.name == "Hanne Quillow"]
    assert stances(brief, union, "dam") == {"disagrees"}
    assert stances(brief, union, "pipes") == {"agrees"}
    assert stances(brief, chair, "dam") == {"agrees"}
    assert stances(brief, "astervall", "fill") <= {"disagrees", "mixed", "neutral"}
