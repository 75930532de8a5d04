"""Load plain text in any encoding."""

import codecs
import re

from summarizer.article import Article
from summarizer.errors import ArticleError

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


def load_text(data: bytes, name: str) -> Article:
    """Load plain text: UTF-8 with or without BOM, UTF-16 and UTF-32 with BOM, or the most likely encoding.

    Raises:
        ArticleError: The content is damaged or binary.
    """
    text, encoding = _decode(data, name)
    return Article.from_text(text, encoding=encoding)


def detect_bom(data: bytes) -> str | None:
    """Return the encoding that a byte order mark names."""
    return next((encoding for bom, encoding in _BOMS if data.startswith(bom)), None)


def _decode(data: bytes, name: str) -> tuple[str, str]:
    """Return the text and its encoding."""
    encoding = detect_bom(data)
    try:
        text = data.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        if encoding:
            raise ArticleError(f"{name} begins as {encoding.upper()} but is damaged at byte {error.start}.") from error
        return _decode_as_likeliest(data, name)
    if len(_CONTROL.findall(text[:_SAMPLE])) > len(text[:_SAMPLE]) // 10:
        raise _binary_error(name)
    return text, encoding or "utf-8"


def _decode_as_likeliest(data: bytes, name: str) -> tuple[str, str]:
    if b"\0" in data:
        raise _binary_error(name)
    if (text := _decode_western(data)) is not None:
        return text, "cp1252"
    import charset_normalizer  # slow to import, rarely needed

    guess = charset_normalizer.from_bytes(data).best()
    if guess is None:
        raise _binary_error(name)
    return str(guess), guess.encoding


def _decode_western(data: bytes) -> str | None:
    """Decode Windows-1252 if it clearly is; charset-normalizer often misses it in short texts."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    rare = sum(character.isalpha() for character in text if not character.isascii())
    common = sum(map(str.isalpha, filter(str.isascii, text)))
    return text if 5 * rare <= common and _WESTERN.fullmatch(text) else None


def _binary_error(name: str) -> ArticleError:
    return ArticleError(f"{name} is binary, not text.", hint="Only text can be read.")
