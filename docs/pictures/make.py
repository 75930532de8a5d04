"""Render the pictures of the pages: ``python docs/pictures/make.py``.

They show the recorded brief of a seed article, and the dossier of a dispute by the built-in engine. The script needs
chromium and chromedriver, and the fonts Charis SIL and Inter
(Debian: fonts-sil-charis, fonts-inter).
"""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from vcr import VCR  # noqa: E402

from summarizer import Article, Dossier, OpenAIModel, Summarizer, summarize  # noqa: E402
from summarizer.render import dossier_to_html  # noqa: E402
from summarizer.testing import configure_vcr, vcr_config  # noqa: E402
from tests.browser.chromium import find_browser, set_window, start_browser  # noqa: E402

SEED = "ukraine-nato-offer"
DISPUTE = "school-phones"
SELECT_POSITION = """
const card = [...document.querySelectorAll(".card")].find((card) => card.textContent.includes("not been realistic"));
card.querySelector(".statement").click();
card.scrollIntoView({ block: "center" });
"""


def page() -> str:
    """Return the page of the recorded brief."""
    article = Article.from_file(ROOT / "seeds" / f"{SEED}.txt")
    article = article.model_copy(update={"source": f"seeds/{SEED}.txt"})
    cassette = configure_vcr(VCR(record_mode="none")).use_cassette(ROOT / "cassettes" / f"{SEED}.yaml", **vcr_config())
    model = OpenAIModel("recorded-model", api_key="recorded", base_url="http://recorded.invalid/v1")
    with cassette, Summarizer(model=model) as summarizer:
        return summarizer.summarize(article).to_html(article)


def dossier_page() -> str:
    """Return the page of a dossier."""
    articles = map(Article.from_file, sorted((ROOT / "seeds" / "disputes" / DISPUTE).glob("[0-9]*.md")))
    dossier = Dossier(summarize(article, model="builtin") for article in articles)
    return dossier_to_html(dossier, title="Phones and tablets in Bellmere’s schools")


def main() -> None:
    """Write the pictures beside this file: the page of a brief, light and dark, and the page of a dossier."""
    browser = find_browser()
    if not browser:
        raise SystemExit("No chromium with its chromedriver is installed.")
    driver = start_browser(*browser)
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "page.html"
            path.write_text(page(), encoding="utf-8")
            for scheme, height, script in (("light", 775, SELECT_POSITION), ("dark", 940, "")):
                set_window(driver, 1240, height, scheme=scheme)
                driver.get(path.as_uri())
                driver.execute_script(script)
                driver.save_screenshot(str(Path(__file__).with_name(f"page-{scheme}.png")))
            path.write_text(dossier_page(), encoding="utf-8")
            set_window(driver, 1240, 1100, scheme="light")
            driver.get(path.as_uri())
            driver.save_screenshot(str(Path(__file__).with_name("dossier.png")))
    finally:
        driver.quit()


if __name__ == "__main__":
    main()
