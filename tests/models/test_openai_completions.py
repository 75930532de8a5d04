"""A response with status 200 is a completion or a clear error."""

import json
from typing import Any

import pytest

from summarizer.errors import ServerFailed
from summarizer.models import OpenAIModel, Request
from summarizer.models.openai.client import Response, read_completion
from summarizer.models.openai.endpoint import Endpoint
from summarizer.usage import Usage

from .conftest import KEY, CannedResponse, Server, completion, error


def read(body: object) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read_completion(Response(content, Endpoint("http://host/v1"), {"x-request-id": "req-9"}))


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("stop", "stop"),
        ("length", "length"),
        ("content_filter", "content_filter"),
        ("tool_calls", "other"),
        (None, "other"),
        (["stop"], "other"),
    ],
)
def test_finish_reason_is_mapped(given: object, meant: str) -> None:
    assert read(completion(finish_reason=given)).finish_reason == meant


def test_refusal_is_text_and_finish_reason() -> None:
    message = {"role": "assistant", "content": None, "refusal": "I cannot."}
    refused = read(completion(message=message))
    assert (refused.text, refused.finish_reason) == ("I cannot.", "refusal")


def test_content_parts_are_joined_without_reasoning() -> None:
    parts = [
        {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]},
        {"type": "text", "text": '{"a":'},
        {"type": "text", "text": " 1}"},
        "stray",
    ]
    assert read(completion(message={"content": parts})).text == '{"a": 1}'


def test_refusal_among_the_parts_is_a_refusal() -> None:
    refused = read(completion(message={"content": [{"type": "refusal", "refusal": "I cannot."}]}))
    assert (refused.text, refused.finish_reason) == ("I cannot.", "refusal")


@pytest.mark.parametrize("parts", [[], [{"type": "image"}], [7]])
def test_parts_without_text_are_no_content(parts: object) -> None:
    with pytest.raises(ServerFailed, match="without content"):
        read(completion(message={"content": parts}))


@pytest.mark.parametrize("reason", ["length", "content_filter"])
def test_empty_cut_off_completion_keeps_its_reason(reason: str) -> None:
    cut = read(completion(None, finish_reason=reason))
    assert (cut.text, cut.finish_reason) == ("", reason)


def test_missing_usage_is_zero() -> None:
    assert read(completion() | {"usage": None}).usage == Usage()
    assert read({k: v for k, v in completion().items() if k != "usage"}).usage == Usage()


def test_absurd_usage_is_zero() -> None:
    usage = {"prompt_tokens": -3, "completion_tokens": "many", "prompt_tokens_details": [1]}
    assert read(completion() | {"usage": usage}).usage == Usage()
    usage = {"prompt_tokens": 10**300, "completion_tokens": True}
    assert read(completion() | {"usage": usage}).usage == Usage()


def test_byte_order_mark_is_ignored() -> None:
    assert read(b"\xef\xbb\xbf" + json.dumps(completion()).encode()).text == "done"


@pytest.mark.parametrize(
    "body",
    [
        completion() | {"choices": []},
        completion() | {"choices": None},
        completion() | {"choices": ["done"]},
        {},
    ],
)
def test_missing_choices_are_a_server_failure(body: object) -> None:
    with pytest.raises(ServerFailed, match="without choices"):
        read(body)


@pytest.mark.parametrize("message", [None, {}, {"content": None}, {"content": 7}])
def test_missing_content_is_a_server_failure(message: object) -> None:
    with pytest.raises(ServerFailed, match="without content"):
        read(completion(message=message))


@pytest.mark.parametrize("body", [b"", b'{"choices": [', b"[" * 100_000, b"\xff\xfe", b"data: {}"])
def test_broken_json_is_a_server_failure(body: bytes) -> None:
    with pytest.raises(ServerFailed, match="broken JSON") as caught:
        read(body)
    assert (caught.value.status, caught.value.request_id) == (200, "req-9")


@pytest.mark.parametrize("body", [[], "done", 1, None])
def test_json_other_than_an_object_is_a_server_failure(body: object) -> None:
    with pytest.raises(ServerFailed, match="not a completion"):
        read(body)


async def test_web_page_hints_at_a_wrong_address(server: Server, model: OpenAIModel, request_: Request) -> None:
    server.set_responses(CannedResponse("<!doctype html><p>Welcome", headers={"Content-Type": "text/html"}))
    with pytest.raises(ServerFailed, match=r"web page.*ends in /v1") as caught:
        await model.complete(request_)
    assert not caught.value.retryable
    assert len(server.requests) == 1


async def test_error_with_status_200_shows_the_servers_words_without_the_key(
    server: Server, model: OpenAIModel, request_: Request
) -> None:
    server.set_responses(CannedResponse(error(f"Unexpected endpoint. Got: {KEY}")))
    with pytest.raises(ServerFailed, match="Unexpected endpoint") as caught:
        await model.complete(request_)
    assert KEY not in str(caught.value)


async def test_content_type_is_ignored(server: Server, model: OpenAIModel, request_: Request) -> None:
    server.set_responses(CannedResponse(completion("fine"), headers={"Content-Type": "text/plain"}))
    assert (await model.complete(request_)).text == "fine"
