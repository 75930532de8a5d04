"""Hostile briefs, opened: nothing runs, nothing is asked for, nothing is another element than it was."""

from typing import Any

import pytest

from summarizer.render import to_html

from ..render.attacks import KINDS
from ..render.pages import everywhere
from .conftest import Tab

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


def acted(tab: Tab) -> list[str]:
    """Dialogs and requests, but for those of the pages themselves."""
    entries = [entry for entry in tab.log("performance") if entry["method"] in ACTED]
    wanted = [entry["params"].get("request", {}).get("url", entry["method"]) for entry in entries]
    return [url for url in wanted if url.partition("#")[0] not in {file.as_uri() for file in tab.files}]


@pytest.mark.parametrize("kind", KINDS)
def test_no_dialog_no_request_no_changed_structure(tab: Tab, quiet: dict[str, Any], kind: str) -> None:
    if not quiet:
        tab.open(to_html(*everywhere("plain words")))
        quiet["structure"] = tab.run(STRUCTURE)
    tab.open(to_html(*everywhere(" ".join(KINDS[kind]))))
    assert tab.run(STRUCTURE) == quiet["structure"]
    assert tab.run(USED) == [None, "js"]  # and the page's own script still works
    assert acted(tab) == []
    assert [entry["message"] for entry in tab.log("browser") if entry["level"] == "SEVERE"] == []


@pytest.mark.parametrize(
    "markup",
    [
        "<script>window.ran = 1</script>",
        "<img src=x onerror='window.ran = 1'>",
        "<img src='http://127.0.0.1:9/x.png'>",
        "<iframe srcdoc='<script>parent.ran = 1</script>'></iframe>",
        "<a id=bad href='javascript:window.ran = 1'>here</a>",
        "<p id=styled style='position: fixed'>here</p>",
        "<form id=bad action='http://127.0.0.1:9/'><button id=bad>go</button></form>",
        "<base href='http://127.0.0.1:9/'>",
    ],
)
def test_even_markup_that_got_into_a_page_would_do_nothing(tab: Tab, markup: str) -> None:
    page = to_html(*everywhere("plain words"))
    tab.open(page.replace("</main>", f"{markup}</main>"))
    tab.run("for (const e of document.querySelectorAll('#bad')) e.click();")
    assert tab.run("return window.ran") is None
    assert tab.run("return document.baseURI").startswith("file:")
    for styled in tab.all("#styled"):
        assert styled.value_of_css_property("position") == "static"
    loaded = [entry["params"] for entry in tab.log("performance") if entry["method"] == "Network.responseReceived"]
    assert {entry["response"]["url"] for entry in loaded} <= {tab.files[-1].as_uri(), "about:srcdoc"}
