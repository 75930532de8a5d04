"""A model whose replies come from batches at the server, and the loop that waits for them."""

import asyncio
import json
import math
import time
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from itertools import count
from pathlib import Path
from typing import Any, get_args

from summarizer._async import run_blocking
from summarizer.batch_api.files import LineCounts, read_replies, write_request_files
from summarizer.batch_api.jobs import ATTEMPTS, JobRunner, Unanswered
from summarizer.batch_api.journal import Entry, FileLimits, Job, Journal
from summarizer.errors import ConfigurationError, ModelError, ReplyPending, StoreError, SummarizerError
from summarizer.models import Answer, Model, OpenAIModel, PreparedRequest, Reply, Request, batch_body, check_number
from summarizer.store import Store, hash_json, request_key

MAX_FORMS = 8
"""Batches that ask for one reply at most, when the server rejects one form of the request after the other."""
MAX_FAILURES = 3
"""Looks that fail before anything was submitted: the address is probably wrong."""


@dataclass(frozen=True, slots=True)
class RoundProgress:
    """How far the batches of a round are. Its text is a line for readers."""

    number: int
    """Of the round, counted from 1."""
    requests: int
    completed: int
    failed: int
    expired: int
    """Requests that expired, or were cancelled or lost, and are asked again."""
    batches: int
    """Batches that are not collected yet."""
    submitted: float | None
    """When the oldest of these was submitted, in seconds since 1970."""
    now: float = field(compare=False)
    """The time of this look, in seconds since 1970."""
    problem: str = ""
    """Why a step could not be taken; it is tried again."""

    def __str__(self) -> str:
        line = (
            f"round {self.number}: {self.completed:,} of {self.requests:,} requests done, {self.failed:,} failed, "
            f"{self.expired:,} expired, open batches: {self.batches:,}"
        )
        if self.submitted is not None:
            line += f", {format_seconds(self.now - self.submitted)} since submission"
        return line + (f". Not possible now: {self.problem}" if self.problem else "")


OnRound = Callable[[RoundProgress], object]


def format_seconds(seconds: float) -> str:
    """Return a duration in the units that a reader expects."""
    hours, minutes = divmod(int(seconds // 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min" if minutes else f"{seconds:.0f} s"


@dataclass(frozen=True, slots=True)
class _JournalReply(Reply):
    """A reply from the journal, with its request's key."""

    key: str = ""


class BatchModel(Model):
    """A model that is asked in batches, and that remembers its requests and replies in a file.

    Args:
        model: The model at the server.
        journal: A store, or the path of one: requests and batches are recorded there before they are sent.
        wait: Whether `complete` waits for the batch. Otherwise it raises `ReplyPending`, and `advance` does the work.
        unanswered: How requests are asked again that a batch did not answer: in another ``"batch"``, or ``"direct"``,
            at the ordinary price.
        attempts: Batches that ask for one reply at most.
        poll: Seconds between two looks at the batches.
        submit_after: Seconds without a new request after which the recorded ones are submitted, with ``wait``.
        on_round: Called after each look at the batches, with ``wait``.
        max_requests: Requests in one file at most.
        max_bytes: Bytes of one file at most.
        clock: Returns seconds since 1970.
        sleep: Waits for a number of seconds.

    Raises:
        ConfigurationError: The model is not at an OpenAI-compatible server, or an option is invalid.
        StoreError: The journal cannot be used.
    """

    has_retries = keeps_replies = True

    def __init__(
        self,
        model: OpenAIModel,
        *,
        journal: Store | Path | str,
        wait: bool = True,
        unanswered: Unanswered = "batch",
        attempts: int = ATTEMPTS,
        poll: float = 30.0,
        submit_after: float = 5.0,
        on_round: OnRound = lambda _: None,
        max_requests: int = 50_000,
        max_bytes: int = 200_000_000,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        given: object = model
        if not isinstance(given, OpenAIModel):
            hint = "Use an OpenAIModel: OpenAI, Azure, or a server with the same interface."
            raise ConfigurationError(f"A {type(given).__name__} has no batches.", hint=hint)
        if unanswered not in get_args(Unanswered):
            raise ConfigurationError(f"unanswered cannot be {unanswered!r}.", hint="It is batch or direct.")
        for name, value in (("attempts", attempts), ("max_requests", max_requests), ("max_bytes", max_bytes)):
            check_number(name, value, "a whole number above 0", whole=True)
        check_number("poll", poll, "a number of seconds above 0")
        check_number("submit_after", submit_after, "a number of at least 0", least=0)
        self.name, self.max_tokens, self.needs_reply_limit = model.name, model.max_tokens, model.needs_reply_limit
        self.pending = 0
        """Replies that `complete` did not have, since this was set to 0."""
        self.unreachable: SummarizerError | None = None
        """The error of a server that did not answer the latest look, before anything was submitted."""
        self.now = clock
        self._model, self._limits = model, FileLimits(max_requests, max_bytes)
        self._waits, self._is_direct = wait, unanswered == "direct"
        self._options: dict[str, Any] = {"attempts": attempts, "unanswered": unanswered, "clock": clock, "sleep": sleep}
        self._poll, self._submit_after, self._on_round, self._sleep = poll, submit_after, on_round, sleep
        self._store = journal if isinstance(journal, Store) else Store(journal)
        self._owns_store = self._store is not journal
        self._call = self._store.database.run
        self._run = uuid.uuid4().hex
        self._identity: Mapping[str, Any] = {}
        self._runner: JobRunner | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiters: dict[str, set[asyncio.Future[None]]] = {}
        self._driver: asyncio.Task[None] | None = None
        self._recorded = 0
        """Requests since the latest look."""

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
            entry = await self._call(journal.find_or_record, key, body, used)
            if entry.answer is not None:
                reply = await self._read(journal, entry, request)
                if reply is not None:
                    return _JournalReply(**{each.name: getattr(reply, each.name) for each in fields(Reply)}, key=key)
                continue
            if self._is_direct and entry.attempts and entry.state == "new":
                reply = await self._model.complete(request)
                await self._call(journal.answer, [(key, Answer(reply))])
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
            self._store.database.submit(self._note_capabilities, self._runner.journal)
            if isinstance(reply, _JournalReply):
                self._store.database.submit(self._runner.journal.forget_one, reply.key)
        return changes

    async def aclose(self) -> None:
        """Close the connections of the running event loop, and stop waiting; the batches go on."""
        if self._driver is not None and self._loop is asyncio.get_running_loop():
            self._driver.cancel()
            with suppress(asyncio.CancelledError):
                await self._driver
            hint = "Ask again: the request is recorded, and its batch goes on."
            self._wake(list(self._waiters), ReplyPending("The model was closed before the reply came.", hint=hint))
        self._driver = None
        try:
            await self._model.aclose()
            if self._runner is not None and not self._store.is_read_only:
                with suppress(StoreError):  # the next run forgets it
                    await self._call(self._runner.journal.forget, saved_only=True)
        finally:
            if self._owns_store:
                await run_blocking(self._store.close)

    # The steps of a run without waiting

    async def advance(self, *, submit: bool = True) -> bool:
        """Submit recorded requests, look at the batches, collect those that ended; return whether any is open.

        Raises:
            ModelError: The server refuses a batch, or what this needs. Nothing is lost.
        """
        runner = await self._open()
        journal, keys = runner.journal, list(self._waiters)
        if keys:  # another run may have claimed them, and have been killed since
            await self._call(journal.claim, keys, first_only=self._is_direct)
        await runner.advance(submit=submit)
        if keys:
            waiting = await self._call(journal.claim, keys, first_only=self._is_direct)
            self._wake(set(keys) - waiting)
        problem = self.unreachable = runner.problem
        is_dead = isinstance(problem, ModelError) and (problem.status is None or problem.status >= 500)
        if not is_dead or any(job.submitted for job in await self.jobs(since=0)):
            self.unreachable = None
        return await self._call(journal.has_open, recorded=submit, first_only=self._is_direct)

    async def wait_for_poll(self) -> None:
        """Wait until it is time for another look at the batches."""
        await self._sleep(self._poll)
        await self._wait_for_requests()

    async def _wait_for_requests(self) -> None:
        """Wait until no request has come for a while, or as many as a file takes."""
        recorded = 0
        while recorded < self._recorded < self._limits.requests:
            recorded = self._recorded
            await self._sleep(self._submit_after)
        self._recorded = 0

    async def jobs(self, since: float = math.inf) -> list[Job]:
        """Return the jobs that are not done, or ended at this time or later, in seconds since 1970."""
        return await self._call((await self._open()).journal.jobs, since)

    async def forget(self, *, errors_only: bool = False) -> None:
        """Delete the answers to this run, when a store has saved its replies; or the errors of earlier runs."""
        journal = (await self._open()).journal
        await self._call(journal.forget_errors if errors_only else journal.forget)

    async def write_requests(self, path: Path) -> list[tuple[Path, int]]:
        """Write the recorded requests of this run to a file, or to several within the limits of one."""
        runner = await self._open()
        url, extra = runner.client.url, self._model.extra_body
        return await run_blocking(write_request_files, path, runner.journal.bodies(), url, extra, self._limits)

    async def read_replies(self, path: Path) -> LineCounts:
        """Read replies, or errors, to recorded requests from a file."""
        runner, counts = await self._open(), LineCounts()
        await run_blocking(read_replies, path, runner.journal, runner.client.read_line, counts)
        return counts

    @property
    def problem(self) -> str:
        """Return why the latest step could not be taken; it is tried again. Empty if there was nothing."""
        return self._runner.problem.message if self._runner and self._runner.problem else ""

    async def _open(self) -> JobRunner:
        """Return the runner of this model's jobs; the server may have to name the model first."""
        if self._runner is None:
            identity = await self._model.identity()
            journal = Journal(self._store, hash_json(identity), self._run)
            await self._call(journal.forget_errors, fatal_only=True)
            known, _ = await self._call(journal.known)
            if self._runner is None:  # another call may have been faster
                self._identity, self.name = identity, self._model.name
                self._model.capabilities.current = known or self._model.capabilities.current
                self._runner = JobRunner(self._model, journal, limits=self._limits, **self._options)
        return self._runner

    async def _read(self, journal: Journal, entry: Entry, request: Request) -> Reply | None:
        """Return the reply in an answer, or raise its error; None if the request is asked again in another form."""
        assert entry.answer is not None
        answer, prepared = entry.answer, await self._model.prepare(request, entry.sent)
        may_change = entry.forms < MAX_FORMS
        if answer.reply:
            if answer.reply.finish_reason == "length" and may_change and prepared.raise_limit(answer.reply):
                await self._ask_again(journal, entry, prepared, cut_off=answer)
                return None
            if answer.reply.finish_reason != "length" and entry.cut_off:
                prepared.keep_limit()
                await self._call(self._note_capabilities, journal)
            return replace(answer.reply, output=prepared.form, retries=entry.retries)
        prepared.rejection, prepared.is_empty = answer.rejection, answer.is_empty
        if may_change and prepared.adapt():
            await self._ask_again(journal, entry, prepared)
            await self._call(self._note_capabilities, journal)
            return None
        if entry.cut_off and entry.cut_off.reply:
            return replace(entry.cut_off.reply, output=prepared.form, retries=entry.retries)
        assert answer.error is not None
        if self._waits:  # the caller has it now, and may want another attempt; without, articles are read again
            await self._call(journal.forget_one, entry.key)
        raise answer.error

    async def _ask_again(
        self, journal: Journal, entry: Entry, prepared: PreparedRequest, cut_off: Answer | None = None
    ) -> None:
        body, used = batch_body(prepared), prepared.capabilities
        await self._call(journal.ask_again, entry.key, body, used, cut_off=cut_off)

    def _note_capabilities(self, journal: Journal) -> None:
        """Save what was learned about the server, for later processes."""
        journal.note_model(capabilities=json.dumps(asdict(self._model.capabilities.current)))

    # Waiting

    async def _wait_for(self, key: str) -> None:
        """Wait until a batch has brought the answer to a request."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:  # the callers of an earlier loop are gone
            self._loop, self._waiters, self._driver = loop, {}, None
        if self._driver is None or self._driver.done():
            self._driver = loop.create_task(self._drive())
        self._recorded += 1
        future, waiting = loop.create_future(), self._waiters.setdefault(key, set())
        waiting.add(future)
        try:
            await future
        finally:
            waiting.discard(future)
            if not waiting and self._waiters.get(key) is waiting:
                del self._waiters[key]

    async def _drive(self) -> None:
        """Submit and collect until nobody waits."""
        try:
            for number in count(1):
                await self._wait_for_requests()
                if not self._waiters:
                    return
                await wait_for_batches([self], number, self._on_round)
        except Exception as error:
            self._wake(list(self._waiters), error)

    def _wake(self, keys: Iterable[str], error: Exception | None = None) -> None:
        """Let the calls that wait for some replies go on, or raise an error."""
        for future in [future for key in keys for future in self._waiters.pop(key, ()) if not future.done()]:
            future.set_exception(error) if error else future.set_result(None)


async def wait_for_batches(
    models: Sequence[BatchModel], number: int = 1, on_round: OnRound = lambda _: None
) -> RoundProgress:
    """Submit what the models have recorded, wait until nothing is open, and return how that ended.

    Args:
        models: The models.
        number: Of the round, for ``on_round``.
        on_round: Called after each look at the batches.

    Raises:
        ModelError: The server refuses a batch, the key, or the like; or it cannot be reached, and nothing was
            submitted. The batches go on, and nothing is lost.
    """
    since, failures = models[0].now(), 0
    while True:
        is_open = [await model.advance() for model in models]
        unreachable = next((model.unreachable for model in models if model.unreachable), None)
        failures = failures + 1 if unreachable else 0
        if unreachable and failures >= MAX_FAILURES:
            raise unreachable
        known = [job for model in models for job in await model.jobs(since)]
        jobs = [job for job in known if job.is_open or job.ended is None or job.ended >= since]
        open_jobs = [job for job in jobs if job.is_open]
        progress = RoundProgress(
            number,
            requests=sum(job.requests - job.unanswered for job in jobs),
            completed=sum(job.completed for job in jobs),
            failed=sum(job.failed for job in jobs),
            expired=sum(job.unanswered for job in jobs if job.status in ("expired", "cancelled", "missing")),
            batches=len(open_jobs),
            submitted=min((job.submitted for job in open_jobs if job.submitted), default=None),
            now=models[0].now(),
            problem=next((model.problem for model in models if model.problem), ""),
        )
        on_round(progress)
        if not any(is_open):
            return progress
        await models[0].wait_for_poll()
