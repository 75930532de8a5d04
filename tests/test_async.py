"""CPU-bound work next to an event loop: fair turns, and abandoned threads."""

import asyncio
import gc
import threading
import time
import weakref

import pytest

from summarizer._async import MAX_THREADS, CallQueue, EventLoopThread, run_fair, run_in_thread
from tests.timing import HOLD, ends_early


async def test_other_tasks_run_between_two_turns() -> None:
    order: list[str] = []

    async def article(name: str) -> None:
        await run_fair(order.append, f"{name} read")
        await asyncio.sleep(0)  # as a request does before it is sent
        order.append(f"{name} sent")

    await asyncio.gather(*(article(name) for name in "abc"))
    assert order == ["a read", "a sent", "b read", "b sent", "c read", "c sent"]


async def test_failed_work_passes_the_turn_on() -> None:
    done = await asyncio.gather(run_fair(int, "no number"), run_fair(int, "2"), return_exceptions=True)
    assert isinstance(done[0], ValueError)
    assert done[1] == 2


async def test_cancelled_waiter_is_skipped() -> None:
    done: list[int] = []
    first, second, third = (asyncio.create_task(run_fair(done.append, number)) for number in range(3))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.wait([first, second, third])
    assert done == [0, 2]


def test_each_event_loop_has_its_own_locks_and_is_freed_with_them() -> None:
    async def several() -> weakref.ref[asyncio.AbstractEventLoop]:
        assert await asyncio.gather(*(run_fair(abs, -number) for number in range(3))) == [0, 1, 2]
        return weakref.ref(asyncio.get_running_loop())

    loops = [asyncio.run(several()) for _ in range(3)]
    gc.collect()
    assert [loop() for loop in loops[:-1]] == [None, None]


async def test_arguments_are_passed_on() -> None:
    assert await run_fair(sorted, "bac", reverse=True) == ["c", "b", "a"]


async def test_cancelled_thread_work_returns_at_once_and_frees_its_slot() -> None:
    over = threading.Event()
    try:
        waiting = [asyncio.create_task(run_in_thread(over.wait, HOLD)) for _ in range(MAX_THREADS)]
        await asyncio.sleep(0.01)
        for task in waiting:
            task.cancel()
        with ends_early():
            await asyncio.gather(*waiting, return_exceptions=True)
            assert await run_in_thread(sorted, "bac", reverse=True) == ["c", "b", "a"]
    finally:
        over.set()


def test_event_loop_does_not_wait_for_an_abandoned_thread() -> None:
    over = threading.Event()

    async def give_up() -> None:
        async with asyncio.timeout(0.05):
            await run_in_thread(over.wait, HOLD)

    with ends_early(), pytest.raises(TimeoutError):
        asyncio.run(give_up())
    over.set()


async def test_number_of_threads_is_limited() -> None:
    running, most = 0, 0
    lock = threading.Lock()

    def work() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.005)
        with lock:
            running -= 1

    await asyncio.gather(*(run_in_thread(work) for _ in range(10)))
    assert most <= MAX_THREADS


async def test_exception_in_a_thread_is_raised() -> None:
    with pytest.raises(ValueError, match="no number"):
        await run_in_thread(int, "no number")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_loop_that_system_exit_has_ended_is_replaced() -> None:
    async def leave() -> None:
        raise SystemExit(3)

    thread = EventLoopThread()
    with pytest.raises(SystemExit):
        thread.run(leave())
    assert thread._thread
    thread._thread.join()
    assert thread.run(asyncio.sleep(0, "done")) == "done"
    thread.close()


def test_close_does_not_wait_for_a_host_name_lookup() -> None:
    over = threading.Event()

    async def look_up() -> None:
        asyncio.get_running_loop().run_in_executor(None, over.wait, HOLD)

    thread = EventLoopThread()
    thread.run(look_up())
    with ends_early():
        thread.close()
    over.set()


async def test_queued_calls_are_made_in_order_and_return_their_results() -> None:
    queue, made = CallQueue("test queue"), []
    results = [queue.submit(made.append, number) for number in range(50)]
    assert await queue.run(sum, made) == sum(range(50))
    assert [await result for result in results] == [None] * 50
    with pytest.raises(ValueError, match="invalid literal"):
        await queue.run(int, "no number")
    queue.close()


async def test_closed_queue_has_made_all_calls_and_has_no_thread() -> None:
    queue, made, may_go = CallQueue("closed queue"), [], threading.Event()
    waiting = asyncio.create_task(queue.run(may_go.wait))
    await asyncio.sleep(0)
    cancelled = queue.submit(made.append, 1)
    cancelled.cancel()
    closing = [threading.Thread(target=queue.close) for _ in range(2)]
    for thread in closing:
        thread.start()
    queue.submit(made.append, 2)
    may_go.set()
    for thread in closing:
        thread.join()
    assert made == [1, 2]
    assert await waiting
    assert "closed queue" not in {thread.name for thread in threading.enumerate()}
    await queue.run(made.append, 3)
    queue.close()
    assert made == [1, 2, 3]


async def test_idle_queue_has_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer._async.IDLE_TIMEOUT", 0.01)
    queue = CallQueue("idle queue")
    assert await queue.run(abs, -1) == 1
    for thread in threading.enumerate():
        if thread.name == "idle queue":
            thread.join()
    assert await queue.run(abs, -2) == 2
    queue.close()
