"""Why no answer came, told apart by what lies beneath the SDK's error: in kinds, as messages, and for retries."""

import socket
import ssl
from collections.abc import Iterator
from typing import Literal

import openai

from summarizer.errors import ConnectionFailed, SummarizerError
from summarizer.models.environment import Proxy

CONNECT_TIMEOUT = 5.0
"""Seconds to wait for a connection."""

Kind = Literal[
    "no connection in time", "too late", "refused", "unknown host", "not secure", "turned away", "broken off"
]

MOST_ATTEMPTS: dict[Kind, int] = {"refused": 2, "unknown host": 2, "not secure": 1, "turned away": 1}
"""Attempts that are worth while: a server that does not run, or has no certificate, seldom has one in a minute."""

_RUNNING = "Is base_url right, and is the server running?"


def kind_of(error: BaseException) -> Kind:
    """What kept ``error``, a failure without an answer, from being one."""
    led = list(causes(error))
    # By name: the transport is the SDK's own affair.
    if any(type(cause).__name__ == "ConnectTimeout" for cause in led):
        return "no connection in time"
    if isinstance(error, openai.APITimeoutError | TimeoutError):
        return "too late"
    if any(isinstance(cause, ConnectionRefusedError) for cause in led):
        return "refused"
    if any(isinstance(cause, socket.gaierror) for cause in led):
        return "unknown host"
    if any(isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError) for cause in led):
        return "not secure"
    if any(_turned_away(cause) for cause in led):
        return "turned away"
    return "broken off"


def _turned_away(error: BaseException) -> bool:
    """Whether a proxy opens no way for this request: its status, such as 407, begins what the transport says."""
    return type(error).__name__ == "ProxyError" and str(error).startswith("4")


def own_error(error: BaseException | None) -> SummarizerError | None:
    """The library's own error that ``error`` was raised from, where there is one: it says more, and is no fault
    of the line. What merely was being handled at the time (the context) does not count.
    """
    while error is not None and not isinstance(error, SummarizerError):
        for member in getattr(error, "exceptions", ()):
            if own := own_error(member):
                return own
        error = error.__cause__
    return error


def connection_failed(
    error: BaseException, *, where: str, timeout: float, tries: str, proxy: Proxy | None = None
) -> ConnectionFailed:
    """The library's error for ``error``; ``where`` is the server's address, ``tries`` the end of a sentence.

    ``proxy`` is what a connection is made to, where there is one on the way: the server itself is its affair.
    """
    to, host, it = f"The server at {where}", f"The host of {where}", _RUNNING
    if proxy is not None:
        to, host, it = str(proxy), f"The host of the proxy {proxy.shown}", f"Is {proxy.variable} right?"
    through = f" through the proxy {proxy.shown}" if proxy is not None else ""
    match kind_of(error):
        case "no connection in time":
            seconds = min(CONNECT_TIMEOUT, timeout)
            address = where if proxy is None else f"the proxy {proxy.shown}"
            return ConnectionFailed(f"No connection to {address} within {seconds:g} s{tries}.", hint=it)
        case "too late":
            return ConnectionFailed(
                f"The server at {where} gave no answer{through} within {timeout:g} s{tries}.",
                hint="Try again, or give it longer: OpenAIModel(timeout=…).",
            )
        case "refused":
            return ConnectionFailed(f"{to} refuses connections{tries}.", hint=it)
        case "unknown host":
            return ConnectionFailed(
                f"{host} cannot be found{tries}.", hint="Check base_url and the network." if proxy is None else it
            )
        case "not secure":
            return ConnectionFailed(
                f"No secure connection to {where} could be made{through}{tries}.",
                hint="Check its certificate, and http against https; a bundle of your own is named by SSL_CERT_FILE.",
            )
        case "turned away":
            return turned_away(proxy, where)
        case "broken off":
            return ConnectionFailed(
                f"The connection to {where}{through} broke off before an answer came{tries}.", hint="Try again."
            )


def turned_away(proxy: Proxy | None, where: str) -> ConnectionFailed:
    """What is told of a proxy that opens no way to ``where``."""
    name, variable = (str(proxy), proxy.variable) if proxy is not None else ("A proxy", "HTTPS_PROXY")
    error = ConnectionFailed(
        f"{name} opens no way to {where}.",
        hint=f"Does it want a user and a password? {variable} takes them as http://user:password@host:port.",
    )
    error.retryable = False
    return error


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """``error`` and what led to it, the members of groups included."""
    while error is not None:
        yield error
        for member in getattr(error, "exceptions", ()):
            yield from causes(member)
        error = error.__cause__ or error.__context__
