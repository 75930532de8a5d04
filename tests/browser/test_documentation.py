"""The documentation site, opened from files."""

from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from ..built_site import build_site
from .conftest import Tab

pytestmark = pytest.mark.slow
SEARCH = "[...document.querySelectorAll('div')].map((element) => element.shadowRoot?.textContent ?? '')"


def test_search_finds_a_word_without_a_server(tab: Tab, tmp_path: Path) -> None:
    tab.driver.get((build_site(tmp_path) / "commands" / "brief.html").as_uri())
    tab.until("return document.readyState === 'complete'")
    tab.one("body").send_keys(Keys.CONTROL, "k")
    tab.until("return !!document.activeElement.shadowRoot")
    tab.press("BudgetExceeded")
    tab.until(f"return {SEARCH}.some((found) => found.includes('Keep what was made'))")
