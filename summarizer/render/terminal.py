"""The terminal view, in colour or as plain text."""

from io import StringIO
from pathlib import Path
from urllib.parse import unquote, urlsplit

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text

from summarizer.brief import Brief, Stance
from summarizer.render.quotations import QuotationView
from summarizer.render.view_model import (
    SHORT,
    BriefView,
    HolderGroup,
    PositionView,
    QuestionView,
    ViewOptions,
    build_view,
)

COLUMNS = 80
"""The width of plain text, and the most for a brief in wider terminals: longer lines are hard to read."""

COLOURS: dict[Stance, str] = {
    "agrees": "green",
    "disagrees": "red",
    "mixed": "yellow",
    "neutral": "blue",
    "unclear": "bright_black",
}


def to_terminal(brief: Brief, options: ViewOptions = SHORT) -> RenderableType:
    """Render a brief for a rich console; its texts are not console markup."""
    view = build_view(brief, options)
    parts: list[RenderableType] = [Text(view.title, style=Style(bold=True, link=view.address))]
    if origin := " · ".join(filter(None, [view.byline, view.source])):
        parts.append(Text(origin, style="bright_black"))
    parts += [Text(f"Warning: {text}", style="yellow") for text in view.warnings]
    if view.gist:
        mark = Text(f" ({view.gist.mark})" if view.gist.mark else "", style="yellow")
        parts += [Text(), Text(view.gist_text).append_text(_numbers(view.gist)).append_text(mark)]
    parts += _positions(view)
    if view.questions:
        parts.append(Text("\nOpen questions", style="bold cyan"))
        for question in view.questions:
            parts += _question(question, view.is_full)
    links = view.coverage_links
    parts += [
        Text(),
        *(Text(line, Style(link=absolute_link(links[line])) if line in links else "") for line in view.coverage),
    ]
    if view.is_full and view.rejected:
        parts += [Text("\nRejected", style="bold cyan"), *map(Text, view.rejected)]
    parts.append(Text("\n".join(view.provenance), style="bright_black"))
    return Trimmed(Group(*parts))


def to_text(brief: Brief, options: ViewOptions = SHORT) -> str:
    """Render the terminal view as plain text, without colour."""
    file = StringIO()
    console = Console(file=file, width=COLUMNS, color_system=None, force_terminal=False, highlight=False)
    console.print(to_terminal(brief, options))
    return file.getvalue()


class Trimmed:
    """Content in lines of at most some columns, without trailing spaces."""

    def __init__(self, content: RenderableType, columns: int = COLUMNS) -> None:
        self._content = content
        self._columns = columns

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        narrow = options.update(width=min(self._columns, options.max_width))
        for line in console.render_lines(self._content, narrow, pad=False):
            while line and not line[-1].text.rstrip():
                line.pop()
            if line:
                last = line.pop()
                line.append(Segment(last.text.rstrip(), last.style))
            yield from line
            yield Segment.line()


def _positions(view: BriefView) -> list[RenderableType]:
    parts: list[RenderableType] = []
    for section in view.sections:
        if section.heading:
            parts.append(Text(f"\n{section.heading}", style="bold cyan"))
        for side in section.sides:
            if side.name:
                parts.append(Text(f"\n{side.name}", style="bold"))
            for group in side.groups:
                parts += [Text(), _holders(group)]
                for position in group.positions:
                    parts += _position(position, view.is_full)
    if view.omitted:
        parts += [Text(), Text(view.omitted, style="yellow")]
    return parts if view.sections else [*parts, Text("\nNo position was found.")]


def _holders(group: HolderGroup) -> RenderableType:
    """Show the stance and the holders."""
    head = Text()
    for number, (name, about) in enumerate(group.introductions):
        head.append(" and " if number else "")
        head.append(name, style="bold")
        head.append(f" ({about})" if about else "")
    if group.stance_mark:
        head.append(f" · {group.stance_mark}", style=COLOURS[group.stance_mark])
    return with_sign(group.sign, COLOURS[group.stance_mark], head) if group.stance_mark else head


def _position(position: PositionView, is_full: bool) -> list[RenderableType]:
    """Show what is held with the words of the article that matter, or with the whole sentences."""
    marks = Text(f" ({'; '.join(position.marks)})" if position.marks else "", style="yellow")
    text = Text(f"{position.key} {f'{position.posted} · ' if position.posted else ''}", style="bright_black")
    asked = [indent(Text(f"Asked: {position.asked}", style="bright_black"), 2)] if position.asked else []
    quotation = position.quotation if is_full else position.excerpt
    if is_full and position.is_verbatim:
        lines = [_quotation(position.quotation, before=text, after=marks)]
    elif quotation:
        text.append_text(Text(position.text, style="default")).append_text(marks)
        lines = [indent(text, 2), _quotation(quotation)]
    else:
        text.append_text(Text(position.text, style="default"))
        lines = [indent(text.append_text(_numbers(position.quotation)).append_text(marks), 2)]
    return [*asked, *lines]


def _quotation(quotation: QuotationView, before: Text | None = None, after: Text | None = None) -> RenderableType:
    text = Text(style="italic").append_text(before or Text())
    for words, is_key in quotation.parts:
        text.append(words, style="bold" if is_key else "")
    return indent(text.append_text(_numbers(quotation)).append_text(after or Text()), 4)


def _numbers(quotation: QuotationView) -> Text:
    """Show the sentence numbers after a space; a number with a place in the source is a hyperlink."""
    text = Text(" " if quotation.numbers else "", style=Style.parse("bright_black not italic not bold"))
    for index, (number, link) in enumerate(quotation.ranges):
        text.append(", " if index else "[")
        text.append(number, style=Style(link=absolute_link(link)) if link else "")
    return text.append("]" if quotation.numbers else "")


def absolute_link(link: str) -> str:
    """Return a web address as it is, and a reference to a file as its URI, which terminals need."""
    if urlsplit(link).scheme:
        return link
    path, _, place = link.partition("#")
    return f"{Path(unquote(path)).absolute().as_uri()}#{place}"


def _question(question: QuestionView, is_full: bool) -> list[RenderableType]:
    head = Text(question.text, style="bold")
    head.append(f" · {question.origin_text}", style="not bold bright_black")
    if is_full and not question.is_verbatim:
        return [with_sign("?", "magenta", head), _quotation(question.quotation)]
    return [with_sign("?", "magenta", head.append_text(_numbers(question.quotation)))]


def with_sign(sign: str, style: str, text: Text) -> RenderableType:
    """Put a sign before ``text``, and indent the lines below the first."""
    grid = Table.grid()
    grid.add_column(width=2)
    grid.add_column(overflow="fold")
    grid.add_row(Text(sign, style=style), text)
    return grid


def indent(text: Text, columns: int) -> RenderableType:
    """Indent all lines of a text by some columns."""
    return Padding(text, (0, 0, 0, columns), expand=False)
