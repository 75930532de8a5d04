"""The command ``brief``: make and show the brief of one article."""

import os
import sys
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.messages import ExitCode, describe_error, print_message, report_problems
from summarizer.cli.options import (
    ArticleOptions,
    EngineOptions,
    FormatOption,
    FullOption,
    LimitOption,
    OutputOption,
    open_store,
    with_shared_options,
)
from summarizer.cli.output import check_writable, choose_format, write_brief
from summarizer.cli.progress import show_spinner, show_status
from summarizer.errors import IncompleteBrief
from summarizer.render import FORMATS

if TYPE_CHECKING:
    from summarizer.article import Article
    from summarizer.brief import Brief
    from summarizer.client import Summarizer


@with_shared_options
def brief(
    sources: Annotated[
        list[str], typer.Argument(metavar="ARTICLE", help="A file, an address (https://…), or - for standard input.")
    ],
    *,
    format: FormatOption = None,  # noqa: A002  # the option's name
    output: OutputOption = None,
    limit: LimitOption = None,
    full: FullOption = False,
    article: ArticleOptions,
    max_seconds: Annotated[float | None, typer.Option(min=0.001, help="Stop after this many seconds.")] = None,
    engine: EngineOptions,
) -> None:
    """Show the positions in an article, who holds them, and the open questions.

    Exit codes: 0 done; 1 failed; 2 wrong usage; 3 done in part; 130 interrupted.
    """
    from summarizer.cli.sources import check_single, find_address, load_argument

    check_single(sources, "summarizer brief")
    chosen = choose_format(output, format, FORMATS, "terminal")
    with report_problems(debug=engine.debug):
        source = sources[0]
        if output:
            check_writable(output, source, engine.store)
        address = find_address(source)
        status = "Fetching …" if address and not engine.quiet else ""
        try:
            with open_store(engine.store if address else None) as pages, show_status(status):
                read = load_argument(source, article, fetcher=partial(engine.create_fetcher, pages))
        except KeyboardInterrupt:
            print_message("interrupted.")
            raise typer.Exit(ExitCode.INTERRUPTED) from None
        with engine.create_summarizer(model=engine.model, store=engine.store, max_seconds=max_seconds) as summarizer:
            brief, incomplete = _make_brief(summarizer, read, quiet=engine.quiet)
        write_brief(brief, chosen, output, read, limit=limit, full=full)
        if incomplete:
            print_message(f"done in part: {describe_error(incomplete)}")
            raise typer.Exit(ExitCode.PARTIAL)


def _make_brief(
    summarizer: "Summarizer", article: "Article", *, quiet: bool
) -> tuple["Brief", IncompleteBrief["Brief"] | None]:
    """Return the brief, and the error if it is incomplete. Ctrl-C ends the process."""
    try:
        with show_spinner(quiet=quiet) as on_event:
            return summarizer.summarize(article, on_event=on_event), None
    except IncompleteBrief as error:
        if not error.brief.coverage.chunks:  # no reply was read: an empty brief would say that there is no position
            raise
        return error.brief, error
    except KeyboardInterrupt:
        spent = summarizer.usage.total
        print_message(f"interrupted; {spent} tokens were spent." if spent else "interrupted.")
        sys.stderr.flush()
        os._exit(ExitCode.INTERRUPTED)  # a normal exit waits for the thread that reads a long article
