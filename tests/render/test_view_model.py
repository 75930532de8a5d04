"""The view model: order and wording of a brief."""

import pytest

from summarizer import Brief
from summarizer.brief import Checks, Coverage, Evidence, FailedChunk, Gist, Holder, Phrase, UncitedStatement
from summarizer.render.view_model import build_view
from summarizer.spans import Span

from .conftest import BERG, CONFIRMED, brief, evidence, position, provenance, question


def test_sections_follow_the_issues_with_ungrouped_positions_last(whole: Brief) -> None:
    headings = [section.heading for section in build_view(whole).sections]
    assert headings == [
        "The bridge should be torn down. (policy)",
        "A repair is cheap. (question of fact)",
        "On no issue in particular",
    ]
    assert [len(section.positions) for section in build_view(whole).sections] == [3, 1, 1]


def test_issue_without_positions_is_omitted(whole: Brief) -> None:
    assert "Nobody takes a stance" not in str(build_view(whole))


def test_section_has_no_heading_if_no_position_has_an_issue() -> None:
    (section,) = build_view(brief(position(1))).sections
    assert section.heading is None


def test_role_and_affiliation_are_shown_at_first_appearance_only(whole: Brief) -> None:
    shown = [
        holder
        for section in build_view(whole).sections
        for position in section.positions
        for holder in position.introductions
    ]
    assert shown == [
        ("Tomas Lind", "chairman of the Friends"),  # the role says the affiliation already
        ("Anna Berg", "chief engineer, Riverton"),
        ("Anna Berg", ""),
        ("Tomas Lind", ""),
        ("Tomas Lind", ""),
        ("The author", ""),
    ]


def test_unnamed_holder_has_a_placeholder_name() -> None:
    nobody = Holder(id="berg", name=None, kind="unnamed")
    (section,) = build_view(brief(position(1), holders=(nobody,))).sections
    assert section.positions[0].introductions == (("Somebody unnamed", ""),)


def test_marks_show_certainty_relaying_and_doubts(whole: Brief) -> None:
    marks = [position.marks for section in build_view(whole).sections for position in section.positions]
    assert marks == [
        ("conditional",),
        (),
        ("relayed by Anna Berg", "the quotation may be another speaker’s"),
        ("hedged",),
        ("speculation", "speaker unconfirmed", "names unconfirmed"),
    ]


def test_stance_is_shown_only_with_an_issue(whole: Brief) -> None:
    stances = [position.stance for section in build_view(whole).sections for position in section.positions]
    assert stances == ["mixed", "agrees", "disagrees", "agrees", None]


def test_unclear_stance_of_a_model_is_shown() -> None:
    (section,) = build_view(brief(position(1, issue="tear"))).sections
    assert section.positions[0].stance == "unclear"


def test_builtin_position_shows_neither_statement_nor_unclear_stance() -> None:
    (section,) = build_view(brief(position(1, issue="tear"), provenance=provenance(engine="builtin"))).sections
    (shown,) = section.positions
    assert (shown.stance, shown.statement, shown.quotation.text) == (None, None, "Quotation 1.")


def test_gist_is_shown_without_the_repeated_title() -> None:
    gist = Gist(text="Council splits over the bridge. It argued for 5 hours.", evidence=(evidence(2, "It argued."),))
    view = build_view(brief(gist=gist))
    assert (view.gist_text, view.gist and view.gist.brackets) == ("It argued for 5 hours.", "[2]")


@pytest.mark.parametrize("text", ["Council splits over the bridge.", "  "])
def test_gist_that_only_repeats_the_title_is_omitted(text: str) -> None:
    assert build_view(brief(gist=Gist(text=text))).gist is None


def test_gist_that_continues_the_title_is_kept() -> None:
    gist = Gist(text="Council splits over the bridges of the town.")
    view = build_view(brief(gist=gist))
    assert (view.gist_text, view.gist and view.gist.brackets) == ("Council splits over the bridges of the town.", "")


def test_omitted_sentences_are_marked_in_quotations() -> None:
    cited = (evidence(3, "One."), evidence(4, "Two."), evidence(7, "Three."))
    (section,) = build_view(brief(position(1, evidence=cited))).sections
    quotation = section.positions[0].quotation
    assert (quotation.text, quotation.brackets) == ("One. Two. […] Three.", "[3, 4, 7]")


def test_quotation_distinguishes_phrases() -> None:
    (section,) = build_view(brief(position(1, evidence=(evidence(1, "a b c d", "b", "d"),)))).sections
    assert section.positions[0].quotation.parts == (("a ", False), ("b", True), (" c ", False), ("d", True))


def test_repeated_phrase_is_found_by_its_spans() -> None:
    quote = "No deal, he said, is better than a bad deal."
    second = quote.rindex("deal")
    marked = Phrase(spans=(Span(100 + second, 104 + second),), text="deal")
    cited = Evidence(sentence=1, spans=(Span(100, 100 + len(quote)),), quote=quote, phrases=(marked,))
    (section,) = build_view(brief(position(1, evidence=(cited,)))).sections
    assert section.positions[0].quotation.parts == (
        ("No deal, he said, is better than a bad ", False), ("deal", True), (".", False),
    )  # fmt: skip


def test_phrase_outside_the_quotation_is_ignored() -> None:
    strange = Evidence(sentence=1, spans=(), quote="All of it.", phrases=(Phrase(spans=(), text="none"),))
    (section,) = build_view(brief(position(1, evidence=(strange,)))).sections
    assert section.positions[0].quotation.parts == (("All of it.", False),)


def test_question_has_origin_and_verbatim_flag(whole: Brief) -> None:
    asked, implied = build_view(whole).questions
    assert (asked.text, asked.origin_text, asked.is_verbatim) == (
        "Who pays?",
        "asked by Tomas Lind and Anna Berg",
        True,
    )
    assert (implied.origin_text, implied.is_verbatim, implied.quotation.text) == (
        "implied in the article", False, "No date is set.",
    )  # fmt: skip


def test_coverage_lists_read_failed_and_uncited(whole: Brief) -> None:
    assert build_view(whole).coverage == (
        "40 sentences read in 3 chunks, of which 1 failed.",
        "10 of 12 attributed statements cited.",
        "Not cited: sentences 10, 11, attributed to the mayor.",
        "Not cited: sentence 12, attributed to an unnamed source.",
        "Failed: sentences 20 to 30. The server broke.",
        "Looks like an instruction to a model: sentence 13.",
    )


def test_failed_chunk_of_one_sentence_is_singular() -> None:
    failed = FailedChunk(first_sentence=7, last_sentence=7, error="It broke.")
    lines = build_view(brief(coverage=Coverage(sentences=1, chunks=1, failed=(failed,)))).coverage
    assert lines == ("1 sentence read in 2 chunks, of which 1 failed.", "Failed: sentence 7. It broke.")


def test_rejected_items_have_reasons(whole: Brief) -> None:
    assert build_view(whole).rejected == ("position “The mayor resigns.”: sentence 99 does not exist",)


def test_provenance_has_engine_and_cost(whole: Brief) -> None:
    cost = "3 calls (1,234 tokens sent, 56 received, 2 repairs)"
    assert build_view(whole).provenance == (
        f"Made by the model tiny-2026, summarizer 9.9, in 2.0 s with {cost}.",
        "A note to the reader.",
    )


def test_line_breaks_and_invisible_characters_are_removed() -> None:
    cited = (evidence(1, "One\r\ntwo\u2028three\u202e four", "two\u2028three"),)
    made = brief(
        position(1, statement="It\x1b[31m\nis", evidence=cited, checks=CONFIRMED),
        holders=(BERG.model_copy(update={"name": "Anna\nBerg\u200b", "role": "engi\u00adneer\x85two"}),),
        open_questions=(question(2, "Who\npays?"),),
    )
    ((shown,),) = [section.positions for section in build_view(made).sections]
    assert shown.statement == "It[31m is"
    assert shown.introductions == (("Anna Berg", "engineer two, Riverton"),)
    assert shown.quotation.parts == (("One ", False), ("two three", True), (" four", False))
    assert build_view(made).questions[0].text == "Who pays?"


def test_lone_surrogate_is_replaced() -> None:
    made = brief()
    article = made.article.model_copy(update={"title": "a\ud800b", "source": "caf\udce9.txt"})
    shown = build_view(made.model_copy(update={"article": article}))
    assert (shown.title, shown.source) == ("a\ufffdb", "caf\ufffd.txt")


def test_confirmed_checks_add_no_marks() -> None:
    sure = Checks(speaker="confirmed", figures="confirmed", names="confirmed")
    (section,) = build_view(brief(position(1, checks=sure))).sections
    assert section.positions[0].marks == ()


def test_positions_of_a_holder_stay_together_in_article_order() -> None:
    (section,) = build_view(brief(position(2), position(3, "lind"), position(4), position(5, "lind"))).sections
    assert [position.quotation.numbers for position in section.positions] == [(2,), (4,), (3,), (5,)]


def test_limit_keeps_the_most_important_positions_and_counts_the_rest() -> None:
    many = brief(position(2), position(3, "lind"), position(4), position(5), position(30, "author"))
    shown = build_view(many, 2)
    assert [position.introductions[0][0] for section in shown.sections for position in section.positions] == [
        "Anna Berg",
        "Tomas Lind",
    ]
    assert shown.omitted == (
        "2 of 5 positions, the most important first; the JSON has all. Holders not shown: The author."
    )


def test_all_positions_are_shown_without_a_limit(whole: Brief) -> None:
    assert build_view(whole).omitted is None
    assert sum(len(section.positions) for section in build_view(whole).sections) == len(whole.positions)


def test_limit_applies_to_uncited_statements() -> None:
    missed = [
        UncitedStatement(sentences=(number,), spans=(), source="the mayor", quote=f"word {number} " * 40)
        for number in (1, 2, 3)
    ]
    lines = build_view(brief(coverage=Coverage(sentences=9, chunks=1, uncited=tuple(missed))), 2).coverage
    assert lines[1].startswith("Not cited: sentence 1, attributed to the mayor: “word 1 word 1")
    assert lines[1].endswith(" …”")
    assert lines[3:] == ("1 more uncited statement in the JSON.",)


def test_added_checks_are_shown() -> None:
    checks = Checks.model_validate({"speaker": "confirmed", "length": "unconfirmed", "tone": "contradicted"})
    (section,) = build_view(brief(position(1, checks=checks))).sections
    assert section.positions[0].marks == ("length unconfirmed", "tone contradicted")
    assert [(check.tone, check.text) for check in section.positions[0].checks] == [
        ("doubt", "tone contradicted"), ("open", "length unconfirmed"), ("sound", "speaker confirmed"),
    ]  # fmt: skip


def test_names_and_verdicts_of_added_checks_are_untrusted() -> None:
    checks = Checks.model_validate({"speaker": "confirmed", "a\x1b[31m\nb": "unconfirmed", "other": {"x": [1]}})
    (section,) = build_view(brief(position(1, checks=checks))).sections
    assert section.positions[0].marks == ("a[31m b unconfirmed",)
