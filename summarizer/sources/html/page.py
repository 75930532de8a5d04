"""The elements of a page that tell about it, found in one walk over the tree, and their visible text."""

from collections.abc import Iterator
from functools import cached_property, lru_cache
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily
from summarizer._text import (
    collapse_whitespace,
    normalize,
    normalized_words,
    one_line,
    replace_surrogates,
    strip_invisible,
)
from summarizer.sources.html.alignment import HIDDEN, INLINE, is_hidden

if TYPE_CHECKING:
    from lxml.html import HtmlElement

TABLES = read_toml(__file__, "metadata.toml")
"""The word lists for metadata."""

_TAG = compile_lazily(r"</?[a-zA-Z][^<>]{0,500}>")
_MAX_VALUE = 5_000  # characters of a value
_MAX_VALUES = 50  # values of a meta element: a paper has many authors
_MAX_NAMES = 300  # characters of the classes and ids of an element
_MAX_ELEMENTS = 2_000  # elements of a kind that are read
_MAX_PARTS = 3_000  # text nodes of an element that are read
_MAX_TEXT = 20_000  # characters of the visible text that are read
_NEAR_LEVELS = 12  # levels above an element that say whether it belongs to the article
_INLINE = INLINE | {""}
_NAMING = frozenset({"class", "id", "rel", "data-testid"})
_TRAILS = frozenset({"breadcrumb", "breadcrumbs", "Breadcrumb", "Breadcrumbs"})
_DESCRIBING = frozenset({"itemprop", "itemscope", "typeof"})


def alternatives(patterns: str) -> str:
    """Join regular expressions, one a line, to one that any of them matches."""
    return "|".join(filter(None, patterns.split("\n")))


_ROLES = {role: compile_lazily(alternatives(lines)) for role, lines in TABLES["roles"].items()}
_COLLECTED = ("credit", "trail", "kicker", "challenge", "root", "wall")


class Page:
    """The elements of a page that tell about it.

    Args:
        tree: The page, with its head. It is not changed.
    """

    def __init__(self, tree: "HtmlElement") -> None:
        self.tree = tree
        self.language: str = tree.get("lang") or tree.get("xml:lang") or ""
        self.described: list[HtmlElement] = []
        """The elements with microdata or RDFa."""
        self._by_tag: dict[str, list[HtmlElement]] = {}
        self._by_role: dict[str, list[HtmlElement]] = {}
        for element in tree.iter("*"):
            names = ""
            is_described = False
            for key, value in element.items():
                if key in _NAMING:
                    names += f" {value}"
                elif key in _DESCRIBING or (key == "property" and element.tag != "meta"):
                    is_described = True
                elif value in _TRAILS:  # in aria-label
                    names += " breadcrumb"
            for role in _collected_roles(names[:_MAX_NAMES]) if names else ():
                self._by_role.setdefault(role, []).append(element)
            if is_described and len(self.described) < _MAX_ELEMENTS:
                self.described.append(element)
            self._by_tag.setdefault(element.tag, []).append(element)
        titles = [clean(title.text or "") for title in self.elements("title") if title.getparent().tag != "svg"]
        self.title: str = next(filter(None, titles), "")
        canonical = [link for link in self.elements("link") if "canonical" in (link.get("rel") or "").lower().split()]
        self.canonical: str = next((link.get("href") or "" for link in canonical), "")
        scripts = [script for script in self.elements("script") if "ld+json" in (script.get("type") or "").lower()]
        self.scripts: list[str] = [script.text for script in scripts if script.text]
        """The contents of JSON-LD scripts."""
        self.meta: dict[str, list[str]] = {}
        """The contents of meta elements by their name, property or itemprop in lower case."""
        for element in self.elements("meta"):
            self._add_meta(element)

    def elements(self, *tags: str) -> list["HtmlElement"]:
        """Return the first elements with one of the tags, by tag."""
        return [element for tag in tags for element in self._by_tag.get(tag, ())[:_MAX_ELEMENTS]]

    def in_role(self, role: str) -> list["HtmlElement"]:
        """Return the first elements whose class, id or rel names a role, one of the roles in metadata.toml."""
        return self._by_role.get(role, [])[:_MAX_ELEMENTS]

    @cached_property
    def headings(self) -> list[str]:
        """The texts of the first h1 elements."""
        return [element_text(heading) for heading in self.elements("h1")[:20]]

    @cached_property
    def lines(self) -> list[tuple[str, "HtmlElement"]]:
        """The visible text of the page by blocks, each on one line, with the element in which it begins."""
        body = self.tree.find(".//body")
        return list(_blocks(self.tree if body is None else body))

    def values(self, *names: str) -> Iterator[str]:
        """Yield the contents of meta elements that are not empty, in the order of ``names``."""
        for name in names:
            for value in self.meta.get(name, ()):
                if cleaned := clean(value):
                    yield cleaned

    def value(self, *names: str) -> str:
        """Return the first content of a meta element that is not empty."""
        return next(self.values(*names), "")

    def _add_meta(self, element: "HtmlElement") -> None:
        content = element.get("content")
        if not content or len(content) > _MAX_VALUE:
            return
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            for key in (element.get(attribute) or "").lower().split():
                contents = self.meta.setdefault(key, [])
                if len(contents) < _MAX_VALUES:
                    contents.append(content)


@lru_cache(maxsize=5_000)
def _collected_roles(names: str) -> tuple[str, ...]:
    return tuple(role for role in _COLLECTED if _is_role(names, role))


@lru_cache(maxsize=5_000)
def _is_role(names: str, role: str) -> bool:
    return _ROLES[role].search(names.lower()) is not None


def _has_role(element: "HtmlElement", role: str) -> bool:
    """Return whether the class or id of an element names a role, one of the roles in metadata.toml."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(names) > 1 and _is_role(names[:_MAX_NAMES], role)


def is_never_shown(element: "HtmlElement") -> bool:
    """Return whether an element is hidden, or of a kind that browsers do not show."""
    return element.tag in HIDDEN or not isinstance(element.tag, str) or (bool(element.keys()) and is_hidden(element))


def is_elsewhere(element: "HtmlElement") -> bool:
    """Return whether an element belongs to something beside the article: teasers, comments, the footer."""
    return any(
        parent.tag in {"aside", "footer", "nav"}
        or (parent.tag not in {"body", "html"} and _has_role(parent, "elsewhere"))
        for parent in islice(element.iterancestors(), _NEAR_LEVELS)
    )


def clean(value: str) -> str:
    """Return a value on one line, without markup and character references; too long values become empty."""
    if len(value) > _MAX_VALUE:
        return ""
    if "&" in value:
        value = unescape(value)
        value = unescape(value) if "&" in value else value  # some sites escape twice
    if "<" in value:
        value = _TAG.sub("", value)
    return one_line(value)


def element_text(element: "HtmlElement", *, without_labels: bool = False) -> str:
    """Return the visible text of an element on one line.

    Args:
        element: An element with little text: a heading, a byline.
        without_labels: Leave out inner elements such as kickers and texts for screen readers.
    """
    if not len(element):
        return "" if is_never_shown(element) else one_line(element.text or "")
    parts: list[str] = []
    for tag, text, _ in islice(_walk(element, without_labels=without_labels), _MAX_PARTS):
        # Adjoining inline elements are often shown as blocks: <span>Topic</span><span>Headline</span>.
        is_apart = tag not in _INLINE or (tag == "span" and parts and parts[-1][-1:].isalnum() and text[:1].isupper())
        parts.append(f" {text}" if is_apart else text)
    return collapse_whitespace(replace_surrogates(strip_invisible("".join(parts))))


def _blocks(root: "HtmlElement") -> Iterator[tuple[str, "HtmlElement"]]:
    parts: list[str] = []
    first, length = root, 0
    for tag, text, element in _walk(root):
        if tag not in _INLINE and parts:
            if block := collapse_whitespace(strip_invisible("".join(parts))):
                yield block, first
            parts = []
        if text and not text.isspace():
            first = first if parts else element
            parts.append(text)
        elif parts:
            parts.append(" ")
        length += len(text) + 1
        if length > _MAX_TEXT:
            break
    if block := collapse_whitespace(strip_invisible("".join(parts))):
        yield block, first


def _walk(root: "HtmlElement", *, without_labels: bool = False) -> Iterator[tuple[str, str, "HtmlElement"]]:
    """Yield the visible texts below an element, each with the tag that begins or ends before it, and its element."""
    from lxml.etree import iterwalk

    walker = iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        if event == "start":
            if is_never_shown(element) or (without_labels and element is not root and _has_role(element, "label")):
                walker.skip_subtree()
            elif element.text or tag not in _INLINE:
                yield tag, element.text or "", element
        elif element is not root and (element.tail or tag not in _INLINE):
            yield tag if tag not in _INLINE else "", element.tail or "", element.getparent()


def similarity(one: str, other: str) -> float:
    """Return which share of the shorter title's words is in the other one."""
    first, second = set(normalized_words(one)), set(normalized_words(other))
    return len(first & second) / (min(len(first), len(second)) or 1)


@lru_cache(maxsize=1_000)
def squeeze(text: str) -> str:
    """Return the letters and digits of a text, to compare texts whose spaces and punctuation differ."""
    return normalize(text).replace(" ", "")
