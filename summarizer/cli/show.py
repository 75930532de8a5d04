"""The command ``show``: a stored brief."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from summarizer.cli.input import load_article
from summarizer.cli.messages import failures_told, say, warnings_told
from summarizer.cli.options import SHOWN, Debug, Form, Limit, Output
from summarizer.cli.output import Format, check_writable, format_named, open_page, page_file, put


def show(
    brief: Annotated[
        Path, typer.Argument(help="A brief in JSON, or - for standard input.", show_default=False, allow_dash=True)
    ],
    *,
    article: Annotated[
        str | None,
        typer.Option(
            help="The article that it was made of, which a page shows beside it; - for standard input.",
            show_default=False,
        ),
    ] = None,
    format: Form = None,  # noqa: A002  # the option's name
    output: Output = None,
    limit: Limit = SHOWN,
    open: Annotated[bool, typer.Option("--open", help="Open it as a page in the browser.")] = False,  # noqa: A002
    debug: Debug = False,
) -> None:
    """Show a brief that was stored as JSON.

    Exit status: 0 done; 1 failed; 2 wrong usage.
    """
    form = format or format_named(output) or (Format.html if open else Format.terminal)
    if open and form is not Format.html:
        raise typer.BadParameter("only a page (html) opens in the browser", param_hint="--open")
    if form is Format.html and not article:
        raise typer.BadParameter("a page needs the article that the brief was made of", param_hint="--article")
    if brief == Path("-") and article == "-":
        raise typer.BadParameter("standard input holds the brief or the article, not both", param_hint="--article")
    with failures_told(debug), warnings_told():
        from summarizer.brief import Brief

        if output:
            check_writable(output)
        made = Brief.from_json(sys.stdin.buffer.read() if brief == Path("-") else brief.read_bytes())
        source = load_article(article) if article else None
        if source:
            from summarizer.render.fitting import check_fits

            check_fits(made, source)
        page = output or (page_file() if open else None)
        put(made, form, page, source, limit or None)
        if open and page and not open_page(page):
            say(f"no browser was found; the page is {page}.")
