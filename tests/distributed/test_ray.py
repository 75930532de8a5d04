"""Datasets of a local Ray with two CPUs: killed actors and drivers, poisoned rows, a server that is away."""

import json
import math
import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from summarizer import ScriptedModel, Store
from summarizer.errors import ConfigurationError
from summarizer.models import Message, Request
from summarizer.testing import replies_for
from tests.distributed.drivers import START_RAY, Driver, run_driver, wait_while_it_runs, worker_processes
from tests.models.conftest import CannedResponse, ReceivedRequest, Server, completion, error
from tests.timing import HOLD

numpy = pytest.importorskip("numpy", reason="Ray is not installed: pip install '.[ray]'")  # Ray brings it
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not find_spec("ray"), reason="Ray is not installed: pip install '.[ray]'"),
    pytest.mark.skipif(not Path("/proc").exists(), reason="processes are found in /proc"),
]
ROWS = 60
BATCH_SIZE, CONCURRENCY = 8, 4
BATCHES_AT_ONCE = 2 * 2  # of two workers
REQUESTS_AT_ONCE = BATCHES_AT_ONCE * CONCURRENCY
SUMMARIZE = (
    START_RAY
    + f"""
url, source, out, store = sys.argv[1:5]
server = {{"name": "tiny", "base_url": url, "attempts": 20, "timeout": {HOLD}, "deadline": {HOLD}}}
briefs = summarize_dataset(
    ray.data.read_parquet(source),
    model=server if url else "builtin",
    store=store or None,
    done=out,
    concurrency={CONCURRENCY},
    batch_size={BATCH_SIZE},
)
briefs.write_parquet(out)
print("done")
"""
)


def text(number: int) -> str:
    return (
        f"Bridge {number} is old\n\n“Bridge {number} must go,” said Anna Berg, the chief engineer of office {number}."
    )


class ModelServer(Server):
    """A server that remembers of which article each request was, and holds its replies from a number on."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.replies = 0
        self.outage = range(0)
        """The numbers of the completion requests that get 503, as if the server were absent."""
        self._limit = math.inf
        self._changed = threading.Condition()
        self._reply = replies_for(*map(text, range(ROWS)))
        self.respond = self._respond

    def limit_replies(self, limit: float) -> None:
        """Hold all replies after this number; further requests wait until the limit is higher."""
        with self._changed:
            self._limit = limit
            self._changed.notify_all()

    @property
    def is_at_limit(self) -> bool:
        return self.replies >= self._limit

    def next(self, received: ReceivedRequest) -> CannedResponse:
        response = super().next(received)
        if response.status == 200:
            with self._changed:
                self._changed.wait_for(lambda: self.replies < self._limit)
                self.replies += 1
        return response

    def close(self) -> None:
        self.limit_replies(math.inf)
        super().close()

    def _respond(self, received: ReceivedRequest) -> CannedResponse:
        if len(self.completions) in self.outage:
            return CannedResponse(error("Starting."), 503)
        asked = received.json
        messages = tuple(Message(message["role"], message["content"]) for message in asked["messages"])
        form = asked["response_format"]["json_schema"]
        self.asked.append(messages[-1].content.partition("Bridge ")[2].partition(" ")[0])
        reply = self._reply(Request(messages, form["name"], form["schema"]))
        return CannedResponse(completion(reply.model_dump_json()))


@pytest.fixture
def server() -> Iterator[ModelServer]:
    server = ModelServer()
    yield server
    server.close()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    rows = {"id": [f"a{number}" for number in range(ROWS)], "text": [text(number) for number in range(ROWS)]}
    path = tmp_path / "articles.parquet"
    pq.write_table(pa.table(rows), path, row_group_size=20)
    return path


def results(folder: Path) -> dict[str, dict[str, object]]:
    """Return the rows of the results by id, each once."""
    rows = [row for path in folder.glob("[!_]*.parquet") for row in pq.read_table(path).to_pylist()]
    assert max(Counter(row["id"] for row in rows).values(), default=1) == 1
    return {row["id"]: row for row in rows}


def run(*arguments: object) -> None:
    with run_driver(SUMMARIZE, *arguments) as driver:
        driver.wait()


def kill_actor(driver: Driver) -> None:
    wait_while_it_runs(lambda: worker_processes(driver.folder), driver)
    os.kill(worker_processes(driver.folder)[0], signal.SIGKILL)


def test_killed_actor_loses_nothing_and_asks_for_no_stored_reply(
    server: ModelServer, source: Path, tmp_path: Path
) -> None:
    out, store = tmp_path / "out", tmp_path / "briefs.db"
    server.limit_replies(10)
    with run_driver(SUMMARIZE, server.url, source, out, store) as driver:
        for limit in (30, math.inf):  # the job cannot end before its actor is killed
            wait_while_it_runs(lambda: server.is_at_limit, driver)
            kill_actor(driver)
            server.limit_replies(limit)
        driver.wait()
    assert len(results(out)) == ROWS
    assert not [row["error"] for row in results(out).values() if row["error"]]
    assert len(set(server.asked)) == ROWS
    assert len(server.asked) <= ROWS + REQUESTS_AT_ONCE  # two kills, each of one of two workers
    with Store(store) as opened:
        assert len(opened) == ROWS


def test_killed_driver_is_resumed_from_the_folder_and_the_store(
    server: ModelServer, source: Path, tmp_path: Path
) -> None:
    out, store = tmp_path / "out", tmp_path / "briefs.db"
    enough = BATCHES_AT_ONCE * (BATCH_SIZE - 1) + 1  # replies that complete a batch, however they are distributed
    server.limit_replies(enough)
    with run_driver(SUMMARIZE, server.url, source, out, store) as driver:
        wait_while_it_runs(lambda: server.is_at_limit and list(out.glob("*.parquet")), driver)
        driver.kill()
    assert len(server.asked) <= enough + REQUESTS_AT_ONCE < ROWS
    server.limit_replies(math.inf)
    unfinished = out / "killed.parquet"
    unfinished.write_bytes(b"PAR1 a writer was killed here")
    run(server.url, source, out, store)
    assert set(results(out)) == {f"a{number}" for number in range(ROWS)}
    assert (out / "_unreadable-killed.parquet").exists()  # nothing of the folder is deleted
    assert len(set(server.asked)) == ROWS
    assert len(server.asked) <= ROWS + REQUESTS_AT_ONCE


def test_poisoned_rows_are_errors_and_only_they_are_done_again(source: Path, tmp_path: Path) -> None:
    out, poisoned = tmp_path / "out", tmp_path / "poisoned.parquet"
    table = pq.read_table(source).to_pydict()
    table["text"][3], table["text"][40], table["text"][41] = None, " ", "x" * 1_000_001
    pq.write_table(pa.table(table), poisoned)
    run("", poisoned, out, "")
    rows = results(out)
    assert sorted(key for key, row in rows.items() if row["error"]) == ["a3", "a40", "a41"]
    assert sum(json.loads(row["brief"])["positions"] != [] for row in rows.values() if row["brief"]) == ROWS - 3
    kept = {path.name for path in out.glob("*.parquet")}
    run("", source, out, "")  # they are mended
    assert not [key for key, row in results(out).items() if row["error"]]
    assert len(results(out)) == ROWS
    assert len({path.name for path in out.glob("*.parquet")} - kept) <= 1


def test_server_that_is_away_for_a_while_costs_no_article(server: ModelServer, source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    server.outage = range(11, 11 + 16)  # fewer than the attempts of one article
    run(server.url, source, out, tmp_path / "briefs.db")
    assert len(server.completions) == ROWS + len(server.outage)
    assert not [row["error"] for row in results(out).values() if row["error"]]
    assert sorted(server.asked) == sorted({*server.asked})
    assert len(server.asked) == ROWS


def test_rejected_key_stops_the_job_after_a_few_requests(server: ModelServer, source: Path, tmp_path: Path) -> None:
    server.respond = None
    server.set_responses(CannedResponse(error("Wrong key."), 401))
    with run_driver(SUMMARIZE, server.url, source, tmp_path / "out", "") as driver:
        _, errors = driver.process.communicate(timeout=HOLD)
    assert driver.process.returncode == 1
    assert "AuthenticationFailed" in errors
    assert len(server.completions) <= REQUESTS_AT_ONCE
    assert not list((tmp_path / "out").glob("*.parquet"))


LIMITS = (
    START_RAY
    + """
import pyarrow as pa
from summarizer.errors import ConfigurationError
rows = ray.data.from_arrow(pa.table({"id": ["a"], "text": ["\\u201cGo,\\u201d said Anna Berg, the engineer."]}))
for options in (
    {"workers": 2, "cpus": 1}, {"workers": 3}, {"workers": (3, 9)}, {"workers": 0}, {"workers": (2,)},
    {"workers": 1.5}, {"batch_size": 0}, {"batch_size": "8"}, {"ray_options": {"num_cpus": 1}},
):
    try:
        summarize_dataset(rows, model="builtin", **options)
    except ConfigurationError as error:
        print(error)
print(summarize_dataset(rows, model="builtin", workers=1, cpus=1).take_all()[0]["error"])
print(summarize_dataset(rows, model="builtin", workers=(1, 2), cpus=0, ray_options={"memory": 1000}).count())
"""
)


def test_actors_that_would_leave_no_cpu_are_refused() -> None:
    with run_driver(LIMITS) as driver:
        lines = [line for line in driver.wait().splitlines() if line]
    for line, workers, cpus in zip(lines, (2, 3, 3), ("1", "0.5", "0.5"), strict=False):
        assert line.startswith(f"{workers} workers with {cpus} CPUs each leave less than one of 2 CPUs")
    assert lines[3:] == [
        "workers cannot be 0. Give a number, or two in order: (2, 50).",
        "workers cannot be (2,). Give a number, or two in order: (2, 50).",
        "workers cannot be 1.5. Give a number, or two in order: (2, 50).",
        "batch_size cannot be 0. Give a whole number from 1 on.",
        "batch_size cannot be '8'. Give a whole number from 1 on.",
        "ray_options cannot hold num_cpus. cpus is the argument for it; the others are set here.",
        "None",
        "1",
    ]


def test_limit_of_all_is_divided_and_that_of_a_description_is_each_workers() -> None:
    from summarizer.distributed.ray import _divide

    limits = {"requests_per_minute": 300.0, "tokens_per_minute": None}
    assert _divide("tiny", limits, 4) == {"name": "tiny", "requests_per_minute": 75.0}
    slower = {"name": "tiny", "requests_per_minute": 60}
    assert _divide(slower, limits, 4) == slower
    model = ScriptedModel("x")
    with pytest.raises(ConfigurationError, match="no effect on a model object"):
        _divide(model, limits, 4)


def test_folder_of_the_articles_is_not_taken_for_results(source: Path) -> None:
    from summarizer.distributed.ray import _read_done

    with pytest.raises(ConfigurationError, match="has no column 'brief', so the folder does not hold results"):
        _read_done(source.parent, "id")
    assert len(pq.read_table(source)) == ROWS
    assert len(_read_done(source.parent / "missing", "id")) == 0


def test_row_without_an_id_is_refused_if_done_rows_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from summarizer.distributed import ray

    monkeypatch.setattr(ray, "ray", SimpleNamespace(put=lambda value: value, get=lambda value: value))
    leave_out = ray._left_out(numpy.array([ray._digest("a")]), "id")
    assert leave_out(pa.table({"id": ["a", "b"]})).to_pydict() == {"id": ["b"]}
    with pytest.raises(ConfigurationError, match=r"A row has no id.*Give each row an id"):
        leave_out(pa.table({"id": ["b", None]}))
