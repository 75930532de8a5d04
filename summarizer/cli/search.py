"""The command ``search``: find statements and articles in a store by their words."""

import json
import os
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from summarizer.cli.messages import print_message, report_problems
from summarizer.cli.options import DebugOption, FirstDateOption, LastDateOption, QuietOption, open_existing_store
from summarizer.cli.output import print_text

if TYPE_CHECKING:
    from rich.text import Text

    from summarizer.store import SearchResult, Store

_MAX_NEAR, _MAX_OUTLETS = 4, 10
MARKS = {"agrees": "+", "disagrees": "−", "mixed": "±"}


def search(
    store: Annotated[Path, typer.Argument(help="A store of briefs.")],
    words: Annotated[
        list[str] | None,
        typer.Argument(help="""Words that must occur; a "phrase"; the beginning of a word: bridg*. Or only options."""),
    ] = None,
    *,
    holder: Annotated[
        str | None, typer.Option(help="Words of the holder's name or role, or the id of an actor.")
    ] = None,
    issue: Annotated[str | None, typer.Option(help="Words of the issue, or its id.")] = None,
    stance: Annotated[
        Literal["agrees", "disagrees", "mixed", "neutral", "unclear"] | None, typer.Option(help="Stance on the issue.")
    ] = None,
    since: FirstDateOption = None,
    until: LastDateOption = None,
    source: Annotated[str | None, typer.Option(help="Name of the outlet, or a part of it.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="Maximum of statements, and of articles.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
    quiet: QuietOption = False,  # noqa: ARG001  # as in all commands; a search is quick and shows no progress
    debug: DebugOption = False,
) -> None:
    """Find statements with their quotations, and articles, by the words in them.

    Exit codes: 0 done; 1 failed; 2 wrong usage.
    """
    with report_problems(debug=debug):
        with open_existing_store(store) as opened:
            found = opened.search(
                " ".join(words or ()),
                holder=holder,
                issue=issue,
                stance=stance,
                since=since,
                until=until,
                source=source,
                limit=limit,
            )
            near = "" if found else _describe_near(opened, issue, source)
        if as_json:
            rows = [result.model_dump(mode="json") for result in found]
            print_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
        elif found:
            _print_results(found)
        else:
            print_message(f"nothing in {store} matches.{near}")


def _describe_near(store: "Store", issue: str | None, source: str | None) -> str:
    """Return which issues and outlets the store has, where a search for one finds nothing."""
    parts = []
    if issue:
        rows = store.database.query("SELECT proposition FROM dossier_issues ORDER BY rowid")
        known = [row["proposition"] for row in rows]
        near = get_close_matches(issue, known, n=_MAX_NEAR, cutoff=0.3) or known[:_MAX_NEAR]
        parts += [f"Issues are: {' '.join(near)}"] if near else []
    if source:
        rows = store.database.query("SELECT DISTINCT coalesce(site, source) AS outlet FROM articles ORDER BY 1")
        parts += [f"Outlets are: {', '.join(row['outlet'] for row in rows[:_MAX_OUTLETS] if row['outlet'])}."]
    return "".join(f" {part}" for part in parts)


def _print_results(found: "list[SearchResult]") -> None:
    from rich.console import Console

    console = Console(highlight=False, color_system=None if os.environ.get("NO_COLOR") else "auto")
    for number, result in enumerate(found):
        if number:
            console.print()
        for line in _lines(result):
            console.print(line, soft_wrap=True)


def _lines(result: "SearchResult") -> "Iterator[Text]":
    """Yield the lines of a result: what is said, the matches in the article, and where that is."""
    from rich.text import Text

    from summarizer._text import one_line

    if result.statement is not None:
        mark = MARKS.get(result.stance or "", "·") if result.issue else "·"
        yield (
            Text(f"{mark} ")
            .append(one_line(", ".join(result.holders)), "bold")
            .append(f": {one_line(result.statement)}")
        )
        if result.issue:
            yield Text(f"  {result.stance} · {one_line(result.issue)}", "cyan")
    else:
        yield Text(one_line(result.title or "An article without a title"), "bold")
    snippet = Text("  ").append(result.snippet)
    for start, end in result.matches:
        snippet.stylize("bold yellow", 2 + start, 2 + end)
    yield snippet
    title = result.title if result.statement is not None else None
    outlets = ", ".join(filter(None, [result.source, *result.also_in]))
    where = " · ".join(filter(None, [(result.date or "no date")[:10], outlets, title, f"article {result.article}"]))
    yield Text(f"  {one_line(where)}", "bright_black")
    if result.link:
        yield Text(f"  {one_line(result.link)}", "bright_black")
