"""Embeddings from a server on loopback."""

from array import array
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.errors import AuthenticationFailed, ConfigurationError, ModelNotFound, ServerFailed
from summarizer.models import OpenAIEmbedder, center
from summarizer.models.openai.embeddings import BATCH

from .conftest import KEY, CannedResponse, Server, error, listing


def answer(server: Server, *responses: CannedResponse) -> None:
    """Answer with the responses in order."""
    left = iter(responses)
    server.respond = lambda _: next(left)


def embeddings(*vectors: object) -> CannedResponse:
    data = [{"object": "embedding", "index": place, "embedding": vector} for place, vector in enumerate(vectors)]
    return CannedResponse({"object": "list", "data": data, "model": "tiny", "usage": {"prompt_tokens": 2}})


@pytest.fixture
async def embedder(server: Server) -> AsyncIterator[OpenAIEmbedder]:
    opened = OpenAIEmbedder("tiny", base_url=server.url, api_key=KEY, attempts=1)
    yield opened
    await opened.aclose()


async def test_vectors_come_in_the_order_of_the_texts(server: Server, embedder: OpenAIEmbedder) -> None:
    response = embeddings([0.0, 2.0], [3.0, 4.0])
    response.body["data"].reverse()
    answer(server, response)
    assert await embedder.embed(["a", "b"]) == [array("f", [0, 1]), array("f", [0.6, 0.8])]
    (sent,) = server.requests
    assert sent.path.endswith("/embeddings")
    assert sent.json == {"model": "tiny", "input": ["a", "b"], "encoding_format": "float"}


async def test_many_texts_are_sent_in_batches(server: Server, embedder: OpenAIEmbedder) -> None:
    answer(server, embeddings(*[[1.0]] * BATCH), embeddings([1.0]))
    assert len(await embedder.embed(["a"] * (BATCH + 1))) == BATCH + 1
    assert [len(each.json["input"]) for each in server.requests] == [BATCH, 1]


@pytest.mark.parametrize(
    "response",
    [
        embeddings([1.0]),
        embeddings([1.0], "no vector"),
        embeddings([1.0], [1.0, 2.0]),
        embeddings([1.0], ["a"]),
        embeddings([1.0], [0.0]),
        embeddings([1.0], []),
        embeddings([1.0], [True]),
        embeddings([1.0], [float("nan")]),
        embeddings([1.0], [float("inf")]),
        embeddings([1.0], [10**400]),
        CannedResponse({"data": None}),
        CannedResponse({"choices": []}),
        CannedResponse("<html>"),
        CannedResponse("{"),
    ],
    ids=str,
)
async def test_a_response_without_vectors_is_explained(
    server: Server, embedder: OpenAIEmbedder, response: CannedResponse
) -> None:
    answer(server, response)
    with pytest.raises(ServerFailed, match="returned"):
        await embedder.embed(["a", "b"])


async def test_errors_are_those_of_models(server: Server, embedder: OpenAIEmbedder) -> None:
    server.models = CannedResponse(listing("tiny-2"))
    answer(
        server,
        CannedResponse(error("Incorrect API key"), 401),
        CannedResponse(error("No model", code="model_not_found"), 404),
    )
    with pytest.raises(AuthenticationFailed):
        await embedder.embed(["a"])
    with pytest.raises(ModelNotFound, match="tiny") as found:
        await embedder.embed(["a"])
    assert "tiny-2" in str(found.value.hint)


def test_a_name_is_required() -> None:
    with pytest.raises(ConfigurationError, match="empty"):
        OpenAIEmbedder(" ", base_url="http://localhost:1/v1")


async def test_the_repr_shows_no_key(embedder: OpenAIEmbedder) -> None:
    assert KEY not in repr(embedder)
    assert KEY not in embedder.identity


@given(st.lists(st.lists(st.floats(-1, 1), min_size=3, max_size=3), max_size=8))
def test_centered_vectors_have_length_one_or_zero(vectors: list[list[float]]) -> None:
    for vector in center(vectors) if len(vectors) > 1 else ():
        assert sum(value * value for value in vector) == pytest.approx(1, abs=1e-4) or not any(vector)
