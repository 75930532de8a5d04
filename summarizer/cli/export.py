"""The command ``export``: write a dossier for other programs."""

import json
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, Literal

import typer

from summarizer.cli.messages import ExitCode, print_message, report_problems
from summarizer.cli.options import DebugOption
from summarizer.cli.progress import show_stages
from summarizer.errors import BriefError, ConfigurationError, copy_error
from summarizer.export import EXPORT_FORMATS, NetworkOptions, export_dossier, export_format_for

if TYPE_CHECKING:
    from summarizer.brief import Brief
    from summarizer.dossier import Dossier, OnProgress

    _FormatName = str
else:  # typer needs an enumeration
    _FormatName = StrEnum("ExportFormatName", {name: name for name in EXPORT_FORMATS})


def export(
    sources: Annotated[
        list[Path], typer.Argument(metavar="STORE|BRIEFS...", help="A store, or briefs as JSON or JSON Lines.")
    ],
    *,
    format: Annotated[  # noqa: A002  # the option's name
        _FormatName | None,
        typer.Option("--format", "-f", help="The format. Default: from the ending of the output."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The file, or the folder for markdown. Default: standard output."),
    ] = None,
    words: Annotated[str | None, typer.Option(help="Only articles with these words.")] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Only articles of this date or later: 2026-11-01, 2026-11 or 2026."),
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Only articles up to this date.")] = None,
    source: Annotated[list[str] | None, typer.Option(metavar="OUTLET", help="Only articles of this outlet.")] = None,
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
    debug: DebugOption = False,
) -> None:
    """Export a dossier for spreadsheets, network tools, Discourse Network Analyzer or Obsidian.

    Exit codes: 0 done; 1 failed; 2 wrong usage.
    """
    with report_problems(debug=debug):
        name = export_format_for(output, format)
    if output is None and EXPORT_FORMATS[name].write_folder:
        raise typer.BadParameter(f"{name} is a folder of notes: name one", param_hint="--output")
    if output is None and EXPORT_FORMATS[name].is_binary and sys.stdout.isatty():
        raise typer.BadParameter(f"{name} is no text: name a file", param_hint="--output")
    if output and output.exists() and any(path.exists() and output.samefile(path) for path in sources):
        raise typer.BadParameter("it would replace what is exported: name another file", param_hint="--output")
    with report_problems(debug=debug):
        given = {"mode": network, "tie": tie, "normalise": normalise, "organisations": organisations}
        options: dict[str, Any] = {key: value for key, value in given.items() if value}
        with open_dossier(sources, words=words, since=since, until=until, outlets=source or ()) as dossier:
            target: Path | BinaryIO = output or sys.stdout.buffer
            result = export_dossier(
                dossier,
                target,
                name,
                holders=holder or (),
                issues=issue or (),
                network=NetworkOptions(**options) if options else None,
            )
        for note in result.notes:
            print_message(note)


_MANY = 500
"""New articles that take several seconds."""


@contextmanager
def open_dossier(
    sources: Sequence[Path],
    *,
    words: str | None = None,
    since: str | None = None,
    until: str | None = None,
    outlets: Collection[str] = (),
    model: str | None = None,
    **options: Any,
) -> Iterator["Dossier"]:
    """Open the dossier of a store, or of files with briefs. A model decides on doubtful pairs.

    ``options`` are others of `Dossier.from_store`.
    """
    from summarizer.dossier import Dossier
    from summarizer.store import Store

    query: dict[str, Any] = {"words": words, "since": since, "until": until, "sources": outlets, "model": model}
    query |= options
    is_store = [is_store_file(path) for path in sources]
    if is_store == [True]:
        with Store(sources[0]) as store:
            if (new := store.count_new_articles()) >= _MANY:
                print_message(f"linking {new:,} new articles; the next opening is quick.")
            with report_linking() as on_progress:
                dossier = Dossier.from_store(store, **query, on_progress=on_progress)
            if dossier.unreadable:
                shown = f"summarizer show {sources[0]} lists them"
                print_message(f"briefs that cannot be read and are left out: {dossier.unreadable}; {shown}.")
            yield dossier
        return
    if any(is_store):
        raise ConfigurationError("A dossier has one store, or briefs from files.", hint="Name one store alone.")
    with show_stages() as stages:
        dossier = Dossier((brief for path in sources for brief in _read_briefs(path)), on_progress=stages.link)
        if any(query.values()):
            dossier = Dossier.from_store(dossier.store, **query, on_progress=stages.link)
    yield dossier


@contextmanager
def report_linking() -> Iterator["OnProgress"]:
    """Show how the linking of a store proceeds, and yield the callback for it. Ctrl-C ends the command."""
    try:
        with show_stages() as stages:
            yield stages.link
    except KeyboardInterrupt:
        print_message("interrupted. What was linked is kept, and the next opening continues.")
        raise typer.Exit(ExitCode.INTERRUPTED) from None


def is_store_file(path: Path) -> bool:
    """Return whether a file is a store, or any other database of SQLite."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"


def _read_briefs(path: Path) -> Iterator["Brief"]:
    """Yield the briefs in a JSON file, on the lines of JSON Lines, or in the JSON files of a folder."""
    from summarizer.brief import Brief

    if path.is_dir():
        for file in sorted(path.rglob("*.json")):
            yield from _read_briefs(file)
        return
    for text in _json_objects(path):
        try:
            fields = json.loads(text)
        except ValueError as error:
            problem = f"is no JSON: {error}" if text.strip() else "is empty"
            raise BriefError(f"{path} {problem}.", hint="Name a store, or briefs as JSON.") from error
        is_outcome = isinstance(fields, dict) and "brief" in fields  # of a batch; failed ones have no brief
        try:
            if not is_outcome or fields["brief"]:
                yield Brief.from_json(json.dumps(fields["brief"]) if is_outcome else text)
        except BriefError as error:
            raise copy_error(error, where=str(path)) from error


def _json_objects(path: Path) -> Iterator[str]:
    """Yield a whole file, or its lines if the first one is an object by itself."""
    with path.open(encoding="utf-8-sig") as file:
        first = file.readline()
        try:
            json.loads(first)
        except ValueError:
            yield first + file.read()
            return
        yield first
        yield from (line for line in file if line.strip())
