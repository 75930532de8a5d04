"""Asking a model on one article's account: within the budget, each reply counted, steps driven to their end."""

import asyncio
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from summarizer.errors import ModelError, SummarizerError
from summarizer.extraction.budget import Account, Budget
from summarizer.model.request import Model, Reply, Request, note_reply
from summarizer.usage import Usage

T = TypeVar("T")

Steps = Generator[Request, Reply, T]
"""Requests out, replies in; the first request may be followed by repairs of its reply."""
Asked = Literal["asked", "answered", "repairing"]


class OverBudget(SummarizerError):
    """A limit of the budget is reached: nothing more is asked."""


@dataclass
class Asker:
    """One article's way to a model."""

    model: Model
    budget: Budget = Budget()
    account: Account = field(default_factory=Account)

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
        request = next(steps)
        what: Asked = "asked"
        try:
            while True:
                try:
                    reply = await self._reply(request, what, tell)
                except (ModelError, OverBudget) as error:
                    request = steps.throw(error)
                else:
                    self.account.add(reply, self.model)
                    tell("answered")
                    whole = reply.finish_reason in ("stop", "other")
                    if whole and note_reply(self.model, reply, fits=fits(reply.text)):
                        steps = begin()
                        request, what = next(steps), "asked"
                        continue
                    request = steps.send(reply)
                what = "repairing"
        except StopIteration as stop:
            result: T = stop.value
            return result

    async def _reply(self, request: Request, what: Asked, tell: Callable[[Asked], None]) -> Reply:
        """The model's reply, within the budget.

        Raises:
            OverBudget: a limit is reached, before the request or while it was under way.
            ModelError: the model failed; what it cost is in the account.
        """
        if reached := self.account.reached(self.budget):
            raise self._over(reached)
        self.account.asked += 1
        self.account.repairs += what == "repairing"
        tell(what)
        try:
            async with asyncio.timeout(self.account.seconds_left(self.budget)) as limit:
                return await self.model.complete(request)
        except TimeoutError as late:
            if not limit.expired():
                raise
            self.account.usage += getattr(late.__cause__, "usage", Usage())  # as a model leaves it when cancelled
            raise self._over(f"{self.budget.seconds:g} seconds") from None
        except ModelError as error:
            self.account.add_failed(error)
            raise

    def _over(self, limit: str) -> OverBudget:
        """What ends the asking, noted in the account: a first reply that stands may still hide it."""
        self.account.limit = self.account.limit or limit
        return OverBudget(f"The budget of {limit} is reached.")
