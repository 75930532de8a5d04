"""Sources resolve to entities: names, titles, roles, pronouns and groups."""

import pytest

from summarizer.article import Article, read
from summarizer.attribution import analyse, attributions


def holders(text):
    return [[entity.name for entity in attribution.holders] for attribution in attributions(Article.from_text(text))]


def entities(text):
    return analyse(read(Article.from_text(text))).entities


def test_surname_resolves_to_full_name():
    assert holders("Mr Tom Day said it was late. Mr Day said he was tired.")[:2] == [["Tom Day"], ["Tom Day"]]


def test_two_speakers_share_one_statement():
    assert holders("The bridge has been unsafe for years, said Mr Day and Professor Ann Hill.") == [["Day", "Ann Hill"]]


def test_pronoun_means_last_speaker_not_last_name():
    text = "Ann Hill said the plan pleased Jane Poe. It would be cheap, she added."
    assert holders(text)[-1] == ["Ann Hill"]


@pytest.mark.parametrize(
    ("sentence", "holder"),
    [
        (
            "Asked whether he feared Mr Tom Day, the rival who has called the dam a hoax, Mr Mark Lind shrugged.",
            "Mark Lind",
        ),
        ("Pressed on the plans of Mr Tom Day, Mr Mark Lind declined to answer.", "Mark Lind"),
        ("“We pay,” said Mr Mark Lind, who had met the board, behind rivals Mr Tom Day and Mr Ray Dodd.", "Mark Lind"),
    ],
)
def test_pronoun_means_who_answered_not_who_was_named_beside_him(sentence, holder):
    assert holders(f"{sentence} “The dam will hold,” he said.")[-1] == [holder]


def test_president_of_the_country_is_no_bank_president():
    text = "President Lund spoke after golf with Gale Bank President Tom Day. The president said the deal was dear."
    assert holders(text)[-1] == ["Lund"]


def test_they_may_be_unnamed_people():
    text = "The prosecutors left. People briefed on the talks said it was late. They said the board would pay."
    assert holders(text)[-1] == ["People briefed on the talks"]


def test_party_convention_is_no_person():
    text = "At the Republican National Convention, Anna Berg spoke of the dam. “It will hold,” she said."
    assert holders(text)[-1] == ["Anna Berg"]


def test_one_word_beside_a_name_is_its_role_only_without_a_title():
    assert entities("It is a win for Lund, the idealist. President Lund left.").find("Lund").role == "President"
    assert entities("It is a win for Tom Day, a farmer. Mr Day left.").find("Tom Day").role == "farmer"


def test_pronoun_agrees_with_title():
    text = "Mr Day met Mrs Hill. Mrs Hill said the plan was dead. Mr Day said so too. She said it would be missed."
    assert holders(text)[-1] == ["Hill"]


def test_apposition_gives_role_and_affiliation():
    entity = entities("“No,” said Tom Day, director of river studies at the Gale Institute.").find("Mr Day")
    assert (entity.role, entity.affiliation) == ("director of river studies", "the Gale Institute")


def test_title_gives_role():
    entity = entities("French President Jean Marais left. Mr Marais said nothing.").find("Marais")
    assert (entity.name, entity.role) == ("Jean Marais", "French President")


def test_list_of_people_gives_no_role():
    text = "Talks were held by Tom Day, senior negotiator Ann Hill and others."
    assert entities(text).find("Tom Day").role is None


def test_name_excludes_titles():
    entity = entities("Professor Ann Hill spoke. Prof Hill left.").find("Hill")
    assert (entity.name, entity.aliases) == ("Ann Hill", ("Professor Ann Hill", "Prof Hill"))


def test_spelling_variants_are_one_entity():
    people = entities("Mr Anton Kovalenko spoke. Mr Anton Kovalenka left.")
    assert [entity.name for entity in people] == ["Anton Kovalenko"]


def test_find_returns_none_for_ambiguous_name():
    assert entities("We met Tom Day in Leeds. We met Ann Day in York.").find("Day") is None


def test_title_distinguishes_bearers_of_one_surname():
    people = entities("Mr Tom Day met Mrs Ann Day. Mrs Day smiled.")
    assert people.find("Mrs Day").name == "Ann Day"


def test_find_returns_none_for_unknown_name():
    assert entities("We met Tom Day in Leeds.").find("Mr Logan") is None


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
def test_kind_of_source(source, kind):
    (only,) = attributions(Article.from_text(f"It rained in Leeds.\n\n{source} said that the bridge was unsafe."))
    assert [entity.kind for entity in only.holders] == [kind]


def test_mentions_are_spans_of_the_name():
    text = "Mr Tom Day said it was late. Later Mr Day's car was towed, and Day laughed."
    entity = entities(text).find("Tom Day")
    assert [text[start:end] for start, end in entity.mentions] == ["Mr Tom Day", "Mr Day", "Day"]


def test_relative_pronoun_means_name_before_it():
    assert ["Tom Day"] in holders("The prize went to Tom Day, who said that he would give it away.")


DEBATE = """The house met in Port Ellery on Monday.

The bill was moved by Ilsabet Torne, the transport minister, who sits for Marl and wore her chain. She opened briskly.

“The line will be built,” the minister said. “It will be built this year.”

Casimir Orde represents the Far Stacks. He spoke for an hour. “There is no line to the islands,” he said.

Then Dunstan Torne rose, a fisherman and no relation of hers, with his cap in one hand.
"""


def holder_of(text, words):
    return next(
        [entity.name for entity in attribution.holders]
        for attribution in attributions(Article.from_text(text))
        if words in "".join(text[start:end] for start, end in attribution.content)
    )


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("“It is too dear,” said the minister.", "Ilsabet Torne"),
        ("“It is too dear,” the transport minister said.", "Ilsabet Torne"),
        ("“It is too dear,” Ms Torne said.", "Ilsabet Torne"),
        ("“It is too dear,” Mr Torne said.", "Dunstan Torne"),
        ("It was too dear, the minister replied, and too late.", "Ilsabet Torne"),
    ],
)
def test_office_means_its_only_holder(sentence, name):
    assert holder_of(f"{DEBATE}\n{sentence}\n", "too dear") == [name]


def test_pronoun_never_means_place_in_its_own_sentence():
    assert holder_of(DEBATE, "no line to the islands") == ["Casimir Orde"]


def test_office_with_two_holders_means_neither():
    text = "Ann Reed, the finance minister, met Jo Bly, the justice minister. “It is late,” the minister said."
    assert holder_of(text, "late") == ["the minister"]


def test_office_is_unresolved_before_its_holder_is_introduced_below_the_lead():
    lead = "It rained.\n\nIt snowed.\n\nIt hailed.\n\n"
    text = f"{lead}“It is late,” the minister said. It rained. Ann Reed, the justice minister, left."
    assert holder_of(text, "late") == ["the minister"]


def test_pronoun_means_person_introduced_before_it():
    text = "Mr Hill bowed.\n\nIt was Edda Marsh, who is 29. “It must stop,” she said."
    assert holder_of(text, "must stop") == ["Edda Marsh"]


def test_pronoun_does_not_mean_the_questioner():
    text = "Mr Day was pale. He was asked by Mr Hill about the money. “There was none,” he said."
    assert holder_of(text, "none") == ["Day"]


def test_first_word_of_sentence_is_no_name():
    text = "“Pass the salt,” said Mr Day. “That’s enough. There’ll be more. Shame!” Let it be, said Mr Hill.\n"
    assert [entity.name for entity in entities(text)] == ["Day", "Hill"]


@pytest.mark.parametrize(
    "text",
    [
        "They met in Farrow. Farrow is small.",
        "They met at Low Tarry, where it rained.",
        "He left for the Outer Stacks. The Outer Stacks are far.",
        "FARROW - It rained. They left Farrow.",
        "He spoke for the Weavers’ Alliance.",
        "He is in the group Save the River. Save the River is small.",
    ],
)
def test_place_or_body_is_no_person(text):
    assert [entity.kind for entity in entities(text)] == ["organisation"]


def test_greeting_of_letter_is_no_title():
    entity = entities("Mr Tom Day read. “Dear Mr Day, it rains,” he read.").find("Day")
    assert (entity.role, entity.aliases) == (None, ("Mr Tom Day", "Mr Day"))


def test_noun_of_body_means_the_only_such_body():
    text = "The Weirside Anglers’ Association met. “It is late,” the association said."
    assert holder_of(text, "late") == ["Weirside Anglers’ Association"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("“Never,” added her brother, Piet Finch.", ["Piet Finch"]),
        ("A spokeswoman for the Gale Institute, Ruth Amar, said it was late.", ["Ruth Amar"]),
        ("The Gale Institute’s Ruth Amar said it was late.", ["Ruth Amar"]),
        ("Lena Osk, the mayor, and Ruth Brock, who chairs the union, said it was late.", ["Lena Osk", "Ruth Brock"]),
        ("The Union of Ferrymen and the Water Board said it was late.", ["Union of Ferrymen", "Water Board"]),
        ("“It was late,” recalled one survivor.", ["one survivor"]),
        ("Few said that it was late.", []),
    ],
)
def test_every_form_of_source_resolves_to_its_holders(text, names):
    assert holders(f"It rained in Leeds.\n\n{text}")[0] == names


def test_pronoun_and_name_are_two_holders():
    assert holders("Ann Hill rose. She and Tom Day said it was late.")[-1] == ["Ann Hill", "Tom Day"]


def test_it_means_document_of_sentence_before():
    text = "The Gale Institute met. The leaflet is small. “Vote no,” it says in the first line."
    assert holders(text)[-1] == ["The leaflet"]


def test_clause_after_according_to_name_is_no_role():
    entity = entities("According to Ann Finch, the reason is the land, which nobody wants.").find("Finch")
    assert entity.role is None


def test_number_of_note_is_no_name():
    assert [entity.name for entity in entities("Ann Hill left. [S2] It was late.")] == ["Ann Hill"]


def test_relative_which_refers_to_the_body_before_it():
    text = "The plan was condemned by the Tarn Water Board, which called it “theft”."
    assert holders(text)[-1] == ["Tarn Water Board"]


THREE = [["Ann Hill", "Tom Day", "Eve Ross"]]
TWO = [["Ann Hill", "Tom Day"]]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ann Hill, Tom Day and Eve Ross said the plan would fail.", THREE),
        ("Ann Hill, Tom Day, and Eve Ross said the plan would fail.", THREE),
        ("The plan would fail, said Ann Hill, Tom Day and Eve Ross.", THREE),
        ("The plan would fail, Ann Hill, Tom Day and Eve Ross said.", THREE),
        ("“The plan will fail,” said Ann Hill, Tom Day, and Eve Ross.", THREE),
        ("The plan would fail, according to Ann Hill, Tom Day and Eve Ross.", THREE),
        ("Ann Hill (Labour) and Tom Day (Green) said the plan would fail.", TWO),
        ("Sen. Ann Hill (D-Ohio) and Rep. Tom Day, R-Texas, said the plan would fail.", TWO),
        ("“The plan will fail,” said Ann Hill, the mayor of Leeds, and Tom Day, her deputy.", TWO),
    ],
)
def test_everyone_in_list_of_speakers_is_holder(text, names):
    assert holders(text) == names


def test_list_of_speakers_is_no_content():
    text = "The plan would fail, Ann Hill, Tom Day and Eve Ross said."
    (found,) = attributions(Article.from_text(text))
    assert [text[span.start : span.end] for span in found.content] == ["The plan would fail"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("In Leeds, Tom Day and Eve Ross said the plan would fail.", ["Tom Day", "Eve Ross"]),
        ("When he came to Leeds, Tom Day and Eve Ross said the plan would fail.", ["Tom Day", "Eve Ross"]),
        ("“The plan will fail,” said Ann Hill, and Tom Day nodded.", ["Ann Hill"]),
        ("“The plan will fail,” said Ann Hill, Tuesday, in Leeds.", ["Ann Hill"]),
    ],
)
def test_name_beside_speaker_makes_no_list(text, names):
    assert holders(text)[0] == names


@pytest.mark.parametrize(
    "source",
    [
        "aides to Ann Hill",
        "an adviser to Ms Hill",
        "a lawyer representing Ann Hill",
        "a person close to Ann Hill",
        "sources close to Ann Hill",
        "an official familiar with Ann Hill's plans",
    ],
)
@pytest.mark.parametrize(
    "text", ["“The plan is dead and buried,” {} said.", "“It is dead,” said {}.", "The plan is dead, according to {}."]
)
def test_person_in_description_of_source_is_no_holder(text, source):
    (found,) = attributions(Article.from_text("Ann Hill left. " + text.format(source)))
    (holder,) = found.holders
    assert (holder.kind != "person", "Hill" in holder.name) == (True, False)
    assert holder.role == source.removeprefix("an ").removeprefix("a ")


def test_aides_told_to_act_are_not_joined_to_next_name():
    assert holders("Ann Hill told aides to stop, and said the plan was dead.")[-1] == ["Ann Hill"]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("Ann Hill, 45, a lawyer from Leeds,", "Ann Hill"),
        ("The company's chief executive, Josep Borell,", "Josep Borell"),
        ("The EU's top diplomat, Ann Hill,", "Ann Hill"),
    ],
)
def test_age_or_office_beside_name_does_not_hide_it(source, name):
    assert holders(f"{source} said that it had failed.") == [[name]]


def test_pronoun_means_name_set_off_after_office():
    text = "The mayor, Ellen Park, opened the meeting. “We will vote today,” she said."
    assert holders(text) == [["Ellen Park"]]
