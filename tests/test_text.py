"""String helpers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer._text import (
    DistinctNames,
    collapse_whitespace,
    hide_queries,
    normalize,
    one_line,
    replace_surrogates,
    shorten,
)


@given(st.text(st.sampled_from("ab \t\n\xa0\u3000\u2028\x1c\x85\x00é好"), max_size=30))
def test_collapsed_text_is_its_words_joined_by_spaces(text: str) -> None:
    assert collapse_whitespace(text) == " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "normalized"),
    [
        ("Café  NAÏVE", "cafe naive"),
        ("The mayor’s plan", "the mayor plan"),
        ("snake_case", "snake case"),
        ("हिन्दी", "हिन्दी"),
    ],
)
def test_case_accents_and_possessives_are_normalized(text: str, normalized: str) -> None:
    assert normalize(text) == normalized


@given(st.text())
def test_one_line_can_be_encoded_and_printed_on_one_line(text: str) -> None:
    line = one_line(text)
    assert line.encode().decode() == line
    assert len(line.splitlines()) <= 1
    assert line == one_line(line)


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("https://a.example/b?token=x: There is no page.", "https://a.example/b?…: There is no page."),
        ("(HTTPS://a.example/?a=b,c&d, http://b.example?e)", "(HTTPS://a.example/?…, http://b.example?…)"),
        ("Is it https://a.example/b? It is.", "Is it https://a.example/b? It is."),
        ("a.txt? No.", "a.txt? No."),
    ],
)
def test_queries_of_addresses_are_left_out_of_messages(message: str, shown: str) -> None:
    assert hide_queries(message) == shown


def test_lone_surrogates_are_replaced() -> None:
    assert replace_surrogates("a\ud800b 😀") == "a\ufffdb 😀"


def test_long_text_is_shortened_to_the_limit() -> None:
    assert shorten("a b\n\nc", 3) == "a …"
    assert shorten("a b\n\nc", 5) == "a b c"


@given(st.lists(st.sampled_from(["a", "A", "a (2)", "A (2)", "a (3)", "b"]), max_size=30))
def test_names_are_made_different(names: list[str]) -> None:
    distinct = DistinctNames(["b"], fold=str.casefold)
    made = [distinct.make(name) for name in names]
    assert len({name.casefold() for name in [*made, "b"]}) == len(made) + 1
    assert all(new.startswith(name) for name, new in zip(names, made, strict=True))


def test_equal_names_are_numbered_in_their_order() -> None:
    distinct = DistinctNames(["jane-hill"], add_number="{}-{}".format)
    assert [distinct.make("jane-hill") for _ in range(3)] == ["jane-hill-2", "jane-hill-3", "jane-hill-4"]
