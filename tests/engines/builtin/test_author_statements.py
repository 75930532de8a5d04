"""The built-in engine finds the author's own statements and the issue of an opinion piece."""

from pathlib import Path

import pytest

from summarizer.article import Article, read
from summarizer.attribution import analyse
from summarizer.brief import Holder
from summarizer.engines import BuiltinEngine
from summarizer.verification import Findings

OPINION = """Raise the fuel tax, and give it back
{byline}
Nobody likes a tax. I do not like this one either, and I believe that it should be doubled at once.

Mayor Jon Rook has called the present rate “a fair compromise”; I call it a subsidy for the well-off.

I propose that every crown be returned. Will the council dare? “What are they to do,” he asked, “arrest us?”
"""


def findings_of(text: str) -> Findings:
    reading = read(Article.from_text(text))
    return BuiltinEngine().extract(reading, analyse(reading))


def authors(findings: Findings) -> list[Holder]:
    return [holder for holder in findings.holders if holder.kind == "author"]


def said_by_authors(findings: Findings) -> list[str]:
    ids = {holder.id for holder in authors(findings)}
    return [position.statement for position in findings.positions if ids & {*position.holders}]


def test_first_person_statements_are_the_authors() -> None:
    findings = findings_of(OPINION.format(byline="\nBy Marta Quill\n"))
    assert [holder.name for holder in authors(findings)] == ["Marta Quill"]
    assert "Marta Quill: It should be doubled at once." in said_by_authors(findings)


def test_author_without_a_byline_has_no_name() -> None:
    assert [holder.name for holder in authors(findings_of(OPINION.format(byline="")))] == [None]


def test_statement_that_needs_its_verb_stays_in_the_first_person() -> None:
    statements = said_by_authors(findings_of(OPINION.format(byline="")))
    assert "The author: I call it a subsidy for the well-off." in statements


@pytest.mark.parametrize(
    "text",
    [
        "“I think it is late and I believe it is over,” said Ann Hill.",
        "I think that Ann Hill is late, a neighbour said. Nobody else came.",
        "Ann Hill is an engineer.\n\nQ: Is it late?\n\nA: I think it is.\n\nQ: And now?\n\nA: I believe it is over.",
    ],
)
def test_quotations_answers_and_a_single_remark_make_no_author(text: str) -> None:
    assert authors(findings_of(text)) == []


def test_opinion_pieces_own_view_comes_first(seeds: Path) -> None:
    reading = read(Article.from_file(seeds / "tram-opinion.txt"))
    findings = BuiltinEngine().extract(reading, analyse(reading))
    assert "Hester Quill: It is the most foolish idea" in " ".join(said_by_authors(findings))


@pytest.mark.parametrize(
    ("headline", "proposition"),
    [
        ("Raise the fuel tax, and give it back", "Raise the fuel tax, and give it back."),
        ("Take the tram out of Lantern Street? Over my dead bicycle", "Take the tram out of Lantern Street."),
        ("Lawmakers vote to close the last mine by May", "To close the last mine by May."),
    ],
)
def test_headline_that_argues_or_tells_of_a_vote_is_a_matter_of_policy(headline: str, proposition: str) -> None:
    (issue,) = findings_of(f"{headline}\n\nThe mine is old. Ann Hill said that the council was late again.").issues
    assert (issue.proposition, issue.kind) == (proposition, "policy")


def test_rest_of_a_broken_quotation_is_no_question() -> None:
    asked = [question.question for question in findings_of(OPINION.format(byline="")).open_questions]
    assert asked == ["Will the council dare?"]


def test_unknown_to_the_speaker_is_open_in_either_order() -> None:
    (question,) = findings_of("Ann Hill said: “Whether the fund will pay, I honestly don’t know.”").open_questions
    assert "Whether the fund will pay" in question.question


def test_content_of_a_drawing_is_no_position() -> None:
    findings = findings_of("The plan was shown on Friday. The drawings show a dog, a bench and a fountain.")
    assert findings.positions == ()
