"""Write the tables of a dossier as CSV, JSON Lines, Parquet and Excel workbooks."""

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import TextIOWrapper
from itertools import chain, islice
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import Any, BinaryIO, TextIO

from summarizer._lazy import import_extra
from summarizer.export.cells import escape_formula
from summarizer.export.tables import TABLES, Row, Selection, Table, statement_rows

_STATEMENTS = TABLES["statements"]
_ROWS_OF_GROUP = 10_000
"""Rows of a row group in Parquet."""
MAX_ROWS = 1_048_576
"""Rows of a worksheet, its header included. The rest of a longer table is on further worksheets."""
_MAX_CHARACTERS = 32_767
"""Characters of a cell in a worksheet."""
_WIDTHS = {"text": 24, "date": 12}
_WIDE = {
    "statement",
    "quotation",
    "question",
    "issue",
    *(f"quotation_{side}" for side in ("before", "after", "a", "b")),
    "wordings",
}


def write_csv(selection: Selection, file: BinaryIO, _network: object) -> None:
    """Write one row a statement as CSV: UTF-8, commas, a header. Formulas in cells are made harmless."""
    with open_text(file) as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(_STATEMENTS.columns)
        writer.writerows(
            [flatten_value(row.get(name)) for name in _STATEMENTS.columns] for row in statement_rows(selection)
        )


def write_json_lines(selection: Selection, file: BinaryIO, _network: object) -> None:
    """Write one JSON object a statement, each on a line."""
    for row in statement_rows(selection):
        values = {name: row.get(name) for name in _STATEMENTS.columns}
        file.write(json.dumps(values, ensure_ascii=False, default=date.isoformat).encode() + b"\n")


def write_parquet(selection: Selection, file: BinaryIO, _network: object) -> None:
    """Write one row a statement as Parquet."""
    arrow = import_extra("pyarrow", "parquet", "Parquet files")
    parquet = import_extra("pyarrow.parquet", "parquet", "Parquet files")
    types = {
        "text": arrow.string(),
        "integer": arrow.int64(),
        "date": arrow.date32(),
        "numbers": arrow.list_(arrow.int32()),
    }
    schema = arrow.schema([(name, types[kind]) for name, kind in _STATEMENTS.columns.items()])
    rows = statement_rows(selection)
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        while part := list(islice(rows, _ROWS_OF_GROUP)):
            writer.write_table(arrow.Table.from_pylist(part, schema=schema))


def write_workbook(selection: Selection, file: BinaryIO, _network: object) -> None:
    """Write an Excel workbook with a worksheet for each table. Formulas in cells are made harmless."""
    openpyxl = import_extra("openpyxl", "xlsx", "Excel workbooks")
    workbook = openpyxl.Workbook(write_only=True)  # which holds no rows
    for name, table in TABLES.items():
        _write_worksheets(workbook, name, table, table.rows(selection))
    with TemporaryFile() as whole:  # the libraries print tracebacks if a pipe closes while they write
        workbook.save(whole)
        whole.seek(0)
        copyfileobj(whole, file)


def _write_worksheets(workbook: Any, name: str, table: Table, rows: Iterator[Row]) -> None:
    number, part = 1, islice(rows, MAX_ROWS - 1)
    first = next(part, None)
    while number == 1 or first is not None:
        sheet = workbook.create_sheet(name if number == 1 else f"{name} {number}")
        sheet.freeze_panes = "A2"
        for index, (column, kind) in enumerate(table.columns.items()):
            width = 60 if column in _WIDE else _WIDTHS.get(kind, 10)
            sheet.column_dimensions[_letters(index)].width = width
        sheet.append(list(table.columns))
        for row in [] if first is None else chain([first], part):
            sheet.append([_shorten(flatten_value(row.get(column))) for column in table.columns])
        number, part = number + 1, islice(rows, MAX_ROWS - 1)
        first = next(part, None)


def _letters(index: int) -> str:
    """Return the name of a column of a worksheet: A to Z, AA and so on."""
    more, last = divmod(index, 26)
    return (_letters(more - 1) if more else "") + chr(ord("A") + last)


def flatten_value(value: object) -> object:
    """Return the value of a cell: no lists, no formulas, one kind of line end."""
    if isinstance(value, list):
        return " ".join(map(str, value))
    if not isinstance(value, str):
        return value
    return escape_formula(value.replace("\r\n", "\n").replace("\r", "\n"))


def _shorten(value: object) -> object:
    is_long = isinstance(value, str) and len(value) > _MAX_CHARACTERS
    return f"{str(value)[: _MAX_CHARACTERS - 1]}…" if is_long else value


@contextmanager
def open_text(file: BinaryIO) -> Iterator[TextIO]:
    """Write text to a binary file as UTF-8, and leave the file open."""
    text = TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    try:
        yield text
    finally:
        text.detach()
