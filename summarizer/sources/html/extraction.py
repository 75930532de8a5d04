"""Extract the blocks of an article from a page: trafilatura, corrected by what the page's markup says."""

import logging
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from summarizer._lazy import import_extra
from summarizer.sources.html.alignment import INLINE, Match, PageText, TextNode, find_blocks, make_anchors
from summarizer.sources.html.anchors import PageAnchors
from summarizer.sources.html.clutter import ClutterFinder
from summarizer.sources.html.metadata import PageMetadata

_MAX_ELEMENTS = 100_000
"""Above it, a page is left to the fallback, whose time is linear: trafilatura would take minutes."""
_INLINE_TAGS = frozenset({"hi", "ref", "del", "lb", "graphic", "cell", *INLINE} - {"q"})
_MIN_PARAGRAPH, _MIN_ITEM, _MAX_HEADING, _MAX_CELL = 40, 10, 150, 100  # characters
SENTENCE_END = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*\s*$")


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
    blocks, matches = _fill_gaps(blocks, matches, page, has_posts="liveblogposting" in metadata.types)
    clutter = ClutterFinder(blocks, matches, page).find(metadata.title, metadata.authors)
    kept = [index for index in range(len(blocks)) if index not in clutter]
    new_index = {index: new for new, index in enumerate(kept)}
    matches = [match._replace(block=new_index[match.block]) for match in matches if match.block in new_index]
    blocks = [blocks[index] for index in kept]
    text = "\n\n".join(blocks)
    return PageArticle(text, make_anchors(blocks, matches, page) if text else None)


def _fill_gaps(
    blocks: list[str], matches: list[Match], page: PageText, *, has_posts: bool
) -> tuple[list[str], list[Match]]:
    """Add paragraphs that the extraction left out, although they stand beside its blocks in the same element.

    Args:
        blocks: The blocks.
        matches: Their places.
        page: The text of the page.
        has_posts: Whether the page is a live blog: other posts count as the same element.
    """
    whole = [match for match in matches if not match.start]
    if not whole:
        return blocks, matches
    finder = ClutterFinder(blocks, matches, page)
    parents: dict[Any, int] = {}
    for match in whole:
        parent = _block_element(page.nodes[page.node_at(match.at)].parent).getparent()
        parents[parent] = parents.get(parent, 0) + match.length
    main = {parent for parent, characters in parents.items() if 10 * characters >= sum(parents.values())}
    kinds = {_kind(parent) for parent in main} if has_posts else set()
    covered = sorted((match.at, match.at + match.length) for match in matches)
    added: list[tuple[int, int]] = []
    for start, end, nodes in page.paragraphs():
        position = bisect_right(covered, (start, len(page.squeezed)))
        if (position and covered[position - 1][1] > start) or (position < len(covered) and covered[position][0] < end):
            continue
        element = _block_element(nodes[0].parent)
        parent = element.getparent()
        container = (
            parent.getparent() if element.tag in {"li", "p"} and parent.tag in {"ul", "ol", "blockquote"} else parent
        )
        if container is None or not (container in main or (kinds and _kind(container) in kinds)):
            continue
        text = page.read(start, end)
        is_inside = covered[0][0] < start < covered[-1][1] or bool(kinds)
        if _is_prose(text, element.tag, nodes, is_inside=is_inside) and not any(
            finder.is_named_clutter(ancestor) for ancestor in {element, parent} - {container}
        ):
            added.append((start, end))
    if not added:
        return blocks, matches
    position_of = {match.block: match.at for match in reversed(matches)}
    order: list[tuple[int, str, int | None]] = []
    last = 0
    for index, block in enumerate(blocks):
        last = position_of.get(index, last)
        order.append((last, block, index))
    order.extend((start, page.read(start, end), None) for start, end in added)
    order.sort(key=lambda entry: entry[0])
    new_index = {index: new for new, (_, _, index) in enumerate(order) if index is not None}
    moved = [match._replace(block=new_index[match.block]) for match in matches]
    lengths = dict(added)
    moved.extend(
        Match(new, 0, lengths[start] - start, start) for new, (start, _, index) in enumerate(order) if index is None
    )
    return [block for _, block, _ in order], sorted(moved)


def _is_prose(text: str, tag: str, nodes: Sequence[TextNode], *, is_inside: bool) -> bool:
    linked = sum(len(node.text.strip()) for node in nodes if node.in_link)
    if 2 * linked > len(text):
        return False
    if tag == "p":
        return len(text) >= _MIN_PARAGRAPH and SENTENCE_END.search(text) is not None
    if tag == "li":
        return is_inside and len(text) >= _MIN_ITEM
    return is_inside and tag in {"h2", "h3", "h4"} and len(text) <= _MAX_HEADING


def _block_element(element: Any) -> Any:
    """Return the block that a text node's parent belongs to."""
    while element.tag in INLINE and element.getparent() is not None:
        element = element.getparent()
    return element


def _kind(element: Any) -> tuple[Any, ...]:
    parent = element.getparent()
    return element.tag, element.get("class"), parent is not None and (parent.tag, parent.get("class"))


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
            if element.tag not in _INLINE_TAGS or (element.tag == "cell" and _is_layout(element)):
                yield from flush()
            if stack:
                pieces.append(element.tail or "")
        elif isinstance(child.tag, str):
            if child.tag == "lb":
                # One <br> within a sentence is a line break; after its end, or twice, it separates paragraphs.
                if SENTENCE_END.search("".join(pieces[-3:])):
                    yield from flush()
                pieces.append(" ")
            elif child.tag not in _INLINE_TAGS or (child.tag == "cell" and _is_layout(child)):
                yield from flush()
            elif child.tag == "cell":
                pieces.append(" ")
            pieces.append(child.text or "")
            stack.append((child, iter(child)))
        else:
            pieces.append(child.tail or "")


def _is_layout(cell: Any) -> bool:
    """Return whether a table cell holds running text: the table then arranges the page."""
    return len(cell) > 2 or sum(map(len, cell.itertext())) > _MAX_CELL


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
