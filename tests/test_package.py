"""The package: import time, public names, and the contents of wheel and sdist."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from email import message_from_bytes, policy
from email.message import Message
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
}
KEPT_OUT = shutil.ignore_patterns(".[!g]*", ".git", "__pycache__", "build", "dist", "*.egg-info")  # but for .gitignore
DATA = {
    "summarizer/py.typed",
    "summarizer/prompts/extract.md",
    "summarizer/prompts/repair.md",
    "summarizer/prompts/extract.schema.json",
    "summarizer/engines/llm/o200k_base.tiktoken",
    "summarizer/attribution/cues.toml",
    "summarizer/attribution/names.toml",
    "summarizer/render/templates/brief.md.j2",
    "summarizer/render/templates/notebook.css",
    "summarizer/render/templates/notebook.html.j2",
    "summarizer/render/templates/page.css",
    "summarizer/render/templates/page.html.j2",
    "summarizer/render/templates/page.js",
}


def python(program: str, *arguments: str | Path, path: Path | None = None, cwd: Path | None = None) -> str:
    """Run a program in a new interpreter with ``path`` as PYTHONPATH, and return its output."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "SUMMARIZER_"))}
    environment["PYTHONPATH"] = str(path or ROOT)
    command = [sys.executable, "-c", program, *map(str, arguments)]
    done = subprocess.run(command, env=environment, cwd=cwd, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


# Importing


@pytest.mark.parametrize(
    "module", ["summarizer", "summarizer.errors", "summarizer.models", "summarizer.testing", "summarizer.models.fake"]
)
def test_import_loads_no_heavy_dependency(module: str) -> None:
    program = f"import sys; before = set(sys.modules); import {module}; print(*set(sys.modules) - before)"
    loaded = {name.partition(".")[0] for name in python(program).split()}
    assert "summarizer" in loaded
    assert HEAVY.isdisjoint(loaded)


LAZY = ["summarizer", "summarizer.models", "summarizer.render", "summarizer.testing"]


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
    homes: dict[str, list[str]] = ast.literal_eval(table)
    assert imported == {f"{resolve_name(home, package)}.{name}" for home, names in homes.items() for name in names}


def test_documentation_lists_exactly_the_public_names() -> None:
    page = (ROOT / "docs" / "versions.md").read_text(encoding="utf-8")
    section = page.partition("## Names of `summarizer`\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[2] for line in section.splitlines() if line.startswith("|")]
    documented = re.findall(r"`(\w+)`", "".join(rows))
    assert sorted(documented) == sorted(summarizer.__all__)


@pytest.mark.parametrize("name", summarizer.__all__)
def test_public_name_resolves_and_has_a_docstring(name: str) -> None:
    assert getattr(summarizer, name).__doc__


def test_star_import_works() -> None:
    assert python("from summarizer import *; print(summarize.__name__, Brief.__name__)") == "summarize Brief\n"


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'summarizer' has no attribute 'sumarize'"):
        summarizer.sumarize  # noqa: B018


# Building


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an sdist, a wheel built from it, and in ``direct`` a wheel built from the tree."""
    source = tmp_path_factory.mktemp("source") / "project"  # a copy: building leaves nothing in the checkout
    shutil.copytree(ROOT, source, ignore=KEPT_OUT)
    folder = tmp_path_factory.mktemp("built")
    builds = [
        subprocess.Popen(
            [sys.executable, "-m", "build", "--no-isolation", *options, str(source)],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for options in (["--outdir", str(folder)], ["--wheel", "--outdir", str(folder / "direct")])
    ]
    for build in builds:
        output, _ = build.communicate(timeout=120)
        assert build.returncode == 0, output.decode()
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (only,) = built.glob("*.whl")
    return only


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def files(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return sorted(archive.namelist())


def test_wheel_contains_the_data_files(wheel: Path) -> None:
    assert set(files(wheel)) >= DATA


def test_wheel_contains_exactly_the_package(wheel: Path) -> None:
    packed = {name for name in files(wheel) if ".dist-info/" not in name}
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "summarizer").rglob("*.py")}
    assert {name for name in packed if name.endswith(".py")} == modules
    assert {name.split("/")[0] for name in packed} == {"summarizer"}


def test_wheel_contains_license_and_entry_points(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (entry_points,) = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        points = archive.read(entry_points).decode()
        assert "summarizer = summarizer.cli:main" in points
        assert "[pytest11]\nsummarizer = summarizer.testing.plugin" in points
        assert any(name.endswith("licenses/LICENSE") for name in archive.namelist())


def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return message_from_bytes(archive.read(name), policy=policy.default)


def test_distribution_is_called_articlebrief(wheel: Path) -> None:
    assert metadata(wheel)["Name"] == "articlebrief"
    assert wheel.name.startswith(f"articlebrief-{summarizer.__version__}-")


def test_extras_are_those_of_users_and_of_the_test_command(wheel: Path) -> None:
    assert set(metadata(wheel).get_all("Provides-Extra", [])) == {"all", "test", "testing"}


def test_readme_on_the_package_index_has_absolute_links_only(wheel: Path) -> None:
    links = re.findall(r"\]\(([^)]+)\)", metadata(wheel).get_payload())
    assert links
    assert [link for link in links if not link.startswith("https://")] == []


def test_citation_names_the_current_version() -> None:
    assert f"version: {summarizer.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_sdist_contains_sources_and_tests(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    data = {name.replace("summarizer/prompts/", "prompts/") for name in DATA}
    assert names >= data | {
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "tests/test_package.py",
        "seeds/README.md",
        "examples/newsdesk/pyproject.toml",
    }


def test_wheel_from_sdist_equals_wheel_from_tree(built: Path, wheel: Path) -> None:
    (direct,) = (built / "direct").glob("*.whl")
    assert files(wheel) == files(direct)


ELSEWHERE = """
import json, sys
checkout = sys.argv[1]
sys.path[:] = [entry for entry in sys.path if entry not in (checkout, "")]
import summarizer
from summarizer.engines import count_tokens
from summarizer.engines import load_prompts
brief = summarizer.summarize("“The bridge must go,” said Ms Anna Berg, the town’s chief engineer.", model="builtin")
files = [getattr(module, "__file__", None) or "" for module in sys.modules.values()]
print(json.dumps({
    "file": summarizer.__file__,
    "holders": [holder.name for holder in brief.holders],
    "markdown": brief.to_markdown().splitlines()[0],
    "prompts": sorted(load_prompts()),
    "tokens": count_tokens("The bridge must go."),
    "checkout": [file for file in files if file.startswith(checkout + "/")],
}))
"""


def test_unpacked_wheel_makes_a_brief_outside_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    told = json.loads(python(ELSEWHERE, ROOT, path=unpacked, cwd=tmp_path))
    assert told == {
        "file": str(unpacked / "summarizer" / "__init__.py"),
        "holders": ["Anna Berg"],
        "markdown": "# An untitled article",
        "prompts": ["context", "extract", "gist", "group", "repair"],
        "tokens": 5,
        "checkout": [],
    }


def test_command_of_the_unpacked_wheel_works(unpacked: Path, tmp_path: Path) -> None:
    program = "import sys; sys.argv[0] = 'summarizer'; from summarizer.cli import main; main()"
    assert python(program, "--version", path=unpacked, cwd=tmp_path) == f"summarizer {summarizer.__version__}\n"
