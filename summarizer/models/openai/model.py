"""A language model behind any server with OpenAI's Chat Completions API."""

import os
import threading
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, get_args

from summarizer.errors import ConfigurationError, ModelError
from summarizer.models.base import Model, Reply, Request
from summarizer.models.openai.capabilities import (
    LIMIT_NAMES,
    Capabilities,
    Output,
    Parameters,
    PreparedRequest,
    ServerCapabilities,
)
from summarizer.models.openai.endpoint import NO_KEY, Endpoint, find_endpoint, show_url
from summarizer.models.retry import Limits, OnEvent, RequestLog
from summarizer.usage import Usage

if TYPE_CHECKING:
    import openai

    from summarizer.models.openai.client import Transport
    from summarizer.models.openai.responses import Completion

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
        organization: Sent with each request, like ``default_headers``.
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
            raise ConfigurationError("At Azure a model has no name of its own.", hint="Give the deployment's name.")
        if output not in get_args(Output):
            raise ConfigurationError(
                f"output cannot be {output!r}.", hint=f"It is one of {', '.join(get_args(Output))}."
            )
        self._limits = Limits(timeout, attempts, deadline, concurrency, requests_per_minute, tokens_per_minute)
        self._parameters = Parameters(max_tokens, temperature, seed, extra_body or {})
        options: dict[str, Any] = {
            "base_url": base_url,
            "api_key": api_key,
            "organization": organization,
            "headers": default_headers,
            "api_version": api_version,
        }
        self.endpoint = find_endpoint(**options, environ=environ) if client is None else _endpoint_of(client, options)
        self.max_tokens = max_tokens
        self.name = UNNAMED if name is None else name.strip()
        self._is_named = name is not None
        self._on_event = on_event
        self._capabilities = ServerCapabilities(
            Capabilities(
                form="json_schema" if output == "auto" else output,
                limit_names=LIMIT_NAMES[::-1] if self.endpoint.is_openai else LIMIT_NAMES,
            ),
            auto=output == "auto",
        )
        self._user_client = client
        self._transport: Transport | None = None
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"OpenAIModel({self.name if self._is_named else None!r}, base_url={self.endpoint.shown!r})"

    async def resolved_name(self) -> str:
        """Return the model's name, after asking the server if none was given.

        Raises:
            ModelNotFound: The server lists no model, or several.
            ModelError: The server cannot be asked.
        """
        if not self._is_named:
            self.name = await self._open_transport().single_model()
            self._is_named = True
        return self.name

    async def identity(self) -> dict[str, Any]:
        """Return the server, the name, and the parameters of requests.

        Raises:
            ModelError: The server has to be asked for the name, and the request fails.
        """
        return {"server": self.endpoint.shown, "name": await self.resolved_name(), **asdict(self._parameters)}

    async def models(self) -> tuple[str, ...]:
        """Return the names of the models that the server lists.

        Raises:
            ModelError: The server cannot be asked.
        """
        return await self._open_transport().models()

    async def complete(self, request: Request) -> Reply:
        """Return the reply to ``request``; its usage, like that of an error, covers all attempts.

        Raises:
            ModelError: There is no completion.
            ContextTooLong: The request is too long for the model; a shorter one may pass.
            ConfigurationError: The client that was passed in belongs to another event loop.
        """
        name = self.name if self._is_named else await self.resolved_name()
        prepared = PreparedRequest(name, request, self._parameters, self._capabilities)
        log = RequestLog(name, self.endpoint.shown, prepared.form, self._on_event)
        transport = self._open_transport()
        try:
            completion = await transport.complete(prepared, log)
            if completion.finish_reason == "length" and prepared.double_limit():
                completion = await _complete_longer(transport, prepared, log) or completion
        except BaseException as error:  # a cancellation leaves its line in the log, too
            log.aborted(error, request)
            raise
        log.end("answered")
        return Reply(
            text=completion.text,
            finish_reason=completion.finish_reason,
            usage=log.usage,
            model=completion.model,
            retries=log.retries,
            output=prepared.form,
            waited=round(log.waited, 3),
        )

    def note_reply(self, reply: Reply, *, fits: bool) -> bool:
        """Record whether a reply matched the schema, and return whether the output format changes.

        With ``output="auto"``, two mismatches in a row mean that the server ignores the format, and the next
        request uses the next one. Replies that were cut off or refused do not count.
        """
        return reply.finish_reason in ("stop", "other") and self._capabilities.note_reply(reply.output, fits=fits)

    async def aclose(self) -> None:
        """Close the connections of the running event loop."""
        if self._transport is not None:
            await self._transport.aclose()

    def _open_transport(self) -> "Transport":
        """Return the transport, created at first use: importing openai takes a second or two."""
        if self._transport is None:
            from summarizer.models.openai.client import Transport

            with self._lock:
                if self._transport is None:
                    self._transport = Transport(self.endpoint, self._limits, self._user_client)
        return self._transport


async def _complete_longer(transport: "Transport", prepared: PreparedRequest, log: RequestLog) -> "Completion | None":
    """Request a reply that reached the token limit once more, with twice the limit; None if that fails."""
    log.retrying(200, Usage(), 0.0)
    try:
        completion = await transport.complete(prepared, log)
    except ModelError:  # the limit may be too high for the server now
        return None
    if completion.finish_reason != "length":
        prepared.keep_limit()
    return completion


def _endpoint_of(client: "openai.AsyncOpenAI", options: Mapping[str, object]) -> Endpoint:
    """Return the endpoint of the user's own client, which keeps its key and headers."""
    import openai

    if not isinstance(client, openai.AsyncOpenAI):
        raise ConfigurationError(
            f"A {type(client).__name__} cannot be used as the client.", hint="Pass an openai.AsyncOpenAI."
        )
    duplicates = sorted(name for name, value in options.items() if value is not None)
    if duplicates:
        raise ConfigurationError(
            f"A client of your own has its own {', '.join(duplicates)}.",
            hint="Give either the client or these options.",
        )
    version = str(client.default_query.get("api-version", "")) if isinstance(client, openai.AsyncAzureOpenAI) else None
    address = str(client.base_url)
    return Endpoint(address, show_url(address), client.api_key or NO_KEY, api_version=version)
