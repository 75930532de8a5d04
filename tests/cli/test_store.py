"""The command ``store merge``: what came in, what is refused, and that it can be repeated."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from summarizer import Article, Store, summarize
from tests.store.conftest import engine

Run = Callable[..., Result]
TEXTS = ["“The toll is unfair,” Jane Hill said.", "Tom Reed said that the bridge was safe."]


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "a.db", tmp_path / "b.db"]
    for path, text in zip(paths, TEXTS, strict=True):
        article = Article.from_text(text)
        with Store(path) as store:
            store.add(summarize(article, model="builtin"), article)
    return paths


def test_merge_tells_what_came_in_and_can_be_repeated(run: Run, paths: list[Path], tmp_path: Path) -> None:
    whole = tmp_path / "all.db"
    result = run("store", "merge", *paths, "--into", whole)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"summarizer: {whole} has 2 briefs; copied: 2 new articles, 2 briefs.\n"
    result = run("store", "merge", *paths, "--into", whole)
    assert result.stderr == f"summarizer: {whole} has 2 briefs; copied: nothing.\n"
    assert "unfair" in run("search", whole, "toll").stdout


def test_articles_in_progress_are_told(run: Run, paths: list[Path], tmp_path: Path) -> None:
    with Store(paths[0]) as store:
        store.acquire(Article.from_text("Another text."), engine())
        result = run("store", "merge", paths[0], "--into", tmp_path / "all.db")
    assert "works on in these stores: 1. Merge again when they are done." in result.stderr


def test_wrong_stores_are_refused_before_one_is_created(run: Run, paths: list[Path], tmp_path: Path) -> None:
    whole = tmp_path / "all.db"
    result = run("store", "merge", *paths, tmp_path / "c.db", "--into", whole)
    assert (result.exit_code, result.stderr) == (
        1,
        f"summarizer: There is no store {tmp_path / 'c.db'}. Name the files of stores.\n",
    )
    assert not whole.exists()
    (tmp_path / "c.db").write_text("No store. " * 100)
    result = run("store", "merge", *paths, tmp_path / "c.db", "--into", whole)
    assert (result.exit_code, "c.db is not a store" in result.stderr, whole.exists()) == (1, True, False)
    result = run("store", "merge", *paths, "--into", paths[1])
    assert (result.exit_code, "cannot be merged into itself" in result.stderr) == (1, True)
    assert run("store", "merge", *paths).exit_code == 2


def test_interrupted_merge_tells_how_to_continue(run: Run, paths: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Store, "merge", interrupt)
    result = run("store", "merge", paths[0], "--into", paths[1])
    assert result.exit_code == 130
    assert result.stderr == "summarizer: interrupted. What was merged is kept; the same command continues.\n"
