"""Any model gets retries, throttling, rates and deadlines from `RetryingModel`."""

import asyncio
from dataclasses import replace

import pytest

from summarizer.errors import ConnectionFailed, ModelError, RateLimited, RequestRefused, ServerFailed
from summarizer.models import CallbackModel, CallEvent, Limits, Reply, Request, RetryingModel, ScriptedModel
from summarizer.usage import Usage

from ..timing import HOLD

DONE = Reply("done", usage=Usage(prompt=10, completion=2))


def waiting(seconds: float | None) -> RateLimited:
    return RateLimited("Wait.", status=429, usage=Usage(prompt=5), retry_after=seconds)


async def test_retryable_errors_are_retried_and_their_usage_counts(request_: Request, waits: list[float]) -> None:
    events: list[CallEvent] = []
    inner = ScriptedModel([ServerFailed("Broken.", usage=Usage(prompt=7)), waiting(3.0), DONE])
    model = RetryingModel(inner, on_event=events.append)
    reply = await model.complete(request_)
    assert (reply.text, reply.retries, reply.usage) == ("done", 2, Usage(prompt=22, completion=2))
    assert 3.0 <= waits[1] <= 3.5
    assert reply.waited == pytest.approx(sum(waits), abs=0.01)
    assert [event.kind for event in events] == ["sent", "retry", "sent", "retry", "sent", "answered"]


async def test_other_errors_are_raised_at_once(request_: Request) -> None:
    model = ScriptedModel([RequestRefused("No."), ZeroDivisionError("mine")])
    for expected in (RequestRefused, ZeroDivisionError):
        with pytest.raises(expected):
            await RetryingModel(model).complete(request_)
    assert len(model.requests) == 2


async def test_attempts_and_usage_are_reported_by_the_last_error(request_: Request, waits: list[float]) -> None:
    model = RetryingModel(CallbackModel(lambda _: waiting(1.0)), Limits(attempts=3))
    with pytest.raises(RateLimited) as caught:
        await model.complete(request_)
    assert (caught.value.attempts, caught.value.usage.prompt) == (3, 15)
    assert caught.value.waited == pytest.approx(sum(waits))


async def test_max_attempts_of_an_error_limits_its_retries(request_: Request, waits: list[float]) -> None:
    error = ConnectionFailed("Refused.")
    error.max_attempts = 2
    inner = CallbackModel(lambda _: error)
    with pytest.raises(ConnectionFailed):
        await RetryingModel(inner).complete(request_)
    assert (len(inner.requests), waits) == (2, [0.5])


async def test_rate_limit_of_one_request_pauses_the_others(request_: Request, waits: list[float]) -> None:
    model = RetryingModel(ScriptedModel([waiting(30.0), DONE]), Limits(attempts=1))
    with pytest.raises(RateLimited):
        await model.complete(request_)
    assert (await model.complete(request_)).waited >= 29


async def test_rates_and_concurrency_hold(request_: Request, waits: list[float]) -> None:
    running = most = 0

    async def answer(_: Request) -> Reply:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.001)
        running -= 1
        return DONE

    model = RetryingModel(CallbackModel(answer), Limits(concurrency=2))
    await asyncio.gather(*(model.complete(request_) for _ in range(6)))
    assert most == 2
    slow = RetryingModel(CallbackModel(answer), Limits(requests_per_minute=60))
    replies = [await slow.complete(request_) for _ in range(3)]
    assert [reply.waited > 0 for reply in replies] == [False, True, True]


@pytest.mark.parametrize(
    ("limits", "message"),
    [(Limits(timeout=0.01, attempts=1), "within 0.01 s"), (Limits(deadline=0.01), "deadline of 0.01 s")],
)
async def test_slow_model_fails_at_its_limit(request_: Request, limits: Limits, message: str) -> None:
    async def answer(_: Request) -> Reply:
        await asyncio.sleep(HOLD)
        return DONE

    with pytest.raises(ConnectionFailed, match="The model slow gave no answer within") as caught:
        await RetryingModel(CallbackModel(answer, name="slow"), limits).complete(request_)
    assert message in caught.value.message


async def test_cancelled_request_reports_the_usage_of_its_attempts(request_: Request, waits: list[float]) -> None:
    begun = asyncio.Event()

    async def answer(_: Request) -> Reply | ModelError:
        if not waits:
            return waiting(1.0)
        begun.set()
        await asyncio.sleep(HOLD)
        return DONE

    reported: list[Usage] = []
    model = RetryingModel(CallbackModel(answer))
    task = asyncio.create_task(model.complete(replace(request_, report_usage=reported.append)))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert reported == [Usage(prompt=5)]


async def test_other_calls_are_delegated_to_the_model(request_: Request) -> None:
    class Inner(ScriptedModel):
        max_tokens = 99
        needs_reply_limit = False
        closed = 0

        async def aclose(self) -> None:
            self.closed += 1

    inner = Inner("", name="inner")
    model = RetryingModel(inner)
    await model.aclose()
    assert not model.note_reply(DONE, fits=True)
    assert (model.name, model.max_tokens, inner.closed, inner.fits) == ("inner", 99, 1, [True])
    assert not model.needs_reply_limit
    assert await model.identity() == await inner.identity()
    assert "Inner" in repr(model)
