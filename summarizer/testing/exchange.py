"""What was asked over HTTP and what was answered, as a cassette holds it: no host, no key, bodies as values."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from summarizer._types import PromptId
from summarizer.testing.nested import normalize, plain, unfolded

Body = dict[str, Any] | list[Any] | str | bytes | None
"""JSON as its value; else text; else bytes, which are no text; None where there is nothing."""

_ENDPOINTS = ("chat/completions", "completions", "embeddings", "models", "responses")
"""Where a path ends, by what is asked; the first that fits."""
_KEPT_QUERY = frozenset({"api-version"})


@dataclass(frozen=True)
class Question:
    """A request, as far as it says what is asked."""

    method: str
    endpoint: str
    """The end of the path, such as ``chat/completions``; the whole path where it is no known one."""
    body: Body = field(default=None, repr=False)
    query: Mapping[str, str] = field(default_factory=dict)
    prompts: tuple[PromptId, ...] = ()
    """The library's prompts that it was made of, where it was the library that asked."""

    @cached_property
    def key(self) -> str:
        """The same for requests that ask the same: the model's name, key order and white space do not count."""
        body = self.body
        if isinstance(body, dict):
            body = {name: value for name, value in body.items() if name != "model"}
        return f"{self.method} {self.endpoint} {canonical(body)}"

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint}"


@dataclass(frozen=True)
class Answer:
    """A response, as far as it is kept."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Body = field(default=None, repr=False)


@dataclass(frozen=True)
class Interaction:
    """A question and its answer."""

    question: Question
    answer: Answer


def endpoint_of(url: str) -> str:
    """What a URL asks for: the end of its path, which is the same at all servers."""
    path = urlsplit(url).path
    for known in _ENDPOINTS:
        if found := re.search(rf"/({known}(?:/.*)?)$", path):
            return found[1].rstrip("/")
    return path.strip("/")


def kept_query(url: str) -> dict[str, str]:
    """The parameters of a URL that a cassette holds: none that can be a secret."""
    return {name: value for name, value in parse_qsl(urlsplit(url).query) if name in _KEPT_QUERY}


def read_body(data: bytes | str | None) -> Body:
    """``data`` as the value it stands for; `body_bytes` gives the same value back."""
    if not data:
        return None
    try:
        text = data if isinstance(data, str) else data.decode("utf-8")
    except UnicodeDecodeError:
        return bytes(data) if not isinstance(data, str) else data
    if text.lstrip(" \t\r\n")[:1] in ("{", "["):
        try:
            value: dict[str, Any] | list[Any] = json.loads(text, object_pairs_hook=_without_twins)
        except (ValueError, RecursionError):
            return text
        if plain(value):
            return value
    return text


def body_bytes(body: Body) -> bytes:
    """``body`` as it goes over the wire; JSON is written without needless blanks."""
    if body is None:
        return b""
    if isinstance(body, bytes):
        return body
    return body.encode() if isinstance(body, str) else json.dumps(body, separators=(",", ":")).encode()


def canonical(body: Body) -> str:
    """The same text for bodies of the same value; objects count as sets of keys."""
    match body:
        case dict() | list():
            return json.dumps(_numbers_alike(body), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        case bytes():
            return "base64:" + base64.b64encode(body).decode()
        case _:
            return body or ""


def body_to_data(body: Body) -> dict[str, Any]:
    """``body`` as an entry of the file: under ``json``, ``text`` or ``base64``; nothing where there is none.

    ``json_texts`` says where in ``json`` the text was that is shown as a value.
    """
    match body:
        case None:
            return {}
        case bytes():
            return {"base64": base64.b64encode(body).decode()}
        case str():
            return {"text": body}
        case _:
            value, layouts = unfolded(body)
            return {"json_texts": layouts, "json": value} if layouts else {"json": value}


def body_of_data(data: Mapping[str, Any]) -> Body:
    """The body that an entry of the file holds.

    Raises:
        ValueError: it is none.
    """
    if "base64" in data:
        try:
            return base64.b64decode(data["base64"], validate=True)
        except (TypeError, binascii.Error) as error:
            raise ValueError("what stands under base64 is not") from error
    if "text" in data:
        body = data["text"]
        if not isinstance(body, str):
            raise ValueError("what stands under text is none")
        return body
    body = data.get("json")
    if not isinstance(body, dict | list | None):
        raise ValueError("what stands under json is no object and no list")
    as_it_was: Body = normalize(body, data.get("json_texts") or {})
    return as_it_was


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice, and only text keeps both")
    return value


def _numbers_alike(value: Any) -> Any:
    """``value`` with whole numbers as such: 0.0 and 0 are the same temperature."""
    if isinstance(value, dict):
        return {key: _numbers_alike(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_numbers_alike(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
