"""Replies of batches in spite of every trouble of the server: none is lost, and none is paid for twice."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from summarizer.errors import ContextTooLong, ModelError, ReplyError, RequestRefused, SummarizerError
from summarizer.models import Reply
from tests.batch_api.conftest import OpenModel, OpenServer, ask, ask_once
from tests.batch_api.records import DAY, Trouble
from tests.batch_api.server import BatchServer, Endpoint

pytestmark = pytest.mark.slow

EXPECTED = [{"right": str(number), "wrong": []} for number in range(4)]


def check(replies: Iterable[Reply | SummarizerError], server: BatchServer, *, jobs: int | None = None) -> None:
    """Check that all requests have their own reply, and that each was charged once."""
    found = [json.loads(reply.text) if isinstance(reply, Reply) else reply for reply in replies]
    assert found == EXPECTED[: len(found)]
    assert set(server.jobs.charged_bodies.values()) == {1}
    assert len(server.jobs.charges) == len(found)
    assert server.jobs.files == [], "files are left at the server"
    if jobs is not None:
        assert len(server.jobs.all) == jobs


def sent(server: BatchServer) -> list[int]:
    """Return the number of requests in each job."""
    return [len(server.jobs.lines(job)) for job in server.jobs.all]


# Jobs


async def test_batch_brings_each_request_its_reply(server: BatchServer, open_model: OpenModel) -> None:
    check(await ask(open_model(server)), server, jobs=1)


async def test_second_call_takes_replies_from_the_journal(server: BatchServer, open_model: OpenModel) -> None:
    await ask(open_model(server))
    check(await ask(open_model(server)), server, jobs=1)


async def test_custom_id_has_64_hexadecimal_characters_and_belongs_to_the_request(
    open_server: OpenServer, open_model: OpenModel, tmp_path: Any
) -> None:
    ids = []
    for name in ("a", "b"):
        server = open_server()
        await ask(open_model(server, journal=tmp_path / f"{name}.db"))
        ids.append({line["custom_id"] for line in server.jobs.lines(server.jobs.all[0])})
    assert all(len(each) == 64 and int(each, 16) for each in ids[0] | ids[1])
    assert len(ids[0]) == 4


@pytest.mark.parametrize("code", ["file_not_found", "server_error", ""])
async def test_job_that_fails_validation_is_replaced(server: BatchServer, open_model: OpenModel, code: str) -> None:
    server.jobs.plan(*[Trouble(failure=code or "unknown")] * 2)
    check(await ask(open_model(server)), server, jobs=3)


async def test_third_job_that_fails_validation_stops_with_the_servers_words_and_keeps_its_requests(
    server: BatchServer, open_model: OpenModel
) -> None:
    server.jobs.plan(*[Trouble(failure="billing_hard_limit_reached")] * 3)
    with pytest.raises(ModelError, match=r"The batch failed: billing_hard_limit_reached.*refused 3 in a row") as caught:
        await ask(open_model(server))
    assert caught.value.fatal
    assert server.jobs.charges == []
    check(await ask(open_model(server)), server, jobs=4)


async def test_refusal_is_told_though_the_files_cannot_be_deleted(server: BatchServer, open_model: OpenModel) -> None:
    server.jobs.plan(*[Trouble(failure="billing_hard_limit_reached")] * 3)
    server.inject("delete", times=100)
    with pytest.raises(ModelError, match="refused 3 in a row"):
        await ask(open_model(server))
    assert len(server.jobs.all) == 3


async def test_job_that_fails_validation_is_replaced_by_direct_requests(
    server: BatchServer, open_model: OpenModel
) -> None:
    server.jobs.plan(Trouble(failure="server_error"))
    check(await ask(open_model(server, unanswered="direct")), server, jobs=1)
    assert server.requests["completion"] == 4


async def test_line_that_fails_validation_fails_alone(server: BatchServer, open_model: OpenModel) -> None:
    server.jobs.plan(Trouble(failure="invalid_json_line", failure_line=1))
    failed, *others = await ask(open_model(server))
    assert isinstance(failed, RequestRefused)
    assert [json.loads(reply.text) for reply in others if isinstance(reply, Reply)] == EXPECTED[1:]
    assert sent(server) == [4, 3]


async def test_full_queue_delays_requests(server: BatchServer, open_model: OpenModel) -> None:
    server.jobs.plan(*[Trouble(failure="token_limit_exceeded")] * 8)
    check(await ask(open_model(server)), server)


async def test_output_file_that_comes_late_is_waited_for(server: BatchServer, open_model: OpenModel) -> None:
    shown, late = server.jobs.retrieve, iter(range(2))

    def retrieve(key: str) -> dict[str, Any]:
        batch = shown(key)
        if batch["status"] == "completed" and next(late, None) is not None:
            batch["output_file_id"] = None
        return batch

    server.jobs.tick = 60
    server.jobs.retrieve = retrieve  # type: ignore[method-assign]
    check(await ask(open_model(server)), server, jobs=1)


async def test_line_with_an_error_of_the_quota_is_asked_again_by_the_next_process(
    server: BatchServer, open_model: OpenModel
) -> None:
    server.jobs.plan(Trouble(line_errors="quota"))
    errors = await ask(open_model(server))
    assert all(isinstance(error, ModelError) and error.fatal for error in errors)
    check(await ask(open_model(server)), server, jobs=2)


async def test_requests_over_the_queue_limit_are_sent_in_smaller_jobs(
    open_server: OpenServer, open_model: OpenModel
) -> None:
    server = open_server(token_limit=400)
    check(await ask(open_model(server)), server)
    assert max(sent(server)) > 1


async def test_expired_job_keeps_its_replies_and_only_the_rest_is_asked_again(
    server: BatchServer, open_model: OpenModel
) -> None:
    server.jobs.tick = DAY / 10
    server.jobs.plan(Trouble(expires_after=3))
    check(await ask(open_model(server)), server, jobs=2)
    assert sent(server) == [4, 1]


async def test_job_cancelled_by_someone_else_keeps_its_replies(server: BatchServer, open_model: OpenModel) -> None:
    server.jobs.plan(Trouble(cancelled_after=1))
    check(await ask(open_model(server)), server, jobs=2)
    assert sent(server) == [4, 3]


async def test_slow_validation_is_waited_for(server: BatchServer, open_model: OpenModel) -> None:
    server.jobs.plan(Trouble(validating=7_200))
    check(await ask(open_model(server)), server, jobs=1)


async def test_day_of_waiting_ends_with_one_job(open_server: OpenServer, open_model: OpenModel) -> None:
    server = open_server(tick=0)
    server.jobs.plan(Trouble(running=DAY - 600))
    check(await ask(open_model(server, poll=300)), server, jobs=1)
    assert server.requests["retrieve"] + server.requests["list"] <= DAY / 300 + 10


# Lines


@pytest.mark.parametrize("kind", ["rate limit", "server error", "timeout"])
async def test_line_with_a_passing_error_is_asked_again(server: BatchServer, open_model: OpenModel, kind: Any) -> None:
    server.jobs.plan(Trouble(line_errors={1: kind}))
    check(await ask(open_model(server)), server, jobs=2)
    assert sent(server) == [4, 1]


@pytest.mark.parametrize(("kind", "error"), [("too long", ContextTooLong), ("content filter", ModelError)])
async def test_line_with_a_lasting_error_is_not_asked_again(
    server: BatchServer, open_model: OpenModel, kind: Any, error: type[ModelError]
) -> None:
    server.jobs.plan(Trouble(line_errors={1: kind}))
    replies = await ask(open_model(server))
    assert [isinstance(reply, Reply) for reply in replies].count(False) == 1
    (failed,) = (reply for reply in replies if not isinstance(reply, Reply))
    assert isinstance(failed, error)
    assert not isinstance(failed, ReplyError) or isinstance(failed, RequestRefused)
    assert sent(server) == [4]


async def test_completed_job_without_an_output_file_is_asked_again(server: BatchServer, open_model: OpenModel) -> None:
    server.jobs.plan(Trouble(line_errors="server error"))
    check(await ask(open_model(server)), server, jobs=2)


async def test_line_that_fails_in_every_job_fails_with_the_servers_words(
    server: BatchServer, open_model: OpenModel
) -> None:
    server.jobs.plan(*[Trouble(line_errors="server error")] * 50)
    replies = await ask(open_model(server))
    assert all("The server had an error while processing" in str(reply) for reply in replies)
    assert len(server.jobs.all) <= 5


@pytest.mark.parametrize("trouble", [Trouble(shuffled=True), Trouble(repeated=True), Trouble(foreign=True)], ids=str)
async def test_lines_in_any_order_twice_or_of_others_do_no_harm(
    server: BatchServer, open_model: OpenModel, trouble: Trouble
) -> None:
    server.jobs.plan(trouble)
    check(await ask(open_model(server)), server, jobs=1)


async def test_missing_line_is_asked_again_and_no_other(server: BatchServer, open_model: OpenModel) -> None:
    server.jobs.plan(Trouble(missing=(2,)))
    replies = await ask(open_model(server))
    assert [json.loads(reply.text) for reply in replies if isinstance(reply, Reply)] == EXPECTED
    assert sorted(server.jobs.charged.values()) == [1, 1, 1, 2], "the server kept a reply that it charged"


# Files and connections


async def test_download_that_is_forbidden_for_a_while_is_tried_again(
    server: BatchServer, open_model: OpenModel
) -> None:
    server.jobs.plan(Trouble(forbidden=3, line_errors={0: "rate limit"}))
    check(await ask(open_model(server)), server, jobs=2)


async def test_download_that_is_forbidden_for_minutes_ends_no_run(server: BatchServer, open_model: OpenModel) -> None:
    server.jobs.plan(Trouble(forbidden=13))
    check(await ask(open_model(server)), server, jobs=1)


async def test_new_batch_that_is_not_found_for_a_while_is_not_replaced(
    server: BatchServer, open_model: OpenModel
) -> None:
    missing = {"error": {"message": "No batch found.", "type": "invalid_request_error", "code": "not_found"}}
    server.inject("retrieve", status=404, times=3, body=missing)
    check(await ask(open_model(server)), server, jobs=1)


async def test_replies_that_someone_else_deleted_are_asked_again(server: BatchServer, open_model: OpenModel) -> None:
    model = open_model(server)
    await ask_once(model)
    await model.advance()
    while server.jobs.retrieve(server.jobs.all[0].id)["status"] != "completed":
        pass
    server.jobs.delete(server.jobs.all[0].shown["output_file_id"])
    replies = await ask(model)
    assert [json.loads(reply.text) for reply in replies if isinstance(reply, Reply)] == EXPECTED
    assert sent(server) == [4, 4]


@pytest.mark.parametrize("status", [400, 404])
async def test_uploaded_file_that_is_not_found_for_a_while_is_no_failure(
    server: BatchServer, open_model: OpenModel, status: int
) -> None:
    message = {"error": {"message": "Cannot find file file-000001.", "type": "invalid_request_error", "code": None}}
    server.inject("create", status=status, times=3, body=message)
    check(await ask(open_model(server)), server, jobs=1)


@pytest.mark.parametrize("is_late", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("status", [503, None], ids=["overloaded", "dropped"])
@pytest.mark.parametrize("endpoint", ["upload", "create", "list", "retrieve", "content", "delete"])
async def test_failed_call_is_paid_for_once(
    server: BatchServer, open_model: OpenModel, endpoint: Endpoint, status: int | None, is_late: bool
) -> None:
    server.inject(endpoint, times=2, status=status, is_late=is_late)
    check(await ask(open_model(server)), server, jobs=1)


async def test_long_failure_of_the_server_is_waited_out(server: BatchServer, open_model: OpenModel) -> None:
    server.inject("retrieve", times=40)
    server.inject("list", times=40)
    check(await ask(open_model(server)), server, jobs=1)


async def test_job_whose_answer_was_lost_is_found_by_another_process(
    server: BatchServer, open_model: OpenModel
) -> None:
    server.inject("create", status=None, is_late=True)
    first = open_model(server)
    await ask_once(first)
    assert await first.advance()
    await first.aclose()
    check(await ask(open_model(server)), server, jobs=1)


async def test_job_that_the_list_shows_late_is_not_created_twice(
    open_server: OpenServer, open_model: OpenModel
) -> None:
    server = open_server(list_lag=5)
    server.inject("create", status=None, is_late=True)
    check(await ask(open_model(server)), server, jobs=1)


async def test_azure_keeps_within_its_limit_of_files(open_server: OpenServer, open_model: OpenModel) -> None:
    server = open_server(is_azure=True, max_files=2)
    check(await ask(open_model(server, max_requests=1)), server, jobs=4)


async def test_azure_job_has_the_paths_of_azure(open_server: OpenServer, open_model: OpenModel) -> None:
    server = open_server(is_azure=True)
    check(await ask(open_model(server)), server, jobs=1)


# Files are split


async def test_file_has_at_most_so_many_requests_and_bytes(open_server: OpenServer, open_model: OpenModel) -> None:
    server = open_server(max_requests=2)
    check(await ask(open_model(server, max_requests=2)), server, jobs=2)


# Direct requests


async def test_missing_replies_are_asked_for_directly(server: BatchServer, open_model: OpenModel) -> None:
    server.jobs.tick = DAY / 10
    server.jobs.plan(Trouble(expires_after=3))
    check(await ask(open_model(server, unanswered="direct")), server, jobs=1)
    assert server.requests["completion"] == 1
