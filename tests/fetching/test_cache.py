"""Conditional requests with a store."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from summarizer import Store
from summarizer.fetching import FetchedPage

from .conftest import OpenSite
from .site import TEXT, Handler, answer, failure, local_fetcher, redirect


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "briefs.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path) as opened:
        yield opened


def conditional(headers: dict[str, str], media_type: str = "text/html; charset=utf-8") -> Any:
    """Return a function that sends a page once, and 304 to whoever has it."""

    def send(handler: Handler) -> None:
        has_it = "If-None-Match" in handler.headers or "If-Modified-Since" in handler.headers
        (answer(b"", 304, headers) if has_it else answer(headers=headers, media_type=media_type))(handler)

    return send


@pytest.mark.parametrize(
    ("headers", "sent"),
    [
        ({"ETag": 'W/"1"'}, {"if-none-match": 'W/"1"'}),
        (
            {"Last-Modified": "Sat, 28 Nov 2026 10:00:00 GMT"},
            {"if-modified-since": "Sat, 28 Nov 2026 10:00:00 GMT"},
        ),
    ],
)
async def test_unchanged_page_comes_from_the_store(
    open_site: OpenSite, path: Path, headers: dict[str, str], sent: dict[str, str]
) -> None:
    site = open_site({"/a": conditional(headers)})
    with Store(path) as store:
        first = await local_fetcher(cache=store).fetch(f"{site.url}/a#part")
    with Store(path) as store:
        second = await local_fetcher(cache=store).fetch(f"{site.url}/a")
    assert first == second
    assert (second.data, second.media_type, second.charset) == (TEXT, "text/html", "utf-8")
    request = site.requests[-1]
    assert {name: value for name, value in request.headers.items() if name.startswith("if-")} == sent


async def test_changed_page_replaces_the_stored_one(open_site: OpenSite, store: Store) -> None:
    site = open_site({"/a": answer(headers={"ETag": '"1"'})})
    fetcher = local_fetcher(cache=store)
    await fetcher.fetch(f"{site.url}/a")
    site.pages["/a"] = answer(b"Changed.", headers={"ETag": '"2"'})
    assert (await fetcher.fetch(f"{site.url}/a")).data == b"Changed."
    page = store.find_page(f"{site.url}/a")
    assert page
    assert (page.data, page.etag) == (b"Changed.", '"2"')


async def test_condition_is_sent_to_the_page_after_redirects_only(open_site: OpenSite, store: Store) -> None:
    site = open_site({"/a": redirect("/b"), "/b": conditional({"ETag": '"1"'})})
    fetcher = local_fetcher(cache=store)
    await fetcher.fetch(f"{site.url}/a")
    page = await fetcher.fetch(f"{site.url}/a")
    assert (page.data, page.url) == (TEXT, f"{site.url}/b")
    assert [(request.path, request.headers.get("if-none-match")) for request in site.requests[-2:]] == [
        ("/a", None),
        ("/b", '"1"'),
    ]


async def test_page_that_is_deleted_is_an_error_although_it_is_stored(open_site: OpenSite, store: Store) -> None:
    site = open_site({"/a": answer(headers={"ETag": '"1"'})})
    fetcher = local_fetcher(cache=store)
    await fetcher.fetch(f"{site.url}/a")
    site.pages["/a"] = answer(b"", 410)
    assert (await failure(fetcher, f"{site.url}/a")).status == 410


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"ETag": ""},
        {"ETag": '"1"', "Cache-Control": "private, No-Store"},
        {"ETag": f'"{"x" * 600}"'},
        {"ETag": '"\xe9"'},
    ],
)
async def test_page_without_a_usable_mark_is_not_stored(
    open_site: OpenSite, store: Store, headers: dict[str, str]
) -> None:
    site = open_site({"/a": answer(headers=headers)})
    await local_fetcher(cache=store).fetch(f"{site.url}/a")
    assert store.find_page(f"{site.url}/a") is None


async def test_page_behind_a_password_is_neither_stored_nor_answered_from_the_store(
    open_site: OpenSite, store: Store, path: Path
) -> None:
    site = open_site({"/a": conditional({"ETag": '"1"'})})
    fetcher = local_fetcher(cache=store)
    await fetcher.fetch(f"http://ann:secret@127.0.0.1:{site.port}/a")
    assert store.find_page(f"{site.url}/a") is None
    await fetcher.fetch(f"{site.url}/a")
    await fetcher.fetch(f"http://ann:secret@127.0.0.1:{site.port}/a")
    assert "if-none-match" not in site.requests[-1].headers
    store.close()
    assert b"secret" not in path.read_bytes()


def test_stored_page_is_returned_unchanged(store: Store) -> None:
    page = FetchedPage(bytes(range(256)) * 100, "https://news.example/b", "text/html", "utf-8", '"1"', "yesterday")
    store.save_page("https://news.example/a", page)
    assert store.find_page("https://news.example/a") == page
    assert store.find_page("https://news.example/b") is None


def test_damaged_page_in_the_store_is_fetched_again(store: Store, path: Path) -> None:
    store.save_page("https://news.example/a", FetchedPage(TEXT, "https://news.example/a", etag='"1"'))
    store.close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE pages SET body = 'no zlib'")
    connection.close()
    assert store.find_page("https://news.example/a") is None
