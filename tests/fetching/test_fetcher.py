"""Fetches from servers on loopback: redirects, passwords, cookies, statuses, media types, damage."""

import asyncio
import base64
import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from summarizer import Article
from summarizer.errors import ConfigurationError, FetchFailed
from summarizer.fetching import Fetcher
from summarizer.fetching.fetcher import USER_AGENT

from ..timing import HOLD
from .conftest import OpenSite
from .site import TEXT, answer, failure, local_fetcher, raw, redirect, wait_for_end


async def test_page_is_fetched_with_what_the_server_declares(open_site: OpenSite) -> None:
    headers = {"Content-Type": 'Text/HTML; Charset="ISO-8859-2"', "ETag": '"1"', "Last-Modified": "yesterday"}
    site = open_site({"/a": answer(headers=headers)})
    page = await local_fetcher().fetch(f"{site.url}/a?q=1#part")
    assert (page.data, page.url, page.path) == (TEXT, f"{site.url}/a?q=1", "/a")
    assert (page.media_type, page.charset) == ("text/html", "ISO-8859-2")
    assert (page.etag, page.last_modified) == ('"1"', "yesterday")


async def test_request_names_the_library_and_sends_nothing_else(open_site: OpenSite) -> None:
    site = open_site({"/a": answer()})
    await local_fetcher().fetch(f"{site.url}/a")
    for request in site.requests:
        assert set(request.headers) <= {"host", "user-agent", "accept", "accept-encoding", "connection"}
        assert request.headers["host"] == f"127.0.0.1:{site.port}"
        assert request.headers["user-agent"] == USER_AGENT
        assert request.headers["accept-encoding"] == "gzip, identity"
    assert USER_AGENT.startswith("articlebrief/")


async def test_user_agent_can_be_changed(open_site: OpenSite) -> None:
    site = open_site({"/a": answer()})
    await local_fetcher(user_agent="DeskBot/2 (desk@news.example)").fetch(f"{site.url}/a")
    assert {request.headers["user-agent"] for request in site.requests} == {"DeskBot/2 (desk@news.example)"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirect_is_followed(open_site: OpenSite, status: int) -> None:
    site = open_site({"/a": redirect("/b/../b?x", status), "/b": answer()})
    page = await local_fetcher().fetch(f"{site.url}/a")
    assert page.url == f"{site.url}/b?x"


async def test_ten_redirects_are_followed_and_no_more(open_site: OpenSite) -> None:
    site = open_site({f"/{n}": redirect(f"/{n + 1}") for n in range(20)} | {"/20": answer()})
    assert (await local_fetcher().fetch(f"{site.url}/10")).url == f"{site.url}/20"
    error = await failure(local_fetcher(), f"{site.url}/9")
    assert error.message == f"{site.url}/9 redirects more than 10 times."


async def test_redirects_in_a_circle_end_at_the_first_repetition(open_site: OpenSite) -> None:
    site = open_site({"/a": redirect("/b"), "/b": redirect("/a")})
    assert "in a circle" in (await failure(local_fetcher(), f"{site.url}/a")).message
    assert site.paths == ["/a", "/b"]


async def test_error_after_a_redirect_names_the_first_address(open_site: OpenSite) -> None:
    site = open_site({"/a": redirect("/b"), "/b": redirect("/c"), "/d": redirect("ftp://news.example/x")})
    error = await failure(local_fetcher(), f"{site.url}/a")
    assert error.message == f"There is no page {site.url}/c (HTTP 404)."
    assert error.hint == f"Check the address. {site.url}/a redirects there."
    error = await failure(local_fetcher(), f"{site.url}/d")
    assert error.message == f"{site.url}/d redirects to an address that is not a web page: ftp://news.example/x."


async def test_redirect_without_an_address_names_the_status(open_site: OpenSite) -> None:
    site = open_site({"/a": answer(b"", 302)})
    assert (await failure(local_fetcher(), f"{site.url}/a")).status == 302


async def test_password_goes_to_its_own_server_only_and_is_shown_nowhere(open_site: OpenSite) -> None:
    other = open_site({"/b": answer()})
    site = open_site({"/a": redirect("/a2"), "/a2": redirect(f"{other.url}/b")})
    page = await local_fetcher().fetch(f"http://ann:s%40cret@127.0.0.1:{site.port}/a")
    sent = base64.b64encode(b"ann:s@cret").decode()
    assert [request.headers.get("authorization") for request in site.requests] == [f"Basic {sent}"] * 3
    assert [request.headers.get("authorization") for request in other.requests] == [None] * 2
    assert page.url == f"{other.url}/b"


async def test_password_is_in_no_message(open_site: OpenSite) -> None:
    site = open_site({"/login": answer(b"", 401)})
    error = await failure(local_fetcher(), f"http://ann:secret@127.0.0.1:{site.port}/login?token=secret")
    assert "requires a login" in error.message
    assert "/login" in error.message
    assert "secret" not in repr(error)


def test_article_of_an_address_names_no_password(open_site: OpenSite) -> None:
    site = open_site({"/a": answer()})
    article = Article.from_url(f"http://ann:secret@127.0.0.1:{site.port}/a#part", local_fetcher())
    assert article.text.encode() == TEXT
    assert article.source == f"{site.url}/a"
    assert "secret" not in repr(article)


async def test_cookies_are_returned_to_their_server_during_one_fetch_only(open_site: OpenSite) -> None:
    other = open_site({"/b": answer()})

    def gate(handler: Any) -> None:
        seen = handler.headers.get("Cookie") == "seen=1"
        (redirect(f"{other.url}/b") if seen else redirect("/a", headers={"Set-Cookie": "seen=1; Path=/"}))(handler)

    site = open_site({"/a": gate})
    fetcher = local_fetcher()
    for _ in range(2):
        assert (await fetcher.fetch(f"{site.url}/a")).url == f"{other.url}/b"
    assert site.paths == ["/a"] * 4
    assert all("cookie" not in request.headers for request in other.requests)


@pytest.mark.parametrize(
    ("status", "words", "retryable"),
    [
        (204, "no content", False),
        (401, "requires a login", False),
        (404, "There is no page", False),
        (429, "too many requests", True),
        (451, "legal reasons", False),
        (499, "does not send", False),
        (503, "not available", True),
        (522, "failed", True),
        (599, "failed", False),
    ],
)
async def test_status_has_a_sentence(open_site: OpenSite, status: int, words: str, retryable: bool) -> None:
    site = open_site({"/a": answer(b"" if status in {204, 304} else b"No.", status)})
    error = await failure(local_fetcher(), f"{site.url}/a?token=x")
    assert words in error.message
    assert f"(HTTP {status})" in error.message
    assert (error.status, error.retryable) == (status, retryable)


@pytest.mark.parametrize(
    "media_type",
    [
        "image/png",
        "video/mp4",
        "application/zip",
        "application/gzip",
        "application/x-7z-compressed",
        "application/javascript",
        "text/css",
    ],
)
async def test_what_is_no_article_is_refused_before_its_download(open_site: OpenSite, media_type: str) -> None:
    def endless(handler: Any) -> None:
        answer(b"x", headers={"Content-Type": media_type, "Content-Length": "1000000"})(handler)
        wait_for_end(handler)

    site = open_site({"/a": endless})
    error = await failure(local_fetcher(), f"{site.url}/a")
    assert "not an article" in error.message


@pytest.mark.parametrize(
    ("media_type", "path"),
    [
        ("text/html", "/a"),
        ("application/pdf", "/a.pdf"),
        ("application/xml", "/a"),
        ("application/rss+xml", "/a"),
        ("application/epub+zip", "/a"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "/a"),
        ("application/octet-stream", "/a"),
        ("application/zip", "/a.docx"),
        ("application/zip", "/a.EPUB"),
        ("", "/a"),
        ("nonsense", "/a"),
    ],
)
async def test_whatever_may_be_an_article_is_fetched(open_site: OpenSite, media_type: str, path: str) -> None:
    site = open_site({path: answer(media_type=media_type)})
    page = await local_fetcher().fetch(f"{site.url}{path}")
    assert page.media_type == (media_type if "/" in media_type else "")


@pytest.mark.parametrize(
    ("data", "words", "retryable"),
    [
        (b"", "was complete", True),
        (b"HTTP/1.1 200 OK\r\nContent-Type: te", "was complete", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "was complete", True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n", "was complete", True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n", "not valid HTTP", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "not valid HTTP", False),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "not valid HTTP", False),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n", "headers that are too long", False),
        (b"HTTP/1.1 200 OK\r\n" + b"X-Y: z\r\n" * 30_000 + b"\r\n", "headers that are too long", False),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 3, "was complete", True),
    ],
)
async def test_broken_answer_has_a_sentence(open_site: OpenSite, data: bytes, words: str, retryable: bool) -> None:
    site = open_site({"/a": raw(data)})
    error = await failure(local_fetcher(), f"{site.url}/a")
    assert words in error.message
    assert error.retryable is retryable


async def test_refused_connection_can_be_tried_again(open_site: OpenSite) -> None:
    error = await failure(local_fetcher(), "http://127.0.0.1:9/a")
    assert error.message == "The server 127.0.0.1 refuses connections."
    assert error.retryable


def test_synchronous_call_works_in_a_running_loop(open_site: OpenSite) -> None:
    site = open_site({"/a": answer()})

    async def call() -> Article:
        return Article.from_url(f"{site.url}/a", local_fetcher())

    assert asyncio.run(call()).text.encode() == TEXT


def test_one_fetcher_serves_several_threads_and_loops(open_site: OpenSite) -> None:
    site = open_site({"/a": answer()})
    fetcher = local_fetcher()
    with ThreadPoolExecutor(4) as threads:
        pages = list(threads.map(lambda _: asyncio.run(fetcher.fetch(f"{site.url}/a")), range(8)))
    assert {page.data for page in pages} == {TEXT}
    assert [request.path for request in site.requests].count("/robots.txt") == 1


async def test_cancelled_fetch_closes_its_connection(open_site: OpenSite) -> None:
    started, closed = threading.Event(), threading.Event()

    def hang(handler: Any) -> None:
        started.set()
        wait_for_end(handler)
        closed.set()

    site = open_site({"/a": hang})
    task = asyncio.create_task(local_fetcher(timeout=60).fetch(f"{site.url}/a"))
    await asyncio.to_thread(started.wait, HOLD)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(closed.wait, HOLD)


@pytest.mark.slow
async def test_no_socket_stays_open(open_site: OpenSite, recwarn: pytest.WarningsRecorder) -> None:
    site = open_site({"/a": answer(), "/r": redirect("/a"), "/b": answer(b"", 500)})
    await local_fetcher().fetch(f"{site.url}/r")
    await failure(local_fetcher(), f"{site.url}/b")
    gc.collect()
    assert not [warning for warning in recwarn if issubclass(warning.category, ResourceWarning)]


@pytest.mark.parametrize(
    "options",
    [{"timeout": 0}, {"timeout": float("nan")}, {"interval": -1}, {"max_bytes": 0}, {"user_agent": "a\r\nb: c"}],
)
def test_invalid_option_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        Fetcher(**options)


@pytest.mark.parametrize("package", ["protego", "trafilatura", "httpx2"])
async def test_missing_package_is_one_line_before_any_request(
    open_site: OpenSite, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, package, None)
    site = open_site({"/a": answer()})
    with pytest.raises(ConfigurationError) as caught:
        await local_fetcher().fetch(f"{site.url}/a")
    assert str(caught.value) == (
        f"Web pages need the package {package}, which is not installed. Install it: pip install 'articlebrief[web]'"
    )
    assert not site.requests


def test_fetch_failed_can_be_pickled() -> None:
    import pickle

    error = pickle.loads(pickle.dumps(FetchFailed("No.", hint="Try.", status=503, retryable=True)))
    assert (error.message, error.hint, error.status, error.retryable) == ("No.", "Try.", 503, True)
