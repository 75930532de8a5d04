"""Jobs: each takes requests of the journal through a batch at the server, and can be resumed after any step."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from summarizer._async import run_in_thread
from summarizer.batch_api.files import OPENAI_LIMITS, FileLimits, LineCounts, line_overhead, read_replies, write_lines
from summarizer.batch_api.journal import Job, Journal, LeaseTaken
from summarizer.errors import ModelError, RateLimited, RequestRefused, ServerFailed, copy_error
from summarizer.models import Answer, BatchClient, OpenAIModel, RemoteBatch

QUEUE_CODES = ("token_limit_exceeded", "request_limit_exceeded")
"""Codes of a batch that failed after its creation because the server's queue is full."""
SIZE_WORDS = ("max_requests", "too_large", "too_many")
"""Parts of the codes of a batch that is too large."""
ATTEMPTS = 3
"""Batches that ask for one reply at most."""
SETTLING = 10.0
"""Seconds after which the server's list shows a new batch for sure."""
GRACE = 600.0
"""Seconds in which a new batch, or a file of a batch that has just ended, may be refused or missing for a while."""
_STARTING = ("planned", "uploading", "uploaded", "creating")


class BatchFailed(RequestRefused):
    """The server refused a whole batch."""

    fatal = True


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
        self._model, self._journal, self._limits = model, journal, limits
        self._attempts, self._direct = attempts, direct
        self._settling, self._clock, self._sleep = settling, clock, sleep
        self._client: BatchClient = model.open_batches()
        self.problem = ""
        """Why a step could not be taken; the next call tries it again."""
        self.failure: ModelError | None = None
        """The error of the latest step that may pass by itself."""
        self.counts = LineCounts()
        """Lines that were collected."""

    @property
    def url(self) -> str:
        """The endpoint that the lines of requests name."""
        return self._client.url

    async def advance(self, *, submit: bool) -> None:
        """Take every step that can be taken now, in all jobs; without ``submit``, nothing is sent that costs.

        Raises:
            ModelError: A step fails in a way that another attempt does not cure; the other jobs were advanced.
        """
        self.problem, self.failure = "", None
        try:
            with self._journal.lease():
                await self._advance(submit=submit)
        except LeaseTaken as error:
            self.problem = error.message

    async def look(self) -> None:
        """Ask for the state of the running batches, and collect nothing."""
        self.problem, final = "", list[ModelError]()
        try:
            with self._journal.lease():
                for job in self._journal.jobs():
                    await self._try(self._look(job, submit=False), final)
        except LeaseTaken as error:
            self.problem = error.message
        if final:
            raise final[0]

    async def cancel(self) -> None:
        """Cancel the running batches. What is done by then is charged, and can be collected."""
        for job in self._journal.jobs():
            if job.state == "running" and job.batch:
                await self._client.cancel(job.batch)

    async def aclose(self) -> None:
        """Close the connections of the running event loop."""
        await self._model.aclose()

    @property
    def jobs(self) -> list[Job]:
        """The jobs that are not done: the batch is open, or its replies are not collected."""
        return self._journal.jobs()

    @property
    def open_jobs(self) -> list[Job]:
        """The jobs whose batch has not ended."""
        return [job for job in self._journal.jobs() if job.state in (*_STARTING, "running")]

    async def _advance(self, *, submit: bool) -> None:
        final: list[ModelError] = []
        for step in (self._start, self._look, self._collect, self._clean):
            for job in self._journal.jobs():
                await self._try(step(job, submit=submit), final)
        while submit and not final and not self.problem and (planned := await self._plan()):
            await self._try(self._start(planned, submit=True), final)
        if final:
            raise final[0]

    async def _try(self, step: Awaitable[None], final: list[ModelError]) -> None:
        """Take one step; its error ends the work after the other steps, or is kept as a `problem` if it may pass."""
        try:
            await step
        except ModelError as error:
            if error.retryable and not error.fatal:
                self.problem, self.failure = error.message, error
            else:
                final.append(error)

    async def _plan(self) -> Job | None:
        """Return a new job, if there are new requests and the server's queue takes another batch."""
        limit = self._journal.queue_limit
        if limit.batches is not None and len(self.open_jobs) >= limit.batches:
            return None
        return await run_in_thread(
            self._journal.plan,
            await self._model.resolved_name(),
            self._model.endpoint.shown,
            min(self._limits.requests, limit.requests or self._limits.requests),
            self._limits.bytes,
            line_overhead(self._client.url, self._extra),
            first_only=self._direct,
        )

    @property
    def _extra(self) -> Mapping[str, Any]:
        return self._model.extra_body

    async def _start(self, job: Job, *, submit: bool) -> None:
        """Bring a job to the point where its batch runs. What an earlier process did is found on the server."""
        save, now = self._journal.save, self._clock
        if job.state not in _STARTING:
            return
        if job.state == "uploading" and (file := await self._client.find_file(job.file_name)):
            save(job, state="uploaded", file=file)
        if job.state in ("planned", "uploading"):
            if not submit:
                return
            save(job, state="uploading", started=now())
            try:
                file = await self._upload(job)
            except ModelError as error:
                if error.status == 413 or "large" in str(error):
                    self._journal.note_model(requests=math.ceil(job.requests / 2))
                await self._give_up(job, error)
                raise
            save(job, file=file, state="uploaded")
        batch: RemoteBatch | None = None
        assert job.file
        if job.state == "creating":
            batch = await self._client.find(job.id, job.file)
            if batch is None and (rest := (job.started or 0) + self._settling - now()) > 0:
                await self._sleep(min(rest, self._settling))
                batch = await self._client.find(job.id, job.file)
        if batch is None:
            if not submit:
                return
            save(job, state="creating", started=now())
            batch = await self._create(job, job.file)
        save(job, state="running", batch=batch.id, status=batch.status, submitted=job.started)

    async def _upload(self, job: Job) -> str:
        with TemporaryDirectory(prefix="summarizer-") as folder:
            path = Path(folder, job.file_name)

            def write() -> None:
                with path.open("wb") as file:
                    write_lines(file, self._journal.bodies(job), self._client.url, self._extra)

            await run_in_thread(write)
            try:
                return await self._client.upload(path, job.file_name)
            except ModelError as error:
                others = any(other.id != job.id and other.file for other in self.open_jobs)
                if error.status == 400 and others:  # Azure keeps 500 files: the end of another batch makes room
                    raise copy_error(error, retryable=True) from error
                raise

    async def _create(self, job: Job, file: str) -> RemoteBatch:
        try:
            return await self._client.create(file, job.id)
        except ModelError as error:
            if isinstance(error, RateLimited):
                self._journal.save(job, state="uploaded")
            elif error.status in (400, 404) and error.retryable:  # the server has lost the file
                self._journal.save(job, state="planned", file=None)
            await self._give_up(job, error)
            raise

    async def _give_up(self, job: Job, error: ModelError) -> None:
        """Make the requests of a job new again if the server certainly refuses its file or its batch."""
        if error.status is None or error.retryable:
            return
        self._journal.requeue(job, is_attempt=False)
        self._journal.save(job, state="collected")
        with suppress(ModelError):
            await self._clean(job, submit=False)

    async def _look(self, job: Job, *, submit: bool) -> None:  # noqa: ARG002
        """Ask for the state of a running batch."""
        if job.state != "running":
            return
        assert job.batch
        save = self._journal.save
        try:
            batch = await self._client.retrieve(job.batch)
        except ModelError as error:
            if error.status != 404:
                raise
            if self._clock() < (job.submitted or 0) + GRACE:
                raise copy_error(error, retryable=True, fatal=False) from error
            save(job, state="ended", status="missing", ended=self._clock())
            return
        save(job, status=batch.status, completed=batch.completed, failed=batch.failed)
        if batch.is_ended:
            save(job, state="ended", output=batch.output_file, errors=batch.error_file, ended=self._clock())

    async def _collect(self, job: Job, *, submit: bool) -> None:  # noqa: ARG002
        """Save what an ended batch has, output and errors; what is missing becomes new again."""
        if job.state != "ended":
            return
        for file in filter(None, (job.output, job.errors)):
            await self._read(job, file)
        refused = await self._settle_failure(job) if job.status == "failed" else None
        if not self._direct:
            missing = self._journal.unanswered(job, self._attempts)
            message = f"{self._attempts} batches did not answer the request; the last one is {job.status}."
            failed = ServerFailed(message, hint="Ask directly: BatchModel(direct=True).")
            self._journal.answer([(key, Answer(error=failed)) for key in missing], job)
        unanswered = self._journal.requeue(job)
        self._journal.save(job, state="collected", unanswered=unanswered)
        if refused:
            raise refused

    async def _read(self, job: Job, file: str) -> None:
        with TemporaryDirectory(prefix="summarizer-") as folder:
            path = Path(folder, "lines.jsonl")
            try:
                await self._client.download(file, path)
            except ModelError as error:
                if error.status in (403, 404) and self._clock() < (job.ended or 0) + GRACE:
                    raise copy_error(error, retryable=True, fatal=False) from error
                if error.status == 404:  # it was deleted, so its requests are asked again
                    return
                raise
            attempts = None if self._direct else self._attempts
            read = self._client.read_line
            found = await run_in_thread(read_replies, path, self._journal, read, attempts=attempts, job=job)
            for name in ("replies", "errors", "foreign", "unreadable"):
                setattr(self.counts, name, getattr(self.counts, name) + getattr(found, name))

    async def _settle_failure(self, job: Job) -> ModelError | None:
        """Make the requests of a refused batch new again, and learn why it was refused.

        Returns:
            The error to raise if another attempt would fail, too.
        """
        assert job.batch
        problems = (await self._client.retrieve(job.batch)).problems
        words = "; ".join(self._client.mask(problem.message) for problem in problems[:3]) or "It gives no reason."
        if any(problem.code in QUEUE_CODES for problem in problems):
            others = sum(other.state == "running" for other in self._journal.jobs())
            limit = {"batches": others} if others else {"requests": math.ceil(job.requests / 2), "batches": 1}
            self._journal.note_model(**limit)
            if job.requests > 1 or others:
                self._journal.requeue(job, is_attempt=False)
            self.problem = f"The server's queue is full: {words}"
            return None
        if job.requests > 1 and any(word in problem.code for problem in problems for word in SIZE_WORDS):
            self._journal.note_model(requests=math.ceil(job.requests / 2))
            self._journal.requeue(job, is_attempt=False)
            return None
        keys = self._journal.keys(job)
        at_fault = {problem.line: problem for problem in problems if problem.line and problem.line <= len(keys)}
        for line, problem in at_fault.items():
            message = f'The server refused the request in its batch. It says: "{self._client.mask(problem.message)}"'
            error = RequestRefused(message, hint="Correct the named part. OpenAIModel(…) sets the parameters.")
            self._journal.answer([(keys[line - 1], Answer(error=error))], job)
        self._journal.requeue(job, is_attempt=False)
        if at_fault:
            return None
        server = self._model.endpoint.shown
        hint = "Correct the cause, and start again: nothing was charged, and the requests are kept."
        return BatchFailed(f'The server at {server} refused the batch. It says: "{words}"', hint=hint)

    async def _clean(self, job: Job, *, submit: bool) -> None:  # noqa: ARG002
        """Delete the files of a collected job from the server."""
        if job.state != "collected":
            return
        for file in filter(None, (job.file, job.output, job.errors)):
            try:
                await self._client.delete(file)
            except ModelError as error:
                if error.retryable:
                    raise
                self.problem = error.message  # the key may not delete: that costs nothing
        self._journal.save(job, state="done")
