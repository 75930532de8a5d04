"""A language model behind any server with OpenAI's Chat Completions API."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, get_args

from summarizer.errors import ConfigurationError, ContextTooLong, ModelError
from summarizer.models.base import Model, Reply, Request
from summarizer.models.concurrency import Slots
from summarizer.models.openai.capabilities import (
    LIMIT_NAMES,
    Capabilities,
    Output,
    Parameters,
    PreparedRequest,
    ServerCapabilities,
)
from summarizer.models.openai.endpoint import LazyTransport, endpoint_of, find_endpoint
from summarizer.models.retry import Limits, OnEvent, RequestLog
from summarizer.usage import Usage

if TYPE_CHECKING:
    import openai

    from summarizer.models.openai.batches import BatchClient
    from summarizer.models.openai.client import Speed

UNNAMED = "default"
"""The name of a model without a name until the server is asked."""


class OpenAIModel(Model):
    """A model at OpenAI, at Azure, or at any server with their Chat Completions API.

    Several threads and event loops can use it, also after `aclose`.

    Args:
        name: The model's name at the server (at Azure, the deployment's); None means the only model that the
            server lists, which the first request asks for.
        base_url: The server's address; by default ``OPENAI_BASE_URL`` in ``environ``, else OpenAI's own.
        api_key: By default ``OPENAI_API_KEY`` in ``environ``. Servers other than OpenAI's may need none.
        organization: Sent as a header.
        default_headers: Further HTTP headers.
        output: The output format. ``"auto"`` starts with a strict JSON schema, falls back when the server rejects
            a format or ignores it twice in a row, and remembers what works. ``"json_schema"``, ``"json_object"``
            and ``"text"`` are fixed.
        timeout: Seconds for one attempt, at most 5 of them to connect.
        attempts: Attempts in all, if retries can help.
        deadline: Seconds for all attempts of a request and the waits between them.
        concurrency: Requests in progress at once, in all event loops and threads; others wait.
        requests_per_minute: Requests a minute, evenly spread.
        tokens_per_minute: Tokens a minute, sent and received; those of a reply count when it arrives.
        max_tokens: The token limit of a reply, reasoning included. A reply that reaches it is requested once more
            with twice the limit, and if that is enough, so are all later ones.
        temperature: Sent only when set, like ``seed``, and dropped where a server does not support it.
        seed: See ``temperature``.
        extra_body: Further keys of the request body.
        api_version: The version of Azure's API. It makes this a model at Azure, with ``AZURE_OPENAI_ENDPOINT`` and
            ``AZURE_OPENAI_API_KEY`` or ``AZURE_OPENAI_AD_TOKEN`` as the variables.
        client: An ``openai.AsyncOpenAI`` (or ``AsyncAzureOpenAI``) of your own, for the asynchronous calls of one
            event loop. It has its own address, key and headers, and is not closed here.
        on_event: Called with a `CallEvent` for each attempt, each retry, and the end of a request.
        environ: The environment variables.

    Raises:
        ConfigurationError: An option cannot work.
        AuthenticationFailed: There is no key for OpenAI or Azure.

    Examples:
        >>> from summarizer import OpenAIModel, Summarizer
        >>> model = OpenAIModel("qwen3:8b", base_url="http://localhost:11434/v1", timeout=300)
        >>> summarizer = Summarizer(model=model)
    """

    has_retries = True

    def __init__(
        self,
        name: str | None,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        organization: str | None = None,
        default_headers: Mapping[str, str] | None = None,
        output: Output = "auto",
        timeout: float = 120.0,
        attempts: int = 5,
        deadline: float = 600.0,
        concurrency: int = 16,
        requests_per_minute: float | None = None,
        tokens_per_minute: float | None = None,
        max_tokens: int | None = None,
        temperature: float | None = None,
        seed: int | None = None,
        extra_body: Mapping[str, Any] | None = None,
        api_version: str | None = None,
        client: "openai.AsyncOpenAI | None" = None,
        on_event: OnEvent | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        if name is not None and not name.strip():
            raise ConfigurationError("The name of the model is empty.", hint="Give a name, or leave it out.")
        if name is None and api_version is not None:
            raise ConfigurationError("A model at Azure needs the name of its deployment.", hint="Pass the name.")
        if output not in get_args(Output):
            hint = f"It is one of {', '.join(get_args(Output))}."
            raise ConfigurationError(f"output cannot be {output!r}.", hint=hint)
        limits = Limits(timeout, attempts, deadline, concurrency, requests_per_minute, tokens_per_minute)
        self._parameters = Parameters(max_tokens, temperature, seed, extra_body or {})
        options: dict[str, Any] = {
            "base_url": base_url,
            "api_key": api_key,
            "organization": organization,
            "default_headers": default_headers,
            "api_version": api_version,
        }
        self.endpoint = find_endpoint(**options, environ=environ) if client is None else endpoint_of(client, options)
        self._dispatcher = self.endpoint.create_dispatcher(limits)
        self._transport = LazyTransport(self.endpoint, self._dispatcher, client)
        self._slots = self._dispatcher.throttle.slots
        self.max_tokens = max_tokens
        self.needs_reply_limit = not self.endpoint.is_hosted
        self.name = UNNAMED if name is None else name.strip()
        self._is_named = name is not None
        self._on_event = on_event
        self.capabilities = ServerCapabilities(
            Capabilities(
                form="json_schema" if output == "auto" else output,
                limit_names=LIMIT_NAMES[::-1] if self.endpoint.is_openai else LIMIT_NAMES,
            ),
            auto=output == "auto",
        )
        self._naming = Slots(1)  # held while the server is asked for its only model
        self._asking = Slots(1)  # held while the server is asked for its context
        self._context: int | None = None
        self._asks_for_context = True

    def __repr__(self) -> str:
        return f"OpenAIModel({self.name if self._is_named else None!r}, base_url={self.endpoint.shown!r})"

    async def resolved_name(self) -> str:
        """Return the model's name, after asking the server if none was given; a ModelError says that it has no name."""
        if not self._is_named:
            async with self._naming:
                if not self._is_named:
                    self.name = await self._transport.open().single_model()
                    self._is_named = True
        return self.name

    async def identity(self) -> dict[str, Any]:
        """Return the server, the name, and the parameters of requests."""
        parameters = self.endpoint.redactor.redact(json.dumps(asdict(self._parameters)), words=False)
        return {"server": self.endpoint.shown, "name": await self.resolved_name(), **json.loads(parameters)}

    async def models(self) -> tuple[str, ...]:
        """Return the names of the models that the server lists."""
        return await self._transport.open().models()

    async def is_loading(self) -> bool:
        """Return whether the server says that it still loads the model."""
        return await self._transport.open().is_loading()

    async def measure_speed(self, seconds: float) -> "Speed | None":
        """Measure a short reply for at most ``seconds``; None if the server refuses the request."""
        return await self._transport.open().measure_speed(await self.resolved_name(), seconds)

    async def prepare(self, request: Request, used: Capabilities | None = None) -> PreparedRequest:
        """Return ``request`` in the form that the server accepts, or in the one in which it was sent before."""
        name = await self.resolved_name()
        return PreparedRequest(name, request, self._parameters, self.capabilities, self._context, used=used)

    @property
    def extra_body(self) -> Mapping[str, Any]:
        """The keys of the request body that the caller added, without those that the server does not support."""
        dropped = self.capabilities.current.dropped
        return {name: value for name, value in self._parameters.extra_body.items() if name not in dropped}

    def open_batches(self) -> "BatchClient":
        """Return the server's files and batches."""
        from summarizer.models.openai.batches import BatchClient

        return BatchClient(self._transport.open(), self.endpoint)

    async def complete(self, request: Request) -> Reply:
        """Return the reply to ``request``; its usage, like that of an error, covers all attempts.

        Raises:
            ModelError: There is no completion. ContextTooLong: a shorter request may pass.
            ConfigurationError: The client that was passed in belongs to another event loop.
        """
        prepared = await self.prepare(request)
        log = RequestLog(prepared.model, self.endpoint.shown, prepared.form, self._on_event)
        transport = self._transport.open()
        try:
            reply = await transport.complete(prepared, log)
            if prepared.context is not None:
                self._context, self._asks_for_context = prepared.context, False
            if reply.finish_reason == "length" and prepared.raise_limit(reply):
                log.retrying(200, Usage(), 0.0)
                with suppress(ModelError):  # the limit may be too high for the server now
                    reply = await transport.complete(prepared, log)
                    if reply.finish_reason != "length":
                        prepared.keep_limit()
        except BaseException as error:  # a cancellation leaves its line in the log, too
            log.aborted(error, request)
            if isinstance(error, ContextTooLong) and error.context is not None:
                self._context, self._asks_for_context = error.context, False
            raise
        return log.answered(replace(reply, output=prepared.form))

    async def context_length(self) -> int | None:
        """Return the context that a server in the user's network reports, asked once; None if there is none in time."""
        if not self.endpoint.is_local or self.endpoint.api_version is not None:
            return self._context
        async with self._asking:
            if self._asks_for_context:
                name = await self.resolved_name()
                self._context, self._asks_for_context = await self._transport.open().context_length(name)
        return self._context

    def note_reply(self, reply: Reply, *, fits: bool) -> bool:
        """Record whether a reply matched the schema, and return whether the output format changes.

        With ``output="auto"``, it changes after two mismatches in a row. Cut-off and refused replies do not count.
        """
        return reply.finish_reason in ("stop", "other") and self.capabilities.note_reply(reply.output, fits=fits)

    async def aclose(self) -> None:
        """Close the connections of the running event loop."""
        await self._transport.aclose()
