"""Which processes are at work on a store, so that none waits for one that is gone."""

import contextlib
import os
import sqlite3
import sys
import threading
import time
from socket import gethostname

from summarizer.errors import StoreError
from summarizer.store.database import Database, put

BEAT = 5.0
"""Seconds after which a worker says again that it is there."""
SILENT = 30.0
"""Seconds without a word after which it is taken for gone."""


class Worker:
    """One process at work, as others on the same store see it.

    It says that it is there from its first use to `leave`. One that was killed is gone at once for those on the
    same machine, who look for its process, and after `SILENT` seconds for others.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._id: int | None = None
        self._over = threading.Event()
        self._lock = threading.Lock()

    def id(self, connection: sqlite3.Connection) -> int:
        """Its number in the table of workers; to be called in a transaction."""
        if self._id is None:
            for gone in _gone(connection):
                connection.execute("DELETE FROM workers WHERE id = ?", (gone,))
            self._over = threading.Event()
            threading.Thread(target=self._beat, args=(self._over,), name="summarizer store", daemon=True).start()
        if self._id is None or not _say(connection, self._id):  # a machine that slept is taken for gone
            self._id = put(connection, "workers", {"host": gethostname(), "pid": os.getpid(), "beat": time.time()})
        return self._id

    def leave(self) -> None:
        """Say good-bye: what it was at is free for others."""
        self._over.set()
        with self._lock:
            if self._id is not None:
                with contextlib.suppress(StoreError), self._database.writing() as connection:
                    connection.execute("DELETE FROM workers WHERE id = ?", (self._id,))
                self._id = None

    def _beat(self, over: threading.Event) -> None:
        while not over.wait(BEAT):
            with self._lock, contextlib.suppress(StoreError):
                if self._id is not None and not over.is_set():
                    with self._database.writing() as connection:
                        _say(connection, self._id)


def is_gone(host: str, pid: int, beat: float) -> bool:
    """Whether a worker is known to work no more."""
    return time.time() - beat > SILENT or (host == gethostname() and not _runs(pid))


def _say(connection: sqlite3.Connection, worker: int) -> bool:
    """Say that a worker is there; false where it was taken for gone."""
    return connection.execute("UPDATE workers SET beat = ? WHERE id = ?", (time.time(), worker)).rowcount > 0


def _gone(connection: sqlite3.Connection) -> list[int]:
    workers = connection.execute("SELECT id, host, pid, beat FROM workers").fetchall()
    return [number for number, host, pid, beat in workers if is_gone(host, pid, beat)]


def _runs(pid: int) -> bool:
    if sys.platform == "win32":  # where asking would end it; its silence has to do
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
