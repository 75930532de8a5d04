"""Jobs: each takes requests of the journal through a batch at the server, and can be resumed after any step."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any, Literal

from summarizer._async import run_blocking
from summarizer.batch_api.files import LineCounts, line_overhead, read_replies, request_line
from summarizer.batch_api.journal import OPENAI_LIMITS, Attempts, FileLimits, Job, JobState, Journal
from summarizer.errors import ConfigurationError, ModelError, RequestRefused, ServerFailed, SummarizerError, copy_error
from summarizer.models import Answer, BatchClient, OpenAIModel, RemoteBatch
from summarizer.store import LeaseHeld

Unanswered = Literal["batch", "direct"]
"""How requests are asked again that a batch did not answer: in another batch, or as ordinary requests."""
QUEUE_CODES = ("token_limit_exceeded", "request_limit_exceeded")
"""Codes of a batch that failed after its creation because the server's queue is full."""
SIZE_WORDS = ("max_requests", "too_large", "too_many", "too large", "larger than")
"""Parts of the codes and messages about a file or a batch that is too large."""
ATTEMPTS = 3
"""Batches that ask for one reply at most."""
LIST_DELAY = 10.0
"""Seconds after which the server's list shows a new batch for sure."""
GRACE = 600.0
"""Seconds in which a new batch, or a file of a batch that has just ended, may be refused or missing for a while."""
MAX_SKIPPED = 20
"""Looks at most that submit nothing after the server's queue was full; they double with each time."""
_STARTING: tuple[JobState, ...] = ("planned", "uploaded", "creating")
_COLLECTING: tuple[JobState, ...] = ("creating", "running", "ended", "collected")


class JobRunner:
    """Submits the requests of one model, looks at its batches, and collects their answers.

    The options are those of `BatchModel`.
    """

    def __init__(
        self,
        model: OpenAIModel,
        journal: Journal,
        *,
        limits: FileLimits = OPENAI_LIMITS,
        attempts: int = ATTEMPTS,
        unanswered: Unanswered = "batch",
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._model, self.journal, self._limits = model, journal, limits
        self._is_direct = unanswered == "direct"
        self._attempts = math.inf if self._is_direct else attempts
        self._clock, self._sleep = clock, sleep
        self._call = journal.database.run
        self.client: BatchClient = model.open_batches()
        self.problem: SummarizerError | None = None
        """Why a step could not be taken; the next call tries it again. A ModelError is one of the connection."""
        self._full, self._skipped, self._refusal = 0, 0, ""
        self.counts = LineCounts()
        """Lines that were collected."""
        self._steps: dict[JobState, Callable[[Job], Awaitable[None]]] = {
            "planned": self._upload,
            "uploaded": self._create,
            "creating": self._find,
            "running": self._look,
            "ended": self._collect,
            "collected": self._clean,
        }

    async def advance(self, *, submit: bool) -> None:
        """Take every step that can be taken now, in all jobs; without ``submit``, nothing is sent that costs.

        Raises:
            ModelError: A step fails in a way that another attempt does not cure; the other jobs were advanced.
            ConfigurationError: A temporary file cannot be written.
        """
        states = (*_STARTING, *_COLLECTING) if submit else _COLLECTING
        await self._work(lambda job: self._take_steps(job, states), submit=submit)

    async def look(self) -> None:
        """Ask for the state of the batches under way. Nothing is collected, or changed at the server."""
        await self._work(self._look_only)

    async def cancel(self) -> int:
        """Cancel the running batches, and return their number. What is done by then is charged, and can be collected.

        The files of batches that came by a merge of stores are deleted once they are collected.

        Raises:
            ModelError: One of them cannot be cancelled; the others were.
        """
        count = 0

        async def cancel(job: Job) -> None:
            nonlocal count
            await self._look_only(job)
            if job.state == "running" and job.batch:
                await self.client.cancel(job.batch)
                count += 1
            elif job.copied and job.state == "ended":  # perhaps the other store has collected it
                await self._collect(job, may_be_gone=True)
            if job.copied and job.state == "collected":
                await self._delete_files(job)

        await self._work(cancel)
        return count

    async def jobs(self) -> list[Job]:
        """Return the jobs that are not done."""
        return await self._call(self.journal.jobs)

    async def _work(self, act: Callable[[Job], Awaitable[None]], *, submit: bool = False) -> None:
        """Call ``act`` for each job and, with ``submit``, start new ones, while no other process does.

        An error that may pass becomes the `problem`. Another one is raised when all jobs had their turn.
        """
        self.problem, final = None, list[ModelError]()

        async def attempt(step: Awaitable[None]) -> None:
            try:
                await step
            except ModelError as error:
                if error.retryable and not error.fatal:
                    self.problem = error
                else:
                    final.append(error)

        try:
            async with self.journal.lease():
                for job in await self.jobs():
                    await attempt(act(job))
                while submit and not final and not self.problem and (planned := await self._plan()):
                    await attempt(self._take_steps(planned, _STARTING))
        except LeaseHeld as error:
            self.problem = error
        if final:
            raise final[0]

    async def _take_steps(self, job: Job, states: Iterable[JobState]) -> None:
        """Take the steps from these states, until one has to wait."""
        before = None
        while job.state in states and job.state != before:
            before = job.state
            await self._steps[job.state](job)

    async def _plan(self) -> Job | None:
        """Return a new job, if there are new requests and the server's queue takes another batch."""
        if self._skipped > 0:
            self._skipped -= 1
            self.problem = SummarizerError(f"{self._refusal} The server is asked again in {self._skipped + 1} rounds.")
            return None
        if self._full and any(job.is_open for job in await self.jobs()):  # one of these has to end first
            return None
        _, limit = await self._call(self.journal.known)
        return await self._call(
            self.journal.plan,
            await self._model.resolved_name(),
            self._model.endpoint.shown,
            replace(self._limits, requests=min(self._limits.requests, limit or self._limits.requests)),
            line_overhead(self.client.url, self._model.extra_body),
            first_only=self._is_direct,
        )

    async def _upload(self, job: Job) -> None:
        """Upload the file of a planned job, unless an earlier process did."""
        file = await self.client.find_file(job.file_name) if job.started else None
        await self._save(job, started=self._clock())
        if file is None:
            with _temporary_file(job.file_name) as path:
                await run_blocking(self._write_requests, job, path)
                try:
                    file = await self.client.upload(path, job.file_name)
                except ModelError as error:
                    is_too_large = error.status == 413 or any(word in str(error).casefold() for word in SIZE_WORDS)
                    if is_too_large and job.requests > 1:
                        await self._halve(job)
                        await self._give_up(job)
                        raise copy_error(error, retryable=True) from error
                    others = [each for each in await self.jobs() if each.id != job.id and each.file and not each.copied]
                    if error.status == 400 and others:  # Azure keeps 500 files: the end of a batch makes room
                        raise copy_error(error, retryable=True) from error
                    await self._give_up(job, error)
                    raise
        await self._save(job, file=file, state="uploaded")

    def _write_requests(self, job: Job, path: Path) -> None:
        url, extra = self.client.url, self._model.extra_body
        with path.open("wb") as file:
            file.writelines(request_line(key, body, url, extra) for key, body in self.journal.bodies(job))

    async def _create(self, job: Job) -> None:
        """Create the batch of an uploaded file."""
        assert job.file
        await self._save(job, state="creating", started=self._clock())
        try:
            batch = await self.client.create(job.file, job.id)
        except ModelError as error:
            if error.status == 429:
                await self._save(job, state="uploaded")
            elif error.status in (400, 404) and error.retryable:  # the server has lost the file
                await self._save(job, state="planned", file=None)
            await self._give_up(job, error)
            raise
        await self._note_batch(job, batch)

    async def _look_only(self, job: Job) -> None:
        """Ask for the state of a batch that runs, or was perhaps created."""
        if job.state == "creating" and job.file and (batch := await self.client.find(job.id, job.file)):
            await self._note_batch(job, batch)
        await self._take_steps(job, ("running",))

    async def _find(self, job: Job) -> None:
        """Find a batch that was perhaps created; if there is none, prepare another attempt.

        A process that hung may send its request later. Without its file, no batch results from that.
        """
        assert job.file
        batch = await self.client.find(job.id, job.file)
        if batch is None and (delay := (job.started or 0) + LIST_DELAY - self._clock()) > 0:
            await self._sleep(min(delay, LIST_DELAY))
            batch = await self.client.find(job.id, job.file)
        if batch is None:
            await self._delete(job.file)
            await self._save(job, state="planned", file=None, started=None)
        else:
            await self._note_batch(job, batch)

    async def _note_batch(self, job: Job, batch: RemoteBatch) -> None:
        await self._save(job, state="running", batch=batch.id, status=batch.status, submitted=job.started)

    async def _give_up(self, job: Job, error: ModelError | None = None) -> None:
        """Make the requests of a job new again, unless the error may pass or leaves open what the server did."""
        if error is None or (error.status is not None and not error.retryable):
            await self._call(self.journal.close, job, "undo")
            with suppress(ModelError):
                await self._clean(job)

    async def _look(self, job: Job) -> None:
        """Ask for the state of a running batch."""
        assert job.batch
        try:
            batch = await self.client.retrieve(job.batch)
        except ModelError as error:
            self._check_gone(error, job.submitted, job.batch)
            await self._save(job, state="ended", status="missing", ended=self._clock())
            return
        changes: dict[str, Any] = {"status": batch.status, "completed": batch.completed, "failed": batch.failed}
        if batch.is_ended:
            changes["ended"] = ended = job.ended or self._clock()
            is_complete = batch.output_file or not batch.completed  # the file may come a moment later
            if is_complete or self._clock() >= ended + GRACE:
                changes |= {"state": "ended", "output": batch.output_file, "errors": batch.error_file}
        await self._save(job, **changes)

    def _check_gone(self, error: ModelError, since: float | None, batch: str | None) -> None:
        """Raise an error, unless something is gone. What is new may be refused or missing at first."""
        if error.status in (403, 404) and self._clock() < (since or 0) + GRACE:
            message = f"The server does not show {batch} or its replies (HTTP {error.status})."
            hint = f"If that lasts for {GRACE / 60:.0f} minutes, its requests are asked again."
            raise copy_error(ServerFailed(f"{message} {hint}", status=error.status), retryable=True) from error
        if error.status != 404:
            raise error

    async def _collect(self, job: Job, *, may_be_gone: bool = False) -> None:
        """Save what an ended batch has, output and errors; what is missing becomes new again.

        Raises:
            ModelError: The server refuses batch after batch.
        """
        for file in filter(None, (job.output, job.errors)):
            await self._read(job, file, may_be_gone=may_be_gone or not job.copied)
        attempts, refusal = await self._read_failure(job) if job.status == "failed" else ("keep", None)
        if attempts == "keep":
            missing = await self._call(self.journal.unanswered, job, self._attempts)
            message = f"{self._attempts} batches did not answer the request; the last one is {job.status}."
            failed = Answer(error=ServerFailed(message, hint="Run it again, or ask directly: unanswered='direct'."))
            await self._call(self.journal.answer, [(key, failed) for key in missing], job)
        if job.status == "completed":
            await self._call(self.journal.raise_queue_limit, self._limits.requests)
            self._full = self._skipped = 0
        await self._call(self.journal.close, job, attempts)
        if refusal:
            with suppress(ModelError):
                await self._clean(job)
            raise refusal

    async def _read(self, job: Job, file: str, *, may_be_gone: bool) -> None:
        """Save the answers in a file of an ended batch."""
        with _temporary_file("lines.jsonl") as path:
            try:
                await self.client.download(file, path)
            except ModelError as error:
                self._check_gone(error, None if job.copied and error.status == 404 else job.ended, job.batch)
                if may_be_gone:  # its requests are asked again
                    return
                message = f"The replies of {job.batch} are not at the server: the store that submitted it has them."
                hint = "Merge that store once more. 'summarizer batches cancel' gives the batch up."
                raise ModelError(message, hint=hint) from error
            options: dict[str, Any] = {"job": job, "retry_below": self._attempts}
            await run_blocking(read_replies, path, self.journal, self.client.read_line, self.counts, **options)

    async def _read_failure(self, job: Job) -> tuple[Attempts, ModelError | None]:
        """Learn why the server refused a batch after its creation.

        Returns:
            Whether it counts as an attempt of its requests, and the error that ends the work if the server has
            refused as many batches as may ask for a reply.
        """
        assert job.batch
        try:
            problems = (await self.client.retrieve(job.batch)).problems
        except ModelError as error:
            if error.status != 404:
                raise
            problems = ()
        words = "; ".join(self.client.mask(problem.message) for problem in problems[:3]) or "It gives no reason."
        if any(problem.code in QUEUE_CODES for problem in problems):
            if not any(other.state == "running" for other in await self.jobs()):
                await self._halve(job)
            self._full += 1
            self._skipped = min(2**self._full, MAX_SKIPPED)
            self._refusal = f"The server's queue is full: {words}"
            self.problem = SummarizerError(self._refusal)
            return "undo", None
        if job.requests > 1 and any(word in problem.code for problem in problems for word in SIZE_WORDS):
            await self._halve(job)
            return "undo", None
        keys = await self._call(self.journal.keys, job)
        at_fault = {problem.line: problem for problem in problems if problem.line and problem.line <= len(keys)}
        if at_fault:
            hint = "Correct the named part. OpenAIModel(…) sets the parameters."
            message = 'The server refused the request in its batch. It says: "{}"'
            errors = {line: message.format(self.client.mask(each.message)) for line, each in at_fault.items()}
            answers = [(keys[line - 1], Answer(error=RequestRefused(text, hint=hint))) for line, text in errors.items()]
            await self._call(self.journal.answer, answers, job)
            return "undo", None
        message = f'The server at {self._model.endpoint.shown} refused the batch. It says: "{words}"'
        if not await self._call(self.journal.unanswered, job, self._attempts):
            self.problem = SummarizerError(f"{message} Its requests are asked again.")
            return "keep", None
        hint = f"It refused {self._attempts} in a row. Correct the cause, and start again: the requests are kept."
        return "reset", copy_error(RequestRefused(message, hint=hint), fatal=True)

    async def _halve(self, job: Job) -> None:
        """Let later batches have half the requests of this one."""
        await self._call(self.journal.note_model, requests=math.ceil(job.requests / 2))

    async def _clean(self, job: Job) -> None:
        """Delete the files of a collected job from the server, unless another store may need them."""
        if not job.copied:
            await self._delete_files(job)

    async def _delete_files(self, job: Job) -> None:
        for file in filter(None, (job.file, job.output, job.errors)):
            await self._delete(file)
        await self._save(job, state="done")

    async def _delete(self, file: str) -> None:
        try:
            await self.client.delete(file)
        except ModelError as error:
            if error.retryable:
                raise
            self.problem = SummarizerError(error.message)  # the key may not delete: that costs nothing

    async def _save(self, job: Job, **changes: Any) -> None:
        await self._call(self.journal.save, job, **changes)


@contextmanager
def _temporary_file(name: str) -> Iterator[Path]:
    """Yield the path of a file in a temporary folder."""
    try:
        with TemporaryDirectory(prefix="summarizer-") as folder:
            yield Path(folder, name)
    except OSError as error:
        message = f"A temporary file in {gettempdir()} cannot be written: {error.strerror or error}."
        raise ConfigurationError(message, hint="Make room there, or set TMPDIR to another folder.") from error
