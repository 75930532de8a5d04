"""Limits of size and time, and compressed answers."""

import asyncio
import gzip
import itertools
import time
import tracemalloc
import zlib
from typing import Any

import pytest

from ..timing import ends_early
from .conftest import OpenSite
from .site import TEXT, Handler, answer, failure, local_fetcher, redirect, wait_for_end


def compressed(body: bytes, encoding: str = "gzip") -> Any:
    return answer(body, headers={"Content-Encoding": encoding})


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip"])
async def test_gzip_is_decompressed(open_site: OpenSite, encoding: str) -> None:
    site = open_site({"/a": compressed(gzip.compress(TEXT), encoding)})
    assert (await local_fetcher().fetch(f"{site.url}/a")).data == TEXT


async def test_gzip_part_that_begins_at_the_end_of_a_packet_is_decompressed(open_site: OpenSite) -> None:
    def send(handler: Handler) -> None:
        first, second = gzip.compress(TEXT), gzip.compress(b"End.")
        handler.wfile.write(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n" + first + second[:1]
        )
        time.sleep(0.05)
        handler.wfile.write(second[1:])
        handler.close_connection = True

    site = open_site({"/a": send})
    assert (await local_fetcher().fetch(f"{site.url}/a")).data == TEXT + b"End."


async def test_gzip_in_several_parts_with_padding_is_decompressed(open_site: OpenSite) -> None:
    site = open_site({"/a": compressed(gzip.compress(TEXT) + gzip.compress(b"") + gzip.compress(TEXT) + bytes(99))})
    assert (await local_fetcher().fetch(f"{site.url}/a")).data == TEXT + TEXT


async def test_padding_in_several_packets_is_left_out(open_site: OpenSite) -> None:
    site = open_site({"/a": compressed(gzip.compress(TEXT) + b"x" * 200_000 + b"\x1f\x8b" * 100_000)})
    assert (await local_fetcher().fetch(f"{site.url}/a")).data == TEXT


async def test_identity_and_empty_gzip_are_accepted(open_site: OpenSite) -> None:
    site = open_site({"/a": compressed(TEXT, "identity"), "/b": compressed(b"")})
    assert (await local_fetcher().fetch(f"{site.url}/a")).data == TEXT
    assert (await local_fetcher().fetch(f"{site.url}/b")).data == b""


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "gzip, gzip", "compress", "x" * 500])
async def test_other_encoding_is_refused(open_site: OpenSite, encoding: str) -> None:
    site = open_site({"/a": compressed(zlib.compress(TEXT), encoding)})
    error = await failure(local_fetcher(), f"{site.url}/a")
    assert "only gzip was offered" in error.message
    assert len(error.message) < 200


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (TEXT, "not valid gzip"),
        (gzip.compress(TEXT)[:-9], "was complete"),
        (gzip.compress(TEXT)[:-8] + bytes(8), "not valid gzip"),
        (gzip.compress(TEXT)[:5], "was complete"),
    ],
    ids=["no gzip", "cut off", "wrong checksum", "cut off in its header"],
)
async def test_damaged_gzip_is_reported(open_site: OpenSite, body: bytes, words: str) -> None:
    site = open_site({"/a": compressed(body)})
    error = await failure(local_fetcher(), f"{site.url}/a")
    assert words in error.message
    assert error.retryable


async def test_gzip_bomb_ends_early_in_little_memory(open_site: OpenSite) -> None:
    bomb = gzip.compress(bytes(40_000_000), 6)
    site = open_site({"/a": compressed(bomb), "/robots.txt": compressed(bomb)})
    tracemalloc.start()
    error = await failure(local_fetcher(max_bytes=5_000_000), f"{site.url}/a")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert error.message.endswith("is larger than 5 MB.")
    assert peak < 20_000_000


async def test_body_at_the_limit_is_accepted_and_one_byte_more_is_not(open_site: OpenSite) -> None:
    def chunked(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"64\r\n" + b"x" * 100 + b"\r\n0\r\n\r\n")

    site = open_site({"/a": chunked, "/b": answer(b"x" * 100), "/c": compressed(gzip.compress(b"x" * 100))})
    for path in "abc":
        assert len((await local_fetcher(max_bytes=100).fetch(f"{site.url}/{path}")).data) == 100
        error = await failure(local_fetcher(max_bytes=99), f"{site.url}/{path}")
        assert "larger than 99 bytes" in error.message


async def test_endless_padding_after_gzip_ends_at_the_limit(open_site: OpenSite) -> None:
    def pad(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(TEXT))
        while True:
            handler.wfile.write(bytes(10_000))

    site = open_site({"/a": pad})
    assert "larger than 1 MB" in (await failure(local_fetcher(max_bytes=1_000_000), f"{site.url}/a")).message


async def test_declared_length_above_the_limit_is_refused_at_once(open_site: OpenSite) -> None:
    def announce(handler: Handler) -> None:
        answer(b"x", headers={"Content-Length": "99999999999"})(handler)
        wait_for_end(handler)

    site = open_site({"/a": announce})
    assert "larger than 20 MB" in (await failure(local_fetcher(), f"{site.url}/a")).message


def drip(handler: Handler) -> None:
    """Send a byte every 50 ms without end."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/plain")
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    while True:
        handler.wfile.write(b"x")
        time.sleep(0.05)


def drip_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        handler.wfile.write(b"X: y\r\n")
        time.sleep(0.05)


def drip_informational(handler: Handler) -> None:
    while True:
        handler.wfile.write(b"HTTP/1.1 102 Processing\r\n\r\n")
        time.sleep(0.05)


async def test_slow_server_ends_at_the_time_limit(open_site: OpenSite) -> None:
    async def fetch(slow: Any, path: str) -> None:
        site = open_site({"/a": answer()} | {path: slow})
        error = await failure(local_fetcher(timeout=0.2), f"{site.url}/a")
        assert error.message == f"{site.url}/a took longer than 0.2 seconds."
        assert error.retryable

    slow_servers = itertools.product([drip, drip_headers, drip_informational, wait_for_end], ["/a", "/robots.txt"])
    with ends_early():
        await asyncio.gather(*itertools.starmap(fetch, slow_servers))


async def test_time_limit_counts_all_redirects_together(open_site: OpenSite) -> None:
    def slowly(target: str) -> Any:
        def send(handler: Handler) -> None:
            time.sleep(0.15)
            redirect(target)(handler)

        return send

    site = open_site({f"/{n}": slowly(f"/{n + 1}") for n in range(9)} | {"/9": answer()})
    error = await failure(local_fetcher(timeout=0.4), f"{site.url}/0")
    assert "took longer than" in error.message
    assert len(site.paths) <= 4
