"""The items of a reply are parsed one by one."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.engines.llm.parsing import parse_extraction


def test_sound_reply_is_parsed_whole(sound: dict[str, Any]) -> None:
    extraction, problems = parse_extraction(json.dumps(sound))
    assert problems == ()
    assert extraction is not None
    assert len(extraction.positions) == 2


def test_one_bad_position_costs_no_other(sound: dict[str, Any]) -> None:
    sound["positions"][0]["stance"] = "in favour"
    extraction, problems = parse_extraction(json.dumps(sound))
    assert extraction is not None
    assert [position.holders for position in extraction.positions] == [("H2",)]
    (problem,) = problems
    assert problem.what == "position"
    assert "stance" in problem.reason


@pytest.mark.parametrize("key", ["holders", "issues", "positions", "open_questions"])
def test_missing_key_is_a_problem_that_names_it(sound: dict[str, Any], key: str) -> None:
    del sound[key]
    extraction, problems = parse_extraction(json.dumps(sound))
    assert extraction is not None
    assert any(problem.text == key for problem in problems)


def test_unknown_key_is_a_problem(sound: dict[str, Any]) -> None:
    _, problems = parse_extraction(json.dumps(sound | {"opinion": "mine"}))
    assert [problem.text for problem in problems] == ["opinion"]


@pytest.mark.parametrize("text", ["", "Here is the brief:", "[]", "null", '"text"', "{", "{'a': 1}", "[" * 100_000])
def test_reply_that_is_no_object_has_no_extraction(text: str) -> None:
    extraction, problems = parse_extraction(text)
    assert extraction is None
    assert [problem.what for problem in problems] == ["reply"]


def test_empty_string_is_taken_for_null(sound: dict[str, Any]) -> None:
    sound["holders"][0]["role"] = "  "
    extraction, _ = parse_extraction(json.dumps(sound))
    assert extraction is not None
    assert extraction.holders[0].role is None


@pytest.mark.parametrize("key", ["statement", "phrase"])
def test_half_an_emoji_costs_nothing_but_itself(sound: dict[str, Any], key: str) -> None:
    text = json.dumps(sound).replace(f'"{key}": "', f'"{key}": "Half \\ud83d ', 1)
    extraction, problems = parse_extraction(text)
    assert problems == ()
    assert extraction is not None
    assert (getattr(extraction.positions[0], key) or "").startswith("Half \ufffd")


def test_lone_surrogate_in_a_rejected_part_can_be_serialized(sound: dict[str, Any]) -> None:
    sound["positions"][0] |= {"statement": "Half \ud83d", "stance": "none of these"}
    _, (problem,) = parse_extraction(json.dumps(sound))
    assert problem.to_rejected().model_dump_json()


def test_invisible_characters_of_a_reply_are_left_out(sound: dict[str, Any]) -> None:
    sound["positions"][0]["statement"] = "The \x1b[31mbridge\u202e must go."
    extraction, _ = parse_extraction(json.dumps(sound))
    assert extraction is not None
    assert extraction.positions[0].statement == "The [31mbridge must go."


def test_keys_may_differ_in_case_and_hyphens(sound: dict[str, Any]) -> None:
    text = json.dumps(sound).replace('"open_questions"', '"Open-Questions"').replace('"statement"', '"Statement"')
    assert parse_extraction(text) == parse_extraction(json.dumps(sound))


def test_two_keys_that_would_become_one_are_left_apart(sound: dict[str, Any]) -> None:
    _, problems = parse_extraction(json.dumps(sound | {"Holders": []}))
    assert [problem.text for problem in problems] == ["Holders"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["holders", "positions", "issues", "gist", "sentences", "id"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(value=JSON)
def test_no_json_value_raises(value: Any) -> None:
    extraction, problems = parse_extraction(json.dumps(value))
    assert extraction is not None or problems
