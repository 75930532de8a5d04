"""Statements that cannot both hold."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer import Dossier
from summarizer.dossier import Statement
from summarizer.dossier.contradictions import read_figures

from .briefs import Held, make_brief

TOLL = "A toll should be charged on the bridge."
SEQUENCES = {
    "Ann Wood": "++",
    "Tom Reed": "+-",
    "Jane Hill": "++-+",
    "Eve Moor": "++--",
    "Sam Lake": "++-+-+",
    "Joe Park": "+--",
}
DIFFERENT = [
    ("The lock will cost 40 million euros over ten years.", "Reed put the cost of the lock at 75 million euros."),
    ("Repairing the old bridge will cost £640m.", "Repairing the old bridge will cost £1.1bn."),
    ("The harbour would get 120 permanent jobs.", "The harbour would get 30 permanent jobs at most."),
    ("Traffic in the tunnel fell by 12 percent.", "Traffic in the tunnel fell by 4%."),
    (
        "The dam would cost 40 million euros, Hill said.",
        "“Building the dam will cost €75m, not a cent less,” Reed said.",
    ),
]
ALIKE = [
    ("Painting the ferry will cost £640m.", "Painting the ferry will cost 640 million pounds."),
    ("Cleaning the beach took £30m.", "The school needs 40 new teachers."),
    ("The well will cost 40 million euros.", "The clinic will cost 75 million euros."),
    ("Mending the organ will cost £30m.", "The organ costs £200m, twice as much as in Lund."),
    ("The depot will cost £30m in all.", "The depot will cost £2m a year for guards."),
    ("The cinema was closed in 1994.", "The cinema was closed in 1996."),
    ("The 40-page report on the market is thin.", "The 60-page report on the market is thin."),
]


def contradictions(*articles: list[Held]) -> Counter[tuple[str, ...]]:
    dossier = Dossier([make_brief(f"2026-{month:02}-01", held) for month, held in enumerate(articles, 1)])
    return Counter((each.kind, *each.actors) for each in dossier.contradictions)


def test_opposite_stances_without_a_change_contradict() -> None:
    sides = {"+": "agrees", "-": "disagrees"}
    articles: list[list[Held]] = [[] for _ in range(6)]
    for name, sequence in SEQUENCES.items():
        for number, side in enumerate(sequence):
            articles[number].append((name, TOLL, sides[side], f"{name} spoke, {number}."))  # type: ignore[arg-type]
    assert contradictions(*articles) == {
        ("stance", "tom-reed", "tom-reed"): 1,
        ("stance", "jane-hill", "jane-hill"): 1,
        ("stance", "sam-lake", "sam-lake"): 2,
        ("stance", "joe-park", "joe-park"): 1,
    }


def test_both_sides_of_one_sentence_do_not_contradict() -> None:
    words = "Jane Hill is for the toll, but not on Sundays."
    assert contradictions([("Jane Hill", TOLL, "agrees", words), ("Jane Hill", TOLL, "disagrees", words)]) == {}


def test_different_figures_of_two_actors_for_one_thing_contradict() -> None:
    pairs = [*DIFFERENT, *ALIKE]
    names = [
        f"{first} {last}"
        for last in ("Hill", "Reed")
        for first in ("Ann", "Ben", "Cem", "Dora", "Eve", "Fay", "Gil", "Hal", "Ida", "Jo", "Kay", "Lea")
    ]
    first: list[Held] = [(name, "", "unclear", one) for name, (one, _) in zip(names, pairs, strict=False)]
    second: list[Held] = [(name, "", "unclear", other) for name, (_, other) in zip(names[12:], pairs, strict=False)]
    assert set(contradictions(first, second)) == {
        ("figure", f"{name}-hill", f"{name}-reed") for name in ("ann", "ben", "cem", "dora", "eve")
    }


@settings(max_examples=60)
@given(st.text("£$€0123456789.,% mbn\u00a0-:\n", max_size=60))
def test_any_figures_can_be_read(text: str) -> None:
    statement = Statement(1, "a", None, "unclear", None, 1, None)
    kinds = [kind for kind, _ in read_figures(statement, text)]
    assert len(kinds) == len(set(kinds))
    assert {"money", "rate", "share", "count"}.issuperset(kinds)


def test_one_actor_may_correct_a_figure() -> None:
    told: list[Held] = [("Jane Hill", "", "unclear", f"Repairing the old bridge will cost £{n}m.") for n in (640, 700)]
    assert contradictions(told[:1], told[1:]) == {}
