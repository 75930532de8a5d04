"""The browser that is installed, and how it is started: by itself, without a window, and without a network."""

import os
import shutil

from selenium import webdriver

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def programs() -> tuple[str, str] | None:
    """The browser and its driver, where both are installed."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    driver = shutil.which("chromedriver")
    return (browser, driver) if browser and driver else None


def started(browser: str, driver: str) -> webdriver.Chrome:
    """A browser without a window; its console and its requests are logged."""
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for argument in ("--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"):
        options.add_argument(argument)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # which root cannot have
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    options.unhandled_prompt_behavior = "ignore"
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))


def look(driver: webdriver.Chrome, width: int, height: int, *, scheme: str = "light", media: str = "") -> None:
    """Look at pages in a window of this size, in this colour scheme and medium."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})
