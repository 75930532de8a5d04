"""Work that many tests would repeat, done once: the parser of the command, and the tables of a new store."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

import typer.main
import typer.testing

from summarizer.store.database import Database

_connect: Callable[[Database], sqlite3.Connection] = Database._connect


def share_the_parser() -> None:
    """Let all runs of the command in one process share its parser, which takes longer to build than most runs."""
    typer.testing._get_command = cache(typer.main.get_command)


def connect_to_a_copy(database: Database) -> sqlite3.Connection:
    """Begin a new store with a copy of an empty one. It appears at once, as other threads may open it."""
    if not os.path.lexists(database.path):
        with suppress(OSError), tempfile.NamedTemporaryFile(dir=database.path.parent, prefix=".new-") as copy:
            copy.write(_empty_store())
            copy.flush()
            os.link(copy.name, database.path)
    return _connect(database)


@cache
def _empty_store() -> bytes:
    folder = Path(tempfile.mkdtemp(prefix="summarizer-"))
    try:
        database = Database.__new__(Database)
        database.path, database.wait = folder / "empty.db", 10.0
        _connect(database).close()
        return database.path.read_bytes()
    finally:
        shutil.rmtree(folder)
