"""What `summarize_many` adds to each of very many short articles, and whether memory stays flat.

    python benchmarks/many.py [ARTICLES] [BARE]

ARTICLES (default 2,000) invented articles out of a generator go through `summarize_many` with the built-in engine, and
with a model in process that answers at once; each without a store and with one. Beside each engine stands the bare
work: BARE of them (default: as many, at most 5,000) in a loop over `Summarizer.summarize`, or over `asummarize`. Each
line is a process of its own. CPU is that of all its threads, for an article, after the first twenty; memory is what it
held at 10, 50 and 100 % of the way.
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
    """Answers at once, and keeps nothing."""

    name = "scripted"

    def __init__(self) -> None:
        from summarizer import Reply
        from summarizer.usage import Usage

        self._reply = Reply(json.dumps(REPLY), usage=Usage(1800, 0, 260))

    async def complete(self, _: Any) -> Any:
        """Return the same reply for each request: the articles differ in their figures only."""
        return self._reply


def held() -> float:
    """Megabytes that this process holds in memory now, where the system says it as Linux does."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 1024**2
    except OSError:
        return 0.0


def bare(engine: str, count: int) -> Iterator[None]:
    """Measure the work alone, one article after the other."""
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


def many(engine: str, count: int, store: str | None) -> Iterator[None]:
    """All of it."""
    from summarizer import summarize_many

    model = "builtin" if engine == "builtin" else InstantModel()
    for outcome in summarize_many(map(article, range(count)), model=model, store=store):
        assert outcome.brief
        assert outcome.error is None, outcome.error
        yield


def measure(engine: str, way: str, count: int) -> dict[str, float]:
    """CPU milliseconds for an article, and megabytes on the way."""
    with tempfile.TemporaryDirectory() as folder:
        store = str(Path(folder) / "briefs.db") if way == "store" else None
        each = bare(engine, count) if way == "bare" else many(engine, count, store)
        for _ in itertools.islice(each, WARM):
            pass
        marks = {max(WARM + 1, count * part // 100): part for part in (10, 50, 100)}
        told: dict[str, float] = {}
        cpu, started = time.process_time(), time.perf_counter()
        for n, _ in enumerate(each, WARM + 1):
            if n in marks:
                told[str(marks[n])] = held()
        told |= {"cpu": 1000 * (time.process_time() - cpu) / (count - WARM), "seconds": time.perf_counter() - started}
        told["disk"] = Path(store).stat().st_size / count / 1024 if store else 0.0
    return told


def main() -> None:
    """Print the table, or be one of its processes."""
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
            told = [sys.executable, __file__, "measure", engine, way, str(articles)]
            got = json.loads(subprocess.run(told, check=True, capture_output=True, text=True).stdout)
            alone = alone or got["cpu"]
            row = f"{engine + ', ' + way:20}{articles:10,}{got['cpu']:9.2f} ms{got['cpu'] - alone:9.2f} ms"
            row += f"{got['10']:12.1f}{got['50']:8.1f}{got['100']:8.1f}"
            print(f"{row}{got['disk']:12.1f}" if got["disk"] else row, flush=True)
    return None


if __name__ == "__main__":
    main()
