"""A sentence near the evidence that contains a statement's figure is cited as well."""

import json

import pytest

from summarizer.article import Article, read
from summarizer.attribution import analyse
from summarizer.verification import ExtractionReply, Findings, GroundingContext, ground

TEXT = """Tarn meters its taps

An average household uses 168 litres of water every day. “I do not say that to shame anyone,” said Anna Berg.

She had two objections. The survey of 2024 was old. Let it take two years, she said. “And if it does not rain?”

“We lost two elections over it,” Ms Berg said.
"""
NOTHING = {"issues": [], "open_questions": [], "gist": None}


def reply(statement: str, sentence: int) -> Findings:
    reading = read(Article.from_text(TEXT))
    holder = {"id": "H1", "name": "Anna Berg", "kind": "person", "role": None, "affiliation": None}
    position = {
        "sentences": [sentence], "phrase": None, "holders": ["H1"], "reported_by": None, "statement": statement,
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
    ],
)
def test_sentence_that_carries_the_figure_is_cited_too(statement: str, sentence: int, carried_by: int) -> None:
    findings = reply(statement, sentence)
    assert not findings.problems
    assert [item.sentence for item in findings.positions[0].evidence] == sorted([sentence, carried_by])


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("The 169 litres are meant to shame nobody.", 3),
        ("Both of the two surveys were old.", 5),
        ("Waiting two months may mean no rain.", 7),
    ],
)
def test_figure_of_something_else_carries_nothing(statement: str, sentence: int) -> None:
    findings = reply(statement, sentence)
    assert "stands neither in the sentences cited" in str(findings.problems[0])


def test_speaker_is_checked_in_the_cited_sentences_only() -> None:
    findings = reply("In 2024 the survey was no longer good.", 2)
    assert findings.positions[0].checks.speaker == "unconfirmed"
