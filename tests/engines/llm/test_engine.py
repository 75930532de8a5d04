"""Chunks go to a model side by side, and one that fails costs no other."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest

from summarizer.article import Article, read
from summarizer.engines import Chunk, split_into_chunks
from summarizer.attribution import analyse
from summarizer.engines import Event
from summarizer.engines.llm import ExtractionResult, ModelSession, load_prompts
from summarizer.engines.llm import extract as extract_by
from summarizer.errors import ConfigurationError, ContextTooLong, ModelError, ReplyCutOff, ServerFailed
from summarizer.models import Model, Reply, Request
from summarizer.models.budget import Budget
from summarizer.testing import CallbackModel, ScriptedModel
from summarizer.usage import Usage
from summarizer.verification import GroundingContext

NOTHING = json.dumps({"holders": [], "issues": [], "positions": [], "open_questions": [], "gist": None})


async def extract(
    chunks: Sequence[Chunk],
    given: GroundingContext,
    model: Model,
    *rest: Any,
    budget: Budget | None = None,
    **options: Any,
) -> ExtractionResult:
    """What the chunks give, asked of ``model``."""
    return await extract_by(chunks, given, ModelSession(model, budget or Budget()), *rest, **options)


@pytest.fixture(scope="module")
def long() -> tuple[GroundingContext, Chunk]:
    """One chunk of several thousand characters."""
    paragraphs = [f"The council met {n} times, Anna Berg said. Nobody else came to see it." for n in range(100)]
    reading = read(Article.from_text("Bridge must go\n\n" + "\n\n".join(paragraphs)))
    (chunk,) = split_into_chunks(reading)
    return GroundingContext.of(reading, analyse(reading)), chunk


def too_long_above(characters: int) -> CallbackModel:
    """A model that takes no more than so many characters of the article."""

    def answer(request: Request) -> str | Exception:
        return ContextTooLong("Too long.") if len(request.messages[1].content) > characters else NOTHING

    return CallbackModel(answer)


async def test_a_chunk_too_long_for_the_model_is_cut_in_two_until_it_fits(long: tuple[GroundingContext, Chunk]) -> None:
    given, chunk = long
    model = too_long_above(3_000)
    extracted = await ask((chunk,), given, model)
    assert extracted.failures == ()
    assert extracted.account.splits == len(extracted.findings) - 1 > 2
    shown = [request.messages[1].content for request in model.requests if len(request.messages[1].content) <= 3_000]
    for sentence in chunk.sentences:
        assert sum(f"[{sentence.number}] " in content for content in shown) == 1


async def test_a_reply_that_was_cut_off_is_asked_for_in_halves(long: tuple[GroundingContext, Chunk]) -> None:
    given, chunk = long
    replies = [Reply("{", finish_reason="length"), NOTHING, NOTHING]
    extracted = await ask((chunk,), given, ScriptedModel(replies))
    assert (len(extracted.findings), extracted.account.splits, extracted.failures) == (2, 1, ())


async def test_a_model_that_takes_nothing_is_a_clear_failure_after_a_few_requests(
    long: tuple[GroundingContext, Chunk],
) -> None:
    given, chunk = long
    model = CallbackModel(lambda _: ContextTooLong("Too long for this model."))
    extracted = await ask((chunk,), given, model)
    assert extracted.findings == ()
    assert {str(failure.error) for failure in extracted.failures} == {"Too long for this model."}
    assert len(model.requests) < 20


async def test_a_cut_off_reply_that_cannot_be_halved_is_a_failure(chunk: Chunk, given: GroundingContext) -> None:
    extracted = await ask((chunk,), given, ScriptedModel([Reply("{", finish_reason="length")]))
    assert isinstance(extracted.failures[0].error, ReplyCutOff)


@pytest.mark.parametrize(("budget", "words"), [(Budget(calls=2), "2 calls"), (Budget(tokens=25), "25 tokens")])
async def test_a_budget_ends_the_asking_with_what_was_done(
    many: tuple[Chunk, ...], given: GroundingContext, budget: Budget, words: str
) -> None:
    model = CallbackModel(lambda _: Reply(NOTHING, usage=Usage(10, 0, 3)))
    extracted = await ask(many, given, model, budget=budget, concurrency=1)
    assert len(model.requests) == len(extracted.findings) == 2
    assert len(extracted.failures) == len(many) - 2
    assert extracted.account.limit == words


async def test_a_budget_of_time_gives_up_the_request_under_way(chunk: Chunk, given: GroundingContext) -> None:
    class Slow(Model):
        name = "slow"

        async def complete(self, request: Request) -> Reply:
            await asyncio.sleep(60)
            raise AssertionError

    extracted = await ask((chunk,), given, Slow(), budget=Budget(seconds=0.05))
    assert extracted.account.limit == "0.05 seconds"


async def test_the_time_of_a_budget_runs_from_the_first_request_on(chunk: Chunk, given: GroundingContext) -> None:
    asker = ModelSession(ScriptedModel([NOTHING]), Budget(seconds=0.2))
    await asyncio.sleep(0.3)  # as an article that takes long to read would
    extracted = await extract_by([chunk], given, asker, load_prompts(), repairs=0, concurrency=1)
    assert (len(extracted.findings), extracted.account.limit) == (1, None)


async def test_a_budget_reached_before_a_repair_keeps_the_first_reply(
    chunk: Chunk, given: GroundingContext, sound: dict[str, Any]
) -> None:
    sound["positions"][0]["sentences"] = [99]
    extracted = await ask((chunk,), given, ScriptedModel([json.dumps(sound)]), repairs=1, budget=Budget(calls=1))
    (findings,) = extracted.findings
    assert len(findings.positions) == 1
    assert (extracted.account.limit, extracted.account.repairs) == ("1 calls", 0)


async def test_no_more_requests_are_sent_than_the_budget_has_however_many_go_side_by_side(
    many: tuple[Chunk, ...], given: GroundingContext
) -> None:
    model = CallbackModel(lambda _: ServerFailed("The server broke."))
    extracted = await ask(many, given, model, budget=Budget(calls=2), concurrency=8)
    assert (len(model.requests), extracted.account.limit) == (2, "2 calls")


@pytest.mark.parametrize(
    "limits", [{"calls": 0}, {"tokens": -1}, {"seconds": 0.0}, {"calls": "3"}, {"tokens": float("nan")}]
)
def test_a_budget_that_buys_nothing_is_refused(limits: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=r"buys nothing|is no number"):
        Budget(**limits)


async def test_a_model_is_told_whether_its_replies_had_the_shape_that_was_asked_for(
    chunk: Chunk, given: GroundingContext
) -> None:
    model = ScriptedModel(["Here you are!", NOTHING])
    await ask((chunk,), given, model, repairs=1)
    assert model.fits == [False, True]


async def test_a_server_that_ignores_the_form_is_asked_anew_in_another(chunk: Chunk, given: GroundingContext) -> None:
    class Changing(ScriptedModel):
        def note_reply(self, reply: Reply, *, fits: bool) -> bool:
            super().note_reply(reply, fits=fits)
            return self.fits == [False, False]

    model = Changing(["Sorry.", "Sorry again.", NOTHING])
    extracted = await ask((chunk,), given, model, repairs=1)
    assert len(extracted.findings) == 1
    assert model.requests[2] == model.requests[0]


async def test_what_a_reply_claims_has_nothing_to_do_with_its_shape(
    chunk: Chunk, given: GroundingContext, sound: dict[str, Any]
) -> None:
    sound["positions"][0]["sentences"] = [99]
    model = ScriptedModel([json.dumps(sound)])
    await ask((chunk,), given, model)
    assert model.fits == [True]


async def test_what_a_failed_request_cost_is_counted(chunk: Chunk, given: GroundingContext) -> None:
    error = ServerFailed("The server broke.", usage=Usage(100, 0, 5), attempts=3)
    account = (await ask((chunk,), given, ScriptedModel([error]))).account
    assert (account.usage, account.retries, account.calls) == (Usage(100, 0, 5), 2, 0)


@pytest.fixture
def many(given: GroundingContext) -> tuple[Chunk, ...]:
    found = split_into_chunks(given.reading, chunk_tokens=50)
    assert len(found) > 3
    return found


async def ask(many: tuple[Chunk, ...], given: GroundingContext, model: Model, **options: Any) -> ExtractionResult:
    return await extract(many, given, model, load_prompts(), **({"repairs": 0, "concurrency": 4} | options))


async def test_each_chunk_is_asked_for_once(many: tuple[Chunk, ...], given: GroundingContext) -> None:
    model = CallbackModel(lambda request: Reply(NOTHING, usage=Usage(10, 4, 2), retries=1))
    extracted = await ask(many, given, model)
    assert len(model.requests) == len(many) == len(extracted.findings)
    account = extracted.account
    assert (account.calls, account.retries, account.usage) == (
        len(many),
        len(many),
        Usage(*(n * len(many) for n in (10, 4, 2))),
    )


async def test_a_chunk_that_fails_is_named_and_the_others_are_kept(
    many: tuple[Chunk, ...], given: GroundingContext
) -> None:
    def answer(request: Request) -> str | Exception:
        return ServerFailed("The server broke.") if "[3] " in request.messages[1].content else NOTHING

    extracted = await ask(many, given, CallbackModel(answer))
    (failure,) = extracted.failures
    assert 3 in failure.chunk.numbers
    assert failure.failed_chunk().error == "The server broke."
    assert len(extracted.findings) == len(many) - 1


async def test_findings_come_in_the_order_of_the_chunks_however_they_arrive(
    many: tuple[Chunk, ...], given: GroundingContext
) -> None:
    class Reversed(Model):
        name = "reversed"
        waiting = len(many)

        async def complete(self, request: Request) -> Reply:
            first = int(request.messages[1].content.split("Sentences ")[1].split()[0])
            for _ in range(100 - first):
                await asyncio.sleep(0)
            gist = {"sentences": [first], "text": "From here on."}
            return Reply(json.dumps(json.loads(NOTHING) | {"gist": gist}))

    extracted = await ask(many, given, Reversed(), concurrency=len(many))
    places = [findings.gist.evidence[0].sentence for findings in extracted.findings if findings.gist]
    assert places == [chunk.numbers[0] for chunk in many]


async def test_no_more_chunks_are_under_way_than_allowed(many: tuple[Chunk, ...], given: GroundingContext) -> None:
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
    await ask(many, given, model, concurrency=2)
    assert model.most == 2


async def test_events_tell_what_happens_to_each_chunk(many: tuple[Chunk, ...], given: GroundingContext) -> None:
    seen: list[Event] = []
    model = CallbackModel(lambda _: Reply(NOTHING, usage=Usage(10, 0, 1)))
    await ask(many, given, model, on_event=seen.append, concurrency=1)
    assert [event.kind for event in seen] == ["asked", "answered", "done"] * len(many)
    assert [event.done for event in seen if event.kind == "done"] == list(range(1, len(many) + 1))
    assert seen[-1].usage.total == 11 * len(many)


async def test_a_repair_is_told_of(chunk: Chunk, given: GroundingContext) -> None:
    seen: list[Event] = []
    asked = await ask((chunk,), given, ScriptedModel(["no", NOTHING]), repairs=1, on_event=seen.append)
    assert (asked.account.calls, asked.account.repairs) == (2, 1)
    assert [event.kind for event in seen] == ["asked", "answered", "repairing", "answered", "done"]


async def test_what_a_request_had_cost_that_ran_out_of_time_is_counted(chunk: Chunk, given: GroundingContext) -> None:
    class Slow(Model):
        name = "slow"

        async def complete(self, request: Request) -> Reply:
            try:
                await asyncio.sleep(60)
            finally:
                request.report_usage(Usage(prompt=40))
            raise AssertionError

    extracted = await extract(
        [chunk], given, Slow(), load_prompts(), repairs=0, concurrency=1, budget=Budget(seconds=0.05)
    )
    assert (extracted.account.limit, extracted.account.usage.prompt) == ("0.05 seconds", 40)


async def test_a_model_that_runs_out_of_time_by_itself_is_no_limit_of_the_budget(
    chunk: Chunk, given: GroundingContext
) -> None:
    extracted = await ask((chunk,), given, ScriptedModel([TimeoutError()]), budget=Budget(seconds=60))
    assert extracted.account.limit is None
    assert isinstance(extracted.failures[0].error.__cause__, TimeoutError)


async def test_a_chunk_whose_reply_was_cut_off_is_not_taken_for_a_server_that_ignores_the_form(
    chunk: Chunk, given: GroundingContext
) -> None:
    model = ScriptedModel([Reply("{", finish_reason="length")])
    await extract([chunk], given, model, load_prompts(), repairs=0, concurrency=1)
    assert model.fits == []


async def test_the_waits_of_a_failed_request_are_counted(chunk: Chunk, given: GroundingContext) -> None:
    model = ScriptedModel(ServerFailed("The server broke.", attempts=3, waited=2.5))
    extracted = await extract([chunk], given, model, load_prompts(), repairs=0, concurrency=1)
    assert (extracted.account.waited, extracted.account.retries) == (2.5, 2)


async def test_what_a_model_raises_on_its_own_is_the_failure_of_that_chunk_alone_and_its_text_is_not_told(
    many: tuple[Chunk, ...], given: GroundingContext
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
    extracted = await ask(many, given, model)
    (failure,) = extracted.failures
    assert (failure.chunk, len(extracted.findings)) == (many[1], len(many) - 1)
    assert "CallbackModel.complete() failed with VendorError" in str(failure.error)
    assert "hush" not in str(failure.error)
    assert isinstance(failure.error.__cause__, VendorError)
    assert extracted.account.usage.prompt == 40


async def test_a_repair_that_the_server_fails_leaves_the_first_reply_standing(
    chunk: Chunk, given: GroundingContext, sound: dict[str, Any]
) -> None:
    sound["positions"][0]["sentences"] = [99]
    model = ScriptedModel([json.dumps(sound), ServerFailed("The server broke.")])
    extracted = await ask((chunk,), given, model, repairs=1)
    (findings,) = extracted.findings
    assert len(findings.positions) == 1
    assert extracted.failures == ()


async def test_an_error_keeps_its_kind(chunk: Chunk, given: GroundingContext) -> None:
    extracted = await ask((chunk,), given, ScriptedModel([ServerFailed("The server broke.", status=500)]))
    (failure,) = extracted.failures
    assert isinstance(failure.error, ModelError)
    assert failure.error.status == 500
