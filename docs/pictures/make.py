"""The pictures of the page, made anew: ``python docs/pictures/make.py``.

Needs chromium and its chromedriver, as the browser tests do. What is shown is the recorded brief of the given
article. Fonts are the machine's own: Charis SIL and Inter, where they are installed, look as the pictures do.
"""

import shutil
import sys
from pathlib import Path

from selenium import webdriver

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from summarizer import Article, OpenAIModel, Summarizer  # noqa: E402
from tests.recording import recorder  # noqa: E402

SEED = "ukraine-nato-offer"
SIZE = (1280, 800)
CHOSEN = """
const said = arguments[0];
const card = [...document.querySelectorAll(".card")].find((card) => card.textContent.includes(said));
card.querySelector(".statement").click();
"""


def page() -> str:
    """The page of the recorded brief."""
    article = Article.from_file(ROOT / "seeds" / f"{SEED}.txt")
    article = article.model_copy(update={"source": f"seeds/{SEED}.txt"})
    model = OpenAIModel("recorded-model", base_url="http://recorded.invalid/v1")
    cassette = ROOT / "cassettes" / f"{SEED}.yaml"
    with recorder("none").use_cassette(str(cassette)), Summarizer(model=model) as summarizer:
        return summarizer.summarize(article).to_html(article)


def main() -> None:
    """Write ``page-light.png`` and ``page-dark.png`` beside this file."""
    path = Path(__file__).with_name("page.html")
    path.write_text(page(), encoding="utf-8")
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or "chromium"
    for argument in ("--headless=new", "--no-sandbox", "--hide-scrollbars"):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    try:
        for scheme, scroll in (("light", None), ("dark", "does not move the needle")):
            width, height = SIZE
            size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
            feature = {"name": "prefers-color-scheme", "value": scheme}
            driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": [feature]})
            driver.get(path.as_uri())
            if scroll:
                driver.execute_script(CHOSEN, scroll)
                driver.execute_script("document.querySelector('.card.on').scrollIntoView({ block: 'center' })")
            driver.save_screenshot(str(path.with_name(f"page-{scheme}.png")))
    finally:
        driver.quit()
        path.unlink()


if __name__ == "__main__":
    main()
