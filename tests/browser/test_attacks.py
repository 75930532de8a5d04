"""Hostile briefs in a browser: nothing runs, nothing is requested, no element changes."""

import json
from typing import Any

import pytest

from summarizer.render import to_html

from ..render.attacks import CONTROLS, KINDS
from ..render.pages import bridge, everywhere
from .conftest import Tab

pytestmark = pytest.mark.slow

STRUCTURE = """
return [...document.querySelectorAll("*")].map(
  (e) => [e.tagName, e.getAttributeNames().sort(), e.id, e.className, (e.href || "").split("#")[1]].join(" ")
).join("\\n")
"""
USED = """
for (const e of document.querySelectorAll("a[href^='#'], mark, button, .claim")) e.click();
return [window.ran, document.documentElement.className]
"""
ACTED = ("Page.javascriptDialogOpening", "Network.requestWillBeSent", "Page.frameRequestedNavigation")


@pytest.fixture(scope="module")
def quiet() -> dict[str, Any]:
    return {}


def side_effects(tab: Tab) -> list[str]:
    """Return dialogs and requests, except those for the pages."""
    entries = [entry for entry in tab.log("performance") if entry["method"] in ACTED]
    wanted = [entry["params"].get("request", {}).get("url", entry["method"]) for entry in entries]
    return [url for url in wanted if url.partition("#")[0] not in {file.as_uri() for file in tab.files}]


@pytest.mark.parametrize("kind", KINDS)
def test_attacks_have_no_effect_and_change_no_structure(tab: Tab, quiet: dict[str, Any], kind: str) -> None:
    if not quiet:
        tab.open(to_html(*everywhere("plain words")))
        quiet["structure"] = tab.run(STRUCTURE)
    tab.open(to_html(*everywhere(" ".join(KINDS[kind]))))
    assert tab.run(STRUCTURE) == quiet["structure"]
    assert tab.run(USED) == [None, "js"]  # the page's own script still works
    assert side_effects(tab) == []
    assert [entry["message"] for entry in tab.log("browser") if entry["level"] == "SEVERE"] == []


def test_invisible_characters_have_no_effect(tab: Tab) -> None:
    tab.open(to_html(*everywhere(" ".join(CONTROLS))))
    assert tab.run("return document.querySelectorAll('script, style').length") == 3  # one holds the stored brief
    assert tab.run(USED) == [None, "js"]
    assert side_effects(tab) == []


@pytest.mark.parametrize("source", KINDS["addresses"])
def test_source_that_is_not_a_web_address_has_no_link(tab: Tab, source: str) -> None:
    brief, article = bridge()
    info = brief.article.model_copy(update={"source": source})
    tab.open(to_html(brief.model_copy(update={"article": info}), article))
    assert tab.all(".byline a") == []
    tab.one(".byline").click()
    assert side_effects(tab) == []


@pytest.mark.parametrize("fragment", ["<script>window.ran=1</script>", "x' onclick='alert(1)", "%00", "s3,*", "s3\\"])
def test_hostile_fragment_has_no_effect(tab: Tab, fragment: str) -> None:
    tab.open(to_html(*bridge()), fragment=f"#{fragment}")
    tab.run(f"location.hash = {json.dumps(fragment)}")
    assert tab.run("return [window.ran, document.querySelectorAll('.card:not([hidden])').length]") == [None, 7]
    assert side_effects(tab) == []
    assert [entry["message"] for entry in tab.log("browser") if entry["level"] == "SEVERE"] == []
