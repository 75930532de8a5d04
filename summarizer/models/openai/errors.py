"""Errors of servers and connections: which status, message or exception becomes which `ModelError`."""

import socket
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import time
from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass

import httpx2
import openai

from summarizer._text import one_line, shorten
from summarizer.errors import (
    AuthenticationFailed,
    ConnectionFailed,
    ContextTooLong,
    ModelError,
    ModelNotFound,
    RateLimited,
    RequestRefused,
    ServerFailed,
    causes_of,
)
from summarizer.models.base import OutputForm
from summarizer.models.openai.capabilities import Rejection, read_rejection
from summarizer.models.openai.endpoint import Endpoint, join_names, nearest_names, show_url
from summarizer.models.retry import GATEWAY_TIMEOUTS, MAX_RETRY_AFTER
from summarizer.usage import Usage

QUOTA_CODES = ("insufficient_quota", "billing_hard_limit_reached", "billing_not_active")  # 429; waiting does not help
MISSING_MODEL_CODES = ("model_not_found", "DeploymentNotFound")  # 404; the model is wrong, not the address
MAX_WORDS = 200  # characters of a server's message that an error shows
MAX_DELAY = 366 * 86_400.0  # the longest Retry-After, in seconds, that an error shows

WRONG_ADDRESS = "The address is probably wrong: a base_url usually ends in /v1."

# Errors that a server returns


@dataclass(frozen=True, slots=True)
class ErrorResponse:
    """A response with an error, and the request that it belongs to."""

    endpoint: Endpoint
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: object = field(repr=False)
    """The error in the response: an object, or text."""
    usage: Usage = Usage()
    model: str = ""
    """The requested model; empty for a list of models."""
    tries: str = ""
    """The number of attempts, as the end of a sentence."""
    form: OutputForm | None = None
    """The requested output format."""

    def __post_init__(self) -> None:
        body = self.body[0] if isinstance(self.body, list) and self.body else self.body  # Gemini
        error = body.get("error") if isinstance(body, dict) else None
        object.__setattr__(self, "body", error if isinstance(error, dict) else body)

    @property
    def server(self) -> str:
        """The server, as a message names it."""
        return f"The server at {self.endpoint.shown}"

    @property
    def quote(self) -> str:
        """Return the server's message as a sentence, without secrets; empty without a message."""
        words = mask(_message(self.body), self.endpoint)
        return f' It says: "{words}"' if words else ""

    def has_code(self, codes: Sequence[str]) -> bool:
        """Return whether the error has one of ``codes``, as its code or its type."""
        return isinstance(self.body, dict) and (self.body.get("code") in codes or self.body.get("type") in codes)


def status_error(response: ErrorResponse, listed: Sequence[str] = ()) -> ModelError:
    """Return the library's error for an error response; ``listed`` are the models that the server has."""
    wait = None if _is_quota(response) else retry_after(response.headers)
    error = _error_by_status(response, wait, listed)
    error.status, error.retry_after, error.usage = response.status, wait, response.usage
    error.request_id = mask(response.headers.get("x-request-id", ""), response.endpoint) or None
    return error


def _error_by_status(response: ErrorResponse, wait: float | None, listed: Sequence[str]) -> ModelError:
    server, status, quote = response.server, response.status, response.quote
    rejection = read_rejection(status, response.body)
    if rejection.is_too_long:
        hint = "Start the server with a longer context, or use a model that has one."
        too_long = ContextTooLong(f"{server} rejects the request as too long (HTTP {status}).{quote}", hint=hint)
        too_long.context = rejection.context
        return too_long
    if rejection.is_about_credit or _is_quota(response):
        hint = "Waiting does not help: add credit or raise the limit there, or use another key."
        used_up = f"The quota of this key at {response.endpoint.shown} is used up (HTTP {status}).{quote}"
        limited = RateLimited(used_up, hint=hint)
        limited.retryable, limited.fatal = False, True
        return limited
    if status == 429 or (wait or 0) > MAX_RETRY_AFTER:
        hint = "Wait, or send fewer at once: OpenAIModel(concurrency=…)." if wait is None else _come_back(wait)
        limited = RateLimited(f"{server} asks to wait (HTTP {status}){response.tries}.{quote}", hint=hint)
        limited.fatal = (wait or 0) > MAX_RETRY_AFTER
        return limited
    if status == 407:
        return _proxy_refused(response.endpoint)
    if status == 401 or rejection.is_about_key:  # without the server's words, which tend to repeat parts of the key
        what = "rejects the key" if response.endpoint.has_key else "requires a key"
        hint = f"Set {response.endpoint.key_variable} to a valid key, or pass OpenAIModel(api_key=…)."
        return AuthenticationFailed(f"{server} {what} (HTTP {status}).", hint=hint)
    if status == 403:
        hint = f"Check the permissions of the key in {response.endpoint.key_variable}, or OpenAIModel(api_key=…)."
        return AuthenticationFailed(f"{server} does not allow this key to do this (HTTP 403).{quote}", hint=hint)
    if status == 404:
        return _not_found(response, listed)
    if rejection.is_about_output and status != 200:
        return _output_refused(response, rejection)
    if status in GATEWAY_TIMEOUTS:
        hint = "A gateway gave up waiting: raise its timeout, or ask for shorter replies (reply_tokens=…)."
        return ServerFailed(f"{server} failed with HTTP {status}{response.tries}.{quote}", hint=hint)
    if is_loading(status, response.body):
        hint = "Wait until it is loaded, or set a later deadline (deadline=…)."
        loading = ServerFailed(f"{server} still loads the model (HTTP {status}).", hint=hint)
        loading.is_loading = True
        return loading
    if status == 409 or status >= 500:
        return ServerFailed(f"{server} failed with HTTP {status}{response.tries}.{quote}", hint="Try again later.")
    if status == 200:
        failed = ServerFailed(f"{server} returned an error instead of a completion.{quote}", hint=WRONG_ADDRESS)
        failed.retryable = False
        return failed
    hint = _refused_hint(response)
    return RequestRefused(f"{server} refused the request with HTTP {status}.{quote}", hint=hint)


def is_loading(status: int, body: object) -> bool:
    """Return whether a server says that it still loads the model, as llama.cpp does."""
    return status == 503 and "loading model" in _message(body).casefold()


def _is_quota(response: ErrorResponse) -> bool:
    return response.status == 429 and response.has_code(QUOTA_CODES)


def _not_found(response: ErrorResponse, listed: Sequence[str]) -> ModelError:
    model, is_listed = response.model, response.model in listed
    names_model = response.has_code(MISSING_MODEL_CODES) or "model" in response.quote.casefold()
    if model and (names_model or (listed and not is_listed)):
        names = [] if is_listed else nearest_names(model, listed)
        hint = f"It lists: {join_names(names)}." if names else "Check the name, and that it is loaded there."
        kind = "model" if response.endpoint.api_version is None else "deployment"
        name = shorten(one_line(model), 100)
        return ModelNotFound(f'{response.server} has no {kind} "{name}" (HTTP 404).', hint=hint)
    return RequestRefused(
        f"{response.server} does not know this address (HTTP 404).{response.quote}",
        hint="Check base_url: it usually ends in /v1.",
    )


def _refused_hint(response: ErrorResponse) -> str:
    if response.status < 400:
        location = response.headers.get("location", "")
        is_web = location.startswith("http")
        target = mask(show_url(location), response.endpoint) if is_web else "another address"
        return f"It redirects to {target}: check base_url."
    if response.has_code(["content_filter"]):
        return "Its content filter stopped the article: another server or model may accept it."
    return "Correct the named part. OpenAIModel(…) sets the parameters of requests."


def _output_refused(response: ErrorResponse, rejection: Rejection) -> RequestRefused:
    """Return the error of an output format that the server does not take, with those that it names instead."""
    sent = response.form or "json_schema"
    named = [form for form in ("json_schema", "json_object") if form != sent and form in rejection.words]
    taken = " or ".join(f'OpenAIModel(output="{form}")' for form in named)
    message = f"{response.server} does not take the format {sent} (HTTP {response.status}).{response.quote}"
    hint = f"It takes {taken}." if taken else 'Try OpenAIModel(output="text"), or another model or server.'
    hint += ' OpenAIModel(output="auto"), the default, finds the strictest format.'
    refused = RequestRefused(message, hint=hint)
    refused.fatal = True
    return refused


def _come_back(wait: float) -> str:
    when = datetime.fromtimestamp(time() + wait, UTC)
    size, unit = (1, "seconds") if wait < 120 else (60, "minutes") if wait < 7200 else (3600, "hours")
    number = f"{wait / size:.0f}"
    clock = f", at {when:%Y-%m-%d %H:%M:%S} UTC" if wait >= 120 else ""
    return f"Come back in {number} {unit[:-1] if number == '1' else unit}{clock}."


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a server asks to wait, at most `MAX_DELAY`; None if it does not ask."""
    for header, units_per_second in (("retry-after-ms", 1000), ("retry-after", 1)):
        with suppress(ValueError):
            seconds = float(headers.get(header, "")) / units_per_second
            if 0 <= seconds < float("inf"):
                return min(seconds, MAX_DELAY)
    with suppress(ValueError, OverflowError):
        date = parsedate_to_datetime(headers.get("retry-after", ""))
        seconds = date.replace(tzinfo=date.tzinfo or UTC).timestamp() - time()  # HTTP dates are in GMT
        return min(max(0.0, seconds), MAX_DELAY)
    return None


def _message(body: object) -> str:
    """Return the message in an error body; empty for a web page."""
    if isinstance(body, list):  # Gemini
        body = body[0] if body else ""
    if isinstance(body, dict):
        return _message(body.get("message") or body.get("detail") or body.get("error") or body.get("msg"))
    return body if isinstance(body, str) and not body.lstrip().startswith("<") else ""


# Failures without a response


_RUNNING = "Is base_url right, and is the server running?"
_CERTIFICATE = "Check its certificate, and http against https. SSL_CERT_FILE names certificates of your own."
# The message, the hint, and the most attempts, by the class of an exception.
_CAUSES: Mapping[type[BaseException], tuple[str, str, int | None]] = {
    httpx2.ConnectTimeout: ("No connection to {url} could be made in time{tries}.", _RUNNING, None),
    ConnectionRefusedError: (
        "The server at {url} refuses connections{tries}.",
        "Nothing listens there: is base_url right, and is the server running?",
        2,
    ),
    socket.gaierror: ("The host of {url} cannot be found{tries}.", "Check base_url and the network.", 2),
    ssl.SSLError: ("No secure connection to {url} could be made{tries}.", _CERTIFICATE, 1),
}
_BROKEN = "The connection to {url} broke off{tries}, before an answer came.", "Try again.", None


def connection_error(error: Exception, endpoint: Endpoint, tries: str) -> BaseException:
    """Return the error to raise for a call without a response; ``tries`` ends its sentence."""
    cause = error if isinstance(error, ExceptionGroup) else error.__cause__
    while isinstance(cause, BaseExceptionGroup):  # of the tasks that connect
        cause = cause.exceptions[0]
    failed: Exception
    if isinstance(error, openai.APITimeoutError) and not isinstance(cause, httpx2.ConnectTimeout):
        failed = TimeoutError()
    elif cause is not None and not isinstance(cause, httpx2.HTTPError | httpx2.InvalidURL | OSError):
        return cause  # not a failure of the network, but of code on the way, such as the user's HTTP client
    else:
        failed = connection_failed(cause or error, endpoint, tries)
    failed.__cause__ = error
    return failed


def connection_failed(error: BaseException, endpoint: Endpoint, tries: str) -> ConnectionFailed:
    """Return the error of a failed connection; ``tries`` ends its sentence."""
    chain = [link for link in causes_of(error) if not isinstance(link, ssl.SSLEOFError)]
    if any(isinstance(link, httpx2.ProxyError) for link in chain):
        failed = _proxy_refused(endpoint)
    else:
        rows = (row for kind, row in _CAUSES.items() if any(isinstance(link, kind) for link in chain))
        message, hint, max_attempts = next(rows, _BROKEN)
        failed = ConnectionFailed(message.format(url=endpoint.shown, tries=tries), hint=hint)
        failed.max_attempts = max_attempts
    parts, proxies = urlsplit(endpoint.base_url), getproxies_environment()
    scheme = parts.scheme if parts.scheme in proxies else "all"
    if scheme in proxies and not proxy_bypass(parts.hostname or ""):
        failed.hint += f" Requests go through the proxy of {scheme.upper()}_PROXY."
    return failed


def _proxy_refused(endpoint: Endpoint) -> ConnectionFailed:
    hint = "Does it require a user and a password?"
    failed = ConnectionFailed(f"The proxy refuses the way to {endpoint.shown}.", hint=hint)
    failed.retryable = False
    return failed


def mask(words: str, endpoint: Endpoint) -> str:
    """Return a server's words on one line, cut to `MAX_WORDS` characters, without secrets."""
    return shorten(endpoint.redactor.redact(one_line(words[: 20 * MAX_WORDS]), "error"), MAX_WORDS)
