"""Decode web pages: byte order mark, declared encodings, UTF-8, then a guess."""

import codecs
import re

from summarizer._patterns import compile_lazily
from summarizer.sources.encodings import Decoded, decode_wide, detect_bom, detect_wide, guess_encoding, repair_utf_8

_PRESCAN = 4_096  # bytes; the HTML standard asks for 1,024
_META = compile_lazily(rb"<meta\b[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE)
_XML = compile_lazily(rb"\s*<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([\w:.-]+)", re.IGNORECASE)
# Labels that the WHATWG Encoding Standard reads otherwise than Python's codecs do.
_LABELS = {
    **dict.fromkeys(("ascii", "iso8859-1", "x-user-defined"), "cp1252"),
    **dict.fromkeys(("iso8859-9",), "cp1254"),
    **dict.fromkeys(("iso8859-11", "tis-620", "dos-874", "windows-874"), "cp874"),
    **dict.fromkeys(("gb2312", "gbk", "x-gbk", "hz"), "gb18030"),
    **dict.fromkeys(("shift_jis", "sjis", "x-sjis", "ms932", "windows-31j"), "cp932"),
    **dict.fromkeys(("euc_kr", "ks_c_5601-1987", "ksc5601", "windows-949"), "cp949"),
    **dict.fromkeys(("big5", "x-x-big5", "cn-big5"), "big5hkscs"),
    **dict.fromkeys(("iso-8859-8-i", "logical", "visual"), "iso8859-8"),
    **dict.fromkeys(("x-mac-cyrillic", "x-mac-ukrainian"), "mac-cyrillic"),
    **dict.fromkeys(("macintosh", "x-mac-roman"), "mac-roman"),
    "unicode-1-1-utf-8": "utf-8",
    **{f"x-cp125{digit}": f"cp125{digit}" for digit in range(9)},
}


def decode_page(data: bytes, charset: str | None = None) -> Decoded:
    """Decode a page as browsers do, but correct declarations that its bytes contradict.

    Args:
        data: The page.
        charset: The encoding that the server declared. It takes precedence over the page's own declaration.
    """
    bom = detect_bom(data)
    if bom:
        text = data.decode(bom, errors="replace")
        return Decoded(text, bom, _damage(text.count("\ufffd"), bom))
    if wide := detect_wide(data):
        return decode_wide(data, wide, charset)
    declared = list(dict.fromkeys(filter(None, (_codec(charset), _declared(data)))))
    warnings: tuple[str, ...] = ()
    if len(declared) > 1 and not data.isascii():
        warnings += (f"The server declares the encoding {declared[0]}, but the page declares {declared[1]}.",)
    if declared and declared[0].startswith("utf-16"):  # only a server can declare it
        text = data.decode(declared[0], errors="replace")
        return Decoded(text, declared[0], warnings)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        page = _decode_other(data, declared)
        return page._replace(warnings=warnings + page.warnings)
    if data.isascii() and declared and declared[0].startswith(("iso2022", "hz")):
        text = data.decode(declared[0], errors="replace")
        return Decoded(text, declared[0], warnings)
    if declared and not data.isascii() and "utf-8" not in declared:
        warnings += (f"The page declares the encoding {declared[0]}, but it is UTF-8.",)
    return Decoded(text, "utf-8", warnings)


def _decode_other(data: bytes, declared: list[str]) -> Decoded:
    """Decode a page that is not valid UTF-8 throughout."""
    repaired, good, bad = repair_utf_8(data)
    says_utf_8 = not declared or declared[0] == "utf-8"
    # Legacy text hardly ever has valid sequences of UTF-8: where they prevail, the other bytes are the exception.
    if good > 4 * bad or (says_utf_8 and good > bad):
        return Decoded(repaired, "utf-8", _damage(bad, "utf-8"))
    for encoding in _by_likelihood([encoding for encoding in declared if encoding != "utf-8"], data):
        try:
            return Decoded(data.decode(encoding), encoding)
        except UnicodeDecodeError:
            text = data.decode(encoding, errors="replace")
            damaged = text.count("\ufffd")
            if damaged <= max(3, len(text) // 1_000):
                return Decoded(text, encoding, _damage(damaged, encoding))
    encoding = guess_encoding(_without_markup(data)) or "cp1252"
    text = data.decode(encoding, errors="replace")
    reason = (
        f"The page declares the encoding {declared[0]}, but it is not" if declared else "The page declares no encoding"
    )
    return Decoded(text, encoding, (f"{reason}; it was read as {encoding}, which is a guess.",))


def _by_likelihood(declared: list[str], data: bytes) -> list[str]:
    """Return declared encodings, the likeliest first if they contradict each other."""
    if len(declared) > 1:
        likeliest = guess_encoding(_without_markup(data), declared)
        declared.sort(key=lambda encoding: encoding != likeliest)
    return declared


def _without_markup(data: bytes) -> bytes:
    """Return the parts around letters that are not ASCII: markup says nothing about the encoding."""
    return b"\n".join(re.findall(rb"[^<>]{0,80}[\x80-\xff][^<>]{0,80}", data[:500_000]))


def _declared(data: bytes) -> str | None:
    """Return the encoding that a page declares in its markup."""
    head = data[:_PRESCAN]
    found = _XML.match(head) or _META.search(head)
    encoding = _codec(found[1].decode("ascii", errors="replace")) if found else None
    # A declaration that can be read as ASCII is not in UTF-16.
    return "utf-8" if encoding and encoding.startswith(("utf-16", "utf-32", "utf-7")) else encoding


def _codec(label: str | None) -> str | None:
    """Return the name of the codec for a label, or None if it is unknown."""
    name = (label or "").strip().strip("\"'").lower()
    if name in _LABELS:
        return _LABELS[name]
    try:
        found = codecs.lookup(name)
        "a".encode(name)  # refuses codecs that are not encodings of text, such as "hex"
    except (LookupError, ValueError, TypeError):
        return None
    return _LABELS.get(found.name, found.name)


def _damage(count: int, encoding: str) -> tuple[str, ...]:
    if not count:
        return ()
    places = "1 place, which was" if count == 1 else f"{count} places, which were"
    return (f"The page is not valid {encoding.upper()} in {places} read as well as possible.",)
