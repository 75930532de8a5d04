"""The length of the context is learned from servers in the own network, and from their errors."""

import json
from typing import Any

import pytest

from summarizer import OpenAIModel
from summarizer.errors import ContextTooLong
from summarizer.models import Request
from summarizer.models.openai.capabilities import read_rejection
from tests.models.conftest import CannedResponse, ReceivedRequest, Server, completion, error, listing

pytestmark = pytest.mark.asks_for_context

NOTHING = CannedResponse(error("Nothing here."), 404)


def tell(server: Server, **bodies: Any) -> None:
    """Have ``server`` answer the last parts of these paths, with ``models`` for the list at its base_url."""
    server.models = CannedResponse(bodies["models"]) if "models" in bodies else None

    def respond(received: ReceivedRequest) -> CannedResponse:
        name = received.path.rpartition("/")[2]
        return CannedResponse(bodies[name]) if name in bodies else NOTHING

    server.respond = respond


def listed(**fields: Any) -> dict[str, Any]:
    return {"object": "list", "data": [{"id": "other", "max_model_len": 99}, {"id": "tiny"} | fields]}


@pytest.mark.parametrize(
    "bodies",
    [
        {"models": listed(max_model_len=4096)},
        {"models": listed(meta={"n_ctx": 4096, "n_ctx_train": 8192})},
        {"models": listing("tiny"), "props": {"default_generation_settings": {"n_ctx": 4096}, "total_slots": 4}},
        {"models": listed(loaded_context_length=4096, max_context_length=131072)},
        {"ps": {"models": [{"name": "tiny", "model": "tiny", "context_length": 4096}]}},
        {"ps": {"models": []}, "show": {"parameters": 'stop  "<eot>"\nnum_ctx                        4096'}},
    ],
    ids=["vLLM", "llama.cpp list", "llama.cpp slot", "LM Studio", "Ollama loaded", "Ollama setting"],
)
async def test_server_tells_the_context(server: Server, model: OpenAIModel, bodies: dict[str, Any]) -> None:
    tell(server, **bodies)
    assert await model.context_length() == 4096
    asked = len(server.requests)
    assert await model.context_length() == 4096
    assert len(server.requests) == asked


@pytest.mark.parametrize(
    "bodies",
    [
        {},
        {"models": listing("tiny")},
        {"models": {"data": "none"}, "props": [4096], "ps": {"models": {}}, "show": {"parameters": None}},
        {"models": listed(max_model_len="4096"), "props": {"default_generation_settings": None}},
        {"models": listed(max_model_len=0), "props": {"default_generation_settings": {"n_ctx": True}}},
        {"models": listed(max_model_len=10**12)},
        {"models": "<html>4096</html>", "props": "4096"},
    ],
)
async def test_context_is_unknown_where_no_number_is_told(
    server: Server, model: OpenAIModel, bodies: dict[str, Any]
) -> None:
    tell(server, **bodies)
    assert await model.context_length() is None


async def test_ollama_is_asked_again_once_it_has_loaded_the_model(server: Server, model: OpenAIModel) -> None:
    tell(server, ps={"models": []})
    assert await model.context_length() is None
    tell(server, ps={"models": [{"model": "tiny", "context_length": 4096}]})
    assert await model.context_length() == 4096


async def test_silent_server_is_asked_once(server: Server, model: OpenAIModel) -> None:
    server.respond = lambda _: NOTHING
    assert await model.context_length() is None
    asked = len(server.requests)
    assert await model.context_length() is None
    assert len(server.requests) == asked <= 5


async def test_distant_server_is_not_asked() -> None:
    assert await OpenAIModel("tiny", base_url="https://models.example.org/v1", api_key="k").context_length() is None


async def test_context_in_an_error_is_remembered(server: Server, model: OpenAIModel, request_: Request) -> None:
    body = {"code": 400, "message": "request (9031 tokens) exceeds the available context size (2048 tokens)"}
    server.respond = lambda received: (
        CannedResponse({"error": body | {"n_ctx": 2048}}, 400) if received.path.endswith("completions") else NOTHING
    )
    with pytest.raises(ContextTooLong) as caught:
        await model.complete(request_)
    assert caught.value.context == 2048
    assert await model.context_length() == 2048


async def test_questions_for_the_context_do_not_delay_a_completion(
    server: Server, model: OpenAIModel, request_: Request
) -> None:
    server.respond = lambda received: (
        CannedResponse(completion()) if received.path.endswith("completions") else CannedResponse(b"", drop=True)
    )
    assert await model.context_length() is None
    assert (await model.complete(request_)).text == "done"


@pytest.mark.parametrize(
    ("words", "context"),
    [
        ("This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.", 8192),
        ("This model's maximum context length is 8,192 tokens.", 8192),
        ("the request exceeds the available context size (2048 tokens), try increasing it", 2048),
        ("Requested tokens (2243) exceed context window of 2048", 2048),
        ("The prompt (length 5000) is longer than the maximum model length of 4096.", 4096),
        ("Trying to keep the first 4219 tokens. The model is loaded with context length of only 4096 tokens", 4096),
        ("prompt is too long: 210000 tokens", None),
        ("The context length is exceeded: 9000 tokens.", None),
        ("context window exceeded by 12 tokens", None),
    ],
)
def test_context_is_read_from_the_words_of_an_error(words: str, context: int | None) -> None:
    assert read_rejection(400, {"message": words}).context == context
    assert read_rejection(400, json.dumps({"error": {"message": words}})).context == context
