"""Steps are driven to their end: what is long is worked on beside the event loop, so that limits hold."""

import asyncio
import threading
import time
from collections.abc import Generator

import pytest

from summarizer.engines.llm import ModelSession
from summarizer.engines.llm.session import LONG
from summarizer.models import Message, Reply, Request
from summarizer.testing import CallbackModel

REQUEST = Request((Message("user", "What is it?"),), "answer", {})


def asker(length: int, text: str = "x") -> ModelSession:
    """One whose model replies with so many characters."""
    return ModelSession(CallbackModel(lambda _: Reply(text * length)))


@pytest.mark.parametrize(("length", "beside"), [(LONG, False), (LONG + 1, True)])
async def test_a_long_reply_is_worked_on_beside_the_event_loop(length: int, beside: bool) -> None:
    def steps() -> Generator[Request, Reply, tuple[int, bool]]:
        reply = yield REQUEST
        return len(reply.text), threading.current_thread() is not threading.main_thread()

    assert await asker(length).drive(steps, lambda _: True) == (length, beside)


async def test_what_steps_raise_of_a_long_reply_comes_as_it_is() -> None:
    def steps() -> Generator[Request, Reply, None]:
        yield REQUEST
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await asker(LONG + 1).drive(steps, lambda _: True)


async def test_cancelling_ends_at_once_while_a_long_reply_is_worked_on() -> None:
    over, begun = threading.Event(), threading.Event()

    def steps() -> Generator[Request, Reply, None]:
        yield REQUEST
        begun.set()
        over.wait(10)

    task = asyncio.create_task(asker(LONG + 1).drive(steps, lambda _: True))
    while not begun.is_set():
        await asyncio.sleep(0.01)
    started = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    over.set()
    assert time.monotonic() - started < 1
