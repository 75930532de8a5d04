"""Proxies and certificates that the environment names and that cannot be used: what the user is told."""

import ssl
from pathlib import Path

import pytest

from summarizer import Summarizer
from summarizer.errors import ConfigurationError
from summarizer.model import OpenAIModel, Request

REALLY_LOADS = ssl.SSLContext.load_verify_locations
SECRET = "hush-hush"


async def refused(request: Request) -> ConfigurationError:
    """What a request in this environment is refused with."""
    model = OpenAIModel("tiny", base_url="http://127.0.0.1:9/v1")
    with pytest.raises(ConfigurationError) as caught:
        await model.complete(request)
    assert caught.value.fatal
    assert caught.value.__cause__ is caught.value.__context__ is None  # what lies beneath may quote a password
    return caught.value


@pytest.mark.parametrize(
    ("content", "fault"), [(None, "No such file or directory"), ("no certificate", "it is no certificate in PEM")]
)
async def test_certificates_that_cannot_be_read_are_told_by_their_variable(
    request_: Request, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str | None, fault: str
) -> None:
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", REALLY_LOADS)
    bundle = tmp_path / "bundle.pem"
    if content is not None:
        bundle.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    error = await refused(request_)
    assert error.message == f"The certificates that SSL_CERT_FILE names cannot be used: {fault}."
    assert "SSL_CERT_FILE" in error.hint


@pytest.mark.parametrize(
    ("variable", "address", "fault"),
    [
        ("ALL_PROXY", f"socks5://ann:{SECRET}@127.0.0.1:1", "socksio"),
        ("all_proxy", f"foo://ann:{SECRET}@127.0.0.1:1", "foo://"),
        ("HTTP_PROXY", f"http://ann:{SECRET}@127.0.0.1:port", "its address is none"),
        ("HTTP_PROXY", f"http://ann:{SECRET}@127.0.0.1:99999", "its address is none"),
        ("HTTPS_PROXY", f"http://ann:{SECRET}@☃.com", "letters that no address can have"),
    ],
)
async def test_a_proxy_that_cannot_be_used_is_told_by_its_variable_and_its_password_is_not_shown(
    request_: Request, monkeypatch: pytest.MonkeyPatch, variable: str, address: str, fault: str
) -> None:
    monkeypatch.setenv(variable, address)
    error = await refused(request_)
    assert error.message.startswith(f"The variable {variable} names a proxy that cannot be used: ")
    assert fault in error.message
    assert SECRET not in repr(error)


async def test_a_batch_ends_at_a_proxy_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "foo://127.0.0.1:1")
    async with Summarizer(model=OpenAIModel("tiny", base_url="http://127.0.0.1:9/v1")) as summarizer:
        outcomes = [outcome async for outcome in summarizer.asummarize_many(["One."] * 9, concurrency=1)]
    assert [outcome.fatal for outcome in outcomes] == [True]
