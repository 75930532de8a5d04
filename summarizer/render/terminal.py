"""A brief in the terminal."""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from summarizer.brief import Brief, Stance
from summarizer.render.outline import SIGNS, Entry, Outline, Question, Quotation, outline

_COLOURS: dict[Stance, str] = {
    "agrees": "green",
    "disagrees": "red",
    "mixed": "yellow",
    "neutral": "blue",
    "unclear": "bright_black",
}
_INDENT = 4


def to_terminal(brief: Brief) -> RenderableType:
    """``brief`` for a rich console. Texts are never taken for console markup."""
    shown = outline(brief)
    parts: list[RenderableType] = [Text(shown.title, style="bold")]
    if shown.byline:
        parts.append(Text(shown.byline, style="bright_black"))
    if shown.gist:
        parts += [Text(), Text(shown.gist)]
    parts += _positions(shown)
    if shown.questions:
        parts.append(_heading("Open questions"))
        for question in shown.questions:
            parts += _question(question)
    parts += _lines("Coverage", shown.coverage)
    parts += _lines("Rejected", shown.rejected)
    parts += [Text(), Text("\n".join(shown.made), style="bright_black")]
    return Group(*parts)


def _heading(text: str) -> RenderableType:
    return Padding(Rule(Text(text, style="bold"), align="left", style="bright_black"), (1, 0, 0, 0))


def _positions(shown: Outline) -> list[RenderableType]:
    if not shown.sections:
        return [_heading("Positions"), Text("The article attributes no position to anybody.")]
    parts: list[RenderableType] = [_heading("Positions")]
    for section in shown.sections:
        about = f"{section.proposition} ({section.kind})" if section.proposition else "On no issue in particular"
        parts.append(Text(f"\n{about}", style="bold cyan"))
        for entry in section.entries:
            parts += _entry(entry)
    return parts


def _entry(entry: Entry) -> list[RenderableType]:
    head = Text()
    if entry.stance:
        word = "" if entry.stance == "unclear" else f" {entry.stance} "
        head.append(f"{SIGNS[entry.stance]}{word} ", style=_COLOURS[entry.stance])
    for number, (name, about) in enumerate(entry.holders):
        head.append(" and " if number else "")
        head.append(name, style="bold")
        head.append(f" ({about})" if about else "")
    for mark in entry.marks:
        head.append(f" · {mark}", style="yellow")
    parts: list[RenderableType] = [Text(), head]
    if entry.statement:
        parts.append(Padding(Text(entry.statement), (0, 0, 0, 2), expand=False))
    return [*parts, _quotation(entry.quotation)]


def _quotation(quotation: Quotation) -> RenderableType:
    text = Text(style="italic")
    for words, lit in quotation.parts:
        text.append(words, style="bold" if lit else "")
    text.append(f" {quotation.where}", style="bright_black not italic")
    return Padding(text, (0, 0, 0, _INDENT), expand=False)


def _question(question: Question) -> list[RenderableType]:
    head = Text("? ", style="magenta")
    head.append(question.text, style="bold not magenta")
    head.append(f" · {question.origin} {question.quotation.where}", style="bright_black")
    return [head]


def _lines(title: str, lines: tuple[str, ...]) -> list[RenderableType]:
    return [_heading(title), *(Text(line) for line in lines)] if lines else []
