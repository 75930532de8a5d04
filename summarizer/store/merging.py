"""Merge the stores of several workers into one, by SQL and in the order of their articles.

A merge can be repeated or interrupted: rows that are there already change nothing. Of two rows with one key, the newer
one is kept, so the order of stores does not count.
"""

# ruff: noqa: S608  # the statements are made of constants and of names of columns

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory

from summarizer.errors import StoreError
from summarizer.store.database import APPLICATION_ID, OLDEST_READABLE, VERSION, Database
from summarizer.store.leases import has_expired

ARTICLES_AT_ONCE = 2_000
"""Articles in one transaction; others can write between two of them."""
OnMerge = Callable[[Path, int, int], None]
"""A callback for progress: the store that is merged, and how many of how many articles are done."""


@dataclass
class Merged:
    """The numbers of new or newer rows that a merge has brought."""

    articles: int = 0
    briefs: int = 0
    failures: int = 0
    replies: int = 0
    runs: int = 0
    pages: int = 0
    decisions: int = 0
    batches: int = 0
    """Batches that are not collected yet: both stores can collect their replies."""
    in_progress: int = 0
    """Articles that a process works on in one of the stores: another merge brings their briefs."""

    def __iadd__(self, other: "Merged") -> "Merged":
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))
        return self


def check_sources(paths: Iterable[Path], into: Path) -> None:
    """Check that the files to merge are stores other than the one that takes them.

    Raises:
        StoreError: One is not.
    """
    for path in paths:
        if not path.is_file():
            message = f"{path} is not a store." if path.exists() else f"There is no store {path}."
            raise StoreError(message, hint="Name the files of stores.")
        if into.exists() and path.samefile(into):
            raise StoreError(f"The store {path} cannot be merged into itself.", hint="Name another one with --into.")
        with path.open("rb") as file:
            header = file.read(72)
        if not header.startswith(b"SQLite format 3\0") or int.from_bytes(header[68:]) != APPLICATION_ID:
            raise StoreError(f"{path} is not a store.", hint="Name the files of stores.")


def merge_store(database: Database, path: Path, on_progress: OnMerge) -> Merged:
    """Merge the store at ``path`` into another.

    Raises:
        StoreError: It is not a store, one of them cannot be used, or a batch was being submitted.
    """
    check_sources([path], database.path)
    merged = Merged()
    with _current_layout(path) as usable, _attached(database, usable):
        if database.query("SELECT 1 FROM other.batch_jobs WHERE state = 'creating'"):
            if _count_running(database, "batches"):
                raise StoreError(f"A process submits batches from the store {path}.", hint="Merge it a little later.")
            raise StoreError(
                f"The store {path} was about to submit a batch, which the server may have or not.",
                hint=f"'summarizer batches collect --store {path}' finds that out; then merge.",
            )
        _copy_engines_and_runs(database, merged)
        ((total, last),) = database.query("SELECT count(*), coalesce(max(id), 0) FROM other.articles")
        done = start = 0
        while start < last:
            on_progress(path, done, total)
            rows = database.query(
                "SELECT max(id) AS stop, count(*) AS count FROM "
                "(SELECT id FROM other.articles WHERE id > ? ORDER BY id LIMIT ?)",
                start,
                ARTICLES_AT_ONCE,
            )
            if not rows[0]["count"]:
                break
            with database.transaction() as connection:
                _copy_articles(connection, start, rows[0]["stop"], merged)
                _copy_briefs(connection, merged)
                _copy_failures_and_replies(connection, merged)
            start, done = rows[0]["stop"], done + rows[0]["count"]
        on_progress(path, total, total)
        _copy_pages_and_decisions(database, merged)
        _copy_batches(database, merged)
        merged.in_progress = _count_running(database, "article %")
    return merged


def _count_running(database: Database, key: str) -> int:
    """Return the number of leases of live processes in the other store, by a pattern of their keys."""
    rows = database.query("SELECT host, pid, renewed FROM other.leases WHERE key LIKE ?", key)
    return sum(not has_expired(*row) for row in rows)


@contextmanager
def _current_layout(path: Path) -> Iterator[Path]:
    """Yield the path of a store, or that of a temporary copy in the current layout. No source is changed."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            ((application, version),) = connection.execute(
                "SELECT application_id, user_version FROM pragma_application_id, pragma_user_version"
            )
    except sqlite3.Error:  # such as one on a read-only mount
        application = version = None
    if application is not None and (application != APPLICATION_ID or not version):
        raise StoreError(f"{path} is not a store, or it is damaged.", hint="Name the files of stores.")
    if version is not None and OLDEST_READABLE <= version <= VERSION:
        yield path
        return
    with TemporaryDirectory(prefix="summarizer-") as folder:
        copy = Path(folder, path.name)
        if version is not None and version < VERSION:
            with closing(sqlite3.connect(address, uri=True)) as old, closing(sqlite3.connect(copy)) as new:
                old.backup(new)
        else:
            with closing(Database(path, 10.0)) as original:  # explains what is wrong with it
                original.copy_to(copy)
        Database(copy, 10.0).close()
        yield copy


@contextmanager
def _attached(database: Database, path: Path) -> Iterator[None]:
    database.query("ATTACH ? AS other", str(path))
    try:
        with database.transaction() as connection:
            for name in ("engines", "runs", "articles", "briefs"):
                connection.execute(f"CREATE TEMP TABLE merge_{name} (old INTEGER PRIMARY KEY, new INTEGER NOT NULL)")
        yield
    finally:
        for name in ("engines", "runs", "articles", "briefs"):
            database.query(f"DROP TABLE IF EXISTS temp.merge_{name}")
        database.query("DETACH other")


def _copy_engines_and_runs(database: Database, merged: Merged) -> None:
    counts = "done, failed, prompt_tokens, cached_tokens, completion_tokens, reasoning_tokens"
    with database.transaction() as connection:
        _insert_new(connection, "engines", "key, kind, model, prompts, options, library", "other.engines")
        connection.execute("INSERT INTO merge_engines SELECT theirs.id, ours.id FROM other.engines AS theirs "
                           "JOIN main.engines AS ours USING (key)")  # fmt: skip
        same = "ours.engine = merge_engines.new AND ours.started = theirs.started"
        joined = "other.runs AS theirs JOIN merge_engines ON merge_engines.old = theirs.engine"
        merged.runs += connection.execute(
            f"INSERT INTO main.runs (engine, started, ended, state, {counts}) "
            f"SELECT merge_engines.new, started, ended, state, {counts} FROM {joined} "
            f"WHERE NOT EXISTS (SELECT 1 FROM main.runs AS ours WHERE {same}) ORDER BY started"
        ).rowcount
        connection.execute(f"INSERT INTO merge_runs SELECT theirs.id, min(ours.id) FROM {joined} "
                           f"JOIN main.runs AS ours ON {same} GROUP BY theirs.id")  # fmt: skip
        columns = ("ended", "state", *counts.split(", "))
        merged.runs += connection.execute(  # it ended since the last merge
            f"UPDATE main.runs SET {', '.join(f'{each} = theirs.{each}' for each in columns)} "
            "FROM other.runs AS theirs JOIN merge_runs ON merge_runs.old = theirs.id "
            "WHERE runs.id = merge_runs.new AND runs.ended IS NULL AND theirs.ended IS NOT NULL"
        ).rowcount


def _copy_articles(connection: sqlite3.Connection, start: int, stop: int, merged: Merged) -> None:
    """Copy the articles with ids above ``start`` up to ``stop``, and what only one of two stores knows of them."""
    described = "title, author, published, language, source, url, site, section, form"
    columns = f"key, sha256, {described}, characters, first_seen, text"
    connection.execute("DELETE FROM merge_articles")
    source = f"other.articles WHERE id > {start} AND id <= {stop} ORDER BY id"
    merged.articles += _insert_new(connection, "articles", columns, source)
    connection.execute(
        "INSERT INTO merge_articles SELECT theirs.id, ours.id FROM other.articles AS theirs "
        "JOIN main.articles AS ours USING (key) WHERE theirs.id > ? AND theirs.id <= ?",
        (start, stop),
    )
    both = "FROM other.articles AS theirs JOIN merge_articles ON old = theirs.id WHERE articles.id = new"
    connection.execute(
        f"UPDATE main.articles SET text = theirs.text, compared = 0 {both} AND articles.text = '' AND theirs.text <> ''"
    )
    for name in ("site", "url", "section", "form"):
        connection.execute(
            f"UPDATE main.articles SET {name} = theirs.{name} {both} "
            f"AND articles.{name} IS NULL AND theirs.{name} IS NOT NULL"
        )
    connection.execute(
        f"UPDATE main.articles SET first_seen = theirs.first_seen {both} AND theirs.first_seen < articles.first_seen"
    )
    connection.execute(
        "INSERT OR IGNORE INTO main.outlets SELECT new, name, listed.url FROM merge_articles "
        "JOIN (SELECT id, site AS name, url FROM other.articles WHERE site IS NOT NULL "
        "UNION ALL SELECT article, name, url FROM other.outlets) AS listed ON listed.id = old "
        "JOIN main.articles ON articles.id = new WHERE articles.site <> name"
    )


def _copy_briefs(connection: sqlite3.Connection, merged: Merged) -> None:
    """Copy briefs, with their contents, that are new or newer. The newest of an article has the highest id."""
    connection.execute("DELETE FROM merge_briefs")
    found = (
        "FROM other.briefs AS theirs JOIN merge_articles ON merge_articles.old = theirs.article "
        "JOIN merge_engines ON merge_engines.old = theirs.engine "
    )
    merged.briefs += connection.execute(
        "INSERT INTO merge_briefs SELECT theirs.id, (SELECT coalesce(max(id), 0) FROM main.briefs) + "
        f"row_number() OVER (ORDER BY theirs.made, theirs.brief) {found} LEFT JOIN main.briefs AS ours "
        "ON ours.article = merge_articles.new AND ours.engine = merge_engines.new "
        "WHERE ours.id IS NULL OR (theirs.made, theirs.brief) > (ours.made, ours.brief)"
    ).rowcount
    taken = "JOIN merge_briefs ON merge_briefs.old = theirs.id"
    connection.execute(
        "DELETE FROM main.briefs WHERE (article, engine) IN "
        f"(SELECT merge_articles.new, merge_engines.new {found} {taken})"
    )
    connection.execute(
        "INSERT INTO main.briefs (id, article, engine, run, made, indexed, brief) "
        "SELECT merge_briefs.new, merge_articles.new, merge_engines.new, merge_runs.new, made, indexed, brief "
        f"{found} {taken} LEFT JOIN merge_runs ON merge_runs.old = theirs.run ORDER BY merge_briefs.new"
    )
    _copy_contents(connection)
    earlier = "(one.made, one.brief) > (later.made, later.brief)"
    misplaced = (  # one is newer than a brief of another engine with a higher id
        "SELECT DISTINCT one.article FROM main.briefs AS one JOIN main.briefs AS later ON later.article = one.article "
        f"WHERE later.id > one.id AND {earlier} AND one.article IN (SELECT new FROM merge_articles)"
    )
    connection.execute(
        "CREATE TEMP TABLE merge_order AS SELECT * FROM main.briefs "
        f"WHERE article IN ({misplaced}) ORDER BY made, brief"
    )
    connection.execute("DELETE FROM main.briefs WHERE id IN (SELECT id FROM merge_order)")
    connection.execute(
        "INSERT INTO main.briefs (article, engine, run, made, brief) "
        "SELECT article, engine, run, made, brief FROM merge_order ORDER BY rowid"
    )
    connection.execute("DROP TABLE merge_order")


_CONTENTS = {
    "holders": {"brief": "briefs"},
    "issues": {"brief": "briefs"},
    "positions": {"brief": "briefs", "issue": "issues", "reported_by": "holders"},
    "questions": {"brief": "briefs"},
}
"""Tables with the contents of briefs, and the tables that their columns refer to."""
_LINKS = {"actor", "dossier_issue", "contrary"}
"""Columns that the opening of a dossier fills."""


def _copy_contents(connection: sqlite3.Connection) -> None:
    """Copy the contents of the copied briefs. All ids of a table move by the same number."""
    moved = {
        name: connection.execute(f"SELECT coalesce(max(id), 0) FROM main.{name}").fetchone()[0] for name in _CONTENTS
    }
    for name, references in _CONTENTS.items():
        columns = [row["name"] for row in connection.execute(f"PRAGMA main.table_info({name})")]
        columns = [column for column in columns if column not in _LINKS]
        values = ", ".join(
            f"theirs.id + {moved[name]}" if column == "id"
            else "merge_briefs.new" if column == "brief"
            else f"theirs.{column} + {moved[references[column]]}" if column in references
            else f"theirs.{column}"
            for column in columns
        )  # fmt: skip
        connection.execute(
            f"INSERT INTO main.{name} ({', '.join(columns)}) SELECT {values} FROM merge_briefs "
            f"CROSS JOIN other.{name} AS theirs WHERE theirs.brief = merge_briefs.old"
        )
    connection.execute(
        f"INSERT INTO main.position_holders (position, holder) SELECT position + {moved['positions']}, "
        f"holder + {moved['holders']} FROM merge_briefs "
        "CROSS JOIN other.positions AS theirs CROSS JOIN other.position_holders AS pairs "
        "WHERE theirs.brief = merge_briefs.old AND pairs.position = theirs.id AND pairs.holder IN (SELECT id FROM "
        "other.holders WHERE brief = theirs.brief)"  # what people corrected is corrected again when it is opened
    )


def _copy_failures_and_replies(connection: sqlite3.Connection, merged: Merged) -> None:
    merged.failures += _upsert(
        connection,
        "failures",
        ("article", "engine"),
        "failed",
        "JOIN merge_articles ON merge_articles.old = theirs.article "
        "JOIN merge_engines ON merge_engines.old = theirs.engine "
        "LEFT JOIN merge_runs ON merge_runs.old = theirs.run WHERE NOT EXISTS (SELECT 1 FROM main.briefs "
        "WHERE briefs.article = merge_articles.new AND briefs.engine = merge_engines.new)",
        mapped={"article": "merge_articles.new", "engine": "merge_engines.new", "run": "merge_runs.new"},
    )
    connection.execute(
        "DELETE FROM main.failures WHERE article IN (SELECT new FROM merge_articles) AND EXISTS "
        "(SELECT 1 FROM main.briefs WHERE briefs.article = failures.article AND briefs.engine = failures.engine)"
    )
    joined = "JOIN merge_articles ON merge_articles.old = theirs.article WHERE true"
    merged.replies += _upsert(
        connection, "replies", ("key",), "received", joined, mapped={"article": "merge_articles.new"}, tie="reply"
    )


def _copy_batches(database: Database, merged: Merged) -> None:
    """Copy batches under way, and replies of batches that no article has used.

    Either store may collect a copied batch, so the copy keeps the files at the server. A batch that the other store
    has collected since the last merge ends here as well.
    """
    columns = [row["name"] for row in database.query("PRAGMA main.table_info(batch_jobs)")]
    columns_of_jobs = ", ".join(name for name in columns if name not in ("number", "copied"))
    columns = [row["name"] for row in database.query("PRAGMA main.table_info(batch_requests)")]
    columns_of_requests = ", ".join(name for name in columns if name not in ("number", "job"))
    kept = ("number", "key", "model", "run", "recorded", "is_error")
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in kept)
    is_open = "state IN ('running', 'ended')"
    count = "SELECT count(*) FROM main.batch_requests WHERE state = 'answered'"
    with database.transaction() as connection:
        merged.batches += connection.execute(
            f"INSERT OR IGNORE INTO main.batch_jobs ({columns_of_jobs}, copied) "
            f"SELECT {columns_of_jobs}, 1 FROM other.batch_jobs WHERE {is_open}"
        ).rowcount
        before = connection.execute(count).fetchone()[0]
        connection.execute(
            f"INSERT INTO main.batch_requests ({columns_of_requests}, job) "
            f"SELECT {columns_of_requests}, CASE state WHEN 'sent' THEN job END FROM other.batch_requests WHERE ("
            "(state = 'answered' AND NOT is_error) OR "
            f"(state = 'sent' AND job IN (SELECT id FROM other.batch_jobs WHERE {is_open}))) "
            "AND key NOT IN (SELECT key FROM main.replies) "
            f"ON CONFLICT (key) DO UPDATE SET {changes}, is_error = 0 "
            "WHERE state = 'new' OR is_error OR (state = 'sent' AND excluded.state = 'answered')"
        )
        merged.replies += connection.execute(count).fetchone()[0] - before
        connection.execute(
            "UPDATE main.batch_jobs SET state = 'done' WHERE copied AND state <> 'done' AND id IN "
            "(SELECT id FROM other.batch_jobs WHERE state IN ('collected', 'done'))"
        )
        connection.execute(
            "UPDATE main.batch_requests SET state = 'new', job = NULL "
            "WHERE state = 'sent' AND job IN (SELECT id FROM main.batch_jobs WHERE state = 'done')"
        )


def _copy_pages_and_decisions(database: Database, merged: Merged) -> None:
    same_pair = (
        "((ours.one, ours.other) = (theirs.one, theirs.other) OR (ours.other, ours.one) = (theirs.one, theirs.other))"
    )
    newer = (
        "SELECT min(made) FROM main.decisions AS ours WHERE ours.kind = theirs.kind AND ours.made_by = theirs.made_by "
        f"AND ours.made > theirs.made AND ours.undone IS NULL AND {same_pair}"
    )
    same = (
        "ours.kind = theirs.kind AND ours.one = theirs.one AND ours.other = theirs.other "
        "AND ours.made_by = theirs.made_by AND ours.made = theirs.made"
    )
    with database.transaction() as connection:
        merged.pages += _upsert(connection, "pages", ("url",), "fetched", "WHERE true", mapped={}, tie="etag")
        connection.execute("INSERT OR IGNORE INTO main.embeddings SELECT model, sha256, vector FROM other.embeddings")
        changed = connection.execute(
            "UPDATE main.decisions AS ours SET undone = theirs.undone FROM other.decisions AS theirs "
            f"WHERE {same} AND ours.undone IS NULL AND theirs.undone IS NOT NULL AND theirs.made_by <> 'rule'"
        ).rowcount
        # The last decision on a pair counts, so one that is older than ours is taken as withdrawn. Rules decide anew.
        changed += connection.execute(
            "INSERT INTO main.decisions (kind, one, other, verdict, made_by, reason, made, undone) "
            f"SELECT kind, one, other, verdict, made_by, reason, made, coalesce(undone, ({newer})) "
            "FROM other.decisions AS theirs WHERE made_by <> 'rule' "
            f"AND NOT EXISTS (SELECT 1 FROM main.decisions AS ours WHERE {same}) "
            f"AND (made_by = 'person' OR ({newer}) IS NULL) ORDER BY made, id"
        ).rowcount
        if changed:  # what they are about is linked again
            connection.execute("UPDATE main.holders SET actor = NULL")
            connection.execute("UPDATE main.issues SET dossier_issue = NULL, contrary = 0")
        merged.decisions += changed


def _insert_new(connection: sqlite3.Connection, table: str, columns: str, source: str) -> int:
    return connection.execute(f"INSERT OR IGNORE INTO main.{table} ({columns}) SELECT {columns} FROM {source}").rowcount


def _upsert(
    connection: sqlite3.Connection,
    table: str,
    key: Sequence[str],
    time: str,
    joined: str,
    *,
    mapped: Mapping[str, str],
    tie: str = "message",
) -> int:
    """Insert the rows of a table, or update those that are older. Return the number of changed rows."""
    columns = [row["name"] for row in connection.execute(f"PRAGMA main.table_info({table})")]
    values = ", ".join(mapped.get(column, f"theirs.{column}") for column in columns)
    changes = ", ".join(f"{column} = excluded.{column}" for column in columns if column not in key)
    return connection.execute(
        f"INSERT INTO main.{table} ({', '.join(columns)}) SELECT {values} FROM other.{table} AS theirs {joined} "
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes} "
        f"WHERE (excluded.{time}, coalesce(excluded.{tie}, '')) > ({table}.{time}, coalesce({table}.{tie}, ''))"
    ).rowcount
