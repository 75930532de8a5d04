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


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The rowing club filed a complaint with the league and announced it would appeal.", ["The rowing club"]),
        ("Both women issued a statement saying the bridge was safe.", ["women"]),
        ("The Nolan family deserved better treatment, saying the road was closed.", ["The Nolan family"]),
    ],
)
def test_subject_of_a_clause_holds_without_its_verb(sentence, expected):
    assert holders(sentence)[:1] == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "The 1986 Clean Rivers Act suggested that the bridge should be closed.",
        "The Ohio Primary suggested that the bridge should be closed.",
        "He rode to Reno, Nevada, and his call for a new bridge was heard.",
        "A mere 9 percent said the bridge should be closed.",
        "Most of the money said the bridge should be closed.",
        "She praised the record and said the bridge should be closed.",
        "Moreover, any company that asks for a permit was told that the bridge should be closed.",
    ],
)
def test_laws_events_places_and_quantities_hold_nothing(sentence):
    assert not {"Clean Rivers Act", "Ohio Primary", "Nevada", "A mere 9 percent", "the record", "Moreover"} & {
        *holders(sentence)
    }
    assert not [name for name in holders(sentence) if "money" in name]


def test_who_after_a_place_means_the_person_from_there():
    text = "Senator Paul Wren of Texas, who last year threatened to close the port, spoke at noon."
    assert holders(text) == ["Paul Wren"]


def test_headline_in_plain_text_is_no_holder():
    text = "Norvale Backers Come Out Against Bridge.\n\nThe council met on Monday. The mayor said it was late."
    found = attributions(Article.from_text(text), min_confidence=0)
    assert [entity.name for attribution in found for entity in attribution.holders] == ["The mayor"]


def test_share_of_somebodys_supporters_keeps_its_whole_name():
    assert holders("Anna Berg spoke. But 30 percent of Ms Berg's backers said they would stay at home.") == [
        "30 percent of Ms Berg's backers"
    ]


def test_place_of_a_dateline_holds_nothing():
    text = "WASHINGTON, June 24 (NWS) — Senator Ann Hill opened a show, telling tales and criticizing Tom Reed’s plan."
    assert {*holders(text)} == {"Ann Hill"}
