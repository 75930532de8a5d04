"""Retries: which errors, how often, after which wait."""

import time
from contextlib import nullcontext
from email.utils import formatdate

import pytest

from summarizer.errors import ConnectionFailed, RateLimited, ServerFailed
from summarizer.models import OpenAIModel, Request
from summarizer.models.openai import errors
from summarizer.models.openai.errors import MAX_DELAY, retry_after
from summarizer.usage import Usage

from .conftest import CannedResponse, Server, completion, error


def to_headers(**headers: str) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 529])
async def test_transient_errors_are_retried(
    server: Server, model: OpenAIModel, request_: Request, waits: list[float], status: int
) -> None:
    server.set_responses(CannedResponse(error(), status), CannedResponse(error(), status), CannedResponse(completion()))
    reply = await model.complete(request_)
    assert (reply.text, reply.retries, len(waits)) == ("done", 2, 2)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
async def test_permanent_errors_are_not_retried(
    server: Server, model: OpenAIModel, request_: Request, status: int
) -> None:
    server.set_responses(CannedResponse(error(), status))
    with pytest.raises(Exception, match=str(status)):
        await model.complete(request_)
    assert len(server.completions) == 1


async def test_broken_connection_is_retried(server: Server, model: OpenAIModel, request_: Request) -> None:
    server.set_responses(CannedResponse(drop=True), CannedResponse(completion()))
    assert (await model.complete(request_)).retries == 1


async def test_broken_body_is_retried(server: Server, model: OpenAIModel, request_: Request) -> None:
    server.set_responses(
        CannedResponse(b"not gzip", headers={"Content-Encoding": "gzip"}), CannedResponse(completion())
    )
    assert (await model.complete(request_)).retries == 1


async def test_stalled_response_is_retried_and_the_timeout_named(
    server: Server, request_: Request, waits: list[float]
) -> None:
    server.set_responses(CannedResponse(stall=True))
    model = OpenAIModel("tiny", base_url=server.url, timeout=0.05, attempts=2)
    with pytest.raises(ConnectionFailed, match=r"no answer within 0\.05 s after 2 attempts.*timeout="):
        await model.complete(request_)
    await model.aclose()
    assert len(waits) == 1


async def test_slow_body_does_not_outlast_the_timeout(server: Server, request_: Request) -> None:
    server.set_responses(CannedResponse(completion(), drip=True))
    model = OpenAIModel("tiny", base_url=server.url, timeout=0.2, attempts=1)
    with pytest.raises(ConnectionFailed, match=r"no answer within 0\.2 s"):
        await model.complete(request_)
    await model.aclose()


async def test_attempts_are_limited(server: Server, request_: Request, waits: list[float]) -> None:
    server.set_responses(CannedResponse(error(), 503))
    model = OpenAIModel("tiny", base_url=server.url, attempts=3)
    with pytest.raises(ServerFailed, match="503 after 3 attempts") as caught:
        await model.complete(request_)
    await model.aclose()
    assert (len(server.requests), len(waits)) == (3, 2)
    assert caught.value.retryable


@pytest.mark.parametrize("used_up", ["insufficient_quota", "billing_hard_limit_reached", "billing_not_active"])
@pytest.mark.parametrize("field", ["code", "type"])
async def test_exhausted_quota_is_not_retried(
    server: Server, model: OpenAIModel, request_: Request, waits: list[float], used_up: str, field: str
) -> None:
    server.set_responses(CannedResponse(error(**{field: used_up}), 429, {"Retry-After": "5"}))
    with pytest.raises(RateLimited, match=r"quota.*add credit") as caught:
        await model.complete(request_)
    assert not caught.value.retryable
    assert len(server.requests) == 1
    server.set_responses(CannedResponse(completion()))
    await model.complete(request_)
    assert waits == [], "nobody waits for what no waiting mends"


async def test_waits_grow_with_jitter_from_half_a_second(server: Server, request_: Request, waits: list[float]) -> None:
    server.set_responses(CannedResponse(error(), 500))
    model = OpenAIModel("tiny", base_url=server.url, attempts=9)
    with pytest.raises(ServerFailed):
        await model.complete(request_)
    await model.aclose()
    assert all(0.5 <= wait <= min(20, 2**n) for n, wait in enumerate(waits))
    assert len(set(waits)) > 1


@pytest.mark.parametrize(
    "headers",
    [{"Retry-After": "7"}, {"Retry-After-Ms": "7000"}, {"Retry-After-Ms": "7000", "Retry-After": "50"}],
)
async def test_retry_after_is_obeyed(
    server: Server, model: OpenAIModel, request_: Request, waits: list[float], headers: dict[str, str]
) -> None:
    server.set_responses(CannedResponse(error(), 429, headers), CannedResponse(completion()))
    await model.complete(request_)
    assert 7 <= waits[0] <= 7.5


async def test_retry_after_date_is_obeyed(
    server: Server, model: OpenAIModel, request_: Request, waits: list[float]
) -> None:
    until = formatdate(time.time() + 55, usegmt=True)
    server.set_responses(CannedResponse(error(), 503, {"Retry-After": until}), CannedResponse(completion()))
    await model.complete(request_)
    assert 5 <= waits[0] <= 56


@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_above_a_minute_is_an_error(
    server: Server, model: OpenAIModel, request_: Request, status: int
) -> None:
    server.set_responses(CannedResponse(error(), status, {"Retry-After": "3600"}))
    with pytest.raises(RateLimited, match=r"Come back in 60 minutes, at \d{4}-\d\d-\d\d [\d:]+ UTC"):
        await model.complete(request_)
    assert len(server.requests) == 1


@pytest.mark.parametrize(("seconds", "heeded"), [("60", True), ("61", False)])
async def test_retry_after_of_a_minute_is_the_longest_wait(
    server: Server, model: OpenAIModel, request_: Request, waits: list[float], seconds: str, heeded: bool
) -> None:
    server.set_responses(CannedResponse(error(), 429, {"Retry-After": seconds}), CannedResponse(completion()))
    with nullcontext() if heeded else pytest.raises(RateLimited):
        await model.complete(request_)
    assert len(waits) == heeded


@pytest.mark.parametrize("said", ["nan", "-5", "inf", "soon", "", "Mon, 99 Foo 2026 25:61:61 GMT"])
def test_invalid_retry_after_is_ignored(said: str) -> None:
    assert retry_after(to_headers(retry_after=said)) is None


@pytest.mark.parametrize(("now", "wait"), [(60.0, 40.0), (600.0, 0.0)])
def test_retry_after_date_is_relative_to_now(monkeypatch: pytest.MonkeyPatch, now: float, wait: float) -> None:
    monkeypatch.setattr(errors, "time", lambda: now)
    assert retry_after(to_headers(retry_after="Thu, 01 Jan 1970 00:01:40 GMT")) == wait


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="time zones are set so on Unix")
@pytest.mark.parametrize("zone", ["", " GMT", " -0000", " +0000"])
def test_retry_after_date_without_a_zone_is_in_gmt(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    with monkeypatch.context() as tokyo:
        tokyo.setenv("TZ", "Asia/Tokyo")
        tokyo.setattr(errors, "time", lambda: 60.0)
        time.tzset()
        waiting = retry_after(to_headers(retry_after=f"Thu, 01 Jan 1970 00:01:40{zone}"))
    time.tzset()
    assert waiting == 40


@pytest.mark.parametrize(("said", "seconds"), [("0", 0), ("0.5", 0.5), ("60", 60)])
def test_short_retry_after_is_exact(said: str, seconds: float) -> None:
    assert retry_after(to_headers(retry_after=said)) == seconds
    assert retry_after(to_headers(retry_after_ms=str(seconds * 1000), retry_after="9")) == seconds


def test_huge_retry_after_is_capped() -> None:
    assert retry_after(to_headers(retry_after="1e30")) == MAX_DELAY


async def test_usage_sums_all_attempts(server: Server, model: OpenAIModel, request_: Request) -> None:
    spent = error() | {"usage": {"prompt_tokens": 50, "completion_tokens": 3}}
    server.set_responses(CannedResponse(spent, 500), CannedResponse("<p>", 502), CannedResponse(completion()))
    assert (await model.complete(request_)).usage == Usage(prompt=150, cached=64, completion=10)
