"""The outcome of one article."""

import json
from typing import Any

import pytest

from summarizer import Brief, IncompleteBrief, summarize
from summarizer.errors import ArticleError, AuthenticationFailed, ServerFailed
from summarizer.outcome import Outcome


@pytest.fixture(scope="module")
def brief() -> Brief:
    return summarize("“The bridge is unsafe,” Anna Berg said.", model="builtin")


def test_status_depends_on_brief_and_error(brief: Brief) -> None:
    error = IncompleteBrief("1 of 2 chunks failed.", brief=brief)
    outcomes = [Outcome(brief=brief), Outcome(brief=brief, error=error), Outcome(error=ArticleError("Empty."))]
    assert [outcome.status for outcome in outcomes] == ["done", "partial", "failed"]


@pytest.mark.parametrize(
    ("error", "fatal", "retryable"),
    [
        (None, False, False),
        (AuthenticationFailed("The key is rejected."), True, False),
        (ServerFailed("The server broke."), False, True),
        (KeyError("x"), False, False),
    ],
)
def test_outcome_is_fatal_or_retryable_if_its_error_is(error: Any, fatal: bool, retryable: bool) -> None:
    outcome = Outcome(error=error)
    assert (outcome.fatal, outcome.retryable) == (fatal, retryable)


def test_json_describes_library_errors_and_others() -> None:
    error = ServerFailed("The server broke.", hint="Try again.")
    error.where = "a.txt"
    records = [json.loads(Outcome(error=each).to_json(id="7")) for each in (error, KeyError("x"))]
    assert [record["error"] for record in records] == [
        {
            "kind": "ServerFailed", "message": "The server broke.", "hint": "Try again.", "where": "a.txt",
            "retryable": True,
        },
        {"kind": "KeyError", "message": "'x'", "hint": "", "where": "", "retryable": False},
    ]  # fmt: skip
    assert [record["id"] for record in records] == ["7", "7"]
