"""The reference of the command line, from its own help. ``python -m tests.command_reference`` writes it anew."""

import inspect
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from typer.main import get_command

from summarizer.cli import app
from summarizer.cli.options import ArticleOptions, DossierOptions, EngineOptions

FOLDER = Path(__file__).parent.parent / "docs" / "commands"
SHARED = {
    "Options for a single article": (ArticleOptions, "brief"),
    "Options for making briefs": (EngineOptions, "brief"),
    "Options for opening a dossier": (DossierOptions, "dossier"),
}
"""Options that several commands have, with one of these; the pages of the commands link to them."""
_VALUES = {"str": "TEXT", "path": "PATH", "int": "N", "int range": "N", "float": "NUMBER", "float range": "NUMBER"}


def pages() -> dict[str, str]:
    """Return the Markdown of each page by its file's name."""
    program: Any = get_command(app)
    context = program.make_context("summarizer", [], resilient_parsing=True)
    commands = {name: program.get_command(context, name) for name in program.list_commands(context)}
    made = {f"{name}.md": "\n".join(_lines(command, context)) for name, command in sorted(commands.items())}
    return {"index.md": "\n".join(_index(program, commands)), **made}


def _index(program: Any, commands: dict[str, Any]) -> Iterator[str]:
    yield from ("# Command line", "", program.help, "", "| command | what it does |", "|---|---|")
    yield from (f"| [`{name}`]({name}.md) | {_first_sentence(command)} |" for name, command in commands.items())
    yield ""
    yield "The [exit codes](../exit-codes.md) are the same for all commands. The [environment](../environment.md) sets"
    yield "what has no option. `summarizer COMMAND --help` shows these pages in the terminal."
    yield ""
    for title, (group, example) in SHARED.items():
        command = commands[example]
        context = program.make_context("summarizer", [], resilient_parsing=True)
        shared = [option for option in command.params if option.name in _fields(group)]
        yield from (f"## {title}", "", *_table(shared, context))


def _fields(group: type) -> set[str]:
    return {field.name for field in fields(group)}


def _table(options: list[Any], context: Any) -> Iterator[str]:
    yield from ("| option | meaning |", "|---|---|")
    yield from (f"| {_names(each, context)} | {_cell(each.help or '')}{_default(each)} |" for each in options)
    yield ""


def _first_sentence(command: Any) -> str:
    return _cell(inspect.cleandoc(command.help).split("\n\n")[0])


def _lines(command: Any, parent: Any, level: int = 1) -> Iterator[str]:
    context = type(parent)(command, info_name=command.name, parent=parent)
    path = context.command_path
    yield from ("#" * level + f" {path}", "", *_paragraphs(command.help), "```text")
    arguments = [option for option in command.params if option.param_type_name == "argument"]
    options = [option for option in command.params if option.param_type_name == "option" and not option.hidden]
    rest = "COMMAND" if hasattr(command, "commands") else " ".join(map(_argument, arguments))
    yield from (f"{path} [OPTIONS] {rest}".rstrip(), "```", "")
    if arguments:
        yield from ("| argument | meaning |", "|---|---|")
        yield from (f"| {_code(_argument(each))} | {_cell(each.help or '')} |" for each in arguments)
        yield ""
    names = {option.name for option in options}
    groups = {title: _fields(group) for title, (group, _) in SHARED.items() if _fields(group) <= names}
    if own := [option for option in options if not any(option.name in group for group in groups.values())]:
        yield from _table(own, context)
    yield from (f"- [{title}](index.md#{title.lower().replace(' ', '-')})" for title in groups)
    yield from [""] * bool(groups)
    for name in getattr(command, "commands", {}):
        yield from _lines(command.commands[name], context, level + 1)


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in inspect.cleandoc(text).replace("\b\n", "").split("\n\n"):
        yield from (" ".join(paragraph.split()), "")


def _argument(argument: Any) -> str:
    is_list = argument.metavar.endswith("...") if argument.metavar else argument.nargs != 1
    name = (argument.metavar or argument.name).upper().rstrip(".") + "…" * is_list
    return name if argument.required else f"[{name}]"


def _names(option: Any, context: Any) -> str:
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    if option.is_flag:
        return names
    value = option.metavar or option.display_type(context).strip("<>")
    return f"{names} {_code(_VALUES.get(value, value))}"


def _default(option: Any) -> str:
    shown = option.default not in (None, False, True, "", ()) and not callable(option.default) and option.show_default
    return f" Default: `{getattr(option.default, 'value', option.default)}`." if shown else ""


def _cell(text: str) -> str:
    return _escaped(" ".join(text.split())).replace("*", "\\*").replace("<", "&lt;")


def _code(text: str) -> str:
    """Return alternatives as code, each for itself: a table's cell cannot have the line between them."""
    return " or ".join(f"`{each}`" for each in text.split("|"))


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.md"):
        path.unlink()
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
