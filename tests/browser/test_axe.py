"""axe-core finds no violation in the pages: the one of a brief, those of a dossier and of its site."""

import json
import os
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import pytest

from summarizer import Dossier
from summarizer.render import dossier_to_html, to_html, write_site

from ..built_site import build_site
from ..dossier.briefs import make_brief
from ..render.test_dossier_page import HELD
from ..render.test_overview import on_one_issue
from .conftest import NARROW, REQUIRED, WIDE, Tab

pytestmark = pytest.mark.slow

PACKAGE = "axe_playwright_python"  # it carries axe.min.js; the rest of it and Playwright are not used
RULES = "{'label-content-name-mismatch': {enabled: true}}"  # experimental, and off by default
MODES = [(WIDE, "light"), (NARROW, "light"), (WIDE, "dark"), (NARROW, "dark")]


@pytest.fixture(scope="session")
def axe() -> str:
    """Return the script of axe-core."""
    if not find_spec(PACKAGE):
        message = f"{PACKAGE} is not installed (pip install --no-deps axe-playwright-python)"
        (pytest.fail if os.environ.get(REQUIRED) else pytest.skip)(message)
    return (files(PACKAGE) / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def dossier() -> Dossier:
    briefs = [make_brief(date, held, site=f"Outlet {number}") for number, (date, held) in enumerate(HELD.items())]
    return Dossier(briefs)


def violations(tab: Tab, axe: str) -> list[str]:
    """Return the violations in the open page, folded parts included, as rule and first element."""
    tab.run("for (const fold of document.querySelectorAll('details')) fold.open = true")
    tab.call("Runtime.evaluate", expression=axe)  # the page's Content-Security-Policy holds for scripts in it only
    script = (
        f"axe.run({{rules: {RULES}}})"
        ".then((found) => JSON.stringify(found.violations.map((v) => [v.id, v.nodes[0].html])))"
    )
    found = tab.call("Runtime.evaluate", expression=script, awaitPromise=True)
    return [" ".join(each) for each in json.loads(found["result"]["value"])]


@pytest.mark.parametrize(("size", "scheme"), MODES)
def test_the_page_of_a_brief_has_no_violation(
    tab: Tab, axe: str, page: str, size: tuple[int, int], scheme: str
) -> None:
    tab.open(page, size=size, scheme=scheme)
    assert violations(tab, axe) == []


@pytest.mark.parametrize(("size", "scheme"), MODES)
def test_the_view_by_holder_and_a_correction_have_no_violation(
    tab: Tab, axe: str, size: tuple[int, int], scheme: str
) -> None:
    tab.open(to_html(*on_one_issue()), size=size, scheme=scheme)
    tab.run("document.querySelector('[data-arrange=holder]').click(); document.querySelector('.edit').click()")
    assert violations(tab, axe) == []


@pytest.mark.parametrize(("size", "scheme"), MODES)
def test_the_page_of_a_dossier_has_no_violation(
    tab: Tab, axe: str, dossier: Dossier, size: tuple[int, int], scheme: str
) -> None:
    tab.open(dossier_to_html(dossier, title="The toll"), size=size, scheme=scheme)
    assert violations(tab, axe) == []


def test_no_page_of_a_site_has_a_violation(tab: Tab, axe: str, dossier: Dossier, tmp_path: Path) -> None:
    write_site(dossier, tmp_path)
    pages = sorted(tmp_path.rglob("*.html"))
    assert len(pages) > 3
    tab.emulate(WIDE)
    found = {}
    for path in pages:
        tab.driver.get(path.as_uri())
        found[path.name] = violations(tab, axe)
    assert {name: each for name, each in found.items() if each} == {}


@pytest.fixture(scope="module")
def documentation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_site(tmp_path_factory.mktemp("documentation"))


@pytest.mark.parametrize("name", ["index.html", "page.html", "commands/brief.html", "api/index.html"])
def test_the_documentation_has_no_violation(tab: Tab, axe: str, documentation: Path, name: str) -> None:
    tab.driver.get((documentation / name).as_uri())
    tab.until("return document.readyState === 'complete' && !!document.querySelector('nav[aria-label]')")
    assert violations(tab, axe) == []
