"""Who holds it: names, titles, roles, pronouns and groups are resolved to actors."""

import pytest

from summarizer.article import Article, read
from summarizer.attribution import attributions, cast


def holders(text):
    return [[actor.name for actor in each.holders] for each in attributions(Article.from_text(text))]


def the_cast(text):
    return cast(read(Article.from_text(text)))


def test_a_surname_stands_for_the_full_name():
    assert holders("Mr Tom Day said it was late. Mr Day said he was tired.")[:2] == [["Tom Day"], ["Tom Day"]]


def test_two_speakers_share_one_statement():
    assert holders("The bridge has been unsafe for years, said Mr Day and Professor Ann Hill.") == [["Day", "Ann Hill"]]


def test_a_pronoun_means_the_last_speaker_not_the_last_name():
    text = "Ann Hill said the plan pleased Jane Poe. It would be cheap, she added."
    assert holders(text)[-1] == ["Ann Hill"]


def test_a_pronoun_agrees_with_the_title():
    text = "Mr Day met Mrs Hill. Mrs Hill said the plan was dead. Mr Day said so too. She said it would be missed."
    assert holders(text)[-1] == ["Hill"]


def test_a_role_and_an_affiliation_come_from_the_apposition():
    actor = the_cast("“No,” said Tom Day, director of river studies at the Gale Institute.").find("Mr Day")
    assert (actor.role, actor.affiliation) == ("director of river studies", "the Gale Institute")


def test_a_role_comes_from_the_title():
    actor = the_cast("French President Jean Marais left. Mr Marais said nothing.").find("Marais")
    assert (actor.name, actor.role) == ("Jean Marais", "French President")


def test_a_list_of_people_gives_nobody_a_role():
    text = "Talks were held by Tom Day, senior negotiator Ann Hill and others."
    assert the_cast(text).find("Tom Day").role is None


def test_titles_are_no_part_of_the_name():
    actor = the_cast("Professor Ann Hill spoke. Prof Hill left.").find("Hill")
    assert (actor.name, actor.aliases) == ("Ann Hill", ("Professor Ann Hill", "Prof Hill"))


def test_spelling_variants_are_one_actor():
    people = the_cast("Mr Anton Kovalenko spoke. Mr Anton Kovalenka left.")
    assert [actor.name for actor in people.actors] == ["Anton Kovalenko"]


def test_a_name_that_two_bear_finds_nobody():
    assert the_cast("We met Tom Day in Leeds. We met Ann Day in York.").find("Day") is None


def test_a_title_tells_two_bearers_of_a_name_apart():
    people = the_cast("Mr Tom Day met Mrs Ann Day. Mrs Day smiled.")
    assert people.find("Mrs Day").name == "Ann Day"


def test_an_unknown_name_finds_nobody():
    assert the_cast("We met Tom Day in Leeds.").find("Mr Logan") is None


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("Two security experts", "group"),
        ("The report", "document"),
        ("A spokesman", "unnamed"),
        ("The company", "organisation"),
        ("France", "government"),
        ("Mr Day", "person"),
    ],
)
def test_a_source_has_a_kind(source, kind):
    (only,) = attributions(Article.from_text(f"It rained in Leeds.\n\n{source} said that the bridge was unsafe."))
    assert [actor.kind for actor in only.holders] == [kind]


def test_a_mention_slices_back_to_the_name():
    text = "Mr Tom Day said it was late. Later Mr Day's car was towed, and Day laughed."
    actor = the_cast(text).find("Tom Day")
    assert [text[start:end] for start, end in actor.mentions] == ["Mr Tom Day", "Mr Day", "Day"]


def test_a_relative_pronoun_means_the_name_before_it():
    assert ["Tom Day"] in holders("The prize went to Tom Day, who said that he would give it away.")
