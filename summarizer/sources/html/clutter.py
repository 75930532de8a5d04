"""Find the blocks that are not the text of the article, by their place and their words."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import copy
from itertools import takewhile
from typing import Any

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily
from summarizer.sources.html.alignment import INLINE, Block, PageText
from summarizer.sources.html.dates import parse_date

_DATA = read_toml(__file__, "clutter.toml")
_ELEMENTS = frozenset(_DATA["elements"].split())
_NAME, _STANDFIRST = (
    compile_lazily(rf"(?<![a-z0-9])(?:{'|'.join(word.replace('-', '[-_ ]?') for word in words.split())})(?![a-z0-9])")
    for words in (_DATA["words"], _DATA["standfirsts"])
)
_CAMEL = compile_lazily(r"(?<=[a-z0-9])(?=[A-Z])")
_LABEL, _ENDING, _TAIL = (
    compile_lazily("|".join(f"(?:{pattern})" for pattern in _DATA["blocks"][name]), re.IGNORECASE)
    for name in ("labels", "endings", "tails")
)
_NO_LETTER = compile_lazily(r"[\W_]+")
_CHANNELS = tuple(_DATA["blocks"]["channels"].split("\n"))
_SIGN_UP = compile_lazily(_DATA["blocks"]["sign_up"])
SENTENCE_END = compile_lazily(r"[.!?…:;。！？][\"'”’»)\]]*\s*$")
_BYLINE = compile_lazily(r"(?:(?:[Ww]ritten |[Rr]eported )?[Bb]y|BY|[Vv]on|[Pp]ar|[Pp]or|[Dd]i|[Dd]oor)\s+\S.{1,80}")
_MAX_SHARE = 0.3
"""The share of the article's characters above which a part of the page is not clutter, whatever its name."""
_MIN_PARENT = 0.1
"""The share of the article's characters from which an element is a part of its body."""
_MIN_LINKED = 0.7
"""The share of its characters in links above which a block is a list of links."""
_MAX_LABEL, _MAX_ENDING = 160, 300  # characters
_MAX_NAMES = 500  # characters of an attribute
_MIN_REPEATED, _MIN_TITLE, _MAX_ANYWHERE, _PROBE = 25, 8, 250, 16  # characters
_MAX_TAIL = 0.4
"""The share of the article's characters that boilerplate after its end can have."""
_MAX_WORK = 100_000_000  # characters to compare
_FRONT = 5  # blocks in which title, byline and date are searched
_MAX_DATE = 8  # words of a line with a date
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
PARAGRAPHS = frozenset({"p", "li", "dt", "dd", "pre", *HEADINGS})
_GROUPS = frozenset({"ul", "ol", "blockquote"})


def block_element(element: Any) -> Any:
    """Return the block that the parent of a text node belongs to."""
    while element.tag in INLINE and element.getparent() is not None:
        element = element.getparent()
    return element


def containers(block: Any) -> list[Any]:
    """Return the elements that have a block as a child; lists, quotations and wrappers of one element count as it."""
    found = [] if block.tag in PARAGRAPHS else [block]  # text beside <br> and other blocks
    child, parent = block, block.getparent()
    while parent is not None:
        is_only_child = child.getprevious() is None and child.getnext() is None  # len() takes long for many children
        if parent.tag not in _GROUPS:
            found.append(parent)
            if not is_only_child:
                break
        child, parent = parent, parent.getparent()
    return found


def names_speaker(element: Any) -> bool:
    """Return whether an element is the end of a block quotation that names its speaker."""
    parent = element.getparent()
    return element.tag == "footer" and parent is not None and parent.tag == "blockquote"


def kind(element: Any) -> tuple[str, str]:
    """Return the tag and the class of an element."""
    return element.tag, element.get("class") or ""


def family(element: Any) -> tuple[str, str]:
    """Return the tag and the first class of an element, which often names it: the others vary its looks."""
    return element.tag, (element.get("class") or "").partition(" ")[0]


def _names(element: Any) -> str:
    """Return the names of an element in lower case, with "-" between their words."""
    names = [element.tag] if "-" in element.tag else []
    values = map(element.get, ("class", "id", "data-component", "data-testid"))
    names.extend(value[:_MAX_NAMES] for value in values if value)
    return _CAMEL.sub("-", " ".join(names)).lower()


class ClutterFinder:
    """Finds the blocks that are not the article's text."""

    def __init__(self, blocks: Sequence[Block], page: PageText, known: "ClutterFinder | None" = None) -> None:
        self.blocks, self.page = blocks, page
        self.total = sum(len(block.text) for block in blocks)
        # The elements around the blocks: the parent of the first text node, and the block element.
        self.parts = {
            index: page.nodes[page.node_at(block.parts[0].at)].parent
            for index, block in enumerate(blocks)
            if block.parts
        }
        self.elements = {index: block_element(element) for index, element in self.parts.items()}
        self._named: dict[Any, bool] = known._named if known else {}
        parents: Counter[Any] = Counter()
        kinds: Counter[tuple[str, str]] = Counter()
        for index, element in self.elements.items():
            for parent in containers(element):
                parents[parent] += len(blocks[index].text)
                kinds[kind(parent)] += len(blocks[index].text)
        self.parents = {parent for parent, size in parents.items() if size >= _MIN_PARENT * self.total}
        """The elements that have much of the article as children."""
        self.kinds = {name for name, size in kinds.items() if name[1] and size >= _MAX_SHARE * self.total}
        """The tags and classes of elements that together have much of the article as children."""
        self.families = {(tag, names.partition(" ")[0]) for tag, names in self.kinds}

    def find(self, title: str | None = None, names: Sequence[str] = ()) -> set[int]:
        """Return the indices of the blocks to leave out.

        Args:
            title: The title of the article.
            names: The names of its authors, its section and its site.
        """
        found = self._without_excess(self._in_clutter())
        found |= self._without_excess(set(self._links()))
        found |= set(self._labels())
        found |= set(self._before_title(title))
        found |= set(self._standfirst())
        found |= set(self._front(found, title, names))
        found |= set(self._tail())
        found |= set(self._end(found))
        return found if len(found) < len(self.blocks) else set()

    def _without_excess(self, found: set[int]) -> set[int]:
        """Return no block where clutter would make up most of the article: then the names mean something else."""
        return found if 2 * sum(len(self.blocks[index].text) for index in found) <= self.total else set()

    def is_mostly_clutter(self) -> bool:
        """Return whether most of the text is in elements that are clutter by tag or name."""
        first = next(iter(self.parts.values()), None)
        if first is None or next(first.iterancestors("article", "main"), None) is not None:
            return False
        inside = (
            len(self.blocks[index].text)
            for index, element in self.parts.items()
            if any(map(self.is_named_clutter, (element, *element.iterancestors())))
        )
        return 2 * sum(inside) > self.total

    @property
    def start(self) -> int:
        """The offset of the first block in the text of the page."""
        return min((block.parts[0].at for block in self.blocks if block.parts), default=-1)

    def without_clutter(self, root: Any) -> Any:
        """Return a copy of the page without the elements that are clutter by tag or name."""
        root = copy(root)
        for element in [element for element in root.iter("*") if self.is_named_clutter(element)]:
            if element.getparent() is not None:
                element.drop_tree()
        return root

    def _in_clutter(self) -> set[int]:
        """Return the blocks in elements that are clutter by tag or name, unless they hold much of the article."""
        inside: dict[int, list[Any]] = {}
        characters: Counter[Any] = Counter()
        for index, element in self.parts.items():
            ancestors = takewhile(
                lambda ancestor: kind(ancestor) not in self.kinds, (element, *element.iterancestors())
            )
            inside[index] = [ancestor for ancestor in ancestors if self.is_named_clutter(ancestor)]
            for ancestor in inside[index]:
                characters[ancestor] += len(self.blocks[index].text)
        limit = _MAX_SHARE * self.total
        return {index for index, elements in inside.items() if any(characters[element] < limit for element in elements)}

    def is_named_clutter(self, element: Any) -> bool:
        """Return whether the tag or a name of an element says that it is not part of an article."""
        known = self._named.get(element)
        if known is None:
            known = element.tag not in {"html", "body"} and (
                element.tag in _ELEMENTS
                or element.get("hidden") is not None
                or _NAME.search(_names(element)) is not None
            )
            if (element.tag == "figure" and element.find(".//table") is not None) or names_speaker(element):
                known = False
            self._named[element] = known
        return known

    def _is_heading(self, index: int) -> bool:
        element = self.elements.get(index)
        return element is not None and (element.tag in HEADINGS or element.getparent().tag in HEADINGS)

    def _is_link(self, block: Block) -> bool:
        if not block.parts:
            return False
        _, length, at = block.parts[0]
        nodes = self.page.nodes[self.page.node_at(at) : self.page.node_at(at + length - 1) + 1]
        return sum(len(node.text.strip()) for node in nodes if node.in_link) >= _MIN_LINKED * len(block.text)

    def _links(self) -> Iterator[int]:
        """Yield the blocks that are nothing but links, such as lists of other articles."""
        for index, block in enumerate(self.blocks):
            if self._is_link(block) and not self._is_heading(index):
                yield index

    def _labels(self) -> Iterator[int]:
        """Yield the blocks that are a label, or repeat a part of another, as a pull quote does."""
        text = "\n".join(block.text for block in self.blocks)
        for index, block in enumerate(self.blocks):
            if len(block.text) <= _MAX_ENDING and (self._is_label(index) or self._is_repeated(index, text)):
                yield index

    def _is_label(self, index: int) -> bool:
        block = self.blocks[index].text
        if len(block) <= _MAX_ANYWHERE:
            lower = block.lower()
            if any(channel in lower for channel in _CHANNELS) and _SIGN_UP.search(block):
                return True
        is_label = len(block) <= _MAX_LABEL and _LABEL.fullmatch(block) is not None
        return is_label or not any(map(str.isalnum, block))

    def _is_repeated(self, index: int, text: str) -> bool:
        block = self.blocks[index].text
        middle = len(block) // 2
        probe = block[middle - _PROBE // 2 : middle + _PROBE // 2]
        if len(block) <= _MIN_REPEATED or len(self.blocks) * len(text) > _MAX_WORK or text.count(probe) < 2:
            return False
        letters = _letters(block)
        return (
            len(letters) > _MIN_REPEATED
            and not self._is_heading(index)
            and any(
                probe in other.text and len(letters) < len(others := _letters(other.text)) and letters in others
                for other in self.blocks
            )
        )

    def _before_title(self, title: str | None) -> Iterator[int]:
        """Yield the blocks above the title in the page."""
        at = self.page.find_paragraph(title or "")
        above = [index for index, block in enumerate(self.blocks) if block.parts and block.parts[0].at < at]
        if sum(len(self.blocks[index].text) for index in above) < _MAX_SHARE * self.total:
            yield from above

    def _tail(self) -> Iterator[int]:
        """Yield the blocks from a heading such as "About the company" to the end."""
        remaining = self.total
        for index, block in enumerate(self.blocks):
            is_late = remaining <= _MAX_TAIL * self.total
            if is_late and _TAIL.fullmatch(block.text):
                yield from range(index, len(self.blocks))
                return
            remaining -= len(block.text)

    def _standfirst(self) -> Iterator[int]:
        """Yield the blocks between the title and the text that are named so."""
        for index, block in enumerate(self.blocks):
            element = self.elements.get(index)
            if element is None:
                return
            named = any(_STANDFIRST.search(_names(part)) for part in (element, element.getparent()) if part is not None)
            if named and kind(element.getparent()) not in self.kinds:
                yield index
            elif len(block.text) > _MAX_LABEL or (element.tag == "p" and SENTENCE_END.search(block.text)):
                return

    def _front(self, found: set[int], title: str | None, names: Sequence[str]) -> Iterator[int]:
        """Yield the blocks before the first paragraph that have the title, the authors, the date or other metadata."""
        heading = _letters(title or "")
        known = {_letters(name) for name in names} | {_letters("".join(names))}
        is_text = False  # a sentence came before
        for index in [index for index in range(len(self.blocks)) if index not in found][:_FRONT]:
            block = self.blocks[index].text
            element = self.elements.get(index)
            letters = _letters(block)
            is_h1 = element is not None and element.tag == "h1"
            is_part = letters in heading and (
                is_h1 or (not self._is_heading(index) and 2 * len(letters) > len(heading))
            )
            if len(letters) > _MIN_TITLE and (is_part or letters == heading) and (is_h1 or not is_text):
                yield index
            elif len(block) > _MAX_LABEL:
                return
            elif SENTENCE_END.search(block) and not block.endswith(":"):
                is_text = True
            elif letters in known or _BYLINE.fullmatch(block) or self._is_date(block, element):
                yield index

    def _is_date(self, block: str, element: Any) -> bool:
        """Return whether a short block is a date, its label, or an entry in a list of metadata."""
        if element is not None and element.tag in {"dt", "dd"}:
            return True
        if element is not None and element.tag not in HEADINGS and element.find(".//time") is not None:
            return sum(map(len, element.itertext())) <= _MAX_LABEL
        return len(block.split()) <= _MAX_DATE and parse_date(block) is not None

    def _end(self, found: set[int]) -> Iterator[int]:
        """Yield the last blocks that speak of the site, and headings with nothing below."""
        for index in reversed([index for index in range(len(self.blocks)) if index not in found]):
            block = self.blocks[index].text
            if not (self._is_heading(index) or (len(block) <= _MAX_ENDING and _ENDING.fullmatch(block))):
                return
            yield index


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", text.casefold())
