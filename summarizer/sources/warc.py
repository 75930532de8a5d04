"""Read WARC files: the pages, PDF files and texts that a crawler stored."""

import contextlib
import gzip
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from summarizer._lazy import import_extra
from summarizer.errors import ArticleError
from summarizer.sources.base import Container, Content, Entry, Skipped
from summarizer.sources.loaders import load_content

MAX_PAYLOAD = 20_000_000
"""Bytes of a stored page at most, after decompression."""
_MEDIA_TYPES = ("text/html", "application/xhtml+xml", "application/pdf", "text/plain", "text/markdown")
_RECORD_TYPES = ("response", "resource", "conversion")  # the others hold requests and notes of the crawler
_MAX_NAMES = 3
_GZIP = b"\x1f\x8b"


def read_warc(file: BinaryIO, name: str) -> Iterator[Entry]:
    """Yield the articles of a WARC or ARC file, one at a time. Other answers are counted by their reason.

    Raises:
        ConfigurationError: The extra ``web`` is not installed.
    """
    iterator = import_extra("warcio.archiveiterator", "web", "WARC files")

    class Records(iterator.ArchiveIterator):  # type: ignore[misc,name-defined]
        INC_RECORD = ""  # it would be printed

    skipped: defaultdict[str, Counter[str]] = defaultdict(Counter)
    number = 0
    try:
        # Decompressed here: the iterator refuses files that are compressed as a whole, and prints errors.
        records = Records(_decompress_file(file))
        for number, record in enumerate(records, 1):  # noqa: B007
            if entry := _read_record(record, skipped):
                yield entry
        problem = "a record is longer than it says" if records.err_count else ""
    except Exception as error:  # warcio raises exceptions of many kinds on damaged files
        problem = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    for reason, names in skipped.items():
        yield Entry(Skipped(name, _describe(reason, names)), name)
    if problem:
        message = f"{name} is damaged after record {number:,} ({problem[:200]}); later records may be missing."
        yield Entry(ArticleError(message), name)


def _decompress_file(file: BinaryIO) -> BinaryIO:
    start = file.read(len(_GZIP))
    file.seek(0)
    return cast("BinaryIO", gzip.GzipFile(fileobj=file)) if start == _GZIP else file


def _read_record(record: Any, skipped: defaultdict[str, Counter[str]]) -> Entry | None:
    """Return the article of a record; or count the record among the skipped, unless it is a note of the crawler."""
    url = record.rec_headers.get_header("WARC-Target-URI") or record.rec_headers.get_header("uri") or "a record"
    if record.rec_type == "revisit":
        skipped["unchanged since an earlier visit"][url] += 1
    if record.rec_type not in _RECORD_TYPES:
        return None
    headers = record.http_headers
    status = headers.get_statuscode() if headers else "200"
    if status != "200":
        skipped[f"answered with status {status}"][url] += 1
        return None
    declared = (headers.get_header("content-type") if headers else record.content_type) or ""
    media_type = declared.partition(";")[0].strip().lower()
    if media_type and media_type not in _MEDIA_TYPES:
        skipped[f"of type {media_type}"][url] += 1
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
        ValueError: It is too large, or compressed in another way; the message completes "an answer …".
    """
    stream, headers = record.raw_stream, record.http_headers
    if headers and (headers.get_header("transfer-encoding") or "").lower() == "chunked":
        stream = import_extra("warcio.bufferedreaders", "web").ChunkedDataReader(stream)
    data = bytes(stream.read(MAX_PAYLOAD + 1))
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
            head = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, 100)
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
