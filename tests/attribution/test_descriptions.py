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


_LEAD = "The toll will not change traffic, two transport experts said on Monday.\n\nThe council meets today.\n\n"
_FIRST = "“It moves nothing,” said Mr Justin Lowe, director of transport studies at the Dale Institute.\n\n"
_SECOND = (
    "The toll has been a failure, said Mr Lowe and Professor Anna Berg, an expert in roads at Norvale University.\n\n"
)
_THIRD = "Dr Eve Ross, a researcher at the Road Institute, said the toll was helpful.\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (_FIRST + _SECOND, ["Justin Lowe", "Anna Berg"]),
        (_FIRST + _SECOND + "Not everyone agreed.\n\n" + _THIRD, ["Justin Lowe", "Anna Berg"]),
        (_FIRST + _SECOND + "Mr Tom Day, a baker, said the toll was helpful.\n", ["Justin Lowe", "Anna Berg"]),
        (_FIRST + _SECOND + _THIRD, ["two transport experts"]),
        (_FIRST, ["two transport experts"]),
        ("Mr Tom Day, a baker, said it rained.\n\nMs Eve Ross, a pilot, said it was late.", ["two transport experts"]),
    ],
)  # fmt: skip
def test_counted_experts_are_those_named_after_them(body, expected):
    first = attributions(Article.from_text(_LEAD + body))[0]
    assert [entity.name for entity in first.holders] == expected


def test_counted_people_of_another_trade_are_not_those_named_after_them():
    body = "Ms Eve Ross, a pilot, said the fares were low.\n\nMr Tom Day, a cook, said the trains were late.\n"
    text = f"The town met on Monday.\n\nThe fares will rise next year, two economists said on Monday.\n\n{body}"
    found = [entity.name for each in attributions(Article.from_text(text)) for entity in each.holders]
    assert found[0] == "two economists"
