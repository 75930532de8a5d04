"""Short work in an event loop goes in turns, so that much of it at once holds nothing else up."""

import asyncio
import gc
import threading
import time
import weakref

import pytest

from summarizer._async import MOST_THREADS, run_fair, run_in_thread


async def test_what_else_is_ready_goes_on_between_two_turns() -> None:
    order: list[str] = []

    async def article(name: str) -> None:
        await run_fair(order.append, f"{name} read")
        await asyncio.sleep(0)  # as a request does before it is sent
        order.append(f"{name} sent")

    await asyncio.gather(*(article(name) for name in "abc"))
    assert order == ["a read", "a sent", "b read", "b sent", "c read", "c sent"]


async def test_work_that_fails_leaves_the_next_its_turn() -> None:
    done = await asyncio.gather(run_fair(int, "no number"), run_fair(int, "2"), return_exceptions=True)
    assert isinstance(done[0], ValueError)
    assert done[1] == 2


async def test_who_gives_up_waiting_is_passed_over() -> None:
    done: list[int] = []
    first, second, third = (asyncio.create_task(run_fair(done.append, number)) for number in range(3))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.wait([first, second, third])
    assert done == [0, 2]


def test_each_event_loop_has_turns_of_its_own_and_takes_them_along() -> None:
    async def several() -> weakref.ref[asyncio.AbstractEventLoop]:
        assert await asyncio.gather(*(run_fair(abs, -number) for number in range(3))) == [0, 1, 2]
        return weakref.ref(asyncio.get_running_loop())

    loops = [asyncio.run(several()) for _ in range(3)]
    gc.collect()
    assert [loop() for loop in loops[:-1]] == [None, None]


async def test_arguments_are_passed_on() -> None:
    assert await run_fair(sorted, "bac", reverse=True) == ["c", "b", "a"]


async def test_who_gives_up_a_thread_is_free_at_once_and_leaves_others_their_place() -> None:
    over = threading.Event()
    try:
        waiting = [asyncio.create_task(run_in_thread(over.wait, 5)) for _ in range(MOST_THREADS)]
        await asyncio.sleep(0.01)
        for each in waiting:
            each.cancel()
        async with asyncio.timeout(1):
            await asyncio.gather(*waiting, return_exceptions=True)
            assert await run_in_thread(sorted, "bac", reverse=True) == ["c", "b", "a"]
    finally:
        over.set()


def test_no_event_loop_waits_for_a_thread_that_was_given_up() -> None:
    over = threading.Event()

    async def give_up() -> None:
        async with asyncio.timeout(0.05):
            await run_in_thread(over.wait, 5)

    started = time.monotonic()
    with pytest.raises(TimeoutError):
        asyncio.run(give_up())
    over.set()
    assert time.monotonic() - started < 1


async def test_no_more_threads_are_at_work_than_are_of_use() -> None:
    at_work, most = 0, 0
    lock = threading.Lock()

    def work() -> None:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        time.sleep(0.005)
        with lock:
            at_work -= 1

    await asyncio.gather(*(run_in_thread(work) for _ in range(10)))
    assert most <= MOST_THREADS


async def test_what_fails_in_a_thread_fails_here() -> None:
    with pytest.raises(ValueError, match="no number"):
        await run_in_thread(int, "no number")
