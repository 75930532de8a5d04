"""The command ``summarizer``: each module named after a command defines it; the others are shared."""

import json
import os
import sys
from enum import StrEnum
from typing import Annotated

import typer

from summarizer import __version__
from summarizer.cli import (
    batch,
    batch_api,
    brief,
    demo,
    doctor,
    dossier,
    estimate,
    evaluate,
    export,
    search,
    show,
    store,
)
from summarizer.cli.command import CONTEXT, Command, Group
from summarizer.cli.messages import ExitCode, install_encoding_fallbacks, print_message, report_problems
from summarizer.cli.options import QuietOption
from summarizer.cli.output import print_text

__all__ = ["app", "main"]

app = typer.Typer(
    cls=Group, rich_markup_mode=None, no_args_is_help=True, pretty_exceptions_enable=False, context_settings=CONTEXT
)


def _print_version(requested: bool) -> None:
    if requested:
        typer.echo(f"summarizer {__version__}")
        raise typer.Exit


@app.callback()
def summarizer(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Find the positions in an article, who holds each, and which questions stay open."""


for command in (
    brief.brief,
    batch.batch,
    estimate.estimate,
    evaluate.evaluate,
    show.show,
    search.search,
    export.export,
    doctor.doctor,
    demo.demo,
):
    app.command(cls=Command)(command)
app.command(cls=dossier.DossierCommand)(dossier.dossier)
app.add_typer(batch_api.app, name="batches")
app.add_typer(store.app, name="store")


class SchemaName(StrEnum):
    """The kinds of files that have a schema."""

    BRIEF = "brief"
    CODEBOOK = "codebook"
    GOLD = "gold"


@app.command(cls=Command)
def schema(
    name: Annotated[SchemaName, typer.Argument(metavar="KIND", help="brief, codebook or gold.")] = SchemaName.BRIEF,
    quiet: QuietOption = False,  # noqa: ARG001  # as in all commands; this one shows no progress
) -> None:
    """Print the JSON Schema of a brief, of a codebook, or of gold for evaluate."""
    from summarizer.brief import brief_schema
    from summarizer.codebook import codebook_schema
    from summarizer.evaluation import gold_schema

    with report_problems():
        schemas = {"brief": brief_schema, "codebook": codebook_schema, "gold": gold_schema}
        print_text(json.dumps(schemas[name](), indent=2, ensure_ascii=False) + "\n")


def main() -> None:
    """Run the command."""
    install_encoding_fallbacks()
    if "_SUMMARIZER_COMPLETE" in os.environ:
        os.environ.update(COLUMNS="1000")  # a shell takes each line for a candidate, so that none may be wrapped
    try:
        app(prog_name="summarizer")
    except OSError as error:
        if error.filename:  # with --debug
            raise
        print_message(f"standard output cannot be written: {error.strerror}.")
        sys.exit(ExitCode.FAILED)
