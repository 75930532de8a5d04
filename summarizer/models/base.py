"""The interface of language models: requests, replies, and the base class."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass, field
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, Literal

from summarizer._types import PromptId
from summarizer.errors import ConfigurationError
from summarizer.usage import Usage

if TYPE_CHECKING:
    from summarizer.models.concurrency import AdaptiveSlots

Role = Literal["system", "user", "assistant"]
"""Who says a message."""
FinishReason = Literal["stop", "length", "content_filter", "refusal", "other"]
"""Why a completion ended."""
OutputForm = Literal["json_schema", "json_object", "text"]
"""The output format that is requested: a schema, any JSON, or free text."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation."""

    role: Role
    content: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Request:
    """A request to a model: messages, and the JSON schema of the reply.

    Examples:
        >>> from summarizer import ScriptedModel, summarize
        >>> from summarizer.testing import reply_for
        >>> text = "“The bridge must go,” said Anna Berg."
        >>> model = ScriptedModel(reply_for(text))
        >>> brief = summarize(text, model=model)
        >>> [message.role for message in model.requests[0].messages]
        ['system', 'user']
    """

    messages: tuple[Message, ...]
    schema_name: str
    """Letters, digits, ``_`` and ``-``."""
    schema: Mapping[str, Any] = field(repr=False)
    """A strict JSON schema: all fields required, all objects closed."""
    prompts: tuple[PromptId, ...] = field(default=(), repr=False)
    """The prompts of the messages, for stores and cassettes; they are not sent."""
    report_usage: Callable[[Usage], object] = field(default=lambda _: None, repr=False, compare=False)
    """Called by the model with tokens that no Reply and no ModelError reports, such as those of a cancelled request."""
    max_reply_tokens: int | None = field(default=None, repr=False, compare=False)
    """The most tokens of the reply, without hidden reasoning: otherwise a looping model writes until the timeout.

    It changes no complete reply, so stores and cassettes do not distinguish requests by it.
    """


@dataclass(frozen=True, slots=True)
class Reply:
    """A model's reply: its text, not yet parsed or verified.

    Examples:
        >>> from summarizer import Reply, Usage
        >>> Reply('{"positions": []}', usage=Usage(prompt=900, completion=5)).usage.total
        905
    """

    text: str = field(repr=False)
    finish_reason: FinishReason = "stop"
    usage: Usage = Usage()
    """The tokens of all attempts."""
    model: str | None = None
    """The model's name as the server reports it."""
    retries: int = 0
    """Failed attempts before this reply, including rejected output formats."""
    output: OutputForm = "json_schema"
    waited: float = 0.0
    """Seconds of waiting: between attempts, for a rate limit, or because the server throttled all requests."""


class Model(ABC):
    """Base class of all language models.

    A subclass has a ``name``, which provenance shows, and `complete`; the other methods have defaults.
    One event loop at a time calls a model, with several requests in progress.

    Examples:
        >>> from summarizer import Model, Reply, summarize
        >>> class Silent(Model):
        ...     name = "silent"
        ...     async def complete(self, request):
        ...         return Reply('{"gist": null, "issues": [], "holders": [], "positions": [], "open_questions": []}')
        >>> summarize("“The bridge must go,” said Anna Berg.", model=Silent()).provenance.model
        'silent'
    """

    name: str
    max_tokens: int | None = None
    """The token limit of a reply, for estimates; None without a limit. A second attempt may use twice as many."""
    needs_reply_limit = True
    """Whether requests get `Request.max_reply_tokens` by default. Servers that end replies themselves need none."""
    has_retries = False
    """Whether the model retries failed attempts itself. `resolve_model` wraps others in a `RetryingModel`."""
    _slots: "AdaptiveSlots | None" = None
    keeps_replies = False
    """Whether the model remembers replies of batches itself, so that the store need not look for them."""

    @abstractmethod
    async def complete(self, request: Request) -> Reply:
        """Return the model's reply to ``request``, or raise a ModelError."""

    async def identity(self) -> Mapping[str, Any]:
        """Return the model's identity as JSON values: a store keys replies by it."""
        kind = type(self)
        return {"name": self.name, "class": f"{kind.__module__}.{kind.__qualname__}"}

    async def context_length(self) -> int | None:
        """Return the tokens of the model's context, prompt and reply together; None if that is not known."""
        return None

    def note_reply(self, reply: Reply, *, fits: bool) -> bool:  # noqa: ARG002
        """Record whether ``reply`` matched the schema, and return whether the output format changes.

        Callers report each complete reply once, so that a model notices a server that ignores the format.
        """
        return False

    def raise_concurrency(self, requests: int) -> None:
        """Allow at least so many requests at once: a batch asks it of models that are given by name."""
        if self._slots is not None:
            self._slots.allow(requests)

    async def aclose(self) -> None:  # noqa: B027
        """Close the connections of the running event loop. A later `complete` must open them again."""


async def request_reply(model: Model, request: Request) -> Reply:
    """Return a model's reply; raise a ConfigurationError for a wrong type, since a user's class may return anything."""
    subject = f"{type(model).__name__}.complete() returned a"
    reply: object = model.complete(request)
    if is_async := isawaitable(reply):
        reply = await reply
    if not (is_async and isinstance(reply, Reply)):
        hint = "It must be asynchronous and return a summarizer.models.Reply."
        expected = "a Reply" if is_async else "an awaitable"
        raise ConfigurationError(f"{subject} {type(reply).__name__}, not {expected}.", hint=hint)
    for name, kind in (("text", str), ("usage", Usage), ("retries", int), ("waited", int | float)):
        value = getattr(reply, name)
        if not isinstance(value, kind):
            hint = f"It must be a {getattr(kind, '__name__', 'number')}."
            raise ConfigurationError(f"{subject} Reply whose {name} is a {type(value).__name__}.", hint=hint)
    if not all(isinstance(count, int) for count in astuple(reply.usage)):
        raise ConfigurationError(f"{subject} Reply with {reply.usage}.", hint="Give whole numbers, and 0 if unknown.")
    return reply
