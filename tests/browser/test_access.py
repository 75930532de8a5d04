"""Accessibility: names, roles, headings, focus, contrast."""

import time
from itertools import pairwise
from typing import Any

import pytest

from summarizer.render import to_html

from ..render.pages import everywhere
from ..render.test_links import linked
from .conftest import NARROW, WIDE, Tab

pytestmark = pytest.mark.slow


def nodes(tab: Tab) -> list[tuple[str, str]]:
    """Return role and name of every node of the accessibility tree, which the browser may still be building."""
    tree: list[dict[str, Any]] = []
    deadline = time.monotonic() + 60
    while len(tree) <= 1 and time.monotonic() < deadline:
        tree = tab.call("Accessibility.getFullAXTree")["nodes"]
    visible = [node for node in tree if not node.get("ignored", False)]
    return [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in visible]


def test_controls_have_accessible_names(tab: Tab, page: str) -> None:
    tab.open(page)
    used = [node for node in nodes(tab) if node[0] in ("link", "button", "combobox", "region", "table", "search")]
    assert used
    assert [role for role, name in used if not name.strip()] == []


def test_links_to_the_source_have_names_and_enough_contrast(tab: Tab) -> None:
    for scheme in ("light", "dark"):
        tab.open(to_html(*linked()), scheme=scheme)
        tab.run("for (const fold of document.querySelectorAll('details')) fold.open = true")
        links = [name for role, name in nodes(tab) if role == "link" and name.startswith("open in source")]
        assert len(links) == len(tab.all(".origin"))
        assert "open in source: sentence 3" in links
        assert tab.run(CONTRAST)[1] == []


def test_page_has_landmarks_and_headings(tab: Tab, page: str) -> None:
    tab.open(page)
    found = nodes(tab)
    landmarks = {("main", "Brief"), ("region", "Article"), ("navigation", "Skip"), ("search", "Filter the positions")}
    assert landmarks <= set(found)
    headings = [name.capitalize() for role, name in found if role == "heading"]
    assert headings[:3] == ["Council splits over the old bridge", "Who stands where", "Positions"]


def test_heading_levels_have_no_gaps(tab: Tab, page: str) -> None:
    tab.open(page)
    levels = tab.run("return [...document.querySelectorAll('h1, h2, h3, h4')].map((h) => Number(h.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


FOCUSED = """
const [e, style] = [document.activeElement, getComputedStyle(document.activeElement)];
const box = e.getBoundingClientRect();
const seen = box.bottom > 0 && box.top < innerHeight && box.width > 0 && style.outlineStyle !== "none";
return [`${e.tagName} ${e.id} ${e.className}`, seen ? parseFloat(style.outlineWidth) : 0];
"""


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_focus_is_visible(tab: Tab, page: str, size: tuple[int, int]) -> None:
    tab.open(page, size=size)
    found = []
    for _ in range(60):
        tab.press("TAB")
        name, outlined = tab.run(FOCUSED)
        if name.startswith("BODY"):
            break
        found.append((name, outlined))
    assert len(found) > 30
    assert [name for name, outlined in found if outlined < 2] == []


def test_matrix_link_moves_the_focus_to_the_positions(tab: Tab, page: str) -> None:
    tab.open(page)
    tab.run("document.querySelector('td a').focus()")
    tab.press("ENTER")
    assert tab.run("return document.activeElement.id") == "positions"
    assert tab.one(".count[role=status]").text == "2 of 6"


def test_sentence_number_moves_the_focus_to_its_claim_and_back(tab: Tab, page: str) -> None:
    for size in (WIDE, NARROW):
        tab.open(page, size=size)
        tab.run("document.querySelector('.switch [data-view=article]').click()")
        tab.run("document.querySelector('.n[data-s=\"3\"]').focus()")
        tab.press("ENTER")
        assert tab.run("return document.activeElement.id") == "P1"
        assert tab.within("#P1")
        tab.press("TAB", "ENTER")  # the number of its sentence
        assert tab.within("#s3")
    assert tab.run("return document.activeElement.className") == "n"  # the only visible pane


def test_page_has_no_animations(tab: Tab, page: str) -> None:
    tab.open(page)
    moving = """
    return [...document.querySelectorAll("*")].map((e) => getComputedStyle(e)).filter((s) =>
      s.transitionDuration !== "0s" || s.animationName !== "none" || s.scrollBehavior !== "auto").length
    """
    assert tab.run(moving) == 0


def test_controls_are_large_enough_for_touch(tab: Tab, page: str) -> None:
    tab.open(page, size=NARROW)
    small = """
    return [...document.querySelectorAll("td a, .where a, .filters select, .switch button")]
      .map((e) => [e.className, e.getBoundingClientRect()])
      .filter(([, box]) => box.width && Math.min(box.width, box.height) < 24)
      .map(([name, box]) => `${name} ${box.width} ${box.height}`)
    """
    assert tab.run(small) == []


def test_matrix_cell_has_headers_and_an_accessible_name(tab: Tab, page: str) -> None:
    tab.open(page)
    found = nodes(tab)
    assert ("columnheader", "Anna Berg") in found
    assert ("link", "Anna Berg: agrees, mixed, 2 positions") in found


def test_selection_is_announced(tab: Tab, page: str) -> None:
    tab.open(page)
    tab.one("#P1 .statement").click()
    assert tab.run("return document.querySelector('#announcement[role=status]').textContent").startswith(
        "Sentence 3 of"
    )


CONTRAST = """
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const rgba = (colour) => {
  canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
  return canvas.getImageData(0, 0, 1, 1).data;
};
const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
  .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
  .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
const behind = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const colour = rgba(getComputedStyle(at).backgroundColor);
    if (colour[3] === 255) return colour;
  }
  return rgba(getComputedStyle(document.documentElement).backgroundColor);
};
const poor = new Set();
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
let seen = 0;
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || element.closest("script, style, .visually-hidden, option, .skip")) continue;
  if (!element.checkVisibility()) continue;
  seen += 1;
  const [a, b] = [light(rgba(getComputedStyle(element).color)), light(behind(element))].sort((x, y) => y - x);
  const ratio = (a + 0.05) / (b + 0.05);
  if (ratio < 4.5) poor.add(`${element.tagName}.${element.className} ${ratio.toFixed(2)}`);
}
return [seen, [...poor]];
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_text_has_enough_contrast(tab: Tab, page: str, scheme: str, size: tuple[int, int]) -> None:
    tab.open(page, scheme=scheme, size=size)
    for chosen in ("h1", "#P2", "#P6", "#gist"):
        tab.run("document.querySelector(arguments[0]).click()", chosen)
        seen, poor = tab.run(CONTRAST)
        assert seen > 20
        assert poor == []


@pytest.mark.parametrize("around", [("#fff", "#000"), ("#111", "#ddd"), ("#002b36", "#93a1a1")])
@pytest.mark.parametrize("words", ["some words", "x" * 300], ids=["words", "one-long-word"])
def test_notebook_view_inherits_colours_and_fits_its_column(tab: Tab, around: tuple[str, str], words: str) -> None:
    behind, ink = around
    view = everywhere(words)[0]._repr_html_()
    cell = f"<div style='width: 500px; overflow: auto'>{view}</div>"
    tab.open(f"<!DOCTYPE html><meta charset='utf-8'><body style='background: {behind}; color: {ink}'>{cell}")
    colours = "return [document.body, document.querySelector('b')].map((e) => getComputedStyle(e).color)"
    assert len(set(tab.run(colours))) == 1
    tab.run("for (const one of document.querySelectorAll('details')) one.open = true")
    assert tab.run("return document.querySelector('div').scrollWidth") == 500
