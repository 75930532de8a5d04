"""The command ``estimate``."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from summarizer.cli.messages import FAILED, PARTLY, failures_told, say, warnings_told
from summarizer.cli.options import ChunkTokens, Clean, Debug, MaxCalls, MaxTokens, Prompts, Repairs, Stored
from summarizer.cli.output import print_text


class Table(StrEnum):
    """How an estimate is written."""

    table = "table"
    json = "json"


def estimate(
    sources: Annotated[list[str], typer.Argument(help="As for batch.", show_default=False)],
    *,
    model: Annotated[
        str | None,
        typer.Option(
            "--model", "-m", help="As for brief; it needs no key, since nothing is asked.", show_default=False
        ),
    ] = None,
    format: Annotated[  # noqa: A002  # the option's name
        Table, typer.Option("--format", "-f", help="How the estimate is written.")
    ] = Table.table,
    price_in: Annotated[
        float | None, typer.Option(min=0, help="Price of a million prompt tokens.", show_default=False)
    ] = None,
    price_out: Annotated[
        float | None, typer.Option(min=0, help="Price of a million completion tokens.", show_default=False)
    ] = None,
    price_cached: Annotated[
        float | None,
        typer.Option(min=0, help="Price of a million prompt tokens that the server has cached.", show_default=False),
    ] = None,
    prices: Annotated[
        Path | None,
        typer.Option(help="A TOML file with a table of prices (in, out, cached) for each model.", show_default=False),
    ] = None,
    store: Stored = None,
    chunk_tokens: ChunkTokens = 6_000,
    repairs: Repairs = 1,
    prompts: Prompts = None,
    clean: Clean = True,
    max_calls: MaxCalls = None,
    max_tokens: MaxTokens = None,
    debug: Debug = False,
) -> None:
    """Say what the briefs of articles would cost: calls, tokens and, with prices, money. Nothing is asked.

    Exit status: 0 done; 1 failed; 2 wrong usage; 3 some articles cannot be read.
    """
    with failures_told(debug), warnings_told():
        from summarizer.cli import forecast
        from summarizer.cli.sources import listed
        from summarizer.client import Summarizer
        from summarizer.models.budget import Budget
        from summarizer.models.default import BUILTIN

        engine = forecast.stand_in(model)
        priced = forecast.prices(price_in, price_out, price_cached, prices, engine)
        with Summarizer(
            model=engine or BUILTIN,
            chunk_tokens=chunk_tokens,
            repairs=repairs,
            prompts=prompts,
            clean=clean,
            budget=Budget(calls=max_calls, tokens=max_tokens),
            store=store if store and store.exists() else None,  # one that is yet to be made holds nothing
        ) as summarizer:
            made = forecast.forecast(listed(sources), summarizer)
        for source, error in made.failed:
            say(error if source in error else f"{source}: {error}")
        if made.estimate.articles:
            shown = forecast.as_json if format is Table.json else forecast.as_table
            print_text(shown(made, priced))
        if made.failed:
            raise typer.Exit(PARTLY if made.estimate.articles else FAILED)
