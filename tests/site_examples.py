"""Outputs shown in pages of the documentation. ``python -m tests.site_examples`` writes them anew."""

import os
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from typer.testing import CliRunner

from summarizer.cli import app

DOCS = Path(__file__).parent.parent / "docs"
PAGES = (
    *("index.md", "first-brief.md", "api/index.md", "errors.md", "events.md", "schema.md"),
    *("decisions.md", "changes.md", "coming-from.md", "issues.md"),
)
_EXAMPLE = re.compile(r"^```python\n(?P<code>.*?)^```\n(?:\n```text\n(?P<output>.*?)^```\n)?", re.MULTILINE | re.DOTALL)
_ARTICLE = re.compile(r"<!-- article -->\n```text\n(.*?)```\n", re.DOTALL)
_BRIEF = re.compile(r"(?<=<!-- brief -->\n```text\n)(.*?)(?=```\n<!-- end -->)", re.DOTALL)


@dataclass(frozen=True)
class Output:
    """An output as a page shows it, its place there, and what the example prints."""

    start: int
    end: int
    shown: str
    made: str


def outputs(text: str, folder: Path) -> Iterator[Output]:
    """Run the examples of a page in a folder, and yield their outputs in the order of the page."""
    os.chdir(folder)
    if article := _ARTICLE.search(text):
        Path("ferry.txt").write_text(article[1], encoding="utf-8")
        result = CliRunner().invoke(app, ["brief", "ferry.txt", "--model", "builtin"], env={"COLUMNS": "80"})
        if brief := _BRIEF.search(text):
            lines = "\n".join(line.rstrip() for line in result.output.splitlines())
            yield Output(brief.start(), brief.end(), brief[1], lines.strip() + "\n")
    names: dict[str, Any] = {}
    for found in _EXAMPLE.finditer(text):
        printed = StringIO()
        with redirect_stdout(printed):
            exec(found["code"], names)
        if found["output"] is None:
            assert not printed.getvalue(), "the page does not show what the example prints"
        else:
            yield Output(*found.span("output"), found["output"], printed.getvalue())


def main() -> None:
    for page in PAGES:
        text = (DOCS / page).read_text(encoding="utf-8")
        with TemporaryDirectory() as folder:
            for output in reversed(list(outputs(text, Path(folder)))):
                text = text[: output.start] + output.made + text[output.end :]
            os.chdir(DOCS)
        (DOCS / page).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
