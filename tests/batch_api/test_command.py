"""The command: one call or three, files instead of a network, what users read."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from summarizer.cli import app
from tests.batch_api.conftest import ARTICLES, OpenServer, Scripted
from tests.batch_api.records import DAY, Trouble
from tests.batch_api.scripted import completions_for
from tests.batch_api.server import KEY, BatchServer

Run = Callable[..., Result]
BATCH = ("--batch-api", "--poll", "0.01")


pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for number, text in enumerate(ARTICLES[:3]):
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, folder: Path, tmp_path: Path) -> Run:
    """Return a function that runs a command on the folder with a store, and a server if one is given."""
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "200")

    def run(
        server: BatchServer | None, *arguments: object, store: str = "briefs.db", command: tuple[object, ...] = ()
    ) -> Result:
        for name, value in (("OPENAI_API_KEY", KEY), ("OPENAI_BASE_URL", server and server.url)):
            if server is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, str(value))
        command = command or ("batch", folder, "--model", "tiny")
        sent = [*command, *arguments, "--store", tmp_path / store]
        return CliRunner().invoke(app, list(map(str, sent)))

    return run


def briefs(path: Path) -> list[Any]:
    """Return the briefs of an output file without their provenance."""
    rows = sorted(map(json.loads, path.read_bytes().splitlines()), key=lambda row: str(row["source"]))
    return [
        row["brief"] and {name: row["brief"][name] for name in row["brief"] if name != "provenance"} for row in rows
    ]


def test_briefs_are_those_of_ordinary_requests(run: Run, server: BatchServer, tmp_path: Path) -> None:
    plain = run(server, "--out", tmp_path / "plain.jsonl", store="plain.db")
    assert (plain.exit_code, server.requests["completion"]) == (0, 3), plain.output
    result = run(server, "--out", tmp_path / "batch.jsonl", *BATCH)
    assert result.exit_code == 0, result.output
    assert server.requests["completion"] == 3
    assert briefs(tmp_path / "batch.jsonl") == briefs(tmp_path / "plain.jsonl")
    assert all(briefs(tmp_path / "batch.jsonl"))


def test_repairs_are_asked_in_a_second_round(run: Run, open_server: OpenServer, tmp_path: Path) -> None:
    server = open_server(completions_for(*ARTICLES, is_faulty=lambda prompt: "bridge Birch 1" in prompt))
    result = run(server, *BATCH)
    assert result.exit_code == 0, result.output
    assert [len(server.jobs.lines(job)) for job in server.jobs.all] == [3, 1]


def test_second_call_asks_nothing(run: Run, server: BatchServer) -> None:
    run(server, *BATCH)
    made = len(server.jobs.all)
    result = run(server, *BATCH)
    assert (result.exit_code, len(server.jobs.all)) == (0, made), result.output


def test_replies_of_a_batch_serve_ordinary_requests_of_the_same_store(run: Run, server: BatchServer) -> None:
    run(server, *BATCH)
    result = run(server)
    assert (result.exit_code, server.requests["completion"]) == (0, 0), result.output


def test_expired_batch_is_completed_by_direct_requests(run: Run, server: BatchServer) -> None:
    server.jobs.plan(Trouble(expires_after=1))
    server.jobs.tick = DAY
    result = run(server, *BATCH, "--then", "direct")
    assert result.exit_code == 0, result.output
    assert (len(server.jobs.all), server.requests["completion"]) == (1, 2)
    assert set(server.jobs.charged_bodies.values()) == {1}


def test_refused_article_fails_and_others_do_not(run: Run, server: BatchServer, tmp_path: Path) -> None:
    server.jobs.plan(Trouble(line_errors={1: "content filter"}))
    result = run(server, *BATCH, "--out", tmp_path / "out.jsonl")
    assert result.exit_code == 3, result.output
    assert [brief is None for brief in briefs(tmp_path / "out.jsonl")].count(True) == 1
    assert len(server.jobs.all) == 1


def test_wrong_key_stops_with_a_hint(run: Run, server: BatchServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.batch_api.test_command.KEY", "sk-wrong-abcdefghijkl")
    result = run(server, *BATCH)
    assert result.exit_code == 1
    assert "OPENAI_API_KEY" in result.output
    assert "Traceback" not in result.output


def test_server_without_a_batch_api_is_named(run: Run, server: BatchServer) -> None:
    missing = {"error": {"message": "Not Found", "type": "invalid_request_error", "code": None}}
    server.inject("upload", status=404, times=100, body=missing)
    server.inject("list", status=404, times=100, body=missing)
    result = run(server, *BATCH)
    assert result.exit_code == 1
    assert "127.0.0.1" in result.output
    assert "Traceback" not in result.output


# Three commands


def test_submit_status_and_collect_make_the_briefs(run: Run, server: BatchServer, folder: Path) -> None:
    submitted = run(server, command=("batches", "submit", folder, "--model", "tiny"))
    assert submitted.exit_code == 0, submitted.output
    assert (len(server.jobs.all), server.jobs.charges) == (1, [])
    shown = run(server, command=("batches", "status"))
    assert shown.exit_code == 0, shown.output
    assert "in_progress" in shown.output.replace(" ", "_")
    server.jobs.advance(3_600)
    collected = run(server, command=("batches", "collect"))
    assert collected.exit_code == 0, collected.output
    result = run(server, command=("batches", "submit", folder, "--model", "tiny"))
    assert result.exit_code == 0, result.output
    assert "3 of 3 done" in result.output
    assert (len(server.jobs.all), server.requests["completion"]) == (1, 0)
    assert set(server.jobs.charged.values()) == {1}


def test_collected_replies_serve_a_plain_run_and_cost_nothing(run: Run, server: BatchServer, folder: Path) -> None:
    assert run(server, command=("batches", "submit", folder, "--model", "tiny")).exit_code == 0
    server.jobs.advance(3_600)
    assert run(server, command=("batches", "collect")).exit_code == 0
    estimate = run(server, command=("estimate", folder, "--model", "tiny", "--format", "json"))
    assert estimate.exit_code == 0, estimate.output
    found = json.loads(estimate.stdout)
    assert (found["stored_replies"], found["low"]["calls"]) == (3, 0)
    plain = run(server)
    assert "3 of 3 done" in plain.output
    assert (plain.exit_code, server.requests["completion"], len(server.jobs.all)) == (0, 0, 1), plain.output


def test_collected_replies_are_merged_with_their_store(
    run: Run, server: BatchServer, folder: Path, tmp_path: Path
) -> None:
    run(server, command=("batches", "submit", folder, "--model", "tiny"), store="worker.db")
    server.jobs.advance(3_600)
    run(server, command=("batches", "collect"), store="worker.db")
    merged = CliRunner().invoke(
        app, ["store", "merge", str(tmp_path / "worker.db"), "--into", str(tmp_path / "briefs.db")]
    )
    assert merged.exit_code == 0, merged.output
    result = run(server, *BATCH)
    assert (result.exit_code, len(server.jobs.all), server.requests["completion"]) == (0, 1, 0), result.output


def test_batches_of_a_mistyped_server_do_not_hide_those_of_the_right_one(
    run: Run, server: BatchServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit = ("batches", "submit", folder, "--model", "tiny")
    assert run(server, command=submit).exit_code == 0

    async def no_sleep(_: float) -> None:
        pass

    monkeypatch.setattr("summarizer.models.retry.sleep", no_sleep)
    address = server.address
    monkeypatch.setattr(type(server), "address", "http://127.0.0.1:9")
    run(server, command=submit)
    monkeypatch.setattr(type(server), "address", address)
    shown = run(server, command=("batches", "status"))
    assert (shown.exit_code, len(shown.stdout.splitlines())) == (0, 1), shown.output
    assert "batch_" in shown.stdout


def test_deployment_at_azure_is_asked_with_the_variables_of_the_sdk(
    run: Run, open_server: OpenServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = open_server(is_azure=True)
    variables = {"ENDPOINT": server.address, "API_KEY": KEY}
    for name, value in variables.items():
        monkeypatch.setenv(f"AZURE_OPENAI_{name}", value)
    monkeypatch.setenv("OPENAI_API_VERSION", "2025-04-01-preview")
    result = run(None, *BATCH)
    assert result.exit_code == 0, result.output
    assert len(server.jobs.all) == 1


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--batch-api", "--write-requests", "requests.jsonl"), "--batch-api"),
        (("--then", "direct"), "--then"),
        (("--unanswered", "batch"), "--unanswered"),
        (("--poll", "5"), "--poll"),
        (("--batch-api", "--poll", "0"), "“0” is too small"),
    ],
)
def test_options_without_a_meaning_are_refused(
    run: Run, server: BatchServer, options: tuple[str, ...], named: str
) -> None:
    result = run(server, *options)
    assert result.exit_code == 2
    assert named in result.output
    assert not server.requests


def test_file_of_requests_replaces_no_source(run: Run, server: BatchServer, folder: Path) -> None:
    result = run(server, "--write-requests", folder / "0.txt")
    assert result.exit_code == 1
    assert "--write-requests would replace" in result.output
    assert (folder / "0.txt").read_text(encoding="utf-8") == ARTICLES[0]


def test_submit_asks_directly_for_what_a_batch_did_not_answer(run: Run, server: BatchServer, folder: Path) -> None:
    server.jobs.plan(Trouble(expires_after=1))
    submit = ("batches", "submit", folder, "--model", "tiny")
    assert run(server, command=submit).exit_code == 0
    server.jobs.advance(DAY)
    result = run(server, "--then", "direct", command=submit)
    assert result.exit_code == 0, result.output
    assert "3 of 3 done" in result.output
    assert (len(server.jobs.all), server.requests["completion"]) == (1, 2)


def test_submit_collects_first_and_says_how_to_go_on(run: Run, server: BatchServer, folder: Path) -> None:
    submit = ("batches", "submit", folder, "--model", "tiny")
    assert "collects their replies. Then repeat the same command." in run(server, command=submit).output
    waiting = run(server, command=("batches", "collect"))
    assert "Open batches: 1." in waiting.output
    assert "makes the briefs" not in waiting.output
    server.jobs.advance(3_600)
    result = run(server, command=submit)
    assert (result.exit_code, "3 of 3 done" in result.output) == (0, True), result.output
    assert "No batch is open." in run(server, command=("batches", "cancel")).output


def test_cancelled_batch_is_shown_and_collected(run: Run, server: BatchServer, folder: Path) -> None:
    server.jobs.tick = 0
    run(server, command=("batches", "submit", folder, "--model", "tiny"))
    assert "being cancelled: 1." in run(server, command=("batches", "cancel")).output
    assert "cancelled, not collected yet, 0 of 3 requests done" in run(server, command=("batches", "status")).stdout
    assert "collected: 0 replies. Open batches: 0." in run(server, command=("batches", "collect")).output


def test_batches_under_way_are_merged_and_collected_from_the_whole_store(
    run: Run, server: BatchServer, folder: Path, tmp_path: Path
) -> None:
    run(server, command=("batches", "submit", folder, "--model", "tiny"), store="worker.db")
    paths = tmp_path / "worker.db", tmp_path / "briefs.db"
    merged = CliRunner().invoke(app, ["store", "merge", str(paths[0]), "--into", str(paths[1])])
    assert "1 batch under way" in merged.output
    assert f"'summarizer batches collect --store {paths[1]}' collects" in merged.output.replace("\n", " ")
    server.jobs.advance(3_600)
    result = run(server, *BATCH)
    assert (result.exit_code, len(server.jobs.all), server.requests["completion"]) == (0, 1, 0), result.output


# Files instead of a network


def answer_file(requests: Path, replies: Path, reply: Scripted, failed: tuple[tuple[int, int], ...] = ()) -> int:
    """Write the replies to a file of requests, as `vllm run-batch` does, and return the number of requests.

    ``failed`` holds numbers of lines and their statuses.
    """
    rows = []
    for number, line in enumerate(requests.read_bytes().splitlines()):
        sent = json.loads(line)
        assert (sent["method"], sent["url"]) == ("POST", "/v1/chat/completions")
        status = dict(failed).get(number, 200)
        body = {"error": {"message": "It broke."}} if status >= 400 else reply(sent["body"])
        response = {"status_code": status, "request_id": f"r{number}", "body": body}
        rows.append({"id": f"vllm-{number}", "custom_id": sent["custom_id"], "response": response, "error": None})
    replies.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return len(rows)


def test_requests_and_replies_are_exchanged_in_files_without_a_key(
    run: Run, scripted: Scripted, tmp_path: Path
) -> None:
    requests, replies = tmp_path / "requests.jsonl", tmp_path / "replies.jsonl"
    written = run(None, "--write-requests", requests)
    assert written.exit_code in (0, 3), written.output
    assert answer_file(requests, replies, scripted) == 3
    result = run(None, "--read-replies", replies, "--out", tmp_path / "out.jsonl")
    assert result.exit_code == 0, result.output
    assert all(briefs(tmp_path / "out.jsonl"))


def test_lines_with_a_passing_error_are_written_again_and_others_with_retry_failed(
    run: Run, scripted: Scripted, tmp_path: Path
) -> None:
    requests, replies, more, all_failed, last = (tmp_path / f"{name}.jsonl" for name in "abcde")
    run(None, "--write-requests", requests)
    answer_file(requests, replies, scripted, failed=((0, 500), (1, 400)))
    read = run(None, "--read-replies", replies, "--write-requests", more)
    assert (read.exit_code, len(more.read_bytes().splitlines())) == (3, 1), read.output
    retried = run(None, "--retry-failed", "--write-requests", all_failed)
    assert retried.exit_code == 0, retried.output
    assert answer_file(all_failed, last, scripted) == 2
    result = run(None, "--read-replies", last)
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("content", ["not JSON\n", '{"custom_id": "unknown"}\n', "[]\n", ""], ids=str)
def test_file_without_useful_replies_does_no_harm(run: Run, tmp_path: Path, content: str) -> None:
    path = tmp_path / "replies.jsonl"
    path.write_text(content, encoding="utf-8")
    result = run(None, "--read-replies", path)
    assert result.exit_code != 0
    assert "Traceback" not in result.output
    assert not isinstance(result.exception, Exception) or isinstance(result.exception, SystemExit)
