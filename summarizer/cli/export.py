"""The command ``export``: write a dossier for other programs."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, Literal

import typer

from summarizer.cli.messages import describe_error, print_message, report_problems
from summarizer.cli.options import (
    BriefsArgument,
    DebugOption,
    DossierOptions,
    QuietOption,
    open_dossier,
    standard_output_as_none,
    tell_if_empty,
    with_shared_options,
)
from summarizer.cli.output import check_writable, choose_format
from summarizer.errors import ConfigurationError
from summarizer.export import EXPORT_FORMATS, NetworkOptions, export_dossier, export_format_for

if TYPE_CHECKING:
    _FormatName = str
else:  # typer needs an enumeration
    _FormatName = StrEnum("ExportFormatName", {name: name for name in EXPORT_FORMATS})


@with_shared_options
def export(
    paths: BriefsArgument,
    *,
    format: Annotated[  # noqa: A002  # the option's name
        _FormatName | None, typer.Option("--format", "-f", help="The format. Default: from the ending of the output.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            callback=standard_output_as_none,
            help="The file, or the folder for markdown. Default, and -: standard output.",
        ),
    ] = None,
    selection: DossierOptions,
    holder: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only statements of this actor: an id or words of the name."),
    ] = None,
    issue: Annotated[
        list[str] | None, typer.Option(metavar="WORDS", help="Only statements on this issue: an id or words of it.")
    ] = None,
    network: Annotated[
        Literal["one-mode", "two-mode"] | None,
        typer.Option(help="Networks: actors with actors (one-mode, the default), or with issues."),
    ] = None,
    tie: Annotated[
        Literal["congruence", "conflict", "subtract"] | None,
        typer.Option(help="One-mode networks: what ties two actors. Default: congruence."),
    ] = None,
    normalise: Annotated[
        Literal["none", "average", "jaccard", "cosine"] | None,
        typer.Option(help="One-mode networks: the divisor of ties. Default: none."),
    ] = None,
    organisations: Annotated[
        bool, typer.Option("--organisations", help="Networks: a person counts as the body that he or she spoke for.")
    ] = False,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Export a dossier for spreadsheets, network tools, Discourse Network Analyzer or Obsidian.

    Exit codes: 0 done; 1 failed; 2 wrong usage.
    """
    given = {"mode": network, "tie": tie, "normalise": normalise, "organisations": organisations}
    options: dict[str, Any] = {key: value for key, value in given.items() if value}
    try:
        ties = NetworkOptions(**options) if options else None
        name = export_format_for(output, format)
    except ConfigurationError as error:
        raise typer.BadParameter(describe_error(error), param_hint="--output" if output else "--format") from error
    if ties and not EXPORT_FORMATS[name].is_network:
        raise typer.BadParameter(f"the format {name} has no options for networks", param_hint="--format")
    choose_format(output, name, EXPORT_FORMATS, name)
    if output is None and EXPORT_FORMATS[name].write_folder:
        raise typer.BadParameter(f"{name} is a folder of notes: name one", param_hint="--output")
    if output is None and EXPORT_FORMATS[name].is_binary and sys.stdout.isatty():
        raise typer.BadParameter(f"{name} is binary: name a file", param_hint="--output")
    with report_problems(debug=debug):
        if output and EXPORT_FORMATS[name].write_folder is None:
            check_writable(output, *paths)
        with open_dossier(paths, selection, quiet=quiet) as dossier:
            tell_if_empty(dossier, selection)
            target: Path | BinaryIO = output or sys.stdout.buffer
            result = export_dossier(dossier, target, name, holders=holder or (), issues=issue or (), network=ties)
        for note in result.notes:
            print_message(note)
