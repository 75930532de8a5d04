"""Web pages: the text of the article, its metadata, and the way back to the page."""

from summarizer.sources.html.loader import HTML, load_html

__all__ = ["HTML", "load_html"]
