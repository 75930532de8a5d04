"""A file of JSON Lines that is there as a whole or not at all."""

from pathlib import Path
from types import TracebackType
from typing import Self

from summarizer.errors import ConfigurationError
from summarizer.output import check_writable


class Lines:
    """Writes lines to ``path.part``, each as soon as it is there, and puts them in the place of ``path`` at the end.

    Raises:
        ConfigurationError: it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        check_writable(path)
        self.path, self.part = path, path.with_name(f"{path.name}.part")
        try:
            self._file = self.part.open("wb", buffering=0)
        except OSError as error:
            raise _cannot(self.part, error) from error

    def write(self, line: str) -> None:
        """Write one line.

        Raises:
            ConfigurationError: the disk is full, or gone.
        """
        try:
            self._file.write(f"{line}\n".encode())
        except OSError as error:
            raise _cannot(self.part, error) from error

    def finish(self, *, whole: bool) -> Path:
        """Where the lines stand now: at ``path``, unless they are not all and an earlier file is there."""
        self._file.close()
        if not whole and self.path.exists():
            return self.part
        self.part.replace(self.path)
        return self.path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()


def _cannot(path: Path, error: OSError) -> ConfigurationError:
    said = f"{path} cannot be written: {error.strerror or error}."
    return ConfigurationError(said, hint="Make room, or name another file.")
