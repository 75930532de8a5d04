"""Extract the blocks of an article from a page: trafilatura, corrected by what the page's markup says."""

import html
import json
import logging
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import suppress
from difflib import SequenceMatcher
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from summarizer._lazy import import_extra
from summarizer._patterns import compile_lazily
from summarizer.sources.html.alignment import (
    ENDS,
    INLINE,
    Block,
    PageText,
    Part,
    TextNode,
    find_blocks,
    is_hidden,
    make_anchors,
    text_nodes,
)
from summarizer.sources.html.anchors import PageAnchors
from summarizer.sources.html.clutter import (
    HEADINGS,
    PARAGRAPHS,
    SENTENCE_END,
    ClutterFinder,
    block_element,
    containers,
    family,
    names_speaker,
)

if TYPE_CHECKING:
    from summarizer.sources.html.metadata import PageMetadata

_MAX_ELEMENTS = 20_000
"""Above it, a page is left to the fallback, which is faster: trafilatura would take many seconds."""
_MAX_SMALL = 500
"""Elements of a small page. There, trafilatura's comparison of algorithms takes half its time, and changes nothing."""
_INLINE_TAGS = frozenset({"hi", "ref", "del", "lb", "graphic", "cell", *INLINE} - {"q"})
_MIN_PARAGRAPH, _MIN_ADDED, _MIN_ITEM, _MAX_HEADING = 40, 20, 10, 150  # characters
_DROPPED_TAGS = ("time", "label", "q", "data", "bdi", "output")  # by trafilatura, with their text or their place
_MAX_DROPPED, _MAX_COMPARED = 100, 2_000  # characters
_MAX_CLOSE = 25  # paragraphs that begin or end alike, before and after a place
_SIMILAR = 0.8
"""The ratio of `SequenceMatcher` from which an altered block is taken for a paragraph."""
_MIN_ARTICLE = 250  # characters; trafilatura's own limit, below which it looks for other text
_BREAK_TAG = compile_lazily(r"</?(?:p|div|br|li|h[1-6]|blockquote)\b[^<>]*>", re.IGNORECASE)
_TAG = compile_lazily(r"</?[a-z][^<>]*>", re.IGNORECASE)


class PageArticle(NamedTuple):
    """The article of a page."""

    text: str
    anchors: PageAnchors | None
    is_shown: bool
    """Whether the page shows the text, and does not only have it in its data."""


def extract_article(root: Any, page: PageText, metadata: "PageMetadata") -> PageArticle:
    """Extract the article of a page and find its text in the page again.

    Args:
        root: The page, without comments. It is not changed.
        page: The text of the page.
        metadata: The metadata of the page, which the text does not repeat.
    """
    finder = _place(extract_blocks(root, page), page)
    if finder.is_mostly_clutter():  # the extraction took teasers or comments for the article
        rest = finder.without_clutter(root)
        others = _place(extract_blocks(rest, PageText(text_nodes(rest))), page)
        is_between = (
            0 <= page.find_paragraph(metadata.title or "") < others.start < finder.start
        )  # it comes after its title
        finder = others if is_between and others.total >= _MIN_ARTICLE else finder
    blocks = finder.blocks
    added = list(_gaps(finder, has_posts="liveblogposting" in metadata.types))
    if added:
        blocks = _insert(blocks, added, page)
        finder = ClutterFinder(blocks, page, finder)
    clutter = finder.find(metadata.title, [*metadata.authors, *filter(None, (metadata.site, metadata.section))])
    blocks = [block for index, block in enumerate(blocks) if index not in clutter]
    text = "\n\n".join(block.text for block in blocks)
    is_shown = 2 * sum(len(block.text) for block in blocks if block.parts) >= len(text)
    return PageArticle(text, make_anchors(blocks, page) if text else None, is_shown)


def _place(blocks: Sequence[str], page: PageText) -> ClutterFinder:
    """Find the places of blocks in the page, and read them from there, word for word."""
    placed: list[Block] = []
    cursor = 0
    for block in find_blocks(blocks, page):
        places = _places(block, page, cursor)
        cursor = places[-1][1] if places else cursor
        if not places:
            placed.append(block)
        for start, end in places:
            before = placed[-1].parts[0] if placed and placed[-1].is_whole else None
            if before and before.at + before.length <= end and _share_paragraph(before.at, start, page):
                start = before.at  # noqa: PLW2901  # trafilatura has divided a paragraph
                placed.pop()
            placed.append(Block(page.read(start, end), (Part(0, end - start, start),)))
    return ClutterFinder(placed, page)


def _places(block: Block, page: PageText, cursor: int) -> list[tuple[int, int]]:
    """Return the ranges of the page that are a block: its paragraphs, headings and list items.

    Paragraphs after ``cursor``, the end of the block before, are preferred.
    """
    if block.is_whole:
        _, length, at = block.parts[0]
        return list(_divide(at, at + length, page))
    # trafilatura leaves some inline elements out, and keeps some hidden ones.
    squeezed = "".join(block.text.split())
    close: set[tuple[int, int]] = set()
    for characters in (squeezed[:ENDS], squeezed[-ENDS:]):
        alike = page.paragraphs_by_ends.get(characters, [])
        position = bisect_right(alike, (cursor, 0))
        close.update(alike[max(0, position - _MAX_CLOSE) : position + _MAX_CLOSE])
    for start, end in sorted(close, key=lambda found: (found[0] < cursor, found)):
        shorter, longer = sorted((squeezed, page.squeezed[start:end]), key=len)
        is_as_long = len(longer) <= 2 * len(shorter) + _MAX_DROPPED
        if is_as_long and (_is_subsequence(shorter, longer) or _is_similar(shorter, longer)):
            return [(start, end)]
    return []


def _is_subsequence(short: str, long: str) -> bool:
    characters = iter(long)
    return all(character in characters for character in short)


def _is_similar(one: str, other: str) -> bool:
    """Return whether two short texts have most characters in common: one lacks a word, the other has a hidden one."""
    return len(other) <= _MAX_COMPARED and SequenceMatcher(None, one, other, autojunk=False).ratio() >= _SIMILAR


def _share_paragraph(first: int, second: int, page: PageText) -> bool:
    nodes = page.nodes
    return nodes[page.node_at(first)].paragraph == nodes[page.node_at(second)].paragraph


def _divide(start: int, end: int, page: PageText) -> Iterator[tuple[int, int]]:
    """Yield the parts of a range that are in different paragraphs, headings and list items of the page."""
    first, last = page.node_at(start), page.node_at(end - 1)
    if page.nodes[first].paragraph != page.nodes[last].paragraph:
        element = block_element(page.nodes[first].parent)
        for node in range(first + 1, last + 1):
            if (
                page.nodes[node].paragraph != page.nodes[node - 1].paragraph
                and page.starts[node] < page.starts[node + 1]
            ):
                following = block_element(page.nodes[node].parent)
                if following is not element and (element.tag in PARAGRAPHS or following.tag in PARAGRAPHS):
                    yield start, page.starts[node]
                    start = page.starts[node]
                element = following
    yield start, end


def _gaps(finder: ClutterFinder, *, has_posts: bool) -> Iterator[tuple[int, int]]:
    """Yield paragraphs that the extraction left out, although they are beside its blocks in the same element.

    Args:
        finder: The blocks of the extraction.
        has_posts: Whether the page is a live blog: other posts count as the same element.
    """
    page = finder.page
    covered = sorted((part.at, part.at + part.length) for block in finder.blocks for part in block.parts)
    if not covered:
        return
    articles = {_article(parent) for parent in finder.parents}
    for start, end, nodes in page.paragraphs:
        position = bisect_right(covered, (start, len(page.squeezed)))
        if (position and covered[position - 1][1] > start) or (position < len(covered) and covered[position][0] < end):
            continue
        if all(node.in_link for node in nodes):
            continue
        element = block_element(nodes[0].parent)
        if is_hidden(element):
            continue
        following = covered[position][0] if position < len(covered) else -1
        if following == end and block_element(page.nodes[page.node_at(end)].parent) is element:
            yield start, end  # trafilatura drops the text of a <div> before its first <br>
            continue
        is_beside = any(
            parent in finder.parents
            or (
                family(parent) in finder.families
                and (has_posts or _article(parent) in articles)
                and not finder.is_named_clutter(parent)
            )
            for parent in containers(element)
        )
        # The title of a post is in its header.
        if not is_beside and not (has_posts and element.tag in HEADINGS and _article(element) is not None):
            continue
        is_inside = covered[0][0] < start < covered[-1][1] or has_posts
        text = page.read(start, end)
        if _is_prose(text, element.tag, nodes, is_inside=is_inside) or (is_inside and names_speaker(element)):
            yield start, end


def _insert(blocks: Sequence[Block], added: Sequence[tuple[int, int]], page: PageText) -> list[Block]:
    """Insert ranges of the page between the blocks, in the order of the page."""
    ordered: list[tuple[int, Block]] = []
    last = 0
    for block in blocks:
        last = block.parts[0].at if block.parts else last
        ordered.append((last, block))
    ordered.extend((start, Block(page.read(start, end), (Part(0, end - start, start),))) for start, end in added)
    return [block for _, block in sorted(ordered, key=itemgetter(0))]


def _is_prose(text: str, tag: str, nodes: Sequence[TextNode], *, is_inside: bool) -> bool:
    linked = sum(len(node.text.strip()) for node in nodes if node.in_link)
    if 2 * linked > len(text):
        return False
    if tag == "p":
        return len(text) >= _MIN_ADDED and SENTENCE_END.search(text) is not None
    if tag == "li":
        return is_inside and len(text) >= _MIN_ITEM
    if tag in HEADINGS:
        return is_inside and tag != "h1" and len(text) <= _MAX_HEADING
    return len(text) >= _MIN_PARAGRAPH and SENTENCE_END.search(text) is not None


def _article(element: Any) -> Any:
    """Return the nearest <article> around an element, or None."""
    return next(element.iterancestors("article"), None) if element.tag != "article" else element


def extract_blocks(root: Any, page: PageText) -> list[str]:
    """Return the blocks of the article: paragraphs, headings, list items and table rows."""
    blocks: list[str] = []
    elements = root.xpath("count(//*)")
    if elements <= _MAX_ELEMENTS:
        is_small = elements <= _MAX_SMALL
        blocks = _run_trafilatura(root, fast=is_small)
        if is_small and _size(blocks) < _MIN_ARTICLE:
            blocks = max(_run_trafilatura(root, fast=False), blocks, key=_size)
        if _size(blocks) >= _MIN_ARTICLE:
            return blocks
    dense = _dense_blocks(page)
    for other in (_declared_body(root), dense):
        if _size(other) > max(_MIN_ARTICLE, 2 * _size(blocks)):
            return other
    return blocks or dense


def _run_trafilatura(root: Any, *, fast: bool) -> list[str]:
    trafilatura = import_extra("trafilatura", "web")
    renamed = [(element, element.tag) for element in root.iter(*_DROPPED_TAGS) if _is_within_sentence(element)]
    for element, _ in renamed:
        element.tag = "span"
    try:
        document = trafilatura.bare_extraction(root, options=_options(fast=fast))
    except (RecursionError, ValueError, AssertionError):
        return []
    finally:
        for element, tag in renamed:
            element.tag = tag
    return [] if document is None or document.body is None else list(_blocks(document.body))


def _is_within_sentence(element: Any) -> bool:
    """Return whether an element is in a paragraph between other words, unlike the time of a post."""
    previous, parent = element.getprevious(), element.getparent()
    before = parent.text if previous is None else previous.tail
    if not (before or element.tail or "").strip():
        return False
    while parent is not None and parent.tag in INLINE:
        parent = parent.getparent()
    if parent is None or parent.tag in PARAGRAPHS:
        return parent is not None
    is_long = element.tag != "time" or len("".join(parent.xpath("text()")).strip()) >= _MIN_PARAGRAPH
    return parent.tag in {"div", "section"} and is_long


@cache
def _options(*, fast: bool) -> Any:
    """Return the settings of trafilatura, which take time to build."""
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())  # it reports empty pages as warnings
    settings = import_extra("trafilatura.settings", "web")
    return settings.Extractor(fast=fast, precision=True, comments=False, output_format="python")


def _size(blocks: Sequence[str]) -> int:
    return sum(map(len, blocks))


def _declared_body(root: Any) -> list[str]:
    """Return the paragraphs of the text that the page declares as the article's body in JSON-LD."""
    bodies: list[str] = []
    for script in root.iterfind(".//script[@type='application/ld+json']"):
        if "articleBody" in (script.text or ""):
            with suppress(ValueError, RecursionError):
                json.loads(
                    script.text, strict=False, object_hook=lambda found: bodies.append(found.get("articleBody", ""))
                )
    body = max((body for body in bodies if isinstance(body, str)), key=len, default="")
    lines = _TAG.sub(" ", _BREAK_TAG.sub("\n", html.unescape(body))).splitlines()
    return [text for line in lines if (text := " ".join(line.split()))]


def _blocks(body: Any) -> Iterator[str]:
    """Yield the blocks below an element of trafilatura's result."""
    pieces: list[str] = []

    def flush() -> Iterator[str]:
        text = " ".join("".join(pieces).split())
        pieces.clear()
        if text:
            yield text

    for event, element in import_extra("lxml.etree", "web").iterwalk(body, events=("start", "end")):
        tag = element.tag
        # One <br> within a sentence is a line break; after its end, or twice, it separates paragraphs.
        ends_paragraph = event == "start" and tag == "lb" and SENTENCE_END.search("".join(pieces[-3:]))
        if tag not in _INLINE_TAGS or ends_paragraph:
            yield from flush()
        if event == "end":
            pieces.append(element.tail or "")
        else:
            pieces.append(" " if tag in {"lb", "cell"} else "")
            pieces.append(element.text or "")


def _dense_blocks(page: PageText) -> list[str]:
    """Return the paragraphs that read like running text, or else all that are not links, menus and forms."""
    others = [page.read(start, end) for start, end, nodes in page.paragraphs if not _is_chrome(start, end, nodes)]
    return [text for text in others if len(text) >= _MIN_PARAGRAPH and SENTENCE_END.search(text)] or others


_CHROME = frozenset("nav footer form button aside header menu dialog".split())


def _is_chrome(start: int, end: int, nodes: Sequence[TextNode]) -> bool:
    """Return whether a paragraph is a link, or is in a menu or a form."""
    linked = sum(len(node.text.strip()) for node in nodes if node.in_link)
    element = nodes[0].parent
    return 2 * linked > end - start or element.tag in _CHROME or next(element.iterancestors(_CHROME), None) is not None
