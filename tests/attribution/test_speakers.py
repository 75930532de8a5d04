"""Only somebody, some body or a document can be the holder of a statement."""

import pytest

from summarizer.article import Article
from summarizer.attribution import attributions
from summarizer.attribution.lexicon import classify_noun


def holders(sentence):
    found = attributions(Article.from_text(f"The council met on Monday.\n\n{sentence}"), min_confidence=0)
    return [entity.name for attribution in found for entity in attribution.holders]


@pytest.mark.parametrize(
    "source",
    [
        "a retired nurse", "three goalkeepers", "residents of the valley", "the conservatory", "the museum's curators",
        "a leaked memo", "the inspectors' report", "some of the players", "half of the members", "46 percent of voters",
        "many in the hall", "others", "a 54-year-old", "the violinist", "both sides", "the regional orchestra",
        "people briefed on the merger", "a study published by the academy", "one local historian", "several women",
        "the affidavit", "conservatives like Ms Ross", "a few climbers", "the sous-chefs", "the accused",
    ],
)  # fmt: skip
def test_people_bodies_and_documents_hold(source):
    assert holders(f"{source[0].upper()}{source[1:]} suggested that the bridge should be closed.")


@pytest.mark.parametrize(
    "source",
    [
        "this year", "last week", "a future meeting focus", "veiled sanction", "the 2-degree temperature red line",
        "the prospect of rain", "21 percent", "the latest hiccup", "two months of talks", "the decision",
        "wednesday", "making her way home", "the performance",
        "relayed the exchange", "however", "the number of voters", "an earthquake",
    ],
)  # fmt: skip
def test_times_abstractions_and_fragments_hold_nothing(source):
    assert not holders(f"{source[0].upper()}{source[1:]} suggested that the bridge should be closed.")


def test_false_source_of_an_object_is_no_attribution():
    text = "It rained.\n\nA future meeting focus on ramping up backed the plan of the port."
    assert not [found for found in attributions(Article.from_text(text)) if found.rule.name == "object"]


def test_tag_shows_that_an_unknown_noun_speaks():
    assert holders("“We close it tonight,” the zorbler said.") == ["the zorbler"]


@pytest.mark.parametrize(
    ("noun", "expected"),
    [
        ("spokeswomen", "person"), ("co-founder", "person"), ("allies", "person"), ("ministries", "body"),
        ("studies", "document"), ("weather", "none"), ("negotiations", "none"), ("flumps", "unknown"),
    ],
)  # fmt: skip
def test_nouns_are_classified_in_both_numbers(noun, expected):
    assert classify_noun(noun) == expected
