"""While a cassette is played, no connection can be made; what asyncio needs for itself works."""

import asyncio
import os
import socket
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx2
import pytest

from summarizer import OpenAIModel
from summarizer.errors import NetworkBlocked
from summarizer.models import Request
from summarizer.testing.network import no_network


def test_a_connection_is_refused_with_the_host_and_the_reason() -> None:
    with no_network("for the sake of the test"), pytest.raises(NetworkBlocked) as caught:
        socket.create_connection(("127.0.0.1", 9))
    assert "127.0.0.1:9 can be made for the sake of the test" in str(caught.value)


@pytest.mark.parametrize("lookup", [socket.getaddrinfo, socket.gethostbyname])
def test_no_name_is_looked_up(lookup: object) -> None:
    name = lookup.__name__  # type: ignore[attr-defined]
    with no_network(), pytest.raises(NetworkBlocked, match=r"example\.org"):
        getattr(socket, name)(*(("example.org", 443) if name == "getaddrinfo" else ("example.org",)))


def test_no_address_is_looked_up_but_that_of_this_machine() -> None:
    with no_network():
        with pytest.raises(NetworkBlocked, match=r"93\.184\.215\.14"):
            socket.gethostbyaddr("93.184.215.14")
        with pytest.raises(NetworkBlocked, match=r"93\.184\.215\.14:443"):
            socket.getnameinfo(("93.184.215.14", 443), 0)
        with pytest.raises(NetworkBlocked, match=r"example\.org"):
            socket.getfqdn("example.org")
        assert socket.getnameinfo(("127.0.0.1", 80), socket.NI_NUMERICHOST)[0] == "127.0.0.1"
        for host in ("127.0.0.1", ""):
            HTTPServer((host, 0), BaseHTTPRequestHandler).server_close()


def test_no_datagram_is_sent_either() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sent, no_network():
        with pytest.raises(NetworkBlocked, match=r"127\.0\.0\.1:53"):
            sent.sendto(b"?", ("127.0.0.1", 53))
        with pytest.raises(NetworkBlocked, match=r"127\.0\.0\.1:53"):
            sent.sendmsg([b"?"], [], 0, ("127.0.0.1", 53))
        with pytest.raises(NetworkBlocked):
            sent.connect_ex(("127.0.0.1", 53))


@pytest.mark.parametrize("url", ["http://example.org/", "https://127.0.0.1:9/", "http://[::1]:9/"])
async def test_a_client_of_http_hears_the_same(url: str) -> None:
    with no_network():
        async with httpx2.AsyncClient() as client:
            with pytest.raises((NetworkBlocked, ExceptionGroup)) as caught:
                await client.get(url)
        assert isinstance(caught.value, NetworkBlocked) or caught.value.subgroup(NetworkBlocked)
        with pytest.raises(NetworkBlocked):
            httpx2.get(url)


@pytest.mark.parametrize("url", ["http://example.org/v1", "http://127.0.0.1:9/v1"])
def test_the_library_raises_it_as_it_is_and_does_not_ask_again(url: str) -> None:
    events: list[str] = []

    async def ask() -> None:
        model = OpenAIModel("m", base_url=url, on_event=lambda event: events.append(event.kind))
        try:
            await model.complete(Request((), "x", {}))
        finally:
            await model.aclose()

    with no_network(), pytest.raises(NetworkBlocked, match=r"to (example\.org|127\.0\.0\.1):"):
        asyncio.run(ask())
    assert events == ["sent", "failed"]


def test_event_loops_pairs_and_sockets_of_the_file_system_work(tmp_path: Path) -> None:
    async def works() -> str:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(await reader.readline())
            writer.close()

        async with await asyncio.start_unix_server(answer, tmp_path / "socket"):
            reader, writer = await asyncio.open_unix_connection(tmp_path / "socket")
            writer.write(b"hello\n")
            line = await reader.readline()
            writer.close()
            await writer.wait_closed()
        process = await asyncio.create_subprocess_exec("true")
        return f"{line.decode().strip()} {await process.wait()}"

    with no_network():
        assert asyncio.run(works()) == "hello 0"
        one, other = socket.socketpair()
        one.sendall(b"x")
        other.sendmsg([b"y"])
        assert (other.recv(1), one.recv(1)) == (b"x", b"y")
        one.close()
        other.close()
        assert socket.getaddrinfo("127.0.0.1", 80)
    assert os.name == "posix"


def test_afterwards_all_is_as_it_was() -> None:
    names = ("connect", "connect_ex", "sendto", "sendmsg")
    before = [getattr(socket.socket, name) for name in names] + [
        socket.getaddrinfo,
        socket.gethostbyaddr,
        socket.getnameinfo,
        socket.socketpair,
    ]
    with no_network(), no_network():
        assert getattr(socket.socket, "connect") is not before[0]  # noqa: B009
    assert [getattr(socket.socket, name) for name in names] + [
        socket.getaddrinfo,
        socket.gethostbyaddr,
        socket.getnameinfo,
        socket.socketpair,
    ] == before
