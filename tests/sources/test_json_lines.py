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
