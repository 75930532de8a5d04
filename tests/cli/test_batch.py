"""The command ``batch``: sources, output, progress and resuming."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from summarizer import Brief, Reply, Request, Store
from summarizer.cli import app, progress
from summarizer.cli.batch import BatchPlan, BatchResult, SelectionOptions
from summarizer.cli.messages import ExitCode
from summarizer.cli.options import EngineOptions
from summarizer.cli.output import JSONLinesWriter
from summarizer.cli.progress import BatchProgress
from summarizer.errors import AuthenticationFailed, StoreError
from summarizer.testing import CallbackModel, replies_for
from tests.cli.conftest import Answers
from tests.timing import HOLD, await_until

ROOT = Path(__file__).parent.parent.parent
TEXTS = {f"{name}.txt": f"Bridge {name}\n\n“Bridge {name} is unsafe,” Anna Berg said.\n" for name in "abcde"}
EMPTY_REPLY = json.dumps({"holders": [], "issues": [], "positions": [], "open_questions": [], "gist": None})
BUILTIN = ["--model", "builtin"]

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("TERM", "dumb")

    def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(app, ["batch", *map(str, arguments)], input=stdin)

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    (folder / "more").mkdir(parents=True)
    for name, text in TEXTS.items():
        (folder / ("more" if name == "e.txt" else "") / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "briefs.jsonl"


def rows(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def names(out: Path) -> list[str]:
    return [Path(row["source"]).name for row in rows(out)]


# Sources


def test_folder_contributes_its_text_files_recursively_in_sorted_order(run: Run, folder: Path, out: Path) -> None:
    result = run(folder, "--out", out, *BUILTIN)
    assert (result.exit_code, result.stdout) == (0, "")
    assert names(out) == ["a.txt", "b.txt", "c.txt", "d.txt", "e.txt"]
    assert Brief.model_validate(rows(out)[0]["brief"]).positions


def test_files_and_patterns_keep_the_order_of_the_arguments(run: Run, folder: Path, out: Path) -> None:
    notes = folder / "notes.log"
    notes.write_text("About these articles.", encoding="utf-8")
    run(folder / "c.txt", f"{folder}/[ab].txt", f"{folder}/**/e.txt", notes, "--out", out, *BUILTIN)
    assert names(out) == ["c.txt", "a.txt", "b.txt", "e.txt", "notes.log"]


def test_json_lines_set_ids_titles_and_sources(run: Run, tmp_path: Path, out: Path) -> None:
    articles = [
        {"id": 7, "text": TEXTS["a.txt"], "title": "A title", "source": "https://example.org/a", "more": [1]},
        {"text": TEXTS["b.txt"], "language": "en", "published": "2026-01-02", "author": "Ines Moreau"},
    ]
    path = tmp_path / "articles.jsonl"
    path.write_text("\n".join(map(json.dumps, articles)) + "\n\n", encoding="utf-8")
    assert run(path, "--out", out, *BUILTIN).exit_code == 0
    first, second = rows(out)
    assert (first["id"], first["source"], first["brief"]["article"]["title"]) == (
        "7",
        "https://example.org/a",
        "A title",
    )
    assert "id" not in second
    assert second["source"] == f"{path}, line 2"
    article = second["brief"]["article"]
    assert (article["language"], article["published"], article["author"]) == ("en", "2026-01-02", "Ines Moreau")


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_byte_order_mark_and_line_ends_are_ignored(
    run: Run, folder: Path, tmp_path: Path, out: Path, end: bytes
) -> None:
    mark = b"\xef\xbb\xbf"
    lines = tmp_path / "articles.jsonl"
    lines.write_bytes(mark + b'{"text": "One. Two."}' + end + b'{"text": "Three."}' + end)
    assert run(lines, "--out", out, *BUILTIN).exit_code == 0
    names = mark + end.join(str(folder / name).encode() for name in ("a.txt", "b.txt"))
    assert run("-", "--out", out, *BUILTIN, stdin=names).exit_code == 0


def test_standard_input_accepts_names_and_articles(run: Run, folder: Path, out: Path) -> None:
    lines = [str(folder / "b.txt"), "", json.dumps({"text": TEXTS["a.txt"], "id": "x"}), str(folder / "more")]
    result = run("-", "--out", out, *BUILTIN, stdin="\n".join(lines).encode())
    assert result.exit_code == 0, result.output
    assert [row.get("id") for row in rows(out)] == [None, "x", None]
    assert "3 done" in result.stderr


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{not json", "is not JSON"),
        (b"[1]", "not a JSON object with a text"),
        (b'{"title": "A"}', "not a JSON object with a text"),
        (b'{"text": 7}', "The text is not a string."),
        (b'{"text": "A text.", "title": 7}', "The title is not a string"),
        (b'{"text": " "}', "The article is empty"),
        (b"\xff\xfe{", "not UTF-8"),
        (b'{"text": "A text.", "title": "\\ud800"}', "title contains a lone surrogate"),
        (b"[" * 100_000, "is not JSON"),
    ],
)
def test_invalid_line_is_reported_with_its_number_and_others_continue(
    run: Run, tmp_path: Path, out: Path, line: bytes, message: str
) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_bytes(b'{"text": "One. Two."}\n' + line + b'\n{"text": "Three."}\n')
    result = run(path, "--out", out, *BUILTIN)
    assert result.exit_code == 3
    outcomes = rows(out)
    assert [row["brief"] is not None for row in outcomes] == [True, False, True]
    assert message in outcomes[1]["error"]["message"]
    assert outcomes[1]["source"] == f"{path}, line 2"


def test_missing_file_does_not_stop_the_others(run: Run, folder: Path, out: Path) -> None:
    result = run(folder / "a.txt", folder / "none.txt", folder / "b.txt", "--out", out, *BUILTIN)
    assert result.exit_code == 3
    assert [row["error"] is None for row in rows(out)] == [True, False, True]
    assert "2 of 3 done, 1 failed" in result.stderr
    assert "none.txt cannot be read" in result.stderr


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{folder}/empty", "There is no file in"),
        ("{folder}/*.csv", "No file matches"),
    ],
)
def test_argument_without_sources_is_an_error_before_any_work(
    run: Run, folder: Path, out: Path, source: str, message: str
) -> None:
    (folder / "empty").mkdir()
    result = run(folder / "a.txt", source.format(folder=folder), "--out", out, *BUILTIN)
    assert result.exit_code == 1
    assert message in result.stderr
    assert not out.exists()


def test_limit_uses_the_first_sources_only(run: Run, folder: Path, out: Path) -> None:
    result = run(folder, "--out", out, "--limit", "2", *BUILTIN)
    assert names(out) == ["a.txt", "b.txt"]
    assert "2 of 2 done" in result.stderr


def test_store_or_output_file_is_required(run: Run, folder: Path) -> None:
    result = run(folder, *BUILTIN)
    assert result.exit_code == 2
    assert "--store" in result.output


# Output and store


def test_second_run_reuses_the_store_and_writes_the_same_briefs(run: Run, folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "briefs.db"
    first = run(folder, "--store", store, "--out", tmp_path / "1.jsonl", *BUILTIN)
    second = run(folder, "--store", store, "--out", tmp_path / "2.jsonl", *BUILTIN)
    assert "5 of 5 done, 0 failed" in first.stderr
    assert "5 of 5 done (5 before), 0 failed" in second.stderr
    briefs = [[row["brief"] for row in rows(tmp_path / f"{n}.jsonl")] for n in (1, 2)]
    assert briefs[0] == briefs[1]


@pytest.mark.parametrize("fails", [False, True])
def test_link_links_the_store_and_its_failure_fails_no_batch(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    store = tmp_path / "briefs.db"
    if fails:

        def fail(*_: object, **__: object) -> None:
            raise StoreError("The disk is full.", hint="Make room.")

        monkeypatch.setattr("summarizer.dossier.dossier.place_statements", fail)
    result = run(folder, "--store", store, "--link", *BUILTIN)
    assert result.exit_code == 0
    assert ("not linked: The disk is full." in result.stderr) == fails
    with Store(store) as opened:
        assert opened.count_new_articles() == 0
        left = opened.database.query("SELECT 1 FROM article_disputes WHERE NOT placed")
        assert (len(opened), bool(left)) == (len(TEXTS), fails)


def test_link_needs_a_store_and_is_left_out_by_default(run: Run, folder: Path, out: Path, tmp_path: Path) -> None:
    assert run(folder, "--out", out, "--link", *BUILTIN).exit_code == 2
    run(folder, "--store", tmp_path / "briefs.db", *BUILTIN)
    with Store(tmp_path / "briefs.db") as opened:
        assert opened.count_new_articles() == len(TEXTS)


def test_retry_failed_retries_stored_failures(run: Run, folder: Path, tmp_path: Path, answers: Answers) -> None:
    store = tmp_path / "briefs.db"
    answers(
        lambda request: (
            Reply("", finish_reason="refusal") if "Bridge b" in request.messages[-1].content else EMPTY_REPLY
        )
    )
    result = run(folder, "--store", store)
    assert result.exit_code == 3
    assert "1 × The model refused to answer." in result.stderr
    assert "b.txt" in result.stderr
    assert "--retry-failed" in result.stderr
    assert "--retry-failed" not in run(folder, "--store", store, "--retry-failed").stderr, "it does not help"
    model = answers(lambda _: EMPTY_REPLY)
    assert run(folder, "--store", store).exit_code == 3
    assert model.requests == []
    result = run(folder, "--store", store, "--retry-failed")
    assert (result.exit_code, len(model.requests)) == (0, 1)


def test_rejected_key_stops_the_batch_and_says_how_to_resume(
    run: Run, folder: Path, tmp_path: Path, out: Path, answers: Answers
) -> None:
    refused = AuthenticationFailed("The server refuses the key.", hint="Set OPENAI_API_KEY.")
    answers(lambda request: refused if "Bridge c" in request.messages[-1].content else EMPTY_REPLY)
    result = run(folder, "--store", tmp_path / "briefs.db", "--out", out, "--concurrency", "1")
    assert result.exit_code == 1
    assert "The server refuses the key." in result.stderr
    assert "Set OPENAI_API_KEY." in result.stderr
    assert "The same command resumes from here" in result.stderr
    assert names(out) == ["a.txt", "b.txt", "c.txt"]
    answers(lambda _: EMPTY_REPLY)
    assert run(folder, "--store", tmp_path / "briefs.db", "--out", out).exit_code == 0


def test_earlier_output_file_survives_an_aborted_run(run: Run, folder: Path, out: Path, answers: Answers) -> None:
    out.write_text("what was here before\n", encoding="utf-8")
    answers(lambda _: AuthenticationFailed("The server refuses the key."))
    result = run(folder, "--out", out, "--concurrency", "1")
    assert result.exit_code == 1
    assert out.read_text(encoding="utf-8") == "what was here before\n"
    assert names(out.with_name("briefs.jsonl.part")) == ["a.txt"]
    assert "briefs.jsonl.part" in " ".join(result.stderr.split())


def test_file_that_is_not_a_store_is_an_error(run: Run, folder: Path) -> None:
    result = run(folder, "--store", folder / "a.txt", *BUILTIN)
    assert result.exit_code == 1
    assert "is not a store" in result.stderr
    assert (folder / "a.txt").read_text(encoding="utf-8") == TEXTS["a.txt"]


def test_unwritable_output_is_an_error_before_any_work(run: Run, folder: Path) -> None:
    result = run(folder, "--out", folder / "none" / "out.jsonl", *BUILTIN)
    assert result.exit_code == 1
    assert "there is no directory" in result.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no such device")
def test_full_disk_stops_the_batch_and_says_how_to_resume(run: Run, folder: Path, tmp_path: Path) -> None:
    result = run(folder, "--store", tmp_path / "briefs.db", "--out", "/dev/full", *BUILTIN)
    assert result.exit_code == 1
    assert "No space left on device" in result.stderr
    assert "The same command resumes from here" in result.stderr


# Progress


def test_progress_is_printed_without_a_terminal(
    run: Run, folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch, answers: Answers
) -> None:
    monkeypatch.setattr(progress, "INTERVAL", 0)
    monkeypatch.setattr(progress, "TICK", HOLD)
    answers(lambda _: EMPTY_REPLY)
    lines = run(folder, "--out", out).stderr.splitlines()
    assert "1 of 5 done" in lines[0]
    assert "5 of 5 done" in lines[-1]


def test_slow_article_does_not_delay_the_others(
    run: Run, folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch, answers: Answers
) -> None:
    written: list[int] = []
    plain = JSONLinesWriter.write

    def noting(lines: JSONLinesWriter, line: str, number: int) -> None:
        written.append(number)
        plain(lines, line, number)

    async def slow(request: Request) -> str:
        if "Bridge a" in request.messages[-1].content:
            await await_until(lambda: len(written) == 4)
        return EMPTY_REPLY

    monkeypatch.setattr(JSONLinesWriter, "write", noting)
    answers(slow)
    assert run(folder, "--out", out).exit_code == 0
    assert written[-1] == 0
    assert names(out) == ["a.txt", "b.txt", "c.txt", "d.txt", "e.txt"]


@pytest.mark.parametrize("kind", ["store", "source", "json lines"])
def test_output_never_replaces_the_store_or_a_source(run: Run, folder: Path, tmp_path: Path, kind: str) -> None:
    store, listed = tmp_path / "briefs", tmp_path / "articles.jsonl"
    listed.write_text('{"text": "A text."}\n', encoding="utf-8")
    (folder / "b.jsonl").write_text('{"text": "Another text."}\n', encoding="utf-8")
    out = {"store": store, "source": folder / "b.jsonl", "json lines": listed}[kind]
    before = out.read_bytes() if out.exists() else None
    result = run(folder, listed, "--store", store, "--out", out, *BUILTIN)
    assert result.exit_code == 1
    assert "which --out would replace" in result.stderr
    assert (out.read_bytes() if out.exists() else None) == before


SLOW = """
import sys, time
from summarizer import client as calls
from summarizer.testing import CallbackModel
from tests.cli.test_batch import EMPTY_REPLY

async def answer(request):
    import asyncio
    if "Bridge d" in request.messages[-1].content:
        print("asked", flush=True)
        await asyncio.sleep(300)
    return EMPTY_REPLY

calls.resolve_model = lambda _: CallbackModel(answer)
from summarizer.cli import main
main()
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent otherwise there")
@pytest.mark.usefixtures("interruptible")
def test_interrupted_batch_exits_cleanly_and_says_how_to_resume(folder: Path, tmp_path: Path, out: Path) -> None:
    command = [sys.executable, "-c", SLOW, "batch", folder, "--store", tmp_path / "briefs.db", "--out", out]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [*map(str, command), "--concurrency", "1"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout
        assert running.stdout.readline() == b"asked\n"
        running.send_signal(signal.SIGINT)
        _, output = running.communicate(timeout=HOLD)
    assert running.returncode == 130, output
    assert "3 of 5 done" in output.decode()
    assert "interrupted. The same command resumes from here" in output.decode()
    assert b"Traceback" not in output
    assert names(out) == ["a.txt", "b.txt", "c.txt"]
    with Store(tmp_path / "briefs.db") as store:
        assert len(store) == 3
        assert [row["state"] for row in store.database.query("SELECT state FROM runs")] == ["stopped"]


# Check of the statements


@pytest.mark.parametrize("limit", [[], ["--requests-per-minute", "60000"]])
def test_statements_are_checked_in_a_batch(
    run: Run, folder: Path, out: Path, monkeypatch: pytest.MonkeyPatch, limit: list[str]
) -> None:
    model = CallbackModel(replies_for(*TEXTS.values()), name="large")
    monkeypatch.setattr("summarizer.client.resolve_model", lambda _: model)
    asked: list[tuple[str | None, float]] = []

    def resolve(name: str | None, **options: Any) -> CallbackModel:
        asked.append((name, options["requests_per_minute"]))
        return model

    monkeypatch.setattr("summarizer.models.resolve_model", resolve)
    result = run(folder, "--out", out, "-m", "small", "--verify", "large", *limit)
    assert result.exit_code == 0, result.output
    briefs = [Brief.model_validate(row["brief"]) for row in rows(out)]
    assert {each.checks.support for brief in briefs for each in brief.positions} == {"supported"}
    assert asked == ([("small", 60_000), ("large", 60_000)] if limit else [])


# Stores that cannot be written


@pytest.fixture
def protect(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return a function after which all stores are write-protected."""
    return lambda: monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK or Path(path).suffix != ".db")


@pytest.mark.parametrize("options", [[], ["--retry-failed"]], ids=str)
def test_write_protected_store_gives_its_briefs(
    run: Run, folder: Path, out: Path, protect: Callable[[], None], options: list[str]
) -> None:
    store = ["--store", out.with_name("briefs.db"), *BUILTIN]
    run(folder / "a.txt", folder / "b.txt", *store)
    protect()
    result = run(folder / "a.txt", folder / "b.txt", "--out", out, *store, *options)
    assert (result.exit_code, names(out)) == (0, ["a.txt", "b.txt"])
    assert "2 of 2 done (2 before), 0 failed" in result.stderr


def test_only_new_articles_fail_with_a_write_protected_store(
    run: Run, folder: Path, out: Path, protect: Callable[[], None]
) -> None:
    path = out.with_name("briefs.db")
    run(folder / "b.txt", folder / "d.txt", "--store", path, *BUILTIN)
    protect()
    result = run(*(folder / f"{name}.txt" for name in "abcd"), "--out", out, "--store", path, *BUILTIN)
    assert result.exit_code == 3
    assert [row["status"] for row in rows(out)] == ["failed", "done", "failed", "done"]
    assert f"2 × The store {path} is write-protected, and it has no brief of this article with these" in result.stderr
    assert "resumes" not in result.stderr
    assert "--retry-failed" not in result.stderr


def test_write_protected_store_gives_the_failure_of_an_article_again(
    run: Run, folder: Path, out: Path, protect: Callable[[], None], answers: Answers
) -> None:
    answers(lambda _: "no JSON")
    store = ["--store", out.with_name("briefs.db"), "-m", "small"]
    first = run(folder / "a.txt", *store)
    assert first.exit_code == 3
    protect()
    answers(lambda _: EMPTY_REPLY)
    result = run(folder / "a.txt", "--out", out, *store, "--retry-failed")
    (row,) = rows(out)
    assert (result.exit_code, row["status"]) == (3, "failed")
    assert "write-protected" not in json.dumps(row)


def test_interrupted_batch_with_an_empty_store_can_be_resumed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = BatchResult(ExitCode.INTERRUPTED, "interrupted.", BatchProgress(5), None, is_limited=False)
    plan = BatchPlan(sources=["articles"], selection=SelectionOptions(), engine=EngineOptions())
    with Store(tmp_path / "briefs.db") as store:
        plan.report(result, store)
    assert "interrupted. The same command resumes from here." in capsys.readouterr().err
