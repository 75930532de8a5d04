"""Measure a dossier of many briefs: saving, opening, memory, and searching.

    python benchmarks/dossier.py [BRIEFS] [STORE]

BRIEFS (default 10,000) generated briefs with ten positions each are saved and opened as a dossier: for the first time,
again, and after one more brief. Then as many briefs again are added, and their statements are searched. STORE is a file
to work on; it is kept, and a later run uses its briefs. Each opening is a separate process; memory is its peak.
Saving and searching are measured in CPU time, which other programs do not disturb.
"""

import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, count
from pathlib import Path
from typing import Any

from summarizer import Article, Brief, Dossier, Store
from summarizer.brief import Coverage, Evidence, Holder, Issue, Position, Provenance
from summarizer.spans import Span

POSITIONS, HOLDERS, ISSUES, OUTLETS = 10, 2_000, 300, 40
STANCES = ("agrees", "disagrees", "mixed", "unclear")
SYLLABLES = (
    "ba be bo da de do fa fi ga ka ko la le li lo ma me mi mo na ne no pa po ra re ri ro sa se si so ta te to".split()
)
RANDOM = random.Random(1)
WORDS = ["the", "of", "that", "it", "would", *("".join(RANDOM.choices(SYLLABLES, k=3)) for _ in range(20_000))]
WEIGHTS = list(accumulate(1 / (rank + 2) for rank in range(len(WORDS))))
NAMES = [f"{RANDOM.choice(WORDS[5:])} {RANDOM.choice(WORDS[5:])}".title() for _ in range(HOLDERS)]
REPEATED = 50
"""Searches of one kind; the median and the slowest are shown."""


def words(number: int) -> str:
    """Return words that are as unequally frequent as those of a language."""
    return " ".join(RANDOM.choices(WORDS, cum_weights=WEIGHTS, k=number))


PROPOSITIONS = [f"The {words(6)}." for _ in range(ISSUES)]


def generate(start: int) -> Iterator[tuple[Brief, Article]]:
    """Generate briefs and their articles from a number on without end, ten for each day."""
    made = Provenance(engine="model", model="generated", library="0", ruler="none", seconds=0, made=datetime.now(UTC))
    for number in count(start):
        names = RANDOM.sample(NAMES, 4)
        speakers = [RANDOM.randrange(4) for _ in range(POSITIONS)]
        said = [words(14) for _ in range(POSITIONS)]
        sentences = [f"{names[n]} said that {content}." for n, content in zip(speakers, said, strict=True)]
        article = Article.from_text(
            "\n\n".join(f"{sentence}\n\n{words(20)}." for sentence in sentences),
            title=f"{words(6)} {number}",
            published=date(2020, 1, 1) + timedelta(days=number // 10),
            site=f"Outlet {number % OUTLETS}",
            url=f"https://news.example/{number}",
            language="en",
        )
        positions, place = [], 0
        for n, sentence in enumerate(sentences):
            place = article.text.index(sentence, place)
            evidence = Evidence(sentence=2 * n + 1, spans=(Span(place, place + len(sentence)),), quote=sentence)
            position = Position(
                id=f"P{n + 1}",
                holders=(f"H{speakers[n] + 1}",),
                statement=f"{said[n].capitalize()}.",
                issue=f"I{n % 3 + 1}",
                stance=RANDOM.choice(STANCES),
                evidence=(evidence,),
            )
            positions.append(position)
        brief = Brief(
            article=article.info,
            holders=tuple(Holder(id=f"H{n}", name=name, kind="person") for n, name in enumerate(names, 1)),
            issues=tuple(
                Issue(id=f"I{n}", proposition=each, kind="policy")
                for n, each in enumerate(RANDOM.sample(PROPOSITIONS, 3), 1)
            ),
            positions=tuple(positions),
            coverage=Coverage(sentences=2 * POSITIONS, chunks=1),
            provenance=made,
        )
        yield brief, article


def fill(path: Path, number: int) -> float:
    """Save briefs until the store has this number. Return the milliseconds for each, or 0 if it had them."""
    with Store(path) as store:
        start, spent = len(store), 0.0
        RANDOM.seed(start)
        for done, (brief, article) in enumerate(generate(start), start):
            if done >= number:
                return 1000 * spent / max(1, number - start)
            started = time.process_time()
            store.add(brief, article)
            spent += time.process_time() - started
    raise AssertionError


def open_dossier(path: Path) -> dict[str, Any]:
    """Open a dossier and read its statements, actors and issues. Return seconds and megabytes."""
    with Store(path) as store:
        before, started, cpu = peak_memory(), time.perf_counter(), time.process_time()
        dossier = Dossier.from_store(store)
        linked = time.process_time()
        said = repr(dossier)
        result = {"cpu": time.process_time() - cpu, "linking": linked - cpu, "elapsed": time.perf_counter() - started}
    return {**result, "memory": peak_memory() - before, "said": said}


def peak_memory() -> float:
    """Return the largest resident size of this process in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure_opening(path: Path, name: str) -> None:
    """Open a dossier in another process, and print what it took."""
    command = [sys.executable, __file__, "open", str(path)]
    result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    figures = f"{result['cpu']:8.2f} s CPU (linking {result['linking']:.2f}), {result['elapsed']:6.2f} s elapsed"
    print(f"{name:32}{figures}, {result['memory']:4.0f} MB more: {result['said']}", flush=True)


def measure_searches(path: Path) -> None:
    """Print the time of searches for words of different frequencies."""
    with Store(path) as store:
        ((statements,),) = store.database.query("SELECT count(*) FROM positions")
        print(f"\nsearching {statements:,} statements")
        kinds: dict[str, tuple[Callable[[int], str], dict[str, str]]] = {
            "a rare word": (lambda n: WORDS[5_000 + 10 * n], {}),
            "a frequent word": (lambda n: WORDS[20 + n], {}),
            "the most frequent words": (lambda n: WORDS[n % 5], {}),
            "two words": (lambda n: f"{WORDS[20 + n]} {WORDS[200 + n]}", {}),
            "a beginning of words": (lambda n: f"{WORDS[20 + n][:3]}*", {}),
            "a phrase": (lambda n: f'"{WORDS[5]} {WORDS[6 + n]}"', {}),
            "a word and a holder": (lambda n: WORDS[20 + n], {"holder": NAMES[3]}),
            "a word, a stance, dates": (
                lambda n: WORDS[20 + n],
                {"stance": "agrees", "since": "2021", "until": "2021-12"},
            ),
            "a word and an issue": (lambda n: WORDS[20 + n], {"issue": PROPOSITIONS[4]}),
            "a word and an outlet": (lambda n: WORDS[20 + n], {"source": "Outlet 7"}),
        }
        for name, (query, filters) in kinds.items():
            times, found = [], 0
            for n in range(REPEATED):
                started = time.process_time()
                found += len(store.search(query(n), **filters))
                times.append(1000 * (time.process_time() - started))
            median = statistics.median(times)
            print(
                f"{name:32}{median:8.1f} ms, slowest {max(times):6.1f} ms, {found / REPEATED:5.1f} results", flush=True
            )


def main() -> None:
    """Print the table, or run one of its measurements."""
    if sys.argv[1:2] == ["open"]:
        print(json.dumps(open_dossier(Path(sys.argv[2]))))
        return
    number = int((sys.argv[1:] or ["10000"])[0])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[2] if len(sys.argv) > 2 else Path(folder, "briefs.db"))
        print(f"{'saving':32}{fill(path, number):8.2f} ms a brief", flush=True)
        print(f"{'size':32}{path.stat().st_size / 1024**2:8.1f} MB")
        measure_opening(path, "opening for the first time")
        measure_opening(path, "opening again")
        with Store(path) as store:
            stored = len(store)
        fill(path, stored + 1)
        measure_opening(path, "opening after one more brief")
        fill(path, 2 * number)
        measure_searches(path)


if __name__ == "__main__":
    main()
