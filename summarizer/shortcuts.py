"""Functions that make briefs, each call with a new `Summarizer`."""

from collections.abc import AsyncGenerator, AsyncIterable, Generator, Iterable
from contextlib import aclosing
from datetime import date
from typing import Unpack

from summarizer.brief import Brief
from summarizer.client import Summarizer, SummarizerOptions
from summarizer.engines import OnEvent
from summarizer.errors import ArticleError
from summarizer.outcome import Outcome
from summarizer.sources import Skipped, Source


def summarize(source: Source, *, on_event: OnEvent | None = None, **options: Unpack[SummarizerOptions]) -> Brief:
    """Return the brief of a text, of a file (a path), of a page (a `URL`), or of an Article.

    Args:
        source: A text, the path of a file, the `URL` of a page, or an Article.
        on_event: Called with an `Event` at each step of the work on a chunk.
        options: As in [`Summarizer`][summarizer.Summarizer], such as ``model``, ``store`` or ``budget``.

    Raises:
        ConfigurationError: An option has an invalid value.
        ArticleError: The source cannot be read as an article.
        ChunkError: ``chunk_tokens`` is too small for a sentence.
        ModelError: The model or its server failed.
        ReplyError: The model gave no usable reply.
        IncompleteBrief: Some of several chunks failed; its ``brief`` covers the others.
        BudgetExceeded: A limit was reached; its ``brief`` has the results so far.
        StoreError: The store cannot be used.

    Examples:
        >>> from summarizer import summarize
        >>> summarize("“The bridge must go,” said Anna Berg.", model="builtin").positions[0].statement
        'The bridge must go.'
    """
    with Summarizer(**options) as summarizer:
        return summarizer.summarize(source, on_event=on_event)


async def asummarize(source: Source, *, on_event: OnEvent | None = None, **options: Unpack[SummarizerOptions]) -> Brief:
    """Return the brief of ``source`` in the running event loop; see `summarize`.

    Examples:
        >>> import asyncio
        >>> from summarizer import asummarize
        >>> asyncio.run(asummarize("“The bridge must go,” said Anna Berg.", model="builtin")).positions[0].statement
        'The bridge must go.'
    """
    async with Summarizer(**options) as summarizer:
        return await summarizer.asummarize(source, on_event=on_event)


def summarize_many(
    sources: Iterable[Source | ArticleError | Skipped],
    *,
    concurrency: int = 8,
    ordered: bool = True,
    retry_failed: bool = False,
    since: date | str | None = None,
    skip_repeated: bool = False,
    **options: Unpack[SummarizerOptions],
) -> Generator[Outcome, None, None]:
    """Yield the outcomes of many sources as they are ready.

    An article that fails is an outcome with an error.
    [`Summarizer.summarize_many`][summarizer.Summarizer.summarize_many] says what ends a batch.

    Args:
        sources: Texts, paths, addresses or Articles; or an ArticleError or `Skipped`, which becomes the outcome.
        concurrency: Articles in progress at once.
        ordered: Whether outcomes come in the order of the sources, or as they are ready.
        retry_failed: Whether to retry articles that failed in an earlier run with the same store.
        since: Articles with an earlier date are skipped. A string is a date in ISO 8601.
        skip_repeated: Whether articles with the same text or address as an earlier one are skipped.
        options: As in [`Summarizer`][summarizer.Summarizer], such as ``model``, ``store`` or ``budget``.

    Raises:
        ConfigurationError: An option has an invalid value.
        StoreError: The store cannot be used.
        ModelError: The model cannot be used.

    Examples:
        >>> from summarizer import summarize_many
        >>> texts = ["“The bridge must go,” said Anna Berg.", "“A repair is cheaper,” said Tomas Lind."]
        >>> for outcome in summarize_many(texts, model="builtin"):
        ...     print(outcome.index, outcome.error or outcome.brief.positions[0].statement)
        0 The bridge must go.
        1 A repair is cheaper.
    """
    summarizer = Summarizer(**options)
    outcomes = summarizer.summarize_many(
        sources,
        concurrency=concurrency,
        ordered=ordered,
        retry_failed=retry_failed,
        since=since,
        skip_repeated=skip_repeated,
    )

    def run() -> Generator[Outcome, None, None]:
        with summarizer:
            yield from outcomes

    return run()


def asummarize_many(
    sources: Iterable[Source | ArticleError | Skipped] | AsyncIterable[Source | ArticleError | Skipped],
    *,
    concurrency: int = 8,
    ordered: bool = True,
    retry_failed: bool = False,
    since: date | str | None = None,
    skip_repeated: bool = False,
    **options: Unpack[SummarizerOptions],
) -> AsyncGenerator[Outcome, None]:
    """Yield the outcomes in the running event loop; see `summarize_many`. Sources may be asynchronous.

    Examples:
        >>> import asyncio
        >>> from summarizer import asummarize_many
        >>> async def count(texts):
        ...     return len([outcome async for outcome in asummarize_many(texts, model="builtin")])
        >>> asyncio.run(count(["“The bridge must go,” said Anna Berg."]))
        1
    """
    summarizer = Summarizer(**options)
    outcomes = summarizer.asummarize_many(
        sources,
        concurrency=concurrency,
        ordered=ordered,
        retry_failed=retry_failed,
        since=since,
        skip_repeated=skip_repeated,
    )

    async def run() -> AsyncGenerator[Outcome, None]:
        async with summarizer, aclosing(outcomes):
            async for outcome in outcomes:
                yield outcome

    return run()
