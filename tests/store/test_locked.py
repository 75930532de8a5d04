"""A store that another program locks delays nobody else, and no reply or lease is lost on a cancellation."""

import asyncio
import multiprocessing
import pickle
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from summarizer import Article, Reply, Store, StoreError, Summarizer
from summarizer.models import CallbackModel, Request
from summarizer.store.leases import ArticleLease
from summarizer.testing import reply_for
from tests.store.conftest import TEXT
from tests.timing import await_until

ROOT = Path(__file__).parents[2]


class WaitingModel(CallbackModel):
    """A model that replies when it is told to."""

    def __init__(self) -> None:
        super().__init__(lambda _: reply_for(TEXT), "waiting")
        self.asked, self.may_reply, self.replied = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def complete(self, request: Request) -> Reply:
        self.asked.set()
        await self.may_reply.wait()
        reply = await super().complete(request)
        self.replied.set()
        return reply


@contextmanager
def locked(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


def replies_in(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT count(*) FROM replies").fetchone()[0]


def store_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "summarizer store"]


async def test_locked_store_waits_while_others_go_on(tmp_path: Path) -> None:
    first, second = Store(tmp_path / "first.db"), Store(tmp_path / "second.db")
    with (
        first,
        second,
        Summarizer(model="builtin", store=first) as one,
        Summarizer(model="builtin", store=second) as two,
    ):
        with locked(first.path):
            waiting = asyncio.create_task(one.asummarize(TEXT))
            assert await two.asummarize(TEXT)
            assert not waiting.done()
        assert await waiting
        assert len(first) == len(second) == 1


async def test_store_that_stays_locked_is_an_error_after_its_wait(tmp_path: Path) -> None:
    with Store(tmp_path / "briefs.db", wait=0.05) as store, Summarizer(model="builtin", store=store) as summarizer:
        with locked(store.path), pytest.raises(StoreError, match="locked by another program"):
            await summarizer.asummarize(TEXT)
        assert await summarizer.asummarize(TEXT)


async def test_reply_of_another_article_arrives_while_the_store_is_locked(tmp_path: Path) -> None:
    model = WaitingModel()
    with Store(tmp_path / "briefs.db") as store, Summarizer(model=model, store=store) as summarizer:
        first = asyncio.create_task(summarizer.asummarize(TEXT))
        await model.asked.wait()
        with locked(store.path):
            second = asyncio.create_task(summarizer.asummarize(TEXT + " More."))
            await asyncio.sleep(0.01)
            model.may_reply.set()
            await model.replied.wait()
            assert not first.done()
            assert not second.done()
        assert await asyncio.gather(first, second)


async def test_reply_is_stored_though_its_article_is_cancelled_before_that(tmp_path: Path) -> None:
    model = WaitingModel()
    with Store(tmp_path / "briefs.db") as store, Summarizer(model=model, store=store) as summarizer:
        task = asyncio.create_task(summarizer.asummarize(TEXT))
        await model.asked.wait()
        with locked(store.path):
            model.may_reply.set()
            await model.replied.wait()
            await asyncio.sleep(0)
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        store.close()
        assert replies_in(store.path) == 1
        assert await summarizer.asummarize(TEXT)
    assert len(model.requests) == 1


async def test_article_that_is_cancelled_while_it_waits_for_the_store_keeps_no_lease(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "briefs.db")
    article = Article.from_text(TEXT)
    is_waiting, acquire = threading.Event(), store.acquire

    def wait_for_the_lock(*arguments: Any, **options: Any) -> ArticleLease:
        is_waiting.set()
        return acquire(*arguments, **options)

    monkeypatch.setattr(store, "acquire", wait_for_the_lock)
    with store, Summarizer(model="builtin", store=store) as summarizer:
        with locked(store.path):
            task = asyncio.create_task(summarizer.asummarize(article))
            await await_until(is_waiting.is_set)
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        store.database.finish()
        assert store.database.query("SELECT count(*) FROM articles")[0][0] == 1
        assert store.database.query("SELECT count(*) FROM leases")[0][0] == 0


async def test_interrupted_batch_leaves_no_thread(tmp_path: Path) -> None:
    before = set(store_threads())  # of earlier tests; they may end meanwhile
    model = WaitingModel()
    async with Summarizer(model=model, store=tmp_path / "briefs.db") as summarizer:
        outcomes = summarizer.asummarize_many([TEXT, TEXT + " More."])
        task = asyncio.ensure_future(anext(outcomes))
        await model.asked.wait()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await outcomes.aclose()
    await await_until(lambda: set(store_threads()) <= before)  # one that ends may still be listed
    with closing(sqlite3.connect(tmp_path / "briefs.db")) as connection:
        assert connection.execute("SELECT state FROM runs").fetchall() == [("stopped",)]


def test_store_can_be_sent_to_another_process(store: Store) -> None:
    with pickle.loads(pickle.dumps(store)) as other:
        assert other.path == store.path
        assert other.database.wait == store.database.wait


@pytest.mark.slow
def test_fork_has_its_own_connection(path: Path) -> None:
    if "fork" not in multiprocessing.get_all_start_methods():
        pytest.skip("This system has no fork.")
    program = f"""
import os
from pathlib import Path
from summarizer import Summarizer, Store
store = Store({str(path)!r})
summarizer = Summarizer(model="builtin", store=store)
summarizer.summarize({TEXT!r})
child = os.fork()
if child == 0:
    summarizer.summarize({TEXT + " More."!r})
    store.close()
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
summarizer.summarize({TEXT + " And more."!r})
assert len(store) == 3, len(store)
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", program], check=True, timeout=300, cwd=ROOT)


@pytest.mark.slow
def test_end_of_the_program_waits_for_a_reply_that_arrived(path: Path) -> None:
    program = f"""
import asyncio, sqlite3, threading, time
from summarizer import Reply, Store
from summarizer.article import Article
from tests.store.conftest import TEXT, engine
from tests.store.test_replies import REQUEST
store = Store({str(path)!r})
replies = store.acquire(Article.from_text(TEXT), engine()).replies
other = sqlite3.connect({str(path)!r}, isolation_level=None, check_same_thread=False)
other.execute("BEGIN IMMEDIATE")
async def main():
    put = asyncio.create_task(replies.put(REQUEST, Reply("{{}}")))
    await asyncio.sleep(0)
    put.cancel()
asyncio.run(main())
threading.Timer(0.1, other.close).start()
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=300, cwd=ROOT)
    assert replies_in(path) == 1
