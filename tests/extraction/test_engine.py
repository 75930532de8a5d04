"""Chunks go to a model side by side, and one that fails costs no other."""

import asyncio
import json
from typing import Any

import pytest

from summarizer.article import Chunk, cut_chunks
from summarizer.errors import ModelError, ServerFailed
from summarizer.extraction import Extracted, Ground, extract, load_prompts
from summarizer.model import Model, Reply, Request, ScriptedModel
from summarizer.usage import Usage

NOTHING = json.dumps({"holders": [], "issues": [], "positions": [], "open_questions": [], "gist": None})


@pytest.fixture
def many(given: Ground) -> tuple[Chunk, ...]:
    found = cut_chunks(given.reading, chunk_tokens=50)
    assert len(found) > 3
    return found


async def ask(many: tuple[Chunk, ...], given: Ground, model: Model, **options: Any) -> Extracted:
    return await extract(many, given, model, load_prompts(), **({"repairs": 0, "concurrency": 4} | options))


async def test_each_chunk_is_asked_for_once(many: tuple[Chunk, ...], given: Ground) -> None:
    model = ScriptedModel(lambda request: Reply(NOTHING, usage=Usage(10, 4, 2), retries=1))
    extracted = await ask(many, given, model)
    assert len(model.requests) == len(many) == len(extracted.findings)
    account = extracted.account
    assert (account.calls, account.retries, account.usage) == (len(many), len(many), Usage(*(n * len(many) for n in (10, 4, 2))))


async def test_a_chunk_that_fails_is_named_and_the_others_are_kept(many: tuple[Chunk, ...], given: Ground) -> None:
    def answer(request: Request) -> str | Exception:
        return ServerFailed("The server broke.") if "[3] " in request.messages[1].content else NOTHING

    extracted = await ask(many, given, ScriptedModel(answer))
    (failed,) = extracted.failed
    assert failed.first_sentence <= 3 <= failed.last_sentence
    assert failed.error == "The server broke."
    assert len(extracted.findings) == len(many) - 1


async def test_findings_come_in_the_order_of_the_chunks_however_they_arrive(many: tuple[Chunk, ...], given: Ground) -> None:
    class Reversed:
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


async def test_no_more_chunks_are_under_way_than_allowed(many: tuple[Chunk, ...], given: Ground) -> None:
    class Counting:
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


async def test_progress_counts_the_chunks_done(many: tuple[Chunk, ...], given: Ground) -> None:
    seen: list[tuple[int, int]] = []
    await ask(many, given, ScriptedModel(lambda _: NOTHING), progress=lambda done, total: seen.append((done, total)))
    assert seen == [(number, len(many)) for number in range(1, len(many) + 1)]


async def test_a_fault_that_is_not_the_models_ends_the_asking_as_it_is(many: tuple[Chunk, ...], given: Ground) -> None:
    with pytest.raises(ZeroDivisionError):
        await ask(many, given, ScriptedModel(lambda _: ZeroDivisionError()))


async def test_a_repair_that_the_server_fails_leaves_the_first_reply_standing(
    chunk: Chunk, given: Ground, sound: dict[str, Any]
) -> None:
    sound["positions"][0]["sentences"] = [99]
    model = ScriptedModel([json.dumps(sound), ServerFailed("The server broke.")])
    extracted = await ask((chunk,), given, model, repairs=1)
    (findings,) = extracted.findings
    assert len(findings.positions) == 1
    assert extracted.failed == ()


async def test_an_error_keeps_its_kind(chunk: Chunk, given: Ground) -> None:
    extracted = await ask((chunk,), given, ScriptedModel([ServerFailed("The server broke.", status=500)]))
    (error,) = extracted.errors
    assert isinstance(error, ModelError)
    assert error.status == 500
