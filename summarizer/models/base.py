"""What is sent to a model, what comes back, and what a model is."""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

from summarizer.usage import Usage

Role = Literal["system", "user", "assistant"]
FinishReason = Literal["stop", "length", "content_filter", "refusal", "other"]
OutputForm = Literal["json_schema", "json_object", "text"]
"""How a server is asked to answer: held to a schema, held to JSON, or with no more than the prompt's words."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation."""

    role: Role
    content: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PromptId:
    """Which prompt a request was made of."""

    name: str
    version: str
    sha256: str
    """The hash of its file, in hexadecimal."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a model: messages, and the JSON schema that the reply must fit."""

    messages: tuple[Message, ...]
    schema_name: str
    """A name for the schema: letters, digits, ``_`` and ``-``."""
    schema: Mapping[str, Any] = field(repr=False)
    """A strict JSON schema: every field required, every object closed."""
    prompts: tuple[PromptId, ...] = field(default=(), repr=False)
    """The prompts that the messages were made of, for whoever records; nothing of it is sent."""


under_way: ContextVar[Request | None] = ContextVar("under_way", default=None)
"""The request that an `OpenAIModel` is answering, wherever that runs: what goes over the wire does not tell."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the text as the model wrote it, not yet parsed or believed."""

    text: str = field(repr=False)
    finish_reason: FinishReason = "stop"
    usage: Usage = Usage()
    """The tokens of all attempts that it took to get this reply."""
    model: str | None = None
    """The model's name as the server gives it."""
    retries: int = 0
    """Attempts that failed before this one, those that the server refused for their form included."""
    output: OutputForm = "json_schema"
    """The form in which the server was asked to answer."""
    waited: float = 0.0
    """Seconds spent waiting between attempts, or because the server had asked all requests to wait."""


@runtime_checkable
class Model(Protocol):
    """Anything that can answer a request.

    Implementations are called from one event loop at a time, with several requests under way at
    once. They raise a `ModelError`, or return what the model wrote. One that can use the knowledge may
    also have a method ``note_reply``, which `note_reply` calls; one with options of its own, an
    ``identity`` for `identity_of`; one that limits replies says so by an attribute ``max_tokens``, which
    estimates go by.
    """

    @property
    def name(self) -> str:
        """What the brief's provenance calls this model."""

    async def complete(self, request: Request) -> Reply:
        """Answer ``request``.

        Raises:
            ModelError: no completion could be had.
        """


async def identity_of(model: Model) -> Mapping[str, Any]:
    """What tells ``model`` from others, as JSON can hold it: where it differs, its replies are others, too.

    A model says it in an ``async identity()`` of its own; for one that has none it is its class and its name.

    Raises:
        ModelError: it has to ask its server, and cannot.
    """
    tell = getattr(model, "identity", None)
    if tell is not None:
        return dict(await tell())
    kind = type(model)
    return {"name": model.name, "class": f"{kind.__module__}.{kind.__qualname__}"}


def note_reply(model: Model, reply: Reply, *, fits: bool) -> bool:
    """Tell ``model``, if it has an ear for it, whether a whole reply of its was JSON that fits the schema.

    True if it will ask in another form from now on, so that it is worth asking again.

    Whoever reads replies calls this once for each that was not cut off or refused. It is how a model
    learns that its server takes a form and then ignores it. What the reply claims does not count here,
    only its shape.
    """
    note = getattr(model, "note_reply", None)
    return note is not None and bool(note(reply, fits=fits))


def reply_limit(model: Model) -> int | None:
    """The tokens that a reply of ``model`` may have, where it says so; twice as many in a second attempt."""
    limit = getattr(model, "max_tokens", None)
    return limit if isinstance(limit, int) else None
