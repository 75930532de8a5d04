"""Link issues anew so that each keeps the id of the issue that had most of its statements."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from summarizer._patterns import compile_lazily
from summarizer.dossier.identifiers import HASH_DIGITS, join_words, new_identifier
from summarizer.dossier.tables import SUPERSEDED, is_small
from summarizer.store import Database, insert

_NUMBER = compile_lazily(r"-\d+$")
_UNLINK_SUPERSEDED = (
    "UPDATE issues SET dossier_issue = NULL, contrary = 0 WHERE id IN (SELECT issues.id FROM briefs "  # noqa: S608
    f"CROSS JOIN issues ON issues.brief = briefs.id WHERE dossier_issue IS NOT NULL AND {SUPERSEDED})"
)
_DECIDED = f"""
WITH named (one) AS (
    SELECT value FROM decisions, json_each(json_array(one, other)) WHERE kind = 'issue'
    AND (made_by != 'rule' OR undone IS NOT NULL OR reason LIKE 'embeddings%')
), issue_ids (issue) AS (SELECT substr(one, 7) FROM named WHERE one LIKE 'issue:%')
SELECT articles.id FROM named JOIN articles
    ON sha256 >= substr(named.one, 1, {HASH_DIGITS}) AND sha256 < substr(named.one, 1, {HASH_DIGITS}) || 'g'
    WHERE named.one NOT LIKE 'issue:%'
UNION SELECT article FROM issues JOIN briefs ON briefs.id = issues.brief
    WHERE dossier_issue IN (SELECT issue FROM issue_ids)
UNION SELECT article FROM placements JOIN positions ON positions.id = position
    JOIN briefs ON briefs.id = positions.brief WHERE dossier_issue IN (SELECT issue FROM issue_ids)
"""  # noqa: S608
"""The articles of issues on which a person, a model or embeddings decided."""
_PINNED = f"SELECT DISTINCT dispute FROM article_disputes WHERE article IN ({_DECIDED})"  # noqa: S608
_BRIEFS = (
    "SELECT briefs.id FROM articles JOIN briefs ON briefs.article = articles.id JOIN article_disputes "
    "ON article_disputes.article = coalesce(copy_of, articles.id) WHERE dispute IN (SELECT value FROM json_each(?1))"
)
_MEMBERS = (
    "SELECT 'issue' AS kind, issues.id, dossier_issue FROM issues WHERE dossier_issue IS NOT NULL AND {issues} "
    "UNION ALL SELECT 'position', positions.id, coalesce(placements.dossier_issue, issues.dossier_issue) AS found "
    "FROM positions LEFT JOIN issues ON issues.id = positions.issue "
    "LEFT JOIN placements ON placements.position = positions.id WHERE found IS NOT NULL AND {positions}"
)
_IS_EMPTY = (
    "NOT EXISTS (SELECT 1 FROM issues WHERE dossier_issue = dossier_issues.id) "
    "AND NOT EXISTS (SELECT 1 FROM placements WHERE dossier_issue = dossier_issues.id)"
)
_IS_NEW = (
    "SELECT EXISTS (SELECT 1 FROM briefs WHERE indexed IS NULL) OR EXISTS (SELECT 1 FROM briefs WHERE searched IS NULL "
    "AND +indexed = 1) OR EXISTS (SELECT 1 FROM articles WHERE NOT compared AND EXISTS (SELECT 1 FROM briefs "
    "WHERE briefs.article = articles.id AND +indexed = 1)) OR EXISTS (SELECT 1 FROM linking)"
)
_NOT_CURRENT = (
    "DELETE FROM placements WHERE position IN "
    "(SELECT id FROM positions WHERE brief NOT IN (SELECT brief FROM current_briefs))"
)
_CONCERNED = (
    "SELECT actor FROM holders WHERE {} AND actor IS NOT NULL "
    "UNION SELECT actor FROM turns JOIN holders ON holders.id = turns.holder WHERE actor IS NOT NULL"
)

Link = tuple[str, bool]
"""The issue of the dossier for an issue of a brief, and whether this one is contrary to it."""

_ARTICLES = (
    "SELECT dispute, briefs.id, searched, placed FROM article_disputes JOIN briefs ON briefs.id = "
    "article_disputes.brief JOIN articles ON articles.id = briefs.article ORDER BY published, sha256"
)
_ISSUES = (
    "SELECT issues.id, dispute, dossier_issue IS NULL FROM issues JOIN briefs ON briefs.id = issues.brief "
    "JOIN articles ON articles.id = briefs.article "
    "JOIN article_disputes ON article_disputes.article = coalesce(copy_of, articles.id)"
)
_HOLDERS = "SELECT dispute, id, actor FROM article_disputes JOIN holders USING (brief) ORDER BY id"
_TURNS = (
    "SELECT dispute, turns.id, actor FROM article_disputes JOIN turns USING (brief) "
    "JOIN holders ON holders.id = turns.holder WHERE turns.kind = 'turn' ORDER BY turns.id"
)
_GIVEN = (
    "SELECT DISTINCT dossier_issues.id, issues.proposition FROM dossier_issues "
    "LEFT JOIN issues ON dossier_issue = dossier_issues.id WHERE dossier_issues.given ORDER BY 1, 2"
)
Member = tuple[str, int]
"""An issue of a brief, or a position: its kind and its id."""


def is_unlinked(database: Database) -> bool:
    """Return whether a brief is not linked yet, or linking was interrupted."""
    return bool(database.query(_IS_NEW)[0][0])


def mark_linking(database: Database, *, is_new: bool) -> list[tuple[int]]:
    """Note in the store that linking begins, if there is something to link.

    Returns:
        The ids of the notes: this one, and those of calls that were interrupted or that still run elsewhere.
    """
    if database.is_read_only or not (is_new or is_unlinked(database)):
        return []
    with database.transaction() as connection:
        insert(connection, "linking", {"started": datetime.now(UTC).isoformat()})
        return [(number,) for (number,) in connection.execute("SELECT id FROM linking ORDER BY id")]


def end_linking(database: Database, marks: Collection[tuple[int]]) -> None:
    """Delete the notes of `mark_linking`, if there are some."""
    if marks:
        with database.transaction() as connection:
            connection.executemany("DELETE FROM linking WHERE id = ?", marks)


class Relinking:
    """Undoes links of issues, and gives the issues that are linked anew the ids of those before.

    In a small store, all issues of briefs are linked anew in memory, as if all briefs came at once. What has changed of
    a dispute is told by its mark; see `read_inputs`. The links of disputes whose marks are the same stay.

    Args:
        database: The database of the store.
        everything: Undo all links; otherwise those of disputes of which something changed.
        asks: A model or embeddings judge. As that takes time, links are undone only if all are.
        keeps_ids: Give issues the ids that they had.
    """

    def __init__(self, database: Database, *, everything: bool, asks: bool, keeps_ids: bool = True) -> None:
        self._keeps_ids, self._everything, self._is_small = keeps_ids, everything, is_small(database)
        self._before: dict[Member, str] = {}
        ((self._last,),) = database.query("SELECT coalesce(max(rowid), 0) FROM dossier_issues")
        self._compares = self._is_small and not asks and not database.is_read_only
        self.is_whole: bool = self._compares and self._last > 0
        """Whether one transaction holds all work, so that others see the state before it or after it."""
        self.unlinks: bool = everything or self._compares
        """Whether links are undone at all."""
        rows = database.query(_PINNED) if self._compares and not everything else ()
        self._pinned = frozenset(row["dispute"] for row in rows)
        self._disputes: list[int] | None = None if everything else []  # None: all
        self._marks: Mapping[int, int] = {}
        self._places: Mapping[int, int] = {}

    def unlink(self, connection: sqlite3.Connection) -> None:
        """Undo links, within the transaction that makes new ones. The rows of the issues stay until `finish`."""
        connection.execute(_UNLINK_SUPERSEDED)
        if not self._everything:
            return
        self._before = _members(connection, None)
        connection.execute("UPDATE issues SET dossier_issue = NULL, contrary = 0 WHERE dossier_issue IS NOT NULL")
        connection.execute("UPDATE article_disputes SET placed = 0 WHERE placed")
        if self._is_small:  # in a large store, each dispute's are replaced in one transaction
            connection.execute("DELETE FROM placements")

    def kept_briefs(self, connection: sqlite3.Connection) -> list[int] | None:
        """Return the briefs whose issues stay linked as they are; None for all that are linked."""
        if not self.unlinks:
            return None
        return [number for (number,) in connection.execute(_BRIEFS, (json.dumps(sorted(self._pinned)),))]

    def choose(self, connection: sqlite3.Connection, links: Mapping[int, Link]) -> Collection[int]:
        """Return the issues of briefs whose links are to be written, and undo what depends on their old links.

        Args:
            connection: It is in the transaction that links.
            links: The links of issues of briefs, by their ids.
        """
        if not self._compares:
            return links.keys()
        inputs = read_inputs(connection, links, self._pinned)
        self._marks = inputs.marks
        self._places = {each: place for place, each in enumerate(self._marks, 1)}
        if self._disputes is not None:
            changed = {mark for each, mark in self._marks.items() if inputs.placed[each] != {mark}}
            self._disputes = [each for each, mark in self._marks.items() if mark in changed]
            self._before = _members(connection, self._disputes)
            disputes = json.dumps(self._disputes)
            where = "dispute IN (SELECT value FROM json_each(?1))"
            connection.execute(f"UPDATE article_disputes SET placed = 0 WHERE placed AND {where}", (disputes,))  # noqa: S608
            scope = f"SELECT id FROM positions WHERE {_scope('positions', self._disputes)}"  # noqa: S608
            connection.execute(f"DELETE FROM placements WHERE position IN ({scope})", (disputes,))  # noqa: S608
            connection.execute(_NOT_CURRENT)
        chosen = None if self._disputes is None else set(self._disputes)
        return [each for each in links if chosen is None or inputs.disputes.get(each) in chosen or each in inputs.new]

    def order(self, dispute: int) -> tuple[int, int]:
        """Return the place of a dispute: they are placed by their oldest articles, since one can depend on another."""
        return self._places.get(dispute, 0), dispute

    def mark(self, dispute: int) -> int:
        """Return the mark of a dispute whose statements are placed."""
        return self._marks.get(dispute, 1)

    def actors_concerned(self, database: Database) -> set[str]:
        """Return the actors of disputes that are linked anew, and those of whose changes articles tell."""
        if not self._compares or self._disputes == []:
            return set()
        sql = _CONCERNED.format(_scope("holders", self._disputes))
        return {actor for (actor,) in database.query(sql, json.dumps(self._disputes))}

    def finish(self, database: Database, touched: Collection[str]) -> set[str]:
        """Give back ids when all is placed, and delete issues that nothing has any more. Return ``touched`` by them."""
        if not self.unlinks:
            return set(touched)
        with database.transaction() as connection:
            changed = self._inherit(connection, self._before, self._disputes)
            connection.execute(f"DELETE FROM dossier_issues WHERE NOT given AND NOT found AND {_IS_EMPTY}")  # noqa: S608
            sql = "SELECT id, proposition FROM dossier_issues WHERE NOT given AND rowid > ? ORDER BY rowid"
            for issue, proposition in connection.execute(sql, (self._last,)).fetchall():
                free = new_identifier(connection, "dossier_issues", proposition)
                if (len(free), free) < (len(issue), issue):  # the number is due to an issue that is gone
                    _rename(connection, issue, free)
                    changed[issue] = free
        return {changed.get(issue, issue) for issue in touched}

    def read(self, connection: sqlite3.Connection, dispute: int) -> dict[Member, str]:
        """Return the issues of a dispute whose statements are placed in a transaction of their own."""
        return {} if self.unlinks or not self._last else _members(connection, [dispute])

    def inherit(
        self, connection: sqlite3.Connection, before: Mapping[Member, str], dispute: int, touched: Collection[str]
    ) -> set[str]:
        """Give back the ids that a dispute had before its statements were placed. Return ``touched`` by them."""
        changed = self._inherit(connection, before, [dispute]) if before else {}
        return {changed.get(issue, issue) for issue in touched}

    def _inherit(
        self, connection: sqlite3.Connection, before: Mapping[Member, str], disputes: Collection[int] | None
    ) -> dict[str, str]:
        """Give each new issue the unused id of the earlier one with most of its members."""
        if not self._keeps_ids:
            return {}
        now = _members(connection, disputes)
        pairs = Counter((before[member], issue) for member, issue in now.items() if member in before)
        ids = json.dumps(sorted({issue for pair in pairs for issue in pair}))
        sql = "SELECT id FROM dossier_issues WHERE +rowid > ? AND NOT given AND id IN (SELECT value FROM json_each(?))"
        new_ids = {issue for (issue,) in connection.execute(sql, (self._last, ids))}
        votes = {pair: count for pair, count in pairs.items() if pair[0] not in new_ids and pair[1] in new_ids}
        words = _read_words(connection, new_ids)
        texts = dict(map(tuple, connection.execute("SELECT id, proposition FROM dossier_issues")))

        def rank(vote: tuple[tuple[str, str], int]) -> tuple[object, ...]:
            """Rank an issue with the wording of an id first, so that no id goes to another matter."""
            (old, new), count = vote
            names = {old, _NUMBER.sub("", old)}
            is_stale = join_words(texts.get(old, "")) not in words[new]
            return words[new].isdisjoint(names), join_words(texts[new]) not in names, is_stale, -count, old, new

        changed: dict[str, str] = {}
        for (old, new), _ in sorted(votes.items(), key=rank):
            if new not in changed and not _is_used(connection, old):
                _rename(connection, new, old)
                changed[new] = old
        return changed


def _scope(table: str, disputes: Collection[int] | None) -> str:
    """Return a condition on the briefs of a table's rows, with the disputes in JSON as the parameter 1."""
    return "?1 = 'null'" if disputes is None else f"{table}.brief IN ({_BRIEFS})"


def _members(connection: sqlite3.Connection, disputes: Collection[int] | None) -> dict[Member, str]:
    """Return the issues of the dossier of all issues of briefs and positions in some or all disputes."""
    sql = _MEMBERS.format(**{table: _scope(table, disputes) for table in ("issues", "positions")})
    return {(kind, number): issue for kind, number, issue in connection.execute(sql, (json.dumps(disputes),))}


def _read_words(connection: sqlite3.Connection, issues: Collection[str]) -> Mapping[str, set[str]]:
    """Return the propositions of issues in the words of ids."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    sql = "SELECT id, proposition FROM dossier_issues UNION SELECT dossier_issue, proposition FROM issues"
    for issue, proposition in connection.execute(sql):
        if issue in issues:
            found[issue].add(join_words(proposition))
    return found


def _is_used(connection: sqlite3.Connection, issue: str) -> bool:
    """Return whether an issue is one of a codebook, or has issues of briefs or statements."""
    sql = f"SELECT 1 FROM dossier_issues WHERE id = ? AND (given OR NOT ({_IS_EMPTY}))"  # noqa: S608
    return connection.execute(sql, (issue,)).fetchone() is not None


def _rename(connection: sqlite3.Connection, issue: str, name: str) -> None:
    """Give a new issue another id: that of an issue that nothing has any more, or a free one."""
    connection.execute("INSERT OR IGNORE INTO dossier_issues (id, proposition) VALUES (?, '')", (name,))
    connection.execute(
        "UPDATE dossier_issues SET (proposition, given, found, wordings) = "
        "(SELECT proposition, given, found, wordings FROM dossier_issues WHERE id = ?) WHERE id = ?",
        (issue, name),
    )
    for table in ("issues", "placements", "changes", "turns"):
        sql = f"UPDATE {table} SET dossier_issue = ? WHERE dossier_issue = ?"  # noqa: S608
        connection.execute(sql, (name, issue))
    for column in ("one", "other"):
        sql = f"UPDATE decisions SET {column} = ? WHERE kind = 'issue' AND {column} = ?"  # noqa: S608
        connection.execute(sql, (f"issue:{name}", f"issue:{issue}"))
    connection.execute("DELETE FROM dossier_issues WHERE id = ?", (issue,))


@dataclass(frozen=True)
class Inputs:
    """What the links of disputes are made of."""

    marks: Mapping[int, int]
    """A number for each dispute, by their oldest articles: the same as long as its links would be the same."""
    placed: Mapping[int, set[int]]
    """The marks of which the links of each dispute were made; 0 for an article that is new in it."""
    disputes: Mapping[int, int]
    """The dispute of each issue of a brief."""
    new: Collection[int]
    """The issues of briefs that have no link."""


def read_inputs(connection: sqlite3.Connection, links: Mapping[int, Link], pinned: Collection[int]) -> Inputs:
    """Return what links are made of: disputes that share an issue, or somebody who changed position, as one.

    Args:
        connection: The database.
        links: The issue of the dossier that words alone find for each issue of a brief.
        pinned: Disputes whose links stay.
    """
    parts: defaultdict[int, list[object]] = defaultdict(list)
    placed: defaultdict[int, set[int]] = defaultdict(set)
    for dispute, brief, searched, placed_of in connection.execute(_ARTICLES):
        parts[dispute].append((brief, searched))
        placed[dispute].add(placed_of)
    disputes, new = dict[int, int](), set[int]()
    for issue, dispute, is_new in connection.execute(_ISSUES):
        disputes[issue] = dispute
        if is_new:
            new.add(issue)
    kept = {issue for (issue,) in connection.execute("SELECT id FROM dossier_issues")}
    given = list(map(tuple, connection.execute(_GIVEN)))
    shared: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    first: dict[str, int] = {}
    for number, (issue, is_contrary) in links.items():
        dispute = disputes.get(number, 0)
        parts[dispute].append((number, issue if issue in kept else first.setdefault(issue, number), is_contrary))
        if issue not in kept:
            shared["issue", issue].add(dispute)
    actors: defaultdict[str, set[int]] = defaultdict(set)
    for dispute, holder, actor in connection.execute(_HOLDERS):
        parts[dispute].append((holder, actor))
        actors[actor or ""].add(dispute)
    for dispute, turn, actor in connection.execute(_TURNS):
        parts[dispute].append((turn, actor))
        shared["actor", actor or ""] |= {dispute, *actors[actor or ""]}
    marks: dict[int, int] = {}
    groups = _join(placed.keys() - pinned, shared.values())
    for dispute in placed:
        if dispute in groups and dispute not in marks:
            members = [each for each in placed if groups.get(each) is groups[dispute]]
            data = repr([given, *(parts[each] for each in members)])
            marks |= dict.fromkeys(members, 2 + int.from_bytes(sha256(data.encode()).digest()[:7], "big"))
    return Inputs({each: marks[each] for each in placed if each in marks}, placed, disputes, new)


def _join(members: Iterable[int], sets: Iterable[Collection[int]]) -> dict[int, set[int]]:
    """Return the group of each member: those that are in one set, or in sets with common members."""
    groups = {each: {each} for each in members}
    for found in sets:
        one, *others = [groups[each] for each in found if each in groups] or [set[int]()]
        for other in others:
            if other is not one:
                small, large = sorted((one, other), key=len)
                large |= small
                groups |= dict.fromkeys(small, large)
                one = large
    return groups
