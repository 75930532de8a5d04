"""Read the objects of schema.org that a page describes in JSON-LD, however broken, and in microdata or RDFa."""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from summarizer._patterns import compile_lazily
from summarizer.sources.html.page import clean, element_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Node = dict[str, Any]
"""An object of schema.org, as in JSON-LD; its values may have any type."""

_MAX_CHARACTERS = 4_000_000  # of all scripts of a page
_MAX_OBJECTS = 20_000
_MAX_NAMES = 50

_BEFORE = ("<!--", "//", "/*", "*/", "<![CDATA[", "\ufeff")
_AFTER = ("-->", "//", "/*", "*/", "]]>", ";")
# Each of these always matches, even what is not closed: the search stays linear.
_STRING = r'"(?:[^"\\]|\\.)*+"?'
_TRAILING_COMMAS = compile_lazily(rf"({_STRING})|,(?=\s{{0,200}}[}}\]])", re.DOTALL)
_COMMENTS = compile_lazily(rf"({_STRING})|/\*(?:[^*]|\*(?!/))*+(?:\*/)?|//[^\n]*", re.DOTALL)
_INVALID_ESCAPES = compile_lazily(r"(\\[\"\\/bfnrt]|\\u[0-9a-fA-F]{4})|\\")
_VALUE = r'"((?:[^"\\\n]|\\.|"(?!\s*[,}\]])){1,1000})"'  # with quotation marks inside that are not escaped
_PROPERTY = compile_lazily(
    rf'"(headline|datePublished|articleSection|inLanguage|author|@type)"\s*:\s*{_VALUE}'
    r'|"(author|publisher)"\s*:\s*(\[[^\[\]]{0,3000}|\{[^{}]{0,1000})'
)
_NAME = compile_lazily(rf'"name"\s*:\s*{_VALUE}')

# The article of a page is at the top of its data or in one of these properties; others lead to further articles.
_MAIN = frozenset({"@graph", "mainEntity", "mainEntityOfPage", "blogPost"})
_NO_ARTICLES = frozenset({"advertisercontentarticle"})
_LONG = frozenset({"articleBody", "text", "description", "reviewBody", "image", "comment"})  # not needed
_MAX_LEVELS = 200  # levels above an element that are searched for the object it belongs to
_OTHER_ARTICLES = frozenset({"report", "pressrelease", "review", "interview"})


class Objects:
    """The objects of schema.org on a page.

    Args:
        nodes: The objects, each with those inside it.
    """

    def __init__(self, nodes: Iterable[Any]) -> None:
        self.main: list[Node] = []
        """The objects at the top, in the order of the page."""
        self._by_id: dict[str, Node] = {}
        stack = [(node, True) for node in nodes][::-1]
        for _ in range(_MAX_OBJECTS):
            if not stack:
                break
            node, is_main = stack.pop()
            if isinstance(node, list):
                stack.extend((item, is_main) for item in reversed(node) if isinstance(item, dict | list))
            elif isinstance(node, dict):
                if is_main:
                    self.main.append(node)
                identifier = node.get("@id")
                if isinstance(identifier, str) and len(node) > max(1, len(self._by_id.get(identifier, ()))):
                    self._by_id[identifier] = node
                inner = [(value, is_main and key in _MAIN) for key, value in node.items()]
                stack.extend((value, below) for value, below in reversed(inner) if isinstance(value, dict | list))

    def resolve(self, node: Any) -> Any:
        """Return the object that a reference such as ``{"@id": "#ann"}`` means; other values stay as they are."""
        if isinstance(node, dict) and isinstance(node.get("@id"), str) and "name" not in node:
            return self._by_id.get(node["@id"], node)
        return node

    def articles(self) -> list[Node]:
        """Return the articles at the top."""
        return [node for node in self.main if is_article(node)]

    def values(self, node: Node, key: str) -> Iterator[Any]:
        """Yield the values of a property, one by one."""
        for value in flatten(node.get(key)):
            yield self.resolve(value)

    def text(self, node: Node, *keys: str) -> str:
        """Return the first text that one of the properties has; objects give their name."""
        return next((text for key in keys for value in self.values(node, key) if (text := text_of(value))), "")

    def names(self, node: Node, key: str) -> Iterator[tuple[str, bool]]:
        """Yield the names of persons and organisations, and whether each may be a person."""
        for value in self.values(node, key):
            name = text_of(value)
            if isinstance(value, dict):
                if not name:
                    parts = [text_of(value.get(part)) for part in ("givenName", "additionalName", "familyName")]
                    name = " ".join(filter(None, parts))
                yield name, not any(kind.endswith("organization") for kind in types_of(value))
            elif name:
                yield name, True


def read_json_ld(scripts: Iterable[str]) -> list[Any]:
    """Return the documents in JSON-LD scripts; what cannot be repaired is searched for the main properties."""
    documents: list[Any] = []
    remaining = _MAX_CHARACTERS
    for script in scripts:
        remaining -= len(script)
        if remaining < 0:
            break
        documents.extend(_parse(_unwrap(script)))
    return documents


def _unwrap(text: str) -> str:
    """Remove the comment or CDATA section around a script."""
    text = text.strip()
    for mark in _BEFORE:
        text = text.removeprefix(mark).strip()
    for mark in _AFTER:
        text = text.removesuffix(mark).strip()
    return text


def _parse(text: str) -> Iterator[Any]:
    for repair in (None, _repair):
        try:
            found = list(_decode(repair(text) if repair else text))
        except (ValueError, RecursionError):
            continue
        yield from found
        return
    node: Node = {}
    for match in islice(_PROPERTY.finditer(text), _MAX_NAMES):
        values = [match[2]] if match[1] else [name[1] for name in _NAME.finditer(match[4])]
        node.setdefault(match[1] or match[3], []).extend(map(_unescape, values))
    if node:
        yield node


def _unescape(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text.replace("\\", "")


def _decode(text: str) -> Iterator[Any]:
    """Yield the documents of a text: some scripts have several, one after the other."""
    decoder = json.JSONDecoder(strict=False)  # raw line breaks in strings are common
    position = 0
    while position < len(text):
        document, position = decoder.raw_decode(text, position)
        yield document
        while position < len(text) and (text[position].isspace() or text[position] in ",;"):
            position += 1


def _repair(text: str) -> str:
    """Remove what JSON forbids and sites write: comments, trailing commas, invalid escapes."""
    if '"' not in text and "&quot;" in text:
        text = text.replace("&quot;", '"')
    text = _COMMENTS.sub(r"\1", text)
    text = _TRAILING_COMMAS.sub(r"\1", text)
    return _INVALID_ESCAPES.sub(lambda match: match[1] or "", text)


def read_microdata(elements: Iterable["HtmlElement"]) -> list[Node]:
    """Return the objects that elements describe in microdata or RDFa, in the form of JSON-LD."""
    top: list[Node] = []
    scopes: dict[HtmlElement, Node] = {}
    loose: Node = {"@type": "Article"}
    for element in elements:
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
            above = islice(element.iterancestors(), _MAX_LEVELS) if scopes else ()
            scope = next((parent for parent in above if parent in scopes), None)
            owner = loose if scope is None else scopes[scope]
            value = node or _property(element, names)
            for name in names:
                owner.setdefault(name, []).append(value)
    return [*top, loose] if len(loose) > 1 else top


def _property(element: "HtmlElement", names: list[str]) -> str:
    value = element.get("content") or element.get("datetime")
    if not value and element.tag == "abbr":
        value = element.get("title")
    if not value and element.tag in {"a", "link"} and not {"url", "mainEntityOfPage"}.isdisjoint(names):
        value = element.get("href") or ""
    return element_text(element) if value is None else value


def flatten(value: Any) -> Iterator[Any]:
    """Yield a value, or the items of a list, which may be nested."""
    stack = [value]
    for _ in range(_MAX_NAMES):
        if not stack:
            return
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item[:_MAX_NAMES]))
        elif item is not None:
            yield item


def text_of(value: Any) -> str:
    """Return a value as text on one line: a string, a list's first item, an object's name."""
    for _ in range(_MAX_NAMES):
        if isinstance(value, str):
            return clean(value)
        if isinstance(value, dict):
            value = next((value[key] for key in ("@value", "name", "headline", "@id") if value.get(key)), None)
        elif isinstance(value, list):
            value = next(iter(value), None)
        else:
            return ""
    return ""


def types_of(node: Any) -> set[str]:
    """Return the types of an object in lower case, without the address of the vocabulary."""
    kinds = flatten(node.get("@type")) if isinstance(node, dict) else ()
    return {kind[max(map(kind.rfind, "/#:")) + 1 :].strip().lower() for kind in kinds if isinstance(kind, str)}


def is_article(node: Any) -> bool:
    """Return whether an object is an article."""
    kinds = types_of(node)
    return not kinds & _NO_ARTICLES and any(
        kind.endswith(("article", "blogposting")) or kind in _OTHER_ARTICLES for kind in kinds
    )
