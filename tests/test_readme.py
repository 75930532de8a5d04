"""The README: commands, outputs and links."""

import re
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from tests.readme import block, builtin_brief, recorded_positions

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
FOLDERS = ("benchmarks", "cassettes", "docs", "examples", "seeds")
CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def fenced(language: str) -> list[str]:
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return [text for name, text in blocks if name == language]


def test_readme_opens_with_the_two_commands_that_ci_runs() -> None:
    commands = [line.strip() for line in README.splitlines()[2:4]]
    assert commands == [
        "pip install . && summarizer brief seeds/ukraine-nato-offer.txt",
        "pip install '.[test]' && pytest",
    ]
    assert all(f"\n{command} || exit 1\n" in CI for command in commands)


def test_examples_print_the_shown_outputs() -> None:
    outputs = fenced("")
    examples = [code for code in fenced("python") if "print" in code][: len(outputs)]
    namespace: dict[str, Any] = {}
    for code, output in zip(examples, outputs, strict=True):
        printed = StringIO()
        with redirect_stdout(printed):
            exec(code, namespace)
        assert printed.getvalue() == output


def test_readme_has_at_most_1500_words() -> None:
    assert len(README.split()) <= 1_500


@pytest.mark.parametrize(("name", "made"), [("brief", builtin_brief), ("model", recorded_positions)])
def test_shown_briefs_are_current(name: str, made: Callable[[], str]) -> None:
    assert block(README, name).group(2) == made(), "python -m tests.readme writes them anew"


DOCUMENTS = [*ROOT.glob("*.md"), *(path for name in FOLDERS for path in (ROOT / name).rglob("*.md"))]


@pytest.mark.parametrize("path", sorted(DOCUMENTS), ids=lambda path: str(path.relative_to(ROOT)))
def test_relative_links_lead_to_files(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", sorted(DOCUMENTS), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_to_sections_lead_to_headings(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)", path.read_text(encoding="utf-8"))
    targets = [(path.parent / file if file else path, anchor) for file, anchor in links if "." not in anchor]
    assert [(target.name, anchor) for target, anchor in targets if anchor not in anchors(target)] == []


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_pages_that_the_code_names_exist() -> None:
    paths = [path for name in ("summarizer", "benchmarks", "tests") for path in (ROOT / name).rglob("*.*")]
    texts = {path: path.read_bytes() for path in paths if path.suffix in {".py", ".toml", ".sql", ".yaml"}}
    named = {(path.name, page) for path, text in texts.items() for page in re.findall(rb"docs/([\w-]+\.md)", text)}
    assert len(named) > 10
    missing = {(name, page.decode()) for name, page in named if not (ROOT / "docs" / page.decode()).exists()}
    assert missing == {("context.py", "api.md")}, "only this page is Ollama's"
