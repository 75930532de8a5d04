"""Requests over HTTP by openai's SDK: limited, timed, retried, and with the library's own errors."""

import asyncio
import functools
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

import openai

from summarizer.errors import ModelError
from summarizer.model.completion import Answer, read_usage
from summarizer.model.connections import Connections
from summarizer.model.endpoint import Endpoint
from summarizer.model.failures import CONNECT_TIMEOUT, Circumstances, VendorError, model_error
from summarizer.model.listing import only_one, read_listing
from summarizer.model.redaction import redacted
from summarizer.model.retrying import retrying
from summarizer.usage import Usage

LISTING_TIMEOUT = 5.0
"""Seconds that a list of models may take where it is only to make an error more helpful."""

Send = Callable[[openai.AsyncOpenAI], Awaitable[Any]]
"""One call of the SDK that gives back its raw response."""


class Transport:
    """Sends to one endpoint; callable from any event loop.

    ``timeout`` is in seconds, for one attempt; ``concurrency`` requests are under way at once in a loop.
    """

    def __init__(self, endpoint: Endpoint, *, timeout: float, attempts: int, concurrency: int) -> None:
        self._endpoint = endpoint
        self._timeout = timeout
        self._attempts = attempts
        self._connections = Connections(self._open_client, concurrency)
        self._only_model: str | None = None

    async def complete(self, body: Mapping[str, Any]) -> Answer:
        """The answer to ``body``, the keywords of a chat completion.

        Raises:
            ModelError: no answer came within the attempts, or the server refuses to give one.
        """

        def send(client: openai.AsyncOpenAI) -> Awaitable[Any]:
            return client.chat.completions.with_raw_response.create(**body)

        return await self._ask(send, model=body["model"])

    async def models(self) -> tuple[str, ...]:
        """The names of the models that the server lists.

        Raises:
            ModelError: it cannot be asked.
        """
        return read_listing(await self._ask(_list_models))

    async def only_model(self) -> str:
        """The only model that the server lists; it is asked once.

        Raises:
            ModelError: it cannot be asked.
            ModelNotFound: it lists none, or several.
        """
        async with self._connections.here().naming:
            if self._only_model is None:
                self._only_model = only_one(await self.models(), self._endpoint.shown)
            return self._only_model

    async def aclose(self) -> None:
        """Close the client of the running event loop."""
        await self._connections.aclose()

    async def _ask(self, send: Send, *, model: str = "") -> Answer:
        """The answer to the first attempt that has one; ``model`` is the one asked for."""
        failed: list[Usage] = []

        def note(error: BaseException) -> None:
            failed.append(_usage(error))

        try:
            response: Any = await retrying(self._attempts, note)(self._attempt, send)
        except (openai.OpenAIError, TimeoutError) as error:
            raise await self._mapped(error, len(failed) + 1, model) from error
        return replace(self._answer(response), failed=tuple(failed))

    async def _attempt(self, send: Send) -> Any:
        connection = self._connections.here()
        # The SDK's own timeout starts anew with each byte that drips in; this one does not.
        async with connection.slots, asyncio.timeout(self._timeout):
            return await send(connection.client)

    def _answer(self, response: Any) -> Answer:
        request = response.http_request
        return Answer(
            content=response.content,
            where=self._endpoint.shown,
            request_id=response.headers.get("x-request-id"),
            redact=functools.partial(redacted, sent=request.content, headers=request.headers),
        )

    async def _listed_or_none(self) -> tuple[str, ...]:
        """The models for a hint, asked once and shortly; without an answer the error stands as it is."""
        try:
            async with asyncio.timeout(LISTING_TIMEOUT):
                return read_listing(self._answer(await _list_models(self._connections.here().client)))
        except (ModelError, openai.OpenAIError, TimeoutError):
            return ()

    async def _mapped(self, error: VendorError, attempts: int, model: str) -> ModelError:
        missing = isinstance(error, openai.NotFoundError) and model
        listed = await self._listed_or_none() if missing else ()
        return model_error(error, Circumstances(self._endpoint, self._timeout, attempts, model, listed))

    def _open_client(self) -> openai.AsyncOpenAI:
        timeout = openai.Timeout(self._timeout, connect=min(CONNECT_TIMEOUT, self._timeout))
        return openai.AsyncOpenAI(
            base_url=self._endpoint.base_url,
            api_key=self._endpoint.api_key,
            organization=self._endpoint.organization,
            default_headers=self._endpoint.headers,
            timeout=timeout,
            max_retries=0,  # tenacity is the one owner of retries
            # The SDK's own HTTP client, when collected, closes itself on whatever loop then runs.
            http_client=openai.DefaultAsyncHttpxClient(timeout=timeout),
        )


def _list_models(client: openai.AsyncOpenAI) -> Awaitable[Any]:
    return client.models.with_raw_response.list()


def _usage(error: BaseException) -> Usage:
    """What a failed attempt reports to have cost: next to no server says."""
    if not isinstance(error, openai.APIStatusError):
        return Usage()
    try:
        return read_usage(error.response.json())
    except ValueError:
        return Usage()
