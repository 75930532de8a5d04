"""Confidence: sure of plain reports, doubtful of what may be none."""

import pytest

from summarizer.article import Article, read
from summarizer.attribution import analyse, attributions


def confidences(text):
    article = Article.from_text(f"The council met on Friday.\n\n{text}")
    return [found.confidence for found in attributions(article, min_confidence=0)]


@pytest.mark.parametrize(
    "text",
    [
        "“The bridge must go,” said Anna Berg.",
        "“The bridge must go,” Anna Berg fumed.",
        "“We cannot wait any longer,” intoned Ms Berg.",
        "Mr Lind said: “The bridge must go.”",
    ],
)
def test_tagged_quotation_of_named_person_is_sure(text):
    assert confidences(text)[0] >= 0.8


@pytest.mark.parametrize(
    "text",
    [
        "Anna Berg said that the bridge must go.",
        "The bridge, she said, must go.",
        "Tom Lind opposes the plan.",
        "The union criticised the mayor for the delay.",
        "According to the report, the bridge is unsafe.",
    ],
)
def test_plain_report_is_kept(text):
    assert confidences(text)[0] >= 0.5


def test_turn_of_transcript_has_fixed_confidence():
    text = "BERG: The bridge must go.\n\nLIND: It must stay.\n\nBERG: Why?\n\nLIND: It is ours."
    assert set(confidences(text)) == {0.95}


@pytest.mark.parametrize("text", ["I call it a subsidy.", "The state calls it a grant; I call it a gift."])
def test_first_person_of_the_author_is_sure(text):
    assert confidences(text)[-1] >= 0.5


def test_report_within_another_is_less_sure_than_alone():
    alone = confidences("Tom Lind supports the plan.")
    _, within = confidences("Anna Berg said that Tom Lind supports the plan.")
    assert within < alone[0]


def test_doubtful_attributions_are_left_out_unless_asked_for():
    article = Article.from_text("The plan was seen by the guests of Anna Berg as a sign that others support trams.")
    everything = attributions(article, min_confidence=0)
    kept = attributions(article)
    assert [found for found in everything if found.confidence >= 0.5] == kept
    assert len(kept) < len(everything)


def test_doubtful_attribution_hides_no_statement_within_it():
    analysis = analyse(read(Article.from_text("The plan that Anna Berg said was late was rejected by Tom Lind.")))
    assert all(found.confidence >= 0.5 for found in analysis.statements)
    assert all(found.confidence < 0.5 for found in analysis.doubtful)
