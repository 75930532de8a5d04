"""The address of a server, its key and headers, and the connection to it."""

import base64
import difflib
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from summarizer._patterns import compile_lazily
from summarizer._secrets import PIECE, Redactor
from summarizer._text import one_line, shorten
from summarizer.errors import AuthenticationFailed, ConfigurationError
from summarizer.models.retry import Dispatcher, Limits

if TYPE_CHECKING:
    import openai

    from summarizer.models.openai.client import Transport

OPENAI_URL = "https://api.openai.com/v1"
NO_KEY = "no-key"
"""Sent to servers that need no key: the SDK creates no client without one."""
CHOOSE_MODEL = "Choose one (model=…), or set SUMMARIZER_MODEL."
"""The hint of errors that no model is named."""
HEADER_SOURCES = "default_headers, OPENAI_CUSTOM_HEADERS, OPENAI_ORG_ID or OPENAI_PROJECT_ID"
LOCAL_DOMAINS = (".local", ".localhost", ".lan", ".internal", ".home.arpa")
MIN_SECRET = 6  # characters of a header value, or of a word in it, that is removed from a server's words
MAX_NAMES = 10  # models that a message lists

_HOST = compile_lazily(r"[\w.:%~-]+")
_HEADER_NAME = compile_lazily(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


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


class LazyTransport:
    """The connection to an endpoint, created at first use: importing openai takes a second or two."""

    def __init__(self, endpoint: Endpoint, dispatcher: Dispatcher, client: "openai.AsyncOpenAI | None" = None) -> None:
        self._arguments = endpoint, dispatcher, client
        self._transport: Transport | None = None
        self._lock = threading.Lock()

    def open(self) -> "Transport":
        """Return the transport."""
        with self._lock:
            if self._transport is None:
                from summarizer.models.openai.client import Transport

                self._transport = Transport(*self._arguments)
            return self._transport

    async def aclose(self) -> None:
        """Close the connections of the running event loop."""
        if self._transport is not None:
            await self._transport.aclose()


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


def endpoint_of(client: "openai.AsyncOpenAI", options: Mapping[str, object]) -> Endpoint:
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
