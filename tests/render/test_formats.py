"""The registry of output formats."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from summarizer.cli import app
from summarizer.errors import BriefError, ConfigurationError
from summarizer.render import FORMATS, OutputFormat, ViewOptions, format_from_suffix, to_html, to_markdown, to_text

from .pages import bridge

BRIEF, ARTICLE = bridge()


def test_every_format_renders_a_brief() -> None:
    for name, output_format in FORMATS.items():
        text = BRIEF.render(name, article=ARTICLE)
        assert text == output_format.render(BRIEF, ARTICLE, ViewOptions())
        assert text.endswith(("\n", "</html>"))


def test_formats_are_the_views() -> None:
    assert BRIEF.render() == to_text(BRIEF)
    two = ViewOptions(limit=2)
    assert BRIEF.render("markdown", limit=2) == to_markdown(BRIEF, two) == BRIEF.to_markdown(2)
    assert BRIEF.to_markdown(full=True) == to_markdown(BRIEF, ViewOptions(full=True))
    assert BRIEF.render("html", article=ARTICLE) == to_html(BRIEF, ARTICLE) == BRIEF.to_html(ARTICLE)
    assert json.loads(BRIEF.render("json")) == json.loads(BRIEF.model_dump_json())


def test_limit_omits_positions_in_text_views_only() -> None:
    assert "4 more positions" in BRIEF.render("terminal", limit=2)
    assert BRIEF.render("json", limit=2) == BRIEF.render("json")


@pytest.mark.parametrize(
    ("name", "format_name"),
    [
        ("a.html", "html"),
        ("a.HTM", "html"),
        ("a.json", "json"),
        ("a.b.md", "markdown"),
        ("a.markdown", "markdown"),
        ("a.txt", "terminal"),
        ("html", None),
    ],
)
def test_suffix_of_a_file_name_chooses_the_format(name: str, format_name: str | None) -> None:
    assert format_from_suffix(Path(name)) == format_name
    assert format_from_suffix(None) is None


def test_unknown_format_is_an_error_that_lists_the_formats() -> None:
    with pytest.raises(ConfigurationError, match="no output format “pdf”") as caught:
        BRIEF.render("pdf")
    assert "markdown" in (caught.value.hint or "")


def test_page_needs_the_article() -> None:
    with pytest.raises(BriefError, match="needs the article"):
        BRIEF.render("html")


def test_added_format_is_available_to_briefs_and_by_suffix(monkeypatch: pytest.MonkeyPatch) -> None:
    titles = OutputFormat(lambda brief, _article, _options: brief.article.title or "", (".title",))
    monkeypatch.setitem(FORMATS, "title", titles)
    assert BRIEF.render("title") == "Council splits over the old bridge"
    assert format_from_suffix(Path("a.title")) == "title"


def test_command_offers_every_format() -> None:
    help_text = CliRunner().invoke(app, ["show", "--help"], env={"COLUMNS": "200"}).output
    assert "|".join(FORMATS) in help_text
