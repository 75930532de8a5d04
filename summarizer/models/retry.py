"""Retries, deadlines and the log of requests, for models of any vendor."""

import asyncio
import logging
import math
from asyncio import sleep
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from random import uniform
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from summarizer.errors import ConfigurationError, ConnectionFailed, ModelError, RateLimited, copy_error
from summarizer.models.base import Model, OutputForm, Reply, Request, request_reply
from summarizer.models.concurrency import AdaptiveSlots, Sent
from summarizer.models.throttle import SPREAD, Throttle, estimate_tokens
from summarizer.usage import Usage

if TYPE_CHECKING:
    from tenacity import RetryCallState

T = TypeVar("T")
EventKind = Literal["sent", "retry", "answered", "failed", "cancelled"]

MIN_WAIT, MAX_WAIT = 0.5, 20.0  # bounds in seconds of waits that no server sets
MAX_TIMEOUTS = 2
"""Attempts of a request that may time out: a model that is too slow is not faster the third time."""
GATEWAY_TIMEOUTS, MIN_TIMEOUT = (408, 504, 524), 10.0
"""HTTP statuses of a gateway that gave up on the model, and the seconds after which they mean that it was slow."""
LOCAL_START = 1
"""Requests at once at first, at a local server: it may have a single slot."""
LOADING_INTERVAL = 2.0
"""Seconds between attempts while the server loads the model. They do not count, and the deadline ends them."""
MAX_RETRY_AFTER = 60.0
"""The longest wait in seconds that a server may ask for. Above it, the error says when to come back."""

_log = logging.getLogger("summarizer")


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on the time, the attempts, and the rate of requests.

    Raises:
        ConfigurationError: A limit is not a number above 0.
    """

    timeout: float = 120.0
    """Seconds for one attempt."""
    attempts: int = 5
    deadline: float = 600.0
    """Seconds for all attempts of a request and the waits between them, from the first attempt on."""
    concurrency: int = 16
    """Requests in progress at once at most; fewer while a server is slow or refuses some."""
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    """Tokens sent and received."""

    def __post_init__(self) -> None:
        for name in ("timeout", "deadline", "requests_per_minute", "tokens_per_minute"):
            if getattr(self, name) is not None:
                check_number(name, getattr(self, name), "a number above 0")
        for name in ("attempts", "concurrency"):
            check_number(name, getattr(self, name), "a whole number above 0", whole=True)


def check_number(
    name: str, value: object, wanted: str, *, whole: bool = False, least: float | None = math.ulp(0)
) -> None:
    """Check that an option is a finite number of at least ``least``, by default above 0."""
    is_number = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
    if not (is_number and (-math.inf if least is None else least) <= value < math.inf):  # type: ignore[operator]
        raise ConfigurationError(f"{name} cannot be {value!r}.", hint=f"Give {wanted}.")


@dataclass(frozen=True, slots=True)
class CallEvent:
    """An event of one request. It holds no text of an article and no secret."""

    kind: EventKind
    """``sent`` and ``retry`` (another attempt follows), or the end of the request."""
    model: str
    form: OutputForm | None
    """The requested output format; None for a list of models."""
    attempt: int
    """Attempts so far."""
    status: int | None = None
    """The HTTP status of the latest response."""
    wait: float = 0.0
    """Seconds until the next attempt."""
    seconds: float = 0.0
    """Seconds since the request began."""
    usage: Usage = Usage()
    """The tokens of all attempts, as far as the server reports them."""


OnEvent = Callable[[CallEvent], object]
"""Called in the event loop of the request; it should be quick, and raise nothing."""


@dataclass
class RequestLog:
    """The attempts, waits and tokens of one request."""

    model: str = ""
    server: str = ""
    form: OutputForm | None = None
    on_event: OnEvent | None = None
    attempts: int = 0
    failures: int = 0
    """Failed attempts that count towards the limit: those after which the request was sent again unchanged."""
    timeouts: int = 0
    """Attempts that timed out though no other request delayed them."""
    status: int | None = None
    ends: float | None = None
    """The deadline on the clock `time.monotonic`; None before the first attempt."""
    waited: float = 0.0
    latest: ModelError | None = None
    """Why the latest attempt failed; None before it, and while an attempt is in progress."""
    usage: Usage = field(default_factory=Usage)
    started: float = field(default_factory=monotonic)

    @property
    def tries(self) -> str:
        """The number of attempts, as the end of a sentence about them."""
        return f" after {self.attempts} attempts" if self.attempts > 1 else ""

    def sending(self) -> None:
        """Note that an attempt begins."""
        self.attempts += 1
        self.latest = None
        self._emit("sent")

    def retrying(self, status: int | None, usage: Usage, wait: float) -> None:
        """Note that an attempt failed, and that another follows after ``wait`` seconds."""
        self.status = status
        self.usage += usage
        self.waited += wait
        _log.debug("attempt %d failed (%s); another in %.1f s", self.attempts, _status_text(status), wait)
        self._emit("retry", wait)

    def aborted(self, error: BaseException, request: Request | None = None) -> None:
        """Note that ``error`` ends the request, and report its tokens where the error does not."""
        if request is not None and not isinstance(error, ModelError):
            request.report_usage(self.usage)
        self.end("failed" if isinstance(error, Exception) else "cancelled")

    def answered(self, reply: Reply) -> Reply:
        """Note that the request ends with ``reply``, and return it with the numbers of all attempts."""
        self.end("answered")
        retries, waited = reply.retries + self.attempts - 1, round(reply.waited + self.waited, 3)
        return replace(reply, usage=self.usage, retries=retries, waited=waited)

    def end(self, kind: EventKind) -> None:
        """Note the end of the request."""
        _log.info(
            "%s: model %s at %s, output %s, %s, %d attempts, %d + %d tokens, %.2f s",
            kind, self.model or "(none)", self.server, self.form or "(none)", _status_text(self.status),
            self.attempts, self.usage.prompt, self.usage.completion, monotonic() - self.started,
        )  # fmt: skip
        self._emit(kind)

    def _emit(self, kind: EventKind, wait: float = 0.0) -> None:
        if self.on_event is not None:
            seconds = monotonic() - self.started
            self.on_event(CallEvent(kind, self.model, self.form, self.attempts, self.status, wait, seconds, self.usage))


def _status_text(status: int | None) -> str:
    return "no answer" if status is None else f"HTTP {status}"


class Dispatcher:
    """Sends the requests of one model within its limits, and again where that may help.

    An attempt raises a `ModelError`, whose ``retryable``, ``retry_after`` and ``max_attempts`` decide about retries.
    Messages name the ``server``, such as "The server at http://localhost/v1". For a local one, the number of requests
    at once starts at `LOCAL_START`.
    """

    def __init__(self, limits: Limits, server: str, *, is_local: bool = False) -> None:
        self.limits = limits
        self.server = server
        slots = AdaptiveSlots(limits.concurrency, LOCAL_START if is_local else limits.concurrency, limits.timeout)
        self.throttle = Throttle(slots, limits.requests_per_minute, limits.tokens_per_minute)

    async def send(
        self,
        attempt: Callable[[], Awaitable[T]],
        log: RequestLog,
        *,
        tokens: float = 0.0,
        adapt: Callable[[], bool] = lambda: False,
    ) -> T:
        """Return the result of the first attempt that succeeds, within the attempts and the time that ``log`` leaves.

        After a failed attempt, ``adapt`` may change the request and return true. Then the request is sent again at
        once, and the failure does not count.
        """
        from tenacity import AsyncRetrying, retry_if_exception

        # The deadline starts with the first attempt, and waiting for a slot never counts.
        deadline = asyncio.timeout(None if log.ends is None else log.ends - monotonic())

        async def attempt_once() -> T:
            while True:
                try:
                    return await self._attempt(attempt, log, tokens, deadline)
                except ModelError as error:
                    if not adapt():
                        raise
                    log.retrying(error.status, error.usage, 0.0)

        policy = AsyncRetrying(
            retry=retry_if_exception(_is_worth_retrying),
            wait=_seconds_to_wait,
            stop=partial(self._is_last, log),
            before_sleep=partial(self._note_retry, log),
            sleep=sleep,
            reraise=True,
        )
        try:
            async with deadline:
                return await policy(attempt_once)
        except TimeoutError:
            error = self._deadline_passed(log)
        except ModelError as failure:
            self._pause_all(failure, failure.retry_after or 0.0)
            error = failure if failure is not log.latest else self._late(failure)
        log.usage += error.usage
        log.status = error.status or log.status
        raise copy_error(error, usage=log.usage, attempts=log.attempts, waited=log.waited)

    def _is_last(self, log: RequestLog, state: "RetryCallState") -> bool:
        """Return whether a failed attempt was the last: none is left, or the deadline comes before the next."""
        error = _error(state)
        attempts = min(self.limits.attempts, error.max_attempts or self.limits.attempts)
        time_left = self.limits.deadline if log.ends is None else log.ends - monotonic()
        if log.failures + 1 >= attempts and not (error.is_loading and attempts > 1):
            return True
        log.latest = error if state.upcoming_sleep >= time_left else None
        return log.latest is not None

    def _note_retry(self, log: RequestLog, state: "RetryCallState") -> None:
        error = _error(state)
        log.failures += not error.is_loading
        log.latest = error
        log.retrying(error.status, error.usage, state.upcoming_sleep)
        self._pause_all(error, state.upcoming_sleep)

    def _deadline_passed(self, log: RequestLog) -> ModelError:
        """Return the error for a deadline that passed during an attempt, or while the request waited for the next."""
        if log.latest is not None:
            return copy_error(self._late(log.latest), usage=Usage())  # which is counted
        return ConnectionFailed(
            f"{self.server} gave no answer within the deadline of {self.limits.deadline:g} s{log.tries}.",
            hint="Set a later deadline (deadline=…), or shorter replies (reply_tokens=…).",
        )

    def _late(self, error: ModelError) -> ModelError:
        """Return the error of a failed attempt after which the deadline leaves no time for another."""
        message = f"{error.message} The deadline of {self.limits.deadline:g} s left no time for another attempt."
        hint = error.hint if "deadline=…" in error.hint else f"Set a later deadline (deadline=…). {error.hint}".rstrip()
        return copy_error(error, message=message, hint=hint)

    async def _attempt(
        self, attempt: Callable[[], Awaitable[T]], log: RequestLog, tokens: float, deadline: asyncio.Timeout
    ) -> T:
        slots = self.throttle.slots
        started, due = monotonic(), deadline.when()
        deadline.reschedule(None)
        await slots.acquire(first=log.attempts > 0)
        try:
            while (seconds := slots.busy) > 0:
                await sleep(seconds)
            if log.ends is not None and due is not None:
                log.ends += monotonic() - started
                deadline.reschedule(due + monotonic() - started)
            log.waited += await self.throttle.wait(tokens)
            if log.ends is None:
                log.ends = monotonic() + self.limits.deadline
                deadline.reschedule(asyncio.get_running_loop().time() + self.limits.deadline)
            sent = slots.send()
            log.sending()
            try:
                async with asyncio.timeout(self.limits.timeout):
                    result = await attempt()
            except TimeoutError as error:
                if deadline.expired():
                    slots.note_timeout(sent)
                    raise
                message = f"{self.server} gave no answer within {self.limits.timeout:g} s{log.tries}."
                hint = "Set a longer timeout (timeout=…), or shorter replies (reply_tokens=…)."
                raise self._timed_out(ConnectionFailed(message, hint=hint), sent, log) from error
            except ModelError as error:
                if error.status in GATEWAY_TIMEOUTS and monotonic() - sent.at >= MIN_TIMEOUT:
                    raise self._timed_out(error, sent, log) from error.__cause__
                if isinstance(error, RateLimited) and error.retryable:
                    slots.note_refusal(sent)
                raise
            if isinstance(result, Reply):
                slots.note_reply(sent, result)
            return result
        finally:
            slots.release()

    def _timed_out(self, error: ModelError, sent: Sent, log: RequestLog) -> ModelError:
        """Return the error of an attempt that timed out, the last one after `MAX_TIMEOUTS` that no other delayed."""
        log.timeouts += not self.throttle.slots.note_timeout(sent)
        return copy_error(error, max_attempts=log.failures + 1) if log.timeouts >= MAX_TIMEOUTS else error

    def _pause_all(self, error: ModelError, seconds: float) -> None:
        """Pause all requests while the server is overloaded. After a longer wait, callers come back themselves."""
        overloaded = (
            error.retry_after is not None or error.is_loading or (isinstance(error, RateLimited) and error.retryable)
        )
        if overloaded and seconds <= MAX_RETRY_AFTER + SPREAD:
            self.throttle.pause.start(seconds)


def _error(state: "RetryCallState") -> ModelError:
    error = state.outcome.exception() if state.outcome else None
    assert isinstance(error, ModelError), "only these are retried"  # for the type checker
    return error


def _seconds_to_wait(state: "RetryCallState") -> float:
    """Return the seconds until the next attempt: those that the server asks for, or else an exponential backoff."""
    from tenacity import wait_random_exponential

    error = _error(state)
    if error.is_loading:
        return LOADING_INTERVAL
    if error.retry_after is not None:
        return error.retry_after + uniform(0, SPREAD)  # not a secret
    if error.max_attempts is not None:
        return MIN_WAIT
    return wait_random_exponential(multiplier=1, min=MIN_WAIT, max=MAX_WAIT)(state)


def _is_worth_retrying(error: BaseException) -> bool:
    return isinstance(error, ModelError) and error.retryable and (error.retry_after or 0.0) <= MAX_RETRY_AFTER


class RetryingModel(Model):
    """Any model, with retries, throttling, rate limits, and a limit of requests at once.

    Args:
        model: The model that makes single attempts and raises a `ModelError` when one fails.
        limits: Limits on time, attempts and rates.
        on_event: Called with a `CallEvent` for each attempt, each retry, and the end of a request.
    """

    has_retries = True

    def __init__(self, model: Model, limits: Limits = Limits(), *, on_event: OnEvent | None = None) -> None:
        self.name, self.max_tokens = model.name, model.max_tokens
        self.needs_reply_limit = model.needs_reply_limit
        self._model, self._on_event = model, on_event
        self._dispatcher = Dispatcher(limits, f"The model {model.name}")
        self._slots = self._dispatcher.throttle.slots

    def __repr__(self) -> str:
        return f"RetryingModel({self._model!r})"

    async def complete(self, request: Request) -> Reply:
        """Return the model's reply, after retries where necessary; its usage is that of all attempts."""
        log = RequestLog(self.name, type(self._model).__name__, on_event=self._on_event)
        tokens = estimate_tokens(request)
        try:
            reply = await self._dispatcher.send(lambda: request_reply(self._model, request), log, tokens=tokens)
        except BaseException as error:
            log.aborted(error, request)
            raise
        self._dispatcher.throttle.settle(tokens, reply.usage.total)
        log.usage += reply.usage
        log.form = reply.output
        return log.answered(reply)

    async def identity(self) -> Mapping[str, Any]:
        """Return the identity of the wrapped model: retries do not change replies."""
        return await self._model.identity()

    async def context_length(self) -> int | None:
        """Return the context of the wrapped model."""
        return await self._model.context_length()

    def note_reply(self, reply: Reply, *, fits: bool) -> bool:
        """Pass the note on to the wrapped model."""
        return self._model.note_reply(reply, fits=fits)

    async def aclose(self) -> None:
        """Close the wrapped model."""
        await self._model.aclose()
