"""Decoding plain text, and rejecting other files."""

import codecs
import os
from pathlib import Path

import pytest

from summarizer.article import Article
from summarizer.errors import ArticleError
from summarizer.sources import loaders


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "article.txt"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"PK\x03\x04rest", "is a damaged zip archive"),
        (b"\x89PNG\r\n\x1a\n", "is a picture"),
        (b"\xff\xd8\xff\xe0", "is a picture"),
        (b"GIF89a", "is a picture"),
        (b'<?xml version="1.0"?>\n<nitf><body>It sank.</body></nitf>', "is an XML file"),
        (b'\xef\xbb\xbf<svg xmlns="x"><text>It sank.</text></svg>', "is an XML file"),
        (b"\x1f\x8b\x08", "is a gzip archive"),
        (b"{\\rtf1 It sank.}", "is a rich-text document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "is an encrypted or old Office document"),
        (bytes(range(256)) * 8, "is binary"),
        (b"\x00\x01\x02\x03" * 100, "is binary"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8x", "begins as UTF-16 but is damaged"),
        (codecs.BOM_UTF8 + b"It \xff sank.", "begins as UTF-8-SIG but is damaged at byte"),
    ],
)
def test_unsupported_or_damaged_content_is_rejected_by_format(file: Path, data: bytes, said: str) -> None:
    file.write_bytes(data)
    with pytest.raises(ArticleError, match=said):
        Article.from_file(file)


@pytest.mark.parametrize(
    "text",
    [
        "Every PDF begins with %PDF-1.4\nand a few figures.",
        "A PDF begins so:\n%PDF-1.4 in letters.",
        "<people said that it sank.",
        "<article-0> is no delimiter.",
        "The tag <p> begins a paragraph.",
        "<3 the harbour",
        "<p" * 10_000,
    ],
)
def test_text_about_formats_is_text(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    assert Article.from_file(file).text == text


def test_directory_and_missing_file_are_rejected(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="is a directory"):
        Article.from_file(tmp_path)
    with pytest.raises(ArticleError, match="cannot be read: No such file"):
        Article.from_file(tmp_path / "missing.txt")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to root")
def test_unreadable_file_is_rejected(file: Path) -> None:
    file.write_text("It sank.", encoding="utf-8")
    file.chmod(0)
    with pytest.raises(ArticleError, match="cannot be read: Permission denied"):
        Article.from_file(file)


def test_read_error_is_reported(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Path) -> bytes:
        raise OSError(5, "Input/output error")

    file.write_text("It sank.", encoding="utf-8")
    monkeypatch.setattr(Path, "read_bytes", broken)
    with pytest.raises(ArticleError, match="cannot be read: Input/output error"):
        Article.from_file(file)


ENGLISH = "The café owner’s naïve plan – “a coup” – cost £9. It sank, he said, and nobody knew why. " * 4


RUSSIAN = "Паром вышел из гавани в полдень и затонул у мыса. Никто не погиб, сказал мэр города. " * 4


FRENCH = "Le ferry a quitté le port à midi. Personne n'est mort, a déclaré le maire, très ému par la scène. " * 4


@pytest.mark.parametrize(
    ("text", "written", "named"),
    [
        (ENGLISH, "utf-8", "utf-8"),
        (ENGLISH, "utf-8-sig", "utf-8-sig"),
        (ENGLISH, "utf-16", "utf-16"),
        (RUSSIAN, "utf-16", "utf-16"),
        (RUSSIAN, "utf-32", "utf-32"),
    ],
)
def test_encoding_with_a_byte_order_mark_is_decoded_exactly(file: Path, text: str, written: str, named: str) -> None:
    file.write_bytes(text.encode(written))
    article = Article.from_file(file)
    assert (article.text, article.encoding) == (text, named)


def test_utf_16_is_decoded_in_both_byte_orders(file: Path) -> None:
    for bom, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        file.write_bytes(bom + RUSSIAN.encode(encoding))
        assert Article.from_file(file).text == RUSSIAN


@pytest.mark.parametrize(("text", "written"), [(ENGLISH, "cp1252"), (FRENCH, "latin-1"), (RUSSIAN, "cp1251")])
def test_legacy_encoding_is_guessed_and_named(file: Path, text: str, written: str) -> None:
    file.write_bytes(text.encode(written))
    article = Article.from_file(file)
    assert article.text == text
    assert article.encoding is not None


JAPANESE = "渡船は正午に港を出た。市長は何も知らなかったと述べた。"


KOREAN = "여객선은 정오에 항구를 떠났다. 시장은 아무것도 몰랐다고 말했다. "


CHINESE = "渡轮中午离开港口。市长说他什么都不知道。没有人淹死。"


@pytest.mark.slow
@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
@pytest.mark.parametrize(
    ("text", "written"), [(JAPANESE, "shift_jis"), (KOREAN, "euc_kr"), (CHINESE, "gb18030"), (RUSSIAN, "cp1251")]
)
def test_encoding_guess_does_not_depend_on_where_the_sample_ends(
    file: Path, text: str, written: str, before: str
) -> None:
    whole = before + text * (60_000 // len(text))
    file.write_bytes(whole.encode(written))
    assert Article.from_file(file).text == whole


def test_huge_file_and_huge_text_are_rejected_with_the_limit(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("It sank. " * 20, encoding="utf-8")
    monkeypatch.setattr(loaders, "MAX_CHARACTERS", 100)
    with pytest.raises(ArticleError, match=r"has 180 characters\. The limit is 100\."):
        Article.from_file(file)
    with file.open("r+b") as opened:
        opened.truncate(loaders.MAX_BYTES + 1)
    with pytest.raises(ArticleError, match=r"has 100 MB\. The limit is 100 MB\."):
        Article.from_file(file)
