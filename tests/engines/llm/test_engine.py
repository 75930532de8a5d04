"""Chunks are requested concurrently, and a failed chunk does not affect others."""

import asyncio
import json
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest

from summarizer.article import Article, read
from summarizer.attribution import analyse
from summarizer.engines import (
    Chunk,
    EngineResult,
    Event,
    ExtractionContext,
    LLMEngine,
    OnEvent,
    load_prompts,
    split_into_chunks,
)
from summarizer.engines.base import ChunkFailure
from summarizer.errors import ContextTooLong, ModelError, ReplyCutOff, ServerFailed
from summarizer.models import Budget, Model, Reply, Request, UsageTracker
from summarizer.testing import CallbackModel, ScriptedModel
from summarizer.usage import Usage

NOTHING = json.dumps({"holders": [], "issues": [], "positions": [], "open_questions": [], "gist": None})


@dataclass
class Run:
    """The result of a run, and its usage."""

    result: EngineResult
    tracker: UsageTracker

    @property
    def failures(self) -> tuple[ChunkFailure, ...]:
        return self.result.failures


async def ask(
    context: ExtractionContext,
    model: Model,
    *,
    chunk_tokens: int = 6_000,
    repairs: int = 0,
    concurrency: int = 4,
    budget: Budget | None = None,
    on_event: OnEvent | None = None,
) -> Run:
    """Run the engine on an article."""
    engine = LLMEngine(
        model,
        load_prompts(),
        chunk_tokens=chunk_tokens,
        repairs=repairs,
        chunk_concurrency=concurrency,
        budget=budget or Budget(),
    )
    tracker = UsageTracker()
    return Run(await engine.run(context.reading, context.analysis, tracker, on_event=on_event), tracker)


ask_many = partial(ask, chunk_tokens=50)


@pytest.fixture(scope="module")
def long() -> ExtractionContext:
    """Return the context of an article with several thousand characters, which fits one chunk."""
    paragraphs = [f"The council met {n} times, Anna Berg said. Nobody else came to see it." for n in range(100)]
    reading = read(Article.from_text("Bridge must go\n\n" + "\n\n".join(paragraphs)))
    return ExtractionContext(reading, analyse(reading))


def too_long_above(characters: int) -> CallbackModel:
    """Return a model that rejects requests with more characters of the article."""

    def answer(request: Request) -> str | Exception:
        return ContextTooLong("Too long.") if len(request.messages[1].content) > characters else NOTHING

    return CallbackModel(answer)


async def test_chunk_too_long_for_the_model_is_split_until_it_fits(long: ExtractionContext) -> None:
    context = long
    model = too_long_above(3_000)
    extracted = await ask(context, model)
    assert extracted.failures == ()
    assert extracted.tracker.splits == extracted.result.chunks - 1 > 2
    shown = [request.messages[1].content for request in model.requests if len(request.messages[1].content) <= 3_000]
    for sentence in context.reading.sentences:
        assert sum(f"[{sentence.number}] " in content for content in shown) == 1


async def test_chunk_whose_reply_was_cut_off_is_requested_in_halves(long: ExtractionContext) -> None:
    context = long
    replies = [Reply("{", finish_reason="length"), NOTHING, NOTHING]
    extracted = await ask(context, ScriptedModel(replies))
    assert (extracted.result.chunks, extracted.tracker.splits, extracted.failures) == (2, 1, ())


async def test_model_that_rejects_all_lengths_fails_after_a_few_requests(long: ExtractionContext) -> None:
    context = long
    model = CallbackModel(lambda _: ContextTooLong("Too long for this model."))
    extracted = await ask(context, model)
    assert extracted.result.chunks == 0
    for failure in extracted.failures:
        assert str(failure.error).startswith("Too long for this model. This article needs a context of ")
    sizes = [sum(len(message.content) for message in request.messages) for request in model.requests]
    assert all(after < before for before, after in pairwise(sizes))
    assert len(sizes) <= 8


async def test_cut_off_reply_to_a_short_chunk_is_a_failure(context: ExtractionContext) -> None:
    extracted = await ask(context, ScriptedModel([Reply("{", finish_reason="length")]))
    assert isinstance(extracted.failures[0].error, ReplyCutOff)


@pytest.mark.parametrize(("budget", "words"), [(Budget(calls=2), "2 calls"), (Budget(tokens=25), "25 tokens")])
async def test_budget_ends_the_run_and_keeps_finished_chunks(
    many: tuple[Chunk, ...], context: ExtractionContext, budget: Budget, words: str
) -> None:
    model = CallbackModel(lambda _: Reply(NOTHING, usage=Usage(10, 0, 3)))
    extracted = await ask_many(context, model, budget=budget, concurrency=1)
    assert len(model.requests) == extracted.result.chunks == 2
    assert len(extracted.failures) == len(many) - 2
    assert extracted.tracker.limit == words


async def test_budget_of_time_cancels_the_running_request(context: ExtractionContext) -> None:
    class Slow(Model):
        name = "slow"

        async def complete(self, request: Request) -> Reply:
            await asyncio.sleep(60)
            raise AssertionError

    extracted = await ask(context, Slow(), budget=Budget(seconds=0.05))
    assert extracted.tracker.limit == "0.05 seconds"


async def test_time_of_a_budget_starts_with_the_first_request(
    context: ExtractionContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr("summarizer.models.budget.time", SimpleNamespace(monotonic=lambda: clock[0]))
    tracker = UsageTracker()
    clock[0] += 200  # as for an article that takes long to read
    engine = LLMEngine(ScriptedModel([NOTHING]), load_prompts(), repairs=0, budget=Budget(seconds=100))
    extracted = Run(await engine.run(context.reading, context.analysis, tracker), tracker)
    assert (extracted.result.chunks, extracted.tracker.limit) == (1, None)


async def test_budget_reached_before_a_repair_keeps_the_first_reply(
    context: ExtractionContext, sound: dict[str, Any]
) -> None:
    sound["positions"][0]["sentences"] = [99]
    extracted = await ask(context, ScriptedModel([json.dumps(sound)]), repairs=1, budget=Budget(calls=1))
    assert len(extracted.result.findings.positions) == 1
    assert (extracted.tracker.limit, extracted.tracker.repairs) == ("1 calls", 0)


async def test_concurrent_requests_do_not_exceed_the_budget(
    context: ExtractionContext,
) -> None:
    model = CallbackModel(lambda _: ServerFailed("The server broke."))
    extracted = await ask_many(context, model, budget=Budget(calls=2), concurrency=8)
    assert (len(model.requests), extracted.tracker.limit) == (2, "2 calls")


async def test_model_learns_whether_replies_fit_the_schema(context: ExtractionContext) -> None:
    model = ScriptedModel(["Here you are!", NOTHING])
    await ask(context, model, repairs=1)
    assert model.fits == [False, True]


async def test_request_is_repeated_when_the_output_form_changes(context: ExtractionContext) -> None:
    class Changing(ScriptedModel):
        def note_reply(self, reply: Reply, *, fits: bool) -> bool:
            super().note_reply(reply, fits=fits)
            return self.fits == [False, False]

    model = Changing(["Sorry.", "Sorry again.", NOTHING])
    extracted = await ask(context, model, repairs=1)
    assert extracted.result.chunks == 1
    assert model.requests[2] == model.requests[0]


async def test_wrong_claims_are_no_schema_mismatch(context: ExtractionContext, sound: dict[str, Any]) -> None:
    sound["positions"][0]["sentences"] = [99]
    model = ScriptedModel([json.dumps(sound)])
    await ask(context, model)
    assert model.fits == [True]


async def test_usage_of_a_failed_request_is_counted(context: ExtractionContext) -> None:
    error = ServerFailed("The server broke.", usage=Usage(100, 0, 5), attempts=3)
    account = (await ask(context, ScriptedModel([error]))).tracker
    assert (account.usage, account.retries, account.calls) == (Usage(100, 0, 5), 2, 0)


@pytest.fixture
def many(context: ExtractionContext) -> tuple[Chunk, ...]:
    found = split_into_chunks(context.reading, chunk_tokens=50)
    assert len(found) > 3
    return found


async def test_each_chunk_is_requested_once(many: tuple[Chunk, ...], context: ExtractionContext) -> None:
    model = CallbackModel(lambda request: Reply(NOTHING, usage=Usage(10, 4, 2), retries=1))
    extracted = await ask_many(context, model)
    assert len(model.requests) == len(many) == extracted.result.chunks
    account = extracted.tracker
    assert (account.calls, account.retries, account.usage) == (
        len(many),
        len(many),
        Usage(*(n * len(many) for n in (10, 4, 2))),
    )


async def test_failed_chunk_is_reported_and_others_kept(many: tuple[Chunk, ...], context: ExtractionContext) -> None:
    def answer(request: Request) -> str | Exception:
        return ServerFailed("The server broke.") if "[3] " in request.messages[1].content else NOTHING

    extracted = await ask_many(context, CallbackModel(answer))
    (failure,) = extracted.failures
    assert failure.first_sentence <= 3 <= failure.last_sentence
    assert failure.to_failed_chunk().error == "The server broke."
    assert extracted.result.chunks == len(many) - 1


async def test_concurrency_of_chunks_is_limited(context: ExtractionContext) -> None:
    class Counting(Model):
        name = "counting"
        now = most = 0

        async def complete(self, request: Request) -> Reply:
            self.now += 1
            self.most = max(self.most, self.now)
            await asyncio.sleep(0.001)
            self.now -= 1
            return Reply(NOTHING)

    model = Counting()
    await ask_many(context, model, concurrency=2)
    assert model.most == 2


async def test_each_chunk_has_events(many: tuple[Chunk, ...], context: ExtractionContext) -> None:
    seen: list[Event] = []
    model = CallbackModel(lambda _: Reply(NOTHING, usage=Usage(10, 0, 1)))
    await ask_many(context, model, on_event=seen.append, concurrency=1)
    assert [event.kind for event in seen] == ["requested", "replied", "done"] * len(many) + ["grouping", "gist"]
    assert [event.done for event in seen if event.kind == "done"] == list(range(1, len(many) + 1))
    assert seen[-1].usage.total == 11 * len(many)


async def test_repair_has_an_event(context: ExtractionContext) -> None:
    seen: list[Event] = []
    asked = await ask(context, ScriptedModel(["no", NOTHING]), repairs=1, on_event=seen.append)
    assert (asked.tracker.calls, asked.tracker.repairs) == (2, 1)
    assert [event.kind for event in seen] == ["requested", "replied", "repairing", "replied", "done"]


async def test_usage_of_a_cancelled_request_is_counted(context: ExtractionContext) -> None:
    class Slow(Model):
        name = "slow"

        async def complete(self, request: Request) -> Reply:
            try:
                await asyncio.sleep(60)
            finally:
                request.report_usage(Usage(prompt=40))
            raise AssertionError

    extracted = await ask(context, Slow(), concurrency=1, budget=Budget(seconds=0.05))
    assert (extracted.tracker.limit, extracted.tracker.usage.prompt) == ("0.05 seconds", 40)


async def test_timeout_of_the_model_is_not_a_budget_error(context: ExtractionContext) -> None:
    extracted = await ask(context, ScriptedModel([TimeoutError()]), budget=Budget(seconds=60))
    assert extracted.tracker.limit is None
    assert isinstance(extracted.failures[0].error.__cause__, TimeoutError)


async def test_cut_off_reply_does_not_count_as_a_schema_mismatch(
    context: ExtractionContext,
) -> None:
    model = ScriptedModel([Reply("{", finish_reason="length")])
    await ask(context, model, concurrency=1)
    assert model.fits == []


async def test_waits_of_a_failed_request_are_counted(context: ExtractionContext) -> None:
    model = ScriptedModel(ServerFailed("The server broke.", attempts=3, waited=2.5))
    extracted = await ask(context, model, concurrency=1)
    assert (extracted.tracker.waited, extracted.tracker.retries) == (2.5, 2)


async def test_unknown_error_of_a_model_fails_one_chunk_without_its_message(
    many: tuple[Chunk, ...], context: ExtractionContext
) -> None:
    class VendorError(Exception):
        pass

    first = f"[{many[1].numbers[0]}] "

    def answer(request: Request) -> Reply:
        if f"\n{first}" not in request.messages[-1].content:
            return Reply(NOTHING)
        request.report_usage(Usage(prompt=40))
        raise VendorError("hush")

    model = CallbackModel(answer)
    extracted = await ask_many(context, model)
    (failure,) = extracted.failures
    assert (failure.first_sentence, extracted.result.chunks) == (many[1].numbers[0], len(many) - 1)
    assert "CallbackModel.complete() failed with VendorError" in str(failure.error)
    assert "hush" not in str(failure.error)
    assert isinstance(failure.error.__cause__, VendorError)
    assert extracted.tracker.usage.prompt == 40


async def test_failed_repair_keeps_the_first_reply(context: ExtractionContext, sound: dict[str, Any]) -> None:
    sound["positions"][0]["sentences"] = [99]
    model = ScriptedModel([json.dumps(sound), ServerFailed("The server broke.")])
    extracted = await ask(context, model, repairs=1)
    assert len(extracted.result.findings.positions) == 1
    assert extracted.failures == ()


async def test_error_keeps_its_kind(context: ExtractionContext) -> None:
    extracted = await ask(context, ScriptedModel([ServerFailed("The server broke.", status=500)]))
    (failure,) = extracted.failures
    assert isinstance(failure.error, ModelError)
    assert failure.error.status == 500
