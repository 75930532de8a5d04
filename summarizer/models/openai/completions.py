"""Read and validate the responses of a server: completions and lists of models."""

import contextlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from summarizer.errors import ServerFailed
from summarizer.models.base import FinishReason, Reply
from summarizer.models.openai.errors import WRONG_ADDRESS, ErrorResponse, mask
from summarizer.models.openai.model import CHOOSE_MODEL, Endpoint
from summarizer.usage import Usage

FINISH_REASONS: Mapping[str, FinishReason] = {"stop": "stop", "length": "length", "content_filter": "content_filter"}
MAX_TOKENS = 10**9  # a token count above this is taken for an error of the server


@dataclass(frozen=True)
class Response:
    """A response with HTTP status 200."""

    content: bytes = field(repr=False)
    endpoint: Endpoint
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @cached_property
    def data(self) -> Mapping[str, Any]:
        """The JSON object in the response; anything else raises a ServerFailed."""
        text = self.content.decode("utf-8-sig", errors="replace")
        if text.lstrip()[:1] == "<":
            raise self.failure("returned a web page", WRONG_ADDRESS, retryable=False)
        data: Any = ...
        with contextlib.suppress(ValueError, RecursionError):  # not as the cause, which holds the whole text
            data = json.loads(text)
        if data is ...:
            raise self.failure("returned broken JSON", "Try again.")
        if not isinstance(data, dict):
            raise self.failure("returned JSON that is not a completion", "Check base_url.")
        return data

    def error(self, model: str, tries: str) -> ErrorResponse | None:
        """Return the error that a gateway sends with status 200 instead of a completion, or None."""
        error = None if self.data.get("choices") else self.data.get("error")
        code = str(_mapping(error).get("code"))
        status = int(code) if re.fullmatch("[45][0-9]{2}", code) else 200
        usage = read_usage(self.data)
        return ErrorResponse(self.endpoint, status, self.headers, error, usage, model, tries) if error else None

    def failure(self, what: str, hint: str, *, usage: Usage = Usage(), retryable: bool = True) -> ServerFailed:
        """Return the error of a response that cannot be used."""
        request_id = mask(self.headers.get("x-request-id", ""), self.endpoint.secrets) or None
        failed = ServerFailed(
            f"The server at {self.endpoint.shown} {what}.", hint=hint, status=200, request_id=request_id, usage=usage
        )
        failed.retryable, failed.max_attempts = retryable, 1  # a completion is paid for
        return failed


def read_completion(response: Response) -> Reply:
    """Return the reply in a chat completion; without text it is a ServerFailed, which reports the tokens."""
    choices = response.data.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    usage = read_usage(response.data)
    if not isinstance(choice, dict):
        raise response.failure("returned a completion without choices", "Try again, or another model.", usage=usage)
    text, reason = _read_message(_mapping(choice.get("message")), choice.get("finish_reason"))
    if text is None:
        raise response.failure("returned a completion without content", "Try again, or another model.", usage=usage)
    model = response.data.get("model")
    return Reply(text, reason, usage, model if isinstance(model, str) and model else None)


def read_model_list(response: Response) -> tuple[str, ...]:
    """Return the names of the models in a response to ``GET /models``."""
    rows = response.data.get("data") or []  # null at a server without models
    if "data" not in response.data or not isinstance(rows, list):
        raise response.failure("does not list its models", CHOOSE_MODEL)
    names = (row.get("id") for row in rows if isinstance(row, dict))
    return tuple(name for name in names if isinstance(name, str) and name)


def read_usage(data: object) -> Usage:
    """Return the tokens that a completion or an error reports, by default zeros."""
    usage = _mapping(_mapping(data).get("usage"))
    return Usage(
        prompt=_count(usage.get("prompt_tokens")),
        cached=_count(_mapping(usage.get("prompt_tokens_details")).get("cached_tokens")),
        completion=_count(usage.get("completion_tokens")),
        reasoning=_count(_mapping(usage.get("completion_tokens_details")).get("reasoning_tokens")),
    )


def _read_message(message: Mapping[str, Any], finish: object) -> tuple[str | None, FinishReason]:
    content = message.get("content")
    refusal = message.get("refusal") or _join_parts(content, "refusal")
    if isinstance(refusal, str) and refusal:
        return refusal, "refusal"
    reason = FINISH_REASONS.get(finish, "other") if isinstance(finish, str) else "other"
    text = content if isinstance(content, str) else _join_parts(content, "text")
    # Reasoning models that reach their limit while reasoning return no content, and so do filters.
    return "" if text is None and reason in ("length", "content_filter") else text, reason


def _join_parts(content: object, kind: str) -> str | None:
    """Return the text of the parts of one kind; reasoning is a separate kind."""
    parts = [part for part in content if isinstance(part, dict)] if isinstance(content, list) else []
    texts = [part[kind] for part in parts if part.get("type") == kind and isinstance(part.get(kind), str)]
    return "".join(texts) if texts else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _count(value: object) -> int:
    return value if isinstance(value, int) and 0 < value <= MAX_TOKENS and not isinstance(value, bool) else 0
