"""The interval between requests to a host, Crawl-delay and Retry-After, with a clock that does not wait."""

import asyncio
import email.utils
import threading
import time
from dataclasses import dataclass, field

import pytest

from summarizer.fetching import politeness
from summarizer.fetching.politeness import HostIntervals, RobotsCache, RobotsRules

from .conftest import OpenSite
from .site import PUBLIC, TEXT, Answer, Handler, Network, answer, failure, local_fetcher, redirect


@dataclass
class Clock:
    """A clock that moves only when somebody sleeps."""

    now: float = 1_000.0
    waits: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock, really_sleep = Clock(), asyncio.sleep

    async def sleep(seconds: float) -> None:
        if seconds > 0:
            clock.waits.append(round(seconds, 3))
            clock.now += seconds
        await really_sleep(0)

    monkeypatch.setattr(politeness, "time", clock)
    monkeypatch.setattr(asyncio, "sleep", sleep)
    return clock


async def test_second_request_to_a_host_waits_a_second(open_site: OpenSite, clock: Clock) -> None:
    site = open_site({"/a": answer()})
    fetcher = local_fetcher(interval=1.0)
    for _ in range(3):
        await fetcher.fetch(f"{site.url}/a")
    assert clock.waits == [1.0, 1.0]


async def test_redirect_on_the_same_host_waits_too(open_site: OpenSite, clock: Clock) -> None:
    site = open_site({"/a": redirect("/b"), "/b": answer()})
    await local_fetcher(interval=1.0).fetch(f"{site.url}/a")
    assert clock.waits == [1.0]


async def test_hosts_do_not_wait_for_each_other(open_site: OpenSite, network: Network, clock: Clock) -> None:
    site = open_site({"/a": answer()})
    network.names = {"a.example": [[PUBLIC]], "b.example": [[PUBLIC]]}
    network.sites = {PUBLIC: site}
    fetcher = local_fetcher(interval=1.0)
    await fetcher.fetch("http://a.example/a")
    await fetcher.fetch("http://b.example/a")
    assert clock.waits == []


async def test_time_until_the_turn_does_not_count_as_time_of_the_server(
    open_site: OpenSite, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, begin = asyncio.get_running_loop(), clock.now
    really = loop.time
    monkeypatch.setattr(loop, "time", lambda: really() + clock.now - begin)
    site = open_site({"/a": answer()})
    fetcher = local_fetcher(interval=100.0, timeout=60.0)
    for number in range(3):
        assert await fetcher.fetch(f"{site.url}/a?{number}")
    assert clock.waits == [100.0, 100.0]


async def test_crawl_delay_is_honoured(open_site: OpenSite, clock: Clock) -> None:
    site = open_site({"/robots.txt": answer(b"User-agent: *\nCrawl-delay: 3\nDisallow: /x"), "/a": answer()})
    fetcher = local_fetcher(interval=1.0)
    await fetcher.fetch(f"{site.url}/a")
    await fetcher.fetch(f"{site.url}/a")
    assert clock.waits == [3.0]


def once(status: int, retry_after: str) -> Answer:
    """Return a function that asks to wait, and sends a page from then on."""
    requests = []

    def send(handler: Handler) -> None:
        requests.append(handler.path)
        (answer() if len(requests) > 1 else answer(b"", status, {"Retry-After": retry_after}))(handler)

    return send


@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_is_honoured_once(open_site: OpenSite, clock: Clock, status: int) -> None:
    site = open_site({"/a": once(status, "3")})
    assert (await local_fetcher().fetch(f"{site.url}/a")).data == TEXT
    assert clock.waits == [3.0]


async def test_other_pages_of_the_host_wait_for_retry_after_too(
    open_site: OpenSite, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = open_site({"/a": once(429, "3")})
    fetcher, left = local_fetcher(), []

    async def sleep(seconds: float) -> None:
        left.append(fetcher._intervals.take_turn("127.0.0.1", 0.0))
        clock.now += seconds

    monkeypatch.setattr(asyncio, "sleep", sleep)
    await fetcher.fetch(f"{site.url}/a")
    assert left == [3.0]


async def test_retry_after_may_be_a_date(open_site: OpenSite, clock: Clock) -> None:
    site = open_site({"/a": once(503, email.utils.formatdate(time.time() + 1_000, usegmt=True))})
    await local_fetcher(timeout=2_000.0).fetch(f"{site.url}/a")
    assert len(clock.waits) == 1
    assert 900 < clock.waits[0] <= 1_000


async def test_second_retry_after_is_an_error_that_can_be_tried_again(open_site: OpenSite, clock: Clock) -> None:
    site = open_site({"/a": answer(b"", 429, {"Retry-After": "2"})})
    error = await failure(local_fetcher(), f"{site.url}/a")
    assert (error.status, error.retryable, error.hint) == (429, True, "Try again in 2 seconds.")
    assert site.paths == ["/a"] * 2


@pytest.mark.parametrize("value", ["3600", "99999999999999999999", "Fri, 31 Dec 2100 23:59:59 GMT"])
async def test_retry_after_beyond_the_time_limit_is_an_error_at_once(
    open_site: OpenSite, clock: Clock, value: str
) -> None:
    site = open_site({"/a": answer(b"", 503, {"Retry-After": value})})
    error = await failure(local_fetcher(), f"{site.url}/a")
    assert error.retryable
    assert error.hint.startswith("Try again in ")
    assert (clock.waits, site.paths) == ([], ["/a"])


@pytest.mark.parametrize("value", ["", "soon", "-1", "٣", "Fri, 99 Foo 2100"])
async def test_invalid_retry_after_is_left_out(open_site: OpenSite, clock: Clock, value: str) -> None:
    site = open_site({"/a": answer(b"", 503, {"Retry-After": value.encode().decode("latin-1")})})
    assert (await failure(local_fetcher(), f"{site.url}/a")).hint == "Try later."
    assert clock.waits == []


def test_threads_share_the_turns_of_a_host(clock: Clock) -> None:
    intervals, delays = HostIntervals(), []
    threads = [threading.Thread(target=lambda: delays.append(intervals.take_turn("a.example", 9))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(delays) == [0] + [9] * 19


async def test_cancelled_fetches_leave_their_turns_to_others(open_site: OpenSite, clock: Clock) -> None:
    site = open_site({"/a": answer()})
    fetcher = local_fetcher(interval=1.0, respect_robots=False)
    await fetcher.fetch(f"{site.url}/a")
    for _ in range(3):
        task = asyncio.create_task(fetcher.fetch(f"{site.url}/a"))
        while not clock.waits:
            await asyncio.sleep(0)
        task.cancel()
        clock.now -= clock.waits.pop()
    await fetcher.fetch(f"{site.url}/a")
    assert clock.waits == [1.0]


def test_turns_of_many_hosts_take_little_memory(clock: Clock) -> None:
    intervals = HostIntervals()
    for number in range(10_000):
        intervals.take_turn(f"{number}.example", 1.0)
        clock.now += 0.01
    assert len(intervals._free) < 3_000


def test_rules_are_forgotten_after_a_day_and_failures_after_minutes(clock: Clock) -> None:
    cache = RobotsCache()
    for origin, rules in (("a", RobotsRules()), ("b", RobotsRules(status=503))):
        assert cache.claim(origin) is None
        cache.settle(origin, rules)
    clock.now += 299
    assert cache.get("a")
    assert cache.get("b")
    clock.now += 2
    assert cache.get("b") is None
    clock.now += 24 * 3600 - 302
    assert cache.get("a")
    clock.now += 2
    assert cache.get("a") is None


def test_rules_of_many_servers_take_little_memory() -> None:
    cache = RobotsCache()
    for number in range(3_000):
        cache.claim(str(number))
        cache.settle(str(number), RobotsRules())
    assert cache.get("0") is None
    assert cache.get("2999")


def test_long_rules_of_many_servers_take_little_memory() -> None:
    cache = RobotsCache()
    for number in range(60):
        cache.claim(str(number))
        cache.settle(str(number), RobotsRules("x" * 500_000))
    kept = [number for number in range(60) if cache.get(str(number))]
    assert kept == list(range(40, 60))
