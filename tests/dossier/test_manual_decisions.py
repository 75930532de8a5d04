"""People decide who is who, and their decisions survive rebuilding."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from summarizer import Article, Dossier
from summarizer._text import normalize
from summarizer.dossier import manual_decisions
from summarizer.dossier.actor_judge import ask_about_actors
from summarizer.errors import ConfigurationError, StoreError
from summarizer.models import CallbackModel
from summarizer.store import Database, Store
from tests.dossier.linking import fill, groups, make_brief

ROWS = [
    ("2026-01-01", "Ann Hill spoke.", ["Ann Hill", "Tom Reed"]),
    ("2026-02-01", "Anna Hill spoke.", ["Anna Hill", "T. Reed"]),
    ("2026-03-01", "Hill spoke.", ["Hill"]),
    ("2026-04-01", "Ann Hill spoke again.", ["Ann Hill"]),
]
ANN = ["Ann Hill 01-01", "Ann Hill 04-01"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "briefs.db"


@pytest.fixture
def dossier(path: Path) -> Iterator[Dossier]:
    with Store(path) as store:
        yield fill(store, ROWS)


def reopened(path: Path, *, rebuild: bool) -> list[list[str]]:
    with Store(path) as store:
        dossier = Dossier.from_store(store)
        if rebuild:
            dossier.rebuild()
        return groups(dossier)


@pytest.mark.parametrize("rebuild", [False, True])
def test_two_actors_become_one(dossier: Dossier, path: Path, rebuild: bool) -> None:
    dossier.decide("Ann Hill", "Anna Hill", "same", reason="a misprint")
    expected = ["Ann Hill 01-01", "Anna Hill 02-01", "Hill 03-01", "Ann Hill 04-01"]
    assert groups(dossier)[0] == expected
    assert dossier.actors["ann-hill"].articles == 4
    assert reopened(path, rebuild=rebuild)[0] == expected


@pytest.mark.parametrize("rebuild", [False, True])
def test_one_holder_is_somebody_else(dossier: Dossier, path: Path, rebuild: bool) -> None:
    dossier.decide("ann-hill", "Ann Hill@2026-04-01", "different")
    for found in (groups(dossier), reopened(path, rebuild=rebuild)):
        assert ["Ann Hill 01-01"] in found
        assert ["Ann Hill 04-01"] in found


JANE = [
    ("2026-01-05", "Jane Hill spoke.", ["Jane Hill"]),
    ("2026-02-05", "Jane Hyll spoke, and Hill did.", ["Jane Hyll", "Hill"]),
    ("2026-03-05", "Jane Hill spoke again.", ["Jane Hill"]),
    ("2026-04-05", "Hill spoke once more.", ["Hill"]),
    ("2026-05-05", "Jane Hill, the harbour master, spoke.", ["Jane Hill"]),
]


@pytest.mark.parametrize("rebuild", [False, True])
@pytest.mark.parametrize(
    "holder",
    [f"{name}@{date}" for date, _, names in JANE for name in names] + ["Jane Hill@1", "Hill@2", "Jane Hill@3"],
)
def test_only_the_holder_who_is_somebody_else_leaves_an_actor(path: Path, holder: str, rebuild: bool) -> None:
    with Store(path) as store:
        dossier = fill(store, JANE)
        (everybody,) = groups(dossier)
        decision = dossier.decide(holder, "jane-hill", "different")
        if rebuild:
            dossier.rebuild()
        name, _, place = holder.partition("@")
        date = place if "-" in place else JANE[int(place) - 1][0]
        alone = f"{name} {date[5:]}"
        assert groups(dossier) == [[each for each in everybody if each != alone], [alone]]
        dossier.undo(decision.id)
        assert groups(dossier) == [everybody]


@pytest.mark.parametrize("place", ["1", "2", "3", "2026-01", "2026-03-01", "2027", "https://paper.example/@c"])
def test_an_article_is_named_by_its_number_or_a_whole_date(tmp_path: Path, place: str) -> None:
    """Dates begin like numbers of articles, and addresses may have an @."""
    dates = ["2026-01-01T08:00:00Z", "2026-03-01", "2027-02-01"]
    with Store(tmp_path / "briefs.db") as store:
        for number, date in enumerate(dates, 1):
            address = f"https://paper.example/@{'abc'[number - 1]}"
            article = Article.from_text(f"David Lowe spoke for the {number}. time.", published=date, url=address)
            store.add(make_brief(article, "David Lowe"), article)
        dossier = Dossier.from_store(store)
        dossier.decide(f"David Lowe@{place}", "david-lowe", "different")
        expected = {"1": 1, "2": 2, "3": 3, "2026-01": 1, "2026-03-01": 2}.get(place, 3)
        assert [f"David Lowe {dates[expected - 1][5:]}"] in groups(dossier)


@pytest.mark.parametrize("place", ["20", "2026-0", "2026-01-0", "2026-", "%"])
def test_a_part_of_a_date_names_no_article(dossier: Dossier, place: str) -> None:
    with pytest.raises(ConfigurationError, match=f"No article in the store is “{place}”"):
        dossier.decide(f"Ann Hill@{place}", "Tom Reed", "same")


def test_a_year_with_several_articles_is_not_one_of_them(dossier: Dossier) -> None:
    with pytest.raises(ConfigurationError, match="Several articles of “2026” name “Ann Hill”"):
        dossier.decide("Ann Hill@2026", "Tom Reed", "same")


@pytest.mark.parametrize("text", ["A@B Corp", "a@b corp", "A@B Corp@2026-01-01", "A@B Corp@1"])
def test_a_name_may_have_an_at_sign(tmp_path: Path, text: str) -> None:
    with Store(tmp_path / "briefs.db") as store:
        body = {"name": "A@B Corp", "kind": "organisation"}
        dossier = fill(store, [("2026-01-01", "They spoke.", [body, "Tom Reed"])])
        assert dossier.decide(text, "Tom Reed", "same").one.endswith(":a b corp")


def test_an_article_is_named_by_its_source(tmp_path: Path) -> None:
    with Store(tmp_path / "briefs.db") as store:
        for source, text in (("a1", "The toll is right."), ("a2", "The toll is wrong.")):
            article = Article.from_text(f"{text} It was raining.", source=source, title="News")
            store.add(make_brief(article, "Ann Hill"), article)
        opened = Dossier.from_store(store)
        opened.decide("Ann Hill@a1", "Ann Hill@a2", "different")
        assert len(groups(opened)) == 2


@pytest.mark.parametrize("rebuild", [False, True])
def test_two_forms_of_a_name_are_two_people(dossier: Dossier, path: Path, rebuild: bool) -> None:
    dossier.decide("Tom Reed", "T. Reed", "different")
    for found in (groups(dossier), reopened(path, rebuild=rebuild)):
        assert ["Tom Reed 01-01"] in found
        assert ["T. Reed 02-01"] in found


def test_a_holder_is_put_to_an_actor(dossier: Dossier) -> None:
    dossier.decide("Hill@2026-03-01", "Anna Hill", "same")
    assert ["Anna Hill 02-01", "Hill 03-01"] in groups(dossier)


def test_a_decision_holds_for_later_articles(dossier: Dossier, path: Path) -> None:
    dossier.decide("Ann Hill", "Anna Hill", "same")
    later = fill(dossier.store, [("2026-06-01", "Mrs Hill spoke.", ["Mrs Hill"])])
    assert "Mrs Hill 06-01" in groups(later)[0]


def test_a_withdrawn_decision_no_longer_counts(dossier: Dossier) -> None:
    before = groups(dossier)
    decision = dossier.decide("Ann Hill", "Anna Hill", "same")
    dossier.undo(decision.id)
    assert groups(dossier) == before
    assert {each.id: each.undone for each in dossier.decisions}[decision.id]


def test_what_a_rule_joined_stays_apart_after_it_is_withdrawn(dossier: Dossier, path: Path) -> None:
    (joined,) = (
        each for each in dossier.decisions if each.other.endswith(":tom reed") or each.one.endswith(":tom reed")
    )
    dossier.undo(joined.id)
    for found in (groups(dossier), reopened(path, rebuild=True)):
        assert ["Tom Reed 01-01"] in found


def test_the_last_decision_on_two_counts(dossier: Dossier) -> None:
    dossier.decide("Ann Hill", "Anna Hill", "same")
    dossier.decide("Ann Hill@2026-01-01", "Anna Hill@2026-02-01", "different")
    assert ["Anna Hill 02-01"] in groups(dossier)


def test_the_log_has_no_doubt_about_those_who_are_one(dossier: Dossier) -> None:
    dossier.decide("Ann Hill", "Anna Hill", "same")
    dossier.rebuild()
    assert {each.verdict for each in dossier.decisions} == {"same"}


def test_the_same_decision_stands_once_in_the_log(dossier: Dossier) -> None:
    first = dossier.decide("Ann Hill", "Anna Hill", "same")
    again = dossier.decide("Ann Hill@2026-01-01", "Anna Hill@2026-02-01", "same")
    assert first.id == again.id


def test_a_file_has_decisions_on_actors_and_issues(dossier: Dossier, tmp_path: Path) -> None:
    file = tmp_path / "who.yaml"
    file.write_text("actors:\n  same: [[Ann Hill, Anna Hill]]\n  different: [[Tom Reed, T. Reed]]\n", encoding="utf-8")
    made = dossier.apply_decisions(file)
    assert [(each.verdict, each.reason) for each in made] == [
        ("same", "from who.yaml"),
        ("different", "from who.yaml"),
    ]
    assert [each.id for each in dossier.apply_decisions(file)] == [each.id for each in made]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("actors: {same: [[Ann Hill]]}", "actors, same, entry 1"),
        ("actors: {equal: [[a, b]]}", "actors, equal"),
        ("actors: [", "not YAML"),
        ("- a", "invalid"),
    ],
)
def test_an_invalid_file_is_an_error_with_its_place(dossier: Dossier, tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "who.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=message):
        dossier.apply_decisions(file)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        dossier.apply_decisions(tmp_path / "missing.yaml")


@pytest.mark.parametrize(
    ("one", "other", "message"),
    [
        ("Ann Hil", "Tom Reed", "No actor .*“Ann Hil”. Near: .*Ann Hill"),
        ("Ann Hill@2031-01-01", "Tom Reed", "No article in the store is “2031-01-01”"),
        ("Tom Reed@2026-04-01", "Ann Hill", "has no holder “Tom Reed”"),
        ("Ann Hill", "ann-hill", "are the same holders"),
    ],
)
def test_a_name_that_means_nobody_is_an_error(dossier: Dossier, one: str, other: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        dossier.decide(one, other, "different")


def test_a_name_of_several_actors_is_an_error_that_lists_them(dossier: Dossier) -> None:
    dossier.decide("ann-hill", "Ann Hill@2026-04-01", "different")
    with pytest.raises(ConfigurationError, match=r"2 actors have the name “Ann Hill”.*ann-hill, ann-hill-2"):
        dossier.decide("Ann Hill", "Tom Reed", "same")


def test_a_decision_that_cannot_be_withdrawn_is_an_error(dossier: Dossier) -> None:
    dossier.decide("ann-hill", "anna-hill", "different")
    fill(dossier.store, [("2026-06-01", "Mrs Hill spoke.", ["Mrs Hill"])])
    unsure = next(each for each in dossier.decisions if each.verdict == "unsure")
    with pytest.raises(ConfigurationError, match="not surely the same"):
        dossier.undo(unsure.id)
    with pytest.raises(ConfigurationError, match="No decision in force has the number 999"):
        dossier.undo(999)


def test_decisions_on_a_write_protected_store_are_an_error(dossier: Dossier, path: Path) -> None:
    dossier.store.close()
    path.chmod(0o444)
    with Store(path) as store:
        store.database.is_read_only = True  # root may write every file
        protected = Dossier.from_store(store)
        with pytest.raises(StoreError, match="write-protected"):
            protected.decide("Ann Hill", "Anna Hill", "same")


def test_a_new_name_leaves_earlier_doubts_in_the_log(tmp_path: Path) -> None:
    rows = [
        ("2026-01-01", "Ann Hill spoke.", ["Ann Hill"]),
        ("2026-02-01", "Tom Hill spoke.", ["Tom Hill"]),
        ("2026-03-01", "Hill spoke.", ["Hill"]),
    ]

    def doubts(dossier: Dossier) -> dict[str, int]:
        return {each.other.partition(":")[2]: each.id for each in dossier.decisions if each.verdict == "unsure"}

    with Store(tmp_path / "briefs.db") as store:
        before = doubts(fill(store, rows))
        after = doubts(fill(store, [("2026-04-01", "Sam Hill spoke.", ["Sam Hill"])]))
    assert before.keys() == {"ann hill", "tom hill"}
    assert after == before | {"sam hill": after["sam hill"]}


def test_the_number_of_a_decision_is_not_used_again(dossier: Dossier) -> None:
    numbers = {each.id for each in dossier.decisions}
    dossier.rebuild()
    assert numbers.isdisjoint(each.id for each in dossier.decisions)


def test_decisions_on_a_pair_are_looked_up_by_both_keys(dossier: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    query = Database.query

    def explain(self: Database, sql: str, *values: object) -> list[sqlite3.Row]:
        if "decisions" in sql:
            found.extend(row["detail"] for row in query(self, f"EXPLAIN QUERY PLAN {sql}", *values))
        return query(self, sql, *values)

    monkeypatch.setattr(Database, "query", explain)
    dossier.decisions.find_person("actor", "a", "b", "same")
    list(ask_about_actors(dossier.store.database, CallbackModel(lambda _: {"pairs": []}, name="judge")))
    looked_up = [line for line in found if "kind=? AND one=? AND other=?" in line]
    assert len(looked_up) == 4
    assert not any("(kind=?)" in line for line in found if line.startswith("SEARCH decisions"))


def test_a_name_is_looked_up_without_reading_all_holders(dossier: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    monkeypatch.setattr(manual_decisions, "_forms", lambda row: read.append(row["words"]) or {normalize(row["words"])})
    manual_decisions.choose_holders(dossier.store.database, "anna  HILL")
    assert set(read) == {"Anna Hill"}


@pytest.mark.parametrize(
    ("name", "text"), [("Zoë Müller", "zoe muller"), ("Straße", "strasse"), ("O’Neill", "o'neill")]
)
def test_a_name_is_found_in_other_spellings(tmp_path: Path, name: str, text: str) -> None:
    with Store(tmp_path / "briefs.db") as store:
        fill(store, [("2026-01-01", "Somebody spoke.", [name, "Tom Reed"])])
        assert manual_decisions.choose_holders(store.database, text).rows[0]["words"] == name


def test_the_log_has_the_decisions_of_one_kind(dossier: Dossier) -> None:
    log = dossier.decisions
    assert list(log.of_kind("actor")) == list(log)
    assert list(log.of_kind("issue")) == []
