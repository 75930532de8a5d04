"""EPUB books: chapters in order, metadata, and protected or damaged files."""

from pathlib import Path

import pytest

from summarizer import Article, ArticleError, summarize
from summarizer.sources import Content, epub_chapters
from tests.sources.documents import load, make_epub, make_zip, xhtml

ONE = xhtml("<h1>One</h1><p>The ferry sank, Anna Berg said. Nobody drowned, according to her.</p>")
TWO = xhtml("<p>Two days later it was raised again, and the harbour opened at noon.</p>")
ENCRYPTION = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:e="http://www.w3.org/2001/04/xmlenc#">'
    '<e:EncryptedData><e:EncryptionMethod Algorithm="{}"/><e:CipherData><e:CipherReference URI="{}"/></e:CipherData>'
    "</e:EncryptedData></encryption>"
)


def chapters(data: bytes) -> list[Article]:
    return list(epub_chapters(Content(data, "book.epub", suffix=".epub")))


def test_seed_is_briefed(seeds: Path) -> None:
    article = Article.from_file(seeds / "dam-pamphlet.epub")
    assert (article.title, article.author, article.published, article.language) == (
        "A Dam for Hexley? Two Views",
        "Orne Valley Debating Society",
        "2026-02-20",
        "en-GB",
    )
    assert article.warnings == ("Pages around the text were left out: cover.xhtml, rights.xhtml, nav.xhtml.",)
    brief = summarize(seeds / "dam-pamphlet.epub", model="builtin")
    assert {"Ruth Calloway", "Joan Tranter"} <= {holder.name for holder in brief.holders}


def test_chapters_of_the_seed_are_articles(seeds: Path) -> None:
    path = seeds / "dam-pamphlet.epub"
    found = list(epub_chapters(Content(path.read_bytes(), "dam-pamphlet.epub")))
    assert [(article.title, article.source) for article in found] == [
        ("The case for the dam", "dam-pamphlet.epub#for.xhtml"),
        ("The case against it", "dam-pamphlet.epub#against.xhtml"),
    ]
    assert {article.author for article in found} == {"Orne Valley Debating Society"}
    assert "\n\n".join(article.text for article in found) == Article.from_file(path).text


def test_chapters_are_joined_in_reading_order() -> None:
    data = make_epub({"b.xhtml": ONE, "a.xhtml": TWO})
    article = load(data, "book.epub")
    assert article.text.split("\n\n") == [
        "One",
        "The ferry sank, Anna Berg said. Nobody drowned, according to her.",
        "Two days later it was raised again, and the harbour opened at noon.",
    ]
    assert load(data, "book").text == article.text


def test_metadata_are_read() -> None:
    metadata = (
        "<dc:title>The\n Dam</dc:title><dc:title>Sub</dc:title>"
        "<dc:creator>A. Berg</dc:creator><dc:creator>B. Lee</dc:creator>"
        '<dc:date opf:event="creation">2020</dc:date><dc:date opf:event="publication">2021-05-02</dc:date>'
        "<dc:language>fr</dc:language>"
    )
    article = load(make_epub({"a.xhtml": ONE}, metadata), "book.epub")
    assert (article.title, article.author, article.published, article.language) == (
        "The Dam",
        "A. Berg, B. Lee",
        "2021-05-02",
        "fr",
    )


def test_named_entities_and_the_usual_doctype_are_read() -> None:
    doctype = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">'
    page = xhtml(f"<p>A caf&eacute;&nbsp;&mdash; {'and more words ' * 10}</p>", doctype=doctype)
    assert load(make_epub({"a.xhtml": page}), "book.epub").text.startswith("A café — and more")


def test_entities_of_a_chapter_are_inert() -> None:
    doctype = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y "&x;&x;">]>'
    page = xhtml(f"<p>It says &x; and &y; {'and more words ' * 10}</p>", doctype=doctype)
    assert load(make_epub({"a.xhtml": page}), "book.epub").text.startswith("It says &x; and &y; and more")


def test_titles_come_from_headings_then_from_the_contents() -> None:
    links = '<a href="a.xhtml#x">Start</a> <a href="b%20c.xhtml">Second <i>part</i></a>'
    items = '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    files = {"OEBPS/nav.xhtml": xhtml(f'<nav epub:type="toc">{links}</nav>')}
    found = chapters(make_epub({"a.xhtml": ONE, "b c.xhtml": TWO}, items=items, files=files))
    assert [article.title for article in found] == ["One", "Second part"]


def test_titles_come_from_the_contents_of_epub_2() -> None:
    ncx = (
        '<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "x"><ncx><docTitle><text>Book</text></docTitle><navMap>'
        '<navPoint><navLabel><text>Second</text></navLabel><content src="a.xhtml"/></navPoint></navMap></ncx>'
    )
    items = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
    (article,) = chapters(make_epub({"a.xhtml": TWO}, items=items, files={"OEBPS/toc.ncx": ncx}))
    assert article.title == "Second"


def test_pages_around_the_text_are_left_out() -> None:
    long = "<p>" + "Some words of this page. " * 20 + "</p>"
    data = make_epub(
        {
            "cover.xhtml": xhtml("<img src='x'/>"),
            "half.xhtml": xhtml("<h1>The Dam</h1>"),
            "rights.xhtml": xhtml("<p>Copyright © 2026. All rights reserved. Printed in Averdine by the press.</p>"),
            "contents.xhtml": xhtml(f'<section epub:type="toc">{long}</section>'),
            "guide.xhtml": xhtml(long),
            "a.xhtml": ONE,
        },
        rest='<guide><reference type="toc" href="guide.xhtml#x"/></guide>',
    )
    assert [article.title for article in chapters(data)] == ["One"]
    assert load(data, "book.epub").warnings == (
        "Pages around the text were left out: half.xhtml, rights.xhtml, contents.xhtml, guide.xhtml.",
    )


def test_chapter_about_copyright_is_kept() -> None:
    page = xhtml("<p>" + "The authors demand a new copyright, the union said. " * 40 + "</p>")
    assert len(chapters(make_epub({"a.xhtml": page, "b.xhtml": ONE}))) == 2


def test_book_of_one_short_page_is_read() -> None:
    assert load(make_epub({"a.xhtml": xhtml("<p>It sank.</p>")}), "book.epub").text == "It sank."


def test_footnotes_are_left_out_with_a_warning() -> None:
    note = '<a epub:type="noteref" href="#n">1</a></p><aside id="n" epub:type="footnote"><p>Note</p></aside>'
    page = xhtml(f"<p>The ferry sank at noon, and nobody drowned, the harbour master said.{note}")
    (article,) = chapters(make_epub({"a.xhtml": page}))
    assert article.text.endswith("master said.")
    assert article.warnings == ("Footnotes or endnotes were left out.",)


@pytest.mark.parametrize(
    ("algorithm", "path", "is_protected"),
    [
        ("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "OEBPS/a.xhtml", True),
        ("http://www.w3.org/2001/04/xmlenc#aes256-cbc", "OEBPS/font.otf", False),
        ("http://www.idpf.org/2008/embedding", "OEBPS/a.xhtml", False),
    ],
)
def test_protected_book_is_refused(algorithm: str, path: str, is_protected: bool) -> None:
    data = make_epub({"a.xhtml": ONE}, files={"META-INF/encryption.xml": ENCRYPTION.format(algorithm, path)})
    if is_protected:
        with pytest.raises(ArticleError, match=r"book\.epub is an EPUB book with copy protection \(DRM\)"):
            load(data, "book.epub")
    else:
        assert load(data, "book.epub").text.startswith("One")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"It sank.", "is not an EPUB book, or it is damaged"),
        (make_epub({}), "it lists no chapters"),
        (make_epub({"a.xhtml": xhtml("<img/>")}), "is an EPUB book without text"),
        (make_epub({"a.xhtml": ONE}, "<broken"), "damaged"),
        (make_epub({"a.xhtml": ONE}, files={"OEBPS/package.opf": "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"}), "DOCTYPE"),
        (make_zip({"META-INF/container.xml": "<container/>"}), "it has no list of its chapters"),
        (make_epub({"a.xhtml": ONE, "b.xhtml": "x" * 60_000_000}), "unpacks to more than 50 MB"),
    ],
)
def test_unreadable_book_is_one_error(data: bytes, said: str) -> None:
    with pytest.raises(ArticleError, match=said):
        load(data, "book.epub")


def test_missing_chapter_is_a_warning() -> None:
    item = '<manifest><item id="x" href="gone.xhtml" media-type="application/xhtml+xml"/></manifest>'
    data = make_epub({"a.xhtml": ONE}, rest=item + '<spine><itemref idref="x"/></spine>')
    assert load(data, "book.epub").warnings == ("Chapters are missing from the file (1).",)


def test_truncated_book_is_one_error_at_every_position() -> None:
    data = make_epub({"a.xhtml": ONE, "b.xhtml": TWO})
    for end in range(1, len(data) - 1, 31):
        with pytest.raises(ArticleError, match=r"book\.epub"):
            load(data[:end], "book.epub")


def test_long_book_is_refused_but_its_chapters_are_not_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.sources.epub.MAX_TEXT", 100)
    with pytest.raises(ArticleError, match="more than 100 characters"):
        load(make_epub({"a.xhtml": ONE, "b.xhtml": TWO}), "book.epub")
