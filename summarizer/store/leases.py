"""Leases: one process at a time works on an article or on batches, and a killed process blocks no other."""

import json
import os
import sqlite3
import sys
import threading
import time
import uuid
import weakref
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from socket import gethostname

from summarizer._async import call_after_fork
from summarizer.engines import ReplyCache
from summarizer.errors import StoreError
from summarizer.store.database import Database, insert

RENEWAL_INTERVAL = 5.0
"""Seconds between two renewals of a lease."""
TIMEOUT = 30.0
"""Seconds without a renewal after which a lease has expired."""


class LeaseHeld(StoreError):
    """Another process or call works on the article or the batches, has just finished, or has taken the lease over."""

    fatal = False
    retryable = True


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on what a key names, until it is released or another process takes it over."""

    key: str
    holder: str


@dataclass(frozen=True, slots=True)
class ArticleLease(Lease):
    """The right to work on one article with one engine, and the replies received so far."""

    article: int
    engine: int
    replies: ReplyCache


class LeaseManager:
    """Acquire, check, renew and release the leases of one `Store` object.

    A thread renews them until `close`, or until the store is dropped. On the same machine, the leases of a killed
    process are free at once, since its process id is looked up. On other machines they are free `TIMEOUT` seconds
    after the last renewal.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.reset_after_fork()
        call_after_fork(self)

    def reset_after_fork(self) -> None:
        """Become another holder, since the leases and the thread are the parent's."""
        self._holder = uuid.uuid4().hex
        self._held = set[str]()
        self._stop: threading.Event | None = None
        self._lock = threading.Lock()

    def acquire(self, connection: sqlite3.Connection, key: str, subject: str) -> Lease:
        """Record a lease in the current transaction.

        Args:
            connection: That of the transaction.
            key: What the lease is on.
            subject: What it is on, as messages name it: "this article".

        Raises:
            LeaseHeld: Another process or call holds it.
        """
        for row in connection.execute("SELECT holder, host, pid, renewed FROM leases WHERE key = ?", (key,)):
            is_own = row["holder"] == self._holder  # one that is not held could not be deleted
            if key in self._held if is_own else not has_expired(row["host"], row["pid"], row["renewed"]):
                raise LeaseHeld(f"Another process works on {subject}.")
        if self._stop is None:
            connection.execute("DELETE FROM leases WHERE renewed < ?", (time.time() - TIMEOUT,))
            self._stop = threading.Event()
            arguments = weakref.ref(self), self._stop
            threading.Thread(target=_keep_renewing, args=arguments, name="summarizer store", daemon=True).start()
        self._held.add(key)
        row = {"key": key, "holder": self._holder, "host": gethostname(), "pid": os.getpid(), "renewed": time.time()}
        insert(connection, "leases", row, on_conflict="REPLACE")
        return Lease(key, self._holder)

    def check(self, connection: sqlite3.Connection, lease: Lease) -> None:
        """Check in the current transaction that no other process has taken a lease over.

        Raises:
            LeaseHeld: One has, because this one did not renew it for `TIMEOUT` seconds. Its later work must be dropped.
        """
        values = (lease.key, lease.holder)
        if not connection.execute("SELECT 1 FROM leases WHERE key = ? AND holder = ?", values).fetchone():
            raise LeaseHeld("Another process took over the work, because this one did not respond for a while.")

    def release(self, lease: Lease) -> None:
        """Delete a lease, unless another process has taken it over; if the store is locked, at the next renewal."""
        self._held.discard(lease.key)
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM leases WHERE key = ? AND holder = ?", (lease.key, lease.holder))

    def close(self) -> None:
        """Release all leases and stop the thread."""
        with self._lock:
            if self._stop is not None:
                self._stop.set()
                self._stop = None
                with suppress(StoreError), self._database.transaction() as connection:
                    connection.execute("DELETE FROM leases WHERE holder = ?", (self._holder,))
            self._holder = uuid.uuid4().hex  # a lease that could not be deleted is renewed no more

    def renew(self, stop: threading.Event) -> None:
        """Renew the held leases unless ``stop`` is set: the database must not be opened again after it was closed."""
        with self._lock, suppress(StoreError):
            if not stop.is_set():
                with self._database.transaction() as connection:
                    is_held = "key IN (SELECT value FROM json_each(?))"
                    values = (self._holder, json.dumps(list(self._held)))
                    connection.execute(f"DELETE FROM leases WHERE holder = ? AND NOT {is_held}", values)  # noqa: S608
                    connection.execute("UPDATE leases SET renewed = ? WHERE holder = ?", (time.time(), self._holder))


def _keep_renewing(reference: "weakref.ref[LeaseManager]", stop: threading.Event) -> None:
    """Renew the leases until ``stop`` is set or the manager is dropped with its store."""
    while not stop.wait(RENEWAL_INTERVAL):
        manager = reference()
        if manager is None:
            return
        manager.renew(stop)
        del manager  # or this thread would keep the store open


def has_expired(host: str, pid: int, renewed: float) -> bool:
    """Return whether the holder of a lease no longer runs."""
    return time.time() - renewed > TIMEOUT or (host == gethostname() and not is_running(pid))


def is_running(pid: int) -> bool:
    """Return whether a process of this machine runs; true on Windows, where that is unknown."""
    if sys.platform == "win32":  # os.kill would end the process there; the timeout has to do
        return True
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except ProcessLookupError:
        return False
    except (OSError, IndexError):  # another user's process, or a system without /proc
        return True
    return state != "Z"  # killed, and its parent has not noticed yet
