"""The registry of output formats."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import summarizer.render as views  # which loads a view on first use
from summarizer.errors import BriefError, ConfigurationError

if TYPE_CHECKING:
    from summarizer.article import Article
    from summarizer.brief import Brief
    from summarizer.dossier import Dossier
    from summarizer.render.dossier_view import DossierOptions
    from summarizer.render.view_model import ViewOptions


@dataclass(frozen=True, slots=True)
class OutputFormat:
    """A format that briefs are written in."""

    render: "Callable[[Brief, Article | None, ViewOptions], str]"
    """Render a brief as text, given its article and the options of the view."""
    suffixes: tuple[str, ...] = ()
    """The suffixes of file names in this format: ".md"."""
    needs_article: bool = False


def _html(brief: "Brief", article: "Article | None", _options: "ViewOptions") -> str:
    if article is None:
        raise BriefError("An HTML page needs the article of the brief.", hint="Pass it as article.")
    return views.to_html(brief, article)


FORMATS = {
    "terminal": OutputFormat(lambda brief, _article, options: views.to_text(brief, options), (".txt",)),
    "json": OutputFormat(lambda brief, _article, _options: brief.model_dump_json(indent=2) + "\n", (".json",)),
    "markdown": OutputFormat(lambda brief, _article, options: views.to_markdown(brief, options), (".md", ".markdown")),
    "html": OutputFormat(_html, (".html", ".htm"), needs_article=True),
}
"""The output formats by name. `Brief.render` and the command offer every entry."""


@dataclass(frozen=True, slots=True)
class DossierFormat:
    """A format that dossiers are written in."""

    render: "Callable[[Dossier, str, DossierOptions], str]"
    """Render a dossier as text, under a title and within the limits of the options."""
    suffixes: tuple[str, ...] = ()


DOSSIER_FORMATS = {
    "terminal": DossierFormat(lambda dossier, _title, options: views.dossier_to_text(dossier, options), (".txt",)),
    "json": DossierFormat(lambda dossier, _title, _options: views.dossier_to_json(dossier), (".json",)),
    "markdown": DossierFormat(
        lambda dossier, _title, options: views.dossier_to_markdown(dossier, options), (".md", ".markdown")
    ),
    "html": DossierFormat(
        lambda dossier, title, _options: views.dossier_to_html(dossier, title=title), (".html", ".htm")
    ),
}
"""The output formats of dossiers by name."""


def render_dossier(dossier: "Dossier", name: str, *, title: str = "Dossier", full: bool = False) -> str:
    """Render a dossier in the format with this name.

    Args:
        dossier: The dossier.
        name: A name in `DOSSIER_FORMATS`.
        title: The heading of a page.
        full: Whether the terminal view and Markdown show all actors, issues, changes and questions.

    Raises:
        ConfigurationError: No format has this name.
    """
    if name not in DOSSIER_FORMATS:
        message, hint = f"There is no output format “{name}”.", f"Use one of {', '.join(DOSSIER_FORMATS)}."
        raise ConfigurationError(message, hint=hint)
    return DOSSIER_FORMATS[name].render(dossier, title, views.dossier_options(full=full))


def format_from_suffix(path: Path | None) -> str | None:
    """Return the name of the format for a file name's suffix, if any."""
    suffix = path.suffix.lower() if path else None
    return next((name for name, output_format in FORMATS.items() if suffix in output_format.suffixes), None)


def render_brief(
    brief: "Brief", name: str, article: "Article | None" = None, options: "ViewOptions | None" = None
) -> str:
    """Render a brief in the format with this name; see `Brief.render`."""
    if name not in FORMATS:
        raise ConfigurationError(f"There is no output format “{name}”.", hint=f"Use one of {', '.join(FORMATS)}.")
    return FORMATS[name].render(brief, article, options or views.ViewOptions())
