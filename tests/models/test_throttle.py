"""Pauses and slots, across event loops and threads."""

import asyncio
import gc
import threading
import time
from dataclasses import replace

import pytest

from summarizer.errors import RateLimited
from summarizer.models import Message, OpenAIModel, Reply, Request, concurrency, throttle

from ..timing import HOLD
from .conftest import CannedResponse, ReceivedRequest, Server, completion, error, replace_clock


@pytest.mark.usefixtures("full_concurrency")
@pytest.mark.parametrize(("status", "headers"), [(429, {"Retry-After": "30"}), (429, {}), (503, {"Retry-After": "30"})])
async def test_rate_limit_pauses_requests_that_wait(
    server: Server, request_: Request, monkeypatch: pytest.MonkeyPatch, status: int, headers: dict[str, str]
) -> None:
    server.set_responses(CannedResponse(error(), status, headers), CannedResponse(completion()))
    clock = [0.0]
    refused, later = asyncio.Event(), asyncio.Event()

    async def pause(seconds: float) -> None:
        refused.set()
        await later.wait()
        clock[0] = max(clock[0], seconds)

    replace_clock(monkeypatch, lambda: clock[0], pause)
    model = OpenAIModel("tiny", base_url=server.url)
    first = asyncio.create_task(model.complete(request_))
    await refused.wait()
    others = [asyncio.create_task(model.complete(request_)) for _ in range(3)]
    await asyncio.sleep(0.1)
    sent = len(server.requests)
    later.set()
    replies = await asyncio.gather(first, *others)
    await model.aclose()
    assert (sent, len(server.requests)) == (1, 5)
    assert all(reply.waited >= (30 if headers else 0.5) for reply in replies)


async def test_retry_after_of_the_last_attempt_pauses_the_others(
    server: Server, request_: Request, waits: list[float]
) -> None:
    server.set_responses(CannedResponse(error(), 429, {"Retry-After": "30"}), CannedResponse(completion()))
    model = OpenAIModel("tiny", base_url=server.url, attempts=1)
    with pytest.raises(RateLimited):
        await model.complete(request_)
    assert (await model.complete(request_)).waited >= 29
    await model.aclose()


async def test_retry_after_of_an_hour_pauses_no_other(
    server: Server, model: OpenAIModel, request_: Request, waits: list[float]
) -> None:
    server.set_responses(CannedResponse(error(), 429, {"Retry-After": "3600"}))
    for _ in range(2):
        with pytest.raises(RateLimited, match="Come back in 60 minutes"):
            await model.complete(request_)
    assert waits == []


async def test_pauses_end_at_spread_times(waits: list[float]) -> None:
    waited = []
    for _ in range(20):
        gate = throttle.Pause()
        gate.start(10)
        waited.append(await gate.wait())
    assert all(9.9 <= each <= 10.5 for each in waited)
    assert len({round(each, 3) for each in waited}) > 5


async def test_no_pause_costs_no_wait() -> None:
    assert await throttle.Pause().wait() == 0


async def test_shorter_pause_does_not_shorten_a_longer_one(waits: list[float]) -> None:
    gate = throttle.Pause()
    gate.start(30)
    gate.start(1)
    assert await gate.wait() > 29


async def test_server_failure_pauses_no_other_request(
    server: Server, model: OpenAIModel, request_: Request, waits: list[float]
) -> None:
    first = [CannedResponse(error(), 500)]

    def respond(received: ReceivedRequest) -> CannedResponse:
        return first.pop() if first else CannedResponse(completion())

    server.respond = respond
    await asyncio.gather(*(model.complete(request_) for _ in range(4)))
    assert len(waits) == 1


async def test_pause_applies_to_other_event_loops(
    server: Server, model: OpenAIModel, request_: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    elsewhere_waits, later = threading.Event(), threading.Event()
    server.set_responses(CannedResponse(error(), 429, {"Retry-After": "30"}), CannedResponse(completion()))
    here = threading.get_ident()

    async def pause(seconds: float) -> None:
        if threading.get_ident() == here:
            other = asyncio.create_task(asyncio.to_thread(asyncio.run, elsewhere()))
            assert await asyncio.to_thread(elsewhere_waits.wait, HOLD)
            clock[0] += seconds
            later.set()
            replies.append(await other)
        else:
            elsewhere_waits.set()
            await asyncio.to_thread(later.wait)

    async def elsewhere() -> Reply:
        reply = await model.complete(request_)
        await model.aclose()
        return reply

    replies: list[Reply] = []
    replace_clock(monkeypatch, lambda: clock[0], pause)
    await model.complete(request_)
    assert replies[0].waited >= 30


def test_slots_are_limited_across_loops_and_threads() -> None:
    slots, under_way, most, done = concurrency.Slots(3), 0, 0, 0
    lock = threading.Lock()

    async def work() -> None:
        nonlocal under_way, most, done
        async with slots:
            with lock:
                under_way += 1
                most = max(most, under_way)
            await asyncio.sleep(0.002)
            with lock:
                under_way, done = under_way - 1, done + 1

    async def many() -> None:
        await asyncio.gather(*(work() for _ in range(20)))

    threads = [threading.Thread(target=asyncio.run, args=(many(),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, done) == (3, 80)


async def test_slots_are_served_in_turn_and_passed_on_after_cancellation() -> None:
    slots, served = concurrency.Slots(1), []

    async def work(name: str) -> None:
        async with slots:
            served.append(name)
            await asyncio.sleep(0)

    async with slots:
        tasks = [asyncio.create_task(work(name)) for name in "abcd"]
        await asyncio.sleep(0)
        tasks[1].cancel()
        await asyncio.sleep(0)
    tasks[0].cancel()  # cancelled at its turn
    await asyncio.gather(*tasks, return_exceptions=True)
    assert served == ["c", "d"]


@pytest.mark.filterwarnings("ignore")
async def test_prolonged_pause_is_waited_for(waits: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    gate = throttle.Pause()
    gate.start(10)

    async def pause(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 1:
            gate.start(20)

    monkeypatch.setattr(throttle, "sleep", pause)
    assert await gate.wait() >= 29
    assert len(waits) == 2


async def test_retry_goes_before_waiting_requests(server: Server, request_: Request, waits: list[float]) -> None:
    received: list[str] = []

    def respond(request: ReceivedRequest) -> CannedResponse:
        received.append(request.json["messages"][0]["content"])
        return CannedResponse(error(), 500) if received == ["0"] else CannedResponse(completion())

    server.respond = respond
    server.on_request = lambda: time.sleep(0.02)
    model = OpenAIModel("tiny", base_url=server.url, concurrency=1)
    requests = [replace(request_, messages=(Message("user", str(n)),)) for n in range(5)]
    await asyncio.gather(*map(model.complete, requests))
    await model.aclose()
    assert received.index("0", 1) <= 2, "one other went while it was still waiting to be sent again"


async def test_closed_event_loop_keeps_no_slot() -> None:
    slots = concurrency.Slots(1)

    async def hold() -> None:
        async with slots:
            await asyncio.Event().wait()

    def abandon() -> None:
        loop = asyncio.new_event_loop()
        tasks = [loop.create_task(hold()) for _ in range(3)]
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
        for task in tasks:
            task._log_destroy_pending = False  # type: ignore[attr-defined]

    await asyncio.to_thread(abandon)
    gc.collect()
    async with asyncio.timeout(HOLD), slots:
        pass
