"""Measure time and memory of reading and chunking, relative to one raw pass of the tokenizer.

    python benchmarks/reading.py [FOLDER] [--rounds N]

FOLDER contains .txt files, which are joined to one text. Without it the text is generated, always the
same. The multiples are the best of N rounds; run it on an idle machine.
"""

import argparse
import random
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from summarizer.article import Article, read
from summarizer.engines import Chunk, split_into_chunks
from summarizer.engines.llm.tokens import encoding
from summarizer.errors import ArticleError

MEGABYTE = 1_000_000
CHUNK_TOKENS = 2_000

HOSTILE = {
    "one word": "a",
    "quotation marks": "“",
    "straight quotation marks": '"',
    "emoji": "👩‍👩‍👧",
    "blank lines": "\n",
    "short lower-case lines": "nobody knew it\n",
    "short lower-case lines, blank lines between": "nobody knew it\n\n",
    "zero-width characters": "\u200b",
    "words parted by zero-width characters": "harbour ferry office \u200b",
    "full stops": ".",
    "figures": "12,345.6 ",
    "wrapped lines": "The office said that nobody knew what had been decided by the\n",
    "Chinese": "港务局说，没有人知道决定了什么。",
}

PEOPLE = ("Ms. Lee", "the mayor", "Bo Day, who runs the office,", "Prof. Cem Öz", "a spokesman", "the owners’ lawyer")
CUES = ("said", "told the council", "denied", "wrote in a letter", "argued on May 2", "insisted at 10:30 a.m.")
CLAIMS = (
    "the ferry had been repaired twice since {n}",
    "nobody could have known that {n} people were on board",
    "“the harbour is not safe for ships of {n} tons”",
    "it would cost some ${n},000 a year, or more than the city earns",
    "the U.S. Coast Guard was asked for help, but came {n} minutes too late",
)


def news(characters: int) -> str:
    """Generate news of about that length, always the same."""
    chance = random.Random(2)
    lines: list[str] = []
    length = 0
    while length < characters:
        if chance.random() < 0.05:
            line = chance.choice(("Advertisement", "PHOTO: REUTERS", "What is known so far", "Share this article"))
        else:
            line = " ".join(_sentence(chance) for _ in range(chance.randint(1, 3)))
        lines.append(line)
        length += len(line) + 2
    return "\n\n".join(lines)


def _sentence(chance: random.Random) -> str:
    claims = " and that ".join(chance.sample(CLAIMS, chance.randint(1, 2)))
    words = f"{chance.choice(PEOPLE)} {chance.choice(CUES)} that {claims}."
    words = words.replace("{n}", str(chance.randint(2, 2_000)))
    return words[0].upper() + words[1:]


def hostile(unit: str, size: int) -> str:
    """Repeat ``unit`` up to ``size`` bytes, with a word at the end so that the text is not blank."""
    return unit * (size // len(unit.encode())) + "\nend"


def chunked(article: Article) -> tuple[Chunk, ...]:
    """Read and chunk ``article``; this is measured."""
    try:
        return split_into_chunks(read(article), chunk_tokens=CHUNK_TOKENS)
    except ArticleError:  # all of it was cut: zero-width characters
        return ()


def seconds(work: Callable[[], object]) -> float:
    """Return the duration of ``work`` in seconds."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def multiple(text: str, rounds: int) -> tuple[float, float, float]:
    """Return the best raw pass in seconds, and the first and the best round as multiples of it.

    The first round is slower, because the token counts of words are not cached yet.
    """
    article = Article.from_text(text)
    pairs = [
        (seconds(lambda: encoding().encode_ordinary(text)), seconds(lambda: chunked(article))) for _ in range(rounds)
    ]
    raw = min(raw for raw, _ in pairs)
    return raw, pairs[0][1] / raw, min(duration for _, duration in pairs) / raw


def memory(text: str) -> float:
    """Return the peak of Python's allocations, as a multiple of the bytes of the text."""
    article = Article.from_text(text)
    tracemalloc.start()
    chunked(article)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / len(text.encode())


def growth(make: Callable[[int], str], rounds: int) -> tuple[float, float]:
    """Return the seconds per megabyte at 1 MB, and their ratio at 10 MB."""
    small, large = (Article.from_text(make(size)) for size in (MEGABYTE, 10 * MEGABYTE))
    pairs = [(seconds(lambda: chunked(small)), seconds(lambda: chunked(large)) / 10) for _ in range(rounds)]
    best = min(small_duration for small_duration, _ in pairs)
    return best, min(large_duration for _, large_duration in pairs) / best


def main() -> None:
    """Print the figures for docs/speed.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    paths = sorted(options.folder.glob("*.txt")) if options.folder else []
    texts = [path.read_text(encoding="utf-8") for path in paths]
    text = "\n\n".join(texts) or news(4 * MEGABYTE)
    encoding()  # built once, not measured

    raw, first, best = multiple(text, options.rounds)
    print(f"{len(text.encode()) / MEGABYTE:.1f} MB; one raw pass: {raw:.2f} s")
    print(f"read and split:  {first:.2f} × one raw pass the first time, {best:.2f} × at best")
    print(f"peak memory:          {memory(text):.1f} × the text\n")
    print(f"{'text':45} {'s a MB':>8} {'10 MB : 1 MB':>13} {'memory':>8}")
    for name, make in {"news": news, **{name: _maker(unit) for name, unit in HOSTILE.items()}}.items():
        per_megabyte, ratio = growth(make, max(options.rounds // 2, 1))
        print(f"{name:45} {per_megabyte:8.3f} {ratio:13.2f} {memory(make(2 * MEGABYTE)):7.1f}×", flush=True)


def _maker(unit: str) -> Callable[[int], str]:
    return lambda size: hostile(unit, size)


if __name__ == "__main__":
    main()
