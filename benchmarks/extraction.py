"""Score the text and the metadata that are extracted from web pages.

    python benchmarks/extraction.py [FOLDER] [--worst N]

FOLDER has pages as html/ID.html or html/ID.html.gz, and ground-truth.json: {ID: {"articleBody": …, "url": …}}. This is
the form of the public article extraction benchmark of scrapinghub. The default is benchmarks/pages, whose README
describes its pages. The library's text and the text of trafilatura alone are scored side by side.

The measure is that benchmark's. A text is split into words (letters, digits and "_"), and the words into shingles: all
runs of four words. A shorter text is a single shingle. Repeated shingles count as often as they occur. A page's
precision is the share of the extracted shingles that are true; its recall, the share of the true ones that are
extracted. Both are averaged over the pages; F1 combines the averages. Pages without extracted text have no precision,
pages without true text no recall.
A page that raises an error counts as empty, and its error is listed.

Where the truth has "title", "authors", "published", "language" or "form", the share of right values is printed:

    title      equal, apart from white space
    authors    exactly these names, in any order and case
    published  the same day; "time": the same moment, on pages whose truth has a time
    language   the same language, regions ignored
    form       equal

If FOLDER has a folder no_article with expected.json, {ID: {"url": …, "expected": "error" | "warning" | "either"}}, its
pages ID.html are read as well. They hold no article, or only a part of one, and should end in an error or a warning.
"""

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from summarizer import Article

DEFAULT_FOLDER = Path(__file__).parent / "pages"
WORD = re.compile(r"\w+")
NAME_SEPARATOR = re.compile(r"\s*[,;|/]\s*|\s+(?:and|und|et|y|i|e|ve|та|и|&)\s+")
SHINGLE = 4
FIELDS = ("title", "authors", "published", "time", "language", "form")

Truth = dict[str, Any]


@dataclass(frozen=True)
class Counts:
    """How many shingles of a page are in both texts, only in the extracted one, and only in the true one."""

    both: int
    extracted_only: int
    true_only: int

    @property
    def precision(self) -> float | None:
        """Return the share of the extracted shingles that are true, or None if there are none."""
        extracted = self.both + self.extracted_only
        return self.both / extracted if extracted else None

    @property
    def recall(self) -> float | None:
        """Return the share of the true shingles that are extracted, or None if there are none."""
        true = self.both + self.true_only
        return self.both / true if true else None

    @property
    def f1(self) -> float:
        """Return the F1 of the page; 1 if both texts are empty."""
        total = 2 * self.both + self.extracted_only + self.true_only
        return 2 * self.both / total if total else 1.0


@dataclass(frozen=True)
class Score:
    """Precision and recall averaged over pages, and their F1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True)
class Reading:
    """What the library made of a page: an article, or the error that it raised."""

    article: Article | None
    error: str = ""

    @property
    def text(self) -> str:
        """Return the extracted text; empty after an error."""
        return self.article.text if self.article else ""


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Count the runs of four words of ``text``; a shorter text is one run, an empty text has none."""
    words = WORD.findall(text)
    runs = max(1, len(words) - SHINGLE + 1) if words else 0
    return Counter(tuple(words[start : start + SHINGLE]) for start in range(runs))


def compare(true: str, extracted: str) -> Counts:
    """Count the shingles that two texts share, and those that only one has."""
    expected, found = shingles(true), shingles(extracted)
    both = (expected & found).total()
    return Counts(both, found.total() - both, expected.total() - both)


def average(pages: Iterable[Counts]) -> Score:
    """Return the average precision and recall of pages."""
    pages = list(pages)
    return Score(_mean([page.precision for page in pages]), _mean([page.recall for page in pages]))


def right_fields(truth: Truth, article: Article | None) -> dict[str, bool]:
    """Return whether each metadata field of the truth is right; fields that the truth leaves out are not returned.

    Args:
        truth: An entry of ground-truth.json.
        article: The extracted article; None makes every field wrong.
    """
    right: dict[str, bool] = {}
    if "title" in truth:
        right["title"] = article is not None and _plain(truth["title"]) == _plain(article.title)
    if "authors" in truth:
        expected_names = {_plain(name).casefold() for name in truth["authors"]}
        right["authors"] = article is not None and _names(article.author) == expected_names
    if "published" in truth:
        expected, found = truth["published"], (article.published if article else None)
        if expected is None:
            right["published"] = article is not None and found is None
        else:
            right["published"] = found is not None and found[:10] == expected[:10]
            if "T" in expected:
                right["time"] = found is not None and _is_same_moment(expected, found)
    if truth.get("language"):
        found_language = (article.language or "") if article else ""
        right["language"] = found_language.lower().split("-")[0] == truth["language"].lower().split("-")[0]
    if truth.get("form"):
        right["form"] = article is not None and article.form == truth["form"]
    return right


def is_told(expected: str, reading: Reading) -> bool:
    """Return whether a page without an article ends as expected: in an error, in a warning, or in either."""
    warned = bool(reading.article and reading.article.warnings)
    return {"error": bool(reading.error), "warning": warned, "either": warned or bool(reading.error)}[expected]


def read_page(page: bytes, url: str | None) -> Reading:
    """Extract the article of a page. An error of any kind is kept, as the benchmark goes on."""
    try:
        return Reading(Article.from_html(page, url))
    except Exception as error:
        return Reading(None, f"{type(error).__name__}: {error}")


def trafilatura_text(page: bytes) -> str:
    """Return the text that trafilatura alone extracts, without comments."""
    import trafilatura

    return trafilatura.extract(page, include_comments=False) or ""


def load_page(folder: Path, name: str) -> bytes:
    """Return the bytes of a page, which may be gzipped."""
    path = folder / f"{name}.html"
    return path.read_bytes() if path.exists() else gzip.decompress(path.with_suffix(".html.gz").read_bytes())


def print_articles(folder: Path, worst: int) -> None:
    """Print the scores of the articles in ``folder``, its worst pages, wrong metadata, errors and warnings."""
    truths: dict[str, Truth] = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    ours: dict[str, Counts] = {}
    alone: dict[str, Counts] = {}
    fields: dict[str, list[bool]] = {field: [] for field in FIELDS}
    wrong: list[str] = []
    errors: list[str] = []
    warnings: list[str] = []
    for name, truth in truths.items():
        page = load_page(folder / "html", name)
        reading = read_page(page, truth.get("url"))
        ours[name] = compare(truth["articleBody"], reading.text)
        alone[name] = compare(truth["articleBody"], trafilatura_text(page))
        if reading.error:
            errors.append(f"  {name}: {reading.error}")
        elif reading.article:
            warnings += [f"  {name}: {warning}" for warning in reading.article.warnings]
        for field, right in right_fields(truth, reading.article).items():
            fields[field].append(right)
            if not right and reading.article:
                wrong.append(_difference(name, field, truth, reading.article))
    print(f"{len(truths)} pages             F1  precision  recall")
    for label, counts in (("summarizer", ours), ("trafilatura", alone)):
        score = average(counts.values())
        print(f"{label:<15} {score.f1:>7.3f} {score.precision:>10.3f} {score.recall:>7.3f}")
    for field, values in fields.items():
        if values:
            print(f"{field:<15} {sum(values):>3} of {len(values)} right ({sum(values) / len(values):.1%})")
    print("\nWorst pages (F1, precision, recall; trafilatura's F1)")
    for name in sorted(truths, key=lambda each: ours[each].f1)[:worst]:
        page_counts = ours[name]
        precision, recall = page_counts.precision or 0.0, page_counts.recall or 0.0
        print(f"  {page_counts.f1:.3f} {precision:.3f} {recall:.3f}  {alone[name].f1:.3f}  {name}")
    _print_list("Wrong metadata", wrong)
    _print_list("Errors", errors)
    _print_list("Warnings", warnings)


def print_no_articles(folder: Path) -> None:
    """Print how many pages without an article end in an error or a warning."""
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    lines = []
    told = 0
    for name, entry in expected.items():
        reading = read_page(load_page(folder, name), entry["url"])
        if is_told(entry["expected"], reading):
            told += 1
        else:
            warnings = reading.article.warnings if reading.article else ()
            outcome = reading.error or (f"warnings: {' '.join(warnings)}" if warnings else "nothing")
            lines.append(
                f"  {name}: expected {entry['expected']}, got {outcome}, {len(reading.text)} characters of text"
            )
    print(f"\nPages that hold no article, or not all of it: {told} of {len(expected)} told as expected")
    print("\n".join(lines))


def _difference(name: str, field: str, truth: Truth, article: Article) -> str:
    attribute = {"authors": "author", "time": "published"}.get(field, field)
    expected = truth[{"time": "published"}.get(field, field)]
    return f"  {name}: {field} is {getattr(article, attribute)!r}, should be {expected!r}"


def _print_list(heading: str, lines: Sequence[str]) -> None:
    if lines:
        print(f"\n{heading}", *lines, sep="\n")


def _mean(values: Iterable[float | None]) -> float:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else 0.0


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())


def _names(author: str | None) -> set[str]:
    return {_plain(name).casefold() for name in NAME_SEPARATOR.split(author or "") if name.strip()}


def _is_same_moment(expected: str, found: str) -> bool:
    try:
        first, second = datetime.fromisoformat(expected), datetime.fromisoformat(found)
    except ValueError:
        return False
    if (first.tzinfo is None) != (second.tzinfo is None):
        return False
    return first == second and "T" in found.replace(" ", "T")


def main() -> None:
    """Score the folder that the command line names."""
    parser = argparse.ArgumentParser(description="Score the text and the metadata extracted from web pages.")
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--worst", type=int, default=10, help="how many of the worst pages to list")
    options = parser.parse_args()
    print_articles(options.folder, options.worst)
    if (options.folder / "no_article" / "expected.json").exists():
        print_no_articles(options.folder / "no_article")


if __name__ == "__main__":
    main()
