"""The types of sources and of the registries of input formats."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from summarizer.article import Article
from summarizer.errors import ArticleError
from summarizer.fetching import strip_credentials


@dataclass(frozen=True, slots=True)
class URL:
    """The address of an article on the web, which is fetched when the article is loaded.

    ``summarize(URL("https://example.org/article"))``

    Examples:
        >>> from summarizer import URL
        >>> URL("https://news.example/bridge")  # summarize() fetches it; a plain string is a text
        URL('https://news.example/bridge')
    """

    address: str
    metadata: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False, kw_only=True)
    """Metadata that replace those of the page: title, author, published, language."""
    defaults: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False, kw_only=True)
    """Metadata for a page that has none of its own."""

    def __str__(self) -> str:
        return strip_credentials(self.address)

    def __repr__(self) -> str:
        return f"URL({str(self)!r})"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A source that is left out, such as an old entry of a feed. Its outcome names the reason.

    Examples:
        >>> from summarizer import Skipped, summarize_many
        >>> [outcome.status for outcome in summarize_many([Skipped("a.txt", "known")], model="builtin")]
        ['skipped']
    """

    source: str
    """The path, the address, or another name of the source."""
    reason: str
    """The reason, without a full stop: "older than 2026-11-01"."""

    def __str__(self) -> str:
        return self.source


Source = str | Path | URL | Article
"""The text of an article, the path of a file, an address, or an Article. A string is always text."""


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a file or of a web page, with what is known about it."""

    data: bytes = field(repr=False)
    name: str
    """The path, the URL, or another name for error messages."""
    suffix: str = ""
    """The suffix of the file's name: ``".html"``."""
    media_type: str = ""
    """The media type that a server declared, in lower case and without parameters: ``"text/html"``."""
    charset: str | None = None
    """The encoding that a server declared."""
    url: str | None = None
    """The address of the page, after redirects."""


@dataclass(frozen=True, slots=True)
class Loader:
    """One input format."""

    name: str
    """The name of the format, such as ``"text"``."""
    load: Callable[[Content], Article]
    """Turns the content of a file into an Article."""
    suffixes: tuple[str, ...] = ()
    """File name suffixes in lower case, such as ``".txt"``."""
    media_types: tuple[str, ...] = ()
    """Media types such as ``"text/plain"``."""
    recognizes: Callable[[bytes], bool] = lambda _: False
    """Tells whether the content of a file has this format. Content takes precedence over names."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A source with its name, such as one article of a container."""

    source: Source | ArticleError | Skipped = field(repr=False)
    """The source; or an error if it cannot be read, or the reason why it is left out."""
    name: str = ""
    """The path, the address, or the file and line; by default that of the source."""
    id: str | None = None
    """The caller's identifier, such as the ``id`` of a line of JSON Lines."""
    published: str | None = None
    """The date that a container gives, in ISO 8601."""

    @property
    def location(self) -> str:
        """The name, or what the source itself says."""
        match self.source:
            case _ if self.name:
                return self.name
            case Article(source=str(location)):
                return location
            case ArticleError(where=str(location)) if location:
                return location
        return str(self.source)


@dataclass(frozen=True, slots=True)
class Container:
    """A format that holds several articles."""

    name: str
    """The name of the format, with an article: ``"a feed"``."""
    read: Callable[[BinaryIO, str], Iterator[Entry]]
    """Yields the entries of a file, one at a time. The second argument is the file's path or address."""
    suffixes: tuple[str, ...] = ()
    """File name suffixes in lower case, such as ``".rss"``."""
    media_types: tuple[str, ...] = ()
    """Media types such as ``"application/rss+xml"``."""
    recognizes: Callable[[bytes], bool] = lambda _: False
    """Tells whether the first bytes of a file have this format. Content takes precedence over names."""
    count: Callable[[BinaryIO], int] | None = None
    """Returns the number of entries without reading them, if that is quick."""
