"""Models that say what they were told to say."""

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
from summarizer.models import Message, Model, Reply, Request
from summarizer.testing import CallbackModel, ScriptedModel
from summarizer.verification import ExtractionReply

EMPTY: dict[str, Any] = {"holders": [], "issues": [], "positions": [], "open_questions": [], "gist": None}
ROOT = Path(__file__).parent.parent.parent
BOTH: list[Callable[[Any], ScriptedModel | CallbackModel]] = [
    lambda reply: ScriptedModel([reply]),
    lambda reply: CallbackModel(lambda _: reply),
]


async def test_replies_come_in_order_and_requests_are_kept(request_: Request) -> None:
    model = ScriptedModel(["one", Reply("two", "length")])
    assert await model.complete(request_) == Reply("one", model="scripted")
    assert await model.complete(request_) == Reply("two", "length")
    assert model.requests == [request_, request_]


async def test_a_scripted_error_is_raised_and_the_script_goes_on(request_: Request) -> None:
    model = ScriptedModel([ServerFailed("The server broke."), "fine"])
    with pytest.raises(ServerFailed, match="broke"):
        await model.complete(request_)
    assert (await model.complete(request_)).text == "fine"


async def test_a_function_answers_each_request(request_: Request) -> None:
    model = CallbackModel(lambda request: request.schema_name, name="echo")
    assert await model.complete(request_) == Reply("extraction", model="echo")
    assert model.requests == [request_]


async def test_an_asynchronous_function_is_awaited(request_: Request) -> None:
    async def answer(request: Request) -> str:
        await asyncio.sleep(0)
        return request.schema_name

    assert (await CallbackModel(answer).complete(request_)).text == "extraction"


async def test_what_a_function_raises_comes_through(request_: Request) -> None:
    def answer(_: Request) -> str:
        raise ServerFailed("The server broke.")

    with pytest.raises(ServerFailed, match="broke"):
        await CallbackModel(answer).complete(request_)


@pytest.mark.parametrize("model", BOTH)
@pytest.mark.parametrize("reply", [EMPTY, ExtractionReply(**EMPTY), json.dumps(EMPTY), Reply(json.dumps(EMPTY))])
async def test_a_reply_can_be_given_in_any_of_its_forms(request_: Request, reply: object, model: Any) -> None:
    assert json.loads((await model(reply).complete(request_)).text) == EMPTY


@pytest.mark.parametrize("reply", ["whole", EMPTY, ExtractionReply(**EMPTY), Reply("{}")])
async def test_a_lone_reply_is_a_script_of_one(request_: Request, reply: Any) -> None:
    model = ScriptedModel(reply)
    assert (await model.complete(request_)).text
    with pytest.raises(AssertionError, match="holds 1 reply, and request 2 came"):
        await model.complete(request_)


async def test_letters_of_every_script_stay_as_they_are(request_: Request) -> None:
    assert (await ScriptedModel({"gist": "“Brücke” 橋"}).complete(request_)).text == '{"gist": "“Brücke” 橋"}'


async def test_a_script_that_is_at_its_end_says_how_long_it_was_and_what_helps(request_: Request) -> None:
    model = ScriptedModel(["one", "two"], name="desk")
    await model.complete(request_)
    await model.complete(request_)
    with pytest.raises(AssertionError, match=r"'desk' is at its end: it holds 2 replies, and request 3 .*replies_for"):
        await model.complete(request_)


async def test_a_repair_that_the_script_does_not_hold_is_told_with_its_reason(request_: Request) -> None:
    repair = (*request_.messages, Message("assistant", "{}"), Message("user", "The figure 5 does not stand."))
    with pytest.raises(AssertionError, match=r"asks to repair a reply .*The figure 5 does not stand\."):
        await ScriptedModel([]).complete(Request(repair, "extraction", {}))


async def test_where_a_reply_spoke_of_another_chunk_it_says_what_answers_each(request_: Request) -> None:
    why = f"{'It does not stand. ' * 40}there is no sentence 228 here: they are numbered 1 to 90"
    repair = (*request_.messages, Message("assistant", "{}"), Message("user", why))
    with pytest.raises(AssertionError, match=r"asks to repair .*CallbackModel\(replies_for\(article\)\) gives them\."):
        await ScriptedModel([]).complete(Request(repair, "extraction", {}))


@pytest.mark.parametrize("model", BOTH)
@pytest.mark.parametrize("reply", [None, 5, ValueError, b"bytes", ["{}"]])
async def test_what_is_no_reply_is_an_error_that_says_what_is_one(request_: Request, reply: object, model: Any) -> None:
    with pytest.raises(TypeError, match="a reply is a str, a mapping, an Extraction"):
        await model(reply).complete(request_)


def test_a_function_as_a_script_is_an_error_that_names_the_other_model() -> None:
    with pytest.raises(TypeError, match="use CallbackModel"):
        ScriptedModel(lambda _: "no")  # type: ignore[arg-type]


async def test_many_tasks_each_get_a_reply_of_their_own(request_: Request) -> None:
    model = ScriptedModel(str(n) for n in range(50))
    replies = await asyncio.gather(*(model.complete(request_) for _ in range(50)))
    assert {reply.text for reply in replies} == {str(n) for n in range(50)}


def test_many_threads_each_get_a_reply_of_their_own_and_no_request_is_lost(request_: Request) -> None:
    model = ScriptedModel(map(str, range(200)))
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: asyncio.run(model.complete(request_)).text, range(200)))
    assert sorted(replies) == sorted(map(str, range(200)))
    assert len(model.requests) == 200


def test_they_are_models() -> None:
    assert isinstance(ScriptedModel([]), Model)
    assert isinstance(CallbackModel(lambda _: ""), Model)


def test_they_keep_what_they_are_told_of_their_replies() -> None:
    model = ScriptedModel([])
    model.note_reply(Reply("{"), fits=False)
    model.note_reply(Reply("{}"), fits=True)
    assert model.fits == [False, True]


def test_having_one_loads_nothing_heavy() -> None:
    code = (
        "import sys; from summarizer import ScriptedModel; ScriptedModel([{}])\n"
        "print(*{'asyncio', 'openai', 'pydantic', 'pytest', 'vcr', 'yaml'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "\n"
