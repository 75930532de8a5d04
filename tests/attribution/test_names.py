"""Names and noun phrases as sources: who is named, and with which role and affiliation."""

import pytest

from summarizer.article import Article
from summarizer.attribution import attributions
from tests.timing import assert_linear

STATEMENT = "the harbour was closed"


def sources(text):
    """Return name, kind, role and affiliation of the holders of the statement in a text."""
    article = Article.from_text(f"Council meets\n\n{text}\n\nThe meeting ended late.")
    return [
        (holder.name, holder.kind, holder.role, holder.affiliation)
        for attribution in attributions(article)
        if STATEMENT in " ".join(article.text[span.start : span.end] for span in attribution.content).lower()
        for holder in attribution.holders
    ]


def names(text):
    return [name for name, *_ in sources(text)]


def tagged(source):
    """Return a statement by a source in four forms of report."""
    capital = source[0].upper() + source[1:]
    return (
        f"{capital} said {STATEMENT}.",
        f"“The harbour was closed,” said {source.rstrip(',')}.",
        f"“The harbour was closed,” {source} said.",
        f"According to {source.rstrip(',')}, {STATEMENT}.",
    )


@pytest.mark.parametrize("form", range(4))
@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("Robert “Bobby” Kane", "Robert “Bobby” Kane"),
        ("Robert (Bobby) Kane", "Robert (Bobby) Kane"),
        ("William Dunne Jr.", "William Dunne Jr."),
        ("Dana Weiss III", "Dana Weiss III"),
        ("Dana Weiss QC", "Dana Weiss"),
        ("J. K. Marlow", "J. K. Marlow"),
        ("John F. Marlow", "John F. Marlow"),
        ("Ludwig van der Heijden", "Ludwig van der Heijden"),
        ("Maria de la Cruz", "Maria de la Cruz"),
        ("Omar al-Noor", "Omar al-Noor"),
        ("Khalid bin Rashid", "Khalid bin Rashid"),
        ("Gabriel d’Arcy", "Gabriel d’Arcy"),
        ("Tim O'Neill", "Tim O'Neill"),
        ("Anne-Marie Smith-Jones", "Anne-Marie Smith-Jones"),
        ("Łukasz Żak", "Łukasz Żak"),
        ("Мария Иванова", "Мария Иванова"),
        ("Will Kerrigan", "Will Kerrigan"),
        ("Drew Hart", "Drew Hart"),
        ("May Hollis", "May Hollis"),
        ("Rose Dunn", "Rose Dunn"),
        ("Jan Kowalski", "Jan Kowalski"),
        ("Hope Ellis", "Hope Ellis"),
        ("Mark Down", "Mark Down"),
        ("Grace Early", "Grace Early"),
        ("Anna Held", "Anna Held"),
        ("Theresa May", "Theresa May"),
        ("Mrs May", "May"),
        ("Tom Judge", "Tom Judge"),
        ("JOAN PIKE", "Joan Pike"),
        ("Sir Ian Holt KBE", "Ian Holt"),
    ],
)
def test_whole_name_is_holder(source, name, form):
    assert names(tagged(source)[form]) == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"Meanwhile Joan Pike said {STATEMENT}.", "Joan Pike"),
        (f"Elsewhere Joan Pike said {STATEMENT}.", "Joan Pike"),
        (f"However Joan Pike said {STATEMENT}.", "Joan Pike"),
        (f"In May Anna Berg said {STATEMENT}.", "Anna Berg"),
        (f"Last April Anna Berg said {STATEMENT}.", "Anna Berg"),
        (f"On 3 May Anna Berg said {STATEMENT}.", "Anna Berg"),
        (f"Will Greece leave? Ann Hill said {STATEMENT}.", "Ann Hill"),
        (f"Doctors Without Borders said {STATEMENT}.", "Doctors Without Borders"),
        (f"Anna Berg said in June that {STATEMENT}.", "Anna Berg"),
        (f"Baker Street Traders said {STATEMENT}.", "Baker Street Traders"),
        (f"American Crossroads said {STATEMENT}.", "American Crossroads"),
        (f"The Centre for River Studies said {STATEMENT}.", "Centre for River Studies"),
        (f"The Duke of York said {STATEMENT}.", "Duke of York"),
        (f"The head of the family said {STATEMENT}.", "The head of the family"),
        (f"Human Rights Watch said {STATEMENT}.", "Human Rights Watch"),
        (f"The University of Leeds said {STATEMENT}.", "University of Leeds"),
        (f"Save the River said {STATEMENT}. Ann Hill of Save the River left.", "Save the River"),
    ],
)
def test_words_around_name_are_no_part_of_it(text, name):
    assert names(text) == [name]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Jimmy Bishop", "Bishop"),
        ("Theresa May", "May"),
        ("William “Bill” Dunne", "Dunne"),
        ("William Dunne Jr.", "Dunne"),
        ("Omar al-Noor", "Al-Noor"),
        ("Ludwig van der Berg", "Van der Berg"),
    ],
)
def test_surname_alone_means_person_named_before(first, second):
    assert names(f"{first} left early. {second} said {STATEMENT}.") == [first]


@pytest.mark.parametrize(
    ("source", "name", "role", "affiliation"),
    [
        ("Priya Nair of Greenpeace", "Priya Nair", None, "Greenpeace"),
        ("Priya Nair of the Harbour Trust", "Priya Nair", None, "the Harbour Trust"),
        ("Tom Lind of Oxford University", "Tom Lind", None, "Oxford University"),
        ("Ann Hill, 47, of Leeds,", "Ann Hill", None, None),
        ("Ann Hill, from the Harbour Trust,", "Ann Hill", None, "the Harbour Trust"),
        ("Ann Hill, 47, director of the Harbour Trust,", "Ann Hill", "director", "the Harbour Trust"),
        ("Ann Hill – director of the Harbour Trust –", "Ann Hill", "director", "the Harbour Trust"),
        ("Ann Hill, president of the Bridge Union, which has 90 members,", "Ann Hill", "president", "the Bridge Union"),
        ("Ann Hill, MP for Leeds North,", "Ann Hill", "MP", "Leeds North"),
        ("Ann Hill, a teacher from Leeds,", "Ann Hill", "teacher", None),
        ("Ann Hill, who succeeded Tom Day as mayor,", "Ann Hill", None, None),
        ("Rep. Tom Lind (D-N.Y.), who chairs the panel,", "Tom Lind", "Rep.", None),
        ("Rep. Tom Lind, D-N.Y.,", "Tom Lind", "Rep.", None),
        ("Del. Ann Holt, D-Newport News, who sat in,", "Ann Holt", "Del.", None),
        ("Ann Hill (pictured), who chairs the board,", "Ann Hill", None, None),
        ("SEN. TOM LIND", "Tom Lind", "SEN.", None),
        ("Cllr. Tom Reed", "Tom Reed", "Cllr.", None),
        ("Engineer Priya Nair", "Priya Nair", "Engineer", None),
        ("Local farmer Tom Reed", "Tom Reed", "Local farmer", None),
        ("Chancellor of the Exchequer Ann Hill", "Ann Hill", "Chancellor of the Exchequer", None),
        ("Secretary of State for Health Ann Hill", "Ann Hill", "Secretary of State for Health", None),
        ("Minister for Women and Equalities Nicky Poole", "Nicky Poole", "Minister for Women and Equalities", None),
        ("Harbour Trust director Tom Day", "Tom Day", "director", "Harbour Trust"),
        ("the Harbour Trust’s director, Tom Day,", "Tom Day", "director", "the Harbour Trust"),
        ("his deputy, Tom Reed,", "Tom Reed", "deputy", None),
        ("Leader of the opposition Ann Hill", "Ann Hill", "Leader of the opposition", None),
        ("Head coach Erin Vale", "Erin Vale", "Head coach", None),
        ("Chief Constable Ann Hill", "Ann Hill", "Chief Constable", None),
        ("Governor-elect Tom Day", "Tom Day", "Governor-elect", None),
        ("NASA scientist Ann Hill", "Ann Hill", "scientist", "NASA"),
        ("Tom Day, a Republican who represents Ohio,", "Tom Day", "Republican", None),
        ("Tom Day, an aide currently working for the Harbour Trust,", "Tom Day", "aide", None),
        ("Tom Day (R-Ohio), chairman of Blue Line,", "Tom Day", "chairman", "Blue Line"),
        ("his deputy — Tom Reed, 54, from Leeds —", "Tom Reed", "deputy", None),
        ("the mayor (Ann Poe)", "Ann Poe", "mayor", None),
        ("Eva Poe’s lawyer, Ann Roth,", "Ann Roth", "lawyer", None),
    ],
)
def test_role_and_affiliation_are_beside_name(source, name, role, affiliation):
    found = sources(f"{source[0].upper()}{source[1:]} said {STATEMENT}.")
    assert [(a, c, d.lower() if d else d) for a, _, c, d in found] == [
        (name, role, affiliation.lower() if affiliation else None)
    ]


@pytest.mark.parametrize(
    "group",
    """
    Critics,Allies,Rivals,Lawyers,Parents,Photos,The family,A friend,Former colleagues,Two aides,Voters in the district
    """.strip().split(","),
)
def test_person_in_description_is_role_of_group_not_its_name(group):
    text = f"{group} of Joan Pike suggested {STATEMENT}. “I did not lie,” Pike said."
    ((name, kind, role, _),) = sources(text)
    assert (name, kind != "person") == (group, True)
    assert role.endswith("of Joan Pike")
    assert attributions(Article.from_text(text))[-1].holders[0].name == "Joan Pike"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("A source close to Joan Pike", "A source"),
        ("A source familiar with Reed’s thinking", "A source"),
        ("The lawyer for actor Tom Day", "The lawyer"),
        ("A friend of the family", "A friend of the family"),
        ("People who know Ann Hill", "People"),
        ("Tom Day’s lawyer", "lawyer"),
        ("One of Tom Day’s friends", "friends"),
        ("Some of Tom Day’s fans", "fans"),
        ("A close friend of Tom Day’s", "A close friend"),
        ("Doctors treating Tom Day", "Doctors"),
        ("Voters who backed Tom Day", "Voters"),
        ("A spokesman for President Tom Day", "A spokesman"),
    ],
)
def test_source_described_by_person_is_another(source, name):
    assert names(f"Tom Day and Mr Reed left. {source} said {STATEMENT}.") == [name]


def test_two_peoples_critics_are_two_groups():
    text = f"Critics of Joan Pike said {STATEMENT}. Critics of Tom Reed said {STATEMENT} too."
    assert {role for *_, role, _ in sources(text)} == {"Critics of Joan Pike", "Critics of Tom Reed"}


@pytest.mark.parametrize("noun", "suspects estimates charges answers demands wonders guards hosts doubts".split())
@pytest.mark.parametrize("determiner", ["the", "his", "the group’s", "the two"])
def test_plural_that_is_also_verb_is_source(noun, determiner):
    assert names(f"“The harbour was closed,” {determiner} {noun} said.") == [f"{determiner} {noun}"]


def test_complements_of_joined_names_hide_neither():
    text = f"Ann Holt of Greenpeace and Tom Reed of the Harbour Trust said {STATEMENT}."
    assert [(name, body) for name, _, _, body in sources(text)] == [
        ("Ann Holt", "Greenpeace"),
        ("Tom Reed", "the Harbour Trust"),
    ]


def test_name_set_off_joins_name_before():
    assert names(f"Ann Hill and her husband, Tom Day, said {STATEMENT}.") == ["Ann Hill", "Tom Day"]


def test_given_name_alone_means_its_one_bearer():
    assert names(f"Anna Berg left. Anna said {STATEMENT}.") == ["Anna Berg"]


def test_handle_means_person_whose_name_it_joins():
    assert names("Anna Berg left.\n\n“The harbour was closed,” @annaberg wrote on X.") == ["Anna Berg"]


@pytest.mark.parametrize(
    "piece",
    [
        "Ann ",
        "Will May Drew ",
        "van der ",
        "Robert “Bobby” ",
        "Minister for ",
        "Critics of Ann ",
        "Ann (Bob) ",
        "D-N.Y. ",
    ],
)
def test_long_runs_take_linear_time(piece):
    def prepare(size):
        text = "The council met.\n\n" + piece * (size // len(piece)) + "said it was late."
        article = Article.from_text(text, language="en")
        return lambda: attributions(article)

    assert_linear(prepare, 5_000)


@pytest.mark.parametrize("title", ["Ms", "Ms.", "Mrs", "Mr", "Dr", "Miss"])
@pytest.mark.parametrize("description", ["a farmer", "who farms", "the mayor"])
def test_a_title_before_a_described_name_is_no_degree(title: str, description: str) -> None:
    (found,) = attributions(Article.from_text(f"The council met.\n\n{title} Ross, {description}, said fares were low."))
    assert [holder.name for holder in found.holders] == ["Ross"]


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Brigadier (retd) Ola Fenn told reporters that the base would close.", "Ola Fenn", "Brigadier"),
        ("“We need ships,” said Lt. Gen. (Ret.) Tom Ruiz.", "Tom Ruiz", "Lt. Gen."),
        ("Col. Jane Wirth (USA, Ret.) said troops should leave.", "Jane Wirth", "Col."),
        ("Prof Ada Blum (emeritus) said the reef was dying.", "Ada Blum", "Prof"),
        ("Capt (retd) Omar Diaz said that the fleet was old.", "Omar Diaz", "Capt"),
    ],
)
def test_status_in_brackets_is_no_part_of_a_name(text: str, name: str, role: str) -> None:
    (found,) = attributions(Article.from_text(text))
    assert [(holder.name, holder.role) for holder in found.holders] == [(name, role)]


LONE = (
    "Zelenskiy said that the harbour was closed.",
    "Zelenskiy also said the harbour was closed.",
    "Zelenskiy has said that the harbour was closed.",
    "Zelenskiy told reporters that the harbour was closed.",
    "Zelenskiy believes that the harbour was closed.",
)


@pytest.mark.parametrize("name", ["Zelenskiy", "Kuleba", "Verhofstadt", "Sunak", "Łukasiewicz"])
@pytest.mark.parametrize("text", LONE)
def test_unknown_word_that_speaks_at_the_beginning_is_a_name(text: str, name: str) -> None:
    assert names(text.replace("Zelenskiy", name)) == [name]


@pytest.mark.parametrize("word", ["Gossip", "Logic", "Tradition", "Custom", "Rumour", "Folklore", "Asked", "Frankly"])
@pytest.mark.parametrize("text", LONE)
def test_other_words_that_speak_at_the_beginning_are_no_names(text: str, word: str) -> None:
    assert not [name for name, kind, *_ in sources(text.replace("Zelenskiy", word)) if kind == "person"]


def test_a_word_that_the_article_has_in_small_letters_is_no_name() -> None:
    assert names("Kuleba said the harbour was closed. The smoked kuleba was good.") == []
