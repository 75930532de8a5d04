"""Selectors and links of an article's text."""

import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Article
from summarizer.article import Place
from summarizer.spans import Span

TEXT = "The council argued. It voted."


class FixedAnchors:
    """Anchors of one place."""

    def places(self, span: Span) -> tuple[Place, ...]:
        return ()

    def selector(self, span: Span) -> dict[str, Any] | None:
        return None

    def fragment(self, span: Span) -> str | None:
        return "page=3"


def link_of(url: str | None, source: str | None = None) -> str | None:
    article = Article.from_text(TEXT, url=url, source=source, anchors=FixedAnchors())
    return article.link(Span(0, 11))


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://news.example/a?b=1&c=%20d", "https://news.example/a?b=1&c=%20d"),
        ("http://news.example:8080", "http://news.example:8080"),
        ("https://news.example/a#part", "https://news.example/a"),
        ("https://news.example/a#:~:text=old", "https://news.example/a"),
        ("https://ann:secret@news.example/a", "https://news.example/a"),
        ("https://news.example/straße und 市?q=é", "https://news.example/stra%C3%9Fe%20und%20%E5%B8%82?q=%C3%A9"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://[2001:db8::1]:81/a", "https://[2001:db8::1]:81/a"),
        ('https://news.example/"><script>', "https://news.example/%22%3E%3Cscript%3E"),
    ],
)
def test_link_is_the_web_address_with_the_fragment(url: str, base: str) -> None:
    assert link_of(url) == f"{base}#page=3"
    assert link_of(None, url) == f"{base}#page=3"
    assert link_of(url, "saved.html") == f"{base}#page=3"


@pytest.mark.parametrize(
    ("path", "base"),
    [
        ("pages/a b.html", "pages/a%20b.html"),
        ("pages/100%/a#1?.htm", "pages/100%25/a%231%3F.htm"),
        ("/home/ann/Report.PDF", "/home/ann/Report.PDF"),
        ("//host/a.pdf", "/host/a.pdf"),
        ("../é.xhtml", "../%C3%A9.xhtml"),
        ("C:\\pages\\a.html", "/C:/pages/a.html"),
    ],
)
def test_link_of_a_local_file_is_a_reference_to_it(path: str, base: str) -> None:
    assert link_of(None, path) == f"{base}#page=3"
    assert link_of("ftp://news.example/a", path) == f"{base}#page=3"


@pytest.mark.parametrize(
    "source",
    [
        "javascript:alert(1)//a.html",
        "data:text/html,<p>a.html",
        "ftp://news.example/a.html",
        "file:///etc/a.html",
        "https:///a.html",
        "https://[a.html",
        "https://news.example:99999999/a.html",
        "The page",
        "articles.jsonl, line 3",
        "letter.docx",
        "a\0.html",
        "",
        None,
    ],
)
def test_other_sources_have_no_link(source: str | None) -> None:
    assert link_of(None, source) is None


@given(source=st.text())
def test_link_of_any_source_is_a_web_address_or_a_relative_reference(source: str) -> None:
    link = link_of(source, source)
    if link is not None:
        assert link.isascii()
        assert link.isprintable()
        assert " " not in link
        assert link.startswith(("http://", "https://")) or (":" not in link.split("/")[0] and link[:2] != "//")


def test_text_without_anchors_has_no_link() -> None:
    assert Article.from_text(TEXT, url="https://news.example/a").link(Span(0, 3)) is None


def test_anchor_of_a_text_is_its_position_and_words(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    expected = {
        "type": "TextPositionSelector",
        "start": 4,
        "end": 11,
        "refinedBy": {"type": "TextQuoteSelector", "exact": "council"},
    }
    for article in (Article.from_text(TEXT), Article.from_file(path), Article.from_file(path, title="Vote")):
        assert article.anchor(Span(4, 11)) == expected
        assert article.anchor(Span(4, 4)) is None
        assert article.places(Span(4, 11)) == ()
        assert article.link(Span(4, 11)) is None


def test_span_may_be_a_plain_tuple() -> None:
    article = Article.from_text(TEXT)
    assert article.anchor((4, 11)) == article.anchor(Span(4, 11))


def test_extracted_text_without_anchors_has_no_selector() -> None:
    assert Article.from_text(TEXT, source="letter.docx").anchor(Span(0, 3)) is None


def test_articles_with_anchors_can_be_sent_to_another_process() -> None:
    article = pickle.loads(
        pickle.dumps(Article.from_html(f"<article><p>{TEXT * 20}</p></article>", "https://a.example"))
    )
    assert article.link(Span(0, 19)) == "https://a.example/#:~:text=The%20council%20argued."
