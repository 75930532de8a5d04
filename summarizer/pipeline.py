"""The stages composed: one article, from what was given to its Brief."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from summarizer import __version__
from summarizer._async import run_fair, run_in_thread
from summarizer.article import Article, Reading, read
from summarizer.attribution import Analysis, analyse
from summarizer.brief import Brief, Provenance
from summarizer.engines import (
    DEFAULT_CHUNK_TOKENS,
    DEFAULT_REPAIRS,
    TOKEN_ENCODING,
    BudgetReached,
    BuiltinEngine,
    CustomModelError,
    EngineResult,
    ExtractionContext,
    LLMEngine,
    OnEvent,
    Prompt,
    ReplyCache,
)
from summarizer.errors import BudgetExceeded, IncompleteBrief, StoreError, SummarizerError
from summarizer.estimate import AlreadyAnswered, Estimate, Plan, estimated
from summarizer.models import Budget, Model, UsageTracker
from summarizer.sources import INLINE_LIMIT
from summarizer.store import Claim, Engine, Store
from summarizer.usage import Usage
from summarizer.verification import coverage


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
    def tolerated(self) -> Made:
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
        work = run_fair if len(article.text) <= INLINE_LIMIT else run_in_thread
        tracker, engine = UsageTracker(), self._engine()
        try:
            reading, analysis = await work(self._read, article)
            result = await engine.run(reading, analysis, tracker, cache=answered, on_event=on_event)
            if not result.chunks and not tracker.limit:
                raise located(result, reading)
        except BaseException as error:  # a cancellation, too, and what a model object raised on its own
            with suppress(AttributeError):  # of an error that holds nothing but what it names
                error.usage = tracker.spent  # type: ignore[attr-defined]
            raise
        brief = self._brief(reading, analysis, result, self._provenance(engine, result, tracker, started))
        return Made(brief, tracker.spent, lack(brief, result, tracker), result.transient_error)

    def _engine(self) -> BuiltinEngine | LLMEngine:
        if self.model is None:
            return BuiltinEngine()
        options = self.options
        return LLMEngine(
            self.model,
            self.prompts,
            chunk_tokens=options.chunk_tokens,
            overlap=options.overlap,
            repairs=options.repairs,
            chunk_concurrency=options.chunk_concurrency,
            budget=options.budget,
        )

    def estimate(self, article: Article, answered: AlreadyAnswered = lambda _: False) -> Estimate:
        """What the brief of ``article`` would cost; a request for which ``answered`` is true costs nothing.

        Raises:
            ChunkError: ``chunk_tokens`` is too small for one of its sentences.
        """
        engine = self._engine()
        reading, analysis = self._read(article)
        if isinstance(engine, BuiltinEngine):
            return Estimate(articles=1, chunks=1, notes=("The built-in engine asks no model: it costs nothing.",))
        plan = Plan(
            self.prompts,
            repairs=self.options.repairs,
            chunk_tokens=self.options.chunk_tokens,
            concurrency=self.options.chunk_concurrency,
            budget=self.options.budget,
            limit=engine.model.max_tokens,
        )
        return estimated(engine.split(reading), ExtractionContext.of(reading, analysis), plan, answered)

    def _read(self, article: Article) -> tuple[Reading, Analysis]:
        reading = read(article, clean=self.options.clean)
        return reading, analyse(reading)

    def _brief(self, reading: Reading, analysis: Analysis, result: EngineResult, provenance: Provenance) -> Brief:
        findings = result.findings
        failed = [failure.to_failed_chunk() for failure in result.failures]
        return Brief(
            article=reading.article.info,
            gist=findings.gist,
            issues=findings.issues,
            holders=findings.holders,
            positions=findings.positions,
            open_questions=findings.open_questions,
            coverage=coverage(reading, analysis, findings, chunks=result.chunks, failed=failed),
            rejected=tuple(problem.rejected() for problem in findings.problems if not problem.kept),
            provenance=provenance,
        )

    def _provenance(
        self, engine: BuiltinEngine | LLMEngine, result: EngineResult, account: UsageTracker, started: float
    ) -> Provenance:
        return Provenance(
            engine=engine.name,
            model=account.model,
            output=account.output,
            prompts=engine.prompts,
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
            notes=result.notes,
        )


def lack(brief: Brief, result: EngineResult, tracker: UsageTracker) -> IncompleteBrief[Brief] | None:
    """What the caller must know of a brief that is not whole."""
    error: IncompleteBrief[Brief]
    if limit := tracker.limit:
        others = [each.error for each in result.failures if not isinstance(each.error, BudgetReached)]
        error = BudgetExceeded(
            f"The budget of {limit} is reached.{f' Before that: {others[0].message}' if others else ''}",
            brief=brief,
            hint="The error's brief holds what was done until then.",
        )
    elif result.failures:
        every = result.chunks + len(result.failures)
        error = IncompleteBrief(
            f"{len(result.failures)} of {every} chunks failed, the first of this: {result.failures[0].error}",
            brief=brief,
            hint="The error's brief holds what the others gave; on_failed_chunk='keep' returns it.",
        )
    else:
        return None
    error.where, error.usage = _where(result, brief.article.source), tracker.spent
    error.retryable = any(failure.error.retryable for failure in result.failures)
    error.fatal = any(failure.error.fatal for failure in result.failures)
    error.__cause__ = result.failures[0].error if result.failures else None
    return error


def located(result: EngineResult, reading: Reading) -> Exception:
    """What the first chunk failed of, with where that was; what a model object raised on its own, as it is."""
    error = result.failures[0].error
    if isinstance(error, CustomModelError) and isinstance(error.__cause__, Exception):
        return error.__cause__
    error.where = _where(result, reading.article.source)
    return error


def _where(result: EngineResult, source: str | None) -> str:
    """The article, and of several chunks the first that failed."""
    several = len(result.failures) + result.chunks > 1
    first = result.failures[0] if several and result.failures else None
    part = f"sentences {first.first_sentence} to {first.last_sentence}" if first else None
    return ", ".join(filter(None, [source, part]))


@dataclass
class Keeping:
    """Makes briefs, and keeps them."""

    stages: Stages
    store: Store
    _engine: Engine | None = field(default=None, init=False)

    async def made(
        self,
        article: Article,
        on_event: OnEvent | None = None,
        *,
        run: int | None = None,
        retry_failed: bool = True,
    ) -> Made | SummarizerError | None:
        """The brief of ``article``, made before or now; None where another process, or another call, is at it.

        An error is what it failed of before, where that is not tried again.

        Args:
            article: what it is of.
            on_event: as for `Stages.made`.
            run: the number of the run that keeps it.
            retry_failed: whether what failed before, of a reason that has not gone away by itself, is tried again.
                What another process has tried since this run began is not tried once more.

        Raises:
            SummarizerError: as `Stages.made` raises it.
            StoreError: the store cannot be read or written.
        """
        engine = await self.engine()
        if brief := self.store.brief(article, engine):
            return Made(brief, stored=True)
        if failure := self.store.failure(article, engine):
            lasting = not retry_failed and not failure.retryable
            if lasting or (run is not None and self.store.failed_since(run, article, engine)):
                return _as_before(failure)
        claim = self.store.claim(article, engine)
        if claim is None:
            return None
        try:
            made = await self.stages.made(article, on_event, claim.replies)
        except SummarizerError as error:
            self._keep_failure(claim, error, run)
            raise
        except BaseException:
            self._release(claim)
            raise
        if made.error:
            self._keep_failure(claim, made.error, run)
        elif made.unsettled:
            self._release(claim)  # the replies are kept: the next run asks for no more than what is missing
        else:
            self.store.keep(claim, made.brief, run)
        return made

    async def estimate(self, article: Article) -> Estimate:
        """What the brief would cost now.

        Raises:
            ChunkError: as `Stages.estimate` raises it.
            StoreError: the store cannot be read.
        """
        engine = await self.engine()
        failure = self.store.failure(article, engine)
        if self.store.brief(article, engine) or (failure and not failure.retryable):
            return Estimate(articles=1, made=1)
        return self.stages.estimate(article, self.store.answers(engine))

    async def engine(self) -> Engine:
        """What makes the briefs, as the store knows it.

        Raises:
            ModelError: the model's name has to be asked of its server, and cannot.
        """
        if self._engine is None:
            model, options = self.stages.model, self.stages.options
            self._engine = Engine(
                model=await model.identity() if model else None,
                prompts=[prompt.id for prompt in self.stages.prompts.values()] if model else [],
                options=options.that_matter,
                library=__version__,
            )
        return self._engine

    def _keep_failure(self, claim: Claim, error: SummarizerError, run: int | None) -> None:
        """Keep what an article failed of; what others would fail of, too, says nothing of this one."""
        if error.fatal or isinstance(error, BudgetExceeded):
            self._release(claim)
        else:
            self.store.keep_failure(claim, error, run)

    def _release(self, claim: Claim) -> None:
        with suppress(StoreError):  # something else is told of already, and a claim ends with its process at the latest
            self.store.release(claim)


def _as_before(failure: SummarizerError) -> Made | SummarizerError:
    return Made(failure.brief, error=failure, stored=True) if isinstance(failure, IncompleteBrief) else failure
