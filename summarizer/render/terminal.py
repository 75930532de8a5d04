"""A brief in the terminal."""

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.rule import Rule
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from summarizer.brief import Brief, Stance
from summarizer.render.outline import SIGNS, Entry, Outline, Question, outline
from summarizer.render.quotation import Quotation

COLUMNS = 80
"""No line is longer, however wide the terminal: longer ones are hard to read."""

_COLOURS: dict[Stance, str] = {
    "agrees": "green",
    "disagrees": "red",
    "mixed": "yellow",
    "neutral": "blue",
    "unclear": "bright_black",
}


def to_terminal(brief: Brief, limit: int | None = None) -> RenderableType:
    """``brief`` for a rich console. Texts are never taken for console markup.

    With a ``limit``, so many positions at most, those that weigh most (`Brief.top`).
    """
    shown = outline(brief, limit)
    parts: list[RenderableType] = [Text(shown.title, style="bold")]
    if origin := " · ".join(filter(None, [shown.byline, shown.source])):
        parts.append(Text(origin, style="bright_black"))
    if shown.gist:
        text, where = shown.gist
        parts += [Text(), Text.assemble(text, (f" {where}", "bright_black"))]
    parts += _positions(shown)
    if shown.questions:
        parts.append(_heading("Open questions"))
        for question in shown.questions:
            parts += _question(question)
    parts += _lines("Coverage", shown.coverage)
    parts += _lines("Rejected", shown.rejected)
    parts += [Text(), Text("\n".join(shown.made), style="bright_black")]
    return _Trimmed(Group(*parts))


class _Trimmed:
    """``content`` in lines of `COLUMNS` at most, without the blanks that rich fills them up with."""

    def __init__(self, content: RenderableType) -> None:
        self._content = content

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        narrow = options.update(width=min(COLUMNS, options.max_width))
        for line in console.render_lines(self._content, narrow, pad=False):
            while line and not line[-1].text.rstrip():
                line.pop()
            if line:
                last = line.pop()
                line.append(Segment(last.text.rstrip(), last.style))
            yield from line
            yield Segment.line()


def _heading(text: str) -> RenderableType:
    return Padding(Rule(Text(text, style="bold"), align="left", style="bright_black"), (1, 0, 0, 0))


def _positions(shown: Outline) -> list[RenderableType]:
    parts: list[RenderableType] = [_heading("Positions")]
    for section in shown.sections:
        if section.heading:
            parts.append(Text(f"\n{section.heading}", style="bold cyan"))
        for entry in section.entries:
            parts += _entry(entry)
    if shown.omitted:
        parts += [Text(), Text(shown.omitted, style="yellow")]
    return parts if shown.sections else [*parts, Text("No position was found.")]


def _entry(entry: Entry) -> list[RenderableType]:
    """Who it is and how they stand to the issue; what they hold; the words that say so."""
    head = Text()
    for number, (name, about) in enumerate(entry.holders):
        head.append(" and " if number else "")
        head.append(name, style="bold")
        head.append(f" ({about})" if about else "")
    if entry.stance:
        head.append(f" · {entry.stance}", style=_COLOURS[entry.stance])
    for mark in entry.marks:
        head.append(f" · {mark}", style="yellow")
    signed = _signed(SIGNS[entry.stance], _COLOURS[entry.stance], head) if entry.stance else head
    parts: list[RenderableType] = [Text(), signed]
    if entry.statement:
        parts.append(_indented(Text(entry.statement), 2))
    return [*parts, _quotation(entry.quotation)]


def _quotation(quotation: Quotation) -> RenderableType:
    text = Text(style="italic")
    for words, lit in quotation.parts:
        text.append(words, style="bold" if lit else "")
    text.append(f" {quotation.where}", style="bright_black not italic")
    return _indented(text, 4)


def _question(question: Question) -> list[RenderableType]:
    head = Text(question.text, style="bold")
    head.append(f" · {question.origin}", style="not bold bright_black")
    if not question.verbatim:
        return [_signed("?", "magenta", head), _quotation(question.quotation)]
    head.append(f" {question.quotation.where}", style="not bold bright_black")
    return [_signed("?", "magenta", head)]


def _signed(sign: str, style: str, text: Text) -> RenderableType:
    """``text`` after a sign, under which none of its further lines begins."""
    grid = Table.grid()
    grid.add_column(width=2)
    grid.add_column(overflow="fold")
    grid.add_row(Text(sign, style=style), text)
    return grid


def _indented(text: Text, columns: int) -> RenderableType:
    return Padding(text, (0, 0, 0, columns), expand=False)


def _lines(title: str, lines: tuple[str, ...]) -> list[RenderableType]:
    return [_heading(title), *map(Text, lines)] if lines else []
