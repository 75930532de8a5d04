"""The parts of a web page that tell about it: meta elements, headings, JSON-LD, microdata."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING, Any

from summarizer._files import read_toml
from summarizer._text import collapse_whitespace, normalized_words, one_line, replace_surrogates, strip_invisible

if TYPE_CHECKING:
    from lxml.html import HtmlElement

TABLES = read_toml(__file__, "metadata.toml")
"""The word lists for metadata."""

Node = dict[str, Any]
"""An object of schema.org, as in JSON-LD; its values may have any type."""

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_MAX_VALUE = 5_000  # characters of a value
_MAX_VALUES = 50  # values of a meta element: a paper has many authors
_MAX_ELEMENTS = 2_000  # elements of a kind that are read
_LONG = frozenset({"articleBody", "text", "description", "reviewBody", "image", "comment"})  # not needed
_MAX_LEVELS = 200  # levels above an element that are searched for the object it belongs to
_MAX_PARTS = 3_000  # text nodes of an element that are read
_HIDDEN = frozenset({"script", "style", "noscript", "template", "svg", "math", "iframe", "object", "select"})
_BREAKING = frozenset(
    "address article aside blockquote br button dd details dialog div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table td th tr ul".split()
)
_LABELS = re.compile(
    r"kicker|eyebrow|overline|topline|dachzeile|kategori|categor|rubri|sr-only|visually-?hidden|screen-?reader"
    r"|(?:^|[-_ ])(?:section|label|badge|tag|prefix|flag|volanta|antetitulo|surtitre|occhiello)(?:$|[-_ ])",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"related|comment|teaser|sidebar|(?<!post-)(?<!article-)(?<!entry-)(?<!story-)footer|recommend|promo|most-?(?:read|popular)|newsletter|trending|recirc|share-?bar",
    re.IGNORECASE,
)
_NEAR_LEVELS = 12  # levels above an element that say whether it belongs to the article


@dataclass(slots=True)
class Page:
    """What a page says in its head and in the attributes of its elements."""

    tree: "HtmlElement"
    title: str = ""
    language: str = ""
    canonical: str = ""
    meta: dict[str, list[str]] = field(default_factory=dict)
    """The contents of meta elements by their name, property or itemprop in lower case."""
    scripts: list[str] = field(default_factory=list)
    """The contents of JSON-LD scripts."""
    headings: list["HtmlElement"] = field(default_factory=list)
    """The h1 elements."""
    times: list["HtmlElement"] = field(default_factory=list)
    """The time elements."""

    def values(self, *names: str) -> Iterator[str]:
        """Yield the contents of meta elements that are not empty, in the order of ``names``."""
        for name in names:
            for value in self.meta.get(name, ()):
                if cleaned := clean(value):
                    yield cleaned

    def value(self, *names: str) -> str:
        """Return the first content of a meta element that is not empty."""
        return next(self.values(*names), "")


def read_page(tree: "HtmlElement") -> Page:
    """Collect the elements that describe the page."""
    page = Page(tree, language=tree.get("lang") or tree.get("xml:lang") or "")
    for element in tree.iter("meta", "link", "title", "script", "h1", "time"):
        match element.tag:
            case "meta":
                _add_meta(page, element)
            case "script":
                kind = (element.get("type") or "").lower()
                if "ld+json" in kind and element.text:
                    page.scripts.append(element.text)
            case "link":
                if "canonical" in (element.get("rel") or "").lower().split() and not page.canonical:
                    page.canonical = element.get("href") or ""
            case "title":
                parent = element.getparent()
                if not page.title and (parent is None or parent.tag != "svg"):
                    page.title = clean(element.text or "")
            case _:
                found = page.headings if element.tag == "h1" else page.times
                if len(found) < _MAX_ELEMENTS:
                    found.append(element)
    return page


def _add_meta(page: Page, element: "HtmlElement") -> None:
    content = element.get("content")
    if not content or len(content) > _MAX_VALUE:
        return
    for attribute in ("property", "name", "itemprop", "http-equiv"):
        for key in (element.get(attribute) or "").lower().split():
            contents = page.meta.setdefault(key, [])
            if len(contents) < _MAX_VALUES:
                contents.append(content)


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
    parts: list[str] = []
    for index, (tag, text) in enumerate(walk_text(element, without_labels=without_labels)):
        # Adjoining inline elements are often shown as blocks: <span>Topic</span><span>Headline</span>.
        is_apart = tag in _BREAKING or (tag == "span" and parts and parts[-1][-1:].isalnum() and text[:1].isupper())
        parts.append(f" {text}" if is_apart else text)
        if index > _MAX_PARTS:
            break
    return collapse_whitespace(replace_surrogates(strip_invisible("".join(parts))))


def walk_text(root: "HtmlElement", *, without_labels: bool = False) -> Iterator[tuple[str, str]]:
    """Yield the visible texts below an element, each with the tag that begins or ends before it."""
    element, going_down = root, True
    while True:
        tag = element.tag if isinstance(element.tag, str) else ""
        if going_down:
            shown = tag and (element is root or not (is_hidden(element) or (without_labels and is_label(element))))
            if shown:
                if element.text or tag in _BREAKING:
                    yield tag, element.text or ""
                if len(element):
                    element = element[0]
                    continue
        if element is root:
            return
        if element.tail or tag in _BREAKING:
            yield tag if tag in _BREAKING else "", element.tail or ""
        following = element.getnext()
        element, going_down = (element.getparent(), False) if following is None else (following, True)


def blocks(root: "HtmlElement", limit: int = 20_000) -> Iterator[str]:
    """Yield the visible text below an element by blocks, each on one line, up to ``limit`` characters."""
    parts: list[str] = []
    for tag, text in walk_text(root):
        if tag in _BREAKING and parts:
            if block := collapse_whitespace(strip_invisible("".join(parts))):
                yield block
            parts = []
        parts.append(text)
        limit -= len(text) + 1
        if limit < 0:
            break
    if block := collapse_whitespace(strip_invisible("".join(parts))):
        yield block


def is_hidden(element: "HtmlElement") -> bool:
    """Return whether an element is never shown."""
    if element.tag in _HIDDEN or not isinstance(element.tag, str) or element.get("hidden") is not None:
        return True
    style = element.get("style")
    return style is not None and "display:none" in style.replace(" ", "").lower()


def is_elsewhere(element: "HtmlElement") -> bool:
    """Return whether an element belongs to something beside the article: teasers, comments, the footer."""
    return any(
        parent.tag in {"aside", "footer", "nav"}
        or (
            parent.tag not in {"body", "html"}
            and _ELSEWHERE.search(f"{parent.get('class') or ''} {parent.get('id') or ''}") is not None
        )
        for parent in islice(element.iterancestors(), _NEAR_LEVELS)
    )


def is_label(element: "HtmlElement") -> bool:
    """Return whether an element of a heading stands above or before the headline: a topic, a category."""
    return _LABELS.search(element.get("class") or "") is not None


@cache
def xpath(expression: str) -> Any:
    """Return a compiled XPath expression, a function of an element."""
    from lxml.etree import XPath

    return XPath(expression)


def read_microdata(tree: "HtmlElement") -> list[Node]:
    """Return the objects that a page describes in microdata or RDFa, in the form of JSON-LD."""
    top: list[Node] = []
    scopes: dict[HtmlElement, Node] = {}
    loose: Node = {"@type": "Article"}
    for element in xpath(".//*[@itemscope or @typeof or @itemprop or (@property and not(self::meta))]")(tree)[
        :_MAX_ELEMENTS
    ]:
        names = [name.rpartition(":")[2] for name in (element.get("itemprop") or element.get("property") or "").split()]
        if names and _LONG.issuperset(names):
            continue
        kind = element.get("itemtype") or element.get("typeof")
        node: Node | None = None
        if kind is not None or element.get("itemscope") is not None:
            node = scopes[element] = {"@type": (kind or "").split()}
            if not names:
                top.append(node)
        if names:
            scope = next((parent for parent in islice(element.iterancestors(), _MAX_LEVELS) if parent in scopes), None)
            owner = loose if scope is None else scopes[scope]
            value = node or _property(element, names)
            for name in names:
                owner.setdefault(name, []).append(value)
    return [*top, loose] if len(loose) > 1 else top


def _property(element: "HtmlElement", names: list[str]) -> str:
    for attribute in ("content", "datetime"):
        if value := element.get(attribute):
            return str(value)
    if element.tag == "abbr" and element.get("title"):
        return str(element.get("title"))
    if element.tag in {"a", "link"} and not {"url", "mainEntityOfPage"}.isdisjoint(names):
        return element.get("href") or ""
    return element_text(element)


def similarity(one: str, other: str) -> float:
    """Return which share of the shorter title's words stands in the other one."""
    first, second = set(normalized_words(one)), set(normalized_words(other))
    return len(first & second) / (min(len(first), len(second)) or 1)
