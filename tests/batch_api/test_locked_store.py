"""A store that another program locks delays no other work while batches are submitted and collected."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import get_ident
from typing import Any

import pytest

from summarizer.batch_api import BatchModel, Journal
from summarizer.errors import StoreError
from summarizer.store import Database
from tests.batch_api.conftest import OpenModel, ask, ask_once
from tests.batch_api.records import Trouble
from tests.batch_api.server import BatchServer
from tests.batch_api.test_troubles import check


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Return the threads that use a store after it was opened."""
    used = set[int]()
    for name in ("query", "transaction", "stream"):
        method = getattr(Database, name)

        def note(self: Database, *args: Any, method: Any = method) -> Any:
            used.add(get_ident())
            return method(self, *args)

        monkeypatch.setattr(Database, name, note)
    return used


@pytest.mark.parametrize("wait", [True, False])
async def test_no_step_of_a_job_uses_the_store_in_the_thread_of_the_event_loop(
    server: BatchServer, open_model: OpenModel, threads: set[int], wait: bool
) -> None:
    server.jobs.plan(Trouble(line_errors={0: "server error"}), Trouble(failure="server_error"))
    model = open_model(server, wait=wait)
    check(await (ask_once if wait else ask)(model), server, jobs=3)
    assert not wait or len(server.jobs.all) == 3
    if model._runner:
        await model._runner.look()
        await model._runner.cancel()
    await model.aclose()
    assert threads
    assert get_ident() not in threads


async def test_other_models_go_on_while_one_store_is_locked(
    server: BatchServer, open_model: OpenModel, tmp_path: Path
) -> None:
    paths = tmp_path / "locked.db", tmp_path / "free.db"
    locked, free = (open_model(server, journal=path) for path in paths)

    async def submit(model: BatchModel) -> None:
        await ask_once(model, 1)
        await model.advance()

    await locked._open()
    with closing(sqlite3.connect(paths[0], isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(submit(locked))
        await submit(free)
        assert not waiting.done()
        assert len(server.jobs.all) == 1
    await waiting
    assert len(server.jobs.all) == 2


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> Iterator[None]:
    """Let a method raise as if the store were locked for too long."""

    def fail(*_: Any, **__: Any) -> None:
        raise StoreError("The store is locked.")

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, fail)
        yield


async def test_lease_that_could_not_be_released_keeps_nobody_from_the_batches(
    server: BatchServer, open_model: OpenModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = open_model(server)
    await ask_once(model)
    assert model._runner
    journal = model._runner.journal
    lease = journal.lease()
    await lease.__aenter__()
    with failing(monkeypatch, Database, "transaction"):
        await lease.__aexit__(None, None, None)
    assert journal.database.query("SELECT 1 FROM leases")
    await model.advance()
    assert model.problem == ""
    check(await ask(model), server, jobs=1)


async def test_closing_a_model_on_a_locked_store_closes_the_store(
    server: BatchServer, open_model: OpenModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, closed = open_model(server), []
    await ask_once(model)
    monkeypatch.setattr(model._store, "close", lambda: closed.append(True))
    with failing(monkeypatch, Journal, "forget"):
        await model.aclose()
    monkeypatch.undo()
    assert closed
