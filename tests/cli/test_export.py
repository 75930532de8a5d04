"""The command ``export``: stores and briefs, filters, messages."""

import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from summarizer import Store
from tests.cli.conftest import Run
from tests.export.conftest import BRIEFS


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "briefs.db"
    with Store(path) as opened:
        for brief, article in BRIEFS:
            opened.add(brief, article)
    return path


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


def test_a_store_is_written_to_a_file_by_its_ending(run: Run, store: Path, tmp_path: Path) -> None:
    result = run("export", store, "-o", tmp_path / "out.csv")
    assert (result.exit_code, result.output) == (0, "")
    assert len(read((tmp_path / "out.csv").read_text(encoding="utf-8"))) == 6


def test_without_output_a_text_goes_to_standard_output(run: Run, store: Path) -> None:
    result = run("export", store, "--format", "csv")
    assert (result.exit_code, result.stderr, len(read(result.stdout))) == (0, "", 6)


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        (["--since", "2026-02"], 3),
        (["--until", "2026-01-05"], 3),
        (["--source", "The Courier"], 6),
        (["--source", "The Gazette"], 0),
        (["--words", "weather"], 3),
        (["--holder", "reed"], 3),
        (["--issue", "school"], 1),
        (["--holder", "hill", "--holder", "board", "--until", "2026-01"], 2),
    ],
)
def test_options_select_statements(run: Run, store: Path, arguments: list[str], count: int) -> None:
    result = run("export", store, "-f", "csv", *arguments)
    assert (result.exit_code, len(read(result.stdout))) == (0, count), result.stderr


def test_briefs_are_matched_to_the_issues_of_a_codebook(run: Run, tmp_path: Path) -> None:
    brief, codebook = tmp_path / "brief.json", tmp_path / "codebook.yaml"
    brief.write_text(BRIEFS[0][0].model_dump_json(), encoding="utf-8")
    codebook.write_text("issues: [{id: toll, proposition: The toll should stay.}]", encoding="utf-8")
    result = run("export", brief, "-f", "csv", "--codebook", codebook)
    assert {row["issue_id"] for row in read(result.stdout)} == {"toll"}, result.stderr


def test_briefs_come_from_json_json_lines_and_folders(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "briefs"
    folder.mkdir()
    (one, _), (two, _) = BRIEFS
    (folder / "one.json").write_text(one.model_dump_json(indent=2), encoding="utf-8")
    lines = [json.dumps({"status": "done", "brief": json.loads(two.model_dump_json())}), '{"brief": null}', ""]
    (tmp_path / "two.jsonl").write_text("\n".join(lines), encoding="utf-8")
    result = run("export", folder, tmp_path / "two.jsonl", "-f", "csv")
    assert (result.exit_code, len(read(result.stdout))) == (0, 6), result.stderr
    result = run("export", folder, tmp_path / "two.jsonl", "-f", "csv", "--since", "2026-03")
    assert len(read(result.stdout)) == 3


def test_what_a_format_leaves_out_is_said(run: Run, store: Path, tmp_path: Path) -> None:
    result = run("export", store, "-o", tmp_path / "out.dna")
    assert result.exit_code == 0
    assert "2 of 6 statements (1 mixed, 1 without an issue)" in result.stderr
    with closing(sqlite3.connect(tmp_path / "out.dna")) as connection:
        assert connection.execute("SELECT count(*) FROM STATEMENTS").fetchone() == (4,)


@pytest.mark.parametrize(
    ("arguments", "nodes"),
    [([], 3), (["--network", "two-mode"], 4), (["--tie", "conflict"], 3), (["--organisations"], 1)],
)
def test_networks_have_options(run: Run, store: Path, arguments: list[str], nodes: int) -> None:
    result = run("export", store, "-f", "graphml", *arguments)
    assert (result.exit_code, result.stdout.count("<node ")) == (0, nodes), result.stderr


@pytest.mark.parametrize(("form", "name"), [("dna-csv", "x.csv"), ("csv", "x.dna.csv"), ("csv", "x.txt")])
def test_a_format_may_have_a_more_general_ending(run: Run, store: Path, tmp_path: Path, form: str, name: str) -> None:
    assert run("export", store, "-f", form, "-o", tmp_path / name).exit_code == 0


def test_notes_go_to_a_folder(run: Run, store: Path, tmp_path: Path) -> None:
    result = run("export", store, "-f", "markdown", "-o", tmp_path / "vault")
    assert (result.exit_code, len(list((tmp_path / "vault").rglob("*.md")))) == (0, 7)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["-o", "out.sav"], 2, "belongs to no export format"),
        (["-f", "sav"], 2, "“sav” is not one of"),
        (["-f", "markdown"], 2, "is a folder of notes"),
        (["--since", "soon"], 2, "“soon” is not a date"),
        (
            ["-f", "csv", "--since", "2026-06", "--until", "2026-01-15"],
            2,
            "The first date, 2026-06, is after the last one",
        ),
        ([], 2, "Set --format to one of csv"),
        (["-f", "csv", "--organisations"], 2, "has no options for networks"),
        (["-f", "csv", "-o", "x.gexf"], 2, "the ending .gexf stands for gexf, but the format is csv."),
        (["-f", "dna", "-o", "x.dna.csv"], 2, "stands for csv, but the format is dna."),
        (["-f", "markdown", "-o", "x.csv"], 2, "stands for csv, but the format is markdown."),
        (["-f", "gexff", "-o", "x"], 2, "Did you mean gexf?"),
        (["-f", "csv", "--holder", "Nobody"], 1, "The dossier has no actor “Nobody”"),
        (["-f", "csv", "--network", "two-mode"], 2, "has no options for networks"),
        (["-f", "dl", "--network", "two-mode", "--tie", "conflict"], 2, "Leave out --tie and --normalise."),
    ],
)
def test_wrong_options_are_explained(run: Run, store: Path, arguments: list[str], code: int, words: str) -> None:
    result = run("export", store, *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert words in " ".join(result.stderr.replace("│", " ").split())


def test_a_file_that_is_missing_or_no_brief_is_named(run: Run, tmp_path: Path) -> None:
    missing = run("export", tmp_path / "missing.db", "-f", "csv")
    assert (missing.exit_code, "There is no file" in missing.stderr) == (1, True)
    (tmp_path / "empty.db").touch()
    empty = run("export", tmp_path / "empty.db", "-f", "csv")
    assert (empty.exit_code, "empty.db is empty" in empty.stderr) == (1, True)
    assert (tmp_path / "empty.db").read_bytes() == b""
    (tmp_path / "new.json").write_text('{"schema_version": 99}', encoding="utf-8")
    new = run("export", tmp_path / "new.json", "-f", "csv")
    assert (new.exit_code, "Another version" in new.stderr, "new.json)" in new.stderr) == (1, True, True)
    (tmp_path / "text.txt").write_text("An article.", encoding="utf-8")
    other = run("export", tmp_path / "text.txt", "-f", "csv")
    assert (other.exit_code, "text.txt is not JSON" in other.stderr) == (1, True)


def test_a_source_is_not_overwritten(run: Run, store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(store.read_bytes())
    copy.chmod(0o444)
    result = run("export", copy, "-f", "csv", "-o", copy)
    assert (result.exit_code, "would be replaced" in result.stderr) == (1, True)
    assert copy.read_bytes() == store.read_bytes()


def test_a_store_and_briefs_do_not_mix(run: Run, store: Path, tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(BRIEFS[0][0].model_dump_json(), encoding="utf-8")
    result = run("export", store, tmp_path / "one.json", "-f", "csv")
    assert (result.exit_code, "one store, or briefs" in result.stderr) == (1, True)
