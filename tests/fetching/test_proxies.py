"""Proxies of the environment."""

import asyncio

import pytest

from summarizer.errors import ConfigurationError

from ..timing import HOLD
from .conftest import OpenSite
from .site import PUBLIC, TEXT, Network, answer, failure, local_fetcher

SECRET = "hush-hush"


@pytest.mark.parametrize("variable", ["http_proxy", "ALL_PROXY"])
async def test_page_is_fetched_through_the_proxy(
    open_site: OpenSite, network: Network, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    proxy = open_site({"http://news.example/a": answer()})
    network.names = {"news.example": [[PUBLIC]]}
    monkeypatch.setenv(variable, f"ann:{SECRET}@127.0.0.1:{proxy.port}")
    page = await local_fetcher(allow_private=False).fetch("http://news.example/a")
    assert (page.data, page.url) == (TEXT, "http://news.example/a")
    assert set(network.connections) == {("127.0.0.1", proxy.port)}
    assert "proxy-authorization" in proxy.requests[-1].headers


async def test_name_that_only_the_proxy_knows_is_fetched(
    open_site: OpenSite, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = open_site({"http://news.example/a": answer()})
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    assert (await local_fetcher(allow_private=False).fetch("http://news.example/a")).data == TEXT


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1/",
        "http://169.254.169.254/",
        "https://[::ffff:10.0.0.1]/",
        "http://2130706433/",
        "http://localhost/",
        "http://metadata.google.internal/",
        "http://inside.example/",
        "http://intranet/",
    ],
)
async def test_private_target_is_refused_before_the_proxy_is_asked(
    open_site: OpenSite, network: Network, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    proxy = open_site({})
    network.names = {"inside.example": [["192.168.0.1"]]}
    monkeypatch.setenv("ALL_PROXY", proxy.url)
    await failure(local_fetcher(allow_private=False), url)
    assert not proxy.requests


async def test_ipv6_address_is_in_brackets_for_the_proxy(
    open_site: OpenSite, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = open_site({"http://[2606:4700::1]:81/a": answer(), "[2606:4700::1]:443": answer(b"", 502)})
    monkeypatch.setenv("ALL_PROXY", proxy.url)
    fetcher = local_fetcher(respect_robots=False)
    assert (await fetcher.fetch("http://[2606:4700::1]:81/a")).data == TEXT
    await failure(fetcher, "https://[2606:4700::1]/a")
    assert proxy.requests[-1].path == "[2606:4700::1]:443"


@pytest.mark.parametrize("bypass", ["127.0.0.1", "*", "127.0.0.0/8", "example.org, 127.0.0.1"])
async def test_no_proxy_is_obeyed(open_site: OpenSite, monkeypatch: pytest.MonkeyPatch, bypass: str) -> None:
    site, proxy = open_site({"/a": answer()}), open_site({})
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    monkeypatch.setenv("NO_PROXY", bypass)
    await local_fetcher().fetch(f"{site.url}/a")
    assert not proxy.requests


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_proxy_that_requires_a_password_is_named(
    open_site: OpenSite, network: Network, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    paths = ("http://news.example/robots.txt", "news.example:443")
    proxy = open_site(dict.fromkeys(paths, answer(b"", 407)))
    monkeypatch.setenv("ALL_PROXY", proxy.url.replace("//", f"//ann:{SECRET}@"))
    error = await failure(local_fetcher(), f"{scheme}://news.example/a")
    assert error.message == f"The proxy requires a login for {scheme}://news.example (HTTP 407)."
    assert (error.status, error.retryable) == (407, False)
    assert SECRET not in repr(error)


@pytest.mark.parametrize(
    ("status", "words", "retryable"), [(403, "refuses the way to", False), (502, "does not reach", True)]
)
async def test_answer_of_the_proxy_to_a_secure_connection_is_explained(
    open_site: OpenSite, network: Network, monkeypatch: pytest.MonkeyPatch, status: int, words: str, retryable: bool
) -> None:
    proxy = open_site({"news.example:443": answer(b"", status)})
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    error = await failure(local_fetcher(), "https://news.example/a")
    assert error.message == f"The proxy {words} https://news.example (HTTP {status})."
    assert error.retryable is retryable


async def test_slow_lookup_does_not_hold_up_the_proxy(open_site: OpenSite, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(*_: object, **__: object) -> None:
        await asyncio.sleep(HOLD)

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", hang)
    monkeypatch.setattr("summarizer.fetching.network.LOOKUP_TIMEOUT", 0.05)
    proxy = open_site({"http://news.example/a": answer()})
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    fetcher = local_fetcher(allow_private=False, respect_robots=False)
    assert (await fetcher.fetch("http://news.example/a")).data == TEXT


async def test_unreachable_proxy_is_blamed(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://ann:{SECRET}@127.0.0.1:9")
    error = await failure(local_fetcher(), "http://news.example/a")
    assert error.message == "The proxy of the environment refuses connections."
    assert SECRET not in repr(error)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ALL_PROXY", f"socks5://ann:{SECRET}@127.0.0.1:1"),
        ("all_proxy", f"foo://ann:{SECRET}@127.0.0.1:1"),
        ("HTTP_PROXY", f"http://ann:{SECRET}@127.0.0.1:port"),
        ("HTTP_PROXY", f"http://ann:{SECRET}@127.0.0.1:99999"),
        ("HTTP_PROXY", f"http://ann:{SECRET}@"),
        ("HTTP_PROXY", f"http://ann:{SECRET}@☃.com"),
    ],
)
async def test_unusable_proxy_setting_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError) as caught:
        await local_fetcher().fetch("http://127.0.0.1:9/a")
    assert "A proxy or certificate setting of the environment cannot be used" in caught.value.message
    assert variable.upper() in caught.value.hint
    assert caught.value.__cause__ is None  # it may quote the password
    assert SECRET not in repr(caught.value)
    if value.startswith("socks"):
        assert "socksio" in caught.value.message
