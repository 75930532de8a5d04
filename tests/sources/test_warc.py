"""WARC files: pages among other records, compression, and damage."""

import gzip
import io
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from summarizer import Article, ArticleError, Skipped
from summarizer.sources import CONTAINERS, Content, Entry, find_container, load_content
from summarizer.sources.warc import MAX_PAYLOAD, WARC, is_warc, read_warc
from tests.site import page, story

Header = tuple[str, str]


class Archive:
    """A WARC file in memory."""

    def __init__(self, *, compressed: bool = True) -> None:
        self.file = io.BytesIO()
        self.writer = WARCWriter(self.file, gzip=compressed)
        self.writer.write_record(self.writer.create_warcinfo_record("invented.warc", {"software": "a test"}))

    def add(
        self,
        path: str,
        data: bytes,
        media_type: str = "text/html",
        *,
        status: str = "200 OK",
        headers: Iterable[Header] = (),
    ) -> "Archive":
        http = StatusAndHeaders(status, [("Content-Type", media_type), *headers], protocol="HTTP/1.1")
        url = f"https://news.example/{path}"
        record = self.writer.create_warc_record(url, "response", payload=io.BytesIO(data), http_headers=http)
        self.writer.write_record(record)
        record.raw_stream.close()
        return self

    def add_page(self, name: str) -> "Archive":
        return self.add(name, page(f"Bridge of {name} closes", story(name)))

    def add_revisit(self, path: str) -> None:
        http = StatusAndHeaders("200 OK", [], protocol="HTTP/1.1")
        url = f"https://news.example/{path}"
        create = self.writer.create_revisit_record
        self.writer.write_record(create(url, "sha1:A", url, "2026-10-01T00:00:00Z", http_headers=http))

    @property
    def data(self) -> bytes:
        return self.file.getvalue()


def entries(data: bytes) -> list[Entry]:
    return list(read_warc(io.BytesIO(data), "a.warc"))


def locations(data: bytes) -> list[str]:
    return [entry.location for entry in entries(data) if isinstance(entry.source, Article)]


def reasons(data: bytes) -> list[str]:
    return [entry.source.reason for entry in entries(data) if isinstance(entry.source, Skipped)]


def problems(data: bytes) -> list[str]:
    return [str(entry.source) for entry in entries(data) if isinstance(entry.source, ArticleError)]


@pytest.mark.parametrize("compressed", [True, False])
def test_pages_are_articles_with_their_addresses(compressed: bool) -> None:
    data = Archive(compressed=compressed).add_page("north").add_page("south").data
    assert is_warc(data[:65_536])
    assert find_container(data, "a.txt") is WARC
    first, second = entries(data)
    assert isinstance(first.source, Article)
    assert (first.location, second.location) == ("https://news.example/north", "https://news.example/south")
    assert (first.source.title, first.source.source) == ("Bridge of north closes", first.location)


def test_file_that_is_compressed_as_a_whole_is_read() -> None:
    data = gzip.compress(Archive(compressed=False).add_page("north").add_page("south").data)
    assert len(locations(data)) == 2
    assert problems(data) == []


def test_texts_are_read_and_other_answers_counted_by_reason() -> None:
    archive = Archive().add("a.txt", story("a").encode(), "text/plain").add("none", b"Gone.", status="404 Not Found")
    for number in range(5):
        archive.add(f"{number}.png", b"\x89PNG", "image/png")
    archive.add_revisit("north")
    assert locations(archive.data) == ["https://news.example/a.txt"]
    assert reasons(archive.data) == [
        "1 answer with status 404: https://news.example/none",
        "5 answers of type image/png: " + ", ".join(f"https://news.example/{n}.png" for n in range(3)) + " and 2 more",
        "1 answer unchanged since an earlier visit: https://news.example/north",
    ]


def test_addresses_of_records_have_no_password_and_no_control_characters() -> None:
    http = b"HTTP/1.1 %b\r\nContent-Type: text/plain\r\n\r\n"
    data = b""
    for status, text in ((b"200 OK", b"It sank, Ann Lee said."), (b"404 No", b"")):
        payload = http % status + text
        head = b"WARC-Type: response\r\nWARC-Target-URI: https://ann:secret@news.example/\x07a"
        data += b"WARC/1.0\r\n%b\r\nContent-Type: application/http\r\n" % head
        data += b"Content-Length: %d\r\n\r\n%b\r\n\r\n" % (len(payload), payload)
    assert locations(data) == ["https://news.example/a"]
    assert reasons(data) == ["1 answer with status 404: https://news.example/a"]


@pytest.mark.parametrize("headers", [bytes(2_000_000), b"X: y\r\n" * 200_000], ids=["one line", "many lines"])
def test_endless_headers_are_damage(headers: bytes) -> None:
    archive = Archive(compressed=False).add_page("north")
    assert locations(archive.data + b"WARC/1.0\r\n" + headers) == ["https://news.example/north"]
    assert "its headers are too long" in problems(archive.data + b"WARC/1.0\r\n" + headers)[0]


def test_page_that_is_no_article_is_an_error_of_its_own() -> None:
    data = Archive().add("empty", b"<html><body></body></html>").add_page("north").data
    assert [isinstance(entry.source, Article) for entry in entries(data)] == [False, True]


PLAIN, COMPRESSED = (Archive(compressed=compressed).add_page("north").data for compressed in (False, True))
PAGE = page("Bridge of north closes", story("north"))


@pytest.mark.parametrize(
    ("payload", "header"),
    [
        (gzip.compress(PAGE, mtime=0), ("Content-Encoding", "gzip")),
        (PAGE, ("Content-Encoding", "gzip")),  # some crawlers decompress it and keep the header
        (PAGE, ("Content-Encoding", "br")),
        (b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE), ("Transfer-Encoding", "chunked")),
        (PAGE, ("Transfer-Encoding", "chunked")),
    ],
)
def test_encoded_payloads_are_decoded(payload: bytes, header: Header) -> None:
    (entry,) = entries(Archive().add("north", payload, headers=[header]).data)
    assert isinstance(entry.source, Article)
    assert entry.source.title == "Bridge of north closes"


def test_declared_encoding_is_used() -> None:
    polish = page("Zażółć gęślą jaźń", story("Łódź")).decode().encode("cp1250")
    (entry,) = entries(Archive().add("a", polish, "text/html; charset=Windows-1250").data)
    assert isinstance(entry.source, Article)
    assert "Łódź" in entry.source.text


def test_payload_that_cannot_be_decompressed_is_skipped_with_the_reason() -> None:
    archive = Archive().add("br", b"\x1b\x03\x00\x05", headers=[("Content-Encoding", "br")])
    archive.add("gzip", gzip.compress(PAGE, mtime=0)[:12] + b"damage", headers=[("Content-Encoding", "gzip")])
    archive.add("bomb", gzip.compress(bytes(MAX_PAYLOAD + 1)), headers=[("Content-Encoding", "gzip")])
    assert [reason.partition(":")[0] for reason in reasons(archive.data)] == [
        "1 answer compressed with br",
        "1 answer whose compressed data are broken",
        "1 answer larger than 20 MB",
    ]


@pytest.mark.parametrize("data", [b"", b"The ferry sank.\n" * 20, b"\x1f\x8b\x08junk"])
def test_file_of_another_format_is_one_error(data: bytes) -> None:
    assert problems(data) == ["a.warc is not a WARC file, or it is damaged. Get the file again."]


@pytest.mark.parametrize(
    ("compressed", "problem"), [(True, "its compressed data end too early"), (False, "its last record is cut off")]
)
def test_truncated_file_is_read_to_its_end_and_reported(compressed: bool, problem: str) -> None:
    data = Archive(compressed=compressed).add_page("north").add_page("south").data[:-150]
    assert locations(data)[0] == "https://news.example/north"
    assert problem in problems(data)[-1]
    assert "a.warc is damaged after record" in problems(data)[-1]


@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("position", [0.2, 0.5, 0.9])
def test_damage_is_never_an_exception_and_reported_if_texts_are_lost(
    compressed: bool, position: float, capsys: pytest.CaptureFixture[str]
) -> None:
    data = Archive(compressed=compressed).add_page("north").add_page("south").add_page("east").data
    middle = int(len(data) * position)
    damaged = data[:middle] + b"\r\nnoise\xff" * 20 + data[middle:]
    assert problems(damaged) or not compressed  # noise in a header is ignored
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("data", [b"", b"WARC/1.0\r\n", b"WARC/1.0\r\nWARC-Type: response\r\n", b"\x1f\x8b\x08"])
def test_file_without_records_is_reported(data: bytes) -> None:
    assert problems(data)


@settings(max_examples=40)
@given(st.binary(max_size=300), st.integers(0, 2_000), st.booleans())
def test_any_bytes_are_entries(noise: bytes, position: int, compressed: bool) -> None:
    data = COMPRESSED if compressed else PLAIN
    for content in (noise, data[:position] + noise, data[:position] + noise + data[position:]):
        assert all(entry.location for entry in entries(content))


def test_old_arc_files_are_read() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE
    version = b"1 0 Test\nURL IP-address Archive-date Content-type Archive-length\n\n"
    head = b"filedesc://a.arc 0.0.0.0 20261101000000 text/plain %d\n" % len(version)
    record = b"https://news.example/north 192.0.2.1 20261101000000 text/html %d\n" % len(answer)
    assert is_warc(head)
    assert locations(head + version + b"\n" + record + answer + b"\n") == ["https://news.example/north"]


def test_archive_is_no_article() -> None:
    data = Archive().add_page("north").data
    with pytest.raises(ArticleError, match="is a WARC file, which holds several articles"):
        load_content(Content(data, "a.warc.gz", suffix=".gz"))


@pytest.mark.parametrize(
    "data", [b"", b"\x1f\x8b", b"\x1f\x8b\x08\x00broken", gzip.compress(b"A", mtime=0), b"WARCHOUSE"]
)
def test_other_files_are_no_archives(data: bytes) -> None:
    assert not is_warc(data)
    assert WARC in CONTAINERS
