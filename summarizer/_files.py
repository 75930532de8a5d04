"""Read the data files of the package, and replace files atomically."""

import secrets
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO


def read_toml(module: str, name: str) -> dict[str, Any]:
    """Return the data in a TOML file; ``name`` is its path from the folder of a module (its ``__file__``)."""
    return tomllib.loads((Path(module).parent / name).read_text(encoding="utf-8"))


@contextmanager
def replace_atomically(path: Path) -> Iterator[BinaryIO]:
    """Open a temporary file that replaces ``path`` when the block ends without an error.

    It lies beside the target, keeps the target's permissions, and is deleted after an error. If ``path`` is a
    symbolic link, the file it points to is replaced.

    Raises:
        OSError: The file cannot be written or replaced; the target is unchanged.
    """
    target = path.resolve()
    temporary = target.with_name(f".summarizer-{secrets.token_hex(6)}.tmp")
    try:
        with temporary.open("xb") as file:
            yield file
        if target.exists():
            shutil.copymode(target, temporary)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
