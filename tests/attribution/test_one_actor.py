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
        ("Bob Lund", "Ada Lund"),
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
