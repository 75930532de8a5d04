"""A file of JSON Lines that is there as a whole or not at all."""

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

from summarizer.cli.output import check_writable
from summarizer.errors import ConfigurationError


class Lines:
    """Writes lines to ``path.part``, each as soon as it is there, and puts them in the place of ``path`` at the end.

    There they stand in the order of their numbers. What is no file, but a pipe or a device, is written to as it is.

    Raises:
        ConfigurationError: it cannot be written, or another process is writing it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._flows = path.exists() and not path.is_file() and not path.is_dir()
        if not self._flows:
            check_writable(path)
        self._target = path if self._flows else path.resolve()  # a link stays one
        self.part = path if self._flows else self._target.with_name(f"{path.name}.part")
        self._whole = 0
        self._places: list[tuple[int, int, int]] = []
        """Of each line its number, where it begins, and its bytes."""
        try:
            self._file = cast("BinaryIO", self.part.open("ab", buffering=0))
            if not self._flows:
                _lock(self._file, self.part)
                self._file.truncate(0)
        except BlockingIOError as error:
            said = f"{path} is being written by another process."
            raise ConfigurationError(said, hint="Name another file.") from error
        except OSError as error:
            raise _cannot(self.part, error) from error

    def write(self, line: str, number: int) -> None:
        """Write one line, the ``number``-th when all are there.

        Raises:
            ConfigurationError: the disk is full, or gone.
        """
        data = f"{line}\n".encode(errors="backslashreplace")  # half a character, as in some names: JSON's own escape
        left = memoryview(data)
        try:
            while left:
                left = left[self._file.write(left) :]
        except BrokenPipeError:
            raise
        except OSError as error:
            raise _cannot(self.part, error) from error
        self._places.append((number, self._whole, len(data)))
        self._whole += len(data)

    def finish(self, *, whole: bool) -> Path:
        """Where the lines stand now: at ``path``, unless they are not all and an earlier file is there.

        Raises:
            ConfigurationError: they cannot be put in order; they stand in ``path.part`` as they came.
        """
        self._close()
        if not self._flows and self._places != sorted(self._places):
            self._put_in_order()
        if self._flows or (not whole and self.path.exists()):
            return self.part
        self.part.replace(self._target)
        return self.path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._close()

    def _put_in_order(self) -> None:
        beside = self.part.with_name(f"{self.part.name}.sorted")
        try:
            with self.part.open("rb") as came, beside.open("wb") as ordered:
                for _, start, length in sorted(self._places):
                    came.seek(start)
                    ordered.write(came.read(length))
            beside.replace(self.part)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise _cannot(self.part, error) from error

    def _close(self) -> None:
        """Close the file, without what there is of a line that could not be written to its end."""
        if not self._file.closed:
            if not self._flows:
                self._file.truncate(self._whole)
            self._file.close()


def is_database(path: Path) -> bool:
    """Whether it is a file of SQLite's."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return file.read(16) == b"SQLite format 3\0"
    except OSError:
        return False


def _lock(file: BinaryIO, path: Path) -> None:
    """Keep other processes out of ``file`` until it is closed.

    Raises:
        BlockingIOError: another one is at it, or has just put it in its place.
    """
    if sys.platform == "win32":  # where nobody can replace what another has open
        return
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        ours = path.exists() and os.path.samestat(os.fstat(file.fileno()), path.stat())
    except BlockingIOError:
        ours = False
    except OSError:  # a file system without locks
        return
    if not ours:
        file.close()
        raise BlockingIOError


def _cannot(path: Path, error: OSError) -> ConfigurationError:
    said = f"{path} cannot be written: {error.strerror or error}."
    return ConfigurationError(said, hint="Make room, or name another file.")
