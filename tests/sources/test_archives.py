"""Zip files and XML are read within limits, whatever they declare."""

import io
import struct
import tracemalloc
import zipfile
import zlib

import pytest

from summarizer.errors import ArticleError
from summarizer.sources import archives
from summarizer.sources.archives import Archive, check_xml, entry_names, parse_xml
from tests.sources.documents import make_zip


def bomb(name: str, size: int, declared: int) -> bytes:
    """Build a zip file of zeros without compressing them all: 10 GB are 10 MB."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = compressor.compress(bytes(1_000_000)) + compressor.flush(zlib.Z_FULL_FLUSH)  # what follows may repeat it
    packed = block * (size // 1_000_000) + compressor.flush()
    fields = (20, 0, 8, 0, 0, 0, len(packed), declared, len(name), 0)
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", *fields) + name.encode() + packed
    central = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, *fields, 0, 0, 0, 0, 0) + name.encode()
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end


def test_files_are_unpacked() -> None:
    archive = Archive(make_zip({"a/b.txt": "x" * 5_000_000, "é": b""}), "a.zip", "a zip file")
    assert archive.names == {"a/b.txt", "é"}
    assert archive.read("a/b.txt") == b"x" * 5_000_000


@pytest.mark.parametrize("declared", [1_000, 4_000_000_000])
def test_bomb_of_10_gigabytes_ends_early(declared: int) -> None:
    data = bomb("a.xml", 10_000_000_000, declared)
    archive = Archive(data, "a.epub", "an EPUB book")
    tracemalloc.start()
    with pytest.raises(ArticleError, match=r"a\.epub (unpacks to more than 50 MB|is an EPUB book that is damaged)"):
        archive.read("a.xml")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 150_000_000


def test_total_of_all_files_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_TOTAL", 3_000_000)
    archive = Archive(make_zip({str(number): bytes(1_000_000) for number in range(5)}), "a.docx", "a Word document")
    with pytest.raises(ArticleError, match=r"a\.docx unpacks to more than 3 MB"):
        [archive.read(str(number)) for number in range(5)]


def test_file_with_an_unlimited_compression_is_refused() -> None:
    for compression in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        archive = Archive(make_zip({"a": bytes(1_000_000)}, compression), "a.epub", "an EPUB book")
        with pytest.raises(ArticleError, match="unusual compression"):
            archive.read("a")


def test_number_of_entries_is_limited() -> None:
    data = make_zip({str(number): b"" for number in range(archives.MAX_ENTRIES + 1)}, zipfile.ZIP_STORED)
    with pytest.raises(ArticleError, match="more than 10,000 files"):
        Archive(data, "a.epub", "an EPUB book")
    assert entry_names(data) == frozenset()


def test_encrypted_file_is_refused() -> None:
    data = bytearray(make_zip({"a": b"secret"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ArticleError, match=r"a\.docx is a Word document with a password"):
        Archive(bytes(data), "a.docx", "a Word document").read("a")


def test_names_with_parent_folders_are_only_names() -> None:
    assert Archive(make_zip({"../../etc/passwd": b"x"}), "a", "a zip file").read("../../etc/passwd") == b"x"


def test_truncated_and_changed_archives_raise_one_error() -> None:
    data = make_zip({"a.xml": bytes(range(256)) * 20, "b.xml": "text " * 100}, zipfile.ZIP_DEFLATED)
    variants = [data[:end] for end in range(0, len(data), 7)]
    variants += [data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :] for at in range(0, len(data), 5)]
    messages = []
    for variant in variants:
        entry_names(variant)
        try:
            archive = Archive(variant, "a.epub", "an EPUB book")
            for name in archive.names:
                archive.read(name)
        except ArticleError as error:  # and nothing else
            messages.append(error.message)
    assert len(messages) > len(variants) / 2
    assert all(message.startswith("a.epub ") for message in messages)


def test_damaged_content_is_found_by_its_checksum() -> None:
    data = make_zip({"a": b"It sank."}, zipfile.ZIP_STORED).replace(b"It sank.", b"It swam.")
    with pytest.raises(ArticleError, match="damaged or incomplete"):
        Archive(data, "a.epub", "an EPUB book").read("a")


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        b'<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1/x"> %b;]><a/>',
        b"<a><b></a>",
        b"<a>" * 1_000,
        b"<a>" * 1_000 + b"</a>" * 1_000,
        b"",
        b"text",
        b"\x00",
        b'<?xml version="1.0" encoding="nonsense"?><a/>',
    ],
)
def test_unsafe_or_broken_xml_is_refused(xml: bytes) -> None:
    for parse in (parse_xml, check_xml):
        with pytest.raises(ValueError, match=r"."):
            parse(xml)
    with pytest.raises(ValueError, match=r"."):
        parse_xml(xml, allow_doctype=True)


def test_doctype_without_entities_is_read_where_it_is_usual() -> None:
    xml = b'<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://127.0.0.1/x.dtd"><ncx b="c">d</ncx>'
    assert parse_xml(xml, allow_doctype=True).attrib == {"b": "c"}
    with pytest.raises(ValueError, match="DOCTYPE"):
        parse_xml(xml)


def test_number_of_elements_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_MAX_ELEMENTS", 100)
    with pytest.raises(ValueError, match="more than 100 elements"):
        check_xml(b"<a>" + b"<b/>" * 100 + b"</a>")


def test_names_of_xml_have_their_namespaces() -> None:
    root = parse_xml(b'<a:b xmlns:a="urn:x" a:c="1" d="2"><e/></a:b>')
    assert root.tag == "{urn:x}b"
    assert root.attrib == {"{urn:x}c": "1", "d": "2"}
    assert check_xml(b'<a:b xmlns:a="urn:x"><a:c/><c/></a:b>') == {"b": 1, "c": 2}


def test_stream_of_zeros_is_no_archive() -> None:
    with pytest.raises(ArticleError, match="is not an EPUB book, or it is damaged"):
        Archive(io.BytesIO(bytes(100)).getvalue(), "a.epub", "an EPUB book")
