"""The Store: briefs, and what they were made of, in one SQLite file."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from summarizer import errors
from summarizer._text import replace_surrogates
from summarizer.article import Article
from summarizer.brief import Brief
from summarizer.errors import BriefError, IncompleteBrief, SummarizerError
from summarizer.models import Request
from summarizer.store.database import Database, put
from summarizer.store.keys import Engine, article_key, request_key
from summarizer.store.replies import StoredReplies, tokens
from summarizer.store.workers import Worker, is_gone
from summarizer.usage import Usage

RunState = Literal["done", "stopped"]


@dataclass(frozen=True, slots=True)
class Claim:
    """An article that this process is at, for one engine, and the replies that it has had."""

    article: int
    engine: int
    replies: StoredReplies

    @property
    def at(self) -> dict[str, int]:
        """Article and engine, as the tables have them."""
        return {"article": self.article, "engine": self.engine}


class Store:
    """Keeps articles, briefs, runs, and the replies of models in the SQLite file ``path``.

    Several processes can share one; none does what another is at. Briefs are kept by article, engine,
    prompts and options: where any of them changes, the article is read anew. It is safe to use from
    several threads, and as a context manager.

    Args:
        path: the file; it is made where there is none.
        wait: seconds to wait for another process that is writing.

    Raises:
        StoreError: the file cannot be used, or is something else; nothing in it is changed then. Each of
            the methods may raise it, too.
    """

    def __init__(self, path: str | Path, *, wait: float = 10.0) -> None:
        self.path = Path(path)
        self._database = Database(self.path, wait)
        self._worker = Worker(self._database)

    def __repr__(self) -> str:
        return f"Store({str(self.path)!r})"

    def __len__(self) -> int:
        """How many briefs there are."""
        ((count,),) = self._database.rows("SELECT count(*) FROM briefs")
        return int(count)

    def briefs(self) -> Iterator[Brief]:
        """All briefs, in the order in which they were made."""
        for (row,) in self._database.rows("SELECT rowid FROM briefs ORDER BY made, rowid"):
            for (text,) in self._database.rows("SELECT brief FROM briefs WHERE rowid = ?", row):
                yield Brief.from_json(text)

    def brief(self, article: Article, engine: Engine) -> Brief | None:
        """The brief of ``article`` by ``engine``, with the source that the article has now."""
        found = self._of("briefs", article, engine)
        brief = _brief(found["brief"], article) if found else None
        if found and not brief:  # else it would never be made anew
            with self._database.writing() as connection:
                connection.execute("DELETE FROM briefs WHERE article = ? AND engine = ?", found[:2])
        return brief

    def failure(self, article: Article, engine: Engine) -> SummarizerError | None:
        """What the latest try at ``article`` with ``engine`` failed of, where it failed."""
        found = self._of("failures", article, engine)
        return _error(found, article) if found else None

    def failed_since(self, run: int, article: Article, engine: Engine) -> bool:
        """Whether the latest failure of ``article`` is of the time since ``run`` began."""
        found = self._of("failures", article, engine)
        begun = self._database.rows("SELECT started FROM runs WHERE id = ?", run)
        return bool(found and begun and found["failed"] >= begun[0]["started"])

    def answers(self, engine: Engine) -> Callable[[Request], bool]:
        """Which requests the engine's model has replied to."""

        def answered(request: Request) -> bool:
            found = self._database.rows("SELECT 1 FROM replies WHERE key = ?", request_key(engine.model, request))
            return bool(found)

        return answered

    def claim(self, article: Article, engine: Engine) -> Claim | None:
        """Take ``article`` on; None where another process, or another call, is at it or has just done it."""
        with self._database.writing() as connection:
            at = _article_row(connection, article), self._engine_row(connection, engine)
            if connection.execute("SELECT 1 FROM briefs WHERE article = ? AND engine = ?", at).fetchone():
                return None
            held = connection.execute(
                "SELECT host, pid, beat FROM claims JOIN workers ON id = worker WHERE article = ? AND engine = ?", at
            ).fetchone()
            if held and not is_gone(*held):
                return None
            connection.execute("INSERT OR REPLACE INTO claims VALUES (?, ?, ?)", (*at, self._worker.id(connection)))
        return Claim(*at, StoredReplies(self._database, at[0], engine.model))

    def keep(self, claim: Claim, brief: Brief, run: int | None = None) -> None:
        """Keep a whole brief; the claim is done."""
        row = {**claim.at, "run": run, "brief": brief.model_dump_json(), "made": brief.provenance.made.isoformat()}
        with self._settling(claim) as connection:
            put(connection, "briefs", row, "REPLACE")

    def keep_failure(self, claim: Claim, error: SummarizerError, run: int | None = None) -> None:
        """Keep what an article failed of, and the brief of what was done, where there is one; the claim is done."""
        row = {
            **claim.at,
            "run": run,
            "kind": type(error).__name__,
            "message": replace_surrogates(error.message),
            "hint": replace_surrogates(error.hint),
            "place": replace_surrogates(error.where),
            "retryable": error.retryable,
            "brief": error.brief.model_dump_json() if isinstance(error, IncompleteBrief) else None,
            "failed": _now(),
        }
        with self._settling(claim) as connection:
            put(connection, "failures", row)

    def release(self, claim: Claim) -> None:
        """Give a claim back that nothing came of: the article is free for others."""
        with self._database.writing() as connection:
            connection.execute(*_unclaimed(claim))

    def begin(self, engine: Engine) -> int:
        """Note that a run begins; its number."""
        with self._database.writing() as connection:
            run = {"engine": self._engine_row(connection, engine), "started": _now(), "state": "running"}
            return put(connection, "runs", run)

    def end(self, run: int, state: RunState, done: int, failed: int, usage: Usage) -> None:
        """Note how a run ended, and what it has cost."""
        told = {"ended": _now(), "state": state, "done": done, "failed": failed, **tokens(usage)}
        changes = ", ".join(f"{column} = :{column}" for column in told)
        with self._database.writing() as connection:
            connection.execute(f"UPDATE runs SET {changes} WHERE id = :id", {**told, "id": run})  # noqa: S608

    def close(self) -> None:
        """Let go of the file, and of what was not finished; the next use opens it again."""
        self._worker.leave()
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @contextmanager
    def _settling(self, claim: Claim) -> Iterator[sqlite3.Connection]:
        """A transaction in which a claim comes to its end: what was said of the article before is gone."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM failures WHERE article = ? AND engine = ?", (claim.article, claim.engine))
            connection.execute(*_unclaimed(claim))
            yield connection

    def _of(self, table: Literal["briefs", "failures"], article: Article, engine: Engine) -> sqlite3.Row | None:
        """What ``table`` has of an article and an engine."""
        found = self._database.rows(
            f"SELECT {table}.* FROM {table} JOIN articles ON articles.id = article JOIN engines ON engines.id = engine "  # noqa: S608
            "WHERE articles.key = ? AND engines.key = ?",
            article_key(article),
            engine.key,
        )
        return found[0] if found else None

    def _engine_row(self, connection: sqlite3.Connection, engine: Engine) -> int:
        return _number(connection, "engines", engine.row)


def _article_row(connection: sqlite3.Connection, article: Article) -> int:
    told = ("title", "author", "published", "language", "source")
    row = {
        "key": article_key(article),
        "sha256": article.sha256,
        **{name: said and replace_surrogates(said) for name in told for said in [getattr(article, name)]},
        "characters": article.characters,
        "text": article.text,
        "first_seen": _now(),
    }
    return _number(connection, "articles", row)


def _number(connection: sqlite3.Connection, table: str, row: Mapping[str, object]) -> int:
    """The number of the row with this key in ``table``; it is made where there is none."""
    put(connection, table, row, "IGNORE")
    find = f"SELECT id FROM {table} WHERE key = ?"  # noqa: S608
    (number,) = connection.execute(find, (row["key"],)).fetchone()
    return int(number)


def _unclaimed(claim: Claim) -> tuple[str, tuple[int, int]]:
    return "DELETE FROM claims WHERE article = ? AND engine = ?", (claim.article, claim.engine)


def _brief(text: str, article: Article) -> Brief | None:
    """A stored brief; none where it cannot be read any more."""
    try:
        return Brief.from_json(text).model_copy(update={"article": article.info})
    except BriefError:
        return None


def _error(row: sqlite3.Row, article: Article) -> SummarizerError:
    """A stored failure as the error that it was."""
    brief = _brief(row["brief"], article) if row["brief"] else None
    kind: object = getattr(errors, row["kind"], None)
    error: SummarizerError
    if not isinstance(kind, type) or not issubclass(kind, SummarizerError):
        error = SummarizerError(row["message"], hint=row["hint"])
    elif not issubclass(kind, IncompleteBrief):
        error = kind(row["message"], hint=row["hint"])
    elif brief:
        error = kind(row["message"], hint=row["hint"], brief=brief)
    else:
        error = SummarizerError(row["message"], hint=row["hint"])
    error.where, error.retryable = row["place"], bool(row["retryable"])
    return error


def _now() -> str:
    return datetime.now(UTC).isoformat()
