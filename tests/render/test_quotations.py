"""Shortened statements of short views."""

import pytest

from summarizer.render.quotations import shorten_statement

WHOLE = "The tax will hurt the poor of the town"


@pytest.mark.parametrize(
    "text",
    [
        f"{WHOLE}, which has no other income at all.",
        f"{WHOLE}; nobody has an answer to that today.",
        f"{WHOLE} unless the council pays them back.",
        f"{WHOLE}, but only for a year or for two.",
        f"{WHOLE} — and of the port — from the first of May.",
        "The tax will hurt, and so will the toll. It should go. Nobody in the whole town wants it.",
    ],
)
def test_a_statement_is_cut_only_between_sentences(text: str) -> None:
    result = shorten_statement(text, 12)
    assert result == text or result.rstrip(" …").endswith(".")


def test_a_statement_can_keep_its_first_sentence() -> None:
    text = "The ferry left at noon on Monday. The crew must stay. Nobody should ever leave the pier without the crew."
    assert shorten_statement(text, 10, keeps_first=True) == "The ferry left at noon on Monday. …"


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
