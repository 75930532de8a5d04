"""Load PDF files."""

import ctypes
import re
from datetime import datetime
from typing import Any, NamedTuple

from summarizer._files import read_toml
from summarizer._patterns import compile_lazily
from summarizer._text import collapse_whitespace
from summarizer.article import Article
from summarizer.errors import ArticleError
from summarizer.sources.base import Content, Loader
from summarizer.sources.pdf.assembly import Extraction, PDFAnchors, assemble
from summarizer.sources.pdf.extraction import Page, open_pdf, read_page

_MAX_PAGES = 5_000
_MAX_CHARACTERS = 20_000_000
_MAX_MEGABYTES = 200
_TITLE_CHARACTERS = 10_000  # in which the title of the file is searched
_MANY_GARBLED, _SOME_GARBLED = 0.3, 0.05  # share of the characters
_MAX_NAMED = 10  # pages
_FORM = "Please wait..."  # the text that replaces an XFA form

# The header is within the first 1,024 bytes. After anything but white space it needs a separate line,
# because an article about PDFs may mention "%PDF-1.4".
_PDF = compile_lazily(rb"\s*%PDF-|.{0,1016}[^ -~]%PDF-[12]\.[0-9](?=[^ -~])", re.DOTALL)
_OCR = "run OCR first, for example with ocrmypdf"

_DATA = read_toml(__file__, "metadata.toml")
_NOTHING, _NO_AUTHOR = (
    compile_lazily("|".join(f"(?:{part})" for part in _DATA[key]), re.I) for key in ("nothing", "no_author")
)
_SOFTWARE = compile_lazily(
    r"(?:Microsoft (?:Word|PowerPoint|Excel)|PowerPoint Presentation|Adobe InDesign)\s*-\s*", re.IGNORECASE
)
_DATE = compile_lazily(
    r"(?:D:)?\s*(\d{4})-?(\d\d)?-?(\d\d)?[T ]?(\d\d)?:?(\d\d)?:?(\d\d)?\s*(?:(Z)|([+-])(\d\d)'?:?(\d\d)?)?'?.*",
    re.DOTALL,
)
_LANGUAGE = compile_lazily(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_MAX_LENGTH = 300  # characters of a value


class _Information(NamedTuple):
    """What a PDF says about itself, without what software fills in by default."""

    title: str | None
    author: str | None
    created: str | None
    """The date of creation in ISO 8601."""
    language: str | None


def load_pdf(content: Content) -> Article:
    """Load a PDF: its text in reading order, without running heads, page numbers and footnotes.

    Raises:
        ArticleError: The file is encrypted, damaged, scanned, too long, or has no pages.
        ConfigurationError: The extra ``pdf`` is not installed.
    """
    name = content.name
    _check_size(name, len(content.data) // 1_000_000, _MAX_MEGABYTES, "MB")
    with open_pdf(content.data, name) as document:
        _check_size(name, len(document), _MAX_PAGES, "pages")
        information = _read_information(document)
        pages: list[Page] = []
        characters = 0
        for number in range(len(document)):
            pages.append(read_page(document, number))
            characters += pages[-1].characters
            _check_size(name, characters, _MAX_CHARACTERS, "characters")
    warnings = _check(pages, name)
    extraction = assemble(pages, information.language)
    article = Article.from_text(
        extraction.text,
        title=_choose_title(information, extraction),
        language=information.language,
        url=content.url,
        warnings=warnings,
        cuts=extraction.cuts,
        anchors=PDFAnchors(extraction.runs, extraction.text, content.data),
    )
    return article.with_metadata(
        author=article.author or information.author, published=article.published or information.created
    )


def _check_size(name: str, size: int, limit: int, unit: str) -> None:
    if size > limit:
        message = f"{name} has {size:,} {unit}. PDF files of more than {limit:,} {unit} are not read."
        raise ArticleError(message, hint="Split it into its parts.")


def _choose_title(information: _Information, extraction: Extraction) -> str | None:
    """Return the title that is in the text; the file's own title if the largest type is not one."""
    title, printed = information.title, extraction.title
    if title and printed:
        ours, theirs = _letters(printed), _letters(title)
        if ours in theirs or theirs in ours:
            return printed
        first = extraction.text[:_TITLE_CHARACTERS]
        for span, _ in reversed(extraction.cuts):
            first = first[: span.start] + first[span.end :]
        return title if theirs in _letters(first) else printed
    return title or printed


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _check(pages: list[Page], name: str) -> list[str]:
    """Return doubts about the text of ``pages``, or raise an ArticleError if they have none."""
    if not any(page.lines or page.turned for page in pages):
        if any(page.has_pictures for page in pages):
            problem, hint = "has no text: its pages are pictures.", f"{_OCR[0].upper()}{_OCR[1:]}."
        elif any(page.width for page in pages):
            problem, hint = "has no text: its pages are empty or drawings.", f"If they show text, {_OCR}."
        else:
            problem, hint = ("is a damaged PDF: none of its pages can be read.", "Download it again, or repair it.")
        raise ArticleError(f"{name} {problem}", hint=hint)
    if len(pages) == 1 and pages[0].lines and pages[0].lines[0].text.startswith(_FORM):
        hint = "Open it in Acrobat, and print it to a PDF file."
        raise ArticleError(f"{name} is a form (XFA) without text of its own.", hint=hint)
    garbled = sum(page.garbage for page in pages) / max(1, sum(page.characters for page in pages))
    if garbled > _MANY_GARBLED:
        hint = "Run OCR first, for example with ocrmypdf --force-ocr."
        raise ArticleError(f"{name} has no readable text: its fonts do not say which letters they show.", hint=hint)
    warnings = []
    if garbled > _SOME_GARBLED:
        warnings.append(
            f"{garbled:.0%} of the characters of the PDF are unreadable: some of its fonts do not name them."
        )
    if missing := [number for number, page in enumerate(pages, 1) if page.has_pictures and not page.lines]:
        warnings.append(
            f"{_name_pages(missing)} of the PDF {'has' if len(missing) == 1 else 'have'} no text, only pictures."
        )
    if damaged := [number for number, page in enumerate(pages, 1) if not page.width]:
        warnings.append(f"{_name_pages(damaged)} of the PDF cannot be read.")
    return warnings


def _name_pages(numbers: list[int]) -> str:
    """Return the numbers of pages as words: "Pages 2, 3 and 5"."""
    if len(numbers) == 1:
        return f"Page {numbers[0]}"
    if len(numbers) > _MAX_NAMED:
        return f"{len(numbers)} pages, from page {numbers[0]} on,"
    return f"Pages {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _read_information(document: Any) -> _Information:
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
    return _Information(
        title if has_title else None,
        author.replace(";", ",") if has_author else None,
        _parse_date(values["CreationDate"]),
        _read_language(document),
    )


def _parse_date(value: str) -> str | None:
    """Turn a date of a PDF, such as ``"D:20260314093000+01'00'"``, into ISO 8601; None if it is not a date.

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
    """Remove white space and what is not a character from a value."""
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


PDF = Loader(
    "a PDF",
    load_pdf,
    suffixes=(".pdf",),
    media_types=("application/pdf",),
    recognizes=lambda data: _PDF.match(data) is not None,
)
