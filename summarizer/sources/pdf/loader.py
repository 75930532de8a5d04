"""Load PDF files."""

import re

from summarizer.article import Article
from summarizer.errors import ArticleError
from summarizer.sources.base import Content, Loader
from summarizer.sources.pdf.anchors import PDFAnchors
from summarizer.sources.pdf.assembly import Extraction, assemble
from summarizer.sources.pdf.extraction import Page, open_pdf, read_pages
from summarizer.sources.pdf.metadata import PDFInformation, read_information

_MAX_PAGES = 5_000
_MAX_BYTES = 200_000_000
_TITLE_CHARACTERS = 10_000  # in which the title of the file is searched
_MANY_GARBLED, _SOME_GARBLED = 0.3, 0.05  # share of the characters
_FEW_CHARACTERS = 20  # on a page: less is a stamp on a picture
_MAX_NAMED = 10  # pages
_FORM = "Please wait..."  # the text that stands in for an XFA form

# The header is within the first 1,024 bytes. After anything but white space it needs a separate line,
# because an article about PDFs may mention "%PDF-1.4".
_PDF = re.compile(rb"\s*%PDF-|.{0,1016}[^ -~]%PDF-[12]\.[0-9](?=[^ -~])", re.DOTALL)
_OCR = "run OCR first, for example with ocrmypdf"


def load_pdf(content: Content) -> Article:
    """Load a PDF: its text in reading order, without running heads, page numbers and footnotes.

    Raises:
        ArticleError: The file is encrypted, damaged, scanned, too long, or has no pages.
        ConfigurationError: The extra ``pdf`` is not installed.
    """
    name = content.name
    if len(content.data) > _MAX_BYTES:
        size, limit = len(content.data) // 1_000_000, _MAX_BYTES // 1_000_000
        message = f"{name} has {size} MB. PDF files of more than {limit} MB are not read."
        raise ArticleError(message, hint="Split it into its parts.")
    with open_pdf(content.data, name) as document:
        if (count := len(document)) > _MAX_PAGES:
            message = f"{name} has {count:,} pages. PDF files of more than {_MAX_PAGES:,} pages are not read."
            raise ArticleError(message, hint="Split it into its parts.")
        information = read_information(document)
        pages = read_pages(document, name)
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


def _choose_title(information: PDFInformation, extraction: Extraction) -> str | None:
    """Return the title that stands in the text; the file's own title if the largest type is none."""
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
    characters = sum(page.characters for page in pages)
    lines = [line for page in pages for line in (*page.lines, *page.turned)]
    if not lines:
        if any(page.has_pictures for page in pages):
            raise ArticleError(f"{name} has no text: its pages are pictures.", hint=f"{_OCR[0].upper()}{_OCR[1:]}.")
        if not any(page.width for page in pages):
            hint = "Download or export it again, or repair it, for example with qpdf."
            raise ArticleError(f"{name} is a damaged PDF: none of its pages can be read.", hint=hint)
        raise ArticleError(f"{name} has no text: its pages are empty or drawings.", hint=f"If they show text, {_OCR}.")
    if len(pages) == 1 and pages[0].lines and pages[0].lines[0].text.startswith(_FORM):
        hint = "Open it in Acrobat, and print it to a PDF file."
        raise ArticleError(f"{name} is a form (XFA) without text of its own.", hint=hint)
    garbled = sum(page.garbage for page in pages) / max(1, characters)
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


PDF = Loader(
    "a PDF",
    load_pdf,
    suffixes=(".pdf",),
    media_types=("application/pdf",),
    recognizes=lambda data: _PDF.match(data) is not None,
)
