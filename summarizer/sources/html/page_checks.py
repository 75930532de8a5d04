"""Recognize pages that are no article, or that show only a part of one."""

from typing import TYPE_CHECKING

from summarizer.sources.html.metadata import PageMetadata

if TYPE_CHECKING:
    from lxml.html import HtmlElement


def check_page(tree: "HtmlElement", metadata: PageMetadata, text: str) -> list[str]:
    """Return warnings about a page, each a sentence: only a part of the article is shown.

    Args:
        tree: The page as parsed, with its scripts and overlays. It is not changed.
        metadata: Its metadata.
        text: The extracted text of the article; it may be empty.

    Raises:
        ArticleError: The page is no article: an error page, a consent wall, an index page …
    """
    del tree, metadata, text
    return []
