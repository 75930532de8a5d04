"""The command ``dossier``: who holds what in many articles; decisions on who is who."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

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
    from summarizer.dossier import Decision, Dossier, Verdict

    DossierFormatName = str
else:  # typer needs an enumeration
    DossierFormatName = StrEnum("DossierFormatName", {name: name for name in DOSSIER_FORMATS})

_MANY, _MOST = 10_000, 50_000
"""Statements from which on a page is slow in browsers, and the most that are written."""
_PAGE_BYTES = 1_200
"""Of a statement in a page, measured by benchmarks/dossier.py's briefs."""
PAIR_OPTIONS = ("--same", "--different", "--contrary", "--by", "--not-about", "--no-change", "--no-answer")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionOptions:
    """The options that decide who is who and which issues are one, or list the decisions."""

    same: Annotated[
        list[str] | None,
        typer.Option(metavar="A B", help="A and B are one: ids of issues, or of actors, a name, NAME@ARTICLE."),
    ] = None
    different: Annotated[
        list[str] | None, typer.Option(metavar="A B", help="A and B are two actors, or two issues.")
    ] = None
    contrary: Annotated[
        list[str] | None, typer.Option(metavar="A B", help="The issue B says the contrary of A: stances turn.")
    ] = None
    by: Annotated[
        list[str] | None,
        typer.Option(metavar="A B", help="The statement A (its number, or WORDS@ARTICLE) is the actor B’s."),
    ] = None
    not_about: Annotated[
        list[str] | None, typer.Option(metavar="A B", help="The statement A is not about the issue B.")
    ] = None
    no_change: Annotated[
        list[str] | None, typer.Option(metavar="A B", help="The actor A does not change position in the statement B.")
    ] = None
    no_answer: Annotated[
        list[str] | None, typer.Option(metavar="A B", help="The question A is not answered by the statement B.")
    ] = None
    decisions: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A YAML file with lists of the same and of different ones.")
    ] = None
    undo: Annotated[
        list[int] | None, typer.Option(metavar="N", help="Withdraw the decision with this number in the log.")
    ] = None
    log: Annotated[bool, typer.Option("--log", help="List the decisions instead.")] = False
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Link all actors and issues anew. Decisions of people stay.")
    ] = False

    def pairs(self) -> list[tuple[str, str, str]]:
        """Return the pairs of names, each after the name of its option.

        Raises:
            BadParameter: A name has no partner, or two options decide on one pair.
        """
        pairs, decided = [], dict[frozenset[str], str]()
        for option in PAIR_OPTIONS:
            name = option[2:].replace("-", "_")
            names = getattr(self, name) or ()
            if len(names) % 2:
                raise typer.BadParameter("it needs two names, as in --same A B", param_hint=option)
            for one, other in zip(names[::2], names[1::2], strict=True):
                if (earlier := decided.setdefault(frozenset((one, other)), option)) != option:
                    raise typer.BadParameter(f"{earlier} decides on {one} and {other}, too", param_hint=option)
                pairs.append((name, one, other))
        return pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewOptions:
    """The options that say in which form a dossier is shown, and where."""

    format: Annotated[
        DossierFormatName | None,
        typer.Option(
            "--format",
            "-f",
            help="Format of the dossier. Default: from the output's suffix (.html, .json, .md), else terminal.",
        ),
    ] = None
    output: OutputOption = None
    site: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write static pages: an index, each actor, each article, a search."),
    ] = None
    title: Annotated[str, typer.Option(help="The heading of pages.")] = "Dossier"
    full: Annotated[
        bool, typer.Option("--full", help="Show all actors, issues, changes and questions (terminal, Markdown).")
    ] = False
    open: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False

    def choose_format(self, *, is_log: bool) -> str:
        """Return the name of the format, and refuse options that contradict each other."""
        default = "html" if self.open else "terminal"
        form = choose_format(self.output, "json" if self.as_json else self.format, DOSSIER_FORMATS, default)
        if self.as_json and self.format not in (None, "json"):
            raise typer.BadParameter(f"it stands for --format json, not {self.format}", param_hint="--json")
        if self.open and form != "html" and not self.site:
            raise typer.BadParameter("only a page (html) or a site opens in the browser", param_hint="--open")
        if is_log and (self.site or form not in {"terminal", "json"}):
            raise typer.BadParameter("the log is text or JSON, not a page", param_hint="--log")
        if self.site and (self.output or self.as_json or self.format):
            raise typer.BadParameter("a site is a folder of pages; write other formats apart", param_hint="--site")
        return form


@with_shared_options
def dossier(
    paths: BriefsArgument,
    *,
    selection: DossierOptions,
    deciding: DecisionOptions,
    model: Annotated[
        str | None, typer.Option("--model", "-m", help="A model that decides on pairs that rules leave in doubt.")
    ] = None,
    embeddings: Annotated[
        str | None, typer.Option(metavar="MODEL", help="An embedding model that finds other wordings of one matter.")
    ] = None,
    view: ViewOptions,
    quiet: QuietOption = False,
    debug: DebugOption = False,
) -> None:
    """Show who holds what in many articles, since when, and what changed.

    Exit codes: 0 done; 1 failed; 2 wrong usage.
    """
    form, pairs = view.choose_format(is_log=deciding.log), deciding.pairs()
    if view.output:
        with report_problems(debug=debug):
            check_writable(view.output, *paths)
    is_changed = pairs or deciding.decisions or deciding.undo or deciding.rebuild
    if is_changed and all(path.exists() for path in paths) and list(map(is_database, paths)) != [True]:
        raise typer.BadParameter("decisions are kept in a store: name one alone", param_hint="STORE")
    with (
        report_problems(debug=debug),
        open_dossier(paths, selection, quiet=quiet, model=model, embedder=embeddings) as opened,
    ):
        is_decided = _decide(opened, deciding, pairs)
        if deciding.rebuild:
            with report_linking(quiet=quiet) as on_progress:
                opened.rebuild(on_progress=on_progress)
        if deciding.log:
            found = list(opened.decisions)
            in_json = (each.model_dump_json() for each in found)
            write_lines(in_json if form == "json" else _describe(opened, found), view.output)
            return
        if not is_decided:
            tell_if_empty(opened, selection)
        if view.site:
            _write_site(opened, view.site, view, quiet=quiet)
        elif view.output or view.open or form != "terminal":
            _write_dossier(opened, form, view)
        elif not is_decided:
            _print_dossier(opened, full=view.full)


def _decide(opened: "Dossier", options: DecisionOptions, pairs: list[tuple[str, str, str]]) -> bool:
    """Withdraw and make the decisions that the options name, report them, and return whether there are any."""
    from summarizer.dossier import MEANINGS

    for number in options.undo or ():
        print_message(f"withdrawn: {next(_describe(opened, [opened.undo(number)]))}")
    made = []
    for name, one, other in pairs:
        is_issue = name == "contrary" or {one, other} <= opened.issues.keys()
        kind, verdict = MEANINGS.get(name) or ("issue" if is_issue else "actor", cast("Verdict", name))
        made.append(opened.decide(one, other, verdict, kind=kind))
    made += opened.apply_decisions(options.decisions) if options.decisions else []
    for line in _describe(opened, made):
        print_message(f"decided: {line}")
    return bool(made or options.undo)


def _print_dossier(opened: "Dossier", *, full: bool) -> None:
    from rich.console import Console

    from summarizer.render import dossier_options, dossier_to_terminal, dossier_to_text

    options = dossier_options(full=full)
    if sys.stdout.isatty():
        console = Console(highlight=False)
        console.print(dossier_to_terminal(opened, options, console.width))
    else:
        print_text(dossier_to_text(opened, options))


def _write_dossier(opened: "Dossier", form: str, view: ViewOptions) -> None:
    from summarizer.render import render_dossier

    if form == "html" and (count := len(opened.statements)) > _MANY:
        size = f"{count:,} statements, about {count * _PAGE_BYTES / 1_000_000:,.0f} MB"
        others = "Select with --words, --since, --until or --source, write a --site, or use summarizer export."
        if count > _MOST:
            raise ConfigurationError(f"The page would be too large for browsers: {size}.", hint=others)
        print_message(f"the page is large: {size}; browsers open it slowly or not at all. {others}")
    output = create_temporary_page() if view.open and not view.output else view.output
    write_text(render_dossier(opened, form, title=view.title, full=view.full), output)
    if view.open and output:
        open_page(output)


def _write_site(opened: "Dossier", folder: Path, view: ViewOptions, *, quiet: bool) -> None:
    from summarizer.render import write_site

    try:
        with show_stages(quiet=quiet) as stages:
            count = write_site(opened, folder, title=view.title, on_page=stages.write)
    except OSError as error:
        raise ConfigurationError(f"The site cannot be written: {error}.", hint="Name another folder.") from error
    print_message(f"{count} pages in {folder}; open {folder / 'index.html'}.")
    if view.open:
        open_page(folder / "index.html")


def _describe(opened: "Dossier", decisions: "Sequence[Decision]") -> Iterator[str]:
    """Yield each decision in one line: number, kind, verdict, who made it, the two, the reason."""
    from summarizer.dossier import describe_decisions

    for each, (one, other) in zip(decisions, describe_decisions(opened.store.database, decisions), strict=True):
        undone = f" [withdrawn {each.undone[:10]}]" if each.undone else ""
        reason = f" {each.reason}" if each.reason else ""
        yield f"{each.id} {each.kind} {each.verdict}, by {each.made_by}: {one} and {other}.{reason}{undone}"
