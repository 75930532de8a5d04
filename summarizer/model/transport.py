"""Requests over HTTP by openai's SDK: limited, timed, retried, and with the library's own errors."""

import asyncio
import functools
from collections.abc import Awaitable, Callable
from typing import Any

import openai

from summarizer.errors import ModelError
from summarizer.model import pacing
from summarizer.model.clients import AnswerTooLong, HandedIn, open_client
from summarizer.model.completion import Answer, read_usage
from summarizer.model.connections import Connections
from summarizer.model.course import Course
from summarizer.model.endpoint import Endpoint
from summarizer.model.failures import Circumstances, Failure, model_error
from summarizer.model.listing import only_one, read_listing
from summarizer.model.negotiation import Asking
from summarizer.model.options import Limits
from summarizer.model.redaction import redacted
from summarizer.model.retrying import asks_all_to_wait, retrying
from summarizer.usage import Usage

LISTING_TIMEOUT = 5.0
"""Seconds that a list of models may take where it is only to make an error more helpful."""

Send = Callable[[openai.AsyncOpenAI], Awaitable[Any]]
"""One call of the SDK that gives back its raw response."""


class Transport:
    """Sends to one endpoint; callable from any event loop, or from one alone where a ``client`` is handed in."""

    def __init__(self, endpoint: Endpoint, limits: Limits, client: HandedIn | None = None) -> None:
        self._endpoint = endpoint
        self._limits = limits
        opened = functools.partial(open_client, endpoint, limits.timeout) if client is None else client.open
        self._connections = Connections(opened, limits.concurrency, owned=client is None)
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
        """The answer to the first attempt that has one, whatever it takes within the deadline."""
        clock = asyncio.timeout(None)  # it runs from the first attempt on: waiting in line is nobody's fault
        try:
            async with clock:
                response = await self._sent_until_taken(send, course, clock, asking)
        except (openai.OpenAIError, TimeoutError, AnswerTooLong) as error:
            if isinstance(error, openai.APIStatusError):
                course.status = error.status_code
            course.usage += _usage(error)
            raise await self._mapped(error, course, out_of_time=clock.expired()) from error
        course.status = response.status_code
        return self._answer(response)

    async def _sent_until_taken(self, send: Send, course: Course, clock: asyncio.Timeout, asking: Asking | None) -> Any:
        """The response to ``send``, which is put differently for as long as the server refuses how it is put."""
        ends: list[float] = []  # when the time is over, by the clock that waits go by

        async def attempt() -> Any:
            connection = self._connections.here()
            async with connection.slots:
                course.waited += await connection.gate.passed()
                if not ends:
                    ends.append(pacing.now() + self._limits.deadline)
                    clock.reschedule(asyncio.get_running_loop().time() + self._limits.deadline)
                course.sent()
                # The SDK's own timeout starts anew with each byte that drips in; this one does not.
                async with asyncio.timeout(self._limits.timeout):
                    return await send(connection.client)

        def note(error: BaseException, wait: float) -> None:
            course.goes_on(getattr(error, "status_code", None), _usage(error), wait)
            if asks_all_to_wait(error):
                self._connections.here().gate.shut(wait)

        def settled(error: BaseException) -> bool:
            return asking is not None and isinstance(error, openai.APIStatusError) and asking.may_adapt(error)

        retried = retrying(
            self._limits.attempts,
            note,
            settled=settled,
            time_left=lambda: ends[0] - pacing.now(),
        )
        while True:
            try:
                return await retried(attempt)
            except openai.APIStatusError as error:
                if asking is None or not asking.adapts(error):
                    raise
                course.goes_on(error.status_code, _usage(error), 0.0)

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
        if self._endpoint.api_version is not None:
            return ()  # Azure lists the models that it sells, not the deployments that a name means
        try:
            async with asyncio.timeout(LISTING_TIMEOUT):
                return read_listing(self._answer(await _list_models(self._connections.here().client)))
        except (ModelError, openai.OpenAIError, TimeoutError, AnswerTooLong):
            return ()

    async def _mapped(self, error: Failure, course: Course, *, out_of_time: bool) -> ModelError:
        missing = isinstance(error, openai.NotFoundError) and course.model
        around = Circumstances(
            self._endpoint,
            self._limits,
            attempts=course.attempts,
            model=course.model,
            listed=await self._listed_or_none() if missing else (),
            out_of_time=out_of_time,
        )
        mapped = model_error(error, around)
        mapped.usage, mapped.attempts = course.usage, course.attempts
        return mapped


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
