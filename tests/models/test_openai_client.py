"""Failures of connections and responses, on a real socket."""

import asyncio
import gzip
import json
import socket
import ssl
import threading
import tracemalloc
from collections.abc import Iterator

import httpx2
import openai
import pytest

from summarizer.errors import ConnectionFailed, ModelError, RateLimited, ServerFailed
from summarizer.models import OpenAIModel, Request
from summarizer.models.openai import client as client_module
from summarizer.models.openai.endpoint import Endpoint
from summarizer.models.openai.errors import connection_failed
from summarizer.usage import Usage

from ..timing import await_until
from .conftest import KEY, CannedResponse, Server, completion, error

FINE = CannedResponse(completion())
WHOLE = json.dumps(completion()).encode()


async def failure(model: OpenAIModel, request: Request) -> ModelError:
    with pytest.raises(ModelError) as caught:
        await model.complete(request)
    await model.aclose()
    return caught.value


@pytest.fixture
def full() -> Iterator[str]:
    """Return the address of a server that accepts no connection: its queue is full."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(door.getsockname())
        yield f"http://127.0.0.1:{door.getsockname()[1]}/v1"
        for each in waiting:
            each.close()


async def test_refused_connection_is_retried_once_after_half_a_second(request_: Request, waits: list[float]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        model = OpenAIModel("tiny", base_url=f"http://127.0.0.1:{taken.getsockname()[1]}/v1")
        failed = await failure(model, request_)
    assert isinstance(failed, ConnectionFailed)
    assert (waits, failed.attempts, failed.retryable) == ([0.5], 2, True)


async def test_server_that_starts_meanwhile_is_reached(
    server: Server, request_: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = taken.getsockname()
    late = Server.__new__(Server)

    async def pause(_: float) -> None:
        late.__init__(address[1])  # type: ignore[misc]

    monkeypatch.setattr("summarizer.models.retry.sleep", pause)
    model = OpenAIModel("tiny", base_url=f"http://127.0.0.1:{address[1]}/v1")
    reply = await model.complete(request_)
    await model.aclose()
    late.close()
    assert (reply.text, reply.retries) == ("done", 1)


async def test_unknown_host_is_retried_once_and_named(
    request_: Request, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown, raising=False)
    failed = await failure(OpenAIModel("tiny", base_url="http://no.such.host.invalid/v1"), request_)
    assert "host of http://no.such.host.invalid/v1 cannot be found after 2 attempts" in failed.message
    assert len(waits) == 1


async def test_insecure_connection_is_not_retried(server: Server, request_: Request, waits: list[float]) -> None:
    failed = await failure(OpenAIModel("tiny", base_url=server.url.replace("http:", "https:")), request_)
    assert isinstance(failed, ConnectionFailed)
    assert "SSL_CERT_FILE" in failed.hint
    assert waits == []


@pytest.mark.parametrize(
    ("cause", "message", "attempts"),
    [
        (ssl.SSLCertVerificationError(1, "self-signed certificate"), "No secure connection", 1),
        (ssl.SSLError(1, "wrong version number"), "No secure connection", 1),
        (ssl.SSLEOFError(8, "EOF occurred in violation of protocol"), "broke off", None),
        (ConnectionRefusedError(111, "refused"), "refuses connections", 2),
        (ExceptionGroup("both", [OSError("no route"), ConnectionRefusedError(111, "refused")]), "refuses", 2),
        (socket.gaierror(-3, "try again"), "cannot be found", 2),
        (ConnectionResetError(104, "reset"), "broke off", None),
        (httpx2.ConnectTimeout(""), "No connection to http://host/v1 could be made in time", None),
        (httpx2.ProxyError("407 Proxy Authentication Required"), "proxy refuses", None),
    ],
    ids=repr,
)
def test_network_failure_is_recognised_by_its_cause(cause: Exception, message: str, attempts: int | None) -> None:
    between = httpx2.ConnectError("connecting failed")
    between.__cause__ = cause
    failed = connection_failed(between, Endpoint("http://host/v1"), "")
    assert message in failed.message
    assert failed.max_attempts == attempts


async def test_server_that_accepts_no_connection_is_distinguished_from_a_slow_one(
    full: str, request_: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "CONNECT_TIMEOUT", 0.1)
    failed = await failure(OpenAIModel("tiny", base_url=full, attempts=1), request_)
    assert "No connection to" in failed.message
    assert "is the server running?" in failed.hint


@pytest.mark.parametrize(
    "fault",
    [
        CannedResponse(drop=True),
        CannedResponse(WHOLE[:40], length=len(WHOLE)),
        CannedResponse(WHOLE, length=len(WHOLE) + 10),
        CannedResponse(b"not gzip", headers={"Content-Encoding": "gzip"}),
    ],
    ids=["dropped before the body", "dropped within the body", "fewer bytes than promised", "bad gzip"],
)
async def test_broken_response_is_retried(
    server: Server, model: OpenAIModel, request_: Request, waits: list[float], fault: CannedResponse
) -> None:
    server.set_responses(fault, FINE)
    assert (await model.complete(request_)).retries == 1
    server.requests.clear()
    server.set_responses(fault)
    failed = await failure(model, request_)
    assert isinstance(failed, ConnectionFailed)
    assert "broke off after 5 attempts, before an answer came" in failed.message
    assert len(server.requests) == 5


async def test_connection_closed_after_the_body_is_harmless(
    server: Server, model: OpenAIModel, request_: Request
) -> None:
    server.set_responses(CannedResponse(completion(), hang_up=True))
    replies = [await model.complete(request_) for _ in range(3)]
    assert [reply.text for reply in replies] == ["done"] * 3


async def test_body_longer_than_its_content_length_is_broken(
    server: Server, model: OpenAIModel, request_: Request
) -> None:
    server.set_responses(CannedResponse(WHOLE, length=len(WHOLE) - 10))
    failed = await failure(model, request_)
    assert isinstance(failed, ServerFailed)
    assert "broken JSON" in failed.message


async def test_compressed_response_is_unpacked(server: Server, model: OpenAIModel, request_: Request) -> None:
    server.set_responses(CannedResponse(gzip.compress(WHOLE), headers={"Content-Encoding": "gzip"}))
    assert (await model.complete(request_)).text == "done"


@pytest.mark.slow
@pytest.mark.parametrize("packed", [False, True])
async def test_response_of_50_megabytes_is_cut_off(
    server: Server, model: OpenAIModel, request_: Request, packed: bool
) -> None:
    body = json.dumps(completion("x" * 50_000_000)).encode()
    server.set_responses(
        CannedResponse(gzip.compress(body, 1), headers={"Content-Encoding": "gzip"}) if packed else CannedResponse(body)
    )
    tracemalloc.start()
    failed = await failure(model, request_)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(failed, ServerFailed)
    assert "more than 10 MB, which was cut off" in failed.message
    assert (failed.retryable, len(server.requests)) == (False, 1)
    assert most < 40_000_000


@pytest.mark.parametrize("status", [200, 500])
async def test_connection_of_a_too_long_response_is_closed(server: Server, request_: Request, status: int) -> None:
    server.set_responses(CannedResponse("x" * 50_000_000, status))
    model = OpenAIModel("tiny", base_url=server.url, attempts=1)
    before = set(threading.enumerate())
    with pytest.raises(ServerFailed):
        await model.complete(request_)
    threads_of_the_server = "process_request"
    await await_until(lambda: not any(threads_of_the_server in each.name for each in {*threading.enumerate()} - before))
    await model.aclose()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Retry-After": "nan"},
        {"Retry-After": "-5"},
        {"Retry-After": "inf"},
        {"Retry-After": "soon"},
        {"Retry-After-Ms": "nan"},
        {"Retry-After-Ms": "-1"},
    ],
    ids=str,
)
async def test_missing_or_invalid_retry_after_uses_the_backoff(
    server: Server, model: OpenAIModel, request_: Request, waits: list[float], headers: dict[str, str]
) -> None:
    server.set_responses(CannedResponse(error(), 429, headers), FINE)
    await model.complete(request_)
    assert 0.5 <= waits[0] <= 1


async def test_endless_rate_limit_is_an_error_after_all_attempts(
    server: Server, model: OpenAIModel, request_: Request, waits: list[float]
) -> None:
    server.set_responses(CannedResponse(error(), 429, {"Retry-After": "2"}))
    failed = await failure(model, request_)
    assert isinstance(failed, RateLimited)
    assert "after 5 attempts" in failed.message
    assert failed.retryable


async def test_error_reports_the_usage_of_all_attempts(server: Server, model: OpenAIModel, request_: Request) -> None:
    spent = error() | {"usage": {"prompt_tokens": 50, "completion_tokens": 3}}
    server.set_responses(CannedResponse(spent, 500))
    failed = await failure(model, request_)
    assert (failed.usage, failed.attempts) == (Usage(prompt=250, completion=15), 5)


@pytest.mark.parametrize("message", [{"content": None}, {}])
async def test_completion_without_content_reports_its_usage(
    server: Server, model: OpenAIModel, request_: Request, message: object
) -> None:
    spent = error() | {"usage": {"prompt_tokens": 50}}
    server.set_responses(CannedResponse(spent, 500), CannedResponse(completion(message=message)))
    failed = await failure(model, request_)
    assert "without content" in failed.message
    assert (failed.usage, failed.attempts) == (Usage(prompt=150, cached=64, completion=7), 2)


@pytest.mark.parametrize("code", [429, 502, "429", "502"])
async def test_server_error_with_status_200_is_retried(
    server: Server, model: OpenAIModel, request_: Request, code: int | str
) -> None:
    server.set_responses(CannedResponse(error("Provider returned error", code=code)), FINE)
    assert (await model.complete(request_)).retries == 1
    server.set_responses(CannedResponse(error("Provider returned error", code=code)))
    failed = await failure(model, request_)
    assert (failed.status, failed.attempts, failed.retryable) == (int(code), 5, True)


async def test_rejection_with_status_200_changes_the_format(
    server: Server, model: OpenAIModel, request_: Request
) -> None:
    server.set_responses(CannedResponse(error("response_format is not supported", code=400)), FINE)
    assert (await model.complete(request_)).text == "done"
    assert "strict" not in server.requests[1].json["response_format"]["json_schema"]


@pytest.mark.parametrize("code", [None, "", "5020", "²29", "200", 200, 0, -1, 10**9, True, [502], {}])
async def test_error_with_status_200_and_no_code_is_not_retried(
    server: Server, model: OpenAIModel, request_: Request, code: object
) -> None:
    server.set_responses(CannedResponse(error("Provider returned error", code=code)))
    failed = await failure(model, request_)
    assert (failed.status, failed.attempts) == (200, 1)
    assert "Provider returned error" in failed.message


async def test_completion_with_an_additional_error_is_a_completion(
    server: Server, model: OpenAIModel, request_: Request
) -> None:
    server.set_responses(CannedResponse(completion() | {"error": {"code": 502}}))
    assert (await model.complete(request_)).text == "done"


async def test_error_with_status_200_to_the_users_client_is_retried(
    server: Server, request_: Request, waits: list[float]
) -> None:
    server.set_responses(CannedResponse(error("Provider returned error", code=502)))
    async with openai.AsyncOpenAI(base_url=server.url, api_key=KEY) as client:
        failed = await failure(OpenAIModel("tiny", client=client), request_)
    assert (failed.status, failed.attempts, failed.retryable) == (502, 5, True)


async def test_content_filter_is_named(server: Server, request_: Request) -> None:
    server.set_responses(CannedResponse(error("The prompt was filtered.", code="content_filter"), 400))
    failed = await failure(OpenAIModel("tiny", base_url=server.url, api_key=KEY), request_)
    assert "content filter" in failed.hint
