"""Parse pages."""

from selectolax.lexbor import LexborHTMLParser, LexborNode

from summarizer import Article, Brief


def parsed(brief: Brief, article: Article) -> LexborHTMLParser:
    return LexborHTMLParser(brief.to_html(article))


def text(node: LexborNode | LexborHTMLParser | None, selector: str = "") -> str:
    """Return the text of a node on one line."""
    found = node.css_first(selector) if selector and node else node
    assert found, selector
    return " ".join((found.text() or "").split())


def texts(node: LexborNode | LexborHTMLParser, selector: str) -> list[str]:
    return [text(found) for found in node.css(selector)]
