"""The view model: order and wording of a brief."""

from typing import Any

import pytest

from summarizer import Brief
from summarizer.article import ArticleInfo
from summarizer.brief import (
    Checks,
    Coverage,
    Evidence,
    FailedChunk,
    Gist,
    Holder,
    Phrase,
    Position,
    Speech,
    UncitedStatement,
)
from summarizer.render import ViewOptions, to_text
from summarizer.render.quotations import shorten
from summarizer.render.view_model import BriefView, HolderGroup, PositionView, build_view
from summarizer.spans import Span

from .conftest import BERG, CONFIRMED, brief, evidence, position, provenance, question

FULL = ViewOptions(full=True)


def test_sections_follow_the_issues_with_ungrouped_positions_last(whole: Brief) -> None:
    headings = [section.heading for section in build_view(whole).sections]
    assert headings == [
        "The bridge should be torn down. (policy)",
        "A repair is cheap. (question of fact)",
        "On other matters",
    ]
    assert [len(section.positions) for section in build_view(whole).sections] == [3, 1, 1]


def test_issue_without_positions_is_omitted(whole: Brief) -> None:
    assert "Nobody takes a stance" not in str(build_view(whole))


def groups(view: BriefView) -> list[HolderGroup]:
    return [group for section in view.sections for side in section.sides for group in side.groups]


def test_positions_are_grouped_by_side_and_holder(whole: Brief) -> None:
    sides = [
        (side.name, [[position.key for position in group.positions] for group in side.groups])
        for section in build_view(whole).sections
        for side in section.sides
    ]
    assert sides == [
        ("For", [["P2"]]), ("Against", [["P4"]]), ("Other", [["P3"]]),
        ("For", [["P1"]]),
        (None, [["P5"]]),
    ]  # fmt: skip


def test_issue_without_sides_has_no_headings_of_sides() -> None:
    (section,) = build_view(brief(position(1, issue="tear"), position(2, "lind", issue="tear"))).sections
    assert [side.name for side in section.sides] == [None]


def test_section_has_no_heading_if_no_position_has_an_issue() -> None:
    (section,) = build_view(brief(position(1))).sections
    assert section.heading is None


def test_role_and_affiliation_are_shown_at_first_appearance_only(whole: Brief) -> None:
    shown = [who for group in groups(build_view(whole)) for who in group.introductions]
    assert shown == [
        ("Anna Berg", "chief engineer, Riverton"),
        ("Tomas Lind", "chairman of the Friends"),  # the role says the affiliation already
        ("Tomas Lind", ""),
        ("Anna Berg", ""),
        ("Tomas Lind", ""),
        ("The author", ""),
    ]


def test_long_role_is_shortened_except_in_the_full_view() -> None:
    role = "former adviser of the harbour council and now head of the consultancy that counts the ships"
    made = brief(position(1), holders=(BERG.model_copy(update={"role": role, "affiliation": None}),))
    assert groups(build_view(made))[0].introductions == (("Anna Berg", "former adviser of the harbour council"),)
    assert groups(build_view(made, FULL))[0].introductions == (("Anna Berg", role),)


def test_unnamed_holder_has_a_placeholder_name() -> None:
    nobody = Holder(id="berg", name=None, kind="unnamed")
    (group,) = groups(build_view(brief(position(1), holders=(nobody,))))
    assert group.introductions == (("Somebody unnamed", ""),)


def test_marks_show_certainty_relaying_and_doubts(whole: Brief) -> None:
    marks = [position.marks for section in build_view(whole).sections for position in section.positions]
    assert marks == [
        (),
        ("relayed by Anna Berg", "the quotation may be another speaker’s"),
        ("conditional",),
        ("hedged",),
        ("speculation", "speaker unconfirmed", "names unconfirmed"),
    ]


def test_stance_is_shown_only_with_an_issue(whole: Brief) -> None:
    stances = [position.stance for section in build_view(whole).sections for position in section.positions]
    assert stances == ["agrees", "disagrees", "mixed", "agrees", None]


def test_unclear_stance_of_a_model_is_shown() -> None:
    (section,) = build_view(brief(position(1, issue="tear"))).sections
    assert section.positions[0].stance == "unclear"


def builtin(*positions: Position, **changes: Any) -> list[PositionView]:
    view = build_view(brief(*positions, provenance=provenance(engine="builtin"), **changes))
    return [position for section in view.sections for position in section.positions]


def test_builtin_position_shows_no_unclear_stance_and_no_excerpt() -> None:
    (shown,) = builtin(
        position(
            1, issue="tear", statement="The bridge must go.", evidence=(evidence(1, "The bridge must go, she said."),)
        )
    )
    assert (shown.stance, shown.text, shown.excerpt) == (None, "The bridge must go.", None)


@pytest.mark.parametrize(
    ("statement", "speech", "text"),
    [
        ("Anna Berg: She would resign soon.", "indirect", "She would resign soon."),
        ("Anna Berg opposes the plan of Osby.", "indirect", "opposes the plan of Osby."),
        ("anna Berg: It must go.", "direct", "“It must go.”"),
        ("Anna Bergen is against the plan.", "indirect", "Anna Bergen is against the plan."),
        ("The bridge must go.", "indirect", "The bridge must go."),
        ("It must go.", "direct", "“It must go.”"),
        ("Anna Berg: It must go.", "direct", "“It must go.”"),
        ("It is “unsafe”, and it must go.", "direct", "It is “unsafe”, and it must go."),
    ],
)
def test_statement_of_the_builtin_engine_is_shown_without_its_holder(statement: str, speech: Speech, text: str) -> None:
    said = evidence(
        1,
        statement.replace(":", " said,")
        if "Anna Berg" in statement and "Bergen" not in statement
        else f"{statement} she said.",
    )
    assert [shown.text for shown in builtin(position(1, statement=statement, speech=speech, evidence=(said,)))] == [
        text
    ]


@pytest.mark.parametrize(
    ("title", "source", "shown"),
    [
        ("A bridge", "bridge.txt", ("A bridge", "bridge.txt")),
        (None, "bridge.txt", ("bridge.txt", "")),
        (None, None, ("Brief", "")),
    ],
)
def test_source_stands_for_a_missing_title(title: str | None, source: str | None, shown: tuple[str, str]) -> None:
    view = build_view(brief(article=ArticleInfo(characters=90, sha256="0", title=title, source=source)))
    assert (view.title, view.source) == shown


def test_statement_that_needs_an_earlier_sentence_is_left_out_and_counted() -> None:
    view = build_view(
        brief(
            position(1, statement="That has been reversed.", evidence=(evidence(1, "That has been reversed."),)),
            position(2, statement="The bridge must go.", evidence=(evidence(2, "The bridge must go, she said."),)),
            position(3, statement="The bridge must stay.", issue="tear", stance="agrees"),
            provenance=provenance(engine="builtin"),
        )
    )
    shown = [each.text for section in view.sections for each in section.positions]
    assert (sorted(shown), view.omitted) == (
        ["As reported: “Quotation 3.”", "The bridge must go."],
        "1 more position: --full",
    )


def test_builtin_brief_neither_confirms_nor_doubts_its_own_speakers() -> None:
    checks = (Checks(speaker="unconfirmed"), Checks(speaker="confirmed", names="confirmed"))
    statements = ("The bridge must go.", "The toll is far too dear.")
    shown = builtin(
        *(position(n, checks=each, statement=statements[n - 1]) for n, each in enumerate(checks, 1)),
    )
    assert [(each.checks, each.marks) for each in shown] == [((), ())] * 2


def test_statement_of_a_model_has_the_key_words_as_excerpt() -> None:
    cited = (evidence(1, "It must go now, she said.", "must go now"), evidence(2, "It is old."))
    (section,) = build_view(brief(position(1, evidence=cited))).sections
    (shown,) = section.positions
    assert shown.excerpt
    assert shown.excerpt.text == "“must go now”"


def test_answer_shows_the_last_question_and_a_post_its_time() -> None:
    asked = evidence(1, " ".join(["The town is old and its purse is small."] * 6) + " Who pays?")
    (shown,) = builtin(position(2, answers=asked, posted="14:32"))
    assert (shown.asked, shown.posted) == ("Who pays?", "14:32")


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
    assert (quotation.text, quotation.brackets) == ("One. Two. […] Three.", "[3–4, 7]")


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
        "Tomas Lind and Anna Berg",
        True,
    )
    assert (implied.origin_text, implied.is_verbatim, implied.quotation.text) == (
        "implied", False, "No date is set.",
    )  # fmt: skip


def test_coverage_lists_read_failed_and_uncited(whole: Brief) -> None:
    assert build_view(whole).coverage == (
        ("40 sentences read, of which 11 failed; 10 of 12 statements cited; 1 claim of the model rejected."),
        "Failed: sentences 20 to 30. The server broke.",
        "Looks like an instruction to a model: sentence 13.",
    )
    assert build_view(whole, FULL).coverage == (
        "40 sentences read, of which 11 failed; 10 of 12 statements cited.",
        "Not cited: sentences 10, 11, attributed to the mayor.",
        "Not cited: sentence 12, attributed to an unnamed source.",
        "Failed: sentences 20 to 30. The server broke.",
        "Looks like an instruction to a model: sentence 13.",
    )


def test_coverage_of_the_builtin_engine_counts_what_it_could_not_place() -> None:
    counts = {"statements": 5, "cited": 5, "quotations": 11, "unattributed": 3, "doubtful": 2, "without_position": 9}
    made = brief(coverage=Coverage(sentences=20, chunks=1, **counts), provenance=provenance(engine="builtin"))
    assert build_view(made).coverage == (
        (
            "20 sentences read; 9 sentences carry no position; 3 of 11 quotations have no speaker here; "
            "2 attributions too doubtful to show."
        ),
    )


def test_failed_chunk_of_one_sentence_is_singular() -> None:
    failed = FailedChunk(first_sentence=7, last_sentence=7, error="It broke.")
    lines = build_view(brief(coverage=Coverage(sentences=1, chunks=1, failed=(failed,)))).coverage
    assert lines == ("1 sentence read, of which 1 failed.", "Failed: sentence 7. It broke.")


def test_coverage_without_any_reply_has_no_other_counts() -> None:
    failed = FailedChunk(first_sentence=1, last_sentence=8, error="It broke.")
    lines = build_view(brief(coverage=Coverage(sentences=8, chunks=0, failed=(failed,), statements=4))).coverage
    assert lines == ("8 sentences read, of which 8 failed.", "Failed: sentences 1 to 8. It broke.")


def test_rejected_items_have_reasons(whole: Brief) -> None:
    assert build_view(whole).rejected == ("position “The mayor resigns.”: sentence 99 does not exist",)


def test_provenance_has_engine_and_cost(whole: Brief) -> None:
    cost = "3 calls (1,234 tokens sent, 56 received, 2 repairs)"
    assert build_view(whole).provenance == ("Made by tiny-2026.", "A note to the reader.")
    assert build_view(whole, FULL).provenance[0] == f"Made by tiny-2026, summarizer 9.9, in 2.0 s with {cost}."


def test_line_breaks_and_invisible_characters_are_removed() -> None:
    cited = (evidence(1, "One\r\ntwo\u2028three\u202e four", "two\u2028three"),)
    made = brief(
        position(1, statement="It\x1b[31m\nis", evidence=cited, checks=CONFIRMED),
        holders=(BERG.model_copy(update={"name": "Anna\nBerg\u200b", "role": "engi\u00adneer\x85two"}),),
        open_questions=(question(2, "Who\npays?"),),
    )
    ((shown,),) = [section.positions for section in build_view(made).sections]
    assert shown.text == "It[31m is"
    assert groups(build_view(made))[0].introductions == (("Anna Berg", "engineer two, Riverton"),)
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
    shown = build_view(many, ViewOptions(limit=2))
    assert [group.introductions[0][0] for group in groups(shown)] == ["Anna Berg", "Tomas Lind"]
    assert shown.omitted == "3 more positions, also of The author: --full"
    assert sum(len(section.positions) for section in shown.more) == 3
    assert build_view(many, ViewOptions(limit=0)).omitted is None


def long_brief(words: int, *positions: Position, **changes: Any) -> Brief:
    """Return a brief of an article with this number of words."""
    return brief(*positions, article=ArticleInfo(characters=words * 6, words=words, sha256="0"), **changes)


def test_short_view_has_less_than_40_percent_of_the_words() -> None:
    many = [
        position(number, ("berg", "lind")[number % 2], statement=f"{number} words. " * 12) for number in range(2, 30)
    ]
    few, more = (build_view(long_brief(words, *many)) for words in (400, 900))
    shown, shown_more = (sum(len(section.positions) for section in view.sections) for view in (few, more))
    assert 0 < shown < shown_more <= 15
    assert len(to_text(long_brief(400, *many)).split()) < 160


def test_each_holder_with_a_stance_comes_first_and_the_sides_take_turns() -> None:
    held = [position(2), position(3), *(position(n, "lind", issue="tear", stance="agrees") for n in (4, 5))]
    made = brief(*held, position(39, "author", issue="tear", stance="disagrees"))
    assert [each.id for each in made.top(2)] == ["p4", "p39"]


def test_both_sides_and_all_holders_with_a_stance_are_shown_before_others() -> None:
    long = "The old bridge over the river must be closed before the winter comes, because its piers are weak."
    many = [position(n, statement=f"{n} {long}", issue="tear", stance="agrees") for n in range(2, 20)]
    other = position(38, "author", statement=f"It costs {long}", issue="cheap", stance="mixed")
    against = position(39, "lind", statement=f"It is false that {long}", issue="tear", stance="disagrees")
    view = build_view(long_brief(330, *many, other, against))
    assert {"For", "Against"} <= {side.name for section in view.sections for side in section.sides}
    assert {who.name for group in groups(view) for who in group.holders} == {"Anna Berg", "Tomas Lind", "The author"}


def test_mere_gesture_comes_last() -> None:
    made = brief(
        position(2, statement="Anna Berg pointed to Lenham.", issue="tear", stance="agrees", speech="direct"),
        position(39, statement="Anna Berg pointed to Lenham, where a bridge fell.", speech="indirect"),
    )
    assert [each.id for each in made.top()] == ["p39", "p2"]


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("It doesn’t last", "“It doesn’t last”"),
        ("It lasts", "The old bridge over the river does not last the winter."),  # without the negation
        ("doesn’t last", "The old bridge over the river does not last the winter."),  # without a subject
    ],
)
def test_marked_clause_of_direct_speech_replaces_a_longer_statement(phrase: str, text: str) -> None:
    cited = (evidence(2, f"“{phrase},” she said.", phrase),)
    statement = "The old bridge over the river does not last the winter."
    made = long_brief(400, position(2, statement=statement, speech="direct", evidence=cited))
    assert [each.text for section in build_view(made).sections for each in section.positions] == [text]


@pytest.mark.parametrize(
    ("name", "role", "shown"),
    [
        ("A lawyer", "lawyer for Joan Pike", ("A lawyer for Joan Pike", "")),
        ("Joan Pike", "lawyer", ("Joan Pike", "lawyer")),
        ("the mayor", "mayor", ("the mayor", "")),
    ],
)
def test_role_is_not_repeated_after_a_name_that_begins_it(name: str, role: str, shown: tuple[str, str]) -> None:
    holder = Holder(id="berg", name=name, kind="unnamed", role=role)
    assert groups(build_view(brief(position(1), holders=(holder,))))[0].introductions == (shown,)


def test_near_duplicates_of_a_holder_are_shown_once() -> None:
    one, other = "The old bridge must be closed before winter.", "Before the winter the old bridge must be closed."
    made = long_brief(500, position(2, statement=one), position(3, statement=other), position(4, "lind", statement=one))
    assert [key.key for section in build_view(made).sections for key in section.positions] == ["P1", "P3"]


def test_full_view_leaves_nothing_out(whole: Brief) -> None:
    view = build_view(whole.model_copy(update={"article": whole.article.model_copy(update={"words": 301})}), FULL)
    assert (view.omitted, view.more, view.more_questions) == (None, (), ())
    assert sum(len(section.positions) for section in view.sections) == len(whole.positions)


def test_all_positions_are_shown_without_a_limit(whole: Brief) -> None:
    assert build_view(whole).omitted is None
    assert sum(len(section.positions) for section in build_view(whole).sections) == len(whole.positions)


def test_long_uncited_statement_is_shortened() -> None:
    missed = UncitedStatement(sentences=(1,), spans=(), source="the mayor", quote="word " * 40)
    lines = build_view(brief(coverage=Coverage(sentences=9, chunks=1, uncited=(missed,))), FULL).coverage
    assert lines[1].startswith("Not cited: sentence 1, attributed to the mayor: “word word")
    assert lines[1].endswith(" …”")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It must go.", "It must go."),
        ("“It must go now. It is old.”", "“It must go now. …”"),
        ("It is “old and unsafe and dear”.", "It is “old and unsafe…”"),
        ("“He came late. We must close it. He left.”", "“… We must close it. …”"),
        ('"He came late. We must close it. He left."', '"… We must close it. …"'),
        ("The council will pay the bill of the owners.", "The council will pay…"),
        ("Am 14. Mai muss die Stadt zahlen.", "Am 14. Mai muss…"),
    ],
)
def test_long_text_is_cut_at_a_sentence_or_a_clause_and_closes_its_quotation_marks(text: str, shown: str) -> None:
    assert shorten(text, 5) == shown


def test_added_checks_are_shown() -> None:
    checks = Checks.model_validate({"speaker": "confirmed", "length": "unconfirmed", "tone": "contradicted"})
    (section,) = build_view(brief(position(1, checks=checks))).sections
    assert section.positions[0].marks == ("length unconfirmed", "tone contradicted")
    assert [(check.tone, check.text) for check in section.positions[0].checks] == [
        ("doubt", "tone contradicted"), ("open", "length unconfirmed"), ("sound", "speaker confirmed"),
    ]  # fmt: skip


MAY = "The evidence says “may”; the statement does not."


@pytest.mark.parametrize(
    ("checks", "marks"),
    [
        (
            Checks(support="doubtful", support_reason=MAY),
            ("doubtful: the evidence says “may”, the statement does not",),
        ),
        (Checks(support="partly", support_reason="It says\n“may”."), ("only partly supported: it says “may”",)),
        (Checks(support="unsupported"), ("not supported",)),
        (Checks(support="unflagged"), ()),
        (Checks(support="supported", support_reason="It says so."), ()),
    ],
)
def test_lack_of_support_is_told_with_its_reason(checks: Checks, marks: tuple[str, ...]) -> None:
    sure = checks.model_copy(update={"speaker": "confirmed"})
    (section,) = build_view(brief(position(1, checks=sure))).sections
    shown = section.positions[0]
    assert shown.marks == marks
    assert [check.text for check in shown.checks if check.tone == "doubt"] == list(marks)
    confirmed = "speaker and support confirmed" if checks.support == "supported" else "speaker confirmed"
    assert [check.text for check in shown.checks if check.tone == "sound"] == [confirmed]


def test_builtin_brief_tells_doubts_about_its_statements() -> None:
    (shown,) = builtin(position(1, checks=Checks(support="doubtful", support_reason=MAY)))
    assert shown.marks == ("doubtful: the evidence says “may”, the statement does not",)


def test_names_and_verdicts_of_added_checks_are_untrusted() -> None:
    checks = Checks.model_validate({"speaker": "confirmed", "a\x1b[31m\nb": "unconfirmed", "other": {"x": [1]}})
    (section,) = build_view(brief(position(1, checks=checks))).sections
    assert section.positions[0].marks == ("a[31m b unconfirmed",)


def test_position_on_the_matter_of_the_title_precedes_a_minor_one() -> None:
    view = build_view(
        brief(
            position(1, statement="Lunch was served late on Monday.", speech="direct"),
            position(2, statement="The harbour crane in Osby should be repaired.", speech="direct"),
            article=ArticleInfo(characters=90, sha256="0", title="Osby will repair its harbour crane"),
        ),
        ViewOptions(limit=1),
    )
    shown = [each.text for section in view.sections for each in section.positions]
    assert shown == ["The harbour crane in Osby should be repaired."]
