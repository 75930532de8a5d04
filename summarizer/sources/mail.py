"""Load e-mails."""

from summarizer.article import Article
from summarizer.errors import ArticleError
from summarizer.sources.base import Content, Loader


def load_email(content: Content) -> Article:
    """Load an e-mail."""
    raise ArticleError(f"{content.name} is an e-mail, which cannot be read yet.")


EMAIL = Loader(
    "an e-mail",
    load_email,
    suffixes=(".eml",),
    media_types=("message/rfc822",),
)
