"""The Fetcher: one address in, the bytes of a page out."""

from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """The answer of a server."""

    data: bytes = field(repr=False)
    """The body, decompressed."""
    url: str
    """The address after redirects."""
    media_type: str = ""
    """In lower case, without parameters; empty if the server named none."""
    charset: str | None = None
    """The encoding that the server declared."""
    etag: str | None = None
    last_modified: str | None = None

    @property
    def path(self) -> str:
        """Return the path of the address."""
        return urlsplit(self.url).path


class PageCache(Protocol):
    """Remembers pages, so that a server can answer that a page has not changed."""

    def find_page(self, url: str) -> FetchedPage | None:
        """Return the last page of an address."""
        ...

    def save_page(self, url: str, page: FetchedPage) -> None:
        """Remember the page of an address."""
        ...


class Fetcher:
    """Fetches web pages. It can be shared by threads and event loops.

    Args:
        allow_private: Whether addresses in private networks may be fetched.
        respect_robots: Whether pages that robots.txt forbids are refused.
        interval: Seconds between two requests to one host.
        timeout: Seconds for one page, with its redirects.
        max_bytes: The size of a page at most, after decompression.
        user_agent: The name that servers and robots.txt see.
        cache: Remembers pages for conditional requests.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        respect_robots: bool = True,
        interval: float = 1.0,
        timeout: float = 30.0,
        max_bytes: int = 20_000_000,
        user_agent: str | None = None,
        cache: PageCache | None = None,
    ) -> None:
        raise NotImplementedError

    async def fetch(self, url: str) -> FetchedPage:
        """Fetch ``url``.

        Raises:
            FetchFailed: The address is refused, or cannot be fetched.
            ConfigurationError: The extra ``web`` is not installed.
        """
        raise NotImplementedError
