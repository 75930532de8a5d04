"""The address of a server and the secrets that it needs."""

import base64
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from summarizer.errors import AuthenticationFailed, ConfigurationError

OPENAI_URL = "https://api.openai.com/v1"
NO_KEY = "no-key"
"""Sent to servers that need no key: the SDK creates no client without one."""

_HOST = re.compile(r"[\w.:%~-]+")
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The address of a server and its secrets. The repr shows the address only."""

    base_url: str = field(repr=False)
    """The address without user and password, which are in ``headers``."""
    shown: str
    """The address for messages: without user, password and query."""
    api_key: str = field(default=NO_KEY, repr=False)
    organization: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    api_version: str | None = None
    """The version of Azure's API; None for other servers."""
    token: str | None = field(default=None, repr=False)
    """A token of Microsoft Entra ID, which Azure accepts instead of a key."""

    @property
    def is_openai(self) -> bool:
        """Whether this is OpenAI's own server."""
        return _is_openai(urlsplit(self.base_url))

    @property
    def has_key(self) -> bool:
        """Whether a key was given, by argument or environment."""
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
    headers: Mapping[str, str] | None = None,
    api_version: str | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Endpoint:
    """Return the endpoint of these options; missing ones come from ``environ``. An ``api_version`` means Azure.

    Raises:
        ConfigurationError: The address is invalid, or a secret cannot be a header.
        AuthenticationFailed: OpenAI or Azure is meant, and there is no key.
    """
    if api_version is None:
        url, token = _split(base_url or environ.get("OPENAI_BASE_URL") or OPENAI_URL), ""
        key = (api_key or environ.get("OPENAI_API_KEY") or "").strip()
        if not key and _is_openai(url):
            raise AuthenticationFailed(
                "There is no key for OpenAI's server.",
                hint="Set OPENAI_API_KEY or pass OpenAIModel(api_key=…), or set OPENAI_BASE_URL to another server.",
            )
    else:
        url = _azure_url((base_url or environ.get("AZURE_OPENAI_ENDPOINT") or "").strip())
        key = (api_key or environ.get("AZURE_OPENAI_API_KEY") or "").strip()
        token = "" if key else environ.get("AZURE_OPENAI_AD_TOKEN", "").strip()
        if not key and not token:
            raise AuthenticationFailed(
                "There is no key for the Azure resource.",
                hint="Set AZURE_OPENAI_API_KEY or AZURE_OPENAI_AD_TOKEN, or pass OpenAIModel(api_key=…).",
            )
    sent = {**_basic_authorization(url), **(headers or {})}
    for what, value in (("API key", key), ("token", token), ("organization", organization or "")):
        check_header_value(f"The {what}", value)
    for name, value in sent.items():
        check_header(name, value, source="default_headers")
    # User and password have become a header: in the address they would reach logs and errors.
    address = urlunsplit(url._replace(netloc=url.netloc.rpartition("@")[2]))
    return Endpoint(address, show_url(address), key or NO_KEY, organization, sent, api_version, token or None)


def _azure_url(address: str) -> SplitResult:
    if not address:
        raise ConfigurationError(
            "There is no address of an Azure resource.",
            hint="Set AZURE_OPENAI_ENDPOINT or pass OpenAIModel(base_url=…), as https://NAME.openai.azure.com.",
        )
    url = _split(address)
    return url if "/openai" in url.path else url._replace(path=url.path.rstrip("/") + "/openai")


def show_url(url: str) -> str:
    """Return ``url`` for messages: without user, password and query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an invalid address"
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment=""))


def invalid_base_url() -> ConfigurationError:
    """Return the error of an invalid base_url. It leaves the URL out, which may hold a password."""
    return ConfigurationError(
        "The base_url is not a web address.",
        hint="It looks like http://localhost:11434/v1. Check OPENAI_BASE_URL or OpenAIModel(base_url=…).",
    )


def check_header(name: str, value: str, *, source: str) -> None:
    """Refuse a header that HTTP cannot carry. The HTTP client's own error would quote the secret."""
    if not _HEADER_NAME.fullmatch(name):  # not shown: it may be a secret in the wrong place
        raise ConfigurationError(
            f"A name in {source} is not a valid HTTP header name.",
            hint="It consists of letters, digits and hyphens, such as X-Team.",
        )
    check_header_value(f"The header {name} (from {source})", value)


def check_header_value(what: str, value: str) -> None:
    """Refuse a value that HTTP cannot carry."""
    if not (value.isascii() and value.isprintable() and value == value.strip()):
        raise ConfigurationError(
            f"{what} contains a character that no HTTP header can carry.",
            hint="Was it copied with a line break, a space or a typographic quotation mark?",
        )


def _split(base_url: str) -> SplitResult:
    try:
        url = urlsplit(base_url.strip())
        is_valid = url.scheme in ("http", "https") and bool(_HOST.fullmatch(url.hostname or "")) and url.port != 0
    except ValueError:
        is_valid = False
    if not is_valid:
        raise invalid_base_url()
    if url.query or url.fragment:
        raise ConfigurationError(
            "The base_url has a query, which would end up inside the addresses built from it.",
            hint="Remove the part after the question mark; a key goes into api_key or default_headers.",
        )
    return url


def _is_openai(url: SplitResult) -> bool:
    host = url.hostname or ""
    return host == "api.openai.com" or host.endswith(".api.openai.com")


def _basic_authorization(url: SplitResult) -> dict[str, str]:
    if url.username is None:
        return {}
    pair = f"{unquote(url.username)}:{unquote(url.password or '')}"
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
