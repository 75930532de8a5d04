"""The driver: chunks to a model and back, side by side, and an account of what it took."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from summarizer.article import Chunk
from summarizer.brief import FailedChunk
from summarizer.errors import ModelError, ReplyError, SummarizerError
from summarizer.extraction.findings import Findings
from summarizer.extraction.grounding import Ground
from summarizer.extraction.prompts import Prompt
from summarizer.extraction.steps import Steps, extraction_steps
from summarizer.model.request import Model, Reply
from summarizer.usage import Usage

Progress = Callable[[int, int], None]
"""Called with the number of chunks done and the number there are."""


@dataclass
class Account:
    """What asking a model took: it grows while the chunks are asked."""

    calls: int = 0
    retries: int = 0
    repairs: int = 0
    usage: Usage = field(default_factory=Usage)
    model: str | None = None
    output: str | None = None

    def add(self, reply: Reply, model: Model) -> None:
        """Take a reply into account."""
        self.calls += 1
        self.retries += reply.retries
        self.usage += reply.usage
        self.model = reply.model or model.name
        self.output = reply.output


@dataclass(frozen=True)
class Extracted:
    """What the chunks of an article gave, in their order."""

    findings: tuple[Findings, ...]
    failed: tuple[FailedChunk, ...] = ()
    errors: tuple[SummarizerError, ...] = ()
    """What the chunks failed of, one for each."""
    account: Account = field(default_factory=Account)


async def extract(
    chunks: Sequence[Chunk],
    given: Ground,
    model: Model,
    prompts: Mapping[str, Prompt],
    *,
    repairs: int,
    concurrency: int,
    progress: Progress | None = None,
) -> Extracted:
    """Ask ``model`` for the findings of every chunk, at most ``concurrency`` at once.

    A chunk whose model or reply fails is left out and named; nothing else is lost by it.
    """
    account = Account()
    gate = asyncio.Semaphore(concurrency)
    done = 0

    async def ask(chunk: Chunk) -> Findings | SummarizerError:
        nonlocal done
        async with gate:
            try:
                return await _drive(extraction_steps(chunk, given, prompts, repairs=repairs), model, account)
            except (ModelError, ReplyError) as error:
                return error
            finally:
                done += 1
                if progress:
                    progress(done, len(chunks))

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(ask(chunk)) for chunk in chunks]
    except BaseExceptionGroup as faults:  # nobody expects a group: the first fault ended the asking
        raise faults.exceptions[0] from None
    results = [task.result() for task in tasks]
    failures = [(chunk, result) for chunk, result in zip(chunks, results, strict=True) if isinstance(result, Exception)]
    return Extracted(
        findings=tuple(result for result in results if isinstance(result, Findings)),
        failed=tuple(
            FailedChunk(first_sentence=chunk.numbers[0], last_sentence=chunk.numbers[-1], error=str(error))
            for chunk, error in failures
        ),
        errors=tuple(error for _, error in failures),
        account=account,
    )


async def _drive(steps: Steps, model: Model, account: Account) -> Findings:
    """Feed a chunk's steps with the model's replies until they return."""
    request = next(steps)
    try:
        while True:
            try:
                reply = await model.complete(request)
            except ModelError as error:
                request = steps.throw(error)
            else:
                account.add(reply, model)
                request = steps.send(reply)
            account.repairs += 1
    except StopIteration as stop:
        findings: Findings = stop.value
        return findings
