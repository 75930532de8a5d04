"""An actor is one holder, however the article calls it, and no other actor's name is among its aliases."""

import pytest

from summarizer import summarize


def holders(text):
    return {holder.name: holder for holder in summarize(text, model="builtin").holders}


def aliases(text):
    return {name: {alias.lower() for alias in holder.aliases} for name, holder in holders(text).items()}


_TAX = "{} said the tax was unfair on Monday.\n\n{} said the dam would leak."


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Ada Moss's campaign", "Moss's campaign"),
        ("Ada Moss's campaign", "Her campaign"),
        ("Ada Moss's campaign", "The Moss campaign"),
        ("Ada Moss's campaign", "Ada Moss's presidential campaign"),
        ("Governor Ada Moss's office", "Moss's office"),
        ("Governor Ada Moss's office", "The governor's office"),
        ("Moss aides met. Ada Moss's advisers", "Advisers to Ada Moss"),
        ("Hilary Moss", "Hillary Moss"),
        ("Bob Lund", "Robert C. Lund"),
        ("Joseph R. Tarn Jr.", "Mr. Tarn"),
        ("Joseph R. Tarn Jr.", "Joseph Tarn"),
        ("A congressional report", "The report on Wednesday"),
        ("Ana Lopez Roca", "Ms. Lopez"),
        ("The Moss Trust for Rivers", "The Moss Trust"),
        ("Growers", "Many growers"),
        ("Growers", "The growers"),
        ("Gale City Mayor Don Guardian", "The mayor"),
        ("Senate Minority Leader Ada Moss", "The Senate Democratic leader"),
        ("A CNN poll", "CNN's poll"),
        ("Pres. Ada Moss met the club. Moss", "The president"),
        ("The authors of the report", "The researchers"),
        ("Attorneys for the family", "Their attorneys"),
        ("The campaign", "The Moss campaign"),
        ("A narrator", "The ad's narrator"),
        ("A health minister", "The minister"),
        ("A Gale lawmaker", "The dam is old. Rep. Tom Day of Gale"),
        ("A Treasury spokesman", "Treasury spokesman Tom Day"),
    ],
)
def test_two_names_of_one_actor_are_one_holder(first, second):
    assert len(holders(_TAX.format(first, second))) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Ada Moss's campaign", "Tom Reed's campaign"),
        ("Ann Moss's campaign", "His campaign"),
        ("Growers", "Other growers"),
        ("Some growers", "Many growers"),
        ("A Treasury spokesman", "Harbour spokesman Tom Day"),
        ("A Gale senator", "The dam is old. Rep. Tom Day of Orr"),
        ("The Policy Institute of Oregon", "Oregon officials"),
        ("Christian Aid", "Christian leaders"),
        ("Attorneys for the family", "Prosecutors"),
        ("The authors of the report", "Other researchers"),
        ("Bob Lund", "Ada Lund"),
        ("The prime minister", "The finance minister"),
        ("The transport secretary", "The new health secretary"),
        ("Bob Lund", "Bob Lund Jr."),
        ("Former secretary of state Ann Moss and Sen. Bob Lund met. Moss", "Lund"),
    ],
)
def test_two_actors_are_two_holders(first, second):
    assert len(holders(_TAX.format(first, second))) == 2


def test_alias_is_a_description_without_the_words_after_it():
    assert aliases(_TAX.format("A young judge", "The judge in the case")) == {"A young judge": {"the judge"}}


def test_alias_of_an_office_names_one_person():
    text = "Former secretary of state Ann Moss and Sen. Bob Lund said the tax was unfair."
    assert aliases(text) == {"Ann Moss": {"former secretary of state ann moss"}, "Bob Lund": {"sen. bob lund"}}


def test_holder_of_somebody_is_named_by_the_owner():
    text = "Ada Moss toured the mill. Her campaign said the tax was unfair.\n\nMoss's campaign said the dam would leak."
    assert aliases(text) == {"Moss's campaign": {"her campaign"}}


@pytest.mark.parametrize(
    ("text", "alias"),
    [
        (_TAX.format("The Bank of Korea", "Analysts in Korea"), "korea"),
        (_TAX.format("The White House", "The House"), "the house"),
        (_TAX.format("Gale News", "The news in News"), "news"),
        (_TAX.format("The Trust for Rivers of Oregon", "Growers in Oregon"), "oregon"),
        (_TAX.format("Christian Aid", "A Christian"), "christian"),
        (_TAX.format("The Lund Golf Club Puerto Rico", "Voters in Puerto Rico"), "puerto rico"),
        (
            "Near Gale, Ohio, a Leeds newspaper said the tax was unfair.\n\nThe newspaper said it was old.",
            "the newspaper",
        ),
    ],
)
def test_place_and_religion_are_no_alias_of_a_body(text, alias):
    found = {name: forms for name, forms in aliases(text).items() if name != "a Leeds newspaper"}
    assert all(alias not in forms for forms in found.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada Moss heckles Reed: “You are wrong about the dam.”", {"Ada Moss", "Reed"}),
        ("All three clubs issued statements condemning the tax.", {"All three clubs"}),
        ("The bay is now the place Gale officials say the ships might land.", {"Gale officials"}),
        ("Or, as Ada Moss put it: “The dam is old.”", {"Ada Moss"}),
        ("Then, later on the radio: “The dam is old.”", set()),
        ("Ada Moss told a news conference that the dam was old.", {"Ada Moss"}),
        ("The Ethiopian runner Feyisa Lund spoke of the war. He said the dam was old.", {"Feyisa Lund"}),
        ("“The dam is old,” Hale said.", {"Hale"}),
        ("They went to San Francisco. San Francisco is old. They wanted to show that they were free.", set()),
        ("“The dam is old,” councilmember Ann Moss said of the plan for Gale.", {"Ann Moss"}),
        ("Sen. Ann Moss (R-WI) said the dam was old.", {"Ann Moss"}),
    ],
)
def test_holder_can_speak(text, expected):
    assert set(holders(text)) <= expected


def test_surname_after_a_quotation_is_a_person():
    assert holders('"The dam is old," Hale said.')["Hale"].kind == "person"


_FAMILY = (
    "Keith Reed was shot. His wife, Rakeyia Reed, said the dam was old. Reed, 43, was tall. Reed said the road was bad."
)
_COUPLE = (
    "Ann Reed said the dam was old. Reed toured the mill. Reed said the bay was warm. “It is cold,” Reed said.\n\n"
    "Her brother-in-law is Tom Reed. Tom Reed said the tax was unfair.\n\nReed said the road was bad."
)


@pytest.mark.parametrize("text", [_FAMILY, _COUPLE])
def test_surname_alone_is_an_alias_of_the_more_prominent_person_only(text):
    assert sorted(map(len, aliases(text).values())) == [0, 1]


def test_office_of_a_spokesman_is_none_of_the_person_spoken_for():
    text = "A spokesman for Sen. Marco Lund said the dam was old. Lund said the bay was warm."
    assert aliases(text)["Marco Lund"] == {"sen. marco lund", "lund"}
    assert holders(text)["Marco Lund"].role == "Sen."


@pytest.mark.parametrize("portfolio", ["culture", "agriculture", "infrastructure", "health"])
def test_office_is_shown_with_its_portfolio(portfolio):
    text = f"Former {portfolio} minister Bob Lund said the dam was old."
    assert holders(text)["Bob Lund"].role == f"Former {portfolio} minister"


def test_office_is_shown_before_a_candidacy():
    text = "Democratic presidential candidate Ada Moss said the dam was old. Ohio Gov. Ada Moss said the bay was warm."
    assert holders(text)["Ada Moss"].role == "Ohio Gov."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Some 700 people in bright jackets marched along the seafront, saying the dam was old.",
            "Some 700 people in bright jackets",
        ),
        ("The Council of Parents and Guardians said the dam was old.", "Council of Parents and Guardians"),
        ("Tri-River Public Radio said the bay was warm.", "Tri-River Public Radio"),
        ("The Port and Canal Workers’ Union said the bay was warm.", "Port and Canal Workers’ Union"),
        ("The Shop and Office Workers' Union said the dam was old.", "Shop and Office Workers' Union"),
        (
            "A letter from the president of the Gale dockers' federation obtained by The Post said the dam was old.",
            "A letter from the president of the Gale dockers' federation",
        ),
    ],
)
def test_holder_has_its_whole_name_and_no_more(text, expected):
    assert list(holders(text)) == [expected]


@pytest.mark.parametrize("name", ["Senior figures in the Coastal Alliance", "Key opposition figures"])
def test_figures_of_a_party_are_a_group(name):
    assert holders(f"{name} said the dam was old.")[name].kind == "group"


@pytest.mark.parametrize(
    "text",
    [
        "A show of hands indicated that the dam was old.",
        "Moss's tenure as secretary of state have cited problems with it.",
    ],
)
def test_vote_and_term_of_office_are_no_holders(text):
    assert not holders(text)


def test_bare_source_is_none_of_two_that_fit():
    text = _TAX.format("The Lund campaign", "The Reed campaign") + " The campaign said the bay was warm."
    assert len(holders(text)) == 3
