"""Proxy and certificate settings of the environment."""

import socket
import ssl
import threading
import traceback
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from summarizer import Summarizer
from summarizer.errors import ConfigurationError, ConnectionFailed
from summarizer.models import OpenAIModel, Request

REALLY_LOADS = ssl.SSLContext.load_verify_locations
SECRET = "hush-hush"


async def refused(request: Request) -> ConfigurationError:
    """Return the error of a request in this environment."""
    model = OpenAIModel("tiny", base_url="http://127.0.0.1:9/v1")
    with pytest.raises(ConfigurationError) as caught:
        await model.complete(request)
    assert caught.value.fatal
    assert caught.value.__cause__ is None  # it may quote a password
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    return caught.value


@pytest.fixture
def proxy() -> Iterator[str]:
    """Return the address of a proxy that requires authentication."""

    class Handler(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:  # named by http.server
            self.send_error(407)

        do_POST = do_CONNECT  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{http.server_address[1]}"
        http.shutdown()
        thread.join()


@pytest.mark.parametrize(("content", "fault"), [(None, "No such file or directory"), ("no certificate", "")])
async def test_unreadable_certificates_name_the_variable(
    request_: Request, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str | None, fault: str
) -> None:
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", REALLY_LOADS)
    bundle = tmp_path / "bundle.pem"
    if content is not None:
        bundle.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    error = await refused(request_)
    assert fault in error.message
    assert "SSL_CERT_FILE" in error.hint


@pytest.mark.parametrize(
    ("variable", "address"),
    [
        ("ALL_PROXY", f"socks5://ann:{SECRET}@127.0.0.1:1"),
        ("all_proxy", f"foo://ann:{SECRET}@127.0.0.1:1"),
        ("HTTP_PROXY", f"http://ann:{SECRET}@127.0.0.1:port"),
        ("HTTPS_PROXY", f"http://ann:{SECRET}@☃.com"),
    ],
)
async def test_unusable_proxy_setting_is_named_without_its_password(
    request_: Request, monkeypatch: pytest.MonkeyPatch, variable: str, address: str
) -> None:
    monkeypatch.setenv(variable, address)
    error = await refused(request_)
    assert variable.upper() in error.hint
    assert SECRET not in repr(error)


async def test_missing_package_for_a_proxy_is_named(request_: Request, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1")
    assert "socksio" in (await refused(request_)).message


async def failed(request: Request, base_url: str) -> ConnectionFailed:
    model = OpenAIModel("tiny", base_url=base_url)
    with pytest.raises(ConnectionFailed) as caught:
        await model.complete(request)
    await model.aclose()
    assert SECRET not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_proxy_setting_is_named_when_the_connection_is_refused(
    request_: Request, waits: list[float], monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        monkeypatch.setenv(f"{scheme}_proxy", f"http://ann:{SECRET}@127.0.0.1:{port}")
        error = await failed(request_, f"{scheme}://server.invalid/v1")
    assert "refuses connections after 2 attempts" in error.message
    assert f"Requests go through the proxy of {scheme.upper()}_PROXY." in error.hint


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_proxy_that_requires_a_password_is_not_retried(
    proxy: str, request_: Request, waits: list[float], monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy.replace("//", f"//ann:{SECRET}@"))
    error = await failed(request_, f"{scheme}://server.invalid/v1")
    assert error.message == f"The proxy refuses the way to {scheme}://server.invalid/v1."
    assert "user and a password" in error.hint
    assert (error.attempts, waits, error.retryable) == (1, [], False)


async def test_no_proxy_setting_is_obeyed_by_messages(
    request_: Request, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    error = await failed(request_, "http://127.0.0.1:9/v1")
    assert error.message.startswith("The server at http://127.0.0.1:9/v1 refuses connections")


async def test_unusable_proxy_ends_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "foo://127.0.0.1:1")
    async with Summarizer(model=OpenAIModel("tiny", base_url="http://127.0.0.1:9/v1")) as summarizer:
        outcomes = [outcome async for outcome in summarizer.asummarize_many(["One."] * 9, concurrency=1)]
    assert [outcome.fatal for outcome in outcomes] == [True]
