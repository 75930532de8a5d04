"""Scores: counts, agreement of stances, intervals, and their invariants."""

import random
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.brief import Brief
from summarizer.evaluation import MEASURES, Gold, b_cubed, gold_from_brief, krippendorff_alpha, score
from summarizer.evaluation.scores import ArticleScore, Counts, Measure, Row, evaluate_measures, measure
from summarizer.verification import Findings
from tests.brief.test_brief import brief_of
from tests.strategies import findings

KILN = "The kiln should be replaced."


def measures(gold: Gold, brief: Brief) -> dict[str, float | None]:
    return evaluate_measures([score(gold, brief).counts()], [0])


def units(*coders: str) -> Counter[tuple[str | None, ...]]:
    """Return the units of coders, each of whom is one string of values; a dot is a missing value."""
    rows = ([None if value == "." else value for value in coder.split()] for coder in coders)
    return Counter(zip(*rows, strict=True))


@pytest.mark.parametrize(
    ("coders", "alpha"),
    [  # K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011: sections A, B and C
        (["0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"], 0.095),
        (["a a b b d c c c e d d a", "b a b b b c c c e d d d"], 0.692),
        (
            [
                "1 2 3 3 2 1 4 1 2 . . .",
                "1 2 3 3 2 2 4 1 2 5 . 3",
                ". 3 3 3 2 3 4 2 2 5 1 .",
                "1 2 3 3 2 4 4 1 2 5 1 .",
            ],
            0.743,
        ),
        (  # the example of Wikipedia's article on the coefficient
            [
                ". . . . . 3 4 1 2 1 1 3 3 . 3",
                "1 . 2 1 3 3 4 3 . . . . . . .",
                ". . 2 1 3 4 4 . 2 1 1 3 3 . 4",
            ],
            0.691,
        ),
    ],
)
def test_alpha_equals_published_examples(coders: list[str], alpha: float) -> None:
    assert krippendorff_alpha(units(*coders)) == pytest.approx(alpha, abs=0.0006)


def test_alpha_is_one_for_agreement_and_below_zero_for_systematic_disagreement() -> None:
    assert krippendorff_alpha(units("a b a", "a b a")) == 1
    assert krippendorff_alpha(units("a b a b", "b a b a")) < 0  # type: ignore[operator]


@pytest.mark.parametrize("coders", [["a a", "a a"], [".", "a"], ["", ""]])
def test_alpha_has_no_value_without_variation(coders: list[str]) -> None:
    assert krippendorff_alpha(units(*coders)) is None


def scored(gold: Sequence[str], found: Sequence[str]) -> Counts:
    """Return the counts of a brief of which each item is the words of a holder, sentences, an issue and a stance."""
    from summarizer.brief import Evidence, Holder, Issue, Position
    from summarizer.spans import Span
    from tests.evaluation.conftest import gold as make_gold
    from tests.evaluation.conftest import position

    expected = []
    for item in gold:
        holder, numbers, issue, stance, *optional = item.split()
        is_on = issue != "-"
        fields = {"issue": KILN if is_on else None, "stance": stance if is_on else None, "optional": bool(optional)}
        expected.append(position(holder, *map(int, numbers.split(",")), **fields))
    positions = []
    for index, item in enumerate(found):
        holder, numbers, issue, stance = item.split()
        cited = tuple(
            Evidence(sentence=int(number), spans=(Span(0, 1),), quote="Words.") for number in numbers.split(",")
        )
        positions.append(
            Position(
                id=f"P{index}",
                holders=(holder,),
                statement="Claim.",
                issue="I1" if issue != "-" else None,
                stance=stance,  # type: ignore[arg-type]
                evidence=cited,
            )
        )
    holders = [Holder(id=name, name=name, kind="person") for name in sorted({item.split()[0] for item in found})]
    issues = (Issue(id="I1", proposition=KILN, kind="policy"),)
    return score(make_gold(*expected), brief_of(Findings(tuple(holders), issues, tuple(positions)))).counts()


@pytest.mark.parametrize(
    ("gold", "found", "part", "expected"),
    [
        (["Ada 1 - -", "Ben 2 - -"], ["Ada 1 - unclear", "Ben 3 - unclear", "Cy 4 - unclear"], "positions", (1, 3, 2)),
        (["Ada 1 - -", "Ben 2 - -"], ["Ada 1 - unclear", "Ben 3 - unclear", "Cy 4 - unclear"], "holders", (2, 3, 2)),
        (["Ada 1,2,3 - -", "Ben 4 - -"], ["Ada 2,3,5,6 - unclear"], "evidence", (2, 4, 3)),
        (["Ada 1 - -", "Ada 2 - - optional"], ["Ada 1 - unclear"], "positions", (1, 1, 1)),
        (["Ada 1 - -", "Ada 2 - - optional"], ["Ada 1 - unclear", "Ada 2 - unclear"], "positions", (1, 1, 1)),
        (["Ada 1 - -", "Ben 2 - - optional"], ["Ada 1 - unclear", "Ben 2 - unclear"], "holders", (1, 1, 1)),
        (["Ada 1 - -", "Ben 2 - - optional"], ["Ada 1 - unclear"], "holders", (1, 1, 1)),
        (["Ada 1 - - optional"], ["Ada 1 - unclear"], "evidence", (0, 0, 0)),
        (["Ada 1 - -"], [], "positions", (0, 0, 1)),
        ([], ["Ada 1 - unclear"], "positions", (0, 1, 0)),
        (["Ada 1 - -"], ["Ada 1 - unclear", "Ada 1 - unclear"], "positions", (1, 2, 1)),  # said twice
    ],
)
def test_counts_of_hand_made_cases(
    gold: list[str], found: list[str], part: str, expected: tuple[int, int, int]
) -> None:
    counts = scored(gold, found)
    assert (counts[part, "right"], counts[part, "found"], counts[part, "gold"]) == expected


def test_rates_follow_from_counts() -> None:
    values = evaluate_measures(
        [scored(["Ada 1 - -", "Ben 2 - -"], ["Ada 1 - unclear", "Cy 4 - unclear", "Cy 5 - unclear"])], [0]
    )
    assert values["positions_precision"] == pytest.approx(1 / 3)
    assert values["positions_recall"] == 1 / 2
    assert values["positions_f1"] == pytest.approx(2 / 5)
    assert values["questions_f1"] is values["stances_alpha"] is None


@pytest.mark.parametrize(
    ("gold", "found", "stances"),
    [
        ("Ada 1 on agrees", "Ada 1 on disagrees", ("agrees", "disagrees")),
        ("Ada 1 on mixed", "Ada 1 - unclear", ("mixed", "unclear")),  # a stance that was not seen
        ("Ada 1 - -", "Ada 1 on agrees", ("unclear", "agrees")),  # a stance that nobody took
        ("Ada 1 - -", "Ada 1 - unclear", None),
        ("Ada 1 on agrees", "Ada 2 on agrees", None),  # not the same position
        ("Ada 1 on agrees optional", "Ada 1 on agrees", None),
    ],
)
def test_stances_are_compared_on_the_issue_of_gold(gold: str, found: str, stances: tuple[str, str] | None) -> None:
    counts = scored([gold, "Ben 9 on agrees"], [found, "Ben 9 on agrees"])
    pairs = Counter({key[1:]: number for key, number in counts.items() if key[0] == "pairs"})
    assert pairs == Counter([("agrees", "agrees"), *([stances] if stances else [])])


@given(found=findings())
def test_brief_is_perfect_against_itself(found: Findings) -> None:
    brief = brief_of(found)
    assert set(measures(gold_from_brief(brief, "a.txt"), brief).values()) <= {1.0, None}


@given(found=findings(), data=st.data())
def test_dropping_a_position_lowers_recall_only(found: Findings, data: st.DataObject) -> None:
    brief = brief_of(found)
    gold = gold_from_brief(brief, "a.txt")
    if not brief.positions:
        return
    dropped = data.draw(st.sampled_from(brief.positions))
    rest = tuple(position for position in brief.positions if position.id != dropped.id)
    values = measures(gold, brief.model_copy(update={"positions": rest}))
    assert values.pop("positions_recall") == pytest.approx(len(rest) / len(brief.positions))
    lowered = {"positions_f1", "holders_recall", "holders_f1"}
    assert {value for name, value in values.items() if name not in lowered} <= {1.0, None}


@given(found=findings(), other=findings(), seed=st.integers(0, 99))
def test_order_changes_no_measure(found: Findings, other: Findings, seed: int) -> None:
    draw = random.Random(seed)
    brief, gold = brief_of(found), gold_from_brief(brief_of(other), "a.txt")

    def shuffle(owner: Brief | Gold, *names: str) -> dict[str, tuple[object, ...]]:
        return {name: tuple(draw.sample(getattr(owner, name), len(getattr(owner, name)))) for name in names}

    shuffled = brief.model_copy(update=shuffle(brief, "holders", "issues", "positions", "open_questions"))
    other_gold = gold.model_copy(update=shuffle(gold, "holders", "issues", "positions", "questions"))
    assert measures(gold, brief) == measures(other_gold, shuffled)


@given(found=findings(), other=findings())
def test_precision_and_recall_change_places_with_brief_and_gold(found: Findings, other: Findings) -> None:
    one, two = brief_of(found), brief_of(other)
    values = measures(gold_from_brief(one, "a.txt"), two)
    swapped = measures(gold_from_brief(two, "a.txt"), one)
    for name in MEASURES:
        if name.endswith("_f1") and name != "evidence_f1":  # of equal matchings, another one may be chosen
            assert values[name] == pytest.approx(swapped[name])


def test_interval_covers_the_value_and_is_the_same_in_every_run() -> None:
    counts = [Counter({("positions", "right"): right, ("positions", "found"): 10}) for right in (2, 5, 9, 7, 4)]

    def run() -> Measure:
        return measure(len(counts), lambda drawn: evaluate_measures(counts, drawn))["positions_precision"]

    found = run()
    assert found.value == 0.54
    assert found.low is not None
    assert found.high is not None
    assert 0.2 < found.low < 0.54 < found.high < 0.9
    assert run() == found


def test_single_article_has_no_interval() -> None:
    found = measure(1, lambda _: {"rate": 0.5})["rate"]
    assert (found.value, found.low, found.high) == (0.5, None, None)


def test_interval_of_equal_articles_is_their_value() -> None:
    assert measure(3, lambda _: {"rate": 0.5})["rate"] == Measure(value=0.5, low=0.5, high=0.5)


@pytest.mark.parametrize(
    ("sentences", "found_sentences", "expected"),
    [
        ((3,), (2, 3), (1, 1, 1)),
        ((2, 3), (3,), (1, 1, 1)),
        ((2, 3), (2, 3), (2, 2, 2)),
        ((3, 4), (2, 3, 5), (1, 2, 2)),
    ],
)
def test_sentence_that_only_tells_who_speaks_counts_only_where_both_cite_it(
    sentences: tuple[int, ...], found_sentences: tuple[int, ...], expected: tuple[int, int, int]
) -> None:
    row = Row(
        status="found",
        holders="Ann Berg",
        statement="The dam leaks.",
        sentences=sentences,
        found_sentences=found_sentences,
        speaker_sentences=(2,),
    )
    counts = ArticleScore(gold="x", sha256="x", gold_sha256="x", rows=(row,)).counts()
    assert tuple(counts["evidence", part] for part in ("right", "found", "gold")) == expected


BAGGA = dict.fromkeys("12345", "a") | dict.fromkeys("67", "b") | dict.fromkeys("89ABC", "c")
"""The true clusters of the example in Bagga and Baldwin 1998."""


@pytest.mark.parametrize(
    ("found", "precision", "recall"),
    [
        (BAGGA | dict.fromkeys("67", "c"), 0.762, 1.0),
        (BAGGA | dict.fromkeys("89ABC", "a"), 0.583, 1.0),
        (BAGGA, 1.0, 1.0),
        ({item: item for item in BAGGA}, 1.0, 0.25),
    ],
)
def test_b_cubed_is_that_of_the_published_example(found: dict[str, str], precision: float, recall: float) -> None:
    score = b_cubed(found, BAGGA)
    assert (score.precision, score.recall) == pytest.approx((precision, recall), abs=0.001)
    assert score.f1 == pytest.approx(2 * precision * recall / (precision + recall), abs=0.001)


def test_items_that_only_one_side_has_do_not_count() -> None:
    assert b_cubed({"x": 1, "y": 1}, {"x": 1, "z": 1}).items == 1
    assert b_cubed({}, {"z": 1}).f1 == 1.0
