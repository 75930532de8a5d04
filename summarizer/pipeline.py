"""From one source to its outcome: load, read, analyse, run the engine, verify, and use the store."""

import asyncio
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from summarizer import __version__
from summarizer._async import fair_turn, run_blocking, run_in_thread
from summarizer.article import Article, Reading, read
from summarizer.attribution import Analysis, analyse
from summarizer.brief import Brief, Provenance, refer_to_article
from summarizer.engines import (
    TOKEN_ENCODING,
    BudgetReached,
    CustomModelError,
    Engine,
    EngineResult,
    LLMEngine,
    OnEvent,
    ReplyCache,
)
from summarizer.errors import (
    ArticleError,
    BudgetExceeded,
    IncompleteBrief,
    ReplyPending,
    StoreError,
    SummarizerError,
    copy_error,
)
from summarizer.estimate import Estimate, estimate_article
from summarizer.fetching import Fetcher, default_fetcher
from summarizer.models import Request, UsageTracker
from summarizer.outcome import Outcome
from summarizer.selection import LeftOut, Selection
from summarizer.sources import INLINE_LIMIT, URL, Skipped, Source, load_article
from summarizer.store import ArticleLease, EngineKey, LeaseHeld, SharedReplies, Store
from summarizer.usage import Usage
from summarizer.verification import mark_suspicious, measure_coverage


@dataclass
class _Attempt:
    """An attempt to make the brief of a source."""

    tracker: UsageTracker
    on_event: OnEvent | None
    run_id: int | None
    """The id of the batch in the store."""
    retry_failed: bool
    lease: ArticleLease | None = None
    """The lease on the article. The store's thread sets it, and removes it when the outcome is stored."""


@dataclass
class Pipeline:
    """Makes the briefs of articles with one engine, and stores them if there is a store."""

    engine: Engine
    cache_options: Mapping[str, Any]
    """The options that change briefs, as JSON values: a stored brief made with others is not used."""
    clean: bool = True
    """Whether boilerplate is removed from articles."""
    keep_partial: bool = False
    """Whether a brief without its failed chunks is accepted without an error."""
    store: Store | None = None
    fetcher: Fetcher | None = None
    """Fetches addresses; by default a `Fetcher` that remembers pages in the store."""
    replies: ReplyCache | None = None
    """Replies that machines share."""
    _engine_key: EngineKey | None = None
    _copies: dict[str, list[Article]] = field(default_factory=dict)
    """Other outlets' copies of an article that is not in the store yet, by the hash of the text."""
    _finished_usage: Usage = field(default_factory=Usage)
    _trackers: dict[int, UsageTracker] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def usage(self) -> Usage:
        """Return the tokens spent so far, including articles in progress."""
        with self._lock:
            return sum((tracker.new_usage for tracker in self._trackers.values()), self._finished_usage)

    async def run(
        self,
        source: Source | ArticleError | Skipped,
        *,
        index: int = 0,
        on_event: OnEvent | None = None,
        run_id: int | None = None,
        retry_failed: bool = True,
        selection: Selection | None = None,
    ) -> Outcome:
        """Return the outcome of a source or of the error in its place. An exception becomes the outcome's error.

        A stored, permanent error is only tried again with ``retry_failed``, and only if no other process has tried the
        article since the start of the batch ``run_id``. ``selection`` may leave the article out.

        Raises:
            LeaseHeld: Another process or call works on the article.
        """
        started = time.monotonic()
        is_settled, released = False, None
        with self._track_usage() as tracker:
            attempt = _Attempt(tracker, on_event, run_id, retry_failed)
            try:
                article = await self._load_selected(source, index, selection)
                outcome = await self._process(article, attempt)
                is_settled, outcome = attempt.lease is None, replace(outcome, article=article)
            except LeaseHeld:
                raise
            except LeftOut as left_out:
                if self.store is not None and left_out.copy:
                    await self.store.database.run(self._list_outlets, left_out.copy)
                outcome = Outcome(reason=left_out.reason)
            except Exception as error:
                outcome = Outcome(error=error)
            except asyncio.CancelledError as error:
                task = asyncio.current_task()
                if task and task.cancelling():
                    raise
                cancellation = SummarizerError("The model object, or a library that it uses, cancelled the request.")
                cancellation.__cause__ = error
                outcome = Outcome(error=cancellation)
            finally:
                if self.store is not None and not is_settled:
                    # Its replies stay, so a later run requests only the missing ones.
                    released = self.store.database.submit(self._release, attempt)
        if released:
            await released
        if self.keep_partial and type(outcome.error) is IncompleteBrief:
            outcome = replace(outcome, error=None)
        if isinstance(outcome.error, SummarizerError):
            outcome = replace(outcome, error=copy_error(outcome.error, usage=tracker.new_usage))
        return replace(outcome, index=index, source=source, seconds=time.monotonic() - started, usage=tracker.new_usage)

    async def _process(self, article: Article, attempt: _Attempt) -> Outcome:
        """Return the stored outcome of an article, or that of the engine, and store it."""
        if self.store is None:
            outcome, _ = await self._run_engine(article, attempt, await self._cache())
            return outcome
        call = self.store.database.run
        stored = await call(self._find_or_acquire, article, await self.engine_key(), attempt)
        if stored:
            return stored
        assert attempt.lease
        outcome, is_final = await self._run_engine(article, attempt, await self._cache(attempt.lease.replies))
        if is_final or isinstance(outcome.error, ReplyPending):  # an earlier failure is over once a batch is asked
            await call(self._save, attempt, outcome if is_final else Outcome())
        return outcome

    async def _cache(self, own: ReplyCache | None = None) -> ReplyCache | None:
        """Return the cache of replies: the shared ones behind those of the own store."""
        shared = await self._shared_replies()
        return own if shared is None else SharedReplies(own, shared)

    async def _shared_replies(self) -> ReplyCache | None:
        if self.replies is None or (model := (await self.engine_key()).model) is None:
            return None
        return self.replies.for_model(model)

    def _find_or_acquire(self, article: Article, key: EngineKey, attempt: _Attempt) -> Outcome | None:
        """Return the stored outcome of an article, or acquire the lease on it."""
        assert self.store is not None
        outcome = self._find_stored(article, key, attempt)
        if outcome is None:
            keeps = isinstance(self.engine, LLMEngine) and self.engine.model.keeps_replies
            attempt.lease = self.store.acquire(article, key, takes_collected=not keeps)
        self._list_outlets(*self._copies.pop(article.sha256, ()))
        return outcome

    def _save(self, attempt: _Attempt, outcome: Outcome) -> None:
        assert self.store is not None
        assert attempt.lease
        self.store.save(attempt.lease, outcome, attempt.run_id)
        attempt.lease = None

    def _release(self, attempt: _Attempt) -> None:
        assert self.store is not None
        with suppress(StoreError):  # another error is being reported, and leases expire
            if attempt.lease:
                self.store.leases.release(attempt.lease)

    def _list_outlets(self, *copies: Article) -> None:
        """List the outlets of articles whose text was read before; later, if it is not in the store yet."""
        with suppress(StoreError):  # the next run lists them
            for copy in copies:
                if self.store is not None and not self.store.add_outlet(copy):
                    self._copies.setdefault(copy.sha256, []).append(copy)

    async def load(self, source: Source | ArticleError) -> Article:
        """Load a source with this pipeline's fetcher; see `load_article`."""
        if isinstance(source, URL) and self.fetcher is None:
            self.fetcher = default_fetcher() if self.store is None else Fetcher(cache=self.store)
        return await load_article(source, self.fetcher)

    async def _load_selected(
        self, source: Source | ArticleError | Skipped, index: int, selection: Selection | None
    ) -> Article:
        """Load a source, or raise `LeftOut` if it is left out."""
        if isinstance(source, Skipped):
            raise LeftOut(source.reason)
        if selection is None:
            return await self.load(source)
        async with selection.loading(index, source):
            article = await self.load(source)
        await selection.check(index, source, article)
        return article

    async def estimate(self, source: Source | ArticleError) -> Estimate:
        """Estimate the cost of the brief of a source; stored results cost nothing."""
        article = await self.load(source)
        if self.store is None and self.replies is None:
            return estimate_article(self.engine, *self._read(article))
        key, shared, loop = await self.engine_key(), await self._shared_replies(), asyncio.get_running_loop()
        stored = await self.store.database.run(self.store.find, article, key) if self.store is not None else None
        if stored and not stored.retryable:
            return Estimate(articles=1, stored=1)

        def is_stored(request: Request) -> bool:
            if self.store is not None and self.store.has_reply(key, request):
                return True
            return bool(shared and asyncio.run_coroutine_threadsafe(shared.get(request), loop).result())

        return await run_blocking(estimate_article, self.engine, *self._read(article), is_stored=is_stored)

    async def engine_key(self) -> EngineKey:
        """Return the key of this engine in the store. The server may be asked for the model's name."""
        if self._engine_key is None:
            model, prompts, options = await self.engine.identity(), self.engine.prompts, self.cache_options
            if isinstance(self.engine, LLMEngine) and self.engine.verifier:
                options = {**options, "verify": await self.engine.verifier.identity()}
            self._engine_key = EngineKey(self.engine.name, model, prompts, options, library=__version__)
        return self._engine_key

    @contextmanager
    def _track_usage(self) -> Iterator[UsageTracker]:
        tracker = UsageTracker()
        with self._lock:
            self._trackers[id(tracker)] = tracker
        try:
            yield tracker
        finally:
            with self._lock:
                del self._trackers[id(tracker)]
                if tracker.usage != Usage():
                    self._finished_usage += tracker.new_usage

    def _find_stored(self, article: Article, key: EngineKey, attempt: _Attempt) -> Outcome | None:
        """Return the stored outcome, unless the article is to be tried again."""
        assert self.store is not None
        stored = self.store.find(article, key)
        if (
            stored is None
            or stored.status == "done"
            or not (attempt.retry_failed or stored.retryable)
            or self.store.is_read_only
        ):
            return stored
        run_id = attempt.run_id
        return stored if run_id is not None and self.store.has_failed_since(run_id, article, key) else None

    async def _run_engine(self, article: Article, attempt: _Attempt, cache: ReplyCache | None) -> tuple[Outcome, bool]:
        """Return the outcome, and whether it is final. An outcome that is not final is not stored."""
        started, tracker = time.monotonic(), attempt.tracker
        is_short = len(article.text) <= INLINE_LIMIT
        try:
            if is_short:
                async with fair_turn():
                    reading = read(article, clean=self.clean)
                    analysis = analyse(reading)
            else:
                reading, analysis = await run_in_thread(self._read, article)
            result = await self.engine.run(reading, analysis, tracker, cache=cache, on_event=attempt.on_event)
        except SummarizerError as error:
            return Outcome(error=error), _concerns_article(error)
        if not result.chunks and not tracker.limit:
            chunk_error = _chunk_error(result, article.source)
            return Outcome(error=chunk_error), _concerns_article(chunk_error)
        provenance = self._provenance(result, tracker, started)
        parts = reading, analysis, result, provenance
        brief = _build_brief(*parts) if is_short else await run_in_thread(_build_brief, *parts)
        if partial_error := _partial_error(brief, result, tracker):
            return Outcome(brief=brief, error=partial_error), _concerns_article(partial_error)
        transient = result.transient_error  # the brief would be better in a later run
        is_final = transient is None and not result.is_unchecked
        return Outcome(brief=brief, error=transient if transient and transient.fatal else None), is_final

    def _read(self, article: Article) -> tuple[Reading, Analysis]:
        reading = read(article, clean=self.clean)
        return reading, analyse(reading)

    def _provenance(self, result: EngineResult, tracker: UsageTracker, started: float) -> Provenance:
        return Provenance(
            engine=self.engine.name,
            model=tracker.model,
            verified_by=result.verified_by,
            output=tracker.output,
            prompts=result.prompts,
            library=__version__,
            ruler=TOKEN_ENCODING,
            calls=tracker.calls,
            retries=tracker.retries,
            repairs=tracker.repairs,
            splits=tracker.splits,
            usage=tracker.usage,
            waited=round(tracker.waited, 3),
            seconds=round(time.monotonic() - started, 3),
            made=datetime.now(UTC),
            notes=result.notes,
        )


def _concerns_article(error: Exception) -> bool:
    """Return whether an error is specific to the article, not to the budget, the server or a model object."""
    is_general = isinstance(error, BudgetExceeded | ReplyPending)
    return isinstance(error, SummarizerError) and not error.fatal and not is_general


def _build_brief(reading: Reading, analysis: Analysis, result: EngineResult, provenance: Provenance) -> Brief:
    failed = [failure.to_failed_chunk() for failure in result.failures]
    coverage = measure_coverage(
        reading, analysis, result.findings, chunks=result.chunks, failed=failed, suspicious=result.suspicious
    )
    findings = mark_suspicious(result.findings, coverage.suspicious)
    brief = Brief(
        article=reading.article.info.model_copy(update={"form": reading.form}),
        gist=findings.gist,
        issues=findings.issues,
        holders=findings.holders,
        positions=findings.positions,
        open_questions=findings.open_questions,
        coverage=coverage,
        rejected=tuple(problem.to_rejected() for problem in findings.problems if not problem.is_warning),
        provenance=provenance,
    )
    return refer_to_article(brief, reading.article) if reading.article.anchors else brief


OTHER_CHUNKS = "The error's brief covers the other chunks, which on_failed_chunk='keep' returns."


def _partial_error(brief: Brief, result: EngineResult, tracker: UsageTracker) -> IncompleteBrief[Brief] | None:
    """Return the error that reports the missing parts of a brief."""
    error: IncompleteBrief[Brief]
    if limit := tracker.limit:
        earlier = [failure.error for failure in result.failures if not isinstance(failure.error, BudgetReached)]
        error = BudgetExceeded(
            f"The budget of {limit} is reached.{f' Before that: {earlier[0].message}' if earlier else ''}",
            brief=brief,
            hint="The error's brief has the results so far."
            if result.chunks
            else "No reply came before that: allow more time, calls or tokens.",
        )
    elif result.failures:
        missing, sentences = brief.coverage.failed_sentences, brief.coverage.sentences
        first = result.failures[0].error
        error = IncompleteBrief(
            f"Requests about {missing} of {sentences} sentences failed. The first error: {first.message}",
            brief=brief,
            hint=f"{first.hint} {OTHER_CHUNKS}".lstrip(),
        )
    else:
        return None
    error.where = _locate(result, brief.article.source)
    error.retryable = any(failure.error.retryable for failure in result.failures)
    error.fatal = any(failure.error.fatal for failure in result.failures)
    error.__cause__ = result.failures[0].error if result.failures else None
    return error


def _chunk_error(result: EngineResult, source: str | None) -> Exception:
    """Return the first chunk's error with its location; an exception of a model object is returned unchanged."""
    error = result.failures[0].error
    if isinstance(error, CustomModelError) and isinstance(error.__cause__, Exception):
        return error.__cause__
    return copy_error(error, where=_locate(result, source))


def _locate(result: EngineResult, source: str | None) -> str:
    """Name the article and, if it has several chunks, the first that failed."""
    first = result.failures[0] if result.failures and len(result.failures) + result.chunks > 1 else None
    part = f"sentences {first.first_sentence} to {first.last_sentence}" if first else None
    return ", ".join(filter(None, [source, part]))
