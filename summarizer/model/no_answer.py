"""Why no answer came, told apart by what lies beneath the SDK's error: in kinds, as messages, and for retries."""

import socket
import ssl
from collections.abc import Iterator
from typing import Literal

import openai

from summarizer.errors import ConnectionFailed, SummarizerError

CONNECT_TIMEOUT = 5.0
"""Seconds to wait for a connection."""

Kind = Literal["no connection in time", "too late", "refused", "unknown host", "not secure", "broken off"]

MOST_ATTEMPTS: dict[Kind, int] = {"refused": 2, "unknown host": 2, "not secure": 1}
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
    return "broken off"


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


def connection_failed(error: BaseException, *, where: str, timeout: float, tries: str) -> ConnectionFailed:
    """The library's error for ``error``; ``where`` is the server's address, ``tries`` the end of a sentence."""
    match kind_of(error):
        case "no connection in time":
            seconds = min(CONNECT_TIMEOUT, timeout)
            return ConnectionFailed(f"No connection to {where} within {seconds:g} s{tries}.", hint=_RUNNING)
        case "too late":
            return ConnectionFailed(
                f"The server at {where} gave no answer within {timeout:g} s{tries}.",
                hint="Try again, or give it longer: OpenAIModel(timeout=…).",
            )
        case "refused":
            return ConnectionFailed(f"The server at {where} refuses connections{tries}.", hint=_RUNNING)
        case "unknown host":
            return ConnectionFailed(
                f"The host of {where} cannot be found{tries}.", hint="Check base_url and the network."
            )
        case "not secure":
            return ConnectionFailed(
                f"No secure connection to {where} could be made{tries}.",
                hint="Check its certificate, and http against https; a bundle of your own is named by SSL_CERT_FILE.",
            )
        case "broken off":
            return ConnectionFailed(
                f"The connection to {where} broke off before an answer came{tries}.", hint="Try again."
            )


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """``error`` and what led to it, the members of groups included."""
    while error is not None:
        yield error
        for member in getattr(error, "exceptions", ()):
            yield from causes(member)
        error = error.__cause__ or error.__context__
