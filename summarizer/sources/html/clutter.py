"""Find the blocks of an extraction that are not the text of the article, by their place in the page and their words."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Any

from summarizer._files import read_toml
from summarizer.sources.html.alignment import INLINE, Match, PageText

_DATA = read_toml(__file__, "clutter.toml")
_ELEMENTS = frozenset(_DATA["elements"].split())
_NAME, _STANDFIRST = (
    re.compile(rf"(?<![a-z0-9])(?:{'|'.join(word.replace('-', '[-_ ]?') for word in words.split())})(?![a-z0-9])")
    for words in (_DATA["words"], _DATA["standfirsts"])
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LABEL, _ANYWHERE, _BEGINNING, _ENDING, _TAIL = (
    re.compile("|".join(f"(?:{pattern})" for pattern in _DATA["blocks"][name]), re.IGNORECASE)
    for name in ("labels", "anywhere", "beginnings", "endings", "tails")
)
_NO_LETTER = re.compile(r"[\W_]+")
_SIGN_UP = re.compile(_DATA["blocks"]["sign_up"])
STOP = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_DATE_LINE = re.compile(r"(?=.*\d)[\w.,:/+|•·–()-]+(?:\s+[\w.,:/+|•·–()-]+){0,13}")
_YEAR_OR_TIME = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d\b")
_BYLINE = re.compile(r"(?:(?:[Ww]ritten |[Rr]eported )?[Bb]y|BY|[Vv]on|[Pp]ar|[Pp]or|[Dd]i|[Dd]oor)\s+\S.{1,80}")
_MAX_SHARE = 0.3
"""The share of the article's characters above which a part of the page is no clutter, whatever its name."""
_MIN_PARENT = 0.1
"""The share of the article's characters from which an element is a part of its body."""
_MIN_LINKED = 0.7
"""The share of its characters in links above which a block is a list of links."""
_MAX_LABEL, _MAX_ENDING, _MAX_LINK = 160, 300, 200  # characters
_MAX_NAMES = 500  # characters of an attribute
_MIN_REPEATED = 25  # characters
_MAX_TAIL = 0.4
"""The share of the article's characters that boilerplate after its end can have."""
_MAX_WORK = 100_000_000  # characters to compare
_FRONT = 5  # blocks in which title, byline and date are searched
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


def kind(element: Any) -> tuple[str, str]:
    """Return the tag and the class of an element."""
    return element.tag, element.get("class") or ""


def _names(element: Any) -> str:
    """Return the names of an element in lower case, with "-" between their words."""
    names = [element.tag] if "-" in element.tag else []
    values = map(element.get, ("class", "id", "data-component", "data-testid"))
    names.extend(value[:_MAX_NAMES] for value in values if value)
    return _CAMEL.sub("-", " ".join(names)).lower()


class ClutterFinder:
    """Finds the blocks that are not the article's text."""

    def __init__(self, blocks: Sequence[str], matches: Sequence[Match], page: PageText) -> None:
        self.blocks, self.page = blocks, page
        self.total = sum(map(len, blocks))
        self.matches: dict[int, Match] = {}
        for match in matches:
            self.matches.setdefault(match.block, match)
        self.letters: list[str] = []
        self._named: dict[Any, bool] = {}
        parents: Counter[Any] = Counter()
        kinds: Counter[tuple[str, str]] = Counter()
        for index in self.matches:
            for parent in containers(block_element(self._element(index))):
                parents[parent] += len(blocks[index])
                kinds[kind(parent)] += len(blocks[index])
        self.parents = {parent for parent, size in parents.items() if size >= _MIN_PARENT * self.total}
        """The elements that have much of the article as children."""
        self.kinds = {name for name, size in kinds.items() if name[1] and size >= _MAX_SHARE * self.total}
        """The tags and classes of elements that together have much of the article as children."""

    def find(self, title: str | None = None, authors: Sequence[str] = ()) -> set[int]:
        """Return the indices of the blocks to leave out."""
        self.letters = list(map(_letters, self.blocks))
        found = self._without_excess(self._in_clutter())
        found |= self._without_excess(set(self._links()))
        found |= {
            index
            for index, block in enumerate(self.blocks)
            if not self.letters[index]
            or (len(block) <= _MAX_ENDING and (self._is_label(index) or self._is_repeated(index)))
        }
        found |= set(self._before_title(title))
        found |= set(self._standfirst())
        found |= set(self._front(found, title, authors))
        found |= set(self._tail())
        found |= set(self._end(found))
        return found if len(found) < len(self.blocks) else set()

    def _without_excess(self, found: set[int]) -> set[int]:
        """Return no block where clutter would make up most of the article: then the names mean something else."""
        return found if 2 * sum(len(self.blocks[index]) for index in found) <= self.total else set()

    def _in_clutter(self) -> set[int]:
        """Return the blocks in elements that are clutter by tag or name, unless they hold much of the article."""
        inside: dict[int, list[Any]] = {}
        characters: Counter[Any] = Counter()
        for index in self.matches:
            element = self._element(index)
            ancestors = takewhile(
                lambda ancestor: kind(ancestor) not in self.kinds, (element, *element.iterancestors())
            )
            inside[index] = [ancestor for ancestor in ancestors if self.is_named_clutter(ancestor)]
            for ancestor in inside[index]:
                characters[ancestor] += len(self.blocks[index])
        limit = _MAX_SHARE * self.total
        return {index for index, elements in inside.items() if any(characters[element] < limit for element in elements)}

    def _element(self, index: int) -> Any:
        return self.page.nodes[self.page.node_at(self.matches[index].at)].parent

    def is_named_clutter(self, element: Any) -> bool:
        """Return whether the tag or a name of an element says that it is no part of an article."""
        known = self._named.get(element)
        if known is None:
            known = element.tag in _ELEMENTS or _NAME.search(_names(element)) is not None
            if element.tag == "figure" and element.find(".//table") is not None:
                known = False
            self._named[element] = known
        return known

    def _is_heading(self, index: int) -> bool:
        if index not in self.matches:
            return False
        element = self._element(index)
        return any(ancestor.tag in HEADINGS for ancestor in (element, *element.iterancestors()))

    def _is_link(self, index: int) -> bool:
        match = self.matches.get(index)
        if match is None:
            return False
        first, last = self.page.node_at(match.at), self.page.node_at(match.at + match.length - 1)
        nodes = self.page.nodes[first : last + 1]
        linked = sum(len(node.text.strip()) for node in nodes if node.in_link)
        return linked >= _MIN_LINKED * len(self.blocks[index])

    def _links(self) -> Iterator[int]:
        """Yield the blocks that are nothing but links, such as lists of other articles."""
        for index, block in enumerate(self.blocks):
            if len(block) <= _MAX_LINK and self._is_link(index) and not self._is_heading(index):
                yield index

    def _is_label(self, index: int) -> bool:
        block = self.blocks[index]
        if _ANYWHERE.fullmatch(block) and _SIGN_UP.search(block):
            return True
        if len(block) > _MAX_LABEL:
            return False
        starts_as_label = _BEGINNING.match(block) and (self._is_link(index) or not STOP.search(block))
        return bool(_LABEL.fullmatch(block) or starts_as_label)

    def _is_repeated(self, index: int) -> bool:
        """Return whether a block repeats a part of another, as a pull quote does."""
        letters = self.letters[index]
        return (
            len(letters) > _MIN_REPEATED
            and len(self.blocks) * self.total <= _MAX_WORK
            and not self._is_heading(index)
            and any(letters in others and len(letters) < len(others) for others in self.letters)
        )

    def _before_title(self, title: str | None) -> Iterator[int]:
        """Yield the blocks above the title in the page."""
        squeezed = "".join((title or "").split())
        at = self.page.squeezed.find(squeezed) if len(squeezed) > _MIN_REPEATED else -1
        above = [index for index, match in self.matches.items() if match.at < at]
        if sum(len(self.blocks[index]) for index in above) < _MAX_SHARE * self.total:
            yield from above

    def _tail(self) -> Iterator[int]:
        """Yield the blocks from a heading such as "About the company" to the end."""
        remaining = self.total
        for index, block in enumerate(self.blocks):
            is_late = remaining <= _MAX_TAIL * self.total
            if is_late and (_TAIL.fullmatch(block) or _TAIL.fullmatch(self._bold_beginning(index))):
                yield from range(index, len(self.blocks))
                return
            remaining -= len(block)

    def _bold_beginning(self, index: int) -> str:
        """Return the bold part at the beginning of a block, which may be its heading."""
        if index not in self.matches:
            return ""
        node = self.page.nodes[self.page.node_at(self.matches[index].at)]
        return node.text.strip() if node.parent.tag in {"b", "strong"} else ""

    def _standfirst(self) -> Iterator[int]:
        """Yield the blocks between the title and the text that are named so."""
        for index in range(len(self.blocks)):
            if index not in self.matches:
                return
            element = block_element(self._element(index))
            named = any(_STANDFIRST.search(_names(part)) for part in (element, element.getparent()) if part is not None)
            if named and kind(element.getparent()) not in self.kinds:
                yield index
            elif len(self.blocks[index]) > _MAX_LABEL:
                return

    def _front(self, found: set[int], title: str | None, authors: Sequence[str]) -> Iterator[int]:
        """Yield the blocks before the first paragraph that repeat the title, the authors or the date."""
        heading = _letters(title or "")
        names = {_letters(name) for name in authors} | {_letters("".join(authors))}
        for index in [index for index in range(len(self.blocks)) if index not in found][:_FRONT]:
            block = self.blocks[index]
            letters = _letters(block)
            if (
                heading
                and len(letters) > 8
                and (
                    letters == heading
                    or (letters in heading and (self._is_heading(index) or 2 * len(letters) > len(heading)))
                )
            ):
                yield index
            elif len(block) > _MAX_LABEL or STOP.search(block):
                continue
            elif (
                letters in names
                or _BYLINE.fullmatch(block)
                or (_DATE_LINE.fullmatch(block) and _YEAR_OR_TIME.search(block))
            ):
                yield index

    def _end(self, found: set[int]) -> Iterator[int]:
        """Yield the last blocks that speak of the site, and headings with nothing below."""
        for index in reversed([index for index in range(len(self.blocks)) if index not in found]):
            block = self.blocks[index]
            if not (self._is_heading(index) or (len(block) <= _MAX_ENDING and _ENDING.fullmatch(block))):
                return
            yield index


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", text.casefold())
