"""Secure connections on a real socket: untrusted and trusted certificates."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from summarizer.errors import ConnectionFailed
from summarizer.models import OpenAIModel, Request

from .conftest import Server

# For these tests only: a self-signed certificate for 127.0.0.1, valid for a hundred years.
PEM = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgNx9Jzs7J2UJXVT3I
2OqYArhTkYxs6YStcGy7/Ld5FoWhRANCAATDI6s5aPITXpXDrOc90DBrlj7BbDY3
0vTr1U7bm3fd5bM6egEEM6PudzZie1zfu2o1LV+0jMhqdv/nVWc0HPMJ
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUWcPFR32qOTXOAdtsvUS4rBHhY/AwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNjE5NTMyM1oYDzIxMjYxMTAy
MTk1MzIzWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATDI6s5aPITXpXDrOc90DBrlj7BbDY30vTr1U7bm3fd5bM6egEEM6Pu
dzZie1zfu2o1LV+0jMhqdv/nVWc0HPMJo28wbTAdBgNVHQ4EFgQUwOadJnBMxxxd
NjhRffYNUONA39owHwYDVR0jBBgwFoAUwOadJnBMxxxdNjhRffYNUONA39owDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIgcV8QRpogDa/WI29AH/gZdLba6yfypiyBz7drUfnFOXQCIQDD
UznANSnidBg6Z7q7yxbvqxq1JgkphTC6nALZoxy5dA==
-----END CERTIFICATE-----
"""
HASHED = "ce275665.0"
"""Its file name in OpenSSL's directory of authorities: the hash of its subject."""
REALLY_LOADS = ssl.SSLContext.load_verify_locations


@pytest.fixture
def https(tmp_path: Path) -> Iterator[str]:
    """Return the address of a server with that certificate."""
    (tmp_path / HASHED).write_text(PEM)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / HASHED)
    server = Server(tls=context)
    yield server.url.replace("http:", "https:")
    server.close()


@pytest.fixture(autouse=True)
def _trust_nothing_by_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", REALLY_LOADS)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "empty"))
    (tmp_path / "empty").mkdir()


async def test_untrusted_certificate_is_rejected_without_retries(
    https: str, request_: Request, waits: list[float]
) -> None:
    model = OpenAIModel("tiny", base_url=https)
    with pytest.raises(ConnectionFailed, match=r"No secure connection to https.*certificate.*SSL_CERT_FILE") as caught:
        await model.complete(request_)
    await model.aclose()
    assert (caught.value.attempts, waits) == (1, [])


@pytest.mark.parametrize(("variable", "name"), [("SSL_CERT_FILE", HASHED), ("SSL_CERT_DIR", "")])
async def test_certificates_of_the_environment_are_trusted(
    https: str, request_: Request, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, name: str
) -> None:
    monkeypatch.setenv(variable, str(tmp_path / name))
    model = OpenAIModel("tiny", base_url=https)
    assert (await model.complete(request_)).text == "done"
    await model.aclose()
