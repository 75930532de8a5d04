"""The Store: briefs, failures, runs, replies and pages in one SQLite file."""

import sqlite3
import weakref
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, Self

from summarizer import errors
from summarizer.article import Article, outlet_of
from summarizer.brief import Brief, refer_to_article
from summarizer.errors import BriefError, ConfigurationError, IncompleteBrief, StoreError, SummarizerError
from summarizer.fetching import FetchedPage
from summarizer.models import PromptId, Request
from summarizer.outcome import Outcome
from summarizer.store.articles import (
    StoredArticle,
    article_id,
    article_key,
    find_article,
    insert_outlet,
    list_articles,
    read_article,
    read_brief,
)
from summarizer.store.contents import index_brief, insert_brief
from summarizer.store.database import Database, id_of, insert
from summarizer.store.leases import ArticleLease, LeaseHeld, LeaseManager
from summarizer.store.merging import Merged, OnMerge, merge_store
from summarizer.store.replies import (
    StoredReplies,
    find_collected_reply,
    hash_json,
    now,
    request_key,
    to_json,
    usage_columns,
)
from summarizer.store.search import Conditions, SearchResult, search_articles, search_statements
from summarizer.usage import Usage

RunState = Literal["done", "stopped"]
"""How a batch ended."""


@dataclass(frozen=True)
class EngineKey:
    """The identity of an engine. A brief is stored for one engine, and a change in any part makes another."""

    kind: str
    """The engine's name: ``"builtin"`` or ``"model"``."""
    model: Mapping[str, Any] | None
    """The identity of the model, if there is one."""
    prompts: Sequence[PromptId]
    options: Mapping[str, Any]
    """The options that change briefs, as JSON values."""
    library: str = field(kw_only=True)
    """Version of this library."""

    @cached_property
    def sha256(self) -> str:
        """Hash of all parts, in hexadecimal."""
        return hash_json(
            [self.kind, self.model, [asdict(prompt) for prompt in self.prompts], self.options, self.library]
        )

    def to_row(self) -> dict[str, object]:
        """Return a row of the table ``engines``."""
        return {
            "key": self.sha256,
            "kind": self.kind,
            "model": self.model and to_json(self.model),
            "prompts": to_json([asdict(prompt) for prompt in self.prompts]),
            "options": to_json(self.options),
            "library": self.library,
        }


class Store:
    """A SQLite file with articles, briefs, failures, runs, model replies and fetched pages.

    Several processes can share one; a lease keeps two of them from working on the same article. A brief belongs to an
    article, an engine, its prompts and its options; if one of them changes, a new brief is made. A store can be used
    from several threads and as a context manager. A file that cannot be written is opened for reading.

    Args:
        path: The file; it is created if it does not exist.
        wait: Seconds to wait for another process that writes.

    Raises:
        StoreError: The file cannot be used, or is not a store; it is left unchanged. Each method may raise it.

    Examples:
        >>> from summarizer import Store, summarize
        >>> with Store("briefs.db") as store:
        ...     brief = summarize("“The bridge must go,” said Anna Berg.", model="builtin", store=store)
        ...     print(len(list(store.briefs())))
        1
    """

    def __init__(self, path: str | Path, *, wait: float = 10.0) -> None:
        self.path = Path(path)
        self.database = Database(self.path, wait)
        """The SQLite file, for queries: docs/tables.md describes its tables."""
        self.leases = LeaseManager(self.database)
        self._copy: Store | None = None

    @classmethod
    def temporary(cls, original: "Store | None" = None) -> "Store":
        """Return an empty store, or a copy of another. Its file is deleted after use."""
        folder = TemporaryDirectory(prefix="summarizer-")
        path = Path(folder.name, original.path.name if original else "briefs.db")
        if original:
            original.database.copy_to(path)
        store = cls(path)
        weakref.finalize(store, _discard, store.database, folder)
        return store

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(Store, self.path.absolute(), wait=self.database.wait), ()

    def __repr__(self) -> str:
        return f"Store({str(self.path)!r})"

    @property
    def is_read_only(self) -> bool:
        """Return whether the file cannot be written: what is stored can be found, and nothing can be saved."""
        return self.database.is_read_only

    def __len__(self) -> int:
        """Return the number of briefs."""
        ((count,),) = self.database.query("SELECT count(*) FROM briefs")
        return int(count)

    def briefs(self) -> Iterator[Brief]:
        """Yield all briefs, oldest first."""
        for (number,) in self.database.query("SELECT id FROM briefs ORDER BY made, id"):
            for (text,) in self.database.query("SELECT brief FROM briefs WHERE id = ?", number):
                yield Brief.from_json(text)

    def find(self, article: Article, engine: EngineKey) -> Outcome | None:
        """Return the stored brief of an article, or its last failure. The brief refers to this source of the text."""
        if row := self._find_row("briefs", article, engine):
            if brief := _parse_brief(row["brief"], article):
                self._add_outlet(row["article"], article)
                return Outcome(brief=brief, stored=True)
            if not self.database.is_read_only:
                with self.database.transaction() as connection:  # an unreadable brief would never be replaced
                    connection.execute("DELETE FROM briefs WHERE id = ?", (row["id"],))
        if row := self._find_row("failures", article, engine):
            error = _restore_error(row, article)
            return Outcome(brief=error.brief if isinstance(error, IncompleteBrief) else None, error=error, stored=True)
        return None

    def add_outlet(self, article: Article) -> bool:
        """List the outlet of an article whose text is stored already. Return whether it is."""
        rows = self.database.query("SELECT id FROM articles WHERE sha256 = ? ORDER BY id LIMIT 1", article.sha256)
        for (number,) in rows:
            self._add_outlet(number, article)
        return bool(rows)

    def has_failed_since(self, run: int, article: Article, engine: EngineKey) -> bool:
        """Return whether the last failure of an article is newer than the start of a run."""
        failure = self._find_row("failures", article, engine)
        rows = self.database.query("SELECT started FROM runs WHERE id = ?", run)
        return bool(failure and rows and failure["failed"] >= rows[0]["started"])

    def has_reply(self, engine: EngineKey, request: Request) -> bool:
        """Return whether the reply to a request is stored, or was collected from a batch."""
        key = request_key(engine.model, request)
        is_stored = bool(self.database.query("SELECT 1 FROM replies WHERE key = ?", key))
        return is_stored or find_collected_reply(self.database, key) is not None

    def acquire(self, article: Article, engine: EngineKey, *, takes_collected: bool = True) -> ArticleLease:
        """Acquire the lease on an article, or raise `LeaseHeld` if another process or call has it or its brief.

        Its replies are those of the store and, with ``takes_collected``, those that were collected from batches.
        """
        if self.is_read_only:  # briefs of other articles can be found
            missing = StoreError(
                f"The store {self.path} is write-protected, and it has no brief of this article with these options.",
                hint="Make it writable, or name another store.",
            )
            missing.fatal = False
            raise missing
        with self.database.transaction() as connection:
            ids = article_id(connection, article), id_of(connection, "engines", engine.to_row())
            if connection.execute("SELECT 1 FROM briefs WHERE article = ? AND engine = ?", ids).fetchone():
                raise LeaseHeld("Another process has just finished this article.")
            lease = self.leases.acquire(connection, "article {} engine {}".format(*ids), "this article")
            connection.execute(  # otherwise another attempt would recall the replies that made the first one fail
                "DELETE FROM replies WHERE article = ?1 AND finish_reason = 'length' AND EXISTS "
                "(SELECT 1 FROM failures WHERE article = ?1 AND engine = ?2 AND NOT retryable)",
                ids,
            )
        replies = StoredReplies(self.database, ids[0], engine.model, takes_collected=takes_collected)
        return ArticleLease(lease.key, lease.holder, *ids, replies)

    def save(self, lease: ArticleLease, outcome: Outcome, run: int | None = None) -> None:
        """Save a whole brief, or else the error, and release the lease, or raise `LeaseHeld` if it was taken over."""
        row: dict[str, object] = {"article": lease.article, "engine": lease.engine, "run": run}
        with self.database.transaction() as connection:
            self.leases.check(connection, lease)
            connection.execute("DELETE FROM failures WHERE article = ? AND engine = ?", (lease.article, lease.engine))
            self.leases.release(lease)
            if isinstance(outcome.error, SummarizerError):
                insert(connection, "failures", row | _error_columns(outcome.error))
            elif outcome.brief:
                insert_brief(connection, row, outcome.brief)

    def add(self, brief: Brief, article: Article | None = None) -> None:
        """Save a brief that was made elsewhere, such as one from a JSON file, in place of an earlier one.

        Args:
            brief: The brief.
            article: Its article; without it, the store can find the brief but not search or show the article's text.
        """
        made = brief.provenance
        model = made.model and {"name": made.model}
        engine = EngineKey(made.engine, model or None, made.prompts, {}, library=made.library)
        with self.database.transaction() as connection:
            ids = article_id(connection, article or brief.article), id_of(connection, "engines", engine.to_row())
            insert_brief(connection, {"article": ids[0], "engine": ids[1], "run": None}, brief)

    def merge(self, paths: Iterable[str | Path], on_progress: OnMerge = lambda *_: None) -> Merged:
        """Copy what other stores have, which stay unchanged, and return the numbers of new or newer rows.

        Of an article and an engine, the newest brief is kept. A merge can be repeated, and continued after an error.

        Args:
            paths: The files of the other stores.
            on_progress: Called with a store's path, and the numbers of its articles that are done, and of all.

        Raises:
            StoreError: A file cannot be used, or is this store. What was merged before stays.
        """
        merged = Merged()
        for path in paths:
            merged += merge_store(self.database, Path(path), on_progress)
        self._index_new_briefs()
        return merged

    def index_briefs(self) -> tuple[int, int]:
        """Fill the tables of holders, issues and positions for briefs that an older version of the library saved.

        Returns:
            The numbers of briefs that can be read, and of those that cannot.
        """
        self._index_new_briefs()
        counts = dict(map(tuple, self.database.query("SELECT indexed, count(*) FROM briefs GROUP BY indexed")))
        return counts.get(1, 0), counts.get(0, 0)

    def articles(self) -> Iterator[StoredArticle]:
        """Yield the articles with the number of their positions, in the order in which they were stored."""
        return list_articles(self._indexed())

    def count_new_articles(self) -> int:
        """Return the number of articles that no opening of a dossier has seen."""
        ((count,),) = self.database.query("SELECT count(*) FROM articles WHERE NOT compared")
        return int(count)

    def find_article(self, name: str) -> StoredArticle:
        """Return the article with this id, source, address or title, or whose title has these words.

        Raises:
            StoreError: There is no such article, or more than one.
        """
        return find_article(self.database, name)

    def read(self, article: StoredArticle) -> tuple[Brief, Article | None]:
        """Return the newest brief of an article, and the article with its text if that is stored.

        Raises:
            StoreError: There is no brief, or none that can be read.
        """
        return read_brief(self.database, article), read_article(self.database, article.id)

    def search(
        self,
        words: str = "",
        *,
        holder: str | None = None,
        issue: str | None = None,
        stance: str | None = None,
        since: str | None = None,
        until: str | None = None,
        source: str | None = None,
        limit: int = 20,
    ) -> list[SearchResult]:
        """Search statements with their quotations, and the titles and texts of articles.

        Args:
            words: All must occur. A word may end in * (bridg*), and a "phrase" in quotation marks must occur as it is.
                Without words, the newest statements that meet the conditions are found.
            holder: Words of the name, of a form of it, or of the role; or the id of an actor.
            issue: Words of the proposition; or the id of an issue of a dossier.
            stance: Of the statement: agrees, disagrees, mixed, neutral, unclear.
            since: The earliest date of the article, in ISO 8601: a day, a month or a year.
            until: The latest date.
            source: The name of the outlet, or a part of it.
            limit: The number of statements, and of articles, at most.

        Returns:
            Statements, the best match first. Then, without conditions on statements, other articles with the words.

        Raises:
            ConfigurationError: The words are not a valid search, or a condition cannot be met.
        """
        if limit < 1:
            raise ConfigurationError(f"limit must be at least 1, not {limit}.")
        sources = (source,) if source else ()
        conditions = Conditions(holder=holder, issue=issue, stance=stance, since=since, until=until, sources=sources)
        database = self._indexed()
        found = search_statements(database, words, conditions, limit)
        if words and not conditions.are_for_statements:
            shown = {result.article for result in found}
            found += search_articles(database, words, conditions, limit, without=shown)
        return found

    def start_run(self, engine: EngineKey) -> int:
        """Record the start of a batch and return its id."""
        with self.database.transaction() as connection:
            run = {"engine": id_of(connection, "engines", engine.to_row()), "started": now(), "state": "running"}
            return insert(connection, "runs", run)

    def finish_run(self, run: int, state: RunState, done: int, failed: int, usage: Usage) -> None:
        """Record the end of a batch and its usage."""
        values = {"ended": now(), "state": state, "done": done, "failed": failed, **usage_columns(usage)}
        changes = ", ".join(f"{column} = :{column}" for column in values)
        with self.database.transaction() as connection:
            connection.execute(f"UPDATE runs SET {changes} WHERE id = :id", {**values, "id": run})  # noqa: S608

    def find_page(self, url: str) -> FetchedPage | None:
        """Return the last page that was fetched from an address, or None."""
        rows = self.database.query("SELECT * FROM pages WHERE url = ?", url)
        if not rows:
            return None
        row = rows[0]
        try:
            body = zlib.decompress(row["body"])
        except (zlib.error, TypeError):  # the page is fetched again
            return None
        return FetchedPage(body, row["final_url"], row["media_type"], row["charset"], row["etag"], row["last_modified"])

    def save_page(self, url: str, page: FetchedPage) -> None:
        """Save the page of an address in place of an earlier one, unless the store cannot be written."""
        if self.is_read_only:
            return
        row = {
            "url": url,
            "final_url": page.url,
            "media_type": page.media_type,
            "charset": page.charset,
            "etag": page.etag,
            "last_modified": page.last_modified,
            "body": zlib.compress(page.data),
            "fetched": now(),
        }
        with self.database.transaction() as connection:
            insert(connection, "pages", row, on_conflict="REPLACE")

    def close(self) -> None:
        """Release all leases and close the file. The next use opens it again."""
        self.database.finish()
        self.leases.close()
        self.database.close()
        self._copy = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _add_outlet(self, number: int, article: Article) -> None:
        """Note that the outlet of this article has the same text as a stored one."""
        listed = "EXISTS (SELECT 1 FROM outlets WHERE article = ?2 AND name = ?1)"
        sql = f"SELECT ?1 IN (site, source) OR {listed} FROM articles WHERE id = ?2"  # noqa: S608  # a constant
        name = None if self.is_read_only else outlet_of(article.site, article.source)
        if name and not self.database.query(sql, name, number)[0][0]:
            with self.database.transaction() as connection:
                insert_outlet(connection, number, article)

    def _indexed(self) -> Database:
        """Return the file with the contents of all briefs in tables; a temporary copy if it cannot be written."""
        if self.is_read_only and self.database.query("SELECT 1 FROM briefs WHERE indexed IS NULL LIMIT 1"):
            self._copy = self._copy or Store.temporary(self)
            return self._copy._indexed()
        self._index_new_briefs()
        return self.database

    def _index_new_briefs(self) -> None:
        while self.database.query("SELECT 1 FROM briefs WHERE indexed IS NULL LIMIT 1"):
            with self.database.transaction() as connection:  # another thread or process may have indexed them by now
                for number, text in self.database.query("SELECT id, brief FROM briefs WHERE indexed IS NULL LIMIT 100"):
                    index_brief(connection, number, text)

    def _find_row(self, table: str, article: Article, engine: EngineKey) -> sqlite3.Row | None:
        rows = self.database.query(
            f"SELECT {table}.* FROM {table} JOIN articles ON articles.id = article JOIN engines ON engines.id = engine "  # noqa: S608
            "WHERE articles.key = ? AND engines.key = ?",
            article_key(article),
            engine.sha256,
        )
        return rows[0] if rows else None


def _discard(database: Database, folder: TemporaryDirectory[str]) -> None:
    database.close()
    folder.cleanup()


def _parse_brief(text: str, article: Article) -> Brief | None:
    """Return a stored brief, or None if it can no longer be read."""
    try:
        return refer_to_article(Brief.from_json(text), article)
    except BriefError:
        return None


def _error_columns(error: SummarizerError) -> dict[str, object]:
    return {
        "kind": type(error).__name__,
        "message": error.message,
        "hint": error.hint,
        "place": error.where,
        "retryable": error.retryable,
        "brief": error.brief.model_dump_json() if isinstance(error, IncompleteBrief) else None,
        "failed": now(),
    }


def _restore_error(row: sqlite3.Row, article: Article) -> SummarizerError:
    """Return a stored failure as an error of its class."""
    brief = _parse_brief(row["brief"], article) if row["brief"] else None
    kind: Any = getattr(errors, row["kind"], SummarizerError)  # another version may have other classes
    error: SummarizerError
    if not issubclass(kind, IncompleteBrief):
        error = kind(row["message"], hint=row["hint"])
    elif brief:
        error = kind(row["message"], hint=row["hint"], brief=brief)
    else:
        error = SummarizerError(row["message"], hint=row["hint"])
    error.where, error.retryable = row["place"], bool(row["retryable"])
    return error
