"""The calls: briefs of articles, one or many, awaited or not."""

from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from summarizer.article import DEFAULT_CHUNK_TOKENS, Article
from summarizer.background import BackgroundLoop
from summarizer.brief import Brief
from summarizer.errors import BudgetExceeded, ConfigurationError
from summarizer.extraction import DEFAULT_REPAIRS, Budget, OnEvent, load_prompts
from summarizer.model import Model, resolve_model
from summarizer.stages import Made, Options, Source, Stages, article_of


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
        self._model_is_ours = model is None or isinstance(model, str)
        self._stages = Stages(
            resolve_model(model),
            load_prompts(prompts),
            Options(chunk_tokens, overlap, repairs, chunk_concurrency, clean, budget or Budget()),
        )
        self._keeps_what_is_left = on_failed_chunk == "keep"
        self._background = BackgroundLoop()

    def summarize(self, source: Source, *, on_event: OnEvent | None = None) -> Brief:
        """The brief of ``source``. ``on_event`` is called with an Event for whatever happens to a chunk.

        It may be called anywhere, inside a running event loop too (which then waits).

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
        made = await self._made(await article_of(source), on_event)
        if made.error:
            raise made.error
        return made.brief

    async def _made(self, article: Article, on_event: OnEvent | None) -> Made:
        made = await self._stages.made(article, on_event)
        if self._keeps_what_is_left and not isinstance(made.error, BudgetExceeded):
            return replace(made, error=None)
        return made

    async def aclose(self) -> None:
        """Close what the model holds open in the running event loop; a model object that was given is its giver's."""
        if self._model_is_ours:
            await self._close_model()

    async def _close_model(self) -> None:
        if close := getattr(self._stages.model, "aclose", None):
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


def _check(**options: tuple[int, int]) -> None:
    for name, (value, least) in options.items():
        if value < least:
            raise ConfigurationError(f"{name} must be at least {least}, not {value}.")
