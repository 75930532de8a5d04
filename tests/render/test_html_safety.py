"""Hostile texts: a page runs nothing but its own script."""

import base64
import hashlib

import pytest
from hypothesis import given
from selectolax.lexbor import LexborHTMLParser, LexborNode

from summarizer import Article, Brief
from summarizer._text import one_line
from summarizer.brief import Coverage

from .attacks import ATTACKS, CONTROLS
from .pages import bridge, everywhere
from .parsing import parsed, text, texts
from .strategies import TEXTS


def test_policy_comes_first_and_allows_only_the_own_style_and_script(page: LexborHTMLParser) -> None:
    first, second = page.css("head > *")[:2]
    assert first.attributes == {"charset": "utf-8"}
    assert second.attributes["http-equiv"] == "Content-Security-Policy"
    (style,), (data, script) = page.css("style"), page.css("script")
    assert data.attributes == {"type": "application/json", "id": "stored"}  # which no browser runs

    def digest(node: LexborNode) -> str:
        return base64.b64encode(hashlib.sha256(node.text().encode()).digest()).decode()

    assert second.attributes["content"].split("; ") == [
        "default-src 'none'",
        f"script-src 'sha256-{digest(script)}'",
        f"style-src 'sha256-{digest(style)}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_page_loads_nothing_and_has_no_inline_style_or_handler(page: LexborHTMLParser) -> None:
    assert not page.css("[src], [style], [action], link, base, iframe, object, embed, img")
    names = {name for node in page.css("*") for name in node.attributes}
    assert not {name for name in names if name.startswith("on")}


KEPT = (
    "id",
    "class",
    "href",
    "data-s",
    "data-p",
    "data-u",
    "lang",
    "dir",
    "data-sentences",
    "data-holders",
    "data-issue",
    "data-stance",
    "name",
)


def structure(page: LexborHTMLParser | LexborNode) -> list[tuple[str, tuple[str, ...], tuple[str | None, ...]]]:
    """Return every element with its attribute names and the values of the functional ones."""
    return [
        (node.tag, tuple(sorted(node.attributes)), tuple(node.attributes.get(name) for name in KEPT))
        for node in page.css("*:not(span.n)")  # numbers of sentences, which an attack may split
    ]


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_text_does_not_change_elements_or_attributes(attack: str) -> None:
    hostile, quiet = parsed(*everywhere(attack)), parsed(*everywhere("plain words"))
    assert structure(hostile) == structure(quiet)
    seen = one_line(attack)
    for selector in ("h1", ".statement", ".name", ".heading", "#gist p", "mark", "title"):
        assert seen in text(hostile, selector)
    assert hostile.css_first("tbody th a").attributes["title"] == seen


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_text_does_not_change_the_overview_of_one_issue(attack: str) -> None:
    hostile, quiet = (parsed(*on_one_issue(*everywhere(text))) for text in (attack, "plain words"))
    assert structure(hostile) == structure(quiet)
    assert one_line(attack) in text(hostile, ".stands .cell")


def on_one_issue(brief: Brief, article: Article) -> tuple[Brief, Article]:
    return brief.model_copy(update={"positions": brief.positions[:2], "issues": brief.issues[:1]}), article


@pytest.mark.parametrize("attack", CONTROLS)
def test_invisible_characters_do_not_change_elements(attack: str) -> None:
    hostile, quiet = parsed(*everywhere(attack)), parsed(*everywhere("plain words"))
    assert structure(hostile.css_first("#brief")) == structure(quiet.css_first("#brief"))
    assert {node.tag for node in hostile.css("*")} == {node.tag for node in quiet.css("*")}
    assert one_line(attack) in text(hostile, "h1")
    assert one_line(attack) == attack or attack not in hostile.html


@pytest.mark.slow
@given(TEXTS)
def test_arbitrary_text_does_not_change_the_structure(words: str) -> None:
    solid = "".join(character for character in words if character.isprintable() and not character.isspace())
    hostile, quiet = (parsed(*everywhere(text)).css_first("#brief") for text in (f"x{solid}x", "plain"))
    assert [node.tag for node in hostile.css("*")] == [node.tag for node in quiet.css("*")]


def test_hostile_web_address_adds_no_markup() -> None:
    brief, article = bridge()
    for source in ('https://a.example/"onclick="window.ran=1', "https://a.example/'><script>alert(1)</script>"):
        info = brief.article.model_copy(update={"source": source})
        (link,) = parsed(brief.model_copy(update={"article": info}), article).css(".byline a")
        assert link.attributes == {"href": source, "rel": "noopener noreferrer nofollow"}
        assert link.text() == "a.example"


def test_invisible_characters_and_lone_surrogates_are_removed() -> None:
    brief, article = bridge()
    info = brief.article.model_copy(update={"source": "a\ud800b\u202ec", "author": "Ann\u200b Lee"})
    page = brief.model_copy(update={"article": info}).to_html(article)
    page.encode()
    assert "\u202e" not in page
    assert "\u200b" not in page
    hidden = Article.from_text("A wo\u200brd.\n\nThe o\u202eth\u202cer.")
    bare, _ = bridge(
        article=hidden.info, gist=None, positions=(), open_questions=(), coverage=Coverage(sentences=1, chunks=1)
    )
    assert texts(parsed(bare, hidden), "#article p") == ["1A word.", "2The other."]


@pytest.mark.parametrize(("given", "shown"), [("de-CH", "de-CH"), ('en" onclick="x', ""), (None, "")])
def test_invalid_language_tag_is_left_out(given: str | None, shown: str) -> None:
    brief, article = bridge()
    info = brief.article.model_copy(update={"language": given})
    page = parsed(brief.model_copy(update={"article": info}), article)
    assert page.css_first("article").attributes["lang"] == shown
