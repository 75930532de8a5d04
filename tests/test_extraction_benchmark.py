"""The arithmetic of benchmarks/extraction.py."""

import gzip
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from summarizer import Article

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "benchmarks" / "pages"


@pytest.fixture(scope="module")
def extraction() -> ModuleType:
    spec = importlib.util.spec_from_file_location("extraction", ROOT / "benchmarks" / "extraction.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["extraction"] = module
    spec.loader.exec_module(module)
    return module


def test_shingles_are_runs_of_four_words(extraction):
    assert extraction.shingles("The mayor's plan, she said") == {
        ("The", "mayor", "s", "plan"): 1,
        ("mayor", "s", "plan", "she"): 1,
        ("s", "plan", "she", "said"): 1,
    }


def test_a_short_text_is_one_shingle(extraction):
    assert extraction.shingles("No comment!") == {("No", "comment"): 1}


def test_an_empty_text_has_no_shingles(extraction):
    assert extraction.shingles(" … ") == {}


def test_repeated_shingles_count_as_often_as_they_occur(extraction):
    counts = extraction.compare("a b c d", "a b c d\n\na b c d")
    assert (counts.both, counts.extracted_only, counts.true_only) == (1, 4, 0)


def test_precision_and_recall_of_a_page(extraction):
    counts = extraction.compare("one two three four five six", "zero one two three four")
    assert (counts.precision, counts.recall, counts.f1) == (1 / 2, 1 / 3, 2 / 5)


def test_the_score_averages_pages_and_not_shingles(extraction):
    long = extraction.compare("w " * 103, "w " * 103)
    wrong = extraction.compare("a b c d", "e f g h")
    score = extraction.average([long, wrong])
    assert (score.precision, score.recall, score.f1) == (0.5, 0.5, 0.5)


def test_a_page_without_extracted_text_lowers_recall_only(extraction):
    score = extraction.average([extraction.compare("a b c d", ""), extraction.compare("a b c d", "a b c d")])
    assert (score.precision, score.recall) == (1.0, 0.5)


def test_authors_are_right_in_any_order_but_not_if_one_is_missing(extraction):
    truth = {"authors": ["Ada Brink", "Tom Oss"]}
    for author, right in {"Tom Oss, Ada Brink": True, "Ada Brink and Tom Oss": True, "Ada Brink": False}.items():
        assert extraction.right_fields(truth, Article.from_text("Text.", author=author)) == {"authors": right}


@pytest.mark.parametrize(
    ("found", "day", "moment"),
    [
        ("2026-03-04T08:30:00+01:00", True, True),
        ("2026-03-04T07:30:00Z", True, True),
        ("2026-03-04T08:30:00", True, False),
        ("2026-03-04", True, False),
        ("2026-03-05", False, False),
    ],
)
def test_dates_are_compared_by_day_and_by_moment(extraction, found, day, moment):
    truth = {"published": "2026-03-04T08:30:00+01:00"}
    right = extraction.right_fields(truth, Article.from_text("Text.", published=found))
    assert right == {"published": day, "time": moment}


def test_no_field_of_a_page_that_raised_is_right(extraction):
    truth = {"title": "A", "authors": [], "published": None, "language": "en", "form": "report"}
    assert not any(extraction.right_fields(truth, None).values())


def test_gzipped_pages_are_read(extraction, tmp_path):
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(b"<p>Hello"))
    assert extraction.load_page(tmp_path, "a") == b"<p>Hello"


def test_an_error_is_told_where_an_error_is_expected(extraction):
    reading = extraction.Reading(None, "ArticleError: no article")
    assert [extraction.is_told(each, reading) for each in ("error", "either", "warning")] == [True, True, False]


def test_each_page_has_a_truth_and_each_truth_a_page():
    truths = json.loads((PAGES / "ground-truth.json").read_text("utf-8"))
    assert set(truths) == {path.stem for path in (PAGES / "html").iterdir()}
    expected = json.loads((PAGES / "no_article" / "expected.json").read_text("utf-8"))
    assert set(expected) == {path.stem for path in (PAGES / "no_article").glob("*.html")}
