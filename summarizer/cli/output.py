"""Write briefs to standard output and to files, and JSON Lines to a file."""

import os
import sys
import webbrowser
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, Self, cast

import typer

from summarizer._files import replace_atomically
from summarizer._text import one_line
from summarizer.cli.messages import print_message
from summarizer.errors import ConfigurationError

if TYPE_CHECKING:
    from summarizer.article import Article
    from summarizer.brief import Brief


def write_brief(
    brief: "Brief",
    form: str,
    path: Path | None,
    article: "Article | None",
    *,
    limit: int | None = None,
    full: bool = False,
) -> None:
    """Write a brief to ``path``, or to standard output if that is None, replacing a file as a whole."""
    if form == "terminal" and not path:
        _print_view(brief, limit, full)
        return
    if form in {"html", "markdown"}:
        from summarizer.brief import make_links_relative_to

        brief = make_links_relative_to(brief, path.parent if path else Path())
    write_text(brief.render(form, article=article, limit=limit, full=full), path)


def write_text(text: str, path: Path | None) -> None:
    """Write a text to ``path``, or to standard output if that is None, replacing a file as a whole."""
    if not path:
        print_text(text)
        return
    try:
        if path.exists() and not path.is_file():  # a device or a pipe cannot be replaced
            path.write_bytes(text.encode())
        else:
            with replace_atomically(path) as file:
                file.write(text.encode())
    except OSError as error:
        raise _write_error(path, error) from error


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A format of a command that no registry has."""

    suffixes: tuple[str, ...]


def choose_format(
    path: Path | None, name: str | None, formats: Mapping[str, Any], default: str, option: str = "--output"
) -> str:
    """Return the name of the given format, which must fit the output file's ending, or the ending's own.

    Args:
        path: The output file, if any.
        name: The value of ``--format``, if any.
        formats: The formats by name, each with ``suffixes``.
        default: The format of standard output, a pipe, a device, and a file without an ending.
        option: The option that names the file.

    Raises:
        typer.BadParameter: The ending belongs to no format, or to another one.
    """
    if path is None or not path.suffix or (path.exists() and not path.is_file()):
        return name or default
    known = {suffix: each for each, entry in formats.items() for suffix in entry.suffixes}  # .txt may hold any format
    suffix = path.suffix.lower()
    if name is None and suffix not in known:
        message = f"the ending {one_line(path.suffix)} is unknown; known are {', '.join(known)}. Or name a --format."
        raise typer.BadParameter(message, param_hint=option)
    own = formats[name].suffixes if name and name in formats else ()
    if name and suffix in known.keys() - {".txt"} and not any(each.endswith(suffix) for each in own):
        message = f"the ending {suffix} stands for {known[suffix]}, but the format is {name}. Change one of them."
        raise typer.BadParameter(message, param_hint=option)
    return name if name else known[suffix]


def create_temporary_page() -> Path:
    """Create an empty page that stays after the command, for the browser."""
    with NamedTemporaryFile(prefix="summarizer-", suffix=".html", delete=False) as file:
        return Path(file.name)


def open_page(path: Path) -> None:
    """Open a page in the browser, or say where it is."""
    if not webbrowser.open(path.resolve().as_uri()):
        print_message(f"no browser was found; the page is {path}.")


def write_lines(lines: Iterable[str], path: Path | None) -> None:
    """Write lines to ``path``, or to standard output as they come if that is None."""
    if path:
        write_text("".join(f"{line}\n" for line in lines), path)
        return
    for line in lines:
        print_text(f"{line}\n")


def _print_view(brief: "Brief", limit: int | None, full: bool) -> None:
    from rich.console import Console

    from summarizer.render import ViewOptions, to_terminal

    Console(highlight=False, color_system=None if os.environ.get("NO_COLOR") else "auto").print(
        to_terminal(brief, ViewOptions(limit, full))
    )


def print_text(text: str) -> None:
    """Write text to standard output as UTF-8 for other programs, regardless of the terminal's encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def check_writable(path: Path, *sources: str | Path | None) -> None:
    """Check before the work starts that a file can be written and is not a source."""
    if path.exists() and any(source and Path(source).exists() and path.samefile(source) for source in sources):
        raise ConfigurationError(f"{path} is what is read, and would be replaced.", hint="Name another file.")
    folder = path.resolve().parent
    if path.is_dir():
        raise ConfigurationError(f"{path} is a directory.", hint="Name a file in it.")
    if not folder.is_dir():
        raise ConfigurationError(f"{path} cannot be written: there is no directory {folder}.", hint="Create it first.")
    if not os.access(folder, os.W_OK):
        raise ConfigurationError(f"{path} cannot be written: {folder} is write-protected.", hint="Name another file.")


def _write_error(path: Path, error: OSError) -> ConfigurationError:
    return ConfigurationError(f"{path} cannot be written: {error.strerror or error}.", hint="Name another file.")


class JSONLinesWriter:
    """Writes lines to ``path.part`` as they arrive, then sorts them by number and moves the file to ``path``.

    A pipe or a device is written directly, in the order of arrival.
    Every method raises a ConfigurationError if the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._is_stream = path.exists() and not path.is_file() and not path.is_dir()
        if not self._is_stream:
            check_writable(path)
        self._target = path if self._is_stream else path.resolve()  # a symbolic link stays one
        self.part = path if self._is_stream else self._target.with_name(f"{path.name}.part")
        self._size = 0
        """Bytes of the complete lines."""
        self._index: list[tuple[int, int, int]] = []
        """Number, offset and size of each line."""
        try:
            self._file = cast("BinaryIO", self.part.open("ab", buffering=0))
            if not self._is_stream:
                _lock(self._file)
                self._file.truncate(0)
        except BlockingIOError as error:
            message = f"{path} is being written by another process."
            raise ConfigurationError(message, hint="Name another file.") from error
        except OSError as error:
            raise _write_error(self.part, error) from error

    def write(self, line: str, number: int) -> None:
        """Write one line that sorts by ``number``."""
        data = f"{line}\n".encode(errors="backslashreplace")  # a lone surrogate becomes JSON's own escape
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except BrokenPipeError:
            raise
        except OSError as error:
            raise _write_error(self.part, error) from error
        self._index.append((number, self._size, len(data)))
        self._size += len(data)

    def finish(self, *, complete: bool) -> Path:
        """Close the file, sort its lines, and return its path: only complete lines replace an earlier file."""
        self._close()
        if self._is_stream:
            return self.path
        try:
            if self._index != sorted(self._index):
                with replace_atomically(self.part) as file, self.part.open("rb") as unsorted:
                    for _, offset, size in sorted(self._index):
                        unsorted.seek(offset)
                        file.write(unsorted.read(size))
        except OSError as error:
            raise _write_error(self.part, error) from error
        if not complete and self.path.exists():
            return self.part
        self.part.replace(self._target)
        return self.path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def _close(self) -> None:
        """Close the file without the last line if that is incomplete."""
        if not self._file.closed:
            if not self._is_stream:
                self._file.truncate(self._size)
            self._file.close()


def _lock(file: BinaryIO) -> None:
    """Keep other processes out of a file until it is closed, or raise a BlockingIOError if one is writing it."""
    if sys.platform == "win32":  # an open file cannot be replaced there
        return
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise
    except OSError:  # the file system has no locks
        pass
