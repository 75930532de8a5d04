"""Anchors: the way from a range of an article's text back to its place in the page or the PDF."""

from typing import Any, NamedTuple, Protocol

from summarizer.spans import Span


class NodePlace(NamedTuple):
    """Consecutive characters of a text node of a page."""

    path: str
    """The XPath of the text node in the page's markup: ``"/html/body/article/p[2]/text()[1]"``."""
    start: int
    """The offset of the first character in the text node, in code points."""
    end: int
    """The offset after the last character."""


class PagePlace(NamedTuple):
    """A box on a page of a PDF, around characters of one line."""

    page: int
    """The number of the page, from 1."""
    left: float
    """In points, from the left edge of the page."""
    bottom: float
    """In points, from the bottom edge of the page."""
    right: float
    top: float


Place = NodePlace | PagePlace


class Anchors(Protocol):
    """The places of an article's text. A loader makes one if its format has places."""

    def places(self, span: Span) -> tuple[Place, ...]:
        """Return the places of the characters in ``span``, in order; empty if they have none."""
        ...

    def selector(self, span: Span) -> dict[str, Any] | None:
        """Return the W3C Web Annotation selector of ``span``, or None if it has no place."""
        ...

    def fragment(self, span: Span) -> str | None:
        """Return the fragment that opens the place of ``span``: ``":~:text=…"``, ``"page=3"``; None without a place."""
        ...
