"""Load web pages."""

import re

from summarizer.article import Article
from summarizer.errors import ArticleError
from summarizer.sources.base import Content, Loader
from summarizer.sources.text import detect_bom

_HTML_HEAD = 3_000  # characters
# A whole page, or the first element of a fragment with its attributes.
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html\b"
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
    data = html.encode() if isinstance(html, str) else html
    charset = "utf-8" if isinstance(html, str) else None
    return load_page(Content(data, url or "The page", suffix=".html", charset=charset, url=url))


def load_page(content: Content) -> Article:
    """Load the article of a web page."""
    raise ArticleError(f"{content.name} is a web page, which cannot be read yet.")


HTML = Loader(
    "a web page",
    load_page,
    suffixes=(".html", ".htm", ".xhtml"),
    media_types=("text/html", "application/xhtml+xml"),
    recognizes=is_html,
)
