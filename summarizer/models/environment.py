"""The proxies and certificates that the environment names: which of them applies, and which cannot be used.

The HTTP client reads the same variables of its own accord; here is what messages say of them.
"""

import os
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass

from summarizer.errors import ConfigurationError

_SCHEMES = ("http", "https", "all")
_SPOKEN = ("http", "https", "socks5", "socks5h")
"""The schemes of the proxies that the HTTP client knows."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy on the way to a server."""

    shown: str
    """Its address as messages may show it: without user and password."""
    variable: str
    """The variable that names it."""

    def __str__(self) -> str:
        return f"The proxy at {self.shown}, which {self.variable} names,"


def proxy_to(url: str) -> Proxy | None:
    """The proxy through which requests to ``url`` go, if there is one.

    Raises:
        ConfigurationError: it cannot be used.
    """
    server = urlsplit(url)
    named = dict(_named())
    scheme = server.scheme if server.scheme in named else "all"
    if scheme not in named or proxy_bypass(server.hostname or ""):
        return None
    if fault := _fault(named[scheme]):
        raise _no_proxy(scheme, fault)
    return Proxy(_shown(named[scheme]), _variable(scheme))


def unusable(error: Exception) -> ConfigurationError:
    """Why no HTTP client can be made: ``error`` is what it raised, which may quote a proxy's password."""
    if isinstance(error, OSError):
        return _no_certificates(error)
    for scheme, address in _named():
        if fault := _fault(address) or _odd_letters(address):
            return _no_proxy(scheme, fault)
    variables = ", ".join(_variable(scheme) for scheme, _ in _named())
    return ConfigurationError(
        f"No HTTP client can be made in this environment ({type(error).__name__}).",
        hint=f"Check {variables or 'the installation of openai'}.",
    )


def _no_proxy(scheme: str, fault: str) -> ConfigurationError:
    return ConfigurationError(
        f"The variable {_variable(scheme)} names a proxy that cannot be used: {fault}.",
        hint="It looks like http://proxy.example:3128. Correct it, or unset it to go without.",
    )


def _no_certificates(error: OSError) -> ConfigurationError:
    variable = next((name for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if os.environ.get(name)), None)
    fault = "it is no certificate in PEM" if isinstance(error, ssl.SSLError) else error.strerror or "it cannot be read"
    return ConfigurationError(
        f"The certificates that {variable or 'the system'} names cannot be used: {fault}.",
        hint=f"Let {variable or 'SSL_CERT_FILE'} name a file of certificates in PEM"
        + (", or unset it to trust those that are installed." if variable else "."),
    )


def _named() -> Iterator[tuple[str, str]]:
    """The proxies that variables name, by the scheme of what they are for."""
    named = getproxies_environment()
    for scheme in _SCHEMES:
        if address := named.get(scheme):
            yield scheme, address if "://" in address else f"http://{address}"


def _variable(scheme: str) -> str:
    """The variable of a proxy; the one in lower case comes first."""
    name = f"{scheme}_proxy"
    return name if os.environ.get(name) else name.upper()


def _fault(address: str) -> str:
    """What is wrong with the address of a proxy, if anything; nothing of it is repeated but the scheme."""
    try:
        url = urlsplit(address)
        url.port  # noqa: B018  # it is read here, and may be none
    except ValueError:
        return "its address is none"
    if "@" in f"{url.path}{url.query}{url.fragment}":
        return "its password holds a sign that has to be escaped, such as %2F for a slash"
    if url.scheme not in _SPOKEN:
        return f"none is known of the kind {url.scheme}://" if url.scheme.isalnum() else "its address is none"
    if not url.hostname:
        return "its address names no host"
    if url.scheme.startswith("socks") and find_spec("socksio") is None:
        return "for one of the kind socks5:// the package socksio is missing (pip install socksio)"
    return ""


def _odd_letters(address: str) -> str:
    """What is wrong with an address that is none, where nothing else is; most other letters are well."""
    return "" if address.isascii() else "its host has letters that no address can have"


def _shown(address: str) -> str:
    url = urlsplit(address)
    return f"{url.scheme}://{url.netloc.rpartition('@')[2]}"
