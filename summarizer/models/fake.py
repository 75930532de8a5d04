"""Fake models, for tests and for experiments without a server."""

import json
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Mapping
from threading import Lock
from typing import Any, Protocol, runtime_checkable

from summarizer._text import shorten
from summarizer.models.base import Model, Reply, Request


@runtime_checkable
class JSONObject(Protocol):
    """An object that serialises itself, such as a pydantic model. Importing this module loads no pydantic."""

    def model_dump_json(self) -> str:
        """Return the object as JSON."""


ScriptedReply = str | Mapping[str, Any] | JSONObject | Reply | Exception
"""A reply of a fake model: its text, an object to send as JSON, a whole Reply, or an error to raise."""

_CHUNKS_HINT = (
    "If the article makes several chunks, each takes its own reply: CallbackModel(replies_for(article)) gives them."
)


class _FakeModel(Model):
    """A model that records its requests and returns prepared replies."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.requests: list[Request] = []
        self.fits: list[bool] = []
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(name={self.name!r}, requests={len(self.requests)})"

    async def complete(self, request: Request) -> Reply:
        """Return the prepared reply to ``request``.

        Raises:
            AssertionError: The script is exhausted.
            TypeError: The prepared value is not a reply.
            Exception: The prepared error.
        """
        with self._lock:
            self.requests.append(request)
            number = len(self.requests)
        return _to_reply(await self._prepared(request, number), self.name)

    @abstractmethod
    async def _prepared(self, request: Request, number: int) -> object:
        """Return the reply to ``request``, the ``number``-th, counted from 1."""

    def note_reply(self, reply: Reply, *, fits: bool) -> bool:  # noqa: ARG002
        """Record in ``fits`` whether a reply matched its schema."""
        with self._lock:
            self.fits.append(fits)
        return False


class ScriptedModel(_FakeModel):
    """A model that returns replies from a script, in order, and records its ``requests``.

    ``fits`` records for each reply whether it had the right shape. Threads and event loops may share a model.

        model = ScriptedModel([reply_for(text), {"positions": []}, ServerFailed("The server broke.")])

    Args:
        replies: An iterable of replies, or a single one. If requests come in any order, use a `CallbackModel`.
        name: The model's name in the provenance of briefs.

    Raises:
        TypeError: ``replies`` is a function.
    """

    def __init__(self, replies: ScriptedReply | Iterable[ScriptedReply], name: str = "scripted") -> None:
        super().__init__(name)
        if callable(replies):
            raise TypeError("ScriptedModel takes replies; for a function that returns them, use CallbackModel.")
        is_single = isinstance(replies, str | Reply | Exception | Mapping | JSONObject)
        self._script: tuple[object, ...] = (replies,) if is_single else tuple(replies)  # type: ignore[arg-type]

    async def _prepared(self, request: Request, number: int) -> object:
        if number <= len(self._script):
            return self._script[number - 1]
        count = len(self._script)
        raise AssertionError(
            f"The script of {self.name!r} is at its end: it holds {count} {'reply' if count == 1 else 'replies'}, "
            f"and {_describe(request, number)}"
        )


class CallbackModel(_FakeModel):
    """A model that calls a function for each reply, and records its ``requests``.

        model = CallbackModel(lambda request: ServerFailed("The server broke."))

    Args:
        function: It takes a Request and returns a reply, or an awaitable of one. Several threads may call it at once.
        name: The model's name in the provenance of briefs.
    """

    def __init__(
        self, function: Callable[[Request], ScriptedReply | Awaitable[ScriptedReply]], name: str = "function"
    ) -> None:
        super().__init__(name)
        self._function = function

    async def _prepared(self, request: Request, number: int) -> object:  # noqa: ARG002
        reply = self._function(request)
        return await reply if isinstance(reply, Awaitable) else reply


def _to_reply(value: object, name: str) -> Reply:
    if isinstance(value, Exception):
        raise value
    if isinstance(value, Reply):
        return value
    if isinstance(value, str):
        return Reply(value, model=name)
    if isinstance(value, Mapping):
        return Reply(json.dumps(dict(value), ensure_ascii=False), model=name)
    if isinstance(value, JSONObject) and not isinstance(value, type):
        return Reply(value.model_dump_json(), model=name)
    raise TypeError(f"a reply is a str, a mapping, an Extraction, a Reply or an error to raise, not {value!r}")


def _describe(request: Request, number: int) -> str:
    """Describe an unexpected request, as the end of a sentence."""
    if all(message.role != "assistant" for message in request.messages):
        return f"request {number} came. {_CHUNKS_HINT}"
    problems = shorten(request.messages[-1].content, 300)
    return f"request {number} came, which asks to repair a reply with problems: {problems} {_CHUNKS_HINT}"
