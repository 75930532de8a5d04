"""The command ``show`` on a store: the list, and one brief."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from summarizer import Article, Brief, Store, summarize
from summarizer.errors import ReplyError
from summarizer.outcome import Outcome
from tests.store.conftest import engine

Run = Callable[..., Result]
TEXT = "“The toll is unfair,” Jane Hill said."


def made(text: str = TEXT, **values: str) -> tuple[Brief, Article]:
    article = Article.from_text(text, **values)
    return summarize(article, model="builtin"), article


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "briefs.db"
    with Store(path) as store:
        store.add(*made(title="Harbour toll divides town", published="2026-01-05", site="The Courier"))
        store.add(*made("Tom Reed said that the bridge was safe.", title="Old bridge is safe", source="b.txt"))
        failed = store.acquire(Article.from_text("Another text.", title="New bridge"), engine())
        store.save(failed, Outcome(error=ReplyError("The reply was cut off.")))
        store.add(made("“The ferry is late,” Ann Wood said.", title="Ferry")[0])
    return path


def test_articles_are_listed_with_date_outlet_positions_and_title(run: Run, path: Path) -> None:
    result = run("show", path)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert lines == [
        "1 2026-01-05 The Courier 1 position Harbour toll divides town",
        "2 b.txt 1 position Old bridge is safe",
        "3 failed New bridge",
        "4 1 position Ferry",
        f"{path}: 4 articles, 3 briefs, 3 positions.",
    ]


def test_the_list_can_be_json(run: Run, path: Path, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in run("show", path, "-f", "json").stdout.splitlines()]
    assert [row["title"] for row in rows] == ["Harbour toll divides town", "Old bridge is safe", "New bridge", "Ferry"]
    assert rows[2]["failure"] == "The reply was cut off."
    assert run("show", path, "-o", tmp_path / "list.json").exit_code == 0
    assert len((tmp_path / "list.json").read_text(encoding="utf-8").splitlines()) == 4


@pytest.mark.parametrize("name", ["2", "b.txt", "Old bridge is safe", "old BRIDGE"])
def test_one_brief_is_shown_by_number_source_or_title(run: Run, path: Path, name: str) -> None:
    result = run("show", path, name)
    assert result.exit_code == 0
    assert result.stdout.startswith("Old bridge is safe")


def test_one_brief_is_a_page_with_the_stored_text(run: Run, path: Path) -> None:
    page = run("show", path, "1", "--format", "html").stdout
    brief, _ = made(title="Harbour toll divides town", published="2026-01-05", site="The Courier")
    assert page.startswith("<!DOCTYPE html>")
    assert "Jane Hill said." in page
    assert run("show", path, "1", "-f", "markdown").stdout == brief.to_markdown()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["9"], "has no article “9”. Name its number"),
        (["bridge"], "2 articles match “bridge”: 2 (Old bridge is safe), 3 (New bridge). Name the number of one."),
        (["3"], "Article 3 has no brief, because it failed: The reply was cut off."),
        (["4", "-f", "html"], "without the article's text. Write the brief to a file with --format json"),
        (["??"], "has no article “??”"),
        (["99999999999999999999"], "has no article"),
    ],
)
def test_what_cannot_be_shown_is_explained(run: Run, path: Path, arguments: list[str], says: str) -> None:
    result = run("show", path, *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert says in result.stderr


def test_a_brief_of_another_version_is_explained_and_listed(run: Run, path: Path) -> None:
    with Store(path) as store, store.database.transaction() as connection:
        connection.execute("UPDATE briefs SET brief = json_set(brief, '$.schema_version', 99), indexed = NULL")
    result = run("show", path, "1")
    assert result.exit_code == 1
    assert "The brief of article 1" in result.stderr
    assert "cannot be read" in result.stderr
    assert "unreadable" in run("show", path).stdout


def test_an_empty_store_is_listed(run: Run, tmp_path: Path) -> None:
    Store(tmp_path / "none.db").close()
    assert run("show", tmp_path / "none.db").stdout == f"{tmp_path / 'none.db'}: 0 articles, 0 briefs, 0 positions.\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["-f", "html"], "html shows one brief; name an article after the store"),
        (["1", "--article", "a.txt"], "the store has the articles"),
    ],
)
def test_wrong_usage_exits_with_2(run: Run, path: Path, arguments: list[str], says: str) -> None:
    result = run("show", path, *arguments)
    assert result.exit_code == 2
    assert says in " ".join(result.stderr.replace("│", " ").split())


def test_an_article_after_a_brief_in_json_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    (tmp_path / "brief.json").write_text(made()[0].model_dump_json(), encoding="utf-8")
    result = run("show", tmp_path / "brief.json", "1")
    assert result.exit_code == 2
    assert "is not a store" in " ".join(result.stderr.replace("│", " ").split())
