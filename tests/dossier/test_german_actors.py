"""German offices, bodies and surnames lead to the right actors, and open questions are found."""

import pytest

from summarizer import Article, Dossier, summarize
from summarizer.dossier.mentions import parse_office, sex_of_role

TEXTS = """\
Die Gewerkschaft Pflege und Dienste (GPD) erklärte am Montag, die Klinik müsse bleiben.
Karl Müller, Bürgermeister von Auen, sagte, die Schließung der Klinik sei richtig.
Landrätin Eva Holm eröffnete die Sitzung.
„Ich bin gegen die Schließung der Klinik“, sagte Holm.

Die GPD lehnt die Schließung der Klinik ab.
Die Landrätin sagte, die Klinik in Auen müsse erhalten werden.
Bürgermeister Müller sagte, er bleibe dabei: Die Klinik müsse geschlossen werden.

Die Apothekerin Müller sagte, sie lehne die Schließung der Klinik ab.
Der Bürgermeister erklärte, die Schließung der Klinik sei überfällig.
Frau Holm widersprach: „Die Klinik muss bleiben.“

Die Gewerkschaft Pflege und Dienste erklärte, die Schließung der Klinik sei ein Skandal.
Sabine Müller, Apothekerin in Auen, sagte, die Klinik dürfe nicht geschlossen werden.
Wie viele Betten gehen verloren?
""".split("\n\n")
PEOPLE = {"Karl Müller", "Eva Holm", "Sabine Müller"}


@pytest.fixture(scope="module")
def dossier() -> Dossier:
    articles = [Article.from_text(text, published=f"2026-0{at}-05") for at, text in enumerate(TEXTS, 1)]
    return Dossier(summarize(article, model="builtin") for article in articles)


def test_offices_and_bodies_are_their_actors(dossier: Dossier) -> None:
    names = {actor.name for actor in dossier.actors.values()}
    assert names == {*PEOPLE, "Gewerkschaft Pflege und Dienste"}


def test_stances_of_different_actors_are_not_mixed(dossier: Dossier) -> None:
    issue = next(iter(dossier.issues.values()))
    side_of_closing = {"agrees", "disagrees"}
    found = {dossier.actors[each.actor].name: set() for each in dossier.statements if each.actor}
    for each in dossier.statements:
        if each.actor and each.issue == issue.id:
            found[dossier.actors[each.actor].name].add(each.stance)
    karl, others = found["Karl Müller"] & side_of_closing, found["Eva Holm"] & side_of_closing
    assert len(karl) == len(others) == 1
    assert karl != others
    assert found["Sabine Müller"] & side_of_closing == others


def test_a_german_question_is_open(dossier: Dossier) -> None:
    assert [each.question for each in dossier.questions] == ["Wie viele Betten gehen verloren?"]


@pytest.mark.parametrize(
    ("role", "noun", "sex"),
    [
        ("Gesundheitsministerin", "minister", "f"),
        ("Oberbürgermeister", "mayor", "m"),
        ("Landrätin von Auen", "landrat", "f"),
        ("Sprecher des Verbands", "spokesperson", "m"),
        ("captain", "captain", ""),
        ("foreign minister", "minister", ""),
    ],
)
def test_a_compound_is_an_office(role: str, noun: str, sex: str) -> None:
    assert parse_office(role).noun == noun
    assert sex_of_role(role) == frozenset(sex)


@pytest.mark.parametrize(
    ("sentence", "is_open"),
    [
        ("Offen ist, wer die Kosten trägt.", True),
        ("Wann der Bau beginnt, steht nicht fest.", True),
        ("Was aus dem Altbau wird, sagt das Papier nicht.", True),
        ("Die Tür blieb offen.", False),
        ("Er wusste nicht, dass die Sitzung verlegt war.", False),
        ("Ob die Klinik bleibt, entscheidet der Kreistag im Mai.", False),
    ],
)
def test_words_call_something_open(sentence: str, is_open: bool) -> None:
    text = f"Anna Vogt sagte am Montag, die Maut sei richtig. {sentence}"
    brief = summarize(Article.from_text(text, language="de"), model="builtin")
    assert bool(brief.open_questions) is is_open
