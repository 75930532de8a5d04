"""Find the dispute of each article: statements are compared within one."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import count

from summarizer._patterns import compile_lazily
from summarizer.dossier.foreign import wording_of
from summarizer.dossier.tables import is_small
from summarizer.engines import stem
from summarizer.store import Database

_SAME_DISPUTE, _ONE_DISPUTE = 2, 3  # shared names from which on an article belongs to a dispute, or joins two
_CORE_SHARE = 0.1  # of a dispute's articles have a name that counts
_FEW = 3  # articles of a dispute that is joined with a larger one in the end
_MAX_POSTINGS = 200  # disputes with a name
_AT_ONCE = 1000  # articles in one transaction, so that other processes can write in between
_CAPITALISED = r"[A-ZÀ-Þ][\w’'-]{2,}"
_NAME = compile_lazily(_CAPITALISED)
_NAME_INSIDE = compile_lazily(rf"(?:(?<=[\w,’'] )|(?<=\b[dl][’'])){_CAPITALISED}|{_CAPITALISED}(?= [A-ZÀ-Þ:])")
"""A capitalised word within a sentence, or before another one."""


def assign_disputes(database: Database) -> None:
    """Put articles with new briefs into disputes, oldest first, and mark their statements for placing.

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


_COPIES = """
CREATE TEMP TABLE article_disputes (
    article INTEGER PRIMARY KEY, dispute INTEGER NOT NULL, brief INTEGER NOT NULL, placed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX temp.disputes_anew ON article_disputes (dispute);
CREATE TEMP TABLE dispute_names (
    name TEXT NOT NULL, dispute INTEGER NOT NULL, articles INTEGER NOT NULL, PRIMARY KEY (name, dispute)
) WITHOUT ROWID
"""
"""Empty tables that stand before those of the store as long as they exist."""


def _assign_all(connection: sqlite3.Connection, sql: str) -> None:
    """Put all articles into disputes, oldest first, and write what differs.

    A dispute has the number that its oldest article had. Statements stay placed in disputes of the same articles.
    """
    for statement in _COPIES.split(";"):
        connection.execute(statement)
    try:
        disputes = _Disputes(connection)
        for article, brief in connection.execute(sql).fetchall():
            disputes.assign(article, brief)
        disputes.join_small()
        found = connection.execute(
            "SELECT article, dispute, brief FROM temp.article_disputes JOIN articles ON id = article "
            "ORDER BY published, sha256"
        ).fetchall()
        names = connection.execute("SELECT name, dispute, articles FROM temp.dispute_names").fetchall()
    finally:
        connection.execute("DROP TABLE temp.article_disputes")
        connection.execute("DROP TABLE temp.dispute_names")
    rows = connection.execute("SELECT article, dispute, brief, placed FROM article_disputes").fetchall()
    known = {article: (dispute, brief, placed) for article, dispute, brief, placed in rows}
    numbers = _renumber(found, {article: dispute for article, (dispute, *_) in known.items()})
    old, new = defaultdict[int, set[tuple[int, int]]](set), defaultdict[int, set[tuple[int, int]]](set)
    marks = dict[int, int]()
    for article, (dispute, brief, mark) in known.items():
        old[dispute].add((article, brief))
        marks[dispute] = min(mark, marks.get(dispute, mark))
    for article, dispute, brief in found:
        new[numbers[dispute]].add((article, brief))
    placed_before = {frozenset(members): marks[dispute] for dispute, members in old.items()}
    wanted = {
        article: (dispute, brief, placed_before.get(frozenset(members), 0))
        for dispute, members in new.items()
        for article, brief in members
    }
    connection.executemany(
        "DELETE FROM article_disputes WHERE article = ?", [(article,) for article in known.keys() - wanted.keys()]
    )
    connection.executemany(
        "INSERT OR REPLACE INTO article_disputes (article, dispute, brief, placed) VALUES (?, ?, ?, ?)",
        [(article, *values) for article, values in wanted.items() if known.get(article) != values],
    )
    wanted_names = {(name, numbers[dispute], articles) for name, dispute, articles in names}
    known_names = set(map(tuple, connection.execute("SELECT name, dispute, articles FROM dispute_names")))
    connection.executemany(
        "DELETE FROM dispute_names WHERE name = ? AND dispute = ? AND articles = ?", known_names - wanted_names
    )
    connection.executemany("INSERT INTO dispute_names VALUES (?, ?, ?)", wanted_names - known_names)


def _renumber(found: Iterable[sqlite3.Row], known: Mapping[int, int]) -> Mapping[int, int]:
    """Return the number of each dispute: that of its oldest article that has one which no older dispute took."""
    rows = list(found)
    numbers: dict[int, int] = {}
    taken: set[int] = set()
    for article, dispute, _ in rows:
        if dispute not in numbers and (number := known.get(article)) is not None and number not in taken:
            numbers[dispute] = number
            taken.add(number)
    free = (number for number in count(1) if number not in taken)
    for _, dispute, _ in rows:
        if dispute not in numbers:
            numbers[dispute] = next(free)
    return numbers


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
            "INSERT INTO article_disputes (article, dispute, brief) VALUES (?, ?, ?)", (article, dispute, brief)
        )
        self._connection.executemany(
            "INSERT INTO dispute_names (name, dispute, articles) VALUES (?, ?, 1) "
            "ON CONFLICT (name, dispute) DO UPDATE SET articles = articles + 1",
            [(name, dispute) for name in sorted(names)],
        )

    def join_small(self) -> None:
        """Join disputes of few articles with one that shares names: it may have got them only later."""
        for dispute in sorted(self._sizes, key=lambda each: (self._sizes[each], -each)):
            if self._sizes[dispute] > _FEW:
                return
            rows = self._connection.execute("SELECT name FROM dispute_names WHERE dispute = ?", (dispute,))
            shared = self._shared([name for (name,) in rows.fetchall()], of=dispute)
            target = max(shared, key=lambda each: (shared[each], -each), default=None)
            if target is not None and shared[target] >= _SAME_DISPUTE and self._sizes[target] > _FEW:
                self._merge(target, dispute)

    def _next(self) -> int:
        """Return the number of a new dispute."""
        while self._last and self._last not in self._sizes:  # it became part of another one
            self._last -= 1
        self._last += 1
        return self._last

    def _names(self, article: int, brief: int) -> set[str]:
        sql = "SELECT title, text, language FROM articles WHERE id = ?"
        title, text, language = self._connection.execute(sql, (article,)).fetchone()
        code = (language or "en").partition("-")[0]
        has_few = code != "en" and not wording_of(code)  # statements with names; German nouns would all be names
        texts = [title or "", (text or "") if has_few else ""]
        rows = self._connection.execute("SELECT quotation, holder_names FROM positions WHERE brief = ?", (brief,))
        holders = set()
        for quotation, names in rows:
            texts.append(quotation)
            holders.add(names)
        words = [word for names in holders for word in _NAME.findall(names)]
        words += [word for text in texts for word in _NAME_INSIDE.findall(text)]
        return {stem(word) for word in words}

    def _shared(self, names: Iterable[str], of: int | None = None) -> Mapping[int, float]:
        """Return how many names an article or dispute shares with others; those of many disputes count less."""
        shared: defaultdict[int, float] = defaultdict(float)
        for name in names:
            rows = self._connection.execute(
                "SELECT dispute, articles FROM dispute_names WHERE name = ? LIMIT ?", (name, _MAX_POSTINGS)
            )
            common = [dispute for dispute, articles in rows if articles >= _CORE_SHARE * self._sizes[dispute]]
            if of is not None:
                common = [each for each in common if self._sizes[each] > _FEW]
            for dispute in common:
                shared[dispute] += 2 / (1 + len(common))
        return shared

    def _merge(self, dispute: int, other: int) -> None:
        self._connection.execute("UPDATE article_disputes SET dispute = ? WHERE dispute = ?", (dispute, other))
        self._connection.execute(
            "INSERT INTO dispute_names (name, dispute, articles) SELECT name, ?, articles FROM dispute_names WHERE "
            "dispute = ? ON CONFLICT (name, dispute) DO UPDATE SET articles = articles + excluded.articles",
            (dispute, other),
        )
        self._connection.execute("DELETE FROM dispute_names WHERE dispute = ?", (other,))
        self._sizes[dispute] += self._sizes.pop(other)
