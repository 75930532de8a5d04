"""Export a dossier for other programs: tables, networks, Discourse Network Analyzer, notes."""

from typing import TYPE_CHECKING

from summarizer._lazy import lazy_exports

if TYPE_CHECKING:
    from summarizer.export.formats import (
        EXPORT_FORMATS,
        Export,
        ExportFormat,
        NetworkOptions,
        export_dossier,
        export_format_for,
    )
    from summarizer.export.tables import TABLES, Selection, Table, select_statements
else:
    __getattr__, __dir__ = lazy_exports(
        __name__,
        {
            ".formats": "EXPORT_FORMATS Export ExportFormat NetworkOptions export_dossier export_format_for",
            ".tables": "TABLES Selection Table select_statements",
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
]
