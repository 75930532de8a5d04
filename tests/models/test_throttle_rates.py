"""Rates of requests and tokens a minute."""

import asyncio
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.errors import ConfigurationError
from summarizer.models import OpenAIModel, Request, resolve_model, throttle
from summarizer.models.concurrency import AdaptiveSlots
from summarizer.models.throttle import RateLimiter, Throttle

from .conftest import CannedResponse, Server, completion, replace_clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return a clock that advances with every wait: each sleeper wakes at its own time."""
    now = [1_000.0]

    async def pause(seconds: float) -> None:
        wakes = now[0] + seconds
        await asyncio.sleep(0)
        now[0] = max(now[0], wakes)

    replace_clock(monkeypatch, lambda: now[0], pause)
    return now


@given(amounts=st.lists(st.floats(0, 500), max_size=60), gaps=st.lists(st.floats(0, 30), max_size=60))
def test_no_minute_exceeds_the_rate_by_more_than_one_request(amounts: list[float], gaps: list[float]) -> None:
    rate, now, sent = RateLimiter(100), 0.0, []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(throttle, "monotonic", lambda: now)
        for amount, gap in zip(amounts, gaps, strict=False):
            now += gap
            sent.append((now + rate.take(amount), amount))
    for start, _ in sent:
        within = [amount for at, amount in sent if start <= at < start + 60]
        assert sum(within) - max(within) <= 100 + 1e-6


def test_unused_tokens_are_returned(clock: list[float]) -> None:
    rates = Throttle(AdaptiveSlots(9, 9, 120), tokens_per_minute=60)
    asyncio.run(rates.wait(600))
    rates.settle(600, 10)
    assert asyncio.run(rates.wait(1)) == pytest.approx(10)


def test_tokens_of_a_reply_delay_the_next_request(clock: list[float]) -> None:
    rates = Throttle(AdaptiveSlots(9, 9, 120), tokens_per_minute=60)
    assert asyncio.run(rates.wait(10)) == 0
    rates.settle(10, 50)
    assert asyncio.run(rates.wait(10)) == pytest.approx(50)


def test_rate_applies_to_all_threads(clock: list[float]) -> None:
    rate, waits = RateLimiter(60), []
    threads = [threading.Thread(target=lambda: waits.append(rate.take(1))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(waits) == pytest.approx(range(8))


@pytest.mark.usefixtures("full_concurrency")
async def test_requests_are_evenly_spread_and_waits_reported(
    server: Server, request_: Request, clock: list[float]
) -> None:
    model = OpenAIModel("tiny", base_url=server.url, requests_per_minute=30)
    replies = await asyncio.gather(*(model.complete(request_) for _ in range(4)))
    await model.aclose()
    assert sorted(reply.waited for reply in replies) == pytest.approx([0, 2, 4, 6])
    assert clock[0] >= 1_006


async def test_tokens_count_as_the_server_reports_them(server: Server, request_: Request, clock: list[float]) -> None:
    model = OpenAIModel("tiny", base_url=server.url, tokens_per_minute=107)  # the cost of one request
    replies = [await model.complete(request_) for _ in range(3)]
    await model.aclose()
    assert [reply.waited for reply in replies] == pytest.approx([0, 60, 60])


async def test_estimate_counts_if_the_server_reports_no_usage(
    server: Server, request_: Request, clock: list[float]
) -> None:
    server.set_responses(CannedResponse({**completion(), "usage": None}))
    guess = sum(len(message.content.encode()) for message in request_.messages) / 4
    model = OpenAIModel("tiny", base_url=server.url, tokens_per_minute=60)
    replies = [await model.complete(request_) for _ in range(2)]
    await model.aclose()
    assert [reply.waited for reply in replies] == pytest.approx([0, guess], abs=0.001)


async def test_rate_counts_each_attempt(server: Server, request_: Request, clock: list[float]) -> None:
    server.set_responses(CannedResponse("", 503), CannedResponse("", 503), CannedResponse(completion()))
    model = OpenAIModel("tiny", base_url=server.url, requests_per_minute=1)
    reply = await model.complete(request_)
    await model.aclose()
    assert 119 < reply.waited < 125


@pytest.mark.parametrize("name", ["requests_per_minute", "tokens_per_minute"])
@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf"), True, "many"])
def test_invalid_rate_is_named(name: str, value: object) -> None:
    with pytest.raises(ConfigurationError, match=name):
        OpenAIModel("tiny", base_url="http://127.0.0.1:1/v1", **{name: value})  # type: ignore[arg-type]


def test_resolved_model_has_the_configured_rates(monkeypatch: pytest.MonkeyPatch) -> None:
    model = resolve_model("tiny", {"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}, requests_per_minute=7)
    assert isinstance(model, OpenAIModel)
    assert model._dispatcher.limits.requests_per_minute == 7
