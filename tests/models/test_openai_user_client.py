"""A client of the user's own works in one event loop."""

import asyncio
from collections.abc import AsyncIterator

import openai
import pytest

from summarizer import Summarizer
from summarizer.errors import ConfigurationError, ServerFailed
from summarizer.models import OpenAIModel, Request

from .conftest import KEY, CannedResponse, Server, error


@pytest.fixture
async def client(server: Server) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(base_url=server.url, api_key=KEY, default_headers={"X-Desk": "policy"}) as client:
        yield client


async def test_users_client_keeps_its_headers_and_stays_open(
    server: Server, client: openai.AsyncOpenAI, request_: Request
) -> None:
    model = OpenAIModel("tiny", client=client)
    assert (await model.complete(request_)).text == "done"
    await model.aclose()
    assert not client.is_closed()
    assert (await model.complete(request_)).text == "done"
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert server.requests[0].headers["x-desk"] == "policy"


async def test_invalid_header_of_the_users_client_is_named(server: Server, request_: Request) -> None:
    async with openai.AsyncOpenAI(base_url=server.url, api_key=KEY, default_headers={"X-Desk": "“hush”"}) as client:
        with pytest.raises(ConfigurationError, match="X-Desk") as caught:
            await OpenAIModel("tiny", client=client).complete(request_)
    assert "hush" not in repr(caught.value)


async def test_retries_of_the_users_client_are_off(
    server: Server, client: openai.AsyncOpenAI, request_: Request, waits: list[float]
) -> None:
    server.set_responses(CannedResponse(error(), 500))
    with pytest.raises(ServerFailed):
        await OpenAIModel("tiny", client=client, attempts=2).complete(request_)
    assert (len(server.requests), len(waits), client.max_retries) == (2, 1, 2)


async def test_users_azure_client_requests_its_deployment(server: Server, request_: Request) -> None:
    url = server.url.removesuffix("/v1")
    async with openai.AsyncAzureOpenAI(azure_endpoint=url, api_key=KEY, api_version="2024-10-21") as client:
        await OpenAIModel("desk", client=client).complete(request_)
    assert server.requests[0].path.startswith("/openai/deployments/desk/chat/completions?api-version=2024-10-21")


async def test_users_client_is_rejected_in_synchronous_calls(client: openai.AsyncOpenAI) -> None:
    model = OpenAIModel("tiny", client=client)

    def summarize() -> None:
        with Summarizer(model=model) as summarizer:
            summarizer.summarize("“The bridge must go,” said Anna Berg.")

    with pytest.raises(ConfigurationError, match=r"synchronous calls.*separate event loop.*asummarize"):
        await asyncio.to_thread(summarize)


async def test_users_client_is_rejected_in_another_event_loop(client: openai.AsyncOpenAI, request_: Request) -> None:
    model = OpenAIModel("tiny", client=client)
    await model.complete(request_)
    with pytest.raises(ConfigurationError, match="belongs to another event loop"):
        await asyncio.to_thread(asyncio.run, model.complete(request_))


def test_users_client_belongs_to_the_first_event_loop(server: Server, request_: Request) -> None:
    client = openai.AsyncOpenAI(base_url=server.url, api_key=KEY)
    model = OpenAIModel("tiny", client=client)

    async def ask() -> str:
        text = (await model.complete(request_)).text
        await client.close()
        return text

    assert asyncio.run(ask()) == "done"
    with pytest.raises(ConfigurationError, match="another event loop"):
        asyncio.run(ask())


async def test_options_of_the_users_client_cannot_be_set_twice(client: openai.AsyncOpenAI) -> None:
    with pytest.raises(ConfigurationError, match=r"has its own api_key, base_url"):
        OpenAIModel("tiny", client=client, base_url="http://localhost/v1", api_key=KEY)


@pytest.mark.parametrize("other", [openai.OpenAI(api_key=KEY), object()], ids=["synchronous", "no client"])
def test_other_objects_are_rejected_as_clients(other: object) -> None:
    with pytest.raises(ConfigurationError, match=r"Pass an openai\.AsyncOpenAI"):
        OpenAIModel("tiny", client=other)  # type: ignore[arg-type]


def test_address_of_the_users_client_is_shown_without_secrets() -> None:
    client = openai.AsyncOpenAI(base_url="http://ann:secret@localhost:1/v1?key=secret", api_key=KEY)
    model = OpenAIModel("tiny", client=client)
    assert repr(model) == "OpenAIModel('tiny', base_url='http://localhost:1/v1/')"
    assert "secret" not in repr(model.endpoint)
