"""The review of stored briefs in the terminal: ``summarizer evaluate --review``."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import typer

from summarizer._text import normalized_words, one_line
from summarizer.cli.messages import print_message
from summarizer.cli.output import write_text
from summarizer.errors import ConfigurationError

if TYPE_CHECKING:
    from summarizer.brief import Brief, Position
    from summarizer.evaluation import Correction, Review

VERDICTS: dict[str, Literal["right", "wrong", "skipped"]] = {"r": "right", "w": "wrong", "s": "skipped"}
KEYS = "r right   w wrong   s skip   edit: e statement, t stance, h holders   q quit"


def review_store(store: Path, folder: Path | None) -> None:
    """Ask for verdicts on the positions of stored briefs, and write gold of the articles that are done.

    Verdicts are kept beside the store, so that the next call goes on where this one stopped; if nothing can be written
    there, they are kept in the folder of gold.

    Args:
        store: The file of the store.
        folder: The folder of gold; by default beside the store. Files that exist stay as they are.
    """
    if not _is_terminal():
        hint = "Run it in one; or correct a brief, and make gold of it with --from."
        raise ConfigurationError("A review needs a terminal.", hint=hint)
    if not store.is_file():
        raise ConfigurationError(f"There is no store {store}.", hint="summarizer batch … --store FILE makes one.")
    from summarizer.evaluation import Review
    from summarizer.store import Store

    home = store.absolute().parent
    if not os.access(home, os.W_OK):
        if folder is None:
            hint = "Name a folder for verdicts and gold with --out."
            raise ConfigurationError(f"{home} is write-protected, and verdicts are kept beside the store.", hint=hint)
        folder.mkdir(parents=True, exist_ok=True)
        home = folder
    with Store(store) as opened:
        review = Review(opened.briefs(), home / f"{store.name}.verdicts.jsonl")
    try:
        _ask_all(review)
    except (KeyboardInterrupt, EOFError, typer.Abort):
        typer.echo()
    left = sum(1 for _ in review.pending())
    print_message(f"Positions left: {left}. The verdicts are in {review.path}.")
    _write_gold(review, folder or store.with_name(f"{store.name}.gold"))


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _ask_all(review: "Review") -> None:
    """Ask until no position is left or the reader quits."""
    from summarizer.evaluation import Correction

    pending = list(review.pending())
    for number, (brief, position) in enumerate(pending, 1):
        correction = Correction()
        while True:
            _show(brief, position, correction, f"{number} of {len(pending)}")
            key = typer.getchar().lower()
            if key in VERDICTS:
                review.add(brief, position, VERDICTS[key], correction)
                break
            if key in {"q", ""}:  # the input can end
                return
            if key in {"e", "t", "h"}:
                correction = correction.model_copy(update=_edit(key, brief, position, correction))


def _names(brief: "Brief", position: "Position") -> tuple[str, ...]:
    return tuple(holder.name or holder.role or holder.kind for holder in map(brief.holder, position.holders))


def _show(brief: "Brief", position: "Position", correction: "Correction", progress: str) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    issue = next((issue.proposition for issue in brief.issues if issue.id == position.issue), None)
    stance = f"{correction.stance or position.stance}: {issue}" if issue else "on no issue"
    holders = " and ".join(correction.holders or _names(brief, position))
    console.print(Text(f"\n{one_line(brief.article.title or brief.article.sha256[:12])} ({progress})", "bright_black"))
    console.print(Text(one_line(holders), "bold"))
    console.print(Text(f"  {one_line(correction.statement or position.statement)}"))
    console.print(Text(f"  {one_line(stance)}", "cyan"))
    for evidence in position.evidence:
        console.print(Text(f"  [{evidence.sentence}] {one_line(evidence.quote)}", "italic"))
    console.print(Text(KEYS, "bright_black"))


def _edit(key: str, brief: "Brief", position: "Position", correction: "Correction") -> dict[str, Any]:
    """Return the field that the reader changes."""
    if key == "e":
        return {"statement": _ask("Statement", correction.statement or position.statement)}
    if key == "h":
        now = "; ".join(correction.holders or _names(brief, position))
        names = [name.strip() for name in _ask("Holders, with semicolons between them", now).split(";")]
        return {"holders": tuple(filter(None, names)) or None}
    if not position.issue:
        typer.echo("The position is on no issue.")
        return {}
    from summarizer.brief import Stance

    stance = _ask(f"Stance ({', '.join(get_args(Stance))})", correction.stance or position.stance)
    if stance not in get_args(Stance):
        typer.echo(f"{one_line(stance)} is not a stance.")
        return {}
    return {"stance": stance}


def _ask(label: str, text: str) -> str:
    """Ask for a text; where the terminal can, the present one is there to be edited."""
    try:
        import readline
    except ImportError:  # Windows
        return one_line(typer.prompt(label, default=text))
    readline.set_startup_hook(lambda: readline.insert_text(text))
    try:
        return one_line(input(f"{label}: ")) or text
    finally:
        readline.set_startup_hook(None)


def _write_gold(review: "Review", folder: Path) -> None:
    written = 0
    for brief in filter(review.is_complete, review.briefs):
        words = "-".join(normalized_words(brief.article.title or "article")[:6])
        path = folder / f"{words}-{brief.article.sha256[:8]}.yaml"
        if path.exists():
            continue
        try:
            gold = review.make_gold(brief, folder)
            folder.mkdir(parents=True, exist_ok=True)
            write_text(gold.to_yaml(), path)
        except (ConfigurationError, OSError) as error:
            print_message(f"{path.name} is not written: {error}")
        else:
            written += 1
    if written:
        print_message(f"New gold files in {folder}: {written}. Add what the briefs missed.")
