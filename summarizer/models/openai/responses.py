"""Read a server's responses: completions, lists of models, and errors. Nothing in them is taken for granted."""

import contextlib
import difflib
import json
import math
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from summarizer._text import one_line
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
from summarizer.models.base import FinishReason
from summarizer.models.openai.capabilities import Rejection, read_rejection
from summarizer.models.openai.endpoint import Endpoint, show_url
from summarizer.models.retry import MAX_RETRY_AFTER
from summarizer.usage import Usage

if TYPE_CHECKING:
    import openai

FINISH_REASONS: Mapping[str, FinishReason] = {"stop": "stop", "length": "length", "content_filter": "content_filter"}
QUOTA_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
"""Codes of a 429 that waiting does not cure."""
MISSING_MODEL_CODES = frozenset({"model_not_found", "DeploymentNotFound"})
"""Codes of a 404 that means the model, not the address."""

MAX_TOKENS = 10**9  # a token count above this is taken for an error of the server
MAX_WORDS = 200  # characters of a server's message that an error shows
MIN_SECRET = 6  # characters from which on a header value, or a word of it, is masked
MAX_NAMES = 10  # models that a message lists
MAX_DELAY = 366 * 86_400.0  # a Retry-After in seconds above this means: not soon

TOO_LONG_HINT = "Use a lower chunk_tokens (--chunk-tokens), or a model with a longer context."
WRONG_ADDRESS = "The address is probably wrong: a base_url usually ends in /v1."
CHOOSE_MODEL = "Choose one with --model, SUMMARIZER_MODEL or OpenAIModel(…)."

# Completions and lists of models


@dataclass(frozen=True, slots=True)
class Response:
    """A response with HTTP status 200, unread."""

    content: bytes = field(repr=False)
    endpoint: Endpoint
    request_id: str | None = None


class Completion(NamedTuple):
    """A chat completion with text."""

    text: str
    finish_reason: FinishReason
    usage: Usage
    model: str | None


def read_completion(response: Response) -> Completion:
    """Read a chat completion.

    Raises:
        ModelError: It is not one: a web page, broken JSON, an error, or without content. It reports the tokens.
    """
    data = _read_json(response)
    choices = data.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    usage = read_usage(data)
    if not isinstance(choice, dict):
        raise _missing_choices(response, data, usage)
    text, reason = _read_message(_mapping(choice.get("message")), choice.get("finish_reason"))
    if text is None:
        raise _failed(response, "returned a completion without content", "Try again, or another model.", usage=usage)
    model = data.get("model")
    return Completion(text, reason, usage, model if isinstance(model, str) and model else None)


def read_model_list(response: Response) -> tuple[str, ...]:
    """Return the names of the models in a response to ``GET /models``.

    Raises:
        ServerFailed: It is not a list of models.
    """
    data = _read_json(response)
    rows = data.get("data") or []  # null at a server without models
    if "data" not in data or not isinstance(rows, list):
        raise _failed(response, "does not list its models", CHOOSE_MODEL)
    names = (row.get("id") for row in rows if isinstance(row, dict))
    return tuple(name for name in names if isinstance(name, str) and name)


def join_names(names: Sequence[str]) -> str:
    """Return ``names`` for a message, at most `MAX_NAMES` of them."""
    shown = ", ".join(one_line(name)[:100] for name in names[:MAX_NAMES])
    return f"{shown} and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else shown


def nearest_names(name: str, names: Sequence[str]) -> list[str]:
    """Return ``names``, the most similar to ``name`` first."""
    return sorted(names, key=lambda other: -difflib.SequenceMatcher(None, other.casefold(), name.casefold()).ratio())


def read_usage(data: object) -> Usage:
    """Return the tokens that a completion or an error reports; zeros if there are none."""
    usage = _mapping(_mapping(data).get("usage"))
    return Usage(
        prompt=_count(usage.get("prompt_tokens")),
        cached=_count(_mapping(usage.get("prompt_tokens_details")).get("cached_tokens")),
        completion=_count(usage.get("completion_tokens")),
        reasoning=_count(_mapping(usage.get("completion_tokens_details")).get("reasoning_tokens")),
    )


def read_status(code: object) -> int | None:
    """Return the HTTP status that the ``code`` of an error gives, as a number or in digits."""
    if isinstance(code, str) and re.fullmatch("[45][0-9]{2}", code):
        code = int(code)
    return code if type(code) is int and 400 <= code < 600 else None


def _read_json(response: Response) -> dict[str, Any]:
    text = response.content.decode("utf-8-sig", errors="replace")
    if text.lstrip()[:1] == "<":
        raise _failed(response, "returned a web page", WRONG_ADDRESS, retryable=False)
    data: Any = ...
    with contextlib.suppress(ValueError, RecursionError):  # not as the cause, which holds the whole text
        data = json.loads(text)
    if data is ...:
        raise _failed(response, "returned broken JSON", "Try again.")
    if not isinstance(data, dict):
        raise _failed(response, "returned JSON that is not a completion", "Check base_url.")
    return data


def _read_message(message: Mapping[str, Any], finish: object) -> tuple[str | None, FinishReason]:
    refusal = message.get("refusal") or _join_parts(message.get("content"), "refusal")
    if isinstance(refusal, str) and refusal:
        return refusal, "refusal"
    reason = FINISH_REASONS.get(finish, "other") if isinstance(finish, str) else "other"
    content = message.get("content")
    if isinstance(content, list):
        content = _join_parts(content, "text")
    if isinstance(content, str):
        return content, reason
    # Reasoning models that reach their limit while reasoning return no content, and so do filters.
    return ("" if reason in ("length", "content_filter") else None), reason


def _join_parts(content: object, kind: str) -> str | None:
    """Return the text of the parts of one kind; reasoning is a kind of its own."""
    parts = [part for part in content if isinstance(part, dict)] if isinstance(content, list) else []
    texts = [part[kind] for part in parts if part.get("type") == kind and isinstance(part.get(kind), str)]
    return "".join(texts) if texts else None


def _missing_choices(response: Response, data: Mapping[str, Any], usage: Usage) -> ModelError:
    error = data.get("error")
    if not error:
        return _failed(response, "returned a completion without choices", "Try again, or another model.", usage=usage)
    words = mask(_message(error), response.endpoint.secrets)
    what = "returned an error instead of a completion"
    if read_rejection(200, error).is_too_long:
        return ContextTooLong(
            f"The server at {response.endpoint.shown} {what}: the request is too long.", hint=TOO_LONG_HINT, status=200
        )
    status = read_status(_mapping(error).get("code"))
    if status in (408, 429) or (status or 0) >= 500:  # a gateway passes on the error of another server
        return _failed(response, what, "Try again later.", words=words, usage=usage)
    return _failed(response, what, WRONG_ADDRESS, words=words, retryable=False)


def _failed(
    response: Response, what: str, hint: str, *, words: str = "", usage: Usage = Usage(), retryable: bool = True
) -> ServerFailed:
    error = ServerFailed(
        f"The server at {response.endpoint.shown} {what}.{_quote(words)}",
        hint=hint,
        status=200,
        request_id=mask(response.request_id or "", response.endpoint.secrets) or None,
        usage=usage,
    )
    error.retryable, error.max_attempts = retryable, 1  # a completion is paid for
    return error


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _count(value: object) -> int:
    return value if isinstance(value, int) and 0 < value <= MAX_TOKENS and not isinstance(value, bool) else 0


# Errors by status


class ErrorContext(NamedTuple):
    """The server, the requested model, the attempts as the end of a sentence, and the models that it lists."""

    endpoint: Endpoint
    model: str = ""
    tries: str = ""
    listed: Sequence[str] = ()

    @property
    def server(self) -> str:
        """The server, as a message names it."""
        return f"The server at {self.endpoint.shown}"


def status_error(error: "openai.APIStatusError", context: ErrorContext) -> ModelError:
    """Return the library's error for a response with an error status."""
    status, headers = error.status_code, error.response.headers
    rejection = read_rejection(status, error.body)
    words = mask(_message(error.body), context.endpoint.secrets)
    wait = retry_after(headers)
    if rejection.is_too_long:
        message = f"{context.server} rejects the request as too long (HTTP {status}).{_quote(words)}"
        mapped: ModelError = ContextTooLong(message, hint=TOO_LONG_HINT)
    elif status == 429 and not QUOTA_CODES.isdisjoint({error.code, error.type}):
        mapped = RateLimited(
            f"The quota of this key at {context.endpoint.shown} is used up (HTTP 429).",
            hint="Waiting does not help: add credit or raise the limit there, or use another key.",
        )
        mapped.retryable, mapped.fatal, wait = False, True, None
    elif status == 429 or (wait or 0) > MAX_RETRY_AFTER:
        hint = "Wait, or send fewer at once: OpenAIModel(concurrency=…)." if wait is None else _come_back(wait)
        mapped = RateLimited(f"{context.server} asks to wait (HTTP {status}){context.tries}.", hint=hint)
        mapped.fatal = (wait or 0) > MAX_RETRY_AFTER
    elif status == 407:
        hint = "Does it require a user and a password?"
        mapped = ConnectionFailed(f"The proxy refuses the way to {context.endpoint.shown}.", hint=hint)
        mapped.retryable = False
    elif status in (401, 403):
        mapped = _not_allowed(status, context, words)
    elif status == 404:
        mapped = _not_found(error.code, context, words)
    elif status in (408, 409) or status >= 500:
        mapped = ServerFailed(
            f"{context.server} failed with HTTP {status}{context.tries}.{_quote(words)}", hint="Try again later."
        )
    else:
        mapped = RequestRefused(
            f"{context.server} refused the request with HTTP {status}.{_quote(words)}",
            hint=_refused_hint(error, rejection, context),
        )
    mapped.status, mapped.retry_after, mapped.usage = status, wait, _usage_of(error)
    mapped.request_id = mask(error.request_id or "", context.endpoint.secrets) or None
    error.message = f"HTTP {status}{_quote(words)}"  # the SDK's own holds the whole body, and tracebacks show it
    error.args = (error.message,)
    return mapped


def retry_after(headers: Mapping[str, str], now: Callable[[], float] = time.time) -> float | None:
    """Return the seconds that a server asks to wait, at most `MAX_DELAY`; None if it does not ask."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return min(milliseconds / 1000, MAX_DELAY)
    seconds = _number(headers.get("retry-after"))
    if seconds is None:
        seconds = _seconds_until(headers.get("retry-after"), now())
    return None if seconds is None else min(seconds, MAX_DELAY)


def mask(words: str, secrets: Sequence[str] = ()) -> str:
    """Return a server's words on one line, cut to `MAX_WORDS` characters, with keys masked."""
    parts = {part for secret in secrets for part in (secret, *secret.split()) if len(part) >= MIN_SECRET}
    for part in sorted(parts, key=len, reverse=True):
        words = words.replace(part, "…")
    words = _KEY.sub("…", one_line(words[: 20 * MAX_WORDS]))
    return words if len(words) <= MAX_WORDS else words[: MAX_WORDS - 1] + "…"


_KEY = re.compile(r"\b(?:sk|pk|key|org|proj)-[\w*.-]+|\b(?:Bearer|Basic)\s+\S+|\S*[*•]{3}\S*", re.IGNORECASE)


def _come_back(wait: float) -> str:
    if wait >= MAX_DELAY:
        return "It names no time within a year."
    when = datetime.fromtimestamp(time.time() + wait, UTC)
    size, unit = (1, "seconds") if wait < 120 else (60, "minutes") if wait < 7200 else (3600, "hours")
    return f"Come back in {wait / size:.0f} {unit}, at {when:%Y-%m-%d %H:%M:%S} UTC."


def _not_allowed(status: int, context: ErrorContext, words: str) -> AuthenticationFailed:
    variable = context.endpoint.key_variable
    if status == 403:
        return AuthenticationFailed(
            f"{context.server} does not allow this key to do this (HTTP 403).{_quote(words)}",
            hint=f"Check the permissions of the key in {variable} or OpenAIModel(api_key=…).",
        )
    what = "rejects the key" if context.endpoint.has_key else "requires a key, and none was given"
    return AuthenticationFailed(  # without the server's words, which tend to repeat parts of the key
        f"{context.server} {what} (HTTP 401).",
        hint=f"Set {variable} to a valid key, or pass OpenAIModel(api_key=…).",
    )


def _not_found(code: object, context: ErrorContext, words: str) -> ModelError:
    is_listed = context.model in context.listed
    is_missing = bool(context.listed) and not is_listed
    if context.model and (is_missing or code in MISSING_MODEL_CODES or "model" in words.casefold()):
        names = [] if is_listed else nearest_names(context.model, context.listed)
        hint = f"It lists: {join_names(names)}." if names else "Check the name, and that it is loaded there."
        kind = "model" if context.endpoint.api_version is None else "deployment"
        return ModelNotFound(f'{context.server} has no {kind} "{one_line(context.model)[:100]}" (HTTP 404).', hint=hint)
    return RequestRefused(
        f"{context.server} does not know this address (HTTP 404).{_quote(words)}",
        hint="Check base_url: it usually ends in /v1.",
    )


def _refused_hint(error: "openai.APIStatusError", rejection: Rejection, context: ErrorContext) -> str:
    if error.status_code < 400:
        location = error.response.headers.get("location", "")
        target = (
            mask(show_url(location), context.endpoint.secrets) if location.startswith("http") else "another address"
        )
        return f"It redirects to {target}: check base_url."
    if error.code == "content_filter":
        return "Its content filter stopped the article: another server or model may accept it."
    if rejection.is_about_output:
        return 'OpenAIModel(output="auto") finds a format that it accepts; or choose json_object or text.'
    return "Correct what it names; the options of OpenAIModel(…) set what is sent beside the article."


def _message(body: object) -> str:
    """Return the message in an error body; empty for a web page."""
    if isinstance(body, list):  # Gemini
        body = body[0] if body else ""
    if isinstance(body, dict):
        return _message(body.get("message") or body.get("detail") or body.get("error") or body.get("msg"))
    return body if isinstance(body, str) and not body.lstrip().startswith("<") else ""


def _usage_of(error: "openai.APIStatusError") -> Usage:
    try:
        return read_usage(error.response.json())
    except (ValueError, RecursionError):
        return Usage()


def _quote(words: str) -> str:
    return f' It says: "{words}"' if words else ""


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _seconds_until(value: str | None, now: float) -> float | None:
    try:
        when = parsedate_to_datetime(value or "")
    except (ValueError, OverflowError):
        return None
    if when.tzinfo is None:  # HTTP dates are in GMT
        when = when.replace(tzinfo=UTC)
    return max(0.0, when.timestamp() - now)
