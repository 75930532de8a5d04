"""Fragments of positions and sentences, and the Back button."""

import re

import pytest

from summarizer import Brief

from .conftest import EXACT, HIGHLIGHTED, NARROW, WIDE, Tab, positions, sentence

pytestmark = pytest.mark.slow


def test_fragment_selects_a_position(tab: Tab, page: str) -> None:
    tab.open(page, fragment="#P5")
    assert tab.one("#P5").get_attribute("aria-current") == "true"
    assert tab.run(EXACT) == "costs 4 million & that"
    assert tab.within("#P5")


def test_selecting_a_position_sets_the_fragment(tab: Tab, page: str) -> None:
    tab.open(page)
    tab.one("#P3 .statement").click()
    assert tab.driver.current_url.endswith("#P3")


def test_position_link_scrolls_to_its_sentences_on_a_wide_screen(tab: Tab, page: str, brief: Brief) -> None:
    tab.open(page)
    tab.run("for (const p of document.querySelectorAll('article p')) p.style.marginBottom = '60rem'")
    target = f"#s{sentence(brief, 6)}"
    assert not tab.within(target)
    tab.one("#P6 .tools a").click()
    assert tab.within(target)
    assert tab.driver.current_url.endswith("#P6")


def test_position_link_keeps_the_pane_on_a_narrow_screen(tab: Tab, page: str) -> None:
    tab.open(page, size=NARROW)
    tab.run("document.querySelector('#P6').scrollIntoView({ block: 'center' })")
    tab.one("#P6 .tools a").click()
    assert tab.run("return document.querySelector('.panes').dataset.view") == "brief"
    assert tab.within("#P6")


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_fragment_selects_a_cited_sentence(tab: Tab, page: str, brief: Brief, size: tuple[int, int]) -> None:
    fragment = f"#s{sentence(brief, 1)}"
    tab.open(page, fragment=fragment, size=size)
    assert tab.run(HIGHLIGHTED) == brief.positions[0].evidence[0].quote
    assert tab.within(fragment)
    assert positions(tab) == (["P1", "P2"] if size == WIDE else [])  # they are in the hidden pane
    assert tab.driver.current_url.endswith(fragment)


def test_selecting_a_sentence_sets_the_fragment(tab: Tab, page: str, brief: Brief) -> None:
    tab.open(page)
    tab.one(f"#s{sentence(brief, 3)}").click()
    assert tab.driver.current_url.endswith(f"#s{sentence(brief, 3)}")


def test_new_selection_clears_the_highlight_of_a_link(tab: Tab, page: str, brief: Brief) -> None:
    target = f"#s{sentence(brief, 1)}"
    tab.open(page, fragment=target)
    highlighted = tab.one(target).value_of_css_property("background-color")
    tab.press("ESCAPE")
    assert tab.one(target).value_of_css_property("background-color") != highlighted
    assert "#" not in tab.driver.current_url


def test_unknown_fragment_shows_everything(tab: Tab, page: str) -> None:
    tab.open(page, fragment="#P99\"'<x>")
    assert len(positions(tab)) == 6
    assert [entry for entry in tab.log("browser") if entry["level"] == "SEVERE"] == []


# Back


def test_back_restores_the_previous_selection(tab: Tab, page: str) -> None:
    tab.open(page)
    tab.one("#P1 .statement").click()
    tab.one("#P6 .statement").click()
    tab.driver.back()
    tab.until("return document.querySelector('#P1').getAttribute('aria-current')")
    assert tab.run(EXACT) == "The bridge must go"
    tab.driver.back()
    tab.until("return !document.querySelector('[aria-current]')")
    assert tab.run(HIGHLIGHTED) == ""
    tab.driver.forward()
    tab.until("return document.querySelector('#P1').getAttribute('aria-current')")


def test_back_restores_the_filters(tab: Tab, page: str, brief: Brief) -> None:
    tab.open(page)
    tab.choose("stance", "disagrees")
    tab.one(f"#s{sentence(brief, 1)}").click()
    assert positions(tab) == ["P1", "P2"]
    tab.driver.back()
    tab.until("return document.querySelector('#P1').hidden")
    assert positions(tab) == ["P3", "P5"]
    assert tab.run("return document.querySelector('[name=stance]').value") == "disagrees"


def test_back_restores_pane_and_scroll_position_on_a_narrow_screen(tab: Tab, page: str, brief: Brief) -> None:
    tab.open(page, size=NARROW)
    tab.run("document.querySelector('#P5').scrollIntoView({ block: 'center' })")
    before = tab.run("return scrollY")
    tab.one("#P5 .statement").click()
    assert tab.within(f"#s{sentence(brief, 5)}")
    tab.driver.back()
    tab.until("return document.querySelector('.panes').dataset.view === 'brief'")
    assert tab.run("return scrollY") == before
    assert tab.within("#P5")


def test_reload_keeps_the_state(tab: Tab, page: str) -> None:
    tab.open(page)
    tab.choose("holder", "Tomas Lind")
    tab.one("#P4 .statement").click()
    tab.driver.refresh()
    assert positions(tab) == ["P3", "P4", "P6"]
    assert tab.one("#P4").get_attribute("aria-current") == "true"


def test_reload_drops_a_filter_that_no_longer_exists(tab: Tab, page: str) -> None:
    tab.open(page)
    tab.choose("holder", "Tomas Lind")
    tab.files[-1].write_text(re.sub('(data-holders?)="2"', r'\1="9"', page), encoding="utf-8")
    tab.driver.refresh()
    assert len(positions(tab)) == 6
    assert tab.one("[name=holder] option:checked").text == "All holders"
