"""Leases: one process at a time works on an article, and a killed process blocks no other."""

import os
import sqlite3
import sys
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
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
    """Another process or another call works on the article, or has just finished it."""

    fatal = False
    retryable = True


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on one article with one engine, and the replies received so far."""

    article: int
    engine: int
    replies: ReplyCache


class LeaseManager:
    """Acquire, renew and release the leases of one `Store` object.

    A thread renews them until `close`. On the same machine, the leases of a killed process are free at once, since its
    process id is looked up. On other machines they are free `TIMEOUT` seconds after the last renewal.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.reset_after_fork()
        call_after_fork(self)

    def reset_after_fork(self) -> None:
        """Become another holder, since the leases and the thread are the parent's."""
        self._holder = uuid.uuid4().hex
        self._stop: threading.Event | None = None
        self._lock = threading.Lock()

    def acquire(self, connection: sqlite3.Connection, article: int, engine: int) -> None:
        """Record a lease in the current transaction, or raise `LeaseHeld` if another process or call holds it."""
        row = connection.execute(
            "SELECT host, pid, renewed FROM leases WHERE article = ? AND engine = ?", (article, engine)
        ).fetchone()
        if row and not has_expired(*row):
            raise LeaseHeld("Another process works on this article.")
        if self._stop is None:
            connection.execute("DELETE FROM leases WHERE renewed < ?", (time.time() - TIMEOUT,))
            self._stop = threading.Event()
            threading.Thread(target=self._renew, args=(self._stop,), name="summarizer store", daemon=True).start()
        lease = {"article": article, "engine": engine, "holder": self._holder}
        process = {"host": gethostname(), "pid": os.getpid(), "renewed": time.time()}
        insert(connection, "leases", lease | process, on_conflict="REPLACE")

    def release(self, connection: sqlite3.Connection, lease: Lease) -> None:
        """Delete a lease in the current transaction, unless another process has taken it over."""
        connection.execute(
            "DELETE FROM leases WHERE article = ? AND engine = ? AND holder = ?",
            (lease.article, lease.engine, self._holder),
        )

    def close(self) -> None:
        """Release all leases and stop the thread."""
        with self._lock:
            if self._stop is not None:
                self._stop.set()
                self._stop = None
                with suppress(StoreError), self._database.transaction() as connection:
                    connection.execute("DELETE FROM leases WHERE holder = ?", (self._holder,))

    def _renew(self, stop: threading.Event) -> None:
        while not stop.wait(RENEWAL_INTERVAL):
            with self._lock, suppress(StoreError):
                if not stop.is_set():  # the database must not be opened again after it was closed
                    with self._database.transaction() as connection:
                        connection.execute(
                            "UPDATE leases SET renewed = ? WHERE holder = ?", (time.time(), self._holder)
                        )


def has_expired(host: str, pid: int, renewed: float) -> bool:
    """Return whether the holder of a lease no longer runs."""
    return time.time() - renewed > TIMEOUT or (host == gethostname() and not is_running(pid))


def is_running(pid: int) -> bool:
    """Return whether a process of this machine runs; true on Windows, where it cannot be told."""
    if sys.platform == "win32":  # os.kill would end the process there; the timeout has to do
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's process
        pass
    return True
