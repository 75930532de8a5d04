"""Read zip files and XML of unknown origin within fixed limits of memory and time."""

import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from summarizer._text import one_line, shorten
from summarizer.errors import ArticleError

MAX_ENTRIES = 10_000
MAX_ENTRY = 50_000_000  # bytes, unpacked
MAX_TOTAL = 200_000_000  # bytes, unpacked
MAX_TEXT = 10_000_000
"""Characters of the text of a document."""
_PIECE = 1_000_000  # bytes unpacked at once
_MAX_DEPTH = 200  # of XML
_MAX_ELEMENTS = 1_000_000  # of an XML file

_AGAIN = "Get the file again, or save its text as plain text."

_DAMAGE = (BadZipFile, ValueError, OSError, NotImplementedError, OverflowError)  # raised by zipfile
_DIRECTORY_ENTRY = b"PK\x01\x02"
_IS_ENCRYPTED = 0x1


def is_zip(data: bytes) -> bool:
    """Return whether the content begins like a zip file, damaged ones included."""
    return data.startswith(b"PK\x03\x04")


def entry_names(data: bytes) -> frozenset[str]:
    """Return the names in a zip file's directory; empty if it is damaged or not a zip file."""
    if not is_zip(data) or data.count(_DIRECTORY_ENTRY) > MAX_ENTRIES:
        return frozenset()
    try:
        with ZipFile(BytesIO(data)) as file:
            return frozenset(file.namelist())
    except _DAMAGE:
        return frozenset()


class Archive:
    """A zip file. The size of what it unpacks is limited, whatever its directory declares.

    Names are only compared: nothing is written to disk, and zip files inside are not opened.
    """

    def __init__(self, data: bytes, name: str, kind: str) -> None:
        """Open a zip file.

        Args:
            data: Its content.
            name: Its name for error messages.
            kind: The format for error messages, with its article: "an EPUB book".

        Raises:
            ArticleError: It is damaged, or has more than `MAX_ENTRIES` entries.
        """
        self._name, self._kind = name, kind
        self._unpacked = 0
        if not is_zip(data):
            raise ArticleError(f"{name} is not {kind}, or it is damaged.")
        if data.count(_DIRECTORY_ENTRY) > MAX_ENTRIES:
            raise ArticleError(f"{name} contains more than {MAX_ENTRIES:,} files.")
        try:
            self._file = ZipFile(BytesIO(data))
        except _DAMAGE as error:
            raise self.damaged() from error
        self.names = frozenset(self._file.namelist())

    def damaged(self, reason: str = "") -> ArticleError:
        """Return the error that the archive is damaged, with a reason such as the name of a file in it."""
        detail = f" ({shorten(one_line(reason), 150)})" if reason else ""
        return ArticleError(f"{self._name} is {self._kind} that is damaged or incomplete{detail}.", hint=_AGAIN)

    def read(self, entry: str) -> bytes:
        """Unpack a file of the archive.

        Raises:
            ArticleError: It is missing, encrypted or damaged, or exceeds a limit.
        """
        try:
            info = self._file.getinfo(entry)
        except KeyError as error:
            raise self.damaged(f"{entry} is missing") from error
        if info.flag_bits & _IS_ENCRYPTED:
            raise ArticleError(f"{self._name} is {self._kind} with a password.", hint="Save it without a password.")
        if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:  # zipfile unpacks others without a limit
            raise self.damaged(f"{entry} has an unusual compression")
        pieces, size = [], 0
        try:
            with self._file.open(info) as stream:
                while piece := stream.read(_PIECE):
                    pieces.append(piece)
                    size += len(piece)
                    self._unpacked += len(piece)
                    if size > MAX_ENTRY or self._unpacked > MAX_TOTAL:
                        limit = MAX_ENTRY if size > MAX_ENTRY else MAX_TOTAL
                        message = f"{self._name} unpacks to more than {limit // 1_000_000} MB, so it is not read."
                        raise ArticleError(message, hint="Save its text as plain text.")
        except (*_DAMAGE, zlib.error, EOFError, RuntimeError) as error:
            raise self.damaged(f"{entry}: {error}") from error
        return b"".join(pieces)

    def read_xml(self, entry: str, *, allow_doctype: bool = False) -> Element:
        """Parse an XML file of the archive; see `parse_xml`.

        Raises:
            ArticleError: The file is missing, damaged or unsafe.
        """
        try:
            return parse_xml(self.read(entry), allow_doctype=allow_doctype)
        except ValueError as error:
            raise self.damaged(f"{entry}: {error}") from error


def parse_xml(data: bytes, *, allow_doctype: bool = False) -> Element:
    """Parse XML without entities of its own, whether internal or external.

    Tags and attributes have the form ``"{namespace}name"``.

    Args:
        data: The XML.
        allow_doctype: Accept a DOCTYPE that declares no entities. What it refers to is never read.

    Raises:
        ValueError: The XML is malformed, declares entities, or is too deep or too large.
    """
    builder = TreeBuilder()

    def start(tag: str, attributes: dict[str, str]) -> None:
        builder.start(_clark(tag), {_clark(name): value for name, value in attributes.items()})

    _scan(data, start, lambda tag: builder.end(_clark(tag)), builder.data, allow_doctype=allow_doctype)
    return builder.close()


def check_xml(data: bytes) -> dict[str, int]:
    """Check XML that another library parses without limits, and count the elements by local name.

    Raises:
        ValueError: The XML is malformed, has a DOCTYPE, or is too deep or too large.
    """
    counts: dict[str, int] = {}

    def start(tag: str, _: object) -> None:
        name = tag.rpartition("}")[2]
        counts[name] = counts.get(name, 0) + 1

    _scan(data, start, lambda _: None, lambda _: None, allow_doctype=False)
    return counts


def _scan(
    data: bytes,
    start: Callable[[str, dict[str, str]], object],
    end: Callable[[str], object],
    text: Callable[[str], object],
    *,
    allow_doctype: bool,
) -> None:
    parser = expat.ParserCreate(namespace_separator="}")
    depth = elements = 0

    def count_start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, elements
        depth, elements = depth + 1, elements + 1
        if depth > _MAX_DEPTH or elements > _MAX_ELEMENTS:
            limit = f"{_MAX_DEPTH} levels" if depth > _MAX_DEPTH else f"{_MAX_ELEMENTS:,} elements"
            raise ValueError(f"more than {limit}")
        start(tag, attributes)

    def count_end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        end(tag)

    def refuse(*_: Any) -> None:
        raise ValueError("a DOCTYPE, which may declare entities")

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = count_start, count_end, text
    parser.EntityDeclHandler = refuse
    if not allow_doctype:
        parser.StartDoctypeDeclHandler = refuse
    parser.buffer_text = True
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError) as error:  # LookupError: an unknown encoding
        raise ValueError(str(error)) from error


def _clark(name: str) -> str:
    return f"{{{name}" if "}" in name else name
