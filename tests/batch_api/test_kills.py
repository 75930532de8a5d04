"""The command `batch --batch-api`, killed at any moment and started again."""

import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from signal import SIGSTOP
from typing import Any

import pytest

from summarizer import Store
from tests.batch_api.conftest import OpenServer
from tests.batch_api.fork_server import ForkServer, Run
from tests.batch_api.records import DAY, Trouble
from tests.batch_api.scripted import article, completions_for, long_article
from tests.batch_api.server import KEY, BatchServer, Endpoint, Stage
from tests.timing import HOLD

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(os, "fork"), reason="runs are forks of one process")]

KILLS = 100
TEXTS = [*map(article, range(5)), long_article(0, 16)]
OPTIONS = ("--model", "tiny", "--chunk-tokens", "200", "--context", "4096", "--verify")
"""The short articles take one request, the long one several and one to merge them; all are verified."""
TROUBLES = (
    Trouble(expires_after=4),
    Trouble(line_errors={0: "rate limit", 2: "server error"}, shuffled=True),
    Trouble(failure="token_limit_exceeded"),
)


def is_faulty(prompt: str) -> bool:
    return "bridge Birch" in prompt or "bridge Elm" in prompt


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("articles")
    for number, text in enumerate(TEXTS):
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def replies() -> Any:
    return completions_for(*TEXTS, is_faulty=is_faulty)


@dataclass
class Setup:
    """A server, a store, and runs of the command with them."""

    server: BatchServer
    runs: ForkServer
    folder: Path
    path: Path
    batch: bool = True
    options: tuple[str, ...] = OPTIONS

    def start(self, out: str = "briefs.jsonl", **options: Any) -> Run:
        batch = ("--batch-api", "--poll", "0.01") if self.batch else ()
        files = ("--store", self.path / "briefs.db", "--out", self.path / out)
        environment = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": self.server.url}
        return self.runs.start("batch", self.folder, *files, *self.options, *batch, environment=environment, **options)

    def briefs(self, out: str = "briefs.jsonl") -> list[dict[str, Any]]:
        """Return the briefs without what differs between runs: times, and counts of requests."""
        rows = map(json.loads, (self.path / out).read_text(encoding="utf-8").splitlines())
        briefs = [row["brief"] for row in sorted(rows, key=lambda row: row["source"])]
        for brief in briefs:
            for name in ("calls", "retries", "usage", "waited", "seconds", "made"):
                del brief["provenance"][name]
        return briefs

    def log(self) -> str:
        return self.runs.log.read_text(encoding="utf-8")[-3000:]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkServer]:
    runs = ForkServer(tmp_path_factory.mktemp("runs") / "log.txt")
    yield runs
    runs.close()


@pytest.fixture
def open_setup(open_server: OpenServer, runs: ForkServer, folder: Path, tmp_path: Path, replies: Any) -> Any:
    """Return a function that opens a setup with a server of its own."""
    setups: list[Setup] = []

    def open_setup(folder: Path = folder, **options: Any) -> Setup:
        path = tmp_path / f"setup{len(setups)}"
        path.mkdir()
        setups.append(Setup(open_server(replies), runs, folder, path, **options))
        return setups[-1]

    return open_setup


MOMENTS: tuple[tuple[Endpoint, Stage], ...] = tuple(
    product(("create", "upload", "delete", "content", "retrieve"), ("done", "received", "answered"))
)


@dataclass
class Killer:
    """Kills runs: first at each moment of each call, then at random times, requests, and lines of code."""

    random: random.Random
    kills: Counter[str] = field(default_factory=Counter)
    moments: list[tuple[Endpoint, Stage]] = field(default_factory=lambda: list(MOMENTS))

    def run(self, setup: Setup, full: float) -> int:
        """Run the command once and return its exit code.

        Args:
            setup: what to run.
            full: seconds of a run that nobody kills.
        """
        kind = "moment" if self.moments else self.random.choice(("time", "request", "line"))
        last_line = int(10 ** self.random.uniform(1, 4)) if kind == "line" else None
        moment, left = self.moments[0] if self.moments else None, self.random.randrange(1, 20)
        run = setup.start(last_line=last_line)
        timer = threading.Timer(self.random.uniform(0.02, full), run.kill)

        def note(endpoint: Endpoint, stage: Stage) -> None:
            nonlocal left
            left -= 1
            if (endpoint, stage) == moment if kind == "moment" else left == 0:
                run.kill()

        if kind in ("moment", "request"):
            setup.server.on_stage = note
        if kind == "time":
            timer.start()
        code = run.wait()
        timer.cancel()
        setup.server.on_stage = lambda *_: None
        if code < 0:
            self.kills[kind] += 1
            self.moments = self.moments[1:]
        return code


def check(setup: Setup, expected: Setup, out: str = "briefs.jsonl") -> None:
    """Check that the briefs are those of ordinary requests, and that each request was charged once."""
    assert setup.briefs(out) == expected.briefs()
    charged = setup.server.jobs.charged_bodies
    assert set(charged.values()) == {1}, "a request was paid for twice"
    assert set(charged) == set(expected.server.jobs.charged_bodies), "a request was lost"
    assert setup.server.jobs.files == [], "files are left at the server"


def test_killed_100_times_pays_nothing_twice_and_makes_the_same_briefs(open_setup: Any) -> None:
    expected = open_setup(batch=False)
    assert expected.start().wait() == 0, expected.log()
    killer, setups = Killer(random.Random(17)), 0
    while sum(killer.kills.values()) < KILLS:
        setup = open_setup()
        setup.server.jobs.plan(*TROUBLES)
        setups += 1
        while (code := killer.run(setup, 1.5)) < 0:
            pass
        assert code == 0, setup.log()
        check(setup, expected)
    assert killer.kills["moment"] == len(MOMENTS)
    assert min(killer.kills.values()) > 10, killer.kills


def test_killed_direct_requests_repeat_only_the_one_in_progress(open_setup: Any, folder: Path, tmp_path: Path) -> None:
    short = tmp_path / "short"
    short.mkdir()
    for path in sorted(folder.iterdir())[: len(TEXTS) - 1]:  # each of these has one request at a time
        (short / path.name).write_bytes(path.read_bytes())
    expected = open_setup(short, batch=False)
    assert expected.start().wait() == 0, expected.log()
    for moment in product(("completion", "content"), ("done", "received", "answered")):
        setup = open_setup(short, options=(*OPTIONS, "--concurrency", "1", "--then", "direct"))
        setup.server.jobs.tick = DAY / 10
        setup.server.jobs.plan(Trouble(expires_after=2), Trouble(line_errors={0: "server error"}))
        first, met = setup.start(), []

        def note(*stage: str, run: Run = first, moment: tuple[str, str] = moment, met: list[int] = met) -> None:
            if stage == moment:
                met.append(1)
                if len(met) == 2:
                    run.kill()

        setup.server.on_stage = note
        assert first.wait() < 0, moment
        setup.server.on_stage = lambda *_: None
        assert setup.start().wait() == 0, setup.log()
        charged = setup.server.jobs.charged_bodies
        twice = [body for body, times in charged.items() if times > 1]
        assert len(twice) <= (moment[0] == "completion"), moment
        assert set(charged) == set(expected.server.jobs.charged_bodies)
        assert max(setup.server.jobs.charged.values()) == 1, "a request of a batch was paid for twice"
        assert setup.briefs() == expected.briefs()
        assert setup.server.jobs.files == [], "files are left at the server"
        assert setup.server.requests["completion"] > 2


@pytest.fixture(scope="module")
def other_runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkServer]:
    """Return another fork server, so that two runs can overlap."""
    runs = ForkServer(tmp_path_factory.mktemp("runs") / "log.txt")
    assert runs.start("--version", environment={}).wait() == 0  # from here on, it starts as fast as the first one
    yield runs
    runs.close()


def test_two_processes_on_one_store_submit_nothing_twice(open_setup: Any, other_runs: ForkServer) -> None:
    expected = open_setup(batch=False)
    assert expected.start().wait() == 0, expected.log()
    first = open_setup()
    second = Setup(first.server, other_runs, first.folder, first.path)
    hold = iter([3.0])

    def delay(endpoint: Endpoint, stage: Stage) -> None:
        if (endpoint, stage) == ("create", "received"):
            time.sleep(next(hold, 0.0))  # the other process meets a batch that is being created

    first.server.on_stage = delay
    runs = [setup.start(out=f"{number}.jsonl") for number, setup in enumerate((first, second))]
    codes = [run.wait() for run in runs]
    assert codes == [0, 0], first.log() + second.log()
    assert first.briefs("1.jsonl") == expected.briefs()
    check(first, expected, "0.jsonl")


def test_stopped_process_whose_lease_expires_pays_for_nothing_twice(open_setup: Any, other_runs: ForkServer) -> None:
    expected = open_setup(batch=False)
    assert expected.start().wait() == 0, expected.log()
    for moment in (("upload", "done"), ("create", "received"), ("create", "answered"), ("content", "done")):
        first = open_setup()
        second = Setup(first.server, other_runs, first.folder, first.path)
        stopped, started = threading.Event(), list[Run]()

        def stop(
            *stage: str,
            moment: tuple[str, str] = moment,
            stopped: threading.Event = stopped,
            started: list[Run] = started,
        ) -> None:
            if stage == moment and not stopped.is_set():
                os.kill(started[0].pid, SIGSTOP)
                stopped.set()

        first.server.on_stage = stop
        started.append(first.start(out="0.jsonl"))
        assert stopped.wait(HOLD), moment
        with Store(first.path / "briefs.db") as store, store.database.transaction() as connection:
            connection.execute("UPDATE leases SET renewed = renewed - 60")  # as after a minute
        assert second.start(out="1.jsonl").wait() == 0, second.log()
        started[0].proceed()
        assert started[0].wait() == 0, first.log()
        assert first.briefs("1.jsonl") == expected.briefs()
        check(first, expected, "0.jsonl")
