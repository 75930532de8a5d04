"""The command ``show``: formats, pages and errors."""

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
def stored(tmp_path: Path) -> Path:
    path = tmp_path / "brief.json"
    path.write_text(bridge()[0].model_dump_json(), encoding="utf-8")
    return path


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the URLs that the browser opens."""
    opened_urls: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda address: opened_urls.append(address) or True)
    return opened_urls


def one_line(result: Result) -> str:
    assert (result.exit_code, result.stdout) == (1, ""), result.output
    (line,) = result.stderr.splitlines()
    return line.removeprefix("summarizer: ")


def test_stored_brief_is_shown(run: Run, stored: Path) -> None:
    result = run(stored)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("Council splits over the old bridge")


def test_brief_is_read_from_standard_input(run: Run, stored: Path) -> None:
    assert run("-", "-f", "markdown", stdin=stored.read_bytes()).stdout == bridge()[0].to_markdown()


def test_json_output_equals_the_stored_brief(run: Run, stored: Path) -> None:
    assert Brief.from_json(run(stored, "-f", "json").stdout) == bridge()[0]


def test_html_output_is_the_page_of_brief_and_article(run: Run, stored: Path, article: Path) -> None:
    page = run(stored, "--article", article, "-f", "html").stdout
    assert page == bridge()[0].to_html(Article.from_file(article))


def test_page_is_written_to_the_output_and_opened(
    run: Run, stored: Path, article: Path, opened: list[str], tmp_path: Path
) -> None:
    page = tmp_path / "brief page.html"
    result = run(stored, "--article", article, "--open", "-o", page)
    assert (result.exit_code, result.output) == (0, "")
    assert opened == [page.as_uri()]
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_temporary_page_is_readable_by_its_owner_only(
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
def test_suffix_of_the_output_selects_the_format(
    run: Run, stored: Path, article: Path, tmp_path: Path, name: str, form: str
) -> None:
    explicit, by_suffix = tmp_path / "told", tmp_path / "folder.html" / name
    by_suffix.parent.mkdir()
    assert run(stored, "--article", article, "-o", explicit, "-f", form).exit_code == 0
    assert run(stored, "--article", article, "-o", by_suffix).exit_code == 0
    assert by_suffix.read_bytes() == explicit.read_bytes()


@pytest.mark.parametrize("name", ["brief.dat", "brief", "brief.txt"])
def test_format_option_decides_where_the_suffix_says_nothing(run: Run, stored: Path, tmp_path: Path, name: str) -> None:
    assert run(stored, "-f", "json", "-o", tmp_path / name).exit_code == 0
    assert Brief.from_json((tmp_path / name).read_bytes()) == bridge()[0]


@pytest.mark.parametrize(("form", "name"), [("json", "b.md"), ("html", "b.json"), ("markdown", "b.HTM")])
def test_a_format_that_contradicts_the_suffix_is_refused(
    run: Run, stored: Path, tmp_path: Path, form: str, name: str
) -> None:
    result = run(stored, "-f", form, "-o", tmp_path / name, "--article", stored)
    shown = " ".join(result.stderr.replace("│", " ").split())
    assert (result.exit_code, f"but the format is {form}. Change one" in shown) == (2, True)
    assert not (tmp_path / name).exists()


def test_article_is_read_from_standard_input(run: Run, stored: Path, article: Path) -> None:
    page = run(stored, "--article", "-", "-f", "html", stdin=article.read_bytes())
    assert page.exit_code == 0
    assert page.stdout == run(stored, "--article", article, "-f", "html").stdout


def test_missing_article_is_a_one_line_error(run: Run, stored: Path) -> None:
    assert one_line(run(stored, "--article", "none.txt")).startswith("There is no file “none.txt”.")


def test_path_of_the_page_is_printed_without_a_browser(
    run: Run, stored: Path, article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", lambda _: False)
    result = run(stored, "--article", article, "--open", "-o", tmp_path / "page.html")
    assert result.exit_code == 0
    assert result.stderr == f"summarizer: no browser was found; the page is {tmp_path / 'page.html'}.\n"


@pytest.mark.parametrize("form", ["html", "terminal"])
def test_wrong_article_is_an_error_with_both_hashes(run: Run, stored: Path, article: Path, form: str) -> None:
    article.write_text(TEXT + "More.\n", encoding="utf-8")
    message = one_line(run(stored, "--article", article, "-f", form))
    assert bridge()[1].sha256 in message
    assert Article.from_file(article).sha256 in message


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The brief cannot be read: it is empty."),
        (b"{}", "The brief cannot be read: article is missing"),
        (b"\xff\xfe", "The brief cannot be read: it is not JSON: "),
        (json.dumps({"schema_version": 2}).encode(), "The brief cannot be read: schema_version "),
    ],
)
def test_invalid_brief_is_a_one_line_error(run: Run, stored: Path, data: bytes, message: str) -> None:
    stored.write_bytes(data)
    assert one_line(run(stored)).startswith(message)


def test_missing_brief_is_a_one_line_error(run: Run, tmp_path: Path) -> None:
    assert one_line(run(tmp_path / "none.json")) == f"There is no file {tmp_path / 'none.json'}."


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["-f", "html"], "a page needs the article"),
        (["--open"], "a page needs the article"),
        (["--open", "-f", "json"], "only a page (html) opens"),
        (["-f", "pdf"], "“pdf” is not one of"),
        (["-o", "page.html"], "a page needs the article"),
        (["--open", "-o", "brief.json"], "only a page (html) opens"),
    ],
)
def test_wrong_usage_exits_with_2(run: Run, stored: Path, options: list[str], message: str) -> None:
    result = run(stored, *options)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())


def test_standard_input_holds_brief_or_article_not_both(run: Run) -> None:
    result = run("-", "--article", "-", stdin=b"{}")
    assert result.exit_code == 2
    assert "the brief or the article, not both" in " ".join(result.stderr.replace("│", " ").split())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("encoding", "heads"),
    [
        ("utf-8", ["Anna Berg (chief engineer, Riverton)", "Tomas Lind (chairman)", "± Anna Berg · mixed"]),
        ("cp1252", ["Anna Berg (chief engineer, Riverton)", "Tomas Lind (chairman)", "± Anna Berg · mixed"]),
        ("ascii", ["Anna Berg (chief engineer, Riverton)", "Tomas Lind (chairman)", "Anna Berg | mixed"]),
    ],
)
def test_terminal_without_unicode_shows_similar_characters(stored: Path, encoding: str, heads: list[str]) -> None:
    command = [sys.executable, "-m", "summarizer", "show", str(stored), "--full"]
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    shown = subprocess.run(command, env=environment, capture_output=True, check=True).stdout.decode(encoding)
    assert [head for head in heads if head in shown] == heads
    assert ("“The bridge must go" if encoding != "ascii" else '"The bridge must go') in shown
    assert "town’s" in shown or "town's" in shown
