"""The registry of formats that hold several articles, and the functions that read them.

To add a format, add one entry to `CONTAINERS`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from summarizer.errors import ArticleError
from summarizer.sources.base import Container, Content, Entry
from summarizer.sources.epub import EPUB, epub_chapters, is_epub
from summarizer.sources.feeds import FEED
from summarizer.sources.json_lines import JSON_LINES
from summarizer.sources.loaders import LOADERS
from summarizer.sources.warc import WARC


def read_epub_chapters(file: BinaryIO, name: str) -> Iterator[Entry]:
    """Yield the chapters of a book."""
    for chapter in epub_chapters(Content(file.read(), name, suffix=".epub")):
        yield Entry(chapter)


EPUB_CHAPTERS = Container("an EPUB book", read_epub_chapters, suffixes=EPUB.suffixes, recognizes=is_epub)
HEAD = 65_536
"""Bytes of a file that decide its format."""
CONTAINERS: list[Container] = [FEED, WARC, JSON_LINES, EPUB_CHAPTERS]
"""Formats that hold several articles. The first entry that recognizes a file reads it; otherwise its name decides."""


def find_container(head: bytes, name: str = "", media_type: str = "") -> Container | None:
    """Return the format of a file that holds several articles, or None if it is another file.

    Args:
        head: The first bytes of the file.
        name: Its name, which decides if the content does not.
        media_type: The media type that a server declared.
    """
    if recognized := next((entry for entry in CONTAINERS if entry.recognizes(head)), None):
        return recognized
    named = (entry for entry in CONTAINERS if name.lower().endswith(entry.suffixes) or media_type in entry.media_types)
    return next(named, None)


def read_container(path: Path, container: Container | None = None) -> Iterator[Entry]:
    """Yield the entries of a file, one at a time. A file that cannot be read becomes an error.

    Args:
        path: The file.
        container: Its format; by default that of its content or name.
    """
    name = str(path).encode(errors="replace").decode()  # file names may contain lone surrogates
    try:
        with path.open("rb") as file:
            if container is None:
                container = find_container(file.read(HEAD), path.name)
                file.seek(0)
            if container is None:
                raise ArticleError(f"{name} does not hold several articles.", hint="Article.from_file() reads it.")
            yield from container.read(file, name)
    except ArticleError as error:
        yield Entry(error, name)
    except OSError as error:
        yield Entry(ArticleError(f"{name} cannot be read: {error.strerror or error}."), name)


def reject_container(content: Content) -> None:
    """Refuse content that holds several articles where one is expected."""
    is_named = content.suffix.lower() in (suffix for loader in LOADERS for suffix in loader.suffixes)
    name = "" if is_named else content.name
    if container := find_container(content.data[:HEAD], name, content.media_type):
        function = "articles_from_feed" if container is FEED else "summarizer.sources.read_container"
        hint = f"Name it as an argument of summarizer batch. In Python, use {function}()."
        raise ArticleError(f"{content.name} is {container.name}, which holds several articles.", hint=hint)
