"""Load plain text."""

import codecs
import re

from summarizer.article import Article, TextAnchors
from summarizer.errors import ArticleError
from summarizer.sources.base import Content, Loader

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


def detect_bom(data: bytes) -> str | None:
    """Return the encoding that a byte order mark names."""
    return next((encoding for bom, encoding in _BOMS if data.startswith(bom)), None)


def load_text(content: Content) -> Article:
    """Load plain text: UTF-8 with or without BOM, UTF-16 and UTF-32 with BOM, or the most likely encoding."""
    data, name = content.data, content.name
    encoding = detect_bom(data)
    try:
        text = data.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        if encoding:
            raise ArticleError(f"{name} begins as {encoding.upper()} but is damaged at byte {error.start}.") from error
        return _load_legacy_text(data, name)
    if len(_CONTROL.findall(text[:_SAMPLE])) > len(text[:_SAMPLE]) // 10:
        raise _binary_error(name)
    return _article(text, encoding or "utf-8")


def _load_legacy_text(data: bytes, name: str) -> Article:
    if b"\0" in data:
        raise _binary_error(name)
    western = data.decode("cp1252", errors="replace")
    letters = [character for character in western if character.isalpha()]
    # If it clearly is Windows-1252: charset-normalizer often misses it in short texts.
    if _WESTERN.fullmatch(western) and 6 * sum(not letter.isascii() for letter in letters) <= len(letters):
        return _article(western, "cp1252")
    import charset_normalizer  # slow to import, rarely needed

    guess = charset_normalizer.from_bytes(data).best()
    if guess is None:
        raise _binary_error(name)
    return _article(str(guess), guess.encoding)


def _article(text: str, encoding: str) -> Article:
    return Article.from_text(text, encoding=encoding, anchors=TextAnchors(text))


def _binary_error(name: str) -> ArticleError:
    return ArticleError(f"{name} is binary, not text.", hint="Only text can be read.")


TEXT = Loader("text", load_text, suffixes=(".txt", ".text"), media_types=("text/plain",))
