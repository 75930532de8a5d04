"""Load plain text."""

from summarizer.article import Article, TextAnchors
from summarizer.sources.base import Content, Loader
from summarizer.sources.encodings import decode


def load_text(content: Content) -> Article:
    """Load plain text in any encoding; a guess becomes a warning."""
    text, encoding, warnings = decode(content.data, content.name, content.charset)
    return Article.from_text(text, encoding=encoding, warnings=warnings, url=content.url, anchors=TextAnchors(text))


TEXT = Loader("text", load_text, suffixes=(".txt", ".text"), media_types=("text/plain",))
