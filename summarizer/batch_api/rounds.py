"""Rounds: what is recorded is submitted and waited for. Readers then have the replies, and record what they miss."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summarizer.batch_api.jobs import JobRunner
from summarizer.batch_api.journal import Job, Journal
from summarizer.errors import ConfigurationError
from summarizer.models import OpenAIModel
from summarizer.store import Store

if TYPE_CHECKING:
    from summarizer.batch_api.model import BatchModel

MAX_FAILURES = 3
"""Looks that fail before anything was submitted: the address is probably wrong."""


@dataclass(frozen=True, slots=True)
class RoundProgress:
    """How far the batches of a round are. Its text is a line for readers."""

    number: int
    """Of the round, counted from 1."""
    jobs: Sequence[Job]
    """Those that are open, or ended during the round."""
    problem: str = ""
    """Why a step could not be taken; it is tried again."""

    def __str__(self) -> str:
        requests, done, failed, unanswered = (
            sum(getattr(job, name) for job in self.jobs) for name in ("requests", "completed", "failed", "unanswered")
        )
        is_open = [job for job in self.jobs if job.is_open]
        line = f"round {self.number}: {done:,} of {requests:,} requests done, {failed:,} failed, "
        line += f"{unanswered:,} expired or lost, open batches: {len(is_open):,}"
        if submitted := [job.submitted for job in is_open if job.submitted]:
            line += f", {format_seconds(time.time() - min(submitted))} since submission"
        return line + (f". Not possible now: {self.problem}" if self.problem else "")


OnRound = Callable[[RoundProgress], object]


def format_seconds(seconds: float) -> str:
    """Return a duration in the units that a reader expects."""
    hours, minutes = divmod(int(seconds // 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min" if minutes else f"{seconds:.0f} s"


async def wait_for_batches(
    models: "Sequence[BatchModel]", number: int = 1, on_round: OnRound = lambda _: None
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
        jobs = [job for model in models for job in await model.jobs(since)]
        progress = RoundProgress(number, jobs, next((model.problem for model in models if model.problem), ""))
        on_round(progress)
        if not any(is_open):
            return progress
        await models[0].wait_for_poll()


def open_runners(
    store: Store, resolve: Callable[[str], OpenAIModel], show: Callable[[str], object] = lambda _: None
) -> list[JobRunner]:
    """Return what works on the open jobs of each model in a store.

    Args:
        store: The store.
        resolve: Returns the model with a name, at the server of the environment.
        show: Called with a sentence about batches at another server.

    Raises:
        ConfigurationError: The environment names another server than all jobs.
    """
    runners, elsewhere = dict[str, JobRunner](), dict[str, ConfigurationError]()
    for job in Journal(store).jobs():
        if job.model not in runners:
            model = resolve(job.name)
            if model.endpoint.shown == job.server:
                runners[job.model] = JobRunner(model, Journal(store, job.model))
            elif job.file:  # otherwise the server was never reached
                message = f"The batches are at {job.server}, and the environment names {model.endpoint.shown}."
                hint = f"Set OPENAI_BASE_URL or AZURE_OPENAI_ENDPOINT to {job.server}."
                elsewhere[job.server] = ConfigurationError(message, hint=hint)
    for error in elsewhere.values():
        if not runners:
            raise error
        show(str(error))
    return list(runners.values())
