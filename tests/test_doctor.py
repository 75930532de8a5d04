"""What `summarizer doctor` finds, thing by thing."""

import json

from summarizer import OpenAIModel, ScriptedModel
from summarizer.doctor import Check, examine
from summarizer.errors import ServerFailed
from summarizer.model import Model

REPLY = {
    "holders": [{"id": "H1", "name": "Anna Berg", "kind": "person", "role": None, "affiliation": None}],
    "issues": [],
    "positions": [
        {
            "sentences": [2],
            "phrase": None,
            "holders": ["H1"],
            "reported_by": None,
            "statement": "The bridge is safe.",
            "issue": None,
            "stance": "unclear",
            "certainty": "asserted",
        }
    ],
    "open_questions": [],
    "gist": None,
}


async def checks(model: Model | None) -> list[Check]:
    return [check async for check in examine(model)]


async def test_the_built_in_engine_is_always_well() -> None:
    (check,) = await checks(None)
    assert check.ok
    assert "built-in engine" in check.found


async def test_a_model_that_makes_a_brief_is_well() -> None:
    (check,) = await checks(ScriptedModel([json.dumps(REPLY)]))
    assert check.ok
    assert "1 position as json_schema" in check.found


async def test_a_model_that_finds_nothing_is_not() -> None:
    (check,) = await checks(ScriptedModel([json.dumps(REPLY | {"positions": []})]))
    assert not check.ok
    assert "too small" in check.hint


async def test_an_error_is_told_with_its_hint() -> None:
    (check,) = await checks(ScriptedModel([ServerFailed("The server broke.", hint="Start it again.")]))
    assert (check.ok, check.found, check.hint) == (False, "The server broke.", "Start it again.")


async def test_a_server_that_is_not_there_ends_the_examination_and_no_key_is_shown() -> None:
    model = OpenAIModel("m", base_url="http://127.0.0.1:9/v1", api_key="sk-secret", attempts=1)
    found = await checks(model)
    await model.aclose()
    assert [(check.what, check.ok) for check in found] == [("server", True), ("key", True), ("models", False)]
    assert "refuses connections" in found[-1].found
    assert "sk-secret" not in str(found)
