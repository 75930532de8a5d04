"""The contents of wheel and sdist, and the wheel outside the checkout."""

import json
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from email import message_from_bytes, policy
from email.message import Message
from pathlib import Path

import pytest

import summarizer
from tests.test_package import python

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
EXCLUDED = shutil.ignore_patterns(".[!g]*", ".git", "__pycache__", "build", "dist", "*.egg-info")  # keeps .gitignore
DATA = {
    "summarizer/py.typed",
    "summarizer/demo/articles/001.md",
    "summarizer/demo/replies.yaml",
    "summarizer/prompts/extract.md",
    "summarizer/prompts/repair.md",
    "summarizer/prompts/extract.schema.json",
    "summarizer/engines/llm/o200k_base.tiktoken",
    "summarizer/attribution/languages/en/cues.toml",
    "summarizer/attribution/languages/en/names.toml",
    "summarizer/attribution/languages/de/cues.toml",
    "summarizer/attribution/languages/fr/cues.toml",
    "summarizer/export/dna.sql",
    "summarizer/render/templates/brief.md.j2",
    "summarizer/render/templates/notebook.css",
    "summarizer/render/templates/notebook.html.j2",
    "summarizer/render/templates/base.css",
    "summarizer/render/templates/page.css",
    "summarizer/render/templates/page.html.j2",
    "summarizer/render/templates/page/start.js",
    "summarizer/render/templates/report.css",
    "summarizer/render/templates/report.html.j2",
    "summarizer/render/templates/report.md.j2",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an sdist, a wheel built from it, and in ``direct`` a wheel built from the tree."""
    source = tmp_path_factory.mktemp("source") / "project"  # a copy: building leaves nothing in the checkout
    shutil.copytree(ROOT, source, ignore=EXCLUDED)
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
        output, _ = build.communicate(timeout=600)
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
        assert "pytest11" not in points
        assert any(name.endswith("licenses/LICENSE") for name in archive.namelist())


def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return message_from_bytes(archive.read(name), policy=policy.default)


def test_distribution_is_called_articlebrief(wheel: Path) -> None:
    assert metadata(wheel)["Name"] == "articlebrief"
    assert wheel.name.startswith(f"articlebrief-{summarizer.__version__}-")


def test_extras_are_those_of_users_and_of_the_test_command(wheel: Path) -> None:
    engines = {"dask", "daft", "postgres", "ray"}
    users = {"all", "docx", "networks", "parquet", "pdf", "testing", "web", "xlsx"} | engines
    assert set(metadata(wheel).get_all("Provides-Extra", [])) == {*users, "test"}


def test_readme_on_the_package_index_has_no_link_into_the_repository(wheel: Path) -> None:
    text = metadata(wheel).get_payload()
    assert "A dossier links actors and issues" in text
    assert [link for link in re.findall(r"\]\(([^)]+)\)", text) if not link.startswith("https://")] == []


def test_citation_names_the_current_version() -> None:
    assert f"version: {summarizer.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_sdist_contains_sources_and_tests(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    data = {name.replace("summarizer/prompts/", "prompts/") for name in DATA if "/demo/" not in name}
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


PROGRAM = """
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
    result = json.loads(python(PROGRAM, ROOT, path=unpacked, cwd=tmp_path))
    assert result == {
        "file": str(unpacked / "summarizer" / "__init__.py"),
        "holders": ["Anna Berg"],
        "markdown": "# Brief",
        "prompts": [
            *("codebook", "context", "context-small", "extract", "extract-small"),
            *("gist", "group", "repair", "support"),
        ],
        "tokens": 5,
        "checkout": [],
    }


def test_command_of_the_unpacked_wheel_works(unpacked: Path, tmp_path: Path) -> None:
    program = "import sys; sys.argv[0] = 'summarizer'; from summarizer.cli import main; main()"
    assert python(program, "--version", path=unpacked, cwd=tmp_path) == f"summarizer {summarizer.__version__}\n"
