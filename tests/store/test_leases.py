"""Leases: two processes never work on the same article, and a killed one blocks no other."""

import os
import subprocess
import sys
import time
from pathlib import Path
from socket import gethostname

import pytest

from summarizer import Article, Brief, Store
from summarizer.errors import StoreError
from summarizer.outcome import Outcome
from summarizer.store import Database, LeaseHeld, leases
from tests.store.conftest import TEXT, engine
from tests.timing import HOLD, wait_until

ROOT = Path(__file__).parent.parent.parent
ACQUIRE = """
import sys, time
from summarizer import Article, Store
from tests.store.conftest import TEXT, engine
store = Store(sys.argv[1])
store.acquire(Article.from_text(TEXT), engine())
print("acquired", flush=True)
time.sleep(60)
"""


def test_lease_excludes_other_calls_until_it_is_released(path: Path, store: Store, article: Article) -> None:
    lease = store.acquire(article, engine())
    with Store(path) as other:
        for holder in (store, other):
            with pytest.raises(LeaseHeld):
                holder.acquire(article, engine())
        assert other.acquire(article, engine("huge"))
        store.leases.release(lease)
        assert other.acquire(article, engine())


def test_finished_article_cannot_be_acquired(path: Path, store: Store, article: Article, brief: Brief) -> None:
    store.save(store.acquire(article, engine()), Outcome(brief=brief))
    with Store(path) as other, pytest.raises(LeaseHeld, match="just finished"):
        other.acquire(article, engine())


def test_closed_store_releases_its_leases(path: Path, article: Article) -> None:
    with Store(path) as store:
        store.acquire(article, engine())
    with Store(path) as other:
        assert other.acquire(article, engine())


@pytest.mark.slow
def test_lease_of_a_killed_process_is_free_at_once(path: Path) -> None:
    article = Article.from_text(TEXT)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with (
        subprocess.Popen([sys.executable, "-c", ACQUIRE, str(path)], env=environment, stdout=subprocess.PIPE) as other,
        Store(path) as store,
    ):
        assert other.stdout
        assert other.stdout.readline() == b"acquired\n"
        with pytest.raises(LeaseHeld):
            store.acquire(article, engine())
        other.kill()
        other.wait()
        assert store.acquire(article, engine())


def test_lease_on_another_machine_expires_without_renewal() -> None:
    now = time.time()
    assert not leases.has_expired("elsewhere", os.getpid(), now)
    assert leases.has_expired("elsewhere", os.getpid(), now - leases.TIMEOUT - 1)
    assert not leases.has_expired(gethostname(), os.getpid(), now)


def test_lease_is_renewed(store: Store, article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "RENEWAL_INTERVAL", 0.01)
    store.acquire(article, engine())
    (first,) = store.database.query("SELECT renewed FROM leases")
    wait_until(lambda: store.database.query("SELECT renewed FROM leases")[0]["renewed"] > first["renewed"])


def test_lease_that_could_not_be_released_is_deleted_instead_of_renewed(
    path: Path, store: Store, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "RENEWAL_INTERVAL", 0.01)
    lease, kept = store.acquire(article, engine()), store.acquire(article, engine("huge"))
    with monkeypatch.context() as locked:
        locked.setattr(store.database, "transaction", lambda: Database(path.parent, 0).transaction())
        with pytest.raises(StoreError):
            store.leases.release(lease)
    wait_until(lambda: len(store.database.query("SELECT key FROM leases")) == 1)
    assert store.database.query("SELECT key FROM leases")[0]["key"] == kept.key


def test_release_leaves_a_lease_that_another_process_took_over(
    path: Path, store: Store, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "RENEWAL_INTERVAL", HOLD)
    lease = store.acquire(article, engine())
    with store.database.transaction() as connection:
        connection.execute("UPDATE leases SET renewed = 0")  # as after a long sleep of this machine
    with Store(path) as other:
        assert other.acquire(article, engine())
        store.leases.release(lease)
        with pytest.raises(LeaseHeld):
            store.acquire(article, engine())
    assert store.acquire(article, engine())


def test_expired_leases_are_deleted(store: Store, article: Article) -> None:
    other = Article.from_text("Another text.")
    store.acquire(other, engine())
    with store.database.transaction() as connection:
        connection.execute("UPDATE leases SET renewed = 0, holder = 'killed'")
    store.close()
    store.acquire(article, engine())
    assert len(store.database.query("SELECT * FROM leases")) == 1
