"""Load what users give as an Article."""

from summarizer.sources.loading import Source, load_article, to_article

__all__ = ["Source", "load_article", "to_article"]
