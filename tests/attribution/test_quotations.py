"""Whose is a quotation: tags with any verb, introductions, signatures, gestures, relays, and marks of every kind."""

import pytest

from summarizer import Article, attributions
from summarizer.article import read
from summarizer.attribution import Attribution, analyse

OPENING = "The ferry was late again on Monday, and the council met.\n\n"


def holders_of(text: str, phrase: str) -> list[str]:
    """Return the holders of the contents with ``phrase``, in a text after a first paragraph."""
    return [holder.name for found in statements_with(text, phrase) for holder in found.holders]


def statements_with(text: str, phrase: str) -> list[Attribution]:
    article = Article.from_text(OPENING + text)
    return [
        found
        for found in attributions(article)
        if phrase in " ".join(article.text[span.start : span.end] for span in found.content).replace("\n", " ")
    ]


VERBS = (
    """
fumed|thundered|scoffed|blogged|raged|stormed|maintained|begged|urged|deadpanned|divulged|grinned|shot back|chipped in
hit back|pointed out|blurted out|told reporters|barked|purred|drawled|bristled|spluttered|ventured|quipped|gushed
bellowed|sniffed|murmured|cautioned|countered|chided|griped|tweeted|posted|texted|went on|carried on|put in|spat
""".replace("\n", "|")
    .strip("|")
    .split("|")
)


@pytest.mark.parametrize("verb", VERBS)
def test_any_verb_beside_a_quotation_and_a_name_is_a_tag(verb: str) -> None:
    assert holders_of(f"“It happens to all of us,” {verb} Joan Pike, the baker.", "It happens") == ["Joan Pike"]
    assert holders_of(f"“It happens to all of us,” Joan Pike {verb}.", "It happens") == ["Joan Pike"]
    assert holders_of(f"“Does it happen to all of us?” Joan Pike {verb}.", "Does it happen") == ["Joan Pike"]
    assert holders_of(f"“It happens,” Joan Pike {verb}, “to all of us.”", "to all of us") == ["Joan Pike"]


TAGS = [
    ("“It was a joke of a penalty,” United manager Carl Ode fumed.", "joke", "Carl Ode"),
    ("“It was a joke of a penalty,” fumed United manager Carl Ode.", "joke", "Carl Ode"),
    ("“We are out of money,” Joan Pike, the mayor of Osby, shot back.", "out of money", "Joan Pike"),
    ("Joan Pike left.\n\n“We are out of money,” she wrote in a letter.", "out of money", "Joan Pike"),
    ("“Are we out of money?” Joan Pike told reporters.", "out of money", "Joan Pike"),
    ("“We are out of money,” Joan Pike said with a grin.", "out of money", "Joan Pike"),
    ("“We are out of money,” said with a grin Joan Pike.", "out of money", "Joan Pike"),
    ("“We are out of money,” Joan Pike wearily conceded.", "out of money", "Joan Pike"),
    ("“We are out of money!” the minister thundered.", "out of money", "the minister"),
    ("“We are out of money”, Joan Pike bristled.", "out of money", "Joan Pike"),
    ("“Objection, your honour,” barked Tom Reed, for the defence.", "Objection", "Tom Reed"),
    ("“The genome is half empty,” marvelled Dr Ada Lund, a biologist.", "half empty", "Ada Lund"),
    ("“We lose”said Tom Reed.", "We lose", "Tom Reed"),
    ("“Who will pay?” asked Anna Berg. “Not us!” answered Tom Reed.", "Not us", "Tom Reed"),
    ("“Who will pay?” Anna Berg asked. “Not us.” Tom Reed answered.", "Not us", "Tom Reed"),
    ("“Who will pay?” asked Anna Berg. “Not us!” stormed Tom Reed.", "Not us", "Tom Reed"),
]
INTRODUCTIONS = [
    ("Joan Pike put it bluntly: “We are broke.”", "We are broke", "Joan Pike"),
    ("Tom Reed’s verdict was short: “It will never work.”", "never work", "Tom Reed"),
    ("Tom Reed, a baker, shook his head: “We will fight this.”", "fight this", "Tom Reed"),
    ("Reed, a baker, was in no doubt: “We will fight this,” and he smiled.", "fight this", "Reed"),
    ("The response from Tom Reed: “We will fight this.”", "fight this", "Tom Reed"),
    ("Tom Reed explained:\n\n“We will fight this. It is our street.”", "fight this", "Tom Reed"),
    ("And from Chairwoman Maria Rossi:\n\n“She brings a wealth of experience.”", "wealth", "Maria Rossi"),
    ("A spokesman for the council said:\n\n“We will fight this.\n\n“We will win.”", "We will win", "council"),
    ("In a statement, Tom Reed, chief executive of Acme, said:\n\n“We will fight this.”", "fight this", "Tom Reed"),
    ("Tom Reed had this to say:\n\n“We will fight this.”", "fight this", "Tom Reed"),
    ("Tom Reed said the following.\n\n“We will fight this.”", "fight this", "Tom Reed"),
    ("Tom Reed wrote on X:\n\nWe will fight this in court.\n\nThe council left.", "fight this", "Tom Reed"),
    ("Tom Reed said:\n\n• The bridge must go\n• The road must stay\n\nHe left.", "road must stay", "Tom Reed"),
    ("Rosa Weller, chair: “The board could not have chosen better.”", "chosen better", "Rosa Weller"),
    ("As Rosa Weller put it, “the board was blind.”", "board was blind", "Rosa Weller"),
    ("It was “a blind board,” as Rosa Weller put it.", "blind board", "Rosa Weller"),
    ("The mayor was blunt: “We are broke.”", "We are broke", "mayor"),
    ('Mira Sand was in tears: "We got nothing." Her captain, Jo Hale, agreed.', "got nothing", "Mira Sand"),
    ("Ada Lund was calm. Her colleague Tom Reed’s reply? “Never again.”", "Never again", "Tom Reed"),
    ("Added Peter Grant, the banker: “The tax will hurt.”", "tax will hurt", "Peter Grant"),
]
SIGNATURES = [
    ("“The board could not have chosen better.” — Rosa Weller, chair of the council", "chosen", "Rosa Weller"),
    ("“The board could not have chosen better.”\n— Rosa Weller, chair of the council", "chosen", "Rosa Weller"),
    ("“The board could not have chosen better.”\n\n— Rosa Weller\n\nThe end.", "chosen", "Rosa Weller"),
    ("“The board could not have chosen better.” -Commissioner Rosa Weller", "chosen", "Rosa Weller"),
    ("“The board could not have chosen better.” (Rosa Weller, chair of the council)", "chosen", "Rosa Weller"),
    ("“The board could not have chosen better.”\nRosa Weller, chair of the council", "chosen", "Rosa Weller"),
]
GESTURES = [
    ("Joan Pike shrugged. “It happens to all of us.”", "It happens", "Joan Pike"),
    ("“It happens to all of us.” Joan Pike smiled and turned away.", "It happens", "Joan Pike"),
    ("Asked about the delay, the mayor shrugged. “It happens. I am calm.”", "It happens", "mayor"),
    ("Joan Pike nodded.\n\n“It happens to us all in the end.”", "It happens", "Joan Pike"),
    ("Prof Ada Lund is not convinced. “The sample is tiny, and nobody repeated it.”", "sample", "Ada Lund"),
    ("Ada Lund supports Ann Hill. “The other side has no plan for this town.”", "no plan", "Ada Lund"),
    ("Tom Reed did not hold back.\n\n“This is the worst plan in many years.”", "worst plan", "Tom Reed"),
    ("Coach Carl Ode shook his head. “We were awful.”", "We were awful", "Carl Ode"),
]
MARKS = [
    ("The bridge will stand for years,” said Martin Hale.", "will stand", "Martin Hale"),
    ("“We must sell it all, said Martin Hale.\n\n“Never,” said Joan Pike.", "We must sell", "Martin Hale"),
    ("“We must sell it all, said Martin Hale.\n\n“Never,” said Joan Pike.", "Never", "Joan Pike"),
    ("“We must sell it all ,” said Martin Hale .", "We must sell", "Martin Hale"),
    ('" We must sell it all , " said Martin Hale .', "We must sell", "Martin Hale"),
    ('"“We must sell it all,”" said Martin Hale.', "We must sell", "Martin Hale"),
    ('""We must sell it all,"" said Martin Hale.', "We must sell", "Martin Hale"),
    ('“We must sell it all", said Martin Hale. "We must not”, said Joan Pike.', "must not", "Joan Pike"),
    ("”We must sell it all,” said Martin Hale.", "We must sell", "Martin Hale"),
    ("“We must sell it all,“ said Martin Hale.", "We must sell", "Martin Hale"),
    ("»We must sell it all«, said Martin Hale. »It is old.«", "It is old", "Martin Hale"),
    ("‹We must sell it all›, said Martin Hale.", "We must sell", "Martin Hale"),
    ("„We must sell it all“, said Martin Hale.", "We must sell", "Martin Hale"),
    ("‘We must sell it all,’ said Martin Hale. ‘It’s old.’", "old", "Martin Hale"),
    ("“She said, ‘Go home,’ and I went,” said Joan Pike.", "and I went", "Joan Pike"),
    ('"I will not sell," Hale said, "to a man who called me "a fool"."', "a fool", "Hale"),
    (
        "“Sell,” said Martin Hale. “The bank wants it.\n\nNobody can help us.”\n\nJoan Pike left.",
        "help us",
        "Martin Hale",
    ),
]
RELAYS = [
    ("“The tax will hurt,” the paper quoted Peter Grant as saying.", "tax will hurt", "Peter Grant", "the paper"),
    (
        "The Evening Herald quoted Peter Grant as saying the tax would hurt.",
        "would hurt",
        "Peter Grant",
        "Evening Herald",
    ),
    ("“The tax will hurt,” Mr Grant was quoted by Tass as saying.", "tax will hurt", "Grant", "Tass"),
    ("Peter Grant was quoted as saying by Tass that the tax would hurt.", "tax would hurt", "Peter Grant", "Tass"),
    ("Peter Grant told the BBC that the tax would hurt.", "tax would hurt", "Peter Grant", "BBC"),
    ("“The tax will hurt,” Peter Grant said, as quoted by Tass.", "tax will hurt", "Peter Grant", "Tass"),
    ("Peter Grant, speaking to Reuters, said the tax would hurt.", "tax would hurt", "Peter Grant", "Reuters"),
    ("In remarks carried by Tass, Peter Grant said the tax would hurt.", "tax would hurt", "Peter Grant", "Tass"),
    ("Tass quoted the minister, Ali Noor, as saying: “We will answer.”", "We will answer", "Ali Noor", "Tass"),
    ("“They will pay,” the agency said, citing Mr Noor.", "They will pay", "Noor", "the agency"),
    ("Peter Grant told reporters that the tax would hurt.", "tax would hurt", "Peter Grant", ""),
    ("Peter Grant is reported to have said that the tax would hurt.", "tax would hurt", "Peter Grant", ""),
    ("It was argued by Peter Grant that the tax would hurt.", "tax would hurt", "Peter Grant", ""),
]


@pytest.mark.parametrize(
    ("text", "phrase", "holder"), [*TAGS, *INTRODUCTIONS, *SIGNATURES, *GESTURES, *MARKS], ids=lambda value: value[:40]
)
def test_quotation_belongs_to_the_named_speaker(text: str, phrase: str, holder: str) -> None:
    found = holders_of(text, phrase)
    assert len(found) == 1
    assert holder in found[0]


@pytest.mark.parametrize(("text", "phrase", "holder", "reporter"), RELAYS)
def test_relayed_statement_belongs_to_the_person_quoted(text: str, phrase: str, holder: str, reporter: str) -> None:
    (found,) = statements_with(text, phrase)
    assert [each.name for each in found.holders] == [holder]
    assert [each.name for each in found.reported_by] == ([reporter] if reporter else [])


NOBODYS = [
    "He starred in “Dark Day,” directed by Ann Lee.",
    "“Frozen,” the hit film, opened Friday.",
    "“Dark Day,” set in Paris, opened Friday.",
    "In “The Bridge of Sighs,” Joan Pike plays a nurse.",
    "The song “Never Again,” released Friday, is her best.",
    "Her book, “A Long Way Home,” won Joan Pike a prize.",
    "The “green wall” Tom Reed built fell.",
    "The “experts” Joan Pike hired left.",
    "The results were clear: “yes” won.",
    "The question is simple: “Who pays for it?”",
    "The sale was a “disaster.” Joan Pike lives in Osby.",
    "The plan is dead. “No cars beyond this point after ten at night.”",
    "Chapter one: “The road to Osby”.",
    "The list has “Hamlet,” “Macbeth,” and “Othello,” Monday’s play.",
]


@pytest.mark.parametrize("text", NOBODYS)
def test_title_or_scare_quote_belongs_to_nobody(text: str) -> None:
    assert not [holder for found in attributions(Article.from_text(OPENING + text)) for holder in found.holders]


def test_reporting_body_is_left_out_of_the_statements() -> None:
    text = OPENING + "Reuters reported that Joan Pike had said the talks were over."
    statements = analyse(read(Article.from_text(text))).statements
    assert [[holder.name for holder in found.holders] for found in statements] == [["Joan Pike"]]
    assert [[body.name for body in found.reported_by] for found in statements] == [["Reuters"]]
