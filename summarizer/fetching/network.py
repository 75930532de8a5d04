"""Connections to checked addresses, and what their errors mean. Imported on the first fetch, since httpx2 is slow."""

import asyncio
import re
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from ipaddress import ip_address, ip_network
from typing import Any, Self
from urllib.request import getproxies, proxy_bypass

import httpcore2
import httpx2

from summarizer.errors import ConfigurationError, FetchFailed, causes_of
from summarizer.fetching.addresses import Address, find_name_refusal, find_refusal, read_ip
from summarizer.fetching.answers import broken_off

CONNECT_TIMEOUT = 10.0
"""Seconds to wait for a connection."""
MIN_CONNECT_TIMEOUT = 3.0
"""Seconds to wait for a connection to one of several addresses of a host."""
LOOKUP_TIMEOUT = 5.0
"""Seconds to wait for the addresses of a host that a proxy looks up as well."""
_ALLOW_PRIVATE = "If you trust it, use --allow-private, or Fetcher(allow_private=True)."
_MAX_ADDRESSES = 6  # addresses of a host that are tried

Headers = list[tuple[str, str]]


async def resolve(host: str, port: int, allow_private: bool) -> list[str]:
    """Look up a host and check each of its addresses.

    Raises:
        FetchFailed: The host is unknown, or one of its addresses is refused.
    """
    if reason := find_name_refusal(host, allow_private):
        raise _refused(f"The host {host} is not fetched: it belongs to {reason}.", reason)
    if read_ip(host):
        found = [host]
    else:
        try:
            entries = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise _unknown_host(host, error) from error
        found = list(dict.fromkeys(str(entry[4][0]) for entry in entries))
        if not found:
            raise _unknown_host(host, OSError())
    for address in found:
        if reason := find_refusal(ip_address(address), allow_private):
            if address == host:
                raise _refused(f"The address {host} is not fetched: it is {reason}.", reason)
            raise _refused(f"The host {host} is not fetched: its address {address} is {reason}.", reason)
    return found


class GuardedBackend(httpcore2.AsyncNetworkBackend):
    """Opens connections only to addresses that were checked: a name is looked up once, then its address is used.

    HTTP and TLS keep the name, so that the server and its certificate are found by it.
    """

    def __init__(self, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._backend = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to the first address of ``host`` that accepts the connection."""
        addresses = (await resolve(host, port, self._allow_private))[:_MAX_ADDRESSES]
        share = timeout and max(timeout / len(addresses), MIN_CONNECT_TIMEOUT)
        *others, last = addresses
        for address in others:
            with suppress(httpcore2.ConnectError, httpcore2.ConnectTimeout):
                return await self._backend.connect_tcp(address, port, share, local_address, socket_options)
        return await self._backend.connect_tcp(last, port, share, local_address, socket_options)


class Connections:
    """The connections of one fetch, with the proxies of the environment.

    Args:
        allow_private: Whether addresses in private networks are allowed.
        load_tls: Returns the context of secure connections.
    """

    def __init__(self, allow_private: bool, load_tls: Callable[[], Awaitable[ssl.SSLContext]]) -> None:
        self._allow_private, self._load_tls = allow_private, load_tls
        self._pools: dict[tuple[str | None, bool], httpcore2.AsyncConnectionPool] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._stack.aclose()

    @asynccontextmanager
    async def get(self, address: Address, headers: Headers) -> AsyncIterator[httpcore2.Response]:
        """Request a page. The response is not read yet; errors while it is read are explained, too.

        Raises:
            FetchFailed: There is no answer, or it breaks off.
            ConfigurationError: A proxy or certificate setting is invalid.
        """
        proxy = find_proxy(address)
        if proxy:
            await self._check_target(address)
        pool = await self._open(proxy, is_secure=address.scheme == "https")
        path = address.target.encode("ascii")
        host = address.origin.partition("://")[2]
        is_http_proxy = proxy and not proxy.startswith("socks")  # for which httpcore2 leaves out the brackets of IPv6
        name = f"[{address.host}]" if is_http_proxy and ":" in address.host else address.host
        url = httpcore2.URL(scheme=address.scheme, host=name, port=address.named_port, target=path)
        with _explain_errors(address, proxy):
            options = {"timeout": {"connect": CONNECT_TIMEOUT}, "sni_hostname": address.host}
            request = pool.stream("GET", url, headers=[("Host", host), *headers], extensions=options)
            async with request as response:
                if proxy and response.status == 407:
                    raise _proxy_error(407, address)
                yield response

    async def _check_target(self, address: Address) -> None:
        """Check a host as far as it is known here. The proxy looks it up again, perhaps with another result."""
        try:
            async with asyncio.timeout(LOOKUP_TIMEOUT):
                await resolve(address.host, address.port, self._allow_private)
        except TimeoutError:
            return
        except FetchFailed as error:
            if not isinstance(error.__cause__, OSError):
                raise
            if "." not in address.host and not self._allow_private:  # a proxy would complete it
                raise

    async def _open(self, proxy: str | None, is_secure: bool) -> httpcore2.AsyncConnectionPool:
        if (proxy, is_secure) not in self._pools:
            tls = await self._load_tls() if is_secure or (proxy or "").startswith("https:") else None
            pool = _open_pool(proxy, tls) if proxy else None
            if pool is None:
                backend = GuardedBackend(self._allow_private)
                pool = httpcore2.AsyncConnectionPool(ssl_context=tls, network_backend=backend)
            self._pools[proxy, is_secure] = await self._stack.enter_async_context(pool)
        return self._pools[proxy, is_secure]


def create_tls_context() -> ssl.SSLContext:
    """Load the trusted certificates; SSL_CERT_FILE and SSL_CERT_DIR name others than those of the system.

    Raises:
        ConfigurationError: They cannot be read.
    """
    try:
        return httpx2.create_ssl_context()
    except (OSError, ValueError) as error:
        raise _invalid_setting(error) from None


def find_proxy(address: Address) -> str | None:
    """Return the proxy that the environment names for an address: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY."""
    proxies = getproxies()
    proxy = (proxies.get(address.scheme) or proxies.get("all") or "").strip()
    if not proxy:
        return None
    host = address.host if ":" in address.host else f"{address.host}:{address.port}"
    if proxy_bypass(host) or _is_in_networks(address.host, proxies.get("no", "").split(",")):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _is_in_networks(host: str, entries: Sequence[str]) -> bool:
    """Return whether a host is an address in one of the networks of NO_PROXY, such as 10.0.0.0/8."""
    ip = read_ip(host)
    for entry in entries if ip else []:
        try:
            network = ip_network(entry.strip().replace("[", "").replace("]", ""), strict=False)
        except ValueError:
            continue
        if ip in network:
            return True
    return False


def _open_pool(proxy: str, tls: ssl.SSLContext | None) -> httpcore2.AsyncConnectionPool:
    try:
        parsed = httpx2.Proxy(proxy)
        url = httpcore2.URL(
            scheme=parsed.url.raw_scheme, host=parsed.url.raw_host, port=parsed.url.port, target=parsed.url.raw_path
        )
        if not parsed.url.host or not 0 < (parsed.url.port or 80) < 65_536:
            raise ValueError
        if parsed.url.scheme.startswith("socks"):
            return httpcore2.AsyncSOCKSProxy(proxy_url=url, proxy_auth=parsed.raw_auth, ssl_context=tls)
        proxy_tls = tls if parsed.url.scheme == "https" else None
        return httpcore2.AsyncHTTPProxy(
            proxy_url=url, proxy_auth=parsed.raw_auth, ssl_context=tls, proxy_ssl_context=proxy_tls
        )
    except (OSError, ImportError, RuntimeError, ValueError, httpx2.InvalidURL) as error:
        raise _invalid_setting(error) from None


def _invalid_setting(error: Exception) -> ConfigurationError:
    """Return the error of a setting. Other errors than those shown may quote the password of a proxy."""
    reason = type(error).__name__
    if isinstance(error, OSError):
        reason = error.strerror or reason
    elif isinstance(error, (ImportError, RuntimeError)):
        reason = "a SOCKS proxy needs the package socksio"
    return ConfigurationError(
        f"A proxy or certificate setting of the environment cannot be used: {reason}.",
        hint="Check HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE and SSL_CERT_DIR.",
    )


def _refused(message: str, reason: str) -> FetchFailed:
    return FetchFailed(message, hint="" if "metadata" in reason else _ALLOW_PRIVATE)


def _unknown_host(host: str, error: Exception) -> FetchFailed:
    code = error.errno if isinstance(error, socket.gaierror) else None
    if code in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", None)}:
        return FetchFailed(f"There is no host {host}.", hint="Check the spelling of the address.")
    return FetchFailed(f"The host {host} could not be looked up.", hint="Is there a connection?", retryable=True)


def _proxy_error(status: int | None, address: Address) -> FetchFailed:
    """Return the error of a proxy that opens no way to a server."""
    if status == 407:
        hint = "Set the user and the password: HTTPS_PROXY=http://user:password@host:port"
        return FetchFailed(f"The proxy requires a login for {address.origin} (HTTP 407).", hint=hint, status=status)
    code = f" (HTTP {status})" if status else ""
    is_failure = status is None or status >= 500
    message = f"The proxy {'does not reach' if is_failure else 'refuses the way to'} {address.origin}{code}."
    return FetchFailed(
        message, hint="Check HTTP_PROXY, HTTPS_PROXY and ALL_PROXY.", status=status, retryable=is_failure
    )


@contextmanager
def _explain_errors(address: Address, proxy: str | None) -> Iterator[None]:
    try:
        yield
    except (httpcore2.TimeoutException, httpcore2.NetworkError, OSError) as error:
        raise _connection_error(error, address, proxy) from error
    except httpcore2.ProxyError as error:
        code = re.match(r"[45]\d\d\b", str(error))
        raise _proxy_error(int(code[0]) if code else None, address) from error
    except httpcore2.ProtocolError as error:
        raise _protocol_error(error, address) from error


def _connection_error(error: Exception, address: Address, proxy: str | None) -> FetchFailed:
    server = "The proxy of the environment" if proxy else f"The server {address.host}"
    causes = list(causes_of(error))
    if untrusted := next((cause for cause in causes if isinstance(cause, ssl.SSLCertVerificationError)), None):
        hint = "Check the address. For certificates of your own, set SSL_CERT_FILE."
        reason = untrusted.verify_message.rstrip(".")
        return FetchFailed(f"The certificate of {address.host} is not trusted: {reason}.", hint=hint)
    if any(isinstance(cause, ssl.SSLError) for cause in causes) and isinstance(error, httpcore2.ConnectError):
        return FetchFailed(f"There is no secure connection to {address.host}.", hint="Does it use https at this port?")
    if isinstance(error, httpcore2.ConnectTimeout):
        return FetchFailed(f"{server} does not accept connections in time.", hint="Try later.", retryable=True)
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return FetchFailed(f"{server} refuses connections.", hint="Check the address and the port.", retryable=True)
    if isinstance(error, httpcore2.ConnectError):
        return FetchFailed(f"{server} cannot be reached.", hint="Is there a connection?", retryable=True)
    return broken_off(address)


def _protocol_error(error: httpcore2.ProtocolError, address: Address) -> FetchFailed:
    text = str(error)
    if "too long" in text:
        return FetchFailed(f"The server {address.host} sent headers that are too long.")
    if "disconnected" in text or "closed connection" in text:
        return broken_off(address)
    return FetchFailed(f"The server {address.host} sent an answer that is not valid HTTP.")
