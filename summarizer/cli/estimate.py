"""The command ``estimate``: calls, tokens and money that briefs would cost."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from summarizer.cli.messages import ExitCode, print_message, report_problems
from summarizer.cli.options import (
    ArticleOptions,
    EngineOptions,
    OutputOption,
    SinceOption,
    open_store,
    with_shared_options,
)
from summarizer.cli.output import FileFormat, check_writable, choose_format, write_text
from summarizer.errors import ArticleError, ChunkError

if TYPE_CHECKING:
    from summarizer.client import Summarizer
    from summarizer.estimate import Cost, Estimate, Prices
    from summarizer.models import Model
    from summarizer.sources import Entry

    Failures = list[tuple[str, str]]  # location and error of each source that cannot be read

_FORMATS = {"table": FileFormat((".txt",)), "json": FileFormat((".json",))}


@with_shared_options
def estimate(
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE...", help="Sources as in batch.")],
    *,
    since: SinceOption = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Use only this many sources, from the first.")] = None,
    format: Annotated[  # noqa: A002  # the option's name
        Literal["table", "json"] | None,
        typer.Option("--format", "-f", help="Format of the estimate. Default: from the output's ending, else table."),
    ] = None,
    output: OutputOption = None,
    article: ArticleOptions,
    price_in: Annotated[float | None, typer.Option(min=0, help="Price of a million prompt tokens.")] = None,
    price_out: Annotated[float | None, typer.Option(min=0, help="Price of a million completion tokens.")] = None,
    price_cached: Annotated[float | None, typer.Option(min=0, help="Price of a million cached prompt tokens.")] = None,
    prices: Annotated[
        Path | None, typer.Option(help="A TOML file with a table of prices (in, out, cached, batch) for each model.")
    ] = None,
    batch_api: Annotated[
        bool, typer.Option("--batch-api", help="Use the price of batches: half, or what 'batch' in --prices says.")
    ] = False,
    engine: EngineOptions,
) -> None:
    """Estimate the cost of the briefs of articles. No request is sent and no key is needed.

    Exit codes: 0 done; 1 failed; 2 wrong usage; 3 some articles cannot be read.
    """
    chosen = choose_format(output, format, _FORMATS, "table")
    with report_problems(debug=engine.debug):
        model = resolve_without_key(engine.model)
        chosen_prices = _read_prices(price_in, price_out, price_cached, prices, model)
        chosen_prices = chosen_prices.in_batches() if chosen_prices and batch_api else chosen_prices
        if article.given():
            from summarizer.cli.sources import check_single

            check_single(sources, f"--{next(iter(article.given()))}")
        if output:
            check_writable(output, *sources, engine.store)
        first = since.date() if since else None
        total, failed = _estimate_sources(sources, article, engine, model, first=first, limit=limit)
        for location, error in failed:
            print_message(error if location in error else f"{location}: {error}")
        if batch_api and chosen_prices:
            note = "Money is at the price of batches. They have no order, so no tokens count as cached in it."
            total = replace(total, notes=(*total.notes, note))
        elif batch_api:
            print_message(
                "--batch-api changes the money, and there are no prices: --price-in and --price-out set them."
            )
        if total.articles:
            as_json = chosen == "json"
            lines = [_to_json(total, failed, chosen_prices)] if as_json else _table_lines(total, chosen_prices)
            write_text("\n".join(lines) + "\n", output)
        if failed:
            raise typer.Exit(ExitCode.PARTIAL if total.articles else ExitCode.FAILED)


def _estimate_sources(
    sources: Sequence[str],
    article: ArticleOptions,
    engine: EngineOptions,
    model: "Model | None",
    *,
    first: date | None,
    limit: int | None,
) -> tuple["Estimate", "Failures"]:
    """Return the sum of the estimates of sources, and those that cannot be read."""
    from summarizer.cli.sources import SourceFinder, load_argument, select
    from summarizer.models import BUILTIN
    from summarizer.sources import Entry

    store = engine.store if engine.store and engine.store.exists() else None  # do not create one
    finder = SourceFinder()
    found = None if article.given() else finder.find(sources)
    with (
        open_store(store) as opened,
        engine.create_summarizer(
            model=model or BUILTIN,
            verifier=engine.verifier and resolve_without_key(engine.verifier),
            store=opened,
            fetcher=(fetcher := engine.create_fetcher(opened)),
        ) as summarizer,
    ):
        finder.fetcher = fetcher
        if found:
            return _estimate_all(select(found.items, first, limit), summarizer)
        one = load_argument(sources[0], article, fetcher=lambda: fetcher)
        return _estimate_all([Entry(one, sources[0])], summarizer)


def _estimate_all(sources: Iterable["Entry"], summarizer: "Summarizer") -> tuple["Estimate", "Failures"]:
    """Return the sum of the estimates, and location and error of each source that cannot be read."""
    from summarizer.estimate import Estimate
    from summarizer.sources import Skipped

    total, failed = Estimate(), []
    for named in sources:
        if isinstance(named.source, Skipped):
            print_message(f"skipped: {named.location}: {named.source.reason}")
            continue
        try:
            total += summarizer.estimate(named.source)
        except (ArticleError, ChunkError) as error:
            failed.append((named.location, str(error)))
    return total, failed


def resolve_without_key(name: str | None, environ: Mapping[str, str] = os.environ) -> "Model | None":
    """Return the model that a name or the environment selects, without requiring a key; None is the built-in engine."""
    from summarizer.models import resolve_model

    name = (name or environ.get("SUMMARIZER_MODEL", "")).strip() or None
    if name is None and resolve_model(None, environ) is None:
        return None
    keys = {"OPENAI_API_KEY": "none", "AZURE_OPENAI_API_KEY": "none"}
    return resolve_model(name, keys | {key: value for key, value in environ.items() if value})


def _read_prices(
    prompt: float | None, completion: float | None, cached: float | None, file: Path | None, model: "Model | None"
) -> "Prices | None":
    """Return the prices that the options give, if any."""
    from summarizer.estimate import Prices, read_prices

    options = {"--price-in": prompt, "--price-out": completion, "--price-cached": cached}
    present = [name for name, price in options.items() if price is not None]
    if file and present:
        raise typer.BadParameter("--prices gives prices, too; use one of the two", param_hint=present[0])
    if file:
        return read_prices(file, model.name if model else None)
    if not present:
        return None
    if prompt is None or completion is None:
        raise typer.BadParameter("--price-in and --price-out need each other", param_hint=present[0])
    return Prices(prompt, completion, cached)


def _columns(estimate: "Estimate") -> dict[str, "Cost"]:
    return {"low": estimate.low, "likely": estimate.likely, "at_most": estimate.at_most}


def _to_json(estimate: "Estimate", failed: "Failures", prices: "Prices | None") -> str:
    """Return the estimate and the failed sources as JSON, with whole tokens and exact money."""
    from summarizer.engines import TOKEN_ENCODING

    def round_cost(cost: "Cost") -> dict[str, float]:
        tokens: dict[str, float] = {name: round(value) for name, value in asdict(cost).items()}
        return tokens | ({"money": round(prices.price_of(cost), 6)} if prices else {})

    record: dict[str, Any] = {
        **{name: getattr(estimate, name) for name in ("articles", "stored", "chunks", "stored_replies")},
        "ruler": TOKEN_ENCODING,
        **{name: round_cost(cost) for name, cost in _columns(estimate).items()},
        "notes": list(estimate.notes),
        "failed": [{"source": location, "error": error} for location, error in failed],
    }
    return json.dumps(record, indent=2, ensure_ascii=False)


def _table_lines(estimate: "Estimate", prices: "Prices | None") -> Iterator[str]:
    from summarizer.engines import TOKEN_ENCODING

    columns = _columns(estimate)
    if estimate.articles > estimate.stored:
        yield f"{_count(estimate.articles - estimate.stored, 'article')} in {_count(estimate.chunks, 'chunk')}"
    if estimate.stored:
        yield f"{_count(estimate.stored, 'article')} already stored"
    if estimate.stored_replies:
        yield f"{_count(estimate.stored_replies, 'request')} with a stored reply"
    yield ""
    if estimate.at_most.calls:
        yield f"{'':18}" + "".join(f"{name.replace('_', ' '):>16}" for name in columns)
        for label, name in (("calls", "calls"), ("prompt tokens", "prompt"), ("completion tokens", "completion")):
            yield f"{label:18}" + "".join(f"{round(getattr(cost, name)):16,}" for cost in columns.values())
        if prices:
            yield f"{'money':18}" + "".join(f"{_format_money(prices.price_of(cost)):>16}" for cost in columns.values())
        yield ""
        yield f"Tokens of the messages are counted with {TOKEN_ENCODING}. Likely is based on recordings."
    yield from estimate.notes
    if not (estimate.at_most.calls or estimate.stored_replies or estimate.stored):
        yield "--model NAME estimates the cost of that model; no key is needed."


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + "s" * (number != 1)


def _format_money(value: float) -> str:
    return f"{value:,.2f}" if value >= 1 else f"{value:.4f}"
