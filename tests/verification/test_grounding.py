"""Grounding keeps the verified parts of a reply and reports the others."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer._text import strip_invisible
from summarizer.article import Article, read
from summarizer.attribution import analyse
from summarizer.engines import Chunk, split_into_chunks
from summarizer.spans import quote
from summarizer.testing import reply_for
from summarizer.verification import ExtractionReply, Findings, GroundingContext, ground
from summarizer.verification.text_index import TextIndex

Grounded = Callable[[dict[str, Any]], Findings]


@pytest.fixture
def grounded(context: GroundingContext, chunk: Chunk) -> Grounded:
    return lambda reply: ground(ExtractionReply.model_validate(reply), chunk.sentences, context)


def reasons(findings: Findings) -> str:
    return " / ".join(map(str, findings.problems))


def test_valid_reply_has_no_problems(grounded: Grounded, sound: dict[str, Any]) -> None:
    findings = grounded(sound)
    assert reasons(findings) == ""
    assert [position.statement for position in findings.positions] == [p["statement"] for p in sound["positions"]]
    assert len(findings.open_questions) == 2


def test_quotation_is_sliced_out_of_the_article(
    grounded: Grounded, sound: dict[str, Any], context: GroundingContext
) -> None:
    (evidence,) = grounded(sound).positions[0].evidence
    text = context.reading.article.text
    assert evidence.quote == "“The bridge must go,” said Ms Anna Berg, the town's chief engineer."
    assert quote(text, evidence.spans) == evidence.quote
    assert [quote(text, phrase.spans) for phrase in evidence.phrases] == ["The bridge must go"]


@pytest.mark.parametrize(
    ("statement", "phrase"),
    [
        ("Berg found the concession significant.", "found the concession “significant and substantive”"),
        ("The concession is significant, substantive.", "the concession “significant and substantive”"),
        ("It is significant and substantive.", "significant and substantive"),
    ],
)
def test_phrase_holds_a_quotation_whole_or_stays_within_it(statement: str, phrase: str) -> None:
    reading = read(Article.from_text("Nobody else came. Anna Berg found the concession “significant and substantive”."))
    sentence = reading.sentences[-1]
    spans = GroundingContext(reading, analyse(reading)).index.find_phrase(statement, sentence)
    assert phrase in quote(reading.article.text, spans)
    assert quote(reading.article.text, spans).count("“") == quote(reading.article.text, spans).count("”")


def test_sentence_that_names_a_speaker_is_added_where_the_evidence_has_a_pronoun() -> None:
    text = "The council met.\n\nAnna Berg spoke first. Rain fell on the roof. “The bridge must go,” she said.\n"
    reading = read(Article.from_text(text))
    reply = {
        "holders": [{"id": "H1", "name": "Anna Berg", "kind": "person", "role": None, "affiliation": None}],
        "issues": [],
        "positions": [
            {
                "sentences": [4],
                "holders": ["H1"],
                "reported_by": None,
                "statement": "The bridge must go.",
                "issue": None,
                "stance": "unclear",
                "certainty": "asserted",
            }
        ],
        "open_questions": [],
        "gist": None,
    }
    context = GroundingContext(reading, analyse(reading))
    (position,) = ground(ExtractionReply.model_validate(reply), reading.sentences, context).positions
    assert [item.sentence for item in position.evidence] == [2, 4]
    assert position.checks.speaker == "confirmed"


def test_figure_in_another_spelling_is_accepted(grounded: Grounded, sound: dict[str, Any]) -> None:
    sound["positions"][1]["statement"] = "A repair may cost less than 1 200 000 crowns."
    assert reasons(grounded(sound)) == ""


def test_figure_may_come_from_the_title_or_the_date(grounded: Grounded, sound: dict[str, Any]) -> None:
    sound["positions"][0]["statement"] = "In 2026 the bridge must go."
    assert len(grounded(sound).positions) == 2


def test_figure_missing_in_the_cited_sentences_is_rejected(grounded: Grounded, sound: dict[str, Any]) -> None:
    sound["positions"][1]["statement"] = "A repair may cost less than 1,300,000 crowns."
    findings = grounded(sound)
    assert "the figure 1,300,000 stands neither" in reasons(findings)
    assert [position.id for position in findings.positions] == ["P1"]


def test_sentence_number_beyond_the_article_is_a_problem(grounded: Grounded, sound: dict[str, Any]) -> None:
    sound["positions"][0]["sentences"] = [99]
    findings = grounded(sound)
    assert "there is no sentence 99 here: they are numbered 1 to 9" in reasons(findings)
    assert len(findings.positions) == 1


def test_valid_sentence_numbers_are_kept_beside_an_invalid_one(grounded: Grounded, sound: dict[str, Any]) -> None:
    sound["positions"][0]["sentences"] = [3, 99]
    findings = grounded(sound)
    assert [item.sentence for item in findings.positions[0].evidence] == [3]
    assert findings.problems


def test_sentence_of_another_chunk_cannot_be_cited(context: GroundingContext, sound: dict[str, Any]) -> None:
    first = split_into_chunks(context.reading, chunk_tokens=60)[0]
    sound["positions"][1]["sentences"] = [8]
    findings = ground(ExtractionReply.model_validate(sound), first.sentences, context)
    assert "there is no sentence 8 here" in reasons(findings)


@pytest.mark.parametrize(
    ("statement", "phrase"),
    [
        ("A repair may cost less than 1,200,000 crowns.", "a repair may cost under 1,200,000 crowns"),
        ("It is too dear.", None),
    ],
)
def test_phrase_is_what_the_statement_restates(
    grounded: Grounded, sound: dict[str, Any], statement: str, phrase: str | None
) -> None:
    sound["positions"][1]["statement"] = statement
    (evidence,) = grounded(sound).positions[1].evidence
    assert next((found.text for found in evidence.phrases), None) == phrase


@pytest.mark.parametrize(("kind", "problems"), [("unnamed", 0), ("author", 0), ("group", 2)])
def test_only_unnamed_holders_and_the_author_may_lack_name_and_role(
    grounded: Grounded, sound: dict[str, Any], kind: str, problems: int
) -> None:
    sound["holders"][0] = {"id": "H1", "name": None, "kind": kind, "role": None, "affiliation": None}
    findings = grounded(sound)
    assert len(findings.problems) == problems
    assert bool(problems) == ("copy the article's words for it" in reasons(findings))


@pytest.mark.parametrize(
    ("statement", "stands"), [("Line 6 is fast.", True), ("Line 7 is fast.", False), ("6 lines are fast.", False)]
)
def test_figure_in_a_name_of_the_article_is_accepted(statement: str, stands: bool) -> None:
    words = TextIndex(read(Article.from_text("Trams\n\nLine 6 is old. It is fast, said Anna Berg.")))
    assert (words.missing_figures(statement, words.reading.sentences[-1:]) == []) is stands


def test_holder_missing_in_the_article_is_rejected_with_all_positions(
    grounded: Grounded, sound: dict[str, Any]
) -> None:
    sound["holders"][0]["name"] = "Anna Bergman"
    findings = grounded(sound)
    assert "this name does not stand in the article" in reasons(findings)
    assert [position.holders for position in findings.positions] == [("H2",)]


@pytest.mark.parametrize("name", ["ANNA BERG", "Anna  Berg", "anna berg"])
def test_case_and_white_space_do_not_count_in_names(grounded: Grounded, sound: dict[str, Any], name: str) -> None:
    sound["holders"][0]["name"] = name
    assert reasons(grounded(sound)) == ""


def test_invented_role_is_removed_and_the_holder_kept(grounded: Grounded, sound: dict[str, Any]) -> None:
    sound["holders"][0]["role"] = "mayor of Riverton"
    findings = grounded(sound)
    assert "do not stand in the article" in reasons(findings)
    assert findings.holders[0].role is None


def test_holder_without_a_name_is_called_by_the_role(grounded: Grounded, sound: dict[str, Any]) -> None:
    sound["holders"][0] |= {"name": None, "role": "chief engineer", "kind": "unnamed"}
    assert grounded(sound).holders[0].name == "chief engineer"


def test_holder_has_aliases_and_mentions(grounded: Grounded, sound: dict[str, Any], context: GroundingContext) -> None:
    lind = grounded(sound).holders[1]
    assert "Mr Lind" in lind.aliases
    assert [quote(context.reading.article.text, [span]) for span in lind.mentions] == ["Tomas Lind", "Mr Lind"]


def test_position_with_an_unknown_holder_loses_the_holder(grounded: Grounded, sound: dict[str, Any]) -> None:
    sound["positions"][0]["holders"] = ["H9"]
    findings = grounded(sound)
    assert "there is no holder H9" in reasons(findings)
    assert len(findings.positions) == 1


def test_position_that_names_no_holder_is_rejected(grounded: Grounded, sound: dict[str, Any]) -> None:
    sound["positions"][0]["holders"] = []
    assert "it names no holder" in reasons(grounded(sound))


def test_stance_on_an_unknown_issue_is_unclear(grounded: Grounded, sound: dict[str, Any]) -> None:
    sound["positions"][0]["issue"] = "I7"
    position = grounded(sound).positions[0]
    assert (position.issue, position.stance) == (None, "unclear")


def test_repeated_holder_id_is_a_problem(grounded: Grounded, sound: dict[str, Any]) -> None:
    sound["holders"][1]["id"] = "H1"
    assert "another holder has this id already" in reasons(grounded(sound))


def test_question_without_a_question_sentence_is_implied(grounded: Grounded, sound: dict[str, Any]) -> None:
    sound["open_questions"][1]["origin"] = "asked"
    findings = grounded(sound)
    assert not findings.problems
    assert [question.origin for question in findings.open_questions] == ["asked", "implied"]


def test_question_may_be_asked_indirectly() -> None:
    (chunk,) = split_into_chunks(
        reading := read(Article.from_text("Trams\n\nAnna Berg asked who would pay for the rails."))
    )
    holder = {"id": "H1", "name": "Anna Berg", "kind": "person", "role": None, "affiliation": None}
    question = {"sentences": [2], "question": "Who pays?", "origin": "asked", "raised_by": ["H1"]}
    nothing: dict[str, Any] = {"issues": [], "positions": [], "gist": None}
    reply = ExtractionReply.model_validate(nothing | {"holders": [holder], "open_questions": [question]})
    (found,) = ground(reply, chunk.sentences, GroundingContext(reading, analyse(reading))).open_questions
    assert found.origin == "asked"


def test_caption_alone_carries_no_position() -> None:
    text = (
        "Bridge closed\n\nAnna Berg says the bridge is unsafe. Town of Riverton/Handout via REUTERS\n\n"
        "The bridge was closed on Monday after an inspection of its piers."
    )
    reading = read(Article.from_text(text))
    assert reading.sentences[1].kind == "caption"
    reply = {
        "holders": [{"id": "H1", "name": "Anna Berg", "kind": "person", "role": None, "affiliation": None}],
        "issues": [],
        "positions": [
            {
                "sentences": [2],
                "holders": ["H1"],
                "reported_by": None,
                "statement": "The bridge is unsafe.",
                "issue": None,
                "stance": "unclear",
                "certainty": "asserted",
            }
        ],
        "open_questions": [],
        "gist": None,
    }
    findings = ground(
        ExtractionReply.model_validate(reply), reading.sentences, GroundingContext(reading, analyse(reading))
    )
    assert findings.positions == ()
    assert "rests on a picture's caption" in reasons(findings)


def test_quoted_speaker_of_the_cited_sentence_is_confirmed(grounded: Grounded, sound: dict[str, Any]) -> None:
    assert grounded(sound).positions[0].checks.speaker == "confirmed"


def test_quotation_of_another_speaker_causes_a_repair_and_a_flag(grounded: Grounded, sound: dict[str, Any]) -> None:
    sound["positions"][0]["holders"] = ["H2"]
    findings = grounded(sound)
    assert findings.positions[0].checks.speaker == "contradicted"
    (problem,) = findings.problems
    assert problem.is_warning
    assert "quote somebody other than Tomas Lind" in problem.reason


def test_statement_relayed_by_the_quoted_speaker_is_not_contradicted(grounded: Grounded, sound: dict[str, Any]) -> None:
    sound["positions"][0] |= {"holders": ["H2"], "reported_by": "H1"}
    findings = grounded(sound)
    assert findings.positions[0].checks.speaker == "unconfirmed"
    assert findings.problems == ()


def test_affiliation_missing_in_the_article_is_removed(grounded: Grounded, sound: dict[str, Any]) -> None:
    sound["holders"][1]["affiliation"] = "Friends of the Sea"
    findings = grounded(sound)
    assert findings.holders[1].affiliation is None
    assert findings.problems[0].what == "affiliation"


@pytest.mark.parametrize("sentences", [[], [99]])
def test_gist_without_sentences_is_rejected(grounded: Grounded, sound: dict[str, Any], sentences: list[int]) -> None:
    sound["gist"]["sentences"] = sentences
    findings = grounded(sound)
    assert findings.gist is None
    assert [problem.what for problem in findings.problems] == ["gist"]


def test_gist_with_a_figure_that_is_not_in_the_article_is_rejected(grounded: Grounded, sound: dict[str, Any]) -> None:
    sound["gist"]["text"] = "A council argues about a bridge of 1912."
    assert grounded(sound).gist is None


def test_invalid_part_is_reported_with_the_position_it_belongs_to(grounded: Grounded, sound: dict[str, Any]) -> None:
    sound["positions"][0] |= {"sentences": [3, 99], "holders": ["H1", "H9"]}
    sound["open_questions"][0]["raised_by"] = ["H2", "H8"]
    findings = grounded(sound)
    assert (len(findings.positions), len(findings.open_questions)) == (2, 2)
    assert [(each.what, each.text) for each in findings.problems] == [
        ("sentence number", "99"),
        ("reference", "H9"),
        ("reference", "H8"),
    ]


@pytest.mark.parametrize("number", [10**400, -(10**400)])
def test_absurd_sentence_number_is_shortened_in_its_problem(
    grounded: Grounded, sound: dict[str, Any], number: int
) -> None:
    sound["positions"][0]["sentences"] = [number]
    assert len(reasons(grounded(sound))) < 200


def test_speech_type_comes_from_the_article(grounded: Grounded, sound: dict[str, Any]) -> None:
    direct, indirect = grounded(sound).positions
    assert (direct.speech, indirect.speech) == ("direct", "indirect")


NUMBERS = st.lists(st.integers(-3, 12), max_size=4)
IDS = st.sampled_from(["H1", "H2", "H3", "I1", "", "sentence 3"])
WORDS = st.text(max_size=40)
SHOWN_WORDS = WORDS.filter(lambda text: strip_invisible(text).strip())
REPLIES = st.fixed_dictionaries(
    {
        "holders": st.lists(
            st.fixed_dictionaries(
                {
                    "id": IDS.filter(bool),
                    "name": st.none() | st.sampled_from(["Anna Berg", "Tomas Lind", "Nobody Here"]),
                    "kind": st.sampled_from(["person", "group", "author", "unnamed"]),
                    "role": st.none() | st.just("chief engineer") | WORDS,
                    "affiliation": st.none() | WORDS,
                }
            ),
            max_size=3,
        ),
        "issues": st.lists(
            st.fixed_dictionaries(
                {
                    "id": IDS.filter(bool),
                    "proposition": SHOWN_WORDS,
                    "kind": st.just("fact"),
                }
            ),
            max_size=2,
        ),
        "positions": st.lists(
            st.fixed_dictionaries(
                {
                    "sentences": NUMBERS,
                    "holders": st.lists(IDS.filter(bool), max_size=2),
                    "reported_by": st.none() | IDS,
                    "statement": SHOWN_WORDS,
                    "issue": st.none() | IDS,
                    "stance": st.sampled_from(["agrees", "unclear"]),
                    "certainty": st.just("asserted"),
                }
            ),
            max_size=3,
        ),
        "open_questions": st.lists(
            st.fixed_dictionaries(
                {
                    "sentences": NUMBERS,
                    "question": SHOWN_WORDS,
                    "origin": st.sampled_from(["asked", "implied"]),
                    "raised_by": st.lists(IDS.filter(bool), max_size=2),
                }
            ),
            max_size=2,
        ),
        "gist": st.none() | st.fixed_dictionaries({"sentences": NUMBERS, "text": SHOWN_WORDS}),
    }
)


@given(reply=REPLIES)
def test_findings_of_any_reply_quote_the_article_and_resolve(
    reply: dict[str, Any], context: GroundingContext, chunk: Chunk
) -> None:
    findings = ground(ExtractionReply.model_validate(reply), chunk.sentences, context)
    text = context.reading.article.text
    holders = {holder.id for holder in findings.holders}
    issues = {issue.id for issue in findings.issues}
    for position in findings.positions:
        assert set(position.holders) <= holders
        assert {position.reported_by, position.issue} <= holders | issues | {None}
    for claim in (*findings.positions, *findings.open_questions):
        for evidence in claim.evidence:
            assert evidence.quote == context.reading.sentence(evidence.sentence).text == quote(text, evidence.spans)
            assert all(phrase.text == quote(text, phrase.spans) for phrase in evidence.phrases)
    found = len(findings.positions) + len(findings.open_questions)
    assert found == len(reply["positions"]) + len(reply["open_questions"]) or findings.problems


def test_gist_may_have_number_words_but_no_digits_missing_in_the_article(
    grounded: Grounded, sound: dict[str, Any]
) -> None:
    sound["gist"] = {"sentences": [1], "text": "Two sides argue over a bridge."}
    assert grounded(sound).gist
    sound["gist"]["text"] = "The 2 sides argue over a bridge for 77 hours."
    assert "the figure 2 does not stand in the article" in reasons(grounded(sound))


@pytest.mark.parametrize(
    ("statement", "sentences", "marked"),
    [
        ("The dam is cracked.", [2, 3], [2]),
        ("Ann Berg thinks the dam is cracked.", [2, 3], [2]),  # a name in the statement restates nothing
        ("The dam is cracked.", [3], [2]),  # which the library adds
        ("Nobody slept in the valley.", [2, 4], [2]),
        ("The valley road is shut.", [2, 4], []),  # it restates the sentence that names her
        ("It is hopeless.", [2], []),  # there is no other sentence
    ],
)
def test_sentence_that_only_names_the_speaker_is_marked(
    statement: str, sentences: list[int], marked: list[int]
) -> None:
    text = "Vote\n\nAnn Berg shut the valley road. She said the dam is cracked. She said nobody slept in the valley."
    reading = read(Article.from_text(text))
    reply = reply_for(text, [("Ann Berg", "the dam is cracked")]).model_dump(mode="json")
    reply["positions"][0] |= {"statement": statement, "sentences": sentences}
    context = GroundingContext(reading, analyse(reading))
    (position,) = ground(ExtractionReply.model_validate(reply), reading.sentences, context).positions
    assert [item.sentence for item in position.evidence if item.only_names_speaker] == marked
