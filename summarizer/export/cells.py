"""Values of cells: safe in spreadsheets, XML and SQLite, and names that every file system holds."""

import re
import unicodedata

from summarizer._patterns import compile_lazily
from summarizer._text import DistinctNames, collapse_whitespace, replace_surrogates

_NOT_IN_XML = compile_lazily("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
"""Controls and non-characters; XML 1.0, worksheets and text in SQLite hold only some of them."""
_FORMULA = compile_lazily(r"[\s\u200b\u2060\ufeff]*[=+\-@＝＋－＠﹢﹣﹦﹫]|[\t\r\n]")  # full-width, too
_NOT_IN_NAMES = compile_lazily(r'[<>:"/\\|?*#^\[\]%\x00-\x1f\x7f]+')
"""Characters that Windows keeps from file names, or Obsidian from links."""
_RESERVED = compile_lazily(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)", re.IGNORECASE)
_MAX_BYTES = 120
"""Bytes of a file name before its suffix. File systems hold 255; some tools hold 260 characters of the whole path."""


def clean_text(text: str) -> str:
    """Replace each control character that XML, worksheets or SQLite cannot hold by U+FFFD."""
    return replace_surrogates(text) if text.isprintable() else _NOT_IN_XML.sub("\ufffd", replace_surrogates(text))


def clean_line(text: str) -> str:
    """Return a text on one line, without control characters."""
    return collapse_whitespace(clean_text(text))


def escape_formula(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run as a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


class FileNames:
    """Makes file names from titles: different ones, even where case and the form of accents do not count."""

    def __init__(self) -> None:
        self._names = DistinctNames(fold=lambda name: unicodedata.normalize("NFKD", name).casefold())

    def make(self, title: str) -> str:
        """Return a name without suffix: "Jane Hill", or "Jane Hill (2)" if that is taken."""
        return self._names.make(_safe_name(title))


def _safe_name(title: str) -> str:
    words = collapse_whitespace(_NOT_IN_NAMES.sub(" ", unicodedata.normalize("NFC", clean_text(title))))
    visible = "".join(letter for letter in words if unicodedata.category(letter) not in {"Cf", "Co", "Cn"})
    short = visible.encode()[:_MAX_BYTES].decode(errors="ignore").strip(" .")
    return f"{short}_" if _RESERVED.match(short) else short or "Unnamed"
