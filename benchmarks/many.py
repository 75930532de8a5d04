"""Measure the overhead of `summarize_many` for many short articles, and the memory over time.

    python benchmarks/many.py [ARTICLES] [BARE]

ARTICLES (default 2,000) generated articles pass through `summarize_many`. The built-in engine and a model that replies
at once each run without and with a store. For comparison, BARE articles (default: as many, at most 5,000)
pass through a plain loop over `Summarizer.summarize` or `asummarize`. Each line is a separate process. CPU is the
time of all threads for one article, without the first twenty. Memory is measured after 10, 50 and 100 % of the
articles.
"""

import asyncio
import itertools
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from throughput import REPLY, article

from summarizer import Model

WARM = 20
PAGE = 4096


class InstantModel(Model):
    """A model that replies at once."""

    name = "scripted"

    def __init__(self) -> None:
        from summarizer import Reply
        from summarizer.usage import Usage

        self._reply = Reply(json.dumps(REPLY), usage=Usage(1800, 0, 260))

    async def complete(self, _: Any) -> Any:
        """Return the same reply for each request: the articles differ in their figures only."""
        return self._reply


def memory_in_use() -> float:
    """Return the resident megabytes of this process, or 0 on systems other than Linux."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 1024**2
    except OSError:
        return 0.0


def run_plain_loop(engine: str, count: int) -> Iterator[None]:
    """Process one article after the other."""
    from summarizer import Summarizer

    if engine == "builtin":
        with Summarizer(model="builtin") as summarizer:
            for n in range(count):
                assert summarizer.summarize(article(n)).positions
                yield
        return
    with asyncio.Runner() as runner:
        summarizer = Summarizer(model=InstantModel())
        for n in range(count):
            assert len(runner.run(summarizer.asummarize(article(n))).positions) == 2
            yield


def run_many(engine: str, count: int, store: str | None) -> Iterator[None]:
    """Process the articles with `summarize_many`."""
    from summarizer import summarize_many

    model = "builtin" if engine == "builtin" else InstantModel()
    for outcome in summarize_many(map(article, range(count)), model=model, store=store):
        assert outcome.brief
        assert outcome.error is None, outcome.error
        yield


def measure(engine: str, way: str, count: int) -> dict[str, float]:
    """Return CPU milliseconds for one article, and megabytes over time."""
    with tempfile.TemporaryDirectory() as folder:
        store = str(Path(folder) / "briefs.db") if way == "store" else None
        articles = run_plain_loop(engine, count) if way == "bare" else run_many(engine, count, store)
        for _ in itertools.islice(articles, WARM):
            pass
        marks = {max(WARM + 1, count * part // 100): part for part in (10, 50, 100)}
        result: dict[str, float] = {}
        cpu, started = time.process_time(), time.perf_counter()
        for n, _ in enumerate(articles, WARM + 1):
            if n in marks:
                result[str(marks[n])] = memory_in_use()
        result |= {"cpu": 1000 * (time.process_time() - cpu) / (count - WARM), "seconds": time.perf_counter() - started}
        result["disk"] = Path(store).stat().st_size / count / 1024 if store else 0.0
    return result


def main() -> None:
    """Print the table, or run one of its measurements."""
    if sys.argv[1:2] == ["measure"]:
        return print(json.dumps(measure(sys.argv[2], sys.argv[3], int(sys.argv[4]))))
    count = int((sys.argv[1:] or ["2000"])[0])
    loop = int(sys.argv[2]) if len(sys.argv) > 2 else min(count, 5_000)
    heads = (
        f"{'articles':>10}{'CPU each':>12}{'overhead':>12}{'MB at 10 %':>12}{'50 %':>8}{'100 %':>8}{'kB stored':>12}"
    )
    print(f"{'':20}{heads}")
    for engine in ("builtin", "scripted"):
        alone = 0.0
        for way, articles in (("bare", loop), ("many", count), ("store", count)):
            command = [sys.executable, __file__, "measure", engine, way, str(articles)]
            result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            alone = alone or result["cpu"]
            row = f"{engine + ', ' + way:20}{articles:10,}{result['cpu']:9.2f} ms{result['cpu'] - alone:9.2f} ms"
            row += f"{result['10']:12.1f}{result['50']:8.1f}{result['100']:8.1f}"
            print(f"{row}{result['disk']:12.1f}" if result["disk"] else row, flush=True)
    return None


if __name__ == "__main__":
    main()
