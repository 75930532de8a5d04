"""A model whose replies come from batches at the server."""

import asyncio
import json
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from summarizer._async import run_in_thread
from summarizer.batch_api.files import FileLimits, LineCounts, read_replies, write_request_files
from summarizer.batch_api.jobs import ATTEMPTS, SETTLING, JobRunner
from summarizer.batch_api.journal import BatchCounts, Entry, Journal
from summarizer.errors import ConfigurationError, ModelError, ReplyPending
from summarizer.models import Answer, Model, OpenAIModel, PreparedRequest, Reply, Request, batch_body, check_number
from summarizer.store import Database, Store, hash_json, request_key

MAX_FORMS = 8
"""Batches that ask for one reply at most, when the server rejects one form of the request after the other."""
MAX_FAILURES = 3
"""Looks that fail before anything was submitted: the address is probably wrong."""
WAIT = 30.0
"""Seconds to wait for another process that writes the journal."""


@dataclass(frozen=True, slots=True)
class _JournalReply(Reply):
    """A reply from the journal, with its request's key."""

    key: str = ""


@dataclass(slots=True)
class _Waiter:
    """The calls that wait for one reply."""

    future: asyncio.Future[None]
    callers: int = 0


class BatchModel(Model):
    """A model that is asked in batches, and that remembers its requests and replies in a file.

    Args:
        model: The model at the server.
        journal: A store, or the path of one: requests and batches are recorded there before they are sent.
        wait: Whether `complete` waits for the batch. Otherwise it raises `ReplyPending`, and `advance` does the work.
        direct: Whether requests that a batch did not answer are sent by themselves, at the ordinary price.
        attempts: Batches that ask for one reply at most.
        poll: Seconds between two looks at the batches.
        lull: Seconds without a new request after which the recorded ones are submitted, with ``wait``.
        max_requests: Requests in one file at most.
        max_bytes: Bytes of one file at most.
        clock: Returns seconds since 1970.
        sleep: Waits for a number of seconds.

    Raises:
        ConfigurationError: The model is none at an OpenAI-compatible server, or a number is invalid.
        StoreError: The journal cannot be used.
    """

    has_retries = keeps_replies = True

    def __init__(
        self,
        model: OpenAIModel,
        *,
        journal: Store | Path | str,
        wait: bool = True,
        direct: bool = False,
        attempts: int = ATTEMPTS,
        poll: float = 30.0,
        lull: float = 5.0,
        max_requests: int = 50_000,
        max_bytes: int = 200_000_000,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        given: object = model
        if not isinstance(given, OpenAIModel):
            hint = "Use an OpenAIModel: OpenAI, Azure, or a server with the same interface."
            raise ConfigurationError(f"A {type(given).__name__} has no batches.", hint=hint)
        for name, value in (("attempts", attempts), ("max_requests", max_requests), ("max_bytes", max_bytes)):
            check_number(name, value, "a whole number above 0", whole=True)
        for name, seconds in (("poll", poll), ("lull", lull)):
            check_number(name, seconds, "a number of at least 0", least=0)
        self.name, self.max_tokens, self.needs_reply_limit = model.name, model.max_tokens, model.needs_reply_limit
        self.pending = 0
        """Replies that `complete` did not have, since this was set to 0."""
        self._model = model
        self._limits, self._attempts = FileLimits(max_requests, max_bytes), attempts
        self._waits, self._direct, self._poll, self._lull = wait, direct, poll, lull
        self.now, self._sleep = clock, sleep
        self._database = journal.database if isinstance(journal, Store) else Database(Path(journal), WAIT)
        self._owns_database = not isinstance(journal, Store)
        self._run = uuid.uuid4().hex
        self._identity: Mapping[str, Any] = {}
        self._runner: JobRunner | None = None
        self._failures = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiters: dict[str, _Waiter] = {}
        self._driver: asyncio.Task[None] | None = None
        self._recorded = 0

    def __repr__(self) -> str:
        return f"BatchModel({self._model!r})"

    async def identity(self) -> Mapping[str, Any]:
        """Return the identity of the model itself: its replies are the same."""
        return await self._model.identity()

    async def context_length(self) -> int | None:
        """Return the context of the model itself."""
        return await self._model.context_length()

    async def complete(self, request: Request) -> Reply:
        """Return the reply from the journal, or record the request and wait for a batch.

        Raises:
            ReplyPending: The reply waits for a batch, and this model does not wait.
            ModelError: The batch has an error in place of the reply, or cannot be submitted.
        """
        journal = (await self._open()).journal
        key = request_key(self._identity, request)
        while True:
            prepared = await self._model.prepare(request)
            body, used = batch_body(prepared), prepared.capabilities
            entry = await self._database.run(journal.find_or_record, key, body, used)
            if entry.answer is not None:
                reply = await self._read(journal, entry, request)
                if reply is not None:
                    return _JournalReply(**{each.name: getattr(reply, each.name) for each in fields(Reply)}, key=key)
                continue
            if self._direct and entry.attempts and entry.state == "new":
                reply = await self._model.complete(request)
                await self._database.run(journal.answer, [(key, Answer(reply))])
                return reply
            self.pending += 1
            if not self._waits:
                hint = "Run the same command again once the batch has ended."
                raise ReplyPending("The reply waits for a batch at the server.", hint=hint)
            await self._wait_for(key)

    def note_reply(self, reply: Reply, *, fits: bool) -> bool:
        """Pass the note on. If the output format changes, the request of this reply is asked again."""
        changes = self._model.note_reply(reply, fits=fits)
        if changes and self._runner is not None:
            self._database.submit(self._note_capabilities, self._runner.journal)
            if isinstance(reply, _JournalReply):
                self._database.submit(self._runner.journal.forget_one, reply.key)
        return changes

    async def aclose(self) -> None:
        """Close the connections of the running event loop, and stop waiting; the batches go on."""
        if self._driver is not None and self._loop is asyncio.get_running_loop():
            self._driver.cancel()
            with suppress(asyncio.CancelledError):
                await self._driver
            hint = "Ask again: the request is recorded, and its batch goes on."
            self._wake_all(ReplyPending("The model was closed before the reply came.", hint=hint))
        self._driver = None
        await self._model.aclose()
        if self._runner is not None and not self._database.is_read_only:
            await self._database.run(self._runner.journal.forget, saved_only=True)
        if self._owns_database:
            self._database.close()

    # The steps of a run without waiting

    async def rest(self) -> None:
        """Wait until it is time for another look at the batches."""
        await self._sleep(self._poll)

    async def advance(self, *, submit: bool = True) -> bool:
        """Submit recorded requests, look at the batches, collect those that ended; return whether any is open.

        Raises:
            ModelError: The server refuses a batch, or what this needs. Nothing is lost. Before anything was submitted,
                the error of a server that does not answer is raised after `MAX_FAILURES` calls.
        """
        runner = await self._open()
        await runner.advance(submit=submit)
        problem = runner.problem
        is_dead = isinstance(problem, ModelError) and (problem.status is None or problem.status >= 500)
        is_dead = is_dead and not any(job.submitted for job in runner.open_jobs)
        self._failures = self._failures + 1 if is_dead else 0
        if is_dead and self._failures >= MAX_FAILURES:
            assert problem
            raise problem
        return bool(runner.journal.count_sent() or (submit and runner.journal.count_new(first_only=self._direct)))

    async def counts(self, since: float) -> BatchCounts:
        """Return the counts of the batches that are open, or that ended after a time in seconds since 1970."""
        return (await self._open()).journal.counts(since)

    async def forget(self) -> None:
        """Delete the answers to this run, when it is over and a store has saved the replies."""
        await self._database.run((await self._open()).journal.forget)

    async def forget_errors(self) -> None:
        """Delete the errors of earlier runs, so that their requests are asked anew."""
        await self._database.run((await self._open()).journal.forget_errors)

    async def write_requests(self, path: Path) -> list[tuple[Path, int]]:
        """Write the recorded requests of this run to a file, or to several within the limits of one."""
        runner = await self._open()
        url, extra = runner.client.url, self._model.extra_body
        return await run_in_thread(write_request_files, path, runner.journal.bodies(), url, extra, self._limits)

    async def read_replies(self, path: Path) -> LineCounts:
        """Read replies, or errors, to recorded requests from a file."""
        runner = await self._open()
        return await run_in_thread(read_replies, path, runner.journal, runner.client.read_line)

    @property
    def problem(self) -> str:
        """Return why the latest step could not be taken; it is tried again. Empty if there was nothing."""
        return self._runner.problem.message if self._runner and self._runner.problem else ""

    async def _open(self) -> JobRunner:
        """Return what works on the jobs of this model, whose name the server may have to tell first."""
        if self._runner is None:
            identity = await self._model.identity()
            if self._runner is None:  # another call may have been faster
                self._identity, self.name = identity, self._model.name
                journal = Journal(self._database, hash_json(identity), self._run)
                journal.forget_errors(fatal_only=True)
                if known := journal.capabilities:
                    self._model.capabilities.current = known
                self._runner = JobRunner(
                    self._model,
                    journal,
                    limits=self._limits,
                    attempts=self._attempts,
                    direct=self._direct,
                    settling=SETTLING,
                    clock=self.now,
                    sleep=self._sleep,
                )
        return self._runner

    async def _read(self, journal: Journal, entry: Entry, request: Request) -> Reply | None:
        """Return the reply in an answer, or raise its error; None if the request is asked again in another form."""
        assert entry.answer is not None
        answer, prepared = entry.answer, await self._model.prepare(request, entry.sent)
        may_change = entry.forms < MAX_FORMS
        if answer.reply:
            if answer.reply.finish_reason == "length" and may_change and prepared.raise_limit(answer.reply):
                await self._ask_again(journal, entry, prepared, earlier=answer)
                return None
            if answer.reply.finish_reason != "length" and entry.earlier:
                prepared.keep_limit()
                await self._database.run(self._note_capabilities, journal)
            return replace(answer.reply, output=prepared.form, retries=entry.retries)
        prepared.rejection, prepared.is_empty = answer.rejection, answer.is_empty
        if may_change and prepared.adapt():
            await self._ask_again(journal, entry, prepared)
            await self._database.run(self._note_capabilities, journal)
            return None
        if entry.earlier and entry.earlier.reply:
            return replace(entry.earlier.reply, output=prepared.form, retries=entry.retries)
        assert answer.error is not None
        if self._waits:  # the caller has it now, and may want another attempt; without, articles are read again
            await self._database.run(journal.forget_one, entry.key)
        raise answer.error

    async def _ask_again(
        self, journal: Journal, entry: Entry, prepared: PreparedRequest, earlier: Answer | None = None
    ) -> None:
        body, used = batch_body(prepared), prepared.capabilities
        await self._database.run(journal.ask_again, entry.key, body, used, earlier=earlier)

    def _note_capabilities(self, journal: Journal) -> None:
        """Save what was learned about the server, for later processes."""
        journal.note_model(capabilities=json.dumps(asdict(self._model.capabilities.current)))

    # Waiting

    async def _wait_for(self, key: str) -> None:
        """Wait until a batch has brought the answer to a request."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:  # the callers of an earlier loop are gone
            self._loop, self._waiters, self._driver = loop, {}, None
        waiter = self._waiters.setdefault(key, _Waiter(loop.create_future()))
        if self._driver is None or self._driver.done():
            self._driver = loop.create_task(self._drive())
        self._recorded += 1
        waiter.callers += 1
        try:
            await asyncio.shield(waiter.future)
        finally:
            waiter.callers -= 1
            if not waiter.callers and self._waiters.get(key) is waiter:
                del self._waiters[key]

    async def _drive(self) -> None:
        """Submit and collect until nobody waits."""
        try:
            journal = (await self._open()).journal
            while self._waiters:
                recorded = 0
                while recorded < self._recorded < self._limits.requests:
                    recorded = self._recorded
                    await self._sleep(self._lull)
                self._recorded, keys = 0, list(self._waiters)
                await self._database.run(journal.claim, keys, direct=self._direct)
                await self.advance()
                waiting = await self._database.run(journal.claim, keys, direct=self._direct)
                for key in set(keys) - waiting:
                    if waiter := self._waiters.pop(key, None):
                        waiter.future.set_result(None)
                if self._waiters and not self._recorded:
                    await self._sleep(self._poll)
        except Exception as error:
            self._wake_all(error)

    def _wake_all(self, error: Exception) -> None:
        waiters, self._waiters = self._waiters, {}
        for waiter in waiters.values():
            waiter.future.set_exception(error)
