"""The command ``summarizer``."""

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer import __version__
from summarizer.commands.batch import batch
from summarizer.errors import IncompleteBrief
from summarizer.estimate_command import estimate
from summarizer.input import article_of
from summarizer.lookalikes import use_lookalikes
from summarizer.messages import FAILED, PARTLY, failures_told, progress, say, warnings_told
from summarizer.options import ChunkTokens, Clean, Debug, Limit, MaxCalls, MaxTokens, Prompts, Repairs
from summarizer.output import Format, check_writable, open_page, page_file, print_text, put
from summarizer.usage import Usage

if TYPE_CHECKING:
    from summarizer.article import Article
    from summarizer.brief import Brief
    from summarizer.pipeline import Summarizer

app = typer.Typer(
    help="Who takes which position in an article, and what stays open.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

SHOWN = 15  # positions of a brief that is read by a person
INTERRUPTED = 130  # an exit code, the shells' own; 2, wrong usage, is typer's


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"summarizer {__version__}")
        raise typer.Exit


@app.callback()
def summarizer(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Who takes which position in an article, and what stays open."""


@app.command()
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
    format: Annotated[  # noqa: A002  # the option's name
        Format, typer.Option("--format", "-f", help="How the brief is written.")
    ] = Format.terminal,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file, not to the terminal.", show_default=False)
    ] = None,
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
    debug: Debug = False,
) -> None:
    """Read an article and show its brief: positions, who holds them, open questions.

    Exit status: 0 done; 1 failed; 2 wrong usage; 3 done in part; 130 interrupted.
    """
    with failures_told(debug), warnings_told():
        from summarizer.extraction import Budget
        from summarizer.pipeline import Summarizer

        if output:
            check_writable(output)
        article = article_of(source, title, language)
        with Summarizer(
            model=model,
            chunk_tokens=chunk_tokens,
            repairs=repairs,
            prompts=prompts,
            clean=clean,
            budget=Budget(calls=max_calls, tokens=max_tokens, seconds=max_seconds),
        ) as engine:
            made, failure = _made(engine, article)
        put(made, format, output, article, limit or None)
        if failure:
            say(f"done in part: {failure.message}")
            raise typer.Exit(PARTLY)


app.command()(estimate)


@app.command()
def show(
    brief: Annotated[
        Path, typer.Argument(help="A brief in JSON, or - for standard input.", show_default=False, allow_dash=True)
    ],
    *,
    article: Annotated[
        Path | None,
        typer.Option(help="The article that it was made of, which a page shows beside it.", show_default=False),
    ] = None,
    format: Annotated[  # noqa: A002  # the option's name
        Format | None,
        typer.Option("--format", "-f", help="How it is written; left out: terminal.", show_default=False),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file, not to the terminal.", show_default=False)
    ] = None,
    limit: Limit = SHOWN,
    open: Annotated[bool, typer.Option("--open", help="Open it as a page in the browser.")] = False,  # noqa: A002
    debug: Debug = False,
) -> None:
    """Show a brief that was stored as JSON.

    Exit status: 0 done; 1 failed; 2 wrong usage.
    """
    form = format or (Format.html if open else Format.terminal)
    if open and form is not Format.html:
        raise typer.BadParameter("only a page (html) opens in the browser", param_hint="--open")
    if form is Format.html and not article:
        raise typer.BadParameter("a page needs the article that the brief was made of", param_hint="--article")
    with failures_told(debug), warnings_told():
        from summarizer.article import Article
        from summarizer.brief import Brief

        if output:
            check_writable(output)
        made = Brief.from_json(sys.stdin.buffer.read() if brief == Path("-") else brief.read_bytes())
        source = Article.from_file(article) if article else None
        if source:
            from summarizer.render.fitting import check_fits

            check_fits(made, source)
        page = output or (page_file() if open else None)
        put(made, form, page, source, limit or None)
        if open and page and not open_page(page):
            say(f"no browser was found; the page is {page}.")


app.command()(batch)


@app.command()
def doctor(
    model: Annotated[
        str | None,
        typer.Option("--model", "-m", help="As for brief; left out, what the environment says.", show_default=False),
    ] = None,
) -> None:
    """Look at what stands between you and a brief: server, key, models, a small article there and back.

    Exit status: 0 a brief can be had; 1 it cannot.
    """
    import asyncio

    from summarizer.article.invisible import visible
    from summarizer.doctor import diagnose

    async def look() -> bool:
        well = True
        async for check in diagnose(model):
            mark = "ok " if check.ok else "NOT" if check.fails else " ? "
            typer.echo(visible(f"{mark}  {check.what:8}{check.found}"))
            if not check.ok:
                typer.echo(visible(f"     {'':8}{check.hint}"))
            well = well and not check.fails
        return well

    with failures_told(debug=False), warnings_told():
        if not asyncio.run(look()):
            raise typer.Exit(FAILED)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a brief."""
    from summarizer.brief import brief_schema

    with failures_told(debug=False):
        print_text(json.dumps(brief_schema(), indent=2, ensure_ascii=False) + "\n")


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


def main() -> None:
    """Run the command."""
    use_lookalikes()
    app(prog_name="summarizer")
