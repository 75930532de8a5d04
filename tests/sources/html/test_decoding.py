"""Pages are decoded as they declare it, and where the declaration is wrong or missing, as their bytes suggest."""

import pytest

from summarizer.sources.html.decoding import decode_page

RUSSIAN = "Мост закрыт, сообщили в мэрии. Старый мост решили не сносить."
GERMAN = "Die Brücke über den Fluß ist für Lkw gesperrt, heißt es. Künftig müssen alle über Köln fahren."


def encode(text: str, encoding: str, declared: str = "") -> bytes:
    meta = f'<meta charset="{declared}">' if declared else ""
    return f"<html><head>{meta}</head><body><p>{text}</p></body></html>".encode(encoding)


@pytest.mark.parametrize(
    ("data", "charset", "encoding"),
    [
        (encode(GERMAN, "utf-8", "utf-8"), None, "utf-8"),
        (encode(GERMAN, "utf-8"), None, "utf-8"),
        (encode(GERMAN, "utf-8", "iso-8859-1"), "iso-8859-1", "utf-8"),
        (encode(GERMAN, "cp1252", "iso-8859-1"), None, "cp1252"),
        (encode(GERMAN, "cp1252"), "iso-8859-1", "cp1252"),
        (encode(GERMAN, "cp1252", "utf-8"), None, "cp1252"),
        (encode(GERMAN, "utf-16"), None, "utf-16"),
        (encode(GERMAN, "utf-16-le"), None, "utf-16-le"),
        (encode(GERMAN, "utf-8-sig", "iso-8859-1"), None, "utf-8-sig"),
        (encode(RUSSIAN, "cp1251", "windows-1251"), None, "cp1251"),
        (encode(RUSSIAN, "koi8-r"), None, "koi8-r"),
        (encode("橋は閉鎖された。", "shift_jis", "shift_jis"), None, "cp932"),
        (encode("橋は閉鎖された。", "iso2022_jp", "iso-2022-jp"), None, "iso2022_jp"),
        (encode("The bridge is closed.", "ascii", "no-such-encoding"), "hex", "utf-8"),
    ],
)
def test_text_is_read_in_its_encoding(data: bytes, charset: str | None, encoding: str) -> None:
    page = decode_page(data, charset)
    assert page.encoding == encoding
    assert any(text in page.text for text in (GERMAN, RUSSIAN, "橋は閉鎖された。", "The bridge is closed."))


@pytest.mark.parametrize("declared", ["iso-8859-1", "koi8-r", "windows-1254", "euc-jp"])
def test_likelier_of_two_declared_encodings_is_taken(declared: str) -> None:
    for data, charset in (
        (encode(RUSSIAN, "cp1251", "windows-1251"), declared),
        (encode(RUSSIAN, "cp1251", declared), "windows-1251"),
    ):
        page = decode_page(data, charset)
        assert RUSSIAN in page.text
        assert any(warning.startswith("The server declares the encoding") for warning in page.warnings)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (encode(RUSSIAN, "cp1251"), "declares no encoding; it was read as cp1251, which is a guess"),
        (encode(GERMAN, "cp1252", "utf-8"), "declares the encoding utf-8, but it is not"),
        (encode(GERMAN, "utf-8", "iso-8859-1"), "declares the encoding cp1252, but it is UTF-8"),
        (encode(GERMAN * 3, "utf-8") + b"\xfc", "is not valid UTF-8 in 1 place"),
    ],
)
def test_doubt_is_a_warning(data: bytes, said: str) -> None:
    (warning,) = decode_page(data).warnings
    assert said in warning


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_page_in_utf_16_without_a_mark_is_a_guess_unless_it_is_declared(encoding: str) -> None:
    data = "<html><body><p>The ferry sank at noon, said Anna Berg.</p></body></html>".encode(encoding)
    assert decode_page(data).warnings == (
        f"No encoding is declared; the text was read as {encoding}, which is a guess.",
    )
    assert decode_page(data, "utf-16").warnings == ()
