"""A browser that opens pages from files."""

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
from ..timing import HOLD
from .chromium import find_browser, set_window, start_browser

REQUIRED = "SUMMARIZER_BROWSER_REQUIRED"
WIDE, NARROW = (1600, 1000), (360, 780)
HIGHLIGHTED = "return [...document.querySelectorAll('mark.on')].map((mark) => mark.textContent).join('')"
EXACT = "return [...document.querySelectorAll('mark .exact')].map((words) => words.textContent).join('')"


@dataclass
class Tab:
    """The one tab of a headless browser."""

    driver: webdriver.Chrome
    folder: Path
    files: list[Path] = field(default_factory=list)
    emulated: dict[str, Any] = field(default_factory=dict)

    def open(self, page: str, *, fragment: str = "", size: tuple[int, int] = WIDE, **emulated: Any) -> None:
        """Write ``page`` to a new file and open it; see `emulate` for the other arguments."""
        self.emulate(size, **emulated)
        path = self.folder / f"page-{len(self.files)}.html"
        self.files.append(path)
        path.write_text(page, encoding="utf-8")
        self.driver.get(path.as_uri() + fragment)
        loaded = "return document.readyState === 'complete' && location.pathname.endsWith(arguments[0])"
        WebDriverWait(self.driver, HOLD).until(lambda _: self.run(loaded, path.name))  # `get` can return before it

    def emulate(self, size: tuple[int, int] = WIDE, **emulated: Any) -> None:
        """Set window size, ``scheme``, ``media``, and with ``script`` whether scripts run."""
        wanted = {"scheme": "light", "media": "", "script": True, "size": size} | emulated
        if wanted == self.emulated:
            return
        self.emulated = wanted
        set_window(self.driver, *size, scheme=wanted["scheme"], media=wanted["media"])
        self.call("Emulation.setScriptExecutionDisabled", value=not wanted["script"])

    def call(self, command: str, **parameters: Any) -> Any:
        """Send a command of the DevTools protocol."""
        return self.driver.execute_cdp_cmd(command, parameters)

    def log(self, kind: str) -> list[dict[str, Any]]:
        """Return the new log entries."""
        entries = self.driver.get_log(kind)
        return [json.loads(entry["message"])["message"] if kind == "performance" else entry for entry in entries]

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def until(self, script: str) -> None:
        """Wait until ``script`` returns a true value, for example after going back."""
        WebDriverWait(self.driver, HOLD).until(lambda _: self.run(script))

    def press(self, *keys: str) -> None:
        """Send keys to the focused element."""
        for key in keys:
            webdriver.ActionChains(self.driver).send_keys(getattr(Keys, key, key)).perform()

    def choose(self, name: str, option: str) -> None:
        """Choose an option of a filter by its text."""
        for found in self.all(f"select[name={name}] option"):
            if option in found.text:
                found.click()
                return
        raise AssertionError(f"no option {option}")

    def shown(self, selector: str) -> list[str]:
        """Return the ids of the visible elements."""
        visible = (
            "return [...document.querySelectorAll(arguments[0])].filter((e) => e.checkVisibility()).map((e) => e.id)"
        )
        return list(self.run(visible, selector))

    def within(self, selector: str) -> bool:
        """Return whether an element is in the viewport."""
        return bool(
            self.run(
                "const b = document.querySelector(arguments[0]).getBoundingClientRect();"
                "return b.height > 0 && b.bottom > 0 && b.top < innerHeight && b.right > 0 && b.left < innerWidth;",
                selector,
            )
        )


def positions(tab: Tab) -> list[str]:
    """Return the ids of the visible positions."""
    return tab.shown(".group .card")


def sentence(brief: Brief, position: int, place: int = 0) -> int:
    """Return the number of a sentence that a position cites."""
    return brief.positions[position - 1].evidence[place].sentence


@pytest.fixture(scope="session")
def brief() -> Brief:
    return bridge()[0]


@pytest.fixture(scope="session")
def page() -> str:
    return to_html(*bridge())


@pytest.fixture(scope="session")
def driver() -> Iterator[webdriver.Chrome]:
    found = find_browser()
    if not found:
        _missing("no chromium with its chromedriver is installed (Debian: apt-get install chromium chromium-driver)")
    try:
        browser = start_browser(*found)
    except WebDriverException as error:
        _missing(f"the browser does not start: {(error.msg or '').splitlines()[:1]}")
    yield browser
    browser.quit()


def _missing(reason: str) -> NoReturn:
    """Skip the test, or fail if the environment requires a browser."""
    if os.environ.get(REQUIRED):
        pytest.fail(f"{REQUIRED} is set, and {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def window(driver: webdriver.Chrome, tmp_path_factory: pytest.TempPathFactory) -> Tab:
    return Tab(driver, tmp_path_factory.mktemp("pages"))


@pytest.fixture
def tab(window: Tab) -> Tab:
    """Return the tab, with empty logs."""
    window.log("browser")
    window.log("performance")
    return window
