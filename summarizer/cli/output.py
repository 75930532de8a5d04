"""Write briefs to standard output and to files, and JSON Lines to a file."""

import os
import sys
import tempfile
import webbrowser
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Self, cast

from summarizer._files import replace_atomically
from summarizer.errors import ConfigurationError

if TYPE_CHECKING:
    from summarizer.article import Article
    from summarizer.brief import Brief


def write_brief(
    brief: "Brief",
    format: str,  # noqa: A002
    path: Path | None,
    article: "Article | None",
    limit: int | None = None,
) -> None:
    """Write a brief to ``path``, or to standard output if that is None.

    Args:
        brief: The brief.
        format: Its format; HTML needs the article.
        path: The file to replace.
        article: The article of the brief.
        limit: Maximum number of positions in terminal and Markdown output.

    Raises:
        BriefError: The brief is not of this article.
        ConfigurationError: ``path`` cannot be written.
    """
    if format == "terminal" and not path:
        _print_view(brief, limit)
    elif path:
        write_file(brief.render(format, article=article, limit=limit), path)
    else:
        print_text(brief.render(format, article=article, limit=limit))


def _print_view(brief: "Brief", limit: int | None) -> None:
    from rich.console import Console

    from summarizer.render import to_terminal

    plain: dict[str, Any] = {"color_system": None} if os.environ.get("NO_COLOR") else {}
    Console(highlight=False, **plain).print(to_terminal(brief, limit))


def print_text(text: str) -> None:
    """Write text to standard output as UTF-8, whatever the terminal's encoding: other programs read it."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def open_in_browser(page: Path) -> bool:
    """Open a file in the browser; return False if there is none."""
    return webbrowser.open(page.resolve().as_uri())


def create_page_file() -> Path:
    """Create a temporary HTML file that only its owner can read."""
    handle, name = tempfile.mkstemp(prefix="summarizer-", suffix=".html")
    os.close(handle)
    return Path(name)


def check_writable(path: Path) -> None:
    """Check that a file can be written, before work is done for it.

    Raises:
        ConfigurationError: It is a directory, or its directory does not exist or is write-protected.
    """
    folder = path.resolve().parent
    if path.is_dir():
        raise ConfigurationError(f"{path} is a directory.", hint="Name a file in it.")
    if not folder.is_dir():
        raise ConfigurationError(f"{path} cannot be written: there is no directory {folder}.", hint="Create it first.")
    if not os.access(folder, os.W_OK):
        raise ConfigurationError(f"{path} cannot be written: {folder} is write-protected.", hint="Name another file.")


def write_file(text: str, path: Path) -> None:
    """Write text as UTF-8 to a file, which is replaced only when all of it is written.

    Raises:
        ConfigurationError: It cannot be written; the previous content is unchanged.
    """
    try:
        if path.exists() and not path.is_file():  # a device or a pipe cannot be replaced
            path.write_bytes(text.encode())
        else:
            with replace_atomically(path) as file:
                file.write(text.encode())
    except OSError as error:
        raise _write_error(path, error) from error


def _write_error(path: Path, error: OSError) -> ConfigurationError:
    """Return the error for a file that cannot be written."""
    return ConfigurationError(f"{path} cannot be written: {error.strerror or error}.", hint="Name another file.")


class JSONLinesWriter:
    """Writes lines to ``path.part`` as they arrive, then sorts them by number and moves the file to ``path``.

    A pipe or a device is written directly, in the order of arrival.

    Raises:
        ConfigurationError: The file cannot be written, or another process is writing it.
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
                _lock(self._file, self.part)
                self._file.truncate(0)
        except BlockingIOError as error:
            message = f"{path} is being written by another process."
            raise ConfigurationError(message, hint="Name another file.") from error
        except OSError as error:
            raise _write_error(self.part, error) from error

    def write(self, line: str, number: int) -> None:
        """Write one line that sorts by ``number``.

        Raises:
            ConfigurationError: The disk is full or unavailable.
        """
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
        """Close the file, sort its lines, and return its path.

        Args:
            complete: Replace an earlier file at ``path``. If False and there is one, the lines stay in ``path.part``.

        Raises:
            ConfigurationError: The lines cannot be sorted; they stay in ``path.part``.
        """
        self._close()
        if not self._is_stream and self._index != sorted(self._index):
            self._sort()
        if self._is_stream or (not complete and self.path.exists()):
            return self.part
        self.part.replace(self._target)
        return self.path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._close()

    def _sort(self) -> None:
        try:
            with replace_atomically(self.part) as file, self.part.open("rb") as unsorted:
                for _, offset, size in sorted(self._index):
                    unsorted.seek(offset)
                    file.write(unsorted.read(size))
        except OSError as error:
            raise _write_error(self.part, error) from error

    def _close(self) -> None:
        """Close the file without the last line if that is incomplete."""
        if not self._file.closed:
            if not self._is_stream:
                self._file.truncate(self._size)
            self._file.close()


def _lock(file: BinaryIO, path: Path) -> None:
    """Keep other processes out of a file until it is closed.

    Raises:
        BlockingIOError: Another process is writing it, or has just moved it.
    """
    if sys.platform == "win32":  # an open file cannot be replaced there
        return
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_ours = path.exists() and os.path.samestat(os.fstat(file.fileno()), path.stat())
    except BlockingIOError:
        is_ours = False
    except OSError:  # the file system has no locks
        return
    if not is_ours:
        file.close()
        raise BlockingIOError
