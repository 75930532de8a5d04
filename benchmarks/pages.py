"""Measure how long web pages take, how much of their text leads back to the page, and whether memory grows.

    python benchmarks/pages.py [FOLDER] [--memory PAGES]

FOLDER has pages as html/*.html, by default benchmarks/pages. Each page is read alternately by the library, with
anchors and metadata, and by trafilatura alone; the best of several runs counts, in processor time.
The pages are read as they are, and enlarged by invented scripts, styles, menus and cards to the size of real ones.
"""

import argparse
import gc
import json
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import trafilatura

from summarizer import Article, SummarizerError

DEFAULT_FOLDER = Path(__file__).parent / "pages"
RUNS = 5
WORDS = "harbour council ferry vote budget winter bridge tram court record plan storm mayor school price strike".split()


def main() -> None:
    """Print times, anchors and memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--memory", type=int, default=1_000, help="pages to read while memory is measured")
    arguments = parser.parse_args()
    pages = [path.read_bytes() for path in sorted((arguments.folder / "html").glob("*.html"))]
    enlarged = [enlarge(page) for page in pages]
    print_times(pages)
    print_times(enlarged)
    same = sum(text(page) == text(large) for page, large in zip(pages, enlarged, strict=True))
    print(f"same text from the enlarged page: {same} of {len(pages)}")
    print_anchors(pages)
    print_memory(pages, arguments.memory)


def print_times(pages: list[bytes]) -> None:
    """Print the time of the library and of trafilatura alone, side by side."""
    library, alone = [], []
    for page in pages:
        runs = [(seconds(read, page), seconds(trafilatura.extract, page)) for _ in range(RUNS)]
        library.append(min(run[0] for run in runs))
        alone.append(min(run[1] for run in runs))
    ratios = sorted(ours / theirs for ours, theirs in zip(library, alone, strict=True))
    print(f"{len(pages)} pages of {statistics.median(map(len, pages)) / 1_000:.0f} KB, median: ", end="")
    print(f"summarizer {1_000 * statistics.median(library):.1f} ms, ", end="")
    print(f"trafilatura alone {1_000 * statistics.median(alone):.1f} ms")
    print(f"ratio: median {statistics.median(ratios):.2f}, ", end="")
    print(f"nine in ten at most {ratios[len(ratios) * 9 // 10]:.2f}, all pages {sum(library) / sum(alone):.2f}")


def enlarge(page: bytes) -> bytes:
    """Return a page with the scripts, styles, menus and cards of a news site, about 150 KB more.

    A page that has no head or no body in ASCII stays as it is.
    """
    lines = [" ".join(WORDS[(number * step) % len(WORDS)] for step in range(1, 9)) for number in range(1, 90)]
    cards = [{"id": number, "headline": line.title(), "image": f"/i/{number}.jpg"} for number, line in enumerate(lines)]
    state = json.dumps({section: {"cards": cards, "flags": [True, None, 1]} for section in WORDS[:7]})
    rules = "".join(f".{line.replace(' ', '-')}{{margin:0 auto;padding:{len(line)}px}}\n" for line in lines * 3)
    menu = "".join(
        f"<li class=nav__item><a class=nav__link href='/{line[:12]}'>{line.title()[:18]}</a></li>" for line in lines * 2
    )
    teasers = "".join(
        f"<div class='card card--related'><a href='/{number}'><img src='/i/{number}.jpg' alt=''>"
        f"<h3 class=card__headline>{line.title()}</h3></a><p class=card__text>The {line}, the {line[::-1]}.</p></div>"
        for number, line in enumerate(lines[:60])
    )
    head = f"<script>window.__STATE__ = {state}</script><style>{rules}</style>".encode()
    top = f"<nav class=nav><ul>{menu}</ul></nav>".encode()
    bottom = f"<section class='related grid'><h2>More stories</h2>{teasers}</section>".encode()
    page = re.sub(rb"(?=</head>)", lambda _: head, page, count=1, flags=re.IGNORECASE)
    page = re.sub(rb"<body[^>]*>", lambda tag: tag[0] + top, page, count=1, flags=re.IGNORECASE)
    return re.sub(rb"(?=</body>)", lambda _: bottom, page, count=1, flags=re.IGNORECASE)


def print_anchors(pages: list[bytes]) -> None:
    """Print the share of lines and of characters that have a place in the page."""
    lines = anchored_lines = characters = anchored = 0
    for page in pages:
        article = read(page)
        if article is None:
            continue
        start = 0
        covered = {offset for run in article.anchors.runs for offset in range(run.start, run.end)}
        for line in article.text.split("\n\n"):
            visible = [start + offset for offset, character in enumerate(line) if not character.isspace()]
            lines += 1
            anchored_lines += covered.issuperset(visible)
            characters += len(visible)
            anchored += len(covered.intersection(visible))
            start += len(line) + 2
    print(f"anchored: {anchored_lines / lines:.2%} of {lines} lines, {anchored / characters:.2%} of their characters")


def print_memory(pages: list[bytes], count: int) -> None:
    """Print the resident memory while many different pages are read."""
    for number in range(1, count + 1):
        page = pages[number % len(pages)]
        read(page.replace(b"</p>", f" No. {number}.</p>".encode()))
        if number in {count // 10, count // 2, count}:
            gc.collect()
            print(f"after {number} pages: {resident_megabytes():.0f} MB")


def read(page: bytes) -> Article | None:
    """Return the article of a page, or None if it has none."""
    try:
        return Article.from_html(page)
    except SummarizerError:
        return None


def text(page: bytes) -> str | None:
    """Return the text of a page's article."""
    article = read(page)
    return article.text if article else None


def seconds(function: Callable[[bytes], object], page: bytes) -> float:
    """Return the processor time of a call; other processes do not count."""
    started = time.process_time()
    function(page)
    return time.process_time() - started


def resident_megabytes() -> float:
    """Return the resident memory of this process."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1_000


if __name__ == "__main__":
    main()
