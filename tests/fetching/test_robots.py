"""robots.txt as RFC 9309 describes it."""

import asyncio
import threading
import tracemalloc
from collections.abc import Callable

import pytest

from summarizer.fetching.politeness import RobotsRules, product_token

from ..timing import HOLD, assert_linear
from .conftest import OpenSite
from .site import PUBLIC, Answer, Handler, Network, answer, failure, local_fetcher, raw, redirect


def rules(text: str, token: str = "articlebrief") -> RobotsRules:
    return RobotsRules.parse(text.encode(), token)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("", True),
        ("User-agent: *\nDisallow:", True),
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow: /news", False),
        ("User-agent: *\nDisallow: /sports", True),
        ("User-agent: *\nDisallow: /\nAllow: /news/", True),
        ("User-agent: *\nDisallow: /*/bridge$", False),
        ("User-agent: ArticleBrief\nDisallow: /", False),
        ("User-agent: articlebrief/1.0\nDisallow: /", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: articlebrief\nAllow: /", True),
        ("User-agent: articlebrief\nAllow: /\n\nUser-agent: *\nDisallow: /", True),
        ("User-agent: other\nUser-agent: articlebrief # ours\nDisallow: /", False),
        ("User-agent: otherbot\nDisallow: /", True),
        ("User-agent: brief\nDisallow: /", True),
        ("user-agent:*\r\ndisallow:/news\r\n", False),
        ("\ufeffUser-agent: *\nDisallow: /", False),
        ("User-agent: *\rDisallow: /", False),
        ("Disallow: /", True),
        ("<html><body>Not found</body></html>", True),
        ("\x00\xff" * 100, True),
    ],
)
def test_rules_are_read(text: str, allowed: bool) -> None:
    assert rules(text).check("https://news.example/news/bridge")[0] is allowed


@pytest.mark.parametrize(
    ("line", "delay"), [("5", 5), ("0.5", 0.5), ("999", 10), ("-3", 0), ("nan", 0), ("inf", 0), ("soon", 0)]
)
def test_crawl_delay_is_kept_within_limits(line: str, delay: float) -> None:
    text = f"User-agent: *\nCrawl-delay: {line}\nDisallow: /x"
    assert rules(text).check("https://news.example/") == (True, delay)


@pytest.mark.parametrize(
    ("separator", "agent"),
    [("\n", "User-agent: a{}"), ("\u2028", "user \t agent a{}"), ("\n", "USERAGENT:a{}"), ("\n", "User-agent: a{}*")],
)
def test_thousands_of_agents_take_little_time_and_memory(separator: str, agent: str) -> None:
    def prepare(size: int) -> Callable[[], object]:
        agents = separator.join(agent.format(n) for n in range(size))
        lines = separator.join(f"Disallow: /{n}" for n in range(size))
        return lambda: rules(f"{agents}{separator}{lines}").check("https://news.example/1")

    check = prepare(1_000)
    tracemalloc.start()
    check()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000
    assert_linear(prepare, 125)


@pytest.mark.parametrize(
    ("user_agent", "token"),
    [("articlebrief/0.1 (+https://x)", "articlebrief"), ("Desk-Bot", "desk-bot"), ("My Bot/2", "my"), ("2bot", "2bot")],
)
def test_product_token_is_the_first_word(user_agent: str, token: str) -> None:
    assert product_token(user_agent) == token


async def test_forbidden_page_is_not_requested(open_site: OpenSite) -> None:
    site = open_site({"/robots.txt": answer(b"User-agent: *\nDisallow: /a"), "/a": answer(), "/b": answer()})
    fetcher = local_fetcher()
    error = await failure(fetcher, f"{site.url}/a?x")
    assert error.message == f"{site.url}/a?… is not fetched: the robots.txt of its site forbids it."
    assert "--ignore-robots" in error.hint
    assert not error.retryable
    await fetcher.fetch(f"{site.url}/b")
    assert site.paths == ["/b"]


async def test_robots_txt_can_be_ignored(open_site: OpenSite) -> None:
    site = open_site({"/robots.txt": answer(b"User-agent: *\nDisallow: /"), "/a": answer()})
    await local_fetcher(respect_robots=False).fetch(f"{site.url}/a")
    assert [request.path for request in site.requests] == ["/a"]


async def test_redirect_to_a_forbidden_page_is_refused(open_site: OpenSite) -> None:
    other = open_site({"/robots.txt": answer(b"User-agent: *\nDisallow: /a"), "/a": answer()})
    site = open_site({"/a": redirect(f"{other.url}/a")})
    assert "forbids" in (await failure(local_fetcher(), f"{site.url}/a")).message
    assert other.paths == []


@pytest.mark.parametrize("status", [204, 401, 404, 429])
async def test_missing_robots_txt_allows_everything(open_site: OpenSite, status: int) -> None:
    site = open_site({"/robots.txt": answer(b"", status), "/a": answer()})
    assert (await local_fetcher().fetch(f"{site.url}/a")).url == f"{site.url}/a"


@pytest.mark.parametrize("status", [500, 503])
async def test_failed_robots_txt_forbids_everything_for_now(open_site: OpenSite, status: int) -> None:
    site = open_site({"/robots.txt": answer(b"", status), "/a": answer()})
    fetcher = local_fetcher()
    for _ in range(2):
        error = await failure(fetcher, f"{site.url}/a")
        assert f"failed on its robots.txt (HTTP {status})" in error.message
        assert (error.status, error.retryable) == (status, True)
    assert [request.path for request in site.requests] == ["/robots.txt"]


async def test_unreachable_robots_txt_forbids_everything(open_site: OpenSite) -> None:
    site = open_site({"/robots.txt": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser"), "/a": answer()})
    assert (await failure(local_fetcher(), f"{site.url}/a")).retryable
    assert site.paths == []


async def test_redirects_of_robots_txt_are_followed(open_site: OpenSite) -> None:
    pages: dict[str, Answer] = {"/robots.txt": redirect("/1"), "/a": answer()}
    pages |= {f"/{n}": redirect(f"/{n + 1}") for n in range(1, 5)}
    site = open_site(pages | {"/5": answer(b"User-agent: *\nDisallow: /a")})
    assert "forbids" in (await failure(local_fetcher(), f"{site.url}/a")).message


async def test_redirect_of_robots_txt_to_another_host_takes_a_turn_there(open_site: OpenSite, network: Network) -> None:
    other = open_site({"/robots.txt": answer(b"")})
    site = open_site({"/robots.txt": redirect("http://other.example/robots.txt"), "/a": answer()})
    network.names = {"news.example": [[PUBLIC]], "other.example": [["93.184.216.35"]]}
    network.sites = {PUBLIC: site, "93.184.216.35": other}
    fetcher = local_fetcher(interval=9.0)
    await fetcher.fetch("http://news.example/a")
    assert fetcher._intervals.take_turn("other.example", 0.0) > 8


async def test_too_many_redirects_of_robots_txt_allow_everything(open_site: OpenSite) -> None:
    site = open_site({"/robots.txt": redirect("/robots.txt"), "/a": answer()})
    await local_fetcher().fetch(f"{site.url}/a")
    assert len(site.requests) == 7


async def test_long_robots_txt_is_read_up_to_the_limit(open_site: OpenSite) -> None:
    filler = b"# comment\n" * 60_000
    site = open_site(
        {
            "/robots.txt": answer(b"User-agent: *\nDisallow: /a\n" + filler + b"Disallow: /b"),
            "/a": answer(),
            "/b": answer(),
        }
    )
    fetcher = local_fetcher()
    assert "forbids" in (await failure(fetcher, f"{site.url}/a")).message
    await fetcher.fetch(f"{site.url}/b")


async def test_robots_txt_is_requested_once_for_many_pages_at_once(open_site: OpenSite) -> None:
    site = open_site({"/a": answer()})
    fetcher = local_fetcher()
    await asyncio.gather(*[fetcher.fetch(f"{site.url}/a?{n}") for n in range(8)])
    assert [request.path for request in site.requests].count("/robots.txt") == 1


@pytest.mark.parametrize("cancelled", [0, 1])
async def test_other_fetch_goes_on_when_one_that_waits_for_robots_txt_is_cancelled(
    open_site: OpenSite, cancelled: int
) -> None:
    requested, goes_on = threading.Event(), threading.Event()

    def send_rules(handler: Handler) -> None:
        requested.set()
        goes_on.wait(HOLD)
        answer(b"")(handler)

    site = open_site({"/robots.txt": send_rules, "/a": answer()})
    fetcher = local_fetcher()
    fetches = [asyncio.create_task(fetcher.fetch(f"{site.url}/a")) for _ in range(2)]
    await asyncio.to_thread(requested.wait, HOLD)
    fetches[cancelled].cancel()
    goes_on.set()
    assert (await fetches[1 - cancelled]).data
    assert fetches[cancelled].cancelled()
