"""JSON is read from a reply if it has one possible reading."""

import json
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.engines.llm.parsing import AmbiguousJSON, read_json

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


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
)


@given(value=JSON)
def test_every_json_value_is_read_unchanged(value: Any) -> None:
    assert read_json(json.dumps(value)) == value
    assert read_json(json.dumps(value, ensure_ascii=False, indent=1)) == value


@given(text=st.text(st.sampled_from('{}[]",:\\/*ab1 \n`'), max_size=60))
def test_no_text_raises_anything_else(text: str) -> None:
    with suppress(AmbiguousJSON):
        read_json(text)


@pytest.mark.parametrize(
    "text", ["{" + ",/*" * 50_000, '{"' + '\\"' * 50_000, "{" * 100_000, ',"' * 50_000, "// " * 50_000]
)
def test_hostile_replies_are_read_in_proportion_to_their_length(text: str) -> None:
    started = time.process_time()
    with pytest.raises(AmbiguousJSON):
        read_json(text)
    assert time.process_time() - started < 2


def test_many_commas_take_no_longer_than_the_reply_is_long_and_are_no_value() -> None:
    started = time.monotonic()
    with pytest.raises(AmbiguousJSON):
        read_json('{"holders":[' + "," * 2_000 + "]}")
    with pytest.raises(AmbiguousJSON):
        read_json('{"holders":[' + "," * 900 + '],"x":[' + '"a",' * 20_000 + "1]}")
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "text",
    ['thinking {"a":1} </think>{"b":2}', '\ufeff<think>{"a":1}</think>{"b":2}', '\ufeff{"b":2}', '{"b":2,}'],
)
def test_thoughts_that_hold_json_are_thoughts(text: str) -> None:
    assert read_json(text) == {"b": 2}


def test_end_of_a_thought_in_a_string_is_part_of_it() -> None:
    assert read_json('{"a": "he wrote </think> {"}') == {"a": "he wrote </think> {"}
