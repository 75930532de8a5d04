"""What a server answered, read as a chat completion; nothing in it is taken for granted."""

import contextlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from summarizer.errors import ContextTooLong, ModelError, ServerFailed
from summarizer.models.base import FinishReason
from summarizer.models.refusals import TOO_LONG, says_too_long
from summarizer.usage import Usage

_FINISH_REASONS: Mapping[str, FinishReason] = {
    "stop": "stop",
    "length": "length",
    "content_filter": "content_filter",
}

MOST_TOKENS = 10**9
"""Tokens above which a count means nothing."""

_BROKEN = object()


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of an answer with HTTP status 200, unread, and how it was had."""

    content: bytes = field(repr=False)
    where: str
    """The server's address, as messages may show it."""
    named: str | None = field(default=None, repr=False)
    """The server's name for the request, as it gives it."""
    redact: Callable[[str], str] = field(default=lambda _: "", repr=False)
    """Takes out of the server's words what it was sent."""
    repeats: Callable[[str], bool] = field(default=lambda _: False, repr=False)
    """Whether a name that the server gives repeats what it was sent."""

    @property
    def request_id(self) -> str | None:
        """The server's name for the request; none where that repeats what it was sent, which takes time to find out."""
        return None if self.named is None or self.repeats(self.named) else self.named


@dataclass(frozen=True, slots=True)
class Completion:
    """A completion that has all it needs."""

    text: str = field(repr=False)
    finish_reason: FinishReason
    usage: Usage
    model: str | None


def read_completion(answer: Answer) -> Completion:
    """Read ``answer`` as a chat completion.

    Raises:
        ServerFailed: it is none: a web page, broken JSON, an error, no choices, or no content. What
            it reports to have cost is in the error.
        ContextTooLong: it is an error of this kind under the status 200, as some servers give it.
    """
    data = read_json(answer)
    choices = data.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    usage = read_usage(data)
    if not isinstance(choice, dict):
        raise _no_choices(answer, data, usage)
    message = choice.get("message")
    text, reason = _said(message if isinstance(message, dict) else {}, choice.get("finish_reason"))
    if text is None:
        raise _failed(answer, "gave a completion without content", hint="Try again, or another model.", usage=usage)
    model = data.get("model")
    return Completion(text, reason, usage, model if isinstance(model, str) and model else None)


def read_json(answer: Answer) -> dict[str, Any]:
    """The JSON object that ``answer`` holds.

    Raises:
        ServerFailed: it holds none.
    """
    text = answer.content.decode("utf-8-sig", errors="replace")
    if text.lstrip()[:1] == "<":
        raise _wrong_address(answer, "answered with a web page")
    data: Any = _BROKEN
    with contextlib.suppress(ValueError, RecursionError):  # not as the cause: it holds the whole answer
        data = json.loads(text)
    if data is _BROKEN:
        raise _failed(answer, "answered with broken JSON", hint="Try again.")
    if not isinstance(data, dict):
        raise _failed(answer, "answered with JSON that is no completion", hint="Check base_url.")
    return data


def named_status(code: object) -> int | None:
    """The HTTP status of an error that the ``code`` of its body names, as a number or in digits."""
    if isinstance(code, str) and re.fullmatch("[45][0-9]{2}", code):
        code = int(code)
    return code if type(code) is int and 400 <= code < 600 else None


def read_usage(data: object) -> Usage:
    """The tokens that a completion, or the body of an error, reports; zeros where it reports none."""
    usage = _mapping(_mapping(data).get("usage"))
    return Usage(
        prompt=_count(usage.get("prompt_tokens")),
        cached=_count(_mapping(usage.get("prompt_tokens_details")).get("cached_tokens")),
        completion=_count(usage.get("completion_tokens")),
        reasoning=_count(_mapping(usage.get("completion_tokens_details")).get("reasoning_tokens")),
    )


def _said(message: Mapping[str, Any], finish: object) -> tuple[str | None, FinishReason]:
    refusal = message.get("refusal") or _joined(message.get("content"), "refusal")
    if isinstance(refusal, str) and refusal:
        return refusal, "refusal"
    reason = _FINISH_REASONS.get(finish, "other") if isinstance(finish, str) else "other"
    content = message.get("content")
    if isinstance(content, list):
        content = _joined(content, "text")
    if isinstance(content, str):
        return content, reason
    # A reasoning model that spends its whole limit on thoughts ends so, and so does a filter:
    # the reason tells what to do, and is worth more than "no content".
    return ("" if reason in ("length", "content_filter") else None), reason


def _joined(content: object, kind: str) -> str | None:
    """The text of the parts of one kind, where content is given in parts; thoughts are parts of their own."""
    parts = [part for part in content if isinstance(part, dict)] if isinstance(content, list) else []
    texts = [part[kind] for part in parts if part.get("type") == kind and isinstance(part.get(kind), str)]
    return "".join(texts) if texts else None


def _no_choices(answer: Answer, data: Mapping[str, Any], usage: Usage) -> ModelError:
    error = data.get("error")
    if not error:
        return _failed(answer, "gave a completion without choices", hint="Try again, or another model.", usage=usage)
    words = error if isinstance(error, str) else _mapping(error).get("message")
    said = answer.redact(words) if isinstance(words, str) else ""
    what = "reported an error in place of a completion"
    if says_too_long(f"{_mapping(error).get('type')} {_mapping(error).get('code')} {said}"):
        return ContextTooLong(
            f"The server at {answer.where} {what}: the request is too long.", hint=TOO_LONG, status=200
        )
    if named_status(_mapping(error).get("code")) in (
        408,
        429,
        *range(500, 600),
    ):  # a gateway, for what stands behind it
        return _failed(answer, what, hint="Try again later.", said=said, usage=usage)
    return _wrong_address(answer, what, said=said)


def _failed(answer: Answer, what: str, *, hint: str, said: str = "", usage: Usage = Usage()) -> ServerFailed:
    quoted = f' It says: "{said}"' if said else ""
    return ServerFailed(
        f"The server at {answer.where} {what}.{quoted}",
        hint=hint,
        status=200,
        request_id=answer.request_id,
        usage=usage,
    )


def _wrong_address(answer: Answer, what: str, *, said: str = "") -> ServerFailed:
    hint = "The address is probably wrong: a base_url usually ends in /v1."
    error = _failed(answer, what, hint=hint, said=said)
    error.retryable = False  # no address gets right by asking again
    return error


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _count(value: object) -> int:
    return value if isinstance(value, int) and 0 < value <= MOST_TOKENS and not isinstance(value, bool) else 0
