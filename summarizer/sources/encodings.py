"""Decode text of unknown encoding: byte order marks, UTF-8, UTF-16 and UTF-32, mixed and legacy encodings."""

import codecs
import re
from collections.abc import Collection
from typing import NamedTuple

from summarizer._patterns import compile_lazily
from summarizer.errors import ArticleError

_BOMS = (  # longest first: the BOM of UTF-32-LE begins with that of UTF-16-LE
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_SAMPLE = 50_000  # bytes or characters that a guess looks at
_HEAD = 1_000_000  # bytes in which the lines decide whether encodings are mixed
_MIN_SHARE = 0.97  # of the characters of a sample that must be ordinary in UTF-16 or UTF-32
_MIN_SEQUENCES = 3  # of UTF-8 in a line that show that the line is UTF-8

_CONTROL = compile_lazily(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_ORDINARY = compile_lazily(  # the scripts of living languages, by blocks
    "[\t\n\r -~\xa0-\u024f\u0370-\u052f\u0531-\u058f\u0590-\u074f\u0900-\u109f\u10a0-\u10ff\u1200-\u139f\u1e00-\u1fff"
    "\u2010-\u2044\u20a0-\u20c0\u2100-\u214f\u3000-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff01-\uffee]"
)

_ENCODINGS = (
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
    *("iso8859-1", "iso8859-2", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8", "iso8859-9", "iso8859-13"),
    *("iso8859-15", "iso8859-16", "koi8-r", "koi8-u", "cp437", "cp850", "cp852", "cp866"),
    *("mac-cyrillic", "mac-roman", "mac-latin2"),
    *("shift_jis", "cp932", "euc-jp", "gb18030", "big5", "big5hkscs", "euc-kr", "cp949"),
)
# Rarely used: they need better evidence. Measured on short texts in 36 languages.
_WEIGHTS = {
    "cp437": 0.3,
    "cp850": 0.3,
    "cp852": 0.5,
    "cp866": 0.8,
    "iso8859-16": 0.3,
    "mac-cyrillic": 0.5,
    "mac-roman": 0.3,
    "mac-latin2": 0.3,
}
_WESTERN_WEIGHT = 1.4
_SUPERSETS = {"shift_jis": "cp932", "shift_jis_2004": "cp932", "euc_jis_2004": "euc_jp", "iso8859-1": "cp1252"}
# Windows-1252 as used in Western Europe, without letters that far more often come from another code page:
# a Czech š, a Turkish ş (þ), a Hungarian ő (õ).
_WESTERN_SIGNS = "\t\n\r\x0c -~\xa0-¿“”‘’„‚‹›–—…€•™†‡‰"
_WESTERN = compile_lazily(f"[{_WESTERN_SIGNS}àáâãäåæçèéêëìíîïñòóôöøùúûüÿœßÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖØÙÚÛÜŒ]*")
_ONLY_SIGNS = compile_lazily(f"[{_WESTERN_SIGNS}]*")

_GUESS = "No encoding is declared; the text was read as {}, which is a guess."
_LETTER = r"[^\W\d_]"
# A wrong guess puts signs into words, mixes scripts, or changes case within a word.
_ODD = compile_lazily(
    rf"{_LETTER}[¡-©«-¬®-´¶-¹»-¿¨˝˛˘¸ˇ]"
    rf"|[¢-¦¨¬¯±-´¶¸¹¼-¾¨˝˛˘¸ˇ†‡‰…‹›─-▟](?={_LETTER})"
    r"|[a-zà-öø-ÿ][A-ZÀ-ÖØ-Þ](?![A-Z])"
    r"|[\x80-\x9f\ue000-\uf8ff─-▟]"
    r"|[^\x00-\x7f\W\d_]\d|\d[^\x00-\x7f\W\d_ªº]"
    r"|[A-Za-zÀ-ɏ][Ͱ-ۿ]|[Ͱ-ۿ][A-Za-zÀ-ɏ]"
)
_CLOSING = compile_lazily(rf"(?<={_LETTER})[»…®©](?!\w)")  # follow a word in every language


class Decoded(NamedTuple):
    """A text, and how it was decoded."""

    text: str
    encoding: str
    """The encoding, as Python names it."""
    warnings: tuple[str, ...] = ()
    """Guesses and damage, each a sentence."""


def detect_bom(data: bytes) -> str | None:
    """Return the encoding that a byte order mark names."""
    return next((encoding for bom, encoding in _BOMS if data.startswith(bom)), None)


def decode(data: bytes, name: str, declared: str | None = None) -> Decoded:
    """Decode the text of a file.

    Args:
        data: The content of the file.
        name: The name of the file in error messages.
        declared: The encoding that a server or a header names. It counts if the content is not UTF-8 and fits it.

    Raises:
        ArticleError: The content is binary, or is damaged after its byte order mark.
    """
    if bom := detect_bom(data):
        try:
            return Decoded(data.decode(bom), bom)
        except UnicodeDecodeError as error:
            raise ArticleError(f"{name} begins as {bom.upper()} but is damaged at byte {error.start}.") from error
    if wide := detect_wide(data):
        return decode_wide(data, wide, declared)
    try:
        decoded = Decoded(data.decode(), "utf-8")
    except UnicodeDecodeError:
        if any(_looks_binary(data[at : at + _SAMPLE].decode("latin-1")) for at in (0, len(data) // 2)):
            return decode_wide(data, _detect_spaceless(data, name), declared)
        decoded = _decode_declared(data, declared) or decode_mixed(data) or _decode_legacy(data, name)
    else:
        if b"\x1b" in data:
            decoded = _decode_escapes(data) or decoded
    if _looks_binary(decoded.text[: 2 * _SAMPLE]):
        raise _binary_error(name)
    return decoded


def detect_wide(data: bytes, *, needs_null: bool = True) -> str | None:
    """Return the encoding of UTF-16 or UTF-32 without a byte order mark, or None.

    Only in one order of the bytes are nearly all characters those of living languages. Spaces and line ends have null
    bytes; a Chinese text may have none.
    """
    sample = data[:_SAMPLE]
    if (needs_null and sample.count(0) * 200 < len(sample)) or len(data) < 4:
        return None
    best: tuple[float, str | None] = (_MIN_SHARE, None)
    for encoding in _WIDE:
        if len(data) % (4 if "32" in encoding else 2) > 1:
            continue
        text = sample[: len(sample) // 4 * 4].decode(encoding, errors="replace")
        blocks = {character >> 8 for character in map(ord, text)}
        share = len(_ORDINARY.findall(text)) / max(len(text), 1) - 0.0001 * len(blocks)
        best = max(best, (share, encoding), key=lambda pair: pair[0])
    return best[1]


def decode_wide(data: bytes, encoding: str, declared: str | None = None) -> Decoded:
    """Decode UTF-16 or UTF-32 without a byte order mark. It is a guess, unless ``declared`` is the same encoding."""
    text = data.decode(encoding, errors="replace")
    is_declared = (declared or "").lower().replace("_", "-") in (encoding, encoding[: len("utf-16")])
    warnings = [] if is_declared else [_GUESS.format(encoding)]
    if "\ufffd" in text:
        warnings.append(f"Some of the text is damaged {encoding.upper()}.")
    return Decoded(text, encoding, tuple(warnings))


def decode_mixed(data: bytes) -> Decoded | None:
    """Decode UTF-8 that other bytes interrupt, or return None if it is not mostly UTF-8.

    Legacy text hardly ever has valid sequences of UTF-8. Where they prevail, the other bytes are the exception.
    """
    head = data[:_HEAD]
    lines = head.splitlines(keepends=True)
    other = [line for line in lines if not _is_utf_8(line)]
    is_mixed = any(sum(byte >= 0xC0 for byte in line) >= _MIN_SEQUENCES for line in lines if _is_utf_8(line))
    if is_mixed and not any(repair_utf_8(line)[1] for line in other):  # whole lines in another encoding
        encoding = guess_encoding(b"".join(other)) or "cp1252"
        lines = data.splitlines(keepends=True)
        text = "".join(line.decode("utf-8" if _is_utf_8(line) else encoding, errors="replace") for line in lines)
        others = sum(not _is_utf_8(line) for line in lines)
        count = "1 line is" if others == 1 else f"{others} lines are"
        return Decoded(text, "utf-8", (f"The encodings are mixed: {count} not UTF-8 but, as a guess, {encoding}.",))
    _, good, bad = repair_utf_8(head)
    if not is_mixed and good <= 4 * bad:
        return None
    text, _, bad = repair_utf_8(data)
    return Decoded(text, "utf-8", _damage(bad))


def repair_utf_8(data: bytes) -> tuple[str, int, int]:
    """Decode UTF-8 with some other bytes, which are read as Windows-1252.

    Returns:
        The text, the number of valid sequences of several bytes, and the number of other bytes.
        A sequence that the end of the data cuts off is left out.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    text = decoder.decode(data)  # not final: keeps back an incomplete sequence at the end
    escaped = re.compile("[\udc80-\udcff]")
    bad = len(escaped.findall(text))
    good = sum(map(len, re.findall(r"[^\x00-\x7f]+", text))) - bad
    if bad:
        text = escaped.sub(lambda byte: bytes([ord(byte[0]) - 0xDC00]).decode("cp1252", errors="replace"), text)
    return text, good, bad


def guess_encoding(data: bytes, candidates: Collection[str] = ()) -> str | None:
    """Return the most likely legacy encoding of a text, or None if it is binary.

    Encodings are ranked by the language models of chardet. Signs within words and mixed scripts count against one.

    Args:
        data: The text.
        candidates: The encodings that come into question, as Python names them; by default all that are common.
    """
    import chardet  # rarely needed

    sample = _sample(data)
    western = sample.decode("cp1252", errors="replace")
    if _ONLY_SIGNS.fullmatch(western) and not _odd(western):
        return "cp1252"  # punctuation and signs say nothing about the language
    included = [name for name in _ENCODINGS if codecs.lookup(name).name in candidates] or _ENCODINGS
    fallback = "cp437" if "cp437" in included else included[0]
    ranked: list[tuple[float, str]] = []
    for found in chardet.detect_all(
        sample, ignore_threshold=True, include_encodings=included, compat_names=False, no_match_encoding=fallback
    ):
        encoding = found["encoding"] and codecs.lookup(found["encoding"]).name
        if not encoding:
            continue
        text = sample.decode(encoding, errors="replace")
        weight = _WEIGHTS.get(encoding, 1.0)
        if encoding == "cp1252" and _WESTERN.fullmatch(text):
            weight = _WESTERN_WEIGHT
        ranked.append((found["confidence"] * weight * 0.5 ** min(_odd(text) + text.count("\ufffd"), 1_000), encoding))
    best = max(ranked, default=(0.0, None))[1]
    return _SUPERSETS.get(best, best) if best else None


def _sample(data: bytes) -> bytes:
    """Return the content, or from a long one the lines with characters that are not ASCII, up to a limit."""
    if len(data) <= _SAMPLE:
        return data
    sample = b""
    for line in data[: 100 * _SAMPLE].splitlines(keepends=True):
        if not line.isascii():
            sample += line[:_SAMPLE]
            if len(sample) >= _SAMPLE:
                break
    return sample


def _odd(text: str) -> int:
    """Return the number of places that look wrongly decoded."""
    return len(_ODD.findall(_CLOSING.sub("", text)))


def _decode_declared(data: bytes, declared: str | None) -> Decoded | None:
    try:
        return Decoded(data.decode(declared), codecs.lookup(declared).name) if declared else None
    except (LookupError, ValueError):
        return None


def _decode_legacy(data: bytes, name: str) -> Decoded:
    encoding = None if b"\0" in data else guess_encoding(data)
    if encoding is None:
        return decode_wide(data, _detect_spaceless(data, name))
    text = data.decode(encoding, errors="replace")
    warnings = [_GUESS.format(encoding)]
    if count := text.count("\ufffd"):
        if count > len(text) // 50:
            raise _binary_error(name)
        warnings.append(f"{count} of its bytes could not be read.")
    return Decoded(text, encoding, tuple(warnings))


def _detect_spaceless(data: bytes, name: str) -> str:
    """Return the encoding of UTF-16 without spaces, such as a short Chinese text; anything else is binary."""
    wide = detect_wide(data, needs_null=False)
    if wide is None:
        raise _binary_error(name)
    return wide


def _decode_escapes(data: bytes) -> Decoded | None:
    """Decode the Japanese encoding that switches character sets with escape sequences."""
    if not re.search(rb"\x1b\$[@B]|\x1b\([BJ]", data):
        return None
    try:
        return Decoded(data.decode("iso2022_jp_2"), "iso2022_jp")
    except UnicodeDecodeError:
        return None


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _damage(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    bytes_were = "1 byte was" if count == 1 else f"{count} bytes were"
    return (f"The text is UTF-8, except that {bytes_were} read as Windows-1252.",)


def _looks_binary(sample: str) -> bool:
    return len(_CONTROL.findall(sample)) > len(sample) // 10


def _binary_error(name: str) -> ArticleError:
    return ArticleError(f"{name} is binary, not text.", hint="Convert it to text or to PDF first.")
