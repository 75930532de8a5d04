"""The page in several sizes, printed, and without scripts."""

import pytest

from summarizer import Brief
from summarizer.render import to_html

from ..render.pages import everywhere
from .conftest import NARROW, Tab, sentence

pytestmark = pytest.mark.slow


def test_narrow_screen_switches_between_position_and_sentence(tab: Tab, page: str, brief: Brief) -> None:
    tab.open(page, size=NARROW)
    tab.run(
        "document.querySelector('#P5').scrollIntoView({ block: 'center' })"
    )  # chromedriver would scroll it to the edge only
    tab.one("#P5 .statement").click()
    assert tab.within(f"#s{sentence(brief, 5)}")
    assert not tab.within("#P5")
    tab.one(".switch button").click()
    assert tab.within("#P5")
    assert not tab.within(f"#s{sentence(brief, 5)}")


LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
TOO_WIDE = """
const found = [...document.querySelectorAll("html, body, .pane")]
  .filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.tagName);
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || !element.closest(".pane")) continue;
  if (element.closest(".table, .visually-hidden, option") || !element.checkVisibility()) continue;
  const range = document.createRange();
  range.selectNodeContents(walker.currentNode);
  const [words, pane] = [range, element.closest(".pane")].map((one) => one.getBoundingClientRect());
  if (words.left < pane.left || words.right > pane.right)
    found.push(`${element.className} ${words.right} of ${pane.right}`);
}
return found;
"""


@pytest.mark.parametrize("width", [320, 360, 800, 1000, 1600])
@pytest.mark.parametrize("words", ["some words", LONG], ids=["words", "one-long-word"])
def test_content_fits_its_container(tab: Tab, words: str, width: int) -> None:
    tab.open(to_html(*everywhere(words)), size=(width, 800))
    assert tab.run(TOO_WIDE) == []


def test_page_respects_the_font_size_of_the_browser(tab: Tab) -> None:
    tab.call("Page.setFontSizes", fontSizes={"standard": 32})
    try:
        for width in (360, 1280):
            tab.open(to_html(*everywhere("some words")), size=(width, 800))
            assert tab.one("html").value_of_css_property("font-size") == "32px"
            assert tab.run(TOO_WIDE) == []
    finally:
        tab.call("Page.setFontSizes", fontSizes={"standard": 16})


def test_wide_screen_shows_both_panes(tab: Tab, page: str) -> None:
    tab.open(page)
    assert tab.within("h1")
    assert tab.within("#article h2")


def test_print_has_all_content_and_no_controls(tab: Tab, page: str) -> None:
    for size in (NARROW, (1600, 1000)):
        tab.open(page, media="print", size=size)
        assert len(tab.shown("#brief, #article, .card, mark")) == 2 + 7 + len(tab.all("mark"))
        assert tab.shown("button, select, .skip, .switch") == []
        assert [tab.one(f"#P{number} .tools").text.strip() for number in range(1, 7)] == [
            "P1", "P2", "P3", "P4", "P5", "P6",
        ]  # fmt: skip


def test_page_is_complete_without_scripts(tab: Tab, page: str, brief: Brief) -> None:
    for size in (NARROW, (1600, 1000)):
        tab.open(page, script=False, size=size, fragment=f"#s{sentence(brief, 5)}")
        assert len(tab.shown(".card")) == 7
        assert tab.shown("button, select") == []
        highlighted = tab.one(f"#s{sentence(brief, 5)}").value_of_css_property("background-color")
        assert highlighted != tab.one(f"#s{sentence(brief, 1)}").value_of_css_property("background-color")
        assert tab.within(f"#s{sentence(brief, 5)}")
    tab.emulate()
