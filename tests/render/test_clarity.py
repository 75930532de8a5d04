"""Statements that a short view shows: sentences that are clear without the ones around them."""

import pytest

from summarizer.brief import Holder, HolderKind, Speech
from summarizer.render.clarity import is_clear

PERSON = Holder(id="H1", name="Anna Berg", kind="person")


def is_clear_for(text: str, kind: HolderKind, speech: Speech) -> bool:
    return is_clear(text, [Holder(id="H1", name="Anna Berg", kind=kind)], speech)


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("rejected the plan of the port on Monday.", "person", True),
        ("has never paid the toll.", "person", True),
        ("mock the new pitch of the club.", "group", True),
        ("mock the new pitch of the club.", "person", False),
        ("only to look at the books of the club.", "person", False),
        ("free to sell the boats — unless the court objects.", "group", False),
        ("himself was delighted by the row over the crane.", "person", False),
        ("advocates have started a petition for the lock.", "group", False),
        ("reported ten days ago.", "organisation", False),
        ("asked on Twitter.", "person", False),
        ("spoke on Radio Nord, called Reed a “windbag.”", "person", False),
        ("opposed the dam and who seem to be for the lock.", "group", False),
        ("accused the club of hiding its losses.", "person", True),
        ("now charged with fraud in Osby.", "person", False),
        ("a minister whose plan of May failed.", "group", False),
        ("supported the club or slamming the board of the league.", "group", False),
        ("said of the support of the club for the dam.", "person", False),
        ("accused the club and the port.", "person", False),
    ],
)
def test_words_after_the_holder_begin_with_a_finite_verb(text: str, kind: HolderKind, expected: bool) -> None:
    assert is_clear_for(text, kind, "indirect") == expected


@pytest.mark.parametrize(
    ("text", "speech", "expected"),
    [
        ("It is hard to blame one driver for that.", "indirect", False),
        ("Most members agree that a chair should not be able to do that.", "indirect", False),
        ("The club sold the ground, and nobody should be surprised by that.", "indirect", True),
        ("She hopes this forces the board to reconsider.", "indirect", False),
        ("Her office had not yet decided on that key question.", "indirect", False),
        ("rejected that, too.", "indirect", False),
        ("refused to help him do so.", "indirect", False),
        ("railed against it.", "indirect", False),
        ("“We want to ensure that we can put him over the top.”", "direct", False),
        ("“Reed has a point, and we want to put him over the top.”", "direct", True),
        ("“Reed wouldn’t recognize it.”", "direct", False),
        ("“The museum lied, and it knows that.”", "direct", True),
        ("If she wants the vote, Lena Voss should come to Osby.", "indirect", True),
        ("They plan to link him to every club of the league.", "indirect", False),
        ("“It’s going to be a zoo.”", "direct", False),
        ("“You hear that a lot in the town of Osby.”", "direct", False),
        ("“In the life of a club, that’s like an hour.”", "direct", False),
        ("“Allows us to get our message out to the town.”", "direct", False),
        ("“It’s time to close the bridge.”", "direct", True),
        ("The board will pay in May, in large part because Osby.", "indirect", False),
        ("She loved the letter so much that she not only framed it.", "indirect", False),
    ],
)
def test_each_pronoun_has_its_noun(text: str, speech: Speech, expected: bool) -> None:
    assert is_clear(text, [PERSON], speech) == expected


@pytest.mark.parametrize(
    "text",
    [
        "While the lock was never central, he argued the dam could not be built without it.",
        "In Osby on Monday, Ms. Berg lamented the days when nobody paid.",
        "attacked me from the stage of the club.",
        "Osby Mayor Makes Poor Joke About Bridge Toll.",
        "“… “The club is speaking to a generation that wants more.””",
        "“Hold up a sign and shout: 'Osby! Osby! Osby!”",
        '"You tell me," repeatedly, before the reporter left.',
        "has not backed the dam and Osby’s Mark Lund withdrew his support.",
    ],
)
def test_words_of_the_report_in_a_statement_are_unclear(text: str) -> None:
    assert not is_clear(text, [PERSON], "mixed")


def test_question_or_issue_shown_before_a_statement_explains_its_pronouns() -> None:
    assert is_clear("It would ruin him.", [PERSON], "direct", is_answer=True)
    assert is_clear("railed against it.", [PERSON], "indirect", has_issue=True)
    assert not is_clear("It would ruin him.", [PERSON], "direct", has_issue=True)


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
    assert is_clear_for(text, kind, speech) == expected


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
