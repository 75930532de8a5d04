"""Measure the overhead of Ray: the built-in engine and a model that replies after a while, and the work after a kill.

    pip install '.[ray]' instructor    # instructor is optional, and may want another version of openai
    python benchmarks/distributed.py [ARTICLES] [SECONDS] [KILLED] [WORKERS]

ARTICLES (default 2,000) short articles pass through `summarize_many`, and through Ray Data with WORKERS (default 2)
actors on two CPUs. The model is a server of this script on loopback that replies after SECONDS (default 1); it gets
a tenth of the articles. 64 articles are in progress at once in all. With instructor, a plain `map_batches` over its
asynchronous client is measured too. Then the actors of a Ray job over KILLED (default 400) articles are killed with
SIGKILL, and its driver: how many requests are sent again, with a store and without.

Each line is a process of its own. CPU is that of all its children, Ray's own processes included, without the server.
Memory is the largest sum of the proportional set sizes of these processes, sampled once a second.
"""

import argparse
import asyncio
import functools
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from throughput import REPLY as BRIDGE_REPLY
from throughput import article, instructor_type, question

AT_ONCE = 64
QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "PYTHONWARNINGS": "ignore", "OPENAI_API_KEY": "none"}
TICKS = os.sysconf("SC_CLK_TCK")


# The server


async def serve(delay: float, log: Path, line: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
    """Reply to all requests of one connection after ``delay`` seconds, and log the number of each article."""
    usage = {"prompt_tokens": 1800, "completion_tokens": 260, "total_tokens": 2060}
    choice = {
        "index": 0,
        "finish_reason": "stop",
        "message": {"role": "assistant", "content": json.dumps(BRIDGE_REPLY)},
    }
    whole = {"id": "c", "object": "chat.completion", "created": 1, "model": "loopback", "choices": [choice]}
    body = json.dumps(whole | {"usage": usage}).encode()
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    try:
        while head := await line.readuntil(b"\r\n\r\n"):
            length = next((row for row in head.lower().split(b"\r\n") if row.startswith(b"content-length")), None)
            if length is None:  # a question for the models or the context
                out.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                continue
            asked = await line.readexactly(int(length.partition(b":")[2]))
            with log.open("ab") as file:
                file.write(asked.partition(b"argues over bridge ")[2][:12].split(b"\\")[0] + b"\n")
            await asyncio.sleep(delay)
            out.write(answer)
    except (asyncio.IncompleteReadError, ConnectionError):
        out.close()


async def run_server(delay: float, log: Path) -> None:
    """Run the server in its own process; print its port."""
    listening = await asyncio.start_server(functools.partial(serve, delay, log), "127.0.0.1", 0, backlog=1024)
    print(listening.sockets[0].getsockname()[1], flush=True)
    await listening.serve_forever()


@contextmanager
def started_server(delay: float, log: Path) -> Iterator[str]:
    """Start the server, and yield its address."""
    command = [sys.executable, __file__, "server", str(delay), str(log)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        try:
            yield f"http://127.0.0.1:{running.stdout.readline().strip()}/v1"
        finally:
            running.terminate()


# The candidates, each in a process of its own


def finish_first(started: float, count: int) -> None:
    """Report the time to the first result."""
    if count == 1:
        print(f"first {time.perf_counter() - started}", flush=True)


def run_many(options: argparse.Namespace) -> None:
    """Run `summarize_many` in one process."""
    from summarizer import OpenAIModel, summarize_many

    started = time.perf_counter()
    model: Any = OpenAIModel("loopback", base_url=options.url, concurrency=AT_ONCE) if options.url else "builtin"
    outcomes = summarize_many(
        map(article, range(options.articles)), model=model, store=options.store or None, concurrency=AT_ONCE
    )
    for count, outcome in enumerate(outcomes, 1):
        assert outcome.brief, outcome.error
        finish_first(started, count)


def start_ray(options: argparse.Namespace) -> Any:
    """Start Ray on two CPUs, and return the dataset of the articles."""
    import pyarrow as pa
    import ray

    ray.init(
        num_cpus=2,
        include_dashboard=False,
        object_store_memory=500_000_000,
        _temp_dir=f"{options.folder}/ray",
        log_to_driver=False,
        configure_logging=False,
    )
    ray.data.DataContext.get_current().enable_progress_bars = False
    numbers = range(options.articles)
    return ray.data.from_arrow(pa.table({"id": [str(n) for n in numbers], "text": [article(n) for n in numbers]}))


def consume(started: float, dataset: Any, articles: int) -> None:
    """Take all rows as they are ready."""
    count = 0
    for batch in dataset.iter_batches(batch_size=None, batch_format="pyarrow"):
        finish_first(started, 1 if not count else 2)
        count += batch.num_rows
    assert count == articles, f"{count} of {articles}"


def run_ray(options: argparse.Namespace) -> None:
    """Run `summarize_dataset`."""
    started = time.perf_counter()
    articles = start_ray(options)
    from summarizer.distributed.ray import summarize_dataset

    briefs = summarize_dataset(
        articles,
        model={"name": "loopback", "base_url": options.url} if options.url else "builtin",
        store=options.store or None,
        workers=options.workers,
        cpus=1 / options.workers,
        concurrency=AT_ONCE // options.workers,
        batch_size=options.batch_size or None,
    )
    consume(started, briefs, options.articles)


class InstructorWorker:
    """A worker as the documentation of Ray and of instructor suggests."""

    def __init__(self, url: str, concurrency: int) -> None:
        import instructor
        from openai import AsyncOpenAI

        self.concurrency, self.messages, self.reply_type = concurrency, question()[0], instructor_type()
        self.client = instructor.from_openai(
            AsyncOpenAI(base_url=url, api_key="none"), mode=instructor.Mode.JSON_SCHEMA
        )
        self.loop = asyncio.new_event_loop()

    def __call__(self, batch: Any) -> Any:
        """Ask for all rows of a batch at once, as many as allowed."""
        import pyarrow as pa

        async def ask(places: asyncio.Semaphore, text: str) -> str:
            async with places:
                given: Any = [self.messages[0], {"role": "user", "content": text}]
                reply = await self.client.chat.completions.create(
                    model="loopback", messages=given, response_model=self.reply_type
                )
                return str(reply.model_dump_json())

        async def ask_all() -> list[str]:
            places = asyncio.Semaphore(self.concurrency)
            return await asyncio.gather(*(ask(places, text) for text in batch.column("text").to_pylist()))

        return batch.append_column("reply", pa.array(self.loop.run_until_complete(ask_all())))


def run_instructor(options: argparse.Namespace) -> None:
    """Run a plain `map_batches` around instructor."""
    started = time.perf_counter()
    articles = start_ray(options)
    import ray

    replies = articles.repartition(target_num_rows_per_block=16 * AT_ONCE // options.workers).map_batches(
        InstructorWorker,
        fn_constructor_args=(options.url, AT_ONCE // options.workers),
        batch_size=None,
        batch_format="pyarrow",
        num_cpus=1 / options.workers,
        compute=ray.data.ActorPoolStrategy(size=options.workers),
    )
    consume(started, replies, options.articles)


RUNS = {"many": run_many, "ray": run_ray, "instructor": run_instructor}


# The measurements


def family(folder: Path) -> dict[int, Path]:
    """Return the processes of a candidate by their environment, which Ray's daemons inherit."""
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if f"BENCHMARK_FOLDER={folder}\0".encode() in (place / "environ").read_bytes() + b"\0":
                found[int(place.name)] = place
        except OSError:
            continue
    return found


class Meter:
    """Samples CPU and memory of a candidate's processes until it is stopped."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.most = folder, 0.0
        self._cpu: dict[int, float] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample)
        self._thread.start()

    def stop(self) -> float:
        """Return the CPU seconds of all processes."""
        self._stop.set()
        self._thread.join()
        return sum(self._cpu.values())

    def _sample(self) -> None:
        while not self._stop.wait(0.5):
            held = 0.0
            for number, place in family(self.folder).items():
                try:
                    fields = (place / "stat").read_text().rpartition(")")[2].split()
                    self._cpu[number] = (int(fields[11]) + int(fields[12])) / TICKS
                    rollup = (place / "smaps_rollup").read_text()
                    held += int(rollup.partition("\nPss:")[2].split()[0]) / 1024
                except (OSError, IndexError, ValueError):
                    continue
            self.most = max(self.most, held)


def start(way: str, folder: Path, **options: object) -> subprocess.Popen[str]:
    """Start a candidate."""
    arguments = [f"--{name}={value}" for name, value in options.items()]
    return subprocess.Popen(
        [sys.executable, __file__, "run", way, f"--folder={folder}", *arguments],
        env=os.environ | QUIET | {"BENCHMARK_FOLDER": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def measure(name: str, way: str, articles: int, **options: object) -> None:
    """Print one line of the table."""
    folder = Path(tempfile.mkdtemp(prefix="ray", dir="/tmp"))
    if options.get("store"):
        options["store"] = folder / "briefs.db"
    started = time.perf_counter()
    running = start(way, folder, articles=articles, **options)
    meter = Meter(folder)
    out, err = running.communicate()
    seconds = time.perf_counter() - started
    cpu = meter.stop()
    shutil.rmtree(folder, ignore_errors=True)
    assert running.returncode == 0, err[-3000:]
    first = float(out.split()[1])
    row = f"{name:28}{articles:9,}{seconds:9.1f} s{articles / seconds:9.1f}{1000 * cpu / articles:10.1f} s{cpu:8.1f} s"
    print(f"{row}{meter.most:10.0f} MB{first:8.1f} s", flush=True)


def kill(name: str, articles: int, url: str, log: Path, *, whole: bool, store: bool, workers: int) -> None:
    """Kill an actor, or the whole job, when half of the articles were asked for; print what was asked for again."""
    log.write_bytes(b"")
    folder = Path(tempfile.mkdtemp(prefix="ray", dir="/tmp"))
    options: dict[str, object] = {"articles": articles, "url": url, "workers": workers, "batch_size": 64}
    options |= {"store": folder / "briefs.db"} if store else {}
    running = start("ray", folder, **options)
    while len(log.read_bytes().split()) < articles / 2:
        time.sleep(0.05)
        assert running.poll() is None, running.communicate()[1][-3000:]
    if whole:
        running.kill()
        running.communicate()
        while family(folder):
            time.sleep(0.2)
        running = start("ray", folder, **options)
    else:
        actors = [n for n, place in family(folder).items() if b"MapWorker" in (place / "cmdline").read_bytes()]
        os.kill(actors[0], signal.SIGKILL)
    _, err = running.communicate()
    assert running.returncode == 0, err[-3000:]
    asked = log.read_bytes().split()
    print(f"{name:44}{articles:9,}{len(asked) - len(set(asked)):12}{articles - len(set(asked)):8}", flush=True)
    shutil.rmtree(folder, ignore_errors=True)


def print_tables(articles: int, delay: float, killed: int, workers: int) -> None:
    """Print the tables."""
    head = f"{'':28}{'articles':>9}{'took':>11}{'a second':>9}{'CPU a 1,000':>12}{'CPU':>10}{'memory':>13}{'first':>10}"
    print(head)
    measure("built-in, summarize_many", "many", articles)
    measure("built-in, store", "many", articles, store=1)
    measure("built-in, Ray", "ray", articles, workers=workers)
    measure("built-in, Ray, store", "ray", articles, workers=workers, store=1)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "asked")
        with started_server(delay, log) as url:
            asked = max(1, articles // 10)
            measure(f"{delay:g} s model, summarize_many", "many", asked, url=url)
            measure(f"{delay:g} s model, Ray", "ray", asked, url=url, workers=workers)
            measure(f"{delay:g} s model, Ray, store", "ray", asked, url=url, workers=workers, store=1)
            if importlib.util.find_spec("instructor"):
                measure(f"{delay:g} s model, instructor", "instructor", asked, url=url, workers=workers)
            else:
                print("instructor is not installed")
            if killed:
                print(f"\n{'':44}{'articles':>9}{'asked again':>12}{'lost':>8}")
            for whole in (False, True) if killed else ():
                for store in (False, True):
                    name = f"{'driver' if whole else 'actor'} killed, {'store' if store else 'no store'}"
                    kill(name, killed, url, log, whole=whole, store=store, workers=workers)


def main() -> None:
    """Print the tables, or run one of the processes."""
    if sys.argv[1:2] == ["server"]:
        return asyncio.run(run_server(float(sys.argv[2]), Path(sys.argv[3])))
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    if sys.argv[1:2] == ["run"]:
        for name, default in (("folder", ""), ("url", ""), ("store", "")):
            parser.add_argument(f"--{name}", default=default)
        for name, number in (("articles", 100), ("workers", 2), ("batch_size", 0)):
            parser.add_argument(f"--{name}", type=int, default=number)
        return RUNS[sys.argv[2]](parser.parse_args(sys.argv[3:]))
    parser.add_argument("articles", type=int, nargs="?", default=2_000)
    parser.add_argument("seconds", type=float, nargs="?", default=1.0)
    parser.add_argument("killed", type=int, nargs="?", default=400)
    parser.add_argument("workers", type=int, nargs="?", default=2)
    options = parser.parse_args()
    return print_tables(options.articles, options.seconds, options.killed, options.workers)


if __name__ == "__main__":
    main()
