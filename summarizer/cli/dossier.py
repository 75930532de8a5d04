"""The command ``dossier``: who holds what in many articles; decisions on who is who."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from summarizer.cli.export import is_store_file, open_dossier
from summarizer.cli.messages import print_message, report_problems
from summarizer.cli.options import Command, DebugOption
from summarizer.cli.output import print_text

if TYPE_CHECKING:
    from summarizer.dossier import Decision, Dossier, Verdict

PAIR_OPTIONS = ("--same", "--different")


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
                    raise typer.BadParameter("it needs two names, as in --same A B", param_hint=option)
                expanded += [f"{option}={name}" for name in pair]
                place += 3
            else:
                expanded.append(args[place])
                place += 1
        return super().parse_args(ctx, expanded)


def dossier(
    sources: Annotated[
        list[Path], typer.Argument(metavar="STORE|BRIEFS...", help="A store, or briefs as JSON or JSON Lines.")
    ],
    *,
    words: Annotated[str | None, typer.Option(help="Only articles with these words.")] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Only articles of this date or later: 2026-11-01, 2026-11 or 2026."),
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Only articles up to this date.")] = None,
    source: Annotated[list[str] | None, typer.Option(metavar="OUTLET", help="Only articles of this outlet.")] = None,
    same: Annotated[
        list[str] | None,
        typer.Option(metavar="A B", help="A and B are one actor: an id, a name, or NAME@ARTICLE for one holder."),
    ] = None,
    different: Annotated[list[str] | None, typer.Option(metavar="A B", help="A and B are two actors.")] = None,
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
    codebook: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Given issues; those of the briefs are matched to them.")
    ] = None,
    embeddings: Annotated[
        str | None, typer.Option(metavar="MODEL", help="An embedding model that finds other wordings of one matter.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    debug: DebugOption = False,
) -> None:
    """Show who holds what in many articles, since when, and what changed.

    Exit codes: 0 done; 1 failed; 2 wrong usage.
    """
    is_changed = bool(same or different or decisions or undo or rebuild)
    if is_changed and all(path.exists() for path in sources) and [is_store_file(path) for path in sources] != [True]:
        raise typer.BadParameter("decisions are kept in a store: name one alone", param_hint="STORE")
    query: dict[str, Any] = {"words": words, "since": since, "until": until, "outlets": source or (), "model": model}
    with (
        report_problems(debug=debug),
        open_dossier(sources, **query, codebook=codebook, embedder=embeddings) as opened,
    ):
        pairs = [*_pairs(same, "same"), *_pairs(different, "different")]
        for number in undo or ():
            print_message(f"withdrawn: {describe_decision(opened, opened.undo(number))}")
        made = [opened.decide(one, other, verdict) for one, other, verdict in pairs]
        made += opened.apply_decisions(decisions) if decisions else []
        for each in made:
            print_message(f"decided: {describe_decision(opened, each)}")
        if rebuild:
            opened.rebuild()
        if log:
            _print_log(opened, as_json=as_json)
        elif as_json:
            print_text(json.dumps(dossier_to_json(opened), ensure_ascii=False, indent=2) + "\n")
        elif not (made or undo):
            _print_dossier(opened)


def _pairs(names: Sequence[str] | None, verdict: "Verdict") -> Iterator[tuple[str, str, "Verdict"]]:
    names = names or ()
    yield from ((one, other, verdict) for one, other in zip(names[::2], names[1::2], strict=True))


def _print_dossier(opened: "Dossier") -> None:
    from rich.console import Console

    from summarizer.render import dossier_to_terminal, dossier_to_text

    if sys.stdout.isatty():
        Console(highlight=False).print(dossier_to_terminal(opened))
    else:
        print_text(dossier_to_text(opened))


def dossier_to_json(opened: "Dossier") -> dict[str, Any]:
    """Return a dossier as JSON values: actors, issues, statements with their words, changes, open questions."""
    details = opened.details(each.position for each in opened.statements)
    return {
        "actors": [actor.model_dump(mode="json") for actor in opened.actors.values()],
        "issues": [issue.model_dump(mode="json") for issue in opened.issues.values()],
        "statements": [
            {"actor": each.actor, "issue": each.issue, "stance": each.stance, "reported_by": each.reported_by}
            | details[each.position].model_dump(mode="json")
            for each in opened.statements
        ],
        "changes": [change.model_dump(mode="json") for change in opened.changes],
        "contradictions": [each.model_dump(mode="json") for each in opened.contradictions],
        "questions": [question.model_dump(mode="json") for question in opened.questions],
    }


def _print_log(opened: "Dossier", *, as_json: bool) -> None:
    decisions = list(opened.decisions)
    if as_json:
        lines: Iterator[str] = (each.model_dump_json() for each in decisions)
    else:
        lines = describe_log(opened, decisions)
    print_text("".join(f"{line}\n" for line in lines))


def describe_decision(opened: "Dossier", decision: "Decision") -> str:
    """Return a decision in one line."""
    return next(describe_log(opened, [decision]))


def describe_log(opened: "Dossier", decisions: "Sequence[Decision]") -> Iterator[str]:
    """Yield each decision in one line: number, kind, verdict, who made it, the two, the reason."""
    from summarizer.dossier import describe_decisions

    for each, (one, other) in zip(decisions, describe_decisions(opened.store.database, decisions), strict=True):
        undone = f" [withdrawn {each.undone[:10]}]" if each.undone else ""
        reason = f" {each.reason}" if each.reason else ""
        yield f"{each.id} {each.kind} {each.verdict}, by {each.made_by}: {one} and {other}.{reason}{undone}"
