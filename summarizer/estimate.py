"""Estimate the cost of briefs before any request is sent.

The prompts are exact: the requests about chunks are built and counted. The length of the replies is predicted by rules
that were fitted to the recordings in ``cassettes/`` and ``examples/newsdesk/tests/cassettes/``. These hold eleven first
requests about chunks of nine articles, 8 to 232 sentences long. One long article has requests about the whole.
``python benchmarks/estimate.py`` compares each recording with its estimate.
"""

import json
import math
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from functools import lru_cache
from itertools import chain
from operator import add
from pathlib import Path
from typing import Any

from summarizer.article import Reading
from summarizer.attribution import Analysis
from summarizer.engines import (
    MAX_COST,
    MAX_REQUESTS,
    MESSAGE_TOKENS,
    REPLY_START_TOKENS,
    VERIFYING_PROMPTS,
    Chunk,
    Engine,
    ExtractionContext,
    Layout,
    LLMEngine,
    Prompt,
    count_messages,
    count_tokens,
    first_request,
    layout_of_part,
    line_tokens,
    load_schema,
    predict_reply,
)
from summarizer.errors import ConfigurationError, describe_fault
from summarizer.models import Budget, Request

REPAIR_RATE = 1 / 11
"""Share of recorded replies about chunks that were repaired."""

_PROBLEM_TOKENS = 40  # of one problem in a repair request; two recorded ones had 71 together
_ISSUES_RATE, _CLAIMS_RATE = 0.033, 0.029  # tokens of the lists to group, for each token of the replies about chunks
_GROUPING_RATE = 0.26  # tokens of the reply, for each token of these lists
_GIST_PART, _GIST_ISSUES, _GIST_REPLY = 82, 574, 176  # tokens of a chunk's gist, of the issues, of the reply
_CITED, _STATEMENTS, _OBJECTION, _VERDICTS = 0.82, 0.37, 0.7, 14
"""Tokens of a request to check statements, and of its reply.

The first three are shares: of the chunk's sentences, of the reply about the chunk, and of the part of that reply about
a faulty statement. They were measured on 36 replies about news articles and on the recordings.
"""
_RETRY_FACTOR = 2  # a second attempt may have this many times the reply's limit, see `OpenAIModel`
_MIN_LIKELY_REPAIRS = 0.5  # fewer expected repairs are left out of the likely cost
_PRICE_FIELDS = {"in": "prompt", "out": "completion", "cached": "cached", "batch": "batch"}
BATCH_FACTOR = 0.5
"""What batches cost at OpenAI and Azure, as a share of the ordinary price (https://openai.com/api/pricing/)."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Requests and tokens. Fractions are expected values, such as one repair in eleven requests."""

    calls: float = 0.0
    """Requests that are answered, including repairs."""
    repairs: float = 0.0
    prompt: float = 0.0
    """Tokens of the messages sent."""
    cached: float = 0.0
    """The part of ``prompt`` that an earlier request began with; a server with a prompt cache charges less for it."""
    completion: float = 0.0
    """Tokens received, without hidden reasoning."""

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(*map(add, astuple(self), astuple(other)))

    def scale(self, factor: float) -> "Cost":
        """Return this cost multiplied by ``factor``."""
        return Cost(*(value * factor for value in astuple(self)))

    def limit_to(self, maximum: "Cost") -> "Cost":
        """Return the smaller value of each field. ``cached`` is limited by the prompt."""
        calls, repairs, prompt, _, completion = map(min, astuple(self), astuple(maximum))
        return Cost(calls, repairs, prompt, min(self.cached, prompt), completion)

    def stop_at(self, budget: Budget) -> "Cost":
        """Return the part within ``budget``, as if all requests cost the same. The last may exceed it."""
        calls = self.calls
        if budget.calls is not None:
            calls = min(calls, budget.calls)
        if budget.tokens is not None and calls:
            calls = min(calls, math.ceil(budget.tokens * self.calls / (self.prompt + self.completion)))
        return self.scale(calls / self.calls) if calls else self


@dataclass(frozen=True, slots=True)
class Estimate:
    """The cost of one or more briefs. Estimates can be added: ``sum(estimates, Estimate())``.

    Examples:
        >>> from summarizer import Estimate, Prices, Summarizer
        >>> with Summarizer(model="builtin") as summarizer:
        ...     estimate = sum(map(summarizer.estimate, ["A text.", "Another one."]), Estimate())
        >>> estimate.articles, Prices(prompt=0.25, completion=2).price_of(estimate.likely)
        (2, 0.0)
    """

    articles: int = 0
    stored: int = 0
    """Articles with a stored brief or a stored permanent error, which cost nothing."""
    chunks: int = 0
    """Chunks of the other articles."""
    stored_replies: int = 0
    """Requests whose replies are stored."""
    low: Cost = Cost()
    """Short replies and no repair."""
    unrepaired: Cost = Cost()
    """The likely cost without repairs."""
    repairs: Cost = Cost()
    """The expected cost of repairs, a fraction of one repair for an article."""
    at_most: Cost = Cost()
    """The highest cost, under the assumptions in ``notes``."""
    opening: int = 0
    """Tokens of the prompt that the first request of every article begins with."""
    notes: tuple[str, ...] = ()

    @property
    def likely(self) -> Cost:
        """The expected cost. Repairs count from half a repair on."""
        return self.unrepaired + self.repairs if self.repairs.calls >= _MIN_LIKELY_REPAIRS else self.unrepaired

    def __add__(self, other: "Estimate") -> "Estimate":
        shared = Cost(cached=other.opening if self.opening and other.opening else 0)  # cached by the first article
        return Estimate(
            self.articles + other.articles,
            self.stored + other.stored,
            self.chunks + other.chunks,
            self.stored_replies + other.stored_replies,
            self.low + other.low + shared,
            self.unrepaired + other.unrepaired + shared,
            self.repairs + other.repairs,
            self.at_most + other.at_most,
            self.opening or other.opening,
            tuple(dict.fromkeys((*self.notes, *other.notes))),
        )


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of a million tokens, in any currency.

    Raises:
        ConfigurationError: A price is negative or not a number, or the share of batches is not from 0 to 1.

    Examples:
        >>> from summarizer import Prices
        >>> Prices(prompt=0.25, completion=2.0).in_batches()
        Prices(prompt=0.125, completion=1.0, cached=None, batch=0.5)
    """

    prompt: float
    completion: float
    cached: float | None = None
    """Price of prompt tokens that the server had cached; by default that of other prompt tokens."""
    batch: float = BATCH_FACTOR
    """The price of requests in batches, as a share of the others."""

    def __post_init__(self) -> None:
        for price in (self.prompt, self.completion, 0 if self.cached is None else self.cached, self.batch):
            if not isinstance(price, int | float) or isinstance(price, bool) or not 0 <= price < math.inf:
                raise ConfigurationError(f"A price cannot be {price!r}.", hint="Use a number that is 0 or more.")
        if self.batch > 1:
            raise ConfigurationError(
                f"batch is a share of the other prices, so it cannot be {self.batch!r}.",
                hint="For half of them, use 0.5.",
            )

    def in_batches(self) -> "Prices":
        """Return the prices of requests in batches. Their order is open, so nothing counts as cached."""
        return Prices(self.batch * self.prompt, self.batch * self.completion)

    def price_of(self, cost: Cost) -> float:
        """Return the price of ``cost``."""
        cached_price = self.prompt if self.cached is None else self.cached
        uncached = cost.prompt - cost.cached
        return (uncached * self.prompt + cost.cached * cached_price + cost.completion * self.completion) / 1_000_000


def read_prices(path: Path, model: str | None) -> Prices | None:
    """Read the prices for ``model`` from a TOML file. Without a model, check them all and return None.

    A table with the model's name holds ``in``, ``out`` and optionally ``cached``: prices of a million tokens sent,
    received, or sent and cached. ``batch`` is the share of them that requests in batches cost, by default 0.5. The same
    keys outside a table apply to every model without one.

    Raises:
        ConfigurationError: The file cannot be read, is not TOML, or lacks prices for ``model``.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigurationError(f"The price file {path} cannot be read: {error.strerror or error}.") from error
    except ValueError as error:  # invalid TOML or UTF-8
        raise ConfigurationError(f"The price file {path} is not TOML: {describe_fault(error)[1]}.") from error
    if model is None:
        for name in (name for name, table in content.items() if isinstance(table, Mapping)):
            _prices_for(name, content, path)
        return None
    return _prices_for(model, content, path)


def _prices_for(model: str, content: Mapping[str, Any], path: Path) -> Prices:
    table = content[model] if isinstance(content.get(model), Mapping) else content
    prices = {name: value for name, value in table.items() if not isinstance(value, Mapping)}
    if not prices:
        hint = f"It has prices for: {', '.join(content) or 'none'}."
        raise ConfigurationError(f"The price file {path} has no prices for {model}.", hint=hint)
    faults = {"lack": {"in", "out"} - prices.keys(), "have unknown fields": prices.keys() - _PRICE_FIELDS.keys()}
    for fault, names in faults.items():
        if names:
            message = f"The prices for {model} in {path} {fault}: {', '.join(sorted(names))}."
            raise ConfigurationError(message, hint="The fields are in, out, cached and batch.")
    return Prices(**{_PRICE_FIELDS[name]: price for name, price in prices.items()})


@dataclass(frozen=True, slots=True)
class _Scenario:
    """Assumptions of one column of an estimate."""

    reply_length: float
    """Factor for the predicted length of a reply; the recorded replies had 0.84 to 1.28."""
    problems: int = 1
    """Problems in a repair request."""
    kept_issues: float = 0.85
    """Share of the issues that remain after a round of grouping: 72 of 85 in two recordings of a debate."""
    reworded: float = 0.05
    """Share of the checked statements that are reworded, with three sentences each."""
    is_worst: bool = False
    """Whether replies reach their limit, nothing is cached, and the schema counts."""


_LOW, _LIKELY = _Scenario(0.7, reworded=0), _Scenario(1.0)
_WORST = _Scenario(
    2.0, problems=20, kept_issues=0.9, reworded=1, is_worst=True
)  # the limits of the repair and of the grouping


@dataclass(frozen=True, slots=True)
class _PlannedRequest:
    """A request that would be sent, in tokens."""

    prompt: float
    reply: float
    schema: str
    """Name of the reply's schema."""
    sentences: float = 0
    """The part of ``prompt`` with the sentences of a chunk."""
    shared: float = 0
    """The part of ``prompt`` that an earlier request began with."""
    is_cut_off: bool = False
    """Whether the reply exceeds its limit, so that the rest of the chunk is requested again."""


def estimate_article(
    engine: Engine, reading: Reading, analysis: Analysis, *, is_stored: Callable[[Request], bool] = lambda _: False
) -> Estimate:
    """Estimate the cost of one brief.

    A request whose reply ``is_stored`` costs nothing, but ``at_most`` includes its repairs.
    """
    if not isinstance(engine, LLMEngine):
        return Estimate(articles=1, chunks=1, notes=("The built-in engine sends no requests and costs nothing.",))
    return _Estimator(engine).estimate(reading, ExtractionContext(reading, analysis, engine.codebook), is_stored)


class _Estimator:
    """Estimates of one `LLMEngine`."""

    def __init__(self, engine: LLMEngine) -> None:
        self.engine = engine
        self.reply_limit = engine.model.max_tokens

    def estimate(self, reading: Reading, context: ExtractionContext, is_stored: Callable[[Request], bool]) -> Estimate:
        chunks, fit = self.engine.split(reading)
        pending: list[_PlannedRequest] = []
        stored: list[_PlannedRequest] = []
        opening = 0  # the first request shares nothing
        for request, planned in self._chunk_requests(chunks, context, fit.layout):
            (stored if is_stored(request) else pending).append(replace(planned, shared=opening))
            opening = count_messages(request.messages[:1])
        replies = [request.reply for request in [*pending, *stored] if not request.is_cut_off]

        def cost(scenario: _Scenario) -> tuple[list[Cost], list[Cost]]:
            whole = self._whole_article_requests(replies, reading.article.title or "(none)", scenario)
            checks = chain.from_iterable(self._checks(request, scenario) for request in [*pending, *stored])
            costs = [self._cost(request, scenario) for request in [*pending, *whole, *checks]]
            return [first for first, _ in costs], [repair for _, repair in costs]

        (low, _), (likely, likely_repairs), (worst, worst_repairs) = map(cost, (_LOW, _LIKELY, _WORST))
        worst_repairs += [self._cost(request, _WORST)[1] for request in stored]
        repairs = self.engine.repairs
        estimate = Estimate(
            articles=1,
            chunks=len(chunks),
            stored_replies=len(stored),
            low=_sum(low),
            unrepaired=_sum(likely),
            repairs=_sum(likely_repairs).scale(sum(REPAIR_RATE**number for number in range(1, repairs + 1))),
            at_most=replace(_sum(worst) + _sum(worst_repairs).scale(repairs), cached=0),
            opening=opening,
            notes=self._notes(is_split=any(request.is_cut_off for request in pending)),
        )
        return self._apply_budget(estimate, [*worst, *worst_repairs])

    def _chunk_requests(
        self, chunks: Iterable[Chunk], context: ExtractionContext, layout: Layout, most: int = MAX_REQUESTS
    ) -> Iterator[tuple[Request, _PlannedRequest]]:
        """Yield the first request about each chunk. If its reply is too long, those about the rest follow."""
        for chunk in chunks:
            request = first_request(chunk, context, self.engine.templates, layout)
            prompt = count_messages(request.messages) + REPLY_START_TOKENS
            sentences = sum(map(line_tokens, chunk.lines))
            reply = predict_reply(sentences, len(chunk.sentences))
            is_cut_off = self.reply_limit is not None and reply > _RETRY_FACTOR * self.reply_limit
            yield request, _PlannedRequest(prompt, reply, "extract", sentences, is_cut_off=is_cut_off)
            if self.reply_limit is not None and is_cut_off and most > 1:
                done = max(1, int(len(chunk.sentences) * _RETRY_FACTOR * self.reply_limit / reply))
                if rest := chunk.select(chunk.numbers[done:]):
                    smaller = layout_of_part(rest, chunk, context, layout)
                    yield from self._chunk_requests([rest], context, smaller, most - 1)

    def _whole_article_requests(
        self, replies: Sequence[float], title: str, scenario: _Scenario
    ) -> Iterator[_PlannedRequest]:
        """Predict the requests about an article in several chunks, from the length of the replies about these."""
        if len(replies) < 2:
            return
        limit, length = self.engine.chunk_tokens, scenario.reply_length
        total = sum(replies) * length
        frame = _count_frame(self.engine.templates["group"], title)
        issues, claims = _ISSUES_RATE * total, _CLAIMS_RATE * total
        while True:  # in rounds, as in `Consolidation`
            requests = max(1, math.ceil((issues + claims) / limit))
            listed = (issues + claims) / requests
            yield from [_PlannedRequest(frame + listed, _GROUPING_RATE * listed / length, "group")] * requests
            if requests == 1:
                break
            issues, claims = issues * scenario.kept_issues, 0
        frame, gists = _count_frame(self.engine.templates["gist"], title), len(replies)
        most_gists = max(2, int(limit / (_GIST_PART * length)))
        while gists > 1:
            requests = math.ceil(gists / most_gists)
            prompt = frame + (_GIST_ISSUES + gists / requests * _GIST_PART) * length
            yield from [_PlannedRequest(prompt, _GIST_REPLY, "gist")] * requests
            gists = requests

    def _checks(self, chunk: _PlannedRequest, scenario: _Scenario) -> Iterator[_PlannedRequest]:
        """Predict the requests that check the statements of a chunk, and check those again that are reworded."""
        if self.engine.verifier is None or chunk.is_cut_off:
            return

        def request(share: float, faulty: float) -> _PlannedRequest:
            statements = share * chunk.reply
            prompt = _count_frame(self.engine.templates["support"]) + min(1, 3 * share) * _CITED * chunk.sentences
            prompt += _STATEMENTS * statements * scenario.reply_length
            return _PlannedRequest(prompt, _VERDICTS + _OBJECTION * faulty * statements, "support")

        yield request(1, scenario.reworded)
        if scenario.reworded:
            yield request(scenario.reworded, scenario.reworded if scenario.is_worst else 0)

    def _cost(self, request: _PlannedRequest, scenario: _Scenario) -> tuple[Cost, Cost]:
        """Return the costs of a request and of its repair, which repeats both messages; both replies are as long."""
        attempts, reply = 1, request.reply * scenario.reply_length
        received = reply
        model = self.engine.verifier if request.schema in VERIFYING_PROMPTS else self.engine.model
        limit = model.max_tokens if model else None
        if limit and (request.is_cut_off or scenario.is_worst):  # the first attempt ends at the limit
            attempts, reply = 2, _RETRY_FACTOR * limit
            received = limit + reply
        prompt = request.prompt + (_count_schema(request.schema) if scenario.is_worst else 0)
        first = Cost(calls=1, prompt=attempts * prompt, cached=request.shared, completion=received)
        if scenario.is_worst and request.schema == "extract":  # its reply and those about the rest are cut off
            rest = first.scale(MAX_COST - 1)
            whole = replace(first + rest, calls=MAX_REQUESTS)
        else:
            whole = first
        if request.is_cut_off:
            return first, Cost()
        problems = count_messages(self.engine.templates["repair"].fill(problems=""))
        prompt += MESSAGE_TOKENS + reply + problems + scenario.problems * _PROBLEM_TOKENS
        return whole, replace(first, repairs=1, prompt=attempts * prompt, cached=request.prompt)

    def _apply_budget(self, estimate: Estimate, requests: Sequence[Cost]) -> Estimate:
        """Limit an estimate to the budget's calls and tokens. ``requests`` are the parts of ``at_most``."""
        budget, at_most = self.engine.budget, estimate.at_most
        prompt = max((request.prompt for request in requests), default=0)
        completion = max((request.completion for request in requests), default=0)
        if (calls := budget.calls) is not None:
            at_most = at_most.limit_to(Cost(calls, calls - 1, calls * prompt, 0, calls * completion))
        if budget.tokens is not None:  # requests in progress may exceed it
            tokens = budget.tokens + self.engine.chunk_concurrency * (prompt + completion)
            at_most = at_most.limit_to(replace(at_most, prompt=tokens, completion=tokens))
        notes = estimate.notes
        if at_most != estimate.at_most:
            notes = (*notes, "The budget stops an article before that.")
        unrepaired = estimate.unrepaired.stop_at(budget).limit_to(at_most)
        return replace(
            estimate,
            low=estimate.low.stop_at(budget).limit_to(unrepaired),
            unrepaired=unrepaired,
            repairs=estimate.repairs if unrepaired == estimate.unrepaired else Cost(),
            at_most=at_most,
            notes=notes,
        )

    def _notes(self, *, is_split: bool) -> tuple[str, ...]:
        count, limit = self.engine.repairs, self.reply_limit
        repairs = {0: "no repair", 1: "one repair of each reply"}.get(count, f"{count} repairs of each reply")
        replies = f"replies {_WORST.reply_length:g} times as long as likely"
        if limit:
            replies = f"replies that need twice their limit of {limit} tokens"
        notes = [
            f"At most assumes {repairs}, {replies}, no cache, and a server that counts the JSON schema.",
            f"It includes cut-off replies: {MAX_REQUESTS} requests about a chunk, {MAX_COST} times the tokens of one.",
            "Hidden reasoning is charged as completion and is not included.",
        ]
        if self.engine.context is None:
            notes.append("A context shorter than a request and its reply means more requests; set it to include them.")
        if self.engine.verifier not in (None, self.engine.model):
            notes.append("The tokens of the model that checks the statements are included.")
        if is_split:
            notes.append(
                f"Replies are likely to exceed their limit of {limit} tokens: what they hold is kept, and "
                f"the rest is requested again, with at most {MAX_REQUESTS} requests about a chunk."
            )
        return tuple(notes)


def _sum(costs: Iterable[Cost]) -> Cost:
    return sum(costs, Cost())


@lru_cache
def _count_schema(name: str) -> int:
    return count_tokens(json.dumps(load_schema(name)))


def _count_frame(prompt: Prompt, title: str = "") -> int:
    """Count the tokens of a request with empty lists."""
    empty = dict.fromkeys(prompt.variables, "") | ({"title": title} if title else {})
    return sum(count_tokens(message.content) for message in prompt.fill(**empty))
