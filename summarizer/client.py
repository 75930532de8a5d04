"""`Summarizer`: briefs of one article or of many, synchronous and asynchronous."""

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterable, Generator, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self, TypedDict

from summarizer._async import EventLoopThread, run_blocking
from summarizer.batching import POLL_INTERVAL, Batch
from summarizer.brief import Brief
from summarizer.codebook import Codebook, as_codebook
from summarizer.engines import (
    DEFAULT_CHUNK_TOKENS,
    DEFAULT_REPAIRS,
    Engine,
    LLMEngine,
    OnEvent,
    ReplyCache,
    load_prompts,
)
from summarizer.errors import ArticleError, ConfigurationError
from summarizer.estimate import Estimate
from summarizer.fetching import Fetcher
from summarizer.models import Budget, Model, read_number, resolve_model
from summarizer.outcome import Outcome
from summarizer.pipeline import Pipeline
from summarizer.selection import Selection
from summarizer.sources import Skipped, Source, parse_date
from summarizer.store import LeaseHeld, PostgresReplies, Store
from summarizer.usage import Usage


class SummarizerOptions(TypedDict, total=False):
    """The options of `Summarizer`, for type checkers."""

    model: str | Model | None
    chunk_tokens: int
    context: int | None
    overlap: int
    repairs: int
    prompts: str | Path | None
    chunk_concurrency: int
    clean: bool
    on_failed_chunk: Literal["raise", "keep"]
    budget: Budget | None
    store: Store | str | Path | None
    fetcher: Fetcher | None
    issues: Codebook | str | Path | None
    verify: bool | str | Model | None
    timeout: float | None
    deadline: float | None
    reply_tokens: int | None
    replies: ReplyCache | str | None


class Summarizer:
    """Makes briefs of articles. It can be reused, and shared by threads and event loops.

    Args:
        model: ``"builtin"``, the name of a model at an OpenAI-compatible server, or a `Model`. By default the
            environment decides (``SUMMARIZER_MODEL``, ``OPENAI_API_KEY``, ``OPENAI_BASE_URL``). If none of these is
            set, the built-in engine is used, with a warning. The asynchronous calls do not close a `Model` object.
        chunk_tokens: Tokens of the article in one request at most.
        context: Tokens of the model's context, prompt and reply together. By default ``SUMMARIZER_CONTEXT``, or what a
            server in your network reports. Below 8,192 the short prompts are used, and chunks are as short as needed.
        overlap: Sentences that a chunk repeats from the chunk before it.
        repairs: Repair requests for one reply at most.
        prompts: A prompt file, or a folder of them, that replaces the library's prompts; or ``"extract-small"`` for
            the short ones.
        chunk_concurrency: Chunks of one article that are requested at once.
        clean: Whether boilerplate is removed (newsletter sign-ups, photo credits …).
        on_failed_chunk: ``"raise"`` an `IncompleteBrief`, or ``"keep"`` the brief of the other chunks.
        budget: Limits for one article, in calls, tokens or seconds.
        store: A `Store`, or the path of one, for briefs and replies. A `Store` object is not closed.
        fetcher: A `Fetcher` for addresses. The default one remembers pages in the store.
        issues: A `Codebook`, or the path of one: the issues and holders to code against.
        verify: Whether the model checks each statement against its evidence, and rewords what goes too far; or another
            model that checks them: its name, or a `Model`.
        timeout: Seconds for one attempt of a request, for a model that is given by name. By default
            ``SUMMARIZER_TIMEOUT``, else 120. A `Model` object has its own.
        deadline: Seconds for all attempts of a request, like ``timeout``. By default ``SUMMARIZER_DEADLINE``, else 600.
        reply_tokens: Tokens of a reply at most, hidden reasoning aside. By default ``SUMMARIZER_REPLY_TOKENS``, else
            about three times the expected length.
        replies: Replies that machines share: the address of a PostgreSQL database, or a `ReplyCache`, which is not
            closed. By default ``SUMMARIZER_REPLIES``, else none.

    Raises:
        ConfigurationError: An option has an invalid value, or the codebook has an error.
        StoreError: The store cannot be used.
        ModelError: The model cannot be used.

    Examples:
        >>> from summarizer import Summarizer
        >>> with Summarizer(model="builtin") as summarizer:
        ...     brief = summarizer.summarize("“The bridge must go,” said Anna Berg.")
        >>> brief.positions[0].statement
        'The bridge must go.'
    """

    def __init__(
        self,
        *,
        model: str | Model | None = None,
        chunk_tokens: int = DEFAULT_CHUNK_TOKENS,
        context: int | None = None,
        overlap: int = 0,
        repairs: int = DEFAULT_REPAIRS,
        prompts: str | Path | None = None,
        chunk_concurrency: int = 4,
        clean: bool = True,
        on_failed_chunk: Literal["raise", "keep"] = "raise",
        budget: Budget | None = None,
        store: Store | str | Path | None = None,
        fetcher: Fetcher | None = None,
        issues: Codebook | str | Path | None = None,
        verify: bool | str | Model | None = False,
        timeout: float | None = None,
        deadline: float | None = None,
        reply_tokens: int | None = None,
        replies: ReplyCache | str | None = None,
    ) -> None:
        _check_minimum("chunk_tokens", chunk_tokens, 1)
        _check_minimum("overlap", overlap, 0)
        _check_minimum("repairs", repairs, 0)
        _check_minimum("chunk_concurrency", chunk_concurrency, 1)
        if on_failed_chunk not in ("raise", "keep"):
            raise ConfigurationError(f"on_failed_chunk cannot be {on_failed_chunk!r}.", hint="Use 'raise' or 'keep'.")
        if not isinstance(budget, Budget | None):
            raise ConfigurationError(f"budget cannot be {budget!r}.", hint="Use Budget(calls=…, tokens=…).")
        context, reply_tokens = _read_count("context", context), _read_count("reply_tokens", reply_tokens)
        limits = _limits_of(model, timeout=timeout, deadline=deadline)
        resolved = resolve_model(model, **limits)
        verifier = _resolve_verifier(verify, resolved, limits)
        templates = load_prompts(prompts) if resolved or prompts is not None else {}
        codebook = as_codebook(issues)
        self.has_model: bool = resolved is not None
        """Whether a language model makes the briefs, not the built-in engine."""
        engine: Engine
        if resolved is None:
            from summarizer.engines import BuiltinEngine  # its many word lists are loaded only where it is used

            engine = BuiltinEngine(codebook)
        else:
            engine = LLMEngine(
                resolved,
                templates,
                chunk_tokens=chunk_tokens,
                context=context,
                overlap=overlap,
                repairs=repairs,
                reply_tokens=reply_tokens,
                chunk_concurrency=chunk_concurrency,
                budget=budget or Budget(),
                codebook=codebook,
                verifier=verifier,
            )
        given = [(model, resolved), (verify, None if verify is True else verifier)]
        self._own_models = [used for named, used in given if used and not isinstance(named, Model)]
        self._owns_store = isinstance(store, str | Path)
        shared = _open_replies(replies, is_used=resolved is not None)
        self._own_replies = shared if shared is not replies and isinstance(shared, PostgresReplies) else None
        options = {"chunk_tokens": chunk_tokens, "overlap": overlap, "repairs": repairs, "clean": clean}
        options |= {} if context is None else {"context": context}
        self._pipeline = Pipeline(
            engine,
            {**options, "codebook": codebook.sha256} if codebook else options,
            clean=clean,
            keep_partial=on_failed_chunk == "keep",
            store=_open_store(store),
            fetcher=fetcher,
            replies=shared,
        )
        self._loop_thread = EventLoopThread()

    @property
    def usage(self) -> Usage:
        """Return the tokens spent by this object, including articles in progress, also after Ctrl-C."""
        return self._pipeline.usage

    def summarize(self, source: Source, *, on_event: OnEvent | None = None) -> Brief:
        """Return the brief of ``source``.

        [`summarize`][summarizer.summarize] describes the arguments and the errors. It can be called inside a running
        event loop, which then waits. An interrupt (Ctrl-C) ends it within a second; `usage` then has the tokens spent.
        """
        return self._loop_thread.run(self.asummarize(source, on_event=on_event))

    async def asummarize(self, source: Source, *, on_event: OnEvent | None = None) -> Brief:
        """Return the brief of ``source``; see `summarize`."""
        article = await self._pipeline.load(source)
        while True:
            try:
                outcome = await self._pipeline.run(article, on_event=on_event)
            except LeaseHeld:
                await asyncio.sleep(POLL_INTERVAL)
                continue
            if outcome.error:
                raise outcome.error
            assert outcome.brief, "an outcome has a brief or an error"
            return outcome.brief

    def summarize_many(
        self,
        sources: Iterable[Source | ArticleError | Skipped],
        *,
        concurrency: int = 8,
        ordered: bool = True,
        retry_failed: bool = False,
        since: date | str | None = None,
        skip_repeated: bool = False,
    ) -> Generator[Outcome, None, None]:
        """Yield the outcomes of many sources as they are ready.

        ``sources`` may be endless: they are pulled in the caller's thread, and only a limited number in advance. An
        article that fails is an outcome with an error. An error that affects every article (a rejected key, a used
        up quota, a full disk) ends the batch. It is the last outcome, and ``fatal``. An exception of the iterable
        itself is raised after the outcomes of the sources before it.

        Args:
            sources: Texts, paths, addresses or Articles; or an ArticleError or `Skipped`, which becomes the outcome.
            concurrency: Articles in progress at once. A model that is given by name may have as many requests at once,
                or 16 if that is more. A `Model` object has its own limit.
            ordered: Whether outcomes come in the order of the sources, or as they are ready.
            retry_failed: Whether to retry articles that failed in an earlier run with the same store. Retryable
                errors, such as a lost connection, are always retried.
            since: Articles with an earlier date are skipped. A string is a date in ISO 8601.
            skip_repeated: Whether articles with the same text or address as an earlier one are skipped.

        Raises:
            ConfigurationError: An option has an invalid value.
        """
        batch = self._batch(
            sources, concurrency, since, skip_repeated=skip_repeated, ordered=ordered, retry_failed=retry_failed
        )
        return batch.run(sources, self._loop_thread)

    def asummarize_many(
        self,
        sources: Iterable[Source | ArticleError | Skipped] | AsyncIterable[Source | ArticleError | Skipped],
        *,
        concurrency: int = 8,
        ordered: bool = True,
        retry_failed: bool = False,
        since: date | str | None = None,
        skip_repeated: bool = False,
    ) -> AsyncGenerator[Outcome, None]:
        """Yield the outcomes in the running event loop; see `summarize_many`. Sources may be asynchronous."""
        batch = self._batch(
            sources, concurrency, since, skip_repeated=skip_repeated, ordered=ordered, retry_failed=retry_failed
        )
        return batch.arun(sources)

    def _batch(
        self,
        sources: object,
        concurrency: int,
        since: date | str | None,
        *,
        skip_repeated: bool,
        ordered: bool,
        retry_failed: bool,
    ) -> Batch:
        _check_minimum("concurrency", concurrency, 1)
        if isinstance(sources, Source):  # each character of a text would be an article
            kind = type(sources).__name__
            raise ConfigurationError(f"sources is a single {kind}.", hint="Use a list or another iterable.")
        for model in self._own_models:
            model.raise_concurrency(concurrency)
        first = None if since is None else parse_date(since)
        return Batch(
            self._pipeline,
            concurrency=concurrency,
            ordered=ordered,
            retry_failed=retry_failed,
            selection=Selection(first, unique=skip_repeated) if first or skip_repeated else None,
        )

    def estimate(self, source: Source | ArticleError) -> Estimate:
        """Estimate the cost of a brief without any request to a model. Estimates can be added.

        Stored briefs and replies cost nothing.

        Raises:
            ArticleError: The source cannot be read as an article.
            ChunkError: ``chunk_tokens`` is too small for a sentence.
            ModelError: With a store, the model has no name, and its server does not tell it.
        """
        return self._loop_thread.run(self._pipeline.estimate(source))

    async def aclose(self) -> None:
        """Close connections of the running event loop, and the store. Objects passed in by the caller stay open."""
        for model in self._own_models:
            await model.aclose()
        await run_blocking(self._close_stores)

    def close(self) -> None:
        """Close what the synchronous calls opened. Later calls open it again."""
        if self._loop_thread.is_running:
            self._loop_thread.run(self._pipeline.engine.aclose())  # connections of this object's own loop
            self._loop_thread.close()
        self._close_stores()

    def _close_stores(self) -> None:
        if self._own_replies:
            self._own_replies.close()
        if self._pipeline.store is not None and self._owns_store:
            self._pipeline.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _read_count(name: str, value: int | None) -> int | None:
    """Return the value of an option that is at least 1, by default from its environment variable."""
    if value is None and (number := read_number(name)) is not None:
        value = int(number)
    if value is not None:
        _check_minimum(name, value, 1)
    return value


def _limits_of(model: str | Model | None, **limits: float | None) -> dict[str, Any]:
    """Return the limits that are given; a model object has its own."""
    given = {name: value for name, value in limits.items() if value is not None}
    if given and isinstance(model, Model):
        name = min(given)
        raise ConfigurationError(f"A model object has its own {name}.", hint=f"Set it there: OpenAIModel({name}=…).")
    return given


def _resolve_verifier(
    verify: bool | str | Model | None, model: Model | None, limits: Mapping[str, Any]
) -> Model | None:
    """Return the model that checks the statements of ``model``, if one does."""
    if verify is False or verify is None:
        return None
    verifier = model if verify is True else resolve_model(verify, **limits)
    if model is None or verifier is None:
        problem = "its statements are the article's own words" if model is None else "it cannot judge statements"
        raise ConfigurationError(
            f"Verification does not work with the built-in engine: {problem}.",
            hint="Name a model with model=…, or leave out verify=….",
        )
    return verifier


def _open_store(store: Store | str | Path | None) -> Store | None:
    if isinstance(store, str | Path):
        return Store(store)
    if not isinstance(store, Store | None):
        raise ConfigurationError(f"store cannot be a {type(store).__name__}.", hint="Use a Store, or the path of one.")
    return store


def _open_replies(replies: ReplyCache | str | None, *, is_used: bool) -> ReplyCache | None:
    """Return the replies that machines share, if an option or the environment names some. Check those not used."""
    if replies is None:
        replies = os.environ.get("SUMMARIZER_REPLIES", "").strip() or None
    if isinstance(replies, str):
        PostgresReplies.check_address(replies)
        return PostgresReplies(replies) if is_used else None
    if not isinstance(replies, ReplyCache | None):
        raise ConfigurationError(
            f"replies cannot be a {type(replies).__name__}.", hint="Use the address of a database, or a ReplyCache."
        )
    return replies if is_used else None


def _check_minimum(name: str, value: int, minimum: int) -> None:
    if value < minimum:
        raise ConfigurationError(f"{name} must be at least {minimum}, not {value}.")
