"""Extract the blocks of an article from a page: trafilatura, corrected by what the page's markup says."""

import logging
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from summarizer._lazy import import_extra
from summarizer.sources.html.alignment import INLINE, PageText, find_blocks, make_anchors
from summarizer.sources.html.anchors import PageAnchors
from summarizer.sources.html.clutter import ClutterFinder
from summarizer.sources.html.metadata import PageMetadata

_MAX_ELEMENTS = 100_000
"""Above it, a page is left to the fallback, whose time is linear: trafilatura would take minutes."""
_INLINE_TAGS = frozenset({"hi", "ref", "del", "lb", "graphic", "cell", *INLINE} - {"q"})
_SENTENCE_END = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*\s*$")


class PageArticle(NamedTuple):
    """The article of a page."""

    text: str
    anchors: PageAnchors | None


def extract_article(root: Any, page: PageText, metadata: PageMetadata) -> PageArticle:
    """Extract the article of a page and find its text in the page again.

    Args:
        root: The page, without comments. It is not changed.
        page: The text of the page.
        metadata: The metadata of the page, which the text does not repeat.
    """
    blocks = extract_blocks(root, page)
    matches = find_blocks(blocks, page)
    for match in matches:
        if not match.start and match.length == len("".join(blocks[match.block].split())):
            blocks[match.block] = page.read(match.at, match.at + match.length)
    clutter = ClutterFinder(blocks, matches, page).find(metadata.title, metadata.authors)
    kept = [index for index in range(len(blocks)) if index not in clutter]
    new_index = {index: new for new, index in enumerate(kept)}
    matches = [match._replace(block=new_index[match.block]) for match in matches if match.block in new_index]
    blocks = [blocks[index] for index in kept]
    text = "\n\n".join(blocks)
    return PageArticle(text, make_anchors(blocks, matches, page) if text else None)


def extract_blocks(root: Any, page: PageText) -> list[str]:
    """Return the blocks of the article: paragraphs, headings, list items and table rows."""
    trafilatura = import_extra("trafilatura", "web")
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())  # it reports empty pages as warnings
    if sum(1 for _ in root.iter()) > _MAX_ELEMENTS:
        return _dense_blocks(page)
    try:
        document = trafilatura.bare_extraction(root, favor_precision=True, include_comments=False)
    except (RecursionError, ValueError, AssertionError):
        document = None
    blocks = list(_blocks(document.body)) if document is not None and document.body is not None else []
    return blocks or _dense_blocks(page)


def _blocks(body: Any) -> Iterator[str]:
    """Yield the blocks below an element of trafilatura's result."""
    pieces: list[str] = []

    def flush() -> Iterator[str]:
        text = " ".join("".join(pieces).split())
        pieces.clear()
        if text:
            yield text

    stack: list[tuple[Any, Iterator[Any]]] = [(body, iter(body))]
    pieces.append(body.text or "")
    while stack:
        element, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            if element.tag not in _INLINE_TAGS:
                yield from flush()
            if stack:
                pieces.append(element.tail or "")
        elif isinstance(child.tag, str):
            if child.tag == "lb":
                # One <br> within a sentence is a line break; after its end, or twice, it separates paragraphs.
                if _SENTENCE_END.search("".join(pieces[-3:])):
                    yield from flush()
                pieces.append(" ")
            elif child.tag not in _INLINE_TAGS:
                yield from flush()
            elif child.tag == "cell":
                pieces.append(" ")
            pieces.append(child.text or "")
            stack.append((child, iter(child)))
        else:
            pieces.append(child.tail or "")


def _dense_blocks(page: PageText) -> list[str]:
    """Return the paragraphs that look like running text, for pages where trafilatura finds nothing."""
    paragraphs: dict[int, list[int]] = {}
    for index, node in enumerate(page.nodes):
        paragraphs.setdefault(node.paragraph, []).append(index)
    blocks = []
    for nodes in paragraphs.values():
        text = " ".join("".join(page.nodes[index].text for index in nodes).split())
        linked = sum(len(page.nodes[index].text.strip()) for index in nodes if page.nodes[index].in_link)
        if text and 2 * linked <= len(text) and not _is_chrome(page.nodes[nodes[0]].parent):
            blocks.append(text)
    return blocks


_CHROME = frozenset("nav footer form button aside header menu dialog".split())


def _is_chrome(element: Any) -> bool:
    return any(ancestor.tag in _CHROME for ancestor in (element, *element.iterancestors()))
