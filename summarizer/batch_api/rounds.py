"""Rounds: the articles are read with the replies so far, and what is missing is asked in batches, until nothing is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from summarizer.batch_api.jobs import JobRunner
from summarizer.batch_api.journal import BatchCounts, Journal
from summarizer.batch_api.model import BatchModel
from summarizer.errors import ConfigurationError
from summarizer.models import OpenAIModel
from summarizer.store import Store


@dataclass(frozen=True, slots=True)
class RoundProgress:
    """How far the batches of a round are."""

    number: int
    """Of the round, counted from 1."""
    counts: BatchCounts
    now: float
    """Seconds since 1970."""
    problem: str = ""
    """Why a step could not be taken; it is tried again."""

    def __str__(self) -> str:
        counts = self.counts
        parts = [
            f"round {self.number}: {counts.completed:,} of {counts.requests:,} requests done",
            f"{counts.failed:,} failed",
            f"{counts.unanswered:,} expired or lost",
            f"open batches: {counts.batches:,}",
        ]
        if counts.submitted is not None:
            parts.append(f"{format_seconds(self.now - counts.submitted)} since submission")
        return ", ".join(parts) + (f". Not possible now: {self.problem}" if self.problem else "")


def format_seconds(seconds: float) -> str:
    """Return a duration in the units that a reader expects."""
    hours, minutes = divmod(int(seconds // 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min" if minutes else f"{seconds:.0f} s"


async def wait_for_batches(
    models: Sequence[BatchModel], number: int, show: Callable[[RoundProgress], object] = lambda _: None
) -> RoundProgress:
    """Submit what the models have recorded, wait until nothing is open, and return how that ended.

    Args:
        models: Models that do not wait by themselves.
        number: Of the round, for ``show``.
        show: Called after each look at the batches.

    Raises:
        ModelError: The server refuses a batch, the key, or the like. The batches go on, and nothing is lost.
    """
    since = models[0].now()
    while True:
        is_open = [await model.advance() for model in models]
        counts = sum([await model.counts(since) for model in models], BatchCounts())
        problem = next((model.problem for model in models if model.problem), "")
        progress = RoundProgress(number, counts, models[0].now(), problem)
        show(progress)
        if not any(is_open):
            return progress
        await models[0].rest()


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
    for job in Journal(store.database).jobs():
        if job.model not in runners:
            model = resolve(job.name)
            if model.endpoint.shown != job.server:
                if job.file is None:  # the server was never reached
                    continue
                message = f"The batches are at {job.server}, and the environment names {model.endpoint.shown}."
                variable = "OPENAI_BASE_URL or AZURE_OPENAI_ENDPOINT"
                elsewhere[job.server] = ConfigurationError(message, hint=f"Set {variable} to {job.server}.")
                continue
            runners[job.model] = JobRunner(model, Journal(store.database, job.model))
    for error in elsewhere.values():
        if not runners:
            raise error
        show(str(error))
    return list(runners.values())
