"""One request on its way to a server: sent in turn, in time, again where that may help, and otherwise where refused."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import openai

from summarizer.models import pacing
from summarizer.models.clients import AnswerTooLong
from summarizer.models.completion import read_usage
from summarizer.models.connections import Connections
from summarizer.models.course import Course
from summarizer.models.negotiation import Asking
from summarizer.models.options import Limits
from summarizer.models.retrying import LONGEST_HEEDED, asks_all_to_wait, retry_after, retrying
from summarizer.usage import Usage

Send = Callable[[openai.AsyncOpenAI], Awaitable[Any]]
"""One call of the SDK that gives back its raw response."""


class Sending:
    """Sends one request until it has a response; ``course`` is kept up on the way.

    ``asking``, where there is one, is what ``send`` sends: it is put differently for as long as the server
    refuses how it is put, which takes no attempt away. A request that is sent on, with the same ``course``,
    has the attempts and the time that are left.
    """

    def __init__(
        self, send: Send, connections: Connections, limits: Limits, course: Course, asking: Asking | None = None
    ) -> None:
        self._send, self._asking, self._course = send, asking, course
        self._connections, self._limits = connections, limits
        # It runs from the first attempt on: waiting in line is nobody's fault.
        self._deadline = asyncio.timeout(None if course.ends is None else self._time_left())

    @property
    def out_of_time(self) -> bool:
        """Whether the deadline has ended it."""
        return self._deadline.expired()

    async def response(self) -> Any:
        """The response of the first attempt that has one.

        Raises:
            openai.OpenAIError: there was none.
            TimeoutError: it came too late.
            AnswerTooLong: it was cut off.
        """
        retried = retrying(self._is_last, self._goes_on, settled=self._may_adapt, time_left=self._time_left)
        async with self._deadline:
            while True:
                try:
                    return await retried(self._attempt)
                except openai.APIStatusError as error:
                    if self._asking is None or not self._asking.adapts(error):
                        self._holds_back(error, retry_after(error) or 0.0)
                        raise
                    self._course.goes_on(error.status_code, usage_of(error), 0.0)

    async def _attempt(self) -> Any:
        client = self._connections.here().client
        async with self._connections.slots.one(again=self._course.attempts > 0):
            self._course.waited += await self._connections.rates.passed(
                self._asking.about_tokens if self._asking else 0
            )
            self._course.waited += await self._connections.gate.passed()
            if self._course.ends is None:
                self._course.ends = pacing.now() + self._limits.deadline
                self._deadline.reschedule(asyncio.get_running_loop().time() + self._limits.deadline)
            self._course.sent()
            # The SDK's own timeout starts anew with each byte that drips in; this one does not.
            try:
                async with asyncio.timeout(self._limits.timeout):
                    return await self._send(client)
            except openai.APIConnectionError as error:
                if isinstance(error.__cause__, AnswerTooLong):  # older SDKs take it for a broken connection
                    raise error.__cause__ from None
                raise

    def _goes_on(self, error: BaseException, wait: float) -> None:
        self._course.failed += 1
        self._course.goes_on(getattr(error, "status_code", None), usage_of(error), wait)
        self._holds_back(error, wait)

    def _holds_back(self, error: BaseException, wait: float) -> None:
        """Let nothing be sent while the server wants none; who is to come back much later is told so instead."""
        if asks_all_to_wait(error) and wait <= LONGEST_HEEDED + pacing.SPREAD:
            self._connections.gate.shut(wait)

    def _is_last(self) -> bool:
        return self._course.failed + 1 >= self._limits.attempts

    def _may_adapt(self, error: BaseException) -> bool:
        asking = self._asking
        return asking is not None and isinstance(error, openai.APIStatusError) and asking.may_adapt(error)

    def _time_left(self) -> float:
        return self._limits.deadline if self._course.ends is None else self._course.ends - pacing.now()


def usage_of(error: BaseException) -> Usage:
    """What a failed attempt reports to have cost: next to no server says."""
    if not isinstance(error, openai.APIStatusError):
        return Usage()
    try:
        return read_usage(error.response.json())
    except (ValueError, RecursionError):
        return Usage()
