"""PDF files as sources: metadata, places, errors, damaged files, and threads."""

import random
import re
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

import summarizer
from summarizer.article import Article, PagePlace, read
from summarizer.errors import ArticleError, ConfigurationError
from summarizer.sources import load_content
from summarizer.sources.base import Content
from summarizer.spans import Span
from tests.sources.pdf_writer import PageWriter, pdf, width, wrap
from tests.sources.test_pdf_text import OTHER, THIRD, WORDS, document, footnoted, load
from tests.timing import assert_linear


def page_of(*texts: str) -> PageWriter:
    page = PageWriter()
    y = 760.0
    for text in texts:
        y = page.lines(60, y, wrap(text, 475)) - 8
    return page


def span_of(article: Article, words: str) -> Span:
    start = article.text.index(words)
    return Span(start, start + len(words))


# Metadata


def test_metadata_is_read_from_the_file() -> None:
    article = load(
        page_of(WORDS),
        info="/Title (Night traffic) /Author (Ann Lee; Bo Ek) /CreationDate (D:20260314093000+01'00')",
        catalog="/Lang (en-GB)",
    )
    assert (article.title, article.author, article.language) == ("Night traffic", "Ann Lee, Bo Ek", "en-GB")
    assert article.published == "2026-03-14T09:30:00+01:00"


@pytest.mark.parametrize(
    ("date", "published"),
    [
        ("D:20260314093000Z", "2026-03-14T09:30:00+00:00"),
        ("D:20260314093000-08'00'", "2026-03-14T09:30:00-08:00"),
        ("D:20260314093000+0530", "2026-03-14T09:30:00+05:30"),
        ("D:20260314093000", "2026-03-14T09:30:00"),
        ("D:202603140930", "2026-03-14T09:30:00"),
        ("D:20260314", "2026-03-14"),
        ("2026-03-14T09:30:00+01:00", "2026-03-14T09:30:00+01:00"),
        ("D:2026", None),
        ("D:20260231", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_are_read(date: str, published: str | None) -> None:
    assert load(page_of(WORDS), info=f"/CreationDate ({date})").published == published


@pytest.mark.parametrize(
    "title",
    [
        "Microsoft Word - notice.docx",
        "untitled",
        "Document1",
        "layout_final3.indd",
        "about:blank",
        "x.pdf",
        "  ",
        "Title",
    ],
)
def test_titles_of_software_are_ignored(title: str) -> None:
    page = PageWriter()
    page.text(60, 790, "Night traffic on the estuary", 18)
    page.lines(60, 760, wrap(WORDS, 475))
    article = load(page, info=f"/Title ({title})")
    assert article.title == "Night traffic on the estuary"
    assert read(article).sentences[0].kind == "title"


def test_a_heading_far_below_the_top_is_no_title() -> None:
    page = PageWriter()
    page.lines(60, 790, wrap(f"{WORDS} {OTHER}", 475))
    page.text(60, 600, "What the pilots propose", 18)
    page.lines(60, 570, wrap(THIRD, 475))
    assert load(page, info="/Title ((anonymous))").title is None


@pytest.mark.parametrize(
    "author", ["admin", "Administrator", "root", "user12", "Microsoft Office User", "jsmith", "(anonymous)"]
)
def test_authors_of_software_are_ignored(author: str) -> None:
    author = author.replace("(", "\\(").replace(")", "\\)")
    assert load(page_of(WORDS), info=f"/Author ({author})").author is None


def test_the_printed_byline_and_date_come_before_those_of_the_file() -> None:
    page = PageWriter()
    page.text(60, 790, "Night traffic on the estuary", 18)
    page.text(60, 765, "By Carla Ruiz")
    page.text(60, 745, "3 March 2026")
    page.lines(60, 720, wrap(WORDS, 475))
    article = load(page, info="/Author (Ann Lee) /CreationDate (D:20260401)")
    assert (article.author, article.published) == ("Carla Ruiz", "2026-03-03")


# The sample paper


def test_the_sample_paper_is_read_as_printed(seeds: Path) -> None:
    article = Article.from_pdf(seeds / "bridge-toll-paper.pdf")
    assert article.title == "A toll for the Long Bridge? Five answers from the Meer valley"
    assert (article.author, article.published, article.language) == ("Ines Holm", "2026-06-09", "en-GB")
    reading = read(article)
    assert Counter(cut.reason for cut in reading.cuts) == {
        "byline": 1,
        "date": 1,
        "footnote": 4,
        "footnote-mark": 4,
        "running-head": 2,
        "running-foot": 2,
    }
    sentence = next(sentence for sentence in reading.sentences if sentence.text.startswith("The economist Sunil"))
    assert sentence.text.endswith("would bring in 22 million euros a year and cost low-income households most.")
    assert {place.page for span in sentence.spans for place in article.places(span)} == {2}


def test_the_sample_paper_is_briefed_with_links_to_its_pages(seeds: Path) -> None:
    brief = summarizer.summarize(seeds / "bridge-toll-paper.pdf", model="builtin")
    names = {holder.name for holder in brief.holders}
    assert names >= {"Petra Lindqvist", "Tomas Abara", "Hilde Franzen", "Rafael Okonkwo", "Lena Brandt", "Sunil Varga"}
    links = [evidence.link for position in brief.positions for evidence in position.evidence]
    assert {link.rpartition("#")[2] for link in links} == {"page=1", "page=2"}


# Places


def test_a_place_is_the_box_of_the_characters() -> None:
    page = PageWriter()
    page.text(60, 700, "The ferry left the quay at noon.")
    article = load(page)
    (place,) = article.places(span_of(article, "the quay"))
    assert isinstance(place, PagePlace)
    left = 60 + width("The ferry left ")
    assert place.page == 1
    assert place.left == pytest.approx(left, abs=0.1)
    assert place.right == pytest.approx(left + width("the quay"), abs=0.1)
    assert 690 < place.bottom < 700 < place.top < 715


def test_each_line_and_page_has_a_place() -> None:
    first, second = PageWriter(), PageWriter()
    first.lines(
        60, 100, ["The first line of the text begins here and goes", "on to the second line, which ends on the"]
    )
    second.lines(60, 700, ["next page of this short file."])
    article = load(first, second)
    places = article.places(Span(0, len(article.text)))
    assert [(place.page, round(place.left)) for place in places] == [(1, 60), (1, 60), (2, 60)]
    assert article.anchor(span_of(article, "next page"))["value"].startswith("page=2&viewrect=60.0,")
    assert article.with_metadata(source="paper.pdf").link(span_of(article, "next page")) == "paper.pdf#page=2"


def test_selectors_follow_the_web_annotation_model() -> None:
    article = load(page_of(WORDS))
    selector = article.anchor(span_of(article, "300 tonnes"))
    assert selector["type"] == "FragmentSelector"
    assert selector["conformsTo"] == "http://tools.ietf.org/rfc/rfc3778"
    page, left, top, wide, high = re.fullmatch(
        r"page=(\d+)&viewrect=([\d.]+),([\d.]+),([\d.]+),([\d.]+)", selector["value"]
    ).groups()
    assert page == "1"
    assert 842 - 760 - 12 < float(top) < 842 - 760
    assert float(wide) == pytest.approx(width("300 tonnes"), abs=0.2)
    assert 60 < float(left) < 535
    assert 8 < float(high) < 14
    assert selector["refinedBy"] == {"type": "TextQuoteSelector", "exact": "300 tonnes"}


def test_every_sentence_has_a_place() -> None:
    for article in (document(), load(footnoted())):
        for sentence in read(article, clean=False).sentences:
            assert all(article.places(span) for span in sentence.spans), sentence.text


@pytest.mark.parametrize(
    ("extra", "left", "top"), [("/CropBox [50 40 545 792]", 10, 792 - 700), ("/Rotate 180", None, None)]
)
def test_places_count_from_the_corner_of_the_visible_page(extra: str, left: float | None, top: float | None) -> None:
    page = PageWriter(extra=extra)
    page.text(60, 700, "The ferry left the quay at noon.")
    article = load(page)
    (place,) = article.places(Span(0, 3))
    if left is None:
        assert (place.right, place.bottom) == (pytest.approx(595 - 60, abs=0.1), pytest.approx(842 - 709, abs=4))
    else:
        assert (place.left, place.bottom) == (pytest.approx(left, abs=0.1), pytest.approx(700 - 40 - 2, abs=2))


def test_characters_without_a_place_have_none() -> None:
    article = load(page_of(WORDS, OTHER))
    gap = article.text.index("\n\n")
    assert article.places(Span(gap, gap + 2)) == ()
    assert article.anchor(Span(gap, gap + 2)) is None


def test_places_are_right_after_emoji_and_ligatures() -> None:
    page = PageWriter()
    page.text(60, 700, "A notice: A oBice by the quay at noon.")
    article = load(page, letters="41 d83dde00,42 00660066")
    assert article.text == "😀 notice: 😀 office by the quay at noon."
    (place,) = article.places(span_of(article, "quay"))
    assert place.left == pytest.approx(60 + width("A notice: A oBice by the "), abs=0.1)


# Errors


def encrypted(password_needed: bool) -> bytes:
    """Return a file in the standard encryption of 40 bits, for a user's password or only an owner's."""
    import hashlib

    def rc4(key: bytes, data: bytes) -> bytes:
        state, j = list(range(256)), 0
        for i in range(256):
            j = (j + state[i] + key[i % len(key)]) % 256
            state[i], state[j] = state[j], state[i]
        i = j = 0
        out = bytearray()
        for byte in data:
            i = (i + 1) % 256
            j = (j + state[i]) % 256
            state[i], state[j] = state[j], state[i]
            out.append(byte ^ state[(state[i] + state[j]) % 256])
        return bytes(out)

    padding = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
    user = (b"secret" if password_needed else b"") + padding
    owner = rc4(hashlib.md5((b"owner" + padding)[:32]).digest()[:5], user[:32])
    identifier = b"0123456789abcdef"
    key = hashlib.md5(user[:32] + owner + (-4).to_bytes(4, "little", signed=True) + identifier).digest()[:5]
    entries = (
        f"/ID [<{identifier.hex()}> <{identifier.hex()}>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4"
        f" /O <{owner.hex()}> /U <{rc4(key, padding).hex()}> >>"
    )
    data = pdf(page_of(WORDS), encrypt=entries)
    number = 7
    start = data.index(b"stream\n", data.index(b"%d 0 obj" % number)) + 7
    end = data.index(b"\nendstream", start)
    own_key = hashlib.md5(key + number.to_bytes(3, "little") + bytes(2)).digest()[:10]
    return data[:start] + rc4(own_key, data[start:end]) + data[end:]


def test_a_file_with_a_password_is_refused() -> None:
    with pytest.raises(ArticleError, match=r"a\.pdf is encrypted and needs a password\. Save a copy without"):
        load_content(Content(encrypted(password_needed=True), "a.pdf"))


def test_a_file_with_only_an_owner_password_is_read() -> None:
    assert load_content(Content(encrypted(password_needed=False), "a.pdf")).text == WORDS


def test_a_scanned_file_is_refused_with_advice() -> None:
    page = PageWriter()
    page.picture()
    with pytest.raises(ArticleError, match=r"has no text: its pages are pictures\. Run OCR first.*ocrmypdf"):
        load(page, page)


def test_a_partly_scanned_file_is_read_with_a_warning() -> None:
    scan = PageWriter()
    scan.picture()
    article = load(page_of(WORDS), scan, page_of(OTHER), scan)
    assert article.warnings == ("Pages 2 and 4 of the PDF have no text, only pictures.",)


def test_a_form_without_text_is_refused() -> None:
    with pytest.raises(ArticleError, match=r"is a form \(XFA\)"):
        load(page_of("Please wait... If this message is not replaced, your viewer cannot show this document."))


def test_blank_pages_are_refused() -> None:
    with pytest.raises(ArticleError, match="has no text: its pages are empty"):
        load(PageWriter(), PageWriter())


def test_a_file_without_pages_is_refused() -> None:
    with pytest.raises(ArticleError, match=r"paper\.pdf is a damaged PDF: its pages cannot be found"):
        load()


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7", b"%PDF-1.7\n...", b"%PDF-1.4\n" + bytes(range(256)) * 40, pdf(page_of(WORDS))[:400]],
    ids=["header", "dots", "noise", "truncated"],
)
def test_a_damaged_file_is_refused(data: bytes) -> None:
    with pytest.raises(ArticleError, match="needs a password"):  # its error must not remain
        load_content(Content(encrypted(password_needed=True), "b.pdf"))
    with pytest.raises(ArticleError, match=r"a\.pdf is a damaged PDF"):
        load_content(Content(data, "a.pdf"))


def test_a_file_that_lost_its_end_is_read_if_its_pages_are_there() -> None:
    data = pdf(page_of(WORDS))
    assert load_content(Content(data[: data.rindex(b"xref")], "a.pdf")).text == WORDS


SYMBOLS = (
    "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /CharProcs << >>"
    " /Encoding << /Type /Encoding /Differences [0 {names}] >> /FirstChar 0 /LastChar 255 /Widths [{widths}] >>"
)


def test_text_without_a_mapping_to_letters_is_refused() -> None:
    names = " ".join(f"/g{code}" for code in range(256))
    font = SYMBOLS.format(names=names, widths=" ".join(["0.5"] * 256))
    with pytest.raises(ArticleError, match=r"no readable text|has no text"):
        load(page_of(WORDS, OTHER), font=font)


def test_too_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.sources.pdf.loader._MAX_PAGES", 3)
    with pytest.raises(ArticleError, match="has 4 pages"):
        load(*[page_of(WORDS)] * 4)


def test_a_missing_package_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(ConfigurationError, match=r"articlebrief\[pdf\]") as caught:
        load(page_of(WORDS))
    assert "pypdfium2" in caught.value.message
    assert "\n" not in str(caught.value)


def test_a_file_is_recognized_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "notice.txt"
    path.write_bytes(pdf(page_of(WORDS)))
    assert Article.from_file(path).text == WORDS
    assert Article.from_file(path).source == str(path)


# Limits


def test_files_are_read_in_several_threads() -> None:
    articles = [document(pages) for pages in (2, 3)]
    with ThreadPoolExecutor(8) as pool:
        again = list(pool.map(document, [2, 3] * 6))
        boxes = list(pool.map(lambda article: article.places(Span(0, 400)), again))
    assert [article.text for article in again] == [article.text for article in articles] * 6
    assert all(boxes)


@pytest.mark.parametrize(
    "page",
    [
        PageWriter(width=14_400, height=14_400),
        PageWriter(width=10, height=10),
        PageWriter(extra="/CropBox [0 0 0 0]"),
        PageWriter(extra="/CropBox [900 900 1000 1000]"),
        PageWriter(extra="/Rotate 45"),
        PageWriter(extra="/UserUnit 10"),
    ],
    ids=["huge", "tiny", "no crop box", "crop box outside", "odd turn", "unit"],
)
def test_odd_pages_are_read_or_refused(page: PageWriter) -> None:
    page.lines(60, 700, wrap(WORDS, 400))
    if page.width == 10:  # the text lies outside
        with pytest.raises(ArticleError, match="has no text"):
            load(page)
    else:
        assert load(page).text == WORDS


def test_positions_that_are_no_numbers_do_no_harm() -> None:
    page = page_of(WORDS)
    for x in (10**9, -(10**9), 10**30):
        page.text(x, x, "far away")
    page.text(60, 100, "huge", 10**9)
    page.text(60, 90, "flat", 0)
    assert WORDS in load(page).text


def test_time_grows_with_the_lines_of_a_page() -> None:
    def prepare(lines: int) -> Callable[[], Article]:
        page = PageWriter(height=14_400)
        for index in range(lines):
            page.text(60 + 250 * (index % 2), 14_000 - 11 * (index // 2), f"{index} Forty characters stand on a line")
        return partial(load, page)

    assert len(prepare(2_400)().text) > 90_000
    assert_linear(prepare, 300)


@pytest.mark.slow
def test_time_grows_with_the_pages() -> None:
    def read_all(pages: list[PageWriter]) -> None:
        assert load(*pages).text.count("The harbour authority") == len(pages)

    assert_linear(
        lambda count: partial(read_all, [page_of(f"{number}. {WORDS}", OTHER, THIRD) for number in range(count)]), 60
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_mutated_files_are_read_or_refused(seed: int) -> None:
    randomizer = random.Random(seed)
    samples = [pdf(page_of(WORDS, OTHER), footnoted(), info="/Title (A)"), encrypted(password_needed=False)]
    for _ in range(50):
        data = bytearray(randomizer.choice(samples))
        for _ in range(randomizer.choice((1, 3, 20, 200))):
            at = randomizer.randrange(9, len(data))
            match randomizer.randrange(3):
                case 0:
                    data[at] = randomizer.randrange(256)
                case 1:
                    del data[at : at + randomizer.randrange(40)]
                case _:
                    data[at:at] = data[at // 2 : at // 2 + randomizer.randrange(40)]
        with suppress(ArticleError):
            article = load_content(Content(bytes(data), "fuzz.pdf"))
            article.places(Span(0, len(article.text)))
