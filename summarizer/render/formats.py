"""The registry of output formats."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.errors import BriefError, ConfigurationError

if TYPE_CHECKING:
    from summarizer.article import Article
    from summarizer.brief import Brief

Render = Callable[["Brief", "Article | None", int | None], str]
"""Render a brief as text; with its article, if known, and at most so many positions."""


@dataclass(frozen=True, slots=True)
class OutputFormat:
    """A format that briefs are written in."""

    render: Render
    suffixes: tuple[str, ...] = ()
    """The suffixes of file names in this format: ".md"."""
    needs_article: bool = False


def _terminal(brief: "Brief", _article: "Article | None", limit: int | None) -> str:
    from summarizer.render.terminal import to_text

    return to_text(brief, limit)


def _json(brief: "Brief", _article: "Article | None", _limit: int | None) -> str:
    return brief.model_dump_json(indent=2) + "\n"


def _markdown(brief: "Brief", _article: "Article | None", limit: int | None) -> str:
    from summarizer.render.markdown import to_markdown

    return to_markdown(brief, limit)


def _html(brief: "Brief", article: "Article | None", _limit: int | None) -> str:
    from summarizer.render.html import to_html

    assert article
    return to_html(brief, article)


FORMATS: dict[str, OutputFormat] = {
    "terminal": OutputFormat(_terminal),
    "json": OutputFormat(_json, (".json",)),
    "markdown": OutputFormat(_markdown, (".md", ".markdown")),
    "html": OutputFormat(_html, (".html", ".htm"), needs_article=True),
}
"""The output formats by name. A new entry is available to `Brief.render` and to the command."""


def format_from_suffix(path: Path | None) -> str | None:
    """Return the name of the format that a file name's suffix stands for, if any."""
    suffix = path.suffix.lower() if path else None
    return next((name for name, output_format in FORMATS.items() if suffix in output_format.suffixes), None)


def render_brief(
    brief: "Brief", format_name: str, *, article: "Article | None" = None, limit: int | None = None
) -> str:
    """Render a brief in the format with this name.

    Raises:
        BriefError: The format needs an article, or the article is not the one of this brief.
        ConfigurationError: No format has this name.
    """
    output_format = FORMATS.get(format_name)
    if not output_format:
        raise ConfigurationError(
            f"There is no output format {format_name!r}.", hint=f"Use one of {', '.join(FORMATS)}."
        )
    if output_format.needs_article and article is None:
        raise BriefError(f"The format {format_name} needs the article of the brief.", hint="Pass it as article.")
    return output_format.render(brief, article, limit)
