"""Errors of real servers change the request or raise the right error."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import summarizer
from summarizer.errors import ModelError
from summarizer.models import OpenAIModel, Request

from .conftest import KEY, CannedResponse, Server, completion

MESSAGES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "server_messages.toml").read_text(encoding="utf-8")
)["message"]
SERVERS = {
    "OpenAI", "Azure", "vLLM", "llama.cpp", "llama-cpp-python", "Ollama", "LM Studio", "LiteLLM", "Gemini",
    "Anthropic", "Mistral", "OpenRouter", "KoboldCpp",
}  # fmt: skip


def changes(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    """Yield what the second request body leaves out or replaces."""
    yield from (name for name in ("temperature", "seed") if name not in after)
    if "max_tokens" not in after:
        yield "limit"
    schemas = [body.get("response_format", {}).get("json_schema") for body in (before, after)]
    if schemas[0] != schemas[1]:
        yield "output"
    if all(message["role"] != "system" for message in after["messages"]):
        yield "system"


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: f"{message['server']}: {message['body'][:70]}")
async def test_error_changes_the_request_or_is_raised(
    server: Server, request_: Request, message: dict[str, Any]
) -> None:
    server.set_responses(CannedResponse(message["body"], message["status"]), CannedResponse(completion()))
    model = OpenAIModel("tiny", base_url=server.url, api_key=KEY, attempts=1, temperature=0.2, seed=1, max_tokens=9)
    if "changes" in message:
        await model.complete(request_)
        first, second = (received.json for received in server.completions)
        assert [*changes(first, second)] == [message["changes"]]
    else:
        with pytest.raises(ModelError) as caught:
            await model.complete(request_)
        assert type(caught.value) is getattr(summarizer.errors, message["error"])
        assert len(server.completions) == 1
    await model.aclose()


def test_all_servers_have_messages() -> None:
    assert len(MESSAGES) >= 60
    assert {message["server"] for message in MESSAGES} == SERVERS
