"""Names are matched to holders."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.brief import Holder
from summarizer.merging.matching import cluster_names


def holders(*names: str, **more: object) -> list[Holder]:
    return [
        Holder.model_validate({"id": f"H{n}", "name": name, "kind": "person"} | more) for n, name in enumerate(names)
    ]


def groups(every: list[Holder]) -> set[frozenset[str]]:
    """Return the names of each holder."""
    home = cluster_names(every)
    return {frozenset(each.name or "" for each in every if home[each.id] == one) for one in home.values()}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna Berg", "Berg"),
        ("Anna Berg", "Ms Berg"),
        ("Anna Berg", "ANNA BERG"),
        ("Anna Berg", "A. Berg"),
        ("Anna Maria Berg", "Anna Berg"),
        ("Anna M. Berg", "Anna Maria Berg"),
        ("J. D. Vance", "J.D. Vance"),
        ("Volodymyr Zelensky", "Volodymyr Zelenskiy"),
        ("Andrzej Żak", "Andrzej Zak"),
        ("Perpetua Lanyon-Dray", "Mrs Lanyon-Dray"),
        ("Anna van der Berg", "Ms van der Berg"),
        ("Andrés Manuel López Obrador", "López Obrador"),
        ("Kim Jong-un", "Kim Jong Un"),
        ("Kim Jong-un", "Kim"),
        ("Anna Berg", "Anna"),
        ("Anna Berg", "Mayor Berg"),
        ("Anna Berg MP", "Anna Berg"),
        ("Finance Minister Anna Berg", "Anna Berg"),
        ("J.D. Vance", "JD Vance"),
        ("James David Vance", "JD Vance"),
    ],
)
def test_two_forms_of_one_name_are_one_holder(one: str, other: str) -> None:
    assert len(groups(holders(one, other))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Donald Berg", "Donald Berg Jr"),
        ("Paul Berg", "Mr Paul"),
        ("Minister for Health", "Secretary for Health"),
        ("Anna Berg", "Olaf Berg"),
        ("Anna Berg", "Maria Berg"),
        ("A. Berg", "O. Berg"),
        ("Anna Berg", "Anna Lind"),
    ],
)
def test_two_people_are_two_holders(one: str, other: str) -> None:
    assert len(groups(holders(one, other))) == 2


def test_title_before_a_surname_makes_no_other_person() -> None:
    assert len(groups(holders("Anna Berg", "Mayor Berg", "Berg"))) == 1


def test_shared_given_name_matches_neither() -> None:
    assert len(groups(holders("Anna Berg", "Anna Lind", "Anna"))) == 3


def test_deputy_is_not_the_minister() -> None:
    anna, olaf, deputy, prime = holders("Anna Berg", "Olaf Lind", "the deputy prime minister", "Prime Minister")
    anna = anna.model_copy(update={"role": "deputy prime minister"})
    olaf = olaf.model_copy(update={"role": "prime minister"})
    assert groups([anna, olaf, deputy, prime]) == {
        frozenset({"Anna Berg", "the deputy prime minister"}),
        frozenset({"Olaf Lind", "Prime Minister"}),
    }


def test_author_is_found_by_the_surname() -> None:
    author, quill = holders("Hester Quill", "Ms Quill")
    assert len(groups([author.model_copy(update={"kind": "author"}), quill])) == 1


def test_shared_name_matches_neither() -> None:
    assert len(groups(holders("Anna Berg", "Olaf Berg", "Berg"))) == 3
    assert len(groups(holders("Anna Berg", "Axel Berg", "A. Berg"))) == 3


def test_title_distinguishes_two_people_with_one_surname() -> None:
    anna, olaf, miss = holders("Anna Berg", "Olaf Berg", "Ms Berg")
    miss = miss.model_copy(update={"aliases": ("Anna Berg",)})
    assert groups([anna, olaf, miss]) == {frozenset({"Anna Berg", "Ms Berg"}), frozenset({"Olaf Berg"})}


def test_office_matches_its_holder() -> None:
    anna, olaf, office = holders("Anna Berg", "Olaf Lind", "the environment minister")
    anna = anna.model_copy(update={"role": "environment minister"})
    assert frozenset({"Anna Berg", "the environment minister"}) in groups([anna, olaf, office])
    olaf = olaf.model_copy(update={"role": "environment minister"})
    assert len(groups([anna, olaf, office])) == 3


def test_descriptions_match_no_holder() -> None:
    engineers = holders("engineer", "engineer", "an official", kind="unnamed")
    assert len(set(cluster_names(engineers).values())) == 3
    assert len(set(cluster_names(holders("Constitutional member", "member", kind="group")).values())) == 2


NAMES = st.sampled_from(
    [
        *(
            "Anna Berg",
            "A. Berg",
            "Anna M. Berg",
            "Olaf Berg",
            "Berg",
            "Ms Berg",
            "Tomas Lind",
            "Lind",
            "Anna",
            "Mr Anna",
        ),
        *("Ms Lind Berg", "Anna Lind Berg", "Minister Anna Berg", "Berg MP", "AM Berg"),
    ]
)


@given(names=st.lists(NAMES, max_size=6, unique=True), seed=st.integers(0, 99))
def test_order_of_the_holders_does_not_matter(names: list[str], seed: int) -> None:
    every = holders(*names)
    assert groups(random.Random(seed).sample(every, len(every))) == groups(every)
