"""The journal: every request, reply and batch is recorded in a store's file before the next step is taken."""

import json
import os
import sqlite3
import threading
import uuid
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, astuple, dataclass, field, fields, replace
from socket import gethostname
from time import time
from typing import Any, Literal

from summarizer import errors
from summarizer._text import replace_surrogates
from summarizer.errors import ContextTooLong, ModelError, StoreError
from summarizer.models import Answer, Capabilities, Rejection, Reply
from summarizer.store import Database, has_expired, insert
from summarizer.usage import Usage

JobState = Literal["planned", "uploading", "uploaded", "creating", "running", "ended", "collected", "done"]
"""Requests were chosen; the file is being uploaded, or is; the batch is being created, or runs, or has ended; its
replies were saved; the server's files were deleted. The word is written before the step that it names begins."""
RENEWAL_INTERVAL = 5.0
"""Seconds between two renewals of the lease, as in a store."""
_AT_ONCE = 500
_LAYOUT = """
CREATE TABLE IF NOT EXISTS batch_requests (
    number   INTEGER PRIMARY KEY,
    key      TEXT    NOT NULL UNIQUE,     -- custom_id: hash of the model and the request
    model    TEXT    NOT NULL,            -- hash of the model's identity
    state    TEXT    NOT NULL,            -- new, sent, answered
    wanted   TEXT    NOT NULL,            -- the latest run that asked for the reply
    job      TEXT,
    body     BLOB,                        -- JSON, compressed, NULL once answered
    sent     TEXT    NOT NULL,            -- JSON: what the request makes use of
    size     INTEGER NOT NULL,            -- bytes of the body
    attempts INTEGER NOT NULL DEFAULT 0,  -- batches that asked
    answer   BLOB,                        -- JSON, compressed
    earlier  BLOB,                        -- an answer that was cut off by a limit that was raised
    is_error INTEGER NOT NULL DEFAULT 0,  -- 1: the answer is an error
    taken    INTEGER NOT NULL DEFAULT 0   -- 1: the answer was handed out
);
CREATE INDEX IF NOT EXISTS batch_requests_by_state ON batch_requests (model, state);
CREATE INDEX IF NOT EXISTS batch_requests_by_job ON batch_requests (job);
CREATE TABLE IF NOT EXISTS batch_jobs (
    number    INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,       -- in the file's name and in the batch's metadata
    model     TEXT NOT NULL,
    name      TEXT NOT NULL,              -- of the model
    server    TEXT NOT NULL,
    state     TEXT NOT NULL,
    requests  INTEGER NOT NULL,
    file      TEXT,                       -- the server's ids
    batch     TEXT,
    output    TEXT,
    errors    TEXT,
    status    TEXT,                       -- as the server last told
    completed INTEGER NOT NULL DEFAULT 0,
    failed    INTEGER NOT NULL DEFAULT 0,
    unanswered INTEGER NOT NULL DEFAULT 0, -- requests that an ended batch did not answer
    started   REAL,                       -- seconds since 1970: its latest step towards the server
    submitted REAL,
    ended     REAL
);
CREATE TABLE IF NOT EXISTS batch_models (
    model        TEXT PRIMARY KEY,
    capabilities TEXT,                    -- JSON: what the server was found to accept
    requests     INTEGER,                 -- the most in one batch, by the server's queue limit
    batches      INTEGER                  -- the most at once
);
CREATE TABLE IF NOT EXISTS batch_lease (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    holder  TEXT NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL, renewed REAL NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A recorded request."""

    key: str
    state: str
    sent: Capabilities
    attempts: int
    answer: Answer | None = field(default=None, repr=False)
    earlier: Answer | None = field(default=None, repr=False)


@dataclass(slots=True)
class Job:
    """A batch of requests, from its plan to its end."""

    id: str
    model: str
    """The hash of the model's identity."""
    name: str
    """The model's name."""
    server: str
    """The server's address, without secrets."""
    state: JobState
    requests: int
    file: str | None = None
    batch: str | None = None
    output: str | None = None
    errors: str | None = None
    status: str | None = None
    completed: int = 0
    failed: int = 0
    unanswered: int = 0
    started: float | None = None
    submitted: float | None = None
    ended: float | None = None

    @property
    def file_name(self) -> str:
        """The name of the uploaded file."""
        return f"summarizer-{self.id}.jsonl"


@dataclass(frozen=True, slots=True)
class QueueLimit:
    """What the server's queue takes, as far as it told; None without a limit."""

    requests: int | None = None
    batches: int | None = None


@dataclass(frozen=True, slots=True)
class BatchCounts:
    """The counts of several batches, as the server last told."""

    batches: int = 0
    """Batches that have not ended."""
    requests: int = 0
    completed: int = 0
    failed: int = 0
    unanswered: int = 0
    """Requests that ended batches did not answer: they expired, or were cancelled or lost."""
    submitted: float | None = None
    """Seconds since 1970: when the oldest open batch was submitted."""

    def __add__(self, other: "BatchCounts") -> "BatchCounts":
        numbers = zip(astuple(self)[:-1], astuple(other)[:-1], strict=True)
        times = [time for time in (self.submitted, other.submitted) if time is not None]
        return replace(BatchCounts(*map(sum, numbers)), submitted=min(times, default=None))


class LeaseTaken(StoreError):
    """Another process submits or collects at this moment."""

    fatal = False
    retryable = True


class Journal:
    """The requests and batches of one model in a file that several processes may share.

    Args:
        database: The file.
        model: The hash of the model's identity.
        run: Names the run that asks for replies.
    """

    def __init__(self, database: Database, model: str = "", run: str = "") -> None:
        self._database, self._model, self._run = database, model, run
        self._taken: list[str] = []
        self._lock = threading.Lock()
        if not database.is_read_only:
            with database.transaction() as connection:
                for statement in filter(str.strip, _LAYOUT.split(";")):
                    connection.execute(statement)

    def find_or_record(self, key: str, body: Mapping[str, Any], sent: Capabilities) -> Entry:
        """Return a request's entry, which is new if there was none, and note that this run wants its reply."""
        rows = self._database.query("SELECT * FROM batch_requests WHERE key = ?", key)
        if rows and (rows[0]["state"] == "answered" or rows[0]["wanted"] == self._run):
            return _read_entry(rows[0])
        with self._database.transaction() as connection:
            if rows:
                connection.execute("UPDATE batch_requests SET wanted = ? WHERE key = ?", (self._run, key))
            else:
                row = {"key": key, "model": self._model, "state": "new", "wanted": self._run}
                insert(connection, "batch_requests", row | _request_columns(body, sent), on_conflict="IGNORE")
            return _read_entry(connection.execute("SELECT * FROM batch_requests WHERE key = ?", (key,)).fetchone())

    def ask_again(
        self, key: str, body: Mapping[str, Any], sent: Capabilities, *, earlier: Answer | None = None
    ) -> None:
        """Let the next batch ask an answered request once more, in another form."""
        values = {**_request_columns(body, sent), "key": key, "wanted": self._run, "kept": earlier and _pack(earlier)}
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE batch_requests SET state = 'new', job = NULL, answer = NULL, taken = 0, wanted = :wanted, "
                "body = :body, sent = :sent, size = :size, earlier = coalesce(:kept, earlier) "
                "WHERE key = :key AND state = 'answered'",
                values,
            )

    def take(self, key: str) -> None:
        """Note that an answer was handed out; it may be forgotten when the run is over."""
        with self._lock:
            self._taken.append(key)
            if len(self._taken) < _AT_ONCE:
                return
        self.flush()

    def flush(self) -> None:
        """Write down which answers were handed out."""
        with self._lock:
            taken, self._taken = self._taken, []
        if taken:
            with self._database.transaction() as connection:
                connection.executemany("UPDATE batch_requests SET taken = 1 WHERE key = ?", [(key,) for key in taken])

    def forget(self, *, saved_only: bool = False) -> None:
        """Delete answers that were handed out: a store has saved them, or they were unusable.

        With ``saved_only``, a reply that this file has not saved otherwise stays.
        """
        self.flush()
        condition = " AND key IN (SELECT key FROM replies)" if saved_only else ""
        with self._database.transaction() as connection:
            connection.execute(
                f"DELETE FROM batch_requests WHERE model = ? AND state = 'answered' AND taken{condition}",  # noqa: S608
                (self._model,),
            )

    def forget_one(self, key: str) -> None:
        """Delete an answer whose request is to be asked anew."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM batch_requests WHERE key = ? AND state = 'answered'", (key,))

    def ready(self, keys: Sequence[str], *, direct: bool) -> list[str]:
        """Return those of the keys that are answered or, with ``direct``, that a batch has not answered."""
        ready = "state = 'answered'" + " OR (state = 'new' AND attempts > 0)" * direct
        found: list[str] = []
        for start in range(0, len(keys), _AT_ONCE):
            part = keys[start : start + _AT_ONCE]
            sql = f"SELECT key FROM batch_requests WHERE key IN ({', '.join('?' * len(part))}) AND ({ready})"  # noqa: S608
            found += [key for (key,) in self._database.query(sql, *part)]
        return found

    def count_new(self, *, first_only: bool = False) -> int:
        """Return the requests of this run that no batch has; with ``first_only``, those that none ever had."""
        return self._count("state = 'new' AND wanted = ?" + " AND attempts = 0" * first_only, self._run)

    def count_sent(self) -> int:
        """Return the requests in batches that have not ended."""
        return self._count("state = 'sent'")

    def _count(self, condition: str, *values: object) -> int:
        sql = f"SELECT count(*) FROM batch_requests WHERE model = ? AND {condition}"  # noqa: S608  # of our own
        ((count,),) = self._database.query(sql, self._model, *values)
        return int(count)

    def new_bodies(self) -> Iterator[tuple[str, bytes]]:
        """Yield key and body of the new requests of this run, in the order of their recording."""
        sql = "SELECT key, body FROM batch_requests WHERE model = ? AND state = 'new' AND wanted = ? ORDER BY number"
        for row in self._database.stream(sql, self._model, self._run):
            yield row["key"], zlib.decompress(row["body"])

    def bodies(self, job: Job) -> Iterator[tuple[str, bytes]]:
        """Yield key and body of the requests of a job, in the order of their recording."""
        sql = "SELECT key, body FROM batch_requests WHERE job = ? AND state = 'sent' ORDER BY number"
        for row in self._database.stream(sql, job.id):
            yield row["key"], zlib.decompress(row["body"])

    def keys(self, job: Job) -> list[str]:
        """Return the keys of the requests of a job, in the order of the lines of its file."""
        return [
            key
            for (key,) in self._database.query("SELECT key FROM batch_requests WHERE job = ? ORDER BY number", job.id)
        ]

    def plan(
        self, name: str, server: str, most: int, most_bytes: int, overhead: int, *, first_only: bool
    ) -> Job | None:
        """Put the oldest new requests of this run into a job, within the limits of a file; None without any.

        Args:
            name: The model's name.
            server: The server's address, without secrets.
            most: Requests in the file at most.
            most_bytes: Bytes of the file at most.
            overhead: Bytes of a line beside its body.
            first_only: Whether to leave out requests that a batch has not answered before.
        """
        job = Job(uuid.uuid4().hex, self._model, name, server, "planned", 0)
        condition = "model = ? AND state = 'new' AND wanted = ?" + " AND attempts = 0" * first_only
        sql = f"SELECT number, size FROM batch_requests WHERE {condition} ORDER BY number LIMIT ?"  # noqa: S608
        with self._database.transaction() as connection:
            numbers, size = list[int](), 0
            for number, length in connection.execute(sql, (self._model, self._run, most)).fetchall():
                if numbers and size + length + overhead > most_bytes:
                    break
                numbers.append(number)
                size += length + overhead
            if not numbers:
                return None
            connection.executemany(
                "UPDATE batch_requests SET state = 'sent', job = ?, attempts = attempts + 1 WHERE number = ?",
                [(job.id, number) for number in numbers],
            )
            job.requests = len(numbers)
            insert(connection, "batch_jobs", asdict(job))
        return job

    def jobs(self, *, is_over: bool = False) -> list[Job]:
        """Return the jobs that are not done, or those that are, of all models without one, in the order of plans."""
        sql = "SELECT * FROM batch_jobs WHERE ? IN (model, '') AND (state = 'done') = ? ORDER BY number"
        rows = self._database.query(sql, self._model, is_over)
        return [Job(**{each.name: row[each.name] for each in fields(Job)}) for row in rows]

    def counts(self, since: float) -> BatchCounts:
        """Return the counts of the batches that are open, or that ended after ``since``."""
        is_open = "state IN ('planned', 'uploading', 'uploaded', 'creating', 'running', 'ended')"
        (row,) = self._database.query(
            f"SELECT coalesce(sum({is_open}), 0), coalesce(sum(requests), 0), coalesce(sum(completed), 0), "  # noqa: S608
            f"coalesce(sum(failed), 0), coalesce(sum(unanswered), 0), min(CASE WHEN {is_open} THEN submitted END) "
            f"FROM batch_jobs WHERE model = ? AND ({is_open} OR ended >= ?)",
            self._model,
            since,
        )
        return BatchCounts(*row)

    def save(self, job: Job, **changes: Any) -> None:
        """Change fields of a job, here and in the file."""
        for name, value in changes.items():
            setattr(job, name, value)
        marks = ", ".join(f"{name} = :{name}" for name in changes)
        with self._database.transaction() as connection:
            connection.execute(f"UPDATE batch_jobs SET {marks} WHERE id = :id", {**changes, "id": job.id})  # noqa: S608

    def answer(self, answers: Iterable[tuple[str, Answer]], job: Job | None = None) -> int:
        """Save answers to requests, of a job or of a file, and return how many were new.

        A reply replaces an error, and nothing replaces a reply.
        """
        count = 0
        owner = "AND job = :job" if job else ""
        sql = (
            "UPDATE batch_requests SET state = 'answered', answer = :answer, is_error = :is_error, body = NULL, "  # noqa: S608
            f"taken = 0 WHERE key = :key AND (state <> 'answered' OR is_error > :is_error) {owner}"
        )
        with self._database.transaction() as connection:
            for key, answer in answers:
                values = {"key": key, "answer": _pack(answer), "is_error": answer.reply is None, "job": job and job.id}
                count += connection.execute(sql, values).rowcount
        return count

    def requeue(self, job: Job, *, is_attempt: bool = True) -> int:
        """Make the requests of a job that have no answer new again, and return their number."""
        with self._database.transaction() as connection:
            back = "" if is_attempt else ", attempts = attempts - 1"
            return connection.execute(
                f"UPDATE batch_requests SET state = 'new', job = NULL{back} WHERE job = ? AND state = 'sent'",  # noqa: S608
                (job.id,),
            ).rowcount

    def attempts(self, keys: Iterable[str]) -> dict[str, int]:
        """Return how many batches have asked each of a few requests of this model."""
        listed = list(keys)
        marks = ", ".join("?" * len(listed))
        sql = f"SELECT key, attempts FROM batch_requests WHERE model = ? AND key IN ({marks})"  # noqa: S608
        return {row["key"]: row["attempts"] for row in self._database.query(sql, self._model, *listed)}

    def unanswered(self, job: Job, attempts: int) -> list[str]:
        """Return the keys of a job's requests that have no answer after this many attempts."""
        sql = "SELECT key FROM batch_requests WHERE job = ? AND state = 'sent' AND attempts >= ?"
        return [row["key"] for row in self._database.query(sql, job.id, attempts)]

    @property
    def queue_limit(self) -> QueueLimit:
        """The queue limit that the server told."""
        rows = self._database.query("SELECT requests, batches FROM batch_models WHERE model = ?", self._model)
        return QueueLimit(*rows[0]) if rows else QueueLimit()

    @property
    def capabilities(self) -> Capabilities | None:
        """What the server was found to accept."""
        rows = self._database.query("SELECT capabilities FROM batch_models WHERE model = ?", self._model)
        return _read_capabilities(rows[0][0]) if rows and rows[0][0] else None

    def note_model(self, **values: object) -> None:
        """Save capabilities (as JSON) or limits of the model's server."""
        marks = ", ".join(f"{name} = :{name}" for name in values)
        with self._database.transaction() as connection:
            insert(connection, "batch_models", {"model": self._model}, on_conflict="IGNORE")
            sql = f"UPDATE batch_models SET {marks} WHERE model = :model"  # noqa: S608
            connection.execute(sql, {**values, "model": self._model})

    @contextmanager
    def lease(self) -> Iterator[None]:
        """Keep other processes from submitting and collecting while the block runs.

        Raises:
            LeaseTaken: Another process does at this moment. That of a killed process does not count.
        """
        holder = uuid.uuid4().hex
        process = {"one": 1, "holder": holder, "host": gethostname(), "pid": os.getpid()}
        with self._database.transaction() as connection:
            row = connection.execute("SELECT host, pid, renewed FROM batch_lease").fetchone()
            if row and not has_expired(*row):
                raise LeaseTaken("Another process works on the batches.")
            insert(connection, "batch_lease", process | {"renewed": time()}, on_conflict="REPLACE")
        is_over = threading.Event()

        def renew() -> None:
            while not is_over.wait(RENEWAL_INTERVAL):
                with suppress(StoreError), self._database.transaction() as connection:
                    connection.execute("UPDATE batch_lease SET renewed = ? WHERE holder = ?", (time(), holder))

        thread = threading.Thread(target=renew, name="summarizer batches", daemon=True)
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()
            with self._database.transaction() as connection:
                connection.execute("DELETE FROM batch_lease WHERE holder = ?", (holder,))


def _request_columns(body: Mapping[str, Any], sent: Capabilities) -> dict[str, object]:
    text = json.dumps(body, ensure_ascii=False).encode()
    return {"body": zlib.compress(text, 1), "sent": json.dumps(asdict(sent)), "size": len(text)}


def _read_entry(row: sqlite3.Row) -> Entry:
    answer, earlier = (row[name] and _unpack(row[name]) for name in ("answer", "earlier"))
    return Entry(row["key"], row["state"], _read_capabilities(row["sent"]), row["attempts"], answer, earlier)


def _read_capabilities(text: str) -> Capabilities:
    values: dict[str, Any] = json.loads(text)
    lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return Capabilities(**(values | lists))


def _pack(answer: Answer) -> bytes:
    """Return an answer as compressed JSON."""
    reply, error, rejection = answer.reply, answer.error, answer.rejection
    fields: dict[str, Any] = {"is_empty": answer.is_empty, "rejection": rejection and asdict(rejection)}
    if reply:
        fields["reply"] = {
            "text": reply.text,
            "finish_reason": reply.finish_reason,
            "usage": asdict(reply.usage),
            "model": reply.model,
        }
    if error:
        fields["error"] = {
            "kind": type(error).__name__,
            "message": replace_surrogates(error.message),
            "hint": error.hint,
            "status": error.status,
            "usage": asdict(error.usage),
            "retryable": error.retryable,
            "fatal": error.fatal,
            "context": error.context if isinstance(error, ContextTooLong) else None,
        }
    return zlib.compress(json.dumps(fields).encode(), 1)


def _unpack(data: bytes) -> Answer:
    fields = json.loads(zlib.decompress(data))
    reply, error, rejection = (fields.get(name) for name in ("reply", "error", "rejection"))
    return Answer(
        reply=Reply(**{**reply, "usage": Usage(**reply["usage"])}) if reply else None,
        error=_restore_error(error) if error else None,
        rejection=Rejection(**rejection) if rejection else None,
        is_empty=fields["is_empty"],
    )


def _restore_error(fields: Mapping[str, Any]) -> ModelError:
    kind = getattr(errors, fields["kind"], ModelError)
    kind = kind if issubclass(kind, ModelError) else ModelError
    usage = Usage(**fields["usage"])
    error: ModelError = kind(fields["message"], hint=fields["hint"], status=fields["status"], usage=usage)
    error.retryable, error.fatal = fields["retryable"], fields["fatal"]
    if isinstance(error, ContextTooLong):
        error.context = fields["context"]
    return error
