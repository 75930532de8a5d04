"""Sources: what users pass, loaded as an Article."""

from summarizer.sources.base import Content, Loader
from summarizer.sources.html import load_html
from summarizer.sources.loaders import LOADERS, fetch_article, load_content, load_file, load_url
from summarizer.sources.source import INLINE_LIMIT, URL, Skipped, Source, load_article, to_article

__all__ = [
    "INLINE_LIMIT",
    "LOADERS",
    "URL",
    "Content",
    "Loader",
    "Skipped",
    "Source",
    "fetch_article",
    "load_article",
    "load_content",
    "load_file",
    "load_html",
    "load_url",
    "to_article",
]
