"""Cassettes are readable YAML, and every body round-trips exactly."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from vcr.serializers import yamlserializer

from summarizer.testing.serializer import deserialize, serialize

CASSETTES = sorted((Path(__file__).parents[2] / "cassettes").glob("*.yaml"))

texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def cassette(request: Any, response: Any) -> dict[str, Any]:
    headers = {"content-type": ["application/json"]}
    return {
        "version": 1,
        "interactions": [
            {
                "request": {"method": "POST", "uri": "http://recorded.invalid", "body": request, "headers": headers},
                "response": {
                    "status": {"code": 200, "message": "OK"},
                    "headers": headers,
                    "body": {"string": response},
                },
            }
        ],
    }


def body(response: Any) -> str:
    """Return the lines that a response's body takes in the file."""
    text = serialize(cassette("{}", response))
    return text[text.index("      string:") :]


@given(texts | st.binary(), texts | st.binary())
def test_any_body_round_trips(request: Any, response: Any) -> None:
    stored = cassette(request, response)
    assert deserialize(serialize(stored)) == stored


@given(values, values, st.sampled_from([{}, {"separators": (",", ":")}, {"indent": 2}]), st.booleans())
def test_any_json_within_json_round_trips(outer: Any, inner: Any, layout: dict[str, Any], is_ascii: bool) -> None:
    reply = json.dumps(inner, ensure_ascii=is_ascii, **layout)
    stored = cassette(json.dumps(outer, **layout), json.dumps({"a": outer, "content": reply}, ensure_ascii=is_ascii))
    text = serialize(stored)
    assert deserialize(text) == stored
    assert text.encode("utf-8")
    yaml.safe_load(text)


@pytest.mark.parametrize(
    "text",
    ["a\x85b\nc", "a\u2028b\nc", "\ufeffa\nb", " a\n  b \n", "a\r\nb", "\n\n", "a\tb\n", "😀\nü", "a: b\n# c", "null"],
)
def test_special_characters_round_trip(text: str) -> None:
    stored = cassette(text, json.dumps({"content": text}))
    assert deserialize(serialize(stored)) == stored


@pytest.mark.parametrize(
    "response",
    [
        '{"compact_json": [1]}',
        '{"a": {"spaced_json": {"b": 1}}}',
        '{"a": 1, "a": 2}',
        '{"a": 1.10, "b": 1e5}',
        '{"a": NaN}',
        '{"a": "\\ud83d"}',
        "[" * 200 + "]" * 200,
    ],
)
def test_json_that_yaml_cannot_represent_round_trips(response: str) -> None:
    stored = cassette(response, response)
    assert deserialize(serialize(stored)) == stored


def test_text_of_several_lines_is_a_block() -> None:
    message = {"role": "user", "content": "Title: “Überfall”\n\n[1] (title) Überfall"}
    assert body(json.dumps(message, ensure_ascii=False)) == (
        "      string:\n"
        "        spaced_json:\n"
        "          role: user\n"
        "          content: |-\n"
        "            Title: “Überfall”\n"
        "\n"
        "            [1] (title) Überfall\n"
    )


def test_reply_in_json_is_shown_as_yaml() -> None:
    reply = {"positions": [{"sentences": [2, 3], "phrase": "must go", "statement": "The bridge must go. " * 3}]}
    content = json.dumps(reply, separators=(",", ":"))
    assert body(json.dumps({"content": content}, separators=(",", ":"))) == (
        "      string:\n"
        "        compact_json:\n"
        "          content:\n"
        "            compact_json:\n"
        "              positions:\n"
        "              - sentences: [2, 3]\n"
        "                phrase: must go\n"
        f"                statement: '{'The bridge must go. ' * 3}'\n"
    )


def test_cassettes_of_vcrpys_own_serializer_are_read() -> None:
    stored = cassette("{}", '{"content": "Brücke"}')
    assert deserialize(yamlserializer.serialize(stored)) == stored


LARGE = [pytest.param(path, marks=pytest.mark.slow) if path.stem.startswith("dispute-") else path for path in CASSETTES]


@pytest.mark.slow
@pytest.mark.parametrize("path", LARGE, ids=lambda path: path.stem)
def test_recorded_cassettes_are_rewritten_identically(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert serialize(deserialize(text)) == text
