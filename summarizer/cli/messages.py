"""Messages on standard error, exit codes, and replacements for characters that a terminal cannot show."""

import codecs
import os
import re
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import IntEnum
from io import TextIOWrapper
from types import MappingProxyType

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
    typer.echo(f"summarizer: {hide_queries(one_line(message))}", err=True)


def describe_error(error: Exception) -> str:
    """Return an error's message, its hint in terms of the running command, and its place."""
    if not isinstance(error, SummarizerError):
        return str(error)
    place = f" ({error.where})" if error.where else ""
    return f"{error.message} {name_options(error.hint)}".rstrip() + place


def name_options(hint: str) -> str:
    """Replace Python parameters in a hint by the running command's options, or by environment variables.

    Of several alternatives, those that only Python has are left out, and so is a sentence without any left.
    """
    return " ".join(filter(None, map(_name_in_sentence, _SENTENCE_END.split(hint))))


def _name_in_sentence(sentence: str) -> str:
    if sentence.startswith("In Python"):
        return ""
    if not _PARAMETER.search(sentence):
        return sentence
    body = sentence.rstrip(".?!")
    parts = _OR.split(body)  # alternatives at even indexes, what joins them at odd ones
    named = [_name_in_alternative(part, body) for part in parts[::2]]
    kept = [(join, name) for join, name in zip(["", *parts[1::2]], named, strict=True) if name]
    text = "".join(name if number == 0 else join + name for number, (join, name) in enumerate(kept))
    return text and text[0].upper() + text[1:] + sentence[len(body) :]


def _name_in_alternative(text: str, sentence: str) -> str | None:
    """Return an alternative in terms of the running command, or None if only Python has it."""
    is_possible = True

    def name(found: re.Match[str]) -> str:
        nonlocal is_possible
        parameter, value = found[1] or found[3] or found[5] or "", (found[2] or found[4] or "…").strip("\"'")
        option, negative = options_of_command.get().get(OPTIONS.get(parameter, parameter), ("", ""))
        if option:
            return (negative or option) if value == "False" else option if value == "…" else f"{option} {value}"
        if parameter in VARIABLES and VARIABLES[parameter] not in sentence:
            return VARIABLES[parameter]
        is_possible = False
        return ""

    named = _PARAMETER.sub(name, text)
    return named if is_possible else None


_NO_OPTIONS: Mapping[str, tuple[str, str]] = MappingProxyType({})
options_of_command = ContextVar("options_of_command", default=_NO_OPTIONS)
"""The running command's options by parameter, such as ``("--clean", "--no-clean")``; the second may be empty."""
OPTIONS = {"max_tokens": "reply_tokens"}
"""Parameters of `OpenAIModel` that an option of another name sets."""
VARIABLES = {
    "timeout": "SUMMARIZER_TIMEOUT",
    "deadline": "SUMMARIZER_DEADLINE",
    "reply_tokens": "SUMMARIZER_REPLY_TOKENS",
    "max_tokens": "SUMMARIZER_REPLY_TOKENS",
    "context": "SUMMARIZER_CONTEXT",
    "model": "SUMMARIZER_MODEL",
    "replies": "SUMMARIZER_REPLIES",
    "base_url": "OPENAI_BASE_URL",
    "api_key": "OPENAI_API_KEY",
}
"""Environment variables by parameter, for commands without the option."""
_OR = compile_lazily(r"((?:[,;])? or )")
_SENTENCE_END = compile_lazily(r"(?<=[.?!]) (?=\S)")
_PARAMETER = compile_lazily(
    r"OpenAIModel\((?:(\w+)=([^()]*)|…)\)|\b([a-z]+(?:_[a-z]+)*)=(…|True\b|False\b|\d+|'[^']*'|\"[^\"]*\")|"
    r"\b(base_url|api_key|extra_body|chunk_tokens|reply_tokens|on_failed_chunk)\b|\b[Ee]rror's brief\b|__cause__"
)


@contextmanager
def report_problems(*, debug: bool = False) -> Iterator[None]:
    """Print warnings of the library and the error or Ctrl-C that ends a command, each on one line.

    With ``debug``, the error passes, so that Python prints its traceback.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = _print_warning
        try:
            yield
        except (typer.Exit, typer.BadParameter, BrokenPipeError):  # typer reports them
            raise
        except KeyboardInterrupt:
            print_message("interrupted.")
            raise typer.Exit(ExitCode.INTERRUPTED) from None
        except Exception as error:
            if debug:
                raise
            print_message(_describe_error(error))
            raise typer.Exit(ExitCode.FAILED) from error


def _print_warning(message: Warning | str, category: type[Warning], *_: object, **__: object) -> None:
    if category.__module__.startswith("summarizer."):
        print_message(name_options(str(message)))


def _describe_error(error: Exception) -> str:
    match error:
        case SummarizerError():
            return describe_error(error)
        case FileNotFoundError(filename=str() | os.PathLike() as name):
            return f"There is no file {os.fspath(name)}."
        case IsADirectoryError(filename=str() | os.PathLike() as name):
            return f"{os.fspath(name)} is a folder; name a file."
        case OSError():
            place = os.fspath(error.filename) if error.filename else "Standard output"
            return f"{place} cannot be read or written: {error.strerror or error}."
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
