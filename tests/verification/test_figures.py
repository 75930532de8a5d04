"""Figures are compared by their readings, and found in sentences near the evidence."""

import json

import pytest

from summarizer.article import Article, read
from summarizer.attribution import analyse
from summarizer.verification import ExtractionReply, Findings, GroundingContext, ground
from summarizer.verification.figures import figures, missing_figures


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,200,000 crowns", "1200000"),
        ("1 200 000 crowns", "1200000"),
        ("1.200.000 Euro", "1200000"),
        ("4.5 per cent", "4.5"),
        ("4,5 Prozent", "4.5"),
        ("4.50 crowns", "4.5"),
        ("in 007 cases", "7"),
        ("1.5 million crowns", "1500000"),
        ("2bn", "2000000000"),
        ("seventy crowns", "70"),
        ("seventy-five crowns", "75"),
        ("twenty-one crowns", "21"),
        ("twelve crowns", "12"),
        ("two hundred crowns", "200"),
        ("A hundred crowns", "100"),
        ("two hundred and three crowns", "203"),
        ("two hundred and the interest", "200"),
        ("a thousand crowns", "1000"),
        ("forty-eight thousand crowns", "48000"),
        ("a hundred and fifty million crowns", "150000000"),
        ("one hundred and twenty-one billion crowns", "121000000000"),
        ("half a million crowns", "500000"),
        ("two and a half million crowns", "2500000"),
        ("one and a half years", "1.5"),
    ],
)
def test_spelling_of_a_figure_does_not_matter(text: str, number: str) -> None:
    ((_, readings),) = figures(text)
    assert {number} in readings


@pytest.mark.parametrize(
    "text",
    ["none at all", "one of them", "no one", "someone", "one man", "a man", "half a day", "a few hundred", "millions"],
)
def test_other_words_are_no_figures(text: str) -> None:
    assert figures(text) == []


@pytest.mark.parametrize(
    ("statement", "evidence"),
    [
        ("It costs 5 crowns.", "It costs five crowns."),
        ("It costs five crowns.", "It costs 5 crowns."),
        ("It costs 1,500,000 crowns.", "It costs $1.5 million."),
        ("It costs 1.5 million.", "It costs 1,500,000 crowns."),
        ("300 soldiers left.", "On Dec 14 300 soldiers left."),
        ("It passed by 19 votes to 14.", "The vote was 19-14."),
        ("It costs 75 crowns.", "It costs seventy-five crowns."),
        ("48,000 homes have a meter.", "Forty-eight thousand homes have a meter."),
        ("48 thousand homes have a meter.", "Forty-eight thousand homes have a meter."),
        ("Forty-eight thousand homes have a meter.", "48,000 homes have a meter."),
        ("It costs 150 million.", "It costs a hundred and fifty million."),
        ("It costs 150,000,000 crowns.", "It costs a hundred and fifty million."),
        ("It costs a hundred and fifty million.", "It costs 150m."),
        ("There were 200 boats.", "There were two hundred boats."),
        ("It costs 2.5 million.", "It costs two and a half million."),
        ("It costs half a million.", "It costs 500,000 crowns."),
    ],
)
def test_figure_in_another_form_is_present(statement: str, evidence: str) -> None:
    assert missing_figures(statement, [evidence], None) == []


@pytest.mark.parametrize(
    ("statement", "evidence", "missing"),
    [
        ("It costs 42 million.", "It costs 4.2 million.", ["42"]),
        ("It costs seventy crowns.", "It costs sixty crowns.", ["seventy"]),
        ("It costs 1 crown.", "One of the towns pays.", ["1"]),
        ("It has nine lives.", "It has lives.", ["nine"]),
        ("It costs 1 crown.", "One man pays.", ["1"]),
        ("It costs 49,000 crowns.", "It costs forty-eight thousand crowns.", ["49,000"]),
        ("It costs 48 million.", "It costs forty thousand and eight million.", ["48"]),
        ("It costs 200 crowns.", "It costs two of the hundred crowns.", ["200"]),
        ("Two hundred came.", "Two came.", ["two hundred"]),
    ],
)
def test_figure_that_the_evidence_does_not_have_is_missing(statement: str, evidence: str, missing: list[str]) -> None:
    assert missing_figures(statement, [evidence], None) == missing


def test_year_of_the_date_counts_and_its_day_beside_the_month() -> None:
    for statement in ("In 2025 it fell.", "On Dec 14 it fell.", "On 14 December 2025 it fell."):
        assert missing_figures(statement, ["It fell."], "2025-12-14") == []


@pytest.mark.parametrize("statement", ["12 people fell.", "14 people fell.", "On Nov 14 it fell."])
def test_parts_of_a_date_confirm_no_other_figures(statement: str) -> None:
    assert missing_figures(statement, ["It fell."], "2025-12-14")


def test_invalid_date_confirms_no_figure() -> None:
    assert missing_figures("In 2025 it fell.", ["It fell."], "last week")


TEXT = """Tarn meters its taps

An average household uses 168 litres of water every day. “I do not say that to shame anyone,” said Anna Berg.

She had two objections. The survey of 2024 was old. Let it take two years, she said. “And if it does not rain?”

“We lost two elections over it,” Ms Berg said.

Forty-eight thousand homes have no meter. “They will get theirs by May,” Ms Berg said.
"""
NOTHING = {"issues": [], "open_questions": [], "gist": None}


def reply(statement: str, sentence: int) -> Findings:
    reading = read(Article.from_text(TEXT))
    holder = {"id": "H1", "name": "Anna Berg", "kind": "person", "role": None, "affiliation": None}
    position = {
        "sentences": [sentence], "holders": ["H1"], "reported_by": None, "statement": statement,
        "issue": None, "stance": "unclear", "certainty": "asserted",
    }  # fmt: skip
    wire = ExtractionReply.model_validate_json(json.dumps(NOTHING | {"holders": [holder], "positions": [position]}))
    return ground(wire, reading.sentences, GroundingContext(reading, analyse(reading)))


@pytest.mark.parametrize(
    ("statement", "sentence", "carried_by"),
    [
        ("The 168 litres are meant to shame nobody.", 3, 2),
        ("Waiting two years for a survey may mean no rain.", 7, 6),
        ("In 2024 the survey was no longer good.", 8, 5),
        ("The 48,000 homes will get a meter by May.", 10, 9),
        ("The forty-eight thousand homes will get a meter by May.", 10, 9),
    ],
)
def test_sentence_with_the_figure_is_added_to_the_evidence(statement: str, sentence: int, carried_by: int) -> None:
    findings = reply(statement, sentence)
    assert not findings.problems
    assert [item.sentence for item in findings.positions[0].evidence] == sorted([sentence, carried_by])


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("The 169 litres are meant to shame nobody.", 3),
        ("Both of the two surveys were old.", 5),
        ("Waiting two months may mean no rain.", 7),
        ("The 47,000 homes will get a meter by May.", 10),
        ("The forty-eight thousand boats will get a meter by May.", 10),
    ],
)
def test_figure_of_another_thing_adds_no_sentence(statement: str, sentence: int) -> None:
    findings = reply(statement, sentence)
    assert "stands neither in the sentences cited" in str(findings.problems[0])


def test_speaker_is_checked_only_in_the_originally_cited_sentences() -> None:
    findings = reply("In 2024 the survey was no longer good.", 2)
    assert findings.positions[0].checks.speaker == "unconfirmed"
