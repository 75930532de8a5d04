"""Open, migrate and lock the SQLite file of a store, and explain its errors."""

import asyncio
import os
import shutil
import sqlite3
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Literal, ParamSpec, TypeVar, cast

from summarizer._async import CallQueue, call_after_fork
from summarizer._patterns import compile_lazily
from summarizer._text import replace_surrogates
from summarizer.errors import StoreError

P = ParamSpec("P")
T = TypeVar("T")

APPLICATION_ID = 0x5355_4D5A
"""``PRAGMA application_id`` of a store: "SUMZ" in ASCII."""

VERSION = 5
"""Version of the layout (``PRAGMA user_version``). The script ``schema/N.sql`` upgrades to version N, up to 4."""

OLDEST_READABLE = 4
"""The last layout of a script, which can be read as it is. In 5, foreign keys name columns for other programs."""

WRITE_PROTECTED = "The store {path} is write-protected.", "Its briefs can be read. To add some, name another file."
LOCKED = "The store {path} is locked by another program.", "Wait until it is done, or close it there."
MESSAGES = {
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_READONLY: WRITE_PROTECTED,
    sqlite3.SQLITE_PERM: WRITE_PROTECTED,
    sqlite3.SQLITE_CANTOPEN: ("The store {path} cannot be opened.", "Is its directory write-protected?"),
    sqlite3.SQLITE_CORRUPT: (
        "The store {path} is damaged.",
        "Restore a backup, or rescue the data with sqlite3 .recover",
    ),
    sqlite3.SQLITE_FULL: (
        "There is no room for the store {path}: the disk is full.",
        "Free some space and start again.",
    ),
    sqlite3.SQLITE_NOTADB: ("{path} is not a store.", "Name another file; this one is unchanged."),
    sqlite3.SQLITE_TOOBIG: ("A text or a reply is longer than the store {path} can hold: 1,000 MB.", ""),
}
"""The message and the hint for each error code of SQLite."""
_of_parents: list[sqlite3.Connection] = []
"""Connections of parent processes, which must not be closed here."""
_KEY_WITHOUT_COLUMN = compile_lazily(r'\bREFERENCES "?\w+\b"?(?!"? ?\()')
_CODES_OF_READ_ONLY = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN})


class Database:
    """A SQLite file in write-ahead mode, shared by all threads of a process.

    A file that cannot be written, such as one on a read-only mount, is opened for reading. The file is closed at the
    latest when this object is dropped.

    Args:
        path: The file; it is created if it does not exist.
        wait: Seconds to wait for another process that writes.

    Raises:
        StoreError: The file cannot be used, or is not a store; it is left unchanged.
    """

    def __init__(self, path: Path, wait: float) -> None:
        self.path, self.wait = path, wait
        self._lock = threading.RLock()
        self._calls = CallQueue("summarizer store")
        self._connection: sqlite3.Connection | None = None
        self._finalizers: list[weakref.finalize[..., Any]] = []
        """Remove the copy of a write-protected file with an older layout, and close the connection."""
        self._file: os.stat_result | None = None
        self.is_read_only = False
        with self._explain_errors():
            self._open()
        call_after_fork(self)

    def reset_after_fork(self) -> None:
        """Forget the connection of the parent process: SQLite forbids to use it, and even to close it."""
        self._lock = threading.RLock()
        while self._finalizers:  # the parent still uses the connection and the copy
            self._finalizers.pop().detach()
        if self._connection is not None:
            _of_parents.append(self._connection)
            self._connection = None

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function that uses the file, so that a locked file does not delay the event loop.

        Such calls are made one after another in a thread, each even if its caller was cancelled.
        """
        return await self._calls.run(function, *args, **kwargs)

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "asyncio.Future[T]":
        """Begin a call like `run`, and return the future of its result."""
        return self._calls.submit(function, *args, **kwargs)

    def finish(self) -> None:
        """Wait for the calls that `run` and `submit` have begun."""
        self._calls.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Run a write transaction: the block is committed as a whole, or rolled back after an error.

        Within a transaction of the same thread, the block is part of that one. Queries in the block read what it wrote.
        """
        with self._lock, self._explain_errors():
            connection = self._open()
            if connection.in_transaction:
                yield connection
                return
            if self.is_read_only:
                raise self._write_protected()
            self._check_not_moved()
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:  # do not wait again until a transaction could start
                connection.execute("PRAGMA busy_timeout = 0")
                raise
            connection.execute(f"PRAGMA busy_timeout = {int(1000 * self.wait)}")
            with connection:
                yield connection

    def query(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """Return the rows that a query selects."""
        with self._lock, self._explain_errors():
            return self._open().execute(sql, values).fetchall()

    def stream(self, sql: str, *values: object) -> Iterator[sqlite3.Row]:
        """Yield the rows that a query selects without holding all of them."""
        with self._lock, self._explain_errors():
            cursor = self._open().execute(sql, values)
        while True:
            with self._lock, self._explain_errors():
                rows = cursor.fetchmany(1000)
            if not rows:
                return
            yield from rows

    def copy_to(self, path: Path) -> None:
        """Write what the file has now to a new file."""
        with self._lock, self._explain_errors(), closing(sqlite3.connect(path)) as copy:
            self._open().backup(copy)

    def close(self) -> None:
        """Close the file. The next use opens it again."""
        self.finish()
        with self._lock:
            self._connection = None
            while self._finalizers:  # the last first: Windows removes no open file
                self._finalizers.pop()()

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            _check_path(self.path)
            connection = self._connect()
            self._finalizers.append(weakref.finalize(self, connection.close))
            self._finalizers[-1].atexit = False  # calls that were submitted are made after finalizers at exit
            connection.row_factory = sqlite3.Row
            self._connection, self._file = connection, self.path.stat()
        return self._connection

    def _connect(self) -> sqlite3.Connection:
        """Return a connection for reading and writing, or else one for reading, if need be to a copy."""
        self.is_read_only = self.path.exists() and not os.access(self.path, os.W_OK)
        if not self.is_read_only:
            try:
                return self._connect_to(str(self.path), self._prepare)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF not in _CODES_OF_READ_ONLY or not self.path.exists():
                    raise
                self.is_read_only = True
        connection = self._connect_for_reading()
        return connection if self._version(connection) >= OLDEST_READABLE else self._migrate_copy(connection)

    def _connect_for_reading(self) -> sqlite3.Connection:
        uri = f"{self.path.absolute().as_uri()}?mode=ro"
        with suppress(sqlite3.OperationalError):  # where write-ahead mode can create its files
            return self._connect_to(uri, self._prepare_reading)
        log = self.path.with_name(f"{self.path.name}-wal")
        if log.exists() and log.stat().st_size:  # transactions that are not in the file itself
            vfs = "win32-none" if sys.platform == "win32" else "unix-none"  # without locks
            return self._connect_to(f"{uri}&vfs={vfs}", self._prepare_reading, locking="EXCLUSIVE")
        return self._connect_to(f"{uri}&immutable=1", self._prepare_reading)

    def _connect_to(
        self, address: str, prepare: Callable[[sqlite3.Connection], None], *, locking: str = "NORMAL"
    ) -> sqlite3.Connection:
        is_uri = address.startswith("file:")
        connection = sqlite3.connect(
            address, timeout=self.wait, isolation_level=None, check_same_thread=False, uri=is_uri
        )
        try:
            connection.execute(f"PRAGMA locking_mode = {locking}")  # the exclusive mode needs no shared memory
            prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare_reading(self, connection: sqlite3.Connection) -> None:
        """Check that this is a store."""
        if not self._version(connection):
            raise self._write_protected()

    def _migrate_copy(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        """Return a connection to a temporary copy that has the current layout."""
        with closing(connection):
            folder = mkdtemp(prefix="summarizer-")
            self._finalizers.append(weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True))
            path = Path(folder, self.path.name)
            with closing(sqlite3.connect(path)) as copy:
                connection.backup(copy)
        return self._connect_to(str(path), self._prepare)

    def _write_protected(self) -> StoreError:
        return StoreError(WRITE_PROTECTED[0].format(path=self.path), hint=WRITE_PROTECTED[1])

    def _check_not_moved(self) -> None:
        """Check that the path still names the open file; otherwise new rows would be lost."""
        try:
            unchanged = os.path.samestat(cast("os.stat_result", self._file), self.path.stat())
        except OSError:
            unchanged = False
        if not unchanged:
            hint = "Put it back and start again."
            raise StoreError(f"The store {self.path} was deleted, moved or replaced while it was in use.", hint=hint)

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Check that this is a store, and migrate it to the current layout."""
        if self._version(connection) != VERSION:
            connection.execute("PRAGMA foreign_keys = OFF")  # scripts replace tables that others refer to
            connection.execute("BEGIN EXCLUSIVE")  # another process may be migrating it
            with connection:
                for number in range(self._version(connection) + 1, OLDEST_READABLE + 1):
                    for statement in _split_statements(layout_script(str(number))):
                        connection.execute(statement)
                _name_columns_of_keys(connection)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {VERSION}")
        self._enable_write_ahead(connection)
        connection.execute("PRAGMA synchronous = NORMAL")  # safe when a process is killed
        connection.execute("PRAGMA foreign_keys = ON")

    def _enable_write_ahead(self, connection: sqlite3.Connection) -> None:
        """Switch to write-ahead mode. SQLite itself does not wait while another process opens the file."""
        deadline = time.monotonic() + self.wait
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.005)
            else:
                return

    def _version(self, connection: sqlite3.Connection) -> int:
        """Return the version of the layout, 0 for an empty file, if this library can use it."""
        application, version, tables = connection.execute(  # in one query: another process may be creating it
            "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_master) "
            "FROM pragma_application_id, pragma_user_version"
        ).fetchone()
        if application != APPLICATION_ID and (tables or application):
            hint = "Name another file; this one is unchanged."
            raise StoreError(f"{self.path} is a database of another program.", hint=hint)
        if version > VERSION:
            raise StoreError(
                f"The store {self.path} was written by a newer version of this library "
                f"(layout {version}; this version supports {VERSION}).",
                hint="Update summarizer, or name another file.",
            )
        return int(version)

    @contextmanager
    def _explain_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # without the extended code
            message, hint = MESSAGES.get(code, ("The store {path} failed: {error}.", ""))
            explained = StoreError(message.format(path=self.path, error=error), hint=hint)
            explained.retryable = code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
            explained.fatal = code != sqlite3.SQLITE_TOOBIG  # other articles are shorter
            raise explained from error
        except OSError as error:
            raise StoreError(f"The store {self.path} cannot be opened: {error.strerror or error}.") from error


def insert(
    connection: sqlite3.Connection,
    table: str,
    row: Mapping[str, object],
    *,
    on_conflict: Literal["ABORT", "IGNORE", "REPLACE"] = "ABORT",
) -> int:
    """Insert ``row``, which maps columns to values, and return its id. SQLite cannot store lone surrogates."""
    columns, marks = ", ".join(row), ", ".join("?" * len(row))
    sql = f"INSERT OR {on_conflict} INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608  # names of our own
    values = (replace_surrogates(value) if isinstance(value, str) else value for value in row.values())
    return connection.execute(sql, tuple(values)).lastrowid or 0


def id_of(connection: sqlite3.Connection, table: str, row: Mapping[str, object]) -> int:
    """Return the id of the row with this key, and insert it if it is missing."""
    insert(connection, table, row, on_conflict="IGNORE")
    (number,) = connection.execute(f"SELECT id FROM {table} WHERE key = ?", (row["key"],)).fetchone()  # noqa: S608
    return int(number)


def _check_path(path: Path) -> None:
    if str(path) == ":memory:":
        raise StoreError("A store is a file, which :memory: is not.", hint="Name a file in a temporary folder.")
    if path.is_dir():
        raise StoreError(f"The store {path} is a directory.", hint="Name a file in it.")
    folder = path.absolute().parent
    if not folder.is_dir():
        hint = "Create it first."
        raise StoreError(f"The store {path} cannot be created: there is no directory {folder}.", hint=hint)


def layout_script(name: str) -> str:
    """Return a script of the folder ``schema``."""
    return files("summarizer.store").joinpath("schema", f"{name}.sql").read_text(encoding="utf-8")


def _split_statements(script: str) -> Iterator[str]:
    """Yield the statements of a script; ``executescript`` would end the transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _name_columns_of_keys(connection: sqlite3.Connection) -> None:
    """Rebuild the tables whose foreign keys name no column: Datasette fails on such keys."""
    sql = (
        "SELECT DISTINCT tables.name, tables.sql FROM sqlite_master AS tables, pragma_foreign_key_list(tables.name) "
        "WHERE tables.type = 'table' AND \"to\" IS NULL"
    )
    tables = connection.execute(sql).fetchall()
    names = {name for name, _ in tables}
    others = connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type IN ('index', 'trigger', 'view') AND sql NOTNULL"
    ).fetchall()
    views = [(name, sql) for kind, name, _, sql in others if kind == "view" and tables]
    for name, _ in views:  # SQLite refuses to rename a table while a view lacks one
        connection.execute(f"DROP VIEW {name}")
    for name, sql in tables:
        columns = _KEY_WITHOUT_COLUMN.sub(r"\g<0> (id)", sql[sql.index("(") :])
        connection.execute(f"CREATE TABLE rebuilt {columns}")
        connection.execute(f"INSERT INTO rebuilt SELECT * FROM {name}")  # noqa: S608  # names of our own
        connection.execute(f"DROP TABLE {name}")
        connection.execute(f"ALTER TABLE rebuilt RENAME TO {name}")
    for sql in [sql for kind, _, table, sql in others if kind != "view" and table in names] + [sql for _, sql in views]:
        connection.execute(sql)
