"""The calls: briefs of articles, one or many, awaited or not."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Generator, Iterable
from contextlib import aclosing
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from summarizer._async import EventLoopThread
from summarizer.article import Article
from summarizer.batching import AGAIN, Run
from summarizer.brief import Brief
from summarizer.engines import DEFAULT_CHUNK_TOKENS, DEFAULT_REPAIRS, OnEvent, load_prompts
from summarizer.errors import ArticleError, ConfigurationError, SummarizerError
from summarizer.estimate import Estimate
from summarizer.models import Budget, Model, resolve_model
from summarizer.outcome import Outcome
from summarizer.pipeline import Keeping, Made, Options, Stages
from summarizer.sources import Source, load_article, to_article
from summarizer.store import Store


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
        store: where briefs and replies are kept, so that nothing is made or paid for twice: a `Store`, which
            stays its giver's to close, or the path of one.

    Raises:
        ConfigurationError: an option that cannot work.
        StoreError: the store cannot be used.
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
        store: Store | str | Path | None = None,
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
        self._model_is_ours = model is None or isinstance(model, str)
        self._stages = Stages(
            resolve_model(model),
            load_prompts(prompts),
            Options(chunk_tokens, overlap, repairs, chunk_concurrency, clean, budget or Budget()),
        )
        self._keeps_parts = on_failed_chunk == "keep"
        self._store_is_ours = isinstance(store, str | Path)
        self._keeping = Keeping(self._stages, _opened(store)) if store is not None else None
        self._background = EventLoopThread()

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
        article = await load_article(source)
        while (made := await self._made(article, on_event)) is None:
            await asyncio.sleep(AGAIN)
        if isinstance(made, SummarizerError):
            raise made
        if made.error:
            raise made.error
        return made.brief

    def summarize_many(
        self,
        sources: Iterable[Source | ArticleError],
        *,
        concurrency: int = 8,
        ordered: bool = True,
        retry_failed: bool = False,
    ) -> Generator[Outcome, None, None]:
        """The outcomes of many sources, each as soon as it is there and called for.

        ``sources`` may be endless: they are pulled, in the caller's thread, only as far as there is room. An
        article that fails is an outcome with an error. After a fault that all would fail of (a refused key, a
        used-up quota, a full disk) nothing more is asked: it is the last outcome, and ``fatal``. What pulling a
        source raises is raised when those before it are done.

        Args:
            sources: texts, paths, Articles; or an ArticleError, which becomes the outcome of what could not be had.
            concurrency: articles at work at once; how many requests, the model says.
            ordered: hand outcomes out in the order of the sources, or else as they come.
            retry_failed: with a store, try again what failed in an earlier run. What may have gone away by
                itself, such as a broken connection, is tried in any case.

        Raises:
            ConfigurationError: an option that cannot work.
        """
        _check(concurrency=(concurrency, 1))
        _check_several(sources)
        run = self._run(retry_failed)
        return run.outcomes(sources, self._background, concurrency=concurrency, ordered=ordered)

    def asummarize_many(
        self,
        sources: Iterable[Source | ArticleError] | AsyncIterable[Source | ArticleError],
        *,
        concurrency: int = 8,
        ordered: bool = True,
        retry_failed: bool = False,
    ) -> AsyncGenerator[Outcome, None]:
        """`summarize_many` in the running event loop; the sources may be asynchronous, too."""
        _check(concurrency=(concurrency, 1))
        _check_several(sources)
        return self._run(retry_failed).aoutcomes(sources, concurrency=concurrency, ordered=ordered)

    def _run(self, retry_failed: bool) -> Run:
        return Run(partial(self._made, retry_failed=retry_failed), self._keeping)

    async def _made(
        self, article: Article, on_event: OnEvent | None = None, *, run: int | None = None, retry_failed: bool = True
    ) -> Made | SummarizerError | None:
        made: Made | SummarizerError | None
        if self._keeping:
            made = await self._keeping.made(article, on_event, run=run, retry_failed=retry_failed)
        else:
            made = await self._stages.made(article, on_event)
        return made.tolerated if self._keeps_parts and isinstance(made, Made) else made

    def estimate(self, source: Source | ArticleError) -> Estimate:
        """What the brief of ``source`` would cost; no model is asked. Estimates of several articles add up.

        What a store already holds, a brief or replies, costs nothing.

        Raises:
            ArticleError: the source cannot be read as an article.
            ChunkError: ``chunk_tokens`` is too small for one of its sentences.
            ModelError: with a store, the model has no name, and its server cannot be asked for it.
        """
        article = to_article(source)
        if not self._keeping:
            return self._stages.estimate(article)
        return self._background.run(self._keeping.estimate(article))

    async def aclose(self) -> None:
        """Close what is held open in the running event loop; a model or a store that was given is its giver's."""
        if self._model_is_ours:
            await self._close_model()
        self._close_store()

    def _close_store(self) -> None:
        if self._keeping and self._store_is_ours:
            self._keeping.store.close()

    async def _close_model(self) -> None:
        if self._stages.model is not None:
            await self._stages.model.aclose()

    def close(self) -> None:
        """Close what the synchronous calls hold open; later calls open it again."""
        if self._background.running:
            self._background.run(self._close_model())  # of the loop that is this Summarizer's alone
            self._background.close()
        self._close_store()

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


def summarize_many(
    sources: Iterable[Source | ArticleError],
    *,
    concurrency: int = 8,
    ordered: bool = True,
    retry_failed: bool = False,
    **options: Any,
) -> Generator[Outcome, None, None]:
    """The outcomes of many sources; see `Summarizer.summarize_many`.

        for outcome in summarize_many(Path("articles").glob("*.txt"), store="briefs.db"):
            print(outcome.source, outcome.brief or outcome.error)

    ``options`` are those of `Summarizer`, which also says what is raised.
    """
    summarizer = Summarizer(**options)
    many = summarizer.summarize_many(sources, concurrency=concurrency, ordered=ordered, retry_failed=retry_failed)

    def each() -> Generator[Outcome, None, None]:
        with summarizer:
            yield from many

    return each()


def asummarize_many(
    sources: Iterable[Source | ArticleError] | AsyncIterable[Source | ArticleError],
    *,
    concurrency: int = 8,
    ordered: bool = True,
    retry_failed: bool = False,
    **options: Any,
) -> AsyncGenerator[Outcome, None]:
    """`summarize_many` in the running event loop; the sources may be asynchronous, too."""
    summarizer = Summarizer(**options)
    many = summarizer.asummarize_many(sources, concurrency=concurrency, ordered=ordered, retry_failed=retry_failed)

    async def each() -> AsyncGenerator[Outcome, None]:
        async with summarizer, aclosing(many):
            async for outcome in many:
                yield outcome

    return each()


def _opened(store: Store | str | Path) -> Store:
    if isinstance(store, Store):
        return store
    if isinstance(store, str | Path):
        return Store(store)
    raise ConfigurationError(f"store cannot be a {type(store).__name__}.", hint="Give a Store, or the path of one.")


def _check_several(sources: object) -> None:
    """Look whether it is one source instead of many: each character of a text would be read as an article."""
    if isinstance(sources, Source):
        kind = type(sources).__name__
        raise ConfigurationError(f"sources is a single one, a {kind}.", hint="Give a list, or any other iterable.")


def _check(**options: tuple[int, int]) -> None:
    for name, (value, least) in options.items():
        if value < least:
            raise ConfigurationError(f"{name} must be at least {least}, not {value}.")
