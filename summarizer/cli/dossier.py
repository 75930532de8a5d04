"""The command ``dossier``: who holds what in many articles; decisions on who is who."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from summarizer.cli.command import Command
from summarizer.cli.messages import print_message, report_problems
from summarizer.cli.options import (
    BriefsArgument,
    DebugOption,
    DossierOptions,
    OutputOption,
    QuietOption,
    is_database,
    open_dossier,
    report_linking,
    tell_if_empty,
    with_shared_options,
)
from summarizer.cli.output import (
    check_writable,
    choose_format,
    create_temporary_page,
    open_page,
    print_text,
    write_lines,
    write_text,
)
from summarizer.cli.progress import show_stages
from summarizer.errors import ConfigurationError
from summarizer.render import DOSSIER_FORMATS

if TYPE_CHECKING:
    from summarizer.dossier import Decision, DecisionKind, Dossier, Verdict

    DossierFormatName = str
else:  # typer needs an enumeration
    DossierFormatName = StrEnum("DossierFormatName", {name: name for name in DOSSIER_FORMATS})

_MANY, _MOST = 10_000, 50_000
"""Statements from which on a page is slow in browsers, and the most that are written."""
_PAGE_BYTES = 1_200
"""Of a statement in a page, measured by benchmarks/dossier.py's briefs."""
PAIR_OPTIONS = ("--same", "--different", "--contrary")


class DossierCommand(Command):
    """A command whose options ``--same A B`` and ``--different A B`` can be repeated, which typer does not support."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse arguments, with the option before both names of a pair."""
        expanded: list[str] = []
        place = 0
        while place < len(args):
            if args[place] in PAIR_OPTIONS:
                option, pair = args[place], args[place + 1 : place + 3]
                if len(pair) < 2:
                    raise typer.BadParameter("it needs two names, as in --same A B", ctx=ctx, param_hint=option)
                expanded += [f"{option}={name}" for name in pair]
                place += 3
            else:
                expanded.append(args[place])
                place += 1
        return super().parse_args(ctx, expanded)


@with_shared_options
def dossier(
    paths: BriefsArgument,
    *,
    selection: DossierOptions,
    same: Annotated[
        list[str] | None,
        typer.Option(metavar="A B", help="A and B are one: ids of issues, or of actors, a name, NAME@ARTICLE."),
    ] = None,
    different: Annotated[
        list[str] | None, typer.Option(metavar="A B", help="A and B are two actors, or two issues.")
    ] = None,
    contrary: Annotated[
        list[str] | None, typer.Option(metavar="A B", help="The issue B says the contrary of A: stances turn.")
    ] = None,
    decisions: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A YAML file with lists of the same and of different ones.")
    ] = None,
    undo: Annotated[
        list[int] | None, typer.Option(metavar="N", help="Withdraw the decision with this number in the log.")
    ] = None,
    log: Annotated[bool, typer.Option("--log", help="List the decisions instead.")] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Link all actors and issues anew. Decisions of people stay.")
    ] = False,
    model: Annotated[
        str | None, typer.Option("--model", "-m", help="A model that decides on pairs that rules leave in doubt.")
    ] = None,
    embeddings: Annotated[
        str | None, typer.Option(metavar="MODEL", help="An embedding model that finds other wordings of one matter.")
    ] = None,
    format: Annotated[  # noqa: A002  # the name of the option
        DossierFormatName | None,
        typer.Option(
            "--format",
            "-f",
            help="Format of the dossier. Default: from the output's suffix (.html, .json, .md), else terminal.",
        ),
    ] = None,
    output: OutputOption = None,
    site: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write static pages: an index, each actor, each article, a search."),
    ] = None,
    title: Annotated[str, typer.Option(help="The heading of pages.")] = "Dossier",
    full: Annotated[
        bool, typer.Option("--full", help="Show all actors, issues, changes and questions (terminal, Markdown).")
    ] = False,
    open: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,  # noqa: A002
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Show who holds what in many articles, since when, and what changed.

    Exit codes: 0 done; 1 failed; 2 wrong usage.
    """
    default = "html" if open else "terminal"
    chosen = choose_format(output, "json" if as_json else format, DOSSIER_FORMATS, default)
    refused = {
        "--json": as_json and format not in (None, "json") and f"it stands for --format json, not {format}",
        "--open": open and chosen != "html" and not site and "only a page (html) or a site opens in the browser",
        "--log": log and (site or chosen not in {"terminal", "json"}) and "the log is text or JSON, not a page",
        "--site": site and (output or as_json or format) and "a site is a folder of pages; write other formats apart",
    }
    for option, reason in refused.items():
        if reason:
            raise typer.BadParameter(str(reason), param_hint=option)
    _check_pairs({"--same": same, "--different": different, "--contrary": contrary})
    if output:
        with report_problems(debug=debug):
            check_writable(output, *paths)
    is_changed = bool(same or different or contrary or decisions or undo or rebuild)
    if is_changed and all(path.exists() for path in paths) and [is_database(path) for path in paths] != [True]:
        raise typer.BadParameter("decisions are kept in a store: name one alone", param_hint="STORE")
    with (
        report_problems(debug=debug),
        open_dossier(paths, selection, quiet=quiet, model=model, embedder=embeddings) as opened,
    ):
        pairs = [*_pairs(same, "same"), *_pairs(different, "different"), *_pairs(contrary, "contrary")]
        for number in undo or ():
            print_message(f"withdrawn: {next(_describe(opened, [opened.undo(number)]))}")
        made = [
            opened.decide(one, other, verdict, kind=_kind(opened, one, other, verdict)) for one, other, verdict in pairs
        ]
        made += opened.apply_decisions(decisions) if decisions else []
        for line in _describe(opened, made):
            print_message(f"decided: {line}")
        if rebuild:
            with report_linking(quiet=quiet) as on_progress:
                opened.rebuild(on_progress=on_progress)
        if not (log or made or undo):
            tell_if_empty(opened, selection)
        if log:
            found = list(opened.decisions)
            in_json = (each.model_dump_json() for each in found)
            write_lines(in_json if chosen == "json" else _describe(opened, found), output)
        elif site:
            _write_site(opened, site, title, opens=open, quiet=quiet)
        elif output or open or chosen != "terminal":
            _write_dossier(opened, chosen, output, title, full=full, opens=open)
        elif not (made or undo):
            _print_dossier(opened, full=full)


def _check_pairs(options: Mapping[str, Sequence[str] | None]) -> None:
    decided: dict[frozenset[str], str] = {}
    for option, names in options.items():
        if len(names := names or ()) % 2:
            raise typer.BadParameter("it needs two names, as in --same A B", param_hint=option)
        for pair in zip(names[::2], names[1::2], strict=True):
            if (other := decided.setdefault(frozenset(pair), option)) != option:
                raise typer.BadParameter(f"{other} decides on {' and '.join(pair)}, too", param_hint=option)


def _kind(opened: "Dossier", one: str, other: str, verdict: "Verdict") -> "DecisionKind":
    return "issue" if verdict == "contrary" or {one, other} <= opened.issues.keys() else "actor"


def _pairs(names: Sequence[str] | None, verdict: "Verdict") -> Iterator[tuple[str, str, "Verdict"]]:
    names = names or ()
    yield from ((one, other, verdict) for one, other in zip(names[::2], names[1::2], strict=True))


def _print_dossier(opened: "Dossier", *, full: bool) -> None:
    from rich.console import Console

    from summarizer.render import dossier_options, dossier_to_terminal, dossier_to_text

    options = dossier_options(full=full)
    if sys.stdout.isatty():
        Console(highlight=False).print(dossier_to_terminal(opened, options))
    else:
        print_text(dossier_to_text(opened, options))


def _write_dossier(opened: "Dossier", form: str, output: Path | None, title: str, *, full: bool, opens: bool) -> None:
    from summarizer.render import render_dossier

    if form == "html" and (count := len(opened.statements)) > _MANY:
        size = f"{count:,} statements, about {count * _PAGE_BYTES / 1_000_000:,.0f} MB"
        others = "Select with --words, --since, --until or --source, write a --site, or use summarizer export."
        if count > _MOST:
            raise ConfigurationError(f"The page would be too large for browsers: {size}.", hint=others)
        print_message(f"the page is large: {size}; browsers open it slowly or not at all. {others}")
    if opens and not output:
        output = create_temporary_page()
    write_text(render_dossier(opened, form, title=title, full=full), output)
    if opens and output:
        open_page(output)


def _write_site(opened: "Dossier", folder: Path, title: str, *, opens: bool, quiet: bool) -> None:
    from summarizer.render import write_site

    try:
        with show_stages(quiet=quiet) as stages:
            count = write_site(opened, folder, title=title, on_page=stages.write)
    except OSError as error:
        raise ConfigurationError(f"The site cannot be written: {error}.", hint="Name another folder.") from error
    print_message(f"{count} pages in {folder}; open {folder / 'index.html'}.")
    if opens:
        open_page(folder / "index.html")


def _describe(opened: "Dossier", decisions: "Sequence[Decision]") -> Iterator[str]:
    """Yield each decision in one line: number, kind, verdict, who made it, the two, the reason."""
    from summarizer.dossier import describe_decisions

    for each, (one, other) in zip(decisions, describe_decisions(opened.store.database, decisions), strict=True):
        undone = f" [withdrawn {each.undone[:10]}]" if each.undone else ""
        reason = f" {each.reason}" if each.reason else ""
        yield f"{each.id} {each.kind} {each.verdict}, by {each.made_by}: {one} and {other}.{reason}{undone}"
