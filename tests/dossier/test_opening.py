"""Open a dossier of a store: again, after new briefs, read-only, and of stores that something is wrong with."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from typer.testing import CliRunner

from summarizer import Article, Brief, Dossier, Store, StoreError, summarize
from summarizer.cli import app
from summarizer.dossier import actors
from summarizer.dossier.relinking import _IS_NEW
from summarizer.errors import ConfigurationError
from summarizer.store import database
from tests.dossier.briefs import Held, make_brief

DAYS = {"2026-01-05": "Jane Hill", "2026-02-05": "Tom Reed", "2026-03-05": "Ann Wood"}


def brief_of(day: str | None, name: str) -> tuple[Brief, Article]:
    text = f"“The toll is unfair,” {name} said.\n\n{name} said that the bridge was safe. Ferries run until midnight."
    article = Article.from_text(text, published=day, site=f"{name}'s paper")
    return summarize(article, model="builtin"), article


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "briefs.db"
    with Store(path) as store:
        for day, name in DAYS.items():
            store.add(*brief_of(day, name))
    return path


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path) as opened:
        yield opened


def changes(store: Store) -> int:
    return store.database.query("SELECT total_changes()")[0][0]


def links(store: Store) -> dict[int, str]:
    return {row["id"]: row["actor"] for row in store.database.query("SELECT id, actor FROM holders")}


def test_opening_twice_changes_nothing(store: Store) -> None:
    first = Dossier.from_store(store)
    before = changes(store)
    second = Dossier.from_store(store)
    assert changes(store) == before
    assert second.statements == first.statements
    assert dict(second.actors) == dict(first.actors)


def test_a_new_brief_leaves_other_links_as_they_are(store: Store) -> None:
    Dossier.from_store(store)
    before = links(store)
    store.add(*brief_of("2026-04-05", "Jane Hill"))
    dossier = Dossier.from_store(store)
    after = links(store)
    assert before.items() <= after.items()
    assert dossier.actors["jane-hill"].articles == 2


def test_a_brief_made_again_replaces_its_statements(store: Store) -> None:
    count = len(Dossier.from_store(store).statements)
    store.add(*brief_of("2026-01-05", "Jane Hill"))
    dossier = Dossier.from_store(store)
    assert len(dossier.statements) == count
    assert store.database.query("PRAGMA foreign_key_check") == []
    store.database.query("INSERT INTO positions_fts (positions_fts) VALUES ('integrity-check')")


@pytest.mark.parametrize(
    ("conditions", "names"),
    [
        ({"since": "2026-02"}, {"tom-reed", "ann-wood"}),
        ({"until": "2026-02"}, {"jane-hill", "tom-reed"}),
        ({"since": "2026-02-05", "until": "2026-02-05"}, {"tom-reed"}),
        ({"words": "reed midnight"}, {"tom-reed"}),
        ({"sources": ["Ann Wood's paper"]}, {"ann-wood"}),
        ({"words": "nowhere"}, set()),
    ],
)
def test_conditions_select_articles(store: Store, conditions: dict[str, str], names: set[str]) -> None:
    assert set(Dossier.from_store(store, **conditions).actors) == names


def test_a_faulty_condition_is_explained(store: Store) -> None:
    with pytest.raises(ConfigurationError, match="not a date"):
        Dossier.from_store(store, since="spring")
    with pytest.raises(ConfigurationError, match="no partner"):
        Dossier.from_store(store, words='"toll')


def add_change(path: Path) -> None:
    """Add briefs in which Jane Hill changes position."""
    with Store(path) as store:
        for month, stance in enumerate(("agrees", "agrees", "disagrees", "disagrees"), 5):
            held: Held = ("Jane Hill", "A toll should be charged on the bridge.", stance, f"Words {month}.")  # type: ignore[assignment]
            store.add(make_brief(f"2026-0{month}-01", [held]))


def test_an_opening_that_is_interrupted_continues_at_the_next_one(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_change(path)
    shutil.copy(path, tmp_path / "whole.db")
    with Store(tmp_path / "whole.db") as store:
        whole = Dossier.from_store(store)
        expected = (whole.statements, dict(whole.actors), dict(whole.issues), whole.changes)
        assert whole.changes
    real = database.Database.transaction
    for last in range(20):
        copy = tmp_path / f"copy {last}.db"
        shutil.copy(path, copy)
        left = iter(range(last))

        @contextmanager
        def transaction(self: database.Database) -> Iterator[sqlite3.Connection]:
            with real(self) as connection:
                yield connection
                if next(left, None) is None:  # noqa: B023  # of this round
                    raise KeyboardInterrupt  # before the commit

        interrupted = False
        with Store(copy) as store:
            with monkeypatch.context() as patched:
                patched.setattr(database.Database, "transaction", transaction)
                try:
                    Dossier.from_store(store)
                except KeyboardInterrupt:
                    interrupted = True
            found = Dossier.from_store(store)
            assert (found.statements, dict(found.actors), dict(found.issues), found.changes) == expected
        if not interrupted:
            assert last > 1
            return
    raise AssertionError


@pytest.mark.slow
@pytest.mark.parametrize("step", ["actors._link_mentions", "issues._Linker", "changes._changes_of", "turns._search"])
def test_two_openings_at_once_link_each_brief_once(path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    add_change(path)
    place, name = step.split(".")
    module = import_module(f"summarizer.dossier.{place}")
    real = getattr(module, name)
    others: list[Thread] = []

    def open_and_close() -> None:
        with Store(path) as store:
            Dossier.from_store(store)

    def open_another(*values: Any, **more: Any) -> Any:
        if not others:
            others.append(Thread(target=open_and_close))
            others[0].start()
            others[0].join(0.2)  # it waits until this transaction is done
        return real(*values, **more)

    with Store(path) as store:
        monkeypatch.setattr(module, name, open_another)
        dossier = Dossier.from_store(store)
        others[0].join()
        assert set(dossier.actors) == {"jane-hill", "tom-reed", "ann-wood"}
        for table, count in (("actors", 3), ("changes", 1), ("linking", 0)):
            assert len(store.database.query(f"SELECT * FROM {table}")) == count, table
        ids = "SELECT id FROM dossier_issues EXCEPT SELECT dossier_issue FROM issues"
        assert store.database.query(ids) == []


def write_protect(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database.os, "access", lambda *_: False)


@pytest.mark.parametrize("is_linked", [True, False])
def test_a_store_that_cannot_be_written_opens_and_stays_as_it_is(
    path: Path, monkeypatch: pytest.MonkeyPatch, is_linked: bool
) -> None:
    if is_linked:
        with Store(path) as store:
            Dossier.from_store(store)
    before = path.read_bytes()
    write_protect(path, monkeypatch)
    with Store(path) as store:
        assert store.is_read_only
        assert store.search("unfair")
        monkeypatch.undo()  # a temporary copy can be written
        dossier = Dossier.from_store(store)
        assert set(dossier.actors) == {"jane-hill", "tom-reed", "ann-wood"}
        assert (dossier.store is store) == is_linked
    assert path.read_bytes() == before


def test_an_old_store_that_cannot_be_written_is_read_in_the_new_layout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.db"
    brief, article = brief_of("2026-01-05", "Jane Hill")
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(database.layout_script("1"))
    connection.execute(f"PRAGMA application_id = {database.APPLICATION_ID}")
    connection.execute("PRAGMA user_version = 1")
    columns = "(1, 'k', ?, 'Toll', NULL, '2026-01-05', 'en', 'a.txt', 9, ?, '2026-01-05')"
    connection.execute(f"INSERT INTO articles VALUES {columns}", (article.sha256, article.text))
    connection.execute("INSERT INTO engines VALUES (1, 'e', 'builtin', NULL, '[]', '{}', '1')")
    connection.execute("INSERT INTO briefs VALUES (1, 1, NULL, ?, '2026-01-05')", (brief.model_dump_json(),))
    connection.close()
    before = path.read_bytes()
    real = database.os.access
    monkeypatch.setattr(database.os, "access", lambda name, mode: Path(name) != path and real(name, mode))
    with Store(path) as store:
        assert list(store.briefs()) == [brief]
        assert store.is_read_only
        with pytest.raises(StoreError, match="write-protected"):
            store.add(brief)
        assert "jane-hill" in Dossier.from_store(store).actors
        assert [result.kind for result in store.search("midnight")] == ["article"]
    assert path.read_bytes() == before


def test_a_store_that_another_program_writes_to_is_reported(path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    with Store(path, wait=0.05) as store:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked by another program"):
            Dossier.from_store(store)
        other.execute("ROLLBACK")
        assert len(Dossier.from_store(store).actors) == 3
        other.execute("BEGIN IMMEDIATE")  # nothing has to be written any more
        assert len(Dossier.from_store(store).actors) == 3
        other.execute("ROLLBACK")
    other.close()


def test_a_store_copied_in_the_middle_of_a_write_opens(path: Path, tmp_path: Path) -> None:
    with Store(path) as store:
        Dossier.from_store(store)
        for name in ("briefs.db", "briefs.db-wal"):
            shutil.copy(tmp_path / name, tmp_path / name.replace("briefs", "crashed"))
    log = tmp_path / "crashed.db-wal"
    log.write_bytes(log.read_bytes()[:-1000])  # the last transaction is cut off
    with Store(tmp_path / "crashed.db") as store:
        assert set(Dossier.from_store(store).actors) == {"jane-hill", "tom-reed", "ann-wood"}


def test_a_half_written_file_is_reported(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 3])
    with pytest.raises(StoreError, match="is damaged"), Store(path) as store:
        Dossier.from_store(store)


def test_briefs_of_other_versions_are_counted_and_left_out(store: Store) -> None:
    with store.database.transaction() as connection:
        connection.execute("UPDATE briefs SET brief = json_set(brief, '$.schema_version', 99), indexed = NULL")
        connection.execute("DELETE FROM positions")
        connection.execute("DELETE FROM position_holders")
        connection.execute("DELETE FROM issues")
        connection.execute("DELETE FROM holders")
    store.add(*brief_of("2026-05-05", "Paul Gray"))
    dossier = Dossier.from_store(store)
    assert (dossier.readable, dossier.unreadable) == (1, 3)
    assert set(dossier.actors) == {"paul-gray"}


def test_briefs_without_a_date_come_last(store: Store) -> None:
    store.add(*brief_of(None, "Paul Gray"))
    dossier = Dossier.from_store(store)
    assert [each.date for each in dossier.statements][-2:] == [None, None]
    assert "paul-gray" not in Dossier.from_store(store, since="1900").actors


@pytest.mark.parametrize("number", [0, 1])
def test_a_store_of_no_or_one_article_opens(tmp_path: Path, number: int) -> None:
    with Store(tmp_path / "few.db") as store:
        for day, name in list(DAYS.items())[:number]:
            store.add(*brief_of(day, name))
        dossier = Dossier.from_store(store)
        assert len(dossier.actors) == number
        assert store.search("unfair", limit=5)[:number] == store.search("unfair", limit=5)


def test_the_command_tells_of_unreadable_briefs_and_of_long_work(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.cli.options._MANY", 3)
    first = CliRunner().invoke(app, ["dossier", str(path)])
    assert first.stderr == "summarizer: linking 3 new articles; the next opening is quick.\n"
    with Store(path) as store, store.database.transaction() as connection:
        connection.execute("UPDATE briefs SET brief = '{}', indexed = 0 WHERE id = 1")
    again = CliRunner().invoke(app, ["dossier", str(path)])
    assert again.stderr == (
        f"summarizer: briefs that cannot be read and are left out: 1; summarizer show {path} lists them.\n"
    )


def test_no_table_is_searched_as_a_whole_for_what_is_new(store: Store) -> None:
    Dossier.from_store(store)
    queries = [(_IS_NEW, []), (actors._RELATED, ['"toll"', "[]", "[]"]), (actors._FRESH, ["[]"])]
    rows = [row for sql, values in queries for row in store.database.query(f"EXPLAIN QUERY PLAN {sql}", *values)]
    whole = r"SCAN (briefs|holders|issues|articles)\b(?! USING INDEX \w+_to_\w+)"
    assert [row["detail"] for row in rows if re.match(whole, row["detail"])] == []
