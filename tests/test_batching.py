"""Many sources carried out: side by side, lazily, to the end or not."""

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from summarizer._async import EventLoopThread
from summarizer.batching import aoutcomes, outcomes
from summarizer.errors import AuthenticationFailed, ConfigurationError, ReplyError
from summarizer.outcome import Outcome


class Work:
    """Does with each source what it says: a number is slept for, an error becomes the outcome's."""

    def __init__(self) -> None:
        self.started: list[Any] = []
        self.at_once = self.most_at_once = 0
        self.cancelled: list[Any] = []
        self.busy: set[Any] = set()

    async def __call__(self, index: int, source: Any) -> Outcome | None:
        self.started.append(source)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if source in self.busy:
                self.busy.discard(source)
                return None
            if isinstance(source, Exception):
                return Outcome(index, source, error=source)
            await asyncio.sleep(source)
            return Outcome(index, source)
        except asyncio.CancelledError:
            self.cancelled.append(source)
            raise
        finally:
            self.at_once -= 1


@pytest.fixture
def background() -> Iterator[EventLoopThread]:
    loop = EventLoopThread()
    yield loop
    loop.close()


Each = Callable[..., list[Outcome]]


@pytest.fixture(params=["sync", "async"])
def each(request: pytest.FixtureRequest, background: EventLoopThread) -> Each:
    """All outcomes of sources, in one way or the other."""

    def sync(sources: Any, work: Work, concurrency: int = 2, ordered: bool = True) -> list[Outcome]:
        return list(outcomes(sources, work, background, concurrency=concurrency, ordered=ordered))

    def awaited(sources: Any, work: Work, concurrency: int = 2, ordered: bool = True) -> list[Outcome]:
        async def all_of_them() -> list[Outcome]:
            return [each async for each in aoutcomes(sources, work, concurrency=concurrency, ordered=ordered)]

        return asyncio.run(all_of_them())

    return sync if request.param == "sync" else awaited


def indices(outcomes: list[Outcome]) -> list[int]:
    return [outcome.index for outcome in outcomes]


def test_outcomes_come_in_the_order_of_the_sources(each: Each) -> None:
    assert indices(each([0.05, 0, 0, 0.02, 0], Work(), 3)) == [0, 1, 2, 3, 4]


def test_or_as_they_come(each: Each) -> None:
    assert indices(each([0.2, 0.0, 0.0], Work(), 3, ordered=False))[-1] == 0


def test_no_more_are_at_work_at_once_than_asked_for(each: Each) -> None:
    work = Work()
    each([0.001] * 40, work, 3)
    assert work.most_at_once == 3


def test_no_sources_have_no_outcomes(each: Each) -> None:
    assert each([], Work()) == []


def test_a_bad_one_does_not_stop_the_rest(each: Each) -> None:
    got = each([0, ReplyError("No."), 0], Work())
    assert [type(outcome.error) for outcome in got] == [type(None), ReplyError, type(None)]


def test_a_fatal_one_is_the_last_and_what_is_under_way_is_given_up(each: Each) -> None:
    work = Work()
    got = each([0, 0, 60, AuthenticationFailed("No."), 60, 60, 60], work, 2)
    assert indices(got) == [0, 1, 3]
    assert got[-1].fatal
    assert work.cancelled == [60]


def test_what_comes_to_its_end_while_the_rest_is_given_up_has_its_outcome(each: Each) -> None:
    class Done(Work):
        async def __call__(self, index: int, source: Any) -> Outcome | None:
            try:
                return await super().__call__(index, source)
            except asyncio.CancelledError:
                return Outcome(index, source)  # it had just been kept

    got = each([60, AuthenticationFailed("No."), 60], Done(), 2)
    assert indices(got) == [0, 1]


def test_one_that_somebody_else_is_at_waits_while_others_are_worked_on(each: Each) -> None:
    work = Work()
    work.busy = {0.01}
    got = each([0.01, 0.02, 0.03, 0.04], work, 1, ordered=False)
    assert indices(got) == [1, 2, 3, 0]
    assert work.most_at_once == 1


def test_what_pulling_a_source_raises_comes_after_what_was_done(each: Each) -> None:
    def sources() -> Iterator[float]:
        yield 0.01
        yield 0.0
        raise OSError("the disk is gone")

    got: list[Outcome] = []
    with pytest.raises(OSError, match="the disk is gone"):
        got += each(sources(), work := Work())
    assert work.started == [0.01, 0.0]
    assert work.cancelled == []


def test_sources_are_pulled_in_the_callers_thread_and_only_as_far_as_there_is_room(background: EventLoopThread) -> None:
    pulled: list[threading.Thread] = []

    def endless() -> Iterator[float]:
        while True:
            pulled.append(threading.current_thread())
            yield 0.0

    some = outcomes(endless(), Work(), background, concurrency=2, ordered=True)
    for _ in range(5):
        next(some)
    assert set(pulled) == {threading.current_thread()}
    assert len(pulled) <= 5 + 2 * 8
    some.close()


def test_nothing_is_pulled_before_an_outcome_is_called_for(background: EventLoopThread) -> None:
    pulled: list[int] = []

    def sources() -> Iterator[int]:
        pulled.append(1)
        yield 0

    some = outcomes(sources(), Work(), background, concurrency=2, ordered=True)
    assert pulled == []
    assert len(list(some)) == 1


def test_who_stops_looking_gives_up_what_is_under_way(background: EventLoopThread) -> None:
    work = Work()
    for _ in outcomes([0, 60, 60], work, background, concurrency=3, ordered=True):
        break
    assert work.cancelled == [60, 60]


def test_a_loop_that_is_closed_on_the_way_is_told(background: EventLoopThread) -> None:
    some = outcomes([0, 60, 60], work := Work(), background, concurrency=2, ordered=True)
    next(some)
    background.close()
    background.run(asyncio.sleep(0))  # what is started after it is another loop
    with pytest.raises(ConfigurationError, match="was closed while it was reading"):
        list(some)
    assert work.cancelled == [60]


LEFT = """
from summarizer import Summarizer
from summarizer.testing import CallbackModel

def left_in_a_cycle():
    with Summarizer(model=CallbackModel(lambda _: "{}")) as summarizer:
        some = summarizer.summarize_many(f"Text {n}." for n in range(100))
        cycle = [some]
        cycle.append(cycle)
        next(some)

left_in_a_cycle()
left = Summarizer(model=CallbackModel(lambda _: "{}")).summarize_many(f"Text {n}." for n in range(100))
next(left)
"""


def test_a_program_ends_whatever_it_has_left_unread() -> None:
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run(
        [sys.executable, "-c", LEFT], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


async def test_who_stops_looking_gives_up_what_is_under_way_in_a_loop_too() -> None:
    work = Work()
    async with aclosing(aoutcomes([0.05, 60, 60], work, concurrency=3, ordered=True)) as each:
        async for _ in each:
            break
    assert work.cancelled == [60, 60]
    assert len(asyncio.all_tasks()) == 1


async def test_a_source_that_is_slow_to_come_holds_no_outcome_up() -> None:
    async def slow() -> AsyncIterator[float]:
        yield 0.0
        await asyncio.sleep(60)
        yield 0.0

    started = time.monotonic()
    async with aclosing(aoutcomes(slow(), Work(), concurrency=3, ordered=True)) as each:
        async for outcome in each:
            assert outcome.index == 0
            break
    assert time.monotonic() - started < 10


def test_a_source_that_is_slow_to_come_holds_up_no_outcome_beyond_it(background: EventLoopThread) -> None:
    pulled: list[int] = []

    def slow() -> Iterator[float]:
        for number in range(8):
            time.sleep(0.05)
            pulled.append(number)
            yield 0.0

    some = outcomes(slow(), Work(), background, concurrency=8, ordered=True)
    next(some)
    assert len(pulled) < 4
    some.close()


def test_a_fatal_one_ends_the_pulling_at_once(background: EventLoopThread) -> None:
    pulled: list[int] = []

    def slow() -> Iterator[Exception]:
        for number in range(8):
            time.sleep(0.05)
            pulled.append(number)
            yield AuthenticationFailed("No.")

    assert len(list(outcomes(slow(), Work(), background, concurrency=8, ordered=True))) == 1
    assert len(pulled) < 4
