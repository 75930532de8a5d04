"""The test server speaks the Batch API as OpenAI's own client understands it."""

import json
from collections.abc import Iterator
from typing import Any

import openai
import pytest

from summarizer.models import Message, Request
from summarizer.models.openai.capabilities import request_body
from tests.batch_api.conftest import ARTICLES, OpenServer
from tests.batch_api.jobs import Jobs
from tests.batch_api.records import DAY, Trouble
from tests.batch_api.server import KEY, BatchServer

PATH = "/v1/chat/completions"


@pytest.fixture
def client(server: BatchServer) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=server.url, api_key=KEY, max_retries=0) as client:
        yield client


def support_request(number: int) -> dict[str, Any]:
    """Return the body of a request that the scripted model answers without an article."""
    request = Request((Message("user", f"S{number} The bridge is unsafe."),), "support", {"type": "object"})
    return request_body("tiny", request)


def lines(count: int, **changes: Any) -> bytes:
    rows = [
        {"custom_id": f"r{n}", "method": "POST", "url": PATH, "body": support_request(n)} | changes
        for n in range(count)
    ]
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def submit(client: openai.OpenAI, content: bytes, endpoint: str = PATH) -> str:
    file = client.files.create(file=("requests.jsonl", content), purpose="batch")
    assert (file.filename, file.bytes, file.purpose) == ("requests.jsonl", len(content), "batch")
    made = client.batches.create(
        input_file_id=file.id,
        endpoint=endpoint,
        completion_window="24h",
        metadata={"run": "a"},  # type: ignore[arg-type]
    )
    assert made.status == "validating"
    return made.id


def ended(client: openai.OpenAI, job_id: str) -> Any:
    for _ in range(1000):
        if (job := client.batches.retrieve(job_id)).status in ("completed", "failed", "expired", "cancelled"):
            return job
    raise AssertionError("The job does not end.")


def read(client: openai.OpenAI, file: str | None) -> list[dict[str, Any]]:
    return [json.loads(line) for line in client.files.content(file).text.splitlines()] if file else []


def test_job_goes_through_all_statuses_and_returns_its_lines(client: openai.OpenAI, server: BatchServer) -> None:
    job_id = submit(client, lines(3))
    seen = [client.batches.retrieve(job_id).status for _ in range(4)]
    assert seen == ["in_progress", "in_progress", "completed", "completed"]
    job = client.batches.retrieve(job_id)
    assert job.request_counts is not None
    assert (job.request_counts.total, job.request_counts.completed, job.metadata) == (3, 3, {"run": "a"})
    rows = read(client, job.output_file_id)
    assert [row["custom_id"] for row in rows] == ["r0", "r1", "r2"]
    assert all(row["response"]["status_code"] == 200 and row["error"] is None for row in rows)
    assert job.error_file_id is None
    assert server.jobs.charged == {"r0": 1, "r1": 1, "r2": 1}
    assert client.files.delete(job.input_file_id).deleted
    assert [file.id for file in client.files.list()] == [job.output_file_id]


def test_jobs_are_listed_in_pages_from_the_newest(client: openai.OpenAI) -> None:
    ids = [submit(client, lines(1)) for _ in range(5)]
    first = client.batches.list(limit=2)
    assert ([job.id for job in first.data], first.has_more) == (ids[:2:-1], True)
    assert [job.id for job in client.batches.list(limit=2)] == ids[::-1]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_batch"),
        (b"{\n", "invalid_json_line"),
        (lines(2, custom_id="same"), "duplicate_custom_id"),
        (lines(1, custom_id="x" * 65), "invalid_custom_id"),
        (lines(1, url="/v1/embeddings"), "mismatched_url"),
        (lines(1) + lines(1, custom_id="b", body=support_request(1) | {"model": "large"}), "mismatched_model"),
        (lines(4), "max_requests_exceeded"),
    ],
)
def test_invalid_file_fails_after_a_good_answer_to_create(open_server: OpenServer, content: bytes, code: str) -> None:
    server = open_server(max_requests=3)
    client = openai.OpenAI(base_url=server.url, api_key=KEY)
    job = ended(client, submit(client, content))
    client.close()
    assert (job.status, job.errors.data[0].code) == ("failed", code)
    assert server.jobs.charges == []


def test_expired_job_returns_and_charges_what_is_done(client: openai.OpenAI, server: BatchServer) -> None:
    server.jobs.plan(Trouble(expires_after=2))
    job_id = submit(client, lines(3))
    server.jobs.advance(DAY)
    job = ended(client, job_id)
    assert (job.status, len(read(client, job.output_file_id))) == ("expired", 2)
    assert [row["error"]["code"] for row in read(client, job.error_file_id)] == ["batch_expired"]
    assert sorted(map(str, server.jobs.charged)) == ["r0", "r1"]


def test_cancelled_job_charges_the_share_that_is_done(client: openai.OpenAI, server: BatchServer) -> None:
    server.jobs.plan(Trouble(validating=0, running=1200))
    job_id = submit(client, lines(4))
    client.batches.retrieve(job_id)
    assert client.batches.cancel(job_id).status == "cancelling"
    job = ended(client, job_id)
    assert (job.status, len(server.jobs.charges)) == ("cancelled", 2)


def test_job_over_the_queue_limit_fails_until_others_are_done(open_server: OpenServer) -> None:
    server = open_server(token_limit=len(lines(4)) // 4)
    client = openai.OpenAI(base_url=server.url, api_key=KEY)
    first, second = submit(client, lines(4)), submit(client, lines(1))
    assert (ended(client, second).status, ended(client, first).status) == ("failed", "completed")
    assert ended(client, submit(client, lines(1))).status == "completed"
    client.close()


def test_azure_has_its_own_paths_and_a_limit_of_files(open_server: OpenServer) -> None:
    server = open_server(is_azure=True, max_files=1)
    client = openai.AzureOpenAI(azure_endpoint=server.address, api_key=KEY, api_version="2025-04-01-preview")
    job_id = submit(client, lines(1, url="/chat/completions"), "/chat/completions")
    with pytest.raises(openai.BadRequestError, match="limit of 1 files"):
        submit(client, lines(1))
    assert ended(client, job_id).status == "completed"
    sent: Any = support_request(0)
    assert client.chat.completions.create(**sent).choices[0].message.content
    client.close()


def test_wrong_key_is_refused(server: BatchServer) -> None:
    with openai.OpenAI(base_url=server.url, api_key="sk-other") as client, pytest.raises(openai.AuthenticationError):
        client.files.list()


@pytest.mark.parametrize("status", [None, 500])
def test_lost_answer_to_create_leaves_a_job(client: openai.OpenAI, server: BatchServer, status: int | None) -> None:
    server.inject("create", status=status, is_late=True)
    with pytest.raises(openai.APIError):
        submit(client, lines(1))
    (job,) = client.batches.list()
    assert job.metadata == {"run": "a"}


def test_second_server_on_the_folder_continues(client: openai.OpenAI, server: BatchServer, tmp_path: Any) -> None:
    job_id = submit(client, lines(1))
    ended(client, job_id)
    again = Jobs(tmp_path / "server0", dict)
    assert (again.retrieve(job_id)["status"], again.charged) == ("completed", server.jobs.charged)


def test_scripted_model_gives_the_same_completion_for_the_same_request(server: BatchServer, scripted: Any) -> None:
    assert len({json.dumps(scripted(support_request(1))) for _ in range(3)}) == 1
    assert len(set(ARTICLES)) == len(ARTICLES)
