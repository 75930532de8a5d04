"""The Fetcher: one address in, the bytes of a page out."""

import asyncio
import base64
import ssl
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from summarizer import __version__
from summarizer._async import run_blocking, run_in_thread
from summarizer._lazy import import_extra
from summarizer.errors import ConfigurationError, FetchFailed, copy_error
from summarizer.fetching.addresses import Address
from summarizer.fetching.answers import (
    check_answer,
    header,
    is_printable,
    read_body,
    read_content_type,
    read_cookies,
    read_retry_after,
    status_error,
)
from summarizer.fetching.politeness import (
    MAX_ROBOTS_BYTES,
    MAX_ROBOTS_REDIRECTS,
    HostIntervals,
    RobotsCache,
    RobotsRules,
    product_token,
)

if TYPE_CHECKING:
    from httpcore2 import Response

    from summarizer.fetching.network import Connections

USER_AGENT = f"articlebrief/{__version__}"
MAX_REDIRECTS = 10
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ACCEPT = "text/html, application/xhtml+xml, application/pdf;q=0.9, application/xml;q=0.9, text/plain;q=0.8, */*;q=0.5"
_IGNORE_ROBOTS = "--ignore-robots, or Fetcher(respect_robots=False)"
_MAX_COOKIES = 4_000  # characters of a Cookie header


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """The answer of a server."""

    data: bytes = field(repr=False)
    """The body, decompressed."""
    url: str
    """The address after redirects, without credentials and fragment."""
    media_type: str = ""
    """In lower case, without parameters; empty if the server named none."""
    charset: str | None = None
    """The encoding that the server declared."""
    etag: str | None = None
    last_modified: str | None = None

    @property
    def name(self) -> str:
        """The address in messages: without the query, since it may hold a token."""
        return self.url.partition("?")[0]

    @property
    def path(self) -> str:
        """The path of the address."""
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
        timeout: Seconds for one page, with its redirects and robots.txt. Waiting for the interval does not count.
        max_bytes: The size of a page at most, after decompression.
        user_agent: The name that servers and robots.txt see.
        cache: Remembers pages for conditional requests.

    Raises:
        ConfigurationError: An option is invalid.

    Examples:
        >>> from summarizer import Fetcher, Summarizer
        >>> summarizer = Summarizer(model="builtin", fetcher=Fetcher(timeout=10, interval=2))
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
        if not (0 <= interval < float("inf") and 0 < timeout < float("inf") and max_bytes > 0):
            raise ConfigurationError("A limit of the Fetcher is invalid: timeout and max_bytes must be above 0.")
        if user_agent is not None and not is_printable(user_agent.strip()):
            raise ConfigurationError("The user agent of the Fetcher is invalid: it must be a line of ASCII characters.")
        self.allow_private, self.respect_robots, self.interval = allow_private, respect_robots, interval
        self.timeout, self.max_bytes, self.cache = timeout, max_bytes, cache
        self.user_agent = user_agent.strip() if user_agent else USER_AGENT
        self._robots, self._intervals = RobotsCache(), HostIntervals()
        self._tls: ssl.SSLContext | None = None

    async def fetch(self, url: str) -> FetchedPage:
        """Fetch ``url``.

        Raises:
            FetchFailed: The address is refused, or cannot be fetched.
            ConfigurationError: The extra ``web`` is not installed, or a proxy setting is invalid.
        """
        _require_packages()
        address = Address.parse(url)
        # A page behind a password is not kept. An empty store is false.
        store = None if address.credentials else self.cache
        cached = None if store is None else await run_blocking(store.find_page, address.url)
        page, is_new = await self._fetch(address, cached)
        if store is not None and is_new:
            await run_blocking(store.save_page, address.url, page)
        return page

    async def _fetch(self, address: Address, cached: FetchedPage | None) -> tuple[FetchedPage, bool]:
        """Return a page, and whether it should be remembered."""
        from summarizer.fetching.network import Connections

        try:
            async with (
                asyncio.timeout(self.timeout) as clock,
                Connections(self.allow_private, self._load_tls) as connections,
            ):
                return await _Fetch(self, connections, clock, cached).follow(address)
        except TimeoutError as error:
            message = f"{address.shown} took longer than {self.timeout:g} seconds."
            raise FetchFailed(message, hint="Try later.", retryable=True) from error

    async def _load_tls(self) -> ssl.SSLContext:
        from summarizer.fetching.network import create_tls_context

        if self._tls is None:
            self._tls = await run_in_thread(create_tls_context)
        return self._tls


@cache
def default_fetcher() -> Fetcher:
    """Return the Fetcher of all calls that name none, so that they share the turns and the robots.txt of hosts."""
    return Fetcher()


class _Fetch:
    """One fetch: its redirects, its cookies, and the time that is left."""

    def __init__(
        self, fetcher: Fetcher, connections: "Connections", clock: asyncio.Timeout, cached: FetchedPage | None
    ) -> None:
        self._fetcher, self._connections, self._clock, self._cached = fetcher, connections, clock, cached
        self._cookies: dict[str, dict[str, str]] = {}
        self._has_waited = False

    async def follow(self, start: Address) -> tuple[FetchedPage, bool]:
        """Follow the redirects from an address to its page. Each step is checked like the first."""
        address, seen = start, set()
        for _ in range(MAX_REDIRECTS + 1):
            visit = (address.url, self._cookie(address))
            if visit in seen:
                raise FetchFailed(f"{start.shown} redirects in a circle.", hint="Open it in a browser.")
            seen.add(visit)
            try:
                found = await self._request(address)
            except FetchFailed as error:
                if address is not start:
                    error.hint = f"{error.hint} {start.shown} redirects there.".strip()
                raise
            if not isinstance(found, Address):
                return found
            address = found
        raise FetchFailed(f"{start.shown} redirects more than {MAX_REDIRECTS} times.")

    async def _request(self, address: Address) -> Address | tuple[FetchedPage, bool]:
        """Return a page, or the address to which its server redirects."""
        fetcher, delay = self._fetcher, self._fetcher.interval
        if fetcher.respect_robots:
            rules = await self._rules(address)
            if rules.status is not None:
                message = f"{address.shown} is not fetched: the server failed on its robots.txt (HTTP {rules.status})."
                hint = f"Try later, or use {_IGNORE_ROBOTS}."
                raise FetchFailed(message, hint=hint, status=rules.status, retryable=True)
            is_allowed, crawl_delay = await asyncio.to_thread(rules.check, address.url)  # takes a second if it is long
            if not is_allowed:
                hint = f"Ask the site. If you may fetch it, use {_IGNORE_ROBOTS}."
                raise FetchFailed(f"{address.shown} is not fetched: the robots.txt of its site forbids it.", hint=hint)
            delay = max(delay, crawl_delay)
        while True:
            await self._wait_for_turn(address.host, delay)
            async with self._connections.get(address, self._headers(address)) as response:
                wait = self._time_to_wait(response)
                if wait is None:
                    return await self._read(response, address)
            self._has_waited = True
            fetcher._intervals.hold(address.host, wait)
            await asyncio.sleep(wait)

    async def _read(self, response: "Response", address: Address) -> Address | tuple[FetchedPage, bool]:
        self._cookies.setdefault(address.origin, {}).update(read_cookies(response))
        location = header(response, b"location")
        if response.status in _REDIRECTS and location:
            return address.follow(_decode(location))
        if response.status == 304 and self._cached and self._cached.url == address.url:
            return self._cached, False
        if response.status not in {200, 203}:
            raise status_error(response.status, address, wait=read_retry_after(response))
        check_answer(response, address, self._fetcher.max_bytes)
        data = await read_body(response, address, self._fetcher.max_bytes)
        media_type, charset = read_content_type(response)
        etag, last_modified = header(response, b"etag"), header(response, b"last-modified")
        page = FetchedPage(
            data,
            address.url,
            media_type=media_type,
            charset=charset,
            etag=etag if is_printable(etag) else None,
            last_modified=last_modified if is_printable(last_modified) else None,
        )
        is_private = "no-store" in header(response, b"cache-control").lower()
        return page, bool(page.etag or page.last_modified) and not is_private

    def _headers(self, address: Address) -> list[tuple[str, str]]:
        headers = [("User-Agent", self._fetcher.user_agent), ("Accept", _ACCEPT), ("Accept-Encoding", "gzip, identity")]
        if address.credentials:
            headers.append(("Authorization", f"Basic {base64.b64encode(address.credentials.encode()).decode()}"))
        if cookie := self._cookie(address):
            headers.append(("Cookie", cookie))
        if self._cached and self._cached.url == address.url:
            if self._cached.etag:
                headers.append(("If-None-Match", self._cached.etag))
            if self._cached.last_modified:
                headers.append(("If-Modified-Since", self._cached.last_modified))
        return headers

    def _cookie(self, address: Address) -> str:
        """Return the cookies that this server has set during this fetch; some sites redirect until they come back."""
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.get(address.origin, {}).items())
        return cookie if len(cookie) <= _MAX_COOKIES else ""

    def _time_to_wait(self, response: "Response") -> float | None:
        """Return the seconds to wait before a second try, if the server asks for it and there is time."""
        wait = read_retry_after(response) if response.status in {429, 503} and not self._has_waited else None
        left = (self._clock.when() or 0.0) - asyncio.get_running_loop().time()
        return wait if wait is not None and wait < left else None

    async def _wait_for_turn(self, host: str, interval: float) -> None:
        """Wait until the host may get the next request. The time limit grows by the same time."""
        while delay := self._fetcher._intervals.take_turn(host, interval):
            self._clock.reschedule((self._clock.when() or 0.0) + delay)
            await asyncio.sleep(delay)

    async def _rules(self, address: Address) -> RobotsRules:
        """Return the rules of a server. Only one of all fetches requests them; the others wait."""
        known = self._fetcher._robots
        while True:
            if rules := known.get(address.origin):
                return rules
            request = known.claim(address.origin)
            if request:
                outcome = await asyncio.wrap_future(request)
                if isinstance(outcome, FetchFailed):
                    raise copy_error(outcome)
                continue
            try:
                outcome = None
                outcome = await self._request_rules(replace(address, target="/robots.txt"))
            except FetchFailed as error:
                outcome = error
                raise
            finally:
                known.settle(address.origin, outcome)

    async def _request_rules(self, address: Address) -> RobotsRules:
        """Request a robots.txt and read it as RFC 9309 says. Its own host's interval ignores it."""
        host = address.host
        for _ in range(MAX_ROBOTS_REDIRECTS + 1):
            if address.host != host:
                await self._wait_for_turn(address.host, self._fetcher.interval)
            async with self._connections.get(address, self._headers(address)) as response:
                location = header(response, b"location")
                if response.status in _REDIRECTS and location:
                    address = address.follow(_decode(location))
                    continue
                if response.status >= 500:
                    return RobotsRules(status=response.status)
                if response.status not in {200, 203}:
                    return RobotsRules()
                data = await read_body(response, address, MAX_ROBOTS_BYTES, truncate=True)
                return RobotsRules.parse(data, product_token(self._fetcher.user_agent))
        return RobotsRules()


def _decode(location: str) -> str:
    """Read a header as UTF-8, as browsers do for addresses, or leave it as Latin-1."""
    try:
        return location.encode("latin-1").decode()
    except UnicodeError:
        return location


def _require_packages() -> None:
    for module in ("httpx2", "protego", "trafilatura"):
        if find_spec(module) is None:
            import_extra(module, "web")
