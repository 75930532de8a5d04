"""The driver: chunks to a model and back, side by side, and an account of what it took."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from summarizer.article import Chunk
from summarizer.brief import FailedChunk
from summarizer.errors import ContextTooLong, ModelError, ReplyCutOff, ReplyError, SummarizerError
from summarizer.extraction.budget import Account, Budget
from summarizer.extraction.events import Event, EventKind, OnEvent
from summarizer.extraction.findings import Findings
from summarizer.extraction.grounding import Ground
from summarizer.extraction.parsing import fits
from summarizer.extraction.prompts import Prompt
from summarizer.extraction.steps import extraction_steps
from summarizer.model.request import Model, Reply, Request, note_reply
from summarizer.usage import Usage


class OverBudget(SummarizerError):
    """A limit of the budget is reached: nothing more is asked."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A chunk that gave nothing, and why."""

    chunk: Chunk
    error: SummarizerError

    def failed_chunk(self) -> FailedChunk:
        """As the brief reports it."""
        numbers = self.chunk.numbers
        return FailedChunk(first_sentence=numbers[0], last_sentence=numbers[-1], error=str(self.error))


@dataclass(frozen=True)
class Extracted:
    """What the chunks of an article gave, in their order."""

    findings: tuple[Findings, ...]
    failures: tuple[Failure, ...] = ()
    account: Account = field(default_factory=Account)


async def extract(
    chunks: Sequence[Chunk],
    given: Ground,
    model: Model,
    prompts: Mapping[str, Prompt],
    *,
    repairs: int,
    concurrency: int,
    budget: Budget | None = None,
    on_event: OnEvent | None = None,
) -> Extracted:
    """Ask ``model`` for the findings of every chunk, at most ``concurrency`` at once.

    A chunk that is too long for the model, or whose reply is, is cut in two and asked for again. One
    whose model or reply fails is left out and named; nothing else is lost by it.
    """
    asking = _Asking(given, model, prompts, repairs, asyncio.Semaphore(concurrency), budget or Budget(), on_event)
    asking.chunks = len(chunks)
    results = await (asking.ask(chunks[0]) if len(chunks) == 1 else _side_by_side(asking, chunks))
    return Extracted(
        findings=tuple(result for result in results if isinstance(result, Findings)),
        failures=tuple(result for result in results if isinstance(result, Failure)),
        account=asking.account,
    )


async def _side_by_side(asking: "_Asking", chunks: Sequence[Chunk]) -> list[Findings | Failure]:
    """What the chunks give, in their order, each asked for by a task of its own.

    One chunk alone needs no task, and is better without: a task that ends hands on only after all others that
    are ready have run, so that with many articles at once the connections would lie idle meanwhile.
    """
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(asking.ask(chunk)) for chunk in chunks]
    except BaseExceptionGroup as faults:  # nobody expects a group: the first fault ended the asking
        raise faults.exceptions[0] from None
    return [result for task in tasks for result in task.result()]


@dataclass
class _Asking:
    """One article's questions to a model."""

    given: Ground
    model: Model
    prompts: Mapping[str, Prompt]
    repairs: int
    gate: asyncio.Semaphore
    budget: Budget
    on_event: OnEvent | None
    account: Account = field(default_factory=Account)
    done: int = 0
    chunks: int = 0

    async def ask(self, chunk: Chunk) -> list[Findings | Failure]:
        """What a chunk gives: findings, or a failure, or what the halves of it give."""
        try:
            async with self.gate:
                findings = await self.drive(chunk)
        except (ContextTooLong, ReplyCutOff) as error:
            if not chunk.divisible:
                return [self.failed(chunk, error)]
            self.account.splits += 1
            self.chunks += 1
            self.tell("split", chunk)
            first, second = chunk.halves()
            return [*await self.ask(first), *await self.ask(second)]
        except (ModelError, ReplyError, OverBudget) as error:
            return [self.failed(chunk, error)]
        self.done += 1
        self.tell("done", chunk)
        return [findings]

    async def drive(self, chunk: Chunk) -> Findings:
        """Feed a chunk's steps with the model's replies until they return."""
        steps = extraction_steps(chunk, self.given, self.prompts, repairs=self.repairs)
        request = next(steps)
        kind: EventKind = "asked"
        try:
            while True:
                try:
                    reply = await self.complete(request, chunk, kind)
                except (ModelError, OverBudget) as error:
                    request = steps.throw(error)
                else:
                    self.account.add(reply, self.model)
                    self.tell("answered", chunk)
                    whole = reply.finish_reason in ("stop", "other")
                    if whole and note_reply(self.model, reply, fits=fits(reply.text)):
                        steps = extraction_steps(chunk, self.given, self.prompts, repairs=self.repairs)
                        request, kind = next(steps), "asked"  # the server ignored the form: anew, in another
                        continue
                    request = steps.send(reply)
                kind = "repairing"
        except StopIteration as stop:
            findings: Findings = stop.value
            return findings

    async def complete(self, request: Request, chunk: Chunk, kind: EventKind) -> Reply:
        """The model's reply, within the budget.

        Raises:
            OverBudget: a limit is reached, before the request or while it was under way.
            ModelError: the model failed; what it cost is in the account.
        """
        if reached := self.account.reached(self.budget):
            raise self.over(reached)
        self.account.asked += 1
        self.account.repairs += kind == "repairing"
        self.tell(kind, chunk)
        try:
            async with asyncio.timeout(self.account.seconds_left(self.budget)) as limit:
                return await self.model.complete(request)
        except TimeoutError as late:
            if not limit.expired():
                raise
            self.account.usage += getattr(late.__cause__, "usage", Usage())  # as a model leaves it when cancelled
            raise self.over(f"{self.budget.seconds:g} seconds") from None
        except ModelError as error:
            self.account.add_failed(error)
            raise

    def over(self, limit: str) -> OverBudget:
        """What ends the asking, noted in the account: a first reply that stands may still hide it."""
        self.account.limit = self.account.limit or limit
        return OverBudget(f"The budget of {limit} is reached.")

    def failed(self, chunk: Chunk, error: SummarizerError) -> Failure:
        self.done += 1
        self.tell("failed", chunk)
        return Failure(chunk, error)

    def tell(self, kind: EventKind, chunk: Chunk) -> None:
        """Let the caller know, if there is one who wants to."""
        if self.on_event:
            numbers = chunk.numbers
            self.on_event(Event(kind, numbers[0], numbers[-1], self.done, self.chunks, self.account.usage))
