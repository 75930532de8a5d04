"""The commands ``store …``: work on whole stores, such as those of the workers of a cluster."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.command import Command, Group
from summarizer.cli.messages import ExitCode, print_message, report_problems
from summarizer.cli.options import DebugOption, QuietOption
from summarizer.cli.progress import show_stages

if TYPE_CHECKING:
    from summarizer.store import Merged

app = typer.Typer(cls=Group, rich_markup_mode=None, no_args_is_help=True, help="Merge stores.")

_NAMES = {
    "articles": ("new article", "new articles"),
    "briefs": ("brief", "briefs"),
    "failures": ("failure", "failures"),
    "replies": ("reply", "replies"),
    "runs": ("run", "runs"),
    "pages": ("page", "pages"),
    "decisions": ("decision", "decisions"),
    "batches": ("batch under way", "batches under way"),
}
"""What a merge counts, in the singular and in the plural."""


@app.callback()
def store() -> None:
    """Merge stores."""  # with a single command, typer would leave out its name


@app.command(cls=Command)
def merge(
    stores: Annotated[list[Path], typer.Argument(metavar="STORE...", help="Stores, which stay unchanged.")],
    *,
    into: Annotated[Path, typer.Option(metavar="STORE", help="The store that takes all; it may exist already.")],
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Copy what stores have into one: articles, briefs, failures, replies, runs, pages, decisions, and batches.

    Of an article and an engine, the newest brief is kept. A merge can be repeated, and continued after Ctrl-C.

    Exit codes: 0 done; 1 failed; 2 wrong usage; 130 interrupted.
    """
    from summarizer.store import Store, check_sources

    with report_problems(debug=debug):
        check_sources(stores, into)  # before the other one is created
        with Store(into) as target:
            try:
                with show_stages(quiet=quiet) as stages:

                    def show(path: Path, done: int, total: int) -> None:
                        stages.text, stages.unit, stages.done, stages.total = f"merging {path}", "articles", done, total

                    merged = target.merge(stores, show)
            except KeyboardInterrupt:
                print_message("interrupted. What was merged is kept; the same command continues.")
                raise typer.Exit(ExitCode.INTERRUPTED) from None
            briefs = len(target)
        print_message(f"{into} has {briefs:,} {_NAMES['briefs'][briefs != 1]}; copied: {', '.join(_counts(merged))}.")
        if merged.batches:
            print_message(f"'summarizer batches collect --store {into}' collects the replies of batches under way.")
        if merged.in_progress:
            again = "Merge again when they are done."
            print_message(f"articles that another process works on in these stores: {merged.in_progress:,}. {again}")


def _counts(merged: "Merged") -> Iterator[str]:
    """Yield the number of each kind of rows that came in, or one word."""
    counts = [(getattr(merged, each), names) for each, names in _NAMES.items()]
    yield from (f"{count:,} {names[count != 1]}" for count, names in counts if count)
    if not any(count for count, _ in counts):
        yield "nothing"
