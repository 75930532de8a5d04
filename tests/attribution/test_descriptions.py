"""One actor is one holder, whatever the article calls it; different actors stay different."""

import pytest

from summarizer.article import Article
from summarizer.attribution import attributions

NETWORK = """The regulator met on Monday.

Harbour Today (HT), a state-financed network, said it had done nothing wrong. HT said it was calm.

"""
CRITIC = """The court met on Monday.

Ann Hill, 54, a prominent critic of the palace, said she was calm.

"""
BANK = """Rates rose on Monday.

The Northern Reserve Bank said it had no choice.

"""


def holders(text):
    found = attributions(Article.from_text(text), min_confidence=0)
    return {entity.name: entity for attribution in found for entity in attribution.holders}


@pytest.mark.parametrize(
    ("lead", "sentence", "name", "alias"),
    [
        (NETWORK, "The network said it would appeal.", "Harbour Today", "the network"),
        (NETWORK, "“We will appeal,” the broadcaster said.", "Harbour Today", "the broadcaster"),
        (NETWORK, "The state-financed network told viewers that it would appeal.", "Harbour Today", None),
        (NETWORK, "Russia's main foreign-language network said it would appeal.", "Harbour Today", None),
        (CRITIC, "“I am well,” the palace critic said.", "Ann Hill", "the palace critic"),
        (CRITIC, "The 54-year-old said she would go on.", "Ann Hill", "the 54-year-old"),
        (BANK, "“We had to,” the NRB said.", "Northern Reserve Bank", "NRB"),
        (BANK, "The bank said that it would do so again.", "Northern Reserve Bank", "the bank"),
        (BANK, "The lender said that it would do so again.", "Northern Reserve Bank", "the lender"),
    ],
)
def test_description_means_the_actor_it_describes(lead, sentence, name, alias):
    found = holders(lead + sentence)
    assert list(found) == [name]
    assert alias is None or alias in found[name].aliases


@pytest.mark.parametrize(
    ("introduced", "later"),
    [
        ("A police officer", "The officer"), ("A new poll by Gale University", "The poll"),
        ("A spokeswoman for the Treasury", "The spokeswoman"), ("Two former players", "The players"),
        ("An internal memo", "The memo"),
    ],
)  # fmt: skip
def test_source_introduced_without_a_name_is_one(introduced, later):
    text = f"It rained.\n\n{introduced} said the road was closed. {later} said it would stay closed."
    assert list(holders(text)) == [introduced]


@pytest.mark.parametrize(
    "sentences",
    [
        "A nurse said it was late. A doctor said it was early.",
        "A nurse said it was late. Another nurse said it was early.",
        "A Mexican official said it was late. A Chinese official said it was early. The official said it was noon.",
        "The Harbour Trust said it was late. The union said it was early.",
        "Mr Tom Day said it was late. Mrs Ann Day said it was early.",
        "Ann Hill said it was late. The Norwegian government said it was early.",
        "The ministry said it was late. A spokesman for the ministry said it was early.",
        "Tom Day said it was late. The spokesman said it was early.",
    ],
)
def test_different_actors_stay_different(sentences):
    assert len(holders(f"It rained.\n\n{sentences}")) == sentences.count(".")


def test_two_people_near_a_description_leave_it_unresolved():
    text = "It rained.\n\nTom Day met Ann Hill and Eve Ross in Leeds. The businessman said it was late."
    assert list(holders(text)) == ["The businessman"]


def test_surname_in_another_transliteration_is_the_same_person():
    text = "It rained.\n\nMr Anton Kovalskiy said no. Kovalsky said it again. Kovalskyy said it once more."
    assert list(holders(text)) == ["Anton Kovalskiy"]


@pytest.mark.parametrize(
    ("source", "affiliation"),
    [
        ("A spokeswoman for the Treasury", "the Treasury"),
        ("A Treasury spokesman", "Treasury"),
        ("An official at the Harbour Trust", "the Harbour Trust"),
        ("An official of the Lower Valley Bridge Board", "the Lower Valley Bridge Board"),
        ("A neighbour of the victim", None),
        ("A man in Leeds", None),
    ],
)
def test_body_of_an_unnamed_source_is_its_affiliation(source, affiliation):
    (entity,) = holders(f"It rained.\n\n{source} said it was late.").values()
    assert (entity.name, entity.kind, entity.affiliation) == (source, "unnamed", affiliation)
