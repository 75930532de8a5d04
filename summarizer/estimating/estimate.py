"""What is given: costs, which add up over requests and articles."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from math import ceil
from operator import add

from summarizer.models.budget import Budget

_COUNTED = 0.5  # repairs: less than that is likelier none


@dataclass(frozen=True, slots=True)
class Cost:
    """Requests and tokens; fractions are expectations, such as "two in eleven are repaired"."""

    calls: float = 0.0
    """Requests that are answered, repairs included."""
    repairs: float = 0.0
    prompt: float = 0.0
    """Tokens sent: those of the messages."""
    cached: float = 0.0
    """Those of ``prompt`` with which an earlier request began, for which a server with a prompt cache charges less."""
    completion: float = 0.0
    """Tokens that come back, without thoughts that a model does not show."""

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(*map(add, astuple(self), astuple(other)))

    def times(self, factor: float) -> "Cost":
        """As much of it."""
        return Cost(*(value * factor for value in astuple(self)))

    def within(self, most: "Cost") -> "Cost":
        """The same, but nothing above that of ``most``; what is cached, within the prompt."""
        calls, repairs, prompt, _, completion = map(min, astuple(self), astuple(most))
        return Cost(calls, repairs, prompt, min(self.cached, prompt), completion)

    def stopped(self, budget: Budget) -> "Cost":
        """The same as far as ``budget`` reaches, as if all requests cost the same; the last may pass it."""
        if not self.calls:
            return self
        calls = [self.calls]
        if budget.calls is not None:
            calls.append(budget.calls)
        if budget.tokens is not None:
            calls.append(ceil(budget.tokens * self.calls / (self.prompt + self.completion)))
        return self.times(min(calls) / self.calls)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What briefs will cost; add the estimates of several articles with ``+``, from ``Estimate()`` on."""

    articles: int = 0
    made: int = 0
    """Articles whose brief a store holds, or what they failed of for good: nothing more is asked."""
    chunks: int = 0
    """Those of the others."""
    answered: int = 0
    """Requests that need not be sent, since their replies are at hand."""
    low: Cost = Cost()
    """No repair, and short replies."""
    asked: Cost = Cost()
    """What is likely without repairs."""
    repairs: Cost = Cost()
    """What is to be expected of repairs: some part of one for an article."""
    at_most: Cost = Cost()
    """What this rests on, ``notes`` say."""
    opening: int = 0
    """Tokens with which the first request of every article begins, a part of ``prompt``."""
    notes: tuple[str, ...] = ()

    @property
    def likely(self) -> Cost:
        """As recordings show it; of repairs what is to be expected, once that is half of one."""
        return self.asked + self.repairs if self.repairs.calls >= _COUNTED else self.asked

    def __add__(self, other: "Estimate") -> "Estimate":
        again = other.opening if self.opening and other.opening else 0  # the first article's requests opened the cache
        return Estimate(
            self.articles + other.articles,
            self.made + other.made,
            self.chunks + other.chunks,
            self.answered + other.answered,
            self.low + other.low + Cost(cached=again),
            self.asked + other.asked + Cost(cached=again),
            self.repairs + other.repairs,
            self.at_most + other.at_most,
            self.opening or other.opening,
            tuple(dict.fromkeys((*self.notes, *other.notes))),
        )

    def capped(self, budget: Budget, requests: Sequence[Cost], *, under_way: int) -> "Estimate":
        """The same for one article under a budget of calls and tokens; a limit of seconds caps nothing here.

        ``requests`` are those that ``at_most`` is made of, repairs too, and ``under_way`` is how many go on side
        by side: those that do when the limit of tokens is reached may pass it.
        """
        most, largest = self.at_most, _largest(requests)
        if budget.calls is not None and budget.calls < most.calls:
            most = Cost(
                calls=budget.calls,
                repairs=min(most.repairs, budget.calls - 1),
                prompt=min(most.prompt, budget.calls * largest.prompt),
                completion=min(most.completion, budget.calls * largest.completion),
            )
        if budget.tokens is not None:
            tokens = budget.tokens + under_way * (largest.prompt + largest.completion)
            most = replace(most, prompt=min(most.prompt, tokens), completion=min(most.completion, tokens))
        notes = self.notes if most == self.at_most else (*self.notes, "The budget stops an article before that.")
        asked = self.asked.stopped(budget).within(most)
        repairs = self.repairs if asked == self.asked else Cost()
        low = self.low.stopped(budget).within(asked)
        return replace(self, low=low, asked=asked, repairs=repairs, at_most=most, notes=notes)


def _largest(requests: Sequence[Cost]) -> Cost:
    """The most that one of them sends, and that comes back for one."""
    return Cost(
        prompt=max((each.prompt for each in requests), default=0),
        completion=max((each.completion for each in requests), default=0),
    )
