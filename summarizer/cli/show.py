"""The command ``show``: show a stored brief."""

import sys
import webbrowser
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated

import typer

from summarizer.cli.messages import print_message, report_problems
from summarizer.cli.options import (
    AllowPrivateOption,
    DebugOption,
    FormatOption,
    FullOption,
    IgnoreRobotsOption,
    LimitOption,
    OutputOption,
    create_fetcher,
)
from summarizer.cli.output import check_writable, write_brief
from summarizer.render import FORMATS, format_from_suffix


def show(
    brief: Annotated[Path, typer.Argument(help="A brief in JSON, or - for standard input.", allow_dash=True)],
    *,
    article: Annotated[
        str | None,
        typer.Option(help="The article of the brief (a file, an address, -), which an HTML page shows beside it."),
    ] = None,
    format: FormatOption = None,  # noqa: A002  # the option's name
    output: OutputOption = None,
    limit: LimitOption = None,
    full: FullOption = False,
    open: Annotated[bool, typer.Option("--open", help="Open the brief as a page in the browser.")] = False,  # noqa: A002
    allow_private: AllowPrivateOption = False,
    ignore_robots: IgnoreRobotsOption = False,
    debug: DebugOption = False,
) -> None:
    """Show a brief that was stored as JSON.

    Exit codes: 0 done; 1 failed; 2 wrong usage.
    """
    chosen = format or format_from_suffix(output) or ("html" if open else "terminal")
    if open and chosen != "html":
        raise typer.BadParameter("only a page (html) opens in the browser", param_hint="--open")
    if FORMATS[chosen].needs_article and not article:
        raise typer.BadParameter("a page needs the article of the brief", param_hint="--article")
    if brief == Path("-") and article == "-":
        raise typer.BadParameter("standard input holds the brief or the article, not both", param_hint="--article")
    with report_problems(debug=debug):
        from summarizer.brief import Brief
        from summarizer.cli.sources import load_argument

        if output:
            check_writable(output)
        stored = Brief.from_json(sys.stdin.buffer.read() if brief == Path("-") else brief.read_bytes())
        fetcher = partial(create_fetcher, allow_private=allow_private, ignore_robots=ignore_robots)
        source = load_argument(article, fetcher=fetcher) if article else None
        if source:
            from summarizer.render import check_article

            check_article(stored, source)
        page = output
        if open and not page:
            with NamedTemporaryFile(prefix="summarizer-", suffix=".html", delete=False) as file:
                page = Path(file.name)
        write_brief(stored, chosen, page, source, limit=limit, full=full)
        if open and page and not webbrowser.open(page.resolve().as_uri()):
            print_message(f"no browser was found; the page is {page}.")
