"""Models that say what they were told to say: for tests, and for trying things out.

Importing this loads no pydantic: replies that are wire objects are recognised when they come.
"""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from threading import Lock
from typing import Any, Protocol, runtime_checkable

from summarizer.models.base import Model, Reply, Request


@runtime_checkable
class WireObject(Protocol):
    """What writes itself as JSON: an Extraction, such as `reply_for` makes, or any other pydantic model."""

    def model_dump_json(self) -> str:
        """Itself as JSON."""


ScriptedReply = str | Mapping[str, Any] | WireObject | Reply | Exception
"""What a model for tests can be told to say: the text of a reply, a mapping or a wire object, which are
sent as JSON, a whole Reply, or an error to raise."""

_LONGEST = 300  # characters of a request's last message that an error repeats
_SEVERAL = (
    "If the article makes several chunks, each takes its own reply: CallbackModel(replies_for(article)) gives them."
)
_ELSEWHERE = "there is no sentence "
"""Of a request for a repair: what a reply says of another chunk."""


class _ToldModel(Model):
    """What the models share: they keep what they are asked, and make Replies of what they were told."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.requests: list[Request] = []
        self.fits: list[bool] = []
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(name={self.name!r}, requests={len(self.requests)})"

    async def complete(self, request: Request) -> Reply:
        """What the model was told to answer to ``request``.

        Raises:
            AssertionError: a script has come to its end.
            TypeError: what it was told is no reply.
            Exception: the error that it was told to raise.
        """
        with self._lock:
            self.requests.append(request)
            number = len(self.requests)
        return _reply(await self._told(request, number), self.name)

    async def _told(self, request: Request, number: int) -> object:
        """What to say to ``request``, which is the ``number``-th, counted from 1."""
        raise NotImplementedError

    def note_reply(self, reply: Reply, *, fits: bool) -> bool:  # noqa: ARG002
        """Keep in ``fits`` whether a reply fitted its schema."""
        with self._lock:
            self.fits.append(fits)
        return False


class ScriptedModel(_ToldModel):
    """Answers requests out of a script, in order, and keeps them in ``requests``.

    ``fits`` keeps what `note_reply` tells it: for each reply, whether it had the right shape. Several
    threads and event loops may share one.

        model = ScriptedModel([reply_for(text), {"positions": []}, ServerFailed("The server broke.")])

    Args:
        replies: the script: an iterable of replies, or a single one. Where requests come side by
            side and their order is open, use a `CallbackModel`.
        name: what the brief's provenance calls the model.

    Raises:
        TypeError: ``replies`` is a function.
    """

    def __init__(self, replies: ScriptedReply | Iterable[ScriptedReply], name: str = "scripted") -> None:
        super().__init__(name)
        if callable(replies):
            raise TypeError("ScriptedModel takes replies; for a function that makes them, use CallbackModel.")
        self._script = _script(replies)

    async def _told(self, request: Request, number: int) -> object:
        if number <= len(self._script):
            return self._script[number - 1]
        count = len(self._script)
        held = f"{count} {'reply' if count == 1 else 'replies'}"
        raise AssertionError(
            f"The script of {self.name!r} is at its end: it holds {held}, and {_asks(request, number)}"
        )


class CallbackModel(_ToldModel):
    """Answers each request with what a function makes of it, and keeps the requests in ``requests``.

        model = CallbackModel(lambda request: ServerFailed("The server broke."))

    Args:
        function: takes a Request, and returns a reply or an awaitable of one; what it raises is raised.
            It is called wherever the model is asked: in several threads at once, if several ask.
        name: what the brief's provenance calls the model.
    """

    def __init__(
        self, function: Callable[[Request], ScriptedReply | Awaitable[ScriptedReply]], name: str = "function"
    ) -> None:
        super().__init__(name)
        self._function = function

    async def _told(self, request: Request, number: int) -> object:  # noqa: ARG002
        told = self._function(request)
        return await told if isinstance(told, Awaitable) else told


def _script(replies: ScriptedReply | Iterable[ScriptedReply]) -> tuple[object, ...]:
    """The replies; a lone string, mapping or wire object is one reply, not one for each of its parts."""
    return (replies,) if isinstance(replies, str | Reply | Exception | Mapping | WireObject) else tuple(replies)


def _reply(told: object, name: str) -> Reply:
    """A Reply of what a model was told to say.

    Raises:
        TypeError: it is nothing that can be said.
        Exception: it is this error.
    """
    if isinstance(told, Exception):
        raise told
    if isinstance(told, Reply):
        return told
    if isinstance(told, str):
        return Reply(told, model=name)
    if isinstance(told, Mapping):
        return Reply(json.dumps(dict(told), ensure_ascii=False), model=name)
    if isinstance(told, WireObject) and not isinstance(told, type):
        return Reply(told.model_dump_json(), model=name)
    raise TypeError(f"a reply is a str, a mapping, an Extraction, a Reply or an error to raise, not {told!r}")


def _asks(request: Request, number: int) -> str:
    """What an unexpected request is about, as the end of an error's sentence."""
    repairs = any(message.role == "assistant" for message in request.messages)
    last = request.messages[-1].content if request.messages else ""
    if not repairs:
        return f"request {number} came. {_SEVERAL}"
    several = f" {_SEVERAL}" if _ELSEWHERE in last else ""
    said = " ".join(last.split())
    said = said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
    return f"request {number} came, which asks to repair a reply that did not stand: {said}{several}"
