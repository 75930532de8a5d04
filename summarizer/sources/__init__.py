"""Sources: what users pass, loaded as an Article."""

from summarizer.sources.base import URL, Container, Content, Entry, Loader, Skipped, Source
from summarizer.sources.containers import CONTAINERS, HEAD, find_container, read_container
from summarizer.sources.epub import epub_chapters
from summarizer.sources.feeds import articles_from_feed, is_older, parse_date
from summarizer.sources.html import load_html
from summarizer.sources.json_lines import parse_json_line
from summarizer.sources.loaders import LOADERS, load_content, load_fetched, load_file, load_url, read_limited
from summarizer.sources.source import INLINE_LIMIT, is_address, load_article, to_article

__all__ = [
    "CONTAINERS", "HEAD", "INLINE_LIMIT", "LOADERS", "URL", "Container", "Content", "Entry", "Loader", "Skipped",
    "Source", "articles_from_feed", "epub_chapters", "find_container", "is_address", "is_older", "load_article",
    "load_content", "load_fetched", "load_file", "load_html", "load_url", "parse_date", "parse_json_line",
    "read_container", "read_limited", "to_article",
]  # fmt: skip
