"""Find the dispute of each article: statements are compared within one."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from summarizer._patterns import compile_lazily
from summarizer.dossier.tables import is_small
from summarizer.engines import stem
from summarizer.store import Database

_SAME_DISPUTE, _ONE_DISPUTE = 2, 3  # shared names from which on an article belongs to a dispute, or joins two
_CORE_SHARE = 0.1  # of a dispute's articles have a name that counts
_MAX_POSTINGS = 200  # disputes with a name
_AT_ONCE = 1000  # articles in one transaction, so that other processes can write in between
_NAME = compile_lazily(r"[A-Z][\w’'-]{2,}")
_NAME_INSIDE = compile_lazily(r"(?<=[\w,’'] )[A-Z][\w’'-]{2,}|[A-Z][\w’'-]{2,}(?= [A-Z])")
"""A capitalised word within a sentence, or before another one."""


def assign_disputes(database: Database) -> None:
    """Put each article with a new brief into a dispute, oldest first, and note that its statements are to be placed.

    In a small store, all articles are put into disputes anew, so that the order in which they came does not count.
    """
    sql = (
        "SELECT current_briefs.article, current_briefs.brief FROM current_briefs "
        "JOIN articles ON articles.id = current_briefs.article LEFT JOIN article_disputes USING (article) "
        "WHERE placed IS NULL OR article_disputes.brief != current_briefs.brief ORDER BY published, sha256"
    )
    new = [(article, brief) for article, brief in database.stream(sql)]
    if new and is_small(database):
        with database.transaction() as connection:
            _assign_all(connection, sql)
        return
    for start in range(0, len(new), _AT_ONCE):
        with database.transaction() as connection:
            disputes = _Disputes(connection)
            for article, brief in new[start : start + _AT_ONCE]:
                disputes.assign(article, brief)


def forget_disputes(database: Database) -> None:
    """Let the next call of `assign_disputes` begin with an empty list."""
    with database.transaction() as connection:
        connection.execute("DELETE FROM article_disputes")
        connection.execute("DELETE FROM dispute_names")


def _assign_all(connection: sqlite3.Connection, sql: str) -> None:
    """Put all articles into disputes, oldest first. Statements stay placed in disputes of the same articles."""
    members = (
        "SELECT dispute, group_concat(article || ':' || brief) FROM (SELECT * FROM article_disputes ORDER BY article) "
        "GROUP BY dispute HAVING min(placed) = ?"
    )
    old = {each for _, each in connection.execute(members, (1,))}
    connection.execute("DELETE FROM article_disputes")
    connection.execute("DELETE FROM dispute_names")
    disputes = _Disputes(connection)
    for article, brief in connection.execute(sql).fetchall():
        disputes.assign(article, brief)
    same = [(dispute,) for dispute, each in connection.execute(members, (0,)) if each in old]
    connection.executemany("UPDATE article_disputes SET placed = 1 WHERE dispute = ?", same)


class _Disputes:
    """Finds the dispute of an article: that of articles with the same names in their statements."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        rows = connection.execute("SELECT dispute, count(*) FROM article_disputes GROUP BY dispute")
        self._sizes = Counter(dict(map(tuple, rows)))
        self._last = max(self._sizes, default=0)

    def assign(self, article: int, brief: int) -> None:
        """Put an article into a dispute: into a new one if it shares too few names with each."""
        known = self._connection.execute("SELECT dispute FROM article_disputes WHERE article = ?", (article,))
        if known.fetchone():
            self._connection.execute(
                "UPDATE article_disputes SET placed = 0, brief = ? WHERE article = ?", (brief, article)
            )
            return
        names = self._names(article, brief)
        shared = self._shared(names)
        near = sorted(
            (each for each in shared if shared[each] >= _SAME_DISPUTE), key=lambda each: (-shared[each], each)
        )
        dispute = near[0] if near else self._next()
        for other in near[1:]:
            if shared[other] >= _ONE_DISPUTE:
                self._merge(dispute, other)
        self._sizes[dispute] += 1
        self._connection.execute(
            "INSERT INTO article_disputes (article, dispute, brief) VALUES (?, ?, ?)",
            (article, dispute, brief),
        )
        self._connection.executemany(
            "INSERT INTO dispute_names (name, dispute, articles) VALUES (?, ?, 1) "
            "ON CONFLICT (name, dispute) DO UPDATE SET articles = articles + 1",
            [(name, dispute) for name in sorted(names)],
        )

    def _next(self) -> int:
        """Return the number of a new dispute."""
        while self._last and self._last not in self._sizes:  # it became part of another one
            self._last -= 1
        self._last += 1
        return self._last

    def _names(self, article: int, brief: int) -> set[str]:
        (title,) = self._connection.execute("SELECT title FROM articles WHERE id = ?", (article,)).fetchone()
        texts = [title or ""]
        rows = self._connection.execute("SELECT quotation, holder_names FROM positions WHERE brief = ?", (brief,))
        holders = set()
        for quotation, names in rows:
            texts.append(quotation)
            holders.add(names)
        words = [word for names in holders for word in _NAME.findall(names)]
        words += [word for text in texts for word in _NAME_INSIDE.findall(text)]
        return {stem(word) for word in words}

    def _shared(self, names: Iterable[str]) -> Mapping[int, float]:
        """Return how many names an article shares with each dispute; those of many disputes count less."""
        shared: defaultdict[int, float] = defaultdict(float)
        for name in names:
            rows = self._connection.execute(
                "SELECT dispute, articles FROM dispute_names WHERE name = ? LIMIT ?", (name, _MAX_POSTINGS)
            )
            common = [dispute for dispute, articles in rows if articles >= _CORE_SHARE * self._sizes[dispute]]
            for dispute in common:
                shared[dispute] += 2 / (1 + len(common))
        return shared

    def _merge(self, dispute: int, other: int) -> None:
        self._connection.execute("UPDATE article_disputes SET dispute = ? WHERE dispute = ?", (dispute, other))
        self._connection.execute(
            "INSERT INTO dispute_names (name, dispute, articles) "
            "SELECT name, ?, articles FROM dispute_names WHERE dispute = ? "
            "ON CONFLICT (name, dispute) DO UPDATE SET articles = articles + excluded.articles",
            (dispute, other),
        )
        self._connection.execute("DELETE FROM dispute_names WHERE dispute = ?", (other,))
        self._sizes[dispute] += self._sizes.pop(other)
