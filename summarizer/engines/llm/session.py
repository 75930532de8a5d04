"""A session with a model for one article: budget, cache, usage, and the repair of replies."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Literal, TypeVar

from summarizer._async import run_in_thread
from summarizer.engines.base import ReplyCache
from summarizer.engines.llm.fitting import TOKEN_MARGIN, count_messages
from summarizer.engines.llm.prompts import Prompt
from summarizer.engines.llm.tokens import limit_reply
from summarizer.errors import ContextTooLong, ModelError, ReplyCutOff, ReplyError, ReplyPending, SummarizerError
from summarizer.models import Budget, Message, Model, Reply, Request, UsageTracker, request_reply

T = TypeVar("T")
NotifyStage = Callable[[Literal["requested", "replied", "repairing"]], None]

DEFAULT_REPAIRS = 1
"""How many repairs of a reply are requested."""
THREAD_THRESHOLD = 200_000
"""Characters. A longer reply takes tenths of a second to parse, so a thread does it."""
_SHORTEST_LIMIT = 256  # tokens; with less room, the prompt alone is likely to exceed the context
_MAX_REPEATED_REPLY = 100_000  # characters of a reply that a repair repeats
_EARLY = 0.6  # of the limit: a reply that is shorter was not cut off by it; tokenizers differ
_MAX_PROBLEMS = 20  # in one repair request; a longer list does not help
_INCOMPLETE: dict[str, ReplyError] = {
    "refusal": ReplyError("The model refused to answer.", hint="Try another model."),
    "content_filter": ReplyError("The server's content filter stopped the reply.", hint="Try another model or server."),
}


class BudgetReached(SummarizerError):
    """A limit of the budget is reached; no more requests are sent."""


class CutOff(ReplyCutOff):
    """A reply reached a limit; ``reply`` has what it said until then. ``option`` sets the ``limit`` that was sent."""

    def __init__(self, reply: Reply, limit: int | None = None, option: str = "reply_tokens") -> None:
        message = "The reply was cut off at the model's limit."
        hint = f"Allow longer replies ({option}=…), or request shorter parts (chunk_tokens=…)."
        if limit and 0 < (tokens := reply.usage.completion) < _EARLY * limit:
            message = f"The server cut off the reply after {tokens:,} tokens, although {limit:,} were allowed."
            hint = "Request shorter parts (chunk_tokens=…), or raise the limit at the server."
        if not reply.text.strip():
            message = "The model reached its limit while reasoning, before it replied."
            hint = f"Turn its reasoning off at the server, or allow longer replies ({option}=…)."
        super().__init__(message, hint=hint)
        self.reply = reply


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
    """A model, with the limits and the usage of one article."""

    model: Model
    prompts: Mapping[str, Prompt]
    tracker: UsageTracker
    budget: Budget = Budget()
    cache: ReplyCache | None = None
    repairs: int = DEFAULT_REPAIRS
    """Repairs of a reply with problems at most."""
    slots: asyncio.Semaphore = field(default_factory=asyncio.Semaphore)
    """Limits the calls of `ask` that run at once; its callers acquire it."""
    reply_tokens: int | None = None
    """The limit of every reply; by default that of the request, or else one by the length of its messages."""
    context: int | None = None
    """Tokens of the model's context, prompt and reply together; None if they are not known."""
    is_check: bool = False
    """Whether its replies check statements; provenance names the model of the others."""

    async def ask(
        self, request: Request, read: Callable[[str], ReadReply[T]], notify: NotifyStage = lambda _: None
    ) -> T:
        """Send a request, and repairs while its reply has problems; return the best reply's value.

        A repair consists of the request, the latest reply and its problems, so repairs do not grow. A failed
        repair does not cost the first reply. If the model changes its output form, the request is sent again.

        Raises:
            ReplyError: No reply is usable. Unusable replies leave the cache.
            ReplyCutOff: The first reply reached the model's limit.
            ModelError, BudgetReached: The model failed, or a limit was reached, before there was a usable reply.
        """
        sent: list[Request] = []
        best: ReadReply[T] | None = None
        current, repairs_left = request, self.repairs
        try:
            while True:
                sent.append(current)
                try:
                    reply, cached = await self._send(current, notify, is_repair=current is not request)
                except CutOff as cut_off:
                    if current is request and (whole := read(cut_off.reply.text)).fits and whole.value is not None:
                        return whole.value  # only what follows the JSON is cut off
                    if best is None or best.value is None:
                        raise
                    return best.value
                except (ModelError, BudgetReached, ReplyError) as error:
                    if best is None or (best.value is None and not isinstance(error, ContextTooLong)):
                        raise
                    break  # the request did not exceed the context, but its repair does
                is_long = len(reply.text) > THREAD_THRESHOLD
                latest = await run_in_thread(read, reply.text) if is_long else read(reply.text)
                if not cached and self.model.note_reply(reply, fits=latest.fits):
                    await self._discard([current])
                    best, current, repairs_left = None, request, self.repairs
                    continue
                best = latest if best is None else max(latest, best, key=lambda candidate: candidate.quality)
                if not (latest.problems and repairs_left):
                    break
                current = self._repair_request(request, reply, latest.problems)
                repairs_left -= 1
            if best.value is None:
                hint = "Use a model that follows instructions better, or another format: OpenAIModel(output=…)."
                raise ReplyError(f"The model's reply does not have the requested form: {best.reason}.", hint=hint)
            return best.value
        except ReplyError as error:
            # What a cut-off reply about a chunk has is kept, and the requests about the rest do not repeat this one.
            if not (isinstance(error, ReplyCutOff) and request.schema_name == "extraction"):
                await self._discard(sent)
            raise

    async def _send(self, request: Request, notify: NotifyStage, *, is_repair: bool) -> tuple[Reply, bool]:
        """Return the complete reply to a request, and whether it comes from the cache."""
        if limit := self.tracker.exceeded_limit(self.budget):
            raise self._budget_reached(limit)
        self.tracker.requests += 1
        self.tracker.repairs += is_repair
        notify("repairing" if is_repair else "requested")
        reply = await self.cache.get(request) if self.cache else None
        cached = reply is not None
        if reply is None:
            async with self._convert_errors():
                most, report = self._limit_reply(request), self.tracker.add_usage
                reply = await request_reply(self.model, replace(request, max_reply_tokens=most, report_usage=report))
        self.tracker.add(reply, self.model, is_check=self.is_check)
        if cached:
            self.tracker.cached_usage += reply.usage
        elif self.cache:
            await self.cache.put(request, reply)
        notify("replied")
        if reply.finish_reason == "length":
            option = "max_tokens" if self.model.max_tokens else "reply_tokens"
            raise CutOff(reply, self.model.max_tokens or self._limit_reply(request), option)
        if error := _INCOMPLETE.get(reply.finish_reason):
            raise type(error)(error.message, hint=error.hint)
        return reply, cached

    def _limit_reply(self, request: Request) -> int | None:
        if self.reply_tokens is not None or not self.model.needs_reply_limit:
            return self.reply_tokens
        texts = [message.content for message in request.messages if message.role == "user"]
        limit = request.max_reply_tokens or limit_reply(text := "\n".join(texts), text.count("\n") + 1)
        if self.context is None:
            return limit
        room = self.context - math.ceil(TOKEN_MARGIN * count_messages(request.messages))
        return min(limit, room) if room >= _SHORTEST_LIMIT else limit

    @asynccontextmanager
    async def _convert_errors(self) -> AsyncIterator[None]:
        """Limit a call of the model to the budget's time, count its failure, and convert errors of other libraries."""
        self.tracker.start()
        timeout = asyncio.timeout(self.tracker.seconds_left(self.budget))
        try:
            async with timeout:
                yield
        except ModelError as error:
            self.tracker.add_failed(error)
            raise
        except SummarizerError:
            raise
        except Exception as error:
            if isinstance(error, TimeoutError) and timeout.expired():
                raise self._budget_reached(f"{self.budget.seconds:g} seconds") from None
            raise CustomModelError(self.model, error) from error

    def _budget_reached(self, limit: str) -> BudgetReached:
        """Return the error for a limit, and note the limit: a usable first reply may hide the error."""
        self.tracker.limit = self.tracker.limit or limit
        return BudgetReached(f"The budget of {limit} is reached.")

    def _repair_request(self, request: Request, reply: Reply, problems: Sequence[object]) -> Request:
        prompt = self.prompts["repair"]
        listed = "\n".join(f"- {problem}" for problem in problems[:_MAX_PROBLEMS])
        answer = Message("assistant", reply.text[:_MAX_REPEATED_REPLY])
        return replace(
            request,
            messages=(*request.messages, answer, *prompt.fill(problems=listed)),
            prompts=(*request.prompts, prompt.id),
        )

    async def _discard(self, requests: Iterable[Request]) -> None:
        if self.cache:
            for request in requests:
                await self.cache.discard(request)


async def run_all(coroutines: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Run coroutines concurrently and return their results in order; the first error cancels the rest.

    A `ReplyPending` cancels none: a batch is to have the requests of all.
    """

    async def run(coroutine: Coroutine[Any, Any, T]) -> T | ReplyPending:
        try:
            return await coroutine
        except ReplyPending as pending:
            return pending

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(run(coroutine)) for coroutine in coroutines]
    except BaseExceptionGroup as errors:  # callers expect a plain error
        raise errors.exceptions[0] from None
    results = [task.result() for task in tasks]
    for result in results:
        if isinstance(result, ReplyPending):
            raise result
    return [result for result in results if not isinstance(result, ReplyPending)]
