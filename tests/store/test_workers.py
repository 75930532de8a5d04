"""Who is at work, and who is gone: nobody waits for a process that was killed."""

import os
import subprocess
import sys
import time
from pathlib import Path
from socket import gethostname

import pytest

from summarizer import Article, Store
from summarizer.store import workers
from tests.store.conftest import TEXT, engine

ROOT = Path(__file__).parent.parent.parent
CLAIMING = """
import sys, time
from summarizer import Article, Store
from tests.store.conftest import TEXT, engine
store = Store(sys.argv[1])
assert store.claim(Article.from_text(TEXT), engine())
print("claimed", flush=True)
time.sleep(60)
"""


def test_what_a_killed_process_was_at_is_free_at_once(path: Path) -> None:
    article = Article.from_text(TEXT)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with (
        subprocess.Popen([sys.executable, "-c", CLAIMING, str(path)], env=environment, stdout=subprocess.PIPE) as other,
        Store(path) as store,
    ):
        assert other.stdout
        assert other.stdout.readline() == b"claimed\n"
        assert store.claim(article, engine()) is None
        other.kill()
        other.wait()
        assert store.claim(article, engine())


def test_a_worker_elsewhere_is_gone_when_nothing_was_heard_of_it_for_a_while() -> None:
    now = time.time()
    assert not workers.is_gone("elsewhere", os.getpid(), now)
    assert workers.is_gone("elsewhere", os.getpid(), now - workers.SILENT - 1)
    assert not workers.is_gone(gethostname(), os.getpid(), now)


def test_a_worker_says_again_and_again_that_it_is_there(
    store: Store, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "BEAT", 0.01)
    store.claim(article, engine())
    (first,) = store._database.rows("SELECT beat FROM workers")
    for _ in range(500):
        (now,) = store._database.rows("SELECT beat FROM workers")
        if now["beat"] > first["beat"]:
            break
        time.sleep(0.01)
    assert now["beat"] > first["beat"]


def test_a_worker_that_was_taken_for_gone_can_go_on(store: Store, article: Article) -> None:
    claim = store.claim(article, engine())
    assert claim
    with store._database.writing() as connection:
        connection.execute("DELETE FROM workers")  # as another process does after a long sleep of this one
    assert store.claim(article, engine("huge"))
    store.release(claim)


def test_rows_of_workers_that_are_gone_are_cleared_away(path: Path, article: Article) -> None:
    with Store(path) as store:
        with store._database.writing() as connection:
            connection.execute("INSERT INTO workers (host, pid, beat) VALUES ('elsewhere', 1, 0)")
        store.claim(article, engine())
        assert [row["host"] for row in store._database.rows("SELECT host FROM workers")] == [gethostname()]
