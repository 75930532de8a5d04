"""Readable identifiers, made of a name or a proposition."""

import sqlite3
from itertools import chain, count
from typing import Literal

from summarizer._text import normalized_words

_MAX_CHARACTERS = 48


def new_identifier(connection: sqlite3.Connection, table: Literal["actors", "dossier_issues"], words: str) -> str:
    """Return an identifier that no row of a table has: "jane-hill", or "jane-hill-2" if that is taken."""
    start = _join_words(words)
    for identifier in chain([start], (f"{start}-{number}" for number in count(2))):
        if not connection.execute(f"SELECT 1 FROM {table} WHERE id = ?", (identifier,)).fetchone():  # noqa: S608
            return identifier
    raise AssertionError  # the numbers do not end


def _join_words(words: str) -> str:
    joined = ""
    for word in normalized_words(words):
        if len(joined) + len(word) >= _MAX_CHARACTERS:
            break
        joined = f"{joined}-{word}" if joined else word
    return joined or "unnamed"
