"""Secure connections: the name in the handshake, and certificates."""

import ssl
from pathlib import Path

import pytest

from summarizer.errors import ConfigurationError

from .conftest import OpenSite
from .site import PUBLIC, TEXT, Network, Site, answer, failure, local_fetcher, raw

# For these tests only: a self-signed certificate for news.example, valid for a hundred years.
PEM = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgdtmHOhfRvbjy6en6
hkpvB1r0fG6UX4emt1bRTg3ytQqhRANCAATq5kt+7+xJBDG6io2YH4lV6ns7aVEy
ZF0hmeYYNiccEnI/QqFCYxg+JHySvkyec3Vz3YewEE1k/YGkVoSMsh1c
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBpDCCAUqgAwIBAgIUWc3MhG6mic34U2lGVxdkatRTA4QwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMbmV3cy5leGFtcGxlMCAXDTI2MTEyOTExMDAwN1oYDzIxMjYx
MTA1MTEwMDA3WjAXMRUwEwYDVQQDDAxuZXdzLmV4YW1wbGUwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAATq5kt+7+xJBDG6io2YH4lV6ns7aVEyZF0hmeYYNiccEnI/
QqFCYxg+JHySvkyec3Vz3YewEE1k/YGkVoSMsh1co3IwcDAdBgNVHQ4EFgQUWwep
PbG6tNA3kbHM8jP5fJ2SqhwwHwYDVR0jBBgwFoAUWwepPbG6tNA3kbHM8jP5fJ2S
qhwwHQYDVR0RBBYwFIIMbmV3cy5leGFtcGxlhwR/AAABMA8GA1UdEwEB/wQFMAMB
Af8wCgYIKoZIzj0EAwIDSAAwRQIgc6qQbpzCZUaCM4rN85RGaPqh+ooswhin1WEe
Ua7QRcACIQCQ3dtAanuhKUVkuNq481aGEFI82flVG219fnMbf3h51Q==
-----END CERTIFICATE-----
"""
REALLY_LOADS = ssl.SSLContext.load_verify_locations


@pytest.fixture
def names() -> list[str | None]:
    """The names that clients asked for in the handshake."""
    return []


@pytest.fixture
def pem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", REALLY_LOADS)
    path = tmp_path / "certificate.pem"
    path.write_text(PEM)
    return path


@pytest.fixture
def https(open_site: OpenSite, network: Network, pem: Path, names: list[str | None]) -> Site:
    """A server of news.example and other.example, which has the certificate of the former."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    context.sni_callback = lambda _, name, __: names.append(name)  # type: ignore[assignment,func-returns-value]
    site = open_site({"/a": answer()}, tls=context)
    network.names = {"news.example": [[PUBLIC]], "other.example": [[PUBLIC]]}
    network.sites = {PUBLIC: site}
    return site


async def test_certificate_is_checked_against_the_name_and_not_the_address(
    https: Site, network: Network, pem: Path, names: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    page = await local_fetcher(allow_private=False).fetch("https://News.Example./a")
    assert (page.data, page.url) == (TEXT, "https://news.example/a")
    assert set(names) == {"news.example"}
    assert set(network.connections) == {(PUBLIC, 443)}
    assert https.requests[-1].headers["host"] == "news.example"


async def test_certificate_of_another_name_is_refused(https: Site, pem: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    error = await failure(local_fetcher(), "https://other.example/a")
    assert error.message.startswith("The certificate of other.example is not trusted: ")
    assert not error.retryable
    assert not https.requests


async def test_secure_proxy_is_trusted_by_the_same_certificates(
    open_site: OpenSite, pem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    proxy = open_site({"http://93.184.216.34/a": answer()}, tls=context)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    monkeypatch.setenv("HTTP_PROXY", proxy.url.replace("http:", "https:"))
    fetcher = local_fetcher(allow_private=False, respect_robots=False)
    assert (await fetcher.fetch("http://93.184.216.34/a")).data == TEXT


async def test_untrusted_certificate_is_refused(https: Site) -> None:
    error = await failure(local_fetcher(), "https://news.example/a")
    assert error.message.startswith("The certificate of news.example is not trusted: ")
    assert "SSL_CERT_FILE" in error.hint


async def test_server_without_tls_is_named(open_site: OpenSite) -> None:
    site = open_site({"/robots.txt": raw(b"no TLS")})
    error = await failure(local_fetcher(), f"https://127.0.0.1:{site.port}/a")
    assert error.message == "There is no secure connection to 127.0.0.1."
    assert not error.retryable


@pytest.mark.parametrize("content", [None, "no certificate"])
async def test_unreadable_certificates_name_the_variable(
    pem: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str | None
) -> None:
    bundle = tmp_path / "bundle.pem"
    if content is not None:
        bundle.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    with pytest.raises(ConfigurationError, match="SSL_CERT_FILE"):
        await local_fetcher().fetch("https://127.0.0.1:9/a")
