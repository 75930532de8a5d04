"""A browser, and pages opened in it as a reader opens them: as files."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from summarizer import Brief
from summarizer.render import to_html

from ..render.pages import bridge
from .chromium import look, programs, started

REQUIRED = "SUMMARIZER_BROWSER_REQUIRED"
WIDE, NARROW = (1600, 1000), (360, 780)
LIT = "return [...document.querySelectorAll('mark.on')].map((mark) => mark.textContent).join('')"
EXACT = "return [...document.querySelectorAll('mark .exact')].map((words) => words.textContent).join('')"


@dataclass
class Tab:
    """The one tab of a headless browser."""

    driver: webdriver.Chrome
    folder: Path
    files: list[Path] = field(default_factory=list)
    looked: dict[str, Any] = field(default_factory=dict)

    def open(self, page: str, *, fragment: str = "", size: tuple[int, int] = WIDE, **emulated: Any) -> None:
        """Open ``page`` from a file of its own; ``scheme``, ``media`` and ``script`` say how it is looked at."""
        self.look(size, **emulated)
        path = self.folder / f"page-{len(self.files)}.html"
        self.files.append(path)
        path.write_text(page, encoding="utf-8")
        self.driver.get(path.as_uri() + fragment)

    def look(self, size: tuple[int, int] = WIDE, **emulated: Any) -> None:
        """Look at pages in a window of this size, in this scheme, in this medium, with or without scripts."""
        wanted = {"scheme": "light", "media": "", "script": True, "size": size} | emulated
        if wanted == self.looked:
            return
        self.looked = wanted
        look(self.driver, *size, scheme=wanted["scheme"], media=wanted["media"])
        self.call("Emulation.setScriptExecutionDisabled", value=not wanted["script"])

    def call(self, command: str, **parameters: Any) -> Any:
        """A command of the browser's own protocol."""
        return self.driver.execute_cdp_cmd(command, parameters)

    def log(self, kind: str) -> list[dict[str, Any]]:
        """What was logged since the last time."""
        entries = self.driver.get_log(kind)
        return [json.loads(entry["message"])["message"] if kind == "performance" else entry for entry in entries]

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def until(self, script: str) -> None:
        """Wait until ``script`` gives something true: going back takes its time."""
        WebDriverWait(self.driver, 10).until(lambda _: self.run(script))

    def press(self, *keys: str) -> None:
        """Keys, one after the other, to whatever has the focus."""
        for key in keys:
            webdriver.ActionChains(self.driver).send_keys(getattr(Keys, key, key)).perform()

    def choose(self, name: str, option: str) -> None:
        """Choose an option of a filter by its words."""
        for found in self.all(f"select[name={name}] option"):
            if option in found.text:
                found.click()
                return
        raise AssertionError(f"no option {option}")

    def shown(self, selector: str) -> list[str]:
        """The ids of those that can be seen."""
        visible = (
            "return [...document.querySelectorAll(arguments[0])].filter((e) => e.checkVisibility()).map((e) => e.id)"
        )
        return list(self.run(visible, selector))

    def within(self, selector: str) -> bool:
        """Whether an element lies in what the window shows, not merely in the page."""
        return bool(
            self.run(
                "const b = document.querySelector(arguments[0]).getBoundingClientRect();"
                "return b.height > 0 && b.bottom > 0 && b.top < innerHeight && b.right > 0 && b.left < innerWidth;",
                selector,
            )
        )


def positions(tab: Tab) -> list[str]:
    """The positions that the filters leave."""
    return tab.shown(".group .card")


def sentence(brief: Brief, position: int, place: int = 0) -> int:
    """The number of a sentence that a position cites."""
    return brief.positions[position - 1].evidence[place].sentence


@pytest.fixture(scope="session")
def brief() -> Brief:
    return bridge()[0]


@pytest.fixture(scope="session")
def page() -> str:
    return to_html(*bridge())


@pytest.fixture(scope="session")
def driver() -> Iterator[webdriver.Chrome]:
    found = programs()
    if not found:
        _missing("no chromium with its chromedriver is installed (Debian: apt-get install chromium chromium-driver)")
    try:
        browser = started(*found)
    except WebDriverException as error:
        _missing(f"the browser does not start: {(error.msg or '').splitlines()[:1]}")
    yield browser
    browser.quit()


def _missing(reason: str) -> NoReturn:
    """Skip what needs a browser; where one is required, fail."""
    if os.environ.get(REQUIRED):
        pytest.fail(f"{REQUIRED} is set, and {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def window(driver: webdriver.Chrome, tmp_path_factory: pytest.TempPathFactory) -> Tab:
    return Tab(driver, tmp_path_factory.mktemp("pages"))


@pytest.fixture
def tab(window: Tab) -> Tab:
    """The tab, with nothing left in its logs."""
    window.log("browser")
    window.log("performance")
    return window
