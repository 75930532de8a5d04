"""What users give, as an Article."""

from pathlib import Path

from summarizer._async import run_in_thread
from summarizer.article import Article
from summarizer.errors import ArticleError

Source = str | Path | Article
"""A text, the path of a text file, or an Article. A string is always text."""

SHORT = 3_000
"""Characters of a text that is read in the event loop, which a thread would hold up for as long."""


async def load_article(source: Source | ArticleError) -> Article:
    """`to_article`, files and long texts being taken in by a thread."""
    if isinstance(source, Article):
        return source
    if isinstance(source, str) and len(source) <= SHORT:
        return to_article(source)
    return await run_in_thread(to_article, source)


def to_article(source: Source | ArticleError) -> Article:
    """``source`` as an Article: a string is text, a path names a file.

    Raises:
        ArticleError: it cannot be read as one; or the one that was given, in place of a source that could not be had.
        TypeError: it is none of these.
    """
    match source:
        case Article():
            return source
        case Path():
            return Article.from_file(source)
        case str():
            return Article.from_text(source)
        case ArticleError():
            raise source
    raise TypeError(f"a source is a str, a Path or an Article, not {type(source).__name__}")
