"""Requests over HTTP by openai's SDK, and what comes of them: an answer, or one of the library's own errors."""

import asyncio
import functools
from collections.abc import Awaitable
from typing import Any

import openai

from summarizer.errors import ModelError
from summarizer.models.clients import AnswerTooLong, HandedIn, open_client
from summarizer.models.completion import Answer
from summarizer.models.connections import Connections
from summarizer.models.course import Course
from summarizer.models.endpoint import Endpoint
from summarizer.models.environment import proxy_to
from summarizer.models.failures import Circumstances, Failure, model_error
from summarizer.models.listing import only_one, read_listing
from summarizer.models.negotiation import Asking
from summarizer.models.no_answer import own_error
from summarizer.models.options import Limits
from summarizer.models.redaction import redacted, repeats
from summarizer.models.sending import Send, Sending, usage_of
from summarizer.usage import Usage

LISTING_TIMEOUT = 5.0
"""Seconds that a list of models may take where it is only to make an error more helpful."""


class Transport:
    """Sends to one endpoint; callable from any event loop, or from one alone where a ``client`` is handed in."""

    def __init__(self, endpoint: Endpoint, limits: Limits, client: HandedIn | None = None) -> None:
        self._endpoint = endpoint
        self._limits = limits
        self._is_ours = client is None
        """Whether the client is one of ours, which goes by the environment."""
        opened = functools.partial(open_client, endpoint, limits.timeout) if client is None else client.open
        self._connections = Connections(opened, limits, owned=client is None)
        self._only_model: str | None = None

    async def complete(self, asking: Asking, course: Course) -> Answer:
        """The answer to ``asking``, put so that the server takes it; ``course`` is kept up on the way.

        Raises:
            ModelError: no answer came within the attempts, or the server refuses to give one.
        """

        def send(client: openai.AsyncOpenAI) -> Awaitable[Any]:
            course.form = asking.form
            return client.chat.completions.with_raw_response.create(**asking.body)

        return await self._ask(send, course, asking)

    def settle(self, asking: Asking, used: Usage) -> None:
        """Take into account what a completion has cost, in the place of what was expected."""
        if used.total:  # else the server does not say
            self._connections.rates.settle(asking.about_tokens, used.total)

    async def models(self) -> tuple[str, ...]:
        """The names of the models that the server lists.

        Raises:
            ModelError: it cannot be asked.
        """
        return read_listing(await self._ask(_list_models, Course()))

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

    async def _ask(self, send: Send, course: Course, asking: Asking | None = None) -> Answer:
        """The answer to what ``send`` sends.

        Raises:
            ModelError: there is none.
            SummarizerError: one of the library's own lies beneath the SDK's, and is raised as it is.
        """
        sending = Sending(send, self._connections, self._limits, course, asking)
        try:
            response = await sending.response()
        except (openai.OpenAIError, TimeoutError, AnswerTooLong, ExceptionGroup) as error:
            own = own_error(error)
            if own is None:
                if isinstance(error, ExceptionGroup):  # of the connection's own tasks; only ours come out in one
                    raise
                if isinstance(error, openai.APIStatusError):
                    course.status = error.status_code
                course.usage += usage_of(error)
                raise await self._mapped(error, course, out_of_time=sending.out_of_time) from error
        else:
            course.status = response.status_code
            return self._answer(response)
        raise own  # out here: raised while its consequence is handled, it would become that one's consequence

    def _answer(self, response: Any) -> Answer:
        request = response.http_request
        return Answer(
            content=response.content,
            where=self._endpoint.shown,
            named=response.headers.get("x-request-id"),
            redact=functools.partial(redacted, sent=request.content, headers=request.headers),
            repeats=functools.partial(repeats, sent=request.content, headers=request.headers),
        )

    async def _listed_or_none(self) -> tuple[str, ...]:
        """The models for a hint, asked once and shortly; without an answer the error stands as it is.

        Raises:
            SummarizerError: one of the library's own lies beneath the SDK's.
        """
        if self._endpoint.api_version is not None:
            return ()  # Azure lists the models that it sells, not the deployments that a name means
        try:
            async with asyncio.timeout(LISTING_TIMEOUT), self._connections.slots.one():
                return read_listing(self._answer(await _list_models(self._connections.here().client)))
        except (openai.OpenAIError, TimeoutError, AnswerTooLong) as error:
            own = own_error(error)
        except ModelError:
            return ()
        if own is not None:
            raise own
        return ()

    async def _mapped(self, error: Failure, course: Course, *, out_of_time: bool) -> ModelError:
        missing = isinstance(error, openai.NotFoundError) and course.model
        around = Circumstances(
            self._endpoint,
            self._limits,
            attempts=course.attempts,
            model=course.model,
            listed=await self._listed_or_none() if missing else (),
            proxy=proxy_to(self._endpoint.base_url) if self._is_ours else None,
            out_of_time=out_of_time,
        )
        mapped = model_error(error, around)
        mapped.usage, mapped.attempts, mapped.waited = course.usage, course.attempts, course.waited
        return mapped


def _list_models(client: openai.AsyncOpenAI) -> Awaitable[Any]:
    return client.models.with_raw_response.list()
