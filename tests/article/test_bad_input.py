"""Files and texts that are no plain article: a reading, or an error that says what is wrong."""

import codecs
import os
from pathlib import Path

import pytest

from summarizer.article import MAX_SENTENCE_BYTES, Article, read, split_into_chunks
from summarizer.errors import ArticleError
from summarizer.spans import quote


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "article.txt"


@pytest.mark.parametrize("text", ["", " ", "\n\n\t \xa0\u3000\r\n"])
def test_text_without_words_is_an_error(text: str) -> None:
    with pytest.raises(ArticleError, match="The article is empty"):
        Article.from_text(text)


def test_text_that_nobody_can_see_is_an_error() -> None:
    with pytest.raises(ArticleError, match=r"all of it was cut \(invisible\)"):
        read(Article.from_text("\u200b\u200d\ufeff\n\x00"))


def test_a_lone_surrogate_is_an_error_that_says_where_it_is() -> None:
    with pytest.raises(ArticleError, match=r"lone surrogate \(U\+D83D\) at character 3"):
        Article.from_text("It \ud83d sank.")


def test_a_null_byte_is_cut_and_what_is_around_it_is_read() -> None:
    reading = read(Article.from_text("The fer\x00ry sank."))
    assert [sentence.text for sentence in reading.sentences] == ["The ferry sank."]
    assert [cut.reason for cut in reading.cuts] == ["invisible"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"%PDF-1.7\n...", "is a PDF"),
        (b"\n%PDF-1.4\xe2\x80\xa6", "is a PDF"),
        (b"\x00" * 128 + b"%PDF-1.4\r\x00", "is a PDF"),
        (b"PK\x03\x04rest", "is a zip archive"),
        (b"\x89PNG\r\n\x1a\n", "is a picture"),
        (b"\xff\xd8\xff\xe0", "is a picture"),
        (b"GIF89a", "is a picture"),
        (b"\x1f\x8b\x08", "is a gzip archive"),
        (b"{\\rtf1 It sank.}", "is a rich-text document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "is an old Office document"),
        (b"<!DOCTYPE html><p>It sank.", "is HTML"),
        (b"\xef\xbb\xbf\n <!-- made by hand --><HTML lang=en>", "is HTML"),
        (b"<?xml version='1.0'?>\n<html>", "is HTML"),
        (b"<body><p>It sank.", "is HTML"),
        (b"<head><title>Ferry sinks", "is HTML"),
        (b"  <div class='a b' id=\"x\" hidden>It sank.</div>", "is HTML"),
        (b"<P>It sank.", "is HTML"),
        (bytes(range(256)) * 8, "is binary"),
        (b"\x00\x01\x02\x03" * 100, "is binary"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8x", "begins as UTF-16 but is damaged"),
        (codecs.BOM_UTF8 + b"It \xff sank.", "begins as UTF-8-SIG but is damaged at byte"),
    ],
)
def test_a_file_that_is_no_text_is_told_by_what_it_is(file: Path, data: bytes, said: str) -> None:
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


@pytest.mark.parametrize("text", ["<html><body><p>It sank.", "%PDF-1.4"])
def test_text_that_is_given_as_text_is_text(text: str) -> None:
    assert Article.from_text(text).text == text


def test_a_directory_and_a_missing_file_are_errors(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="is a directory"):
        Article.from_file(tmp_path)
    with pytest.raises(ArticleError, match="cannot be read: No such file"):
        Article.from_file(tmp_path / "missing.txt")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to root")
def test_an_unreadable_file_is_an_error(file: Path) -> None:
    file.write_text("It sank.", encoding="utf-8")
    file.chmod(0)
    with pytest.raises(ArticleError, match="cannot be read: Permission denied"):
        Article.from_file(file)


def test_a_file_that_breaks_off_is_an_error(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Path) -> bytes:
        raise OSError(5, "Input/output error")

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
def test_encodings_with_a_mark_are_read_to_the_letter(file: Path, text: str, written: str, named: str) -> None:
    file.write_bytes(text.encode(written))
    article = Article.from_file(file)
    assert (article.text, article.encoding) == (text, named)


def test_utf_16_is_read_in_both_byte_orders(file: Path) -> None:
    for bom, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        file.write_bytes(bom + RUSSIAN.encode(encoding))
        assert Article.from_file(file).text == RUSSIAN


@pytest.mark.parametrize(("text", "written"), [(ENGLISH, "cp1252"), (FRENCH, "latin-1"), (RUSSIAN, "cp1251")])
def test_older_encodings_are_guessed_and_named(file: Path, text: str, written: str) -> None:
    file.write_bytes(text.encode(written))
    article = Article.from_file(file)
    assert article.text == text
    assert article.encoding is not None


JAPANESE = "渡船は正午に港を出た。市長は何も知らなかったと述べた。"
KOREAN = "여객선은 정오에 항구를 떠났다. 시장은 아무것도 몰랐다고 말했다. "
CHINESE = "渡轮中午离开港口。市长说他什么都不知道。没有人淹死。"


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
@pytest.mark.parametrize(
    ("text", "written"), [(JAPANESE, "shift_jis"), (KOREAN, "euc_kr"), (CHINESE, "gb18030"), (RUSSIAN, "cp1251")]
)
def test_a_long_text_is_guessed_wherever_the_sample_of_it_ends(
    file: Path, text: str, written: str, before: str
) -> None:
    whole = before + text * (200_000 // len(text))
    file.write_bytes(whole.encode(written))
    assert Article.from_file(file).text == whole


@pytest.mark.parametrize(
    "unit", ["a", "word ", "“", '"', "😀", "👩‍👩‍👧", "(", ".", ", ", "中", "\u0301", "A. ", "\\[1]", "<article"]
)
def test_one_endless_line_is_read_and_chunked(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    reading = read(Article.from_text(text))
    assert "".join(sentence.text for sentence in reading.sentences).replace(" ", "") == text.replace(" ", "")
    assert all(len(sentence.text.encode()) <= MAX_SENTENCE_BYTES for sentence in reading.sentences)
    assert split_into_chunks(reading, chunk_tokens=MAX_SENTENCE_BYTES * 2)


def test_an_endless_sentence_is_cut_between_words_and_not_within_an_emoji() -> None:
    words = read(Article.from_text("harbour " * 1_000)).sentences
    assert {word for sentence in words for word in sentence.text.split()} == {"harbour"}
    clauses = read(Article.from_text("nobody in the harbour knew, " * 300)).sentences
    assert all(sentence.text.endswith(",") for sentence in clauses)
    family = "👩‍👩‍👧"
    emoji = read(Article.from_text(family * 1_000)).sentences
    assert all(set(sentence.text.split(family)) == {""} for sentence in emoji)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("وصل القارب. هل غرق؟ نعم.", ["وصل القارب.", "هل غرق؟", "نعم."]),
        ("渡轮沉没了。“没有人知道。”他说。", ["渡轮沉没了。", "“没有人知道。”", "他说。"]),
        ("The ferry \u202bشالوم\u202c sank. 渡轮沉没了。", ["The ferry شالوم sank.", "渡轮沉没了。"]),
        ("It says <|endoftext|> here. It sank.", ["It says <|endoftext|> here.", "It sank."]),
        ("<|im_start|>system", ["<|im_start|>system"]),
    ],
)
def test_mixed_scripts_and_special_tokens_are_text(text: str, sentences: list[str]) -> None:
    reading = read(Article.from_text(text))
    assert [sentence.text for sentence in reading.sentences] == sentences
    assert all(quote(text, sentence.spans) == sentence.text for sentence in reading.sentences)
    assert split_into_chunks(reading, chunk_tokens=30)


def test_a_no_break_space_before_a_full_stop_is_no_trouble() -> None:
    assert [each.text for each in read(Article.from_text("Plan B\xa0. It sank.")).sentences][-1].endswith("It sank.")


@pytest.mark.parametrize("language", ["en-GB", "zh-Hant", "tlh", "", "x"])
def test_any_language_tag_is_borne(language: str) -> None:
    assert len(read(Article.from_text("It rained. It snowed.", language=language)).sentences) == 2
