"""Briefs made to be read: in a terminal, as Markdown, as a web page beside their article."""

from typing import TYPE_CHECKING

from summarizer._lazy import lazy_exports

if TYPE_CHECKING:
    from summarizer.render.markdown import to_markdown
    from summarizer.render.notebook import to_notebook
    from summarizer.render.page import to_html
    from summarizer.render.terminal import to_terminal
else:
    __getattr__, __dir__ = lazy_exports(
        __name__,
        {
            ".markdown": ["to_markdown"],
            ".notebook": ["to_notebook"],
            ".page": ["to_html"],
            ".terminal": ["to_terminal"],
        },
    )

__all__ = ["to_html", "to_markdown", "to_notebook", "to_terminal"]
