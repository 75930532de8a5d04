"""Requests are split into files within the limits of the server: none is lost, none comes twice."""

import json
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from summarizer.batch_api.files import request_line, write_request_files
from summarizer.batch_api.journal import FileLimits, Job, Journal
from summarizer.models import Capabilities
from summarizer.store import Store

URL = "/v1/chat/completions"
EXTRA = {"seed": 7, "note": "größer"}
TEXTS = st.text("aß“\n", max_size=40)
LENGTHS = st.lists(TEXTS, max_size=25)


def bodies(texts: list[str]) -> list[tuple[str, bytes]]:
    return [
        (f"{number:064x}", json.dumps({"model": "m", "text": text}, ensure_ascii=False).encode())
        for number, text in enumerate(texts)
    ]


def check(files: list[list[bytes]], expected: list[bytes], limits: FileLimits) -> None:
    """Check that files hold these lines in order, are within the limits, and could not be fewer in this order."""
    assert [line for file in files for line in file] == expected
    for file in files:
        assert 0 < len(file) <= limits.requests
        assert sum(map(len, file)) <= limits.bytes or len(file) == 1
    for file, following in pairwise(files):
        assert len(file) == limits.requests or sum(map(len, file)) + len(following[0]) > limits.bytes


@settings(max_examples=20)
@given(texts=LENGTHS, most=st.integers(1, 8), most_bytes=st.integers(1, 2_000))
@example(texts=["a"] * 9, most=3, most_bytes=10_000)
@example(texts=["a"] * 9, most=100, most_bytes=3 * len(request_line(*bodies(["a"])[0], URL, EXTRA)))
def test_written_files_are_full_and_within_the_limits(texts: list[str], most: int, most_bytes: int) -> None:
    limits = FileLimits(most, most_bytes)
    with tempfile.TemporaryDirectory() as folder:
        written = write_request_files(Path(folder, "requests.jsonl"), iter(bodies(texts)), URL, EXTRA, limits)
        files = [path.read_bytes().splitlines(keepends=True) for path, _ in written]
    assert [count for _, count in written] == list(map(len, files))
    check(files, [request_line(*row, URL, EXTRA) for row in bodies(texts)], limits)


@given(text=TEXTS)
def test_line_is_one_json_object_with_the_body_and_its_extra_keys(text: str) -> None:
    key, body = bodies([text])[0]
    line = request_line(key, body, URL, EXTRA)
    assert line.count(b"\n") == 1
    assert json.loads(line) == {
        "custom_id": key,
        "method": "POST",
        "url": URL,
        "body": {"model": "m", "text": text} | EXTRA,
    }


def plan_all(texts: list[str], limits: FileLimits, overhead: int) -> list[tuple[Job, list[bytes]]]:
    """Return all jobs that a journal plans for these requests, with the bodies of each."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder, "journal.db"))
        journal = Journal(store, "model", "run")
        for key, body in bodies(texts):
            journal.find_or_record(key, json.loads(body), Capabilities())
        jobs = []
        while job := journal.plan("m", "server", limits, overhead, first_only=False):
            jobs.append((job, [body for _, body in journal.bodies(job)]))
        states = store.database.query("SELECT state FROM batch_requests")
        assert [state for (state,) in states] == ["sent"] * len(texts)
        store.close()
    return jobs


@pytest.mark.slow
@given(texts=LENGTHS, most=st.integers(1, 8), most_bytes=st.integers(1, 2_000))
@example(texts=["a"] * 9, most=3, most_bytes=10_000)
def test_planned_jobs_are_full_and_within_the_limits(texts: list[str], most: int, most_bytes: int) -> None:
    limits = FileLimits(most, most_bytes)
    jobs = plan_all(texts, limits, overhead=0)
    assert [job.requests for job, _ in jobs] == [len(found) for _, found in jobs]
    check([found for _, found in jobs], [body for _, body in bodies(texts)], limits)


@pytest.mark.slow
def test_default_limits_are_50_000_requests_and_200_megabytes(tmp_path: Path) -> None:
    assert FileLimits() == FileLimits(50_000, 200_000_000)
    small, large = b'{"text": "a"}', b'{"text": "%s"}' % (b"a" * 49_999_000)
    many = ((f"{number:064x}", small) for number in range(50_001))
    written = write_request_files(tmp_path / "many.jsonl", many, URL, {}, FileLimits())
    assert [count for _, count in written] == [50_000, 1]
    heavy = ((f"{number:064x}", large) for number in range(5))
    written = write_request_files(tmp_path / "heavy.jsonl", heavy, URL, {}, FileLimits())
    assert [count for _, count in written] == [4, 1]
    assert all(path.stat().st_size <= 200_000_000 for path, _ in written)
