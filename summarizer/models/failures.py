"""The one edge at which a vendor's errors become the library's own."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import openai

from summarizer.errors import (
    AuthenticationFailed,
    ConnectionFailed,
    ContextTooLong,
    ModelError,
    ModelNotFound,
    RateLimited,
    RequestRefused,
    ServerFailed,
)
from summarizer.models.clients import LONGEST_ANSWER, AnswerTooLong
from summarizer.models.endpoint import Endpoint, shown
from summarizer.models.environment import Proxy
from summarizer.models.listing import named, nearest_first
from summarizer.models.no_answer import causes, connection_failed, kind_of, turned_away
from summarizer.models.options import Limits
from summarizer.models.redaction import one_line, redacted, repeats
from summarizer.models.refusals import TOO_LONG, refusal
from summarizer.models.retrying import LONGEST_HEEDED, LONGEST_SAID, quota_used_up, retry_after

Failure = openai.OpenAIError | TimeoutError | AnswerTooLong
"""What the SDK, the clock and the HTTP client raise."""
MISSING = frozenset({"model_not_found", "DeploymentNotFound"})
"""Codes of a 404 that speaks of the model, not of the address."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a message needs to know beside the error."""

    endpoint: Endpoint
    limits: Limits = Limits()
    attempts: int = 1
    """Attempts made, the last one included."""
    model: str = ""
    """The model asked for, or nothing where none was."""
    listed: Sequence[str] = ()
    """The models that the server lists, where it was asked."""
    proxy: Proxy | None = None
    """The proxy on the way, where one is known of."""
    out_of_time: bool = False
    """Whether it ended because the deadline came."""

    @property
    def where(self) -> str:
        """The server, as a message names it."""
        return f"The server at {self.endpoint.shown}"

    @property
    def tries(self) -> str:
        """How often it was tried, as the end of a sentence."""
        return f" after {self.attempts} attempts" if self.attempts > 1 else ""


def model_error(error: Failure, around: Circumstances) -> ModelError:
    """The library's error for ``error``, to be raised from it.

    ``error`` is redacted in place: a traceback shows causes, and servers repeat requests.
    """
    if around.out_of_time:
        return ConnectionFailed(
            f"{around.where} gave no answer within the deadline of {around.limits.deadline:g} s{around.tries}.",
            hint="Try again, or give it longer: OpenAIModel(deadline=…).",
        )
    if isinstance(error, AnswerTooLong):
        return _cut_off(around)
    if not isinstance(error, openai.APIStatusError):
        _redact_causes(error)
        return connection_failed(
            error,
            where=around.endpoint.shown,
            timeout=around.limits.timeout,
            tries=around.tries,
            proxy=around.proxy,
        )
    said = _words(error)
    mapped = _from_status(error, around, f' It says: "{said}"' if said else "")
    _redact(error, said)
    mapped.status, mapped.request_id = error.status_code, error.request_id
    return mapped


def _redact_causes(error: Failure) -> None:
    """Take what was sent out of the texts of what broke a connection off: they quote answers that are not HTTP."""
    if not isinstance(error, openai.APIConnectionError) or kind_of(error) != "broken off":
        return
    for cause in causes(error):
        if not isinstance(cause, OSError):
            cause.args = tuple(_shown(error, str(arg)) for arg in cause.args)


def _redact(error: openai.APIStatusError, said: str) -> None:
    """Leave of the server's words in ``error`` what may be shown; whole are only its ``request`` and ``response``."""
    error.message = f"HTTP {error.status_code} {said}".rstrip()
    error.args = (error.message,)
    error.code, error.type, error.param = (
        _shown(error, word) if isinstance(word, str) else None for word in (error.code, error.type, error.param)
    )
    error.body = {"message": said, "type": error.type, "param": error.param, "code": error.code}
    if error.request_id is not None and repeats(
        error.request_id, headers=error.request.headers, sent=error.request.content
    ):
        error.request_id = None
    error.response.extensions.pop("reason_phrase", None)  # in a repr: that of the status is shown in its place
    error.__context__ = None  # the HTTP client's own, which quotes the address, and the one pointed to


def _from_status(error: openai.APIStatusError, around: Circumstances, said: str) -> ModelError:
    status = error.status_code
    if status == 407:
        return turned_away(around.proxy, around.endpoint.shown)
    if refusal(error).about_length:
        return ContextTooLong(f"{around.where} finds the request too long (HTTP {status}).{said}", hint=TOO_LONG)
    if status == 429 or (retry_after(error) or 0) > LONGEST_HEEDED:
        return _rate_limited(error, around)
    if status in (401, 403):
        return _not_allowed(status, around, said)
    if status == 404:
        return _not_found(error, around, said)
    if status in (408, 409) or status >= 500:
        return ServerFailed(f"{around.where} failed with HTTP {status}{around.tries}.{said}", hint="Try again later.")
    return RequestRefused(
        f"{around.where} refused the request with HTTP {status}.{said}", hint=_hint_for_refused(error)
    )


def _rate_limited(error: openai.APIStatusError, around: Circumstances) -> RateLimited:
    if quota_used_up(error):
        used_up = RateLimited(
            f"The quota of this key at {around.endpoint.shown} is used up (HTTP 429).",
            hint="Waiting does not help: add credit or raise the limit there, or use another key.",
        )
        used_up.retryable, used_up.fatal = False, True
        return used_up
    wait = retry_after(error)
    hint = "Wait, or send fewer at once: OpenAIModel(concurrency=…)." if wait is None else _come_back(wait)
    limited = RateLimited(f"{around.where} asks to wait (HTTP {error.status_code}){around.tries}.", hint=hint)
    limited.fatal = (wait or 0) > LONGEST_HEEDED
    return limited


def _cut_off(around: Circumstances) -> ServerFailed:
    error = ServerFailed(
        f"{around.where} gave an answer of more than {LONGEST_ANSWER // 1_000_000} MB, which was cut off.",
        hint="Is it a chat completion server? If so, hold its replies with OpenAIModel(max_tokens=…).",
        status=200,
    )
    error.retryable = False
    return error


def _come_back(wait: float) -> str:
    if wait >= LONGEST_SAID:
        return "It names no time within a year."
    then = datetime.fromtimestamp(time.time() + wait, UTC)
    return f"Come back in {_duration(wait)}, at {then:%Y-%m-%d %H:%M:%S} UTC."


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.0f} hours"


def _not_allowed(status: int, around: Circumstances, said: str) -> AuthenticationFailed:
    if status == 403:
        return AuthenticationFailed(
            f"{around.where} does not let this key do this (HTTP 403).{said}",
            hint=f"Check what the key in {around.endpoint.key_variable} or OpenAIModel(api_key=…) may use.",
        )
    what = "refuses the key" if around.endpoint.has_key else "wants a key, and none was given"
    return AuthenticationFailed(  # what it says is left out: it likes to repeat parts of the key
        f"{around.where} {what} (HTTP 401).",
        hint=f"Set {around.endpoint.key_variable} to a valid key, or pass OpenAIModel(api_key=…).",
    )


def _not_found(error: openai.APIStatusError, around: Circumstances, said: str) -> ModelError:
    is_listed = around.model in around.listed
    missing = bool(around.listed) and not is_listed
    if around.model and (missing or error.code in MISSING or "model" in said.casefold()):
        listed = [] if is_listed else nearest_first(around.model, around.listed)
        hint = f"It lists: {named(listed)}." if listed else "Check the name, and that it is loaded there."
        name, kind = one_line(around.model)[:100], "model" if around.endpoint.api_version is None else "deployment"
        return ModelNotFound(f'{around.where} has no {kind} "{name}" (HTTP 404).', hint=hint)
    return RequestRefused(
        f"{around.where} knows no such address (HTTP 404).{said}",
        hint="Check base_url: it usually ends in /v1.",
    )


def _hint_for_refused(error: openai.APIStatusError) -> str:
    if error.status_code < 400:
        location = error.response.headers.get("location", "")
        there = _shown(error, shown(location)) if location.startswith("http") else "another address"
        return f"It points to {there}: check base_url."
    if error.code == "content_filter":
        return "Its content filter stopped the article: another server or model may take it."
    if refusal(error).about_form:
        return 'OpenAIModel(output="auto") finds a form that it takes; or name one: json_object or text.'
    return "See what it finds fault with; OpenAIModel(…) sets what is sent beside the article."


def _words(error: openai.APIStatusError) -> str:
    """What the server says, as far as it may be shown: nothing of a web page."""
    body = error.body
    if isinstance(body, dict):
        body = body.get("message") or body.get("detail") or body.get("error")
    if not isinstance(body, str) or body.lstrip().startswith("<"):
        return ""
    return _shown(error, body)


def _shown(error: openai.APIError, words: str) -> str:
    """``words`` of the server without what it was sent."""
    return redacted(words, sent=error.request.content, headers=error.request.headers)
