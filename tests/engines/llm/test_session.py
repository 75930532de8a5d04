"""A session sends requests and repairs within the budget."""

import asyncio
import threading
from dataclasses import replace

import pytest

from summarizer.engines import count_messages, load_prompts
from summarizer.engines.llm.session import THREAD_THRESHOLD, CustomModelError, ModelSession, ReadReply, run_all
from summarizer.errors import ReplyCutOff, ReplyError
from summarizer.models import Message, Reply, Request, UsageTracker
from summarizer.testing import CallbackModel, ScriptedModel
from summarizer.usage import Usage
from tests.timing import HOLD, await_until, ends_early

REQUEST = Request((Message("user", "What is it?"),), "answer", {})
PROMPTS = load_prompts()


class Cache:
    """A cache of replies in memory."""

    def __init__(self) -> None:
        self.replies: list[tuple[Request, Reply]] = []

    async def get(self, request: Request) -> Reply | None:
        return next((reply for known, reply in self.replies if known == request), None)

    async def put(self, request: Request, reply: Reply) -> None:
        self.replies.append((request, reply))

    async def discard(self, request: Request) -> None:
        self.replies = [each for each in self.replies if each[0] != request]


def long_session(length: int) -> ModelSession:
    """Return a session whose model replies with ``length`` characters."""
    return ModelSession(CallbackModel(lambda _: Reply("x" * length)), PROMPTS, UsageTracker(), repairs=0)


@pytest.mark.parametrize(("length", "in_thread"), [(THREAD_THRESHOLD, False), (THREAD_THRESHOLD + 1, True)])
async def test_long_reply_is_read_in_a_thread(length: int, in_thread: bool) -> None:
    def read(text: str) -> ReadReply[tuple[int, bool]]:
        return ReadReply((len(text), threading.current_thread() is not threading.main_thread()))

    assert await long_session(length).ask(REQUEST, read) == (length, in_thread)


async def test_error_of_the_reader_in_a_thread_is_raised_unchanged() -> None:
    def read(_: str) -> ReadReply[None]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await long_session(THREAD_THRESHOLD + 1).ask(REQUEST, read)


async def test_cancellation_does_not_wait_for_the_thread() -> None:
    over, begun = threading.Event(), threading.Event()

    def read(_: str) -> ReadReply[str]:
        begun.set()
        over.wait(HOLD)
        return ReadReply("late")

    task = asyncio.create_task(long_session(THREAD_THRESHOLD + 1).ask(REQUEST, read))
    await await_until(begun.is_set)
    task.cancel()
    with ends_early(), pytest.raises(asyncio.CancelledError):
        await task
    over.set()


def no_cats(text: str) -> ReadReply[str]:
    return ReadReply(None, ["cat: not allowed"], "not allowed") if "cat" in text else ReadReply(text)


async def test_cached_reply_is_not_requested_again() -> None:
    cache, tracker = Cache(), UsageTracker()
    model = ScriptedModel(["a dog"])
    for _ in range(2):
        session = ModelSession(model, PROMPTS, tracker, cache=cache, repairs=0)
        assert await session.ask(REQUEST, no_cats) == "a dog"
    assert (len(model.requests), tracker.calls) == (1, 2)


async def test_unusable_replies_and_their_repairs_are_evicted() -> None:
    cache = Cache()
    session = ModelSession(ScriptedModel(["a cat", "a cat again"]), PROMPTS, UsageTracker(), cache=cache)
    with pytest.raises(ReplyError, match="not allowed"):
        await session.ask(REQUEST, no_cats)
    assert cache.replies == []


@pytest.mark.parametrize(
    ("text", "limit", "words"),
    [
        ("a c", None, r"cut off at the model's limit\. Allow longer replies \(reply_tokens=…\)"),
        ("a c", 50, r"cut off at the model's limit\. Allow longer replies \(max_tokens=…\)"),
        (" ", None, r"reached its limit while reasoning.*reasoning off.*reply_tokens=…"),
    ],
)
async def test_error_of_a_cut_off_reply_names_what_sets_its_length(text: str, limit: int | None, words: str) -> None:
    model = ScriptedModel([Reply(text, finish_reason="length")])
    model.max_tokens = limit
    with pytest.raises(ReplyCutOff, match=words):
        await ModelSession(model, PROMPTS, UsageTracker()).ask(REQUEST, lambda _: ReadReply(None, fits=False))


async def test_error_of_a_reply_cut_off_far_below_its_limit_names_the_length_of_chunks() -> None:
    model = ScriptedModel([Reply("a c", finish_reason="length", usage=Usage(100, 0, 300))])
    session = ModelSession(model, PROMPTS, UsageTracker(), reply_tokens=9_000)
    words = r"The server cut off the reply after 300 tokens, although 9,000 were allowed\. .*\(chunk_tokens=…\)"
    with pytest.raises(ReplyCutOff, match=words):
        await session.ask(REQUEST, lambda _: ReadReply(None, fits=False))


@pytest.mark.parametrize(("name", "stays"), [("extraction", True), ("support", False)])
async def test_cut_off_reply_stays_in_the_cache_if_its_chunk_is_split(name: str, stays: bool) -> None:
    cache = Cache()
    session = ModelSession(ScriptedModel([Reply("a c", finish_reason="length")]), PROMPTS, UsageTracker(), cache=cache)
    with pytest.raises(ReplyCutOff):
        await session.ask(replace(REQUEST, schema_name=name), lambda _: ReadReply(None, ["incomplete"], fits=False))
    assert len(cache.replies) == stays


async def test_results_have_the_order_of_the_calls() -> None:
    async def wait(seconds: float) -> float:
        await asyncio.sleep(seconds)
        return seconds

    delays = [0.02, 0.0, 0.01]
    assert await run_all(wait(delay) for delay in delays) == delays


@pytest.mark.parametrize("count", [1, 3])
async def test_first_error_of_concurrent_calls_is_raised_without_a_group(count: int) -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await run_all(fail() for _ in range(count))


async def test_assertion_error_of_a_model_fails_its_request_only() -> None:
    session = ModelSession(CallbackModel(lambda _: AssertionError("odd")), PROMPTS, UsageTracker())
    with pytest.raises(CustomModelError) as caught:
        await session.ask(REQUEST, no_cats)
    assert isinstance(caught.value.__cause__, AssertionError)


async def test_failed_assertion_of_a_test_is_not_hidden_by_an_earlier_reply() -> None:
    session = ModelSession(ScriptedModel("a cat"), PROMPTS, UsageTracker())
    with pytest.raises(AssertionError, match="at its end"):
        await session.ask(REQUEST, lambda text: ReadReply(text, ["cat: not allowed"]))


# The limit of a reply


async def limit_sent(
    request: Request, *, reply_tokens: int | None = None, needs_limit: bool = True, context: int | None = None
) -> int | None:
    model = CallbackModel(lambda _: Reply("yes"))
    model.needs_reply_limit = needs_limit
    session = ModelSession(model, PROMPTS, UsageTracker(), reply_tokens=reply_tokens, context=context)
    await session.ask(request, ReadReply)
    return model.requests[0].max_reply_tokens


async def test_each_request_has_a_limit_on_its_reply() -> None:
    short, long = (Request((Message("user", text),), "answer", {}) for text in ("Who?", "Who said it?\n" * 500))
    assert 400 < (await limit_sent(short) or 0) < (await limit_sent(long) or 0)
    assert await limit_sent(replace(short, max_reply_tokens=77)) == 77


async def test_limit_leaves_room_for_the_prompt_in_the_context() -> None:
    long = Request((Message("user", "Who said it?\n" * 500),), "answer", {})
    limit = await limit_sent(long, context=4_096)
    assert limit is not None
    assert 256 < limit < 4_096 - count_messages(long.messages)
    assert await limit_sent(long, context=100_000) == await limit_sent(long)
    assert await limit_sent(long, context=4_096, reply_tokens=4_000) == 4_000


async def test_set_limit_has_precedence_over_that_of_the_request() -> None:
    assert await limit_sent(replace(REQUEST, max_reply_tokens=77), reply_tokens=9) == 9


async def test_model_without_need_of_a_limit_gets_only_a_set_one() -> None:
    assert await limit_sent(REQUEST, needs_limit=False) is None
    assert await limit_sent(REQUEST, needs_limit=False, reply_tokens=9) == 9
