"""Empty replies, replies in the reasoning, system messages, and output formats that a server does not take."""

import json
from typing import Any

import pytest

from summarizer.errors import AuthenticationFailed, ModelError, RateLimited, RequestRefused, ServerFailed
from summarizer.models import OpenAIModel, Reply, Request, retry

from .conftest import KEY, CannedResponse, ReceivedRequest, Server, completion, error

pytestmark = pytest.mark.slow

OBJECT = {"gist": None, "positions": [{"stance": "agrees"}]}
THOUGHTS = 'The user wants positions {as JSON}. A first draft: {"gist": 1}. Now the reply:\n'


def message(**fields: Any) -> CannedResponse:
    body = completion()
    body["choices"][0]["message"] = {"role": "assistant"} | fields
    return CannedResponse(body)


async def ask(server: Server, request: Request, **options: Any) -> Reply:
    model = OpenAIModel("tiny", base_url=server.url, api_key=KEY, **options)
    try:
        return await model.complete(request)
    finally:
        await model.aclose()


def forms(server: Server) -> list[str]:
    return [received.form for received in server.completions]


# Replies without text

ONLY_REASONING = [
    {"content": "", "reasoning": "Who speaks here?"},
    {"content": None, "reasoning_content": "Who speaks here?"},
    {"content": "", "thinking": "Who speaks here?"},
    {"content": "<think>Who speaks here?</think>\n"},
    {"content": "<think>Who speaks here?"},
]


@pytest.mark.parametrize("fields", ONLY_REASONING, ids=str)
async def test_reasoning_without_a_reply_is_an_error_that_says_so(
    server: Server, request_: Request, fields: dict[str, Any]
) -> None:
    server.set_responses(message(**fields))
    with pytest.raises(ServerFailed, match=r"returned 16 characters of reasoning and no reply.*extra_body") as caught:
        await ask(server, request_)
    assert forms(server) == ["json_schema", "text"]
    assert (caught.value.retryable, caught.value.usage.total) == (False, 2 * 107)


@pytest.mark.parametrize("text", ["", " \n"])
async def test_empty_reply_is_an_error_after_two_requests(server: Server, request_: Request, text: str) -> None:
    server.set_responses(message(content=text))
    with pytest.raises(ServerFailed, match=r"empty reply.*chat template"):
        await ask(server, request_)
    assert forms(server) == ["json_schema", "text"]


async def test_chosen_output_format_is_kept_after_an_empty_reply(server: Server, request_: Request) -> None:
    server.set_responses(message(content=""))
    with pytest.raises(ServerFailed, match="empty reply"):
        await ask(server, request_, output="json_schema")
    assert forms(server) == ["json_schema"]


async def test_format_that_gives_a_reply_is_remembered(server: Server, request_: Request) -> None:
    server.respond = lambda received: message(content="done" if received.form == "text" else "")
    model = OpenAIModel("tiny", base_url=server.url)
    for _ in range(2):
        assert (await model.complete(request_)).output == "text"
    await model.aclose()
    assert forms(server) == ["json_schema", "text", "text"]


@pytest.mark.parametrize(
    "fields",
    [
        {"content": "", "reasoning": THOUGHTS + json.dumps(OBJECT)},
        {"content": None, "reasoning_content": json.dumps(OBJECT)},
        {"content": f"<think>{THOUGHTS}{json.dumps(OBJECT)}</think>"},
    ],
    ids=str,
)
async def test_reply_in_the_reasoning_is_read(server: Server, request_: Request, fields: dict[str, Any]) -> None:
    server.set_responses(message(**fields))
    assert json.loads((await ask(server, request_)).text) == OBJECT


async def test_reasoning_beside_a_reply_is_left_out(server: Server, request_: Request) -> None:
    server.set_responses(message(content="done", reasoning=json.dumps(OBJECT)))
    assert (await ask(server, request_)).text == "done"


async def test_hostile_reasoning_is_read_in_a_moment(server: Server, request_: Request) -> None:
    server.set_responses(message(content="", reasoning="{" * 1_000_000))
    with pytest.raises(ServerFailed, match="1,000,000 characters of reasoning"):
        await ask(server, request_)


# System messages


async def test_system_message_is_folded_into_that_of_the_user_for_good(server: Server, request_: Request) -> None:
    def respond(received: ReceivedRequest) -> CannedResponse:
        has_system = any(each["role"] == "system" for each in received.json["messages"])
        return CannedResponse(error("System role not supported"), 400) if has_system else CannedResponse(completion())

    server.respond = respond
    model = OpenAIModel("tiny", base_url=server.url)
    for _ in range(2):
        await model.complete(request_)
    await model.aclose()
    assert len(server.completions) == 3
    system, user = request_.messages
    sent = [received.json["messages"] for received in server.completions]
    assert sent[1] == sent[2] == [{"role": "user", "content": f"{system.content}\n\n{user.content}"}]


# Output formats

LM_STUDIO = (400, {"error": "'response_format.type' must be 'json_schema' or 'text'"})
LLAMA_CPP_PYTHON = (
    500,
    error(
        "[{'loc': ('body', 'response_format', 'type'), 'msg': \"Input should be 'text' or "
        "'json_object'\", 'input': 'json_schema'}]"
    ),
)
LLAMA_CPP = (400, error("Failed to initialize samplers: failed to parse grammar"))
OPENAI = (400, error("Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."))
REFUSALS: list[tuple[tuple[int, Any], str, str]] = [
    (LM_STUDIO, "json_object", r'It takes OpenAIModel\(output="json_schema"\)\.'),
    (LLAMA_CPP_PYTHON, "json_schema", r'It takes OpenAIModel\(output="json_object"\)\.'),
    (LLAMA_CPP, "json_schema", r'Try OpenAIModel\(output="text"\)'),
    (OPENAI, "json_schema", r'Try OpenAIModel\(output="text"\)'),
]  # fmt: skip


@pytest.mark.parametrize(("refusal", "output", "hint"), REFUSALS)
async def test_refused_output_names_what_the_server_takes(
    server: Server, request_: Request, refusal: tuple[int, Any], output: Any, hint: str
) -> None:
    status, body = refusal
    server.respond = lambda received: (
        CannedResponse(body, status) if received.form == output else CannedResponse(completion())
    )
    with pytest.raises(RequestRefused, match=hint) as caught:
        await ask(server, request_, output=output)
    assert f"does not take the format {output}" in caught.value.message
    assert caught.value.fatal
    assert not caught.value.retryable
    assert "later" not in caught.value.hint


@pytest.mark.parametrize(("refusal", "output", "hint"), REFUSALS)
async def test_automatic_output_moves_on(
    server: Server, request_: Request, refusal: tuple[int, Any], output: Any, hint: str
) -> None:
    status, body = refusal
    server.respond = lambda received: (
        CannedResponse(body, status) if received.form in ("json_schema", output) else CannedResponse(completion())
    )
    assert (await ask(server, request_)).text == "done"


# Keys and credit

UNUSABLE = [
    (400, [{"error": {"code": 400, "message": "API key not valid. Please pass one."}}], AuthenticationFailed),
    (400, {"error": {"message": "Incorrect API key provided"}}, AuthenticationFailed),
    (402, {"error": {"message": "Insufficient credits", "code": 402}}, RateLimited),
    (402, {"error": {"message": "Insufficient Balance", "type": "unknown_error"}}, RateLimited),
    (402, "", RateLimited),
    (400, {"error": {"message": "Your credit balance is too low to access the API."}}, RateLimited),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "kind"), UNUSABLE)
async def test_invalid_key_and_missing_credit_end_a_batch(
    server: Server, request_: Request, status: int, body: object, kind: type[ModelError]
) -> None:
    server.set_responses(CannedResponse(body, status))
    with pytest.raises(kind) as caught:
        await ask(server, request_)
    assert caught.value.fatal
    assert not caught.value.retryable
    assert len(server.completions) == 1


async def test_server_errors_without_a_reason_lead_to_a_weaker_format(server: Server, request_: Request) -> None:
    failure = CannedResponse('{"error": {"message": "Internal Server Error"}}', 500)
    server.set_responses(failure, failure, CannedResponse(completion()))
    model = OpenAIModel("tiny", base_url=server.url, api_key=KEY)
    assert (await model.complete(request_)).output == "json_object"
    await model.complete(request_)
    formats = [received.json["response_format"]["type"] for received in server.completions]
    assert formats == ["json_schema", "json_schema", "json_object", "json_object"]
    await model.aclose()


async def test_errors_of_gemini_with_status_200_are_retried(server: Server, request_: Request) -> None:
    failure = CannedResponse('[{"error": {"code": 503, "message": "overloaded", "status": "UNAVAILABLE"}}]')
    server.set_responses(failure, CannedResponse(completion()))
    model = OpenAIModel("tiny", base_url=server.url, api_key=KEY)
    assert (await model.complete(request_)).retries == 1
    await model.aclose()


async def test_request_waits_while_the_server_loads_the_model(
    server: Server, request_: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "LOADING_INTERVAL", 0.01)
    loading = CannedResponse('{"error": {"code": 503, "message": "Loading model"}}', 503)
    server.set_responses(*[loading] * 9, CannedResponse(completion()))
    model = OpenAIModel("tiny", base_url=server.url, api_key=KEY)
    assert (await model.complete(request_)).retries == 9  # more than the attempts
    await model.aclose()


async def test_deadline_names_the_refusal_that_it_ended(server: Server, request_: Request) -> None:
    server.set_responses(CannedResponse('{"error": {"message": "slow down"}}', 429, {"retry-after": "60"}))
    model = OpenAIModel("tiny", base_url=server.url, api_key=KEY, deadline=50)
    with pytest.raises(RateLimited, match=r"HTTP 429.*deadline of 50 s") as caught:
        await model.complete(request_)
    assert "deadline=…" in caught.value.hint
    assert "Come back in 60 seconds." in caught.value.hint
    await model.aclose()
