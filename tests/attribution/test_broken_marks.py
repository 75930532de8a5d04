"""Quotation marks that a page or a wrong decoding has broken."""

import pytest

from summarizer.article import Article
from summarizer.attribution import attributions
from summarizer.spans import quote


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("&quot;", "&quot;"),
        ("&ldquo;", "&rdquo;"),
        ("&#8220;", "&#8221;"),
        ("&#34;", "&#34;"),
        ("â€œ", "â€"),
        ('\\"', '\\"'),
    ],
)
def test_broken_marks_bound_a_quotation(opening: str, closing: str) -> None:
    article = Article.from_text(f"{opening}The bridge must go,{closing} said Anna Berg. Tom Lind left.")
    (found,) = attributions(article)
    assert [holder.name for holder in found.holders] == ["Anna Berg"]
    assert found.speech == "direct"
    assert "The bridge must go," in quote(article.text, found.content)
