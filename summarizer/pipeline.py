"""The stages composed: from a source to a Brief."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from summarizer import __version__
from summarizer.article import DEFAULT_CHUNK_TOKENS, RULER, Article, Chunk, Reading, cut_chunks, read
from summarizer.background import BackgroundLoop
from summarizer.brief import Brief, PromptUsed, Provenance
from summarizer.errors import BudgetExceeded, ConfigurationError, IncompleteBrief, SummarizerError
from summarizer.extraction import (
    DEFAULT_REPAIRS,
    Analysis,
    Asker,
    Budget,
    Event,
    Extracted,
    Findings,
    Ground,
    OnEvent,
    OverBudget,
    builtin_findings,
    builtin_notes,
    extract,
    load_prompts,
)
from summarizer.merging import Consolidation, Stage, coverage, merge
from summarizer.model import Model, resolve_model
from summarizer.turns import in_thread, in_turn

Source = str | Path | Article
"""A text, the path of a text file, or an Article. A string is always text."""

SHORT = 3_000
"""Characters of a text that is read in the event loop, which a thread would hold up for as long."""


class Summarizer:
    """Makes briefs of articles; reusable, and safe to use from several threads and event loops.

    Args:
        model: ``"builtin"``, the name of a model at an OpenAI-compatible server, or a model object.
            Left out: the environment decides (``SUMMARIZER_MODEL``, ``OPENAI_API_KEY``,
            ``OPENAI_BASE_URL``), and where it says nothing the built-in engine reads the article,
            with a warning. A model object stays its giver's to close in the loops of asynchronous
            calls.
        chunk_tokens: how many tokens of the article go into one request at most.
        overlap: how many sentences a chunk repeats from the one before it.
        repairs: how often a reply with problems is asked for again.
        prompts: a prompt file, or a folder of them, in place of the library's own.
        chunk_concurrency: how many chunks of an article are asked at once.
        clean: whether page furniture (newsletter pleas, photo credits …) is cut.
        on_failed_chunk: ``"raise"`` an IncompleteBrief, or ``"keep"`` what the other chunks gave.
        budget: what one article may cost at most, in calls, tokens or seconds.

    Raises:
        ConfigurationError: an option that cannot work.
        ModelError: the model cannot be used as it is named.
    """

    def __init__(
        self,
        *,
        model: str | Model | None = None,
        chunk_tokens: int = DEFAULT_CHUNK_TOKENS,
        overlap: int = 0,
        repairs: int = DEFAULT_REPAIRS,
        prompts: str | Path | None = None,
        chunk_concurrency: int = 4,
        clean: bool = True,
        on_failed_chunk: Literal["raise", "keep"] = "raise",
        budget: Budget | None = None,
    ) -> None:
        _check(
            chunk_tokens=(chunk_tokens, 1),
            overlap=(overlap, 0),
            repairs=(repairs, 0),
            chunk_concurrency=(chunk_concurrency, 1),
        )
        if on_failed_chunk not in ("raise", "keep"):
            raise ConfigurationError(f"on_failed_chunk cannot be {on_failed_chunk!r}.", hint="It is 'raise' or 'keep'.")
        if not isinstance(budget, Budget | None):
            raise ConfigurationError(f"budget cannot be {budget!r}.", hint="Give a Budget(calls=…, tokens=…).")
        self._model = resolve_model(model)
        self._model_is_ours = model is None or isinstance(model, str)
        self._prompts = load_prompts(prompts)
        self._chunk_tokens, self._overlap = chunk_tokens, overlap
        self._repairs, self._chunk_concurrency = repairs, chunk_concurrency
        self._clean, self._on_failed_chunk, self._budget = clean, on_failed_chunk, budget
        self._background = BackgroundLoop()

    def summarize(self, source: Source, *, on_event: OnEvent | None = None) -> Brief:
        """The brief of ``source``. ``on_event`` is called with an Event for whatever happens to a chunk.

        It may be called anywhere, inside a running event loop too (which then waits). An interrupt (Ctrl-C) ends
        it within a second, and carries in ``usage`` what was spent until then.

        Raises:
            ArticleError: the source cannot be read as an article.
            ChunkError: ``chunk_tokens`` is too small for one of its sentences.
            ModelError: the model or its server failed.
            ReplyError: the model gave no usable reply.
            IncompleteBrief: some of several chunks failed; its ``brief`` is that of the rest.
            BudgetExceeded: a limit was reached; its ``brief`` is what was done until then.
        """
        return self._background.run(self.asummarize(source, on_event=on_event))

    async def asummarize(self, source: Source, *, on_event: OnEvent | None = None) -> Brief:
        """`summarize`, awaited. A cancellation carries in ``usage`` what was spent until then."""
        started = time.monotonic()
        work = in_turn if _is_short(source) else in_thread
        if self._model is None:
            reading, analysis, extracted = await work(self._builtin, source)
            findings, notes = merge(extracted.findings), builtin_notes(reading)
        else:
            reading, analysis, chunks = await work(self._chunked, source)
            asker = Asker(self._model, self._budget or Budget())
            try:
                extracted = await self._extracted(chunks, Ground.of(reading, analysis), asker, on_event)
                findings, notes = await self._merged(extracted, reading, asker, on_event)
            except asyncio.CancelledError as cancelled:
                cancelled.usage = asker.account.usage  # type: ignore[attr-defined]  # what was spent
                raise
        failed = [failure.failed_chunk() for failure in extracted.failures]
        brief = Brief(
            article=reading.article.info,
            gist=findings.gist,
            issues=findings.issues,
            holders=findings.holders,
            positions=findings.positions,
            open_questions=findings.open_questions,
            coverage=coverage(reading, analysis, findings, chunks=len(extracted.findings), failed=failed),
            rejected=tuple(problem.rejected() for problem in findings.problems if not problem.kept),
            provenance=self._provenance(extracted, notes, time.monotonic() - started),
        )
        self._complain(brief, extracted)
        return brief

    async def _extracted(
        self, chunks: Sequence[Chunk], given: Ground, asker: Asker, on_event: OnEvent | None
    ) -> Extracted:
        """What the chunks give.

        Raises:
            SummarizerError: none of them gives anything.
        """
        extracted = await extract(
            chunks,
            given,
            asker,
            self._prompts,
            repairs=self._repairs,
            concurrency=self._chunk_concurrency,
            on_event=on_event,
        )
        if not extracted.findings and not extracted.account.limit:
            raise _located(extracted, given.reading)
        return extracted

    async def _merged(
        self, extracted: Extracted, reading: Reading, asker: Asker, on_event: OnEvent | None
    ) -> tuple[Findings, tuple[str, ...]]:
        """One set of findings, those of several chunks looked over by the model once more, and what did not go well."""
        findings = merge(extracted.findings)
        if len(extracted.findings) < 2 or extracted.account.limit:
            return findings, ()
        chunks = len(extracted.findings) + len(extracted.failures)

        def tell(stage: Stage) -> None:
            if on_event:
                on_event(Event(stage, 1, len(reading.sentences), chunks, chunks, asker.account.usage))

        consolidation = Consolidation(
            asker,
            self._prompts,
            reading.article.title or "(none)",
            tokens=self._chunk_tokens,
            repairs=self._repairs,
            concurrency=self._chunk_concurrency,
            tell=tell,
        )
        gists = [each.gist for each in extracted.findings if each.gist]
        return await consolidation.run(findings, gists), tuple(consolidation.notes)

    def _complain(self, brief: Brief, extracted: Extracted) -> None:
        """Raise what the caller must know of a brief that is not whole."""
        error: IncompleteBrief[Brief]
        if limit := extracted.account.limit:
            others = [each.error for each in extracted.failures if not isinstance(each.error, OverBudget)]
            error = BudgetExceeded(
                f"The budget of {limit} is reached.{f' Before that: {others[0].message}' if others else ''}",
                brief=brief,
                hint="The error's brief holds what was done until then.",
            )
        elif extracted.failures and self._on_failed_chunk == "raise":
            every = len(extracted.findings) + len(extracted.failures)
            error = IncompleteBrief(
                f"{len(extracted.failures)} of {every} chunks failed, the first of this: {extracted.failures[0].error}",
                brief=brief,
                hint="The error's brief holds what the others gave; on_failed_chunk='keep' returns it.",
            )
        else:
            return
        error.where, error.usage = _where(extracted, brief.article.source), extracted.account.usage
        error.retryable = any(failure.error.retryable for failure in extracted.failures)
        raise error from (extracted.failures[0].error if extracted.failures else None)

    def _read(self, source: Source) -> tuple[Reading, Analysis]:
        reading = read(as_article(source), clean=self._clean)
        return reading, Analysis.of_reading(reading)

    def _builtin(self, source: Source) -> tuple[Reading, Analysis, Extracted]:
        reading, analysis = self._read(source)
        return reading, analysis, Extracted((builtin_findings(reading, analysis),))

    def _chunked(self, source: Source) -> tuple[Reading, Analysis, tuple[Chunk, ...]]:
        reading, analysis = self._read(source)
        return reading, analysis, cut_chunks(reading, chunk_tokens=self._chunk_tokens, overlap=self._overlap)

    def _provenance(self, extracted: Extracted, notes: tuple[str, ...], seconds: float) -> Provenance:
        builtin, account = self._model is None, extracted.account
        return Provenance(
            engine="builtin" if builtin else "model",
            model=account.model,
            output=account.output,
            prompts=()
            if builtin
            else tuple(
                PromptUsed(name=prompt.name, version=prompt.version, sha256=prompt.sha256)
                for prompt in self._prompts.values()
            ),
            library=__version__,
            ruler=RULER,
            calls=account.calls,
            retries=account.retries,
            repairs=account.repairs,
            splits=account.splits,
            usage=account.usage,
            waited=round(account.waited, 3),
            seconds=round(seconds, 3),
            made=datetime.now(UTC),
            notes=notes,
        )

    async def aclose(self) -> None:
        """Close what the model holds open in the running event loop; a model object that was given is its giver's."""
        if self._model_is_ours:
            await self._close_model()

    async def _close_model(self) -> None:
        if close := getattr(self._model, "aclose", None):
            await close()

    def close(self) -> None:
        """Close what the synchronous calls hold open; later calls open it again."""
        if self._background.running:
            self._background.run(self._close_model())  # of the loop that is this Summarizer's alone
            self._background.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.aclose()


def summarize(source: Source, *, on_event: OnEvent | None = None, **options: Any) -> Brief:
    """The brief of ``source``: a text, the path of a text file, or an Article.

    ``options`` are those of `Summarizer`, which also says what is raised.
    """
    with Summarizer(**options) as summarizer:
        return summarizer.summarize(source, on_event=on_event)


async def asummarize(source: Source, *, on_event: OnEvent | None = None, **options: Any) -> Brief:
    """`summarize`, awaited."""
    async with Summarizer(**options) as summarizer:
        return await summarizer.asummarize(source, on_event=on_event)


def as_article(source: Source) -> Article:
    """``source`` as an Article: a string is text, a path names a file."""
    match source:
        case Article():
            return source
        case Path():
            return Article.from_file(source)
        case str():
            return Article.from_text(source)
    raise TypeError(f"a source is a str, a Path or an Article, not {type(source).__name__}")


def _is_short(source: Source) -> bool:
    text = source.text if isinstance(source, Article) else source
    return isinstance(text, str) and len(text) <= SHORT


def _located(extracted: Extracted, reading: Reading) -> SummarizerError:
    """What the first chunk failed of, with where that was and what all chunks have cost."""
    error = extracted.failures[0].error
    error.where, error.usage = _where(extracted, reading.article.source), extracted.account.usage
    return error


def _where(extracted: Extracted, source: str | None) -> str:
    """The article, and of several chunks the first that failed."""
    several = len(extracted.failures) + len(extracted.findings) > 1
    numbers = [each.chunk.numbers for each in extracted.failures if several]
    part = f"sentences {numbers[0][0]} to {numbers[0][-1]}" if numbers else None
    return ", ".join(filter(None, [source, part]))


def _check(**options: tuple[int, int]) -> None:
    for name, (value, least) in options.items():
        if value < least:
            raise ConfigurationError(f"{name} must be at least {least}, not {value}.")
