"""A session with a model for one article: budget, cache, usage, and the repair of replies."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Literal, TypeVar

from summarizer._async import run_in_thread
from summarizer.engines.base import ReplyCache
from summarizer.engines.llm.prompts import Prompt
from summarizer.errors import ConfigurationError, ModelError, ReplyCutOff, ReplyError, SummarizerError
from summarizer.models import Budget, Message, Model, Reply, Request, UsageTracker
from summarizer.usage import Usage

T = TypeVar("T")
RequestStage = Literal["requested", "replied", "repairing"]
NotifyStage = Callable[[RequestStage], None]

THREAD_THRESHOLD = 200_000
"""Characters. A longer reply takes tenths of a second to parse, so a thread does it."""
_MAX_REPEATED_REPLY = 100_000  # characters of a reply that a repair repeats
_MAX_PROBLEMS = 20  # in one repair request; a longer list does not help
_INCOMPLETE: dict[str, ReplyError] = {
    "refusal": ReplyError("The model refused to answer.", hint="Try another model."),
    "content_filter": ReplyError("The server's content filter stopped the reply.", hint="Try another model or server."),
    "length": ReplyCutOff("The reply was cut off at the model's limit.", hint="Try a model that can write more."),
}


class BudgetReached(SummarizerError):
    """A limit of the budget is reached; no more requests are sent."""


class CustomModelError(ModelError):
    """A model object raised an error from outside the library, which is the ``__cause__``.

    Its message is left out because it may repeat the request. It counts as retryable.
    """

    retryable = True

    def __init__(self, model: Model, cause: Exception) -> None:
        super().__init__(
            f"{type(model).__name__}.complete() failed with {type(cause).__name__}.",
            hint="A model raises the errors of summarizer.errors; this one raised the error in __cause__.",
        )


@dataclass(frozen=True, slots=True)
class ReadReply(Generic[T]):
    """A reply, parsed and checked."""

    value: T | None
    """None if the reply is unusable."""
    problems: Sequence[object] = ()
    """Problems that a repair lists, one line each."""
    reason: str = ""
    """The first problem as an error message gives it."""
    fits: bool = True
    """Whether the reply is JSON that fits the schema."""
    quality: tuple[int, ...] = ()
    """Of two replies, the one with the higher value is kept."""


@dataclass
class ModelSession:
    """A model, and what one article may use of it."""

    model: Model
    tracker: UsageTracker
    budget: Budget = Budget()
    cache: ReplyCache | None = None

    async def ask(
        self,
        request: Request,
        read: Callable[[str], ReadReply[T]],
        *,
        repair: Prompt,
        repairs: int,
        notify: NotifyStage = lambda _: None,
    ) -> T:
        """Send a request, and repairs while its reply has problems; return the best reply's value.

        A repair consists of the request, the latest reply and its problems, so repairs do not grow. A failed
        repair does not cost the first reply. If the model changes its output form, the request is sent again.

        Args:
            request: the first request.
            read: parses and checks the text of a reply.
            repair: the prompt of repairs.
            repairs: how many repairs are sent at most.
            notify: is called for each stage of each request.

        Raises:
            ReplyError: no reply is usable. Unusable replies leave the cache.
            ReplyCutOff: the first reply reached the model's limit.
            ModelError: the model failed before there was a usable reply.
            BudgetReached: the budget was reached before there was a usable reply.
        """
        sent: list[Request] = []
        best: ReadReply[T] | None = None
        current, left = request, repairs
        try:
            while True:
                sent.append(current)
                try:
                    reply, cached = await self._send(current, notify, is_repair=current is not request)
                    if len(reply.text) > THREAD_THRESHOLD:
                        latest = await run_in_thread(read, reply.text)
                    else:
                        latest = read(reply.text)
                except (ModelError, BudgetReached, ReplyError):
                    if best is None or best.value is None:
                        raise
                    return best.value
                if not cached and self.model.note_reply(reply, fits=latest.fits):
                    self._discard([current])
                    best, current, left = None, request, repairs
                    continue
                best = latest if best is None else max(latest, best, key=lambda candidate: candidate.quality)
                if not (latest.problems and left):
                    break
                current, left = _repair_request(request, reply, latest.problems, repair), left - 1
            if best.value is None:
                raise ReplyError(f"The model's reply is not what was asked for: {best.reason}.")
            return best.value
        except ReplyCutOff:  # the chunk is split, so these requests are not sent again
            raise
        except ReplyError:
            self._discard(sent)
            raise

    async def _send(self, request: Request, notify: NotifyStage, *, is_repair: bool) -> tuple[Reply, bool]:
        """Return the complete reply to a request, and whether it comes from the cache.

        Raises:
            BudgetReached: a limit was reached before or during the request.
            ModelError: the model failed.
            ReplyError: the reply is incomplete.
        """
        if reached := self.tracker.exceeded_limit(self.budget):
            raise self._over(reached)
        self.tracker.requests += 1
        self.tracker.repairs += is_repair
        notify("repairing" if is_repair else "requested")
        reply = self.cache.get(request) if self.cache else None
        cached = reply is not None
        if reply is None:
            reply = await self._complete(request)
        self.tracker.add(reply, self.model)
        if cached:
            self.tracker.cached_usage += reply.usage
        elif self.cache:
            self.cache.put(request, reply)
        notify("replied")
        if error := _INCOMPLETE.get(reply.finish_reason):
            raise type(error)(error.message, hint=error.hint)
        return reply, cached

    async def _complete(self, request: Request) -> Reply:
        """Call the model within the budget's time, and count a failed request.

        Raises:
            BudgetReached: the time is over.
            ModelError: the model failed.
        """
        self.tracker.start()
        timeout = asyncio.timeout(self.tracker.seconds_left(self.budget))
        try:
            async with timeout:
                reply = await self.model.complete(replace(request, report_usage=self.tracker.add_usage))
        except ModelError as error:
            self.tracker.add_failed(error)
            raise
        except (SummarizerError, AssertionError):  # a test's assertion must reach the test
            raise
        except Exception as error:
            if isinstance(error, TimeoutError) and timeout.expired():
                raise self._over(f"{self.budget.seconds:g} seconds") from None
            raise CustomModelError(self.model, error) from error
        return _check_reply(reply, self.model)

    def _over(self, limit: str) -> BudgetReached:
        """Return the error for a limit, and note the limit: a usable first reply may hide the error."""
        self.tracker.limit = self.tracker.limit or limit
        return BudgetReached(f"The budget of {limit} is reached.")

    def _discard(self, requests: list[Request]) -> None:
        if self.cache:
            for request in requests:
                self.cache.discard(request)


async def run_all(coroutines: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Run coroutines concurrently and return their results in order; the first error cancels the rest."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(coroutine) for coroutine in coroutines]
    except BaseExceptionGroup as errors:  # callers expect a plain error
        raise errors.exceptions[0] from None
    return [task.result() for task in tasks]


def _repair_request(request: Request, reply: Reply, problems: Sequence[object], prompt: Prompt) -> Request:
    listed = "\n".join(f"- {problem}" for problem in problems[:_MAX_PROBLEMS])
    answer = Message("assistant", reply.text[:_MAX_REPEATED_REPLY])
    return replace(
        request,
        messages=(*request.messages, answer, *prompt.fill(problems=listed)),
        prompts=(*request.prompts, prompt.id),
    )


def _check_reply(reply: Reply, model: Model) -> Reply:
    """Return ``reply`` if its fields have the right types; a user's class may return anything.

    Raises:
        ConfigurationError: it is no Reply, or a field has another type.
    """
    complete = f"{type(model).__name__}.complete()"
    if not isinstance(reply, Reply):
        raise ConfigurationError(
            f"{complete} returned a {type(reply).__name__}, not a Reply.",
            hint="It must be asynchronous and return a summarizer.models.Reply.",
        )
    for name, kind in (("text", str), ("usage", Usage), ("retries", int), ("waited", int | float)):
        value = getattr(reply, name)
        if not isinstance(value, kind):
            hint = f"It must be a {getattr(kind, '__name__', 'number')}."
            raise ConfigurationError(
                f"{complete} returned a Reply whose {name} is a {type(value).__name__}.", hint=hint
            )
    return reply
