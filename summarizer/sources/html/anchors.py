"""The places of a page's article text in the page: runs of characters that are in its text nodes."""

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from summarizer._patterns import compile_lazily
from summarizer._text import collapse_whitespace
from summarizer.article import NodePlace, Place
from summarizer.sources.html.text_fragments import FoldedText, Stretch, text_fragment
from summarizer.spans import Span

_ROW = compile_lazily(r"(/table(?:\[\d+\])?)(?=/tr\b)")
_FIRST_IN_PRE = compile_lazily(r"/pre(?:\[\d+\])?/text\(\)\[1\]$")
_CONTENT_IN_HEAD = compile_lazily(r"/html/head(?=/(?!title|noscript)\w)")


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
    _folded: list[FoldedText] = field(default_factory=list, init=False, repr=False, compare=False)  # filled on demand

    def places(self, span: Span) -> tuple[Place, ...]:
        """Return the places of the characters in ``span``, one for each text node; empty if they have none."""
        return tuple(
            NodePlace(self.nodes[node].path, pieces[0].offset, pieces[-1].offset + pieces[-1].end - pieces[-1].start)
            for node, pieces in self._by_node(span)
        )

    def selector(self, span: Span) -> dict[str, Any] | None:
        """Return a RangeSelector from the first to the last character of ``span`` in the page, or None.

        Its ends are XPathSelectors that a TextPositionSelector refines; a TextQuoteSelector has the words.
        """
        stretches = self._stretches(span)
        if not stretches:
            return None
        (first, first_path), (last, last_path) = stretches[0], stretches[-1]
        first_start, last_start = self._node_start(first, first_path), self._node_start(last, last_path)
        end = last.end - last_start
        return {
            "type": "RangeSelector",
            "startSelector": _position(first_path, first.start - first_start, first.end - first_start),
            "endSelector": _position(last_path, end, end),  # exclusive: the selection ends where this one begins
            "refinedBy": {"type": "TextQuoteSelector", "exact": collapse_whitespace(self.page[first.start : last.end])},
        }

    def _node_start(self, stretch: Stretch, path: str) -> int:
        """Return the offset of a node's first character in browsers, which drop a line break after <pre>."""
        is_dropped = _FIRST_IN_PRE.search(path) and self.page.startswith("\n", stretch.node_start)
        return stretch.node_start + 1 if is_dropped else stretch.node_start

    def fragment(self, span: Span) -> str | None:
        """Return the text fragment that highlights ``span`` in a browser, or None without a place.

        The range is extended to whole words. A range of which less than half has a place has none.
        """
        stretches = self._stretches(span)
        if not stretches:
            return None
        if not self._folded:
            self._folded.append(FoldedText(self.page, [node.start for node in self.nodes]))
        return text_fragment(self._folded[0], [stretch for stretch, _ in stretches])

    def _stretches(self, span: Span) -> list[tuple[Stretch, str]]:
        """Return the stretches in ``span`` with the paths of their nodes; none if most of it has no place."""
        stretches: list[tuple[Stretch, str]] = []
        characters = 0
        for node, pieces in self._by_node(span):
            path, base = self.nodes[node]
            start, end = base + pieces[0].offset, base + pieces[-1].offset + pieces[-1].end - pieces[-1].start
            words = self.page[start:end]
            start, end = start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
            if stretches and start < stretches[-1][0].end:  # the page has these words before the others
                continue
            characters += sum(piece.end - piece.start for piece in pieces)
            if start < end:
                stretches.append((Stretch(start, end, base), path))
        return stretches if 2 * characters >= span.end - span.start else []

    def _by_node(self, span: Span) -> list[tuple[int, list[Run]]]:
        """Return the runs in ``span``, clipped, by node."""
        first = bisect_right(self.runs, span.start, key=attrgetter("end"))
        pieces: list[Run] = []
        for run in self.runs[first : bisect_right(self.runs, span.end - 1, lo=first, key=attrgetter("start"))]:
            start, end = max(run.start, span.start), min(run.end, span.end)
            if start < end:
                pieces.append(Run(start, end, run.node, run.offset + start - run.start))
        return [(node, list(group)) for node, group in groupby(pieces, key=attrgetter("node"))]


def _position(path: str, start: int, end: int) -> dict[str, Any]:
    """Return the selector of characters in a text node. Its path has the tags that browsers add.

    Rows of a table are in a tbody, and content without a body tag is in the body.
    """
    path = _ROW.sub(r"\1/tbody", path)
    path = _CONTENT_IN_HEAD.sub("/html/body", path)
    refinement = {"type": "TextPositionSelector", "start": start, "end": end}
    return {"type": "XPathSelector", "value": path, "refinedBy": refinement}
