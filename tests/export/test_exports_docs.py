"""docs/exports.md: its examples run, and its tables are complete."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from summarizer import Dossier, Store
from summarizer.export import EXPORT_FORMATS, TABLES
from tests.cli.conftest import run  # noqa: F401  # a fixture
from tests.export.conftest import BRIEFS

DOCS = (Path(__file__).parent.parent.parent / "docs" / "exports.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL)


def rows_of_table(heading: str) -> list[list[str]]:
    table = DOCS.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\|.*\|$", table, re.MULTILINE)
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_the_table_of_formats_is_complete() -> None:
    documented = {name: tuple(names(row[1])) for row in rows_of_table("Formats") for name in names(row[0])}
    assert documented == {name: entry.suffixes for name, entry in EXPORT_FORMATS.items()}


def test_the_table_of_columns_is_complete() -> None:
    assert [name for row in rows_of_table("Columns") for name in names(row[0])] == list(TABLES["statements"].columns)


@pytest.mark.slow
def test_the_first_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(EXAMPLES[0], "exports.md", "exec"), {})
    assert "DNA asks for a password" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "package", "name"), [(1, "pandas", "statements.parquet"), (2, "networkx", "network.graphml")]
)
def test_an_example_of_another_library_runs(
    dossier: Dossier,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    number: int,
    package: str,
    name: str,
) -> None:
    pytest.importorskip(package)
    monkeypatch.chdir(tmp_path)
    dossier.export(name)
    exec(compile(EXAMPLES[number], "exports.md", "exec"), {})
    assert "jane" in capsys.readouterr().out.casefold()


def test_a_format_of_your_own_is_one_entry(dossier: Dossier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EXPORT_FORMATS, "names", EXPORT_FORMATS["csv"])  # undone after the test
    exec(compile(EXAMPLES[-1], "exports.md", "exec"), {})
    dossier.export(tmp_path / "a.names")
    assert (tmp_path / "a.names").read_text(encoding="utf-8").splitlines() == ["Tom Reed", "Jane Hill", "Harbour Board"]


@pytest.mark.slow
def test_the_commands_run(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.chdir(tmp_path)
    with Store("briefs.db") as store:
        for brief, article in BRIEFS:
            store.add(brief, article)
    Path("one.json").write_text(BRIEFS[0][0].model_dump_json(), encoding="utf-8")
    Path("more.jsonl").write_text(BRIEFS[1][0].model_dump_json() + "\n", encoding="utf-8")
    for command in re.findall(r"^\$ summarizer (.*)$", DOCS, re.MULTILINE):
        assert run(*shlex.split(command)).exit_code == 0, command
    assert Path("vault/actors/Jane Hill.md").exists()
