"""JSON Lines: texts, pages and addresses in objects, one a line."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import URL, Article, ArticleError
from summarizer.sources import find_container
from summarizer.sources.json_lines import JSON_LINES, is_json_lines, parse_json_line, read_json_lines
from tests.site import page, story


def parse(**fields: Any) -> Any:
    return parse_json_line(json.dumps(fields).encode(), "a.jsonl, line 1").source


def test_address_is_fetched_later_and_given_metadata_win() -> None:
    source = parse(url="https://news.example/a", title="Ferry", published="2026-11-01", more=[1])
    assert isinstance(source, URL)
    assert (source.address, source.metadata) == (
        "https://news.example/a",
        {"title": "Ferry", "published": "2026-11-01"},
    )


def test_page_is_read_with_its_address() -> None:
    html = page("Bridge of north closes", story("north")).decode()
    source = parse(html=html, url="https://news.example/a", title="Another title")
    assert isinstance(source, Article)
    assert (source.title, source.source) == ("Another title", "https://news.example/a")
    assert "Home" not in source.text


def test_text_comes_before_page_and_address() -> None:
    source = parse(text="It sank.", html="<p>No.</p>", url="https://news.example/a")
    assert isinstance(source, Article)
    assert (source.text, source.url, source.source) == ("It sank.", "https://news.example/a", "a.jsonl, line 1")


@pytest.mark.parametrize("fields", [{"url": 7}, {"html": ["<p>"]}, {"url": ""}, {"title": "A"}, {"html": " "}])
def test_object_without_an_article_is_an_error_with_its_line(fields: dict[str, Any]) -> None:
    error = parse(**fields)
    assert isinstance(error, ArticleError)
    assert error.where == "a.jsonl, line 1"


def test_error_keeps_the_id() -> None:
    assert parse_json_line(b'{"id": 7, "text": " "}', "a.jsonl, line 1").id == "7"


@given(st.binary(max_size=200))
def test_any_line_is_one_entry(line: bytes) -> None:
    lines = [part for part in io.BytesIO(line) if part.removeprefix(b"\xef\xbb\xbf").strip()]
    assert len(list(read_json_lines(io.BytesIO(line), "a.jsonl"))) == len(lines)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b'{"text": "It sank."}\n{', True),
        (b'\xef\xbb\xbf{"id": 1, "url": "https://news.example/a"}', True),
        (b'{"html": "' + b"<p>" * 50_000, True),
        (b'{"status": "done"}', False),
        (b"{It sank.}", False),
        (b"[1]", False),
        (b"", False),
    ],
)
def test_file_is_recognized_by_its_first_line(head: bytes, expected: bool) -> None:
    assert is_json_lines(head) == expected
    assert (find_container(head, "a.txt") is JSON_LINES) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"site": "Merrow Today"}, {"site": "Merrow Today"}),
        ({"site_name": "Merrow Today", "section": "Politics"}, {"site": "Merrow Today", "section": "Politics"}),
        ({"publisher": {"@type": "Organization", "name": "Merrow Today"}}, {"site": "Merrow Today"}),
        ({"source": {"id": None, "name": "Merrow Today"}}, {"source": "Merrow Today"}),
        ({"source_domain": "news.example", "source": "a.html"}, {"site": "news.example", "source": "a.html"}),
        ({"outlet": 7, "hostname": "news.example"}, {"site": "news.example"}),
        ({"headline": "A", "byline": "Ann Lee", "date": "2026-11-01"}, {"title": "A", "author": "Ann Lee"}),
        ({"title": "A", "headline": "B"}, {"title": "A"}),
        ({"authors": ["Ann Lee", "Tom Orr"]}, {"author": "Ann Lee, Tom Orr"}),
        ({"author": [{"name": "Ann Lee"}, {"name": "Tom Orr"}]}, {"author": "Ann Lee, Tom Orr"}),
        ({"authors": [], "creator": "Ann Lee"}, {"author": "Ann Lee"}),
        ({"lang": "ger"}, {"language": "de"}),
        ({"inLanguage": "de-AT"}, {"language": "de-AT"}),
        *(({name: "2026-11-01"}, {"published": "2026-11-01"}) for name in ("date", "publishedAt", "datePublished")),
        *(({name: "2026-11-01"}, {"published": "2026-11-01"}) for name in ("published_at", "pub_date", "date_publish")),
        ({"date": 1793491200, "pubdate": "2026-11-01"}, {"published": "2026-11-01"}),
    ],
)
@pytest.mark.parametrize("content", [{"text": "It sank."}, {"html": page("Ferry", story("north")).decode()}])
def test_metadata_have_the_names_that_people_use(
    fields: dict[str, Any], expected: dict[str, str], content: dict[str, str]
) -> None:
    source = parse(**content, **fields)
    assert {name: getattr(source, name) for name in expected} == expected


@pytest.mark.parametrize("name", ["text", "content", "body", "articleBody", "article_text", "full-text", "MainText"])
def test_texts_have_the_names_that_people_use(name: str) -> None:
    assert parse(**{name: "It sank."}).text == "It sank."


@pytest.mark.parametrize("name", ["url", "link", "canonical_url", "webUrl", "permalink"])
def test_addresses_have_the_names_that_people_use(name: str) -> None:
    source = parse(**{name: "https://news.example/a"}, site="Merrow Today")
    assert (source.address, source.metadata) == ("https://news.example/a", {"site": "Merrow Today"})


@pytest.mark.parametrize("field", ["text", "title", "author", "published", "site"])
@pytest.mark.parametrize("value", [7, [7], True])
def test_a_known_field_that_is_no_text_is_an_error(field: str, value: object) -> None:
    error = parse(**{"text": "It sank.", field: value})
    assert f"The {field} is not a string." in str(error)
