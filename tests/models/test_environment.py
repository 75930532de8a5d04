"""Proxies and certificates that the environment names and that do not work: what the user is told."""

import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from summarizer import Summarizer
from summarizer.errors import ConfigurationError, ConnectionFailed
from summarizer.models import OpenAIModel, Request
from summarizer.models.environment import Proxy, proxy_to

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


@pytest.fixture
def proxy() -> Iterator[str]:
    """The address of a proxy that lets nobody through who does not say who they are."""

    class Handler(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:  # the name that http.server calls
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
        ("HTTP_PROXY", f"http://ann:12/{SECRET}@127.0.0.1:1", "has to be escaped"),
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


def test_a_proxy_whose_name_has_letters_of_any_language_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://bücher.example:3128")
    assert proxy_to("http://server.invalid/v1") == Proxy("http://bücher.example:3128", "HTTP_PROXY")


async def failed(request: Request, base_url: str) -> ConnectionFailed:
    model = OpenAIModel("tiny", base_url=base_url)
    with pytest.raises(ConnectionFailed) as caught:
        await model.complete(request)
    await model.aclose()
    assert SECRET not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_that_does_not_run_is_named_and_not_the_server(
    request_: Request, waits: list[float], monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        monkeypatch.setenv(f"{scheme}_proxy", f"http://ann:{SECRET}@127.0.0.1:{port}")
        error = await failed(request_, f"{scheme}://server.invalid/v1")
    assert error.message == (
        f"The proxy at http://127.0.0.1:{port}, which {scheme}_proxy names, refuses connections after 2 attempts."
    )
    assert error.hint == f"Is {scheme}_proxy right?"


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_that_wants_a_password_says_so_at_once(
    proxy: str, request_: Request, waits: list[float], monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy.replace("//", f"//ann:{SECRET}@"))
    error = await failed(request_, f"{scheme}://server.invalid/v1")
    assert (
        error.message == f"The proxy at {proxy}, which ALL_PROXY names, opens no way to {scheme}://server.invalid/v1."
    )
    assert "user and a password" in error.hint
    assert (error.attempts, waits, error.retryable) == (1, [], False)


async def test_a_server_that_no_proxy_stands_before_is_the_one_that_is_named(
    request_: Request, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    error = await failed(request_, "http://127.0.0.1:9/v1")
    assert error.message.startswith("The server at http://127.0.0.1:9/v1 refuses connections")


async def test_a_batch_ends_at_a_proxy_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "foo://127.0.0.1:1")
    async with Summarizer(model=OpenAIModel("tiny", base_url="http://127.0.0.1:9/v1")) as summarizer:
        outcomes = [outcome async for outcome in summarizer.asummarize_many(["One."] * 9, concurrency=1)]
    assert [outcome.fatal for outcome in outcomes] == [True]
