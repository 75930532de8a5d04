"""Briefs made to be read: in a terminal, as Markdown."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from summarizer.render.markdown import markdown
    from summarizer.render.terminal import terminal

__all__ = ["markdown", "terminal"]


def __getattr__(name: str) -> Any:
    """Load only the view that is asked for: each has a library of its own to import."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{name}"), name)
