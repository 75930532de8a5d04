"""Read title, author, date and language from the information of a PDF, where they make sense."""

import ctypes
import re
from datetime import datetime
from typing import Any, NamedTuple

from summarizer._files import read_toml
from summarizer._text import collapse_whitespace

_DATA = read_toml(__file__, "metadata.toml")
_NOTHING, _NO_AUTHOR = (
    re.compile("|".join(f"(?:{part})" for part in _DATA[key]), re.I) for key in ("nothing", "no_author")
)
_SOFTWARE = re.compile(
    r"(?:Microsoft (?:Word|PowerPoint|Excel)|PowerPoint Presentation|Adobe InDesign)\s*-\s*", re.IGNORECASE
)
_DATE = re.compile(
    r"(?:D:)?\s*(\d{4})-?(\d\d)?-?(\d\d)?[T ]?(\d\d)?:?(\d\d)?:?(\d\d)?\s*(?:(Z)|([+-])(\d\d)'?:?(\d\d)?)?'?.*",
    re.DOTALL,
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_MAX_LENGTH = 300  # characters


class PDFInformation(NamedTuple):
    """What a PDF says about itself, without what software fills in by default."""

    title: str | None
    author: str | None
    created: str | None
    """The date of creation in ISO 8601."""
    language: str | None


def read_information(document: Any) -> PDFInformation:
    """Read the information of an open PDF."""
    values = {
        key: _clean(document.get_metadata_value(key))
        for key in ("Title", "Author", "CreationDate", "Creator", "Producer")
    }
    title = _SOFTWARE.sub("", values["Title"])
    author = values["Author"]
    software = {values["Creator"].casefold(), values["Producer"].casefold()}
    has_title = not _NOTHING.fullmatch(title) and title.casefold() not in software
    has_author = not (_NOTHING.fullmatch(author) or _NO_AUTHOR.fullmatch(author)) and author.casefold() not in software
    return PDFInformation(
        title if has_title else None,
        author.replace(";", ",") if has_author else None,
        parse_date(values["CreationDate"]),
        _read_language(document),
    )


def parse_date(value: str) -> str | None:
    """Turn a date of a PDF, such as ``"D:20260314093000+01'00'"``, into ISO 8601; None if it is none.

    Without a time, or without a time zone, the result has none either.
    """
    match = _DATE.fullmatch(value)
    if not match or not match[3]:
        return None
    year, month, day, hour, minute, second, utc, sign, *offset = match.groups()
    text = f"{year}-{month}-{day}"
    if hour:
        text += f"T{hour}:{minute or '00'}:{second or '00'}"
        if utc or sign:
            text += "+00:00" if utc else f"{sign}{offset[0]}:{offset[1] or '00'}"
    try:
        return datetime.fromisoformat(text).isoformat() if hour else datetime.fromisoformat(text).date().isoformat()
    except ValueError:  # 31 February
        return None


def _clean(value: str) -> str:
    """Remove white space and what is no character from a value."""
    return collapse_whitespace(value.encode("utf-8", "ignore").decode().replace("\0", "")).strip("\ufeff\ufffd ")[
        :_MAX_LENGTH
    ]


def _read_language(document: Any) -> str | None:
    """Read the language that the catalog declares, as a BCP 47 tag."""
    from pypdfium2 import raw

    length = raw.FPDFCatalog_GetLanguage(document.raw, None, 0)
    if not 0 < length <= _MAX_LENGTH:
        return None
    buffer = (ctypes.c_ushort * length)()
    raw.FPDFCatalog_GetLanguage(document.raw, buffer, length)
    language = bytes(buffer).decode("utf-16-le", "ignore").strip("\0 ")
    return language.replace("_", "-") if _LANGUAGE.fullmatch(language) else None
