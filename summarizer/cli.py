"""The command ``summarizer``."""

import json
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer import __version__
from summarizer.errors import ArticleError, IncompleteBrief, SummarizerError

if TYPE_CHECKING:
    from summarizer.article import Article
    from summarizer.brief import Brief
    from summarizer.extraction import OnEvent

app = typer.Typer(
    help="Who takes which position in an article, and what stays open.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

FAILED, PARTLY = 1, 3  # exit codes; 2, wrong usage, is typer's


class Format(StrEnum):
    """How a brief is written."""

    terminal = "terminal"
    json = "json"
    markdown = "markdown"


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"summarizer {__version__}")
        raise typer.Exit


@app.callback()
def summarizer(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Who takes which position in an article, and what stays open."""


@app.command()
def brief(
    source: Annotated[str, typer.Argument(help="A text file, or - for standard input.", show_default=False)],
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            "-m",
            help="A model at an OpenAI-compatible server, or 'builtin'. Left out: what SUMMARIZER_MODEL, "
            "OPENAI_API_KEY and OPENAI_BASE_URL say, else 'builtin'.",
            show_default=False,
        ),
    ] = None,
    format: Annotated[  # noqa: A002  # the option's name
        Format, typer.Option("--format", "-f", help="How the brief is written.")
    ] = Format.terminal,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file, not to the terminal.", show_default=False)
    ] = None,
    title: Annotated[str | None, typer.Option(help="The article's title, where its text has none.", show_default=False)] = None,
    language: Annotated[str | None, typer.Option(help="The article's language: en, de, …", show_default=False)] = None,
    chunk_tokens: Annotated[int, typer.Option(help="Tokens of the article in one request at most.")] = 6_000,
    repairs: Annotated[int, typer.Option(help="How often a reply with problems is asked for again.")] = 1,
    prompts: Annotated[
        Path | None, typer.Option(help="A prompt file, or a folder of them, in place of the library's.", show_default=False)
    ] = None,
    clean: Annotated[bool, typer.Option(help="Cut page furniture such as photo credits.")] = True,
    debug: Annotated[bool, typer.Option("--debug", help="Show a traceback when something fails.")] = False,
) -> None:
    """Read an article and show its brief: positions, who holds them, open questions.

    Exit status: 0 done; 1 failed; 2 wrong usage; 3 done in part.
    """
    from summarizer.pipeline import Summarizer

    with _failures_told(debug), _warnings_told():
        article = _article(source, title, language)
        with Summarizer(
            model=model, chunk_tokens=chunk_tokens, repairs=repairs, prompts=prompts, clean=clean
        ) as engine, _progress() as on_event:
            try:
                made, failure = engine.summarize(article, on_event=on_event), None
            except IncompleteBrief as error:
                made, failure = error.brief, error
        _write(made, format, output)
        if failure:
            _say(f"Done in part: {failure.message}")
            raise typer.Exit(PARTLY)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a brief."""
    from summarizer.brief import brief_schema

    typer.echo(json.dumps(brief_schema(), indent=2, ensure_ascii=False))


def _article(source: str, title: str | None, language: str | None) -> "Article":
    from summarizer.article import Article
    from summarizer.article.decoding import decode

    if source == "-":
        text, encoding = decode(sys.stdin.buffer.read(), name="Standard input")
        return Article.from_text(text, title=title, language=language, encoding=encoding)
    if "://" in source:
        raise ArticleError(
            f"{source} is an address, and addresses are not read yet.",
            hint="Save the article's text to a file and name the file.",
        )
    return Article.from_file(source, title=title, language=language)


def _write(made: "Brief", form: Format, output: Path | None) -> None:
    """Write a brief to a file, whole or not at all, or to standard output, as UTF-8."""
    if form is Format.terminal:
        _show(made, output)
        return
    text = made.model_dump_json(indent=2) + "\n" if form is Format.json else made.to_markdown()
    if output:
        output.write_text(text, encoding="utf-8")
    else:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()


def _show(made: "Brief", output: Path | None) -> None:
    from rich.console import Console

    from summarizer.render import to_terminal

    if output:
        with output.open("w", encoding="utf-8") as file:
            Console(file=file, width=80).print(to_terminal(made))
    else:
        Console(highlight=False).print(to_terminal(made))


@contextmanager
def _progress() -> Iterator["OnEvent | None"]:
    """A spinner on standard error while the brief is made, where that is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status("Reading …") as status:
        yield lambda event: status.update(
            f"Asking the model … {event.done} of {event.chunks} chunks done, {event.usage.total} tokens"
        )


@contextmanager
def _failures_told(debug: bool) -> Iterator[None]:
    """Turn the library's errors, and those of files, into one line and an exit status."""
    try:
        yield
    except (SummarizerError, OSError) as error:
        if debug or isinstance(error, BrokenPipeError):
            raise
        _say(f"summarizer: {error}")
        raise typer.Exit(FAILED) from error


@contextmanager
def _warnings_told() -> Iterator[None]:
    """Show the library's warnings as lines for a person, and no others."""

    def show(message: Warning | str, category: type[Warning], *_: object, **__: object) -> None:
        if category.__module__.startswith("summarizer."):
            _say(f"summarizer: {message}")

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = show
        yield


def _say(line: str) -> None:
    typer.echo(line, err=True)


def main() -> None:
    """Run the command."""
    app()
