"""Batches: bounded concurrency, lazy sources, one outcome each."""

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer._async import EventLoopThread
from summarizer.batching import WINDOW, Batch, Schedule
from summarizer.errors import AuthenticationFailed, ConfigurationError, ReplyError
from summarizer.outcome import Outcome
from summarizer.pipeline import Pipeline
from summarizer.store import LeaseHeld
from tests.timing import HOLD, ends_early


class FakePipeline:
    """Sleeps for a number; an error becomes the outcome's error."""

    store = None

    def __init__(self) -> None:
        self.started: list[Any] = []
        self.running = self.most_running = 0
        self.cancelled: list[Any] = []
        self.leased: set[Any] = set()

    async def run(self, source: Any, *, index: int, **_: object) -> Outcome:
        self.started.append(source)
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            if source in self.leased:
                self.leased.discard(source)
                raise LeaseHeld("Another process works on this article.")
            if isinstance(source, Exception):
                return Outcome(index, source, error=source)
            await asyncio.sleep(source)
            return Outcome(index, source)
        except asyncio.CancelledError:
            self.cancelled.append(source)
            raise
        finally:
            self.running -= 1


def batch(pipeline: FakePipeline, concurrency: int = 2, ordered: bool = True) -> Batch:
    return Batch(cast("Pipeline", pipeline), concurrency=concurrency, ordered=ordered, retry_failed=False)


@pytest.fixture
def loop_thread() -> Iterator[EventLoopThread]:
    thread = EventLoopThread()
    yield thread
    thread.close()


Run = Callable[..., list[Outcome]]


@pytest.fixture(params=["sync", "async"])
def run(request: pytest.FixtureRequest, loop_thread: EventLoopThread) -> Run:
    """Return all outcomes of sources, by one of the two drivers."""

    def run_sync(sources: Any, pipeline: FakePipeline, concurrency: int = 2, ordered: bool = True) -> list[Outcome]:
        return list(batch(pipeline, concurrency, ordered).run(sources, loop_thread))

    def run_async(sources: Any, pipeline: FakePipeline, concurrency: int = 2, ordered: bool = True) -> list[Outcome]:
        async def collect() -> list[Outcome]:
            return [outcome async for outcome in batch(pipeline, concurrency, ordered).arun(sources)]

        return asyncio.run(collect())

    return run_sync if request.param == "sync" else run_async


def indices(outcomes: list[Outcome]) -> list[int]:
    return [outcome.index for outcome in outcomes]


def test_outcomes_come_in_the_order_of_the_sources(run: Run) -> None:
    assert indices(run([0.05, 0, 0, 0.02, 0], FakePipeline(), 3)) == [0, 1, 2, 3, 4]


def test_unordered_outcomes_come_as_they_are_ready(run: Run) -> None:
    assert indices(run([0.2, 0.0, 0.0], FakePipeline(), 3, ordered=False))[-1] == 0


def test_concurrency_is_bounded(run: Run) -> None:
    pipeline = FakePipeline()
    run([0.001] * 40, pipeline, 3)
    assert pipeline.most_running == 3


def test_no_sources_give_no_outcomes(run: Run) -> None:
    assert run([], FakePipeline()) == []


def test_failed_source_does_not_stop_the_others(run: Run) -> None:
    got = run([0, ReplyError("No."), 0], FakePipeline())
    assert [type(outcome.error) for outcome in got] == [type(None), ReplyError, type(None)]


def test_fatal_outcome_is_the_last_and_running_work_is_cancelled(run: Run) -> None:
    pipeline = FakePipeline()
    got = run([0, 0, 60, AuthenticationFailed("No."), 60, 60, 60], pipeline, 2)
    assert indices(got) == [0, 1, 3]
    assert got[-1].fatal
    assert pipeline.cancelled == [60]


def test_work_that_finishes_during_cancellation_has_an_outcome(run: Run) -> None:
    class FinishingPipeline(FakePipeline):
        async def run(self, source: Any, *, index: int, **_: object) -> Outcome:
            try:
                return await super().run(source, index=index)
            except asyncio.CancelledError:
                return Outcome(index, source)  # it had just been stored

    got = run([60, AuthenticationFailed("No."), 60], FinishingPipeline(), 2)
    assert indices(got) == [0, 1]


def test_leased_article_waits_while_others_are_processed(run: Run) -> None:
    pipeline = FakePipeline()
    pipeline.leased = {0.01}
    got = run([0.01, 0.02, 0.03, 0.04], pipeline, 1, ordered=False)
    assert indices(got) == [1, 2, 3, 0]
    assert pipeline.most_running == 1


def test_exception_of_the_sources_is_raised_after_earlier_outcomes(run: Run) -> None:
    def sources() -> Iterator[float]:
        yield 0.01
        yield 0.0
        raise OSError("the disk is gone")

    got: list[Outcome] = []
    with pytest.raises(OSError, match="the disk is gone"):
        got += run(sources(), pipeline := FakePipeline())
    assert pipeline.started == [0.01, 0.0]
    assert pipeline.cancelled == []


def test_sources_are_pulled_lazily_in_the_callers_thread(loop_thread: EventLoopThread) -> None:
    pulled: list[threading.Thread] = []

    def endless() -> Iterator[float]:
        while True:
            pulled.append(threading.current_thread())
            yield 0.0

    some = batch(FakePipeline()).run(endless(), loop_thread)
    for _ in range(5):
        next(some)
    assert set(pulled) == {threading.current_thread()}
    assert len(pulled) <= 5 + 2 * 8
    some.close()


def test_nothing_is_pulled_before_the_first_outcome_is_requested(loop_thread: EventLoopThread) -> None:
    pulled: list[int] = []

    def sources() -> Iterator[int]:
        pulled.append(1)
        yield 0

    some = batch(FakePipeline()).run(sources(), loop_thread)
    assert pulled == []
    assert len(list(some)) == 1


def test_leaving_a_loop_cancels_running_work(loop_thread: EventLoopThread) -> None:
    pipeline = FakePipeline()
    for _ in batch(pipeline, 3).run([0.1, 60, 60], loop_thread):
        break
    assert pipeline.cancelled == [60, 60]


def test_closed_event_loop_is_reported(loop_thread: EventLoopThread) -> None:
    some = batch(pipeline := FakePipeline()).run([0.1, 60, 60], loop_thread)
    next(some)
    loop_thread.close()
    loop_thread.run(asyncio.sleep(0))  # this starts another loop
    with pytest.raises(ConfigurationError, match="was closed during a call"):
        list(some)
    assert pipeline.cancelled == [60]


LEFT = """
from summarizer import Summarizer
from summarizer.testing import CallbackModel

def leave_in_a_cycle():
    with Summarizer(model=CallbackModel(lambda _: "{}")) as summarizer:
        some = summarizer.summarize_many(f"Text {n}." for n in range(100))
        cycle = [some]
        cycle.append(cycle)
        next(some)

leave_in_a_cycle()
left = Summarizer(model=CallbackModel(lambda _: "{}")).summarize_many(f"Text {n}." for n in range(100))
next(left)
"""


@pytest.mark.slow
def test_program_ends_with_unread_outcomes() -> None:
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run(
        [sys.executable, "-c", LEFT], env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


async def test_leaving_an_async_loop_cancels_running_work() -> None:
    pipeline = FakePipeline()
    async with aclosing(batch(pipeline, 3).arun([0.05, 60, 60])) as outcomes:
        async for _ in outcomes:
            break
    assert pipeline.cancelled == [60, 60]
    assert len(asyncio.all_tasks()) == 1


async def test_slow_source_delays_no_outcome() -> None:
    async def slow() -> AsyncIterator[float]:
        yield 0.0
        await asyncio.sleep(HOLD)
        yield 0.0

    with ends_early():
        async with aclosing(batch(FakePipeline(), 3).arun(slow())) as outcomes:
            async for outcome in outcomes:
                assert outcome.index == 0
                break


def test_slow_source_delays_no_outcome_beyond_its_own_pull(loop_thread: EventLoopThread) -> None:
    pulled: list[int] = []

    def slow() -> Iterator[float]:
        for number in range(500):
            time.sleep(0.02)
            pulled.append(number)
            yield 0.0

    some = batch(FakePipeline(), 500).run(slow(), loop_thread)
    next(some)
    assert len(pulled) < 500
    some.close()


def test_fatal_outcome_ends_pulling_at_once(loop_thread: EventLoopThread) -> None:
    pulled: list[int] = []

    def slow() -> Iterator[Exception]:
        for number in range(500):
            time.sleep(0.02)
            pulled.append(number)
            yield AuthenticationFailed("No.")

    assert len(list(batch(FakePipeline(), 500).run(slow(), loop_thread))) == 1
    assert len(pulled) < 500


REFUSED = AuthenticationFailed("The key is refused.")


@given(count=st.integers(0, 40), concurrency=st.integers(1, 5), ordered=st.booleans(), data=st.data())
def test_each_source_has_one_outcome_within_the_window(
    count: int, concurrency: int, ordered: bool, data: st.DataObject
) -> None:
    schedule = Schedule(concurrency, ordered)
    running: list[int] = []
    deferred: list[int] = []
    returned: list[int] = []
    while not schedule.is_done:
        while schedule.wants_source:
            if schedule._started == count:
                schedule.is_exhausted = True
            else:
                running.append(schedule.start())
        assert len(running) <= concurrency or deferred or not count
        assert schedule._started - len(returned) <= WINDOW * concurrency
        waiting = running + deferred
        if waiting:
            done = data.draw(st.sampled_from(waiting))
            (running if done in running else deferred).remove(done)
            if running and data.draw(st.booleans()):
                deferred.append(running.pop())
            schedule.record([Outcome(done, done)], len(deferred))
        returned += [outcome.index for outcome in schedule.pop_ready()]
    assert sorted(returned) == list(range(count))
    if ordered:
        assert returned == list(range(count))


@given(done=st.lists(st.integers(1, 9), unique=True), ordered=st.booleans())
def test_fatal_outcome_comes_last(done: list[int], ordered: bool) -> None:
    schedule = Schedule(10, ordered)
    for _ in range(10):
        schedule.start()
    schedule.record([Outcome(index, index) for index in done], 0)
    before = schedule.pop_ready()
    schedule.record([Outcome(0, 0, error=REFUSED)], 0)
    returned = [outcome.index for outcome in before + schedule.pop_ready()]
    assert sorted(returned[:-1]) == sorted(done)
    assert returned[-1] == 0
    assert (schedule.is_done, schedule.wants_source) == (True, False)
    assert schedule.fatal


def test_first_of_several_fatal_outcomes_is_returned() -> None:
    schedule = Schedule(3, ordered=True)
    for _ in range(3):
        schedule.start()
    schedule.record([Outcome(2, 2, error=REFUSED), Outcome(1, 1, error=REFUSED)], 0)
    assert [outcome.index for outcome in schedule.pop_ready()] == [2]
    assert schedule.is_done


def test_deferred_source_makes_room_for_another() -> None:
    schedule = Schedule(1, ordered=False)
    schedule.start()
    assert not schedule.wants_source
    schedule.record([], deferred=1)
    assert schedule.wants_source


class StopTest(BaseException):
    """An exception that ends a test, such as pytest's own."""


class StoppingPipeline(FakePipeline):
    async def run(self, source: Any, *, index: int, **options: object) -> Outcome:
        if source == "stop":
            raise StopTest
        return await super().run(source, index=index, **options)


def test_base_exception_ends_a_batch(loop_thread: EventLoopThread) -> None:
    with pytest.raises(StopTest):
        list(batch(StoppingPipeline(), 2).run([60, "stop", 60], loop_thread))


async def test_base_exception_ends_an_async_batch() -> None:
    with pytest.raises(StopTest):
        _ = [outcome async for outcome in batch(StoppingPipeline(), 2).arun([60, "stop", 60])]
