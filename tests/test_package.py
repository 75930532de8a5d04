"""The package: import time and public names."""

import ast
import os
import re
import subprocess
import sys
from importlib import import_module
from importlib.util import resolve_name
from pathlib import Path

import pytest

import summarizer

ROOT = Path(__file__).parent.parent
HEAVY = {
    "asyncio",
    "httpx2",
    "jinja2",
    "openai",
    "pydantic",
    "regex",
    "rich",
    "sentencex",
    "tenacity",
    "tiktoken",
    "typer",
    "yaml",
}


def python(program: str, *arguments: str | Path, path: Path | None = None, cwd: Path | None = None) -> str:
    """Run a program in a new interpreter with ``path`` as PYTHONPATH, and return its output."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "SUMMARIZER_"))}
    environment["PYTHONPATH"] = str(path or ROOT)
    command = [sys.executable, "-c", program, *map(str, arguments)]
    done = subprocess.run(command, env=environment, cwd=cwd, capture_output=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.mark.parametrize("module", ["summarizer", "summarizer.errors", "summarizer.testing"])
def test_import_loads_no_heavy_dependency(module: str) -> None:
    program = f"import sys; before = set(sys.modules); import {module}; print(*set(sys.modules) - before)"
    loaded = {name.partition(".")[0] for name in python(program).split()}
    assert "summarizer" in loaded
    assert HEAVY.isdisjoint(loaded)


FOLDERS = [".".join(path.parent.relative_to(ROOT).parts) for path in sorted((ROOT / "summarizer").rglob("__init__.py"))]


@pytest.mark.parametrize("package", FOLDERS)
def test_package_has_each_name_that_it_exports(package: str) -> None:
    module = import_module(package)
    assert [name for name in getattr(module, "__all__", ()) if not hasattr(module, name)] == []


LAZY = ["summarizer", "summarizer.render", "summarizer.testing"]


@pytest.mark.parametrize("package", LAZY)
def test_lazy_package_lists_and_resolves_exactly_its_public_names(package: str) -> None:
    module = import_module(package)
    assert dir(module) == sorted(set(module.__all__))
    assert all(getattr(module, name) is not None for name in module.__all__)


@pytest.mark.parametrize("package", LAZY)
def test_lazy_table_and_type_checking_imports_of_a_package_agree(package: str) -> None:
    tree = ast.parse(Path(import_module(package).__file__ or "").read_text(encoding="utf-8"))
    (branch,) = [node for node in tree.body if isinstance(node, ast.If)]
    imported = {
        f"{node.module}.{alias.name}"
        for node in branch.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    (table,) = [node for node in ast.walk(branch) if isinstance(node, ast.Dict)]
    homes: dict[str, str] = ast.literal_eval(table)
    assert imported == {
        f"{resolve_name(home, package)}.{name}" for home, names in homes.items() for name in names.split()
    }


def test_documentation_lists_exactly_the_public_names() -> None:
    page = (ROOT / "docs" / "versions.md").read_text(encoding="utf-8")
    section = page.partition("## Names of `summarizer`\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[2] for line in section.splitlines() if line.startswith("|")]
    documented = re.findall(r"`(\w+)`", "".join(rows))
    assert sorted(documented) == sorted(summarizer.__all__)


@pytest.mark.parametrize("name", summarizer.__all__)
def test_public_name_resolves_and_has_a_docstring(name: str) -> None:
    assert getattr(summarizer, name).__doc__


@pytest.mark.slow
def test_star_import_works() -> None:
    assert python("from summarizer import *; print(summarize.__name__, Brief.__name__)") == "summarize Brief\n"


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'summarizer' has no attribute 'sumarize'"):
        summarizer.sumarize  # noqa: B018
