"""Requests to private networks: which names, redirects and lookups are refused, and what is connected to."""

import pytest

from summarizer.errors import FetchFailed
from summarizer.fetching import Fetcher

from .conftest import OpenSite
from .site import PUBLIC, TEXT, Network, answer, failure, local_fetcher, redirect


def careful_fetcher() -> Fetcher:
    """Return a Fetcher with the default rules that does not wait."""
    return local_fetcher(allow_private=False)


async def test_checked_address_is_connected_to_with_the_name_in_the_request(
    open_site: OpenSite, network: Network
) -> None:
    site = open_site({"/a": answer()})
    network.names, network.sites = {"news.example": [[PUBLIC]]}, {PUBLIC: site}
    page = await careful_fetcher().fetch("http://news.example/a")
    assert (page.data, page.url) == (TEXT, "http://news.example/a")
    assert set(network.connections) == {(PUBLIC, 80)}
    assert {request.headers["host"] for request in site.requests} == {"news.example"}


async def test_default_fetcher_refuses_a_server_on_loopback(open_site: OpenSite) -> None:
    site = open_site({"/a": answer()})
    error = await failure(careful_fetcher(), f"{site.url}/a")
    assert error.message == "The address 127.0.0.1 is not fetched: it is this computer."
    assert error.hint == "If you trust it, use --allow-private, or Fetcher(allow_private=True)."
    assert not error.retryable
    assert not site.requests


@pytest.mark.parametrize(
    "ip", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "fe80::1%eth0"]
)
async def test_name_with_a_private_address_is_refused(network: Network, ip: str) -> None:
    network.names = {"public.example": [[ip]]}
    error = await failure(careful_fetcher(), "http://public.example/")
    assert "public.example is not fetched: its address" in error.message
    assert not network.connections


@pytest.mark.parametrize("addresses", [[PUBLIC, "10.0.0.1"], ["10.0.0.1", PUBLIC], [PUBLIC, "::1"]])
async def test_every_address_of_a_name_is_checked(network: Network, addresses: list[str]) -> None:
    network.names = {"public.example": [addresses]}
    await failure(careful_fetcher(), "http://public.example/")
    assert not network.connections


async def test_name_is_looked_up_once_for_a_connection(open_site: OpenSite, network: Network) -> None:
    site = open_site({"/a": answer()})
    network.names, network.sites = {"news.example": [[PUBLIC], ["127.0.0.1"]]}, {PUBLIC: site}
    await local_fetcher(allow_private=False, respect_robots=False).fetch("http://news.example/a")
    assert network.lookups == ["news.example"]
    assert network.connections == [(PUBLIC, 80)]


async def test_name_that_becomes_private_later_is_refused(open_site: OpenSite, network: Network) -> None:
    site = open_site({"/a": answer(headers={"Connection": "close"}), "/robots.txt": answer(b"", 404)})
    network.names, network.sites = {"news.example": [[PUBLIC], ["127.0.0.1"]]}, {PUBLIC: site}
    fetcher = local_fetcher(allow_private=False, respect_robots=False)
    await fetcher.fetch("http://news.example/a")
    error = await failure(fetcher, "http://news.example/a")
    assert "127.0.0.1" in error.message
    assert network.connections == [(PUBLIC, 80)]


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:169.254.169.254]/",
        "http://0xa9fea9fe/",
        "http://metadata.google.internal/",
        "http://127.0.0.1/",
        "http://127.1:8080/",
        "http://2130706433/",
        "http://[::1]/",
        "http://localhost/",
        "http://10.1.2.3/",
        "http://inside.example/",
        "//192.168.0.1/",
    ],
)
async def test_redirect_into_a_private_network_is_refused(open_site: OpenSite, network: Network, target: str) -> None:
    site = open_site({"/a": redirect(target), "/robots.txt": answer(b"")})
    network.names = {"news.example": [[PUBLIC]], "inside.example": [["10.0.0.9"]]}
    network.sites = {PUBLIC: site}
    error = await failure(careful_fetcher(), "http://news.example/a")
    assert "is not fetched" in error.message
    assert {ip for ip, _ in network.connections} == {PUBLIC}


async def test_redirect_of_robots_txt_into_a_private_network_is_refused(open_site: OpenSite, network: Network) -> None:
    site = open_site({"/a": answer(), "/robots.txt": redirect("http://10.0.0.1/robots.txt")})
    network.names, network.sites = {"news.example": [[PUBLIC]]}, {PUBLIC: site}
    assert "10.0.0.1" in (await failure(careful_fetcher(), "http://news.example/a")).message
    assert {ip for ip, _ in network.connections} == {PUBLIC}


@pytest.mark.parametrize(
    "url",
    ["http://169.254.169.254/", "http://[fd00:ec2::254]/", "http://metadata.google.internal/", "http://md.example"],
)
async def test_metadata_service_is_refused_even_if_private_addresses_are_allowed(network: Network, url: str) -> None:
    network.names = {"metadata.google.internal": [["127.0.0.1"]], "md.example": [["168.63.129.16"]]}
    error = await failure(local_fetcher(), url)
    assert "a cloud metadata service" in error.message
    assert error.hint == ""
    assert not network.connections


async def test_next_address_is_tried_when_one_cannot_be_reached(open_site: OpenSite, network: Network) -> None:
    site = open_site({"/a": answer()})
    network.names, network.sites = {"news.example": [["2606:4700::1", "1.1.1.1", PUBLIC]]}, {PUBLIC: site}
    await careful_fetcher().fetch("http://news.example/a")
    assert network.connections[:3] == [("2606:4700::1", 80), ("1.1.1.1", 80), (PUBLIC, 80)]


async def test_unreachable_host_can_be_tried_again(network: Network) -> None:
    network.names = {"news.example": [[PUBLIC]]}
    error = await failure(careful_fetcher(), "http://news.example/a")
    assert error.message == "The server news.example cannot be reached."
    assert error.retryable


async def test_unknown_host_is_named(network: Network) -> None:
    error = await failure(careful_fetcher(), "https://no-such-host.example/a")
    assert error.message == "There is no host no-such-host.example."
    assert not error.retryable


async def test_failed_lookup_can_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    error = await failure(careful_fetcher(), "https://news.example/a")
    assert "could not be looked up" in error.message
    assert error.retryable


async def test_text_with_an_address_is_never_fetched(network: Network) -> None:
    from summarizer import Article

    Article.from_text("Anna Berg said more at https://news.example/a and http://10.0.0.1/b.")
    with pytest.raises(FetchFailed):
        await careful_fetcher().fetch("Anna Berg said more at https://news.example/a")
    assert not network.lookups
