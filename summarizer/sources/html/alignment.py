"""Find the article's blocks again in the text nodes of the page, by a search that ignores white space."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate, groupby
from typing import Any, NamedTuple

from summarizer._lazy import import_extra
from summarizer._patterns import compile_lazily
from summarizer.sources.html.anchors import Node, PageAnchors, Run

HIDDEN = frozenset(
    "title script style template noscript noembed noframes iframe object audio video svg canvas textarea"
    " select option datalist".split()
)
"""Elements whose text is not part of the visible text of a page."""
STRUCK = frozenset({"del", "s", "strike"})
"""Elements whose text no longer holds. Tracked changes of Word documents are read in the same way."""
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark meter output q rp rt ruby s samp"
    " small span strike strong sub sup time tt u var wbr nobr".split()
)
"""Elements that do not interrupt a line. Every other element is a block, as an unknown one may be styled as one."""
_WORD = compile_lazily(r"\S+")
_NAME = compile_lazily(r"[a-z][\w.-]*")
# Text that is faded in begins with opacity 0 and a transform or transition.
_HIDING_STYLE = compile_lazily(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])"
    r"|^(?!.*(?:transform|transition|animation)).*opacity\s*:\s*0(?![.\d])",
    re.I | re.S,
)
_HIDING_CLASS = compile_lazily(
    r"(?:^|\s)(?:(?:u-|is-)?(?:visually|screen-?reader)-?(?:hidden|text|only)|sr-only|a11y-hidden|offscreen"
    r"|hide|hidden|d-none|is-hidden|display-none)(?:\s|$)",
    re.I,
)
_SHOWING_CLASS = compile_lazily(r":|-(?:block|flex|inline|grid|table)\b")  # on some screens
_FOOTNOTE_MARK = compile_lazily(r"\s*[\[(]?(?:\d{1,3}|[a-z]|[*†‡§¶]{1,3})[\])]?\s*", re.I)
ENDS = 8
"""Characters at one end that a paragraph shares with its block, if the extraction has altered the block."""
_SEED = 24  # characters that a part of an altered block must share with the page
_REACH = 10_000  # characters between blocks that are searched in order only
_MAX_WORK = 2_000_000_000  # characters to compare; above it, blocks are searched in order only


class TextNode(NamedTuple):
    """A text node of the page, and the paragraph that it belongs to."""

    text: str
    parent: Any
    """The element that has the node as a child."""
    number: int
    """The number of the node among the text nodes of its parent, from 1."""
    paragraph: int
    """The number of its paragraph: nodes without a block boundary or <br> between them share it."""
    in_link: bool


class Part(NamedTuple):
    """A part of a block that is in the page. Offsets leave white space out."""

    start: int
    length: int
    at: int
    """The offset in the text of the page."""


class Block(NamedTuple):
    """A block of the article, and where its parts are in the page."""

    text: str
    parts: tuple[Part, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Return whether the page has the whole block in one place."""
        return len(self.parts) == 1 and self.parts[0].length == len("".join(self.text.split()))


def text_nodes(root: Any) -> list[TextNode]:
    """Return the visible text nodes below an element in document order; empty ones are left out."""
    nodes: list[TextNode] = []
    paragraph, links = -1, 0
    # The open elements, and how many text nodes each has so far.
    parents: list[Any] = [None]
    numbers = [0]
    walker = import_extra("lxml.etree", "web").iterwalk(root, events=("start", "end", "comment", "pi"))
    skipped = None
    for event, element in walker:
        tag = element.tag
        if event == "start":
            if (
                tag in HIDDEN
                or tag in STRUCK
                or (tag in INLINE and element.keys() and is_hidden(element))
                or (tag == "sup" and _is_footnote_mark(element))
            ):
                walker.skip_subtree()
                skipped = element
                continue
            if tag == "a":
                links += 1
            elif tag not in INLINE and not _is_in_line(element):
                paragraph += 1
            parents.append(element)
            numbers.append(1 if element.text else 0)
            if element.text:
                nodes.append(TextNode(element.text, element, 1, paragraph, links > 0))
            continue
        if event == "end" and element is not skipped:
            parents.pop()
            numbers.pop()
            if tag == "a":
                links -= 1
            elif tag not in INLINE and not _is_in_line(element):
                paragraph += 1
        if element.tail and len(parents) > 1:
            numbers[-1] += 1
            nodes.append(TextNode(element.tail, parents[-1], numbers[-1], paragraph, links > 0))
    return nodes


def _is_footnote_mark(element: Any) -> bool:
    """Return whether a raised sign leads to a footnote, unlike the exponent of a figure."""
    link = element.find(".//a")
    if link is None and element.getparent().tag == "a":
        link = element.getparent()
    leads_to_note = link is not None and "#" in (link.get("href") or "")
    return leads_to_note and _FOOTNOTE_MARK.fullmatch("".join(element.itertext())) is not None


def is_hidden(element: Any) -> bool:
    """Return whether readers do not see an element, by its own attributes."""
    if element.get("hidden") is not None:
        return True
    style, names = element.get("style"), element.get("class")
    if style and _HIDING_STYLE.search(style):
        return True
    return bool(names and _HIDING_CLASS.search(names) and not _SHOWING_CLASS.search(names))


def _is_in_line(element: Any) -> bool:
    """Return whether a button or an element of a site's own is in the line of a paragraph."""
    tag = element.tag
    if not isinstance(tag, str) or not (tag == "button" or "-" in tag) or element.getparent() is None:
        return False
    parent, previous = element.getparent(), element.getprevious()
    before = parent.text if previous is None else previous.tail
    is_between = bool((before or "").strip() and (element.tail or "").strip())
    return parent.tag == "p" or (parent.tag == "div" and is_between)


class PageText:
    """The visible text of a page, with and without white space."""

    def __init__(self, nodes: Sequence[TextNode]) -> None:
        self.nodes = nodes
        squeezed = ["".join(node.text.split()) for node in nodes]
        self.squeezed = "".join(squeezed)
        """The text without white space."""
        self.starts = [0, *accumulate(map(len, squeezed))]
        """The offset of each node in `squeezed`."""
        self._words: dict[int, tuple[list[int], list[int]]] = {}

    def find_paragraph(self, text: str) -> int:
        """Return the offset of a text of some length in the first paragraph that has hardly more, or -1."""
        squeezed = "".join(text.split())
        if len(squeezed) <= _SEED or squeezed not in self.squeezed:
            return -1
        found = (
            self.squeezed.find(squeezed, start, end)
            for start, end, _ in self.paragraphs
            if len(squeezed) <= end - start <= len(squeezed) + _SEED
        )
        return next((at for at in found if at >= 0), -1)

    def node_at(self, offset: int) -> int:
        """Return the index of the node with the character at an offset of `squeezed`."""
        return bisect_right(self.starts, offset) - 1

    def raw_offset(self, node: int, offset: int) -> int:
        """Return the offset in the node's own text of the character at ``offset`` of its text without white space."""
        text = self.nodes[node].text
        if not offset:
            return len(text) - len(text.lstrip())
        if offset == self.starts[node + 1] - self.starts[node] - 1:
            return len(text.rstrip()) - 1
        if node not in self._words:
            self._words[node] = _words(text)
        squeezed, raw = self._words[node]
        word = bisect_right(squeezed, offset) - 1
        return raw[word] + offset - squeezed[word]

    def word_starts(self, node: int) -> list[int]:
        """Return the offsets of a node's words in its text without white space."""
        if node not in self._words:
            self._words[node] = _words(self.nodes[node].text)
        return self._words[node][0]

    @cached_property
    def paragraphs(self) -> list[tuple[int, int, list[TextNode]]]:
        """The paragraphs that are not blank: start and end in `squeezed`, and the nodes with text."""
        found = []
        starts = self.starts
        filled = [index for index in range(len(self.nodes)) if starts[index] < starts[index + 1]]
        for _, group in groupby(filled, key=lambda index: self.nodes[index].paragraph):
            indices = list(group)
            found.append((starts[indices[0]], starts[indices[-1] + 1], [self.nodes[index] for index in indices]))
        return found

    @cached_property
    def paragraphs_by_ends(self) -> dict[str, list[tuple[int, int]]]:
        """The start and end of each paragraph, by its first and by its last characters."""
        found: dict[str, list[tuple[int, int]]] = {}
        for start, end, _ in self.paragraphs:
            text = self.squeezed[start:end]
            for key in {text[:ENDS], text[-ENDS:]}:
                found.setdefault(key, []).append((start, end))
        return found

    def read(self, start: int, end: int) -> str:
        """Return a range of `squeezed` as it is in the page, with its white space collapsed."""
        first, last = self.node_at(start), self.node_at(end - 1)
        parts = []
        for node in range(first, last + 1):
            text = self.nodes[node].text
            begin = self.raw_offset(node, start - self.starts[node]) if node == first else 0
            stop = self.raw_offset(node, end - 1 - self.starts[node]) + 1 if node == last else len(text)
            if node > first and self.nodes[node].paragraph != self.nodes[node - 1].paragraph:
                parts.append(" ")
            parts.append(text[begin:stop])
        return " ".join("".join(parts).split())


def _words(text: str) -> tuple[list[int], list[int]]:
    """Return the offsets of the words of a text, in the text without white space and in the text."""
    squeezed, raw, length = [], [], 0
    for word in _WORD.finditer(text):
        squeezed.append(length)
        raw.append(word.start())
        length += word.end() - word.start()
    return squeezed, raw


def find_blocks(blocks: Sequence[str], page: PageText) -> list[Block]:
    """Find the places of blocks in the page: after the block before, or else where they stand first.

    Of an altered block, the parts that are in the page are found.
    """
    text = page.squeezed
    in_order_only = len(blocks) * len(text) > _MAX_WORK
    found: list[Block] = []
    cursor = 0
    for block in blocks:
        squeezed = "".join(block.split())
        parts: list[Part] = []
        if squeezed:
            at = text.find(squeezed, cursor, cursor + len(squeezed) + _REACH if in_order_only else len(text))
            if at < 0 and not in_order_only:
                at = text.find(squeezed)
            if at >= 0:
                parts = [Part(0, len(squeezed), at)]
            elif not in_order_only:
                parts = list(_find_parts(squeezed, text, cursor))
            cursor = max(cursor, *(part.at + part.length for part in parts)) if parts else cursor
        found.append(Block(block, tuple(parts)))
    return found


def _find_parts(block: str, text: str, cursor: int) -> Iterator[Part]:
    """Yield the parts of an altered block that are in the page in order."""
    start = 0
    while start + _SEED <= len(block):
        at = text.find(block[start : start + _SEED], cursor)
        if at < 0:
            start += _SEED // 3
            continue
        most = min(len(block) - start, len(text) - at)
        length = next((size for size in range(_SEED, most) if block[start + size] != text[at + size]), most)
        yield Part(start, length, at)
        start, cursor = start + length, at + length


def make_anchors(blocks: Sequence[Block], page: PageText) -> PageAnchors:
    """Build the anchors of an article, whose text has a blank line between its blocks."""
    pieces: list[list[int]] = []  # start, end, node and offset of runs to be
    start = 0
    for block in blocks:
        for part in block.parts:
            pieces.extend(_runs(block.text, start, part, page))
        start += len(block.text) + 2
    used = sorted({piece[2] for piece in pieces})
    new_index = {node: index for index, node in enumerate(used)}
    text, starts = _visible_text(page.nodes)
    paths = _Paths()
    nodes = tuple(
        Node(f"{paths.of(page.nodes[node].parent)}/text()[{page.nodes[node].number}]", starts[node]) for node in used
    )
    runs = tuple(Run(start, end, new_index[node], offset) for start, end, node, offset in pieces)
    return PageAnchors(runs, nodes, text)


class _Paths:
    """The XPaths of elements. They equal those of lxml's getpath, which takes a time quadratic in the siblings."""

    def __init__(self) -> None:
        self._paths: dict[Any, str] = {}
        self._steps: dict[Any, str] = {}

    def of(self, element: Any) -> str:
        """Return the path of an element."""
        path = self._paths.get(element)
        if path is None:
            parent = element.getparent()
            if parent is None:
                path = f"/{element.tag}"
            else:
                if element not in self._steps:
                    self._number(parent)
                path = f"{self.of(parent)}/{self._steps[element]}"
            self._paths[element] = path
        return path

    def _number(self, parent: Any) -> None:
        totals: dict[str, int] = {}
        children = list(parent.iterchildren("*"))
        numbers = []
        for child in children:
            numbers.append(totals.get(child.tag, 0) + 1)
            totals[child.tag] = numbers[-1]
        for position, (child, number) in enumerate(zip(children, numbers, strict=True), 1):
            tag = child.tag
            if not ((tag.isascii() and tag.isalnum()) or _NAME.fullmatch(tag)):
                self._steps[child] = f"*[{position}]"  # such as "o:p", which XPath takes for a name with a prefix
            else:
                self._steps[child] = tag if totals[tag] == 1 else f"{tag}[{number}]"


def _visible_text(nodes: Sequence[TextNode]) -> tuple[str, list[int]]:
    """Return the text of all nodes, with line breaks between paragraphs, and the offset of each node in it."""
    parts, starts = [], []
    length, paragraph = 0, 0
    for node in nodes:
        if node.paragraph != paragraph:
            parts.append("\n")
            length += 1
            paragraph = node.paragraph
        starts.append(length)
        parts.append(node.text)
        length += len(node.text)
    return "".join(parts), starts


def _runs(block: str, start: int, part: Part, page: PageText) -> list[list[int]]:
    """Return the runs of a part: start, end, node and offset of each."""
    end = part.at + part.length
    node = page.node_at(part.at)
    if part.length and end <= page.starts[node + 1] and not part.start:
        offset = page.raw_offset(node, part.at - page.starts[node])
        if page.nodes[node].text.startswith(block, offset):  # the usual case
            return [[start, start + len(block), node, offset]]
    runs: list[list[int]] = []
    squeezed, raw = _words(block)
    done = 0  # characters of the part without white space
    while done < part.length:
        at = part.at + done
        if at >= page.starts[node + 1]:
            node = page.node_at(at)
        in_node = at - page.starts[node]
        in_block = part.start + done
        word = bisect_right(squeezed, in_block) - 1
        words = page.word_starts(node)
        next_word = bisect_right(words, in_node)
        stop = min(
            squeezed[word + 1] if word + 1 < len(squeezed) else part.start + part.length,
            in_block
            + (words[next_word] if next_word < len(words) else page.starts[node + 1] - page.starts[node])
            - in_node,
            part.start + part.length,
        )
        begin, offset = start + raw[word] + in_block - squeezed[word], page.raw_offset(node, in_node)
        length = stop - in_block
        last = runs[-1] if runs else None
        gap = begin - last[1] if last else 0
        if last and last[2] == node and gap <= 1 and last[3] + begin - last[0] == offset:
            last[1] = begin + length
        else:
            runs.append([begin, begin + length, node, offset])
        done += length
    return runs
