"""The registry of input formats, and the functions that load a source as an Article.

To add a format, add one entry to `LOADERS` and remove the format from `_UNSUPPORTED`.
"""

import codecs
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from summarizer._async import run_in_thread
from summarizer._text import one_line, shorten
from summarizer.article import Article
from summarizer.errors import ArticleError

Source = str | Path | Article
"""The text of an article, the path of a file, or an Article. A string is always text."""

INLINE_LIMIT = 3_000
"""Characters. A longer text is read in a thread, so that it does not block the event loop."""

_HTML_HEAD = 3_000  # characters
# A whole page, or the first element of a fragment with its attributes.
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html\b"
    r"|(?:html|head|body|title|meta|link|script|style|div|p|article|section|main|header|footer|nav|aside|h[1-6]"
    r"|ul|ol|dl|table|figure|picture|iframe|form|blockquote|center)"
    r"(?:\s+[a-z][\w:-]*(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>]+))?)*\s*/?>)",
    re.IGNORECASE | re.DOTALL,
)
_URL = re.compile(r"<?(?:[a-z][a-z0-9+.-]*://|www\.)[^\s。！？，、；]+", re.IGNORECASE)
_PATH_START = re.compile(r"~[\w-]*[/\\]|\.{0,2}/|\.{1,2}\\|\\\\|[a-z]:[/\\]|file:/", re.IGNORECASE)
_FILE_SUFFIXES = frozenset(
    ".txt .text .md .rst .html .htm .xhtml .xml .json .jsonl .ndjson .csv .tsv .pdf .doc .docx .odt .rtf .epub .eml"
    " .zip .gz".split()
)
_MAX_PATH = 4_096  # characters

_BOMS = (  # longest first: the BOM of UTF-32-LE begins with that of UTF-16-LE
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b]")
_SAMPLE = 100_000  # characters

# Windows-1252 as used in Western Europe, without letters that far more often come from another code page:
# a Czech š, a Turkish ş (þ), a Hungarian ő (õ).
_WESTERN = re.compile("[\t\n\r\x0c -~\xa0-¿àáâãäåæçèéêëìíîïñòóôöøùúûüÿœßÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖØÙÚÛÜŒ“”‘’„‚‹›–—…€•™†‡‰]*")


@dataclass(frozen=True, slots=True)
class Loader:
    """One input format."""

    name: str
    """The name of the format, such as ``"text"``."""
    load: Callable[[bytes, str], Article]
    """Turns the bytes of a file into an Article. Error messages call the file by the second argument."""
    suffixes: tuple[str, ...] = ()
    """File name suffixes in lower case, such as ``".txt"``."""
    media_types: tuple[str, ...] = ()
    """Media types such as ``"text/plain"``."""
    recognizes: Callable[[bytes], bool] = lambda _: False
    """Tells whether the content of a file has this format. Content takes precedence over names."""


def _is_html(data: bytes) -> bool:
    head = data[: 4 * _HTML_HEAD].decode(_detect_bom(data) or "utf-8", errors="replace")
    return _HTML.match(head[:_HTML_HEAD]) is not None


def _detect_bom(data: bytes) -> str | None:
    """Return the encoding that a byte order mark names."""
    return next((encoding for bom, encoding in _BOMS if data.startswith(bom)), None)


def _load_text(data: bytes, name: str) -> Article:
    """Load plain text: UTF-8 with or without BOM, UTF-16 and UTF-32 with BOM, or the most likely encoding."""
    encoding = _detect_bom(data)
    try:
        text = data.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        if encoding:
            raise ArticleError(f"{name} begins as {encoding.upper()} but is damaged at byte {error.start}.") from error
        return _load_legacy_text(data, name)
    if len(_CONTROL.findall(text[:_SAMPLE])) > len(text[:_SAMPLE]) // 10:
        raise _binary_error(name)
    return Article.from_text(text, encoding=encoding or "utf-8")


def _load_legacy_text(data: bytes, name: str) -> Article:
    if b"\0" in data:
        raise _binary_error(name)
    western = data.decode("cp1252", errors="replace")
    letters = [character for character in western if character.isalpha()]
    # If it clearly is Windows-1252: charset-normalizer often misses it in short texts.
    if _WESTERN.fullmatch(western) and 6 * sum(not letter.isascii() for letter in letters) <= len(letters):
        return Article.from_text(western, encoding="cp1252")
    import charset_normalizer  # slow to import, rarely needed

    guess = charset_normalizer.from_bytes(data).best()
    if guess is None:
        raise _binary_error(name)
    return Article.from_text(str(guess), encoding=guess.encoding)


def _binary_error(name: str) -> ArticleError:
    return ArticleError(f"{name} is binary, not text.", hint="Only text can be read.")


_TEXT = Loader("text", _load_text, suffixes=(".txt", ".text"), media_types=("text/plain",))

LOADERS: list[Loader] = [_TEXT]
"""The input formats. The first entry that recognizes the content loads it; otherwise suffix and media type decide."""

# The header is within the first 1,024 bytes. After anything but white space it needs a separate line,
# because an article about PDFs may mention "%PDF-1.4".
_PDF = re.compile(rb"\s*%PDF-|.{0,1016}[^ -~]%PDF-[12]\.[0-9](?=[^ -~])", re.DOTALL)
_AS_TEXT = "Save it as plain text first."
# The format of a file, the test of its content, and a hint.
_UNSUPPORTED: tuple[tuple[str, Callable[[bytes], object], str], ...] = (
    ("a PDF", _PDF.match, "Extract its text first, for example with pdftotext, and pass the text file."),
    ("a zip archive (such as a Word, OpenDocument or EPUB file)", re.compile(rb"PK\x03\x04").match, _AS_TEXT),
    ("an old Office document", re.compile(rb"\xd0\xcf\x11\xe0").match, _AS_TEXT),
    ("a rich-text document", re.compile(rb"\{\\rtf").match, _AS_TEXT),
    ("a picture", re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8").match, "Only text can be read."),
    ("a gzip archive", re.compile(rb"\x1f\x8b").match, "Unpack it first."),
    ("HTML", _is_html, "Save the article's text from the browser, and pass the text file."),
)


def load_bytes(data: bytes, *, name: str, suffix: str = "", media_type: str = "") -> Article:
    """Load an article from the content of a file, which error messages call ``name``."""
    if not data:
        raise ArticleError(f"{name} is empty.")
    loader = next((loader for loader in LOADERS if loader.recognizes(data)), None)
    if not loader:
        for description, recognizes, hint in _UNSUPPORTED:
            if recognizes(data):
                raise ArticleError(f"{name} is {description}, not plain text.", hint=hint)
        named = (entry for entry in LOADERS if suffix.lower() in entry.suffixes or media_type in entry.media_types)
        loader = next(named, _TEXT)
    return loader.load(data, name)


def load_file(path: Path) -> Article:
    """Load an article from a file."""
    try:
        data = path.read_bytes()
    except IsADirectoryError as error:
        raise ArticleError(f"{path} is a directory.", hint="Name one of the files in it.") from error
    except OSError as error:
        raise ArticleError(f"{path} cannot be read: {error.strerror or error}.") from error
    name = str(path).encode(errors="replace").decode()  # file names may contain lone surrogates
    return load_bytes(data, name=name, suffix=path.suffix).with_metadata(source=name)


def to_article(source: Source | ArticleError) -> Article:
    """Load a source as an Article. An ArticleError is raised again: the caller could not read the source."""
    match source:
        case Article():
            return source
        case Path():
            return load_file(source)
        case str():
            _reject_path_or_url(source.strip())
            return Article.from_text(source)
        case ArticleError():
            raise source
    raise TypeError(f"A source must be a str, a pathlib.Path or an Article, not {type(source).__name__}.")


async def load_article(source: Source | ArticleError) -> Article:
    """Load ``source`` without blocking the event loop; see `to_article`."""
    if isinstance(source, Path) or (isinstance(source, str) and len(source) > INLINE_LIMIT):
        return await run_in_thread(to_article, source)
    return to_article(source)


def _reject_path_or_url(text: str) -> None:
    """Refuse a line that is a URL, that names a file, or that is an existing file or directory."""
    if len(text) > _MAX_PATH or len(text.splitlines()) != 1:
        return
    shown = shorten(one_line(text), 100)
    if _URL.fullmatch(text):
        hint = "Pass the text of the page, or save it to a file and pass pathlib.Path(…)."
        raise ArticleError(f"“{shown}” is a URL, and URLs cannot be read yet.", hint=hint)
    suffixes = _FILE_SUFFIXES.union(*(loader.suffixes for loader in LOADERS))
    first, *others = (Path(re.sub(r"[?#]\w.*", "", word)).suffix.lower() in suffixes for word in text.split())
    starts_path = _PATH_START.match(text) is not None
    if others:  # a path with spaces ends with its only suffix; a sentence before it makes it a text
        is_last = others[-1] and not any([first, *others[:-1]])
        names_file = starts_path and is_last and not re.search(r"[.!?…:;]\W*\s", text)
    else:
        names_file = (first or starts_path) and not re.search("[。！？，、；]", text)
    # Unlike Path.exists, os.path.exists never raises.
    if names_file or ((not others or others[-1] or starts_path) and os.path.exists(text)):  # noqa: PTH110
        hint = "Pass pathlib.Path(…) to read the file."
        raise ArticleError(f"“{shown}” is a path, not the text of an article.", hint=hint)
