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
        "A council argues. [1, 2]",
        "Anna Berg",
        "“It must go,” she said. [4]",
    ):
        assert words in shown
    assert {node.text() for node in page.css(".sign")} >= {"+", "±", "−"}


def test_notebook_shows_role_at_first_appearance(whole: Brief) -> None:
    heads = [" ".join(item.text().split()) for item in parsed(whole).css("li")]
    assert heads[0].startswith("± Tomas Lind chairman of the Friends and Anna Berg chief engineer, Riverton · mixed")
    assert heads[1].startswith("+ Anna Berg · agrees")


def test_notebook_folds_issues_beyond_the_limit() -> None:
    few = [position(n, issue="tear", stance="agrees") for n in range(1, 16)]
    many = [position(n, issue="cheap", stance="agrees") for n in range(20, 40)]
    sections = parsed(made(*few, *many)).css(".summarizer-brief > details")
    assert ["open" in section.attributes for section in sections] == [True, False]


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
