"""Load EPUB books."""

from summarizer.article import Article
from summarizer.errors import ArticleError
from summarizer.sources.base import Content, Loader


def load_epub(content: Content) -> Article:
    """Load an EPUB book."""
    raise ArticleError(f"{content.name} is an EPUB book, which cannot be read yet.")


EPUB = Loader(
    "an EPUB book",
    load_epub,
    suffixes=(".epub",),
    media_types=("application/epub+zip",),
)
