"""Configure vcrpy for language models: the matching of requests, and the content of cassettes."""

import json
import logging
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from vcr import VCR  # type: ignore[import-untyped]
from vcr.cassette import Cassette  # type: ignore[import-untyped]
from vcr.request import Request  # type: ignore[import-untyped]
from vcr.serialize import serialize  # type: ignore[import-untyped]

from summarizer._files import replace_atomically
from summarizer._patterns import compile_lazily
from summarizer._secrets import REMOVED, SECRETS, Redactor, TextKind, header_secrets, random_parts
from summarizer.models import Model, OpenAIModel
from summarizer.testing import serializer
from summarizer.testing.staleness import NOT_COMPARED, describe_miss, without_article_hash

PLACEHOLDER_HOST = "recorded.invalid"
"""Replaces the model server's host, unless that is OpenAI's own."""

_OPENAI_HOST = "api.openai.com"
_ENDPOINT = compile_lazily(r"/((?:chat/completions|completions|embeddings|models|responses)(?:/.*)?)$")
_REQUEST_HEADERS = frozenset({"content-type"})
_RESPONSE_HEADERS = frozenset({"content-type", "content-encoding", "retry-after", "retry-after-ms", "x-request-id"})
_RETRIED_STATUSES = frozenset({408, 409, 425, 429})

_SECRET_NAME = compile_lazily(SECRETS["name"], re.IGNORECASE)
_SECRET_VARIABLE = compile_lazily(SECRETS["variable"])
_SECRET_FORM_FIELD = compile_lazily(
    rf"((?:^|&)(?:[^&=]{{0,200}}(?:%5B|\[|\.))?(?:{'|'.join(SECRETS['fields'])})(?:%5D|\])?=)[^&]+", re.IGNORECASE
)


def vcr_config() -> dict[str, Any]:
    """Return the options of ``VCR.use_cassette``, which pytest-recording's fixture ``vcr_config`` gives it.

    The matcher and the serializer that they name are registered by `configure_vcr`.
    """
    secrets = _SecretFilter()
    return {
        "match_on": ("method", "path", "query", "json_body"),
        "decode_compressed_response": True,
        "before_record_request": secrets.clean_request,
        "before_record_response": secrets.clean_response,
        "before_save_interaction": secrets.clean_interaction,
        "custom_patches": (
            (Cassette, "filter_request", _raise_if_missing),
            (OpenAIModel, "context_length", Model.context_length),  # a recording server's context is not the player's
        ),
    }


def configure_vcr(vcr: VCR) -> VCR:
    """Register matcher, serializer and persister with ``vcr``, and return it.

    recorder = configure_vcr(VCR())
    with recorder.use_cassette("bridge.yaml", **vcr_config()):
        ...
    """
    vcr.register_matcher("json_body", json_body)
    vcr.register_serializer("yaml", serializer)
    logging.getLogger("vcr").setLevel(logging.WARNING)  # it logs requests before they are cleaned
    vcr.register_persister(_AtomicPersister(vcr.persister))
    return vcr


def json_body(first: Request, second: Request) -> bool:
    """Match requests with equal JSON.

    The name of the model, the order of keys and white space do not count. Nor does the hash of the whole article: so a
    change to one chunk leaves the recordings of the others valid. The limit of the reply does not count either: it
    changes no reply that is complete, and the default one follows the estimate, which may be tuned at any time.
    """
    return bool(_comparable(first.body) == _comparable(second.body))


def _comparable(body: Any) -> Any:
    try:
        value = json.loads(without_article_hash(body.decode("utf-8")))
    except (AttributeError, ValueError):
        return body or b""
    return (
        {name: member for name, member in value.items() if name not in NOT_COMPARED}
        if isinstance(value, dict)
        else value
    )


def _raise_if_missing(cassette: Cassette, request: Request) -> Any:
    """Replace ``Cassette.filter_request``, which vcrpy calls before it refuses or sends a request.

    Raises:
        StaleCassette: the request is not recorded, and the record mode forbids recording it.
    """
    filtered = cassette._before_record_request(request)
    if filtered and cassette.write_protected and not cassette.can_play_response_for(request):
        raise describe_miss(cassette, filtered, json_body)
    return filtered


class _SecretFilter:
    """Remove secrets from requests and responses, by header, by name and by pattern.

    Credentials in headers of requests are removed wherever they occur, such as in a server's error message.
    """

    def __init__(self) -> None:
        self._redactor = Redactor()
        for name, value in os.environ.items():
            if _SECRET_VARIABLE.fullmatch(name):
                self._learn(value)

    def clean_request(self, request: Request) -> Request:
        """Remove headers, the server's host and secrets from a request."""
        for secret in header_secrets(request.headers):
            self._redactor.learn(secret)
        request.headers = {name: value for name, value in request.headers.items() if name.lower() in _REQUEST_HEADERS}
        request.uri = self._clean_uri(request.uri)
        if isinstance(request.body, bytes):
            kind: TextKind = "article" if _ENDPOINT.search(urlsplit(request.uri).path) else "other"
            request.body = self._clean_body(request.body, str(request.headers.get("content-type")), kind)
        return request

    def clean_response(self, response: dict[str, Any]) -> dict[str, Any] | None:
        """Remove headers and secrets from a response; drop errors after which clients retry."""
        status = response["status"]["code"]
        if status in _RETRIED_STATUSES or status >= 500:
            return None
        for name, values in response["headers"].items():
            if _SECRET_NAME.search(name):
                self._learn(" ".join(map(str, values)))
        headers = {
            name: [self._redactor.redact(str(value), "error") for value in values]
            for name, values in response["headers"].items()
            if name.lower() in _RESPONSE_HEADERS
        }
        body = response["body"]
        if isinstance(body.get("string"), bytes):
            content_type = str([values for name, values in headers.items() if name.lower() == "content-type"])
            is_error = status >= 400 or _is_error(body["string"])
            body = body | {"string": self._clean_body(body["string"], content_type, "error" if is_error else "article")}
        message = {"message": self._redactor.redact(str(response["status"].get("message", "")))}
        return response | {"status": response["status"] | message, "headers": headers, "body": body}

    def clean_interaction(self, request: Request, response: dict[str, Any]) -> tuple[Request, dict[str, Any] | None]:
        """Clean both before they are saved: later requests may have shown further secrets."""
        return self.clean_request(request), self.clean_response(response)

    def _learn(self, value: str) -> None:
        for secret in random_parts(value):
            self._redactor.learn(secret)

    def _clean_body(self, body: bytes, content_type: str, kind: TextKind) -> bytes:
        text = body.decode("utf-8", "surrogateescape")
        if "x-www-form-urlencoded" in content_type.lower():
            text = _SECRET_FORM_FIELD.sub(rf"\1{REMOVED}", text)
        cleaned = self._redactor.redact_error(text) if kind == "error" else self._redactor.redact(text, kind)
        return cleaned.encode("utf-8", "surrogateescape")

    def _clean_uri(self, uri: str) -> str:
        """Return ``uri`` without credentials and, for model servers, without host, prefix and query."""
        parts = urlsplit(uri)
        query = parse_qsl(parts.query)
        for value in (parts.username, parts.password, *(value for name, value in query if _SECRET_NAME.search(name))):
            self._learn(unquote(value or ""))
        if endpoint := _ENDPOINT.search(parts.path):
            scheme, host = ("https", _OPENAI_HOST) if parts.hostname == _OPENAI_HOST else ("http", PLACEHOLDER_HOST)
            return f"{scheme}://{host}/v1/{self._redactor.redact(endpoint[1].rstrip('/'))}"
        clean = self._redactor.redact
        query = [(clean(name), clean(value)) for name, value in query if not _SECRET_NAME.search(name)]
        netloc, path = parts.netloc.rpartition("@")[2], clean(parts.path)
        return urlunsplit(parts._replace(netloc=netloc, path=path, query=urlencode(query)))


def _is_error(body: bytes) -> bool:
    """Return whether a body is an error, which some servers send with status 200."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and bool(value.get("error")) and not value.get("choices")


class _AtomicPersister:
    """Save cassettes in UTF-8, each in one step: an interrupted recording leaves the old file whole."""

    def __init__(self, persister: Any) -> None:
        self._persister = persister

    def load_cassette(self, path: Any, serializer: Any) -> Any:
        """Load a cassette as the wrapped persister does."""
        return self._persister.load_cassette(path, serializer)

    @staticmethod
    def save_cassette(path: Any, cassette_dict: Any, serializer: Any) -> None:
        """Write a cassette, and the folders above it."""
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        with replace_atomically(target) as file:
            file.write(serialize(cassette_dict, serializer).encode("utf-8"))
