"""The script that renders the pictures of the documentation."""

import importlib.util
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

SCRIPT = Path(__file__).parent.parent.parent / "docs" / "pictures" / "make.py"


def test_pictures_show_the_recorded_brief_of_the_seed() -> None:
    spec = importlib.util.spec_from_file_location("make", SCRIPT)
    assert spec
    assert spec.loader
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    page = LexborHTMLParser(make.page())
    assert "NATO goal" in page.css_first("h1").text()
    assert [card for card in page.css(".card") if "not been realistic" in card.text()]  # the selected position
