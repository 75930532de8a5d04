"""The command ``brief``: one article, read and shown."""

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.input import load_article
from summarizer.cli.messages import INTERRUPTED, PARTLY, failures_told, progress, say, warnings_told
from summarizer.cli.options import (
    SHOWN,
    ChunkTokens,
    Clean,
    Debug,
    Form,
    Limit,
    MaxCalls,
    MaxTokens,
    Output,
    Prompts,
    Repairs,
    Stored,
)
from summarizer.cli.output import Format, check_writable, format_named, put
from summarizer.errors import IncompleteBrief
from summarizer.usage import Usage

if TYPE_CHECKING:
    from summarizer.article import Article
    from summarizer.brief import Brief
    from summarizer.client import Summarizer


def brief(
    source: Annotated[str, typer.Argument(help="A text file, or - for standard input.", show_default=False)],
    *,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            "-m",
            help="A model at an OpenAI-compatible server, or 'builtin'. Left out: what SUMMARIZER_MODEL, "
            "OPENAI_API_KEY and OPENAI_BASE_URL say, else 'builtin'.",
            show_default=False,
        ),
    ] = None,
    format: Form = None,  # noqa: A002  # the option's name
    output: Output = None,
    limit: Limit = SHOWN,
    title: Annotated[
        str | None, typer.Option(help="The article's title, where its text has none.", show_default=False)
    ] = None,
    language: Annotated[str | None, typer.Option(help="The article's language: en, de, …", show_default=False)] = None,
    chunk_tokens: ChunkTokens = 6_000,
    repairs: Repairs = 1,
    prompts: Prompts = None,
    clean: Clean = True,
    max_calls: MaxCalls = None,
    max_tokens: MaxTokens = None,
    max_seconds: Annotated[
        float | None, typer.Option(min=0.001, help="Stop after so many seconds.", show_default=False)
    ] = None,
    store: Stored = None,
    debug: Debug = False,
) -> None:
    """Read an article and show its brief: positions, who holds them, open questions.

    Exit status: 0 done; 1 failed; 2 wrong usage; 3 done in part; 130 interrupted.
    """
    with failures_told(debug), warnings_told():
        from summarizer.client import Summarizer
        from summarizer.models.budget import Budget

        if output:
            check_writable(output)
        article = load_article(source, title, language)
        with Summarizer(
            model=model,
            chunk_tokens=chunk_tokens,
            repairs=repairs,
            prompts=prompts,
            clean=clean,
            budget=Budget(calls=max_calls, tokens=max_tokens, seconds=max_seconds),
            store=store,
        ) as engine:
            made, failure = _made(engine, article)
        put(made, format or format_named(output) or Format.terminal, output, article, limit or None)
        if failure:
            say(f"done in part: {failure.message}")
            raise typer.Exit(PARTLY)


def _made(engine: "Summarizer", article: "Article") -> tuple["Brief", IncompleteBrief["Brief"] | None]:
    """The brief, and why it is not whole if it is not. An interrupt (Ctrl-C) ends the program at once."""
    try:
        with progress() as shown:
            return engine.summarize(article, on_event=shown), None
    except IncompleteBrief as error:
        return error.brief, error
    except KeyboardInterrupt as interrupt:
        spent = getattr(interrupt, "usage", Usage()).total
        say(f"interrupted; {spent} tokens were spent." if spent else "interrupted.")
        sys.stderr.flush()
        os._exit(INTERRUPTED)  # not by way of the threads: one that reads a long article cannot be stopped
