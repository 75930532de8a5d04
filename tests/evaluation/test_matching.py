"""Which positions, holders, questions and issues of a brief and of gold are pairs."""

import random
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.evaluation import Gold, GoldIssue, GoldQuestion
from summarizer.evaluation.matching import assign, match
from tests.evaluation.conftest import gold, position

WEIGHTS = st.integers(1, 4).flatmap(
    lambda columns: st.lists(
        st.lists(st.sampled_from([0.0, 0.0, 1.0, 1.5, 2.0, 2.75]), min_size=columns, max_size=columns), max_size=4
    )
)


def best_sum(weights: list[list[float]]) -> float:
    """Return the greatest sum of weights of all ways to make pairs."""
    columns = [*range(len(weights[0]) if weights else 0), *[None] * len(weights)]
    return max(
        sum(row[column] for row, column in zip(weights, chosen, strict=True) if column is not None)
        for chosen in permutations(columns, len(weights))
    )


@given(weights=WEIGHTS)
def test_assignment_is_one_to_one_and_has_the_greatest_sum(weights: list[list[float]]) -> None:
    pairs = assign(weights)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    assert all(weights[row][column] > 0 for row, column in pairs)
    assert sum(weights[row][column] for row, column in pairs) == pytest.approx(best_sum(weights))


def test_assignment_of_nothing_is_empty() -> None:
    assert assign([]) == assign([[]]) == assign([[0.0]]) == []


def test_positions_match_by_holder_and_a_common_sentence() -> None:
    expected = gold(position("Ada Moss", 1, 2), position("Ben Hale", 2), position("Ada Moss", 5))
    found = gold(position("Ben Hale", 2, 3), position("Ada Moss", 2), position("Ada Moss", 4))
    assert match(expected, found).positions == {0: 1, 1: 0}


def test_wording_chooses_among_positions_of_one_holder() -> None:
    expected = gold(
        position("Ada", 4, statement="The toll should rise."), position("Ada", 4, 5, statement="Ferries stay.")
    )
    found = gold(
        position("Ada", 4, statement="Ferries should stay."), position("Ada", 4, 5, statement="The toll must rise.")
    )
    assert match(expected, found).positions == {0: 1, 1: 0}


def test_similar_wording_without_the_holder_or_the_sentence_is_no_match() -> None:
    expected = gold(position("Ada Moss", 1, statement="The toll should rise."))
    other_holder = gold(position("Ben Hale", 1, statement="The toll should rise."))
    other_sentence = gold(position("Ada Moss", 2, statement="The toll should rise."))
    assert match(expected, other_holder).positions == match(expected, other_sentence).positions == {}


def test_sentence_that_many_positions_cite_says_little() -> None:
    naming = 1
    expected = gold(*(position("Ada", naming, number) for number in range(2, 12)))
    found = gold(*(position("Ada", naming, number) for number in range(8, 18)))
    assert match(expected, found).positions == {6: 0, 7: 1, 8: 2, 9: 3}


def test_position_of_all_joint_holders_is_preferred() -> None:
    expected = gold(position("Ada Moss and Ben Hale", 1))
    found = gold(position("Ada Moss", 1), position("Ben Hale and Ada Moss", 1))
    assert match(expected, found).positions == {0: 1}


@pytest.mark.parametrize(
    ("expected", "found", "is_match"),
    [
        ({"name": "Grace Okafor"}, {"name": "Okafor"}, True),
        ({"name": "Grace Okafor"}, {"name": "Dr Grace Okafor"}, True),
        ({"name": "Grace Okafor"}, {"name": "Joseph Okafor"}, False),
        ({"name": "Grace Okafor", "aliases": ("the harbour master",)}, {"name": "Harbour Master"}, True),
        ({"name": "Harbour Master"}, {"name": "Grace Okafor", "aliases": ("the harbour master",)}, True),
        ({"name": "the Treasury", "kind": "government"}, {"name": "Treasury", "kind": "organisation"}, True),
        ({"name": "the Treasury", "kind": "government"}, {"name": "the Bank", "kind": "organisation"}, False),
        ({"name": None, "kind": "author"}, {"name": "Ada Moss", "kind": "author"}, True),
        ({"name": "Ben Hale", "kind": "author"}, {"name": "Ada Moss", "kind": "author"}, False),
        ({"name": "two officials", "kind": "unnamed"}, {"name": "officials", "kind": "group"}, True),
        ({"name": "an aide", "kind": "unnamed"}, {"name": None, "kind": "unnamed"}, True),
        ({"name": "Ada Moss"}, {"name": None, "kind": "unnamed"}, False),
        ({"name": "an aide", "kind": "unnamed"}, {"name": "Ada Moss"}, False),
    ],
)
def test_holders_match_by_name(expected: dict[str, Any], found: dict[str, Any], is_match: bool) -> None:
    pairs = match(gold(position("a", 1), a=expected), gold(position("b", 1), b=found))
    assert bool(pairs.positions) == bool(pairs.holders) == is_match


def test_unnamed_sources_with_other_words_and_other_sentences_are_two() -> None:
    one, other = {"name": "an aide", "kind": "unnamed"}, {"name": "an officials", "kind": "unnamed"}
    assert match(gold(position("a", 1), a=one), gold(position("b", 2), b=other)).holders == {}


def test_questions_match_by_sentence_then_wording() -> None:
    expected = gold(questions=[GoldQuestion(question="Who pays?", sentences=(3,))])
    asked = ("When?", (3,)), ("Who pays?", (4,)), ("Who pays for it?", (3,))
    found = gold(questions=[GoldQuestion(question=words, sentences=sentences) for words, sentences in asked])
    assert match(expected, found).questions == {0: 2}


def test_issues_match_by_the_positions_on_them_then_by_wording() -> None:
    expected = gold(
        position("Ada", 1, issue="The toll should rise."), position("Ben", 2, issue="The ferry should stay.")
    )
    found = gold(
        position("Ada", 1, issue="A rise of the toll is right."), position("Ben", 3, issue="The ferry should stay.")
    )
    pairs = {expected.issues[one].id: found.issues[other].id for one, other in match(expected, found).issues.items()}
    assert pairs == {
        "The toll should rise.": "A rise of the toll is right.",
        "The ferry should stay.": "The ferry should stay.",
    }


def test_issues_without_common_positions_and_words_are_no_pair() -> None:
    one, other = (
        gold(position("Ada", 1, issue="The toll should rise.")),
        gold(position("Ben", 1, issue="Cats are kind.")),
    )
    assert match(one, other).issues == {}


@pytest.mark.parametrize(
    ("expected", "found", "pair"),
    [
        ("The toll should be raised.", "The toll must be raised.", "same"),
        ("The toll should be raised.", "The toll should not be raised.", "negated"),
        ("The toll shouldn’t be raised.", "The toll should be raised.", "negated"),
        ("The toll should no longer be raised.", "The toll should not be raised.", "same"),
        ("There should be a toll.", "There should be no toll.", "negated"),
        ("Die Maut soll steigen.", "Die Maut soll nicht steigen.", "negated"),
        ("Es soll eine Maut geben.", "Es soll keine Maut geben.", "negated"),
        ("Le péage doit augmenter.", "Le péage ne doit pas augmenter.", "negated"),
        ("Not only lorries should pay.", "Lorries should pay.", "same"),
        ("The toll should be raised.", "The toll should stay as it is.", None),
        ("The toll should be raised.", "The bridge toll should not be raised to six dollars.", None),
        ("The toll should be raised.", "The mayor is a crook.", None),
        ("The toll should be raised.", "It should be.", None),
    ],
)
def test_issues_with_common_positions_match_by_content_words(expected: str, found: str, pair: str | None) -> None:
    language = {"Die": "de", "Es": "de", "Le": "fr"}.get(expected.split(maxsplit=1)[0], "en")
    one, other = (
        gold(position("Ada", 1, issue=issue)).model_copy(update={"language": language}) for issue in (expected, found)
    )
    pairs = match(one, other)
    assert (pairs.issues, pairs.negated) == ({0: 0} if pair else {}, {0} if pair == "negated" else set())


def test_alias_of_an_issue_is_compared_too() -> None:
    issue = GoldIssue(id="toll", proposition="Crossing should cost more.", aliases=("The toll should rise.",))
    one, other = Gold(article="a", issues=(issue,)), gold(position("Ben", 1, issue="The toll should rise."))
    assert match(one, other).issues == {0: 0}


@given(seed=st.integers(0, 999))
def test_order_of_positions_changes_no_pair(seed: int) -> None:
    draw = random.Random(seed)
    every = [
        position(draw.choice(["Ada", "Ben"]), draw.randint(1, 3), statement=f"{draw.choice('abc')} {number}")
        for number in range(8)
    ]
    expected, found = gold(*every[:4]), gold(*every[4:])
    shuffled = gold(*draw.sample(every[4:], 4))

    def statements(other: Gold) -> set[tuple[str, str]]:
        pairs = match(expected, other).positions.items()
        return {(expected.positions[one].statement, other.positions[index].statement) for one, index in pairs}

    assert statements(found) == statements(shuffled)
