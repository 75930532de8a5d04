"""The page, as an HTML parser reads it: content, links, and refusals."""

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from summarizer import Article, Brief, Summarizer, summarize
from summarizer._text import one_line
from summarizer.article import read
from summarizer.brief import Coverage, Holder, UncitedStatement
from summarizer.spans import Span

from .pages import CHEAP, SOURCE, TEAR_DOWN, bridge, cited, provenance
from .parsing import parsed, text, texts
from .strategies import TEXTS

# Content


def test_header_has_title_author_date_source_and_gist(page: LexborHTMLParser) -> None:
    assert text(page, "h1") == "Council splits over the old bridge"
    assert text(page, ".byline") == "Ann Lee · 2026-01-01 · news.example"
    assert text(page, "#gist p") == "A council argues over a bridge."


def test_positions_are_grouped_by_issue_with_ungrouped_ones_last(page: LexborHTMLParser) -> None:
    assert texts(page, ".group .heading") == [TEAR_DOWN, CHEAP, "On other matters"]
    assert [[card.attributes["id"] for card in group.css(".card")] for group in page.css(".group")] == [
        ["P1", "P3", "P2"], ["P4", "P5"], ["P6"],
    ]  # fmt: skip


def test_holder_has_role_and_sign_and_position_has_statement_excerpt_certainty_and_checks(
    page: LexborHTMLParser,
) -> None:
    holder, card = page.css_first(".holder"), page.css_first("#P1")
    assert text(holder, ".who") == "Anna Berg chief engineer, Riverton"
    assert not holder.css(".sign")  # the heading of the side says it
    assert [text(side) for side in page.css(".group h4")][:3] == ["For", "Against", "Other"]
    assert text(card, ".statement") == "Statement 1."
    assert text(card, ".quotation") == "“The bridge must go”"
    facts = texts(card, ".facts > span")
    assert facts[1:4] == ["hedged", "? names unconfirmed", "✓"]
    assert card.css_first(".check.sound").attributes["aria-label"] == "speaker and figures confirmed"


def test_relaying_holder_is_named(page: LexborHTMLParser) -> None:
    assert text(page, "#P2 .relayed") == "relayed by Tomas Lind"


def test_builtin_positions_show_the_words_of_the_article_without_checks() -> None:
    article = Article.from_text("“The bridge must go,” said Anna Berg, the town’s chief engineer.")
    card = parsed(summarize(article, model="builtin"), article).css_first("#P1")
    assert text(card, ".statement") == "“The bridge must go.”"
    assert not card.css(".check, .quotation")


def test_positions_and_questions_beyond_the_short_view_are_in_a_fold() -> None:
    brief, _article = bridge()
    many = tuple(brief.positions[0].model_copy(update={"id": f"X{number}"}) for number in range(18))
    page = parsed(*bridge(positions=many))
    (fold,) = page.css("details.more")
    assert text(fold, "summary") == "3 more positions on 1 issue, of Anna Berg"
    assert len(fold.css(".card")) == 3
    assert len(page.css(".group .card")) == 18


def test_question_and_time_stand_before_an_answer() -> None:
    brief, _article = bridge()
    first, *rest = brief.positions
    answer = first.model_copy(update={"answers": first.evidence[0], "posted": "14:32"})
    card = parsed(*bridge(positions=(answer, *rest))).css_first("#P1")
    assert text(card, ".asked").startswith("Asked: “The bridge must go")
    assert text(card, ".statement") == "14:32 Statement 1."


def test_matrix_has_a_cell_for_each_holder_and_issue_with_positions(page: LexborHTMLParser) -> None:
    assert texts(page, "thead th") == ["Anna Berg", "Tomas Lind"]
    assert texts(page, "tbody th") == [f"1 {TEAR_DOWN}", f"2 {CHEAP}"]
    assert [[text(cell) for cell in row.css("td")] for row in page.css("tbody tr")] == [["+±", "−"], ["−", "+"]]
    assert page.css_first("tbody td a").attributes["aria-label"] == "Anna Berg: agrees, mixed, 2 positions"


def test_matrix_cell_sorts_stances_as_the_legend() -> None:
    brief, _ = bridge()
    first, second, *rest = brief.positions
    page = parsed(*bridge(positions=(second, first, *rest)))
    assert text(page, "tbody td a") == "+±"
    assert [text(sign) for sign in page.css(".matrix .legend .sign")] == ["+", "−", "±"]


def test_without_stances_there_is_no_matrix() -> None:
    brief, _ = bridge(provenance=provenance(engine="builtin"))
    unclear = tuple(position.model_copy(update={"stance": "unclear"}) for position in brief.positions)
    assert not parsed(*bridge(provenance=provenance(engine="builtin"), positions=unclear)).css("table")


def test_holders_with_the_same_name_show_their_first_sentence() -> None:
    brief, _ = bridge()
    nameless = tuple(Holder(id=holder.id, name=None, kind="unnamed") for holder in brief.holders)
    page = parsed(*bridge(holders=nameless))
    assert texts(page, "thead th") == ["Somebody unnamed [3]", "Somebody unnamed [4]"]
    names = page.css(".who .name")
    assert {name.attributes["data-label"] for name in names} == {"Somebody unnamed [3]", "Somebody unnamed [4]"}
    assert {text(name) for name in names} == {"Somebody unnamed"}


def test_positions_without_issues_have_no_matrix() -> None:
    brief, _article = bridge()
    bare = [position.model_copy(update={"issue": None}) for position in brief.positions]
    page = parsed(*bridge(positions=tuple(bare)))
    assert not page.css("table")
    assert texts(page, ".group .heading") == ["All positions"]


def test_empty_brief_says_that_nothing_was_found() -> None:
    assert "No position was found." in text(parsed(*bridge(positions=())), "#brief")


def test_page_has_questions_coverage_rejected_and_provenance(page: LexborHTMLParser) -> None:
    assert text(page, "#Q1 .statement") == "Who pays?"
    assert "asked by Tomas Lind" in text(page, "#Q1 .facts")
    whole = text(page, "#brief")
    assert "nothing was decided attributed to The mayor" in whole
    assert "Failed: sentences 7 to 9. The server broke." in whole
    assert "Looks like an instruction to a model: sentence 9." in whole
    assert "position “The mayor resigns.”: sentence 99 does not exist" in whole
    assert "Made by tiny-2026" in whole
    assert bridge()[1].sha256 in whole


@pytest.mark.parametrize(
    ("made", "shown"),
    [
        ("2026-01-02T12:30:00Z", "2026-01-02 12:30 UTC"),
        ("2026-01-02T12:30:00+02:00", "2026-01-02 12:30 +02:00"),
        ("2026-01-02T12:30:00", "2026-01-02 12:30"),
    ],
)
def test_time_is_shown_in_the_time_zone_of_the_brief(made: str, shown: str) -> None:
    brief, article = bridge()
    stored = json.loads(brief.model_dump_json())
    stored["provenance"]["made"] = made
    assert text(parsed(Brief.from_json(json.dumps(stored)), article), "time") == shown


# The article


def test_article_is_shown_in_paragraphs_with_interrupted_ones_joined(page: LexborHTMLParser) -> None:
    for number in page.css("#article .n, #article .by"):
        number.decompose()
    assert texts(page, "article p") == [
        "By Ann Lee",
        (
            "The council of Riverton argued for five hours on Monday. “The bridge must go, and the sooner it goes the "
            "better,” said Anna Berg, the town’s chief engineer."
        ),
        (
            "“A repair is cheaper,” said Tomas Lind, chairman of the Friends of the Bridge. He doubted that anyone had "
            "counted. “Who pays?” he asked."
        ),
        "Berg said that a repair costs 4 million & that it lasts ten years. The mayor said nothing was decided.",
        "Sign up now: Get our newsletters delivered to your inbox",
    ]


def test_separately_supplied_title_is_shown_once() -> None:
    article = Article.from_text("“The bridge must go,” said Anna Berg.\n\nThe town is split.", title="Bridge war")
    page = parsed(summarize(article, model="builtin"), article)
    page.css_first("#stored").decompose()
    assert text(page, "h1") == "Bridge war"
    assert text(page, "body").count("Bridge war") == 1


@pytest.mark.parametrize("title", [None, "Council splits over the old bridge"])
def test_title_in_the_text_is_shown_once(title: str | None) -> None:
    brief, article = bridge()
    again = Article.from_text(article.text, title=title)
    page = parsed(brief.model_copy(update={"article": again.info}), again)
    page.css_first("#stored").decompose()
    assert text(page, "body").count("Council splits over the old bridge") == 1


def test_title_that_a_claim_cites_stays_in_the_article() -> None:
    brief, article = bridge()
    assert brief.gist
    gist = brief.gist.model_copy(update={"evidence": (cited(article, "Council splits"),)})
    page = parsed(*bridge(gist=gist))
    assert text(page, "article h2 #s1") == "Council splits over the old bridge"


def test_article_without_a_title_has_no_heading() -> None:
    article = Article.from_text("“The bridge must go,” said Anna Berg. The town is split.")
    assert not parsed(summarize(article, model="builtin"), article).css("article h2")


def test_cited_sentences_are_highlighted_and_numbers_link_to_them(page: LexborHTMLParser) -> None:
    brief, _ = bridge()
    for position in brief.positions:
        for item in position.evidence:
            marks = page.css(f'mark[data-s="{item.sentence}"]')
            assert "".join(mark.text() for mark in marks) == item.quote
            assert marks[0].attributes["id"] == f"s{item.sentence}"
            assert page.css_first(f'#{position.id} .where a[href="#s{item.sentence}"]')


def test_overlapping_phrases_of_positions_are_distinguished(page: LexborHTMLParser) -> None:
    exact = {
        name: "".join(node.text() for node in page.css("[data-p]") if name in node.attributes["data-p"].split())
        for name in ("P1", "P2", "P5", "P6")
    }
    assert exact == {
        "P1": "The bridge must go",
        "P2": "go, and the sooner",
        "P5": "costs 4 million & that",
        "P6": "anyone had counted",
    }


def test_uncited_statement_is_marked_and_linked(page: LexborHTMLParser) -> None:
    assert text(page, "#u1") == "nothing was decided"
    assert page.css_first('a[href="#u1"]')


def test_statement_that_the_gist_cites_links_to_the_gist_sentence() -> None:
    brief, _ = bridge()
    assert brief.gist
    (item,) = brief.gist.evidence
    left = UncitedStatement(sentences=(item.sentence,), spans=item.spans, source="The council")
    page = parsed(*bridge(coverage=Coverage(sentences=9, chunks=1, uncited=(left,))))
    (link,) = page.css(".report li a")
    assert link.attributes["href"] == f"#s{item.sentence}"
    assert page.css_first(f"#s{item.sentence}")


def test_linked_fragments_exist_and_ids_are_unique(page: LexborHTMLParser) -> None:
    ids = [node.attributes["id"] for node in page.css("[id]")]
    assert len(ids) == len(set(ids))
    links = {node.attributes["href"] for node in page.css("a") if node.attributes["href"] != SOURCE}
    assert links <= {f"#{name}" for name in ids}


def test_article_that_cleaning_empties_is_shown() -> None:
    article = Article.from_text("Sign up now: Get our newsletters delivered to your inbox")
    brief, _ = bridge(
        article=article.info, gist=None, positions=(), open_questions=(), coverage=Coverage(sentences=0, chunks=0)
    )
    assert texts(parsed(brief, article), "article p") == [f"1{article.text}"]


READ = Coverage(sentences=1, chunks=1)
NUMBERS = st.integers(-5, 90)


@given(st.lists(TEXTS, min_size=1, max_size=4), st.lists(st.tuples(NUMBERS, NUMBERS), max_size=5))
@example(["#"], [(0, -1)])
def test_highlighting_shows_every_word_of_the_article_once(pieces: list[str], spans: list[Any]) -> None:
    article = Article.from_text("A word. " + "\n\n".join(pieces), title="Another title")
    left = tuple(UncitedStatement(sentences=(1,), spans=(Span(*span),), source=None) for span in spans)
    assert shown(article, left) == shown(article, ())


def shown(article: Article, uncited: tuple[UncitedStatement, ...]) -> str:
    """Return the text of the article pane without spaces, for a brief without citations."""
    coverage = Coverage(sentences=1, chunks=1, uncited=uncited)
    brief, _ = bridge(article=article.info, gist=None, positions=(), open_questions=(), coverage=coverage)
    page = parsed(brief, article)
    for number in page.css("span.n"):
        number.decompose()
    return text(page, "#article").replace(" ", "")


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_page_has_every_visible_character_of_the_article(pieces: list[str]) -> None:
    article = Article.from_text("A word. " + "\n\n".join(pieces), title="Another title")
    markup = {offset for cut in read(article).cuts if cut.reason == "markup" for offset in range(*cut.span)}
    text = "".join("" if offset in markup else character for offset, character in enumerate(article.text))
    assert Counter(shown(article, ())) == Counter(one_line(text).replace(" ", ""))


@given(st.lists(TEXTS | st.just("“It must go,” said Ms Berg."), min_size=1, max_size=4), st.booleans())
def test_every_generated_brief_matches_its_article(pieces: list[str], clean: bool) -> None:
    article = Article.from_text("A word. " + "\n\n".join(pieces))
    with Summarizer(model="builtin", clean=clean) as summarizer:
        assert summarizer.summarize(article).to_html(article)
