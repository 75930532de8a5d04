"""BatchModel as a model like any other: several at once, and requests that change their form."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from summarizer import Summarizer
from summarizer.batch_api import BatchModel, ReplyPending
from summarizer.errors import ConfigurationError
from summarizer.models import CallbackModel, OpenAIModel, Reply
from tests.batch_api.conftest import ARTICLES, OpenModel, OpenServer, Scripted, ask, ask_once, support_request
from tests.batch_api.records import RejectedLine, Trouble
from tests.batch_api.scripted import completion
from tests.batch_api.server import KEY, BatchServer
from tests.batch_api.test_troubles import check, sent


async def test_model_that_does_not_wait_raises_until_the_reply_is_there(
    server: BatchServer, open_model: OpenModel
) -> None:
    model = open_model(server)
    with pytest.raises(ReplyPending):
        await model.complete(support_request(0))
    assert server.jobs.all == [], "nothing is sent before advance()"
    check(await ask(model), server, jobs=1)


@pytest.mark.slow
async def test_waiting_model_returns_replies_in_jobs_that_it_submits_itself(
    server: BatchServer, open_model: OpenModel
) -> None:
    server.jobs.plan(Trouble(line_errors={0: "server error"}))
    check(await ask_once(open_model(server, wait=True)), server)


async def test_waiting_model_raises_the_failure_of_a_batch(server: BatchServer, open_model: OpenModel) -> None:
    server.jobs.plan(*[Trouble(failure="billing_hard_limit_reached")] * 3)
    answers = await ask_once(open_model(server, wait=True), 1)
    assert "billing_hard_limit_reached" in str(answers[0])


async def test_nothing_is_submitted_without_permission(server: BatchServer, open_model: OpenModel) -> None:
    model = open_model(server)
    await ask_once(model)
    await model.advance(submit=False)
    assert server.jobs.all == []


async def test_another_model_on_the_journal_takes_over_a_batch_under_way(
    server: BatchServer, open_model: OpenModel
) -> None:
    first = open_model(server)
    await ask_once(first)
    assert await first.advance()
    await first.aclose()
    check(await ask(open_model(server)), server, jobs=1)


@pytest.mark.slow
async def test_two_models_on_one_journal_submit_nothing_twice(server: BatchServer, open_model: OpenModel) -> None:
    found = await asyncio.gather(*(ask(open_model(server)) for _ in range(2)))
    check(found[0], server)
    assert [isinstance(reply, Reply) and reply.text for reply in found[1]] == [
        isinstance(reply, Reply) and reply.text for reply in found[0]
    ]


async def test_same_request_at_once_is_sent_once(server: BatchServer, open_model: OpenModel) -> None:
    model = open_model(server, wait=True)
    replies = await asyncio.gather(*(model.complete(support_request(0)) for _ in range(5)))
    assert len({reply.text for reply in replies}) == 1
    assert sent(server) == [1]


@pytest.mark.slow
async def test_models_with_other_parameters_have_batches_of_their_own(
    server: BatchServer, open_model: OpenModel
) -> None:
    await ask(open_model(server))
    replies = await ask(open_model(server, {"seed": 7}))
    assert all(isinstance(reply, Reply) for reply in replies)
    seeds = [{line["body"].get("seed") for line in server.jobs.lines(job)} for job in server.jobs.all]
    assert seeds == [{None}, {7}]


@pytest.mark.slow
async def test_cut_off_reply_is_asked_again_with_twice_the_limit(
    open_server: OpenServer, open_model: OpenModel, scripted: Scripted
) -> None:
    def cut(body: Mapping[str, Any]) -> dict[str, Any]:
        limit = body.get("max_tokens") or body.get("max_completion_tokens")
        return scripted(body) if limit == 200 else completion('{"right', body, finish_reason="length")

    server = open_server(cut)
    replies = await ask(open_model(server, {"max_tokens": 100}))
    assert [reply.finish_reason for reply in replies if isinstance(reply, Reply)] == ["stop"] * 4
    assert sent(server) == [4, 4]


@pytest.mark.slow
async def test_format_that_the_server_rejects_is_replaced_by_another(
    open_server: OpenServer, open_model: OpenModel
) -> None:
    def reply(body: Mapping[str, Any]) -> dict[str, Any]:
        form = body.get("response_format", {}).get("type")
        if form == "json_schema":
            raise RejectedLine("Invalid parameter: 'response_format' of type 'json_schema' is not supported.")
        return completion('{"right": "1", "wrong": []}', body)

    server = open_server(reply)
    replies = await ask(open_model(server))
    assert [reply.output for reply in replies if isinstance(reply, Reply)] == ["json_object"] * 4
    tried = len(server.jobs.all)
    await ask(open_model(server), 6)
    assert sent(server)[tried:] == [2], "a later process knows the format"


@pytest.mark.slow
def test_briefs_of_a_waiting_model_take_one_job_a_round(server: BatchServer, tmp_path: Path) -> None:
    plain = OpenAIModel("tiny", base_url=server.url, api_key=KEY)
    model = BatchModel(plain, journal=tmp_path / "briefs.db", poll=0.001, submit_after=3)  # a slow machine takes long
    with Summarizer(model=model, store=tmp_path / "briefs.db") as summarizer:
        outcomes = list(summarizer.summarize_many(ARTICLES, concurrency=100))
    assert [outcome.status for outcome in outcomes] == ["done"] * len(ARTICLES)
    assert sent(server) == [len(ARTICLES)]


def test_model_without_batches_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="CallbackModel has no batches"):
        BatchModel(CallbackModel(lambda _: ""), journal=tmp_path / "j.db")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "options", [{"attempts": 0}, {"max_requests": -1}, {"poll": 0}, {"submit_after": float("nan")}]
)
def test_impossible_numbers_are_refused(tmp_path: Path, options: dict[str, Any]) -> None:
    plain = OpenAIModel("tiny", base_url="http://127.0.0.1:9/v1")
    with pytest.raises(ConfigurationError, match=next(iter(options))):
        BatchModel(plain, journal=tmp_path / "j.db", **options)
