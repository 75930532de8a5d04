"""Languages other than English: one folder of word lists each, and the rules that are common to them."""

from summarizer.attribution.languages.reports import find_reports, name_language, restore_statement_order

__all__ = ["find_reports", "name_language", "restore_statement_order"]
