"""Deadlines and cancellation."""

import asyncio
import socket
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from summarizer.errors import ConnectionFailed, RateLimited, ServerFailed
from summarizer.models import CallEvent, OpenAIModel, Request
from summarizer.usage import Usage

from ..timing import HOLD, ends_early
from .conftest import CannedResponse, Server, completion, error

pytestmark = pytest.mark.slow

Jump = Callable[[float], object]
Deaf = tuple[str, list[bytes], threading.Thread, threading.Event]


async def test_deadline_ends_an_attempt(server: Server, request_: Request) -> None:
    server.set_responses(CannedResponse(stall=True))
    model = OpenAIModel("tiny", base_url=server.url, timeout=HOLD, deadline=0.2)
    words = r"within the deadline of 0\.2 s\..*deadline="
    with ends_early(), pytest.raises(ConnectionFailed, match=words) as caught:
        await model.complete(request_)
    await model.aclose()
    assert caught.value.retryable


async def test_wait_beyond_the_deadline_is_not_started(server: Server, request_: Request, waits: list[float]) -> None:
    server.set_responses(CannedResponse(error(), 429, {"Retry-After": "40"}))
    model = OpenAIModel("tiny", base_url=server.url, deadline=100)
    with pytest.raises(RateLimited, match="after 3 attempts"):
        await model.complete(request_)
    await model.aclose()
    assert len(waits) == 2


async def test_deadline_includes_format_changes(server: Server, request_: Request, jump: Jump) -> None:
    server.set_responses(CannedResponse(error("no response_format"), 400), CannedResponse(stall=True))
    server.on_request = lambda: jump(60)
    model = OpenAIModel("tiny", base_url=server.url, deadline=100)
    with pytest.raises(ConnectionFailed, match=r"deadline of 100 s after 2 attempts"):
        await model.complete(request_)
    await model.aclose()


async def test_format_changes_share_the_attempts(server: Server, request_: Request, waits: list[float]) -> None:
    broken, refused = CannedResponse(error(), 500), CannedResponse(error("no response_format"), 400)
    server.set_responses(broken, broken, refused, broken, broken)
    model = OpenAIModel("tiny", base_url=server.url, attempts=3)
    with pytest.raises(ServerFailed) as caught:
        await model.complete(request_)
    await model.aclose()
    assert len(server.requests) == 4, "three that failed, and one that was put differently"
    assert caught.value.waited == pytest.approx(sum(waits))


async def test_longer_request_has_the_remaining_attempts(server: Server, request_: Request, waits: list[float]) -> None:
    broken, cut = CannedResponse(error(), 500), CannedResponse(completion("{", finish_reason="length"))
    server.set_responses(broken, cut, broken, broken)
    model = OpenAIModel("tiny", base_url=server.url, attempts=3, max_tokens=9)
    assert (await model.complete(request_)).finish_reason == "length"
    await model.aclose()
    assert len(server.requests) == 4


async def test_longer_request_has_the_remaining_time(server: Server, request_: Request, jump: Jump) -> None:
    server.set_responses(CannedResponse(completion("{", finish_reason="length")), CannedResponse(stall=True))
    model = OpenAIModel("tiny", base_url=server.url, deadline=1_000, timeout=2_000, max_tokens=9)
    server.on_request = lambda: jump(600)
    with ends_early():
        assert (await model.complete(request_)).finish_reason == "length"
    await model.aclose()


async def test_deadline_excludes_waiting_for_a_slot(server: Server, request_: Request, jump: Jump) -> None:
    server.on_request = lambda: jump(40)
    model = OpenAIModel("tiny", base_url=server.url, concurrency=1, deadline=100)
    replies = await asyncio.gather(*(model.complete(request_) for _ in range(5)))
    await model.aclose()
    assert [reply.text for reply in replies] == ["done"] * 5


@pytest.fixture
def deaf() -> Deaf:
    """Start a server that reads a request and never answers; its list gets the bytes after the request."""
    after: list[bytes] = []
    heard_all = threading.Event()
    door = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with door, door.accept()[0] as line:
            line.settimeout(HOLD)
            heard = b""
            while b"extraction" not in heard:
                heard += line.recv(65_536)
            heard_all.set()
            after.append(line.recv(65_536))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    return f"http://127.0.0.1:{door.getsockname()[1]}/v1", after, thread, heard_all


@pytest.mark.parametrize("how", ["cancelled", "deadline"])
async def test_cancelled_or_late_request_closes_its_connection(
    deaf: Deaf, request_: Request, jump: Jump, how: str
) -> None:
    url, after, serving, heard_all = deaf
    model = OpenAIModel("tiny", base_url=url, deadline=100, attempts=1)
    others = asyncio.all_tasks()
    task = asyncio.create_task(model.complete(request_))
    await asyncio.to_thread(heard_all.wait, HOLD)
    if how == "cancelled":
        task.cancel()
    else:
        jump(200)
    with pytest.raises(asyncio.CancelledError if how == "cancelled" else ConnectionFailed):
        await task
    await asyncio.to_thread(serving.join)
    assert after == [b""]
    assert asyncio.all_tasks() == others
    await model.aclose()


async def test_cancelled_wait_reports_its_usage(server: Server, request_: Request) -> None:
    spent = error() | {"usage": {"prompt_tokens": 50}}
    server.set_responses(CannedResponse(spent, 503, {"Retry-After": "60"}), CannedResponse(completion()))
    events: list[CallEvent] = []
    waiting = asyncio.Event()
    model = OpenAIModel(
        "tiny", base_url=server.url, on_event=lambda e: (events.append(e), e.kind == "retry" and waiting.set())
    )
    reported: list[Usage] = []
    task = asyncio.create_task(model.complete(replace(request_, report_usage=reported.append)))
    await waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await model.aclose()
    assert len(server.requests) == 1
    assert reported == [Usage(prompt=50)]
    assert (events[-1].kind, events[-1].usage.prompt) == ("cancelled", 50)


async def test_slot_is_released_after_any_end(server: Server, request_: Request) -> None:
    server.set_responses(CannedResponse(stall=True), CannedResponse(error(), 500), CannedResponse(completion()))
    model = OpenAIModel("tiny", base_url=server.url, concurrency=1, attempts=1)
    arrived = asyncio.Event()
    loop = asyncio.get_running_loop()
    server.on_request = lambda: loop.call_soon_threadsafe(arrived.set)
    task = asyncio.create_task(model.complete(request_))
    await arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(ServerFailed):
        await model.complete(request_)
    assert (await model.complete(request_)).text == "done"
    await model.aclose()
