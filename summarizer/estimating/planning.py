"""The requests that a brief would take: those about chunks as they would be sent, those about the whole as expected."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from summarizer.article import Chunk
from summarizer.article.numbered import line_tokens
from summarizer.article.tokens import count_tokens
from summarizer.engines.llm import Prompt, extraction_steps
from summarizer.engines.llm.prompts import load_schema
from summarizer.estimating.estimate import Cost, Estimate
from summarizer.estimating.replies import LIKELY, LOW, MOST, PROBLEM, REPAIRED, Case, reply_tokens
from summarizer.estimating.whole import about_the_whole
from summarizer.models.base import Message, Request
from summarizer.models.budget import Budget
from summarizer.verification import GroundingContext

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
    chunks: Sequence[Chunk], given: GroundingContext, plan: Plan, answered: AlreadyAnswered = lambda _: False
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
    chunks: Sequence[Chunk], given: GroundingContext, plan: Plan
) -> Iterator[tuple[Request, float, bool]]:
    """The first request about each chunk, the tokens of its reply, and whether that is more than it may have.

    A chunk whose reply is too long is asked about in halves after that.
    """
    for chunk in chunks:
        request = next(extraction_steps(chunk, given, plan.prompts))
        reply = reply_tokens(sum(map(line_tokens, chunk.lines)), len(chunk.sentences))
        cut_off = plan.limit is not None and reply > _RAISED * plan.limit
        yield request, reply, cut_off
        if cut_off and chunk.divisible:
            yield from _about_chunks(chunk.halves(), given, plan)


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
