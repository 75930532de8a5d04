"""The number of requests at once adapts to timeouts, slow replies and refusals."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from random import Random

import pytest

from summarizer.errors import ConnectionFailed, RateLimited, ServerFailed, SummarizerError
from summarizer.models import Limits, OpenAIModel, Reply
from summarizer.models.concurrency import AdaptiveSlots
from summarizer.models.retry import Dispatcher, RequestLog
from summarizer.usage import Usage

from .conftest import replace_clock


class SimulatedTimeLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock jumps to the next timer."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        select = self._selector.select  # type: ignore[attr-defined]

        def jump(timeout: float | None) -> object:
            assert timeout is not None, "all tasks wait for each other"
            self.now += timeout
            return select(0)

        self._selector.select = jump  # type: ignore[attr-defined]

    def time(self) -> float:
        return self.now


@dataclass
class SlotServer:
    """A simulated server that writes ``slots`` replies at once; other requests wait in order of arrival.

    Unless it ``notices`` that a client has hung up, it writes the reply all the same.
    """

    seconds: Callable[[int], float]
    """The seconds that it writes the reply to each request, by its number."""
    slots: int = 1
    notices: bool = False
    received: int = 0
    waiting: int = 0
    most: int = 0
    _free: asyncio.Semaphore | None = None

    async def answer(self) -> Reply:
        seconds = self.seconds(self.received)
        self.received += 1
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        try:
            writing = asyncio.ensure_future(self._write(seconds))
            await (writing if self.notices else asyncio.shield(writing))
        finally:
            self.waiting -= 1
        return Reply("word " * int(10 * seconds), usage=Usage(prompt=100, completion=int(10 * seconds)))

    async def _write(self, seconds: float) -> None:
        self._free = self._free or asyncio.Semaphore(self.slots)
        async with self._free:
            await asyncio.sleep(seconds)


@dataclass
class Run:
    """The end of a batch of requests."""

    results: list[Reply | BaseException]
    seconds: float
    dispatcher: Dispatcher

    @property
    def done(self) -> int:
        return sum(isinstance(result, Reply) for result in self.results)


@pytest.fixture
def run_batch(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    def run(
        answer: Callable[[], Awaitable[Reply]],
        count: int = 20,
        *,
        is_local: bool = True,
        at_once: int = 8,
        limits: Limits | None = None,
    ) -> Run:
        async def send_all() -> Run:
            replace_clock(monkeypatch, asyncio.get_running_loop().time, asyncio.sleep)
            dispatcher = Dispatcher(limits or Limits(), "The server", is_local=is_local)
            articles = asyncio.Semaphore(at_once)

            async def send() -> Reply:
                async with articles:
                    return await dispatcher.send(answer, RequestLog())

            results = await asyncio.gather(*(send() for _ in range(count)), return_exceptions=True)
            return Run(results, asyncio.get_running_loop().time(), dispatcher)

        with asyncio.Runner(loop_factory=SimulatedTimeLoop) as runner:
            return runner.run(send_all())

    return run


@pytest.mark.parametrize("notices", [True, False])
@pytest.mark.parametrize("seconds", [1, 10, 30, 35, 40, 55, 70, 110])
def test_batch_against_a_local_single_slot_is_done(
    run_batch: Callable[..., Run], seconds: float, notices: bool
) -> None:
    server = SlotServer(lambda _: seconds, notices=notices)
    run = run_batch(server.answer)
    assert run.done == 20
    assert server.received == 20, "nothing is sent twice"
    assert run.seconds == pytest.approx(20 * seconds), "the slot is never idle"


@pytest.mark.parametrize("notices", [True, False])
@pytest.mark.parametrize("seed", range(10))
def test_batch_with_replies_of_very_different_length_is_done(
    run_batch: Callable[..., Run], seed: int, notices: bool
) -> None:
    random = Random(seed)
    lengths = [random.choice([5, 20, 45, 100]) for _ in range(200)]
    server = SlotServer(lengths.__getitem__, notices=notices)
    assert run_batch(server.answer).done == 20


@pytest.mark.parametrize("notices", [True, False])
@pytest.mark.parametrize("seconds", [10, 16, 30, 50, 70])
def test_batch_against_a_distant_single_slot_is_done(
    run_batch: Callable[..., Run], seconds: float, notices: bool
) -> None:
    server = SlotServer(lambda _: seconds, notices=notices)
    assert run_batch(server.answer, is_local=False).done == 20


def test_local_server_with_many_slots_is_used_soon(run_batch: Callable[..., Run]) -> None:
    server = SlotServer(lambda _: 20, slots=16)
    run = run_batch(server.answer, 200, at_once=16)
    assert (run.done, server.most) == (200, 16)
    assert run.seconds < 2 * 200 * 20 / 16


def test_distant_server_gets_all_at_once(run_batch: Callable[..., Run]) -> None:
    server = SlotServer(lambda _: 80, slots=100)
    run = run_batch(server.answer, 64, is_local=False, at_once=64)
    assert run.seconds == pytest.approx(64 / 16 * 80)


def test_refusals_halve_the_number_once_and_replies_restore_it(run_batch: Callable[..., Run]) -> None:
    server = SlotServer(lambda _: 5, slots=100)
    refusals = iter(range(8))

    async def answer() -> Reply:
        if next(refusals, None) is not None:
            raise RateLimited("Too many.", hint="Wait.")
        return await server.answer()

    run = run_batch(answer, 200, is_local=False, at_once=16)
    assert run.done == 200
    assert run.dispatcher.throttle.slots.count == 16


def test_reply_that_never_comes_is_asked_for_twice(run_batch: Callable[..., Run]) -> None:
    server = SlotServer(lambda _: 1_000, notices=True)
    run = run_batch(server.answer, 1)
    (error,) = run.results
    assert isinstance(error, ConnectionFailed)
    assert server.received == 2
    assert run.seconds < 245
    assert error.retryable


def test_waiting_for_a_slot_counts_towards_no_limit(run_batch: Callable[..., Run]) -> None:
    server = SlotServer(lambda _: 100)
    run = run_batch(server.answer, 20, at_once=20, limits=Limits(timeout=120, deadline=130))
    assert run.done == 20


def test_deadline_ends_a_wait_between_attempts(run_batch: Callable[..., Run]) -> None:
    async def answer() -> Reply:
        await asyncio.sleep(40)
        raise RateLimited("Too many.", hint="Wait.", retry_after=50)

    run = run_batch(answer, 1, limits=Limits(deadline=100))
    (error,) = run.results
    assert isinstance(error, SummarizerError)
    assert run.seconds <= 101


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        ("localhost", True), ("127.0.0.1", True), ("[::1]", True), ("192.168.1.20", True), ("10.0.0.7", True),
        ("100.101.2.3", True), ("[fd00::1]", True), ("nas.local", True), ("host.docker.internal", True),
        ("ollama", True), ("api.example.com", False), ("8.8.8.8", False), ("[2606:4700::1111]", False),
        ("local.example", False),
    ],
)  # fmt: skip
def test_local_addresses_are_known(host: str, is_local: bool) -> None:
    assert OpenAIModel("tiny", base_url=f"http://{host}:8080/v1").endpoint.is_local is is_local


def test_cancelled_waits_keep_no_slot(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> int:
        loop = asyncio.get_running_loop()
        replace_clock(monkeypatch, loop.time, asyncio.sleep)
        server = SlotServer(lambda number: 1_000 if number == 1 else 10)
        dispatcher = Dispatcher(Limits(timeout=30), "The server", is_local=False)
        first = [asyncio.ensure_future(dispatcher.send(server.answer, RequestLog())) for _ in range(3)]
        await asyncio.sleep(31)  # two time out, so that the others wait for the server
        assert dispatcher.throttle.slots.busy > 0
        others = [asyncio.ensure_future(dispatcher.send(server.answer, RequestLog())) for _ in range(20)]
        await asyncio.sleep(1)
        for task in [*first, *others]:
            task.cancel()
        started = loop.time()
        await asyncio.gather(*first, *others, return_exceptions=True)
        assert loop.time() == started
        return dispatcher.throttle.slots.used

    with asyncio.Runner(loop_factory=SimulatedTimeLoop) as runner:
        assert runner.run(work()) == 0


def test_deadline_ends_a_wait_for_a_slow_attempt(run_batch: Callable[..., Run]) -> None:
    server = SlotServer(lambda _: 1_000)
    run = run_batch(server.answer, 1, limits=Limits(timeout=120, deadline=150))
    (error,) = run.results
    assert "within the deadline of 150 s after 2 attempts" in str(error)
    assert run.seconds == pytest.approx(150)


@pytest.mark.parametrize(("seconds", "attempts"), [(60, 2), (1, 5)])
def test_gateway_that_gives_up_on_a_slow_model_counts_as_a_timeout(
    run_batch: Callable[..., Run], seconds: float, attempts: int
) -> None:
    sent = []

    async def answer() -> Reply:
        sent.append(1)
        await asyncio.sleep(seconds)
        raise ServerFailed("The gateway timed out.", hint="Wait.", status=504)

    run = run_batch(answer, 1)
    assert isinstance(run.results[0], ServerFailed)
    assert len(sent) == attempts


def test_quick_reply_of_a_local_server_makes_trials_unnecessary(monkeypatch: pytest.MonkeyPatch) -> None:
    replace_clock(monkeypatch, lambda: 100.0, asyncio.sleep)
    slots = AdaptiveSlots(64, 1, timeout=120)
    sent = replace(slots.send(), at=99.8)
    slots.note_reply(sent, Reply("{}"))
    assert slots.count == 64


def test_slow_reply_of_a_local_server_allows_one_more(monkeypatch: pytest.MonkeyPatch) -> None:
    replace_clock(monkeypatch, lambda: 100.0, asyncio.sleep)
    slots = AdaptiveSlots(64, 1, timeout=120)
    sent = replace(slots.send(), at=70.0)
    slots.note_reply(sent, Reply("{}"))
    assert slots.count == 2


def test_raised_limit_starts_all_at_a_distant_server_and_one_at_a_local_one() -> None:
    distant, local = AdaptiveSlots(16, 16, timeout=120), AdaptiveSlots(16, 1, timeout=120)
    distant.allow(64)
    local.allow(64)
    assert (distant.count, local.count) == (64, 1)
    distant.allow(8)
    assert distant.count == 64, "it is never lowered"
