"""The language-model engine: chunks, concurrent requests, splits, and one set of findings."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, ClassVar, Literal

from summarizer._async import run_in_thread
from summarizer._types import PromptId
from summarizer.article import Reading
from summarizer.attribution import Analysis
from summarizer.codebook import NO_CODEBOOK, Codebook
from summarizer.engines.base import ChunkFailure, EngineResult, Event, EventKind, OnEvent, ReplyCache
from summarizer.engines.llm.chunks import (
    DEFAULT_CHUNK_TOKENS,
    Chunk,
    ExtractionContext,
    first_request,
    read_findings,
    split_into_chunks,
)
from summarizer.engines.llm.consolidation import Consolidation
from summarizer.engines.llm.prompts import VERIFYING_PROMPTS, Prompt
from summarizer.engines.llm.session import DEFAULT_REPAIRS, BudgetReached, ModelSession, run_all
from summarizer.engines.llm.support_check import SupportCheck
from summarizer.errors import ContextTooLong, ModelError, ReplyCutOff, ReplyError
from summarizer.merging import merge
from summarizer.models import Budget, Model, UsageTracker
from summarizer.sources import INLINE_LIMIT
from summarizer.verification import Findings


@dataclass(frozen=True)
class LLMEngine:
    """An engine that requests findings from a language model."""

    model: Model
    templates: Mapping[str, Prompt]
    """The prompts by name, as `load_prompts` returns them."""
    chunk_tokens: int = DEFAULT_CHUNK_TOKENS
    """Tokens of the article in one request at most."""
    overlap: int = 0
    """Sentences that a chunk repeats from the chunk before it."""
    repairs: int = DEFAULT_REPAIRS
    """Repairs of a reply with problems at most."""
    reply_tokens: int | None = None
    """Tokens of a reply at most; by default some times the expected length."""
    chunk_concurrency: int = 4
    """Chunks of one article that are requested at once."""
    budget: Budget = Budget()
    """Limits for one article."""
    codebook: Codebook = NO_CODEBOOK
    verifier: Model | None = None
    """The model that checks the statements, which can be ``model`` itself; None for no check."""
    name: ClassVar[Literal["model"]] = "model"

    @property
    def prompts(self) -> tuple[PromptId, ...]:
        """The prompts that requests are made from."""
        unused = (*(() if self.verifier else VERIFYING_PROMPTS), *(() if self.codebook else ("codebook",)))
        return tuple(prompt.id for name, prompt in self.templates.items() if name not in unused)

    async def identity(self) -> Mapping[str, Any] | None:
        """Return the model's identity, which a store distinguishes engines by."""
        return await self.model.identity()

    async def aclose(self) -> None:
        """Close the connections of the models."""
        await self.model.aclose()
        if self.verifier and self.verifier is not self.model:
            await self.verifier.aclose()

    def split(self, reading: Reading) -> tuple[Chunk, ...]:
        """Split an article into chunks; see `split_into_chunks`."""
        return split_into_chunks(reading, chunk_tokens=self.chunk_tokens, overlap=self.overlap)

    async def run(
        self,
        reading: Reading,
        analysis: Analysis,
        tracker: UsageTracker,
        *,
        cache: ReplyCache | None = None,
        on_event: OnEvent | None = None,
    ) -> EngineResult:
        """Return the findings of an article; see `Engine.run`.

        A chunk is split in two if it or its reply is too long for the model. A chunk that fails is
        reported, and the other chunks are kept. Without any findings the result has failures only.
        """
        is_short = len(reading.article.text) <= INLINE_LIMIT
        chunks = self.split(reading) if is_short else await run_in_thread(self.split, reading)
        slots = asyncio.Semaphore(self.chunk_concurrency)
        session = ModelSession(
            self.model, self.templates, tracker, self.budget, cache, self.repairs, slots, self.reply_tokens
        )
        extraction = _Extraction(session, ExtractionContext(reading, analysis, self.codebook), on_event, len(chunks))
        if len(chunks) == 1:  # without a task: its end would wait for all other ready tasks
            results = await extraction.run(chunks[0])
        else:
            results = list(chain.from_iterable(await run_all(map(extraction.run, chunks))))
        failures = tuple(result for result in results if isinstance(result, ChunkFailure))
        pairs = [result for result in results if not isinstance(result, ChunkFailure)]
        check = await self._create_check(session, extraction) if self.verifier else None
        if check and not tracker.limit:  # after the extraction of all chunks, which has precedence in the budget
            extracted = await run_all(check.run(findings, chunk) for chunk, findings in pairs)
        else:
            extracted = [findings for _, findings in pairs]
        findings = merge(extracted, self.codebook)
        result = EngineResult(findings, len(extracted), failures)
        if check:
            result = replace(result, **check.report())
        if len(extracted) < 2 or tracker.limit:
            return result
        everything = range(1, len(reading.sentences) + 1)
        title = reading.article.title or "(none)"
        consolidation = Consolidation(
            session, title, self.chunk_tokens, lambda kind: extraction.notify(kind, everything)
        )
        findings = await consolidation.run(findings, [chunk.gist for chunk in extracted if chunk.gist])
        transient = (error for error in consolidation.errors if error.fatal or error.retryable)
        notes = (*result.notes, *consolidation.notes)
        return replace(result, findings=findings, notes=notes, transient_error=next(transient, None))

    async def _create_check(self, session: ModelSession, extraction: "_Extraction") -> SupportCheck:
        assert self.verifier
        cache = session.cache
        if cache and self.verifier is not self.model:
            cache = cache.for_model(await self.verifier.identity())
        own = replace(session, model=self.verifier, cache=cache, is_check=True)
        return SupportCheck(own, extraction.context, lambda numbers: extraction.notify("verifying", numbers))


@dataclass
class _Extraction:
    """The requests about the chunks of one article."""

    session: ModelSession
    context: ExtractionContext
    on_event: OnEvent | None
    chunks: int
    done: int = 0

    async def run(self, chunk: Chunk) -> list[tuple[Chunk, Findings] | ChunkFailure]:
        """Return the findings or the failure of a chunk, or of the halves that it is split into."""
        try:
            async with self.session.slots:
                findings = await self.session.ask(
                    first_request(chunk, self.context, self.session.prompts),
                    lambda text: read_findings(text, chunk, self.context),
                    lambda stage: self.notify(stage, chunk.numbers),
                )
        except (ModelError, ReplyError, BudgetReached) as error:
            if isinstance(error, ContextTooLong | ReplyCutOff) and chunk.can_split:
                self.session.tracker.splits += 1
                self.chunks += 1
                self.notify("split", chunk.numbers)
                first, second = chunk.split()
                return [*await self.run(first), *await self.run(second)]
            self.done += 1
            self.notify("failed", chunk.numbers)
            return [ChunkFailure(chunk.numbers[0], chunk.numbers[-1], error)]
        self.done += 1
        self.notify("done", chunk.numbers)
        return [(chunk, findings)]

    def notify(self, kind: EventKind, numbers: range) -> None:
        if self.on_event:
            usage = self.session.tracker.usage
            self.on_event(Event(kind, numbers[0], numbers[-1], self.done, self.chunks, usage))
