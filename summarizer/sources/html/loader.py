"""Load web pages."""

import re
from collections.abc import Iterable
from functools import partial
from typing import Any

from summarizer._lazy import import_extra
from summarizer._patterns import compile_lazily
from summarizer.article import Article, guess_language
from summarizer.errors import ArticleError
from summarizer.sources.base import Content, Loader
from summarizer.sources.encodings import Decoded, detect_bom
from summarizer.sources.html.alignment import PageText, text_nodes
from summarizer.sources.html.decoding import decode_page
from summarizer.sources.markup import VOID

_MAX_BYTES = 20_000_000
_MAX_ELEMENTS, _MAX_CHARACTERS = 100_000, 3_000_000
_MAX_DEPTH = 200  # the parser stops at 256 levels
_CONTROLS = bytes({*range(32)} - {*b"\t\n\f\r"})
_CONTROL_REFERENCE = compile_lazily(
    r"&#(?:0*(?:[0-8]|11|1[4-9]|2[0-9]|3[01])|x0*(?:[0-8be]|f|1[0-9a-f]|fff[ef]));?(?![0-9a-f])", re.I
)
_INTERNAL_DTD = compile_lazily(r"\s*(?:<\?[^>]*>\s*)?<!DOCTYPE[^<>\[]*\[.*?\]\s*>", re.IGNORECASE | re.DOTALL)
_DELETED_IF_EMPTY = frozenset("b blockquote dd div dt em h1 h2 h3 h4 h5 h6 i li p pre q section span strong".split())
_INLINE_TAG = compile_lazily(r"</?(?:b|big|center|em|font|i|s|small|span|strong|u)\b[^<>]*>", re.IGNORECASE)
_EMPTY_TAG = compile_lazily(rf"<(?!(?:{'|'.join(sorted(VOID))})\b)([a-z][\w-]*)((?:\s[^<>]*)?)/>", re.IGNORECASE)
_TAG = compile_lazily(r"<(/?)([a-z][\w:-]*)[^<>]*>", re.IGNORECASE)
_MAX_ATTRIBUTES = 1_000
_LONG_TAG = compile_lazily(r"<([a-z][\w:-]*)\s[^<>]{10000,}", re.IGNORECASE)
_QUOTED = compile_lazily(r"\"[^\"]*\"|'[^']*'")
_HTML_HEAD = 3_000  # characters
# A whole page, or the first element of a fragment with its attributes. The atomic group prevents exponential time.
_HTML = compile_lazily(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?>(?:<!--.{0,2000}?-->\s*)*)<(?:!doctype\s+html\b"
    r"|(?:html|head|body|title|meta|link|script|style|div|p|article|section|main|header|footer|nav|aside|h[1-6]"
    r"|ul|ol|dl|table|figure|picture|iframe|form|blockquote|center)"
    r"(?:\s+[a-z][\w:-]*(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>]+))?)*\s*/?>)",
    re.IGNORECASE | re.DOTALL,
)


def is_html(data: bytes) -> bool:
    """Return whether the content is a page or a fragment of one."""
    head = data[: 4 * _HTML_HEAD].decode(detect_bom(data) or "utf-8", errors="replace")
    return _HTML.match(head[:_HTML_HEAD]) is not None


def load_html(html: str | bytes, url: str | None = None) -> Article:
    """Extract the article of a page; see `Article.from_html`."""
    if not isinstance(html, str | bytes):
        raise ArticleError(f"A page must be a str or bytes, not {type(html).__name__}.")
    data = html.encode() if isinstance(html, str) else html
    charset = "utf-8" if isinstance(html, str) else None
    return load_page(Content(data, url or "The page", suffix=".html", charset=charset, url=url))


def _parse(content: Content) -> tuple[Decoded, Any]:
    """Decode a page and return its root element, unless it is too long or no page."""
    if len(content.data) > _MAX_BYTES:
        size, limit = len(content.data) // 1_000_000, _MAX_BYTES // 1_000_000
        message = f"{content.name} has {size} MB. Web pages of more than {limit} MB are not read."
        raise ArticleError(message, hint="Save its article as plain text.")
    import_extra("trafilatura", "web")  # name the package that is to be installed, before lxml is missed
    decoded = decode_page(content.data, content.charset)
    text = _without_controls(decoded.text)
    if len(decoded.text) - len(text) > len(text) // 10:
        raise ArticleError(f"{content.name} is binary, not a web page.")
    root = parse_page(_repair(text, is_xhtml=content.media_type == "application/xhtml+xml"))
    if root is None:
        raise _no_text(content)
    return decoded, root


def load_page(content: Content) -> Article:
    """Load the article of a web page."""
    from summarizer.sources.html.extraction import extract_article
    from summarizer.sources.html.metadata import read_metadata  # their patterns take time to compile
    from summarizer.sources.html.page import Page
    from summarizer.sources.html.page_checks import check_page

    decoded, root = _parse(content)
    nodes = list(root.iter())  # kept to the end: lxml would create each element again at every access
    if len(nodes) > _MAX_ELEMENTS:
        raise ArticleError(f"{content.name} has more than {_MAX_ELEMENTS:,} elements. Such pages are not read.")
    page = PageText(text_nodes(root))
    if len(page.squeezed) > _MAX_CHARACTERS:
        raise ArticleError(f"{content.name} has more than {_MAX_CHARACTERS:,} characters. Such pages are not read.")
    etree = import_extra("lxml.etree", "web")
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)  # they divide text nodes, but hinder extraction
    _keep_tails(nodes)
    elements = Page(root)
    metadata = read_metadata(elements, content.url)
    article = extract_article(root, page, metadata)
    warnings = [*decoded.warnings, *check_page(elements, metadata, article.text, content.name)]
    if not article.text:
        raise _no_text(content)
    if not article.is_shown:
        warnings.append("The page does not show this text: it is in its data for search engines (articleBody).")
    return Article.from_text(
        article.text,
        title=metadata.title,
        source=content.url,
        author=metadata.author,
        published=metadata.published,
        language=metadata.language or guess_language(article.text, default="") or None,
        url=metadata.url,
        site=metadata.site,
        section=metadata.section,
        form=metadata.form,
        encoding=decoded.encoding,
        warnings=warnings,
        anchors=article.anchors,
    )


def _without_controls(text: str) -> str:
    """Remove characters that are not allowed in XML. Bytes are searched ten times as fast as characters."""
    data = text.encode(errors="replace")
    clean = data.translate(None, _CONTROLS)
    return (text if len(clean) == len(data) else clean.decode()).replace("\ufffe", "").replace("\uffff", "")


def _keep_tails(elements: Iterable[Any]) -> None:
    """Give empty elements an empty text, since trafilatura deletes those without one, and the text after them too."""
    for element in elements:
        if element.text is None and element.tail and not len(element) and element.tag in _DELETED_IF_EMPTY:
            element.text = ""


def _no_text(content: Content) -> ArticleError:
    return ArticleError(
        f"{content.name} has no article text.", hint="Its text may need a script: save the page from a browser."
    )


def parse_page(text: str) -> Any:
    """Return the root element of a page, or None if it has none."""
    html = import_extra("lxml.html", "web")
    # Unclosed inline tags nest pages too deeply for the parser: without them, most are read as they are.
    for repair in (str, partial(_INLINE_TAG.sub, ""), _flatten):
        # Entities are not expanded and nothing is fetched: the HTML parser knows no DTD.
        parser = html.HTMLParser(encoding="utf-8", no_network=True)
        # One class for all elements: lxml would ask a function for the class of each.
        parser.set_element_class_lookup(html.etree.ElementDefaultClassLookup(element=html.HtmlElement))
        try:
            root = html.document_fromstring(repair(text).encode(errors="replace"), parser=parser)
        except (html.etree.ParserError, html.etree.XMLSyntaxError):
            return None
        if not any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
            break
    return root


def _repair(text: str, *, is_xhtml: bool) -> str:
    """Remove what the HTML parser misreads: control characters, an internal DTD, and the empty tags of XHTML."""
    is_xhtml = is_xhtml or text.lstrip().startswith("<?xml")
    if "&#" in text:
        text = _CONTROL_REFERENCE.sub("", text)
    text = _LONG_TAG.sub(_shorten_tag, text)
    dtd = _INTERNAL_DTD.match(text)
    if dtd:
        text = text[dtd.end() :]
    return _EMPTY_TAG.sub(r"<\1\2></\1>", text) if is_xhtml else text


def _shorten_tag(tag: re.Match[str]) -> str:
    """Drop the attributes of a tag with very many: the parser's time is quadratic in their number."""
    count = len(_QUOTED.sub("", tag[0]).split())
    return tag[0] if count <= _MAX_ATTRIBUTES else f"<{tag[1]}"


def _flatten(text: str) -> str:
    """Remove the tags of elements that are nested too deeply for the parser."""
    depth = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal depth
        if match[2].lower() in VOID or match[0].endswith("/>"):
            return match[0]
        if match[1]:
            depth = max(depth - 1, 0)
            return match[0] if depth < _MAX_DEPTH else " "
        depth += 1
        return match[0] if depth <= _MAX_DEPTH else " "

    return _TAG.sub(keep, text)


HTML = Loader(
    "a web page",
    load_page,
    suffixes=(".html", ".htm", ".xhtml"),
    media_types=("text/html", "application/xhtml+xml"),
    recognizes=is_html,
)
