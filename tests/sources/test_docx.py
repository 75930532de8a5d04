"""Word documents: their text and properties, and what is left out."""

import io
import sys
import zipfile
from pathlib import Path

import pytest

from summarizer import Article, ArticleError, summarize
from summarizer.errors import ConfigurationError
from summarizer.sources.docx import is_docx
from tests.sources.documents import load, make_docx, make_zip, paragraph

TEXT = paragraph("The ferry sank, Anna Berg said.")


def change(data: bytes, files: dict[str, bytes | str]) -> bytes:
    """Return a zip file with changed or added files."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return make_zip({**{name: file.read(name) for name in file.namelist()}, **files})


@pytest.mark.slow
def test_seed_is_briefed(seeds: Path) -> None:
    article = Article.from_file(seeds / "ferry-letter.docx")
    assert (article.title, article.author, article.published, article.language) == (
        "Reply to the petition on the night ferry",
        "Ministry of Transport of Veldmark",
        "2026-03-12T09:30:00Z",
        "en",
    )
    assert "2025 | 11 | 2,100,000" in article.text.split("\n\n")
    brief = summarize(seeds / "ferry-letter.docx", model="builtin")
    assert {"Ilse Brandvold", "Peder Holm", "Nordlinje"} <= {holder.name for holder in brief.holders}


def test_paragraphs_headings_lists_and_tables_become_blocks() -> None:
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    table = f"<w:tbl><w:tr>{cell.format('Left')}{cell.format('3')}</w:tr></w:tbl>"
    line = "<w:p><w:r><w:t>One.</w:t><w:br/><w:t>Two.</w:t></w:r></w:p>"
    article = load(make_docx(paragraph("The Ferry", "heading1") + paragraph("a &amp; b") + table + line), "a.docx")
    assert article.text == "The Ferry\n\na & b\n\nLeft | 3\n\nOne.\n\nTwo."


@pytest.mark.parametrize(
    ("body", "core", "title"),
    [
        (paragraph("Heading", "heading1") + TEXT, "<dc:title>The Ferry</dc:title>", "The Ferry"),
        (paragraph("Heading", "heading1") + TEXT, "", "Heading"),
        (paragraph("The title", "Title") + paragraph("Heading", "heading1") + TEXT, "", "The title"),
        (paragraph("Heading", "heading2") + TEXT, "<dc:title>Microsoft Word - Letter.docx</dc:title>", "Heading"),
        (paragraph("Heading", "heading1") + TEXT, "<dc:title>Document</dc:title>", "Heading"),
        (TEXT, "<dc:title/>", None),
    ],
)
def test_title_is_the_property_or_the_first_heading(body: str, core: str, title: str | None) -> None:
    assert load(make_docx(body, core), "a.docx").title == title


def test_properties_are_metadata_unless_the_text_says_more() -> None:
    core = (
        "<dc:creator>Anna Berg</dc:creator><dc:language>de-DE</dc:language>"
        "<dcterms:created>2026-03-01T08:00:00Z</dcterms:created><dcterms:modified>2026-04-01T08:00:00Z</dcterms:modified>"
    )
    article = load(make_docx(TEXT, core), "a.docx")
    assert (article.author, article.published, article.language) == ("Anna Berg", "2026-03-01T08:00:00Z", "de-DE")
    body = paragraph("Ferry sinks", "Title") + paragraph("By Ann Lee") + paragraph("2 May 2025") + TEXT
    article = load(make_docx(body, core), "a.docx")
    assert (article.author, article.published) == ("Ann Lee", "2025-05-02")


@pytest.mark.parametrize("core", ["<broken", "&lt;", "<dc:title>x</dc:title></cp:coreProperties><x>"])
def test_damaged_properties_are_ignored(core: str) -> None:
    assert load(make_docx(TEXT, core), "a.docx").text == "The ferry sank, Anna Berg said."


def test_notes_and_comments_are_left_out_with_a_warning() -> None:
    reference = '<w:p><w:r><w:t>It sank.</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    article = load(
        make_docx(
            reference,
            footnotes=f'<w:footnote w:id="2">{paragraph("A note")}</w:footnote>',
            comments=f'<w:comment w:id="1" w:author="B">{paragraph("Really?")}</w:comment>',
        ),
        "a.docx",
    )
    assert article.text == "It sank."
    assert article.warnings == (
        "Footnotes or endnotes were left out (1).",
        "Comments of reviewers were left out (1).",
    )


def test_tracked_changes_are_read_as_accepted() -> None:
    body = (
        '<w:p><w:del w:id="1"><w:r><w:delText>No. </w:delText></w:r></w:del>'
        '<w:ins w:id="2"><w:r><w:t>Yes.</w:t></w:r></w:ins></w:p>'
    )
    article = load(make_docx(body), "a.docx")
    assert (article.text, article.warnings) == (
        "Yes.",
        ("The document has tracked changes, which were read as accepted.",),
    )


def test_hidden_text_is_left_out_with_a_warning() -> None:
    run = "<w:r><w:rPr><w:vanish{}/></w:rPr><w:t>{}</w:t></w:r>"
    body = "<w:p>" + run.format("", "Obey. ") + run.format(" w:val='0'", "It sank.") + "</w:p>"
    article = load(make_docx(body), "a.docx")
    assert (article.text, article.warnings) == ("It sank.", ("Hidden text was left out.",))


def test_text_boxes_are_read() -> None:
    box = f"<w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox><w:txbxContent>{TEXT}</w:txbxContent>"
    body = f"<w:p><w:r><w:t>Before.</w:t>{box}</v:textbox></v:shape></w:pict></w:r></w:p>"
    assert load(make_docx(body), "a.docx").text == "Before.\n\nThe ferry sank, Anna Berg said."


def test_macros_are_ignored_with_a_warning() -> None:
    data = change(make_docx(TEXT), {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"})
    assert load(data, "a.docm").warnings == ("The document has macros, which were ignored.",)


def test_document_is_recognized_under_any_name() -> None:
    data = make_docx(TEXT)
    assert is_docx(data)
    assert load(data, "a.txt").text == load(data, "a.docx").text
    renamed = change(make_zip({"[Content_Types].xml": "<a/>"}), {"word/document2.xml": "<a/>"})
    assert is_docx(renamed)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"[Content_Types].xml": "", "xl/workbook.xml": ""}, "is an Excel workbook"),
        ({"[Content_Types].xml": "", "ppt/presentation.xml": ""}, "is a PowerPoint presentation"),
        ({"Index/Document.iwa": ""}, "is a Pages, Numbers or Keynote document"),
        ({"a.docx": make_docx(TEXT)}, "is a zip archive"),
        ({"a.txt": "It sank."}, "is a zip archive"),
    ],
)
def test_other_archives_are_named(files: dict[str, str | bytes], said: str) -> None:
    with pytest.raises(ArticleError, match=said):
        load(make_zip(files, zipfile.ZIP_STORED), "a.docx")


def test_open_document_is_named() -> None:
    data = make_zip({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": ""}, zipfile.ZIP_STORED)
    with pytest.raises(ArticleError, match=r"a\.odt is an OpenDocument file") as caught:
        load(data, "a.odt")
    assert caught.value.hint == "Save it as .docx or as plain text, without a password."


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an encrypted or old Office document"),
        (b"It sank.", r"a\.docx is not a Word document, or it is damaged"),
        (make_docx(""), "is a Word document without text"),
        (make_docx("<broken>"), "is a Word document that is damaged"),
        (make_docx(TEXT)[:200], "is a Word document that is damaged"),
        (change(make_docx(TEXT), {"word/document.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}), "DOCTYPE"),
        (change(make_docx(TEXT), {"word/styles.xml": "<a>" * 500}), "more than 200 levels"),
        (change(make_docx(TEXT), {"word/document.xml": "<a/>"}), "is a Word document"),
        (change(make_docx(TEXT), {"word/document.xml": bytes(60_000_000)}), "unpacks to more than 50 MB"),
    ],
)
def test_unreadable_document_is_one_error(data: bytes, said: str) -> None:
    with pytest.raises(ArticleError, match=said) as caught:
        load(data, "a.docx")
    assert "\n" not in str(caught.value)


def test_truncated_document_is_one_error_at_every_position() -> None:
    data = make_docx(TEXT)
    for end in range(1, len(data) - 1, 37):
        with pytest.raises(ArticleError, match=r"a\.docx"):
            load(data[:end], "a.docx")


def test_missing_package_is_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mammoth", None)
    with pytest.raises(ConfigurationError, match="Word documents need the package mammoth") as caught:
        load(make_docx(TEXT), "a.docx")
    assert caught.value.hint == "Install it: pip install 'articlebrief[docx]'"


def test_large_document_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.sources.docx._MAX_ELEMENTS", 50)
    with pytest.raises(ArticleError, match="more than 50 elements"):
        load(make_docx(TEXT * 20), "a.docx")
    monkeypatch.undo()
    monkeypatch.setattr("summarizer.sources.docx.MAX_TEXT", 50)
    with pytest.raises(ArticleError, match="more than 50 characters"):
        load(make_docx(TEXT * 20), "a.docx")
