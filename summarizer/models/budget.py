"""A limit to what one article may cost, and the account of what it has cost."""

import math
import time
from dataclasses import dataclass, field

from summarizer._text import replace_surrogates
from summarizer.errors import ConfigurationError, ModelError
from summarizer.models.base import Model, Reply
from summarizer.usage import Usage


@dataclass(frozen=True, slots=True)
class Budget:
    """What one article may cost at most; None is no limit.

    Requests that are under way when the limit of tokens is reached may pass it: what a reply costs is
    known when it is there.

    Raises:
        ConfigurationError: a limit is not above 0.
    """

    calls: int | None = None
    """Requests, each with its retries."""
    tokens: int | None = None
    """Tokens sent and received, failed attempts included."""
    seconds: float | None = None
    """Seconds from the first request on; requests under way are given up when they are over."""

    def __post_init__(self) -> None:
        for name in ("calls", "tokens", "seconds"):
            limit = getattr(self, name)
            if limit is None:
                continue
            number = isinstance(limit, int | float) and not isinstance(limit, bool) and not math.isnan(limit)
            if not number or limit <= 0:
                what = "buys nothing" if number else "is no number"
                raise ConfigurationError(f"A budget of {limit!r} {name} {what}.", hint="Leave out what has no limit.")


@dataclass
class UsageTracker:
    """What asking a model took: it grows while the chunks are asked."""

    asked: int = 0
    """Requests that were sent, answered or not, and those whose replies were recalled."""
    calls: int = 0
    """Those that were answered."""
    limit: str | None = None
    """The limit of the budget that was reached, in words."""
    retries: int = 0
    repairs: int = 0
    splits: int = 0
    usage: Usage = field(default_factory=Usage)
    recalled: Usage = field(default_factory=Usage)
    """The part of ``usage`` that had been paid for before: replies that were recalled, not asked for."""
    waited: float = 0.0
    """Seconds between attempts, those of all requests together."""
    model: str | None = None
    output: str | None = None
    _started: float | None = None

    def begin(self) -> None:
        """Let the time of the budget run, from the first request on."""
        if self._started is None:
            self._started = time.monotonic()

    def add(self, reply: Reply, model: Model) -> None:
        """Take a reply into account."""
        self.calls += 1
        self.retries += reply.retries
        self.usage += reply.usage
        self.waited += reply.waited
        self.model = replace_surrogates(reply.model or model.name)
        self.output = reply.output

    def add_usage(self, usage: Usage) -> None:
        """Add tokens that neither a reply nor a ModelError reports."""
        self.usage += usage

    @property
    def spent(self) -> Usage:
        """The tokens that this account itself has cost."""
        return self.usage - self.recalled

    def add_failed(self, error: ModelError) -> None:
        """Take a request into account that no reply came to."""
        self.retries += max(0, error.attempts - 1)
        self.usage += error.usage
        self.waited += error.waited

    def reached(self, budget: Budget) -> str | None:
        """The limit that is reached, in words, or none."""
        if budget.calls is not None and self.asked >= budget.calls:
            return f"{budget.calls} calls"
        if budget.tokens is not None and self.usage.total >= budget.tokens:
            return f"{budget.tokens} tokens"
        if budget.seconds is not None and self.seconds_left(budget) == 0:
            return f"{budget.seconds:g} seconds"
        return None

    def seconds_left(self, budget: Budget) -> float | None:
        """Seconds until the time is over; None without a limit."""
        if budget.seconds is None:
            return None
        if self._started is None:
            return budget.seconds
        return max(0.0, self._started + budget.seconds - time.monotonic())
