"""Text helpers of the views: links."""

import pytest

from summarizer.render.text import web_link


@pytest.mark.parametrize(
    "address",
    [
        "https://news.example/a",
        "http://news.example",
        "HTTPS://news.example/a?b=c&d#e",
        "https://news.example/a'b\"c",
        "https://de.example/Größe?q=ß#ü",
        "https://news.example/橋",
    ],
)
def test_web_source_is_linked(address: str) -> None:
    assert web_link(address) == address


@pytest.mark.parametrize(
    "source",
    [
        None, "", "article.txt", "/etc/passwd", "javascript:alert(1)", "JAVASCRIPT:alert(1)//https://a.example",
        " https://a.example", "https://a.example\n", "java\tscript:alert(1)", "data:text/html,x", "file:///etc/passwd",
        "//a.example", "https:", "https://", "https:///a", "http:a.example", "ftp://a.example", "blob:https://a.example",
        "https://a.example/\u202ex", "https://аpple.example", "view-source:https://a.example", "https://[",
        "https://a.example@аpple.example/", "https://ａ.example/", "https://a.example／b", "https://a.example/a b",
        "https://a.example/a\u00a0b", "https://a.example/a\u200bb",
    ],
)  # fmt: skip
def test_other_source_is_not_linked(source: str | None) -> None:
    assert web_link(source) is None
