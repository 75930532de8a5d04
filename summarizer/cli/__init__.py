"""The command ``summarizer``: each of its commands is a file here, as are what they read, say and write."""

import json
from typing import Annotated

import typer

from summarizer import __version__
from summarizer.cli import batch, brief, doctor, estimate, show
from summarizer.cli.lookalikes import use_lookalikes
from summarizer.cli.messages import failures_told
from summarizer.cli.output import print_text

app = typer.Typer(
    help="Who takes which position in an article, and what stays open.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


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


for command in (brief.brief, batch.batch, estimate.estimate, show.show, doctor.doctor):
    app.command()(command)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a brief."""
    from summarizer.brief import brief_schema

    with failures_told(debug=False):
        print_text(json.dumps(brief_schema(), indent=2, ensure_ascii=False) + "\n")


def main() -> None:
    """Run the command."""
    use_lookalikes()
    app(prog_name="summarizer")
