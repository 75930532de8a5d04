"""The driver: chunks to a model and back, side by side, and an account of what it took."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from summarizer.article import Chunk
from summarizer.brief import FailedChunk
from summarizer.engines.events import Event, EventKind, OnEvent
from summarizer.engines.llm.parsing import fits
from summarizer.engines.llm.prompts import Prompt
from summarizer.engines.llm.session import BudgetReached, ModelSession
from summarizer.engines.llm.steps import extraction_steps
from summarizer.errors import ContextTooLong, ModelError, ReplyCutOff, ReplyError, SummarizerError
from summarizer.models.budget import UsageTracker
from summarizer.verification.findings import Findings
from summarizer.verification.grounding import GroundingContext


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
class ExtractionResult:
    """What the chunks of an article gave, in their order."""

    findings: tuple[Findings, ...]
    failures: tuple[Failure, ...] = ()
    account: UsageTracker = field(default_factory=UsageTracker)


async def extract(
    chunks: Sequence[Chunk],
    given: GroundingContext,
    asker: ModelSession,
    prompts: Mapping[str, Prompt],
    *,
    repairs: int,
    concurrency: int,
    on_event: OnEvent | None = None,
) -> ExtractionResult:
    """Ask a model for the findings of every chunk, at most ``concurrency`` at once.

    A chunk that is too long for the model, or whose reply is, is cut in two and asked for again. One
    whose model or reply fails is left out and named; nothing else is lost by it.
    """
    asking = _Asking(given, asker, prompts, repairs, asyncio.Semaphore(concurrency), on_event)
    asking.chunks = len(chunks)
    results = await (asking.ask(chunks[0]) if len(chunks) == 1 else _side_by_side(asking, chunks))
    return ExtractionResult(
        findings=tuple(result for result in results if isinstance(result, Findings)),
        failures=tuple(result for result in results if isinstance(result, Failure)),
        account=asker.account,
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

    given: GroundingContext
    asker: ModelSession
    prompts: Mapping[str, Prompt]
    repairs: int
    gate: asyncio.Semaphore
    on_event: OnEvent | None
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
            self.asker.account.splits += 1
            self.chunks += 1
            self.tell("split", chunk)
            first, second = chunk.halves()
            return [*await self.ask(first), *await self.ask(second)]
        except (ModelError, ReplyError, BudgetReached) as error:
            return [self.failed(chunk, error)]
        self.done += 1
        self.tell("done", chunk)
        return [findings]

    async def drive(self, chunk: Chunk) -> Findings:
        """Feed a chunk's steps with the model's replies until they return."""
        return await self.asker.drive(
            lambda: extraction_steps(chunk, self.given, self.prompts, repairs=self.repairs),
            fits,
            lambda kind: self.tell(kind, chunk),
        )

    def failed(self, chunk: Chunk, error: SummarizerError) -> Failure:
        self.done += 1
        self.tell("failed", chunk)
        return Failure(chunk, error)

    def tell(self, kind: EventKind, chunk: Chunk) -> None:
        """Let the caller know, if there is one who wants to."""
        if self.on_event:
            numbers = chunk.numbers
            self.on_event(Event(kind, numbers[0], numbers[-1], self.done, self.chunks, self.asker.account.usage))
