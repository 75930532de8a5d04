"""The command ``show``: stored briefs, as text and as pages."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from summarizer import Article, Brief
from summarizer.cli import app
from tests.render.pages import TEXT, bridge

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("TERM", "dumb")

    def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(app, ["show", *map(str, arguments)], input=stdin)

    return run


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    path = tmp_path / "brief.json"
    path.write_text(bridge()[0].model_dump_json(), encoding="utf-8")
    return path


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that the browser is given."""
    found: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda address: found.append(address) or True)
    return found


def one_line(result: Result) -> str:
    assert (result.exit_code, result.stdout) == (1, ""), result.output
    (line,) = result.stderr.splitlines()
    return line.removeprefix("summarizer: ")


def test_a_stored_brief_is_shown_as_it_was_when_it_was_made(run: Run, stored: Path) -> None:
    result = run(stored)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("Council splits over the old bridge")


def test_it_is_read_from_standard_input_too(run: Run, stored: Path) -> None:
    assert run("-", "-f", "markdown", stdin=stored.read_bytes()).stdout == bridge()[0].to_markdown()


def test_json_comes_out_as_it_went_in(run: Run, stored: Path) -> None:
    assert Brief.from_json(run(stored, "-f", "json").stdout) == bridge()[0]


def test_a_page_is_that_of_the_brief_and_its_article(run: Run, stored: Path, article: Path) -> None:
    page = run(stored, "--article", article, "-f", "html").stdout
    assert page == bridge()[0].to_html(Article.from_file(article))


def test_a_page_can_be_written_to_a_file_and_opened(
    run: Run, stored: Path, article: Path, opened: list[str], tmp_path: Path
) -> None:
    page = tmp_path / "brief page.html"
    result = run(stored, "--article", article, "--open", "-o", page)
    assert (result.exit_code, result.output) == (0, "")
    assert opened == [page.as_uri()]
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_page_that_is_only_opened_is_a_file_that_nobody_else_can_read(
    run: Run, stored: Path, article: Path, opened: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert run(stored, "--article", article, "--open").exit_code == 0
    (page,) = tmp_path.glob("summarizer-*.html")
    assert opened == [page.as_uri()]
    assert page.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("page.html", "html"), ("page.HTM", "html"), ("brief.json", "json"), ("brief.md", "markdown"),
        ("brief.markdown", "markdown"), ("brief.txt", "terminal"), ("brief", "terminal"),
    ],
)  # fmt: skip
def test_a_file_is_written_in_the_format_that_its_name_ends_in(
    run: Run, stored: Path, article: Path, tmp_path: Path, name: str, form: str
) -> None:
    told, named = tmp_path / "told", tmp_path / "folder.html" / name
    named.parent.mkdir()
    assert run(stored, "--article", article, "-o", told, "-f", form).exit_code == 0
    assert run(stored, "--article", article, "-o", named).exit_code == 0
    assert named.read_bytes() == told.read_bytes()


def test_a_format_that_is_told_goes_before_the_name_of_the_file(run: Run, stored: Path, tmp_path: Path) -> None:
    assert run(stored, "-f", "json", "-o", tmp_path / "brief.md").exit_code == 0
    assert Brief.from_json((tmp_path / "brief.md").read_bytes()) == bridge()[0]


def test_the_article_can_come_from_standard_input(run: Run, stored: Path, article: Path) -> None:
    page = run(stored, "--article", "-", "-f", "html", stdin=article.read_bytes())
    assert page.exit_code == 0
    assert page.stdout == run(stored, "--article", article, "-f", "html").stdout


def test_an_article_that_is_not_there_is_told_in_one_line(run: Run, stored: Path) -> None:
    assert one_line(run(stored, "--article", "none.txt")).startswith("There is no file “none.txt”.")


def test_where_there_is_no_browser_it_says_where_the_page_is(
    run: Run, stored: Path, article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", lambda _: False)
    result = run(stored, "--article", article, "--open", "-o", tmp_path / "page.html")
    assert result.exit_code == 0
    assert result.stderr == f"summarizer: no browser was found; the page is {tmp_path / 'page.html'}.\n"


@pytest.mark.parametrize("form", ["html", "terminal"])
def test_another_article_is_told_with_both_hashes(run: Run, stored: Path, article: Path, form: str) -> None:
    article.write_text(TEXT + "More.\n", encoding="utf-8")
    said = one_line(run(stored, "--article", article, "-f", form))
    assert bridge()[1].sha256 in said
    assert Article.from_file(article).sha256 in said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The brief cannot be read: at the top level, "),
        (b"{}", "The brief cannot be read: at article, "),
        (b"\xff\xfe", "The brief cannot be read: at the top level, "),
        (json.dumps({"schema_version": 2}).encode(), "The brief cannot be read: at schema_version, "),
    ],
)
def test_what_is_no_brief_is_told_in_one_line(run: Run, stored: Path, data: bytes, said: str) -> None:
    stored.write_bytes(data)
    assert one_line(run(stored)).startswith(said)


def test_a_brief_that_is_not_there_is_told_in_one_line(run: Run, tmp_path: Path) -> None:
    assert one_line(run(tmp_path / "none.json")) == f"{tmp_path / 'none.json'}: No such file or directory."


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["-f", "html"], "a page needs the article"),
        (["--open"], "a page needs the article"),
        (["--open", "-f", "json"], "only a page (html) opens"),
        (["-f", "pdf"], "'pdf' is not one of"),
        (["-o", "page.html"], "a page needs the article"),
        (["--open", "-o", "brief.json"], "only a page (html) opens"),
    ],
)
def test_wrong_usage_ends_with_2(run: Run, stored: Path, options: list[str], said: str) -> None:
    result = run(stored, *options)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())


def test_brief_and_article_cannot_both_come_from_standard_input(run: Run) -> None:
    result = run("-", "--article", "-", stdin=b"{}")
    assert result.exit_code == 2
    assert "the brief or the article, not both" in " ".join(result.stderr.replace("│", " ").split())


@pytest.mark.parametrize(
    ("encoding", "heads"),
    [
        ("utf-8", ["+ Anna Berg (chief engineer, Riverton) · agrees", "− Tomas Lind (chairman) · disagrees"]),
        ("cp1252", ["+ Anna Berg (chief engineer, Riverton) · agrees", "- Tomas Lind (chairman) · disagrees"]),
        ("ascii", ["+ Anna Berg (chief engineer, Riverton) | agrees", "- Tomas Lind (chairman) | disagrees"]),
    ],
)
def test_a_terminal_without_unicode_shows_signs_and_quotation_marks_that_look_alike(
    stored: Path, encoding: str, heads: list[str]
) -> None:
    command = [sys.executable, "-m", "summarizer", "show", str(stored)]
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    shown = subprocess.run(command, env=environment, capture_output=True, check=True).stdout.decode(encoding)
    assert [head for head in heads if head in shown] == heads
    assert ("“The bridge must go" if encoding != "ascii" else '"The bridge must go') in shown
    assert "town’s" in shown or "town's" in shown
