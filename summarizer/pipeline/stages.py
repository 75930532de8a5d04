"""The stages composed: one article, from what was given to its Brief."""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from summarizer import __version__
from summarizer.article import DEFAULT_CHUNK_TOKENS, TOKEN_ENCODING, Article, Chunk, Reading, read, split_into_chunks
from summarizer.attribution import Analysis, analyse
from summarizer.brief import Brief, PromptUsed, Provenance
from summarizer.engines import Event, OnEvent
from summarizer.engines.builtin import builtin_findings, builtin_notes
from summarizer.engines.llm import DEFAULT_REPAIRS, ExtractionResult, ModelSession, Prompt, ReplyCache, extract
from summarizer.errors import BudgetExceeded, IncompleteBrief, SummarizerError
from summarizer.estimating import AlreadyAnswered, Estimate, Plan, estimated
from summarizer.merging import Consolidation, Stage, merge
from summarizer.models import Model, reply_limit
from summarizer.models.budget import Budget
from summarizer.pipeline.lacking import lack, located
from summarizer.sources.loading import SHORT
from summarizer.turns import run_fair, run_in_thread
from summarizer.usage import Usage
from summarizer.verification import Findings, GroundingContext
from summarizer.verification.coverage import coverage


@dataclass(frozen=True, slots=True)
class Options:
    """How an article is read and asked about; `Summarizer` says what each is."""

    chunk_tokens: int = DEFAULT_CHUNK_TOKENS
    overlap: int = 0
    repairs: int = DEFAULT_REPAIRS
    chunk_concurrency: int = 4
    clean: bool = True
    budget: Budget = Budget()

    @property
    def that_matter(self) -> dict[str, int]:
        """Those that a whole brief hangs on, by name."""
        return {name: getattr(self, name) for name in ("chunk_tokens", "overlap", "repairs", "clean")}


@dataclass(frozen=True, slots=True)
class Made:
    """A brief, and what it took."""

    brief: Brief
    usage: Usage = Usage()
    """The tokens that were spent for it; replies that had been paid for before cost nothing."""
    error: IncompleteBrief[Brief] | None = None
    """Why it is not whole, if it is not."""
    unsettled: SummarizerError | None = None
    """What kept the model from looking over all parts together, where that may go away: the brief will be another."""
    stored: bool = False
    """Whether it was made before, and kept."""

    @property
    def tolerated(self) -> "Made":
        """The same for who takes what is there where some chunks failed; the end of a budget is told all the same."""
        return self if isinstance(self.error, BudgetExceeded) else replace(self, error=None)


@dataclass(frozen=True, slots=True)
class Stages:
    """Makes briefs of articles with one engine and one set of options."""

    model: Model | None
    """None is the built-in engine."""
    prompts: Mapping[str, Prompt]
    options: Options = Options()

    async def made(self, article: Article, on_event: OnEvent | None = None, answered: ReplyCache | None = None) -> Made:
        """The brief of ``article``. What ``answered`` recalls is not asked again.

        A cancellation, and what is raised, carries in ``usage`` what was spent until then.

        Raises:
            ChunkError: ``chunk_tokens`` is too small for one of its sentences.
            SummarizerError: the model, or all that it replied, failed.
        """
        started = time.monotonic()
        work = run_fair if len(article.text) <= SHORT else run_in_thread
        if self.model is None:
            return await work(self._builtin, article, started)
        asker = ModelSession(self.model, self.options.budget, answered=answered)
        try:
            given, chunks = await work(self._chunked, article)
            extracted = await self._extracted(chunks, given, asker, on_event)
            findings, consolidation = await self._merged(extracted, given.reading, asker, on_event)
        except BaseException as error:  # a cancellation, too, and what a model object raised on its own
            with suppress(AttributeError):  # of an error that holds nothing but what it names
                error.usage = asker.account.spent  # type: ignore[attr-defined]
            raise
        brief = self._brief(
            given.reading,
            given.analysis,
            extracted,
            findings=findings,
            provenance=self._provenance(extracted, tuple(consolidation.notes), started),
        )
        unsettled = next((error for error in consolidation.failed if error.fatal or error.retryable), None)
        return Made(brief, asker.account.spent, lack(brief, extracted), unsettled)

    def estimate(self, article: Article, answered: AlreadyAnswered = lambda _: False) -> Estimate:
        """What the brief of ``article`` would cost; a request for which ``answered`` is true costs nothing.

        Raises:
            ChunkError: ``chunk_tokens`` is too small for one of its sentences.
        """
        if self.model is None:
            self._read(article)
            return Estimate(articles=1, chunks=1, notes=("The built-in engine asks no model: it costs nothing.",))
        given, chunks = self._chunked(article)
        plan = Plan(
            self.prompts,
            repairs=self.options.repairs,
            chunk_tokens=self.options.chunk_tokens,
            concurrency=self.options.chunk_concurrency,
            budget=self.options.budget,
            limit=reply_limit(self.model),
        )
        return estimated(chunks, given, plan, answered)

    def _builtin(self, article: Article, started: float) -> Made:
        reading, analysis = self._read(article)
        extracted = ExtractionResult((builtin_findings(reading, analysis),))
        provenance = self._provenance(extracted, builtin_notes(reading), started)
        findings = merge(extracted.findings)
        return Made(self._brief(reading, analysis, extracted, findings=findings, provenance=provenance))

    def _read(self, article: Article) -> tuple[Reading, Analysis]:
        reading = read(article, clean=self.options.clean)
        return reading, analyse(reading)

    def _chunked(self, article: Article) -> tuple[GroundingContext, tuple[Chunk, ...]]:
        reading, analysis = self._read(article)
        chunks = split_into_chunks(reading, chunk_tokens=self.options.chunk_tokens, overlap=self.options.overlap)
        return GroundingContext.of(reading, analysis), chunks

    async def _extracted(
        self, chunks: Sequence[Chunk], given: GroundingContext, asker: ModelSession, on_event: OnEvent | None
    ) -> ExtractionResult:
        """What the chunks give.

        Raises:
            SummarizerError: none of them gives anything.
            Exception: likewise, and a model object raised it on its own.
        """
        extracted = await extract(
            chunks,
            given,
            asker,
            self.prompts,
            repairs=self.options.repairs,
            concurrency=self.options.chunk_concurrency,
            on_event=on_event,
        )
        if not extracted.findings and not extracted.account.limit:
            raise located(extracted, given.reading)
        return extracted

    async def _merged(
        self, extracted: ExtractionResult, reading: Reading, asker: ModelSession, on_event: OnEvent | None
    ) -> tuple[Findings, Consolidation]:
        """One set of findings, and how it went when the model looked over those of several chunks once more."""
        chunks = len(extracted.findings) + len(extracted.failures)

        def tell(stage: Stage) -> None:
            if on_event:
                on_event(Event(stage, 1, len(reading.sentences), chunks, chunks, asker.account.usage))

        consolidation = Consolidation(
            asker,
            self.prompts,
            reading.article.title or "(none)",
            tokens=self.options.chunk_tokens,
            repairs=self.options.repairs,
            concurrency=self.options.chunk_concurrency,
            tell=tell,
        )
        findings = merge(extracted.findings)
        if len(extracted.findings) > 1 and not extracted.account.limit:
            findings = await consolidation.run(findings, [each.gist for each in extracted.findings if each.gist])
        return findings, consolidation

    def _brief(
        self,
        reading: Reading,
        analysis: Analysis,
        extracted: ExtractionResult,
        *,
        findings: Findings,
        provenance: Provenance,
    ) -> Brief:
        failed = [failure.failed_chunk() for failure in extracted.failures]
        return Brief(
            article=reading.article.info,
            gist=findings.gist,
            issues=findings.issues,
            holders=findings.holders,
            positions=findings.positions,
            open_questions=findings.open_questions,
            coverage=coverage(reading, analysis, findings, chunks=len(extracted.findings), failed=failed),
            rejected=tuple(problem.rejected() for problem in findings.problems if not problem.kept),
            provenance=provenance,
        )

    def _provenance(self, extracted: ExtractionResult, notes: tuple[str, ...], started: float) -> Provenance:
        builtin, account = self.model is None, extracted.account
        return Provenance(
            engine="builtin" if builtin else "model",
            model=account.model,
            output=account.output,
            prompts=()
            if builtin
            else tuple(
                PromptUsed(name=prompt.name, version=prompt.version, sha256=prompt.sha256)
                for prompt in self.prompts.values()
            ),
            library=__version__,
            ruler=TOKEN_ENCODING,
            calls=account.calls,
            retries=account.retries,
            repairs=account.repairs,
            splits=account.splits,
            usage=account.usage,
            waited=round(account.waited, 3),
            seconds=round(time.monotonic() - started, 3),
            made=datetime.now(UTC),
            notes=notes,
        )
