"""What the answers of servers mean: statuses, media types, encodings, bodies."""

import re
import zlib
from collections.abc import Iterator
from contextlib import aclosing
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from summarizer._patterns import compile_lazily
from summarizer._text import shorten
from summarizer.errors import FetchFailed
from summarizer.fetching.addresses import Address

if TYPE_CHECKING:
    from httpcore2 import Response

_PIECE = 262_144  # bytes that are decompressed at once
_IN_A_BROWSER = "Open it in a browser and save the page. Then name the file."

# The sentence for a status, and a hint.
_STATUSES: dict[int, tuple[str, str]] = {
    204: ("{url} has no content", ""),
    304: ("{host} sent no page for {url}, as if it had been fetched before", ""),
    400: ("{host} rejects the request for {url} as invalid", "Check the address."),
    401: ("{url} requires a login", _IN_A_BROWSER),
    403: ("{host} refuses to send {url}", f"It may refuse programs. {_IN_A_BROWSER}"),
    404: ("There is no page {url}", "Check the address."),
    410: ("The page {url} has been removed", ""),
    429: ("{host} gets too many requests and does not send {url}", ""),
    451: ("{host} does not send {url}, for legal reasons", ""),
    500: ("{host} failed on {url}", ""),
    502: ("{host} cannot reach the server behind it for {url}", ""),
    503: ("{host} is not available and does not send {url}", ""),
    504: ("{host} waited too long for the server behind it for {url}", ""),
}
_RETRYABLE = frozenset({408, 425, 429, 500, 502, 503, 504, *range(520, 531)})  # 520 to 530: Cloudflare's

# What is not an article. Zip archives may be documents.
_OTHER_TYPES = compile_lazily(
    r"(?:image|video|audio|font|model)/|text/css|(?:application|text)/(?:x-)?(?:java|ecma)script"
    r"|application/(?!epub).*(?:zip|tar|rar|7z|xz|zstd|compress|archive|iso9660|diskimage|package|wasm|executable"
    r"|msdownload|x-elf|mach-binary|sharedlib|flash)"
)
_ZIPPED_DOCUMENTS = (".docx", ".docm", ".epub")  # servers may call them zip archives


def header(response: "Response", name: bytes) -> str:
    """Return a header; several of the same name are joined by commas."""
    return ", ".join(value.decode("latin-1") for key, value in response.headers if key.lower() == name).strip()


def read_content_type(response: "Response") -> tuple[str, str | None]:
    """Return the media type in lower case, and the declared encoding."""
    value = header(response, b"content-type")
    media_type = value.partition(";")[0].partition(",")[0].strip().lower()
    charset = re.search(r";\s*charset\s*=\s*[\"']?([\w.:+-]+)", value, re.IGNORECASE)
    return (media_type if re.fullmatch(r"[\w.+-]+/[\w.+-]+", media_type) else ""), charset[1] if charset else None


def status_error(status: int, address: Address, *, wait: float | None = None) -> FetchFailed:
    """Return the error of an HTTP status; ``wait`` are the seconds that the server asks to wait."""
    default = "{host} failed on {url}" if status >= 500 else "{host} does not send {url}"
    sentence, hint = _STATUSES.get(status, (default, ""))
    is_retryable = status in _RETRYABLE
    if is_retryable:
        hint = f"Try again in {wait:,.0f} seconds." if wait else "Try later."
    message = sentence.format(host=address.host, url=address.shown)
    return FetchFailed(f"{message} (HTTP {status}).", hint=hint, status=status, retryable=is_retryable)


def check_answer(response: "Response", address: Address, max_bytes: int) -> None:
    """Refuse what cannot be read as an article, before its body is downloaded."""
    media_type, _ = read_content_type(response)
    is_document = media_type.endswith("zip") and address.target.partition("?")[0].lower().endswith(_ZIPPED_DOCUMENTS)
    if _OTHER_TYPES.match(media_type) and not is_document:
        hint = "Give the address of an article."
        raise FetchFailed(f"{address.shown} is not an article, but of the type {media_type}.", hint=hint)
    length = header(response, b"content-length")
    if length.isascii() and length.isdigit() and int(length[:18]) > max_bytes:
        raise too_large(address, max_bytes)


async def read_body(response: "Response", address: Address, max_bytes: int, *, truncate: bool = False) -> bytes:
    """Read and decompress a body.

    Args:
        response: The response.
        address: The address of the page, for messages.
        max_bytes: The size at most, before and after decompression.
        truncate: Whether the rest of a longer body is left out; otherwise it is an error.
    """
    decoder = _Decoder(header(response, b"content-encoding"), address)
    body, received = bytearray(), 0
    async with aclosing(response.aiter_stream()) as chunks:
        async for chunk in chunks:
            received += len(chunk)
            for piece in decoder.decode(chunk):
                body += piece
                if len(body) > max_bytes:
                    break
            if len(body) > max_bytes or received > max_bytes:
                if truncate:
                    return bytes(body[:max_bytes])
                raise too_large(address, max_bytes)
    if not decoder.is_complete:
        raise broken_off(address)
    return bytes(body)


def broken_off(address: Address) -> FetchFailed:
    """Return the error of a page that did not arrive as a whole."""
    message = f"The connection was closed before {address.shown} was complete."
    return FetchFailed(message, hint="Try again.", retryable=True)


def too_large(address: Address, max_bytes: int) -> FetchFailed:
    """Return the error of a page that is too large."""
    size = f"{max_bytes / 1e6:g} MB" if max_bytes >= 100_000 else f"{max_bytes:,} bytes"
    return FetchFailed(f"{address.shown} is larger than {size}.", hint="Download it and name the file.")


def read_retry_after(response: "Response") -> float | None:
    """Return the seconds that the server asks to wait before the next request."""
    value = header(response, b"retry-after")
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0)


def read_cookies(response: "Response") -> Iterator[tuple[str, str]]:
    """Yield the names and values of the cookies that a response sets."""
    for key, value in response.headers:
        if key.lower() == b"set-cookie":
            name, equals, content = value.decode("latin-1").partition(";")[0].partition("=")
            if equals and re.fullmatch(r"[!-:<-~]+", name.strip()) and re.fullmatch(r"[ -:<-~]*", content.strip()):
                yield name.strip(), content.strip()


def is_printable(value: str) -> bool:
    """Return whether a header value of a server can be sent back."""
    return 0 < len(value) <= 500 and value.isascii() and value.isprintable()


class _Decoder:
    """Decompresses a body piece by piece, so that a gzip bomb takes no more memory than one piece."""

    def __init__(self, encoding: str, address: Address) -> None:
        self._address = address
        encoding = encoding.lower()
        if encoding not in {"", "identity", "gzip", "x-gzip"}:
            named = shorten(encoding, 40)
            raise FetchFailed(f"{address.host} compressed {address.shown} with {named}, though only gzip was offered.")
        self._gzip = zlib.decompressobj(wbits=31) if "gzip" in encoding else None
        self.is_complete = True
        self._is_padded = False

    def decode(self, chunk: bytes) -> Iterator[bytes]:
        """Yield the content of a chunk in pieces."""
        if self._gzip is None:
            yield chunk
            return
        while chunk and not self._is_padded:
            if self._gzip.eof:  # a file may have several parts; anything else after the first is padding
                self._gzip = zlib.decompressobj(wbits=31)
                self._is_padded = not chunk.startswith(b"\x1f")
                continue
            try:
                yield self._gzip.decompress(chunk, _PIECE)
            except zlib.error as error:
                message = f"{self._address.shown} arrived damaged: it is not valid gzip."
                raise FetchFailed(message, retryable=True) from error
            chunk = self._gzip.unused_data or self._gzip.unconsumed_tail
            self.is_complete = self._gzip.eof
