"""The script that makes the pictures of the docs."""

import runpy

from tests.conftest import ROOT


def test_it_has_the_page_of_the_recorded_brief_to_show() -> None:
    page = runpy.run_path(str(ROOT / "docs" / "pictures" / "make.py"))["page"]()
    assert "move the needle" in page
