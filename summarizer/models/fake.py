"""Fake models, for tests and for experiments without a server."""

import json
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, Protocol, runtime_checkable

from summarizer._text import shorten
from summarizer.errors import ConfigurationError
from summarizer.models.base import Model, Reply, Request


@runtime_checkable
class JSONObject(Protocol):
    """An object that serialises itself, such as a pydantic model. Importing this module loads no pydantic."""

    def model_dump_json(self) -> str:
        """Return the object as JSON."""


ScriptedReply = str | Mapping[str, Any] | JSONObject | Reply | Exception
"""A reply of a fake model: its text, an object to send as JSON, a whole Reply, or an error to raise."""


class FailedAssertion(ConfigurationError, AssertionError):
    """An assertion failed in the function of a fake model. It ends the call, so that the test fails."""


class CallbackModel(Model):
    """A model that calls a function for each reply, and records its ``requests``.

    ``fits`` records for each reply whether it had the right shape. Threads and event loops may share a model.

        model = CallbackModel(lambda request: ServerFailed("The server broke."))

    Args:
        function: It takes a Request and returns a reply, or an awaitable of one. Several threads may call it at once.
        name: The model's name in the provenance of briefs.
    """

    def __init__(
        self, function: Callable[[Request], ScriptedReply | Awaitable[ScriptedReply]], name: str = "function"
    ) -> None:
        self.name = name
        self.requests: list[Request] = []
        self.fits: list[bool] = []
        self._function = function

    def __repr__(self) -> str:
        return f"{type(self).__name__}(name={self.name!r}, requests={len(self.requests)})"

    async def complete(self, request: Request) -> Reply:
        """Return the function's reply to ``request``, or raise its error."""
        self.requests.append(request)
        try:
            reply = self._function(request)
            reply = await reply if isinstance(reply, Awaitable) else reply
        except AssertionError as error:
            raise FailedAssertion(str(error) or f"An assertion failed in the function of {self.name!r}.") from error
        return _to_reply(reply, self.name)

    def note_reply(self, reply: Reply, *, fits: bool) -> bool:  # noqa: ARG002
        """Record in ``fits`` whether a reply matched its schema."""
        self.fits.append(fits)
        return False


class ScriptedModel(CallbackModel):
    """A `CallbackModel` that returns replies from a script, in order.

        model = ScriptedModel([reply_for(text), {"positions": []}, ServerFailed("The server broke.")])

    At the end of the script, a request raises an AssertionError. If requests come in any order, use a `CallbackModel`.

    Args:
        replies: An iterable of replies, or a single one.
        name: The model's name in the provenance of briefs.

    Examples:
        >>> from summarizer import ScriptedModel, summarize
        >>> from summarizer.testing import reply_for
        >>> text = "“The bridge must go,” said Anna Berg."
        >>> summarize(text, model=ScriptedModel(reply_for(text))).positions[0].statement
        'The bridge must go.'
    """

    def __init__(self, replies: ScriptedReply | Iterable[ScriptedReply], name: str = "scripted") -> None:
        super().__init__(self._next_reply, name)
        if callable(replies):
            raise TypeError("ScriptedModel takes replies; for a function that returns them, use CallbackModel.")
        is_single = isinstance(replies, str | Reply | Exception | Mapping | JSONObject)
        self._script: deque[ScriptedReply] = deque([replies] if is_single else replies)  # type: ignore[arg-type, list-item]
        self._length = len(self._script)

    def _next_reply(self, request: Request) -> ScriptedReply:
        with suppress(IndexError):
            return self._script.popleft()
        raise AssertionError(
            f"The script of {self.name!r} is at its end: it holds {self._length} "
            f"{'reply' if self._length == 1 else 'replies'}, and request {len(self.requests)} came"
            f"{_describe_repair(request)}. If the article makes several chunks, each takes its own reply: "
            "CallbackModel(replies_for(article)) gives them."
        )


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


def _describe_repair(request: Request) -> str:
    """Return the problems that ``request`` asks to repair, as a part of a sentence; empty for a first request."""
    if all(message.role != "assistant" for message in request.messages):
        return ""
    return f", which asks to repair a reply with problems: {shorten(request.messages[-1].content, 300).rstrip('.')}"
