"""The replies of models in a store, and how the tables write hashes, JSON, tokens and times."""

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from summarizer._text import replace_surrogates
from summarizer.engines import ReplyCache
from summarizer.models import Reply, Request
from summarizer.store.database import Database, insert
from summarizer.usage import Usage


class StoredReplies:
    """A `ReplyCache` in a store: the replies of one model, by its identity, about one article, by its id.

    With ``takes_collected``, it also has the replies that a batch brought and that no article has used.
    """

    def __init__(
        self, database: Database, article: int, model: Mapping[str, Any] | None, *, takes_collected: bool = True
    ) -> None:
        self._database, self._article, self._model = database, article, model
        self._takes_collected = takes_collected

    def for_model(self, identity: Mapping[str, Any]) -> "StoredReplies":
        """Return another model's replies about the article."""
        return StoredReplies(self._database, self._article, identity, takes_collected=self._takes_collected)

    async def get(self, request: Request) -> Reply | None:
        """Return this model's reply to this request."""
        return await self._database.run(self._find, request)

    async def put(self, request: Request, reply: Reply) -> None:
        """Save a reply."""
        await self._database.run(self._save, request, reply)

    async def discard(self, request: Request) -> None:
        """Delete a reply."""
        await self._database.run(self._delete, request)

    def _find(self, request: Request) -> Reply | None:
        key = request_key(self._model, request)
        rows = self._database.query("SELECT * FROM replies WHERE key = ?", key)
        if not rows:
            reply = find_collected_reply(self._database, key) if self._takes_collected else None
            if reply and not self._database.is_read_only:
                with self._database.transaction() as connection:
                    self._save(request, reply)
                    connection.execute("DELETE FROM batch_requests WHERE key = ? AND state = 'answered'", (key,))
            return reply
        text = rows[0]["reply"]
        return read_reply(rows[0], text if isinstance(text, str) else text.decode("utf-8", "surrogatepass"))

    def _save(self, request: Request, reply: Reply) -> None:
        text, storable = reply.text, replace_surrogates(reply.text)  # SQLite cannot store lone surrogates as text
        row = {
            "key": request_key(self._model, request),
            "article": self._article,
            "reply": text if text == storable else text.encode("utf-8", "surrogatepass"),
            **reply_columns(request, reply),
            "received": now(),
        }
        with self._database.transaction() as connection:
            insert(connection, "replies", row, on_conflict="REPLACE")

    def _delete(self, request: Request) -> None:
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM replies WHERE key = ?", (request_key(self._model, request),))


class SharedReplies:
    """A `ReplyCache` of replies that several machines share, behind the replies in the own store, if there is one.

    Replies that were cut off are not shared: another run may allow longer ones, but sends the same request.
    """

    def __init__(self, own: ReplyCache | None, shared: ReplyCache) -> None:
        self._own, self._shared = own, shared

    def for_model(self, identity: Mapping[str, Any]) -> "SharedReplies":
        """Return another model's replies."""
        return SharedReplies(self._own and self._own.for_model(identity), self._shared.for_model(identity))

    async def get(self, request: Request) -> Reply | None:
        """Return the reply to this request, and keep a shared one in the own store."""
        reply = await self._own.get(request) if self._own else None
        if reply is None and (reply := await self._shared.get(request)) and self._own:
            await self._own.put(request, reply)
        return reply

    async def put(self, request: Request, reply: Reply) -> None:
        """Save a reply, first in the own store."""
        if self._own:
            await self._own.put(request, reply)
        if reply.finish_reason != "length":
            await self._shared.put(request, reply)

    async def discard(self, request: Request) -> None:
        """Delete a reply."""
        if self._own:
            await self._own.discard(request)
        await self._shared.discard(request)


def find_collected_reply(database: Database, key: str) -> Reply | None:
    """Return the complete reply that a batch brought for a request (`summarizer.batch_api` keeps it until its use)."""
    condition = "key = ? AND state = 'answered' AND NOT is_error"
    for row in database.query(f"SELECT answer, sent, attempts FROM batch_requests WHERE {condition}", key):  # noqa: S608
        reply = unpack_reply(json.loads(zlib.decompress(row["answer"]))["reply"])
        if reply.finish_reason != "length":  # a higher limit may bring the rest
            return replace(reply, output=json.loads(row["sent"])["form"], retries=max(0, row["attempts"] - 1))
    return None


def reply_columns(request: Request, reply: Reply) -> dict[str, object]:
    """Return the columns of a reply other than its text, and the prompts of its request."""
    return {
        "prompts": to_json([asdict(prompt) for prompt in request.prompts]),
        "model": reply.model and replace_surrogates(reply.model).replace("\0", ""),
        "finish_reason": reply.finish_reason,
        "output": reply.output,
        **usage_columns(reply.usage),
        "retries": reply.retries,
        "waited": reply.waited,
    }


def read_reply(row: Any, text: str) -> Reply:
    """Return the reply in the columns of a row."""
    usage = Usage(**{name: row[f"{name}_tokens"] for name in asdict(Usage())})
    columns = {name: row[name] for name in ("finish_reason", "model", "retries", "output", "waited")}
    return Reply(text, usage=usage, **columns)


def pack_reply(reply: Reply) -> dict[str, Any]:
    """Return what a server reported in a reply, as JSON values."""
    told = {name: getattr(reply, name) for name in ("text", "finish_reason", "model")}
    return told | {"usage": asdict(reply.usage)}


def unpack_reply(fields: Mapping[str, Any]) -> Reply:
    """Return a packed reply."""
    return Reply(**{**fields, "usage": Usage(**fields["usage"])})


def request_key(model: Mapping[str, Any] | None, request: Request) -> str:
    """Return the hash of a request and of the model's identity."""
    messages = [[message.role, message.content] for message in request.messages]
    return hash_json([model, messages, request.schema_name, request.schema])


def hash_json(value: object) -> str:
    """Return the hash of a JSON value."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def to_json(value: object) -> str:
    """Return a value as JSON with sorted keys."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def usage_columns(usage: Usage) -> dict[str, int]:
    """Return the columns of a table for tokens."""
    return {f"{name}_tokens": count for name, count in asdict(usage).items()}


def now() -> str:
    """Return the time in UTC, in ISO 8601."""
    return datetime.now(UTC).isoformat()
