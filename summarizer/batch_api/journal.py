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
from summarizer.models import Answer, Capabilities, Rejection
from summarizer.store import Database, has_expired, insert, pack_reply, unpack_reply
from summarizer.usage import Usage

JobState = Literal["planned", "uploaded", "creating", "running", "ended", "collected", "done"]
"""Requests were chosen; their file is at the server; the batch may have been created; it runs, or has ended; its
replies were saved; the server's files were deleted."""
KEPT = 7 * 86_400.0
"""Seconds after which requests that no later run wants, and batches that are done, are deleted."""
RENEWAL_INTERVAL = 5.0
"""Seconds between two renewals of the lease, as in a store."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """A recorded request."""

    key: str
    state: str
    sent: Capabilities
    attempts: int
    forms: int
    answer: Answer | None = field(default=None, repr=False)
    earlier: Answer | None = field(default=None, repr=False)

    @property
    def retries(self) -> int:
        """The batches that asked in vain."""
        return max(0, self.forms + self.attempts - 1)


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
        self._holder = ""  # of the lease
        if not database.has_table("batch_requests"):
            database.create_tables("batches")

    def find_or_record(self, key: str, body: Mapping[str, Any], sent: Capabilities) -> Entry:
        """Return a request's entry, which is new if there was none, and note that this run wants its reply."""
        rows = self._database.query("SELECT * FROM batch_requests WHERE key = ?", key)
        if rows and rows[0]["wanted"] == self._run:
            return _read_entry(rows[0])
        with self._database.transaction() as connection:
            if rows:
                sql = "UPDATE batch_requests SET wanted = ?, wanted_at = ? WHERE key = ?"
                connection.execute(sql, (self._run, time(), key))
            else:
                row = {"key": key, "model": self._model, "state": "new", "wanted": self._run, "wanted_at": time()}
                insert(connection, "batch_requests", row | _request_columns(body, sent), on_conflict="IGNORE")
            return _read_entry(connection.execute("SELECT * FROM batch_requests WHERE key = ?", (key,)).fetchone())

    def ask_again(
        self, key: str, body: Mapping[str, Any], sent: Capabilities, *, earlier: Answer | None = None
    ) -> None:
        """Let the next batch ask an answered request once more, in another form."""
        values = {**_request_columns(body, sent), "key": key, "wanted": self._run, "kept": earlier and _pack(earlier)}
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE batch_requests SET state = 'new', job = NULL, answer = NULL, wanted = :wanted, attempts = 0, "
                "forms = forms + 1, body = :body, sent = :sent, size = :size, earlier = coalesce(:kept, earlier) "
                "WHERE key = :key AND state = 'answered'",
                values,
            )

    def forget(self, *, saved_only: bool = False) -> None:
        """Delete what nobody needs: answers that the table of replies has, and what no run has wanted for a week.

        Without ``saved_only``, other answers to this run are deleted, too: they were errors, or unusable.
        """
        is_used = "key IN (SELECT key FROM replies)" + " OR wanted = :run" * (not saved_only)  # noqa: S608
        is_old = "state = 'new' AND earlier IS NULL AND wanted <> :run AND wanted_at < :time"
        values = {"model": self._model, "run": self._run, "time": time() - KEPT}
        with self._database.transaction() as connection:
            connection.execute(
                "DELETE FROM batch_requests WHERE model = :model "  # noqa: S608  # of our own
                f"AND ((state = 'answered' AND ({is_used})) OR ({is_old}))",
                values,
            )
            is_over = "model = :model AND state = 'done' AND coalesce(ended, started) < :time"
            connection.execute(f"DELETE FROM batch_jobs WHERE {is_over}", values)  # noqa: S608

    def forget_errors(self, *, fatal_only: bool = False) -> None:
        """Delete the errors of earlier runs, so that their requests are asked anew; or those of a key or a quota."""
        sql = "DELETE FROM batch_requests WHERE model = ? AND state = 'answered' AND is_error > ?"
        self._execute(sql, self._model, int(fatal_only))

    def forget_one(self, key: str) -> None:
        """Delete an answer whose request is to be asked anew."""
        self._execute("DELETE FROM batch_requests WHERE key = ? AND state = 'answered'", key)

    def claim(self, keys: Sequence[str], *, direct: bool) -> set[str]:
        """Note that this run wants these replies, and return the keys that still wait for a batch.

        Others are answered, or were deleted or, with ``direct``, not answered by their batch.
        """
        waits = "state <> 'answered'" + " AND NOT (state = 'new' AND attempts > 0)" * direct
        found = set[str]()
        with self._database.transaction() as connection:
            for start in range(0, len(keys), _AT_ONCE):
                part = keys[start : start + _AT_ONCE]
                condition = f"key IN ({', '.join('?' * len(part))}) AND {waits}"
                sql = f"UPDATE batch_requests SET wanted = ? WHERE {condition} RETURNING key"  # noqa: S608
                found.update(key for (key,) in connection.execute(sql, (self._run, *part)))
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

    def bodies(self, job: Job | None = None) -> Iterator[tuple[str, bytes]]:
        """Yield key and body of a job's requests, or of the new ones of this run, in the order of their recording."""
        condition = "state = 'sent' AND job = ?" if job else "state = 'new' AND wanted = ?"
        sql = f"SELECT key, body FROM batch_requests WHERE model = ? AND {condition} ORDER BY number"  # noqa: S608
        for row in self._database.stream(sql, self._model, job.id if job else self._run):
            yield row["key"], zlib.decompress(row["body"])

    def keys(self, job: Job) -> list[str]:
        """Return the keys of the requests of a job, in the order of the lines of its file."""
        sql = "SELECT key FROM batch_requests WHERE job = ? ORDER BY number"
        return [key for (key,) in self._database.query(sql, job.id)]

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
        with self._step() as connection:
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

    def jobs(self) -> list[Job]:
        """Return the jobs that are not done, those of all models without one, in the order of plans."""
        sql = "SELECT * FROM batch_jobs WHERE ? IN (model, '') AND state <> 'done' ORDER BY number"
        rows = self._database.query(sql, self._model)
        return [Job(**{each.name: row[each.name] for each in fields(Job)}) for row in rows]

    def counts(self, since: float) -> BatchCounts:
        """Return the counts of the batches that are open, or that ended after ``since``."""
        is_open = "state NOT IN ('collected', 'done')"
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
        with self._step() as connection:
            connection.execute(f"UPDATE batch_jobs SET {marks} WHERE id = :id", {**changes, "id": job.id})  # noqa: S608

    def answer(self, answers: Iterable[tuple[str, Answer]], job: Job | None = None) -> tuple[int, int]:
        """Save answers to requests, of a job or of a file, and return how many replies and errors were new.

        A reply replaces an error, and nothing replaces a reply.
        """
        counts = [0, 0]
        owner = "AND job = :job" if job else ""
        sql = (
            "UPDATE batch_requests SET state = 'answered', answer = :answer, is_error = :is_error, body = NULL "  # noqa: S608
            f"WHERE key = :key AND (state <> 'answered' OR is_error > :is_error) {owner}"
        )
        with self._step() if job else self._database.transaction() as connection:
            for key, answer in answers:
                kind = 1 + answer.error.fatal if answer.error else 0
                values = {"key": key, "answer": _pack(answer), "is_error": kind, "job": job and job.id}
                counts[answer.reply is None] += connection.execute(sql, values).rowcount
        return counts[0], counts[1]

    def requeue(self, job: Job, *, attempts: str = "attempts") -> int:
        """Make the requests of a job that have no answer new again, and return their number.

        ``attempts`` is their new number of attempts, in SQL.
        """
        with self._step() as connection:
            return connection.execute(
                f"UPDATE batch_requests SET state = 'new', job = NULL, attempts = {attempts} "  # noqa: S608
                "WHERE job = ? AND state = 'sent'",
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
    def queue_limit(self) -> tuple[int | None, int | None]:
        """The most requests in a batch, and batches at once, that the server's queue takes, as far as it told."""
        rows = self._database.query("SELECT requests, batches FROM batch_models WHERE model = ?", self._model)
        return tuple(rows[0]) if rows else (None, None)

    def raise_queue_limit(self) -> None:
        """Let the queue take more again: four times the requests in a batch, and any number of batches at once."""
        sql = "UPDATE batch_models SET requests = 4 * requests, batches = NULL WHERE model = ?"
        self._execute(sql, self._model)

    def _execute(self, sql: str, *values: object) -> None:
        with self._database.transaction() as connection:
            connection.execute(sql, values)

    @property
    def capabilities(self) -> Capabilities | None:
        """Return what the server was found to accept."""
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
    def _step(self) -> Iterator[sqlite3.Connection]:
        """Run a transaction of a step, if no other process took the lease over while this one stood still."""
        with self._database.transaction() as connection:
            sql = "SELECT 1 FROM batch_lease WHERE holder = ?"
            if self._holder and not connection.execute(sql, (self._holder,)).fetchone():
                raise LeaseTaken("Another process took over the batches, since this one stood still for a while.")
            yield connection

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
        self._holder = holder
        try:
            yield
        finally:
            self._holder = ""
            is_over.set()
            thread.join()
            with self._database.transaction() as connection:
                connection.execute("DELETE FROM batch_lease WHERE holder = ?", (holder,))


def _request_columns(body: Mapping[str, Any], sent: Capabilities) -> dict[str, object]:
    text = json.dumps(body, ensure_ascii=False).encode()
    return {"body": zlib.compress(text, 1), "sent": json.dumps(asdict(sent)), "size": len(text)}


def _read_entry(row: sqlite3.Row) -> Entry:
    answer, earlier = (row[name] and _unpack(row[name]) for name in ("answer", "earlier"))
    sent = _read_capabilities(row["sent"])
    return Entry(row["key"], row["state"], sent, row["attempts"], row["forms"], answer, earlier)


def _read_capabilities(text: str) -> Capabilities:
    values: dict[str, Any] = json.loads(text)
    lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return Capabilities(**(values | lists))


def _pack(answer: Answer) -> bytes:
    """Return an answer as compressed JSON."""
    reply, error, rejection = answer.reply, answer.error, answer.rejection
    fields: dict[str, Any] = {"is_empty": answer.is_empty, "rejection": rejection and asdict(rejection)}
    if reply:
        fields["reply"] = pack_reply(reply)
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
        reply=unpack_reply(reply) if reply else None,
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
