"""Briefs made to be read: in a terminal, as Markdown, as a web page beside their article."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from summarizer.render.markdown import to_markdown
    from summarizer.render.notebook import to_notebook
    from summarizer.render.page import to_html
    from summarizer.render.terminal import to_terminal

__all__ = ["to_html", "to_markdown", "to_notebook", "to_terminal"]

_HOMES = {"to_html": "page", "to_markdown": "markdown", "to_notebook": "notebook", "to_terminal": "terminal"}


def __getattr__(name: str) -> Any:
    """Load only the view that is asked for: each has a library of its own to import."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
