"""Batches that write a folder of briefs."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

BUILTIN = ("--model", "builtin")


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, title in {"a.txt": "The bridge", "b.txt": "The <b>ferry</b>"}.items():
        text = f"{title}\n\n“It is too late,” said Anna Berg of {name}."
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(("name", "ending"), [("html", "html"), ("markdown", "md"), ("json", "json")])
def test_batch_writes_a_file_an_article_and_an_index_of_them(
    run: Run, articles: Path, tmp_path: Path, name: str, ending: str
) -> None:
    out = tmp_path / "pages"
    result = run("batch", articles, *BUILTIN, "--format", name, "--out", out)
    assert result.exit_code == 0, result.output
    index, *others = [path for path in names(out) if path.startswith("index.")] + names(out)
    pages = [path for path in others if not path.startswith((".", "index."))]
    assert index == f"index.{ending}"
    assert len(pages) == 2
    listed = (out / index).read_text(encoding="utf-8")
    assert all(page in listed and page.endswith(f".{ending}") for page in pages)
    assert name != "html" or "<b>" not in listed
    assert name != "json" or [each["positions"] for each in json.loads(listed)] == [1, 1]


def test_page_shows_the_article_and_links_to_the_index(run: Run, articles: Path, tmp_path: Path) -> None:
    run("batch", articles / "a.txt", *BUILTIN, "--format", "html", "--out", tmp_path / "pages")
    (page,) = (tmp_path / "pages").glob("the-bridge-*.html")
    assert "It is too late" in page.read_text(encoding="utf-8")
    assert 'href="index.html"' in page.read_text(encoding="utf-8")


def test_later_batch_keeps_earlier_pages_and_lists_all(run: Run, articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "pages"
    run("batch", articles / "a.txt", *BUILTIN, "--format", "html", "--out", out)
    run("batch", articles / "a.txt", *BUILTIN, "--format", "markdown", "--out", out)
    (out / "mine.html").write_text("mine", encoding="utf-8")
    result = run("batch", articles / "b.txt", *BUILTIN, "--format", "html", "--out", out)
    assert (result.exit_code, "Pages of earlier batches that stay: 2." in result.stderr) == (0, True)
    pages = [name for name in names(out) if name.startswith("the-")]
    assert [Path(name).suffix for name in pages] == [".html", ".md", ".html"]
    listed = (out / "index.html").read_text(encoding="utf-8")
    assert [name in listed for name in pages] == [True, False, True]
    assert (out / "mine.html").read_text(encoding="utf-8") == "mine"


def test_changed_page_is_kept_and_named(run: Run, articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "pages"
    run("batch", articles, *BUILTIN, "--format", "html", "--out", out)
    (page,) = out.glob("the-bridge-*")
    page.write_text("mine", encoding="utf-8")
    result = run("batch", articles, *BUILTIN, "--format", "html", "--out", out)
    assert (result.exit_code, page.read_text(encoding="utf-8")) == (0, "mine")
    assert f"Kept, because they were changed after a batch wrote them: {page.name}." in result.stderr
    page.unlink()
    assert "Kept" not in run("batch", articles, *BUILTIN, "--format", "html", "--out", out).stderr
    assert page.exists()


def test_changed_index_is_refused_before_any_work(run: Run, articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "pages"
    run("batch", articles / "a.txt", *BUILTIN, "--format", "html", "--out", out)
    (out / "index.html").write_text("mine", encoding="utf-8")
    before = names(out)
    result = run("batch", articles / "b.txt", *BUILTIN, "--format", "html", "--out", out)
    assert (result.exit_code, names(out)) == (1, before)
    assert "index.html was changed after a batch wrote it. Rename it, or name another folder." in result.stderr
    assert (out / "index.html").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(("stored", "replaced"), [(True, False), (False, True)])
def test_replacement_by_a_new_brief_is_reported(
    run: Run, articles: Path, tmp_path: Path, stored: bool, replaced: bool
) -> None:
    store = ("--store", tmp_path / "briefs.db") if stored else ()
    command = ("batch", articles / "a.txt", *BUILTIN, "--format", "json", "--out", tmp_path / "pages", *store)
    assert "Replaced" not in run(*command).stderr
    (page,) = (tmp_path / "pages").glob("the-*")
    assert (f"Replaced by new briefs of their articles: {page.name}." in run(*command).stderr) is replaced


def test_folder_with_files_of_others_is_refused_before_any_work(run: Run, articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "pages"
    out.mkdir()
    (out / "index.html").write_text("mine", encoding="utf-8")
    result = run("batch", articles, *BUILTIN, "--format", "html", "--out", out)
    assert result.exit_code == 1
    assert "has files that no batch wrote" in result.stderr
    assert names(out) == ["index.html"]


def test_page_of_another_name_is_not_overwritten(run: Run, articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "pages"
    run("batch", articles / "a.txt", *BUILTIN, "--format", "json", "--out", out)
    run("batch", articles / "b.txt", *BUILTIN, "--format", "json", "--out", tmp_path / "other")
    (name,) = (path.name for path in (tmp_path / "other").glob("the-*"))
    (out / name).write_text("mine", encoding="utf-8")
    result = run("batch", articles / "b.txt", *BUILTIN, "--format", "json", "--out", out)
    assert f"changed after a batch wrote them: {name}." in result.stderr
    assert (out / name).read_text(encoding="utf-8") == "mine"


def test_pages_below_the_sources_are_no_sources(run: Run, articles: Path) -> None:
    for _ in range(2):
        result = run("batch", articles, *BUILTIN, "--format", "html", "--out", articles / "pages")
    assert "2 of 2 done" in result.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--format", "html"), "html needs a folder: --out FOLDER"),
        (("--out", "."), "is a folder: name a --format"),
        (("--out", "b.html"), "--format html --out FOLDER"),
        (("--out", "b.md"), "--format markdown --out FOLDER"),
    ],
)
def test_format_and_folder_belong_together(run: Run, articles: Path, options: tuple[str, ...], message: str) -> None:
    result = run("batch", articles, *BUILTIN, "--store", articles / "briefs.db", *options)
    assert result.exit_code == 2
    assert message in result.stderr
