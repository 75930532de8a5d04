"""Requests that are too long are recognised by the words of many servers."""

import pytest

from summarizer.errors import ContextTooLong, ModelError, RateLimited, RequestRefused
from summarizer.models import OpenAIModel, Request

from .conftest import CannedResponse, Server, error

SAID = [
    (400, error("Too many tokens", code="context_length_exceeded")),
    # vLLM
    (400, error("This model's maximum context length is 16384 tokens. However, you requested 122946 tokens.")),
    (400, error("The decoder prompt (length 9000) is longer than the maximum model length of 4096.")),
    (400, error("Input prompt (35247 tokens) is too long and exceeds limit of 1000")),
    # llama.cpp and its Python server
    (400, error("request (4390 tokens) exceeds the available context size (4096 tokens), try increasing it")),
    (500, {"error": {"code": 500, "message": "Context size has been exceeded.", "type": "server_error"}}),
    (500, error("Requested tokens (2285) exceed context window of 2048")),
    # Ollama
    (400, {"error": "the input length exceeds the context length"}),
    # LM Studio
    (400, {"error": "Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded "
                    "with context length of only 4096 tokens, which is not enough."}),
    (400, {"error": "The number of tokens to keep from the initial prompt is greater than the context length"}),
    # others
    (400, error("prompt is too long: 210000 tokens > 200000 maximum")),
    (400, error("The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).")),
    (422, error("`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000 `inputs` tokens")),
    (429, error("Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 41000.")),
    (413, "<html>Request Entity Too Large</html>"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body"), SAID, ids=lambda said: str(said)[:60])
async def test_too_long_request_is_recognised_and_not_retried(
    server: Server, model: OpenAIModel, request_: Request, waits: list[float], status: int, body: object
) -> None:
    server.set_responses(CannedResponse(body, status))
    with pytest.raises(ContextTooLong, match="longer context") as caught:
        await model.complete(request_)
    assert (caught.value.status, caught.value.retryable) == (status, False)
    assert (len(server.requests), waits) == (1, [])


async def test_too_long_request_is_recognised_with_status_200(
    server: Server, model: OpenAIModel, request_: Request
) -> None:
    body = {"error": {"code": 400, "message": "the request exceeds the available context size.", "n_ctx": 8192}}
    server.set_responses(CannedResponse(body))
    with pytest.raises(ContextTooLong):
        await model.complete(request_)


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        (400, "Invalid request: seed is too large", RequestRefused),
        (400, "max_tokens is too large: 99999. This model supports at most 16384 completion tokens.", RequestRefused),
        (429, "Rate limit reached: too many tokens per minute. Please try again in 2 s.", RateLimited),
    ],
)
async def test_similar_errors_are_not_too_long(
    server: Server, request_: Request, status: int, words: str, kind: type[ModelError]
) -> None:
    server.set_responses(CannedResponse(error(words), status))
    model = OpenAIModel("tiny", base_url=server.url, attempts=1)
    with pytest.raises(ModelError) as caught:
        await model.complete(request_)
    await model.aclose()
    assert type(caught.value) is kind
