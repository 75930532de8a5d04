"""JSON with one possible reading is parsed item by item, and the schemas match the reply types."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.engines.llm.parsing import (
    AmbiguousJSON,
    CombinedGistReply,
    GroupingReply,
    parse_extraction,
    parse_record,
    read_json,
)
from summarizer.engines.llm.prompts import load_prompts, load_schema
from summarizer.engines.llm.support_check import SupportReply
from summarizer.verification import ExtractionReply, ReplyRecord
from tests.timing import assert_linear


def test_valid_reply_is_parsed_completely(sound: dict[str, Any]) -> None:
    extraction, problems = parse_extraction(json.dumps(sound))
    assert problems == ()
    assert extraction is not None
    assert len(extraction.positions) == 2


def test_invalid_position_does_not_affect_others(sound: dict[str, Any]) -> None:
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


@pytest.mark.parametrize("missing", ["positions", "issues"])
def test_unknown_key_is_a_problem_where_another_is_missing(sound: dict[str, Any], missing: str) -> None:
    del sound[missing]
    _, problems = parse_extraction(json.dumps(sound | {"opinion": "mine"}))
    assert [problem.text for problem in problems] == ["opinion", missing]


def first_position(**changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda reply: reply["positions"][0].update(changes)


@pytest.mark.parametrize(
    "change",
    [
        first_position(sentences=["3"]),
        first_position(sentences=["[3]"]),
        first_position(sentences=3),
        first_position(sentences="3"),
        first_position(stance="Agrees", certainty="ASSERTED"),
        first_position(stance="agree"),
        first_position(holders="H1"),
        first_position(confidence=0.9),
        lambda reply: reply["positions"][0].pop("reported_by"),
        lambda reply: reply["positions"][0].update(reportedBy=reply["positions"][0].pop("reported_by")),
        lambda reply: reply["holders"][0].update(kind="Person"),
        lambda reply: reply["open_questions"][1].update(raised_by=None),
        lambda reply: reply.update(language="en"),
        lambda reply: reply.update(openQuestions=reply.pop("open_questions")),
    ],
)
def test_item_with_one_reading_is_read(sound: dict[str, Any], change: Callable[[dict[str, Any]], None]) -> None:
    expected = parse_extraction(json.dumps(sound))
    change(sound)
    assert parse_extraction(json.dumps(sound)) == expected


@pytest.mark.parametrize(
    "wrap",
    [
        lambda reply: [reply],
        lambda reply: {"result": reply},
        lambda reply: {"result": [reply]},
        lambda reply: {"status": "ok", "data": reply},
    ],
)
def test_reply_within_one_list_or_object_is_read(sound: dict[str, Any], wrap: Callable[[Any], Any]) -> None:
    assert parse_extraction(json.dumps(wrap(sound))) == parse_extraction(json.dumps(sound))
    gist = {"text": "A bridge.", "rests_on": ["G1"]}
    assert parse_record(CombinedGistReply, json.dumps(wrap(gist))) == (CombinedGistReply(**gist), "")


@pytest.mark.parametrize(
    "change",
    [
        first_position(sentences=["3 or 4"]),
        first_position(sentences=["4-3"]),
        first_position(sentences=["3-900"]),
        first_position(sentences=[True]),
        first_position(stance="for"),
        first_position(Stance="disagrees"),
        lambda reply: reply["positions"][0].update(relayed_by=reply["positions"][0].pop("reported_by")),
        lambda reply: reply["positions"][0].pop("stance"),
    ],
)
def test_item_without_one_reading_is_a_problem(sound: dict[str, Any], change: Callable[[dict[str, Any]], None]) -> None:
    change(sound)
    extraction, problems = parse_extraction(json.dumps(sound))
    assert [problem.what for problem in problems] == ["position"]
    assert extraction is not None
    assert len(extraction.positions) == 1


@pytest.mark.parametrize(("text", "numbers"), [("2-4", (2, 3, 4)), ("2, 4", (2, 4)), ("[2]-[3]", (2, 3))])
def test_string_names_several_sentences(sound: dict[str, Any], text: str, numbers: tuple[int, ...]) -> None:
    sound["positions"][0]["sentences"] = [text]
    extraction, problems = parse_extraction(json.dumps(sound))
    assert problems == ()
    assert extraction is not None
    assert extraction.positions[0].sentences == numbers


@pytest.mark.parametrize("wrapped", [lambda reply: [reply, reply], lambda reply: {"a": reply, "b": reply}])
def test_two_replies_in_one_value_are_rejected(sound: dict[str, Any], wrapped: Callable[[Any], Any]) -> None:
    extraction, problems = parse_extraction(json.dumps(wrapped(sound)))
    assert problems
    assert not (extraction and extraction.positions)


@pytest.mark.parametrize("text", ["", "Here is the brief:", "[]", "null", '"text"', "{", "{'a': 1}", "[" * 100_000])
def test_reply_other_than_an_object_is_rejected(text: str) -> None:
    extraction, problems = parse_extraction(text)
    assert extraction is None
    assert [problem.what for problem in problems] == ["reply"]


def test_empty_string_is_taken_for_null(sound: dict[str, Any]) -> None:
    sound["holders"][0]["role"] = "  "
    extraction, _ = parse_extraction(json.dumps(sound))
    assert extraction is not None
    assert extraction.holders[0].role is None


@pytest.mark.parametrize("key", ["statement", "name"])
def test_half_an_emoji_is_replaced(sound: dict[str, Any], key: str) -> None:
    text = json.dumps(sound).replace(f'"{key}": "', f'"{key}": "Half \\ud83d ', 1)
    extraction, problems = parse_extraction(text)
    assert problems == ()
    assert extraction is not None
    part = extraction.positions[0] if key == "statement" else extraction.holders[0]
    assert getattr(part, key).startswith("Half \ufffd")


def test_lone_surrogate_in_a_rejected_part_can_be_serialized(sound: dict[str, Any]) -> None:
    sound["positions"][0] |= {"statement": "Half \ud83d", "stance": "none of these"}
    _, (problem,) = parse_extraction(json.dumps(sound))
    assert problem.to_rejected().model_dump_json()


def test_invisible_characters_of_a_reply_are_removed(sound: dict[str, Any]) -> None:
    sound["positions"][0]["statement"] = "The \x1b[31mbridge\u202e must go."
    extraction, _ = parse_extraction(json.dumps(sound))
    assert extraction is not None
    assert extraction.positions[0].statement == "The [31mbridge must go."


def test_keys_may_differ_in_case_and_hyphens(sound: dict[str, Any]) -> None:
    text = json.dumps(sound).replace('"open_questions"', '"Open-Questions"').replace('"statement"', '"Statement"')
    assert parse_extraction(text) == parse_extraction(json.dumps(sound))


def test_keys_that_would_collide_are_not_normalized(sound: dict[str, Any]) -> None:
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


VALUE = {"holders": [], "note": "a // no comment, /* none */ and ,] no stray"}
TEXT = json.dumps(VALUE)


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"\ufeff{TEXT}",
        f"\n\n {TEXT} \n",
        f"<think>Who speaks? {{maybe}} Logan.</think>\n{TEXT}",
        f"<THINK>One.</THINK>\n<think>Two.</think>\n{TEXT}",
        f"Who speaks? Logan.</think>\n{TEXT}",
        f"<thought>Who speaks?</thought>\n{TEXT}",
        f"Who speaks? Logan.</thought>\n{TEXT}",
        f"Following https://example.org/schema here is it: {TEXT}",
        f"Following https://example.org/schema here is it: {TEXT[:-1]}, // see https://example.org\n}}",
        TEXT.replace("[]", "// nobody\n []").replace(": //", "://"),
        f"The brief {{as asked}} is: {TEXT}",
        f"```json\n{TEXT}\n```",
        f"Here is the brief:\n\n```\n{TEXT}\n```\nI hope it helps.",
        f"Here is the brief: {TEXT} I hope it helps.",
        f"{TEXT}\n{TEXT}",
        f"```json\n{TEXT}\n```\n```json\n{TEXT}\n```",
        TEXT.replace("[]", "[ /* nobody */ ]"),
        TEXT.replace("[],", "[], // nobody\n"),
        TEXT[:-1] + ",}",
        TEXT[:-1] + ", // the end\n }",
    ],
    ids=["plain", "mark", "blanks", "thoughts", "more thoughts", "end of thoughts", "thought",
         "end of thought", "address", "address and comment", "comment after a colon", "braces", "fence",
         "fence and prose", "prose", "twice", "two fences", "comment",
         "line comment", "comma", "comma and comment"],
)  # fmt: skip
def test_unambiguous_json_is_read(text: str) -> None:
    assert read_json(text) == VALUE


@pytest.mark.parametrize("around", ["%s", "Here it is: %s", "```json\n%s\n```"])
def test_unescaped_line_feed_in_a_string_is_read(around: str) -> None:
    assert read_json(around % '{"note": "one\n\ttwo"}') == {"note": "one\n\ttwo"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not JSON"),
        ("I cannot do that.", "not JSON"),
        (TEXT[:-10], "not JSON"),
        ('{"a": 1, "a": 2}', "keys twice"),
        ('{"a": {"b": 1, "b": 1}}', "keys twice"),
        ('{"a": 1}\nActually:\n```json\n{"a": 2}\n```', "several JSON values that differ"),
        ('{"a": 1} {"a": true}', "several JSON values that differ"),
        ('{"a": 1} Wait, correction: {"a": 2, "b": [', "not JSON"),
        ('```json\n{"a": 1}\n```\nCorrection: {"a": 2', "not JSON"),
        ('{"a": 1} {"a": 2}', "several JSON values that differ"),
        ("{'a': 1}", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ('{"a": ' * 100_000, "not JSON"),
    ],
)
def test_ambiguous_json_is_an_error_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(AmbiguousJSON, match=why):
        read_json(text)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
)


@given(value=JSON_VALUES)
def test_every_json_value_is_read_unchanged(value: Any) -> None:
    assert read_json(json.dumps(value)) == value
    assert read_json(json.dumps(value, ensure_ascii=False, indent=1)) == value


@given(text=st.text(st.sampled_from('{}[]",:\\/*ab1 \n`'), max_size=60))
def test_unreadable_text_raises_only_reply_errors(text: str) -> None:
    with suppress(AmbiguousJSON):
        read_json(text)


@pytest.mark.parametrize(
    ("begin", "part", "end"),
    [
        ("{", ",/*", ""),
        ('{"', '\\"', ""),
        ("", "{", ""),
        ("", ',"', ""),
        ("", "// ", ""),
        ('{"holders":[', ",", "]}"),
        ('{"holders":[' + "," * 900 + '],"x":[', '"a",', "1]}"),
    ],
)
def test_hostile_replies_are_refused_in_linear_time(begin: str, part: str, end: str) -> None:
    def refuse(text: str) -> None:
        with pytest.raises(AmbiguousJSON):
            read_json(text)

    assert_linear(lambda size: partial(refuse, begin + part * size + end), 6_000)


@pytest.mark.parametrize(
    "text",
    ['thinking {"a":1} </think>{"b":2}', '\ufeff<think>{"a":1}</think>{"b":2}', '\ufeff{"b":2}', '{"b":2,}'],
)
def test_json_within_thoughts_is_ignored(text: str) -> None:
    assert read_json(text) == {"b": 2}


def test_end_of_a_thought_in_a_string_is_part_of_it() -> None:
    assert read_json('{"a": "he wrote </think> {"}') == {"a": "he wrote </think> {"}


def strict_schema(record: type[ReplyRecord]) -> dict[str, Any]:
    """Return a record's JSON schema in the subset of strict structured output.

    The subset (platform.openai.com/docs/guides/structured-outputs) requires every property, closes objects and
    has no defaults. References and titles are left out as well: many servers know neither.
    """
    schema = record.model_json_schema()
    definitions = schema.pop("$defs", {})

    def plain(node: Any) -> Any:
        if isinstance(node, list):
            return [plain(item) for item in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            return plain(definitions[node["$ref"].rpartition("/")[2]])
        return {
            key: {name: plain(each) for name, each in value.items()} if key == "properties" else plain(value)
            for key, value in node.items()
            if key not in ("title", "description")
        }

    return dict(plain(schema))


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from nodes(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from nodes(value)


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("extract", ExtractionReply),
        ("group", GroupingReply),
        ("gist", CombinedGistReply),
        ("support", SupportReply),
    ],
)
def test_schema_files_match_the_reply_types(name: str, record: type[ReplyRecord]) -> None:
    assert load_schema(name) == strict_schema(record)


def test_schema_file_has_the_fields_in_reasoning_order() -> None:
    assert json.dumps(load_schema()) == json.dumps(strict_schema(ExtractionReply))
    assert list(load_schema()["properties"]) == ["holders", "issues", "positions", "open_questions", "gist"]


def test_every_object_is_closed_and_requires_all_its_fields() -> None:
    objects = [node for node in nodes(load_schema()) if node.get("type") == "object"]
    assert objects
    for node in objects:
        assert node["additionalProperties"] is False
        assert node["required"] == list(node["properties"])


@pytest.mark.parametrize("keyword", ["$ref", "oneOf", "allOf", "default", "pattern", "minItems", "title", "$defs"])
def test_schema_uses_no_keyword_that_strict_servers_refuse(keyword: str) -> None:
    assert not [node for node in nodes(load_schema()) if keyword in node]


def test_valid_reply_fits_the_schema_and_the_reply_types(sound: dict[str, Any]) -> None:
    jsonschema.validate(sound, dict(load_schema()))
    ExtractionReply.model_validate(sound)


def test_prompt_describes_every_field_and_every_choice() -> None:
    prompt = "\n".join(template.template for _, template in load_prompts()["extract"].messages)
    for node in nodes(load_schema()):
        for name in (*node.get("properties", ()), *node.get("enum", ())):
            assert f'"{name}"' in prompt
