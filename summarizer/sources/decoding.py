"""From a file's bytes to its text, or to an error that says what the file is instead."""

import codecs
import re

from summarizer.errors import ArticleError

_BOMS = (  # longest first: the BOM of UTF-32-LE begins with that of UTF-16-LE
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# PDF readers look for the header in the first 1,024 bytes. After others than white space it must stand on a line of
# its own, since an article about PDFs may speak of "%PDF-1.4".
_PDF = rb"\s*%PDF-|.{0,1016}[^ -~]%PDF-[12]\.[0-9](?=[^ -~])"
# What a file begins with (a pattern), what it is, and what to do about it.
_FORMATS = (
    (_PDF, "a PDF", "Take its text out first, for example with pdftotext, and name the text file."),
    (rb"PK\x03\x04", "a zip archive (a Word, OpenDocument or EPUB file is one)", "Save it as plain text first."),
    (rb"\xd0\xcf\x11\xe0", "an old Office document", "Save it as plain text first."),
    (rb"\{\\rtf", "a rich-text document", "Save it as plain text first."),
    (rb"\x89PNG|\xff\xd8\xff|GIF8", "a picture", "Only text can be read."),
    (rb"\x1f\x8b", "a gzip archive", "Unpack it first."),
)
# A whole page, or the element that a piece of one begins with, its attributes included.
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html\b"
    r"|(?:html|head|body|title|meta|link|script|style|div|p|article|section|main|header|footer|nav|aside|h[1-6]"
    r"|ul|ol|dl|table|figure|picture|iframe|form|blockquote|center)"
    r"(?:\s+[a-z][\w:-]*(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>]+))?)*\s*/?>)",
    re.IGNORECASE | re.DOTALL,
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b]")
_SAMPLE = 100_000  # bytes that charset-normalizer looks at: enough for a page, quick for a book
_LONGEST_CHARACTER = 4  # bytes, in any encoding

# Windows-1252 as Western Europe writes it; without letters that are far more often another page's: a Czech š,
# a Turkish ş (þ), a Hungarian ő (õ).
_WESTERN = re.compile("[\t\n\r\x0c -~\xa0-¿àáâãäåæçèéêëìíîïñòóôöøùúûüÿœßÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖØÙÚÛÜŒ“”‘’„‚‹›–—…€•™†‡‰]*")


def decode(data: bytes, *, name: str) -> tuple[str, str]:
    """The text that ``data`` holds, and the encoding it was decoded from.

    UTF-8 with or without BOM, UTF-16 and UTF-32 with BOM, else the likeliest encoding.

    Raises:
        ArticleError: ``data`` is empty, or no plain text; ``name`` is what the message calls it.
    """
    if not data:
        raise ArticleError(f"{name} is empty.")
    for pattern, kind, hint in _FORMATS:
        if re.match(pattern, data, re.DOTALL):
            raise ArticleError(f"{name} is {kind}, not plain text.", hint=hint)
    text, encoding = _decoded(data, name)
    if _HTML.match(text[:3000]):
        raise ArticleError(
            f"{name} is HTML, not plain text.",
            hint="Save the article's text from the browser, and name the text file.",
        )
    return text, encoding


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    encoding = next((encoding for bom, encoding in _BOMS if data.startswith(bom)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise ArticleError(f"{name} begins as {encoding.upper()} but is damaged at byte {error.start}.") from error
        return _guessed(data, name)
    if len(_CONTROL.findall(text[:_SAMPLE])) > len(text[:_SAMPLE]) // 10:
        raise _binary(name)
    return text, encoding


def _guessed(data: bytes, name: str) -> tuple[str, str]:
    if b"\0" in data:
        raise _binary(name)
    if (text := _western(data)) is not None:
        return text, "cp1252"
    encoding = _likeliest(data)
    if encoding is None:
        raise _binary(name)
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError as error:
        raise ArticleError(
            f"{name} is neither UTF-8 nor, from byte {error.start} on, {encoding}, its likeliest encoding.",
            hint="Convert it to UTF-8.",
        ) from error


def _likeliest(data: bytes) -> str | None:
    """The name of the likeliest encoding of ``data``, or none where it is likely no text at all."""
    import charset_normalizer  # rarely needed, and slow to import

    guesses = [guess for sample in _samples(data) if (guess := charset_normalizer.from_bytes(sample).best())]
    return min(guesses).encoding if guesses else None


def _samples(data: bytes) -> list[bytes]:
    """The beginning of ``data``, once, or with several ends of which at least one cuts no character in two."""
    if len(data) <= _SAMPLE:
        return [data]
    end = max(data.rfind(white, _SAMPLE // 2, _SAMPLE) for white in (b" ", b"\n"))  # no part of any character
    ends = [end] if end > 0 else range(_SAMPLE, _SAMPLE - _LONGEST_CHARACTER, -1)
    return [data[:end] for end in ends]


def _western(data: bytes) -> str | None:
    """The text, if it is plainly Windows-1252, which short texts are too often not taken for."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    rare = sum(character.isalpha() for character in text if not character.isascii())
    common = sum(map(str.isalpha, filter(str.isascii, text)))
    return text if 5 * rare <= common and _WESTERN.fullmatch(text) else None


def _binary(name: str) -> ArticleError:
    return ArticleError(f"{name} is binary, not text.", hint="Only text can be read.")
