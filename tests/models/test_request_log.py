"""The log line and the events of a request."""

import logging

import pytest

from summarizer.errors import ServerFailed
from summarizer.models import CallEvent, OpenAIModel, Request
from summarizer.usage import Usage

from .conftest import ARTICLE, KEY, CannedResponse, Server, completion, error


async def ask(server: Server, request: Request, **options: object) -> None:
    model = OpenAIModel("tiny", base_url=server.url, api_key=KEY, **options)  # type: ignore[arg-type]
    try:
        await model.complete(request)
    finally:
        await model.aclose()


async def test_request_logs_one_line_at_info(
    server: Server, request_: Request, caplog: pytest.LogCaptureFixture, waits: list[float]
) -> None:
    server.set_responses(CannedResponse(error(), 503), CannedResponse(completion()))
    with caplog.at_level(logging.INFO, "summarizer"):
        await ask(server, request_)
    (line,) = [record.getMessage() for record in caplog.records if record.name == "summarizer"]
    said, _, seconds = line.rpartition(", ")
    assert said == f"answered: model tiny at {server.url}, output json_schema, HTTP 200, 2 attempts, 100 + 7 tokens"
    assert 0 < float(seconds.removesuffix(" s")) < 30


async def test_failed_request_logs_one_line(
    server: Server, request_: Request, caplog: pytest.LogCaptureFixture
) -> None:
    server.set_responses(CannedResponse(error("No."), 500))
    with caplog.at_level(logging.INFO, "summarizer"), pytest.raises(ServerFailed):
        await ask(server, request_, attempts=1)
    assert [record.getMessage()[:6] for record in caplog.records if record.name == "summarizer"] == ["failed"]


async def test_new_capabilities_are_logged_once(
    server: Server, request_: Request, caplog: pytest.LogCaptureFixture
) -> None:
    server.set_responses(CannedResponse(error("Unsupported parameter: seed"), 400), CannedResponse(completion()))
    with caplog.at_level(logging.INFO, "summarizer"):
        await ask(server, request_, seed=1)
    assert "from now on: {'dropped': ('seed',)}" in caplog.text


@pytest.mark.parametrize("status", [200, 400, 401, 500])
async def test_log_and_events_show_no_key_header_or_text(
    server: Server, request_: Request, caplog: pytest.LogCaptureFixture, waits: list[float], status: int
) -> None:
    events: list[CallEvent] = []
    server.set_responses(
        CannedResponse(completion(ARTICLE) if status == 200 else error(f"response_format {KEY} {ARTICLE}"), status)
    )
    with caplog.at_level(logging.DEBUG, "summarizer"):
        try:
            await ask(server, request_, attempts=2, default_headers={"X-Desk": "hush"}, on_event=events.append)
        except Exception:
            assert status != 200
    told = "".join(record.getMessage() for record in caplog.records if record.name == "summarizer") + repr(events)
    assert told
    for secret in (KEY, "hush", "harbour", "seawall", "Find the positions"):
        assert secret not in told


async def test_events_report_attempts_waits_and_the_end(server: Server, request_: Request, waits: list[float]) -> None:
    spent = error() | {"usage": {"prompt_tokens": 50}}
    server.set_responses(CannedResponse(spent, 429, {"Retry-After": "7"}), CannedResponse(completion()))
    events: list[CallEvent] = []
    await ask(server, request_, on_event=events.append)
    assert [event.kind for event in events] == ["sent", "retry", "sent", "answered"]
    assert [event.attempt for event in events] == [1, 1, 2, 2]
    assert [event.status for event in events] == [None, 429, 429, 200]
    assert 7 <= events[1].wait <= 7.5
    assert events[-1].usage == Usage(prompt=150, cached=64, completion=7)
    assert {(event.model, event.form) for event in events} == {("tiny", "json_schema")}


async def test_events_report_the_request_with_twice_the_limit(server: Server, request_: Request) -> None:
    server.set_responses(CannedResponse(completion("{", finish_reason="length")), CannedResponse(completion()))
    events: list[CallEvent] = []
    await ask(server, request_, on_event=events.append, max_tokens=9)
    assert [(event.kind, event.usage.prompt) for event in events] == [
        ("sent", 0), ("retry", 100), ("sent", 100), ("answered", 200)
    ]  # fmt: skip


async def test_reply_sums_the_waits(server: Server, model: OpenAIModel, request_: Request, waits: list[float]) -> None:
    server.set_responses(CannedResponse(error(), 500), CannedResponse(error(), 500), CannedResponse(completion()))
    assert (await model.complete(request_)).waited == pytest.approx(sum(waits), abs=0.01)


async def test_reasoning_tokens_are_counted(server: Server, model: OpenAIModel, request_: Request) -> None:
    usage = {"prompt_tokens": 10, "completion_tokens": 90, "completion_tokens_details": {"reasoning_tokens": 80}}
    server.set_responses(CannedResponse(completion() | {"usage": usage}))
    assert (await model.complete(request_)).usage == Usage(prompt=10, completion=90, reasoning=80)
