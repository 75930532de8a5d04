"""For those who do not see it, or not well: names, roles, headings, contrast."""

from typing import Any

import pytest

from summarizer.render import to_html

from ..render.pages import bridge, everywhere
from .conftest import NARROW, WIDE, Tab


@pytest.fixture(scope="module")
def page() -> str:
    return to_html(*bridge())


def nodes(tab: Tab) -> list[tuple[str, str]]:
    """Role and name of everything that a screen reader is told of."""
    tree: list[dict[str, Any]] = tab.call("Accessibility.getFullAXTree")["nodes"]
    told = [node for node in tree if not node.get("ignored", False)]
    return [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in told]


def test_whatever_can_be_used_has_a_name(tab: Tab, page: str) -> None:
    tab.open(page)
    used = [node for node in nodes(tab) if node[0] in ("link", "button", "combobox", "region", "table", "search")]
    assert used
    assert [role for role, name in used if not name.strip()] == []


def test_there_are_landmarks_and_headings_to_go_by(tab: Tab, page: str) -> None:
    tab.open(page)
    found = nodes(tab)
    landmarks = {("main", "Brief"), ("region", "Article"), ("navigation", "Skip"), ("search", "Filter the positions")}
    assert landmarks <= set(found)
    headings = [name.capitalize() for role, name in found if role == "heading"]
    assert headings[:3] == ["Council splits over the old bridge", "Who stands where", "Positions"]


def test_a_cell_of_the_matrix_is_read_out_in_words_under_its_headers(tab: Tab, page: str) -> None:
    tab.open(page)
    found = nodes(tab)
    assert ("columnheader", "Anna Berg") in found
    assert ("link", "Anna Berg: agrees, mixed, 2 positions") in found


def test_what_is_chosen_is_said(tab: Tab, page: str) -> None:
    tab.open(page)
    tab.one("#P1 .statement").click()
    assert tab.run("return document.querySelector('#said[role=status]').textContent").startswith("Sentence 3 of")


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
  if (!walker.currentNode.data.trim() || element.closest("script, style, .unseen, option, .skip")) continue;
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
def test_all_words_stand_out_from_what_is_behind_them(tab: Tab, page: str, scheme: str, size: tuple[int, int]) -> None:
    tab.open(page, scheme=scheme, size=size)
    for chosen in ("h1", "#P2", "#P6", "#gist"):
        tab.run("document.querySelector(arguments[0]).click()", chosen)
        seen, poor = tab.run(CONTRAST)
        assert seen > 20
        assert poor == []


@pytest.mark.parametrize("around", [("#fff", "#000"), ("#111", "#ddd"), ("#002b36", "#93a1a1")])
@pytest.mark.parametrize("words", ["some words", "x" * 300], ids=["words", "one-long-word"])
def test_in_a_notebook_it_takes_the_colours_around_it_and_stays_in_its_column(
    tab: Tab, around: tuple[str, str], words: str
) -> None:
    behind, ink = around
    view = everywhere(words)[0]._repr_html_()
    cell = f"<div style='width: 500px; overflow: auto'>{view}</div>"
    tab.open(f"<!DOCTYPE html><meta charset='utf-8'><body style='background: {behind}; color: {ink}'>{cell}")
    colours = "return [document.body, document.querySelector('b')].map((e) => getComputedStyle(e).color)"
    assert len(set(tab.run(colours))) == 1
    tab.run("for (const one of document.querySelectorAll('details')) one.open = true")
    assert tab.run("return document.querySelector('div').scrollWidth") == 500
