"""The registry of formats: names, endings, filters, and files that are replaced as a whole."""

import gc
import io
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from summarizer import Dossier, Store
from summarizer.errors import ConfigurationError, StoreError
from summarizer.export import EXPORT_FORMATS, ExportFormat, NetworkOptions, export_dossier, export_format_for
from summarizer.store import Database
from tests.export.conftest import SCHOOL

SALTED, STAMPED = {"dna"}, {"parquet", "xlsx"}
FILES = [name for name, entry in EXPORT_FORMATS.items() if entry.write and name not in SALTED | STAMPED]


@pytest.mark.parametrize(
    ("name", "format_name"),
    [("a.csv", "csv"), ("A.CSV", "csv"), ("a.dna.csv", "dna-csv"), ("a.dna", "dna"), ("a.ndjson", "jsonl")],
)
def test_the_ending_of_a_file_names_the_format(name: str, format_name: str) -> None:
    assert export_format_for(Path(name)) == format_name


@pytest.mark.parametrize("name", ["a.txt", "a", "folder", "csv"])
def test_an_unknown_ending_is_an_error(dossier: Dossier, tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match=r"belongs to no export format. Use one of \.csv, "):
        dossier.export(tmp_path / name)
    assert not (tmp_path / name).exists()


def test_an_unknown_format_is_an_error(dossier: Dossier, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"There is no export format “sav”\. Use one of csv, "):
        dossier.export(tmp_path / "a.csv", "sav")


def test_endings_belong_to_one_format() -> None:
    endings = [ending for entry in EXPORT_FORMATS.values() for ending in entry.suffixes]
    assert len(set(endings)) == len(endings)


@pytest.mark.parametrize("name", FILES)
def test_the_same_dossier_gives_the_same_file(dossier: Dossier, tmp_path: Path, name: str) -> None:
    dossier.export(tmp_path / "one", name)
    dossier.export(tmp_path / "two", name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes() != b""


def test_holders_and_issues_select_statements(dossier: Dossier, tmp_path: Path) -> None:
    count = {
        words: dossier.export(tmp_path / "a.csv", holders=[words]).statements
        for words in ("tom-reed", "Tom Reed", "reed", "board")
    }
    assert count == {"tom-reed": 3, "Tom Reed": 3, "reed": 3, "board": 1}
    assert dossier.export(tmp_path / "a.csv", issues=[SCHOOL]).statements == 1
    assert dossier.export(tmp_path / "a.csv", holders=["reed", "hill"], issues=["toll"]).statements == 3


@pytest.mark.parametrize("given", [{"holders": ["Nobody"]}, {"issues": ["taxes"]}, {"holders": [""]}])
def test_an_unknown_actor_or_issue_is_an_error(dossier: Dossier, tmp_path: Path, given: dict[str, list[str]]) -> None:
    with pytest.raises(ConfigurationError, match="The dossier has no"):
        dossier.export(tmp_path / "a.csv", **given)


def test_a_misspelt_name_is_answered_with_names_like_it(dossier: Dossier, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no actor “Jane Hil”\. Names like it: Jane Hill\."):
        dossier.export(tmp_path / "a.csv", holders=["Jane Hil"])


def test_an_error_leaves_the_earlier_file(dossier: Dossier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_selection: object, file: io.BufferedWriter, _network: object) -> None:
        file.write(b"half")
        raise RuntimeError

    monkeypatch.setitem(EXPORT_FORMATS, "half", ExportFormat(fail, suffixes=(".half",)))
    (tmp_path / "a.half").write_text("whole", encoding="utf-8")
    with pytest.raises(RuntimeError):
        dossier.export(tmp_path / "a.half")
    assert (tmp_path / "a.half").read_text(encoding="utf-8") == "whole"
    assert list(tmp_path.glob("*.tmp")) == []


def test_the_store_itself_is_not_overwritten(dossier: Dossier, store: Store) -> None:
    with pytest.raises(ConfigurationError, match="is the store itself"):
        dossier.export(store.path, "csv")


def test_places_that_cannot_be_written_are_named(dossier: Dossier, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no directory"):
        dossier.export(tmp_path / "missing" / "a.csv")
    with pytest.raises(ConfigurationError, match="is a directory"):
        dossier.export(tmp_path, "csv")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="file cannot be written"):
        dossier.export(tmp_path / "file", "markdown")


def test_an_open_file_can_be_the_target(dossier: Dossier) -> None:
    file = io.BytesIO()
    export_dossier(dossier, file, "csv")
    assert file.getvalue().startswith(b"statement_id,")
    with pytest.raises(ConfigurationError, match="needs a format"):
        export_dossier(dossier, file)
    with pytest.raises(ConfigurationError, match="is a folder of files"):
        export_dossier(dossier, file, "markdown")


def test_options_of_networks_are_no_options_of_tables(dossier: Dossier, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="The format csv has no options for networks"):
        dossier.export(tmp_path / "a.csv", network=NetworkOptions(mode="two-mode"))


def test_a_store_that_changes_meanwhile_is_named(own_dossier: Dossier, tmp_path: Path) -> None:
    assert own_dossier.statements
    with own_dossier.store.database.transaction() as connection:
        connection.execute("DELETE FROM briefs")
    for name in ("a.csv", "a.dna"):
        with pytest.raises(StoreError, match=r"changed while its dossier was read\. Start again"):
            own_dossier.export(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_texts_are_read_in_parts(dossier: Dossier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    query = Database.query

    def watch(self: Database, sql: str, *values: object) -> list[sqlite3.Row]:
        rows = query(self, sql, *values)
        sizes.extend([len(rows)] if "statement" in sql else [])
        return rows

    monkeypatch.setattr("summarizer.export.tables.AT_ONCE", 2)
    monkeypatch.setattr(Database, "query", watch)
    for name in FILES:
        dossier.export(tmp_path / "out", name)
    assert sizes
    assert max(sizes) <= 2


@pytest.mark.parametrize("given", [{"mode": "three-mode"}, {"tie": "love"}, {"normalise": "max"}])
def test_unknown_options_of_networks_are_errors(given: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="A network of an export has no"):
        NetworkOptions(**given)


def test_the_mode_of_a_network_can_be_named_alone(dossier: Dossier, tmp_path: Path) -> None:
    dossier.export(tmp_path / "one.gexf", network="two-mode")
    dossier.export(tmp_path / "two.gexf", network=NetworkOptions("two-mode"))
    assert (tmp_path / "one.gexf").read_bytes() == (tmp_path / "two.gexf").read_bytes()


def test_a_workbook_leaves_no_other_errors_behind_when_a_pipe_closes(
    dossier: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    class ClosedPipe(io.BytesIO):
        def write(self, _: object) -> int:
            raise BrokenPipeError

    ignored: list[object] = []
    monkeypatch.setattr("sys.unraisablehook", ignored.append)
    with pytest.raises((BrokenPipeError, ConfigurationError)):
        export_dossier(dossier, ClosedPipe(), "xlsx")
    gc.collect()
    assert not ignored
