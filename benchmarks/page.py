"""Measure the page of a long article: the time to render it, to open it, and to respond to a click.

    python benchmarks/page.py [--words N] [--positions N] [--rounds N]

The article and its brief are generated, always the same. A click is measured in the browser from the event to
the end of the next frame. This needs chromium and chromedriver.
"""

import argparse
import random
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from selenium import webdriver  # noqa: E402

from summarizer import Article, Brief  # noqa: E402
from summarizer.article import Sentence, read  # noqa: E402
from summarizer.brief import (  # noqa: E402
    Coverage,
    Evidence,
    Holder,
    Issue,
    Phrase,
    Position,
    Provenance,
    Stance,
)
from summarizer.spans import locate  # noqa: E402
from tests.browser.chromium import find_browser, set_window, start_browser  # noqa: E402

WORDS = (
    "the council a bridge of water price and to in said people would harbour plan cost town river repair vote".split()
)
MEASURE_CLICK = """
const [element, value, done] = arguments;
const before = performance.now();
if (value === null) element.click();
else { element.value = value; element.dispatchEvent(new Event("change", { bubbles: true })); }
requestAnimationFrame(() => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => done(performance.now() - before);
  channel.port2.postMessage(0);
});
"""
MEASURE_LOAD = """
const [page] = performance.getEntriesByType("navigation");
return [page.loadEventEnd, document.getElementsByTagName("*").length];
"""
CLICKS: tuple[tuple[str, str, str | None], ...] = (
    ("a position", ".group .card:nth-child(2) .facts", None),
    ("one far below", ".group:nth-last-child(2) .card:last-child .facts", None),
    ("a sentence", "#article p:nth-of-type(200) ~ p mark", None),
    ("clear", ".filters button", None),
    ("holder", "select[name=holder]", "3"),
    ("clear", ".filters button", None),
    ("stance", "select[name=stance]", "agrees"),
    ("clear", ".filters button", None),
    ("a cell", "tbody td a", None),
    ("clear", ".filters button", None),
    ("copy", "#P3 .copy", None),
    ("by holder", "[data-arrange=holder]", None),
    ("by issue", "[data-arrange=issue]", None),
    ("correct", "#P3 .edit", None),
    ("apply", ".correct [type=submit]", None),
)


def make_brief(words: int, positions: int) -> tuple[Brief, Article]:
    """Generate a long article and its brief: 40 issues, 60 holders, one to three sentences a position."""
    rng = random.Random(3)
    paragraphs: list[str] = []
    count = 0
    while count < words:
        lengths = [rng.randint(8, 30) for _ in range(rng.randint(2, 6))]
        count += sum(lengths)
        paragraphs.append(" ".join(" ".join(rng.choices(WORDS, k=n)).capitalize() + "." for n in lengths))
    article = Article.from_text("\n\n".join(["A long debate about the bridge", *paragraphs]))
    sentences = read(article).sentences
    places = [rng.randrange(1, len(sentences) - 3) for _ in range(positions)]
    brief = Brief(
        article=article.info,
        issues=tuple(
            Issue(id=f"I{n}", proposition=f"Part {n} of the plan should go on.", kind="policy") for n in range(40)
        ),
        holders=tuple(Holder(id=f"H{n}", name=f"Holder {n}", kind="person", role="member") for n in range(60)),
        positions=tuple(
            Position(
                id=f"P{number}",
                holders=(f"H{rng.randrange(60)}",),
                statement="The plan should be carried out after all, whatever it costs the town.",
                issue=f"I{rng.randrange(40)}",
                stance=rng.choice(get_args(Stance)),
                evidence=tuple(_evidence(article, item, rng) for item in sentences[at : at + rng.randint(1, 3)]),
            )
            for number, at in enumerate(places)
        ),
        coverage=Coverage(sentences=len(sentences), chunks=1),
        provenance=Provenance(
            engine="model", library="0", ruler="o200k_base", seconds=1, made=datetime(2026, 1, 1, tzinfo=UTC)
        ),
    )
    return brief, article


def _evidence(article: Article, sentence: Sentence, rng: random.Random) -> Evidence:
    words = sentence.text.split()
    first = rng.randrange(len(words) - 3)
    start = len(" ".join([*words[:first], ""]))
    phrase = " ".join(words[first : first + 3])
    spans = locate(article.text, sentence.spans, start, start + len(phrase))
    key_phrase = Phrase(spans=spans, text=phrase)
    return Evidence(sentence=sentence.number, spans=sentence.spans, quote=sentence.text, phrases=(key_phrase,))


def measure(driver: webdriver.Chrome, page: Path, width: int, rounds: int) -> None:
    """Print the median and the maximum of all rounds, for opening and for each click."""
    set_window(driver, width, 900)
    opened: list[float] = []
    taken: dict[str, list[float]] = {}
    size: Any = 0
    for _ in range(rounds):
        driver.get(page.as_uri())
        load, size = driver.execute_script(MEASURE_LOAD)
        opened.append(load)
        for name, selector, value in CLICKS:
            elements = driver.find_elements("css selector", selector)
            if not elements:
                continue  # a very large page has no corrections
            if name == "apply":
                driver.execute_script("document.querySelector('.correct').elements.stance.value = 'mixed'")
            taken.setdefault(name, []).append(driver.execute_async_script(MEASURE_CLICK, elements[0], value))
    print(f"\n{width} pixels wide, {size:,} elements")
    for name, times in {"open": opened, **taken}.items():
        print(f"  {name:14} {sorted(times)[len(times) // 2]:6.0f} ms, longest {max(times):6.0f} ms")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=int, default=100_000)
    parser.add_argument("--positions", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    brief, article = make_brief(options.words, options.positions)
    start = time.perf_counter()
    text = brief.to_html(article)
    print(f"{options.words:,} words, {options.positions} positions: {len(text):,} characters of HTML, ", end="")
    print(f"rendered in {time.perf_counter() - start:.2f} s")
    browser = find_browser()
    if not browser:
        raise SystemExit("No chromium with its chromedriver is installed.")
    driver = start_browser(*browser)
    try:
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / "page.html"
            page.write_text(text, encoding="utf-8")
            for width in (1600, 360):
                measure(driver, page, width, options.rounds)
    finally:
        driver.quit()


if __name__ == "__main__":
    main()
