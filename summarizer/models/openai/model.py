"""A language model behind any server with OpenAI's Chat Completions API."""

import base64
import difflib
import json
import os
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from ipaddress import ip_address
from itertools import chain
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from summarizer._patterns import compile_lazily
from summarizer._secrets import PIECE, Redactor
from summarizer._text import one_line, shorten
from summarizer.errors import AuthenticationFailed, ConfigurationError, ContextTooLong, ModelError
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
from summarizer.models.retry import Dispatcher, Limits, OnEvent, RequestLog
from summarizer.usage import Usage

if TYPE_CHECKING:
    import openai

    from summarizer.models.openai.batches import BatchClient
    from summarizer.models.openai.client import Speed, Transport

OPENAI_URL = "https://api.openai.com/v1"
NO_KEY = "no-key"
"""Sent to servers that need no key: the SDK creates no client without one."""
CHOOSE_MODEL = "Choose one (model=…), or set SUMMARIZER_MODEL."
"""The hint of errors that no model is named."""
HEADER_SOURCES = "default_headers, OPENAI_CUSTOM_HEADERS, OPENAI_ORG_ID or OPENAI_PROJECT_ID"
LOCAL_DOMAINS = (".local", ".localhost", ".lan", ".internal", ".home.arpa")
MIN_SECRET = 6  # characters from which on a header value, or a word of it, is removed from a server's words
MAX_NAMES = 10  # models that a message lists
UNNAMED = "default"
"""The name of a model without a name until the server is asked."""

_HOST = compile_lazily(r"[\w.:%~-]+")
_HEADER_NAME = compile_lazily(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


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
        self.endpoint = find_endpoint(**options, environ=environ) if client is None else _endpoint_of(client, options)
        self._dispatcher = self.endpoint.create_dispatcher(limits)
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
        self._user_client = client
        self._transport: Transport | None = None
        self._lock = threading.Lock()
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
                    self.name = await self._open_transport().single_model()
                    self._is_named = True
        return self.name

    async def identity(self) -> dict[str, Any]:
        """Return the server, the name, and the parameters of requests."""
        parameters = self.endpoint.redactor.redact(json.dumps(asdict(self._parameters)), words=False)
        return {"server": self.endpoint.shown, "name": await self.resolved_name(), **json.loads(parameters)}

    async def models(self) -> tuple[str, ...]:
        """Return the names of the models that the server lists."""
        return await self._open_transport().models()

    async def is_loading(self) -> bool:
        """Return whether the server says that it still loads the model."""
        return await self._open_transport().is_loading()

    async def measure_speed(self, seconds: float) -> "Speed | None":
        """Measure a short reply for at most ``seconds``; None if the server refuses the request."""
        return await self._open_transport().measure_speed(await self.resolved_name(), seconds)

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

        return BatchClient(self._open_transport(), self.endpoint)

    async def complete(self, request: Request) -> Reply:
        """Return the reply to ``request``; its usage, like that of an error, covers all attempts.

        Raises:
            ModelError: There is no completion. ContextTooLong: a shorter request may pass.
            ConfigurationError: The client that was passed in belongs to another event loop.
        """
        prepared = await self.prepare(request)
        log = RequestLog(prepared.model, self.endpoint.shown, prepared.form, self._on_event)
        transport = self._open_transport()
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
        """Return the context that a server in the own network tells, asked once; None if it tells none in time."""
        if not self.endpoint.is_local or self.endpoint.api_version is not None:
            return self._context
        async with self._asking:
            if self._asks_for_context:
                name = await self.resolved_name()
                self._context, self._asks_for_context = await self._open_transport().context_length(name)
        return self._context

    def note_reply(self, reply: Reply, *, fits: bool) -> bool:
        """Record whether a reply matched the schema, and return whether the output format changes.

        With ``output="auto"``, it changes after two mismatches in a row. Cut-off and refused replies do not count.
        """
        return reply.finish_reason in ("stop", "other") and self.capabilities.note_reply(reply.output, fits=fits)

    async def aclose(self) -> None:
        """Close the connections of the running event loop."""
        if self._transport is not None:
            await self._transport.aclose()

    def _open_transport(self) -> "Transport":
        """Return the transport, created at first use: importing openai takes a second or two."""
        with self._lock:
            if self._transport is None:
                from summarizer.models.openai.client import Transport

                self._transport = Transport(self.endpoint, self._dispatcher, self._user_client)
            return self._transport


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The address of a server and its secrets; the repr shows none of them."""

    base_url: str = field(repr=False)
    """The address without user and password, which are in ``headers``."""
    api_key: str = field(default=NO_KEY, repr=False)
    organization: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    api_version: str | None = None
    """The version of Azure's API; None for other servers."""
    token: str | None = field(default=None, repr=False)
    """A token of Microsoft Entra ID, which Azure accepts instead of a key."""
    redactor: Redactor = field(init=False, repr=False, compare=False)
    """Removes the secrets from a server's words. It learns those of the headers that are sent, too."""

    def __post_init__(self) -> None:
        secrets = chain.from_iterable((secret, *secret.split()) for secret in self.secrets)
        object.__setattr__(self, "redactor", Redactor(secrets, mark="…", min_length=MIN_SECRET))

    def create_dispatcher(self, limits: Limits) -> Dispatcher:
        """Return the dispatcher of requests to this server."""
        return Dispatcher(limits, f"The server at {self.shown}", is_local=self.is_local)

    @property
    def shown(self) -> str:
        """The address for messages: without user, password and query."""
        url = show_url(self.base_url)
        return url.replace(self.api_key, "…") if self.has_key and len(self.api_key) >= PIECE else url

    @property
    def is_openai(self) -> bool:
        """Return whether this is OpenAI's own server."""
        return f".{urlsplit(self.base_url).hostname}".endswith(".api.openai.com")

    @property
    def is_hosted(self) -> bool:
        """Return whether this is OpenAI's or Azure's server: they end replies, and count hidden reasoning as tokens."""
        return self.is_openai or self.api_version is not None

    @property
    def is_local(self) -> bool:
        """Return whether the server is on this machine or in the same network: it may have a single slot."""
        host = (urlsplit(self.base_url).hostname or "").partition("%")[0]
        try:
            return not ip_address(host).is_global
        except ValueError:
            return "." not in host or host.endswith(LOCAL_DOMAINS)

    @property
    def has_key(self) -> bool:
        """Return whether there is a key, from the argument or the environment."""
        return self.api_key != NO_KEY

    @property
    def key_variable(self) -> str:
        """The environment variable of the key."""
        return "OPENAI_API_KEY" if self.api_version is None else "AZURE_OPENAI_API_KEY"

    @property
    def secrets(self) -> tuple[str, ...]:
        """The values that no message may show."""
        return (self.api_key if self.has_key else "", self.token or "", *self.headers.values())


def server_address(environ: Mapping[str, str] = os.environ) -> str:
    """Return the server's address from ``environ``, for messages; OpenAI's own by default."""
    return show_url(urlunsplit(_split(environ.get("OPENAI_BASE_URL") or OPENAI_URL)))


def find_endpoint(
    *,
    base_url: str | None = None,
    api_key: str | None = None,
    organization: str | None = None,
    default_headers: Mapping[str, str] | None = None,
    api_version: str | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Endpoint:
    """Return the endpoint of these options; missing ones come from ``environ``. An ``api_version`` means Azure."""
    token = ""
    if api_version is None:
        key = (api_key or environ.get("OPENAI_API_KEY") or "").strip()
        url = _split(base_url or environ.get("OPENAI_BASE_URL") or OPENAI_URL)
    else:
        key = (api_key or environ.get("AZURE_OPENAI_API_KEY") or "").strip()
        url = _split(base_url or environ.get("AZURE_OPENAI_ENDPOINT") or "")
        if "/openai" not in url.path:
            url = url._replace(path=url.path.rstrip("/") + "/openai")
        token = "" if key else environ.get("AZURE_OPENAI_AD_TOKEN", "").strip()
        if not key and not token:
            hint = "Set AZURE_OPENAI_API_KEY or AZURE_OPENAI_AD_TOKEN, or pass OpenAIModel(api_key=…)."
            raise AuthenticationFailed("There is no key for the Azure resource.", hint=hint)
    for what, value in (("API key", key), ("token", token), ("organization", organization or "")):
        check_header_value(f"The {what}", value)
    headers = dict(default_headers or {})
    if url.username is not None:
        pair = f"{unquote(url.username)}:{unquote(url.password or '')}"
        headers = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()} | headers
    for name, value in headers.items():
        check_header(name, value)
    # User and password have become a header: in the address they would reach logs and errors.
    address = urlunsplit(url._replace(netloc=url.netloc.rpartition("@")[2]))
    endpoint = Endpoint(address, key or NO_KEY, organization, headers, api_version, token or None)
    if endpoint.is_openai and not endpoint.has_key:
        hint = "Set OPENAI_API_KEY or pass OpenAIModel(api_key=…), or set OPENAI_BASE_URL to another server."
        raise AuthenticationFailed("There is no key for OpenAI's server.", hint=hint)
    return endpoint


def _endpoint_of(client: "openai.AsyncOpenAI", options: Mapping[str, object]) -> Endpoint:
    """Return the endpoint of the user's own client, which keeps its key and headers."""
    import openai

    if not isinstance(client, openai.AsyncOpenAI):
        raise ConfigurationError(
            f"A {type(client).__name__} cannot be used as the client.", hint="Pass an openai.AsyncOpenAI."
        )
    duplicates = sorted(name for name, value in options.items() if value is not None)
    if duplicates:
        hint = "Give either the client or these options."
        raise ConfigurationError(f"A client of your own has its own {', '.join(duplicates)}.", hint=hint)
    version = str(client.default_query.get("api-version", "")) if isinstance(client, openai.AsyncAzureOpenAI) else None
    return Endpoint(str(client.base_url), client.api_key or NO_KEY, api_version=version)


def _split(base_url: str) -> SplitResult:
    try:
        url = urlsplit(base_url.strip())
        is_valid = url.scheme in ("http", "https") and bool(_HOST.fullmatch(url.hostname or "")) and url.port != 0
    except ValueError:
        is_valid = False
    if not is_valid or url.query or url.fragment:
        raise ConfigurationError(  # without the address, which may hold a password
            "The server's address is not a web address, or it has a query.",
            hint="It looks like http://localhost:11434/v1, or at Azure like https://NAME.openai.azure.com. "
            "Check OPENAI_BASE_URL or AZURE_OPENAI_ENDPOINT, or OpenAIModel(base_url=…).",
        )
    return url


def show_url(url: str) -> str:
    """Return ``url`` for messages: without user, password and query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an invalid address"
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment=""))


def check_header(name: str, value: str) -> None:
    """Refuse a header that HTTP cannot carry. The HTTP client's own error would quote the secret."""
    if not _HEADER_NAME.fullmatch(name):  # not shown: it may be a secret in the wrong place
        hint = "It consists of letters, digits and hyphens, such as X-Team."
        raise ConfigurationError(f"A name in {HEADER_SOURCES} is not a valid HTTP header name.", hint=hint)
    check_header_value(f"The header {name} (from {HEADER_SOURCES})", value)


def check_header_value(what: str, value: str) -> None:
    """Refuse a value that HTTP cannot carry."""
    if not (value.isascii() and value.isprintable() and value == value.strip()):
        hint = "Was it copied with a line break, a space or a typographic quotation mark?"
        raise ConfigurationError(f"{what} contains a character that no HTTP header can carry.", hint=hint)


def join_names(names: Sequence[str]) -> str:
    """Return ``names`` for a message, at most `MAX_NAMES` of them."""
    shown = ", ".join(shorten(one_line(name), 100) for name in names[:MAX_NAMES])
    return f"{shown} and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else shown


def nearest_names(name: str, names: Sequence[str]) -> list[str]:
    """Return ``names``, the most similar to ``name`` first."""
    return sorted(names, key=lambda other: -difflib.SequenceMatcher(None, other.casefold(), name.casefold()).ratio())
