"""The YAML of cassettes: nothing is lost, and a person can read it."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from summarizer.testing.exchange import body_bytes, body_of_data, body_to_data, read_body
from summarizer.testing.readable import Value, to_yaml

ODD = "\x00\x07\t\n\r\x1b \x7f\x85\x9f\xa0\u00ad\u200b\u2028\u2029\ud800\udfff\ufeff\ufffe\uffff\U0010ffff"
ODD += "😀“’\"'\\#:-|>&*%@`{}[],?!~"
"""Every character that YAML treats in a way of its own, and those that text is known to lose."""

texts = st.text(st.one_of(st.sampled_from(ODD), st.characters(codec=None, exclude_categories=())), max_size=40)
lines = st.lists(st.one_of(texts, st.just(""), st.just("  "), st.just("a sentence of an article, as it stands")))
long_texts = st.one_of(texts, lines.map("\n".join))
values = st.recursive(
    st.one_of(long_texts, st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(long_texts, inner, max_size=4)),
    max_leaves=12,
)


def read_slowly(text: str) -> object:
    return yaml.safe_load(text)


def same(one: object, other: object) -> bool:
    """Equal, in type and in the order of keys too."""
    return json.dumps(one) == json.dumps(other)


@given(st.dictionaries(long_texts, values, min_size=1))
def test_every_value_comes_back_as_it_was(value: dict[str, Value]) -> None:
    assert same(read_slowly(to_yaml(value)), value)


@given(values)
def test_what_comes_again_comes_back_as_often(value: Value) -> None:
    twice: dict[str, Value] = {"first": value, "list": [value, [value]], "deeper": {"again": value}}
    assert same(read_slowly(to_yaml(twice)), twice)


@given(
    st.one_of(
        values.map(lambda value: json.dumps(value).encode()),
        st.binary(),
        long_texts.map(lambda text: text.encode("utf-8", "surrogatepass")),
    )
)
def test_every_body_comes_back_from_the_file_as_it_was(data: bytes) -> None:
    body = read_body(data)
    written = to_yaml({"response": body_to_data(body)})
    again = body_of_data(yaml.safe_load(written)["response"] or {})
    assert again == body
    assert read_body(body_bytes(again)) == body
    assert isinstance(body, dict | list) or body_bytes(again) == data


@given(st.dictionaries(st.sampled_from(["a", "b"]), values, min_size=1))
def test_the_reader_in_c_reads_the_same_but_for_lone_surrogates(value: dict[str, Value]) -> None:
    written = to_yaml(value)
    try:
        read = yaml.load(written, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        assert "\\uD" in written
    else:
        assert same(read, value)


@pytest.mark.parametrize(
    "text",
    [
        "“Curly”, she said\nand—left 😀",
        "a line \nwith blanks at its end  \n\n",
        "\n  deep\n\tdeeper\n",
        "# no\n--- no\n: no",
    ],
)
def test_text_of_several_lines_stands_in_a_block_as_typed(text: str) -> None:
    written = to_yaml({"content": text})
    assert written.startswith("content: |")
    assert all(f"  {line}\n" in written for line in text.split("\n") if line)


@given(
    st.lists(
        st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none()),
        min_size=20,
        max_size=80,
    )
)
def test_long_lists_come_back_as_they_were(numbers: list[float | None]) -> None:
    value: dict[str, Value] = {"data": [{"embedding": [*numbers]}, [[*numbers], [*numbers]]]}
    assert same(read_slowly(to_yaml(value)), value)


def test_numbers_stand_side_by_side_on_lines_that_can_be_read() -> None:
    embedding = [each / 7 - 50 for each in range(1_000)]
    written = to_yaml({"data": [{"embedding": embedding}]})
    assert len(written) <= 1.3 * len(json.dumps(embedding))
    assert max(map(len, written.splitlines())) <= 120
    assert same(read_slowly(written), {"data": [{"embedding": embedding}]})


def test_a_text_that_no_block_can_hold_keeps_its_lines() -> None:
    written = to_yaml({"content": "the first line\x85\n  the “second”\nthe third"})
    assert written == 'content: "the first line\\N\\n\\\n  \\  the “second”\\n\\\n  the third"\n'


def test_what_comes_again_is_written_once_under_a_telling_name() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "description": "what is said " * 12}}}
    form = {"type": "json_schema", "json_schema": {"schema": schema}}
    system = {"role": "system", "content": "Find the positions.\n" * 20}
    asked = [{"messages": [system, {"role": "user", "content": text}], "response_format": form} for text in "ab"]
    written = to_yaml(asked)
    assert written.count("what is said what") == 6
    assert written.count("Find the positions.\n") == 20
    assert "response_format: *schema" in written
    assert "- *system" in written


@pytest.mark.parametrize(
    "word", ["yes", "No", "null", "~", "on", "1", "1.0", "1e3", "2026-01-02", "0x1f", "=", "<<", ""]
)
def test_words_that_yaml_takes_for_something_else_stay_words(word: str) -> None:
    assert yaml.safe_load(to_yaml({word: word})) == {word: word}
