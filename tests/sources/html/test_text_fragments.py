"""Text fragments: a browser that searches by the specification finds the range of the article."""

import re
from typing import NamedTuple
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.sources.html.anchors import Node, PageAnchors, Run
from summarizer.spans import Span

from .text_search import SPACELESS, find_fragment, is_boundary


class Page(NamedTuple):
    """A page in which all text belongs to the article."""

    anchors: PageAnchors
    text: str
    """The text of the article."""


def page_of(*blocks: list[str], before: str = "", after: str = "") -> Page:
    """Build a page of blocks; each is a list of text nodes. ``before`` and ``after`` do not belong to the article."""
    page, text = before + "\n" if before else "", ""
    runs, nodes = [], []
    for number, block in enumerate(blocks):
        page, text = (page + "\n", text + "\n\n") if number else (page, text)
        for index, node in enumerate(block):
            nodes.append(Node(f"/html/body/p[{number + 1}]/text()[{index + 1}]", len(page)))
            for word in re.finditer(r"\S+", node):
                separated = text and not text[-1].isspace() and (page + node[: word.start()])[-1].isspace()
                text += " " if separated else ""
                runs.append(Run(len(text), len(text) + len(word[0]), len(nodes) - 1, word.start()))
                text += word[0]
            page += node
    return Page(PageAnchors(tuple(runs), tuple(nodes), page + (f"\n{after}" if after else "")), text)


def span_of(page: Page, words: str, number: int = 0) -> Span:
    start = [match.start() for match in re.finditer(re.escape(words), page.text)][number]
    return Span(start, start + len(words))


def found(page: Page, span: Span) -> str | None:
    """Return the words of the page that a browser highlights for a range of the article."""
    fragment = page.anchors.fragment(span)
    place = fragment and find_fragment(page.anchors.page, fragment)
    return page.anchors.page[slice(*place)] if place else None


def place_of(page: Page, span: Span) -> tuple[int, int]:
    """Return the range of the page that ``span`` stands at, extended to whole words."""
    anchors = page.anchors
    touched = [run for run in anchors.runs if run.start < span.end and span.start < run.end]
    first, last = touched[0], touched[-1]
    start = anchors.nodes[first.node].start + first.offset + max(span.start - first.start, 0)
    end = anchors.nodes[last.node].start + last.offset + min(span.end, last.end) - last.start
    while is_in_word(anchors.page, start):
        start -= 1
    while is_in_word(anchors.page, end):
        end += 1
    return start, end


def is_in_word(page: str, offset: int) -> bool:
    """Return whether a place is in a word for sure: not where scripts have no spaces, nor at a point between words."""
    if is_boundary(page, offset) or SPACELESS.match(page[offset]):
        return False
    return (
        not re.search(r"[^\d\W][.:]\w|\w[.:][^\d\W]", page[max(offset - 2, 0) : offset + 2])
        or page[offset - 1 : offset + 1].isalnum()
    )


def test_short_sentence_is_given_whole() -> None:
    page = page_of(["The ferry sank. Nobody drowned."])
    assert page.anchors.fragment(span_of(page, "Nobody drowned.")) == ":~:text=Nobody%20drowned."


def test_range_over_inline_markup_is_given_by_its_ends() -> None:
    page = page_of(["The council of ", "Riverton", " argued for five hours on Monday."])
    fragment = page.anchors.fragment(Span(0, len(page.text)))
    assert fragment == ":~:text=The%20council%20of,hours%20on%20Monday."


def test_long_range_is_given_by_its_ends() -> None:
    page = page_of([" ".join(f"word{number}" for number in range(200))])
    assert page.anchors.fragment(Span(0, len(page.text))) == ":~:text=word0%20word1%20word2,word197%20word198%20word199"


def test_range_over_blocks_is_given_by_its_ends() -> None:
    page = page_of(["The first paragraph says little."], ["The second says less."])
    assert found(page, span_of(page, "says little.\n\nThe second")) == "says little.\nThe second"


@pytest.mark.parametrize("character", list("-,&#%+?/= “é市"))
def test_every_character_with_a_meaning_is_encoded(character: str) -> None:
    page = page_of([f"Before it was one{character}two and after."])
    fragment = page.anchors.fragment(Span(0, len(page.text)))
    assert fragment
    words = fragment.removeprefix(":~:text=")
    assert re.fullmatch(r"(?:[A-Za-z0-9._~]|%[0-9A-F]{2})+", words)
    assert unquote(words) == page.text


def test_white_space_is_collapsed_and_a_no_break_space_is_kept() -> None:
    page = page_of(["It cost  \t 4\u00a0million."])
    assert page.anchors.fragment(Span(0, len(page.text))) == ":~:text=It%20cost%204%C2%A0million."


def test_soft_hyphens_are_left_out() -> None:
    page = page_of(["A Donau\u00addampf\u00adschiff sank."])
    assert page.anchors.fragment(Span(0, len(page.text))) == ":~:text=A%20Donaudampfschiff%20sank."


REPEATED = "The mayor said no."


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ([["Asked on Monday. " + REPEATED], ["Asked again on Tuesday. " + REPEATED]], "on%20Tuesday.-,The"),
        ([["Asked. ", REPEATED], ["Asked. ", REPEATED, " He meant it."]], "no.,-He%20meant%20it."),
        ([[REPEATED], ["A reporter asked again."], [REPEATED]], "reporter%20asked%20again.-,The"),
        ([["He spoke."], [REPEATED], ["He spoke."], [REPEATED], ["The hall was silent."]], "no.,-The%20hall%20was"),
    ],
)
def test_repeated_sentence_gets_as_much_context_as_it_needs(blocks: list[list[str]], expected: str) -> None:
    page = page_of(*blocks)
    span = span_of(page, REPEATED, 1)
    fragment = page.anchors.fragment(span)
    assert fragment
    assert expected in fragment
    assert find_fragment(page.anchors.page, fragment) == place_of(page, span)


@pytest.mark.parametrize(
    "teaser", ["the MAYOR said no.", "The mayór said no.", "“The mayor said no.”", "The  mayor\tsaid no."]
)
def test_words_that_browsers_take_for_the_same_get_context(teaser: str) -> None:
    page = page_of(["Asked on Monday. " + REPEATED], before=teaser)
    span = span_of(page, REPEATED)
    fragment = page.anchors.fragment(span)
    assert fragment
    assert "-," in fragment
    assert find_fragment(page.anchors.page, fragment) == place_of(page, span)


@pytest.mark.parametrize("order", [1, -1])
def test_context_comes_from_the_article_where_it_can(order: int) -> None:
    page = page_of([REPEATED], ["He meant it."], before=f"{REPEATED}\nAdvertisement")
    if order < 0:
        page = page_of(["A reporter asked."], [REPEATED], before=REPEATED, after="Advertisement")
    fragment = page.anchors.fragment(span_of(page, REPEATED))
    assert fragment
    assert "Advertisement" not in fragment
    assert fragment.count("-") == 1


def test_first_of_repeated_sentences_needs_no_context() -> None:
    page = page_of([REPEATED], [REPEATED])
    assert page.anchors.fragment(span_of(page, REPEATED)) == ":~:text=The%20mayor%20said%20no."


def test_end_that_recurs_within_the_range_is_lengthened() -> None:
    sentence = "It began, and then the end came, again " + "and again " * 60 + "the end came."
    page = page_of([sentence + " More."])
    assert found(page, Span(0, len(sentence))) == sentence


@pytest.mark.parametrize(
    ("words", "expected"),
    [("erry sank", "ferry sank"), ("sank. Nob", "sank. Nobody"), ("3.5 per", "3.5 per"), ("5 per", "3.5 per")],
)
def test_parts_of_words_are_extended_to_words(words: str, expected: str) -> None:
    page = page_of(["The ferry sank. Nobody lost 3.5 per cent; they don’t care."])
    assert found(page, span_of(page, words)) == expected


def test_sentence_without_a_space_after_it_ends_at_its_mark() -> None:
    page = page_of(["The ferry sank.", "Ann Lee reports.Nobody", " drowned."])
    assert found(page, span_of(page, "The ferry sank.")) == "The ferry sank."
    assert found(page, span_of(page, "Ann Lee reports.")) == "Ann Lee reports."


def test_word_across_inline_markup_is_one_word() -> None:
    page = page_of(["The ", "fer", "ry sank at noon."])
    assert found(page, span_of(page, "ry sank")) == "ferry sank"
    assert found(page, span_of(page, "The fer")) == "The ferry"


JAPANESE = "市長は反対した。議会は賛成したと言う。「橋は要らない」と市長は述べた。"


@pytest.mark.parametrize(
    "words", ["議会は賛成したと言う。", "会は賛成し", "橋は要らない", "市長は述べた。", "対した。議"]
)
def test_scripts_without_spaces_need_no_word_boundaries(words: str) -> None:
    page = page_of([JAPANESE])
    span = span_of(page, words)
    fragment = page.anchors.fragment(span)
    assert fragment
    assert find_fragment(page.anchors.page, fragment) == tuple(span)


def test_long_range_without_spaces_ends_its_parts_at_marks() -> None:
    page = page_of(["市長は、議会の決定に反対した。" * 30])
    fragment = page.anchors.fragment(Span(0, len(page.text)))
    assert fragment
    assert len(fragment) < 2_000
    start = unquote(fragment.removeprefix(":~:text=")).split(",")[0]
    assert page.text[len(start)] in "、。"


# Without a place


def test_range_without_a_place_has_no_fragment() -> None:
    anchors = PageAnchors((Run(0, 3, 0, 0),), (Node("/html/body/text()[1]", 0),), "One two")
    assert anchors.fragment(Span(4, 7)) is None
    assert anchors.selector(Span(4, 7)) is None
    assert anchors.places(Span(4, 7)) == ()
    assert PageAnchors((), (), "").fragment(Span(0, 5)) is None
    assert anchors.fragment(Span(2, 2)) is None


@pytest.mark.parametrize(("span", "expected"), [(Span(0, 20), "Ferry sank"), (Span(0, 21), None), (Span(5, 25), None)])
def test_anchored_part_stands_for_a_range_if_it_is_at_least_half(span: Span, expected: str | None) -> None:
    node = Node("/html/body/p/text()", 0)
    page = Page(PageAnchors((Run(0, 10, 0, 0),), (node,), "Ferry sank at noon"), "Ferry sank" + 20 * "x")
    assert found(page, span) == expected


def test_range_of_marks_only_has_no_fragment() -> None:
    page = page_of(["One * * * two"])
    assert page.anchors.fragment(span_of(page, "* * *")) is None


# Selectors and places


def test_selector_is_a_range_between_text_nodes() -> None:
    page = page_of(["The council of ", "Riverton", " argued\n  for hours. It voted."], before="Home")
    assert page.anchors.selector(span_of(page, "council of Riverton argued for hours.")) == {
        "type": "RangeSelector",
        "startSelector": {
            "type": "XPathSelector",
            "value": "/html/body/p[1]/text()[1]",
            "refinedBy": {"type": "TextPositionSelector", "start": 4, "end": 14},
        },
        "endSelector": {
            "type": "XPathSelector",
            "value": "/html/body/p[1]/text()[3]",
            "refinedBy": {"type": "TextPositionSelector", "start": 20, "end": 20},
        },
        "refinedBy": {"type": "TextQuoteSelector", "exact": "council of Riverton argued for hours."},
    }


def test_paths_of_selectors_have_the_elements_that_browsers_add() -> None:
    node = Node("/html/head/table/tr[2]/td/text()[1]", 0)
    selector = PageAnchors((Run(0, 3, 0, 0),), (node,), "One").selector(Span(0, 3))
    assert selector
    assert selector["startSelector"]["value"] == "/html/body/table/tbody/tr[2]/td/text()[1]"


def test_line_break_after_pre_does_not_count_in_selectors() -> None:
    anchors = PageAnchors((Run(0, 3, 0, 1),), (Node("/html/body/pre/text()[1]", 0),), "\nOne two")
    selector = anchors.selector(Span(0, 3))
    assert selector
    assert selector["startSelector"]["refinedBy"] == {"type": "TextPositionSelector", "start": 0, "end": 3}


def test_places_are_one_for_each_text_node() -> None:
    page = page_of(["The council of ", "Riverton", " argued\n  for hours."])
    places = page.anchors.places(span_of(page, "of Riverton argued for"))
    assert [(str(place[0])[-9:], *place[1:]) for place in places] == [
        ("text()[1]", 12, 14),
        ("text()[2]", 0, 8),
        ("text()[3]", 1, 13),
    ]


# Any page

WORDS = st.sampled_from(
    "no yes the mayor the bridge said said: “Yes”, 4 3.5 a-b don’t (it) é 市長は、 反対した。 橋".split()
)
SPACES = st.sampled_from(["", " ", "\n  ", "  "])
LINE_BREAK_IN_NODE = re.compile(r"\n(?=  )")


@st.composite
def pages_and_spans(draw: st.DrawFn, *, numbered: bool) -> tuple[Page, Span]:
    """Draw a page of few words, and a range of its article. ``numbered`` gives each text node a number of its own."""
    numbers = iter(range(1_000))

    def node() -> str:
        words = draw(st.lists(WORDS, min_size=1, max_size=8))
        return " ".join([*words, f"n{next(numbers)}n"] if numbered else words)

    counts = draw(st.lists(st.integers(1, 3), min_size=1, max_size=5))
    blocks = [[node() + draw(SPACES) for _ in range(count)] for count in counts]
    page = page_of(*blocks, before=node(), after=node())
    start = draw(st.integers(0, len(page.text) - 1))
    return page, Span(start, draw(st.integers(start + 1, len(page.text))))


def views(page: Page) -> list[str]:
    """Return the page as a browser shows it, with the line breaks within text nodes as spaces or as they are."""
    return [page.anchors.page, LINE_BREAK_IN_NODE.sub(" ", page.anchors.page)]


@given(drawn=pages_and_spans(numbered=True))
def test_browser_finds_the_range_extended_to_words(drawn: tuple[Page, Span]) -> None:
    page, span = drawn
    fragment = page.anchors.fragment(span)
    if fragment is None:
        assert not any(map(str.isalnum, page.text[slice(*span)]))
        return
    for view in views(page):
        place = find_fragment(view, fragment)
        assert place
        assert without_marks(view, place) == without_marks(view, place_of(page, span))


def without_marks(text: str, place: tuple[int, int]) -> tuple[int, int]:
    """Return a range without the marks at its ends."""
    start, end = place
    while not text[start].isalnum():
        start += 1
    while not text[end - 1].isalnum():
        end -= 1
    return start, end


@given(drawn=pages_and_spans(numbered=False))
def test_browser_finds_something_even_among_copies(drawn: tuple[Page, Span]) -> None:
    page, span = drawn
    fragment = page.anchors.fragment(span)
    if fragment is not None:
        assert all(find_fragment(view, fragment) for view in views(page))
