"""Markdown becomes plain text; its front matter becomes metadata."""

from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Article, ArticleError, summarize
from tests.article.texts import WORDS
from tests.sources.documents import load
from tests.timing import assert_linear


def test_seed_is_briefed(seeds: Path) -> None:
    article = Article.from_file(seeds / "library-opinion.md")
    assert (article.title, article.author, article.published, article.language, article.encoding) == (
        "Open the library on Sundays, and pay for it",
        "Cora Lindqvist",
        "2026-05-03",
        "en",
        "utf-8",
    )
    assert article.warnings == ("Footnotes were left out.",)
    brief = summarize(seeds / "library-opinion.md", model="builtin")
    assert {"Henry Odum", "Paul Ferris"} <= {holder.name for holder in brief.holders}


@pytest.mark.parametrize(
    ("markdown", "blocks"),
    [
        ("One\nline\n\nTwo", ["One line", "Two"]),
        ("# One #\n\nTwo\n===\n\nThree\n---", ["One", "Two", "Three"]),
        ("a *b* __c__ ***d*** ~~e~~ `f`", ["a b c d e f"]),
        ("snake_case and 2*3*4", ["snake_case and 234"]),
        ("[text](http://x 'title') <http://y> [ref][1] ![alt](z)\n\n[1]: http://z", ["text http://y ref"]),
        ("- one\n- two\n  - three\n\n1. four\n2) five", ["one", "two", "three", "four", "five"]),
        ("- [x] done", ["[x] done"]),
        ("> quoted\n> text\n\n> > more", ["quoted text", "more"]),
        ("before\n\n```python\ncode = 1\n```\n\n    code\n\nafter", ["before", "after"]),
        ("a <b>bold</b> &amp; <!-- no -->\n\n<div>\nblock\n</div>\n<script>no</script>", ["a bold &", "block"]),
        ("| a | b |\n|---|---|\n| 1 | **2** |", ["a | b", "1 | 2"]),
        ("One.  \nTwo.\\\nthree", ["One.", "Two.", "three"]),
        ("a\n\n* * *\n\nb", ["a", "b"]),
        ("\\*not emphasis\\* 1\\. 5 < 6", ["*not emphasis* 1. 5 < 6"]),
        ("Noted[^1] and[^a-b].\n\n[^1]: The note\n    goes on.\n\n    More.\n\nText.", ["Noted and.", "Text."]),
        ("\ufeff# One\r\n\r\nTwo\r\nthree", ["One", "Two three"]),
        ("#hashtag is no heading", ["#hashtag is no heading"]),
        ("---\n\nA rule, not front matter\n\n---", ["A rule, not front matter"]),
        ("---\ntitle: never closed\n\ntext", ["title: never closed", "text"]),
    ],
)  # fmt: skip
def test_marks_are_removed(markdown: str, blocks: list[str]) -> None:
    assert load(markdown, "a.md").text.split("\n\n") == blocks


@pytest.mark.parametrize(
    ("markdown", "warnings"),
    [
        ("Text.\n\n```\ncode\n```", ("Code blocks were left out.",)),
        ("Text.\n\n- item\n\n  ~~~\n  code\n  ~~~\n\nNoted[^1].\n\n[^1]: A note.",
         ("Code blocks were left out.", "Footnotes were left out.")),
        ("Text.\n\n    code", ("Code blocks were left out.",)),
        ("Text with `code`.", ()),
    ],
)  # fmt: skip
def test_what_is_left_out_is_a_warning(markdown: str, warnings: tuple[str, ...]) -> None:
    assert load(markdown, "a.md").warnings == warnings


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("title: A ferry\nauthor: Ann\ndate: 2026-03-01\nlang: de", ("A ferry", "Ann", "2026-03-01", "de")),
        ("title: 'It: a #1 \"ferry\"'\nauthors: [Ann, 'Bo Roe']", ('It: a #1 "ferry"', "Ann, Bo Roe", None, None)),
        ("Title: A ferry # draft\nauthors:\n  - Ann\n  - name: Bo\n    role: x", ("A ferry", "Ann, Bo", None, None)),
        ("date: 2026-03-01T10:00:00+01:00\nlayout: post", ("Heading", None, "2026-03-01T10:00:00+01:00", None)),
        ("title:\nauthor: ~\nlanguage: fr", ("Heading", None, None, "fr")),
        ("title: !!python/object:os.system x\na: &b [*b, *b]", ("!!python/object:os.system x", None, None, None)),
        ("summary: >\n  long text\n  of lines\ntitle: A", ("A", None, None, None)),
    ],
)
def test_front_matter_is_metadata(front: str, expected: tuple[str | None, ...]) -> None:
    article = load(f"---\n{front}\n---\n## Sub\n\n# Heading\n\nIt sank.", "a.md")
    assert (article.title, article.author, article.published, article.language) == expected
    assert article.text == "Sub\n\nHeading\n\nIt sank."


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("site: The Courier\nurl: https://courier.example/a?b=1#c", ("The Courier", "https://courier.example/a?b=1#c")),
        ("outlet: 'The Courier'\ncanonical_url: http://courier.example", ("The Courier", "http://courier.example")),
        ("url: /relative", (None, None)),
        ("url: javascript:alert(1)", (None, None)),
    ],
)
def test_front_matter_names_outlet_and_address(front: str, expected: tuple[str | None, str | None]) -> None:
    article = load(f"---\n{front}\n---\nIt sank.", "a.md")
    assert (article.site, article.url) == expected


def test_only_suffix_and_media_type_make_markdown() -> None:
    assert load("*It* sank.", "a.txt").text == "*It* sank."
    assert load("*It* sank.", "a.markdown").text == "It sank."


@pytest.mark.parametrize("markdown", ["```\ncode\n```", "---\ntitle: a\n---\n", "[a]: http://x", "<!-- x -->", "---"])
def test_markdown_without_text_is_one_error(markdown: str) -> None:
    with pytest.raises(ArticleError, match=r"a\.md is Markdown without text"):
        load(markdown, "a.md")


words = st.lists(st.sampled_from([word for word in WORDS if word.isalpha()]), min_size=1, max_size=8).map(" ".join)
FORMS = ["{}", "# {}", "- {}", "1. {}", "> {}", "**{}**", "*{}*", "[{}](http://x)", "{}\n---", "| {} |\n|---|"]


@given(st.lists(st.tuples(words, st.sampled_from(FORMS)), min_size=1, max_size=6))
def test_text_in_is_text_out(parts: list[tuple[str, str]]) -> None:
    markdown = "\n\n<!-- -->\n\n".join(form.format(text) for text, form in parts)
    assert load(markdown, "a.md").text == "\n\n".join(text for text, _ in parts)


@pytest.mark.parametrize(
    "markdown",
    [
        ">" * 30 + " very deep\n\nthe last",
        ">" * 1_000 + " very deep\n\nthe last",
        "- " * 10_000 + "very deep\n\nthe last",
        "".join("  " * level + "- very deep\n" for level in range(100)) + "\nthe last",
    ],
)
def test_deep_nesting_loses_no_text(markdown: str) -> None:
    words = load(markdown, "a.md").text.split()
    assert words[-2:] == ["the", "last"]
    assert "very deep" in " ".join(words)


@pytest.mark.slow
@pytest.mark.parametrize(
    "mark", ["![", "[a](", "**a", "`a", "<", "[[a]", "_a_", "a**b_", "[^a]", "[^a]: b\n", "- - a\n", "\\"]
)
def test_hostile_marks_take_linear_time(mark: str) -> None:
    assert_linear(lambda size: partial(load, "text " + mark * (size // len(mark)), "a.md"), 1_500)


def test_long_paragraph_keeps_its_text() -> None:
    markdown = "The *ferry* sank. " * 3_000
    assert load(markdown, "a.md").text == ("The ferry sank. " * 3_000).strip()


def test_truncated_markdown_is_read(seeds: Path) -> None:
    data = (seeds / "library-opinion.md").read_bytes()
    for end in range(30, len(data), 61):
        assert load(data[:end], "a.md").text


def test_long_markdown_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.sources.markdown.MAX_TEXT", 10)
    with pytest.raises(ArticleError, match="more than 10 characters"):
        load("It sank off the cape.", "a.md")
