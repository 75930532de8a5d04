"""The notebook view."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from summarizer import Brief
from summarizer.render import to_markdown

from .attacks import ATTACKS
from .conftest import brief as made
from .conftest import position
from .pages import everywhere


def parsed(brief: Brief) -> LexborHTMLParser:
    return LexborHTMLParser(brief._repr_html_())


def test_notebook_has_title_gist_positions_by_issue_and_questions(whole: Brief) -> None:
    page = parsed(whole)
    shown = " ".join(page.body.text().split())
    for words in (
        "Council splits over the bridge",
        "A council argues. [1–2]",
        "Anna Berg",
        "Statement 4.",
        "“must go” [4]",
    ):
        assert words in shown
    assert {node.text() for node in page.css(".sign")} >= {"±"}


def test_notebook_shows_role_at_first_appearance(whole: Brief) -> None:
    heads = [" ".join(item.text().split()) for item in parsed(whole).css("li")]
    assert heads[0].startswith("Anna Berg chief engineer, Riverton")
    assert heads[2].startswith("± Tomas Lind and Anna Berg · mixed")


def test_notebook_folds_the_positions_that_a_short_view_leaves_out() -> None:
    page = parsed(made(*(position(n, issue="tear", stance="agrees") for n in range(1, 19))))
    (fold,) = page.css(".summarizer-brief > details")
    assert "open" not in fold.attributes
    assert fold.css_first("summary").text() == "3 more positions on 1 issue"
    assert len(fold.css("li > p")) == 3


def test_notebook_sets_no_colours_except_for_signs(whole: Brief) -> None:
    (style,) = parsed(whole).css("style")
    rules = [rule for rule in style.text().split("}") if rule.strip()]
    assert all(rule.strip().startswith(".summarizer-brief") for rule in rules)
    assert not [rule for rule in rules if "#" in rule and ".sign" not in rule]


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_text_does_not_change_the_notebook_elements(attack: str) -> None:
    hostile, quiet = (parsed(everywhere(text)[0]) for text in (attack, "plain words"))
    assert [(node.tag, dict(node.attributes)) for node in hostile.css("*")] == [
        (node.tag, dict(node.attributes)) for node in quiet.css("*")
    ]


def test_notebook_has_no_script(whole: Brief) -> None:
    assert not parsed(whole).css("script, link, img")


def test_notebook_without_html_gets_markdown(whole: Brief) -> None:
    assert whole._repr_markdown_() == to_markdown(whole)
