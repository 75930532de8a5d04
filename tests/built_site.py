"""The built documentation site, for tests."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def build_site(folder: Path) -> Path:
    """Build the site in a copy, so that the checkout stays unchanged, and return its folder. Skip without zensical.

    The variable SUMMARIZER_SITE names the folder of a site that has just been built.
    """
    if built := os.environ.get("SUMMARIZER_SITE"):
        return Path(built)
    zensical = shutil.which("zensical")
    if zensical is None:
        pytest.skip("zensical is not installed: pip install --group docs")
    shutil.copytree(ROOT / "docs", folder / "docs")
    (folder / "summarizer").symlink_to(ROOT / "summarizer")
    shutil.copy(ROOT / "mkdocs.yml", folder)
    run = subprocess.run([zensical, "build", "--strict"], cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return folder / "site"
