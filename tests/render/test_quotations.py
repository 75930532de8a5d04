"""Shortened statements of short views."""

import pytest

from summarizer.render.quotations import shorten_statement

WHOLE = "The tax will hurt the poor of the town"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"{WHOLE}, which has no other income at all.", f"{WHOLE}…"),
        (f"{WHOLE}; nobody has an answer to that today.", f"{WHOLE}…"),
        (f"{WHOLE} unless the council pays them back.", None),
        (f"{WHOLE}, but only for a year or for two.", None),
        (f"{WHOLE} — and of the port — from the first of May.", None),
        ("The tax on the boats of the town, which has no other income at all, will hurt.", None),
        ("The tax will hurt, and so will the toll. It should go. Nobody in the whole town wants it.", None),
    ],
)
def test_a_statement_is_cut_only_where_the_words_before_stand_alone(text: str, shown: str | None) -> None:
    result = shorten_statement(text, 12)
    assert result == shown if shown else result == text or result.rstrip(" …").endswith(".")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Nobody asked the ferry crew about it. It is what Sen. Anna Berg of the harbour panel wants.", "Nobody asked"),
        ("The ferry left from pier No. 1 at noon with everybody. They came back for the rest.", "The ferry left"),
        ("We saw it all from the pier … We left … The crew of the ferry stayed until the morning.", "We saw it all"),
    ],
)
def test_a_shortened_statement_begins_with_a_sentence_that_stands_alone(text: str, shown: str) -> None:
    result = shorten_statement(text, 12)
    assert result.startswith(shown)
    assert "… …" not in result


@pytest.mark.parametrize(
    "text",
    [
        "There is no doubt that these people claim to speak for the whole faith. But I do not want to validate it.",
        "The harbour is not a museum for rich tourists from the city. It is a place where people work.",
        "We will build the bridge over the bay next year. Unless the council stops us, it will be open in May.",
    ],
)
def test_excerpt_does_not_end_before_a_contrast(text):
    assert shorten_statement(text, 15) == text
