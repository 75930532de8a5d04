"""The SQLite file beneath a store: opened, brought up to date, locked, and its failures put into words."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Literal, NoReturn, cast

from summarizer.errors import StoreError

APPLICATION_ID = 0x5355_4D5A
"""What marks a SQLite file as a store (``PRAGMA application_id``): "SUMZ"."""

VERSION = 1
"""The version of the layout (``PRAGMA user_version``); each has a script under ``schema/`` that leads to it."""


class Database:
    """One SQLite file, for all threads of a process, in write-ahead mode.

    Args:
        path: the file; it is made where there is none.
        wait: seconds to wait for another process that is writing.

    Raises:
        StoreError: it cannot be used, or is something else; nothing of it is changed then.
    """

    def __init__(self, path: Path, wait: float) -> None:
        self.path, self._wait = path, wait
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._file: os.stat_result | None = None
        with self._failures_told():
            self._opened()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is alone in writing: all of it is kept, or nothing.

        Raises:
            StoreError: it cannot be kept.
        """
        with self._lock, self._failures_told():
            connection = self._opened()
            self._check_still_there()
            self._begin(connection)
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """What ``query`` finds.

        Raises:
            StoreError: it cannot be read.
        """
        with self._lock, self._failures_told():
            return self._opened().execute(query, values).fetchall()

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            _check_place(self.path)
            connection = sqlite3.connect(self.path, timeout=self._wait, isolation_level=None, check_same_thread=False)
            try:
                self._prepare(connection)
            except BaseException:
                connection.close()
                raise
            connection.row_factory = sqlite3.Row
            self._connection, self._file = connection, self.path.stat()
        return self._connection

    def _begin(self, connection: sqlite3.Connection) -> None:
        """Begin to write. Who has waited in vain does not wait again, as for tidying up, until it was possible once."""
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            connection.execute("PRAGMA busy_timeout = 0")
            raise
        connection.execute(f"PRAGMA busy_timeout = {int(1000 * self._wait)}")

    def _check_still_there(self) -> None:
        """Look whether the path still leads to the file that is open: what is kept would else be lost with it.

        Raises:
            StoreError: it leads to another, or to none.
        """
        try:
            there = os.path.samestat(cast("os.stat_result", self._file), self.path.stat())
        except OSError:
            there = False
        if not there:
            raise StoreError(
                f"The store {self.path} was deleted, moved or replaced while it was in use.",
                hint="Put it back, and start again.",
            )

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Look whether this is a store, and bring it up to date."""
        if self._version(connection) != VERSION:
            connection.execute("BEGIN EXCLUSIVE")  # another process may be at it
            try:
                for number in range(self._version(connection) + 1, VERSION + 1):
                    for statement in _statements(script(number)):
                        connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {VERSION}")
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        self._write_ahead(connection)
        connection.execute("PRAGMA synchronous = NORMAL")  # a process that is killed loses nothing
        connection.execute("PRAGMA foreign_keys = ON")

    def _write_ahead(self, connection: sqlite3.Connection) -> None:
        """Switch to write-ahead mode, which SQLite itself does not wait for while another process opens the file."""
        ends = time.monotonic() + self._wait
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > ends:
                    raise
                time.sleep(0.005)
            else:
                return

    def _version(self, connection: sqlite3.Connection) -> int:
        """The version of the layout; 0 where there is nothing yet.

        Raises:
            StoreError: it is none of ours, or newer than this library.
        """
        application, version, tables = connection.execute(  # in one look: another process may be making it
            "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_master) "
            "FROM pragma_application_id, pragma_user_version"
        ).fetchone()
        if application != APPLICATION_ID and (tables or application):
            raise StoreError(
                f"{self.path} is a database of something else.", hint="Name another file; this one is left as it is."
            )
        if version > VERSION:
            raise StoreError(
                f"The store {self.path} was written by a newer version of this library "
                f"(layout {version}; this one knows {VERSION}).",
                hint="Update summarizer, or name another file.",
            )
        return int(version)

    @contextmanager
    def _failures_told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            _tell(error, self.path)
        except OSError as error:
            raise StoreError(f"The store {self.path} cannot be opened: {error.strerror or error}.") from error


def put(
    connection: sqlite3.Connection,
    table: str,
    row: Mapping[str, object],
    conflict: Literal["ABORT", "IGNORE", "REPLACE"] = "ABORT",
) -> int:
    """Insert ``row``, a value for each of the columns named; its number, where it was inserted."""
    columns, marks = ", ".join(row), ", ".join("?" * len(row))
    insert = f"INSERT OR {conflict} INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608  # names of our own
    return connection.execute(insert, tuple(row.values())).lastrowid or 0


def _check_place(path: Path) -> None:
    if str(path) == ":memory:":
        raise StoreError("A store is a file, which :memory: is not.", hint="Name one in a folder for temporary files.")
    if path.is_dir():
        raise StoreError(f"The store {path} is a directory.", hint="Name a file in it.")
    folder = path.absolute().parent
    if not folder.is_dir():
        raise StoreError(f"The store {path} cannot be made: there is no directory {folder}.", hint="Make it first.")
    if path.exists() and not os.access(path, os.W_OK):
        raise StoreError(f"The store {path} is write-protected.", hint="Change its permissions, or name another file.")


def script(number: int) -> str:
    """The statements that lead from the layout before to the ``number``-th."""
    return files("summarizer.store").joinpath("schema", f"{number}.sql").read_text(encoding="utf-8")


def _statements(script: str) -> Iterator[str]:
    """The statements of a script, one at a time: ``executescript`` would end the transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _tell(error: sqlite3.Error, path: Path) -> NoReturn:
    """Raise what a person can act on.

    Raises:
        StoreError: in place of ``error``.
    """
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # without its details
    match code:
        case sqlite3.SQLITE_FULL:
            said = StoreError(f"There is no room for the store {path}: the disk is full.", hint="Make room, and go on.")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            said = StoreError(
                f"The store {path} is locked by another program.",
                hint="Wait until that is done with it, or close it there.",
            )
            said.retryable = True
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            said = StoreError(
                f"The store {path} is write-protected.", hint="Change its permissions, or name another file."
            )
        case sqlite3.SQLITE_TOOBIG:
            said = StoreError(f"A text or a reply is longer than the store {path} can hold: 1,000 MB.")
            said.fatal = False  # others are shorter
        case sqlite3.SQLITE_NOTADB:
            said = StoreError(f"{path} is no store.", hint="Name another file; this one is left as it is.")
        case sqlite3.SQLITE_CORRUPT:
            said = StoreError(
                f"The store {path} is damaged.", hint="Take it from a backup, or rescue what it holds: sqlite3 .recover"
            )
        case sqlite3.SQLITE_CANTOPEN:
            said = StoreError(f"The store {path} cannot be opened.", hint="Is its directory write-protected?")
        case _:
            said = StoreError(f"The store {path} fails: {error}.")
    raise said from error
