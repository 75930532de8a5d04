"""An answer with status 200 is a completion, or a clear error."""

import json
from typing import Any

import pytest

from summarizer.errors import ServerFailed
from summarizer.models import OpenAIModel, Request
from summarizer.models.openai.endpoint import Endpoint
from summarizer.models.openai.responses import Response, read_completion
from summarizer.usage import Usage

from .conftest import KEY, Canned, Server, completion, error


def read(body: object) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read_completion(Response(content, Endpoint("http://host/v1", "http://host/v1"), "req-9"))


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
def test_the_finish_reason_is_mapped(given: object, meant: str) -> None:
    assert read(completion(finish_reason=given)).finish_reason == meant


def test_a_refusal_is_the_text_and_the_reason() -> None:
    message = {"role": "assistant", "content": None, "refusal": "I cannot."}
    refused = read(completion(message=message))
    assert (refused.text, refused.finish_reason) == ("I cannot.", "refusal")


def test_content_in_parts_is_joined_and_thoughts_are_left_out() -> None:
    parts = [
        {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]},
        {"type": "text", "text": '{"a":'},
        {"type": "text", "text": " 1}"},
        "stray",
    ]
    assert read(completion(message={"content": parts})).text == '{"a": 1}'


def test_a_refusal_among_the_parts_is_a_refusal() -> None:
    refused = read(completion(message={"content": [{"type": "refusal", "refusal": "I cannot."}]}))
    assert (refused.text, refused.finish_reason) == ("I cannot.", "refusal")


@pytest.mark.parametrize("parts", [[], [{"type": "image"}], [7]])
def test_parts_without_text_are_no_content(parts: object) -> None:
    with pytest.raises(ServerFailed, match="without content"):
        read(completion(message={"content": parts}))


@pytest.mark.parametrize("reason", ["length", "content_filter"])
def test_a_completion_cut_off_before_its_first_word_keeps_its_reason(reason: str) -> None:
    cut = read(completion(None, finish_reason=reason))
    assert (cut.text, cut.finish_reason) == ("", reason)


def test_a_missing_usage_counts_as_nothing() -> None:
    assert read(completion() | {"usage": None}).usage == Usage()
    assert read({k: v for k, v in completion().items() if k != "usage"}).usage == Usage()


def test_absurd_usage_counts_as_nothing() -> None:
    usage = {"prompt_tokens": -3, "completion_tokens": "many", "prompt_tokens_details": [1]}
    assert read(completion() | {"usage": usage}).usage == Usage()
    usage = {"prompt_tokens": 10**300, "completion_tokens": True}
    assert read(completion() | {"usage": usage}).usage == Usage()


def test_a_byte_order_mark_does_no_harm() -> None:
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
def test_no_choices_is_a_failure_of_the_server(body: object) -> None:
    with pytest.raises(ServerFailed, match="without choices"):
        read(body)


@pytest.mark.parametrize("message", [None, {}, {"content": None}, {"content": 7}])
def test_no_content_is_a_failure_of_the_server(message: object) -> None:
    with pytest.raises(ServerFailed, match="without content"):
        read(completion(message=message))


@pytest.mark.parametrize("body", [b"", b'{"choices": [', b"[" * 100_000, b"\xff\xfe", b"data: {}"])
def test_broken_json_is_a_failure_of_the_server(body: bytes) -> None:
    with pytest.raises(ServerFailed, match="broken JSON") as caught:
        read(body)
    assert (caught.value.status, caught.value.request_id) == (200, "req-9")


@pytest.mark.parametrize("body", [[], "done", 1, None])
def test_json_that_is_no_object_is_a_failure_of_the_server(body: object) -> None:
    with pytest.raises(ServerFailed, match="not a completion"):
        read(body)


async def test_a_web_page_says_that_the_address_is_probably_wrong(
    server: Server, model: OpenAIModel, request_: Request
) -> None:
    server.answers(Canned("<!doctype html><p>Welcome", headers={"Content-Type": "text/html"}))
    with pytest.raises(ServerFailed, match=r"web page.*ends in /v1") as caught:
        await model.complete(request_)
    assert not caught.value.retryable
    assert len(server.asked) == 1


async def test_error_with_status_200_shows_the_servers_words_without_the_key(
    server: Server, model: OpenAIModel, request_: Request
) -> None:
    server.answers(Canned(error(f"Unexpected endpoint. Got: {KEY}")))
    with pytest.raises(ServerFailed, match="Unexpected endpoint") as caught:
        await model.complete(request_)
    assert KEY not in str(caught.value)


async def test_a_completion_under_a_wrong_content_type_is_read_all_the_same(
    server: Server, model: OpenAIModel, request_: Request
) -> None:
    server.answers(Canned(completion("fine"), headers={"Content-Type": "text/plain"}))
    assert (await model.complete(request_)).text == "fine"
