"""Views of briefs, and the registry of output formats."""

from typing import TYPE_CHECKING

from summarizer._lazy import lazy_exports

if TYPE_CHECKING:
    from summarizer.render.dossier_page import dossier_to_html
    from summarizer.render.dossier_site import write_site
    from summarizer.render.dossier_terminal import (
        dossier_to_json,
        dossier_to_markdown,
        dossier_to_terminal,
        dossier_to_text,
    )
    from summarizer.render.dossier_view import DossierOptions, dossier_options
    from summarizer.render.formats import (
        DOSSIER_FORMATS,
        FORMATS,
        OutputFormat,
        format_from_suffix,
        render_brief,
        render_dossier,
    )
    from summarizer.render.html import check_article, list_briefs, render_page, to_html, to_notebook
    from summarizer.render.markdown import render_markdown, to_markdown
    from summarizer.render.terminal import to_terminal, to_text
    from summarizer.render.text import place_link
    from summarizer.render.view_model import ViewOptions
else:
    __getattr__, __dir__ = lazy_exports(
        __name__,
        {
            ".dossier_page": "dossier_to_html",
            ".dossier_site": "write_site",
            ".dossier_terminal": "dossier_to_json dossier_to_markdown dossier_to_terminal dossier_to_text",
            ".dossier_view": "DossierOptions dossier_options",
            ".formats": "DOSSIER_FORMATS FORMATS OutputFormat format_from_suffix render_brief render_dossier",
            ".html": "check_article list_briefs render_page to_html to_notebook",
            ".markdown": "render_markdown to_markdown",
            ".text": "place_link",
            ".terminal": "to_terminal to_text",
            ".view_model": "ViewOptions",
        },
    )

__all__ = [
    "DOSSIER_FORMATS", "FORMATS", "DossierOptions", "OutputFormat", "ViewOptions", "check_article", "dossier_options",
    "dossier_to_html", "dossier_to_json", "dossier_to_markdown", "dossier_to_terminal", "dossier_to_text",
    "format_from_suffix", "list_briefs", "place_link", "render_brief", "render_dossier", "render_markdown",
    "render_page", "to_html", "to_markdown", "to_notebook", "to_terminal", "to_text", "write_site",
]  # fmt: skip
