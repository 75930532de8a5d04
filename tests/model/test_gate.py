"""A server that asks one request to wait is left alone by all."""

import asyncio

import pytest

from summarizer.model import OpenAIModel, Request, pacing

from .conftest import Asked, Canned, Server, completion, error


async def test_what_was_not_yet_sent_is_held_back_until_the_time_is_over(
    server: Server, request_: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answers(Canned(error(), 429, {"Retry-After": "30"}), Canned(completion()))
    clock = [0.0]
    refused, later = asyncio.Event(), asyncio.Event()

    async def pause(seconds: float) -> None:
        refused.set()
        await later.wait()
        clock[0] = max(clock[0], seconds)

    monkeypatch.setattr(pacing, "pause", pause)
    monkeypatch.setattr(pacing, "now", lambda: clock[0])
    model = OpenAIModel("tiny", base_url=server.url)
    first = asyncio.create_task(model.complete(request_))
    await asyncio.wait_for(refused.wait(), 5)
    others = [asyncio.create_task(model.complete(request_)) for _ in range(3)]
    await asyncio.sleep(0.1)
    sent = len(server.asked)
    later.set()
    replies = await asyncio.gather(first, *others)
    await model.aclose()
    assert (sent, len(server.asked)) == (1, 5)
    assert all(reply.waited >= 30 for reply in replies)


async def test_waits_of_those_held_back_are_spread(waits: list[float]) -> None:
    waited = []
    for _ in range(20):
        gate = pacing.Gate()
        gate.shut(10)
        waited.append(await gate.passed())
    assert all(9.9 <= each <= 10.5 for each in waited)
    assert len({round(each, 3) for each in waited}) > 5


async def test_an_open_gate_costs_nothing() -> None:
    assert await pacing.Gate().passed() == 0


async def test_a_shorter_wait_does_not_shorten_a_longer_one(waits: list[float]) -> None:
    gate = pacing.Gate()
    gate.shut(30)
    gate.shut(1)
    assert await gate.passed() > 29


async def test_a_failure_of_one_request_holds_back_no_other(
    server: Server, model: OpenAIModel, request_: Request, waits: list[float]
) -> None:
    first = [Canned(error(), 500)]

    def answer(asked: Asked) -> Canned:
        return first.pop() if first else Canned(completion())

    server.answer = answer
    await asyncio.gather(*(model.complete(request_) for _ in range(4)))
    assert len(waits) == 1


async def test_each_event_loop_has_a_gate_of_its_own(
    server: Server, model: OpenAIModel, request_: Request, waits: list[float]
) -> None:
    server.answers(Canned(error(), 429), Canned(completion()))
    await model.complete(request_)

    async def elsewhere() -> float:
        reply = await model.complete(request_)
        await model.aclose()
        return reply.waited

    assert await asyncio.to_thread(asyncio.run, elsewhere()) == 0
