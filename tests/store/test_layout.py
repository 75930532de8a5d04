"""docs/tables.md lists every table and column, and queries of docs/queries.md run."""

import re
from pathlib import Path

from summarizer import Article, Store
from summarizer.store.database import APPLICATION_ID, VERSION
from tests.store.conftest import TEXT, engine

FOLDER = Path(__file__).parent.parent.parent / "docs"
DOCS = (FOLDER / "tables.md").read_text(encoding="utf-8")
QUERIES = (FOLDER / "queries.md").read_text(encoding="utf-8")


def documented_columns(table: str) -> set[str]:
    """Return the columns that the docs list for a table."""
    (line,) = re.findall(rf"^\| [^|]*`{table}`[^|]*\|[^|]*\| (.*) \|$", DOCS, re.MULTILINE)
    return set(re.findall(r"`(\w+)`", line))


def test_docs_list_every_table_and_column(store: Store) -> None:
    tables = [row for row in store.database.query("PRAGMA main.table_list") if row["type"] in {"table", "virtual"}]
    names = [row["name"] for row in tables if row["type"] == "table" and not row["name"].startswith("sqlite_")]
    assert names
    for table in names:
        columns = {row["name"] for row in store.database.query(f"PRAGMA table_info({table})")}
        assert columns <= documented_columns(table), table
    for index in (row["name"] for row in tables if row["type"] == "virtual"):
        assert f"`{index}`" in DOCS


def test_other_programs_find_the_full_text_of_a_table(store: Store) -> None:
    """Datasette and sqlite-utils look for these words in the layout."""
    rows = store.database.query("SELECT name, sql FROM sqlite_master WHERE sql LIKE '%VIRTUAL TABLE%USING FTS%'")
    assert len(rows) == 4
    for name, sql in rows:
        assert f'content="{name.removesuffix("_fts")}"' in sql
        store.database.query(f"INSERT INTO {name} ({name}) VALUES ('integrity-check')")


def test_every_foreign_key_names_a_column(store: Store) -> None:
    """Datasette looks up a label by this column, and fails if SQLite tells none."""
    sql = """SELECT tables.name, keys."table" AS target, keys."to" AS "column" FROM sqlite_master AS tables,
        pragma_foreign_key_list(tables.name) AS keys WHERE tables.type = 'table'"""
    keys = store.database.query(sql)
    assert len(keys) > 20
    for name, target, column in keys:
        assert column in {row["name"] for row in store.database.query(f"PRAGMA table_info({target})")}, name


def test_dates_are_in_iso_8601(path: Path) -> None:
    from summarizer import summarize

    summarize(Article.from_text(TEXT, published="2026-01-05"), model="builtin", store=path)
    with Store(path) as store:
        sql = "SELECT published, first_seen, made FROM articles JOIN briefs ON article = articles.id"
        (row,) = store.database.query(sql)
        assert row["published"] == "2026-01-05"
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+(\+00:00|Z)", row[name]) for name in ("first_seen", "made"))


def test_file_is_marked_as_a_store(store: Store) -> None:
    assert store.database.query("PRAGMA application_id")[0][0] == APPLICATION_ID == 1398099290
    assert store.database.query("PRAGMA user_version")[0][0] == VERSION
    assert "1398099290" in DOCS


def test_documented_queries_run(path: Path) -> None:
    from summarizer import summarize

    summarize(Article.from_text(TEXT, source="a.txt"), model="builtin", store=path)
    found = re.search(r"<!-- queries of a batch -->\n```sql\n(.*?)```", QUERIES, re.DOTALL)
    assert found
    with Store(path) as store:
        store.acquire(Article.from_text("Another."), engine())
        first, *others = [query for query in found[1].split(";\n") if query.strip()]
        rows = [tuple(row) for row in store.database.query(first)]
        assert ("a.txt", "Anna Berg", "disagrees", "The bridge is unsafe.") in rows
        assert len(others) == 2
        for query in others:
            store.database.query(query)
