"""The option ``--issues`` and the command ``schema``."""

import json
from pathlib import Path

from summarizer import Brief
from tests.cli.conftest import Run

TEXT = "The toll row\n\nThe toll should rise, Anna Berg said. The ferry must stay, Tomas Lind said.\n"
CODEBOOK = """
issues:
- {id: toll, proposition: The toll should rise.}
- {id: ferry, proposition: The ferry should stay.}
"""


def test_command_takes_a_codebook(tmp_path: Path, run: Run) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "codebook.yaml").write_text(CODEBOOK, encoding="utf-8")
    arguments = [tmp_path / "a.txt", "--model", "builtin", "--issues", tmp_path / "codebook.yaml"]
    brief = Brief.from_json(run("brief", *arguments, "-f", "json").stdout)
    assert {each.id for each in brief.issues} >= {"toll", "ferry"}
    assert run("batch", *arguments, "--out", tmp_path / "out.jsonl").exit_code == 0
    assert '"issue":"ferry"' in (tmp_path / "out.jsonl").read_text(encoding="utf-8")
    assert run("estimate", *arguments).exit_code == 0


def test_command_reports_the_line_of_an_error_in_a_codebook(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "codebook.yaml"
    path.write_text("issues:\n- id: toll\n", encoding="utf-8")
    result = run("brief", "-", "--model", "builtin", "--issues", path, stdin=TEXT.encode())
    assert result.exit_code == 1
    assert "line 2: issues, entry 1, proposition: is missing." in " ".join(result.stderr.split())


def test_command_prints_both_schemas(run: Run) -> None:
    assert json.loads(run("schema").stdout)["title"] == json.loads(run("schema", "brief").stdout)["title"] == "Brief"
    assert json.loads(run("schema", "codebook").stdout)["title"] == "Codebook"
