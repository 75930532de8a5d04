"""The budget of an article, and the usage that counts towards it."""

import time
from dataclasses import dataclass, field

from summarizer._text import replace_surrogates
from summarizer.errors import ModelError
from summarizer.models.base import Model, Reply
from summarizer.models.retry import check_number
from summarizer.usage import Usage


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits on the cost of one article; None means no limit.

    Requests in progress may exceed the limit of tokens, since the tokens of a reply are known when it arrives.

    Raises:
        ConfigurationError: A limit is not above 0, or not a whole number of calls or tokens.

    Examples:
        >>> from summarizer import Budget, Summarizer
        >>> summarizer = Summarizer(model="builtin", budget=Budget(calls=5, seconds=60))
    """

    calls: int | None = None
    """Requests; the retries of a request count as one with it."""
    tokens: int | None = None
    """Tokens sent and received, failed attempts included."""
    seconds: float | None = None
    """Seconds from the first request on. Requests in progress are cancelled when they have passed."""

    def __post_init__(self) -> None:
        for name in ("calls", "tokens", "seconds"):
            if getattr(self, name) is not None:
                whole = name != "seconds"
                wanted = f"a {'whole ' * whole}number above 0, or leave it out for no limit"
                check_number(name, getattr(self, name), wanted, whole=whole)


@dataclass
class UsageTracker:
    """The usage of one article. The caller creates it and passes it down to the code that sends requests."""

    requests: int = 0
    """Requests, whether they were answered or not, cached replies included."""
    calls: int = 0
    """Requests that were answered."""
    limit: str | None = None
    """The limit of the budget that was reached, in words."""
    retries: int = 0
    repairs: int = 0
    splits: int = 0
    usage: Usage = field(default_factory=Usage)
    cached_usage: Usage = field(default_factory=Usage)
    """The part of ``usage`` that was paid for earlier: cached replies."""
    waited: float = 0.0
    """Seconds of waiting, summed over all requests."""
    model: str | None = None
    output: str | None = None
    checker: str | None = None
    """The name of the model that checks statements."""
    _started: float | None = None

    def start(self) -> None:
        """Start the clock of the budget with the first request."""
        if self._started is None:
            self._started = time.monotonic()

    def add(self, reply: Reply, model: Model, *, is_check: bool = False) -> None:
        """Add a reply, with findings or with the check of statements."""
        self.calls += 1
        self.retries += reply.retries
        self.usage += reply.usage
        self.waited += reply.waited
        name = replace_surrogates(reply.model or model.name)
        if is_check:
            self.checker = name
        else:
            self.model, self.output = name, reply.output

    def add_failed(self, error: ModelError) -> None:
        """Add a request that failed."""
        self.retries += max(0, error.attempts - 1)
        self.usage += error.usage
        self.waited += error.waited

    def add_usage(self, usage: Usage) -> None:
        """Add tokens that neither a reply nor a ModelError reports."""
        self.usage += usage

    @property
    def new_usage(self) -> Usage:
        """The tokens that were not paid for earlier."""
        return self.usage - self.cached_usage

    def exceeded_limit(self, budget: Budget) -> str | None:
        """Return the limit that is reached, in words, or None."""
        if budget.calls is not None and self.requests >= budget.calls:
            return f"{budget.calls} calls"
        if budget.tokens is not None and self.usage.total >= budget.tokens:
            return f"{budget.tokens} tokens"
        if budget.seconds is not None and self.seconds_left(budget) == 0:
            return f"{budget.seconds:g} seconds"
        return None

    def seconds_left(self, budget: Budget) -> float | None:
        """Return the seconds until the limit of time; None without one."""
        if budget.seconds is None:
            return None
        if self._started is None:
            return budget.seconds
        return max(0.0, self._started + budget.seconds - time.monotonic())
