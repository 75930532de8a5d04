"""Readable identifiers of actors and issues, and the keys of the log of decisions."""

import sqlite3
from itertools import chain, count
from typing import Literal

from summarizer._text import DistinctNames, normalize, normalized_words
from summarizer.store import Database

_MAX_CHARACTERS = 48
HASH_DIGITS = 12


def decision_key(article_sha256: str, words: str) -> str:
    """Return the key of a holder or an issue, given by its article and its name or proposition."""
    return f"{article_sha256[:HASH_DIGITS]}:{normalize(words)}"


class Identifiers:
    """The identifiers of a table, for many new ones."""

    def __init__(self, database: Database, table: Literal["actors", "dossier_issues"]) -> None:
        taken = (row[0] for row in database.query(f"SELECT id FROM {table}"))  # noqa: S608
        self._names = DistinctNames(taken, add_number="{}-{}".format)

    def create(self, words: str) -> str:
        """Return an identifier that no row has: "jane-hill", or "jane-hill-2" if that is taken."""
        return self._names.make(join_words(words))


def new_identifier(connection: sqlite3.Connection, table: Literal["actors", "dossier_issues"], words: str) -> str:
    """Return an identifier that no row of a table has: "jane-hill", or "jane-hill-2" if that is taken."""
    start = join_words(words)
    for identifier in chain([start], (f"{start}-{number}" for number in count(2))):
        if not connection.execute(f"SELECT 1 FROM {table} WHERE id = ?", (identifier,)).fetchone():  # noqa: S608
            return identifier
    raise AssertionError  # the numbers do not end


def join_words(words: str) -> str:
    """Return the first words of a text as an identifier without a number."""
    joined = ""
    for word in normalized_words(words):
        if len(joined) + len(word) >= _MAX_CHARACTERS:
            break
        joined = f"{joined}-{word}" if joined else word
    return joined or "unnamed"
