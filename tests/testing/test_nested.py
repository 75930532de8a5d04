"""JSON that stands as a text in JSON: shown as what it says, and the same text again when it is played."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from summarizer.testing.exchange import body_of_data, body_to_data
from summarizer.testing.nested import normalize, unfolded
from summarizer.testing.readable import to_yaml
from tests.testing.test_readable import values

REPLY = {"holders": [{"id": "H1", "name": "Anna Berg"}], "gist": "“The bridge must go,” she said — 4.5 million 😀."}
LAYOUTS: dict[str, Callable[[Any], str]] = {
    "compact": lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")),
    "spaced": lambda value: json.dumps(value, ensure_ascii=False),
    "compact ASCII": lambda value: json.dumps(value, separators=(",", ":")),
    "spaced ASCII": json.dumps,
}


def body(text: str) -> dict[str, Any]:
    return {"choices": [{"index": 0, "message": {"role": "assistant", "content": text}}]}


def through_the_file(value: Any) -> tuple[str, Any]:
    """The file that holds ``value``, and what comes back out of it."""
    written = to_yaml({"response": body_to_data(value)})
    return written, body_of_data(yaml.safe_load(written)["response"])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_reply_on_one_line_stands_in_the_file_as_what_it_says(layout: str) -> None:
    text = LAYOUTS[layout](REPLY)
    written, again = through_the_file(body(text))
    assert f"json_texts: {{/choices/0/message/content: {layout}}}\n" in written
    assert "          holders: [{id: H1, name: Anna Berg}]\n" in written
    assert '          gist: "“The bridge must go,” she said — 4.5 million 😀."\n' in written
    assert again == body(text)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(REPLY, indent=2),  # its lines are its author's
        json.dumps(REPLY) + " ",
        json.dumps(REPLY).replace("4.5", "4.5\\u0020"),
        '{"a": 1, "a": 2, "b": "' + "and so on, " * 10 + '"}',
        '{"a": 1.50, "b": "' + "and so on, " * 10 + '"}',
        '{"a": NaN, "b": "' + "and so on, " * 10 + '"}',
        '{"a": ' * 60 + "1" + "}" * 60,
        "{" * 100_000,
        '{"a": 1}',
        json.dumps(["a sentence"] * 20),
    ],
)
def test_what_could_not_be_written_the_same_again_stays_the_text_that_it_is(text: str) -> None:
    assert unfolded(body(text)) == (body(text), {})


@given(
    st.dictionaries(
        st.text(), st.one_of(values, st.tuples(st.sampled_from(sorted(LAYOUTS)), st.dictionaries(st.text(), values)))
    )
)
def test_every_text_comes_back_to_the_letter(given_: dict[str, Any]) -> None:
    value = {name: LAYOUTS[each[0]](each[1]) if isinstance(each, tuple) else each for name, each in given_.items()}
    assert json.dumps(normalize(*unfolded(value))) == json.dumps(value)
    assert json.dumps(through_the_file(value)[1]) == json.dumps(value)


def test_a_body_with_names_that_pointers_escape_comes_back() -> None:
    value = {"a/b": {"~1": [json.dumps(REPLY)]}, "": json.dumps(REPLY), "a": {"b": {"~1": "other"}}}
    assert through_the_file(value)[1] == value


def test_a_reply_that_a_repair_repeats_is_written_once_and_the_next_in_full() -> None:
    first, second = (json.dumps(REPLY | {"issues": ["The old bridge should be torn down."] * n}) for n in (4, 5))
    asked = {"messages": [{"role": "assistant", "content": first}, {"role": "user", "content": "Mend it."}]}
    written = to_yaml([body_to_data(each) for each in (body(first), asked, body(second))])
    assert "- *assistant\n" in written
    assert written.count("*") == 1
    assert [body_of_data(each) for each in yaml.safe_load(written)] == [body(first), asked, body(second)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"/choices/7": "compact"},
        {"/choices/0/no/no": "compact"},
        {"/choices": "as usual"},
        ["/choices"],
        {5: "compact"},
    ],
)
def test_a_file_that_says_otherwise_is_malformed(wrong: Any) -> None:
    with pytest.raises(ValueError, match="not where they are said to be"):
        body_of_data({"json": body("{}"), "json_texts": wrong})
