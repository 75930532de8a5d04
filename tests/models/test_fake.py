"""Fake models return prepared replies and record their requests."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from summarizer.errors import ServerFailed
from summarizer.models import CallbackModel, Message, Model, Reply, Request, ScriptedModel
from summarizer.verification import ExtractionReply

EMPTY: dict[str, Any] = {"holders": [], "issues": [], "positions": [], "open_questions": [], "gist": None}
ROOT = Path(__file__).parent.parent.parent
BOTH: list[Callable[[Any], ScriptedModel | CallbackModel]] = [
    lambda reply: ScriptedModel([reply]),
    lambda reply: CallbackModel(lambda _: reply),
]


async def test_replies_come_in_order_and_requests_are_recorded(request_: Request) -> None:
    model = ScriptedModel(["one", Reply("two", "length")])
    assert await model.complete(request_) == Reply("one", model="scripted")
    assert await model.complete(request_) == Reply("two", "length")
    assert model.requests == [request_, request_]


async def test_scripted_error_is_raised_and_the_script_continues(request_: Request) -> None:
    model = ScriptedModel([ServerFailed("The server broke."), "fine"])
    with pytest.raises(ServerFailed, match="broke"):
        await model.complete(request_)
    assert (await model.complete(request_)).text == "fine"


async def test_callback_answers_each_request(request_: Request) -> None:
    model = CallbackModel(lambda request: request.schema_name, name="echo")
    assert await model.complete(request_) == Reply("extraction", model="echo")
    assert model.requests == [request_]


async def test_asynchronous_callback_is_awaited(request_: Request) -> None:
    async def answer(request: Request) -> str:
        await asyncio.sleep(0)
        return request.schema_name

    assert (await CallbackModel(answer).complete(request_)).text == "extraction"


async def test_error_of_the_callback_is_raised(request_: Request) -> None:
    def answer(_: Request) -> str:
        raise ServerFailed("The server broke.")

    with pytest.raises(ServerFailed, match="broke"):
        await CallbackModel(answer).complete(request_)


@pytest.mark.parametrize("model", BOTH)
@pytest.mark.parametrize("reply", [EMPTY, ExtractionReply(**EMPTY), json.dumps(EMPTY), Reply(json.dumps(EMPTY))])
async def test_reply_types_are_converted(request_: Request, reply: object, model: Any) -> None:
    assert json.loads((await model(reply).complete(request_)).text) == EMPTY


@pytest.mark.parametrize("reply", ["whole", EMPTY, ExtractionReply(**EMPTY), Reply("{}")])
async def test_single_reply_is_a_script_of_one(request_: Request, reply: Any) -> None:
    model = ScriptedModel(reply)
    assert (await model.complete(request_)).text
    with pytest.raises(AssertionError, match="holds 1 reply, and request 2 came"):
        await model.complete(request_)


async def test_replies_keep_non_ascii_letters(request_: Request) -> None:
    assert (await ScriptedModel({"gist": "“Brücke” 橋"}).complete(request_)).text == '{"gist": "“Brücke” 橋"}'


async def test_exhausted_script_is_an_error_with_its_length_and_a_hint(request_: Request) -> None:
    model = ScriptedModel(["one", "two"], name="desk")
    await model.complete(request_)
    await model.complete(request_)
    with pytest.raises(AssertionError, match=r"'desk' is at its end: it holds 2 replies, and request 3 .*replies_for"):
        await model.complete(request_)


async def test_unexpected_repair_is_described_with_its_problems(request_: Request) -> None:
    repair = (*request_.messages, Message("assistant", "{}"), Message("user", "The figure 5 does not stand."))
    with pytest.raises(AssertionError, match=r"asks to repair a reply .*The figure 5 does not stand\."):
        await ScriptedModel([]).complete(Request(repair, "extraction", {}))


async def test_unexpected_repair_of_another_chunk_hints_at_replies_for(request_: Request) -> None:
    why = f"{'It does not stand. ' * 40}there is no sentence 228 here: they are numbered 1 to 90"
    repair = (*request_.messages, Message("assistant", "{}"), Message("user", why))
    with pytest.raises(AssertionError, match=r"asks to repair .*CallbackModel\(replies_for\(article\)\) gives them\."):
        await ScriptedModel([]).complete(Request(repair, "extraction", {}))


@pytest.mark.parametrize("model", BOTH)
@pytest.mark.parametrize("reply", [None, 5, ValueError, b"bytes", ["{}"]])
async def test_invalid_reply_is_an_error_that_lists_the_valid_types(
    request_: Request, reply: object, model: Any
) -> None:
    with pytest.raises(TypeError, match="a reply is a str, a mapping, an Extraction"):
        await model(reply).complete(request_)


def test_function_as_a_script_is_an_error() -> None:
    with pytest.raises(TypeError, match="use CallbackModel"):
        ScriptedModel(lambda _: "no")  # type: ignore[arg-type]


async def test_concurrent_tasks_get_different_replies(request_: Request) -> None:
    model = ScriptedModel(str(n) for n in range(50))
    replies = await asyncio.gather(*(model.complete(request_) for _ in range(50)))
    assert {reply.text for reply in replies} == {str(n) for n in range(50)}


def test_threads_get_different_replies_and_no_request_is_lost(request_: Request) -> None:
    model = ScriptedModel(map(str, range(200)))
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: asyncio.run(model.complete(request_)).text, range(200)))
    assert sorted(replies) == sorted(map(str, range(200)))
    assert len(model.requests) == 200


def test_fake_models_are_models() -> None:
    assert isinstance(ScriptedModel([]), Model)
    assert isinstance(CallbackModel(lambda _: ""), Model)


def test_notes_about_replies_are_recorded() -> None:
    model = ScriptedModel([])
    model.note_reply(Reply("{"), fits=False)
    model.note_reply(Reply("{}"), fits=True)
    assert model.fits == [False, True]


def test_fake_models_load_nothing_heavy() -> None:
    code = (
        "import sys; from summarizer import ScriptedModel; ScriptedModel([{}])\n"
        "print(*{'openai', 'tenacity', 'pydantic', 'pytest', 'vcr', 'yaml'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "\n"
