"""Stores of layout 1: their data are kept, and the contents of their briefs become tables."""

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from summarizer import Article, Brief, Dossier, Store, StoreError, summarize
from summarizer.outcome import Outcome
from summarizer.store import database
from summarizer.store.articles import article_key
from tests.store.conftest import TEXT, engine

ROOT = Path(__file__).parent.parent.parent
TEXTS = [TEXT, "“The toll must come,” Jane Hill said.", "Tom Reed said that he opposes the toll. Who pays?"]


@pytest.fixture(scope="module")
def briefs() -> list[Brief]:
    dates = [f"2026-0{number}-01" for number in range(1, 4)]
    articles = [
        Article.from_text(text, published=date, site=f"Paper {date}", url=f"https://paper.example/{date}")
        for text, date in zip(TEXTS, dates, strict=True)
    ]
    return [summarize(article, model="builtin") for article in articles]


@pytest.fixture
def old_path(path: Path, briefs: list[Brief]) -> Path:
    """Return the path of a store of layout 1 that has briefs, a failure and a run."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(database.layout_script("1"))
    connection.execute(f"PRAGMA application_id = {database.APPLICATION_ID}")
    connection.execute("PRAGMA user_version = 1")
    row = engine().to_row()
    database.insert(connection, "engines", row)
    database.insert(connection, "runs", {"engine": 1, "started": "2026-01-01T00:00:00+00:00", "state": "done"})
    for number, (text, brief) in enumerate(zip(TEXTS, briefs, strict=True), start=1):
        article = {"id": number, "key": article_key(brief.article), "sha256": brief.article.sha256, "text": text}
        article |= {"published": brief.article.published, "characters": len(text), "first_seen": "2026-01-01"}
        database.insert(connection, "articles", article)
        saved = {"article": number, "engine": 1, "run": 1, "brief": brief.model_dump_json(), "made": f"2026-{number}"}
        database.insert(connection, "briefs", saved)
    failure = {"article": 1, "engine": 1, "kind": "ReplyError", "message": "It was cut off.", "hint": "", "place": ""}
    database.insert(connection, "failures", failure | {"retryable": 0, "failed": "2026-01-01"})
    connection.close()
    return path


def schema(path: Path) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(path)
    found = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()
    found += connection.execute("PRAGMA user_version").fetchall()
    connection.close()
    return found


def test_briefs_of_layout_1_are_kept_in_their_order(old_path: Path, briefs: list[Brief]) -> None:
    with Store(old_path) as store:
        assert list(store.briefs()) == briefs
        assert [row["run"] for row in store.database.query("SELECT run FROM briefs")] == [1, 1, 1]
        assert store.database.query("SELECT message FROM failures")[0][0] == "It was cut off."
        assert store.database.query("PRAGMA foreign_key_check") == []


def test_a_migrated_file_has_the_layout_of_a_new_one(old_path: Path, tmp_path: Path) -> None:
    Store(old_path).close()
    Store(tmp_path / "new.db").close()
    assert schema(old_path) == schema(tmp_path / "new.db")


def test_contents_of_old_briefs_are_indexed_when_a_dossier_is_opened(old_path: Path, briefs: list[Brief]) -> None:
    with Store(old_path) as store:
        assert store.database.query("SELECT count(*) FROM positions")[0][0] == 0
        dossier = Dossier.from_store(store)
        assert {"anna-berg", "jane-hill", "tom-reed"} <= set(dossier.actors)
        assert len(dossier.statements) == sum(len(position.holders) for brief in briefs for position in brief.positions)


def test_contents_are_those_of_a_new_store(old_path: Path, tmp_path: Path, briefs: list[Brief]) -> None:
    contents = (
        "SELECT statement, quotation, stance, holder_names, speaker, published FROM positions "
        "JOIN briefs ON briefs.id = positions.brief JOIN articles ON articles.id = briefs.article ORDER BY positions.id"
    )
    with Store(old_path) as old, Store(tmp_path / "new.db") as new:
        for brief in briefs:
            new.add(brief)
        assert old.index_briefs() == (3, 0)
        assert list(map(tuple, old.database.query(contents))) == list(map(tuple, new.database.query(contents)))


def test_outlets_and_addresses_of_old_articles_come_from_their_briefs(old_path: Path, briefs: list[Brief]) -> None:
    with Store(old_path) as store:
        (found,) = store.search("unsafe", limit=1)
        assert (found.source, found.link) == ("Paper 2026-01-01", "https://paper.example/2026-01-01")


def test_reading_an_old_article_again_adds_no_outlet(old_path: Path, briefs: list[Brief]) -> None:
    with Store(old_path) as store:
        for brief in briefs:
            store.add(brief)
            store.add(brief)
        sites = [row["site"] for row in store.database.query("SELECT site FROM articles ORDER BY id")]
        assert sites == ["Paper 2026-01-01", "Paper 2026-02-01", "Paper 2026-03-01"]
        assert store.database.query("SELECT * FROM outlets") == []


def test_texts_of_old_articles_are_found(old_path: Path) -> None:
    with Store(old_path) as store:
        assert store.database.query("SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'opposes'")[0][0] == 3


def test_an_old_brief_that_cannot_be_read_is_counted_and_left(old_path: Path) -> None:
    connection = sqlite3.connect(old_path)
    with connection:
        connection.execute("UPDATE briefs SET brief = '{}' WHERE article = 2")
    connection.close()
    with Store(old_path) as store:
        assert store.index_briefs() == (2, 1)
        assert store.index_briefs() == (2, 1)
        assert len(store) == 3


def test_a_migrated_store_takes_new_briefs(old_path: Path) -> None:
    article = Article.from_text("“The ferry is late,” Ann Wood said.")
    with Store(old_path) as store:
        store.save(store.acquire(article, engine()), Outcome(brief=summarize(article, model="builtin")))
        assert "ann-wood" in Dossier.from_store(store).actors


@pytest.mark.parametrize("failing", ["CREATE TABLE actors", "DROP TABLE briefs;", "CREATE TRIGGER articles_changed"])
def test_an_interrupted_migration_leaves_the_file_unchanged(
    old_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    before = schema(old_path)
    plain = database.layout_script
    with monkeypatch.context() as patched:

        def broken(name: str) -> str:
            script = plain(name)
            assert failing in script
            return script.replace(failing, f"SELECT none;\n{failing}", 1)

        patched.setattr(database, "layout_script", broken)
        with pytest.raises(StoreError, match="no such column"):
            Store(old_path)
    assert schema(old_path) == before
    with Store(old_path) as store:
        assert store.index_briefs() == (3, 0)


@pytest.fixture
def layout_4(path: Path, briefs: list[Brief], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the path of a store of layout 4 with a dossier. Its foreign keys name no column."""
    plain = database.layout_script
    with monkeypatch.context() as patched:
        patched.setattr(database, "VERSION", 4)
        patched.setattr(database, "layout_script", lambda name: re.sub(r"(REFERENCES \w+) \(id\)", r"\1", plain(name)))
        patched.setattr(database, "_name_columns_of_keys", lambda _: None)
        with Store(path) as store:
            for brief, text in zip(briefs, TEXTS, strict=True):
                store.add(brief, Article.from_text(text))
            Dossier.from_store(store)
    assert not re.search(r"REFERENCES \w+ \(id\)", str(schema(path)))
    return path


def contents(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of all tables, and those of views."""
    names = store.database.query(
        "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE '%\\_fts%' ESCAPE '\\'"
    )
    return {name: list(map(tuple, store.database.query(f"SELECT * FROM {name}"))) for (name,) in names}


def test_foreign_keys_of_layout_4_get_their_column_and_nothing_else_changes(
    layout_4: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(os, "access", lambda *_: False)
        with Store(layout_4) as store:
            before = contents(store)
    with Store(layout_4) as store:
        assert contents(store) == before
        assert len(before["positions_view"]) > 2
        assert store.database.query("PRAGMA foreign_key_check") == []
        assert store.database.query("PRAGMA integrity_check")[0][0] == "ok"
        assert store.search("unsafe", limit=1)
    Store(tmp_path / "new.db").close()
    old, new = (
        [(name, sql and sql.replace('"', "")) for _, name, sql, *_ in schema(each)[:-1]]
        for each in (layout_4, tmp_path / "new.db")
    )
    assert old == new


def test_a_store_of_layout_4_that_cannot_be_written_is_read_without_a_copy(
    layout_4: Path, briefs: list[Brief], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with Store(layout_4) as store:
        assert list(store.briefs()) == briefs
        assert Path(store.database.query("PRAGMA database_list")[0]["file"]).samefile(layout_4)
        assert "anna-berg" in Dossier.from_store(store).actors


@pytest.mark.skipif(not hasattr(os, "fork"), reason="This system has no fork.")
def test_fork_leaves_the_copy_of_an_old_store_that_cannot_be_written(old_path: Path, tmp_path: Path) -> None:
    program = f"""
import os, pathlib
from summarizer import Store
os.access = lambda *_: False
store = Store({str(old_path)!r})
child = os.fork()
if not child:
    store.close()
    os._exit(0)
os.waitpid(child, 0)
print(*(path.name for path in pathlib.Path({str(tmp_path)!r}).glob("summarizer-*/*.db")))
store.close()
print(*pathlib.Path({str(tmp_path)!r}).glob("summarizer-*"))
"""
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    command = [sys.executable, "-W", "ignore", "-c", program]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    assert done.stdout == f"{old_path.name}\n\n", done.stderr
