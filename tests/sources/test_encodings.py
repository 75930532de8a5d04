"""Decoding text of unknown encoding."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer import Article, ArticleError
from summarizer._files import read_toml
from summarizer.sources.encodings import decode, guess_encoding, repair_utf_8

TEXTS = {
    language: (entry["encodings"], entry["text"]) for language, entry in read_toml(__file__, "languages.toml").items()
}
LEGACY = [(language, encoding) for language, (encodings, _) in TEXTS.items() for encoding in encodings.split()]
WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")


def sample(language: str, encoding: str) -> str:
    """Return the text with only the characters that the encoding has."""
    return TEXTS[language][1].encode(encoding, errors="ignore").decode(encoding)


@pytest.mark.parametrize(("language", "encoding"), LEGACY)
def test_legacy_encoding_is_recognized_by_its_language(language: str, encoding: str) -> None:
    text = sample(language, encoding)
    decoded = decode(text.encode(encoding), "a.txt")
    assert decoded.text == text
    assert bool(decoded.warnings) == (encoding != "iso2022-jp" and not text.isascii())


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Café", "cp1252"),
        ("The café said £5", "cp1252"),
        ("naïve — “yes”", "cp1252"),
        ("It’s", "cp1252"),
        ("“No,” she said.", "cp1252"),
        ("Price: 5 €", "cp1252"),
        ("50 °C", "cp1252"),
        ("½ of them", "cp1252"),
        ("Müller sagte: Größe", "cp1252"),
        ("¿Qué pasa? ¡Nada! dijo el señor.", "cp1252"),
        ("Er sagte: »Nein«.", "cp1252"),
        ("The ferry sank – nobody drowned, said Ångström.", "cp1252"),
        ("Zażółć gęślą jaźń", "cp1250"),
        ("Zażółć gęślą jaźń", "iso8859-2"),
        ("Wpłynęło 5 skarg.", "cp1250"),
        ("Köszönjük a segítséget, mondta az őr.", "cp1250"),
        ("Příliš žluťoučký kůň.", "iso8859-2"),
        ("Soğuk hava dalgası geliyor.", "iso8859-9"),
        ("Başkan açıkladı: “Hayır.”", "cp1254"),
        ("Москва", "cp1251"),
        ("Москва", "koi8-r"),
        ("Αθήνα σήμερα", "cp1253"),
        ("東京で会議が開かれた。", "cp932"),
        ("北京会议", "gb18030"),
        ("서울에서 회의가 열렸다.", "cp949"),
    ],
)
def test_few_words_suffice(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "a.txt").text == text


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("encoding", WIDE)
def test_wide_encoding_needs_no_byte_order_mark(language: str, encoding: str) -> None:
    text = TEXTS[language][1]
    for part in (text, f"{text}\n\n{text}\n"):
        decoded = decode(part.encode(encoding), "a.txt")
        warning = f"No encoding is declared; the text was read as {encoding}, which is a guess."
        assert (decoded.text, decoded.warnings) == (part, (warning,))
        assert decode(part.encode(encoding), "a.txt", encoding.upper()) == (part, encoding, ())


@pytest.mark.parametrize(("first", "second"), [("pl", "de"), ("ru", "fr"), ("ja", "en"), ("zh", "pl"), ("de", "tr")])
def test_lines_in_two_encodings_are_both_read(first: str, second: str) -> None:
    encoding = TEXTS[second][0].split()[0]
    text = f"{TEXTS[first][1]}\n{TEXTS[second][1]}\n{TEXTS[first][1]}\n"
    data = b"".join(
        line.encode(encoding if number == 1 else "utf-8") for number, line in enumerate(text.splitlines(keepends=True))
    )
    decoded = decode(data, "a.txt")
    assert decoded.text == text
    assert decoded.warnings == (f"The encodings are mixed: 1 line is not UTF-8 but, as a guess, {encoding}.",)


def test_single_bytes_in_utf_8_are_read_as_windows_1252() -> None:
    data = "Müller sagte: „Größe“, äußerst. ".encode() * 3 + b"Caf\xe9 "
    decoded = decode(data, "a.txt")
    assert decoded.text.endswith("Café ")
    assert decoded.warnings == ("The text is UTF-8, except that 1 byte was read as Windows-1252.",)


def test_declared_encoding_counts_unless_the_text_is_utf_8() -> None:
    data = "Zażółć".encode("iso8859-2")
    assert decode(data, "a.txt", "iso-8859-2") == ("Zażółć", "iso8859-2", ())
    assert decode("Zażółć".encode(), "a.txt", "iso-8859-2").text == "Zażółć"
    assert decode(data * 3, "a.txt", "no-such-encoding").text == "Zażółć" * 3
    assert decode(data * 3, "a.txt", "ascii").text == "Zażółć" * 3


def test_guess_is_a_warning_of_the_article(tmp_path) -> None:
    path = tmp_path / "article.txt"
    path.write_bytes(TEXTS["pl"][1].encode("cp1250"))
    article = Article.from_file(path)
    assert (article.encoding, article.text) == ("cp1250", TEXTS["pl"][1])
    assert article.warnings == ("No encoding is declared; the text was read as cp1250, which is a guess.",)


@pytest.mark.parametrize("seed", range(20))
def test_random_bytes_are_binary(seed: int) -> None:
    with pytest.raises(ArticleError, match=r"a\.bin is binary"):
        decode(random.Random(seed).randbytes(3_000), "a.bin")


@given(st.binary(min_size=1, max_size=400))
def test_any_bytes_give_a_text_or_one_error(data: bytes) -> None:
    try:
        text = decode(data, "a.txt").text
    except ArticleError:
        return
    assert text.encode().decode() == text


@given(st.text(max_size=300).filter(lambda text: "\0" not in text and "\x1b" not in text))
def test_utf_8_is_never_changed(text: str) -> None:
    try:
        decoded = decode(text.encode(), "a.txt")
    except ArticleError:
        assert any(character < " " for character in text)
    else:
        assert decoded.text == text.removeprefix("\ufeff")
        assert repair_utf_8(text.encode())[0] == text


def test_guess_of_a_large_file_takes_a_sample() -> None:
    data = ("It sank, she said.\n" * 100_000).encode() + TEXTS["pl"][1].encode("cp1250")
    assert guess_encoding(data) == "cp1250"
