"""Where a server is, and what opens its door."""

import base64
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from summarizer.errors import AuthenticationFailed, ConfigurationError

OPENAI_URL = "https://api.openai.com/v1"
OPENAI_KEY, AZURE_KEY = "OPENAI_API_KEY", "AZURE_OPENAI_API_KEY"
NO_KEY = "no-key"
"""Sent to servers that want no key, since the SDK makes no client without one."""

_HOST = re.compile(r"[\w.:%~-]+")
"""What a host is made of, as far as can be told at a glance; the rest is for whoever connects."""
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The address of a server and the secrets it wants. Its repr shows the address only."""

    base_url: str = field(repr=False)
    """The address without user and password: these are in ``headers``."""
    shown: str
    """The address as messages may show it: without user, password and query."""
    api_key: str = field(default=NO_KEY, repr=False)
    organization: str | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    api_version: str | None = None
    """The version of Azure's interface; None where the server is not Azure's."""
    token: str | None = field(default=None, repr=False)
    """A token of Microsoft Entra ID, which Azure takes in place of a key."""

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
        """The environment variable that the key is looked for in."""
        return OPENAI_KEY if self.api_version is None else AZURE_KEY


def address(environ: Mapping[str, str] = os.environ) -> str:
    """The address that ``environ`` names, as messages may show it: OpenAI's own where it names none.

    Raises:
        ConfigurationError: it is no address.
    """
    return shown(urlunsplit(_address(None, environ)))


def endpoint(
    *,
    base_url: str | None = None,
    api_key: str | None = None,
    organization: str | None = None,
    headers: Mapping[str, str] | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Endpoint:
    """The endpoint that these options describe; what is missing comes out of ``environ``.

    Raises:
        ConfigurationError: the address is none, or a secret cannot stand in a header.
        AuthenticationFailed: OpenAI's own server is meant, and there is no key.
    """
    url = _address(base_url, environ)
    key = (api_key or environ.get(OPENAI_KEY) or "").strip()
    if not key and _is_openai(url):
        raise AuthenticationFailed(
            "There is no key for OpenAI's server.",
            hint="Set OPENAI_API_KEY or pass OpenAIModel(api_key=…), or name a server by OPENAI_BASE_URL.",
        )
    return _checked(url, key, organization, headers or {})


def azure_endpoint(
    api_version: str,
    *,
    base_url: str | None = None,
    api_key: str | None = None,
    organization: str | None = None,
    headers: Mapping[str, str] | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Endpoint:
    """The endpoint of an Azure resource, such as ``https://NAME.openai.azure.com``.

    What is missing comes out of ``environ``: AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_API_KEY, or
    AZURE_OPENAI_AD_TOKEN in its place.

    Raises:
        ConfigurationError: the address is missing or none, or a secret cannot stand in a header.
        AuthenticationFailed: there is neither a key nor a token.
    """
    given = (base_url or environ.get("AZURE_OPENAI_ENDPOINT") or "").strip()
    if not given:
        raise ConfigurationError(
            "There is no address of an Azure resource.",
            hint="Set AZURE_OPENAI_ENDPOINT or pass OpenAIModel(base_url=…), as https://NAME.openai.azure.com.",
        )
    url = _split(given)
    if "/openai" not in url.path:
        url = url._replace(path=url.path.rstrip("/") + "/openai")
    key = (api_key or environ.get(AZURE_KEY) or "").strip()
    token = "" if key else environ.get("AZURE_OPENAI_AD_TOKEN", "").strip()
    if not key and not token:
        raise AuthenticationFailed(
            "There is no key for the Azure resource.",
            hint="Set AZURE_OPENAI_API_KEY or AZURE_OPENAI_AD_TOKEN, or pass OpenAIModel(api_key=…).",
        )
    check_header("The token", token)
    made = _checked(url, key, organization, headers or {})
    return replace(made, api_version=api_version, token=token or None)


def _checked(url: SplitResult, key: str, organization: str | None, headers: Mapping[str, str]) -> Endpoint:
    """An endpoint whose secrets can all be sent; user and password move from the address to a header."""
    sent = {**_basic_authorization(url), **headers}
    check_header("The API key", key)
    check_header("The organization", organization or "")
    for name, value in sent.items():
        check_header_name("A name in default_headers", name)
        check_header(f"The header {name}", value)
    host = url._replace(netloc=url.netloc.rpartition("@")[2])
    return Endpoint(
        base_url=urlunsplit(host),
        shown=shown(urlunsplit(host)),
        api_key=key or NO_KEY,
        organization=organization,
        headers=sent,
    )


def shown(url: str) -> str:
    """``url`` as messages may show it: without user, password and query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "an address that is none"
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment=""))


def _address(base_url: str | None, environ: Mapping[str, str]) -> SplitResult:
    return _split((base_url or environ.get("OPENAI_BASE_URL") or OPENAI_URL).strip())


def _split(base_url: str) -> SplitResult:
    try:
        url = urlsplit(base_url)
        complete = url.scheme in ("http", "https") and bool(_HOST.fullmatch(url.hostname or "")) and url.port != 0
    except ValueError:
        complete = False
    if complete and (url.query or url.fragment):
        raise ConfigurationError(
            "The base_url has a query, which would stand in the middle of the addresses made of it.",
            hint="Leave out what comes after the question mark; a key goes into api_key or default_headers.",
        )
    if not complete:
        raise no_address()
    return url


def no_address() -> ConfigurationError:
    """What a base_url that is none is told as; it is not repeated: it may hold a password."""
    return ConfigurationError(
        "The base_url is no web address.",
        hint="It looks like http://localhost:11434/v1. Check OPENAI_BASE_URL or OpenAIModel(base_url=…).",
    )


def _is_openai(url: SplitResult) -> bool:
    host = url.hostname or ""
    return host == "api.openai.com" or host.endswith(".api.openai.com")


def _basic_authorization(url: SplitResult) -> dict[str, str]:
    """User and password of an address as a header: in the address they would reach logs and errors."""
    if url.username is None:
        return {}
    pair = f"{unquote(url.username)}:{unquote(url.password or '')}"
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def check_header_name(what: str, name: str) -> None:
    """Refuse what no header can be called; the name is not repeated: it may be a secret out of its place.

    Raises:
        ConfigurationError: it is none.
    """
    if not _HEADER_NAME.fullmatch(name):
        raise ConfigurationError(
            f"{what} is none that HTTP knows.", hint="It is made of letters, digits and hyphens, such as X-Team."
        )


def check_header(what: str, value: str) -> None:
    """Refuse what HTTP cannot carry, here: further down, the error would quote the secret.

    Raises:
        ConfigurationError: it cannot be carried.
    """
    if not (value.isascii() and value.isprintable() and value == value.strip()):
        raise ConfigurationError(
            f"{what} holds a character that no HTTP header can carry.",
            hint="Was it copied with a line break, a blank or a typographic mark?",
        )
