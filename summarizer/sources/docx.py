"""Load Word documents."""

from summarizer.article import Article
from summarizer.errors import ArticleError
from summarizer.sources.base import Content, Loader


def load_docx(content: Content) -> Article:
    """Load a Word document."""
    raise ArticleError(f"{content.name} is a Word document, which cannot be read yet.")


DOCX = Loader(
    "a Word document",
    load_docx,
    suffixes=(".docx", ".docm"),
    media_types=("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
)
