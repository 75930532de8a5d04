"""The examples of the guides to extending the library work: those of each page run in a separate process."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from summarizer._files import read_toml

pytestmark = pytest.mark.slow  # many examples run whole

ROOT = Path(__file__).parents[1]
PAGES = [*sorted((ROOT / "docs").glob("add-*.md")), ROOT / "docs" / "write-prompt.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_python_examples_of_the_page_run(page: Path, tmp_path: Path) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert blocks, f"{page.name} has no example."
    script = tmp_path / "example.py"
    script.write_text("\n".join(blocks), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr


def test_every_key_of_a_language_is_documented() -> None:
    page = (ROOT / "docs" / "language-words.md").read_text(encoding="utf-8")
    languages = ROOT / "summarizer" / "attribution" / "languages"
    keys = {
        key
        for code in ("de", "fr")
        for path in (languages / code).glob("*.toml")
        for key in read_toml(str(path), path.name)
    }
    assert len(keys) > 50
    assert keys <= set(re.findall(r"`(\w+)`", page))
