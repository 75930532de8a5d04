"""Shortened statements of short views."""

import pytest

from summarizer.brief import Holder, HolderKind, Speech
from summarizer.render.clarity import is_clear
from summarizer.render.quotations import shorten_statement

PERSON = Holder(id="H1", name="Anna Berg", kind="person")
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
    ("text", "kind", "speech", "expected"),
    [
        ("The toll is far too dear.", "person", "indirect", True),
        ("She would not pay the toll.", "person", "indirect", True),
        ("She would not pay the toll.", "document", "indirect", False),
        ("They would not pay the toll.", "group", "indirect", True),
        ("It will publish the terms in May.", "organisation", "indirect", True),
        ("It will publish the terms in May.", "person", "indirect", False),
        ("It is time to close the bridge.", "person", "direct", True),
        ("“He came in by himself at noon.”", "person", "direct", False),
        ("“Of course. She wanted to run.”", "person", "direct", False),
        ("“… That is why we left the board.”", "person", "direct", False),
        ("It will not.", "organisation", "indirect", False),
        ("called it a “quiet revolution.”", "person", "mixed", False),
        ("opposes the toll on the bridge.", "person", "indirect", True),
    ],
)
def test_a_pronoun_without_its_noun_makes_a_statement_unclear(
    text: str, kind: HolderKind, speech: Speech, expected: bool
) -> None:
    assert is_clear(text, [Holder(id="H1", name="Lee Ray", kind=kind)], speech) == expected


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


@pytest.mark.parametrize(
    "text",
    [
        "first reported the story.",
        "had called the hearing.",
        "noted the rule.",
        "has credited Anna Berg with inspiring.",
        "considered debt a last resort.",
        "Congress wasn’t entitled to.",
    ],
)
def test_narration_and_cut_clause_are_unclear(text):
    assert not is_clear(text, [PERSON], "indirect")
