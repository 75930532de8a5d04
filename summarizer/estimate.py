"""What is given: costs, which add up over requests and articles."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from functools import lru_cache
from math import ceil, sqrt
from operator import add
from pathlib import Path

from summarizer.engines import (
    Chunk,
    ExtractionContext,
    Prompt,
    count_tokens,
    first_request,
    line_tokens,
    load_schema,
)
from summarizer.errors import ConfigurationError
from summarizer.models import Budget, Message, Request

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

    def __add__(self, other: Cost) -> Cost:
        return Cost(*map(add, astuple(self), astuple(other)))

    def times(self, factor: float) -> Cost:
        """As much of it."""
        return Cost(*(value * factor for value in astuple(self)))

    def within(self, most: Cost) -> Cost:
        """The same, but nothing above that of ``most``; what is cached, within the prompt."""
        calls, repairs, prompt, _, completion = map(min, astuple(self), astuple(most))
        return Cost(calls, repairs, prompt, min(self.cached, prompt), completion)

    def stopped(self, budget: Budget) -> Cost:
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

    def __add__(self, other: Estimate) -> Estimate:
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

    def capped(self, budget: Budget, requests: Sequence[Cost], *, under_way: int) -> Estimate:
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


_MILLION = 1_000_000
_NAMES = {"in": "prompt", "out": "completion", "cached": "cached"}


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens cost, in whatever currency.

    Raises:
        ConfigurationError: a price is no number from 0 on.
    """

    prompt: float
    completion: float
    cached: float | None = None
    """For prompt tokens that the server had cached; None: the same as the others."""

    def __post_init__(self) -> None:
        for name in ("prompt", "completion", "cached"):
            price = getattr(self, name)
            if name == "cached" and price is None:
                continue
            if not isinstance(price, int | float) or isinstance(price, bool) or not 0 <= price < math.inf:
                raise ConfigurationError(f"A price cannot be {price!r}.", hint="Give a number from 0 on.")

    def of(self, cost: Cost) -> float:
        """What ``cost`` comes to."""
        cached = self.prompt if self.cached is None else self.cached
        whole = (cost.prompt - cost.cached) * self.prompt + cost.cached * cached + cost.completion * self.completion
        return whole / _MILLION


def read_prices(path: Path, model: str) -> Prices:
    """The prices for ``model`` in a TOML file that has a table for each model.

    A table is named as the model is, in quotation marks where the name has a dot, and holds ``in``,
    ``out`` and, if wanted, ``cached``: the price of a million tokens sent, received, or sent and cached.
    Such keys outside a table are the prices of every model without one.

    Raises:
        ConfigurationError: there is no such file, it is not TOML, or has no (whole) prices for ``model``.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigurationError(f"The price file {path} cannot be read: {error.strerror or error}.") from error
    except ValueError as error:  # of TOML as of UTF-8
        raise ConfigurationError(f"The price file {path} is not TOML: {error}.") from error
    own = found.get(model)
    table = own if isinstance(own, Mapping) else found
    prices = {name: value for name, value in table.items() if not isinstance(value, Mapping)}
    if not prices:
        models = ", ".join(found) or "none"
        raise ConfigurationError(
            f"The price file {path} has no prices for {model}.", hint=f"It has those for: {models}."
        )
    if wrong := sorted(prices.keys() ^ (prices.keys() & _NAMES.keys() | {"in", "out"})):
        raise ConfigurationError(
            f"The prices for {model} in {path} do not hold together: {', '.join(wrong)}.",
            hint="A model has in and out, cached if wanted, and no other.",
        )
    return Prices(**{_NAMES[name]: price for name, price in prices.items()})


FIXED, PER_ROOT = 400, 12.3
"""A reply about a chunk has ``FIXED + PER_ROOT * sqrt(tokens * sentences)`` tokens.

Fitted to relative errors. Of the rules that were tried it was the nearest to articles that it was not fitted
to: at most 17 % off, against 21 % by sentences and 31 % by tokens alone. How many attributed statements the
analysis finds adds nothing to that, since replies list what is said without a cue, too.
"""

REPAIRED = 2 / 11
"""The part of the replies that was asked for again in the recordings."""
PROBLEM = 40
"""Tokens of one problem that a repair lists; two had 74."""

ISSUES, CLAIMS = 0.026, 0.060
"""Of a long article: tokens of the list of issues, and of that of claims, for each token of the replies."""
ANSWER = 0.16
"""Tokens of the answer for each token of these lists."""
GIST_PART, GIST_ISSUES, GIST = 154, 622, 238
"""Tokens of one part's gist in the request for that of the whole, of the issues there, and of the answer."""


def reply_tokens(tokens: int, sentences: int) -> float:
    """Tokens of a reply about a chunk of so many sentences with so many tokens."""
    return FIXED + PER_ROOT * sqrt(tokens * sentences)


@dataclass(frozen=True, slots=True)
class Case:
    """Of what a figure is made."""

    length: float
    """Of a reply, as a part of the likely one; those that were recorded had from 0.86 to 1.18 of it."""
    problems: int = 1
    """Those that a repair lists."""
    kept: float = 0.8
    """The part of the issues that a round of grouping leaves: 41 of 51 in the recording."""
    highest: bool = False
    """Whether replies go up to their limit, nothing is cached, and the schema counts."""


LOW, LIKELY, MOST = Case(0.7), Case(1.0), Case(2.0, problems=20, kept=0.9, highest=True)
"""A repair lists at most 20 problems, and a round of grouping is the last unless it joins a tenth of the issues."""


def about_the_whole(
    replies: Sequence[float], title: str, prompts: Mapping[str, Prompt], tokens: int, case: Case
) -> Iterator[tuple[str, float, float]]:
    """Name, tokens of the prompt and tokens of the reply of each; none for an article in one part.

    ``replies`` are the tokens of the replies about the parts; ``tokens`` how many of a list go into one request.
    """
    if len(replies) < 2:
        return
    issues, claims = ISSUES * sum(replies), CLAIMS * sum(replies)
    frame = _frame(prompts["group"], title)
    while True:  # in rounds, as `Consolidation` asks
        listed = issues + claims
        runs = max(1, ceil(listed / tokens))
        yield from [("group", frame + listed / runs, ANSWER * listed / runs)] * runs
        if runs == 1:
            break
        issues, claims = issues * case.kept, 0
    frame, parts = _frame(prompts["gist"], title), len(replies)
    most = max(2, int(tokens / (GIST_PART * case.length)))
    while parts > 1:
        runs = ceil(parts / most)
        each = parts / runs
        yield from [("gist", frame + (GIST_ISSUES + each * GIST_PART) * case.length, GIST * case.length)] * runs
        parts = runs


def _frame(prompt: Prompt, title: str) -> int:
    """Tokens of a request whose lists are empty."""
    empty = dict.fromkeys(prompt.variables, "") | {"title": title}
    return sum(count_tokens(message.content) for message in prompt.fill(**empty))


AlreadyAnswered = Callable[[Request], bool]
"""Whether a request's reply is at hand, so that it need not be sent."""

_MESSAGE, _ENDING = 4, 3  # tokens around each message and before the reply, as chat templates have them
_RAISED = 2  # how many times the limit of a reply is allowed to a second attempt, see `OpenAIModel`


@dataclass(frozen=True)
class Plan:
    """How articles would be asked about."""

    prompts: Mapping[str, Prompt]
    repairs: int
    chunk_tokens: int
    concurrency: int
    budget: Budget = Budget()
    limit: int | None = None
    """The tokens that a reply may have."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request that would be sent, in tokens."""

    prompt: float
    reply: float
    schema: str
    """The name of the reply's schema."""
    opening: float = 0
    """Of ``prompt``, what an earlier request began with."""
    cut_off: bool = False
    """Whether the reply is longer than it may be, so that the chunk is cut in two."""


def estimated(
    chunks: Sequence[Chunk], given: ExtractionContext, plan: Plan, answered: AlreadyAnswered = lambda _: False
) -> Estimate:
    """What the brief of one article would cost whose chunks are ``chunks``.

    A request for which ``answered`` is true costs nothing; that its reply is yet to be repaired, "at most" allows for.
    """
    asked: list[_Asked] = []
    at_hand: list[_Asked] = []
    replies: list[float] = []
    opening = 0
    for request, reply, cut_off in _about_chunks(chunks, given, plan):
        if not cut_off:
            replies.append(reply)
        begun, opening = opening, _tokens(request.messages[:1])
        would = _Asked(_tokens(request.messages) + _ENDING, reply, "extract", begun, cut_off)
        (at_hand if answered(request) else asked).append(would)

    def costs(case: Case) -> tuple[list[Cost], list[Cost]]:
        """Of each request, and of one repair of it: those of chunks, then those about the whole."""
        title = given.reading.article.title or "(none)"
        rest = about_the_whole([each * case.length for each in replies], title, plan.prompts, plan.chunk_tokens, case)
        every = [*asked, *(_Asked(prompt, reply / case.length, name) for name, prompt, reply in rest)]
        return [_first(each, case, plan) for each in every], [_repair(each, case, plan) for each in every]

    likely, repairs = map(_sum, costs(LIKELY))
    highest, worst = costs(MOST)
    unrepaired = [_repair(each, MOST, plan) for each in at_hand]
    most = [first + repair.times(plan.repairs) for first, repair in zip(highest, worst, strict=True)]
    most += [repair.times(plan.repairs) for repair in unrepaired]
    estimate = Estimate(
        articles=1,
        chunks=len(chunks),
        answered=len(at_hand),
        low=_sum(costs(LOW)[0]),
        asked=likely,
        repairs=repairs.times(sum(REPAIRED**number for number in range(1, plan.repairs + 1))),
        at_most=_sum(most),
        opening=opening,
        notes=_notes(plan, cut=any(each.cut_off for each in asked)),
    )
    return estimate.capped(plan.budget, [*highest, *worst, *unrepaired], under_way=plan.concurrency)


def _sum(costs: Iterable[Cost]) -> Cost:
    return sum(costs, Cost())


def _about_chunks(
    chunks: Sequence[Chunk], given: ExtractionContext, plan: Plan
) -> Iterator[tuple[Request, float, bool]]:
    """The first request about each chunk, the tokens of its reply, and whether that is more than it may have.

    A chunk whose reply is too long is asked about in halves after that.
    """
    for chunk in chunks:
        request = first_request(chunk, given, plan.prompts)
        reply = reply_tokens(sum(map(line_tokens, chunk.lines)), len(chunk.sentences))
        cut_off = plan.limit is not None and reply > _RAISED * plan.limit
        yield request, reply, cut_off
        if cut_off and chunk.can_split:
            yield from _about_chunks(chunk.split(), given, plan)


def _first(asked: _Asked, case: Case, plan: Plan) -> Cost:
    """What a request costs, with the attempts that its reply takes."""
    spent, _, attempts = _reply(asked, case, plan)
    prompt = attempts * (asked.prompt + (_schema_tokens(asked.schema) if case.highest else 0))
    return Cost(calls=1, prompt=prompt, cached=0 if case.highest else asked.opening, completion=spent)


def _repair(asked: _Asked, case: Case, plan: Plan) -> Cost:
    """What one repair of its reply costs: it holds the request and the reply, and is answered at the same length."""
    if asked.cut_off:
        return Cost()
    first = _first(asked, case, plan)
    _, reply, attempts = _reply(asked, case, plan)
    problems = _tokens(plan.prompts["repair"].fill(problems="")) + case.problems * PROBLEM
    return Cost(
        calls=1,
        repairs=1,
        prompt=first.prompt + attempts * (_MESSAGE + reply + problems),
        cached=0 if case.highest else asked.prompt,
        completion=first.completion,
    )


def _reply(asked: _Asked, case: Case, plan: Plan) -> tuple[float, float, int]:
    """Tokens that a reply takes, those that it has, and attempts: one that ends at the limit, and one with more."""
    if plan.limit and (asked.cut_off or case.highest):
        return (1 + _RAISED) * plan.limit, _RAISED * plan.limit, 2
    return asked.reply * case.length, asked.reply * case.length, 1


@lru_cache(maxsize=64)  # what all articles share: the system messages, and the repair's frame
def _counted(text: str) -> int:
    return count_tokens(text)


def _tokens(messages: Sequence[Message]) -> int:
    """Tokens of messages, with what chat templates put around each."""
    return sum(
        _MESSAGE + (_counted if message.role == "system" else count_tokens)(message.content) for message in messages
    )


@lru_cache
def _schema_tokens(name: str) -> int:
    return count_tokens(json.dumps(load_schema(name)))


def _notes(plan: Plan, *, cut: bool) -> tuple[str, ...]:
    reply = (
        f"replies that need twice their limit of {plan.limit} tokens"
        if plan.limit
        else f"replies {MOST.length:g} times as long as likely"
    )
    repairs = {0: "no repair", 1: "a repair of each reply"}.get(plan.repairs, f"{plan.repairs} repairs of each reply")
    notes = [f"At most rests on {repairs}, {reply}, no cache, and a server that counts the JSON schema."]
    notes += ["Thoughts that a model does not show are charged as completion; they are not in these figures."]
    if cut:
        told = "chunks are cut in two, and fail where that does not help"
        notes.append(f"Replies are likely to pass their limit of {plan.limit} tokens: {told}.")
    return tuple(notes)
