"""The model that says what it was told to say."""

import asyncio

import pytest

from summarizer.errors import ServerFailed
from summarizer.model import Model, Reply, Request, ScriptedModel, note_reply


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


async def test_a_callable_answers_each_request(request_: Request) -> None:
    model = ScriptedModel(lambda request: request.schema_name, name="echo")
    assert await model.complete(request_) == Reply("extraction", model="echo")


async def test_a_lone_string_is_one_reply(request_: Request) -> None:
    assert (await ScriptedModel("whole").complete(request_)).text == "whole"


async def test_a_script_that_is_at_its_end_says_how_long_it_was(request_: Request) -> None:
    model = ScriptedModel(["one"])
    await model.complete(request_)
    with pytest.raises(AssertionError, match="has 1 replies; request 2 came"):
        await model.complete(request_)


async def test_many_tasks_each_get_a_reply_of_their_own(request_: Request) -> None:
    model = ScriptedModel(str(n) for n in range(50))
    replies = await asyncio.gather(*(model.complete(request_) for _ in range(50)))
    assert {reply.text for reply in replies} == {str(n) for n in range(50)}


def test_it_is_a_model() -> None:
    assert isinstance(ScriptedModel([]), Model)


def test_it_keeps_what_it_is_told_of_its_replies() -> None:
    model = ScriptedModel([])
    note_reply(model, Reply("{"), fits=False)
    note_reply(model, Reply("{}"), fits=True)
    assert model.fits == [False, True]
