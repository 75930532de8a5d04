"""Measure the links from a brief's quotations to its source, and open a sample of them in Chromium.

    python benchmarks/links.py [FOLDER] [--sample N] [--show]

FOLDER has pages as html/ID.html or html/ID.html.gz, and optionally ground-truth.json with their addresses; the default
is benchmarks/pages. A brief of each page is made with the built-in engine. Printed are:

    sentences    the share of all sentences with a link; seconds for the links of a page
    quotations   the share of a brief's quotations with a link
    highlighted  the share of the sampled sentences whose words are what the browser highlights, white space and
                 marks at the ends aside; "around": at most 40 characters more, such as a note between the words
    selectors    the share of the sampled sentences whose XPath and offset lead to their first word in the browser

The sample has N sentences, spread over the pages. They are served on loopback without their address. Opening them
needs chromium and chromedriver; --sample 0 does without. --show prints what went wrong.
"""

import argparse
import gzip
import json
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from selenium import webdriver  # noqa: E402

from summarizer import Article, Brief, summarize  # noqa: E402
from summarizer.article import read  # noqa: E402
from summarizer.errors import SummarizerError  # noqa: E402
from summarizer.spans import Span  # noqa: E402
from tests.browser.chromium import find_browser, set_window, start_browser  # noqa: E402
from tests.browser.target_text import PageServer, read_target_text, serve_pages  # noqa: E402

EVALUATE = """
const [path, offset] = arguments;
const node = document.evaluate(path, document, null, XPathResult.FIRST_ORDERED_NODE_TYPE).singleNodeValue;
return node && [...node.data].slice(offset).join("");
"""


@dataclass(frozen=True)
class Page:
    """A page with the sentences of its article."""

    name: str
    data: bytes
    article: Article
    spans: list[Span]
    links: list[str | None]
    seconds: float


def load_pages(folder: Path) -> Iterator[Page]:
    """Yield the pages of a folder that have an article."""
    truth_file = folder / "ground-truth.json"
    truth = json.loads(truth_file.read_text(encoding="utf-8")) if truth_file.exists() else {}
    for path in sorted((folder / "html").iterdir()):
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        name = path.name.removesuffix(".gz").removesuffix(".html")
        url = truth.get(name, {}).get("url") or f"https://pages.example/{name}"
        try:
            article = Article.from_html(data, url)
        except SummarizerError as error:
            print(f"{name}: {error}")
            continue
        spans = [Span(item.spans[0].start, item.spans[-1].end) for item in read(article).sentences]
        started = time.process_time()
        links = [article.link(span) for span in spans]
        yield Page(name, data, article, spans, links, time.process_time() - started)


def quotations(brief: Brief) -> list[str | None]:
    """Return the link of each quotation of a brief."""
    claims = (*brief.positions, *brief.open_questions, *([brief.gist] if brief.gist else []))
    return [
        *(item.link for claim in claims for item in claim.evidence),
        *(item.link for item in brief.coverage.uncited),
    ]


def squeeze(text: str) -> str:
    """Return a text without white space and soft hyphens, and without marks at its ends."""
    text = "".join(text.split()).replace("\u00ad", "")
    letters = [index for index, character in enumerate(text) if character.isalnum()]
    return text[letters[0] : letters[-1] + 1] if letters else ""


def open_sample(pages: list[Page], count: int, *, show: bool) -> None:
    """Open a sample of links in the browser, and print the shares."""
    found = find_browser()
    if not found:
        sys.exit("chromium and chromedriver are needed; --sample 0 does without.")
    every = max(1, sum(len(page.spans) for page in pages) // count)
    exact = around = selected = total = 0
    driver = start_browser(*found)
    try:
        set_window(driver, 1200, 1400)
        with serve_pages() as server:
            position = 0
            for page in pages:
                numbers = [number for number in range(len(page.spans)) if (position + number) % every == 0]
                position += len(page.spans)
                for result in check(driver, server, page, numbers, show=show):
                    total += 1
                    exact, around, selected = exact + result[0], around + result[1], selected + result[2]
    finally:
        driver.quit()
    print(f"highlighted  {exact / total:7.3f} of {total} sentences; {around / total:.3f} with words around them")
    print(f"selectors    {selected / total:7.3f} of {total} sentences")


def check(
    driver: webdriver.Chrome, server: PageServer, page: Page, numbers: list[int], *, show: bool
) -> Iterator[tuple[bool, bool, bool]]:
    """Yield for each sentence whether its words are highlighted, alone or with others, and its selector's result."""
    address = server.add(page.data)
    for number in numbers:
        span, link = page.spans[number], page.links[number]
        selector = page.article.anchor(span)
        wanted = squeeze(page.article.text[slice(*span)])
        if not link or not selector:
            if show:
                print(f"{page.name} has no link: {page.article.text[slice(*span)]!r}")
            yield False, False, False
            continue
        seen = squeeze(read_target_text(driver, f"{address}#{link.partition('#')[2]}"))
        start = selector["startSelector"]
        text = driver.execute_script(EVALUATE, start["value"], start["refinedBy"]["start"])
        is_exact = seen == wanted
        is_around = seen.startswith(wanted[:10]) and seen.endswith(wanted[-10:]) and len(seen) <= len(wanted) + 40
        first = page.article.text[span.start : span.end].split()[0]
        is_selected = bool(text) and (text.startswith(first) or first.startswith(text.split()[0]))
        if show and not (is_exact and is_selected):
            print(f"{page.name}: {wanted!r}\n  seen {seen!r} with {link.partition('#')[2]}")
            print(f"  {start['value']} leads to {text and text[:40]!r}")
        yield is_exact, is_exact or is_around, is_selected


def main() -> None:
    """Read the arguments, and print the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "benchmarks" / "pages")
    parser.add_argument("--sample", type=int, default=100)
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    pages = list(load_pages(arguments.folder))
    links = [link for page in pages for link in page.links]
    seconds = max(page.seconds for page in pages)
    share = sum(map(bool, links)) / len(links)
    print(f"sentences    {share:7.4f} of {len(links)} on {len(pages)} pages; at most {seconds:.3f} s a page")
    cited = [link for page in pages for link in quotations(summarize(page.article, model="builtin"))]
    print(f"quotations   {sum(map(bool, cited)) / len(cited):7.4f} of {len(cited)}")
    if arguments.sample:
        open_sample(pages, arguments.sample, show=arguments.show)


if __name__ == "__main__":
    main()
