"""Export a dossier for other programs: tables, networks, Discourse Network Analyzer, notes."""

from typing import TYPE_CHECKING

from summarizer._lazy import lazy_exports

if TYPE_CHECKING:
    from summarizer.export.dna import write_dna, write_event_list
    from summarizer.export.formats import (
        EXPORT_FORMATS,
        Export,
        ExportFormat,
        NetworkOptions,
        export_dossier,
        export_format_for,
    )
    from summarizer.export.graphs import write_dl, write_gexf, write_graphml
    from summarizer.export.notes import write_notes
    from summarizer.export.tables import TABLES, Selection, Table, select_statements
    from summarizer.export.tabular import write_csv, write_json_lines, write_parquet, write_workbook
else:
    __getattr__, __dir__ = lazy_exports(
        __name__,
        {
            ".dna": ["write_dna", "write_event_list"],
            ".formats": [
                "EXPORT_FORMATS",
                "Export",
                "ExportFormat",
                "NetworkOptions",
                "export_dossier",
                "export_format_for",
            ],
            ".graphs": ["write_dl", "write_gexf", "write_graphml"],
            ".notes": ["write_notes"],
            ".tables": ["TABLES", "Selection", "Table", "select_statements"],
            ".tabular": ["write_csv", "write_json_lines", "write_parquet", "write_workbook"],
        },
    )

__all__ = [
    "EXPORT_FORMATS",
    "TABLES",
    "Export",
    "ExportFormat",
    "NetworkOptions",
    "Selection",
    "Table",
    "export_dossier",
    "export_format_for",
    "select_statements",
    "write_csv",
    "write_dl",
    "write_dna",
    "write_event_list",
    "write_gexf",
    "write_graphml",
    "write_json_lines",
    "write_notes",
    "write_parquet",
    "write_workbook",
]
