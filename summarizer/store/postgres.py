"""Replies of models in a PostgreSQL database, which workers on many machines share."""

import os
import socket
import threading
import time
import warnings
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Self, TypeVar

from summarizer._async import CallQueue, call_after_fork
from summarizer._lazy import import_extra
from summarizer._secrets import Redactor
from summarizer._text import replace_surrogates
from summarizer.errors import ConfigurationError, StoreError
from summarizer.models import Reply, Request
from summarizer.store.database import layout_script
from summarizer.store.replies import read_reply, reply_columns, request_key, usage_columns
from summarizer.usage import Usage

if TYPE_CHECKING:
    import psycopg

T = TypeVar("T")
VERSION = 1
"""Version of the layout, in the table ``summarizer_layout``."""
PAUSE = 15.0
"""Seconds after a failure of the server until it is tried again."""
MAX_UNSAVED = 10_000
"""Replies that wait in memory for a server that is down; the oldest ones are dropped."""
_LOCK = 0x5355_4D5A  # of the advisory lock, while the tables are created: "SUMZ" in ASCII
_SCHEMES = ("postgresql://", "postgres://")
_FORM = "It is postgresql://USER@HOST:PORT/DATABASE; special characters of a password are written as %XX."
_COLUMNS = ("model", "prompts", "reply", "raw", "finish_reason", "output", *usage_columns(Usage()), "retries", "waited")
_INSERT = (
    f"INSERT INTO summarizer_replies (key, {', '.join(_COLUMNS)}) "  # noqa: S608  # constants
    f"VALUES ({', '.join(f'%({column})s' for column in ('key', *_COLUMNS))}) "
    f"ON CONFLICT (key) DO UPDATE SET received = now(), {', '.join(f'{each} = excluded.{each}' for each in _COLUMNS)}"
)
_Row = Mapping[str, Any]


class RepliesWarning(UserWarning):
    """The database of replies cannot be used, or has not saved some."""


class _ModelReplies:
    """The replies of one model, by its identity."""

    def __init__(self, server: "_Server", model: Mapping[str, Any] | None) -> None:
        self._server, self._model = server, model

    def for_model(self, identity: Mapping[str, Any]) -> "_ModelReplies":
        """Return another model's replies, on the same connection."""
        return _ModelReplies(self._server, identity)

    async def get(self, request: Request) -> Reply | None:
        """Return this model's reply to this request; None if the server fails."""
        row = await self._server.calls.run(self._server.find, request_key(self._model, request))
        return None if row is None else _to_reply(row)

    async def put(self, request: Request, reply: Reply) -> None:
        """Save a reply, now or when the server is back."""
        key = request_key(self._model, request)
        await self._server.calls.run(self._server.change, key, _to_row(key, request, reply))

    async def discard(self, request: Request) -> None:
        """Delete a reply."""
        await self._server.calls.run(self._server.change, request_key(self._model, request), None)


class PostgresReplies(_ModelReplies):
    """A `ReplyCache` in a PostgreSQL database. Any number of processes can share it; each has one connection.

    A server that fails later costs no article: requests go to the model, with one warning. Their replies are kept in
    memory, and saved when the server is back, or by `close`.

    Args:
        url: The address of the database: ``postgresql://USER@HOST:PORT/DATABASE``. The password may also come from
            ``PGPASSWORD`` or the file ``~/.pgpass``.
        wait: Seconds to wait for the server.

    Raises:
        ConfigurationError: The address is invalid, or the extra ``postgres`` is not installed.
        StoreError: The server cannot be reached, or the table cannot be used.
    """

    def __init__(self, url: str, *, wait: float = 10.0) -> None:
        super().__init__(_Server(url, wait), None)

    @staticmethod
    def check_address(url: str) -> None:
        """Raise a ConfigurationError if an address is not one of PostgreSQL."""
        if not url.startswith(_SCHEMES):
            raise ConfigurationError("The address of replies is not one of PostgreSQL.", hint=_FORM)

    def close(self) -> None:
        """Save what waits for the server, and close the connection. The next use opens it again."""
        self._server.close()

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("PostgresReplies holds a password, so it cannot be pickled. Create one in each process.")

    def __repr__(self) -> str:
        return f"PostgresReplies({self._server.shown!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Server:
    """The connection of this process. All its calls are made in the thread of `calls`, one after another."""

    def __init__(self, url: str, wait: float) -> None:
        self._psycopg = import_extra("psycopg", "postgres", "Replies in PostgreSQL")
        self._parameters, self._longest = self._parse(url), wait + 2
        """The seconds of a statement after which its connection is cut."""
        self._parameters.setdefault("connect_timeout", str(max(2, round(wait))))
        self._parameters.setdefault("tcp_user_timeout", str(round(1000 * wait)))
        # Behind a lock on the table, or a server that hangs. PgBouncer knows no options, so an address may empty them.
        self._parameters.setdefault("options", f"-c statement_timeout={round(1000 * wait)}")
        self._parameters.setdefault("application_name", "summarizer")
        self._parameters["client_encoding"] = "UTF8"
        names = ("user", "host", "port", "dbname")
        user, host, port, name = (self._parameters.get(each, "") for each in names)
        self.shown = f"postgresql://{user and user + '@'}{'' if '/' in host else host}{port and ':' + port}/{name}"
        """The address without the password."""
        self.calls = CallQueue("summarizer replies")
        self._connection: psycopg.Connection[dict[str, Any]] | None = None
        self._unsaved: dict[str, _Row | None] = {}
        """Changes that the server does not have yet, by key; None deletes a reply."""
        self._resume_at = 0.0
        self._has_warned = False
        self._rejected = 0
        """Changes that the server would reject again and again."""
        call_after_fork(self)
        try:
            self._create_tables(self._connect())
        except self._psycopg.Error as error:
            self._disconnect()
            failed = StoreError(
                f"The replies at {self.shown} cannot be used: {self._explain(error)}",
                hint="Check the address, and whether the server runs; or leave replies=… out.",
            )
            failed.retryable = isinstance(error, self._psycopg.OperationalError)
            raise failed from None  # the cause may quote the address
        except BaseException:
            self._disconnect()
            raise

    def reset_after_fork(self) -> None:
        """Forget the connection and the unsaved replies of the parent process, which still has them."""
        self._connection = None  # psycopg closes no connection of another process
        self._unsaved = {}

    def find(self, key: str) -> _Row | None:
        """Return the row of a reply."""
        if key in self._unsaved:
            return self._unsaved[key]

        def select(connection: "psycopg.Connection[dict[str, Any]]") -> _Row | None:
            return connection.execute("SELECT * FROM summarizer_replies WHERE key = %s", (key,)).fetchone()

        return self._attempt(select)

    def change(self, key: str, row: _Row | None) -> None:
        """Save the row of a reply, or delete it."""
        self._unsaved.pop(key, None)
        self._unsaved[key] = row  # behind the older ones
        self._attempt()
        if len(self._unsaved) > MAX_UNSAVED:
            del self._unsaved[next(iter(self._unsaved))]

    def close(self) -> None:
        """Finish all calls, save what waits for the server, and close the connection."""
        self.calls.close()
        if self._unsaved:
            self._resume_at = 0.0
            self._attempt()
        if count := len(self._unsaved) + self._rejected:
            self._unsaved, self._rejected = {}, 0
            warnings.warn(f"Replies that were not saved at {self.shown}: {count:,}.", RepliesWarning, stacklevel=2)
        self._disconnect()

    def _attempt(self, do: "Callable[[psycopg.Connection[dict[str, Any]]], T | None]" = lambda _: None) -> T | None:
        """Save what is unsaved, then call a function with the connection. After a failure, warn and return None."""
        if time.monotonic() < self._resume_at:
            return None
        had_connection, started = self._connection is not None, time.monotonic()
        try:
            connection = self._connect()
            self._save(connection)
            result = do(connection)
        except self._psycopg.Error as error:
            self._disconnect()
            is_quick = time.monotonic() - started < self._longest
            if had_connection and is_quick and isinstance(error, self._psycopg.OperationalError):  # it was restarted?
                return self._attempt(do)
            self._resume_at = time.monotonic() + PAUSE
            if not self._has_warned:
                self._has_warned = True
                problem = f"The replies at {self.shown} cannot be used now: {self._explain(error)}"
                warnings.warn(f"{problem} Articles go on without them.", RepliesWarning, stacklevel=2)
            return None
        self._has_warned = False
        return result

    def _save(self, connection: "psycopg.Connection[dict[str, Any]]") -> None:
        """Save what is unsaved in one transaction. If that is rejected for good, save each row that is accepted."""
        errors = self._psycopg.errors
        rejections = (errors.DataError, errors.InsufficientPrivilege, errors.ReadOnlySqlTransaction)
        changes = list(self._unsaved.items())
        with suppress(*rejections):
            with connection.transaction() if changes else nullcontext():
                for key, row in changes:
                    self._write(connection, key, row)
            self._unsaved.clear()
        for key, row in changes if self._unsaved else ():
            try:
                self._write(connection, key, row)
            except rejections as error:
                if not self._rejected:
                    warnings.warn(
                        f"A reply cannot be saved at {self.shown}: {self._explain(error)}", RepliesWarning, stacklevel=2
                    )
                self._rejected += 1
            del self._unsaved[key]

    def _write(self, connection: "psycopg.Connection[dict[str, Any]]", key: str, row: _Row | None) -> None:
        if row is None:
            connection.execute("DELETE FROM summarizer_replies WHERE key = %s", (key,))
        else:
            connection.execute(_INSERT, row)

    def _connect(self) -> "psycopg.Connection[dict[str, Any]]":
        if self._connection is None:
            # Poolers that share connections between clients know no prepared statements.
            from psycopg.rows import dict_row

            self._connection = self._psycopg.connect(
                **self._parameters, autocommit=True, prepare_threshold=None, row_factory=dict_row
            )
            wait = partial(self._wait, self._connection, self._connection.wait)
            self._connection.wait = wait  # type: ignore[method-assign]
        return self._connection

    def _wait(self, connection: "psycopg.Connection[Any]", wait: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """Wait for an answer, and cut the connection if none comes: a server that hangs enforces no timeout."""
        with socket.fromfd(connection.fileno(), socket.AF_INET, socket.SOCK_STREAM) as copy:
            timer = threading.Timer(self._longest, _cut, [copy])
            timer.daemon = True
            timer.start()
            try:
                return wait(*args, **options)
            finally:
                timer.cancel()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _create_tables(self, connection: "psycopg.Connection[dict[str, Any]]") -> None:
        """Create the tables unless they exist, which needs no right to create any."""
        encoding = connection.info.parameter_status("server_encoding")
        if encoding not in (None, "UTF8"):
            raise StoreError(
                f"The database at {self.shown} has the encoding {encoding}, which lacks characters of articles.",
                hint="Create one with the encoding UTF8.",
            )
        version = self._version(connection)
        if version is None:
            with connection.transaction():
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
                if (version := self._version(connection)) is None:
                    connection.execute(layout_script(f"postgres_{VERSION}").encode())
                    version = VERSION
        if version != VERSION:
            raise StoreError(
                f"The replies at {self.shown} have layout {version}; this version of the library supports {VERSION}.",
                hint="Use one version of summarizer on all machines, or another database.",
            )

    def _version(self, connection: "psycopg.Connection[dict[str, Any]]") -> int | None:
        # to_regclass would look into a cache from before the wait for the lock
        found = "SELECT 1 FROM pg_class WHERE relname = 'summarizer_layout' AND pg_table_is_visible(oid)"
        row = connection.execute(f"SELECT EXISTS ({found}) AS is_there").fetchone()
        if not (row and row["is_there"]):
            return None
        row = connection.execute("SELECT max(version) AS version FROM summarizer_layout").fetchone()
        return row["version"] if row else None

    def _parse(self, url: str) -> dict[str, Any]:
        """Return the parameters of an address. No error repeats it: it may hold a password in the wrong place."""
        PostgresReplies.check_address(url)
        from psycopg.conninfo import conninfo_to_dict

        try:
            parameters = conninfo_to_dict(url)
        except self._psycopg.Error:
            parameters = {"host": "@"}
        ports = str(parameters.get("port") or "0").split(",")
        is_misread = any("@" in str(parameters.get(part) or "") for part in ("host", "dbname"))
        if is_misread or not all(port.isascii() and port.isdigit() for port in ports):
            raise ConfigurationError("The address of replies is invalid.", hint=_FORM) from None
        return parameters

    def _explain(self, error: "psycopg.Error") -> str:
        """Return the first line of an error, without the password."""
        text = next(iter(str(error).strip().splitlines()), type(error).__name__).rstrip(".")
        secrets = filter(None, (self._parameters.get("password"), os.environ.get("PGPASSWORD")))
        return f"{Redactor(secrets, mark='***', min_length=1).redact_learned(text)}."


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):  # it was closed a moment ago
        connection.shutdown(socket.SHUT_RDWR)


def _to_row(key: str, request: Request, reply: Reply) -> _Row:
    storable = replace_surrogates(reply.text).replace("\0", "")  # PostgreSQL's texts have neither
    is_text = storable == reply.text
    return {
        "key": key,
        "reply": reply.text if is_text else None,
        "raw": None if is_text else reply.text.encode("utf-8", "surrogatepass"),
        **reply_columns(request, reply),
    }


def _to_reply(row: _Row) -> Reply:
    return read_reply(row, row["reply"] if row["raw"] is None else bytes(row["raw"]).decode("utf-8", "surrogatepass"))
