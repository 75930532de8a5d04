"""CSV, JSON Lines, Parquet and workbooks, each read back by the library that others read it with."""

import csv
import io
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Dossier, Store
from summarizer.errors import MissingExtra
from summarizer.export import TABLES, tabular
from summarizer.export.cells import clean_text, escape_formula
from summarizer.export.tables import article_rows, select_statements
from summarizer.export.tabular import flatten_value
from tests.dossier.briefs import Held
from tests.dossier.briefs import make_brief as make_held
from tests.export.conftest import HILL, SCHOOL, TOLL, make_brief

openpyxl = pytest.importorskip("openpyxl")
parquet = pytest.importorskip("pyarrow.parquet")
COLUMNS = list(TABLES["statements"].columns)


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_sheet(path: Path, name: str = "statements") -> list[dict[str, Any]]:
    head, *rows = openpyxl.load_workbook(path)[name].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_csv_has_a_row_for_each_statement_with_all_attributes(dossier: Dossier, tmp_path: Path) -> None:
    export = dossier.export(tmp_path / "out.csv")
    rows = read_csv(tmp_path / "out.csv")
    assert (export.format, export.statements, len(rows), list(rows[0])) == ("csv", 6, 6, COLUMNS)
    wanted = {"actor": "Jane Hill", "affiliation": "Harbour Board", "issue": TOLL, "stance": "agrees", "sentences": "1"}
    wanted |= {"date": "2026-01-05", "outlet": "The Courier", "title": "Toll row", "actor_kind": "person"}
    wanted |= {
        "quotation": "Jane Hill said the toll 🚢 is needed.",
        "check_support": "unflagged",
        "engine": "model",
        "model": "tiny-2026",
    }
    assert wanted.items() <= rows[0].items()
    assert (rows[5]["issue"], rows[5]["date"], rows[5]["published"]) == ("", "2026-03-09", "2026-03-09T18:30:00+01:00")


def test_json_lines_hold_the_same_as_csv(dossier: Dossier, tmp_path: Path) -> None:
    dossier.export(tmp_path / "out.jsonl")
    dossier.export(tmp_path / "out.csv")
    objects = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert objects[0]["sentences"] == [1]
    flat = [{key: "" if value is None else value for key, value in each.items()} for each in objects]
    shown = [{key: str(value).strip("[]") for key, value in each.items()} for each in flat]
    assert shown == read_csv(tmp_path / "out.csv")


def test_parquet_has_types(dossier: Dossier, tmp_path: Path) -> None:
    dossier.export(tmp_path / "out.parquet")
    table = parquet.read_table(tmp_path / "out.parquet")
    assert table.column_names == COLUMNS
    first = table.to_pylist()[0]
    assert (first["date"], first["sentences"], first["statement_id"]) == (date(2026, 1, 5), [1], 1)


def test_a_workbook_has_a_sheet_for_each_table(dossier: Dossier, tmp_path: Path) -> None:
    dossier.export(tmp_path / "out.xlsx")
    assert openpyxl.load_workbook(tmp_path / "out.xlsx").sheetnames == list(TABLES)
    assert [row["stance"] for row in read_sheet(tmp_path / "out.xlsx")][:2] == ["agrees", "disagrees"]
    actors = {row["actor"]: row["statements"] for row in read_sheet(tmp_path / "out.xlsx", "actors")}
    assert actors == {"Tom Reed": 3, "Jane Hill": 2, "Harbour Board": 1}
    issues = read_sheet(tmp_path / "out.xlsx", "issues")
    assert [(row["issue"], row["agrees"], row["mixed"]) for row in issues] == [(TOLL, 3, 0), (SCHOOL, 0, 1)]
    assert [row["question"] for row in read_sheet(tmp_path / "out.xlsx", "questions")] == ["Who pays?"] * 2
    assert [row["statements"] for row in read_sheet(tmp_path / "out.xlsx", "articles")] == [3, 3]


def test_changes_have_both_quotations(dossier: Dossier, tmp_path: Path) -> None:
    dossier.export(tmp_path / "out.xlsx")
    (row,) = read_sheet(tmp_path / "out.xlsx", "changes")
    assert (row["actor"], row["from_stance"], row["to_stance"]) == ("Tom Reed", "disagrees", "agrees")
    assert (row["is_explicit"], row["said"]) == (True, "Tom Reed now says that the toll may stay.")
    assert row["quotation_before"].startswith("Tom Reed called")
    assert row["quotation_after"].startswith("Tom Reed now")
    dossier.export(tmp_path / "hill.xlsx", holders=["Hill"])
    assert read_sheet(tmp_path / "hill.xlsx", "changes") == []


FORMULAS = ["=1+1", "+49", "-x", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "＠x", "\n+1"]


def test_an_article_names_the_outlets_that_printed_it_too(tmp_path: Path) -> None:
    with Store(tmp_path / "briefs.db") as store:
        for site in ("The Courier", "Evening Post", "Morning News"):
            store.add(*make_brief([(HILL, TOLL, "agrees", "Jane Hill wants the toll.")], site=site))
        (row,) = article_rows(select_statements(Dossier.from_store(store)))
    assert {row["outlet"], *str(row["copies"]).split("; ")} == {"The Courier", "Evening Post", "Morning News"}


def test_formulas_are_made_harmless(tmp_path: Path) -> None:
    briefs = []
    for number, text in enumerate(FORMULAS):  # in other words each, since copies of an article count once
        line = ("=Hill()", "person", None), TOLL, "agrees", " ".join(f"Word{number}x{each}" for each in range(9)) + "."
        briefs.append(make_brief([line], title=text)[0])
    dossier = Dossier(briefs)
    dossier.export(tmp_path / "out.csv")
    dossier.export(tmp_path / "out.xlsx")
    for rows in (read_csv(tmp_path / "out.csv"), read_sheet(tmp_path / "out.xlsx")):
        assert [row["title"] for row in rows] == [f"'{text}".replace("\r", "\n") for text in FORMULAS]
        assert {row["actor"] for row in rows} == {"'=Hill()"}
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["statements"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}


@given(st.text())
def test_a_cell_never_starts_like_a_formula(text: str) -> None:
    escaped = escape_formula(text)
    assert escaped.lstrip()[:1] not in {"=", "+", "-", "@"}
    assert escaped in (text, f"'{text}")


@given(st.lists(st.text(), min_size=2, max_size=4))
def test_any_text_is_read_back_from_csv(texts: list[str]) -> None:
    cells = [flatten_value(clean_text(text)) for text in texts]
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\n").writerow(cells)
    assert list(csv.reader(io.StringIO(file.getvalue(), newline=""))) == [cells]
    for text, cell in zip(texts, cells, strict=True):
        expected = clean_text(text).replace("\r\n", "\n").replace("\r", "\n")
        assert cell in (expected, f"'{expected}")


def test_control_characters_are_replaced(tmp_path: Path) -> None:
    dossier = Dossier([make_brief([(HILL, TOLL, "agrees", "Hill agrees.")], title="A\x00B\x0bC\uffffD")[0]])
    for name in ("out.csv", "out.jsonl", "out.xlsx", "out.parquet"):
        dossier.export(tmp_path / name)
    assert read_csv(tmp_path / "out.csv")[0]["title"] == "A\ufffdB\ufffdC\ufffdD"
    assert read_sheet(tmp_path / "out.xlsx")[0]["title"] == "A\ufffdB\ufffdC\ufffdD"


def test_a_long_cell_of_a_worksheet_is_cut(tmp_path: Path) -> None:
    dossier = Dossier([make_brief([(HILL, TOLL, "agrees", "Hill agrees.")], title="x" * 40_000)[0]])
    dossier.export(tmp_path / "out.xlsx")
    title = read_sheet(tmp_path / "out.xlsx")[0]["title"]
    assert len(title) == 32_767
    assert title.endswith("x…")


def test_a_table_that_is_too_long_for_a_worksheet_continues_on_another(
    dossier: Dossier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabular, "MAX_ROWS", 4)
    dossier.export(tmp_path / "out.xlsx")
    assert openpyxl.load_workbook(tmp_path / "out.xlsx").sheetnames[:3] == ["statements", "statements 2", "actors"]
    rows = read_sheet(tmp_path / "out.xlsx") + read_sheet(tmp_path / "out.xlsx", "statements 2")
    assert [row["statement_id"] for row in rows] == [1, 2, 3, 4, 5, 6]


def test_a_dossier_without_statements_gives_empty_tables(empty: Dossier, tmp_path: Path) -> None:
    for name in ("out.csv", "out.jsonl", "out.xlsx", "out.parquet"):
        assert empty.export(tmp_path / name).statements == 0
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == ",".join(COLUMNS) + "\n"
    assert (tmp_path / "out.jsonl").read_bytes() == b""
    assert parquet.read_table(tmp_path / "out.parquet").num_rows == 0
    assert [read_sheet(tmp_path / "out.xlsx", name) for name in TABLES] == [[]] * len(TABLES)


@pytest.mark.parametrize(
    ("name", "module", "extra"), [("a.xlsx", "openpyxl", "xlsx"), ("a.parquet", "pyarrow", "parquet")]
)
def test_a_missing_package_is_named(
    dossier: Dossier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra, match=rf"{module}.*pip install 'articlebrief\[{extra}\]'"):
        dossier.export(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir() if "briefs.db" not in path.name] == []


def test_contradictions_have_both_statements(tmp_path: Path) -> None:
    costs = {"Tom Reed": "The lock will cost 40 million euros.", "Ann Wood": "The lock will cost €75m."}
    held: list[Held] = [(name, "", "unclear", words) for name, words in costs.items()]
    Dossier([make_held("2026-01-05", held)]).export(tmp_path / "out.xlsx")
    (row,) = read_sheet(tmp_path / "out.xlsx", "contradictions")
    assert (row["kind"], row["actor_a"], row["actor_b"], row["issue"]) == ("figure", "Tom Reed", "Ann Wood", None)
    assert [row["quotation_a"], row["quotation_b"]] == list(costs.values())


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "java\nscript:x"]
)
def test_addresses_that_run_something_are_left_out(tmp_path: Path, url: str) -> None:
    made = make_held("2026-01-05", [("Tom Reed", "", "unclear", "The toll is coming.")])
    for address, expected in {url: "", "https://courier.example/a:b?c": "https://courier.example/a:b?c"}.items():
        brief = made.model_copy(update={"article": made.article.model_copy(update={"url": address})})
        Dossier([brief]).export(tmp_path / "out.csv")
        (row,) = read_csv(tmp_path / "out.csv")
        assert row["url"] == row["link"] == expected
