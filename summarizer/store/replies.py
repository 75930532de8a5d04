"""A store's replies to the questions about one article, as the asking wants them."""

import sqlite3
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from summarizer.models import Reply, Request
from summarizer.store.database import Database
from summarizer.store.database import put as insert
from summarizer.store.keys import prompts_as_json, request_key
from summarizer.usage import Usage


class StoredReplies:
    """Recalls, remembers and forgets what a model replied; an `ReplyCache`.

    Args:
        database: where they are kept.
        article: the number of the article's row.
        model: what tells the model from others.

    Raises (each of the methods):
        StoreError: the store cannot be read or written.
    """

    def __init__(self, database: Database, article: int, model: Mapping[str, Any] | None) -> None:
        self._database, self._article, self._model = database, article, model

    def get(self, request: Request) -> Reply | None:
        """The reply to just this request, by just this model."""
        found = self._database.rows("SELECT * FROM replies WHERE key = ?", self._key(request))
        return _reply(found[0]) if found else None

    def put(self, request: Request, reply: Reply) -> None:
        """Keep a reply."""
        row = {
            "key": self._key(request),
            "article": self._article,
            "prompts": prompts_as_json(request.prompts),
            "model": reply.model,
            "reply": _storable(reply.text),
            "finish_reason": reply.finish_reason,
            "output": reply.output,
            **tokens(reply.usage),
            "retries": reply.retries,
            "waited": reply.waited,
            "received": datetime.now(UTC).isoformat(),
        }
        with self._database.writing() as connection:
            insert(connection, "replies", row, "REPLACE")

    def discard(self, request: Request) -> None:
        """Let go of a reply."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM replies WHERE key = ?", (self._key(request),))

    def _key(self, request: Request) -> str:
        return request_key(self._model, request)


def tokens(usage: Usage) -> dict[str, int]:
    """Usage as the tables have it."""
    return {f"{kind}_tokens": count for kind, count in asdict(usage).items()}


def _reply(row: sqlite3.Row) -> Reply:
    return Reply(
        text=_as_stored(row["reply"]),
        finish_reason=row["finish_reason"],
        usage=Usage(**{kind: row[f"{kind}_tokens"] for kind in asdict(Usage())}),
        model=row["model"],
        retries=row["retries"],
        output=row["output"],
        waited=row["waited"],
    )


def _storable(text: str) -> str | bytes:
    """``text``, or its bytes where it holds a lone surrogate, which a reply's JSON can name and no UTF-8 can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text


def _as_stored(text: str | bytes) -> str:
    return text if isinstance(text, str) else text.decode("utf-8", "surrogatepass")
