"""The types of the loader registry: the content of a file or page, and an input format."""

from collections.abc import Callable
from dataclasses import dataclass, field

from summarizer.article import Article


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
