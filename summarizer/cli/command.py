"""The commands' base classes: help that fits 80 columns, and usage errors in the project's own words."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import TextWrapper
from typing import Any

import typer
import typer.core

from summarizer._text import did_you_mean, one_line
from summarizer.cli.messages import describe_error, options_of_command
from summarizer.errors import ConfigurationError

MAIN_MODEL = "(the same)"
"""The value of ``--verify`` without a name: the model that makes the brief checks it."""
ARTICLE_OPTIONS = ("--title", "--author", "--published", "--language", "--source")
"""Options of commands that read one article."""
FOLDERS = "summarizer.folders"
"""The key of the context below which the paths are that end in a slash."""
CONTEXT = {"help_option_names": ["--help", "-h"], "max_content_width": 80}
"""Settings of every command."""
_NAME_COLUMNS = 26
"""Characters of the column of options; the help of longer ones begins on the next line."""
_VALUES = {int: "N", float: "NUMBER", Path: "FILE", str: "TEXT"}
"""What the help shows for the value of an option, by its type."""
_PROBLEMS = {
    "int_parsing": "“{input}” is not a whole number.",
    "int_from_float": "“{input}” is not a whole number.",
    "int_parsing_size": "“{input}” has too many digits.",
    "float_parsing": "“{input}” is not a number.",
    "finite_number": "“{input}” is not a finite number.",
    "greater_than_equal": "“{input}” is too small; the least is {ge}.",
    "less_than_equal": "“{input}” is too large; the most is {le}.",
}
"""Messages by pydantic's type of a problem, which typer passes on."""


class _Help:
    """Help in two columns, which cuts no option name and breaks no word."""

    def collect_usage_pieces(self: Any, ctx: Any) -> list[str]:  # noqa: ARG002
        """Return the parts of the usage line."""
        return ["[OPTIONS]", *map(_argument_name, _arguments(self)), *self._subcommands]

    _subcommands: tuple[str, ...] = ()

    def format_help(self: Any, ctx: Any, formatter: Any) -> None:
        """Write usage, description, arguments, commands and options."""
        width = max(40, formatter.width)
        formatter.write("\n".join(self._help_lines(ctx, width)) + "\n")

    def _help_lines(self: Any, ctx: Any, width: int) -> Iterator[str]:
        yield from _wrap(f"Usage: {ctx.command_path} {' '.join(self.collect_usage_pieces(ctx))}", width, "", "    ")
        for paragraph in (self.help or "").split("\n\n"):
            yield ""
            yield from _wrap(paragraph, width, "  ", "  ")
        options = [each for each in self.get_params(ctx) if each.param_type_name == "option" and not each.hidden]
        commands = [each for each in getattr(self, "commands", {}).values() if not each.hidden]
        sections = {
            "Arguments": [(_argument_name(each), _argument_help(each)) for each in _arguments(self)],
            "Commands": [(each.name, each.help.split("\n\n")[0]) for each in commands],
            "Options": [(_option_name(each), _option_help(each)) for each in options],
        }
        for title, rows in sections.items():
            if rows:
                yield from ("", f"{title}:", *_two_columns(rows, width))


def _arguments(command: Any) -> list[Any]:
    return [each for each in command.params if each.param_type_name == "argument"]


def _argument_name(argument: Any) -> str:
    name = argument.metavar or _choices(argument) or argument.name.upper() + "..." * (argument.nargs != 1)
    return name if argument.required or name.startswith("[") else f"[{name}]"


def _argument_help(argument: Any) -> str:
    default = getattr(argument.default, "value", argument.default)
    return f"{argument.help} [default: {default}]" if isinstance(default, str) else argument.help or ""


def _option_name(option: Any) -> str:
    names = ", ".join(sorted(option.opts, key=len)) + "".join(f" / {each}" for each in option.secondary_opts)
    if option.is_flag:
        return names
    annotation = option.type_descriptor.annotation
    value = option.metavar or _choices(option) or _VALUES.get(annotation, "TEXT")
    return f"{names} {value}"


def _option_help(option: Any) -> str:
    default = option.default
    if isinstance(default, bool):
        default = option.opts[0] if option.secondary_opts and default else None
    required = "required" if option.required else None
    shown = required or (
        f"default: {default}" if isinstance(default, str | int | float) and option.show_default else ""
    )
    return f"{option.help or ''} [{shown}]" if shown else option.help or ""


def _choices(parameter: Any) -> str:
    return "|".join(str(getattr(each, "value", each)) for each in parameter.type_descriptor.choices or ())


def _two_columns(rows: Iterable[tuple[str, str]], width: int) -> Iterator[str]:
    rows = list(rows)
    column = min(max(len(name) for name, _ in rows), _NAME_COLUMNS) + 4
    for name, text in rows:
        is_long = len(name) + 4 > column
        if is_long:
            yield f"  {name}"
        first = " " * column if is_long else f"  {name}".ljust(column)
        yield from _wrap(text, width, first, " " * column)


def _wrap(text: str, width: int, first: str, rest: str) -> list[str]:
    wrapper = TextWrapper(width, first, rest, break_long_words=False, break_on_hyphens=False)
    return wrapper.wrap(" ".join(text.split())) or [first.rstrip()]


@contextmanager
def _own_words() -> Iterator[None]:
    """Replace the words of the library that checks values."""
    try:
        yield
    except typer.BadParameter as error:
        parameter: Any = error.param
        if parameter is not None and parameter.param_type_name == "argument":
            error.param_hint = _argument_name(parameter)
        if problems := getattr(error.__cause__, "errors", None):
            found = problems()[0]
            found["input"] = one_line(str(found["input"]))
            text = _PROBLEMS.get(found["type"], found["msg"].removeprefix("Value error, "))
            error.message = text.format_map({**found, **found.get("ctx", {})}) if found["type"] in _PROBLEMS else text
            if "%Y-%m-%d" in error.message:
                error.message = f"“{found['input']}” is not a date like 2026-11-01."
            elif parameter is not None and (choices := _choices(parameter)):
                error.message = f"“{found['input']}” is not one of {choices.replace('|', ', ')}."
                error.message += did_you_mean(found["input"], choices.split("|"))
        raise


def _refuse_contradictions(ctx: Any) -> None:
    """Refuse values that contradict each other, in every command with these options."""
    since, until = ctx.params.get("since"), ctx.params.get("until")
    if since and until:
        from summarizer.store import Conditions

        try:
            Conditions(since=since, until=until)
        except ConfigurationError as error:
            raise typer.BadParameter(describe_error(error), ctx=ctx, param_hint="--since, --until") from error
    if ctx.params.get("full") and ctx.params.get("limit"):
        raise typer.BadParameter("it shows all positions, and --limit some of them", ctx=ctx, param_hint="--full")


class Command(_Help, typer.core.TyperCommand):
    """A command whose options hints can name. ``--verify`` needs no value, and takes no source or option as one."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command, with its options for hints."""
        _refuse_contradictions(ctx)
        options = (option for option in self.params if option.param_type_name == "option" and option.name)
        known = {str(option.name): (option.opts[0], "".join(option.secondary_opts[:1])) for option in options}
        token = options_of_command.set(known)
        try:
            return super().invoke(ctx)
        finally:
            options_of_command.reset(token)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse arguments, with the value `MAIN_MODEL` for ``--verify`` where none follows."""

        def is_name(word: str) -> bool:
            return not (word.startswith("-") or "://" in word or os.path.exists(word))  # noqa: PTH110  # any length

        self._refuse_metadata(ctx, args)
        ctx.meta[FOLDERS] = {Path(arg.rpartition("=")[2]) for arg in args if arg.endswith(("/", os.sep))}
        pairs = zip(args, [*args[1:], "-"], strict=False)
        full = [f"--verify={MAIN_MODEL}" if arg == "--verify" and not is_name(after) else arg for arg, after in pairs]
        with _own_words():
            return super().parse_args(ctx, full)

    def _refuse_metadata(self, ctx: Any, args: list[str]) -> None:
        """Explain why a command does not take an option on a single article, which others take."""
        own = {name for option in self.params for name in option.opts}
        for name in (arg.partition("=")[0] for arg in args):
            if name in ARTICLE_OPTIONS and name not in own:
                message = f"it is for a single article: summarizer brief ARTICLE {name} …"
                raise typer.BadParameter(message, ctx=ctx, param_hint=name)


class Group(_Help, typer.core.TyperGroup):
    """A command with commands below it."""

    _subcommands = ("COMMAND …",)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command, with a hint where an article or the command of a group stands in its place."""
        name = args[0]
        groups = [each for each, group in self.commands.items() if name in getattr(group, "commands", ())]
        is_article = ctx.parent is None and ("://" in name or os.path.lexists(name))
        if name not in self.commands and (groups or is_article):
            full = f"{ctx.command_path} {groups[0] if groups else 'brief'} {one_line(name)}"
            ctx.fail(f"No such command '{one_line(name)}'. Did you mean '{full}'?")
        return super().resolve_command(ctx, args)
