"""The terminal view of a dossier, in colour or as plain text, Markdown, and JSON."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.style import Style
from rich.table import Table
from rich.text import Text

from summarizer.brief import Record
from summarizer.dossier import Dossier
from summarizer.render.dossier_view import (
    SHORT_DOSSIER,
    ChangeView,
    ContradictionView,
    DossierOptions,
    DossierQuestionView,
    DossierView,
    MatrixCell,
    Source,
    build_dossier_view,
)
from summarizer.render.markdown import render_markdown
from summarizer.render.terminal import COLOURS, COLUMNS, Trimmed, absolute_link, indent, with_sign
from summarizer.render.view_model import NO_STANCE, SIGNS

_HEADING = "bold cyan"
_MINOR = "bright_black"
_ACTOR_COLUMNS, _MIN_ACTOR_COLUMNS = 46, 30
_TEXT_COLUMNS = 120
"""The width of text in wider terminals: longer lines are hard to read."""
_CELL_COLUMNS = 5  # "−→+" and what separates it from the next
LEGEND = ", ".join(
    [*(f"{sign} {stance}" for stance, sign in SIGNS.items() if stance != "unclear"), "→ changed", "/ both"]
)
"""The signs of the matrix in words."""


def dossier_to_terminal(
    dossier: Dossier, options: DossierOptions = SHORT_DOSSIER, columns: int = COLUMNS
) -> RenderableType:
    """Render a dossier for a rich console; its texts are not console markup. A wide one shows more issues."""
    if options.issues:
        options = replace(options, issues=options.issues + max(0, columns - COLUMNS) // _CELL_COLUMNS)
    view = build_dossier_view(dossier, options)
    parts: list[RenderableType] = [Text(f"Dossier: {view.heading}", style="bold"), Text(view.counts, style=_MINOR)]
    parts += [Text(note, style="yellow") for note in view.notes]
    if not view.rows:
        return Trimmed(Group(*parts, Text("\nNo position was found.")))
    parts += _matrix(view, columns)
    parts.append(Text("\nChanges of position", style=_HEADING))
    parts += [part for change in view.changes for part in _change(change)] or [Text("None was found.")]
    if view.contradictions:
        parts.append(Text("\nPossible contradictions", style=_HEADING))
        parts += [part for each in view.contradictions for part in _contradiction(each)]
    if view.questions:
        parts.append(Text("\nOpen questions", style=_HEADING))
        parts += [part for question in view.questions for part in _question(question)]
    return Group(*(part if isinstance(part, Trimmed) else Trimmed(part, _TEXT_COLUMNS) for part in parts))


def dossier_to_text(dossier: Dossier, options: DossierOptions = SHORT_DOSSIER) -> str:
    """Render the terminal view of a dossier as plain text, without colour."""
    file = StringIO()
    console = Console(file=file, width=COLUMNS, color_system=None, force_terminal=False, highlight=False)
    console.print(dossier_to_terminal(dossier, options))
    return file.getvalue()


def dossier_to_markdown(dossier: Dossier, options: DossierOptions = SHORT_DOSSIER) -> str:
    """Render a dossier as CommonMark; markup in its texts is escaped."""
    view = build_dossier_view(dossier, options)
    return render_markdown("dossier.md.j2", view=view, signs=SIGNS, legend=f"{LEGEND}, {NO_STANCE} no stance")


def dossier_to_json(dossier: Dossier) -> str:
    """Return a dossier as JSON: actors, issues, statements with their words, changes, open questions."""
    details = dossier.details(each.position for each in dossier.statements)
    statements = [
        {"actor": each.actor, "issue": each.issue, "stance": each.stance, "reported_by": each.reported_by}
        | details[each.position].model_dump(mode="json")
        for each in dossier.statements
    ]
    values: dict[str, Iterable[Record]] = {
        "actors": dossier.actors.values(),
        "issues": dossier.issues.values(),
        "changes": dossier.changes,
        "contradictions": dossier.contradictions,
        "questions": dossier.questions,
    }
    dumped = {name: [each.model_dump(mode="json") for each in records] for name, records in values.items()}
    return json.dumps(dumped | {"statements": statements}, ensure_ascii=False, indent=2) + "\n"


def _matrix(view: DossierView, columns: int) -> Iterator[RenderableType]:
    if view.issues:
        yield Text("\nIssues", style=_HEADING)
    for issue in view.issues:
        text = Text(issue.proposition)
        yield with_sign(issue.key, "bold", text.append(f" · {issue.counts}", style=_MINOR))
    yield Text("\nActors", style=_HEADING)
    size = max(1, (columns - min(_MIN_ACTOR_COLUMNS, columns // 3) - 2) // _CELL_COLUMNS)
    for start in range(0, max(1, len(view.issues)), size):  # issues that do not fit follow in another table
        if start:
            yield Text()
        yield Trimmed(_table(view, slice(start, start + size)), columns)
    yield Text(f"{LEGEND}, {NO_STANCE} no stance", style=_MINOR)
    if view.omitted:
        yield Text(view.omitted, style="yellow")


def _table(view: DossierView, part: slice) -> Table:
    """Show some issues as columns: the first ones with all actors, others with those who speak on them."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(max_width=_ACTOR_COLUMNS, overflow="fold")
    for _ in view.issues[part]:
        table.add_column(justify="center", no_wrap=True)
    table.add_row("", *(Text(issue.key, style="bold") for issue in view.issues[part]))
    for row in view.rows:
        if not part.start or any(cell.statements for cell in row.cells[part]):
            name = Text(row.name, style="bold").append(f", {row.about}" if row.about else "", style="not bold")
            table.add_row(name, *map(_cell, row.cells[part]))
    return table


def _cell(cell: MatrixCell) -> Text:
    """Show the last stance, after the one before it if that differs."""
    text = Text(cell.sign, style=COLOURS[cell.stance] if cell.stance else _MINOR)
    if len(cell.stances) > 1:
        before = cell.stances[-2]
        text = Text(SIGNS[before], style=COLOURS[before]).append(cell.turn, style=_MINOR).append_text(text)
    return text


def _change(change: ChangeView) -> Iterator[RenderableType]:
    text = Text(change.actor, style="bold").append(f": {change.from_stance} → {change.to_stance}", style="not bold")
    yield from _entry("↻", text, change.kind, change.proposition, dict.fromkeys((change.before, change.after)))


def _contradiction(found: ContradictionView) -> Iterator[RenderableType]:
    text = Text(" / ".join(dict.fromkeys(name for name, _, _ in found.sides)), style="bold")
    yield from _entry("≠", text, found.kind, found.proposition, [source for *_, source in found.sides])


def _question(question: DossierQuestionView) -> Iterator[RenderableType]:
    yield from _entry("?", Text(question.question, style="bold"), question.source.label)
    for answer in question.answers:
        yield indent(Text(f"Perhaps answered by {answer.actor}: {answer.statement}"), 2)
        yield indent(_source(answer.source), 4)


def _entry(
    sign: str, text: Text, about: str, proposition: str = "", sources: Iterable[Source] = ()
) -> Iterator[RenderableType]:
    yield with_sign(sign, "magenta", text.append(f" · {about}", style=f"not bold {_MINOR}"))
    if proposition:
        yield indent(Text(proposition), 2)
    yield from (indent(_source(source), 4) for source in sources)


def _source(source: Source) -> Text:
    style = Style(color=_MINOR, link=absolute_link(source.link) if source.link else None)
    return Text(f"{source.label}: ", style=style).append(source.quotation, style="default italic")
