"""Statements that a short view shows: sentences that are clear without the ones around them."""

from functools import partial

import pytest

from summarizer.brief import Holder, HolderKind, Speech
from summarizer.render.clarity import is_clear, is_clear_question, state_clearly
from summarizer.render.quotations import passages

from .conftest import evidence, position

PERSON = Holder(id="H1", name="Anna Berg", kind="person")


def is_clear_for(text: str, kind: HolderKind, speech: Speech) -> bool:
    return is_clear(text, [Holder(id="H1", name="Anna Berg", kind=kind)], speech)


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("rejected the plan of the port on Monday.", "person", True),
        ("has never paid the toll.", "person", True),
        ("mock the new pitch of the club.", "group", True),
        ("only to look at the books of the club.", "person", False),
        ("free to sell the boats — unless the court objects.", "group", False),
        ("himself was delighted by the row over the crane.", "person", False),
        ("reported ten days ago.", "organisation", False),
        ("asked on Twitter.", "person", False),
        ("accused the club of hiding its losses.", "person", True),
        ("a minister whose plan of May failed.", "group", False),
        ("said of the support of the club for the dam.", "person", False),
    ],
)
def test_words_after_the_holder_begin_with_a_finite_verb(text: str, kind: HolderKind, expected: bool) -> None:
    assert is_clear_for(text, kind, "indirect") == expected


@pytest.mark.parametrize(
    ("text", "speech", "expected"),
    [
        ("It is hard to blame one driver for that.", "indirect", False),
        ("Most members agree that a chair should not be able to do that.", "indirect", False),
        ("The club sold the ground, and nobody should be surprised by that.", "indirect", True),
        ("She hopes this forces the board to reconsider.", "indirect", False),
        ("Her office had not yet decided on that key question.", "indirect", False),
        ("rejected that, too.", "indirect", False),
        ("refused to help him do so.", "indirect", False),
        ("railed against it.", "indirect", False),
        ("“We want to ensure that we can put him over the top.”", "direct", False),
        ("“Reed has a point, and we want to put him over the top.”", "direct", True),
        ("“Reed wouldn’t recognize it.”", "direct", False),
        ("“The museum lied, and it knows that.”", "direct", True),
        ("If she wants the vote, Lena Voss should come to Osby.", "indirect", True),
        ("They plan to link him to every club of the league.", "indirect", False),
        ("“It’s going to be a zoo.”", "direct", False),
        ("“You hear that a lot in the town of Osby.”", "direct", False),
        ("“It’s time to close the bridge.”", "direct", True),
    ],
)
def test_each_pronoun_has_its_noun(text: str, speech: Speech, expected: bool) -> None:
    assert is_clear(text, [PERSON], speech) == expected


@pytest.mark.parametrize(
    "text",
    [
        "While the lock was never central, he argued the dam could not be built without it.",
        "In Osby on Monday, Ms. Berg lamented the days when nobody paid.",
        "attacked me from the stage of the club.",
        "“… “The club is speaking to a generation that wants more.””",
        "“Hold up a sign and shout: 'Osby! Osby! Osby!”",
    ],
)
def test_words_of_the_report_in_a_statement_are_unclear(text: str) -> None:
    assert not is_clear(text, [PERSON], "mixed")


def test_question_or_issue_shown_before_a_statement_explains_its_pronouns() -> None:
    assert is_clear("It would ruin him.", [PERSON], "direct", is_answer=True)
    assert is_clear("railed against it.", [PERSON], "indirect", has_issue=True)
    assert not is_clear("It would ruin him.", [PERSON], "direct", has_issue=True)


@pytest.mark.parametrize(
    ("text", "kind", "speech", "expected"),
    [
        ("The toll is far too dear.", "person", "indirect", True),
        ("She would not pay the toll.", "person", "indirect", True),
        ("She would not pay the toll.", "document", "indirect", False),
        ("They would not pay the toll.", "group", "indirect", True),
        ("It will publish the terms in May.", "organisation", "indirect", True),
        ("It will publish the terms in May.", "person", "indirect", False),
        ("It is time to close the bridge.", "person", "direct", True),
        ("“He came in by himself at noon.”", "person", "direct", False),
        ("“Of course. She wanted to run.”", "person", "direct", False),
        ("“… That is why we left the board.”", "person", "direct", False),
        ("It will not.", "organisation", "indirect", False),
        ("has demanded they stop burning coal.", "organisation", "indirect", False),
        ("It was impossible so the town of Osby had to choose.", "person", "indirect", False),
        ("called it a “quiet revolution.”", "person", "mixed", False),
        ("opposes the toll on the bridge.", "person", "indirect", True),
    ],
)
def test_a_pronoun_without_its_noun_makes_a_statement_unclear(
    text: str, kind: HolderKind, speech: Speech, expected: bool
) -> None:
    assert is_clear_for(text, kind, speech) == expected


@pytest.mark.parametrize(
    "text",
    [
        "first reported the story.",
        "had called the hearing.",
        "noted the rule.",
        "considered debt a last resort.",
        "Congress wasn’t entitled to.",
    ],
)
def test_narration_and_cut_clause_are_unclear(text):
    assert not is_clear(text, [PERSON], "indirect")


def state(text: str, sentence: str, speech: Speech = "indirect", holder: Holder = PERSON) -> str | None:
    said = position(1, speech=speech, evidence=(evidence(1, sentence),))
    return state_clearly(said, text, [holder], is_answer=False, has_issue=False)


@pytest.mark.parametrize(
    ("text", "sentence", "speech"),
    [
        ("The dam is safe.", "The dam is safe, Anna Berg said on Monday.", "indirect"),
        ("The dam is safe.", "Anna Berg said that the dam is safe, but Mark Lund had doubts about it.", "indirect"),
        ("In May the dam was safe.", "In May, Anna Berg said, the dam was safe.", "indirect"),
        ("called the dam a “gamble.”", "Anna Berg, who runs the port, called the dam a “gamble.”", "mixed"),
        ("“We will pay. Nobody else will.”", "“We will pay,” said Anna Berg. “Nobody else will.”", "direct"),
    ],
)
def test_whole_clause_is_shown_as_it_is(text: str, sentence: str, speech: Speech) -> None:
    assert state(text, sentence, speech) == text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        # words after the cut belong to the clause
        ("called the plan of the mayor.", "Anna Berg called the plan of the mayor on Sunday “childish.”"),
        ("is now talking about the toll.", "Anna Berg is now talking about the toll - her weak side - in a new way."),
        ("The toll rose until May.", "The toll rose until May, but fell by a tenth in June, Anna Berg said."),
        ("She expects Lund, Reed.", "Anna Berg said she expects Lund, Reed, and the mayor of Osby to pay."),
        ("denounced ideas of Lund and Reed.", "Anna Berg denounced ideas of Lund and Reed (Osby Co.) to sell it."),
        # a negation, a hedge, a time, or a condition before it
        ("The dam is safe.", "Anna Berg did not say that the dam is safe."),
        ("announce the sale of the port.", "Anna Berg is expected to announce the sale of the port."),
        ("The dam was safe.", "Back when she ran the port, Anna Berg argued that the dam was safe."),
        ("respects Mark Lund.", "While saying that she respects Mark Lund, Anna Berg continued to attack the dam."),
        # the end of another clause
        ("The toll came first, stood beside the mayor.",
         "Anna Berg, making it clear that the toll came first, stood beside the mayor."),
        ("had paid the toll but was not asked.",
         "The Osby Post wrote that Anna Berg had paid the toll but was not asked."),
        # the addressee, and words that the article does not have
        ("Desk in a recording that the toll may fall.",
         "Anna Berg told the Osby Post desk in a recording that the toll may fall."),
        ("made a call for “order” in Osby.", "The strike began with the call of Anna Berg for “order” in Osby."),
        ("He was ill.", "Anna Berg said he was ill, but strongly favored the dam."),
        ("On Monday the port called.", "On Monday, Anna Berg disclosed that after the fire, the port called."),
        ("The dam, Tom Reed, says the port, is old.",
         "The dam, Tom Reed, says the port, is old, Anna Berg said, according to Radio Nord."),
        ("“Osby is rich,” presumably meaning the port.", "Anna Berg said “Osby is rich,” presumably meaning the port."),
        ("Critics had a point.", "Anna Berg refused, generally, to concede that critics had a point."),
        ("The port planned to close.", "Anna Berg responded to reports that the port planned to close."),
        # a claim that is only mentioned, or should be made
        ("The dam is safe.", "Many have asked about the claim that the dam is safe, Anna Berg said."),
        ("She is ready.", "Anna Berg has to show that she is ready."),
        # a phrase
        ("With less than half still open.",
         "According to Anna Berg, ten of the docks are old, with less than half still open."),
        # the end of the sentence, which a tag interrupts
        ("The board cut the toll, which fell by ten percent.",
         "The board cut the toll, which fell by ten percent, according to Anna Berg, compared with five in May."),
        ("The dam is safe.", "The dam is safe, Anna Berg said, but it leaks in May."),
        ("The dam is dear.", "Anna Berg said the dam is dear, although it is safe."),
        ("The port agreed to a talk. It will not pay.",
         "The port agreed to a talk, but only to tell Anna Berg it will not pay, she said."),
        # the words of the report before a quotation
        ("The town was angry - “It is a shame.”", "The town was angry - “It is a shame,” Anna Berg said - but paid."),
        ("A ferry of 1926, “We will sail again.”", "Anna Berg said, of a ferry of 1926, “We will sail again.”"),
        # somebody else's clause
        ("The dam is worth a million, and engineers say it leaks.",
         "The dam is worth a million, records show, and engineers say it leaks."),
        # the tag of the report
        ("Radio Nord reports that the toll may rise in May.",
         "Anna Berg noted that Radio Nord reports that the toll may rise in May."),
    ],
)  # fmt: skip
def test_uncertain_cut_gives_the_whole_sentence_as_a_quotation(text: str, sentence: str) -> None:
    quoted = sentence.replace("“", "‘").replace("”", "’")
    assert state(text, sentence, "mixed") == f"As reported: “{quoted}”"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("reported for the year.", "The fees that Anna Berg reported for the year rose."),
        (
            "likened the race to a car crash.",
            "“I see it,” said Tom Reed of Osby, who likened the race to a car crash.",
        ),
        ("considered a rebel, nonetheless pays the toll.", "Anna Berg, a driver considered a rebel, nonetheless pays."),
        ("to back the dam of Osby.", "Anna Berg to back the dam of Osby."),
    ],
)
def test_what_the_holder_does_is_not_shown_unless_it_follows_its_subject(text: str, sentence: str) -> None:
    assert state(text, sentence) is None


@pytest.mark.parametrize("words", ["This deal is a disgrace for Osby.", "This new deal is a disgrace for Osby."])
def test_a_word_of_title_or_gist_explains_this(words: str) -> None:
    said = position(1, speech="direct", evidence=(evidence(1, f"“{words[:-1]},” said Anna Berg."),))
    shown = partial(state_clearly, said, f"“{words}”", [PERSON], is_answer=False, has_issue=False)
    assert shown(topic={"port", "deal"}) == f"“{words}”"
    assert shown(topic={"dam"}) is None


@pytest.mark.parametrize(
    "text",
    [
        'The Osby Line" and other books, his was an early job".',
        "\"I would use the word 'old',\"' \"It is a fine town for us.",
        "declared a need: “Change the port,” said.",
        "Revealed Who Will Pay for the Bridge of Osby.",
        "His policy to cut off the port of Osby.",
        "“Well, thank you so much -.”",
        "“I think we see that across the whole town.”",
        "People like that will never mend the bridge.",
    ],
)
def test_damaged_marks_and_remains_of_a_report_are_unclear(text: str) -> None:
    assert not is_clear(text, [PERSON], "mixed")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who will pay?", True),
        ("Is the mayor of Osby naive or cunning?", True),
        ("It is unclear who will pay for the bridge.", False),
        ("And who can mend the bridge better than me?", False),
        ("And what can be more important than that?", False),
        ("But that booming voice -- is it Reed?", False),
        ("Would they prefer a bridge?", False),
    ],
)
def test_question_is_clear_without_an_earlier_sentence(question: str, expected: bool) -> None:
    assert is_clear_question(question) == expected


def test_quotation_begins_with_its_second_sentence_where_the_first_is_unclear() -> None:
    statement = "It is folly. The port of Osby needs no second crane."
    said = position(1, speech="direct", statement=f"Anna Berg: {statement}")
    evidence_of = (
        evidence(1, "“It is folly,” Anna Berg said."),
        evidence(2, "“The port of Osby needs no second crane.”"),
    )
    texts = list(passages(f"“{statement}”", "direct"))
    assert texts == [f"“{statement}”", "“… The port of Osby needs no second crane.”"]
    shown = [
        state_clearly(
            said.model_copy(update={"evidence": evidence_of}), text, [PERSON], is_answer=False, has_issue=False
        )
        for text in texts
    ]
    assert shown == [None, texts[1]]


@pytest.mark.parametrize(
    "text",
    [
        "“It is folly. But the port needs a crane.”",  # a contrast
        "“It is folly. It will fall.”",
        "“Is it folly? The port needs no crane.”",  # an answer
        "“It is folly. Especially a crane of that size.”",
        "“He called me and said, ‘I am ill. The port is shut today.’”",  # somebody else's words
    ],
)
def test_quotation_does_not_begin_with_a_sentence_that_needs_the_one_before(text: str) -> None:
    assert list(passages(text, "direct")) == [text]


def test_denial_before_a_quotation_is_kept() -> None:
    sentence = "“No,” she said. “The port of Osby will not be sold.”"
    shown = state("“The port of Osby will not be sold.”", sentence, "direct")
    assert shown == "As reported: “‘No,’ she said. ‘The port of Osby will not be sold.’”"


@pytest.mark.parametrize(
    ("text", "sentence", "speech"),
    [
        ("“Nobody in Osby wants those two.”", "“Nobody in Osby wants those two,” said Anna Berg.", "direct"),
        ("In both cases the port paid.", "In both cases, Anna Berg said, the port paid.", "indirect"),
        ("The two are wrong.", "The two are wrong, Anna Berg said.", "indirect"),
        ("“We live in Osby. We came because she asked.”", "“We live in Osby. We came because she asked.”", "direct"),
        ("Voters are rejecting him.", "Voters are rejecting him, the port said.", "indirect"),
        ("Of the rest, ten have paid.", "Of the rest, ten have paid, Anna Berg said.", "indirect"),
        ("opposed the measure.", "Anna Berg opposed the measure.", "indirect"),
        ("“We found a boat with them.”", "“We found a boat with them,” said Anna Berg.", "direct"),
        ("would support the latter.", "Anna Berg would support the latter.", "indirect"),
        ("asked the mayor of Osby.", "Anna Berg asked the mayor of Osby.", "indirect"),
        ("The toll is dear.", "Berg said that before she met then-Sen.", "indirect"),
    ],
)
def test_statement_whose_sentence_needs_another_is_not_shown(text: str, sentence: str, speech: Speech) -> None:
    shown = state(text, sentence, speech, Holder(id="H1", name="Anna Berg", kind="organisation"))
    assert shown is None


def test_pronoun_is_not_the_holder_where_a_man_and_a_woman_are_named() -> None:
    sentence = "Mrs. Berg said on Monday that he had not paid the toll."
    assert state("He had not paid the toll.", sentence) == f"As reported: “{sentence}”"


def test_unnamed_somebody_is_not_shown() -> None:
    somebody = Holder(id="H1", name=None, kind="unnamed")
    text = "The dam of Osby is safe."
    assert state(text, f"{text[:-1]}, somebody said.", holder=somebody) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“The town has to honour this commitment in full.”", False),
        ("“I checked those claims and found nothing at all.”", False),
        ("“The crane was sold on that basis by the port.”", False),
        ("“We heard such claims from the port in May.”", False),
        ("“The derogatory comments had two goals in Osby.”", False),
        ("“The port invoked the same old bargain in May.”", False),
        ("“The port made a commitment, and this commitment holds.”", True),
        ("“The crane broke twice in May. Those failures cost the port a fortune.”", True),
        ("“We hope to finish the bridge this year.”", True),
        ("“The toll helps those who live in Osby.”", True),
        ("“Berg told the board of that harbour deal.”", False),
        ("“The board has heard of that, and Lena Voss wanted to be a part of it.”", False),
    ],
)
def test_demonstrative_needs_its_noun_in_the_statement(text: str, expected: bool) -> None:
    assert is_clear(text, [PERSON], "direct") == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Much is made of the toll.", "Anna Berg believes too much is made of the toll."),
        ("The bridge is old.", "Anna Berg and the board ignore the reality that the bridge is old."),
        ("Found in Osby and location is being hidden.", "Anna Berg, found in Osby and location is being hidden."),
        ("Case that the toll must fall.", "Anna Berg made the case that the toll must fall."),
        ("The toll was kept for a year.", "Anna Berg was frustrated that the toll was kept for a year."),
        ("The bridge is safe.", "The town will wait until Anna Berg has said the bridge is safe."),
    ],
)
def test_governing_words_are_shown_with_their_clause(text: str, sentence: str) -> None:
    assert state(text, sentence) == f"As reported: “{sentence}”"


def test_irony_is_shown_with_its_quotation() -> None:
    shown = state("“The bridge will be fine.”", "“The bridge will be fine,” Anna Berg said jokingly.", "direct")
    assert shown == "As reported: “‘The bridge will be fine,’ Anna Berg said jokingly.”"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("followed the same script as in May.", "The polls that saw a tie and followed the same script as in May."),
        ("accuse the port of secrecy.", "Anna Berg will be unable to accuse the port of secrecy."),
        ("confirmed that she had been.", "Anna Berg confirmed that she had been."),
        ("“He has left.”", "“We have a rich field,” said Anna Berg, who runs the port. “He has left.”"),
        ("“He has left.”", "''He has left,'' said Anna Berg."),
        ("<tweet id=7 The toll must fall.", "<tweet id=7 The toll must fall."),
    ],
)
def test_remains_of_a_clause_and_markup_are_not_shown(text: str, sentence: str) -> None:
    assert state(text, sentence, "direct" if "“" in text else "indirect") is None


@pytest.mark.parametrize(
    ("question", "is_quoted", "expected"),
    [
        ("Will the port pay for the bridge?", True, True),
        ("Who do the boards think runs Osby?", True, False),
        ("Why should the town pay for the bridge?", False, False),
        ("Have you tried to cross the bridge recently?", False, False),
        ("Using the old bridge of Osby?", False, False),
        ("Engineers do not know how many cranes the port has.", False, False),
        ("When the bridge will open remains to be seen.", False, True),
    ],
)
def test_open_question_is_no_argument_and_no_statement(question: str, is_quoted: bool, expected: bool) -> None:
    assert is_clear_question(question, is_quoted=is_quoted) == expected


@pytest.mark.parametrize(
    ("text", "sentence", "speech"),
    [
        # fragments and answers to questions that a view does not show
        ("“But the lock won in May.”", "“But the lock won in May,” said Anna Berg.", "direct"),
        ("“You bet I would go there.”", "“You bet I would go there,” said Anna Berg.", "direct"),
        # a pronoun before its tag means somebody else
        ("His plan could cost the port a year.", "His plan could cost the port a year, said Anna Berg.", "indirect"),
    ],
)
def test_statement_that_leans_on_an_earlier_sentence_is_not_shown(text: str, sentence: str, speech: Speech) -> None:
    assert state(text, sentence, speech) is None


@pytest.mark.parametrize(
    ("text", "sentence", "whole"),
    [
        # the time may be that of the report
        ("The dam was late on Monday at a fair.", "Anna Berg said the dam was late on Monday at a fair, and left.",
         "Anna Berg said the dam was late on Monday at a fair, and left."),
        # the connective of a whole sentence is dropped
        ("And the lock was late.", "But Anna Berg said the dam and the lock was late.",
         "Anna Berg said the dam and the lock was late."),
        # another man stands before the pronoun
        ("He would be a disaster.", "Mark Lund turned against Mr. Reed, saying he would be a disaster.",
         "Mark Lund turned against Mr. Reed, saying he would be a disaster."),
        # a contrast of the article
        ("They wanted the dam, while 95 owners wanted the lock.",
         "Mark Lund said they wanted the dam, while 95 owners wanted the lock.",
         "Mark Lund said they wanted the dam, while 95 owners wanted the lock."),
    ],
)  # fmt: skip
def test_doubtful_end_or_subject_gives_the_whole_sentence(text: str, sentence: str, whole: str) -> None:
    holder = Holder(id="H1", name="Mark Lund" if "Lund" in sentence else "Anna Berg", kind="person")
    assert state(text, sentence, holder=holder) == f"As reported: “{whole}”"
