"""Jobs: each takes requests of the journal through a batch at the server, and can be resumed after any step."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from summarizer._async import run_in_thread
from summarizer.batch_api.files import OPENAI_LIMITS, FileLimits, LineCounts, line_overhead, read_replies, request_line
from summarizer.batch_api.journal import Job, Journal, LeaseTaken
from summarizer.errors import (
    ConfigurationError,
    ModelError,
    RateLimited,
    RequestRefused,
    ServerFailed,
    SummarizerError,
    copy_error,
)
from summarizer.models import Answer, BatchClient, OpenAIModel, RemoteBatch

QUEUE_CODES = ("token_limit_exceeded", "request_limit_exceeded")
"""Codes of a batch that failed after its creation because the server's queue is full."""
SIZE_WORDS = ("max_requests", "too_large", "too_many", "too large", "larger than")
"""Parts of the codes and messages about a file or a batch that is too large."""
ATTEMPTS = 3
"""Batches that ask for one reply at most."""
SETTLING = 10.0
"""Seconds after which the server's list shows a new batch for sure."""
GRACE = 600.0
"""Seconds in which a new batch, or a file of a batch that has just ended, may be refused or missing for a while."""
MAX_SKIPPED = 20
"""Looks at most that submit nothing after the server's queue was full; they double with each time."""
_STARTING = ("planned", "uploaded", "creating")


class JobRunner:
    """Submits the requests of one model, looks at its batches, and collects their answers.

    Args:
        model: The model at the server.
        journal: Its requests and jobs.
        limits: Limits of a file.
        attempts: Batches that ask for one reply at most.
        direct: Whether requests that a batch did not answer are left to ordinary requests.
        settling: Seconds after which the server's list shows a batch for sure.
        clock: Returns seconds since 1970.
        sleep: Waits for a number of seconds.
    """

    def __init__(
        self,
        model: OpenAIModel,
        journal: Journal,
        *,
        limits: FileLimits = OPENAI_LIMITS,
        attempts: int = ATTEMPTS,
        direct: bool = False,
        settling: float = SETTLING,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._model, self.journal, self._limits = model, journal, limits
        self._attempts, self._direct = attempts, direct
        self._settling, self._clock, self._sleep = settling, clock, sleep
        self.client: BatchClient = model.open_batches()
        self.problem: SummarizerError | None = None
        """Why a step could not be taken; the next call tries it again. A ModelError is one of the connection."""
        self._refusals = self._skipped = 0
        self.counts = LineCounts()
        """Lines that were collected."""

    async def advance(self, *, submit: bool) -> None:
        """Take every step that can be taken now, in all jobs; without ``submit``, nothing is sent that costs.

        Raises:
            ModelError: A step fails in a way that another attempt does not cure; the other jobs were advanced.
            ConfigurationError: A temporary file cannot be written.
        """

        async def take_steps(job: Job) -> None:
            await self._start(job, submit=submit)
            await self._look(job)
            refusal = await self._collect(job)
            await self._clean(job)
            if refusal:
                raise refusal

        await self._work(take_steps, submit=submit)

    async def look(self) -> None:
        """Ask for the state of the running batches, and collect nothing."""

        async def look(job: Job) -> None:
            await self._start(job, submit=False)
            await self._look(job)

        await self._work(look)

    async def cancel(self) -> int:
        """Cancel the running batches, and return their number. What is done by then is charged, and can be collected.

        Raises:
            ModelError: One of them cannot be cancelled; the others were.
        """
        count = 0

        async def cancel(job: Job) -> None:
            nonlocal count
            await self._start(job, submit=False)
            await self._look(job)
            if job.state == "running" and job.batch:
                await self.client.cancel(job.batch)
                count += 1

        await self._work(cancel)
        return count

    async def aclose(self) -> None:
        """Close the connections of the running event loop."""
        await self._model.aclose()

    @property
    def open_jobs(self) -> list[Job]:
        """The jobs whose batch has not ended."""
        return [job for job in self.journal.jobs() if job.state in (*_STARTING, "running")]

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
            with self.journal.lease():
                for job in self.journal.jobs():
                    await attempt(act(job))
                while submit and not final and not self.problem and (planned := await self._plan()):
                    await attempt(self._start(planned, submit=True))
        except LeaseTaken as error:
            self.problem = error
        if final:
            raise final[0]

    async def _plan(self) -> Job | None:
        """Return a new job, if there are new requests and the server's queue takes another batch."""
        if self._skipped > 0:
            self._skipped -= 1
            return None
        requests, batches = self.journal.queue_limit
        if batches is not None and len(self.open_jobs) >= batches:
            return None
        return await run_in_thread(
            self.journal.plan,
            await self._model.resolved_name(),
            self._model.endpoint.shown,
            min(self._limits.requests, requests or self._limits.requests),
            self._limits.bytes,
            line_overhead(self.client.url, self._model.extra_body),
            first_only=self._direct,
        )

    async def _start(self, job: Job, *, submit: bool) -> None:
        """Bring a job to the point where its batch runs. What an earlier process did is found on the server."""
        if job.state == "creating":
            await self._find_batch(job, submit=submit)
        if job.state == "planned" and submit:
            file = await self.client.find_file(job.file_name) if job.started else None
            self.journal.save(job, started=self._clock())
            self.journal.save(job, file=file or await self._upload(job), state="uploaded")
        if job.state == "uploaded" and submit:
            self.journal.save(job, state="creating", started=self._clock())
            self._note_batch(job, await self._create(job))

    async def _find_batch(self, job: Job, *, submit: bool) -> None:
        """Find a batch that was perhaps created; if there is none, prepare another attempt.

        A process that stood still may send its request later. Without its file, no batch comes of that.
        """
        assert job.file
        batch = await self.client.find(job.id, job.file)
        if batch is None and (rest := (job.started or 0) + self._settling - self._clock()) > 0:
            await self._sleep(min(rest, self._settling))
            batch = await self.client.find(job.id, job.file)
        if batch:
            self._note_batch(job, batch)
        elif submit:
            await self._delete(job.file)
            self.journal.save(job, state="planned", file=None, started=None)

    def _note_batch(self, job: Job, batch: RemoteBatch) -> None:
        self.journal.save(job, state="running", batch=batch.id, status=batch.status, submitted=job.started)

    async def _upload(self, job: Job) -> str:
        with _temporary_file(job.file_name) as path:

            def write() -> None:
                url, extra = self.client.url, self._model.extra_body
                with path.open("wb") as file:
                    file.writelines(request_line(key, body, url, extra) for key, body in self.journal.bodies(job))

            await run_in_thread(write)
            try:
                return await self.client.upload(path, job.file_name)
            except ModelError as error:
                is_too_large = error.status == 413 or any(word in str(error).casefold() for word in SIZE_WORDS)
                if is_too_large and job.requests > 1:
                    self._halve(job)
                    error = copy_error(error, retryable=False)
                elif error.status == 400 and any(other.id != job.id and other.file for other in self.open_jobs):
                    error = copy_error(error, retryable=True)  # Azure keeps 500 files: the end of a batch makes room
                await self._give_up(job, error)
                raise copy_error(error, retryable=error.retryable or (is_too_large and job.requests > 1)) from error

    async def _create(self, job: Job) -> RemoteBatch:
        assert job.file
        try:
            return await self.client.create(job.file, job.id)
        except ModelError as error:
            if isinstance(error, RateLimited):
                self.journal.save(job, state="uploaded")
            elif error.status in (400, 404) and error.retryable:  # the server has lost the file
                self.journal.save(job, state="planned", file=None)
            await self._give_up(job, error)
            raise

    async def _give_up(self, job: Job, error: ModelError) -> None:
        """Make the requests of a job new again if the server certainly refuses its file or its batch."""
        if error.status is None or error.retryable:
            return
        self.journal.requeue(job, attempts="attempts - 1")
        self.journal.save(job, state="collected")
        with suppress(ModelError):
            await self._clean(job)

    async def _look(self, job: Job) -> None:
        """Ask for the state of a running batch."""
        if job.state != "running":
            return
        assert job.batch
        save = self.journal.save
        try:
            batch = await self.client.retrieve(job.batch)
        except ModelError as error:
            if error.status != 404:
                raise
            if self._clock() < (job.submitted or 0) + GRACE:
                raise copy_error(error, retryable=True, fatal=False) from error
            save(job, state="ended", status="missing", ended=self._clock())
            return
        save(job, status=batch.status, completed=batch.completed, failed=batch.failed)
        if batch.is_ended and batch.completed and not batch.output_file:  # it may come a moment later
            save(job, ended=job.ended or self._clock())
            if self._clock() < (job.ended or 0) + GRACE:
                return
        if batch.is_ended:
            save(job, state="ended", output=batch.output_file, errors=batch.error_file, ended=self._clock())

    async def _collect(self, job: Job) -> ModelError | None:
        """Save what an ended batch has, output and errors; what is missing becomes new again.

        Returns:
            The error that ends the work, if the server refuses batch after batch.
        """
        if job.state != "ended":
            return None
        for file in filter(None, (job.output, job.errors)):
            await self._read(job, file)
        refusal = await self._settle_failure(job) if job.status == "failed" else None
        if not self._direct and not refusal:
            missing = self.journal.unanswered(job, self._attempts)
            message = f"{self._attempts} batches did not answer the request; the last one is {job.status}."
            failed = ServerFailed(message, hint="Ask directly: BatchModel(direct=True), or --then direct.")
            self.journal.answer([(key, Answer(error=failed)) for key in missing], job)
        if job.status == "completed":
            self.journal.raise_queue_limit()
            self._refusals = self._skipped = 0
        unanswered = self.journal.requeue(job, attempts="0" if refusal else "attempts")
        self.journal.save(job, state="collected", unanswered=unanswered)
        return refusal

    async def _read(self, job: Job, file: str) -> None:
        with _temporary_file("lines.jsonl") as path:
            try:
                await self.client.download(file, path)
            except ModelError as error:
                if error.status in (403, 404) and self._clock() < (job.ended or 0) + GRACE:
                    raise copy_error(error, retryable=True, fatal=False) from error
                if error.status == 404:  # it was deleted, so its requests are asked again
                    return
                raise
            attempts = None if self._direct else self._attempts
            read = self.client.read_line
            self.counts += await run_in_thread(read_replies, path, self.journal, read, attempts=attempts, job=job)

    async def _settle_failure(self, job: Job) -> ModelError | None:
        """Make the requests of a refused batch new again, and learn why it was refused.

        Returns:
            The error that ends the work, if as many batches were refused as may ask for a reply.
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
            others = sum(other.state == "running" for other in self.journal.jobs())
            if others:
                self.journal.note_model(batches=others)
            else:
                self._halve(job, batches=1)
            self.journal.requeue(job, attempts="attempts - 1")
            self._refusals += 1
            self._skipped = min(2**self._refusals, MAX_SKIPPED)
            self.problem = SummarizerError(f"The server's queue is full: {words}")
            return None
        if job.requests > 1 and any(word in problem.code for problem in problems for word in SIZE_WORDS):
            self._halve(job)
            self.journal.requeue(job, attempts="attempts - 1")
            return None
        keys = self.journal.keys(job)
        at_fault = {problem.line: problem for problem in problems if problem.line and problem.line <= len(keys)}
        for line, problem in at_fault.items():
            message = f'The server refused the request in its batch. It says: "{self.client.mask(problem.message)}"'
            failed = RequestRefused(message, hint="Correct the named part. OpenAIModel(…) sets the parameters.")
            self.journal.answer([(keys[line - 1], Answer(error=failed))], job)
        if at_fault:
            self.journal.requeue(job, attempts="attempts - 1")
            return None
        message = f'The server at {self._model.endpoint.shown} refused the batch. It says: "{words}"'
        if self._direct or not self.journal.unanswered(job, self._attempts):
            self.problem = SummarizerError(f"{message} Another one replaces it." if not self._direct else message)
            return None
        hint = f"It refused {self._attempts} in a row. Correct the cause, and start again: the requests are kept."
        return copy_error(RequestRefused(message, hint=hint), fatal=True)

    def _halve(self, job: Job, **limits: int) -> None:
        """Let later batches have half the requests of this one."""
        self.journal.note_model(requests=math.ceil(job.requests / 2), **limits)

    async def _clean(self, job: Job) -> None:
        """Delete the files of a collected job from the server."""
        if job.state == "collected":
            for file in filter(None, (job.file, job.output, job.errors)):
                await self._delete(file)
            self.journal.save(job, state="done")

    async def _delete(self, file: str) -> None:
        try:
            await self.client.delete(file)
        except ModelError as error:
            if error.retryable:
                raise
            self.problem = SummarizerError(error.message)  # the key may not delete: that costs nothing


@contextmanager
def _temporary_file(name: str) -> Iterator[Path]:
    """Yield the path of a file in a temporary folder."""
    try:
        with TemporaryDirectory(prefix="summarizer-") as folder:
            yield Path(folder, name)
    except OSError as error:
        message = f"A temporary file in {gettempdir()} cannot be written: {error.strerror or error}."
        raise ConfigurationError(message, hint="Make room there, or set TMPDIR to another folder.") from error
