"""The places of a page's article text in the page: runs of characters that stand in its text nodes."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from summarizer.article import Place
from summarizer.spans import Span


class Node(NamedTuple):
    """A text node of the page."""

    path: str
    """Its XPath: ``"/html/body/article/p[2]/text()[1]"``."""
    start: int
    """The offset of its first character in the text of the page."""


class Run(NamedTuple):
    """Characters of the article that stand one for one in a text node."""

    start: int
    """The offset of the first character in the article's text."""
    end: int
    """The offset after the last character in the article's text."""
    node: int
    """The index of the node in `PageAnchors.nodes`."""
    offset: int
    """The offset of the first character in the node."""


@dataclass(frozen=True, slots=True)
class PageAnchors:
    """The places of an article's text in the text nodes of its page."""

    runs: tuple[Run, ...]
    """Sorted and not overlapping. White space that the extraction collapsed or left out separates runs."""
    nodes: tuple[Node, ...]
    """The nodes that the runs use, in document order."""
    page: str
    """The visible text of the page: its text nodes as they are, with a line break before each block and for <br>."""

    def places(self, span: Span) -> tuple[Place, ...]:  # noqa: ARG002
        """Return the places of the characters in ``span``, in order; empty if they have none."""
        return ()

    def selector(self, span: Span) -> dict[str, Any] | None:  # noqa: ARG002
        """Return the W3C Web Annotation selector of ``span``, or None if it has no place."""
        return None

    def fragment(self, span: Span) -> str | None:  # noqa: ARG002
        """Return the text fragment that opens the place of ``span``; None without a place."""
        return None
