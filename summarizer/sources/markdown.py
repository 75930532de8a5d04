"""Load Markdown."""

from summarizer.article import Article
from summarizer.errors import ArticleError
from summarizer.sources.base import Content, Loader


def load_markdown(content: Content) -> Article:
    """Load Markdown."""
    raise ArticleError(f"{content.name} is Markdown, which cannot be read yet.")


MARKDOWN = Loader(
    "Markdown",
    load_markdown,
    suffixes=(".md", ".markdown"),
    media_types=("text/markdown",),
)
