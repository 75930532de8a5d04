"""A holder is somebody who can speak, under one name, with the kind, role and sex that its words tell."""

import pytest

from summarizer.article import Article, read
from summarizer.attribution import analyse


def holders(text):
    """Return the distinct holders of the statements of a text, in order."""
    found = analyse(read(Article.from_text(text))).attributions
    return list({holder.name: holder for each in found for holder in each.holders}.values())


def names(text):
    return [holder.name for holder in holders(text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Tom Bond, 30, of Raleigh, N.C., who was among those polled, said the toll would rise.", "Tom Bond"),
        ("Ann Hill, a baker in Reno, Nevada, who lost her shop, said the flood would return.", "Ann Hill"),
        ("The reporter who broke the story, Ann Hill, said the fund was empty.", "Ann Hill"),
        ("Senate Minority Whip Richard J. Dorn said the bill was dead.", "Richard J. Dorn"),
        ("The farmer who found the coins, Tom Reed, said they had lain under a hedge.", "Tom Reed"),
        ("The Securities and Savings Commission said the fund had lied.", "Securities and Savings Commission"),
        ("The Transport and Warehouse Union said the depot would close.", "Transport and Warehouse Union"),
        ("At the rally, Fox News Sean Hill said the party would win.", "Sean Hill"),
        ("“They voted for it,” York City Public Advocate Trish Lane said.", "Trish Lane"),
        ("Trusting Ann Hill was wrong. Hill said she had lost the keys.", "Ann Hill"),
        ("Reed’s campaign entered Thursday’s debate believing that it would win.", "Reed’s campaign"),
    ],
)
def test_holder_is_the_speaker_and_not_the_words_around(text, name):
    assert names(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "The more politics divides the town, the more voters fear the other side.",
        "Prior to the apology, Mr Reed had made an odd claim. Trump World believes that the plan is dead.",
        "Activists clamoring to block Donald Reed from the ballot say that they will win.",
    ],
)
def test_words_that_cannot_speak_are_no_holder(text):
    assert not {"the more voters", "Prior", "Trump World", "block Donald Reed"}.intersection(names(text))


@pytest.mark.parametrize(
    ("text", "name", "alias"),
    [
        ("The Harbour Press said the bridge had closed. It opens in May, the HP said.", "Harbour Press", "HP"),
        ("Sandra Poe said the count was fair. Sandy Poe said she would not appeal.", "Sandra Poe", "Sandy Poe"),
        ("Helvar Foods said it would cut waste. Helvar said it opposed the levy.", "Helvar Foods", "Helvar"),
        (
            "The plane had flown for SkyHarbour, the airline. SkyHarbour denied that. The airline said it was safe.",
            "SkyHarbour",
            None,
        ),
    ],
)
def test_one_actor_has_one_name(text, name, alias):
    (holder,) = holders(text)
    assert holder.name == name
    assert alias is None or alias in holder.aliases


@pytest.mark.parametrize(
    ("source", "affiliation"),
    [
        ("A New York businessman", None),
        ("The former secretary of state", None),
        ("Democratic Party officials", "Democratic Party"),
        ("Israeli officials", None),
        ("Gale Council’s lawyer", "Gale Council"),
    ],
)
def test_affiliation_of_an_unnamed_source_is_a_body(source, affiliation):
    (holder,) = holders(f"{source} said the plan was dead.")
    assert holder.affiliation == affiliation


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "“Mayor Defies Court,” wrote the Gale Post. The mayor, Ann Court, said it was a lie.",
            ["Gale Post", "Ann Court"],
        ),
        (
            "The Center for Fair Politics said the bill was late. The Center for Rural Politics said it was early.",
            ["Center for Fair Politics", "Center for Rural Politics"],
        ),
        ("Dr Lowe said the valve had failed. Ms Lowe, who runs the plant, said it was old.", ["Dr Lowe", "Ms Lowe"]),
        ("Dr Ann Lowe said the valve had failed. Ms Lowe said it was old. Dr Lowe said it was hers.", ["Ann Lowe"]),
        (
            "Former President Bill Poe met Hillary Poe. Mrs Poe said it was good. President Poe said it was bad.",
            ["Hillary Poe", "Bill Poe"],
        ),
        (
            "The Gale Intelligence Group follows militants. The terrorist group said it had taken the bridge.",
            ["The terrorist group"],
        ),
        (
            "Tom Reed met Ann Day. Reed said the note was wrong. Day met Reed, and the businessman said it was good.",
            ["Tom Reed", "the businessman"],
        ),
        (
            "Casino owner Sam Adel, a fierce supporter of Day, met her. The casino owner said she was kind.",
            ["Sam Adel"],
        ),
        (
            "Ivar Holm said the house was his. His first wife, Runa Holm, has a flat. Mr Holm said it was small.",
            ["Ivar Holm"],
        ),
    ],
)
def test_two_actors_have_two_names(text, found):
    assert names(text) == found


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Florida developer Mel Hart expressed dismay at the plan. Mr Hart said it would fail.", "person"),
        ("Michael Bloomberg said the city was ready.", "person"),
        ("The weir is old, said Indra Nool, the chief executive of PepsiWorks.", "person"),
        ("Germans said the weir was old.", "group"),
        ("Mr Prince said the weir was old.", "person"),
        ("Chief executive Lotte Bregnan dismissed the estimates as guesswork.", "person"),
        ("The Parents' Assembly said it backed the ban.", "organisation"),
        ("The fishermen's cooperative said the barrier had to close.", "organisation"),
        ("A producer for Gale Studios said the show was over.", "unnamed"),
        ("According to his online profile, he had flown since 2004.", "document"),
        ("According to CrowdHarbour, a social analytics tool, posts doubled in May.", "organisation"),
    ],
)
def test_kind_follows_the_noun(text, kind):
    assert [holder.kind for holder in holders(text)] == [kind]


@pytest.mark.parametrize(
    ("source", "role", "affiliation"),
    [
        ("Tom Reed, organiser of a group called Growth for Gale,", "organiser of a group", None),
        ("Eve Ross, a friend of Harbour Trust Director Ann Day,", "friend of Harbour Trust Director Ann Day", None),
        ("Ann Hill, a signal of her support,", None, None),
        ("Governor Hill, Governor Reed,", "Governor", None),
        ("Ann Hill, a teacher in North Gale,", "teacher", None),
        (
            "Ann Hill, a spokesman for House Speaker Tom Reed told the Post,",
            "spokesman for House Speaker Tom Reed",
            None,
        ),
        ("Ann Hill, the mayor’s special envoy,", "mayor’s special envoy", None),
    ],
)
def test_role_is_a_person_noun(source, role, affiliation):
    first = holders(f"{source} said the plan was dead.")[0]
    assert (first.role, first.affiliation) == (role, affiliation)


@pytest.mark.parametrize(
    "opening", ["Unlike", "Beyond", "Poor", "Interestingly", "Curiously", "Say", "Watch", "Wow", "Angry", "Typical"]
)
def test_word_before_a_name_at_the_beginning_of_a_sentence_is_no_part_of_it(opening):
    first = "Anton Blick leads the club. The vote went against Blick."
    assert names(f"{first} {opening} Blick said the vote was lost.") == ["Anton Blick"]
    assert names(f"{first} “{opening} Blick,” she said. Blick said he would stay.")[-1] == "Anton Blick"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Beyond Meat said sales fell. Shares of Beyond Meat fell, and meat got dearer.", "Beyond Meat"),
        ("Sally Reed runs the port. Emily Reed said it was closed.", "Emily Reed"),
        ("Happy Harbour said the fee was high. The charity Happy Harbour met in Leeds.", "Happy Harbour"),
    ],
)
def test_first_word_of_a_name_stays(text, name):
    assert names(text) == [name]


def test_poor_country_has_no_role():
    text = "Officials in Mexico were pleased. Poor Mexico said the wall was high. Say Mexico said so again."
    assert [(holder.name, holder.role) for holder in holders(text)] == [("Mexico", None)]


@pytest.mark.parametrize("paper", ["Washington Post", "Gale Evening Gazette", "Daily Mirror"])
def test_paper_and_the_person_after_it_are_two_names(paper):
    text = f"Anna Crowe visited Leeds. In an interview with the {paper} Crowe said the bridge would be built."
    text += " Crowe said it was late."
    assert [(holder.name, holder.affiliation) for holder in holders(text)] == [("Anna Crowe", None)]


@pytest.mark.parametrize(
    ("office", "name"),
    [
        ("Former Speaker of the House", "Newt Calder"),
        ("Leader of the Senate", "Harlan Brock"),
        ("Secretary of the Treasury", "Odo Lind"),
    ],
)
def test_house_at_the_end_of_an_office_is_no_part_of_a_name(office, name):
    text = f"{office} {name} said the bill was dead."
    assert [(holder.name, holder.role) for holder in holders(text)] == [(name, office)]


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("The Central and East Harbour Coalition said the pact was weak.", "Central and East Harbour Coalition", None),
        ("CBS This Morning said the vote was lost.", "CBS This Morning", None),
        ("USA Today said the hall was shut.", "USA Today", None),
        ("Gale Tonight reported that the hall was shut.", "Gale Tonight", None),
        ("USA TODAY reported that the vote was lost.", "USA TODAY", None),
        ("Politifact said the claim was false.", "Politifact", None),
        ("Silver Ledge reported that banks fell.", "Silver Ledge", None),
        ("According to the website Silver Ledge, gold rose by a tenth.", "Silver Ledge", None),
        ("Silver Ledge fact-checked the speech. Silver Ledge said the claim was false.", "Silver Ledge", None),
        ("Jane Fisk reported that the hall was shut.", "Jane Fisk", "person"),
        ("Ketan Fisk reported that the hall was shut. Fisk said it was cold.", "Ketan Fisk", "person"),
    ],
)
def test_body_has_its_whole_name(text, name, kind):
    assert [(holder.name, holder.kind) for holder in holders(text)] == [(name, kind or "organisation")]


def test_day_after_a_place_is_no_part_of_its_name():
    text = "The talks end in London today. A reporter for USA Today said the hall was empty."
    (reporter,) = holders(text)
    assert (reporter.name, reporter.affiliation) == ("A reporter for USA Today", "USA Today")


@pytest.mark.parametrize("scrap", ["a view echoed by many", "the move reeks of panic", "a bid worth $10 million"])
def test_scrap_of_a_sentence_is_no_role(scrap):
    assert [holder.role for holder in holders(f"Ann Pike, {scrap}, said the port was closed.")][-1:] == [None]


def test_clause_with_a_sum_is_no_part_of_a_name():
    text = "The coal miners’ union invested $10 million, Tom Reed, said it would pay."
    assert "million" not in " ".join(names(text))


@pytest.mark.parametrize("source", ["his body mass index", "her credit average", "the truck story", "a bike story"])
def test_figure_or_subject_of_talk_is_no_holder(source):
    assert names(f"According to {source}, the driver had slept for three hours.") == []


@pytest.mark.parametrize("source", ["the index", "the cover story", "a Times story"])
def test_published_text_is_a_holder(source):
    assert names(f"According to {source}, prices had risen by a tenth.") == [source]


@pytest.mark.parametrize(("place", "name"), [("Vermont", "Ada Pell"), ("Texas", "Tom Crewe"), ("New York", "Eve Moss")])
def test_officer_of_a_place_is_the_one_whose_place_is_given(place, name):
    text = "Sen. Ada Pell of Vermont spoke. Sen. Tom Crewe of Texas was there. Sen. Eve Moss of New York left."
    assert names(f"{text}\n\nThe {place} senator said the banks were too big.") == [name]


def test_officer_of_a_place_that_nobody_has_is_unnamed():
    text = "Sen. Ada Pell of Vermont spoke. Sen. Tom Crewe of Texas was there."
    assert names(f"{text}\n\nThe Ohio senator said the banks were too big.") == ["The Ohio senator"]
