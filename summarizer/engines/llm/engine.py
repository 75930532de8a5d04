"""The language-model engine: chunks, concurrent requests, splits, and one set of findings."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, ClassVar, Literal

from summarizer._async import run_in_thread
from summarizer._types import PromptId
from summarizer.article import Reading
from summarizer.attribution import Analysis
from summarizer.codebook import NO_CODEBOOK, Codebook
from summarizer.engines.base import ChunkFailure, EngineResult, OnEvent, ReplyCache
from summarizer.engines.llm.chunks import (
    DEFAULT_CHUNK_TOKENS,
    Chunk,
    ExtractionContext,
    describe_codebook,
    line_tokens,
    numbered_lines,
    split_into_chunks,
)
from summarizer.engines.llm.consolidation import Consolidation
from summarizer.engines.llm.extraction import Extraction
from summarizer.engines.llm.fitting import SMALL_CONTEXT, STANDARD, Fit, fit_to_context
from summarizer.engines.llm.prompts import VERIFYING_PROMPTS, Prompt
from summarizer.engines.llm.session import DEFAULT_REPAIRS, ModelSession, run_all
from summarizer.engines.llm.support_check import SupportCheck, in_order
from summarizer.engines.llm.tokens import count_tokens
from summarizer.merging import merge
from summarizer.models import Budget, Model, UsageTracker
from summarizer.sources import INLINE_LIMIT
from summarizer.verification import Findings, settle


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
    context: int | None = None
    """Tokens of the model's context, prompt and reply together; None if the model is to be asked."""
    name: ClassVar[Literal["model"]] = "model"

    @property
    def prompts(self) -> tuple[PromptId, ...]:
        """The prompts that requests are made from."""
        is_small = self.context is not None and self.context < SMALL_CONTEXT
        unused = {name for name in self.templates if name.endswith("-small") and not is_small}
        unused |= {name.removesuffix("-small") for name in self.templates if name.endswith("-small") and is_small}
        unused.update(() if self.verifier else VERIFYING_PROMPTS, () if self.codebook else ("codebook",))
        return tuple(prompt.id for name, prompt in self.templates.items() if name not in unused)

    async def identity(self) -> Mapping[str, Any] | None:
        """Return the model's identity, and its context if that is small: a store distinguishes engines by them."""
        identity, context = await self.model.identity(), await self._find_context()
        return {**identity, "context": context} if context is not None and context < SMALL_CONTEXT else identity

    async def _find_context(self) -> int | None:
        return self.context if self.context is not None else await self.model.context_length()

    async def aclose(self) -> None:
        """Close the connections of the models."""
        await self.model.aclose()
        if self.verifier and self.verifier is not self.model:
            await self.verifier.aclose()

    def split(self, reading: Reading) -> tuple[tuple[Chunk, ...], Fit]:
        """Split an article into chunks, and return the fit to the model's context; see `fit_to_context`."""
        fit = Fit(STANDARD, self.chunk_tokens)
        if self.context is not None:
            tokens = tuple(map(line_tokens, numbered_lines(reading)))
            codebook = count_tokens(describe_codebook(self.codebook, self.templates["codebook"]))
            fit = fit_to_context(self.context, tokens, self.chunk_tokens, self.templates, codebook=codebook)
        return split_into_chunks(reading, chunk_tokens=fit.chunk_tokens, overlap=self.overlap), fit

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

        Chunks are as long as the model's context allows. See `Extraction` for those that turn out too long. A chunk
        that fails is reported, and the other chunks are kept. Without any findings the result has failures only.
        """
        is_short = len(reading.article.text) <= INLINE_LIMIT
        fitted = replace(self, context=await self._find_context())
        chunks, fit = fitted.split(reading) if is_short else await run_in_thread(fitted.split, reading)
        session = ModelSession(
            self.model,
            self.templates,
            tracker,
            budget=self.budget,
            cache=cache,
            repairs=self.repairs,
            slots=asyncio.Semaphore(self.chunk_concurrency),
            reply_tokens=self.reply_tokens,
            context=fitted.context,
        )
        context = ExtractionContext(reading, analysis, self.codebook)
        extraction = Extraction(session, context, fit.layout, on_event, len(chunks), fitted.context)
        if len(chunks) == 1:  # without a task: its end would wait for all other ready tasks
            results = await extraction.run(chunks[0])
        else:
            results = list(chain.from_iterable(await run_all(map(extraction.run, chunks))))
        pairs = [result for result in results if not isinstance(result, ChunkFailure)]
        check = await self._create_check(session, extraction) if self.verifier else None
        if check and not tracker.limit:  # after the extraction of all chunks, which has precedence in the budget
            extracted = await run_all(check.run(findings, chunk) for chunk, findings in pairs)
        else:
            extracted = [findings for _, findings in pairs]
        result = EngineResult(
            merge(extracted, self.codebook),
            len(extracted),
            tuple(result for result in results if isinstance(result, ChunkFailure)),
            in_order(extraction.notes),
            prompts=tuple(dict.fromkeys((*fitted.prompts, *extraction.prompts))),
            suspicious=context.suspicious,
        )
        if check:
            report = check.report()
            result = replace(result, **report | {"notes": (*result.notes, *report["notes"])})
        if len(extracted) > 1 and not tracker.limit:
            result = await self._consolidate(result, extracted, extraction, fit.chunk_tokens)
        return replace(result, findings=settle(result.findings, context))

    async def _consolidate(
        self, result: EngineResult, extracted: Sequence[Findings], extraction: Extraction, chunk_tokens: int
    ) -> EngineResult:
        """Let the model group the issues of all chunks, and write one gist."""
        reading = extraction.context.reading
        everything = range(1, len(reading.sentences) + 1)
        consolidation = Consolidation(
            extraction.session,
            reading.article.title or "(none)",
            chunk_tokens,
            lambda kind: extraction.notify(kind, everything),
        )
        findings = await consolidation.run(result.findings, [chunk.gist for chunk in extracted if chunk.gist])
        transient = (error for error in consolidation.errors if error.fatal or error.retryable)
        notes = (*result.notes, *consolidation.notes)
        return replace(result, findings=findings, notes=notes, transient_error=next(transient, None))

    async def _create_check(self, session: ModelSession, extraction: Extraction) -> SupportCheck:
        assert self.verifier
        cache, context = session.cache, session.context
        if self.verifier is not self.model:
            cache = cache.for_model(await self.verifier.identity()) if cache else None
            context = await self.verifier.context_length()
        own = replace(session, model=self.verifier, cache=cache, context=context, is_check=True)
        return SupportCheck(own, extraction.context, lambda numbers: extraction.notify("verifying", numbers))
