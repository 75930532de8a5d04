"""Measure the time to import the library, and to make a brief from the command line.

    python benchmarks/startup.py [RUNS]

Each figure is the best of RUNS (default 7) runs in a new interpreter, in seconds.
An empty program and the imports of similar packages, if installed, are measured for comparison.
"""

import importlib.util
import subprocess
import sys
import time
from pathlib import Path

SEED = Path(__file__).parent.parent / "seeds" / "ukraine-nato-offer.txt"
BRIEF = f"import sys; sys.argv = ['summarizer', 'brief', {str(SEED)!r}, '-m', 'builtin']; import summarizer.__main__"
NEIGHBOURS = ("pydantic", "openai", "instructor", "langextract", "langchain_openai", "llm")


def best(code: str, runs: int) -> float:
    """Return the seconds of the quickest of several runs of ``code`` in a new interpreter."""
    seconds = []
    for _ in range(runs):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def main() -> None:
    """Measure and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    bare = best("pass", runs)
    print(f"{'empty program':32}{bare:8.3f} s")
    for name in ("summarizer", *NEIGHBOURS):
        if importlib.util.find_spec(name):
            print(f"{'import ' + name:32}{best(f'import {name}', runs) - bare:+8.3f} s")
    print(f"{'summarizer brief, total':32}{best(BRIEF, runs):8.3f} s")


if __name__ == "__main__":
    main()
