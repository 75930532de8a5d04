"""Messages on standard error, exit codes, and replacements for characters that a terminal cannot show."""

import codecs
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from io import TextIOWrapper

import typer

from summarizer._patterns import compile_lazily
from summarizer._text import hide_queries, one_line
from summarizer.errors import SummarizerError


class ExitCode(IntEnum):
    """Exit codes of the commands."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    """Wrong usage; typer exits with it."""
    PARTIAL = 3
    INTERRUPTED = 130
    """Ctrl-C, as in shells."""


def print_message(message: str) -> None:
    """Print a message on one line of standard error."""
    typer.echo(f"summarizer: {hide_queries(one_line(name_options(message)))}", err=True)


def name_options(message: str) -> str:
    """Replace Python parameters such as ``timeout=…`` by the options that set them on the command line."""
    return _PARAMETER.sub(lambda found: f"--{(found[1] or found[2]).replace('_', '-')}", message)


_PARAMETER = compile_lazily(r"OpenAIModel\((timeout|deadline)=…\)|\b(timeout|deadline|reply_tokens|chunk_tokens)=…")


@contextmanager
def report_problems(*, debug: bool = False) -> Iterator[None]:
    """Print warnings of the library and the error that ends a command, each on one line.

    With ``debug``, the error passes, so that Python prints its traceback.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = _print_warning
        try:
            yield
        except (typer.Exit, BrokenPipeError):  # typer ends quietly on both
            raise
        except Exception as error:
            if debug:
                raise
            print_message(_describe_error(error))
            raise typer.Exit(ExitCode.FAILED) from error


def _print_warning(message: Warning | str, category: type[Warning], *_: object, **__: object) -> None:
    if category.__module__.startswith("summarizer."):
        print_message(str(message).replace('model="builtin"', "--model builtin"))


def _describe_error(error: Exception) -> str:
    match error:
        case SummarizerError():
            return str(error)
        case OSError():
            return ": ".join(filter(None, [error.filename, error.strerror or str(error)])) + "."
    return f"{type(error).__name__}: {error}. This is a bug in summarizer; --debug shows the traceback."


_FALLBACKS = {
    **dict.fromkeys("‘’‚‛′", "'"),
    **dict.fromkeys("“”„‟″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),  # includes the minus sign that marks disagreement
    "«": "<<",
    "»": ">>",
    "±": "~",
    "·": "|",
    "•": "*",
    "…": "...",
    "\u00a0": " ",
    "\u202f": " ",
}


def install_encoding_fallbacks() -> None:
    """Print similar ASCII characters, or "?", for characters that the terminal's encoding lacks."""
    codecs.register_error("summarizer", _replace_unencodable)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="summarizer")


def _replace_unencodable(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    return "".join(_FALLBACKS.get(character, "?") for character in error.object[error.start : error.end]), error.end
