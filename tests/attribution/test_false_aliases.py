"""A description or a title is an alias only of somebody whom it can mean."""

import pytest

from summarizer import summarize


def aliases(text):
    brief = summarize(text, model="builtin")
    return {holder.name: {alias.lower() for alias in holder.aliases} for holder in brief.holders}


_PLANT = "\n\n“The plant is old and dear,” {} said on Monday. The plant was built in 1950."


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("Gov. Ann Hill of Ohio said the dam was safe. She toured it.", "the Indiana governor"),
        ("Keith Hart, director of the Budget Office, said the debt was growing.", "the FBI director"),
        ("Helen Moss said the tax was unfair. Ms. Moss toured the plant.", "the New York businessman"),
        ("Democratic front-runner Ada Moss said the tax was unfair.", "the GOP front-runner"),
        ("Former Gov. Tom Reed said the tax was unfair. Reed toured the plant.", "the governor"),
        ("Texas Sen. Tom Crewe said the tax was unfair. Crewe toured the plant.", "the Utah senator"),
        ("Tom Crewe said the tax was unfair. Crewe met Utah Sen. Ada Pell.", "the Utah senator"),
    ],
)
def test_description_with_a_name_of_another_is_no_alias(text, description):
    found = aliases(text + _PLANT.format(description))
    assert not any(description.lower() in forms for name, forms in found.items() if name in text and "Pell" not in name)


@pytest.mark.parametrize(
    ("text", "description", "name"),
    [
        ("Republican nominee Tom Reed said the tax was unfair.", "the GOP nominee", "Tom Reed"),
        ("Sen. Ada Moss, I-Vt., said the tax was unfair. The town met.", "the Vermont senator", "Ada Moss"),
        ("Sen. Ada Moss (D-Nev.) said the tax was unfair. The town met.", "the Nevada senator", "Ada Moss"),
        ("Ada Moss, the state tax commissioner, said it was unfair.", "the tax commissioner", "Ada Moss"),
        ("Texas Sen. Tom Crewe said the tax was unfair.", "the Texas senator", "Tom Crewe"),
    ],
)
def test_description_that_the_article_gives_to_somebody_is_an_alias(text, description, name):
    assert description.lower() in aliases(text + _PLANT.format(description))[name]


@pytest.mark.parametrize("wife", ["First lady Carol Lund", "The mayor's wife, Carol Lund,"])
@pytest.mark.parametrize("title", ["President", "Governor"])
def test_title_and_surname_do_not_mean_the_spouse(wife, title):
    found = aliases(f"{wife} said the plant was old.\n\n{title} Lund said the tax was wrong.")
    assert found == {"Carol Lund": set(), "Lund": {f"{title.lower()} lund"}}


def test_title_and_surname_mean_the_bearer_without_another_office():
    text = (
        "Former President Bill Lund and his wife, Carol Lund, toured the plant. Carol Lund said it was old.\n\n"
        "Bill Lund said it was late. Secretary Lund said the tax was unfair. President Lund said it was wrong."
    )
    found = aliases(text)
    assert "secretary lund" in found["Carol Lund"]
    assert "president lund" in found["Bill Lund"]


@pytest.mark.parametrize(
    ("described", "named"),
    [
        ("A French president", "President Tom Day"),
        ("An FSA director", "Tom Day, director of the Harbour Trust,"),
        ("A Texas governor", "Ohio Gov. Tom Day"),
    ],
)
def test_person_of_another_body_is_not_the_one_described_in_the_lead(described, named):
    found = aliases(f"{described} said the tax was unfair.\n\n{named} said on Monday that it was late.")
    assert len(found) == 2
    assert not any(described.split(maxsplit=1)[1].lower() in form for form in found["Tom Day"])


@pytest.mark.parametrize("first", ["A web video", "A new ad", "A clip", "A new commercial"])
@pytest.mark.parametrize("later", ["The ad", "The spot", "The video", "The clip"])
def test_document_keeps_its_holder_under_another_noun(first, later):
    found = aliases(f"The race is close. {first} says the mayor wasted money.\n\n{later} says the bridge is unsafe.")
    assert list(found) == [first]
