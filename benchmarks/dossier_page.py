"""Measure the page of a large dossier: the time to render it, to open it, and to filter it in a browser.

    python benchmarks/dossier_page.py [--articles N] [--rounds N]

Each article has ten invented positions. A filter is measured from the event to the end of the next frame. This needs
chromium and chromedriver.
"""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from summarizer import Brief, Dossier  # noqa: E402
from summarizer.brief import Stance  # noqa: E402
from summarizer.render import dossier_to_html  # noqa: E402
from tests.browser.chromium import find_browser, set_window, start_browser  # noqa: E402
from tests.dossier.briefs import Held, make_brief  # noqa: E402

ACTORS, ISSUES, OUTLETS = 200, 15, 9
STANCES: tuple[Stance, ...] = ("agrees", "disagrees", "unclear")
FILTERS = (
    ("outlet", "Outlet 3"),
    ("outlet", ""),
    ("issue", "2"),
    ("stance", "agrees"),
    ("words", "statement 7"),
    ("words", ""),
    ("issue", ""),
    ("stance", ""),
)
MEASURE = """
const [name, value, done] = arguments;
const form = document.querySelector("#filters");
const before = performance.now();
form[name].value = value;
form.dispatchEvent(new Event("input"));
requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(performance.now() - before), 0)));
"""


def main() -> None:
    """Render the page and filter it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    dossier = Dossier(invent(number) for number in range(options.articles))
    before = time.perf_counter()
    page = dossier_to_html(dossier)
    print(
        f"{len(dossier.statements)} statements, rendered in {time.perf_counter() - before:.1f} s, {len(page):,} bytes"
    )
    found = find_browser()
    if not found:
        sys.exit("No chromium was found.")
    browser = start_browser(*found)
    set_window(browser, 1400, 1000, scheme="light", media="")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "page.html")
        path.write_text(page, encoding="utf-8")
        before = time.perf_counter()
        browser.get(path.as_uri())
        print(f"opened in {time.perf_counter() - before:.1f} s")
        times: list[list[float]] = [[] for _ in FILTERS]
        for _ in range(options.rounds):
            for measured, step in zip(times, FILTERS, strict=True):
                measured.append(browser.execute_async_script(MEASURE, *step))
        for measured, (name, value) in zip(times, FILTERS, strict=True):
            print(f"{name} = {value or 'all':12} {median(measured):5.0f} ms (worst {max(measured):.0f})")
    browser.quit()


def invent(number: int) -> Brief:
    """Return the brief of an invented article with ten positions."""
    chance = random.Random(number)
    held: list[Held] = [
        (
            f"Person Number{chance.randrange(ACTORS)}",
            f"Proposal number {chance.randrange(ISSUES)} should pass.",
            chance.choice(STANCES),
            f"Statement {number} {place} with some more words to read about the matter.",
        )
        for place in range(10)
    ]
    date = f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}"
    return make_brief(date, held, site=f"Outlet {number % OUTLETS}", title=f"Article {number}")


if __name__ == "__main__":
    main()
