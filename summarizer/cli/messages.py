"""What the command says on standard error: failures, warnings, progress, each in a line for a person."""

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from summarizer._text import one_line
from summarizer.errors import SummarizerError

if TYPE_CHECKING:
    from summarizer.engines import OnEvent

DONE, FAILED, PARTLY, INTERRUPTED = 0, 1, 3, 130  # exit statuses; 2, wrong usage, is typer's, and 130 the shells' own


@contextmanager
def progress() -> Iterator["OnEvent"]:
    """A spinner on standard error while the brief is made, where that is a terminal; what is yielded keeps it going."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("Reading …") as status:
        stages = {"grouping": "Bringing the parts together …", "gist": "Asking for the gist …"}
        yield lambda event: status.update(
            f"{stages.get(event.kind, 'Asking the model …')} "
            f"{event.done} of {event.chunks} chunks done, {event.usage.total} tokens"
        )


@contextmanager
def failures_told(debug: bool) -> Iterator[None]:
    """Turn what is raised into one line and an exit status."""
    try:
        yield
    except (typer.Exit, BrokenPipeError):  # typer ends quietly on both
        raise
    except Exception as error:
        if debug:
            raise
        say(_told(error))
        raise typer.Exit(FAILED) from error


def _told(error: Exception) -> str:
    match error:
        case SummarizerError():
            return str(error)
        case OSError():
            return ": ".join(filter(None, [error.filename, error.strerror or str(error)])) + "."
    return f"{type(error).__name__}: {error}. This is a fault; --debug shows where it lies."


@contextmanager
def warnings_told() -> Iterator[None]:
    """Show the library's warnings as lines for a person, and no others."""

    def show(message: Warning | str, category: type[Warning], *_: object, **__: object) -> None:
        if category.__module__.startswith("summarizer."):
            say(str(message).replace('model="builtin"', "--model builtin"))

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = show
        yield


def say(message: str) -> None:
    """Say one thing on one line of standard error."""
    typer.echo(f"summarizer: {one_line(message)}", err=True)
