"""A waiting BatchModel: no call waits for ever, and a process that hung creates no second batch."""

import asyncio
import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest

from summarizer.batch_api import BatchModel, ReplyPending, RoundProgress, wait_for_batches
from summarizer.batch_api.journal import Journal
from summarizer.errors import ConfigurationError, ConnectionFailed, ModelError
from summarizer.models import Capabilities, OpenAIModel, Reply, retry
from summarizer.store import Store, hash_json, leases
from tests.batch_api.conftest import OpenModel, OpenServer, ask, ask_once, support_request
from tests.batch_api.records import Trouble
from tests.batch_api.server import KEY, BatchServer, Endpoint, Stage
from tests.batch_api.test_troubles import check
from tests.timing import HOLD


async def start_call(model: BatchModel, path: Path, state: str = "sent") -> "asyncio.Task[Reply]":
    """Start a call, and return its task when its request is in this state."""
    task = asyncio.create_task(model.complete(support_request(0)))
    store = Store(path)
    async with asyncio.timeout(HOLD):
        while True:
            await asyncio.sleep(0.01)
            if store.database.query("SELECT 1 FROM batch_requests WHERE state = ? AND body IS NOT NULL", state):
                break
    store.close()
    return task


async def test_waiting_calls_end_if_the_server_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_sleep(_: float) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr(retry, "sleep", no_sleep)
    inner = OpenAIModel("tiny", base_url="http://127.0.0.1:9/v1", api_key=KEY)
    model = BatchModel(inner, journal=tmp_path / "briefs.db", sleep=no_sleep)
    errors = await ask_once(model, 2)
    assert all(isinstance(error, ConnectionFailed) for error in errors)
    await model.aclose()


async def test_full_disk_ends_waiting_calls_with_the_folder(
    server: BatchServer, open_model: OpenModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    errors = await ask_once(open_model(server, wait=True), 2)
    assert all(isinstance(error, ConfigurationError) for error in errors)
    assert str(tmp_path / "missing") in str(errors[0])
    assert "TMPDIR" in str(errors[0])
    monkeypatch.undo()
    assert server.jobs.all == []


async def test_closing_a_model_ends_waiting_calls(server: BatchServer, tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    model = BatchModel(OpenAIModel("tiny", base_url=server.url, api_key=KEY), journal=path, submit_after=0, poll=60)
    call = await start_call(model, path)
    await model.aclose()
    with pytest.raises(ReplyPending, match="closed"):
        await call


def test_request_of_a_cancelled_call_is_answered_in_another_event_loop(
    server: BatchServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("summarizer.batch_api.jobs.LIST_DELAY", 0.0)  # the call may be cancelled during the creation
    path = tmp_path / "journal.db"
    inner = OpenAIModel("tiny", base_url=server.url, api_key=KEY)
    model = BatchModel(inner, journal=path, submit_after=0, poll=0.001)
    server.jobs.tick = 0

    async def cancel_call() -> None:
        call = await start_call(model, path)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await inner.aclose()

    async def ask_again() -> Reply:
        server.jobs.tick = 300
        async with asyncio.timeout(HOLD):
            reply = await model.complete(support_request(0))
        await model.aclose()
        return reply

    asyncio.run(cancel_call())
    assert asyncio.run(ask_again()).text
    assert len(server.jobs.all) == 1


async def test_request_that_another_process_took_and_lost_is_submitted(
    server: BatchServer, open_model: OpenModel, tmp_path: Path
) -> None:
    model = open_model(server, wait=True)
    store = Store(tmp_path / "journal.db")
    other = Journal(store, hash_json(await model.identity()), "killed before it submits")
    submit, taken = model.advance, []

    async def advance(**options: Any) -> bool:
        if not taken:
            while len(taken) < 4:
                await asyncio.sleep(0.001)
                taken[:] = (key for (key,) in store.database.query("SELECT key FROM batch_requests"))
            for key in taken:
                other.find_or_record(key, {}, Capabilities())
        return await submit(**options)

    model.advance = advance  # type: ignore[method-assign]
    async with asyncio.timeout(HOLD):
        check(await ask_once(model), server, jobs=1)
    store.close()


async def test_process_that_stood_still_while_it_created_a_batch_creates_no_second_one(
    server: BatchServer, open_model: OpenModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "RENEWAL_INTERVAL", HOLD)
    reached, goes_on, blocked = threading.Event(), threading.Event(), []

    def block_first(endpoint: Endpoint, stage: Stage) -> None:
        if (endpoint, stage) == ("create", "received") and not blocked:
            blocked.append(True)
            reached.set()
            goes_on.wait(HOLD)

    server.on_stage = block_first
    slow, other = open_model(server), open_model(server)
    await ask_once(slow)
    advance = asyncio.create_task(slow.advance())
    assert await asyncio.to_thread(reached.wait, HOLD)
    await ask_once(other)
    store = Store(tmp_path / "journal.db")
    with store.database.transaction() as connection:
        connection.execute("UPDATE leases SET renewed = renewed - 60")
    await other.advance()
    assert len(server.jobs.all) == 1
    goes_on.set()  # the server receives the late request now
    await advance
    assert "took over" in slow.problem
    store.close()
    while await other.advance():
        pass
    check(await ask_once(other), server, jobs=1)


async def test_batch_that_has_ended_keeps_no_other_from_being_cancelled(
    server: BatchServer, open_model: OpenModel
) -> None:
    server.jobs.tick = 0
    server.jobs.plan(Trouble(validating=0, running=0), Trouble(), Trouble())
    model = open_model(server, max_requests=2)
    await ask_once(model, 6)
    await model.advance()
    assert model._runner
    assert await model._runner.cancel() == 2
    server.jobs.advance(60)
    assert [server.jobs.retrieve(job.id)["status"] for job in server.jobs.all] == [
        "completed",
        "cancelled",
        "cancelled",
    ]


async def test_refused_cancel_keeps_no_other_from_being_cancelled(server: BatchServer, open_model: OpenModel) -> None:
    server.jobs.tick = 0
    model = open_model(server, max_requests=1)
    await ask_once(model, 3)
    await model.advance()
    refusal = {"error": {"message": "This key may not cancel.", "type": "invalid_request_error", "code": None}}
    server.inject("cancel", status=403, body=refusal)
    assert model._runner
    with pytest.raises(ModelError, match="This key may not cancel"):
        await model._runner.cancel()
    statuses = [server.jobs.retrieve(job.id)["status"] for job in server.jobs.all]
    assert statuses == ["validating", "cancelled", "cancelled"]


@pytest.mark.parametrize(
    ("trouble", "expired"), [(Trouble(line_errors={0: "server error"}), 0), (Trouble(cancelled_after=1), 3)]
)
async def test_progress_counts_each_request_once(
    server: BatchServer, open_model: OpenModel, trouble: Trouble, expired: int
) -> None:
    server.jobs.plan(trouble)
    model = open_model(server)
    await ask_once(model)
    ended = await wait_for_batches([model])
    assert (ended.requests, ended.completed, ended.failed, ended.expired) == (4, 4, 0, expired)


async def test_lost_batch_does_not_count_as_done(server: BatchServer, open_model: OpenModel) -> None:
    model = open_model(server)
    await ask_once(model)
    shown = server.jobs.retrieve
    told = {"status": "in_progress", "request_counts": {"total": 4, "completed": 3, "failed": 0}}
    server.jobs.retrieve = lambda key: shown(key) | told  # type: ignore[method-assign]
    await model.advance()
    await model.advance()
    assert (await model.jobs())[0].completed == 3
    server.jobs.retrieve = shown  # type: ignore[method-assign]
    missing = {"error": {"message": "No batch found.", "type": "invalid_request_error", "code": None}}
    server.jobs.advance(3600)
    server.inject("retrieve", status=404, body=missing)
    ended = await wait_for_batches([model])
    assert (ended.requests, ended.completed, ended.failed, ended.expired) == (4, 4, 0, 4)


async def test_looking_at_a_batch_that_the_list_does_not_show_changes_nothing(
    open_server: OpenServer, open_model: OpenModel
) -> None:
    server = open_server(list_lag=3600)
    server.inject("create", status=None, is_late=True)
    model = open_model(server)
    await ask_once(model)
    await model.advance()
    assert model._runner
    await model._runner.look()
    assert await model._runner.cancel() == 0
    assert [job.state for job in await model.jobs()] == ["creating"]
    assert len(server.jobs.files) == 1
    server.jobs.advance(3600)
    check(await ask(model), server, jobs=1)


async def test_failing_network_ends_no_later_round(server: BatchServer, open_model: OpenModel) -> None:
    model = open_model(server)
    await ask(model, 2)
    server.inject("upload", status=503, times=40)
    check(await ask(model), server, jobs=2)


async def test_progress_says_at_each_look_that_the_queue_is_full(server: BatchServer, open_model: OpenModel) -> None:
    server.jobs.plan(*[Trouble(failure="token_limit_exceeded")] * 2)
    shown: list[RoundProgress] = []
    model = open_model(server)
    await ask_once(model, 1)
    await wait_for_batches([model], on_round=shown.append)
    waiting = [each.problem for each in shown if not each.batches and each.completed == 0]
    assert len(waiting) > 4
    assert all("queue is full: The batch failed: token_limit_exceeded" in problem for problem in waiting)


async def test_missing_replies_are_named_while_they_are_waited_for(server: BatchServer, open_model: OpenModel) -> None:
    server.jobs.tick = 60
    server.inject("content", status=404, times=7)
    shown: list[RoundProgress] = []
    model = open_model(server)
    await ask_once(model)
    await wait_for_batches([model], on_round=shown.append)
    (batch,) = server.jobs.all
    assert any(f"does not show {batch.id} or its replies" in each.problem for each in shown)


async def test_calls_that_wait_are_told_how_far_the_batches_are(server: BatchServer, open_model: OpenModel) -> None:
    shown: list[RoundProgress] = []
    await ask_once(open_model(server, wait=True, on_round=shown.append))
    async with asyncio.timeout(HOLD):
        while shown[-1].batches:
            await asyncio.sleep(0.001)
    assert [(each.number, each.requests) for each in shown] == [(1, 4)] * len(shown)
    assert (shown[0].batches, shown[0].completed) == (1, 0)
    assert (shown[-1].batches, shown[-1].completed) == (0, 4)
