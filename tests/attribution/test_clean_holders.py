"""Holders keep the words of their names and roles, and no others."""

import pytest

from summarizer.article import Article
from summarizer.attribution import attributions

_LEAD = "The assembly met on Monday.\n\n"


def holders(text):
    found = attributions(Article.from_text(_LEAD + text), min_confidence=0)
    return list({entity.name: entity for each in found for entity in each.holders}.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Animal rights advocates say the farm is cruel.", ["Animal rights advocates"]),
        ("Tom Day, a driver from Ava, Mo., who backs the strike, said it was late.", ["Tom Day"]),
        ("Tom Day, owner of the mill and chairman of the board, said it was late.", ["Tom Day"]),
        ("Tom Day, a miller and conservative activist, who backs the strike, said it was late.", ["Tom Day"]),
        ("The Office of Rivers and Ports said it was late.", ["Office of Rivers and Ports"]),
        ("The Department of Health and Ann Day said it was late.", ["Department of Health", "Ann Day"]),
        ("The Science and Ports Directorate said it was late.", ["Science and Ports Directorate"]),
        ("Norvale Customs and Port Protection said it was late.", ["Norvale Customs and Port Protection"]),
        ("Ann Day spoke. Day hit back, saying it was late.", ["Ann Day"]),
        ("Ann Day spoke. Day later said it was late.", ["Ann Day"]),
        ("The tax, opposed by Ann Day, is dead. Plus Ann Day said it was late.", ["Ann Day"]),
        ("A GAV-sponsored law says it is late.", ["A GAV-sponsored law"]),
    ],
)
def test_holder_is_the_whole_name_and_nothing_else(text, expected):
    assert [holder.name for holder in holders(text)] == expected


@pytest.mark.parametrize(
    ("description", "role", "affiliation"),
    [
        ("an expert on Syria at the Dale Institute", "expert on Syria", "the Dale Institute"),
        ("a fellow at the Dale Institute for Near East Policy", "fellow", "the Dale Institute for Near East Policy"),
        ("a Democrat of Ohio", "Democrat of Ohio", None),
        ("a historian and runs the archive", "historian", None),
        ("a clerk and one of the thousands here", "clerk", None),
        ("a burly, balding 58-year-old", None, None),
        ("a bridge built more on mutual needs than full and open trust", None, None),
        ("Vice President Reed", None, None),
        ("both Democrats", None, None),
    ],
)
def test_role_is_what_describes_the_person(description, role, affiliation):
    (first, *_) = holders(f"Ann Day, {description}, said it was late.")
    assert (first.name, first.role, first.affiliation) == ("Ann Day", role, affiliation)


def test_event_is_no_affiliation():
    (holder,) = holders("Ann Day at the Gale Debate said it was late.")
    assert holder.affiliation is None


def test_surname_in_man_is_no_role():
    (holder,) = holders("Rahaman Ali wept. Ali said it was late.")
    assert (holder.name, holder.role) == ("Rahaman Ali", None)


@pytest.mark.parametrize(
    ("text", "name", "role", "affiliation"),
    [
        ("One of his advisers, Tom Day, said it was late.", "Tom Day", None, None),
        ("The Republican Party of Gale said it was late.", "Republican Party of Gale", None, None),
        (
            "Ann Day, director of the Project on Rivers, said it was late.",
            "Ann Day",
            "director",
            "the Project on Rivers",
        ),
        ("Ann Day, the brusque, tireless mayor, said it was late.", "Ann Day", None, None),
        ("Tom Day, its chief executive, said it was late.", "Tom Day", "chief executive", None),
        ("As GAV director Tom Day spoke, Day said it was late.", "Tom Day", "director", "GAV"),
        ("The prize went to Ann Day. Given Ann Day was late, Day said sorry.", "Ann Day", None, None),
    ],
)
def test_person_or_body_has_its_name_role_and_affiliation(text, name, role, affiliation):
    (holder,) = holders(text)
    assert (holder.name, holder.role, holder.affiliation) == (name, role, affiliation)


def test_first_word_of_a_name_with_a_particle_means_its_bearer():
    (holder,) = holders("Prince Alwaleed Bin Talal tweeted. Alwaleed said no. The prince said it was late.")
    assert holder.aliases == ("Prince Alwaleed Bin Talal", "Alwaleed", "the prince")


def test_connective_is_no_holder():
    assert holders("It rained. Moreover, any firm that says no must pay.") == []


def test_body_with_an_and_is_whole():
    (holder,) = holders("Ann Day, a fellow at the Centre for Strategic and River Studies, said it was late.")
    assert holder.affiliation == "the Centre for Strategic and River Studies"


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Sens. Tom Day and Ada Moss said it was late.", "Sen."),
        ("Gold Star parents Ada Moss and Tom Day said it was late.", None),
        ("Ada Moss, then 44, said it was late.", None),
        ("Ada Moss, a 59-year-old, said it was late.", None),
        ("Unlike Mr. Tom Day, Mr. Ada Moss said it was late.", None),
        ("Ada Moss, director of One Norvale Now, said it was late.", "director of One Norvale Now"),
        ("First lady Ada Moss said it was late.", "First lady"),
    ],
)
def test_role_is_a_whole_role_of_one_person(text, role):
    assert next(holder.role for holder in holders(text) if holder.name.endswith(("Moss", "Day"))) == role


@pytest.mark.parametrize(
    ("text", "affiliation"),
    [
        ("Ada Moss, a spokeswoman for the union, said it was late.", None),
        ("Ada Moss, a pilot with the GOP, said it was late.", None),
        ("Ada Moss, a spokeswoman for the Harbour Trust, said it was late.", "the Harbour Trust"),
        ("The GOP nominee said it was late.", None),
    ],
)
def test_affiliation_is_a_body_with_a_name(text, affiliation):
    assert holders(text)[0].affiliation == affiliation


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ada Reed met voters. Joining Reed said it was late.", ["Ada Reed"]),
        ("TV says it is late.", []),
        ("A different side says it is late.", []),
        ("One-sided news from Gale says it is late.", []),
        ("Norvale Tower says it is late.", []),
        ("Ann Tower says it is late.", ["Ann Tower"]),
        ("The other side says it is late.", ["The other side"]),
    ],
)
def test_words_that_cannot_speak_are_no_holder(text, names):
    assert [holder.name for holder in holders(text)] == names


@pytest.mark.parametrize("name", ["Wells Fargo", "Netflix", "Gale TV", "Verizon"])
def test_firm_is_no_person(name):
    assert [holder.kind for holder in holders(f"{name} said on Monday that it was late.")] == ["organisation"]
