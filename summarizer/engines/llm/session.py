"""Asking a model on one article's account: within the budget, each reply counted, steps driven to their end."""

import asyncio
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Literal, ParamSpec, Protocol, TypeVar

from summarizer._async import run_in_thread
from summarizer.errors import ConfigurationError, ModelError, ReplyCutOff, ReplyError, SummarizerError
from summarizer.models.base import Model, Reply, Request
from summarizer.models.budget import Budget, UsageTracker
from summarizer.usage import Usage

T = TypeVar("T")
A = TypeVar("A")
P = ParamSpec("P")

LONG = 200_000
"""Characters of a reply from which on it is worked on in a thread: some tenths of a second."""

Steps = Generator[Request, Reply, T]
"""Requests out, replies in; the first request may be followed by repairs of its reply."""
Asked = Literal["asked", "answered", "repairing"]


class ReplyCache(Protocol):
    """Replies that were paid for before, by the request that they answered."""

    def recall(self, request: Request) -> Reply | None:
        """The reply to just this request, if there was one."""

    def remember(self, request: Request, reply: Reply) -> None:
        """Keep a reply as soon as it is there, so that nothing that happens later costs it again."""

    def forget(self, request: Request) -> None:
        """Let go of a reply that nothing could be made of: asked again, the model may do better."""


class BudgetReached(SummarizerError):
    """A limit of the budget is reached: nothing more is asked."""


class CustomModelError(ModelError):
    """A model object raised what is none of the library's errors; that one is the ``__cause__``.

    Its text is not repeated: it may hold what was asked. Whether trying again helps, nobody can tell.
    """

    retryable = True

    def __init__(self, model: Model, cause: Exception) -> None:
        super().__init__(
            f"{type(model).__name__}.complete() failed with {type(cause).__name__}.",
            hint="A model raises the errors of summarizer.errors; the error's __cause__ is what this one raised.",
        )
        self.__cause__ = cause


@dataclass
class ModelSession:
    """One article's way to a model."""

    model: Model
    budget: Budget = Budget()
    account: UsageTracker = field(default_factory=UsageTracker)
    answered: ReplyCache | None = None
    """What had been answered before, and keeps what is answered now."""

    async def drive(
        self, begin: Callable[[], Steps[T]], fits: Callable[[str], bool], tell: Callable[[Asked], None] = lambda _: None
    ) -> T:
        """What steps return, fed with the model's replies; ``fits`` says whether one has the shape that was asked for.

        Where the server ignored the form of output, and the next request will ask in another, they
        ``begin`` anew.

        Raises:
            ModelError: as the steps let it through, or raise of their own.
            OverBudget: likewise.
        """
        steps = begin()
        step = _step(next, steps)
        what: Asked = "asked"
        used: list[Request] = []
        try:
            while not isinstance(step, _Returned):
                request = step
                used.append(request)
                try:
                    reply, recalled = await self._reply(request, what, tell)
                except (ModelError, BudgetReached) as error:
                    step = _step(steps.throw, error)
                else:
                    tell("answered")
                    if not recalled and await self._asks_in_another_form(reply, fits):
                        self._forget([request])
                        steps = begin()
                        step, what = _step(next, steps), "asked"
                        continue
                    step = await _worked_on(reply, _step, steps.send, reply)
                what = "repairing"
            result: T = step.value
            return result
        except ReplyError as error:
            if not isinstance(error, ReplyCutOff):  # what is cut off leads to shorter questions, each time
                self._forget(used)
            raise

    async def _asks_in_another_form(self, reply: Reply, fits: Callable[[str], bool]) -> bool:
        """Let the model know whether a whole reply has the right shape; whether it will ask otherwise from now on."""
        if reply.finish_reason not in ("stop", "other"):
            return False
        return self.model.note_reply(reply, fits=await _worked_on(reply, fits, reply.text))

    def _forget(self, requests: list[Request]) -> None:
        if self.answered:
            for request in requests:
                self.answered.forget(request)

    async def _reply(self, request: Request, what: Asked, tell: Callable[[Asked], None]) -> tuple[Reply, bool]:
        """The reply to a request, within the budget, and whether it had been given before.

        Raises:
            OverBudget: a limit is reached, before the request or while it was under way.
            ModelError: the model failed; what it cost is in the account.
        """
        if reached := self.account.reached(self.budget):
            raise self._over(reached)
        self.account.asked += 1
        self.account.repairs += what == "repairing"
        tell(what)
        if self.answered and (before := self.answered.recall(request)):
            self.account.add(before, self.model)
            self.account.recalled += before.usage
            return before, True
        reply = await self._asked(request)
        self.account.add(reply, self.model)
        if self.answered:
            self.answered.remember(request, reply)
        return reply, False

    async def _asked(self, request: Request) -> Reply:
        """The model's reply.

        Raises:
            OverBudget: the time is over.
            ModelError: the model failed; what it cost is in the account.
        """
        self.account.begin()
        try:
            async with asyncio.timeout(self.account.seconds_left(self.budget)):
                return _checked(await self._complete(request), self.model)
        except TimeoutError:  # the model's own is a ForeignFault by now
            raise self._over(f"{self.budget.seconds:g} seconds") from None
        except ModelError as error:
            self.account.add_failed(error)
            raise

    async def _complete(self, request: Request) -> Reply:
        try:
            return await self.model.complete(replace(request, report_usage=self.account.add_usage))
        except (SummarizerError, AssertionError):  # what a test claims is no failure of a chunk
            raise
        except Exception as error:
            fault = CustomModelError(self.model, error)
        raise fault

    def _over(self, limit: str) -> BudgetReached:
        """What ends the asking, noted in the account: a first reply that stands may still hide it."""
        self.account.limit = self.account.limit or limit
        return BudgetReached(f"The budget of {limit} is reached.")


@dataclass(frozen=True, slots=True)
class _Returned(Generic[T]):
    """What steps returned."""

    value: T


def _step(advance: Callable[[A], Request], given: A) -> "Request | _Returned[Any]":
    """The next request of steps, or what they return; the StopIteration that says so can cross no future."""
    try:
        return advance(given)
    except StopIteration as stop:
        return _Returned(stop.value)


async def _worked_on(reply: Reply, work: Callable[P, T], /, *args: P.args, **options: P.kwargs) -> T:
    """What ``work`` on ``reply`` gives; of a long one it is done in a thread, so that limits hold meanwhile."""
    if len(reply.text) <= LONG:
        return work(*args, **options)
    return await run_in_thread(work, *args, **options)


def _checked(reply: Reply, model: Model) -> Reply:
    """``reply``, which may come from a class of somebody else's.

    Raises:
        ConfigurationError: it is none, or holds what none can.
    """
    complete = f"{type(model).__name__}.complete()"
    if not isinstance(reply, Reply):
        raise ConfigurationError(
            f"{complete} gave a {type(reply).__name__} for a reply.",
            hint="It must be asynchronous, and return a summarizer.models.Reply.",
        )
    for name, kind in (("text", str), ("usage", Usage), ("retries", int), ("waited", int | float)):
        value = getattr(reply, name)
        if not isinstance(value, kind):
            raise ConfigurationError(
                f"{complete} gave a Reply whose {name} is a {type(value).__name__}.",
                hint=f"It must be a {getattr(kind, '__name__', 'number')}.",
            )
    return reply
