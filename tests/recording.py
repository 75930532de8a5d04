"""Recorded replies: how they are stored, matched and kept free of secrets."""

import json
from typing import Any

import vcr
import yaml
from vcr.request import Request

_KEPT_HEADERS = {"content-type"}


class ReadableYaml:
    """YAML that a person can review: UTF-8 as typed, long texts as blocks."""

    @staticmethod
    def serialize(cassette: dict[str, Any]) -> str:
        return yaml.dump(cassette, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1_000_000)

    @staticmethod
    def deserialize(text: str) -> Any:
        return yaml.safe_load(text)


class _Dumper(yaml.SafeDumper):
    pass


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def _pretty(body: bytes | str | None) -> bytes:
    value = json.loads(body or "null")
    return json.dumps(value, indent=1, ensure_ascii=False).encode()


def _request(request: Request) -> Request:
    """Only what was asked: no headers, and so no key, no host."""
    request.headers = {name: value for name, value in request.headers.items() if name.lower() in _KEPT_HEADERS}
    request.uri = "http://recorded.invalid" + request.path
    request.body = _pretty(request.body)
    return request


def _response(response: dict[str, Any]) -> dict[str, Any]:
    headers = response["headers"]
    response["headers"] = {name: value for name, value in headers.items() if name.lower() in _KEPT_HEADERS}
    response["body"]["string"] = _pretty(response["body"]["string"])
    return response


def same_question(one: Request, other: Request) -> None:
    """Two requests ask the same: messages and schema; which model answers does not count."""
    first, second = (json.loads(request.body) for request in (one, other))
    for body in (first, second):
        body.pop("model")
    assert first == second, "the request differs from the recorded one"


def recorder(mode: str) -> vcr.VCR:
    made = vcr.VCR(
        record_mode=vcr.mode(mode),
        match_on=["method", "path", "same_question"],
        before_record_request=_request,
        before_record_response=_response,
        decode_compressed_response=True,
        serializer="readable",
    )
    made.register_serializer("readable", ReadableYaml)
    made.register_matcher("same_question", same_question)
    return made
