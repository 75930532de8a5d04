"""Two bearers of one full name in an article are two people; one person is introduced once."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Article, Dossier, Store, summarize
from summarizer.attribution import FIELDS, are_apart, attributions, conflict, fields_of
from summarizer.attribution.namesakes import TRADES

FIRST = ("Ivan Petrov, the mayor,", "Mayor Ivan Petrov", "Ivan Petrov, mayor of Kell,", "The mayor, Ivan Petrov,")
OTHERS = (
    "Ivan Petrov, a plumber,",
    "Ivan Petrov, a plumber from Kell,",
    "plumber Ivan Petrov",
    "A plumber, Ivan Petrov,",
)


def article(*speakers: str) -> Article:
    said = ("that the bridge must go", "that the bridge must stay", "that nobody had asked", "that it was late")
    lines = (f"{each[0].upper()}{each[1:]} said {content}." for each, content in zip(speakers, said, strict=False))
    return Article.from_text("Bridge divides town\n\n" + "\n\n".join(lines), published="2026-01-05")


def roles(*speakers: str) -> list[str]:
    """Return the role of the speaker of each statement."""
    found = attributions(article(*speakers))
    return [f"{each.role or ''}".split()[0].lower() if each.role else "" for one in found for each in one.holders]


@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize("other", OTHERS)
def test_second_introduction_in_other_work_is_another_person(first: str, other: str) -> None:
    assert roles(first, other) == ["mayor", "plumber"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann Day, a surgeon,", "Ann Day, a welder,"),
        ("Ann Day, a nurse,", "Ann Day, a goalkeeper,"),
        ("Ann Day, a carpenter,", "Ann Day, a welder,"),
        ("Professor Ann Day", "striker Ann Day"),
    ],
)
def test_two_kinds_of_work_are_two_people_in_any_order(one: str, other: str) -> None:
    for pair in permutations((one, other)):
        assert len(set(roles(*pair))) == 2


@pytest.mark.parametrize(
    "speakers",
    [
        ("Ivan Petrov, the mayor,", "Ivan Petrov"),
        ("Ivan Petrov", "Ivan Petrov, a plumber,"),
        ("Mayor Ivan Petrov", "Ivan Petrov, the former plumber,"),
        ("Senator Ann Day", "Ann Day, a lawyer,"),
        ("Ann Day, a professor,", "Ann Day, an economist,"),
        ("Ann Day, the chairwoman,", "Ann Day, a senator,"),
        ("Minister Ann Day", "Ann Day, the plumber,"),
    ],
)
def test_one_person_may_be_described_twice(speakers: tuple[str, ...]) -> None:
    assert len(summarize(article(*speakers), model="builtin").holders) == 1


def test_a_name_alone_means_the_bearer_named_last() -> None:
    speakers = ("Ivan Petrov, the mayor,", "Ivan Petrov, a plumber,", "Petrov", "Mayor Petrov")
    assert roles(*speakers) == ["mayor", "plumber", "plumber", "mayor"]


def test_two_bearers_have_two_names_in_a_brief_and_stay_two_in_a_dossier() -> None:
    both = article("Ivan Petrov, the mayor,", "Ivan Petrov, a plumber,")
    assert [each.name for each in summarize(both, model="builtin").holders] == ["Ivan Petrov", "Ivan Petrov (plumber)"]
    later = [article(each) for each in ("Ivan Petrov, a plumber from Kell,", "Mayor Ivan Petrov")]
    with Store.temporary() as store:
        for each in (both, *later):
            store.add(summarize(each, model="builtin"), each)
        actors = Dossier.from_store(store).actors.values()
    assert sorted((each.statements, " ".join(f"{role.role}" for role in each.roles).lower()) for each in actors) == [
        (2, "mayor"),
        (2, "plumber"),
    ]


@given(st.frozensets(st.sampled_from(sorted(set(FIELDS.values()))), max_size=3), st.sampled_from(sorted(FIELDS)))
def test_work_goes_together_in_any_order(fields: frozenset[str], noun: str) -> None:
    other = fields_of(noun)
    assert conflict(fields, other) == conflict(other, fields)
    assert are_apart(fields, other) == are_apart(other, fields)
    assert not are_apart(fields | other, other)
    assert conflict(fields, other) <= are_apart(fields, other)


@pytest.mark.parametrize("trade", sorted(TRADES))
def test_a_trade_goes_with_an_office_but_with_no_other_trade(trade: str) -> None:
    assert not conflict(fields_of(trade), fields_of("mayor of Kell"))
    assert not conflict(fields_of(trade), fields_of("pensioner"))
    assert all(conflict(fields_of(trade), fields_of(other)) for other in TRADES - {trade})
    assert fields_of(f"former {trade}") == frozenset()


@pytest.mark.parametrize(
    "speakers",
    [
        ("Ann Day, a sheep farmer,", "Professor Ann Day, a geologist at Kell University,"),
        ("Ann Day, a fisherman,", "Ann Day, a historian,"),
        ("Ann Day, a baker,", "Ann Day, a professor of law,"),
    ],
)
def test_a_scholar_is_no_craftsman_of_the_same_name(speakers: tuple[str, str]) -> None:
    assert len(set(roles(*speakers))) == 2


@pytest.mark.parametrize("later", ["The mayor, Hill,", "Mayor Hill", "Hill, the mayor,"])
@pytest.mark.parametrize("first", ["The mayor, Tom Hill,", "Mayor Tom Hill", "Tom Hill, the mayor of Kell,"])
def test_a_surname_means_the_bearer_whose_work_stands_beside_it(first: str, later: str) -> None:
    for pair in permutations((first, "Ann Hill, a baker,")):
        found = attributions(article(*pair, later))
        assert [each.name for each in found[-1].holders] == ["Tom Hill"]


def test_a_surname_without_work_means_the_bearer_named_last() -> None:
    found = attributions(article("Tom Hill, the mayor,", "Ann Hill, a baker,", "Hill"))
    assert [each.name for each in found[-1].holders] == ["Ann Hill"]


def test_an_office_of_a_place_is_the_role_of_the_name_after_it() -> None:
    found = attributions(article("The president of Sudland, Mia Kern,"))
    assert [each.role for each in found[0].holders] == ["president"]
