"""What the command reads: an article out of a file or standard input."""

import os
import sys
from typing import TYPE_CHECKING

from summarizer._text import shorten
from summarizer.errors import ArticleError

if TYPE_CHECKING:
    from summarizer.article import Article


def load_article(source: str, title: str | None = None, language: str | None = None) -> "Article":
    """The article in the file ``source``, or on standard input where that is "-".

    Raises:
        ArticleError: there is none.
    """
    from summarizer.article import Article
    from summarizer.sources import load_bytes

    if source == "-":
        article = load_bytes(sys.stdin.buffer.read(), name="Standard input")
        return article.with_metadata(title=title, language=language)
    check_no_address(source)
    if not os.path.lexists(source):  # of a text, too, in a word: a text can be longer than any path
        raise ArticleError(
            f"There is no file “{shorten(source, 100)}”.", hint="Name a text file, or - to read standard input."
        )
    return Article.from_file(source, title=title, language=language)


def check_no_address(source: str) -> None:
    """Say of an address that it is not read.

    Raises:
        ArticleError: it is one.
    """
    if "://" in source or (source.startswith("www.") and not os.path.lexists(source)):
        raise ArticleError(
            f"{source} is an address, and addresses are not read yet.",
            hint="Save the article's text to a file and name the file.",
        )
