"""Kill a batch at random moments, and check that its store repeats and loses nothing.

    python benchmarks/killed.py [KILLS] [SEED]

`summarizer batch` reads 30 generated articles with a store; some have several chunks, and some first replies need a
repair. A local server in its own process replies after 5 to 50 milliseconds, and logs each request with its sender.
The batch is killed (SIGKILL) at random moments and started again until it is done. Then it gets a new store, and so
on up to KILLS (default 100) kills. The same is repeated with two processes on one store, which are killed
independently. The exit status is an error if a promise is broken.

A stored reply must never be requested again. A reply that had not reached the store when its process was killed is
counted separately.
"""

import asyncio
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from summarizer.models import Message

CHUNK_TOKENS = 400
TIMES = ("seconds", "waited", "made")
"""The fields of a provenance that may differ."""

Answer = Callable[[bytes], tuple[str, bytes]]
"""Maps the body of a request to the request's key and the response."""


def articles() -> Iterator[str]:
    """Generate articles; every fifth has several chunks."""
    for n in range(30):
        speeches = (
            f"“Bridge {n} must go within {year} years,” said Anna Berg, who leads office {n}. Nobody else came."
            for year in range(2, 60 if n % 5 == 0 else 6)
        )
        yield f"The council argues over bridge {n}\n\n" + "\n\n".join(speeches)


# The server


async def create_answer(url: str) -> Answer:
    """Return a function that replies about the articles, and that computes the same keys as the store."""
    from summarizer import OpenAIModel
    from summarizer.models import Message, Request
    from summarizer.store import request_key
    from summarizer.testing import replies_for

    reply, identity = replies_for(*articles()), await OpenAIModel("loopback", base_url=url).identity()
    answered: dict[str, bytes] = {}

    def answer(body: bytes) -> tuple[str, bytes]:
        request = json.loads(body)
        form = request["response_format"]["json_schema"]
        messages = tuple(Message(message["role"], message["content"]) for message in request["messages"])
        request = Request(messages, form["name"], form["schema"])
        key = request_key(identity, request)
        if key not in answered:
            answered[key] = _completion(json.loads(reply(request).model_dump_json()), messages)
        return key, answered[key]

    return answer


def _completion(said: dict[str, Any], messages: "tuple[Message, ...]") -> bytes:
    """Return a completion; every third first reply cites a sentence that does not exist."""
    if len(messages) == 2 and said.get("positions") and zlib.crc32(messages[-1].content.encode()) % 3 == 0:
        said["positions"][0]["sentences"] = [10_000]
    message = {"role": "assistant", "content": json.dumps(said)}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    whole = {"id": "c", "object": "chat.completion", "created": 1, "model": "loopback", "choices": [choice]}
    return json.dumps(whole | {"usage": usage}).encode()


async def serve(answer: Answer, log: Path, line: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
    """Log and answer all requests of one connection."""
    try:
        while head := await line.readuntil(b"\r\n\r\n"):
            fields = dict(row.lower().split(b": ", 1) for row in head.split(b"\r\n")[1:] if row)
            key, body = answer(await line.readexactly(int(fields[b"content-length"])))
            with log.open("a", encoding="utf-8") as file:
                file.write(f"{fields[b'authorization'].rpartition(b' ')[2].decode()} {key}\n")
            await asyncio.sleep(random.uniform(0.005, 0.05))
            out.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body))
            out.write(body)
    except (asyncio.IncompleteReadError, ConnectionError):
        out.close()


async def server(log: Path) -> None:
    """Run the server in its own process; print its address."""
    answer: Answer
    listening = await asyncio.start_server(lambda line, out: serve(answer, log, line, out), "127.0.0.1", 0)
    url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v1"
    answer = await create_answer(url)
    print(url, flush=True)
    await listening.serve_forever()


# The batches


@dataclass
class Place:
    """The folder of one store, and its replies after each process."""

    folder: Path
    url: str
    stored: dict[str, set[str]] = field(default_factory=dict)
    """The replies in the store when a process had ended, by process."""
    started: int = 0
    lost: int = 0

    def start(self, number: int) -> tuple[str, int]:
        """Start the batch, and return its name for the server and its process id."""
        self.started += 1
        name = f"{self.folder.name}-{self.started}"
        if process := os.fork():  # modules are already imported, so kills hit the work
            return name, process
        os.environ |= {"OPENAI_API_KEY": name, "OPENAI_BASE_URL": self.url, "SUMMARIZER_MODEL": "loopback"}
        os.dup2(os.open(self.folder / f"{name}.said", os.O_WRONLY | os.O_CREAT), 2)
        sys.argv = [
            "summarizer",
            "batch",
            f"{self.folder.parent}/articles.jsonl",
            "--store",
            f"{self.folder}/briefs.db",
        ]
        sys.argv += ["--out", f"{self.folder}/out{number}.jsonl", "--chunk-tokens", str(CHUNK_TOKENS)]
        from summarizer.cli import main

        try:
            main()
        except SystemExit as error:
            status = error.code
        sys.stderr.flush()
        os._exit(int(status or 0))

    def check_after(self, name: str, status: int) -> None:
        """Check after the end of a process that no reply has disappeared from the store."""
        assert status in (0, signal.SIGKILL), (self.folder / f"{name}.said").read_text()
        now = set(self.rows("SELECT key FROM replies"))
        self.lost += len(set().union(*self.stored.values()) - now)
        self.stored[name] = now

    def rows(self, query: str) -> list[str]:
        """Return the only column of a query; empty if the table does not exist yet."""
        connection = sqlite3.connect(self.folder / "briefs.db")
        try:
            return [each for (each,) in connection.execute(query)]
        except sqlite3.OperationalError:
            return []
        finally:
            connection.close()

    def briefs(self) -> dict[str, Any]:
        """Return the briefs by article, without times."""
        every = {}
        for brief in map(json.loads, self.rows("SELECT brief FROM briefs")):
            for name in TIMES:
                del brief["provenance"][name]
            every[brief["article"]["sha256"]] = brief
        return every


def run_with_kills(place: Place, at_once: int, longest: float, kills: int) -> int:
    """Run the batch until it is done, kill it at most ``kills`` times, and return how often."""
    killed = 0
    running: dict[int, tuple[str, int, float]] = {}

    def start(number: int) -> None:
        running[number] = (*place.start(number), time.monotonic() + random.uniform(0, longest))

    for number in range(at_once):
        start(number)
    while running:
        time.sleep(0.001)
        for number, (name, process, ends) in list(running.items()):
            ended = killed < kills and time.monotonic() >= ends
            if ended:
                os.kill(process, signal.SIGKILL)
            gone, status = os.waitpid(process, 0 if ended else os.WNOHANG)
            if not gone:
                continue
            place.check_after(name, status)
            del running[number]
            if status:
                killed += 1
                start(number)
    return killed


@dataclass
class Report:
    """The results of all stores."""

    kills: int = 0
    stores: int = 0
    requests: int = 0
    in_progress: int = 0
    """Requests sent again because the reply had not reached the store when the process was killed."""
    repeated: int = 0
    """Requests sent again although the reply was stored."""
    lost: int = 0
    missing: int = 0
    differ: int = 0
    damaged: int = 0

    def add(self, place: Place, requests: list[tuple[str, str]], whole: Mapping[str, Any], at_once: int) -> None:
        """Add a finished store; ``requests`` are processes and request keys, in order."""
        self.stores += 1
        self.requests += len(requests)
        before: dict[str, list[str]] = {}
        for name, key in requests:
            earlier = before.setdefault(key, [])
            known = any(other == name or key in place.stored[other] for other in earlier)
            self.repeated += known
            self.in_progress += bool(earlier) and not known
            earlier.append(name)
        briefs = place.briefs()
        self.lost += place.lost + len(before.keys() - set(place.rows("SELECT key FROM replies")))
        self.missing += len(whole.keys() - briefs.keys())
        self.differ += sum(briefs.get(article, brief) != brief for article, brief in whole.items())
        self.damaged += place.rows("PRAGMA integrity_check") != ["ok"]
        for number in range(at_once):
            lines = (place.folder / f"out{number}.jsonl").read_text(encoding="utf-8").splitlines()
            self.missing += len(whole) - len([line for line in lines if json.loads(line)["brief"]])

    @property
    def is_correct(self) -> bool:
        """Return whether every promise is kept."""
        return not (self.repeated or self.lost or self.missing or self.differ or self.damaged)


def read_requests(log: Path, place: Place) -> list[tuple[str, str]]:
    """Return the senders and keys of the requests of one store."""
    rows = (line.split() for line in log.read_text(encoding="utf-8").splitlines())
    return [(name, key) for name, key in rows if name.rpartition("-")[0] == place.folder.name]


def measure(folder: Path, url: str, log: Path, kills: int) -> bool:
    """Print a table for one and for two processes, and return whether every promise is kept."""
    whole = Place(folder / "whole", url)
    whole.folder.mkdir()
    started = time.monotonic()
    run_with_kills(whole, 1, 0, 0)
    seconds = time.monotonic() - started
    requests = read_requests(log, whole)
    repairs = sum(brief["provenance"]["repairs"] for brief in whole.briefs().values())
    print(
        f"undisturbed: {len(whole.briefs())} briefs, {len(requests)} calls, {repairs} of them repairs, {seconds:.1f} s"
    )
    names = "processes kills stores calls in_progress repeated lost missing differ damaged".split()
    print("".join(f"{name.replace('_', ' '):>11}" for name in names))
    correct = True
    for at_once in (1, 2):
        report = Report()
        while report.kills < kills:
            place = Place(folder / f"by{at_once}x{report.stores}", url)
            place.folder.mkdir()
            report.kills += run_with_kills(place, at_once, seconds, kills - report.kills)
            report.add(place, read_requests(log, place), whole.briefs(), at_once)
        row = [at_once, report.kills, report.stores, report.requests, report.in_progress, report.repeated]
        row += [report.lost, report.missing, report.differ, report.damaged]
        print("".join(f"{value:>11,}" for value in row), flush=True)
        correct &= report.is_correct
    return correct


def main() -> None:
    """Print the table, or run the server."""
    if sys.argv[1:2] == ["server"]:
        return asyncio.run(server(Path(sys.argv[2])))
    import openai  # noqa: F401

    import summarizer.cli.sources  # noqa: F401
    from summarizer import summarize

    summarize(next(articles()), model="builtin")  # loads all modules, so that forked processes start at once
    kills, seed = (int(value) for value in (sys.argv[1:] + ["100", "1"][len(sys.argv) - 1 :])[:2])
    random.seed(seed)
    with tempfile.TemporaryDirectory() as name:
        folder, log = Path(name), Path(name) / "requests"
        lines = "".join(json.dumps({"text": text}) + "\n" for text in articles())
        (folder / "articles.jsonl").write_text(lines, encoding="utf-8")
        log.touch()
        command = [sys.executable, __file__, "server", str(log)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
            assert running.stdout
            try:
                holds = measure(folder, running.stdout.readline().strip(), log, kills)
            finally:
                running.terminate()
    return sys.exit(not holds)


if __name__ == "__main__":
    main()
