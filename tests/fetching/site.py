"""Servers on loopback for tests of fetching, and a stubbed network that leads public addresses to them."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import httpcore2
import pytest

from summarizer.errors import FetchFailed
from summarizer.fetching import Fetcher

TEXT = b"The bridge is unsafe, Anna Berg said. Tomas Lind said that it would be repaired soon."
PUBLIC = "93.184.216.34"
"""A public address that the stubbed network leads to a server of the test."""

Handler = BaseHTTPRequestHandler
Answer = Callable[[Handler], None]


def answer(
    body: bytes = TEXT, status: int = 200, headers: Mapping[str, str] | None = None, media_type: str = "text/plain"
) -> Answer:
    """Return a function that sends this answer."""

    def send(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Type": media_type, "Content-Length": str(len(body)), **(headers or {})}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return send


def redirect(location: str, status: int = 302, headers: Mapping[str, str] | None = None) -> Answer:
    return answer(b"", status, {"Location": location, **(headers or {})})


def raw(data: bytes) -> Answer:
    """Return a function that sends these bytes and closes the connection."""

    def send(handler: Handler) -> None:
        handler.wfile.write(data)
        handler.close_connection = True

    return send


def wait_for_end(handler: Handler) -> None:
    """Send nothing until the client closes the connection."""
    handler.rfile.read(1)


@dataclass
class Seen:
    """A request that a site received."""

    path: str
    headers: dict[str, str]


class Site:
    """A web server on loopback. It answers 404 to paths that are not in ``pages``."""

    def __init__(self, pages: Mapping[str, Answer], tls: ssl.SSLContext | None = None) -> None:
        self.pages = dict(pages)
        self.requests: list[Seen] = []
        site = self

        class RequestHandler(Handler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:  # noqa: N802  # named by http.server
                site.requests.append(Seen(self.path, {k.lower(): v for k, v in self.headers.items()}))
                send = site.pages.get(self.path.partition("?")[0]) or answer(b"", 404)
                try:
                    send(self)
                except OSError:
                    self.close_connection = True

            do_CONNECT = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, *_: object) -> None:
                pass

        self._server = Server(("127.0.0.1", 0), RequestHandler)
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        """The requested paths, without robots.txt."""
        return [request.path for request in self.requests if request.path != "/robots.txt"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@dataclass
class Network:
    """A network without the internet: names have the addresses given here, and public addresses lead to sites.

    A name with several lists of addresses has the next list at each lookup, and then keeps the last.
    """

    names: dict[str, list[list[str]]] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)
    """Sites by address."""
    lookups: list[str] = field(default_factory=list)
    connections: list[tuple[str, int]] = field(default_factory=list)

    def install(self, monkeypatch: Any) -> None:
        really_connect = httpcore2.AnyIOBackend.connect_tcp

        def getaddrinfo(host: Any, port: Any, *args: object, **options: object) -> list[Any]:
            name = host.decode() if isinstance(host, bytes) else host
            self.lookups.append(name)
            if name not in self.names:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            lists = self.names[name]
            found = lists.pop(0) if len(lists) > 1 else lists[0]
            family = {True: socket.AF_INET6, False: socket.AF_INET}
            return [(family[":" in ip], socket.SOCK_STREAM, 6, "", (ip, port)) for ip in found]

        async def connect(backend: Any, host: str, port: int, *args: Any, **options: Any) -> Any:
            self.connections.append((host, port))
            if host in self.sites:
                return await really_connect(backend, "127.0.0.1", self.sites[host].port, *args, **options)
            if host in {"127.0.0.1", "::1"}:
                return await really_connect(backend, host, port, *args, **options)
            await asyncio.sleep(0)
            raise httpcore2.ConnectError("no route")

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        monkeypatch.setattr(httpcore2.AnyIOBackend, "connect_tcp", connect)


def local_fetcher(**options: Any) -> Fetcher:
    """Return a Fetcher that may use loopback and does not wait between requests."""
    return Fetcher(**({"allow_private": True, "interval": 0.0, "timeout": 60.0} | options))


async def failure(fetcher: Fetcher, url: str) -> FetchFailed:
    """Return the error of a fetch."""
    with pytest.raises(FetchFailed) as caught:
        await fetcher.fetch(url)
    return caught.value
