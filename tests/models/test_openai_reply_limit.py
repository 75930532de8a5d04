"""The default limit of a reply: when it is sent, raised, and left out."""

from dataclasses import replace
from typing import Any

import pytest

from summarizer.models import OpenAIModel, Request
from summarizer.models.openai.capabilities import REASONING_TOKENS

from .conftest import CannedResponse, ReceivedRequest, Server, completion, error

LIMIT = 300


@pytest.fixture
def limited(request_: Request) -> Request:
    return replace(request_, max_reply_tokens=LIMIT)


def cut_off(text: str, **usage: Any) -> dict[str, Any]:
    """Return a completion that ended at the limit."""
    body = completion(text, finish_reason="length")
    body["usage"] |= {"completion_tokens": LIMIT, "total_tokens": 100 + LIMIT} | usage
    return body


async def limits_sent(server: Server, request: Request, times: int = 1, **options: Any) -> list[int | None]:
    model = OpenAIModel("tiny", base_url=server.url, **options)
    for _ in range(times):
        await model.complete(request)
    await model.aclose()
    return [received.json.get("max_tokens") for received in server.completions]


async def test_limit_of_the_request_is_sent(server: Server, limited: Request) -> None:
    assert await limits_sent(server, limited) == [LIMIT]


@pytest.mark.parametrize("options", [{"max_tokens": 50}, {"extra_body": {"max_tokens": 50}}], ids=str)
async def test_limit_of_the_model_has_precedence(server: Server, limited: Request, options: dict[str, Any]) -> None:
    assert await limits_sent(server, limited, **options) == [50]


async def test_visible_reply_at_the_default_limit_is_not_repeated(server: Server, limited: Request) -> None:
    server.set_responses(CannedResponse(cut_off("again and " * LIMIT)))
    assert await limits_sent(server, limited, 2) == [LIMIT, LIMIT]


@pytest.mark.parametrize("text", ["", "{", "<think>" + "Let me see. " * LIMIT], ids=["empty", "short", "thinking"])
async def test_reply_cut_off_while_reasoning_gets_more_room_for_good(
    server: Server, limited: Request, text: str
) -> None:
    def respond(received: ReceivedRequest) -> CannedResponse:
        is_cut = received.json["max_tokens"] == LIMIT
        return CannedResponse(cut_off(text) if is_cut else completion())

    server.respond = respond
    assert await limits_sent(server, limited, 2) == [LIMIT, LIMIT + REASONING_TOKENS, LIMIT + REASONING_TOKENS]


async def test_reported_reasoning_extends_the_limit(server: Server, limited: Request) -> None:
    reported = {"completion_tokens_details": {"reasoning_tokens": LIMIT // 2}}
    server.set_responses(CannedResponse(cut_off("word " * LIMIT, **reported)), CannedResponse(completion()))
    assert await limits_sent(server, limited) == [LIMIT, LIMIT + REASONING_TOKENS]


async def test_tokens_that_only_the_total_counts_are_reasoning(server: Server, limited: Request) -> None:
    hidden = {"completion_tokens": 9, "total_tokens": 100 + LIMIT, "prompt_tokens_details": None}  # as Gemini does
    server.set_responses(CannedResponse(cut_off("Position", **hidden)), CannedResponse(completion()))
    assert await limits_sent(server, limited) == [LIMIT, LIMIT + REASONING_TOKENS]


async def test_reply_cut_off_by_the_end_of_the_context_is_not_repeated(server: Server, limited: Request) -> None:
    server.set_responses(CannedResponse(cut_off("Position", completion_tokens=9, total_tokens=109)))
    assert await limits_sent(server, limited) == [LIMIT]


@pytest.mark.parametrize(
    "words",
    [
        "This model's maximum context length is 2048 tokens. However, you requested 2100 tokens.",
        "'max_tokens' or 'max_completion_tokens' is too large: 300. This model's maximum context length is 2048 tokens",
        "max_tokens must be at most 256",
    ],
)
async def test_limit_that_does_not_fit_is_left_out(server: Server, limited: Request, words: str) -> None:
    server.respond = lambda received: CannedResponse(
        error(words) if "max_tokens" in received.json else completion(), 400 if "max_tokens" in received.json else 200
    )
    assert await limits_sent(server, limited) == [LIMIT, None]


async def test_limit_is_lowered_to_the_context_that_the_server_names_for_good(
    server: Server, request_: Request
) -> None:
    words = "This model's maximum context length is 2048 tokens. However, you requested 3009 tokens."

    def respond(received: ReceivedRequest) -> CannedResponse:
        fits = received.json["max_tokens"] < 2048
        return CannedResponse(completion() if fits else error(words), 200 if fits else 400)

    server.respond = respond
    first, lowered, later = await limits_sent(server, replace(request_, max_reply_tokens=3_000), 2)
    assert first == 3_000
    assert lowered == later
    assert 1_500 < (lowered or 0) < 2_048


async def test_openai_and_azure_get_no_default_limit() -> None:
    assert not OpenAIModel("gpt-x", api_key="k").needs_reply_limit
    azure = OpenAIModel("deployed", base_url="https://a.openai.azure.com", api_key="k", api_version="2024-10-21")
    assert not azure.needs_reply_limit
    assert OpenAIModel("tiny", base_url="http://localhost:1/v1").needs_reply_limit
