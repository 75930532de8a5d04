"""The page of a report: complete, self-contained, and safe."""

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from summarizer import evaluate
from summarizer.evaluation import Report, load_gold

GOLD = Path(__file__).parent / "gold"
HOSTILE = "<script>alert(1)</script><img src=//x.example onerror=alert(2)>"


@pytest.fixture(scope="module")
def report() -> Report:
    earlier = evaluate(GOLD, model="builtin")
    return evaluate(GOLD, model="builtin", against=earlier, fail_under={"F1": 0.1, "stances_accuracy": 0.99})


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("</style>")[2]).split())


def test_page_has_counts_beside_rates_with_intervals(report: Report) -> None:
    tally, f1 = report.tallies["positions"], report.measures["positions_f1"]
    precision, recall = (report.measures[f"positions_{name}"] for name in ("precision", "recall"))
    rates = " ".join(f"{each.value:.3f} {each.low:.3f} to {each.high:.3f}" for each in (precision, recall, f1))
    assert f"positions {tally.right} {tally.found} {tally.gold} {rates}" in text_of(report.to_html())


def test_page_has_gates_comparison_issues_and_positions(report: Report) -> None:
    text = text_of(report.to_html())
    assert "positions_f1" in text
    assert re.search(r"stances_accuracy \S+ 0\.990 not reached", text)
    assert "Articles in both runs: 2." in text
    for row in report.rows():
        assert row["statement"].replace("'", "&#39;") in text
    for issue in report.issues:
        assert issue.proposition in text


def test_page_loads_nothing_and_has_no_script(report: Report) -> None:
    page = report.to_html()
    assert "default-src 'none'" in unescape(page)
    assert not re.search(r"<script|<link|<img|<iframe|@import|url\(|https?:", page)


def test_texts_of_gold_are_escaped(report: Report) -> None:
    (article, *others) = report.articles
    row = article.rows[0].model_copy(update={"holders": HOSTILE, "statement": HOSTILE})
    hostile = article.model_copy(update={"title": HOSTILE, "error": HOSTILE, "rows": (row,)})
    issue = report.issues[0].model_copy(update={"proposition": HOSTILE})
    page = report.model_copy(
        update={"articles": (hostile, *others), "model": HOSTILE, "issues": (issue,), "verified_by": HOSTILE}
    ).to_html()
    assert "<script" not in page
    assert "<img" not in page
    assert page.count("&lt;script&gt;") >= 7


def test_every_element_is_closed(report: Report) -> None:
    open_tags: list[str] = []

    class Checker(HTMLParser):
        def handle_starttag(self, tag: str, _: object) -> None:
            if tag != "meta":
                open_tags.append(tag)

        def handle_startendtag(self, *_: object) -> None:
            pass

        def handle_endtag(self, tag: str) -> None:
            assert open_tags.pop() == tag

    Checker().feed(report.to_html())
    assert open_tags == []


def test_report_of_one_article_has_no_intervals() -> None:
    page = evaluate(load_gold(GOLD / "kiln.yaml"), model="builtin").to_html()
    assert 'class="range"' not in page
    assert "1 article," in page
