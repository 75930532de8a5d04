"""Briefs that come in any order and in portions make the dossier that one opening of all makes; ids may differ."""

import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer import Article, Brief, Dossier, Store, summarize
from summarizer.dossier import DossierProgress
from tests.dossier.briefs import Held, make_brief

TRAM, GARAGE = "The tram should be extended to Marlow.", "A garage should be built in Marlow."
SAID: list[list[Held]] = [
    [("Vera Lind", TRAM, "agrees", "The tram must come."), ("Owen Tarr", "", "unclear", "The tram is a folly.")],
    [("Lind", TRAM, "agrees", "I want the tram by 2028."), ("Owen Tarr", "", "unclear", "The garage must be built.")],
    [("the mayor", GARAGE, "agrees", "The garage is needed."), ("Owen Tarr", TRAM, "disagrees", "The tram must go.")],
    [("Vera Lind", TRAM, "disagrees", "The tram can wait."), ("Ruth Amsel", "", "unclear", "Build the garage now.")],
    [("Vera Lind", "The tram must not be extended to Marlow.", "agrees", "The tram would be a mistake.")],
    [("Ruth Amsel", "", "unclear", "The garage should never be built."), ("Kell Council", GARAGE, "mixed", "Perhaps.")],
    [("the council", "", "unclear", "The garage must not be built."), ("Ruth Amsel", TRAM, "agrees", "I back it.")],
]
ROLES = {"Vera Lind": ("mayor", "Kell Council")}
Briefs = Sequence[tuple[Brief, Article | None]]


@cache
def invented() -> Briefs:
    title = "Marlow argues: Lind, Tarr, Amsel"
    days = enumerate(SAID, 1)
    return [(make_brief(f"2026-0{1 + day // 3}-01", held, title=title, roles=ROLES), None) for day, held in days]


@cache
def built_in(folder: Path) -> Briefs:
    articles = [Article.from_file(path) for path in sorted(folder.glob("[0-9]*.md"))]
    return [(summarize(article, model="builtin"), article) for article in articles]


def content(dossier: Dossier) -> list[list[object]]:
    """Return what a dossier says, without the ids and numbers of its store."""
    details = dossier.details(each.position for each in dossier.statements)
    said = {position: f"{each.date} {each.quotation} {each.statement}" for position, each in details.items()}
    words = {issue: each.proposition for issue, each in dossier.issues.items()} | {None: ""}
    names = {actor: each.name for actor, each in dossier.actors.items()}
    actors = [(each.name, each.kind, each.names, each.roles) for each in dossier.actors.values()]
    return [
        sorted(map(repr, actors)),
        sorted((said[each.position], names[each.actor], words[each.issue], each.stance) for each in dossier.statements),
        sorted(
            (names[each.actor], words[each.issue], each.to_stance, said[each.before], said[each.after], each.confidence)
            for each in dossier.changes
        ),
        sorted((each.question, [said[answer.position] for answer in each.answers]) for each in dossier.questions),
        sorted((each.kind, said[each.one], said[each.other], words[each.issue]) for each in dossier.contradictions),
        sorted((each.proposition, sorted(map(repr, each.wordings))) for each in dossier.issues.values()),
    ]


def open_in_portions(briefs: Briefs, sizes: Sequence[int] = ()) -> list[list[object]]:
    """Return the content of a dossier that is opened after each portion of briefs, and after the rest."""
    left = list(briefs)
    with TemporaryDirectory() as folder, Store(Path(folder, "briefs.db")) as store:
        for size in (*sizes, len(left)):
            for brief, article in left[:size]:
                store.add(brief, article)
            del left[:size]
            dossier = Dossier.from_store(store)
        return content(dossier)


@cache
def at_once(folder: Path | None = None) -> list[list[object]]:
    return open_in_portions(built_in(folder) if folder else invented())


@settings(max_examples=10, deadline=None)
@given(order=st.permutations(range(len(SAID))), sizes=st.lists(st.integers(1, 3), max_size=2))
def test_order_and_portions_do_not_count(order: list[int], sizes: list[int]) -> None:
    assert open_in_portions([invented()[place] for place in order], sizes) == at_once()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pumped-storage", "school-phones"])
@pytest.mark.parametrize("seed", range(4))
def test_order_and_portions_do_not_count_in_a_dispute(seeds: Path, name: str, seed: int) -> None:
    chance, folder = random.Random(seed), seeds / "disputes" / name
    briefs = list(built_in(folder))
    chance.shuffle(briefs)
    assert open_in_portions(briefs, chance.choices(range(1, 12), k=3)) == at_once(folder)


PEOPLE = ("Anna Quill", "Bert Rowe", "Cleo Tarn", "Dov Umber", "Tarn", "the mayor")
MATTERS = (
    [
        ("The quay toll should be introduced.", 1),
        ("The quay must stay free of charge.", -1),
        ("A quay toll is right.", 1),
    ],
    [("Millside School should close.", 1), ("Millside School must stay open.", -1)],
    [("The moor should be drained.", 1), ("The moor should be left as it is.", -1), ("Draining the moor is right.", 1)],
    [("Scooters should be banned in parks.", 1), ("Electric scooters should be allowed in the park.", -1)],
)
STATED = (
    ["{} want the quay toll", "{} would pay at the quay", "{} back a toll on the quay"],
    ["{} want Millside School to close", "{} back the closure of the school", "{} think that the school is too small"],
    ["{} want to drain the moor", "{} back the drainage of the moor", "{} call the moor a danger"],
    ["{} want scooters banned in parks", "{} back the ban on scooters", "{} call scooters a danger"],
)
TITLES = ("Quay, school and moor", "Anna Quill and Cleo Tarn disagree in Millside", "The week in Ormond: Rowe, Umber")
FORMS = ("I", "I still", "I do not", "I no longer")


@st.composite
def consistent_briefs(draw: st.DrawFn, most: int) -> list[tuple[Brief, Article | None]]:
    """Return briefs of several disputes in which everybody keeps to a side of each matter, however it is worded."""
    chance = random.Random(draw(st.integers(0, 10**6)))
    sides = {(person, matter): chance.choice([1, -1]) for person in PEOPLE for matter in range(len(MATTERS))}
    briefs: list[tuple[Brief, Article | None]] = []
    for number in range(draw(st.integers(2, most))):
        held: list[Held] = []
        worded = {
            matter: chance.choice(MATTERS[matter]) for matter in chance.sample(range(4), chance.choice([1, 1, 2]))
        }
        for _ in range(chance.randint(1, 3)):
            person, matter = chance.choice(PEOPLE), chance.choice(list(worded))
            proposition, direction = worded[matter]
            side = sides[person, matter]
            form = FORMS[chance.choice([0, 1])] if side > 0 else FORMS[chance.choice([2, 3])]
            words = f"{chance.choice(STATED[matter]).format(form)} ({number})."
            is_open = chance.random() < 0.2
            stance = "unclear" if is_open else "agrees" if side * direction > 0 else "disagrees"
            held.append((person, "" if is_open else proposition, stance, words))
        date = f"2026-{1 + chance.randrange(9):02}-{1 + chance.randrange(28):02}" if chance.random() < 0.9 else None
        title = f"{chance.choice(TITLES)} {number}"
        if chance.random() < 0.7:
            briefs.append((make_brief(date, held, title=title), None))
        else:
            text = "\n\n".join(f"“{words[:-1]},” said {person}." for person, _, _, words in held)
            article = Article.from_text(text, title=title, published=date)
            briefs.append((summarize(article, model="builtin"), article))
    return briefs


def former(brief: Brief, *, by_other: bool) -> Brief:
    """Return an earlier brief of the same article, whose stances and holders are wrong."""
    turned = {"agrees": "disagrees", "disagrees": "agrees"}
    positions = tuple(
        each.model_copy(update={"stance": turned.get(each.stance, each.stance), "holders": (brief.holders[-1].id,)})
        for each in brief.positions
    )
    issues = tuple(each.model_copy(update={"proposition": "Something else should be done."}) for each in brief.issues)
    made = brief.provenance.model_copy(update={"model": "other"}) if by_other else brief.provenance
    holders = tuple(each.model_copy(update={"role": "rower"}) for each in brief.holders)
    values = {"positions": positions, "issues": issues[:1], "holders": holders, "provenance": made}
    one = {each.id: issues[0].id for each in issues}
    values["positions"] = tuple(each.model_copy(update={"issue": one.get(each.issue or "")}) for each in positions)
    return brief.model_copy(update=values)


def assert_incremental_is_rebuilt(data: st.DataObject, most: int) -> None:
    """Add and replace briefs in any order and portions, and compare the dossier with one of all briefs at once."""
    briefs = data.draw(consistent_briefs(most))
    replaced = data.draw(st.sets(st.sampled_from(range(len(briefs))), max_size=2))
    superseded = data.draw(st.sets(st.sampled_from(range(len(briefs))), max_size=2))
    early = [(former(briefs[place][0], by_other=False), None) for place in sorted(replaced)]
    early += [(former(briefs[place][0], by_other=True), None) for place in sorted(superseded)]
    sequence = [*data.draw(st.permutations(early)), *data.draw(st.permutations(briefs))]
    sizes = data.draw(st.lists(st.integers(1, len(sequence)), max_size=4))
    if data.draw(st.booleans()):
        sizes.insert(0, len(early))
    expected = open_in_portions(briefs)
    with TemporaryDirectory() as folder, Store(Path(folder, "briefs.db")) as store:
        for size in (*sizes, len(sequence)):
            for brief, article in sequence[:size]:
                store.add(brief, article)
            del sequence[:size]
            dossier = Dossier.from_store(store)
        assert content(dossier) == expected
        dossier.rebuild()
        assert content(dossier) == expected


@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_incremental_is_rebuilt(data: st.DataObject) -> None:
    assert_incremental_is_rebuilt(data, most=6)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_incremental_is_rebuilt_for_many_briefs(data: st.DataObject) -> None:
    assert_incremental_is_rebuilt(data, most=16)


def tram_brief(date: str, proposition: str, title: str = "Marlow argues: Lind, Tarr, Amsel") -> Brief:
    held: list[Held] = [
        ("Vera Lind", proposition, "agrees", "The tram must come."),
        ("Owen Tarr", proposition, "disagrees", "The tram must go."),
    ]
    return make_brief(date, held, title=title)


OLDER = [("2026-02-01", "The extension of the tram to Marlow should be built."), ("2026-01-01", "A tram to Marlow.")]


def test_issue_keeps_its_id_when_older_articles_arrive(tmp_path: Path) -> None:
    with Store(tmp_path / "briefs.db") as store:
        store.add(tram_brief("2026-03-02", TRAM))
        store.add(tram_brief("2026-03-04", TRAM))
        before = set(Dossier.from_store(store).issues)
        for date, proposition in OLDER:
            store.add(tram_brief(date, proposition))
            assert before <= set(Dossier.from_store(store).issues)


def test_decision_keeps_the_ids_of_all_issues(tmp_path: Path) -> None:
    with Store(tmp_path / "briefs.db") as store:
        store.add(tram_brief("2026-03-02", TRAM))
        store.add(tram_brief("2026-03-04", GARAGE))
        Dossier.from_store(store)
        store.add(tram_brief("2026-01-01", OLDER[0][1]))
        dossier = Dossier.from_store(store)
        before = set(dossier.issues)
        dossier.decide(GARAGE, TRAM, "different", kind="issue")
        assert set(dossier.issues) == before


def test_id_goes_to_no_other_matter(tmp_path: Path) -> None:
    with Store(tmp_path / "briefs.db") as store:
        store.add(tram_brief("2026-03-02", TRAM))
        held: list[Held] = [(name, "Cats are better than dogs.", "agrees", f"{name}: yes.") for name in PEOPLE]
        store.add(make_brief("2026-03-04", held, title="Cats in Ormond"))
        dossier = Dossier.from_store(store)
        before = {each.proposition: issue for issue, each in dossier.issues.items()}
        decision = dossier.decide(TRAM, "Cats are better than dogs.", "contrary", kind="issue")
        assert list(dossier.issues) == [before[TRAM]]
        dossier.rebuild()
        dossier.undo(decision.id)
        assert {each.proposition: issue for issue, each in dossier.issues.items()} == before


def test_actors_keep_their_ids_when_another_model_reads_all_articles_again(tmp_path: Path) -> None:
    with Store(tmp_path / "briefs.db") as store:
        for brief, _ in invented():
            store.add(former(brief, by_other=True))
        before = set(Dossier.from_store(store).actors)
        for brief, _ in invented():
            store.add(brief)
        after = Dossier.from_store(store)
        assert {"vera-lind", "owen-tarr"} <= before & set(after.actors)
        assert not any(actor.endswith("-2") for actor in after.actors)


def states(path: Path) -> list[list[tuple[object, ...]]]:
    """Return what another process reads of the issues that a store had first."""
    queries = (
        "SELECT id, dossier_issue, contrary FROM issues WHERE brief <= 2 ORDER BY id",
        "SELECT id, proposition FROM dossier_issues ORDER BY id",
        "SELECT position, dossier_issue, stance FROM placements ORDER BY position",
    )
    with Store(path) as other:
        return [[tuple(row) for row in other.database.query(query)] for query in queries]


@pytest.mark.parametrize("stage", ["issues", "statements", "changes"])
def test_others_read_the_former_issues_while_they_are_linked_anew_and_after_a_kill(tmp_path: Path, stage: str) -> None:
    path = tmp_path / "briefs.db"
    seen = []

    def interrupt(progress: DossierProgress) -> None:
        if progress.stage == stage:
            seen.append(states(path))
            raise KeyboardInterrupt

    with Store(path) as store:
        store.add(tram_brief("2026-03-02", TRAM))
        store.add(tram_brief("2026-03-04", TRAM))
        Dossier.from_store(store)
        before = states(path)
        store.add(tram_brief("2026-01-01", OLDER[0][1]))
        with pytest.raises(KeyboardInterrupt):
            Dossier.from_store(store, on_progress=interrupt)
        assert [*seen, states(path)] == [before, before]


def test_decision_in_one_dispute_leaves_others_to_be_linked_anew(tmp_path: Path) -> None:
    wordings = [("2026-03-02", TRAM), ("2026-01-01", OLDER[0][1])]
    other = "Ormond argues: Quist, Harrow, Penhale"
    toll, ferry = "The toll in Ormond should be introduced.", "The ferry in Ormond should be kept."
    propositions = []
    for order in (wordings, wordings[::-1]):
        with Store(tmp_path / f"{order[0][0]}.db") as store:
            for date, proposition in (("2026-02-02", toll), ("2026-02-03", ferry)):
                store.add(make_brief(date, [("Ada Quist", proposition, "agrees", "So be it.")], title=other))
            Dossier.from_store(store).decide(toll, ferry, "different", kind="issue")
            for date, proposition in order:
                store.add(tram_brief(date, proposition))
                dossier = Dossier.from_store(store)
            propositions.append({each.proposition for each in dossier.issues.values()})
    assert propositions[0] == propositions[1]


def test_new_brief_rewrites_no_rows_of_other_disputes(tmp_path: Path) -> None:
    with Store(tmp_path / "briefs.db") as store:
        for number in range(30):
            held: list[Held] = [
                (f"Ada{number} Quist{number}", f"The toll in Ormond{number} must go.", "agrees", "Yes.")
            ]
            title = f"Ormond{number} argues: Quist{number}, Harrow{number}"
            store.add(make_brief(f"2026-03-{number + 1:02}", held, title=title))
        Dossier.from_store(store)
        written: list[str] = []
        with store.database.transaction() as connection:
            for table in ("article_disputes", "dispute_names"):
                for event in ("INSERT", "DELETE", "UPDATE"):
                    connection.execute(
                        f"CREATE TEMP TRIGGER {table}_{event} AFTER {event} ON main.{table} "
                        f"BEGIN SELECT written('{table}'); END"
                    )
            connection.create_function("written", 1, written.append)
        store.add(tram_brief("2026-01-01", "The ferry in Penhale must stay.", "Penhale argues: Amsel, Lind"))
        Dossier.from_store(store)
    assert 0 < written.count("article_disputes") <= 2
    assert len(written) < 20
