"""Make the briefs of the articles of gold, and score them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Unpack

from summarizer._async import EventLoopThread
from summarizer.article import Article
from summarizer.client import Summarizer, SummarizerOptions
from summarizer.errors import ConfigurationError, MissingExtra, SummarizerError
from summarizer.estimate import Prices
from summarizer.evaluation.gold import Gold, load_gold
from summarizer.evaluation.report import Report, build_report, check_comparable, check_gates, read_report
from summarizer.evaluation.scores import ArticleScore, score
from summarizer.fetching import Fetcher
from summarizer.models import Model
from summarizer.outcome import Outcome
from summarizer.store import Store
from summarizer.usage import Usage

GoldSource = str | Path | Gold | Iterable[Gold]
_GOLD_HINT = "Pass a folder, a file or Gold objects."
OnOutcome = Callable[[Outcome, str, int], None]


def evaluate(
    gold: GoldSource,
    *,
    against: Report | str | Path | None = None,
    fail_under: Mapping[str, float] | None = None,
    prices: Prices | None = None,
    concurrency: int = 8,
    on_outcome: OnOutcome | None = None,
    metadata: Mapping[str, str] | None = None,
    **options: Unpack[SummarizerOptions],
) -> Report:
    """Make the briefs of the articles of ``gold``, and compare them with it.

        report = evaluate("gold", model="gpt-5-mini", store="briefs.db", fail_under={"F1": 0.6})
        print(report.to_markdown(), report.passes())

    Args:
        gold: A folder of gold files, one file, or `Gold` objects.
        against: An earlier report, or its JSON file, to compare with.
        fail_under: The lowest accepted values of measures, which `Report.passes` checks.
        prices: The prices of the model's tokens, for the cost.
        concurrency: Articles in progress at once.
        on_outcome: Called with each outcome as it is ready, the gold file, and the number of articles.
        metadata: Fields of `Article.with_metadata` for the article of a single gold file.
        options: As in [`Summarizer`][summarizer.Summarizer]. With ``store``, finished briefs are not made again;
            failed ones are.

    Raises:
        ConfigurationError: Gold, an earlier report or an option is invalid. Nothing has been spent.
        SummarizerError: An error that affects every article; or the first error, if no article has a brief.

    Examples:
        >>> from pathlib import Path
        >>> from summarizer import Gold, evaluate
        >>> _ = Path("bridge.txt").write_text("“The bridge must go,” said Anna Berg.", encoding="utf-8")
        >>> position = {"holders": ["H1"], "sentences": [1], "statement": "The bridge must go."}
        >>> gold = Gold(article="bridge.txt", holders=[{"id": "H1", "name": "Anna Berg"}], positions=[position])
        >>> evaluate([gold], model="builtin").measures["positions_f1"].value
        1.0
    """

    async def run() -> Report:
        try:
            return await aevaluate(
                gold,
                against=against,
                fail_under=fail_under,
                prices=prices,
                concurrency=concurrency,
                on_outcome=on_outcome,
                metadata=metadata,
                **options,
            )
        finally:
            if isinstance(model := options.get("model"), Model):
                await model.aclose()  # connections of this loop

    thread = EventLoopThread()
    try:
        return thread.run(run())
    finally:
        thread.close()


async def aevaluate(
    gold: GoldSource,
    *,
    against: Report | str | Path | None = None,
    fail_under: Mapping[str, float] | None = None,
    prices: Prices | None = None,
    concurrency: int = 8,
    on_outcome: OnOutcome | None = None,
    metadata: Mapping[str, str] | None = None,
    **options: Unpack[SummarizerOptions],
) -> Report:
    """Make briefs and compare them with ``gold`` in the running event loop; see `evaluate`.

    Examples:
        >>> import asyncio
        >>> from pathlib import Path
        >>> from summarizer import Gold, aevaluate
        >>> _ = Path("bridge.txt").write_text("“The bridge must go,” said Anna Berg.", encoding="utf-8")
        >>> report = asyncio.run(aevaluate([Gold(article="bridge.txt")], model="builtin"))
        >>> report.measures["positions_precision"].value
        0.0
    """
    every = _read_gold(gold)
    earlier = read_report(Path(against)) if isinstance(against, str | Path) else against
    if not isinstance(earlier, Report | None):
        raise ConfigurationError(f"against cannot be {against!r}.", hint="Pass a report or its JSON file.")
    if not isinstance(prices, Prices | None):
        raise ConfigurationError(f"prices cannot be {prices!r}.", hint="Pass Prices(…).")
    if metadata and len(every) > 1:
        message = f"{', '.join(metadata)} can be given for one article, and the gold has {len(every)}."
        raise ConfigurationError(message, hint="Name one gold file.")
    gates = check_gates(fail_under or {})
    store = options.get("store")
    with Store(store) if isinstance(store, str | Path) else nullcontext(store) as opened:
        options["store"] = opened
        async with Summarizer(**options) as summarizer:
            fetcher = options.get("fetcher") or (Fetcher(cache=opened) if opened else None)
            clean = options.get("clean", True)
            articles = [await _load(each, fetcher, metadata or {}, clean=clean) for each in every]
            _check_articles(every, articles, earlier)
            outcomes = await _make_briefs(summarizer, every, articles, concurrency, on_outcome)
    briefs = [outcome.brief for outcome in outcomes if outcome.brief]
    if not briefs:
        raise outcomes[0].error or AssertionError("an outcome has a brief or an error")
    return build_report(
        every,
        [_score(*parts) for parts in zip(every, articles, outcomes, strict=True)],
        briefs,
        spent=sum((outcome.usage for outcome in outcomes), Usage()),
        prices=prices,
        against=earlier,
        gates=gates,
    )


def _read_gold(source: GoldSource) -> tuple[Gold, ...]:
    if isinstance(source, str | Path):
        return load_gold(source)
    every = (source,) if isinstance(source, Gold) or not isinstance(source, Iterable) else tuple(source)
    if not every:
        raise ConfigurationError("There is no gold.", hint=_GOLD_HINT)
    for each in every:
        if not isinstance(each, Gold):
            raise ConfigurationError(f"gold cannot be {each!r}.", hint=_GOLD_HINT)
    return every


async def _load(
    gold: Gold, fetcher: Fetcher | None, metadata: Mapping[str, str], *, clean: bool
) -> Article | MissingExtra:
    """Return the article, or the error that will be its outcome while the others are read."""
    try:
        return (await gold.load(fetcher, clean=clean)).with_metadata(**metadata)
    except MissingExtra as error:
        return error


def _hash(gold: Gold, article: Article | MissingExtra) -> str:
    return article.sha256 if isinstance(article, Article) else gold.sha256 or gold.label


def _check_articles(every: Sequence[Gold], articles: Iterable[Article | MissingExtra], earlier: Report | None) -> None:
    """Check that no article has two gold files, and that an earlier run has one of the articles."""
    labels: dict[str, str] = {}
    for gold, article in zip(every, articles, strict=True):
        if (sha256 := _hash(gold, article)) in labels:
            raise ConfigurationError(f"{labels[sha256]} and {gold.label} are gold of the same article.")
        labels[sha256] = gold.label
    if earlier:
        check_comparable([(sha256, gold.digest) for sha256, gold in zip(labels, every, strict=True)], earlier)


async def _make_briefs(
    summarizer: Summarizer,
    every: Sequence[Gold],
    articles: Iterable[Article | MissingExtra],
    concurrency: int,
    on_outcome: OnOutcome | None,
) -> list[Outcome]:
    """Return the outcomes of the articles of gold in their order, or raise an error that affects all of them."""
    outcomes = []
    made = summarizer.asummarize_many(articles, concurrency=concurrency, ordered=False, retry_failed=True)
    async for outcome in made:
        if outcome.error and (outcome.fatal or not isinstance(outcome.error, SummarizerError)):
            raise outcome.error
        outcomes.append(outcome)
        if on_outcome:
            on_outcome(outcome, every[outcome.index].label, len(every))
    return sorted(outcomes, key=lambda outcome: outcome.index)


def _score(gold: Gold, article: Article | MissingExtra, outcome: Outcome) -> ArticleScore:
    missing = ArticleScore(gold=gold.label, sha256=_hash(gold, article), gold_sha256=gold.digest, scored=False)
    scored = score(gold, outcome.brief) if outcome.brief else missing
    title = article.title if isinstance(article, Article) else None
    return scored.model_copy(update={"title": title, "error": str(outcome.error) if outcome.error else None})
