"""Read WARC files: the pages, PDF files and texts that a crawler stored."""

import contextlib
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, BinaryIO

from summarizer._lazy import import_extra
from summarizer._text import one_line, shorten
from summarizer.errors import ArticleError
from summarizer.fetching import strip_credentials
from summarizer.sources.base import Container, Content, Entry, Skipped
from summarizer.sources.loaders import load_content

MAX_PAYLOAD = 20_000_000
"""Bytes of a stored page at most, after decompression."""
_MAX_HEADERS = 1_000_000
"""Bytes of the headers of a record, and of the lengths of its chunks."""
_MEDIA_TYPES = ("text/html", "application/xhtml+xml", "application/pdf", "text/plain", "text/markdown")
_RECORD_TYPES = ("response", "resource", "conversion")  # the others hold requests and notes of the crawler
_MAX_NAMES = 3
_HEAD = 1_000  # bytes that show the format
_GZIP = b"\x1f\x8b"
_GZIP_BITS = zlib.MAX_WBITS | 16


def read_warc(file: BinaryIO, name: str) -> Iterator[Entry]:
    """Yield the articles of a WARC or ARC file, one at a time. Other answers are counted by their reason.

    Raises:
        MissingExtra: The extra ``web`` is not installed.
    """
    iterator = import_extra("warcio.archiveiterator", "web", "WARC files")

    class Records(iterator.ArchiveIterator):  # type: ignore[misc,name-defined]
        INC_RECORD = ""  # it would be printed

    if not is_warc(file.read(_HEAD)):  # warcio would take any text for an ARC file
        yield Entry(ArticleError(f"{name} is not a WARC file, or it is damaged.", hint="Get the file again."), name)
        return
    file.seek(0)
    skipped: defaultdict[str, Counter[str]] = defaultdict(Counter)
    stream = _Stream(file)
    records, number, left = Records(stream), 0, _MAX_HEADERS
    record: Any = None
    read_line = records.reader.readline

    def read_bounded_line(length: int | None = None) -> bytes:
        nonlocal left
        line = bytes(read_line(min(length or left, left)))
        left -= len(line)
        if left <= 0:
            raise ArticleError("its headers are too long")
        return line

    records.reader.readline = read_bounded_line
    try:
        for number, record in enumerate(records, 1):  # noqa: B007
            left = _MAX_HEADERS
            if entry := _read_record(record, skipped):
                yield entry
        problem = stream.problem
        if not number:
            problem = problem or "it has no complete record"
        elif getattr(record.raw_stream, "limit", 0) > 0:
            problem = problem or "its last record is cut off"
        elif records.err_count:
            problem = problem or "a record is longer than it says"
    except ArticleError as error:
        problem = stream.problem or error.message
    except Exception as error:  # warcio raises exceptions of many kinds on damaged files
        problem = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    for reason, names in skipped.items():
        yield Entry(Skipped(name, _describe(reason, names)), name)
    if problem:
        message = f"{name} is damaged after record {number:,} ({problem[:200]}); later records may be missing."
        yield Entry(ArticleError(message), name)


class _Stream:
    """The content of a file, decompressed. Damage ends it; what comes before is read.

    warcio's own decompression refuses files that are compressed as a whole, and prints errors.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.problem = ""
        self._file, self._pending = file, file.read(len(_GZIP))
        self._is_compressed = self._pending == _GZIP
        self._member: Any = None  # the decompressor of the current member: most files have one for each record
        self._position = 0

    def tell(self) -> int:
        """Return the number of bytes that were read."""
        return self._position

    def read(self, size: int) -> bytes:
        """Return some bytes, or none at the end."""
        data = b""
        while not data and not self.problem:
            if not self._pending:
                self._pending = self._file.read(size)
            if not self._pending and not self._member:
                break
            data = self._decompress(size) if self._is_compressed else self._pending
            self._pending = self._pending if self._is_compressed else b""
        self._position += len(data)
        return data

    def _decompress(self, size: int) -> bytes:
        """Decompress what was read, at most ``size`` bytes; the rest stays pending."""
        self._member = self._member or zlib.decompressobj(_GZIP_BITS)
        is_at_end = not self._pending
        try:
            data = bytes(self._member.decompress(self._pending, size))
        except zlib.error:
            self.problem = "its compressed data are broken"
            return b""
        self._pending = self._member.unconsumed_tail or self._member.unused_data.lstrip(b"\0")
        if self._member.eof:
            self._member = None
        elif is_at_end and not data:
            self.problem = "its compressed data end too early"
        return data


def _read_record(record: Any, skipped: defaultdict[str, Counter[str]]) -> Entry | None:
    """Return the article of a record, or count it as skipped. Notes of the crawler do not count."""
    found = record.rec_headers.get_header("WARC-Target-URI") or record.rec_headers.get_header("uri")
    url = one_line(strip_credentials(found or "a record"))
    if record.rec_type == "revisit":
        skipped["unchanged since an earlier visit"][url] += 1
    if not record.rec_type:
        raise ArticleError("a record has no type")
    if record.rec_type not in _RECORD_TYPES:
        return None
    headers = record.http_headers
    status = headers.get_statuscode() if headers else "200"
    if status != "200":
        skipped[f"with status {status}"][url] += 1
        return None
    declared = (headers.get_header("content-type") if headers else record.content_type) or ""
    media_type = declared.partition(";")[0].strip().lower()
    if media_type and media_type not in _MEDIA_TYPES:
        skipped[f"of type {shorten(media_type, 80)}"][url] += 1
        return None
    try:
        data = _read_payload(record)
    except ValueError as error:
        skipped[str(error)][url] += 1
        return None
    content = Content(data, url, media_type=media_type, charset=_charset(declared), url=url)
    try:
        return Entry(load_content(content).with_metadata(source=url), url)
    except ArticleError as error:
        return Entry(error, url)


def _read_payload(record: Any) -> bytes:
    """Return the payload of a record, decompressed.

    Raises:
        ArticleError: The file ends within the payload.
        ValueError: It is too large, or compressed in another way; the message completes "an answer …".
    """
    stream, headers = record.raw_stream, record.http_headers
    is_chunked = headers and (headers.get_header("transfer-encoding") or "").lower() == "chunked"
    if is_chunked:
        stream = import_extra("warcio.bufferedreaders", "web").ChunkedDataReader(stream)
    data = bytes(stream.read(MAX_PAYLOAD + 1))
    if len(data) <= MAX_PAYLOAD and getattr(record.raw_stream, "limit", 0) > 0 and not is_chunked:
        raise ArticleError("its last record is cut off")
    encoding = ((headers.get_header("content-encoding") if headers else "") or "").strip().lower()
    if encoding in ("gzip", "x-gzip", "deflate"):
        data = _decompress(data)
    elif encoding not in ("", "identity") and not data.lstrip().startswith((b"<", b"%PDF")):  # some store it decoded
        raise ValueError(f"compressed with {encoding[:20]}")
    if len(data) > MAX_PAYLOAD:
        raise ValueError(f"larger than {MAX_PAYLOAD // 1_000_000} MB")
    return data


def _decompress(data: bytes) -> bytes:
    """Decompress gzip or deflate as far as it is intact. Data that some crawlers stored decompressed stay as is."""
    for bits in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):  # with the header of gzip or zlib, or raw
        decompressor = zlib.decompressobj(bits)
        result = b""
        with contextlib.suppress(zlib.error):
            result = decompressor.decompress(data, MAX_PAYLOAD + 1)
        if result:
            return result
    if data.startswith(_GZIP):
        raise ValueError("whose compressed data are broken")
    return data


def _charset(content_type: str) -> str | None:
    for part in content_type.split(";")[1:]:
        key, _, value = part.partition("=")
        if key.strip().lower() == "charset":
            return value.strip().strip("\"'") or None
    return None


def _describe(reason: str, names: Counter[str]) -> str:
    """Describe records that are left out for one reason."""
    count = names.total()
    shown = ", ".join([*names][:_MAX_NAMES])
    more = f" and {len(names) - _MAX_NAMES:,} more" if len(names) > _MAX_NAMES else ""
    return f"{count:,} {'answer' if count == 1 else 'answers'} {reason}: {shown}{more}"


def is_warc(head: bytes) -> bool:
    """Return whether a file begins as WARC or ARC, also compressed with gzip."""
    if head.startswith(_GZIP):
        try:
            head = zlib.decompressobj(_GZIP_BITS).decompress(head, 100)
        except zlib.error:
            return False
    return head.startswith((b"WARC/", b"filedesc://"))


WARC = Container(
    "a WARC file",
    read_warc,
    suffixes=(".warc", ".warc.gz", ".arc", ".arc.gz"),
    media_types=("application/warc", "application/x-warc"),
    recognizes=is_warc,
)
