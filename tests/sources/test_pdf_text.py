"""The text of PDF files: reading order, paragraphs, divided words, and what is cut."""

from itertools import chain

import pytest

from summarizer.article import Article, read
from summarizer.sources import load_content
from summarizer.sources.base import Content
from tests.sources.pdf_writer import PageWriter, pdf, width, wrap

WORDS = (
    "The harbour authority announced on Monday that vessels above 300 tonnes may no longer enter the estuary after"
    " midnight. Operators protested that the rule would make the overnight connection uneconomical. The environment"
    " ministry welcomed the restriction as a proportionate measure for seabirds and for residents near the quay."
    " Engineers who work for the municipality disagree about the consequences for the depth of the channel."
)
OTHER = (
    "Ferry crews learned of the plan from a notice at the terminal and called a meeting for the same evening. Their"
    " union wants the port to pay for the extra hours that a longer route would need. Farmers on the far bank fear"
    " for their early deliveries to the market hall, which opens at five. A spokesman for the province said that"
    " talks would begin before the summer timetable is printed."
)
THIRD = (
    "Insurers have not yet said whether premiums will change. One broker expects lower rates because fewer ships"
    " would meet in the dark. The pilots, who know the channel best, asked for lights on the outer breakwater"
    " instead of a ban, and offered to test them in the autumn."
)


def load(*pages: PageWriter, **options: str) -> Article:
    return load_content(Content(pdf(*pages, **options), "paper.pdf", suffix=".pdf"))


def blocks(*pages: PageWriter, **options: str) -> list[str]:
    return load(*pages, **options).text.split("\n\n")


def cuts(article: Article) -> list[tuple[str, str]]:
    return [(article.text[slice(*cut.span)], cut.reason) for cut in read(article).cuts]


def sentences(article: Article) -> list[str]:
    return [sentence.text for sentence in read(article).sentences]


def test_lines_become_one_paragraph() -> None:
    page = PageWriter()
    page.lines(60, 700, wrap(WORDS, 400))
    assert blocks(page) == [WORDS]


def test_spaced_paragraphs_and_headings_are_separate() -> None:
    page = PageWriter()
    page.text(60, 780, "Night traffic", 18)
    y = page.lines(60, 740, wrap(WORDS, 400))
    y = page.lines(60, y - 8, wrap(OTHER, 400))
    page.text(60, y - 16, "Insurance", 13)
    page.lines(60, y - 36, wrap(THIRD, 400))
    assert blocks(page) == ["Night traffic", WORDS, OTHER, "Insurance", THIRD]


def test_indented_paragraphs_are_separate() -> None:
    page = PageWriter()
    lines = list(chain.from_iterable(wrap(text, 380) for text in (WORDS, OTHER, THIRD)))
    starts = {wrap(text, 380)[0] for text in (WORDS, OTHER, THIRD)}
    page.lines(60, 700, [f"   {line}" if line in starts else line for line in lines])
    assert blocks(page) == [WORDS, OTHER, THIRD]


def test_a_short_line_ends_a_paragraph() -> None:
    page = PageWriter()
    page.lines(60, 700, [*wrap(f"{WORDS} It will.", 400), *wrap(f"{OTHER} It will not.", 400)])
    assert blocks(page) == [f"{WORDS} It will.", f"{OTHER} It will not."]


def test_ragged_lines_stay_in_one_paragraph() -> None:
    page = PageWriter()
    page.lines(60, 700, wrap(f"{WORDS} {OTHER} {THIRD}", 310))
    assert blocks(page) == [f"{WORDS} {OTHER} {THIRD}"]


def test_items_of_a_list_are_separate() -> None:
    page = PageWriter()
    y = page.lines(60, 700, wrap(WORDS, 400))
    for item in ("The ban begins in May.", "Fines follow in June.", "Pilots are exempt until the lights are tested."):
        page.text(60, y, "•")
        page.text(75, y, item)
        y -= 12
    assert blocks(page)[1:] == [
        "• The ban begins in May.",
        "• Fines follow in June.",
        "• Pilots are exempt until the lights are tested.",
    ]


def columns(page: PageWriter, texts: list[str], order: str, *, gutter: float = 20, top: float = 700) -> None:
    """Write texts in columns side by side, one after the other or row by row."""
    column = (475 - gutter * (len(texts) - 1)) / len(texts)
    wrapped = [wrap(text, column) for text in texts]
    if order == "reversed":
        for index in reversed(range(len(texts))):
            page.lines(60 + index * (column + gutter), top, wrapped[index])
    elif order == "columns":
        for index, lines in enumerate(wrapped):
            page.lines(60 + index * (column + gutter), top, lines)
    else:
        for row in range(max(map(len, wrapped))):
            for index, lines in enumerate(wrapped):
                if row < len(lines):
                    page.text(60 + index * (column + gutter), top - 12 * row, lines[row])


@pytest.mark.parametrize("order", ["columns", "rows", "reversed"])
@pytest.mark.parametrize("gutter", [12, 20, 40])
def test_two_columns_are_read_one_after_the_other(order: str, gutter: float) -> None:
    page = PageWriter()
    columns(page, [WORDS, OTHER], order, gutter=gutter)
    assert blocks(page) == [WORDS, OTHER]


@pytest.mark.parametrize("order", ["columns", "rows", "reversed"])
def test_three_columns_are_read_one_after_the_other(order: str) -> None:
    page = PageWriter()
    columns(page, [WORDS, OTHER, THIRD], order)
    assert blocks(page) == [WORDS, OTHER, THIRD]


@pytest.mark.parametrize("order", ["columns", "rows", "reversed"])
def test_a_title_and_an_abstract_above_columns_come_first(order: str) -> None:
    page = PageWriter()
    page.lines(60, 780, ["The estuary after midnight: who gains from a", "ban on large vessels"], 20, 24)
    page.lines(60, 725, wrap(THIRD, 475))
    columns(page, [WORDS, OTHER], order, top=660)
    title = "The estuary after midnight: who gains from a ban on large vessels"
    assert blocks(page) == [title, THIRD, WORDS, OTHER]


@pytest.mark.parametrize("order", ["columns", "rows"])
def test_a_heading_across_divides_the_columns(order: str) -> None:
    page = PageWriter()
    columns(page, [WORDS, OTHER], order, top=760)
    page.text(200, 560, "What the pilots propose instead", 14)
    columns(page, [THIRD, "A second look. " + WORDS], order, top=530)
    assert blocks(page) == [WORDS, OTHER, "What the pilots propose instead", THIRD, "A second look. " + WORDS]


def test_the_drawing_order_decides_about_a_box_across_the_columns() -> None:
    page = PageWriter()
    left, right = wrap(f"{WORDS} {THIRD}", 227), wrap(f"{OTHER} {WORDS}", 227)
    page.lines(308 - 248, 760, left[:9])
    page.lines(308 - 248, 600, left[9:])
    page.lines(308, 760, right[:9])
    page.lines(308, 600, right[9:])
    page.text(120, 630, "Box: since 1987, twelve vessels have run aground at night.")
    found = blocks(page)
    assert found[0] == f"{WORDS} {THIRD}"
    assert found[-1].startswith("Box: since 1987")


def test_a_paragraph_goes_on_in_the_next_column_and_on_the_next_page() -> None:
    first, second = PageWriter(), PageWriter()
    lines = wrap(f"{WORDS} {OTHER} {THIRD}", 227)
    first.lines(60, 760, lines[:9])
    first.lines(308, 760, lines[9:18])
    second.lines(60, 760, lines[18:])
    assert blocks(first, second) == [f"{WORDS} {OTHER} {THIRD}"]


def test_a_paragraph_goes_on_after_a_caption_at_the_top_of_a_column() -> None:
    page = PageWriter()
    lines = wrap(f"{WORDS} {OTHER}", 227)
    page.lines(60, 760, lines[:13])
    page.lines(308, 760, ["Figure 1. Vessels at night, 2001 to 2025."], 8)
    page.lines(308, 730, lines[13:])
    assert lines[13][0].islower()
    assert blocks(page) == [f"{WORDS} {OTHER}", "Figure 1. Vessels at night, 2001 to 2025."]


@pytest.mark.parametrize("space", [" ", "   ", "\xa0"])
def test_columns_in_one_string_are_separate(space: str) -> None:
    page = PageWriter()
    left, right = wrap(WORDS, 200), wrap(OTHER, 200)
    for row, (one, other) in enumerate(zip(left, right, strict=False)):
        y = 700 - 12 * row
        page.text(60, y, one + space)
        page.text(300, y, space + other)
    rows = min(len(left), len(right))
    assert " ".join(load(page).text.split()) == " ".join(left[:rows] + right[:rows])


@pytest.mark.parametrize("height", [2, 3])
def test_a_large_initial_belongs_to_the_first_line(height: int) -> None:
    page = PageWriter()
    page.text(60, 790, "Night traffic on the estuary", 18)
    page.text(60, 740 - 12 * (height - 1), WORDS[0], 14 * height)
    wide = width(WORDS[0], 14 * height) + 7
    lines = wrap(WORDS[1:], 400)
    page.lines(60 + wide, 740, lines[:height])
    page.lines(60, 740 - 12 * height, wrap(" ".join(lines[height:]), 400 + wide))
    assert blocks(page) == ["Night traffic on the estuary", WORDS]


@pytest.mark.parametrize("extra", [" ab", " abc", " indeed"])
def test_a_line_may_leave_its_column(extra: str) -> None:
    page = PageWriter()
    left = wrap(f"{WORDS} {OTHER} {THIRD}", 227)
    left[left.index(max(left, key=width))] += extra
    page.lines(60, 760, left)
    page.lines(308, 760, wrap(f"{OTHER} {WORDS} {THIRD} {OTHER}", 227))
    assert blocks(page) == [" ".join(left), f"{OTHER} {WORDS} {THIRD} {OTHER}"]


def test_a_last_column_may_have_one_line() -> None:
    page = PageWriter()
    page.lines(60, 760, wrap(f"{WORDS} {OTHER} {THIRD} It will", 227))
    page.text(308, 760, "meet again in autumn.")
    assert blocks(page) == [f"{WORDS} {OTHER} {THIRD} It will meet again in autumn."]


def test_a_bar_of_short_lines_beside_the_text_is_a_box() -> None:
    page = PageWriter()
    page.text(60, 790, "Night traffic on the estuary", 24)
    page.lines(60, 750, ["Contents", "1 The board", "2 The crews", "3 The ministry"], 9, 19)
    page.lines(200, 750, wrap(f"{WORDS} {OTHER}", 335))
    assert blocks(page)[:2] == ["Night traffic on the estuary", f"{WORDS} {OTHER}"]


def test_a_page_may_consist_of_boxes() -> None:
    page = PageWriter()
    for left, top in ((400, 700), (60, 716), (230, 708)):
        page.lines(left, top, ["A short", "box of", "words."], 10, 14)
    assert sorted(blocks(page)) == ["A short box of words."] * 3


def test_hebrew_lines_become_one_paragraph() -> None:
    page = PageWriter()
    for row, text in enumerate(["abcde ghk nop", "qrsuv abc dehgk", "nop qr"]):
        for at, letter in enumerate(text):  # from right to left
            page.text(400 - 5 * at, 700 - 12 * row, letter)
    letters = ",".join(f"{ord(letter):02x} {0x05D0 + at:04x}" for at, letter in enumerate("abcdeghknopqrsuv"))
    assert blocks(page, letters=letters) == ["אבגדה וזח טיך כלםמן אבג דהזוח טיך כל"]


def test_figures_of_a_table_stay_in_their_rows() -> None:
    page = PageWriter()
    y = page.lines(60, 760, wrap(WORDS, 475))
    for row in range(8):
        for x, cell in ((60, f"Harbour {row}"), (300, f"{row}12"), (400, f"{row}48"), (500, f"9{row}1")):
            page.text(x, y - 30 - 14 * row, cell)
    text = " ".join(load(page).text.split())
    assert all(f"Harbour {row} {row}12 {row}48 9{row}1" in text for row in range(8))


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("The Anglo-", "American treaty of 1921 is old.", "Anglo-American"),
        ("Since COVID-", "19 the ferries are empty.", "COVID-19"),
        ("An EU-", "wide rule would help ports.", "EU-wide"),
        ("The gover\xad", "nment gave no answer.", "government"),
        ("The gover-", "nment gave no answer.", "government"),
        ("Many wrote an e-", "mail to the port.", "e-mail"),
        ("They want self-", "regulation of the pilots.", "self-regulation"),
        ("There are short-", "and long-term effects.", "short- and long-term"),
        ("The well-", "known pilots met there.", "well-known"),
        ("The minister said un-", "derstanding was near.", "understanding"),
        ("See https://www.harbour-", "news.example/notice there.", "https://www.harbour-news.example/notice"),
        ("HAR-", "BOUR AUTHORITY", "HARBOUR AUTHORITY"),
        ("Ports and/", "or ferries may apply.", "and/or"),
        ("The agreement covers 2024-", "25 and later.", "2024-25"),
        ("The agreement covers 2024–", "25 and later.", "2024–25"),
        ("A state-of-the-", "art pump was built.", "state-of-the-art"),
        ("The long-", "term contract was signed.", "long-term"),
        ("They asked for a re-", "examination of the case.", "re-examination"),
        ("The well-in-", "formed pilots met there.", "well-informed"),
    ],
)
def test_divided_words_are_put_together(before: str, after: str, joined: str) -> None:
    page = PageWriter()
    page.lines(60, 700, [before, after])
    assert joined in load(page).text
    assert "\ufffe" not in load(page).text


@pytest.mark.parametrize("hyphen", ["-", "\xad"])
@pytest.mark.parametrize(
    ("elsewhere", "joined"),
    [
        ("A price-cap plan is due.", "The price-cap effect"),
        ("PRICE-CAP is a term.", "The price-cap effect"),
        ("A pricecap plan is due.", "The pricecap effect"),
        ("It was the price. The cap came off.", "The price-cap effect"),
        ("It was the price.", "The pricecap effect"),
    ],
)
def test_the_form_that_stands_elsewhere_decides(hyphen: str, elsewhere: str, joined: str) -> None:
    page = PageWriter()
    page.lines(60, 700, [f"The price{hyphen}", "cap effect is not known.", elsewhere])
    assert joined in load(page).text


def test_words_with_common_beginnings_are_joined_although_both_parts_are_words() -> None:
    page = PageWriter()
    page.lines(60, 700, ["Nobody could under-", "stand it. The stand is under the bridge."])
    assert "could understand it" in load(page).text


def test_chinese_lines_are_joined_without_spaces() -> None:
    page = PageWriter()
    page.lines(60, 700, ["abcd", "dcba"])
    assert load(page, letters="61 4e2d,62 6587,63 6cb3,64 6c34").text == "中文河水水河文中"


def test_german_compounds_are_joined_although_both_parts_are_words() -> None:
    page = PageWriter()
    page.lines(
        60, 700, ["Der Rat hat die Wasser\xad", "preise erhöht. Das Wasser ist knapp, und die preise steigen nicht."]
    )
    assert "die Wasserpreise erhöht" in load(page, catalog="/Lang (de)").text


def test_words_are_joined_across_columns_and_pages() -> None:
    first, second = PageWriter(), PageWriter()
    first.lines(60, 700, [*wrap(WORDS, 227), "Nobody in the muni\xad"])
    second.lines(60, 700, ["cipality knew of it."])
    assert "Nobody in the municipality knew of it." in load(first, second).text


def document(pages: int = 4, **options: str) -> Article:
    """Return a document with running heads that alternate, page numbers in the corners, and footnotes."""
    text = f"{WORDS} {OTHER} {THIRD} " * 3
    lines = wrap(text, 475)
    share = len(lines) // pages + 1
    written = []
    for number in range(1, pages + 1):
        page = PageWriter()
        head = f"Harbour Review {number}/2026" if number % 2 else "Night traffic in the estuary"
        page.text(60 if number % 2 else 300, 800, head, 9)
        page.lines(60, 770, lines[(number - 1) * share : number * share])
        page.text(540 if number % 2 else 60, 40, str(16 + number), 9)
        written.append(page)
    return load(*written, **options)


@pytest.mark.parametrize("pages", [4, 6])
def test_alternating_running_heads_and_page_numbers_are_cut(pages: int) -> None:
    article = document(pages)
    text = " ".join(f"{WORDS} {OTHER} {THIRD} ".split() * 3)
    assert " ".join(sentences(article)) == text
    found = cuts(article)
    assert [cut for cut in found if cut[1] == "page-number"] == [
        (str(16 + n), "page-number") for n in range(1, pages + 1)
    ]
    assert ("Harbour Review 1/2026", "running-head") in found
    assert ("Night traffic in the estuary", "running-head") in found


def test_nothing_is_cut_on_request() -> None:
    article = document()
    assert not read(article, clean=False).cuts
    assert "Harbour Review 1/2026" in [sentence.text for sentence in read(article, clean=False).sentences]


@pytest.mark.parametrize("notes", [False, True])
def test_each_character_is_read_or_cut(notes: bool) -> None:
    article = load(footnoted()) if notes else document(6)
    reading = read(article)
    assert reading.cuts
    spans = [span for sentence in reading.sentences for span in sentence.spans] + [cut.span for cut in reading.cuts]
    covered = sorted(offset for span in spans for offset in range(*span) if not article.text[offset].isspace())
    assert covered == [offset for offset, character in enumerate(article.text) if not character.isspace()]


@pytest.mark.parametrize("label", ["- {} -", "{}", "Page {} of 4", "Seite {}", "{}/4"])
def test_page_numbers_are_cut(label: str) -> None:
    pages = []
    for number, text in enumerate((WORDS, OTHER, THIRD, "It ends. " + WORDS), 1):
        page = PageWriter()
        page.lines(60, 770, wrap(text, 475))
        page.text(280, 40, label.format(number))
        pages.append(page)
    found = cuts(load(*pages))
    assert found == [(label.format(number), "page-number") for number in range(1, 5)]


def test_roman_page_numbers_are_cut() -> None:
    pages = []
    for number, text in zip(("iii", "iv", "v", "vi"), (WORDS, OTHER, THIRD, "It ends. " + WORDS), strict=True):
        page = PageWriter()
        page.lines(60, 770, wrap(text, 475))
        page.text(280, 40, number)
        pages.append(page)
    assert cuts(load(*pages)) == [(number, "page-number") for number in ("iii", "iv", "v", "vi")]


def test_a_title_beside_the_page_number_is_cut() -> None:
    pages = []
    for number, title in enumerate(("The harbour", "The crews", "The insurers"), 7):
        page = PageWriter()
        page.text(60, 800, title, 9)
        page.text(530, 800, str(number), 9)
        page.lines(60, 760, wrap(f"{number}. {WORDS}", 475))
        pages.append(page)
    assert {text.split()[1] for text, _ in cuts(load(*pages)) if not text.isdigit()} == {"harbour", "crews", "insurers"}


def test_a_footnote_goes_on_on_the_next_page() -> None:
    first, second = footnoted(), PageWriter()
    first.lines(68, 78, ["The annex was printed with the"], 8, 10)
    second.lines(60, 760, wrap(THIRD, 475))
    second.lines(60, 100, ["minutes of the board in April."], 8, 10)
    article = load(first, second)
    assert [text for text, reason in cuts(article) if reason == "footnote"][1:] == ["minutes of the board in April."]


def test_raised_figures_of_the_font_are_marks() -> None:
    page = PageWriter()
    page.lines(60, 700, ["The port gave no reason.\xb2 The area of 12 km\xb2 is closed."])
    assert cuts(load(page)) == [("²", "footnote-mark")]


@pytest.mark.parametrize("sign", ["#", "# #", "page #", "-", "…"])
def test_signs_at_the_edge_are_no_page_numbers(sign: str) -> None:
    pages = [PageWriter(), PageWriter()]
    for page, text in zip(pages, (WORDS, OTHER), strict=True):
        page.lines(60, 770, wrap(text, 475))
    pages[0].text(280, 40, sign)
    assert cuts(load(*pages)) == []


@pytest.mark.parametrize("pages", [2, 3, 7])
def test_running_heads_that_vary_are_known_by_their_page_numbers(pages: int) -> None:
    written = []
    for number in range(1, pages + 1):
        page = PageWriter()
        page.text(
            60,
            800,
            f"{number} {OTHER.split()[number]} and others" if number % 2 else f"Section {number * 7} {number}",
            9,
        )
        page.lines(60, 760, wrap(f"{number}. {WORDS}", 475))
        written.append(page)
    assert [reason for _, reason in cuts(load(*written))] == ["running-head"] * pages


def test_a_heading_that_stands_on_top_of_two_pages_is_kept() -> None:
    pages = []
    for number, text in enumerate((WORDS, OTHER, THIRD, WORDS), 1):
        page = PageWriter()
        page.text(60, 790, f"Chapter {number}", 16)
        page.lines(60, 760, wrap(text, 475))
        pages.append(page)
    assert not cuts(load(*pages))


def test_the_same_line_on_top_of_two_of_many_pages_is_kept() -> None:
    pages = []
    for number in range(7):
        page = PageWriter()
        page.text(60, 790, "The port answers." if number in (2, 5) else f"{'abcdefg'[number]} port asks.")
        page.lines(60, 760, wrap(WORDS, 475))
        pages.append(page)
    assert not cuts(load(*pages))


def test_pages_with_the_same_text_are_kept() -> None:
    pages = [PageWriter(), PageWriter(), PageWriter()]
    for page in pages:
        page.lines(60, 760, wrap(WORDS, 475))
    assert not cuts(load(*pages))


def footnoted(mark: str = "12", note: str = "12", size: float = 8) -> PageWriter:
    page = PageWriter()
    page.lines(60, 760, wrap(WORDS, 475))
    page.text(60, 700, "The port gave no reason.")
    page.text(60 + width("The port gave no reason."), 703.5, mark, 6)
    page.text(60 + width("The port gave no reason.") + width(mark, 6) + 3, 700, "It will meet the crews.")
    page.lines(60, 676, wrap(OTHER, 475))
    page.text(60, 100, note, 5)
    page.lines(68, 98, ["Minutes of the board, invented for this test, 3 March.", "See also the annex."], size, 10)
    return page


@pytest.mark.parametrize("mark", ["12", "*", "†", "[12]"])
def test_footnotes_and_their_marks_are_cut(mark: str) -> None:
    note = mark.strip("[]")
    article = load(footnoted(mark, note))
    assert "The port gave no reason." in sentences(article)
    assert "It will meet the crews." in sentences(article)
    found = cuts(article)
    assert (mark, "footnote-mark") in found
    assert [text for text, reason in found if reason == "footnote"] == [
        f"{note} Minutes of the board, invented for this test, 3 March. See also the annex."
    ]
    assert f"reason.{mark} It" in article.text


@pytest.mark.parametrize("unit", ["km", "m", "10"])
def test_raised_figures_of_units_and_powers_are_kept(unit: str) -> None:
    page = PageWriter()
    start = f"The port has an area of 12 {unit}"
    page.text(60, 700, start)
    page.text(60 + width(start), 703.5, "2", 6)
    page.text(66 + width(start), 700, "and a wall.")
    page.lines(60, 670, wrap(WORDS, 475))
    assert not cuts(load(page))


def test_small_type_in_the_text_is_no_footnote() -> None:
    page = PageWriter()
    page.lines(60, 760, wrap(WORDS, 475))
    page.lines(60, 690, ["3 vessels ran aground in 2025 (source: invented)."], 8)
    page.lines(60, 670, wrap(OTHER, 475))
    assert not cuts(load(page))


def test_turned_text_is_cut_as_margin() -> None:
    page = PageWriter()
    page.lines(60, 760, wrap(WORDS, 475))
    page.text(20, 300, "Downloaded for nobody", 8, "0 1 -1 0")
    page.text(150, 300, "DRAFT", 90, "0.7 0.7 -0.7 0.7")
    article = load(page)
    assert cuts(article) == [("Downloaded for nobody", "margin"), ("DRAFT", "margin")]
    assert " ".join(sentences(article)) == WORDS


@pytest.mark.parametrize(
    ("matrix", "at", "extra"),
    [
        ("0 1 -1 0", (lambda x, y: (595 - y, x)), ""),
        ("0 1 -1 0", (lambda x, y: (595 - y, x)), "/Rotate 90"),
        ("0 -1 1 0", (lambda x, y: (y, 842 - x)), "/Rotate 270"),
        ("-1 0 0 -1", (lambda x, y: (595 - x, 842 - y)), "/Rotate 180"),
    ],
)
def test_turned_pages_are_read_upright(matrix: str, at, extra: str) -> None:
    page = PageWriter(extra=extra)
    for column, text in enumerate((WORDS, OTHER)):
        for row, line in enumerate(wrap(text, 227)):
            page.text(*at(60 + 248 * column, 500 - 12 * row), line, matrix=matrix)
    assert blocks(page) == [WORDS, OTHER]


def test_what_browsers_print_around_a_page_is_cut() -> None:
    page = PageWriter()
    page.text(30, 815, "11/29/26, 12:09 PM", 8)
    page.text(250, 815, "Night traffic - The Estuary", 8)
    page.text(60, 770, "Night traffic on the estuary", 18)
    page.lines(60, 740, wrap(WORDS, 475))
    page.text(30, 20, "https://estuary.example/night-traffic", 8)
    page.text(550, 20, "1/1", 8)
    article = load(page, info="/Title (Night traffic - The Estuary)")
    assert article.title == "Night traffic on the estuary"
    assert sentences(article)[1:] == WORDS.replace(". ", ".|").split("|")
    assert [reason for _, reason in cuts(article)] == ["running-head", "running-foot"]


def test_text_outside_the_visible_page_is_not_read() -> None:
    page = PageWriter(extra="/CropBox [50 50 545 792]")
    page.lines(60, 760, wrap(WORDS, 400))
    page.text(60, 820, "paper_final3.indd 1  12.03.26 14:05")
    assert blocks(page) == [WORDS]


def test_a_line_that_leaves_the_page_is_read() -> None:
    page = PageWriter()
    page.text(60, 700, f"{WORDS} {OTHER}")
    assert blocks(page) == [f"{WORDS} {OTHER}"]


def test_ligatures_and_no_break_spaces_are_read() -> None:
    page = PageWriter()
    page.lines(60, 700, ["The price rose by 5\xa0% – “a lot”, said Zoë Müller."])
    assert load(page).text.replace("\xa0", " ") == "The price rose by 5 % – “a lot”, said Zoë Müller."
