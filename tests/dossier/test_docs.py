"""The queries and examples of docs/queries.md, docs/dossier.md and docs/search.md run and find what they say."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from summarizer import Article, Dossier, Store, summarize
from summarizer.store import insert

DOCS = Path(__file__).parent.parent.parent / "docs"
QUERIES = re.search(r"<!-- queries -->\n```sql\n(.*?)```", (DOCS / "queries.md").read_text(encoding="utf-8"), re.DOTALL)
SAID = "“The toll is unfair,” Jane Hill, the mayor, said. Tom Reed said that he supports the toll. "
ENDING = "Ferries run until midnight, and the old harbour is closed. " * 5
ARTICLES = [
    ("2026-01-05", SAID),
    ("2026-02-05", "Jane Hill said that she supports the toll. Who will pay for the bridge?"),
    (
        "2026-03-05",
        "“The toll is unfair,” Jane Hill, the mayor, said. Tom Reed said that he supports the toll. " + ENDING,
    ),
    (
        "2026-03-06",
        "“The toll is unfair,” Jane Hill, the mayor, said. Tom Reed said that he supports the toll. " + ENDING,
    ),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    with Store(folder / "briefs.db") as store:
        for number, (day, text) in enumerate(ARTICLES):
            article = Article.from_text(text, title=f"Toll {number}", published=day, site=f"Paper {number}")
            store.add(summarize(article, model="builtin"), article)
        Dossier.from_store(store)
        with store.database.transaction() as connection:  # one matter, which no codebook joined
            connection.execute("UPDATE issues SET dossier_issue = (SELECT min(id) FROM dossier_issues), contrary = 0")
            connection.execute("UPDATE positions SET issue = (SELECT min(id) FROM issues)")
            connection.execute("DELETE FROM placements")
            connection.execute("DELETE FROM changes")
            row = {"actor": "jane-hill", "from_stance": "disagrees", "to_stance": "agrees", "is_explicit": 0}
            (issue,) = connection.execute("SELECT min(id) FROM dossier_issues").fetchone()
            places = connection.execute("SELECT position FROM positions_view WHERE actor = 'jane-hill'").fetchall()
            row |= {"dossier_issue": issue, "before": places[0][0], "after": places[1][0], "confidence": 0.5}
            insert(connection, "changes", row)
    return folder


@pytest.fixture(scope="module")
def store(folder: Path) -> Iterator[Store]:
    with Store(folder / "briefs.db") as opened:
        yield opened


def queries() -> list[tuple[str, str]]:
    assert QUERIES
    found = [query.strip() for query in QUERIES[1].split(";\n") if query.strip()]
    return [(query.partition("\n")[0].strip("- :"), query) for query in found]


def test_there_are_ten_queries() -> None:
    assert len(queries()) == 10


@pytest.mark.parametrize("query", [query for _, query in queries()], ids=[name for name, _ in queries()])
def test_query_finds_rows(store: Store, query: str) -> None:
    rows = store.database.query(query)
    assert rows
    assert all(row[0] is not None for row in rows)


def test_queries_find_what_they_say(store: Store) -> None:
    found = {name: [tuple(row) for row in store.database.query(query)] for name, query in queries()}
    assert [row[0] for row in found["Everything that one actor said, with dates and links"]] == [
        "2026-01-05",
        "2026-02-05",
        "2026-03-05",
    ]
    assert found["Articles that several outlets have"] == [("Toll 2", "Paper 2", "Paper 3")]
    assert found["Open questions of the last articles"][0][2] == "Who will pay for the bridge?"
    both = found["Actors who were quoted on both sides of an issue"]
    assert [row[0] for row in both] == ["Jane Hill"]
    (change,) = found["Changes of position with both quotations, the surest first"]
    assert change[:1] == ("Jane Hill",)


@pytest.mark.parametrize(("page", "says"), [("dossier.md", "Jane Hill 3"), ("search.md", "2026-01-05 Paper 0")])
def test_example_of_the_page_runs(
    folder: Path, page: str, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    (example,) = re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(example.replace('toll "new bridge" ferr*', "unfair"), page, "exec"), {})
    assert says in capsys.readouterr().out
