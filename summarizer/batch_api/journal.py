"""The journal: every request, reply and job is recorded in a store before the next step is taken."""

import json
import math
import sqlite3
import uuid
import zlib
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields
from time import time
from typing import Any, Literal

from summarizer import errors
from summarizer._text import replace_surrogates
from summarizer.errors import ModelError, StoreError
from summarizer.models import Answer, Capabilities, Rejection
from summarizer.store import Lease, Store, insert, pack_reply, unpack_reply
from summarizer.usage import Usage

JobState = Literal["planned", "uploaded", "creating", "running", "ended", "collected", "done"]
"""Requests were chosen; their file is at the server; the batch may have been created; it runs, or has ended; its
replies were saved; the server's files were deleted."""
Attempts = Literal["keep", "undo", "reset"]
"""Whether a batch counts as an attempt of its requests: it does, it does not, or they have a new start."""
KEPT = 7 * 86_400.0
"""Seconds after which requests that no later run needs, and jobs that are done, are deleted."""


@dataclass(frozen=True, slots=True)
class FileLimits:
    """Limits of one file; the default ones are OpenAI's and Azure's."""

    requests: int = 50_000
    bytes: int = 200_000_000


OPENAI_LIMITS = FileLimits()


@dataclass(frozen=True, slots=True)
class Entry:
    """A recorded request."""

    key: str
    state: str
    sent: Capabilities
    attempts: int
    forms: int
    answer: Answer | None = field(default=None, repr=False)
    cut_off: Answer | None = field(default=None, repr=False)
    """An answer that was cut off by a limit that was raised since."""

    @property
    def retries(self) -> int:
        """The batches that asked in vain."""
        return max(0, self.forms + self.attempts - 1)


@dataclass(slots=True)
class Job:
    """A batch of requests at the server, from its plan to its end."""

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
    """The ids of the batch and of its files at the server."""
    status: str | None = None
    """As the server last reported."""
    completed: int = 0
    failed: int = 0
    unanswered: int = 0
    """Requests that are asked again in another one."""
    started: float | None = None
    submitted: float | None = None
    ended: float | None = None
    copied: bool = False
    """Whether it came by a merge of stores: the other store may collect it, too."""

    @property
    def is_open(self) -> bool:
        """Return whether it was submitted, and is not collected yet."""
        return self.batch is not None and self.state not in ("collected", "done")

    @property
    def file_name(self) -> str:
        """The name of the uploaded file."""
        return f"summarizer-{self.id}.jsonl"


class Journal:
    """The requests and jobs of one model in a store that several processes may share.

    Its methods wait while the store is locked: call them with `Database.run`, or in a thread.

    Args:
        store: The store.
        model: The hash of the model's identity.
        run: Names the run that needs replies.
    """

    def __init__(self, store: Store, model: str = "", run: str = "") -> None:
        self.database, self._leases = store.database, store.leases
        self._model, self._run = model, run
        self._lease: Lease | None = None

    def find_or_record(self, key: str, body: Mapping[str, Any], sent: Capabilities) -> Entry:
        """Return a request's entry, which is new if there was none, and note that this run needs its reply."""
        rows = self.database.query("SELECT * FROM batch_requests WHERE key = ?", key)
        if rows and rows[0]["run"] == self._run:
            return _read_entry(rows[0])
        with self.database.transaction() as connection:
            if rows:
                sql = "UPDATE batch_requests SET run = ?, recorded = ? WHERE key = ?"
                connection.execute(sql, (self._run, time(), key))
            else:
                row = {"key": key, "model": self._model, "state": "new", "run": self._run, "recorded": time()}
                insert(connection, "batch_requests", row | _request_columns(body, sent), on_conflict="IGNORE")
            return _read_entry(connection.execute("SELECT * FROM batch_requests WHERE key = ?", (key,)).fetchone())

    def ask_again(
        self, key: str, body: Mapping[str, Any], sent: Capabilities, *, cut_off: Answer | None = None
    ) -> None:
        """Let the next batch ask an answered request once more, in another form."""
        values = {**_request_columns(body, sent), "key": key, "run": self._run, "cut_off": cut_off and _pack(cut_off)}
        with self.database.transaction() as connection:
            connection.execute(
                "UPDATE batch_requests SET state = 'new', job = NULL, answer = NULL, run = :run, attempts = 0, "
                "is_error = 0, forms = forms + 1, body = :body, sent = :sent, size = :size, "
                "cut_off = coalesce(:cut_off, cut_off) "
                "WHERE key = :key AND state = 'answered'",
                values,
            )

    def forget(self, *, saved_only: bool = False) -> None:
        """Delete what nobody needs: answers that the table of replies has, and what no run has needed for a week.

        Without ``saved_only``, other answers to this run are deleted, too: they were errors, or unusable.
        """
        is_used = "key IN (SELECT key FROM replies)" + " OR run = :run" * (not saved_only)  # noqa: S608
        is_old = "state = 'new' AND cut_off IS NULL AND run <> :run AND recorded < :time"
        values = {"model": self._model, "run": self._run, "time": time() - KEPT}
        with self.database.transaction() as connection:
            connection.execute(
                "DELETE FROM batch_requests WHERE model = :model "  # noqa: S608  # of our own
                f"AND ((state = 'answered' AND ({is_used})) OR ({is_old}))",
                values,
            )
            is_over = "model = :model AND state = 'done' AND coalesce(ended, started) < :time"
            connection.execute(f"DELETE FROM batch_jobs WHERE {is_over}", values)  # noqa: S608

    def forget_errors(self, *, fatal_only: bool = False) -> None:
        """Delete the errors of earlier runs, or only fatal ones, so that their requests are asked again."""
        sql = "DELETE FROM batch_requests WHERE model = ? AND state = 'answered' AND is_error > ?"
        self._execute(sql, self._model, int(fatal_only))

    def forget_one(self, key: str) -> None:
        """Delete an answer whose request is to be asked anew."""
        self._execute("DELETE FROM batch_requests WHERE key = ? AND state = 'answered'", key)

    def claim(self, keys: Sequence[str], *, first_only: bool) -> set[str]:
        """Note that this run needs these replies, and return the keys that still wait for a batch.

        Others are answered, or were deleted or, with ``first_only``, not answered by their batch.
        """
        waits = "state <> 'answered'" + " AND NOT (state = 'new' AND attempts > 0)" * first_only
        sql = (
            f"UPDATE batch_requests SET run = ? WHERE key IN (SELECT value FROM json_each(?)) AND {waits} RETURNING key"  # noqa: S608
        )
        with self.database.transaction() as connection:
            return {key for (key,) in connection.execute(sql, (self._run, json.dumps(keys)))}

    def has_open(self, *, recorded: bool, first_only: bool) -> bool:
        """Return whether a request is in a batch that has not ended.

        With ``recorded``, requests that this run has recorded for one count, too, but with ``first_only`` not those
        that a batch has not answered before.
        """
        is_new = "state = 'new' AND run = ?" + " AND attempts = 0" * first_only
        sql = f"SELECT 1 FROM batch_requests WHERE model = ? AND (state = 'sent' OR (? AND {is_new})) LIMIT 1"  # noqa: S608
        return bool(self.database.query(sql, self._model, recorded, self._run))

    def bodies(self, job: Job | None = None) -> Iterator[tuple[str, bytes]]:
        """Yield key and body of the requests of a job, or of this run's new ones, as recorded."""
        condition = "state = 'sent' AND job = ?" if job else "state = 'new' AND run = ?"
        sql = f"SELECT key, body FROM batch_requests WHERE model = ? AND {condition} ORDER BY number"  # noqa: S608
        for row in self.database.stream(sql, self._model, job.id if job else self._run):
            yield row["key"], zlib.decompress(row["body"])

    def keys(self, job: Job) -> list[str]:
        """Return the keys of the requests of a job, in the order of the lines of its file."""
        sql = "SELECT key FROM batch_requests WHERE job = ? ORDER BY number"
        return [key for (key,) in self.database.query(sql, job.id)]

    def plan(self, name: str, server: str, limits: FileLimits, overhead: int, *, first_only: bool) -> Job | None:
        """Put the oldest new requests of this run into a job, within the limits of a file; None without any.

        Args:
            name: The model's name.
            server: The server's address, without secrets.
            limits: Those of a file.
            overhead: Bytes of a line beside its body.
            first_only: Whether to leave out requests that a batch has not answered before.
        """
        job = Job(uuid.uuid4().hex, self._model, name, server, "planned", 0)
        condition = "model = :model AND state = 'new' AND run = :run" + " AND attempts = 0" * first_only
        oldest = f"SELECT number, size FROM batch_requests WHERE {condition} ORDER BY number LIMIT :most"  # noqa: S608
        sums = "row_number() OVER (ORDER BY number) AS place, sum(size + :overhead) OVER (ORDER BY number) AS bytes"
        chosen = f"SELECT number FROM (SELECT number, {sums} FROM ({oldest})) WHERE place = 1 OR bytes <= :most_bytes"  # noqa: S608
        values = {"model": self._model, "run": self._run, "job": job.id, "overhead": overhead}
        with self._step() as connection:
            job.requests = connection.execute(
                "UPDATE batch_requests SET state = 'sent', job = :job, attempts = attempts + 1 "  # noqa: S608
                f"WHERE number IN ({chosen})",
                values | {"most": limits.requests, "most_bytes": limits.bytes},
            ).rowcount
            if job.requests:
                insert(connection, "batch_jobs", asdict(job))
        return job if job.requests else None

    def jobs(self, since: float = math.inf) -> list[Job]:
        """Return the jobs that are not done, or ended at this time or later; those of all models without one."""
        sql = "SELECT * FROM batch_jobs WHERE ? IN (model, '') AND (state <> 'done' OR ended >= ?) ORDER BY number"
        rows = self.database.query(sql, self._model, since)
        names = [each.name for each in fields(Job)]
        return [Job(**{**{name: row[name] for name in names}, "copied": bool(row["copied"])}) for row in rows]

    def save(self, job: Job, **changes: Any) -> None:
        """Change fields of a job, here and in the file."""
        for name, value in changes.items():
            setattr(job, name, value)
        marks = ", ".join(f"{name} = :{name}" for name in changes)
        with self._step() as connection:
            connection.execute(f"UPDATE batch_jobs SET {marks} WHERE id = :id", {**changes, "id": job.id})  # noqa: S608

    def answer(
        self, answers: Iterable[tuple[str, Answer]], job: Job | None = None, *, retry_below: float = 0
    ) -> tuple[int, int]:
        """Save answers to requests, of a job or of a file, and return how many replies and errors were new.

        A reply replaces an error, and nothing replaces a reply. An error that may pass is left out, so that its request
        is asked again, if fewer than ``retry_below`` batches have asked.
        """
        counts = [0, 0]
        of_job = "AND job = :job" if job else "AND :model IN (model, '')"
        found = f"SELECT state, is_error, attempts FROM batch_requests WHERE key = :key {of_job}"  # noqa: S608
        save = "state = 'answered', answer = :answer, is_error = :is_error, body = NULL WHERE key = :key"
        with self._step() if job else self.database.transaction() as connection:
            for key, answer in answers:
                kind = 1 + answer.error.fatal if answer.error else 0
                values = {"key": key, "is_error": kind, "job": job and job.id, "model": self._model}
                row = connection.execute(found, values).fetchone()
                if row is None or (row["state"] == "answered" and row["is_error"] <= kind):
                    continue
                counts[answer.reply is None] += 1
                if not (answer.may_pass and row["attempts"] < retry_below):
                    connection.execute(f"UPDATE batch_requests SET {save}", values | {"answer": _pack(answer)})  # noqa: S608
        return counts[0], counts[1]

    def close(self, job: Job, attempts: Attempts = "keep") -> None:
        """Make the requests of a job that have no answer new again: it is collected."""
        number = {"keep": "attempts", "undo": "attempts - 1", "reset": "0"}[attempts]
        with self._step() as connection:
            count = connection.execute(
                f"UPDATE batch_requests SET state = 'new', job = NULL, attempts = {number} "  # noqa: S608
                "WHERE job = ? AND state = 'sent'",
                (job.id,),
            ).rowcount
            is_failed = "job = ? AND state = 'answered' AND is_error"
            ((failed,),) = connection.execute(f"SELECT count(*) FROM batch_requests WHERE {is_failed}", (job.id,))  # noqa: S608
            completed = job.requests - count - failed  # the server may have counted replies that are lost
            self.save(job, state="collected", completed=completed, failed=failed, unanswered=count)

    def unanswered(self, job: Job, attempts: float) -> list[str]:
        """Return the keys of a job's requests that have no answer after this many attempts."""
        sql = "SELECT key FROM batch_requests WHERE job = ? AND state = 'sent' AND attempts >= ?"
        return [row["key"] for row in self.database.query(sql, job.id, attempts)]

    def raise_queue_limit(self, most: int) -> None:
        """Let batches have four times the requests, and at most so many."""
        sql = "UPDATE batch_models SET requests = nullif(min(4 * requests, ?1), ?1) WHERE model = ?2"
        self._execute(sql, most, self._model)

    def _execute(self, sql: str, *values: object) -> None:
        with self.database.transaction() as connection:
            connection.execute(sql, values)

    def known(self) -> tuple[Capabilities | None, int | None]:
        """Return what the server was found to accept, and the most requests in a batch that its queue takes."""
        for row in self.database.query("SELECT capabilities, requests FROM batch_models WHERE model = ?", self._model):
            return row["capabilities"] and _read_capabilities(row["capabilities"]), row["requests"]
        return None, None

    def note_model(self, **values: object) -> None:
        """Save capabilities (as JSON) or limits of the model's server."""
        marks = ", ".join(f"{name} = :{name}" for name in values)
        with self.database.transaction() as connection:
            insert(connection, "batch_models", {"model": self._model}, on_conflict="IGNORE")
            sql = f"UPDATE batch_models SET {marks} WHERE model = :model"  # noqa: S608
            connection.execute(sql, {**values, "model": self._model})

    @contextmanager
    def _step(self) -> Iterator[sqlite3.Connection]:
        """Run a transaction of a step, unless another process took the lease over in the meantime."""
        with self.database.transaction() as connection:
            if self._lease:
                self._leases.check(connection, self._lease)
            yield connection

    @asynccontextmanager
    async def lease(self) -> AsyncIterator[None]:
        """Keep other processes from submitting and collecting while the block runs.

        Raises:
            LeaseHeld: Another process does at this moment. That of a killed process does not count.
        """
        held: list[Lease] = []  # the store's thread adds it, even if this call is cancelled meanwhile

        def acquire() -> None:
            with self.database.transaction() as connection:
                held.append(self._leases.acquire(connection, "batches", "the batches"))
            self._lease = held[0]

        def release() -> None:
            self._lease = None
            with suppress(StoreError):  # the store is locked: the next renewal releases it
                for lease in held:
                    self._leases.release(lease)

        try:
            await self.database.run(acquire)
            yield
        finally:
            await self.database.submit(release)


def _request_columns(body: Mapping[str, Any], sent: Capabilities) -> dict[str, object]:
    text = json.dumps(body, ensure_ascii=False).encode()
    return {"body": zlib.compress(text, 1), "sent": json.dumps(asdict(sent)), "size": len(text)}


def _read_entry(row: sqlite3.Row) -> Entry:
    answer, cut_off = (row[name] and _unpack(row[name]) for name in ("answer", "cut_off"))
    sent = _read_capabilities(row["sent"])
    return Entry(row["key"], row["state"], sent, row["attempts"], row["forms"], answer, cut_off)


def _read_capabilities(text: str) -> Capabilities:
    values: dict[str, Any] = json.loads(text)
    lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return Capabilities(**(values | lists))


def _pack(answer: Answer) -> bytes:
    """Return an answer as compressed JSON."""
    reply, error, rejection = answer.reply, answer.error, answer.rejection
    values: dict[str, Any] = {"is_empty": answer.is_empty, "rejection": rejection and asdict(rejection)}
    if reply:
        values["reply"] = pack_reply(reply)
    if error:
        state = {
            name: value for name, value in vars(error).items() if value is None or isinstance(value, str | int | float)
        }
        state["message"] = replace_surrogates(error.message)
        values["error"] = {"kind": type(error).__name__, "state": state, "usage": asdict(error.usage)}
    return zlib.compress(json.dumps(values).encode(), 1)


def _unpack(data: bytes) -> Answer:
    values = json.loads(zlib.decompress(data))
    reply, error, rejection = (values.get(name) for name in ("reply", "error", "rejection"))
    return Answer(
        reply=unpack_reply(reply) if reply else None,
        error=_restore_error(error) if error else None,
        rejection=Rejection(**rejection) if rejection else None,
        is_empty=values["is_empty"],
    )


def _restore_error(values: Mapping[str, Any]) -> ModelError:
    kind, state = getattr(errors, values["kind"], ModelError), values["state"]
    error: ModelError = (kind if issubclass(kind, ModelError) else ModelError)(state["message"], hint=state["hint"])
    vars(error).update(state, usage=Usage(**values["usage"]))
    return error
