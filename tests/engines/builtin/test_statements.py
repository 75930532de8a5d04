"""Statements of the built-in engine: sentences in the article's words, without words of the report."""

import pytest

from summarizer.brief import Position
from summarizer.engines.builtin.clauses import is_clause
from tests.engines.builtin.test_engine import positions_of


def statements_of(sentence: str) -> list[str]:
    positions: list[Position] = positions_of(f"{sentence} It rained on Monday.")
    return [position.statement for position in positions]


@pytest.mark.parametrize(
    ("sentence", "statement"),
    [
        # a noun phrase needs its verb
        ("Brewers predict between two and four more price rises next year.",
         "Brewers predict between two and four more price rises next year."),
        ("The coach lamented the “tired” state of the squad and criticised the pitch.",
         "The coach lamented the “tired” state of the squad and criticised the pitch."),
        ("Lena Voss suggested that the harbour board be sold and defended the crane.",
         "Lena Voss suggested that the harbour board be sold and defended the crane."),
        ("Lena Voss promised to “be a voice for the islands” if elected.",
         "Lena Voss promised to “be a voice for the islands” if elected."),
        # a wish is no forecast
        ("Hanna Weiss hopes the town does not repeat its mistake.",
         "Hanna Weiss hopes the town does not repeat its mistake."),
        ("The brewers fear that the port will close.", "The brewers fear that the port will close."),
        # "said" takes a clause, also one whose verb is not known
        ("A former trainer said keeper Olga Hart put fame over training.", "Keeper Olga Hart put fame over training."),
        # the report goes on after the statement
        ("Tom Reed said he would say “a prayer” for the club but did not say it would stay up.",
         "Tom Reed: He would say “a prayer” for the club."),
        ("Tom Reed said nobody would “get hurt” at the match, a reference to the fights of May.",
         "Nobody would “get hurt” at the match."),
        ("Tom Reed accused the museum of hiding its losses while Hanna Weiss calls the books sound.",
         "Tom Reed accused the museum of hiding its losses."),
        ("While Tom Reed said the pumps were safe, both neighbours and engineers had doubts.", "The pumps were safe."),
        ("When Tom Reed criticised a local doctor, the nurses were outraged.", "Tom Reed criticised a local doctor."),
        ("Tom Reed said she was going to vote for the lock - essentially admitting that the dam is dead.",
         "Tom Reed: She was going to vote for the lock."),
        # a tag within the statement
        ("The lock has struck rock near Osby, according to Hanna Weiss, another former engineer of the canal.",
         "The lock has struck rock near Osby."),
        ("At the heart of the trouble, according to Hanna Weiss, a former engineer, was a choice of the board.",
         "At the heart of the trouble was a choice of the board."),
        ("The toll will fall, Hanna Weiss said, if the town pays.", "The toll will fall if the town pays."),
        ("“The risk,” said Hanna Weiss, “is that the pier falls.”", "The risk is that the pier falls."),
        ("“If it rains,” said Hanna Weiss, “we close the lock.”", "If it rains, we close the lock."),
        # the dateline, and "that" before a noun
        ("Osby (AFP) – The lock is dear, Hanna Weiss said.", "The lock is dear."),
        ("Hanna Weiss said that accord should hold.", "Hanna Weiss: That accord should hold."),
        ("Hanna Weiss said that trade is one cause among many.", "Trade is one cause among many."),
        ("Hanna Weiss said that people should vote.", "People should vote."),
        # two clauses with "that", and the addressee
        ("Hanna Weiss said that the odds were low, and that Danes should worry about the roads.",
         "The odds were low, and Danes should worry about the roads."),
        ("Hanna Weiss told channel Nord TV that “the driver fired at the crowd.”", "The driver fired at the crowd."),
        # markup of pages
        ("Hanna Weiss said the photo breaks the rules of the club pic.twitter.com/CYeow<tweet/>.",
         "The photo breaks the rules of the club."),
    ],
)  # fmt: skip
def test_statement_is_a_sentence_of_its_holder_alone(sentence: str, statement: str) -> None:
    found = statements_of(sentence)
    assert statement.replace("“", '"').replace("”", '"') in [each.replace("“", '"').replace("”", '"') for each in found]


@pytest.mark.parametrize(
    "sentence",
    [
        "The club was hoping to pick up points in leagues that award points on goals.",
        "Mark Lund would draw on it again and repeated that point in his talk last week.",
        "The museum bought boats that curators hoped would draw visitors.",
        "Rita Lund wrote a letter telling her to leave her “retreat in the hills” and visit the town.",
    ],
)
def test_words_without_a_clause_are_no_statement(sentence: str) -> None:
    assert not any(
        "ward points" in each or "would draw" in each or each.startswith(("“Retreat", "Retreat"))
        for each in statements_of(sentence)
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("The board raised the toll", True),
        ("Officers will wear cameras", True),
        ("The bridge needs repair", True),
        ("The contest suits the island", True),
        ("Now the court is looking into whether the mayor was guilty", True),
        ("The rising cost of rent is partly because of the port", True),
        ("The process of a contested election", False),
        ("Between two and four more rate rises next year", False),
        ("In an interview in late May", False),
        ("Some plagiarism even as he defended the singer", False),
        ("The actions of Jon Berg, who shot and wounded a guard in 1981", False),
        ("Four votes for the dam, a result which drew murmurs", False),
        ("Anna Berg leading by two points", False),
    ],
)
def test_clause_has_a_subject_and_its_verb(words: str, expected: bool) -> None:
    assert is_clause(words) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Why had Tom Reed said that the lock was safe?",
        "A band called Low Tide got the crowd to dance for “Mayor Tom Reed.”",
        "Minutes later, the crowd said it was late. The Ohio senator said that the lock was safe. Tom Reed slept.",
    ],
)
def test_question_name_or_unresolved_description_is_no_position(sentence: str) -> None:
    assert not [each for each in statements_of(sentence) if "lock" in each or "Tide" in each]


@pytest.mark.parametrize(
    ("sentence", "statement"),
    [
        ("If the sluice fails, Tom Reed said, the port will close.", "If the sluice fails, the port will close."),
        ("“As mayor,” said Tom Reed, “I will close the lock.”", "As mayor, I will close the lock."),
    ],
)
def test_comma_before_a_dropped_tag_is_kept(sentence: str, statement: str) -> None:
    assert statement in statements_of(sentence)
